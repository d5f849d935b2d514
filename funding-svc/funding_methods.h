// What each RPC does, as plain functions.
//
// Whoever asks is kept as the caller's credentials say, so that nobody can decide on what they
// asked for themselves. A record is judged under the policy it is pinned to.

#ifndef ASC_FUNDING_SVC_FUNDING_METHODS_H_
#define ASC_FUNDING_SVC_FUNDING_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/funding/v1/funding.pb.h"
#include "funding-svc/funding_store.h"
#include "platform/db/database.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/call.h"

namespace asc::funding {

// What the methods stand on; must outlive the service.
struct Ground {
  const FundingStore& store;
  const policy::PolicySet& policies;
};

absl::StatusOr<v1::CheckUrgentSupportResponse> CheckUrgentSupport(
    const rpc::Call& call, const v1::CheckUrgentSupportRequest& request);

// Keeps a draft and says what it lacks.
absl::StatusOr<rpc::Result<v1::OpenFundingRequestResponse>> OpenFundingRequest(
    const Ground& ground, const rpc::Call& call, const v1::OpenFundingRequestRequest& request,
    db::Reader& reader);

absl::StatusOr<v1::GetFundingRequestResponse> GetFundingRequest(
    const Ground& ground, const rpc::Call& call, const v1::GetFundingRequestRequest& request,
    db::Reader& reader);

// FAILED_PRECONDITION unless the request is a draft or was returned.
absl::StatusOr<rpc::Result<v1::ReviseFundingRequestResponse>> ReviseFundingRequest(
    const Ground& ground, const rpc::Call& call, const v1::ReviseFundingRequestRequest& request,
    db::Reader& reader);

// The same precondition. Not accepted while a factor that a decision must regard is missing, unless
// it is an emergency.
absl::StatusOr<rpc::Result<v1::SubmitFundingRequestResponse>> SubmitFundingRequest(
    const Ground& ground, const rpc::Call& call, const v1::SubmitFundingRequestRequest& request,
    db::Reader& reader);

// FAILED_PRECONDITION unless the request is submitted; the same for DecideFunding.
absl::StatusOr<v1::CheckFundingDecisionResponse> CheckFundingDecision(
    const Ground& ground, const rpc::Call& call, const v1::CheckFundingDecisionRequest& request,
    db::Reader& reader);

absl::StatusOr<rpc::Result<v1::DecideFundingResponse>> DecideFunding(
    const Ground& ground, const rpc::Call& call, const v1::DecideFundingRequest& request,
    db::Reader& reader);

absl::StatusOr<v1::CheckChargingResponse> CheckCharging(const rpc::Call& call,
                                                        const v1::CheckChargingRequest& request);

absl::StatusOr<v1::ListGuidanceResponse> ListGuidance(const rpc::Call& call,
                                                      const v1::ListGuidanceRequest& request);

}  // namespace asc::funding

#endif  // ASC_FUNDING_SVC_FUNDING_METHODS_H_
