// The journal store on every database.

#include "gateway/journal_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gateway/contact_workflow.h"
#include "gateway/step_failures.h"
#include "gateway/test_contacts.h"
#include "google/protobuf/util/time_util.h"
#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"

namespace asc::gateway {
namespace {

using asc::testing::IsOk;
using asc::testing::StatusIs;
using google::protobuf::util::TimeUtil;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class JournalStoreTest : public asc::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_THAT(database().Migrate(JournalStore::Migrations()), IsOk());
  }

  static Journal Sample(const std::string& contact_id, const std::string& authority = "rotherham",
                        absl::Time now = TestNow()) {
    auto request = TestRequest();
    request.set_authority(authority);
    v1::GatewayPolicy policy;
    policy.add_steps(v1::STEP_KIND_SAFEGUARDING);
    policy.add_steps(v1::STEP_KIND_ROUTE);
    Journal journal = Opened(request, contact_id, "somebody", policy, {}, now);
    v1::Action action;
    action.set_action_id("T1-pass-on");
    action.set_rule_id("T1");
    action.set_text("Pass it on.");
    action.set_state(v1::ACTION_STATE_OPEN);
    *action.mutable_due_at() = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(now));
    journal.actions.push_back(action);
    journal.lease = Lease{"here", 1, absl::ToUnixMicros(now + absl::Seconds(20))};
    return journal;
  }

  db::WriteOutcome Write(db::WriteSet writes) {
    return database().WriteAndWait(std::move(writes)).outcome;
  }

  absl::StatusOr<Journal> Load(const std::string& contact_id,
                               const std::string& authority = "rotherham") {
    auto reader = database().Read();
    if (!reader.ok()) return reader.status();
    return store_.Load(**reader, authority, contact_id);
  }

  std::vector<std::string> List(const ContactFilter& filter, const ListPosition& after = {},
                                const std::string& authority = "rotherham") {
    auto reader = database().Read();
    if (!reader.ok()) return {reader.status().ToString()};
    const auto rows = store_.List(**reader, authority, filter, after, 10);
    if (!rows.ok()) return {rows.status().ToString()};
    std::vector<std::string> ids;
    for (const auto& row : *rows) ids.push_back(row.contact_id());
    return ids;
  }

  JournalStore store_{db::BlindIndex::Development()};
};

INSTANTIATE_TEST_SUITE_P(Databases, JournalStoreTest, asc::testing::AllDatabases(),
                         asc::testing::DatabaseName);

TEST_P(JournalStoreTest, ReadsWhatWasWritten) {
  const Journal journal = Sample("contact-1");
  ASSERT_EQ(Write(store_.Add(journal, "request-0001")), db::WriteOutcome::kCommitted);
  const auto found = Load("contact-1");
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->contact.summary(), "Invented.");
  EXPECT_EQ(found->contact.version(), 1);
  EXPECT_EQ(found->contact.status(), v1::CONTACT_STATUS_IN_PROGRESS);
  EXPECT_EQ(found->lease, journal.lease);
  ASSERT_EQ(found->steps.size(), 2u);
  EXPECT_EQ(found->steps[1].SerializeAsString(), journal.steps[1].SerializeAsString());
  ASSERT_EQ(found->actions.size(), 1u);
}

