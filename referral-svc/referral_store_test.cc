// The store, on every database.

#include "referral-svc/referral_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"

namespace asc::referral {
namespace {

using ::asc::testing::AllDatabases;
using ::asc::testing::DatabaseName;
using ::asc::testing::IsOk;
using google::protobuf::util::MessageDifferencer;
using google::protobuf::util::TimeUtil;

v1::Referral NewReferral(const std::string& id, std::int64_t opened_at_us) {
  v1::Referral referral;
  referral.set_authority("rotherham");
  referral.set_referral_id(id);
  referral.set_version(1);
  referral.set_status(v1::REFERRAL_STATUS_OPENED);
  referral.mutable_details()->set_subject(v1::SUBJECT_PERSON);
  referral.mutable_details()->mutable_person()->set_person_id("person-1");
  referral.mutable_details()->mutable_person()->set_nhs_number("9434765919");
  *referral.mutable_opened_at() = TimeUtil::MicrosecondsToTimestamp(opened_at_us);
  *referral.mutable_updated_at() = referral.opened_at();
  return referral;
}

v1::Allocation NewAllocation(const std::string& id, const std::string& worker_id) {
  v1::Allocation allocation;
  allocation.set_authority("rotherham");
  allocation.set_allocation_id(id);
  allocation.set_version(1);
  allocation.set_role(v1::ALLOCATION_ROLE_WORKER);
  allocation.set_person_id("person-1");
  allocation.set_worker_id(worker_id);
  *allocation.mutable_began_at() = TimeUtil::MicrosecondsToTimestamp(1000);
  return allocation;
}

class ReferralStoreTest : public ::asc::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_THAT(database().Migrate(ReferralSchema()), IsOk());
  }

  std::unique_ptr<db::Reader> Reader() { return *database().Read(); }

  db::WriteOutcome Write(db::WriteSet writes) {
    return database().WriteAndWait(std::move(writes)).outcome;
  }

  void Add(const v1::Referral& referral) {
    db::WriteSet writes;
    store_.AddReferral(referral, writes);
    ASSERT_EQ(Write(std::move(writes)), db::WriteOutcome::kCommitted);
  }

  db::WriteOutcome Add(const v1::Allocation& allocation) {
    db::WriteSet writes;
    store_.AddAllocation(allocation, writes);
    return Write(std::move(writes));
  }

  ReferralStore store_{db::BlindIndex::Development()};
};

TEST_P(ReferralStoreTest, GivesBackTheWholeReferral) {
  v1::Referral referral = NewReferral("r-1", 1000);
  referral.mutable_details()->mutable_person_view()->set_issue("Zo\xC3\xAB \xF0\x9F\x91\xB5 falls");
  Add(referral);
  const auto found = store_.FindReferral(*Reader(), "rotherham", "r-1");
  ASSERT_THAT(found, IsOk());
  ASSERT_TRUE(found->has_value());
  EXPECT_TRUE(MessageDifferencer::Equals(**found, referral));
}

TEST_P(ReferralStoreTest, IdsThatDifferOnlyByCaseOrSpaceAreDifferentReferrals) {
  Add(NewReferral("Ref-A", 1000));
  for (const char* other : {"ref-a", "Ref-A ", "Ref-"}) {
    const auto found = store_.FindReferral(*Reader(), "rotherham", other);
    ASSERT_THAT(found, IsOk());
    EXPECT_FALSE(found->has_value()) << other;
  }
}

TEST_P(ReferralStoreTest, AnotherAuthoritySeesNothing) {
  Add(NewReferral("r-1", 1000));
  const auto found = store_.FindReferral(*Reader(), "wakefield", "r-1");
  ASSERT_THAT(found, IsOk());
  EXPECT_FALSE(found->has_value());
}

TEST_P(ReferralStoreTest, TheSameIdCannotBeUsedTwice) {
  Add(NewReferral("r-1", 1000));
  db::WriteSet writes;
  store_.AddReferral(NewReferral("r-1", 2000), writes);
  EXPECT_EQ(Write(std::move(writes)), db::WriteOutcome::kDuplicate);
}

TEST_P(ReferralStoreTest, KeepsNoIdentifierInTheClearOutsideThePayload) {
  v1::Referral referral = NewReferral("r-1", 1000);
  referral.mutable_details()->mutable_person()->set_full_name("Edna Marsh");
  referral.mutable_details()->mutable_person()->set_born_on("1941-02-03");
  referral.mutable_details()->mutable_person()->set_postcode("S60 1AE");
  Add(referral);
  const auto row = Reader()->QueryOne(
      "SELECT nhs_index, identity_index FROM referral WHERE authority = ? AND referral_id = ?",
      {std::string("rotherham"), std::string("r-1")});
  ASSERT_THAT(row, IsOk());
  const auto index = db::BlindIndex::Development();
  EXPECT_EQ((*row)->Text(0), index.Of("rotherham", "nhs_number", "943 476 5919"));
  EXPECT_EQ((*row)->Text(1), index.Of("rotherham", "identity", "edna marsh|1941-02-03|s601ae"));
}

