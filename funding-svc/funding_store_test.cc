// The store, on every database.

#include "funding-svc/funding_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "google/protobuf/util/message_differencer.h"
#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"

namespace asc::funding {
namespace {

using ::asc::testing::AllDatabases;
using ::asc::testing::DatabaseName;
using ::asc::testing::IsOk;
using google::protobuf::util::MessageDifferencer;

v1::FundingRequest NewRequest(const std::string& id) {
  v1::FundingRequest request;
  request.set_funding_request_id(id);
  request.set_version(1);
  request.set_state(v1::FUNDING_REQUEST_STATE_DRAFT);
  request.mutable_person()->set_person_id("person-1");
  request.mutable_created_at()->set_seconds(1000);
  return request;
}

class FundingStoreTest : public ::asc::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_THAT(database().Migrate(FundingSchema()), IsOk());
  }

  db::WriteOutcome Add(const v1::FundingRequest& request,
                       const std::string& authority = "rotherham") {
    db::WriteSet writes;
    store_.AddRequest(authority, request, writes);
    return database().WriteAndWait(std::move(writes)).outcome;
  }
  db::WriteOutcome Change(const v1::FundingRequest& request) {
    db::WriteSet writes;
    store_.ChangeRequest("rotherham", request, writes);
    return database().WriteAndWait(std::move(writes)).outcome;
  }
  std::optional<v1::FundingRequest> Find(const std::string& id,
                                         const std::string& authority = "rotherham") {
    const auto reader = database().Read();
    auto found = store_.FindRequest(**reader, authority, id);
    EXPECT_THAT(found, IsOk());
    return *std::move(found);
  }

  FundingStore store_;
};

TEST_P(FundingStoreTest, GivesBackTheWholeRequest) {
  v1::FundingRequest request = NewRequest("f-1");
  request.mutable_content()->set_needs("Zo\xC3\xAB \xF0\x9F\x91\xB5 falls");
  request.mutable_content()->add_items()->mutable_cost()->set_pence(12345);
  ASSERT_EQ(Add(request), db::WriteOutcome::kCommitted);
  ASSERT_TRUE(Find("f-1").has_value());
  EXPECT_TRUE(MessageDifferencer::Equals(*Find("f-1"), request));
}

TEST_P(FundingStoreTest, IdsThatDifferOnlyByCaseOrSpaceAreDifferentRequests) {
  ASSERT_EQ(Add(NewRequest("Fund-A")), db::WriteOutcome::kCommitted);
  for (const char* other : {"fund-a", "Fund-A ", "Fund-"}) {
    EXPECT_FALSE(Find(other).has_value()) << other;
  }
}

TEST_P(FundingStoreTest, AnotherAuthoritySeesNothing) {
  ASSERT_EQ(Add(NewRequest("f-1")), db::WriteOutcome::kCommitted);
  EXPECT_FALSE(Find("f-1", "wakefield").has_value());
  EXPECT_EQ(Add(NewRequest("f-1"), "wakefield"), db::WriteOutcome::kCommitted);
}

TEST_P(FundingStoreTest, TheSameIdCannotBeUsedTwice) {
  ASSERT_EQ(Add(NewRequest("f-1")), db::WriteOutcome::kCommitted);
  EXPECT_EQ(Add(NewRequest("f-1")), db::WriteOutcome::kDuplicate);
}

TEST_P(FundingStoreTest, ChangesARequestOnlyFromTheVersionBefore) {
  v1::FundingRequest request = NewRequest("f-1");
  ASSERT_EQ(Add(request), db::WriteOutcome::kCommitted);
  request.set_version(2);
  request.set_state(v1::FUNDING_REQUEST_STATE_SUBMITTED);
  EXPECT_EQ(Change(request), db::WriteOutcome::kCommitted);
  EXPECT_EQ(Change(request), db::WriteOutcome::kStale);
  EXPECT_EQ(Find("f-1")->state(), v1::FUNDING_REQUEST_STATE_SUBMITTED);
}

INSTANTIATE_TEST_SUITE_P(Databases, FundingStoreTest, AllDatabases(), DatabaseName);

}  // namespace
}  // namespace asc::funding
