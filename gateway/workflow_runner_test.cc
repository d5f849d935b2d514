// The runner under faults: what is written may fail at every point, services may be down, replicas
// may die; no step's effect is lost or doubled.

#include "gateway/workflow_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/contact_view.h"
#include "gateway/contact_workflow.h"
#include "gateway/gateway_process.h"
#include "gateway/test_contacts.h"
#include "platform/db/faulty_database.h"
#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"

namespace asc::gateway {
namespace {

using asc::testing::IsOk;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Answers like a service that remembers what it did under which request_id, on its own threads.
class FakeService : public rpc::Client {
 public:
  ~FakeService() override {
    for (auto& thread : threads_) thread.join();
  }

  void Call(const std::string& method, const std::string& request_bytes, const CallOptions&,
            std::function<void(absl::StatusOr<std::string>)> done) override {
    const std::lock_guard lock(mutex_);
    ++calls_;
    if (hold_) {
      held_.push_back(std::move(done));
      return;
    }
    absl::Status failure = absl::OkStatus();
    if (failures_left_ > 0) {
      --failures_left_;
      failure = failure_;
    }
    // The effect happens although the answer may be lost.
    if (method.find("/OpenReferral") != std::string::npos &&
        (failure.ok() || effect_before_failure_)) {
      asc::referral::v1::OpenReferralRequest request;
      request.ParseFromString(request_bytes);
      auto& known = by_request_id_[request.request_id()];
      if (known.empty()) {
        known = request_bytes;
        ++effects_;
      } else if (known != request_bytes) {
        ++different_;
      }
    }
    threads_.emplace_back([=, done = std::move(done)] {
      if (!failure.ok()) return done(failure);
      done(TestAnswer(method, request_bytes));
    });
  }

  void Fail(int times, absl::Status failure, bool effect_before = false) {
    const std::lock_guard lock(mutex_);
    failures_left_ = times;
    failure_ = std::move(failure);
    effect_before_failure_ = effect_before;
  }
  void Hold(bool hold) {
    const std::lock_guard lock(mutex_);
    hold_ = hold;
  }
  // Lets the calls that were held end as if the network had been cut.
  void DropHeld() {
    std::vector<std::function<void(absl::StatusOr<std::string>)>> held;
    {
      const std::lock_guard lock(mutex_);
      held.swap(held_);
    }
    for (auto& done : held) done(absl::UnavailableError("cut"));
  }

  int calls() const { return Locked(calls_); }
  // Referrals made; requests under one id that differed.
  int effects() const { return Locked(effects_); }
  int different() const { return Locked(different_); }

 private:
  int Locked(const int& value) const {
    const std::lock_guard lock(mutex_);
    return value;
  }

  mutable std::mutex mutex_;
  std::vector<std::thread> threads_;
  std::map<std::string, std::string> by_request_id_;
  std::vector<std::function<void(absl::StatusOr<std::string>)>> held_;
  int calls_ = 0;
  int effects_ = 0;
  int different_ = 0;
  int failures_left_ = 0;
  bool effect_before_failure_ = false;
  bool hold_ = false;
  absl::Status failure_;
};

RunnerOptions QuickOptions(const std::string& instance) {
  RunnerOptions options;
  options.instance = instance;
  options.lease = absl::Milliseconds(400);
  options.poll = milliseconds(50);
  return options;
}

class WorkflowRunnerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = db::Open("sqlite::memory:");
    ASSERT_THAT(opened, IsOk());
    memory_ = *std::move(opened);
    ASSERT_THAT(memory_->Migrate(JournalStore::Migrations()), IsOk());
    database_ = std::make_unique<db::FaultyDatabase>(*memory_);
    auto policies = LoadPolicies("gateway/policy");
    ASSERT_THAT(policies, IsOk());
    policies_ = *std::move(policies);
    ASSERT_THAT(policies_->Archive(*memory_), IsOk());
    service_ = std::make_shared<FakeService>();
    backends_ = std::make_unique<Backends>(Backends::Clients{
        {{"rotherham", "referral"}, service_}, {{"rotherham", "advocacy"}, service_}});
  }

