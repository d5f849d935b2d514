// Each stage alone: from a valid call, one thing spoiled.

#include "platform/rpc/stages.h"

#include <gtest/gtest.h>

#include "asc/counter/v1/counter.pb.h"
#include "platform/testing/status_matchers.h"

namespace asc::rpc {
namespace {

using asc::testing::IsOk;
using asc::testing::StatusIs;

class StageTest : public ::testing::Test {
 protected:
  StageTest() : info_(*InspectMethod("asc.counter.v1.CounterService.Echo", MethodForm::kPure)) {
    request_.set_authority("north");
    options_.development_identity = true;
  }

  absl::Status Run(Stage stage) {
    Metadata metadata;
    for (const auto& [key, value] : headers_) metadata.emplace(key, value);
    Incoming incoming{.method = info_,
                      .check = check_,
                      .metadata = metadata,
                      .deadline = deadline_,
                      .request = request_,
                      .call = call_};
    return stage({options_, nullptr}, incoming);
  }

  MethodInfo info_;
  ErasedCheck check_;
  AdapterOptions options_;
  std::map<std::string, std::string> headers_;
  std::chrono::system_clock::time_point deadline_ = std::chrono::system_clock::time_point::max();
  asc::counter::v1::EchoRequest request_;
  Call call_;
};

TEST_F(StageTest, GivesACallWithoutDeadlineTenSeconds) {
  ASSERT_THAT(Run(&SetDeadline), IsOk());
  const auto left = call_.deadline - std::chrono::steady_clock::now();
  EXPECT_LE(left, kDeadlineDefault);
  EXPECT_GT(left, kDeadlineDefault - std::chrono::seconds(5));
}

TEST_F(StageTest, CapsALongDeadline) {
  deadline_ = std::chrono::system_clock::now() + std::chrono::hours(1);
  ASSERT_THAT(Run(&SetDeadline), IsOk());
  EXPECT_LE(call_.deadline - std::chrono::steady_clock::now(), kDeadlineMax);
}

TEST_F(StageTest, RefusesAPassedDeadline) {
  deadline_ = std::chrono::system_clock::now() - std::chrono::seconds(1);
  EXPECT_THAT(Run(&SetDeadline), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(StageTest, KeepsTheCallersCorrelationIdUnlessItIsOdd) {
  headers_["x-correlation-id"] = "abc-1";
  ASSERT_THAT(Run(&Correlate), IsOk());
  EXPECT_EQ(call_.correlation_id, "abc-1");
  headers_["x-correlation-id"] = std::string(65, 'a');
  ASSERT_THAT(Run(&Correlate), IsOk());
  EXPECT_NE(call_.correlation_id, std::string(65, 'a'));
  EXPECT_FALSE(call_.correlation_id.empty());
}

TEST_F(StageTest, AsksTheVerifierFirstWhereThereIsOne) {
  options_.identify = [](const Metadata&) -> absl::StatusOr<std::shared_ptr<const Caller>> {
    return absl::UnauthenticatedError("the token has expired");
  };
  EXPECT_THAT(Run(&EstablishCaller), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(StageTest, LeavesAMalformedAuthorityToTheFieldCheck) {
  ASSERT_THAT(Run(&EstablishCaller), IsOk());
  request_.set_authority("Not A Code");
  EXPECT_THAT(Run(&CheckAuthority), IsOk());
  EXPECT_TRUE(call_.authority.empty());
  EXPECT_THAT(Run(&CheckRequest), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(StageTest, PinsNothingWhereAServiceHasNoPolicies) {
  call_.authority = "north";
  EXPECT_THAT(Run(&PinPolicy), IsOk());
  EXPECT_EQ(call_.policy, nullptr);
}

TEST(InspectMethod, RefusesWhatAContractForgets) {
  EXPECT_THAT(InspectMethod("asc.counter.v1.CounterService.Nothing", MethodForm::kPure),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(InspectMethod("asc.counter.v1.CounterService.Echo", MethodForm::kWrite),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace asc::rpc
