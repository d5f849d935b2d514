// Lists of referrals, on every database: each filter, alone and with each other, in each order.

#include "referral-svc/list_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "google/protobuf/util/time_util.h"
#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"
#include "referral-svc/due_store.h"
#include "referral-svc/referral_store.h"
#include "referral-svc/waiting_store.h"

namespace asc::referral {
namespace {

using ::asc::testing::AllDatabases;
using ::asc::testing::DatabaseName;
using ::asc::testing::IsOk;
using google::protobuf::util::TimeUtil;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kAuthority[] = "rotherham";

// What the test knows of a referral; a due time of 0: nothing is due.
struct Kept {
  std::string id;
  std::string person_id;
  std::int64_t opened_us = 0;
  v1::ReferralStatus status = v1::REFERRAL_STATUS_OPENED;
  std::string team_id;
  std::string worker_id;
  int points = 0;
  std::int64_t due_us = 0;

  bool waits() const { return status == v1::REFERRAL_STATUS_ACCEPTED; }
};

v1::Referral ReferralOf(const Kept& kept) {
  v1::Referral referral;
  referral.set_authority(kAuthority);
  referral.set_referral_id(kept.id);
  referral.set_version(1);
  referral.set_status(kept.status);
  referral.set_team_id(kept.team_id);
  referral.set_worker_id(kept.worker_id);
  referral.mutable_details()->mutable_person()->set_person_id(kept.person_id);
  *referral.mutable_opened_at() = TimeUtil::MicrosecondsToTimestamp(kept.opened_us);
  return referral;
}

v1::WaitingEntry EntryOf(const Kept& kept) {
  v1::WaitingEntry entry;
  entry.mutable_referral()->set_referral_id(kept.id);
  entry.mutable_referral()->set_person_id(kept.person_id);
  entry.set_points(kept.points);
  *entry.mutable_waiting_since() = TimeUtil::MicrosecondsToTimestamp(kept.opened_us);
  return entry;
}

type::v1::DueItem DueItemOf(const Kept& kept) {
  type::v1::DueItem item;
  item.set_record_type("referral");
  item.set_record_id(kept.id);
  item.set_kind("monitoring");
  item.set_assigned_to(kept.team_id);
  *item.mutable_due_at() = TimeUtil::MicrosecondsToTimestamp(kept.due_us);
  return item;
}

bool Matches(const v1::ListReferralsRequest& filter, const Person& person, const Kept& kept) {
  const auto& references = person.references;
  if (filter.status() != 0 && kept.status != filter.status()) return false;
  if (!filter.team_id().empty() && kept.team_id != filter.team_id()) return false;
  if (!filter.worker_id().empty() && kept.worker_id != filter.worker_id()) return false;
  if (!filter.person_id().empty() &&
      std::find(references.begin(), references.end(), kept.person_id) == references.end()) {
    return false;
  }
  if (filter.has_priority_points_min() &&
      (!kept.waits() || kept.points < filter.priority_points_min())) {
    return false;
  }
  return !filter.has_due_before() ||
         (kept.due_us != 0 && kept.due_us < TimeUtil::TimestampToMicroseconds(filter.due_before()));
}

bool ComesBefore(ListOrder order, const Kept& a, const Kept& b) {
  switch (order) {
    case ListOrder::kNewest:
      return std::tie(a.opened_us, a.id) > std::tie(b.opened_us, b.id);
    case ListOrder::kPressing:
      return std::tie(b.points, a.opened_us, a.id) < std::tie(a.points, b.opened_us, b.id);
    case ListOrder::kSoonest:
      break;
  }
  return std::tie(a.due_us, a.id) < std::tie(b.due_us, b.id);
}

class ListStoreTest : public ::asc::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_THAT(database().Migrate(ReferralSchema()), IsOk());
  }

  std::unique_ptr<db::Reader> Reader() { return *database().Read(); }

  void Write(db::WriteSet writes) {
    ASSERT_EQ(database().WriteAndWait(std::move(writes)).outcome, db::WriteOutcome::kCommitted);
  }
  void Add(const Kept& kept) {
    db::WriteSet writes;
    const v1::Referral referral = ReferralOf(kept);
    store_.AddReferral(referral, writes);
    if (kept.waits()) AddWaiting(referral, EntryOf(kept), writes);
    if (kept.due_us != 0) SetDue(kAuthority, DueItemOf(kept), writes);
    Write(std::move(writes));
    all_.push_back(kept);
  }
  void Merge(const std::string& from_id, const std::string& into_id, std::int64_t merges) {
    db::WriteSet writes;
    AddAlias(kAuthority, from_id, into_id, absl::UnixEpoch(), merges, writes);
    Write(std::move(writes));
  }

  Person PersonOfFilter(const v1::ListReferralsRequest& filter) {
    const auto person = PersonOf(*Reader(), filter.authority(), filter.person_id());
    EXPECT_THAT(person, IsOk());
    return person.ok() ? *person : Person();
  }
  std::vector<std::string> List(const v1::ListReferralsRequest& filter, int page_size = 100) {
    std::vector<std::string> ids;
    const Person person = PersonOfFilter(filter);
    ListKey place = BeginningOf(OrderOf(filter));
    while (true) {
      const auto page = ListReferrals(*Reader(), filter, person, place, page_size);
      EXPECT_THAT(page, IsOk());
      if (!page.ok() || page->empty()) return ids;
      EXPECT_LE(page->size(), static_cast<std::size_t>(page_size));
      for (const auto& row : *page) {
        ids.push_back(row.summary.referral_id());
        // Under the reference that is kept, whatever it was written with.
        if (!filter.person_id().empty()) {
          EXPECT_EQ(row.summary.person_id(), person.id);
        }
      }
      place = page->back().key;
    }
  }
  std::vector<std::string> Expected(const v1::ListReferralsRequest& filter) {
    const Person person = PersonOfFilter(filter);
    std::vector<Kept> matching;
    for (const Kept& kept : all_) {
      if (Matches(filter, person, kept)) matching.push_back(kept);
    }
    const ListOrder order = OrderOf(filter);
    std::sort(matching.begin(), matching.end(),
              [order](const Kept& a, const Kept& b) { return ComesBefore(order, a, b); });
    std::vector<std::string> ids;
    for (const Kept& kept : matching) ids.push_back(kept.id);
    return ids;
  }

