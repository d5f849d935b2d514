// kill -9 of each process in turn while contacts run: what was acknowledged is finished, and
// nothing is done twice.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "asc/gateway/v1/contact.grpc.pb.h"
#include "asc/referral/v1/referral.grpc.pb.h"
#include "platform/db/database.h"
#include "tests/support/request_maker.h"
#include "tests/support/samples.h"
#include "tests/support/soak.h"
#include "tests/support/suite_fixture.h"

namespace asc::testing {
namespace {

using gateway::v1::Contact;
using gateway::v1::ContactService;

constexpr int kRoundsInASlice = 4;
// Of the rounds of a soak; in a slice there are too few to ask for it.
constexpr double kUnfinishedShareMin = 0.8;
constexpr int kRoundsForShare = 20;
constexpr int kCallers = 4;
// Between two kills, and between a kill and the start again.
constexpr int kRunMsMin = 100;
constexpr int kRunMsMax = 400;
constexpr int kDownMsMax = 150;
constexpr std::chrono::seconds kCallTimeout{5};
constexpr std::chrono::seconds kAllDone{120};

// Opens contacts from several threads and repeats each until it is acknowledged.
class Traffic {
 public:
  explicit Traffic(Suite& suite) {
    for (int caller = 0; caller < kCallers; ++caller) {
      callers_.emplace_back([this, caller, channel = suite.NewChannel(Program::kGateway)] {
        const auto stub = ContactService::NewStub(channel);
        for (int number = 0; !stopping_; ++number) {
          OpenOne(*stub, absl::StrCat("person-", caller, "-", number), number);
        }
      });
    }
  }
  ~Traffic() { Stop(); }

  void Stop() {
    stopping_ = true;
    for (std::thread& caller : callers_) caller.join();
    callers_.clear();
  }

  // Person by contact id.
  const std::map<std::string, std::string>& acknowledged() const { return acknowledged_; }
  int repeated() const { return repeated_; }
  const std::vector<std::string>& wrong() const { return wrong_; }

 private:
  void OpenOne(ContactService::Stub& stub, const std::string& person_id, int number) {
    auto request = OpenContactSample(FreshRequestId(), person_id);
    // Some callers wait for the end, so that kills also hit calls that are being answered.
    request.set_wait_ms(number % 2 == 0 ? 0 : 500);
    while (true) {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
      // While the gateway is down a call waits for it; otherwise this loop would spin.
      context.set_wait_for_ready(true);
      gateway::v1::OpenContactResponse response;
      const grpc::Status status = stub.OpenContact(&context, request, &response);
      std::lock_guard lock(mutex_);
      if (status.ok()) {
        acknowledged_[response.contact().contact_id()] = person_id;
        return;
      }
      const bool again = status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
                         status.error_code() == grpc::StatusCode::ABORTED ||
                         status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
      if (!again) {
        wrong_.push_back(absl::StrCat(status.error_code(), ": ", status.error_message()));
        return;
      }
      ++repeated_;
    }
  }

  std::atomic<bool> stopping_{false};
  std::vector<std::thread> callers_;
  std::mutex mutex_;
  std::map<std::string, std::string> acknowledged_;
  std::vector<std::string> wrong_;
  int repeated_ = 0;
};

class Restart : public SuiteTest {
 protected:
  // Contacts whose automatic work is not over, straight from the gateway's tables.
  int UnfinishedJournals() {
    const auto reader = database_->Read();
    EXPECT_TRUE(reader.ok()) << reader.status();
    if (!reader.ok()) return 0;
    const auto row =
        (*reader)->QueryOne("SELECT COUNT(*) FROM contact WHERE run_at IS NOT NULL", {});
    EXPECT_TRUE(row.ok()) << row.status();
    return row.ok() && row->has_value() ? static_cast<int>((*row)->Whole(0)) : 0;
  }

  // Kills, looks at what was left, starts again; whether a journal was unfinished.
  bool KillOnce(Program victim, std::mt19937& random) {
    std::this_thread::sleep_for(std::chrono::milliseconds(
        std::uniform_int_distribution<int>(kRunMsMin, kRunMsMax)(random)));
    suite().Kill(victim);
    const int unfinished = UnfinishedJournals();
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution<int>(0, kDownMsMax)(random)));
    const absl::Status back = suite().Restart(victim);
    EXPECT_TRUE(back.ok()) << back;
    std::cout << "killed " << (victim == Program::kGateway ? "gateway     " : "referral-svc")
              << " with " << unfinished << " unfinished journals\n";
    return unfinished > 0;
  }

  void OpenGatewayDatabase() {
    auto database = db::Open(suite().DatabaseOf(Program::kGateway));
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
  }

