#include "referral-svc/allocation_methods.h"

#include <utility>

#include "platform/rpc/errors.h"
#include "platform/status/macros.h"
#include "referral-svc/changing.h"
#include "referral-svc/communication_store.h"
#include "referral-svc/list_page.h"
#include "referral-svc/person_store.h"
#include "referral-svc/route_rules.h"
#include "referral-svc/stamp.h"
#include "referral-svc/standing.h"

namespace asc::referral {
namespace {

void FillAllocation(const v1::SetAllocationRequest& request, v1::Allocation& allocation) {
  allocation.set_role(request.role());
  allocation.set_person_id(request.person_id());
  allocation.set_worker_id(request.worker_id());
  allocation.set_team_id(request.team_id());
  allocation.set_referral_id(request.referral_id());
}

// A referral that is named must be there, and not of somebody else.
absl::Status CheckReferralNamed(const ReferralStore& store, const rpc::Call& call,
                                const std::string& referral_id, const std::string& person_id,
                                db::Reader& reader) {
  if (referral_id.empty()) return absl::OkStatus();
  ASC_TRY_ASSIGN(const auto referral, store.FindReferral(reader, call.authority, referral_id));
  rpc::Violations violations;
  if (!referral.has_value()) {
    violations.Add("referral_id", "there is no such referral");
  } else {
    const std::string& of = referral->details().person().person_id();
    if (!of.empty() && of != person_id) violations.Add("referral_id", "is about another person");
  }
  return violations.ToStatus();
}

absl::Status CheckTeamOf(const v1::SetAllocationRequest& request, db::Reader& reader) {
  rpc::Violations violations;
  ASC_TRY(CheckTeam(reader, request.authority(), "team_id", request.team_id(), violations));
  return violations.ToStatus();
}

absl::Status Ended(const std::string& allocation_id) {
  return rpc::PreconditionFailed("ALLOCATION_ENDED", allocation_id,
                                 "the allocation has ended; begin a new one");
}

absl::StatusOr<rpc::Result<v1::SetAllocationResponse>> BeginAllocation(
    const ReferralStore& store, const rpc::Call& call, const v1::SetAllocationRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::SetAllocationResponse> result;
  v1::Allocation& allocation = *result.response.mutable_allocation();
  allocation.set_authority(call.authority);
  FillAllocation(request, allocation);
  db::WriteSet turn;
  ASC_TRY_ASSIGN(*allocation.mutable_person_id(),
                 TakeTurn(reader, call.authority, request.person_id(), turn));
  ASC_TRY(CheckReferralNamed(store, call, request.referral_id(), allocation.person_id(), reader));
  ASC_TRY_ASSIGN(auto existing, store.FindLiveAllocation(reader, allocation));
  if (existing.has_value()) {
    allocation = *std::move(existing);
    return result;
  }
  ASC_TRY(CheckTeamOf(request, reader));
  allocation.set_allocation_id(call.NewId());
  allocation.set_version(1);
  allocation.set_etag(rpc::EtagOf(1));
  *allocation.mutable_began_at() = ToTimestamp(call.now);
  result.writes.Join(std::move(turn));
  store.AddAllocation(allocation, result.writes);
  result.writes.Append({.record_type = "allocation",
                        .record_id = allocation.allocation_id(),
                        .record_version = 1,
                        .type = "allocation.begun"});
  return result;
}

// The allocation as it stands, when the caller may change it.
absl::StatusOr<v1::Allocation> AllocationToChange(const ReferralStore& store, const rpc::Call& call,
                                                  const std::string& allocation_id,
                                                  const std::string& etag, db::Reader& reader) {
  ASC_TRY_ASSIGN(auto allocation, store.FindAllocation(reader, call.authority, allocation_id));
  if (!allocation.has_value()) return rpc::NotFound("allocation", allocation_id);
  if (rpc::VersionOf(etag) != allocation->version()) {
    return rpc::StaleEtag("allocation", allocation_id, allocation->etag());
  }
  if (allocation->has_ended_at()) return Ended(allocation_id);
  return *std::move(allocation);
}

// What a referral stands on changes with the referral.
absl::Status CheckStanding(const ReferralStore& store, const v1::SetAllocationRequest& request,
                           const v1::Allocation& before, db::Reader& reader) {
  const bool worker = before.role() == v1::ALLOCATION_ROLE_WORKER;
  const std::string stands = worker ? before.referral_id() : "";
  if ((worker || request.role() == v1::ALLOCATION_ROLE_WORKER) && !request.referral_id().empty() &&
      request.referral_id() != stands) {
    rpc::Violations violations;
    violations.Add("referral_id", "AllocateReferral gives a referral to a worker");
    return violations.ToStatus();
  }
  if (!worker || (request.role() == before.role() && request.worker_id() == before.worker_id())) {
    return absl::OkStatus();
  }
  ASC_TRY_ASSIGN(const auto standing, store.ReferralsOn(reader, before));
  if (standing.empty()) return absl::OkStatus();
  return rpc::PreconditionFailed(
      "ALLOCATION_OF_REFERRAL", standing.front().referral_id(),
      "a referral stands on it; AllocateReferral gives that to another worker");
}

absl::StatusOr<rpc::Result<v1::SetAllocationResponse>> ChangeAllocation(
    const ReferralStore& store, const rpc::Call& call, const v1::SetAllocationRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::SetAllocationResponse> result;
  v1::Allocation& allocation = *result.response.mutable_allocation();
  ASC_TRY_ASSIGN(allocation,
                 AllocationToChange(store, call, request.allocation_id(), request.etag(), reader));
  ASC_TRY_ASSIGN(const std::string person_id,
                 TakeTurn(reader, call.authority, request.person_id(), result.writes));
  if (person_id != allocation.person_id()) {
    rpc::Violations violations;
    violations.Add("person_id", "an allocation keeps its person; end it and begin another");
    return violations.ToStatus();
  }
  ASC_TRY(CheckStanding(store, request, allocation, reader));
  ASC_TRY(CheckTeamOf(request, reader));
  const v1::Allocation before = allocation;
  FillAllocation(request, allocation);
  allocation.set_person_id(person_id);
  if (before.role() == v1::ALLOCATION_ROLE_WORKER) {
    allocation.set_referral_id(before.referral_id());
  } else {
    ASC_TRY(CheckReferralNamed(store, call, request.referral_id(), person_id, reader));
  }
  ASC_TRY_ASSIGN(const auto other, store.FindLiveAllocation(reader, allocation));
  if (other.has_value() && other->allocation_id() != allocation.allocation_id()) {
    return rpc::PreconditionFailed("ALLOCATION_EXISTS", other->allocation_id(),
                                   "the person has this allocation already; end one of the two");
  }
  WriteNext(store, "allocation.changed", allocation, result.writes);
  return result;
}

}  // namespace

absl::StatusOr<rpc::Result<v1::SetAllocationResponse>> SetAllocation(
    const ReferralStore& store, const rpc::Call& call, const v1::SetAllocationRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::SetAllocationResponse> result;
  ASC_TRY_ASSIGN(result, request.allocation_id().empty()
                             ? BeginAllocation(store, call, request, reader)
                             : ChangeAllocation(store, call, request, reader));
  v1::Allocation& allocation = *result.response.mutable_allocation();
  ASC_TRY(AddCommunication(call, allocation.person_id(), reader, allocation));
  return result;
}

absl::StatusOr<v1::GetAllocationResponse> GetAllocation(const ReferralStore& store,
                                                        const rpc::Call& call,
                                                        const v1::GetAllocationRequest& request,
                                                        db::Reader& reader) {
  ASC_TRY_ASSIGN(auto allocation,
                 store.FindAllocation(reader, call.authority, request.allocation_id()));
  if (!allocation.has_value()) return rpc::NotFound("allocation", request.allocation_id());
  ASC_TRY(AddCommunication(call, allocation->person_id(), reader, *allocation));
  v1::GetAllocationResponse response;
  *response.mutable_allocation() = *std::move(allocation);
  return response;
}

absl::StatusOr<v1::ListAllocationsResponse> ListAllocations(
    const ReferralStore& store, const v1::ListAllocationsRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const ListPage page, ReadListPage(request));
  ASC_TRY_ASSIGN(const Person person, PersonOf(reader, request.authority(), request.person_id()));
  ASC_TRY_ASSIGN(auto rows,
                 store.ListAllocations(reader, request, person, page.after, page.size + 1));
  v1::ListAllocationsResponse response;
  if (rows.size() > static_cast<std::size_t>(page.size)) {
    rows.pop_back();
    response.set_next_page_token(
        NextToken(request, rows.back().began_at(), rows.back().allocation_id()));
  }
  for (auto& row : rows) *response.add_allocations() = std::move(row);
  return response;
}