  ReferralStore store_{db::BlindIndex::Development()};
  std::vector<Kept> all_;
};

TEST_P(ListStoreTest, ListsNewestFirstThenById) {
  Add({.id = "r-1", .person_id = "p", .opened_us = 1000});
  Add({.id = "r-3", .person_id = "p", .opened_us = 2000});
  Add({.id = "r-2", .person_id = "p", .opened_us = 2000});
  v1::ListReferralsRequest filter;
  filter.set_authority(kAuthority);
  EXPECT_THAT(List(filter), ElementsAre("r-3", "r-2", "r-1"));
  filter.set_authority("wakefield");
  EXPECT_THAT(List(filter), IsEmpty());
}

TEST_P(ListStoreTest, EveryFilterAloneAndWithOthersGivesWhatMatchesAndPagesWithoutLoss) {
  for (int i = 0; i < 90; ++i) {
    Add({.id = "r-" + std::to_string(100 + i),
         .person_id = i % 7 == 0   ? "person-2"
                      : i % 7 == 1 ? "person-3"
                                   : "p",
         .opened_us = 1000 + i / 4,
         .status = static_cast<v1::ReferralStatus>(2 + i % 3),
         .team_id = i % 2 == 0 ? "team-1" : "",
         .worker_id = i % 5 == 0 ? "worker-1" : "",
         .points = i % 4,
         .due_us = i % 3 == 2 ? 0 : 5000 + (i * 7) % 10});
  }
  Merge("person-3", "person-2", 0);
  for (int mask = 0; mask < 64; ++mask) {
    for (const char* person : {"person-2", "person-3"}) {
      v1::ListReferralsRequest filter;
      filter.set_authority(kAuthority);
      if ((mask & 1) != 0) filter.set_status(v1::REFERRAL_STATUS_ACCEPTED);
      if ((mask & 2) != 0) filter.set_team_id("team-1");
      if ((mask & 4) != 0) filter.set_worker_id("worker-1");
      if ((mask & 8) != 0) filter.set_person_id(person);
      if ((mask & 16) != 0) filter.set_priority_points_min(1);
      if ((mask & 32) != 0) {
        *filter.mutable_due_before() = TimeUtil::MicrosecondsToTimestamp(5008);
      }
      const std::vector<std::string> expected = Expected(filter);
      for (const int page_size : {1, 4, 100}) {
        EXPECT_EQ(List(filter, page_size), expected)
            << filter.ShortDebugString() << " by " << page_size;
      }
    }
  }
}

TEST_P(ListStoreTest, NobodyWaitsForAllocationInAnotherStatus) {
  Add({.id = "r-1",
       .person_id = "p",
       .opened_us = 1000,
       .status = v1::REFERRAL_STATUS_ACCEPTED,
       .points = 5});
  v1::ListReferralsRequest filter;
  filter.set_authority(kAuthority);
  filter.set_priority_points_min(0);
  EXPECT_THAT(List(filter), ElementsAre("r-1"));
  filter.set_status(v1::REFERRAL_STATUS_ALLOCATED);
  EXPECT_THAT(List(filter), IsEmpty());
}

// ---- Who is one person ----

TEST_P(ListStoreTest, EveryReferenceStandsForTheOneThatIsKept) {
  Merge("a", "b", 0);
  Merge("c", "d", 1);
  Merge("b", "d", 2);
  for (const char* reference : {"a", "b", "c", "d"}) {
    const auto person = PersonOf(*Reader(), kAuthority, reference);
    ASSERT_THAT(person, IsOk());
    EXPECT_EQ(person->id, "d") << reference;
    EXPECT_THAT(person->references, ::testing::UnorderedElementsAre("a", "b", "c", "d"));
    EXPECT_THAT(CurrentPersonId(*Reader(), kAuthority, reference),
                ::asc::testing::IsOkAndHolds("d"));
    EXPECT_EQ(PersonOf(*Reader(), "wakefield", reference)->id, reference);
  }
}

TEST_P(ListStoreTest, TheSecondOfTwoMergesAtOnceIsRefused) {
  db::WriteSet first;
  AddAlias(kAuthority, "a", "b", absl::UnixEpoch(), 0, first);
  db::WriteSet second;
  AddAlias(kAuthority, "b", "a", absl::UnixEpoch(), 0, second);
  Write(std::move(first));
  EXPECT_EQ(database().WriteAndWait(std::move(second)).outcome, db::WriteOutcome::kDuplicate);
  Merge("c", "b", 1);
  db::WriteSet third;
  AddAlias(kAuthority, "b", "e", absl::UnixEpoch(), 1, third);
  EXPECT_EQ(database().WriteAndWait(std::move(third)).outcome, db::WriteOutcome::kStale);
}

INSTANTIATE_TEST_SUITE_P(Databases, ListStoreTest, AllDatabases(), DatabaseName);

}  // namespace
}  // namespace asc::referral
