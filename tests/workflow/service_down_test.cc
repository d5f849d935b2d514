// A service that is down loses nothing: contacts are taken meanwhile and finished when it is back.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "asc/gateway/v1/contact.grpc.pb.h"
#include "tests/support/request_maker.h"
#include "tests/support/samples.h"
#include "tests/support/suite_fixture.h"

namespace asc::testing {
namespace {

using gateway::v1::Contact;
using gateway::v1::ContactService;

constexpr int kContacts = 20;
constexpr std::chrono::seconds kTimeout{20};
// Within which a waiting step is finished once the service is back.
constexpr std::chrono::seconds kRecovery{30};

class ServiceDown : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    stub_ = ContactService::NewStub(suite().NewChannel(Program::kGateway));
  }

  Contact Open(const std::string& person_id, int wait_ms) {
    auto request = OpenContactSample(FreshRequestId(), person_id);
    request.set_wait_ms(wait_ms);
    gateway::v1::OpenContactResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    const grpc::Status status = stub_->OpenContact(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.contact();
  }

  Contact Get(const std::string& contact_id) {
    gateway::v1::GetContactRequest request;
    request.set_authority(kAuthority);
    request.set_contact_id(contact_id);
    gateway::v1::GetContactResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    const grpc::Status status = stub_->GetContact(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.contact();
  }

  // The contact once a referral stands in it, or as it is when the time is over.
  Contact WaitForReferral(const std::string& contact_id) {
    const auto until = std::chrono::steady_clock::now() + kRecovery;
    while (true) {
      Contact contact = Get(contact_id);
      if (!contact.referral_id().empty() || std::chrono::steady_clock::now() > until) {
        return contact;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

  std::unique_ptr<ContactService::Stub> stub_;
};

TEST_P(ServiceDown, ContactsAreTakenMeanwhileAndFinishedAfterwards) {
  const auto stopped = suite().Stop(Program::kReferral);
  ASSERT_TRUE(stopped.ok()) << stopped.status();
  EXPECT_EQ(*stopped, 0) << "a service that is told to stop ends in order";

  std::vector<std::string> taken;
  for (int number = 0; number < kContacts; ++number) {
    const Contact contact = Open(absl::StrCat("person-", number), number == 0 ? 1000 : 0);
    ASSERT_FALSE(contact.contact_id().empty());
    EXPECT_TRUE(contact.referral_id().empty());
    taken.push_back(contact.contact_id());
  }
  const Contact first = Get(taken.front());
  EXPECT_EQ(first.status(), gateway::v1::CONTACT_STATUS_IN_PROGRESS) << first.DebugString();
  ASSERT_GT(first.steps_size(), 0);
  EXPECT_EQ(first.steps(0).kind(), gateway::v1::STEP_KIND_SAFEGUARDING);
  EXPECT_EQ(first.steps(0).state(), gateway::v1::STEP_STATE_DONE);

  const absl::Status back = suite().Restart(Program::kReferral);
  ASSERT_TRUE(back.ok()) << back;

  std::set<std::string> referral_ids;
  for (const std::string& contact_id : taken) {
    const Contact contact = WaitForReferral(contact_id);
    EXPECT_FALSE(contact.referral_id().empty()) << contact.DebugString();
    referral_ids.insert(contact.referral_id());
  }
  EXPECT_THAT(referral_ids, ::testing::SizeIs(kContacts));
  const auto referrals = ListAllReferrals(suite().NewChannel(Program::kReferral), kAuthority);
  ASSERT_TRUE(referrals.ok()) << referrals.status();
  EXPECT_THAT(*referrals, ::testing::SizeIs(kContacts));
}

TEST_P(ServiceDown, TheGatewayStopsInOrderAndFinishesAfterItsReturn) {
  const Contact contact = Open("person-1", 0);

  const auto stopped = suite().Stop(Program::kGateway);
  ASSERT_TRUE(stopped.ok()) << stopped.status();
  EXPECT_EQ(*stopped, 0);
  const absl::Status back = suite().Restart(Program::kGateway);
  ASSERT_TRUE(back.ok()) << back;

  stub_ = ContactService::NewStub(suite().NewChannel(Program::kGateway));
  EXPECT_FALSE(WaitForReferral(contact.contact_id()).referral_id().empty());
}

INSTANTIATE_TEST_SUITE_P(OnBothDatabases, ServiceDown,
                         ::testing::Values(SuiteDatabase::kSqlite, SuiteDatabase::kMariaDb),
                         SuiteDatabaseName);

}  // namespace
}  // namespace asc::testing