  std::unique_ptr<WorkflowRunner> NewRunner(const RunnerOptions& options) {
    return std::make_unique<WorkflowRunner>(*database_, store_, *policies_, *backends_, options);
  }

  // Writes the contact as OpenContact does; false when it was refused.
  bool Open(WorkflowRunner& runner, const std::string& contact_id,
            asc::type::v1::Answer consent = asc::type::v1::ANSWER_YES) {
    const auto policy = *policies_->Find("rotherham");
    auto request = TestRequest("rotherham");
    request.mutable_facts()->mutable_lawful_basis()->mutable_consent()->set_given(consent);
    Journal journal = Opened(request, contact_id, "somebody",
                             static_cast<const v1::GatewayPolicy&>(*policy->content),
                             policy->version, absl::Now());
    journal.lease = runner.LeaseFor(Lease(), gateway::Settled(journal));
    return memory_->WriteAndWait(store_.Add(journal, "request")).committed();
  }

  // Writes facts as AddFacts does, again when a concurrent write won.
  bool Add(WorkflowRunner& runner, const v1::AddFactsRequest& request) {
    const auto policy = *policies_->Find("rotherham");
    for (int attempt = 0; attempt < 20; ++attempt) {
      auto reader = memory_->Read();
      const Journal before = *store_.Load(**reader, request.authority(), request.contact_id());
      reader->reset();
      Journal after = WithFacts(
          before, request, static_cast<const v1::GatewayPolicy&>(*policy->content), absl::Now());
      after.lease = runner.LeaseFor(before.lease, gateway::Settled(after));
      if (memory_->WriteAndWait(store_.Change(before, after, "contact.facts_added", "request"))
              .committed()) {
        return true;
      }
    }
    return false;
  }

  absl::StatusOr<v1::Contact> Settle(WorkflowRunner& runner, const std::string& contact_id,
                                     milliseconds wait = milliseconds(10000)) {
    std::promise<absl::StatusOr<v1::Contact>> answer;
    runner.Await(
        "rotherham", contact_id, steady_clock::now() + wait,
        [&answer](absl::StatusOr<v1::Contact> contact) { answer.set_value(std::move(contact)); });
    runner.Continue("rotherham", contact_id);
    return answer.get_future().get();
  }

  v1::Contact Stored(const std::string& contact_id) {
    auto reader = memory_->Read();
    return Present(*store_.Load(**reader, "rotherham", contact_id));
  }

  void WaitUntilDone(const std::string& contact_id) {
    for (int turn = 0; turn < 400; ++turn) {
      if (Stored(contact_id).status() == v1::CONTACT_STATUS_AWAITING_PEOPLE) return;
      std::this_thread::sleep_for(milliseconds(25));
    }
    FAIL() << "never done: " << Stored(contact_id).ShortDebugString();
  }

  JournalStore store_{db::BlindIndex::Development()};
  std::unique_ptr<db::Database> memory_;
  std::unique_ptr<db::FaultyDatabase> database_;
  std::unique_ptr<policy::PolicySet> policies_;
  std::shared_ptr<FakeService> service_;
  std::unique_ptr<Backends> backends_;
};

TEST_F(WorkflowRunnerTest, TakesEveryStepAndAnswersWhoWaits) {
  const auto runner = NewRunner(QuickOptions("here"));
  ASSERT_TRUE(Open(*runner, "contact-1"));
  const auto contact = Settle(*runner, "contact-1");
  ASSERT_THAT(contact, IsOk());
  EXPECT_EQ(contact->status(), v1::CONTACT_STATUS_AWAITING_PEOPLE);
  EXPECT_EQ(contact->referral_id(), "referral-1");
  EXPECT_EQ(service_->calls(), 3);
}

TEST_F(WorkflowRunnerTest, CommitsAtMostTwicePerStep) {
  const auto runner = NewRunner(QuickOptions("here"));
  ASSERT_TRUE(Open(*runner, "contact-1"));
  ASSERT_THAT(Settle(*runner, "contact-1"), IsOk());
  // Three steps; the contact itself was written around the counting database.
  EXPECT_LE(database_->writes(), 3);
}