  // Waits until no automatic work is left.
  void WaitForQuiet() {
    const auto until = std::chrono::steady_clock::now() + kAllDone;
    while (UnfinishedJournals() > 0 && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ASSERT_EQ(UnfinishedJournals(), 0);
  }

  // Every acknowledged contact is there once, finished, with a referral of its own.
  void CheckContacts(const std::map<std::string, std::string>& acknowledged) {
    const auto channel = suite().NewChannel(Program::kGateway);
    const auto listed = ListAllContacts(channel, kAuthority);
    ASSERT_TRUE(listed.ok()) << listed.status();
    std::map<std::string, std::string> kept;
    for (const auto& contact : *listed) kept[contact.contact_id()] = contact.person().person_id();
    EXPECT_EQ(kept.size(), listed->size()) << "a contact was listed twice";
    EXPECT_EQ(kept, acknowledged) << "contacts kept and contacts acknowledged differ";

    const auto stub = ContactService::NewStub(channel);
    std::set<std::string> referral_ids;
    for (const auto& [contact_id, person_id] : acknowledged) {
      gateway::v1::GetContactRequest request;
      request.set_authority(kAuthority);
      request.set_contact_id(contact_id);
      gateway::v1::GetContactResponse response;
      grpc::ClientContext context;
      const grpc::Status status = stub->GetContact(&context, request, &response);
      ASSERT_TRUE(status.ok()) << contact_id << ": " << status.error_message();
      const Contact& contact = response.contact();
      ASSERT_FALSE(contact.referral_id().empty()) << contact.DebugString();
      EXPECT_NE(contact.status(), gateway::v1::CONTACT_STATUS_IN_PROGRESS);
      EXPECT_NE(contact.status(), gateway::v1::CONTACT_STATUS_NEEDS_ATTENTION);
      for (const auto& step : contact.steps()) {
        EXPECT_EQ(step.state(), gateway::v1::STEP_STATE_DONE) << contact.DebugString();
      }
      EXPECT_TRUE(referral_ids.insert(contact.referral_id()).second)
          << "one referral, two contacts";
    }
  }

  // One referral for each contact's person, and one event for each version of a record.
  void CheckEffects(const std::map<std::string, std::string>& acknowledged) {
    const auto channel = suite().NewChannel(Program::kReferral);
    const auto referrals = ListAllReferrals(channel, kAuthority);
    ASSERT_TRUE(referrals.ok()) << referrals.status();
    std::map<std::string, int> referrals_of;
    for (const auto& referral : *referrals) ++referrals_of[referral.person_id()];
    for (const auto& [contact_id, person_id] : acknowledged) {
      EXPECT_EQ(referrals_of[person_id], 1) << "referrals of " << person_id;
    }
    EXPECT_EQ(referrals->size(), acknowledged.size());

    const auto opened = AllEvents(channel, kAuthority);
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(FaultInVersions(*opened, "referral"), "");
    EXPECT_EQ(opened->size(), acknowledged.size());
    const auto contacts = AllEvents(suite().NewChannel(Program::kGateway), kAuthority);
    ASSERT_TRUE(contacts.ok()) << contacts.status();
    EXPECT_EQ(FaultInVersions(*contacts, "contact"), "");
    EXPECT_EQ(std::count_if(contacts->begin(), contacts->end(),
                            [](const auto& event) { return event.type() == "contact.opened"; }),
              static_cast<long>(acknowledged.size()));
  }

 private:
  std::unique_ptr<db::Database> database_;
};

TEST_P(Restart, FinishesWhatWasAcknowledgedAndDoesNothingTwice) {
  ASSERT_NO_FATAL_FAILURE(OpenGatewayDatabase());
  const int rounds = SoakRounds(kRoundsInASlice);
  const unsigned seed = SoakSeed();
  std::cout << "ASC_SOAK_SEED=" << seed << "\n";
  std::mt19937 random(seed);

  Traffic traffic(suite());
  int unfinished_rounds = 0;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    const Program victim = round % 2 == 0 ? Program::kGateway : Program::kReferral;
    if (KillOnce(victim, random)) ++unfinished_rounds;
  }
  traffic.Stop();
  ASSERT_NO_FATAL_FAILURE(WaitForQuiet());

  EXPECT_EQ(traffic.wrong(), std::vector<std::string>());
  EXPECT_FALSE(traffic.acknowledged().empty());
  CheckContacts(traffic.acknowledged());
  CheckEffects(traffic.acknowledged());
  if (rounds >= kRoundsForShare) {
    EXPECT_GE(unfinished_rounds, static_cast<int>(rounds * kUnfinishedShareMin));
  }
  std::cout << "restart: " << rounds << " kills, " << unfinished_rounds
            << " with an unfinished journal; " << traffic.acknowledged().size()
            << " contacts acknowledged, each finished once; " << traffic.repeated()
            << " calls repeated\n";
}

INSTANTIATE_TEST_SUITE_P(OnBothDatabases, Restart,
                         ::testing::Values(SuiteDatabase::kSqlite, SuiteDatabase::kMariaDb),
                         SuiteDatabaseName);

}  // namespace
}  // namespace asc::testing
