// A hundred callers at once with one request id: one effect, a hundred equal answers.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <set>
#include <thread>
#include <vector>

#include "asc/gateway/v1/contact.grpc.pb.h"
#include "asc/referral/v1/referral.grpc.pb.h"
#include "tests/support/request_maker.h"
#include "tests/support/samples.h"
#include "tests/support/suite_fixture.h"

namespace asc::testing {
namespace {

constexpr int kCallers = 100;
constexpr int kChannels = 4;
constexpr std::chrono::seconds kTimeout{30};

class SameRequestId : public SuiteTest {
 protected:
  // Calls `method` of `Service` from all callers at the same moment; the answers as bytes, or the
  // error's text.
  template <class Service, class Request, class Response, class Method>
  std::vector<std::string> CallAtOnce(Program program, Method method, const Request& request) {
    std::vector<std::unique_ptr<typename Service::Stub>> stubs;
    for (int number = 0; number < kChannels; ++number) {
      auto channel = suite().NewChannel(program);
      EXPECT_TRUE(channel->WaitForConnected(std::chrono::system_clock::now() + kTimeout));
      stubs.push_back(Service::NewStub(channel));
    }
    std::vector<std::string> answers(kCallers);
    std::latch start(kCallers);
    std::vector<std::thread> callers;
    for (int caller = 0; caller < kCallers; ++caller) {
      callers.emplace_back([&, caller] {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + kTimeout);
        Response response;
        start.arrive_and_wait();
        const grpc::Status status =
            ((*stubs[caller % kChannels]).*method)(&context, request, &response);
        answers[caller] = status.ok() ? response.SerializeAsString() : status.error_message();
      });
    }
    for (std::thread& caller : callers) caller.join();
    return answers;
  }
};

TEST_P(SameRequestId, OpensOneReferralAndGivesEverybodyTheSameAnswer) {
  const auto request = OpenReferralSample(FreshRequestId(), "person-1");

  const auto answers = CallAtOnce<referral::v1::ReferralService, referral::v1::OpenReferralRequest,
                                  referral::v1::OpenReferralResponse>(
      Program::kReferral, &referral::v1::ReferralService::Stub::OpenReferral, request);

  EXPECT_THAT(std::set<std::string>(answers.begin(), answers.end()), ::testing::SizeIs(1));
  referral::v1::OpenReferralResponse answer;
  ASSERT_TRUE(answer.ParseFromString(answers.front())) << answers.front();
  EXPECT_FALSE(answer.referral().referral_id().empty()) << answer.DebugString();
  const auto channel = suite().NewChannel(Program::kReferral);
  const auto kept = ListAllReferrals(channel, kAuthority);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_THAT(*kept, ::testing::SizeIs(1));
}

TEST_P(SameRequestId, RefusesAnotherBody) {
  const auto stub = referral::v1::ReferralService::NewStub(suite().NewChannel(Program::kReferral));
  auto request = OpenReferralSample(FreshRequestId(), "person-1");
  referral::v1::OpenReferralResponse response;
  grpc::ClientContext first;
  ASSERT_TRUE(stub->OpenReferral(&first, request, &response).ok());

  request.mutable_details()->mutable_person()->set_person_id("person-2");
  grpc::ClientContext second;
  const grpc::Status refused = stub->OpenReferral(&second, request, &response);

  EXPECT_EQ(refused.error_code(), grpc::StatusCode::ALREADY_EXISTS) << refused.error_message();
  const auto kept = ListAllReferrals(suite().NewChannel(Program::kReferral), kAuthority);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_THAT(*kept, ::testing::SizeIs(1));
}

TEST_P(SameRequestId, TakesOneContact) {
  const auto request = OpenContactSample(FreshRequestId(), "person-1");

  const auto answers = CallAtOnce<gateway::v1::ContactService, gateway::v1::OpenContactRequest,
                                  gateway::v1::OpenContactResponse>(
      Program::kGateway, &gateway::v1::ContactService::Stub::OpenContact, request);

  std::set<std::string> ids;
  for (const std::string& bytes : answers) {
    gateway::v1::OpenContactResponse answer;
    ASSERT_TRUE(answer.ParseFromString(bytes)) << bytes;
    ids.insert(answer.contact().contact_id());
  }
  EXPECT_THAT(ids, ::testing::SizeIs(1));
  const auto contacts = ListAllContacts(suite().NewChannel(Program::kGateway), kAuthority);
  ASSERT_TRUE(contacts.ok()) << contacts.status();
  EXPECT_THAT(*contacts, ::testing::SizeIs(1));
  const auto referrals = ListAllReferrals(suite().NewChannel(Program::kReferral), kAuthority);
  ASSERT_TRUE(referrals.ok()) << referrals.status();
  EXPECT_THAT(*referrals, ::testing::SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(OnBothDatabases, SameRequestId,
                         ::testing::Values(SuiteDatabase::kSqlite, SuiteDatabase::kMariaDb),
                         SuiteDatabaseName);

}  // namespace
}  // namespace asc::testing