TEST_F(WorkflowRunnerTest, AnswersWithTheContactAsItStandsWhenTheWaitIsOver) {
  service_->Hold(true);
  const auto runner = NewRunner(QuickOptions("here"));
  ASSERT_TRUE(Open(*runner, "contact-1"));
  const auto contact = Settle(*runner, "contact-1", milliseconds(100));
  ASSERT_THAT(contact, IsOk());
  EXPECT_EQ(contact->status(), v1::CONTACT_STATUS_IN_PROGRESS);
  service_->Hold(false);
  service_->DropHeld();
  ASSERT_THAT(Settle(*runner, "contact-1"), IsOk());
  EXPECT_EQ(Stored("contact-1").referral_id(), "referral-1");
}

TEST_F(WorkflowRunnerTest, TriesAgainUntilTheServiceIsBack) {
  service_->Fail(5, absl::UnavailableError("down"), /*effect_before=*/true);
  const auto runner = NewRunner(QuickOptions("here"));
  runner->Start();
  ASSERT_TRUE(Open(*runner, "contact-1"));
  const auto contact = Settle(*runner, "contact-1");
  ASSERT_THAT(contact, IsOk());
  EXPECT_EQ(contact->status(), v1::CONTACT_STATUS_AWAITING_PEOPLE);
  EXPECT_EQ(service_->effects(), 1);
  EXPECT_EQ(service_->different(), 0);
}

TEST_F(WorkflowRunnerTest, ParksWhatIsRefusedForGoodAndGoesOnWithTheRest) {
  service_->Fail(1, absl::InvalidArgumentError("no"));
  const auto runner = NewRunner(QuickOptions("here"));
  runner->Start();
  ASSERT_TRUE(Open(*runner, "contact-1"));
  const auto contact = Settle(*runner, "contact-1");
  ASSERT_THAT(contact, IsOk());
  EXPECT_EQ(contact->status(), v1::CONTACT_STATUS_NEEDS_ATTENTION);
  const int calls = service_->calls();
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_EQ(service_->calls(), calls);
}

TEST_F(WorkflowRunnerTest, ARestartTakesUpWhatWasLeft) {
  {
    service_->Hold(true);
    const auto runner = NewRunner(QuickOptions("here"));
    ASSERT_TRUE(Open(*runner, "contact-1"));
    ASSERT_THAT(Settle(*runner, "contact-1", milliseconds(50)), IsOk());
    service_->Hold(false);
    // The process dies with its calls: their end is never recorded.
    for (int n = 1; n <= 4; ++n) {
      database_->FailWrite(n, db::WriteOutcome::kFault, db::FaultyDatabase::When::kBefore);
    }
    service_->DropHeld();
  }
  database_->Heal();
  const auto restarted = NewRunner(QuickOptions("here"));
  restarted->Start();
  WaitUntilDone("contact-1");
  EXPECT_EQ(service_->effects(), 1);
}

TEST_F(WorkflowRunnerTest, AnotherReplicaTakesUpWhatOneLeftAndTheFirstWritesNothingMore) {
  service_->Hold(true);
  const auto first = NewRunner(QuickOptions("first"));
  ASSERT_TRUE(Open(*first, "contact-1"));
  ASSERT_THAT(Settle(*first, "contact-1", milliseconds(50)), IsOk());
  service_->Hold(false);
  // The first hangs; its lease runs out.
  const auto second = NewRunner(QuickOptions("second"));
  second->Start();
  WaitUntilDone("contact-1");
  const auto before = Stored("contact-1");
  service_->DropHeld();
  first->Stop();
  EXPECT_EQ(Stored("contact-1").DebugString(), before.DebugString());
  EXPECT_EQ(service_->effects(), 1);
}