absl::StatusOr<rpc::Result<v1::EndAllocationResponse>> EndAllocation(
    const ReferralStore& store, const rpc::Call& call, const v1::EndAllocationRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::EndAllocationResponse> result;
  v1::Allocation& allocation = *result.response.mutable_allocation();
  ASC_TRY_ASSIGN(allocation,
                 AllocationToChange(store, call, request.allocation_id(), request.etag(), reader));
  ASC_TRY(ReturnToWaiting(store, call, allocation, reader, result.writes));
  *allocation.mutable_ended_at() = ToTimestamp(call.now);
  WriteNext(store, "allocation.ended", allocation, result.writes);
  ASC_TRY(AddCommunication(call, allocation.person_id(), reader, allocation));
  return result;
}

absl::StatusOr<rpc::Result<v1::SetWorkerAvailabilityResponse>> SetWorkerAvailability(
    const ReferralStore& store, const rpc::Call& call,
    const v1::SetWorkerAvailabilityRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto before,
                 store.FindAvailability(reader, call.authority, request.worker_id()));
  const std::int64_t version = before.has_value() ? before->version() : 0;
  const bool current =
      request.etag().empty() ? version == 0 : rpc::VersionOf(request.etag()) == version;
  if (!current) {
    return rpc::StaleEtag("worker_availability", request.worker_id(),
                          version == 0 ? "" : rpc::EtagOf(version));
  }
  rpc::Result<v1::SetWorkerAvailabilityResponse> result;
  v1::WorkerAvailability& availability = *result.response.mutable_availability();
  availability.set_worker_id(request.worker_id());
  availability.set_authority(call.authority);
  availability.set_version(version + 1);
  availability.set_etag(rpc::EtagOf(version + 1));
  availability.set_team_id(request.team_id());
  *availability.mutable_absences() = request.absences();
  *availability.mutable_updated_at() = ToTimestamp(call.now);
  if (version == 0) {
    store.AddAvailability(availability, result.writes);
  } else {
    store.ChangeAvailability(availability, result.writes);
  }
  result.writes.Append({.record_type = "worker_availability",
                        .record_id = request.worker_id(),
                        .record_version = version + 1,
                        .type = "worker_availability.set"});
  return result;
}

