// Advice given and followed up: what each RPC does, as plain functions (see platform/rpc/method.h).

#ifndef ASC_DIRECTORY_SVC_ADVICE_METHODS_H_
#define ASC_DIRECTORY_SVC_ADVICE_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/directory/v1/directory.pb.h"
#include "directory-svc/directory_index.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"

namespace asc::directory {

// INVALID_ARGUMENT: an entry named is not in this authority's directory.
absl::StatusOr<rpc::Result<v1::RecordAdviceGivenResponse>> RecordAdviceGiven(
    const Directory& directory, const rpc::Call& call, const v1::RecordAdviceGivenRequest& request);

// NOT_FOUND when the authority has no such record.
absl::StatusOr<v1::GetAdviceResponse> GetAdvice(const rpc::Call& call,
                                                const v1::GetAdviceRequest& request,
                                                db::Reader& reader);

// INVALID_ARGUMENT: the page size or token is not good.
absl::StatusOr<v1::ListAdviceResponse> ListAdvicePage(const rpc::Call& call,
                                                      const v1::ListAdviceRequest& request,
                                                      db::Reader& reader);

// NOT_FOUND, ABORTED for a stale etag, FAILED_PRECONDITION when no follow-up is due.
absl::StatusOr<rpc::Result<v1::RecordFollowUpResponse>> RecordFollowUp(
    const rpc::Call& call, const v1::RecordFollowUpRequest& request, db::Reader& reader);

// The same; INVALID_ARGUMENT also for a later time without a reason.
absl::StatusOr<rpc::Result<v1::RescheduleFollowUpResponse>> RescheduleFollowUp(
    const rpc::Call& call, const v1::RescheduleFollowUpRequest& request, db::Reader& reader);

// INVALID_ARGUMENT: the page size or token is not good.
absl::StatusOr<v1::ListDueResponse> ListDue(const rpc::Call& call,
                                            const v1::ListDueRequest& request, db::Reader& reader);

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_ADVICE_METHODS_H_