// Every write of a contact fails in turn, in every way a write can; whatever the failure, the
// contact ends complete and its referral is made once.
TEST_F(WorkflowRunnerTest, LosesAndDoublesNothingWhicheverWriteFails) {
  struct Failure {
    db::WriteOutcome outcome;
    db::FaultyDatabase::When when;
  };
  const std::vector<Failure> failures = {
      {db::WriteOutcome::kUnavailable, db::FaultyDatabase::When::kBefore},
      {db::WriteOutcome::kConflict, db::FaultyDatabase::When::kBefore},
      {db::WriteOutcome::kFault, db::FaultyDatabase::When::kBefore},
      {db::WriteOutcome::kUnknown, db::FaultyDatabase::When::kBefore},
      {db::WriteOutcome::kUnknown, db::FaultyDatabase::When::kAfter},
  };
  int number = 0;
  for (const Failure& failure : failures) {
    for (int n = 1; n <= 5; ++n) {
      const std::string contact_id = "contact-" + std::to_string(++number);
      SCOPED_TRACE(contact_id);
      service_->Fail(1, absl::UnavailableError("cut"), /*effect_before=*/true);
      const auto runner = NewRunner(QuickOptions("here"));
      runner->Start();
      ASSERT_TRUE(Open(*runner, contact_id));
      database_->FailWrite(n, failure.outcome, failure.when);
      ASSERT_THAT(Settle(*runner, contact_id, milliseconds(50)), IsOk());
      WaitUntilDone(contact_id);
      EXPECT_EQ(Stored(contact_id).referral_id(), "referral-1");
      EXPECT_EQ(service_->effects(), number);
      database_->Heal();
    }
  }
  EXPECT_EQ(service_->different(), 0);
}

// Facts may arrive at any moment of the run; the contact never waits for its lease to run out.
TEST_F(WorkflowRunnerTest, GoesOnAtOnceWithFactsThatArriveWhileItWorks) {
  RunnerOptions options = QuickOptions("here");
  options.lease = absl::Seconds(60);
  options.poll = std::chrono::minutes(1);
  const auto runner = NewRunner(options);
  for (int number = 1; number <= 40; ++number) {
    const std::string contact_id = "contact-" + std::to_string(number);
    SCOPED_TRACE(contact_id);
    if (number % 3 == 0) service_->Fail(1, absl::UnavailableError("cut"), /*effect_before=*/true);
    ASSERT_TRUE(Open(*runner, contact_id, asc::type::v1::ANSWER_UNKNOWN));
    runner->Continue("rotherham", contact_id);
    std::this_thread::sleep_for(std::chrono::microseconds(100 * number));
    ASSERT_TRUE(Add(*runner, ConsentGiven(contact_id, "rotherham")));
    const auto contact = Settle(*runner, contact_id);
    ASSERT_THAT(contact, IsOk());
    ASSERT_EQ(contact->referral_id(), "referral-1") << contact->ShortDebugString();
    EXPECT_EQ(contact->facts_revision(), 2);
  }
  EXPECT_EQ(service_->different(), 0);
}

TEST_F(WorkflowRunnerTest, ReadsAgainWhenAReadFails) {
  const auto runner = NewRunner(QuickOptions("here"));
  ASSERT_TRUE(Open(*runner, "contact-1"));
  database_->FailQuery(1);
  const auto contact = Settle(*runner, "contact-1");
  ASSERT_THAT(contact, IsOk());
  EXPECT_EQ(contact->referral_id(), "referral-1");
}

TEST_F(WorkflowRunnerTest, AnswersEverybodyWhenItStops) {
  service_->Hold(true);
  const auto runner = NewRunner(QuickOptions("here"));
  ASSERT_TRUE(Open(*runner, "contact-1"));
  std::promise<absl::StatusOr<v1::Contact>> answer;
  runner->Await(
      "rotherham", "contact-1", steady_clock::now() + std::chrono::minutes(1),
      [&answer](absl::StatusOr<v1::Contact> contact) { answer.set_value(std::move(contact)); });
  runner->Continue("rotherham", "contact-1");
  runner->ReleaseWaiters();
  EXPECT_THAT(answer.get_future().get(), IsOk());
  service_->DropHeld();
  service_->Hold(false);
  std::this_thread::sleep_for(milliseconds(20));
  service_->DropHeld();
}

}  // namespace
}  // namespace asc::gateway
