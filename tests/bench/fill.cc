#include "tests/bench/fill.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/util/time_util.h"
#include "platform/db/database.h"
#include "platform/db/ids.h"
#include "platform/status/macros.h"
#include "referral-svc/due_rules.h"
#include "referral-svc/due_store.h"
#include "referral-svc/referral_store.h"
#include "referral-svc/testing/shipped_policies.h"
#include "referral-svc/waiting_rules.h"
#include "referral-svc/waiting_store.h"
#include "tests/support/samples.h"

namespace asc::bench {
namespace {

namespace v1 = referral::v1;
using google::protobuf::util::TimeUtil;
using testing::kAuthority;

// A commit for so many; a queue of so many more keeps the writer busy.
constexpr int kBatch = 1000;
constexpr int kOutMax = 3000;
// 1 January 2021, then as often as a country's councils take referrals.
constexpr std::int64_t kFirstUs = 1609459200000000;
constexpr std::int64_t kBetweenUs = 15000000;
constexpr std::chrono::seconds kProgress{2};
// Shares no divisor with any number of referrals or persons here, so that multiples of them visit
// each once, in an order that looks like none.
constexpr std::int64_t kWaitingStep = 7919;
constexpr std::int64_t kPersonStep = 31;

// Most referrals of the past are closed.
v1::ReferralStatus SomeStatus(std::mt19937& random) {
  const auto percent = random() % 100;
  if (percent < 4) return v1::REFERRAL_STATUS_OPENED;
  if (percent < 6) return v1::REFERRAL_STATUS_TRANSFERRED;
  if (percent < 8) return v1::REFERRAL_STATUS_RETURNED;
  if (percent < 20) return v1::REFERRAL_STATUS_ALLOCATED;
  return percent < 90 ? v1::REFERRAL_STATUS_COMPLETED : v1::REFERRAL_STATUS_WITHDRAWN;
}

v1::PriorityFactors SomeFactors(std::mt19937& random) {
  v1::PriorityFactors factors;
  for (int i = 0; i < factors.GetDescriptor()->field_count(); ++i) {
    factors.GetReflection()->SetEnumValue(&factors, factors.GetDescriptor()->field(i),
                                          static_cast<int>(random() % v1::Level_ARRAYSIZE));
  }
  return factors;
}

// The n-th referral of the plan, the same each time but for its id.
v1::Referral Referral(const FillPlan& plan, int n) {
  std::mt19937 random(static_cast<unsigned>(n));
  v1::Referral referral;
  referral.set_referral_id(db::NewId());
  referral.set_authority(kAuthority);
  referral.set_version(1);
  const int persons = plan.referrals / kReferralsOfAPerson;
  *referral.mutable_details() =
      testing::OpenReferralSample("", PersonId(static_cast<int>(kPersonStep * n % persons)))
          .details();
  referral.set_team_id(TeamId(static_cast<int>(random() % kFillTeams)));
  *referral.mutable_opened_at() = TimeUtil::MicrosecondsToTimestamp(kFirstUs + kBetweenUs * n);
  *referral.mutable_updated_at() = referral.opened_at();
  if (kWaitingStep * n % plan.referrals < plan.waiting) {
    referral.set_status(v1::REFERRAL_STATUS_ACCEPTED);
    *referral.mutable_priority() = SomeFactors(random);
    *referral.mutable_monitor_at() =
        referral.opened_at() + TimeUtil::SecondsToDuration(random() % 10000000);
    return referral;
  }
  referral.set_status(SomeStatus(random));
  if (referral.status() >= v1::REFERRAL_STATUS_ALLOCATED) {
    const auto workers = std::max(plan.referrals / kReferralsOfAWorker, 1);
    referral.set_worker_id(absl::StrCat("worker-", random() % static_cast<unsigned>(workers)));
  }
  return referral;
}

db::WriteSet WritesOf(const referral::ReferralStore& store, const v1::Referral& one) {
  db::WriteSet writes;
  store.AddReferral(one, writes);
  if (one.status() == v1::REFERRAL_STATUS_ACCEPTED) {
    const auto& policy = referral::ShippedPolicy(kAuthority);
    referral::AddWaiting(one, referral::RankWaiting(one, policy), writes);
    for (const auto& item : referral::DueOf(one)) referral::SetDue(kAuthority, item, writes);
  }
  return writes;
}

// Write sets that are on their way, no more than kOutMax; remembers the first that failed.
class Pipeline {
 public:
  explicit Pipeline(db::Database& database) : database_(database) {}

  void Send(db::WriteSet writes) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return out_ < kOutMax; });
      ++out_;
    }
    database_.Write(std::move(writes), {}, [this](const db::WriteResult& result) {
      const std::lock_guard lock(mutex_);
      --out_;
      if (!result.committed() && failure_.empty()) {
        failure_ = absl::StrCat("not written: ", result.message);
      }
      changed_.notify_all();
    });
  }
  absl::Status Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return out_ == 0; });
    return failure_.empty() ? absl::OkStatus() : absl::InternalError(failure_);
  }

 private:
  db::Database& database_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int out_ = 0;
  std::string failure_;
};

}  // namespace

std::string TeamId(int n) { return absl::StrFormat("team-%02d", n); }
std::string PersonId(int n) { return absl::StrFormat("person-%06d", n); }

absl::Status FillReferrals(const std::string& database, const FillPlan& plan) {
  ASC_TRY_ASSIGN(const auto open,
                 db::Open(database, {.queue_max = 2 * kOutMax, .batch_max = kBatch}));
  ASC_TRY(open->Migrate(referral::ReferralSchema()));
  const referral::ReferralStore store(db::BlindIndex::Development());
  Pipeline pipeline(*open);
  auto told = std::chrono::steady_clock::now();
  for (int n = 0; n < plan.referrals; ++n) {
    pipeline.Send(WritesOf(store, Referral(plan, n)));
    if (std::chrono::steady_clock::now() - told < kProgress) continue;
    told = std::chrono::steady_clock::now();
    std::cout << "  " << n << " of " << plan.referrals << " referrals" << std::endl;
  }
  return pipeline.Wait();
}

}  // namespace asc::bench
