// The store, on every database.

#include "advocacy-svc/advocacy_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "google/protobuf/util/message_differencer.h"
#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"

namespace asc::advocacy {
namespace {

using ::asc::testing::AllDatabases;
using ::asc::testing::DatabaseName;
using ::asc::testing::IsOk;
using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::AdvocacyNeed NewNeed(const std::string& id, std::int64_t created_at_s = 1000) {
  v1::AdvocacyNeed need;
  need.set_advocacy_need_id(id);
  need.set_version(1);
  need.set_state(v1::ADVOCACY_NEED_STATE_TO_REFER);
  need.mutable_person()->set_person_id("person-1");
  need.set_contact_id("contact-1");
  need.mutable_created_at()->set_seconds(created_at_s);
  return need;
}

class AdvocacyStoreTest : public ::asc::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_THAT(database().Migrate(AdvocacySchema()), IsOk());
  }

  db::WriteOutcome Add(const v1::AdvocacyNeed& need, const std::string& authority = "rotherham") {
    db::WriteSet writes;
    store_.AddNeed(authority, need, writes);
    return database().WriteAndWait(std::move(writes)).outcome;
  }
  db::WriteOutcome Change(const v1::AdvocacyNeed& need) {
    db::WriteSet writes;
    store_.ChangeNeed("rotherham", need, writes);
    return database().WriteAndWait(std::move(writes)).outcome;
  }
  std::optional<v1::AdvocacyNeed> Find(const std::string& id,
                                       const std::string& authority = "rotherham") {
    const auto reader = database().Read();
    auto found = store_.FindNeed(**reader, authority, id);
    EXPECT_THAT(found, IsOk());
    return *std::move(found);
  }
  std::vector<std::string> OpenNeedsOf(const std::string& person_id,
                                       const std::string& authority = "rotherham") {
    const auto reader = database().Read();
    const auto found = store_.OpenNeedsOf(**reader, authority, person_id);
    EXPECT_THAT(found, IsOk());
    std::vector<std::string> ids;
    for (const auto& need : *found) ids.push_back(need.advocacy_need_id());
    return ids;
  }

  AdvocacyStore store_;
};

TEST_P(AdvocacyStoreTest, GivesBackTheWholeRecord) {
  v1::AdvocacyNeed need = NewNeed("n-1");
  need.mutable_person()->set_full_name("Zo\xC3\xAB \xF0\x9F\x91\xB5");
  need.mutable_decision()->add_reasons()->set_rule_id("A1");
  ASSERT_EQ(Add(need), db::WriteOutcome::kCommitted);
  ASSERT_TRUE(Find("n-1").has_value());
  EXPECT_TRUE(MessageDifferencer::Equals(*Find("n-1"), need));
}

TEST_P(AdvocacyStoreTest, IdsThatDifferOnlyByCaseOrSpaceAreDifferentRecords) {
  ASSERT_EQ(Add(NewNeed("Need-A")), db::WriteOutcome::kCommitted);
  for (const char* other : {"need-a", "Need-A ", "Need-"}) {
    EXPECT_FALSE(Find(other).has_value()) << other;
  }
}

TEST_P(AdvocacyStoreTest, AnotherAuthoritySeesNothing) {
  ASSERT_EQ(Add(NewNeed("n-1")), db::WriteOutcome::kCommitted);
  EXPECT_FALSE(Find("n-1", "wakefield").has_value());
  EXPECT_THAT(OpenNeedsOf("person-1", "wakefield"), IsEmpty());
  EXPECT_EQ(Add(NewNeed("n-1"), "wakefield"), db::WriteOutcome::kCommitted);
}

TEST_P(AdvocacyStoreTest, TheSameIdCannotBeUsedTwice) {
  ASSERT_EQ(Add(NewNeed("n-1")), db::WriteOutcome::kCommitted);
  EXPECT_EQ(Add(NewNeed("n-1", 2000)), db::WriteOutcome::kDuplicate);
}

TEST_P(AdvocacyStoreTest, ChangesARecordOnlyFromTheVersionBefore) {
  v1::AdvocacyNeed need = NewNeed("n-1");
  ASSERT_EQ(Add(need), db::WriteOutcome::kCommitted);
  need.set_version(2);
  need.set_state(v1::ADVOCACY_NEED_STATE_IN_PLACE);
  EXPECT_EQ(Change(need), db::WriteOutcome::kCommitted);
  EXPECT_EQ(Change(need), db::WriteOutcome::kStale);
  EXPECT_EQ(Find("n-1")->state(), v1::ADVOCACY_NEED_STATE_IN_PLACE);
}

TEST_P(AdvocacyStoreTest, ListsAPersonsRecordsThatAreNotClosedNewestFirst) {
  ASSERT_EQ(Add(NewNeed("n-1", 1000)), db::WriteOutcome::kCommitted);
  ASSERT_EQ(Add(NewNeed("n-3", 2000)), db::WriteOutcome::kCommitted);
  ASSERT_EQ(Add(NewNeed("n-2", 2000)), db::WriteOutcome::kCommitted);
  v1::AdvocacyNeed closed = NewNeed("n-4", 3000);
  closed.set_state(v1::ADVOCACY_NEED_STATE_CLOSED);
  ASSERT_EQ(Add(closed), db::WriteOutcome::kCommitted);
  v1::AdvocacyNeed other = NewNeed("n-5", 3000);
  other.mutable_person()->set_person_id("Person-1");
  ASSERT_EQ(Add(other), db::WriteOutcome::kCommitted);
  EXPECT_THAT(OpenNeedsOf("person-1"), ElementsAre("n-3", "n-2", "n-1"));
}

TEST_P(AdvocacyStoreTest, FindsNothingForNobody) {
  v1::AdvocacyNeed need = NewNeed("n-1");
  need.mutable_person()->clear_person_id();
  ASSERT_EQ(Add(need), db::WriteOutcome::kCommitted);
  EXPECT_THAT(OpenNeedsOf(""), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Databases, AdvocacyStoreTest, AllDatabases(), DatabaseName);

}  // namespace
}  // namespace asc::advocacy
