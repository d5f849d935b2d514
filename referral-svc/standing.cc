#include "referral-svc/standing.h"

#include <utility>
#include <vector>

#include "platform/rpc/errors.h"
#include "platform/status/macros.h"
#include "referral-svc/changing.h"
#include "referral-svc/life_rules.h"
#include "referral-svc/person_store.h"
#include "referral-svc/stamp.h"

namespace asc::referral {
namespace {

// Another referral that stands on the allocation, and is open; empty: none.
absl::StatusOr<std::string> OtherOn(const ReferralStore& store, const v1::Referral& referral,
                                    const v1::Allocation& allocation, db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto standing, store.ReferralsOn(reader, allocation));
  std::string other;
  for (const v1::Referral& one : standing) {
    if (one.referral_id() != referral.referral_id()) other = one.referral_id();
  }
  return other;
}

absl::Status LeaveOne(const ReferralStore& store, const rpc::Call& call,
                      const v1::Referral& referral, v1::Allocation& allocation, db::Reader& reader,
                      db::WriteSet& writes) {
  ASC_TRY_ASSIGN(const std::string other, OtherOn(store, referral, allocation, reader));
  if (allocation.referral_id() == referral.referral_id()) {
    if (other.empty()) {
      *allocation.mutable_ended_at() = ToTimestamp(call.now);
      WriteNext(store, "allocation.ended", allocation, writes);
      return absl::OkStatus();
    }
    allocation.set_referral_id(other);
  }
  WriteNext(store, "allocation.left", allocation, writes);
  return absl::OkStatus();
}

}  // namespace

void WriteNext(const ReferralStore& store, const char* event_type, v1::Allocation& allocation,
               db::WriteSet& writes) {
  allocation.set_version(allocation.version() + 1);
  allocation.set_etag(rpc::EtagOf(allocation.version()));
  store.ChangeAllocation(allocation, writes);
  writes.Append({.record_type = "allocation",
                 .record_id = allocation.allocation_id(),
                 .record_version = allocation.version(),
                 .type = event_type});
}

absl::StatusOr<v1::Allocation> StandOn(const ReferralStore& store, const rpc::Call& call,
                                       const v1::Referral& referral, const std::string& worker_id,
                                       db::Reader& reader, db::WriteSet& writes) {
  ASC_TRY(Leave(store, call, referral, worker_id, reader, writes));
  v1::Allocation allocation;
  allocation.set_authority(call.authority);
  allocation.set_role(v1::ALLOCATION_ROLE_WORKER);
  allocation.set_worker_id(worker_id);
  db::WriteSet turn;
  ASC_TRY_ASSIGN(*allocation.mutable_person_id(),
                 TakeTurn(reader, call.authority, referral.details().person().person_id(), turn));
  ASC_TRY_ASSIGN(auto existing, store.FindLiveAllocation(reader, allocation));
  if (existing.has_value()) {
    const bool stands = referral.status() == v1::REFERRAL_STATUS_ALLOCATED &&
                        referral.allocation_id() == existing->allocation_id();
    if (!stands) WriteNext(store, "allocation.joined", *existing, writes);
    return *std::move(existing);
  }
  allocation.set_allocation_id(call.NewId());
  allocation.set_version(1);
  allocation.set_etag(rpc::EtagOf(1));
  allocation.set_team_id(referral.team_id());
  allocation.set_referral_id(referral.referral_id());
  *allocation.mutable_began_at() = ToTimestamp(call.now);
  writes.Join(std::move(turn));
  store.AddAllocation(allocation, writes);
  writes.Append({.record_type = "allocation",
                 .record_id = allocation.allocation_id(),
                 .record_version = 1,
                 .type = "allocation.begun"});
  return allocation;
}

absl::Status Leave(const ReferralStore& store, const rpc::Call& call, const v1::Referral& referral,
                   const std::string& but_for, db::Reader& reader, db::WriteSet& writes) {
  const std::string& person_id = referral.details().person().person_id();
  if (person_id.empty()) return absl::OkStatus();
  ASC_TRY_ASSIGN(auto allocations, store.LiveAllocationsOf(reader, call.authority, person_id));
  for (v1::Allocation& allocation : allocations) {
    if (allocation.role() != v1::ALLOCATION_ROLE_WORKER) continue;
    if (allocation.worker_id() == but_for) continue;
    // What somebody recorded without a referral is theirs to end.
    const bool own = allocation.referral_id() == referral.referral_id();
    const bool shared =
        !allocation.referral_id().empty() && allocation.allocation_id() == referral.allocation_id();
    if (!own && !shared) continue;
    ASC_TRY(LeaveOne(store, call, referral, allocation, reader, writes));
  }
  return absl::OkStatus();
}

absl::Status PassOn(const ReferralStore& store, const v1::Referral& referral, db::Reader& reader,
                    db::WriteSet& writes) {
  if (referral.allocation_id().empty()) return absl::OkStatus();
  ASC_TRY_ASSIGN(auto allocation,
                 store.FindAllocation(reader, referral.authority(), referral.allocation_id()));
  if (!allocation.has_value() || allocation->has_ended_at()) return absl::OkStatus();
  ASC_TRY_ASSIGN(const std::string other, OtherOn(store, referral, *allocation, reader));
  if (other.empty() || allocation->referral_id() != referral.referral_id()) return absl::OkStatus();
  allocation->set_referral_id(other);
  WriteNext(store, "allocation.left", *allocation, writes);
  return absl::OkStatus();
}

absl::Status ReturnToWaiting(const ReferralStore& store, const rpc::Call& call,
                             const v1::Allocation& allocation, db::Reader& reader,
                             db::WriteSet& writes) {
  ASC_TRY_ASSIGN(const auto standing, store.ReferralsOn(reader, allocation));
  for (const v1::Referral& before : standing) {
    v1::Referral after = before;
    after.set_status(RuleOf(Verb::kEndAllocation).to);
    after.clear_worker_id();
    after.clear_allocation_id();
    ASC_TRY(Keep(store, call, before, "referral.unallocated", reader, after, writes));
  }
  return absl::OkStatus();
}

}  // namespace asc::referral
