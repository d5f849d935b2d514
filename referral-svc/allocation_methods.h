// Allocations, availability and routing: what each RPC does, as plain functions.

#ifndef ASC_REFERRAL_SVC_ALLOCATION_METHODS_H_
#define ASC_REFERRAL_SVC_ALLOCATION_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

// Begins an allocation, or changes one under its etag. NOT_FOUND, ABORTED, FAILED_PRECONDITION as
// the contract says.
absl::StatusOr<rpc::Result<v1::SetAllocationResponse>> SetAllocation(
    const ReferralStore& store, const rpc::Call& call, const v1::SetAllocationRequest& request,
    db::Reader& reader);

absl::StatusOr<v1::GetAllocationResponse> GetAllocation(const ReferralStore& store,
                                                        const rpc::Call& call,
                                                        const v1::GetAllocationRequest& request,
                                                        db::Reader& reader);

absl::StatusOr<v1::ListAllocationsResponse> ListAllocations(
    const ReferralStore& store, const v1::ListAllocationsRequest& request, db::Reader& reader);

absl::StatusOr<rpc::Result<v1::EndAllocationResponse>> EndAllocation(
    const ReferralStore& store, const rpc::Call& call, const v1::EndAllocationRequest& request,
    db::Reader& reader);

absl::StatusOr<rpc::Result<v1::SetWorkerAvailabilityResponse>> SetWorkerAvailability(
    const ReferralStore& store, const rpc::Call& call,
    const v1::SetWorkerAvailabilityRequest& request, db::Reader& reader);

absl::StatusOr<v1::GetWorkerAvailabilityResponse> GetWorkerAvailability(
    const ReferralStore& store, const rpc::Call& call,
    const v1::GetWorkerAvailabilityRequest& request, db::Reader& reader);

// Decides from the records held here and the facts of the request; writes nothing.
absl::StatusOr<v1::RouteContactResponse> RouteContact(const ReferralStore& store,
                                                      const rpc::Call& call,
                                                      const v1::RouteContactRequest& request,
                                                      db::Reader& reader);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_ALLOCATION_METHODS_H_
