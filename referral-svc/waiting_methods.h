// Waiting and allocating: what each RPC does, as plain functions.

#ifndef ASC_REFERRAL_SVC_WAITING_METHODS_H_
#define ASC_REFERRAL_SVC_WAITING_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

absl::StatusOr<rpc::Result<v1::SetPriorityFactorsResponse>> SetPriorityFactors(
    const ReferralStore& store, const rpc::Call& call, const v1::SetPriorityFactorsRequest& request,
    db::Reader& reader);
absl::StatusOr<rpc::Result<v1::RecordMonitoringResponse>> RecordMonitoring(
    const ReferralStore& store, const rpc::Call& call, const v1::RecordMonitoringRequest& request,
    db::Reader& reader);
// The first record of a worker needs no etag, every later one the current one: else ABORTED.
absl::StatusOr<rpc::Result<v1::SetWorkerSkillsResponse>> SetWorkerSkills(
    const ReferralStore& store, const rpc::Call& call, const v1::SetWorkerSkillsRequest& request,
    db::Reader& reader);

absl::StatusOr<v1::ListWaitingResponse> ListWaiting(const ReferralStore& store,
                                                    const rpc::Call& call,
                                                    const v1::ListWaitingRequest& request,
                                                    db::Reader& reader);
absl::StatusOr<v1::RecommendWorkerResponse> RecommendWorker(
    const ReferralStore& store, const rpc::Call& call, const v1::RecommendWorkerRequest& request,
    db::Reader& reader);
absl::StatusOr<v1::ListWorkloadResponse> ListWorkload(const ReferralStore& store,
                                                      const rpc::Call& call,
                                                      const v1::ListWorkloadRequest& request,
                                                      db::Reader& reader);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_WAITING_METHODS_H_
