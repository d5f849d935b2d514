// A service that is down loses nothing: contacts are taken meanwhile and finished when it is back.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <set>
#include <thread>

#include "tests/contacts/contact_cases.h"
#include "tests/support/samples.h"
#include "tests/support/soak.h"
#include "tests/support/suite_fixture.h"
#include "tests/workflow/contact_traffic.h"

namespace asc::testing {
namespace {

using ::testing::IsEmpty;

constexpr int kCallers = 5;
// Five contacts a second for as long as a soak says; in a slice more of them, and for shorter.
constexpr std::chrono::milliseconds kBetweenContacts{1000};
constexpr std::chrono::milliseconds kBetweenContactsInASlice{200};
// Within which everything is finished once the service is back.
constexpr std::chrono::seconds kRecovery{30};

class ServiceDown : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto cases = tests::contacts::LoadCases(tests::contacts::kContactsFolder);
    ASSERT_TRUE(cases.ok()) << cases.status();
    cases_ = *std::move(cases);
    const bool slice = SoakSeconds(std::chrono::seconds(0)).count() == 0;
    auto traffic = ContactTraffic::Start(
        suite(), cases_,
        {.callers = kCallers, .pause = slice ? kBetweenContactsInASlice : kBetweenContacts});
    ASSERT_TRUE(traffic.ok()) << traffic.status();
    traffic_ = *std::move(traffic);
  }

  // Until contacts of every kind have been begun, and for as long as a soak says.
  void LetContactsCome() {
    const auto until = std::chrono::steady_clock::now() + SoakSeconds(std::chrono::seconds(0));
    const int begun = traffic_->begun() + kCallers + static_cast<int>(cases_.size());
    while (traffic_->begun() < begun || std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  // Contacts whose automatic work is not over.
  int Unfinished() {
    int unfinished = 0;
    std::set<std::string> authorities;
    for (const auto& played : cases_) authorities.insert(played.request().authority());
    for (const std::string& authority : authorities) {
      const auto contacts = ListAllContacts(suite().NewChannel(Program::kGateway), authority);
      EXPECT_TRUE(contacts.ok()) << contacts.status();
      if (!contacts.ok()) continue;
      for (const auto& contact : *contacts) {
        if (contact.status() == gateway::v1::CONTACT_STATUS_IN_PROGRESS) ++unfinished;
      }
    }
    return unfinished;
  }

  // Ends the traffic and judges what came of it.
  void ExpectNothingLost() {
    traffic_->Stop();
    EXPECT_THAT(traffic_->wrong(), IsEmpty());
    EXPECT_EQ(traffic_->without_safeguarding(), 0);
    EXPECT_THAT(FaultsAfter(suite(), traffic_->taken(), kRecovery), IsEmpty());
  }

  void TakeContactsWithout(Program service) {
    const auto stopped = suite().Stop(service);
    ASSERT_TRUE(stopped.ok()) << stopped.status();
    EXPECT_EQ(*stopped, 0) << "a service that is told to stop ends in order";
    LetContactsCome();
    const int unfinished = Unfinished();
    EXPECT_GT(unfinished, 0) << "nobody needed " << NameOf(service);

    const absl::Status back = suite().Restart(service);
    ASSERT_TRUE(back.ok()) << back;

    ExpectNothingLost();
    EXPECT_EQ(traffic_->repeated(), 0) << "a contact was not taken at once";
    std::cout << NameOf(service) << " down: " << traffic_->taken().size() << " contacts taken, "
              << unfinished << " waited for its return, each finished once\n";
  }

  std::vector<tests::contacts::ContactCase> cases_;
  std::unique_ptr<ContactTraffic> traffic_;
};

TEST_P(ServiceDown, ContactsAreTakenWithoutTheReferralService) {
  TakeContactsWithout(Program::kReferral);
}

TEST_P(ServiceDown, ContactsAreTakenWithoutTheAdvocacyService) {
  TakeContactsWithout(Program::kAdvocacy);
}

TEST_P(ServiceDown, ContactsAreTakenWithoutTheFundingService) {
  TakeContactsWithout(Program::kFunding);
}

TEST_P(ServiceDown, ContactsAreTakenWithoutTheDirectoryService) {
  TakeContactsWithout(Program::kDirectory);
}

TEST_P(ServiceDown, TheGatewayStopsInOrderAndFinishesAfterItsReturn) {
  LetContactsCome();

  const auto stopped = suite().Stop(Program::kGateway);
  ASSERT_TRUE(stopped.ok()) << stopped.status();
  EXPECT_EQ(*stopped, 0);
  const absl::Status back = suite().Restart(Program::kGateway);
  ASSERT_TRUE(back.ok()) << back;

  ExpectNothingLost();
}

INSTANTIATE_TEST_SUITE_P(OnBothDatabases, ServiceDown,
                         ::testing::Values(SuiteDatabase::kSqlite, SuiteDatabase::kMariaDb),
                         SuiteDatabaseName);

}  // namespace
}  // namespace asc::testing
