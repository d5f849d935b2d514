// The RPCs that change a record of a need, as plain functions.
//
// Each demands the record's etag: ABORTED when it is stale. FAILED_PRECONDITION when the state of
// the record does not allow the change.

#ifndef ASC_ADVOCACY_SVC_NEED_METHODS_H_
#define ASC_ADVOCACY_SVC_NEED_METHODS_H_

#include "absl/status/statusor.h"
#include "advocacy-svc/advocacy_methods.h"
#include "asc/advocacy/v1/advocacy.pb.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "platform/rpc/errors.h"

namespace asc::advocacy {

// Decides again, under the policy the record is pinned to; the decision before stays with it.
absl::StatusOr<rpc::Result<v1::ReviseAdvocacyFactsResponse>> ReviseAdvocacyFacts(
    const Ground& ground, const rpc::Call& call, const v1::ReviseAdvocacyFactsRequest& request,
    db::Reader& reader);

// Every placement is kept; only one that meets the duty ends the hold (A12).
absl::StatusOr<rpc::Result<v1::RecordAdvocateResponse>> RecordAdvocate(
    const Ground& ground, const rpc::Call& call, const v1::RecordAdvocateRequest& request,
    db::Reader& reader);

absl::StatusOr<rpc::Result<v1::EndAdvocateResponse>> EndAdvocate(
    const Ground& ground, const rpc::Call& call, const v1::EndAdvocateRequest& request,
    db::Reader& reader);

// What a placement must not say: that it began in the future.
void CheckPlacement(const rpc::Call& call, const v1::RecordAdvocateRequest& request,
                    rpc::Violations& violations);

}  // namespace asc::advocacy

#endif  // ASC_ADVOCACY_SVC_NEED_METHODS_H_