absl::StatusOr<v1::GetWorkerAvailabilityResponse> GetWorkerAvailability(
    const ReferralStore& store, const rpc::Call& call,
    const v1::GetWorkerAvailabilityRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(auto availability,
                 store.FindAvailability(reader, call.authority, request.worker_id()));
  if (!availability.has_value()) {
    return rpc::NotFound("worker_availability", request.worker_id());
  }
  v1::GetWorkerAvailabilityResponse response;
  *response.mutable_availability() = *std::move(availability);
  return response;
}

absl::StatusOr<v1::RouteContactResponse> RouteContact(const ReferralStore& store,
                                                      const rpc::Call& call,
                                                      const v1::RouteContactRequest& request,
                                                      db::Reader& reader) {
  RouteRecords records;
  if (!request.person_id().empty()) {
    ASC_TRY_ASSIGN(records.allocations,
                   store.LiveAllocationsOf(reader, call.authority, request.person_id()));
  }
  if (!request.worker_id().empty()) {
    ASC_TRY_ASSIGN(records.availability,
                   store.FindAvailability(reader, call.authority, request.worker_id()));
  }
  v1::RouteContactResponse response =
      DecideRoute(request, records, call.PolicyAs<v1::ReferralPolicy>(), call.now);
  Stamp(call, *response.mutable_decision());
  ASC_TRY(AddCommunication(call, request.person_id(), reader, response));
  return response;
}

}  // namespace asc::referral