TEST_P(JournalStoreTest, HidesAContactFromOtherAuthorities) {
  ASSERT_EQ(Write(store_.Add(Sample("contact-1"), "r")), db::WriteOutcome::kCommitted);
  EXPECT_THAT(Load("contact-1", "wakefield"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Load("Contact-1"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(List({}, {}, "wakefield"), IsEmpty());
}

TEST_P(JournalStoreTest, WritesTheDifferenceOnce) {
  const Journal before = Sample("contact-1");
  ASSERT_EQ(Write(store_.Add(before, "r")), db::WriteOutcome::kCommitted);
  Journal after = before;
  after.steps[1].set_state(v1::STEP_STATE_DONE);
  after.actions[0].set_state(v1::ACTION_STATE_DONE);
  after.contact.set_version(2);
  after.lease = Lease{"here", 2, 0};
  ASSERT_EQ(Write(store_.Change(before, after, "contact.step_recorded", "")),
            db::WriteOutcome::kCommitted);
  const auto found = Load("contact-1");
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->steps[1].state(), v1::STEP_STATE_DONE);
  EXPECT_EQ(found->actions[0].state(), v1::ACTION_STATE_DONE);
  EXPECT_EQ(found->lease, after.lease);
  EXPECT_EQ(Write(store_.Change(before, after, "contact.step_recorded", "")),
            db::WriteOutcome::kStale);
}

TEST_P(JournalStoreTest, FencesAWriterWhoLostTheLease) {
  const Journal before = Sample("contact-1");
  ASSERT_EQ(Write(store_.Add(before, "r")), db::WriteOutcome::kCommitted);
  const Work seen{"rotherham", "contact-1", before.lease};
  ASSERT_EQ(Write(JournalStore::Take(seen, Lease{"there", 2, 99})), db::WriteOutcome::kCommitted);
  EXPECT_EQ(Write(JournalStore::Take(seen, Lease{"third", 2, 99})), db::WriteOutcome::kStale);
  Journal after = before;
  after.contact.set_version(2);
  EXPECT_EQ(Write(store_.Change(before, after, "contact.step_recorded", "")),
            db::WriteOutcome::kStale);
  EXPECT_EQ(Write(store_.Retry(before, after)), db::WriteOutcome::kStale);
}

TEST_P(JournalStoreTest, AnAttemptMakesNoNewVersion) {
  const Journal before = Sample("contact-1");
  ASSERT_EQ(Write(store_.Add(before, "r")), db::WriteOutcome::kCommitted);
  Journal after = before;
  after.steps[1] = Failed(before.steps[1], absl::UnavailableError("down"), TestNow(), 0.5);
  after.lease = Lease{"here", 2, 77};
  ASSERT_EQ(Write(store_.Retry(before, after)), db::WriteOutcome::kCommitted);
  const auto found = Load("contact-1");
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->contact.version(), 1);
  EXPECT_EQ(found->steps[1].attempts(), 1);
}

TEST_P(JournalStoreTest, FindsWhatIsDueTheLongestWaitingFirst) {
  for (const auto& [contact_id, at] :
       std::vector<std::pair<std::string, std::int64_t>>{{"b", 20}, {"a", 10}, {"c", 30}}) {
    Journal journal = Sample(contact_id);
    journal.lease.run_at_us = at;
    ASSERT_EQ(Write(store_.Add(journal, "r")), db::WriteOutcome::kCommitted);
  }
  Journal done = Sample("d");
  done.lease.run_at_us = 0;
  ASSERT_EQ(Write(store_.Add(done, "r")), db::WriteOutcome::kCommitted);
  auto reader = database().Read();
  ASSERT_THAT(reader, IsOk());
  const auto due = JournalStore::Due(**reader, absl::FromUnixMicros(20), 10);
  ASSERT_THAT(due, IsOk());
  ASSERT_EQ(due->size(), 2u);
  EXPECT_EQ((*due)[0].contact_id, "a");
  EXPECT_EQ((*due)[1].contact_id, "b");
  const auto left = JournalStore::LeftBehind(**reader, "here", 10);
  ASSERT_THAT(left, IsOk());
  EXPECT_EQ(left->size(), 3u);
  EXPECT_THAT(*JournalStore::LeftBehind(**reader, "elsewhere", 10), IsEmpty());
}

TEST_P(JournalStoreTest, ListsNewestFirstAndContinues) {
  for (int at = 1; at <= 3; ++at) {
    ASSERT_EQ(
        Write(store_.Add(
            Sample("c" + std::to_string(at), "rotherham", TestNow() + absl::Seconds(at / 2)), "r")),
        db::WriteOutcome::kCommitted);
  }
  EXPECT_THAT(List({}), ElementsAre("c3", "c2", "c1"));
  const auto at = absl::ToUnixMicros(TestNow() + absl::Seconds(1));
  EXPECT_THAT(List({}, {at, "c3", ""}), ElementsAre("c2", "c1"));
  EXPECT_THAT(List({}, {at, "c2", ""}), ElementsAre("c1"));
}

TEST_P(JournalStoreTest, ListsByStatusAndByPerson) {
  ASSERT_EQ(Write(store_.Add(Sample("c1"), "r")), db::WriteOutcome::kCommitted);
  Journal done = Sample("c2");
  done.contact.set_status(v1::CONTACT_STATUS_COMPLETED);
  done.contact.mutable_person()->set_person_id("person-2");
  ASSERT_EQ(Write(store_.Add(done, "r")), db::WriteOutcome::kCommitted);
  EXPECT_THAT(List({.status = v1::CONTACT_STATUS_COMPLETED}), ElementsAre("c2"));
  EXPECT_THAT(List({.person_id = "person-1"}), ElementsAre("c1"));
  EXPECT_THAT(List({.status = v1::CONTACT_STATUS_COMPLETED, .person_id = "person-1"}), IsEmpty());
}

TEST_P(JournalStoreTest, ListsOpenActionsThatAreDue) {
  Journal open = Sample("c1");
  ASSERT_EQ(Write(store_.Add(open, "r")), db::WriteOutcome::kCommitted);
  Journal closed = Sample("c2");
  closed.actions[0].set_state(v1::ACTION_STATE_DONE);
  ASSERT_EQ(Write(store_.Add(closed, "r")), db::WriteOutcome::kCommitted);
  auto reader = database().Read();
  ASSERT_THAT(reader, IsOk());
  const auto early =
      JournalStore::ListDue(**reader, "rotherham", TestNow() - absl::Seconds(1), {}, 10);
  EXPECT_THAT(*early, IsEmpty());
  const auto due = JournalStore::ListDue(**reader, "rotherham", TestNow(), {}, 10);
  ASSERT_THAT(due, IsOk());
  ASSERT_EQ(due->size(), 1u);
  EXPECT_EQ((*due)[0].item.record_id(), "c1");
  EXPECT_EQ((*due)[0].item.kind(), "T1-pass-on");
  EXPECT_THAT(*JournalStore::ListDue(**reader, "rotherham", TestNow(), (*due)[0].position, 10),
              IsEmpty());
}

}  // namespace
}  // namespace asc::gateway