TEST_P(ReferralStoreTest, APersonHasOneLiveAllocationOfARoleToAHolder) {
  EXPECT_EQ(Add(NewAllocation("a-1", "worker-1")), db::WriteOutcome::kCommitted);
  EXPECT_EQ(Add(NewAllocation("a-2", "worker-1")), db::WriteOutcome::kDuplicate);
  EXPECT_EQ(Add(NewAllocation("a-3", "worker-2")), db::WriteOutcome::kCommitted);
}

TEST_P(ReferralStoreTest, AnEndedAllocationMakesRoomForAnother) {
  v1::Allocation allocation = NewAllocation("a-1", "worker-1");
  ASSERT_EQ(Add(allocation), db::WriteOutcome::kCommitted);
  allocation.set_version(2);
  *allocation.mutable_ended_at() = TimeUtil::MicrosecondsToTimestamp(2000);
  db::WriteSet writes;
  store_.ChangeAllocation(allocation, writes);
  ASSERT_EQ(Write(std::move(writes)), db::WriteOutcome::kCommitted);
  EXPECT_THAT(store_.LiveAllocationsOf(*Reader(), "rotherham", "person-1"),
              ::asc::testing::IsOkAndHolds(::testing::IsEmpty()));
  EXPECT_EQ(Add(NewAllocation("a-2", "worker-1")), db::WriteOutcome::kCommitted);
  const auto live = store_.FindLiveAllocation(*Reader(), allocation);
  ASSERT_THAT(live, IsOk());
  EXPECT_EQ((*live)->allocation_id(), "a-2");
}

TEST_P(ReferralStoreTest, AStaleChangeOfAnAllocationIsRefused) {
  v1::Allocation allocation = NewAllocation("a-1", "worker-1");
  ASSERT_EQ(Add(allocation), db::WriteOutcome::kCommitted);
  allocation.set_version(3);
  db::WriteSet writes;
  store_.ChangeAllocation(allocation, writes);
  EXPECT_EQ(Write(std::move(writes)), db::WriteOutcome::kStale);
}

TEST_P(ReferralStoreTest, ListsAllocationsByPersonWorkerAndTeam) {
  v1::Allocation with_worker = NewAllocation("a-1", "worker-1");
  with_worker.set_team_id("team-1");
  v1::Allocation with_team = NewAllocation("a-2", "");
  with_team.set_role(v1::ALLOCATION_ROLE_REVIEW);
  with_team.set_team_id("team-1");
  ASSERT_EQ(Add(with_worker), db::WriteOutcome::kCommitted);
  ASSERT_EQ(Add(with_team), db::WriteOutcome::kCommitted);
  const auto count = [this](const std::string& person, const std::string& worker,
                            const std::string& team) {
    v1::ListAllocationsRequest filter;
    filter.set_authority("rotherham");
    filter.set_person_id(person);
    filter.set_worker_id(worker);
    filter.set_team_id(team);
    return store_.ListAllocations(*Reader(), filter, {person, {person}}, {}, 10)->size();
  };
  EXPECT_EQ(count("person-1", "", ""), 2u);
  EXPECT_EQ(count("person-1", "worker-1", ""), 1u);
  EXPECT_EQ(count("", "worker-1", ""), 1u);
  EXPECT_EQ(count("", "", "team-1"), 2u);
  EXPECT_EQ(count("", "worker-1", "team-2"), 0u);
}

TEST_P(ReferralStoreTest, KeepsOneAvailabilityPerWorkerUnderItsVersion) {
  v1::WorkerAvailability availability;
  availability.set_authority("rotherham");
  availability.set_worker_id("worker-1");
  availability.set_version(1);
  db::WriteSet first;
  store_.AddAvailability(availability, first);
  ASSERT_EQ(Write(std::move(first)), db::WriteOutcome::kCommitted);
  availability.set_version(2);
  availability.add_absences();
  db::WriteSet second;
  store_.ChangeAvailability(availability, second);
  EXPECT_EQ(Write(second), db::WriteOutcome::kCommitted);
  EXPECT_EQ(Write(second), db::WriteOutcome::kStale);
  const auto found = store_.FindAvailability(*Reader(), "rotherham", "worker-1");
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ((*found)->absences_size(), 1);
}

INSTANTIATE_TEST_SUITE_P(Databases, ReferralStoreTest, AllDatabases(), DatabaseName);

}  // namespace
}  // namespace asc::referral
