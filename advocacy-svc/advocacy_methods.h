// What each RPC does, as plain functions.

#ifndef ASC_ADVOCACY_SVC_ADVOCACY_METHODS_H_
#define ASC_ADVOCACY_SVC_ADVOCACY_METHODS_H_

#include "absl/status/statusor.h"
#include "advocacy-svc/advocacy_store.h"
#include "asc/advocacy/v1/advocacy.pb.h"
#include "platform/db/database.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/call.h"
#include "platform/rpc/errors.h"

namespace asc::advocacy {

// What the methods stand on; must outlive the service.
struct Ground {
  const AdvocacyStore& store;
  // Records are judged under the policy they are pinned to, which may be an archived one.
  const policy::PolicySet& policies;
};

// Decides from facts and policy; writes nothing.
absl::StatusOr<v1::CheckAdvocacyResponse> CheckAdvocacy(const rpc::Call& call,
                                                        const v1::CheckAdvocacyRequest& request);

// Keeps the need with the decision on its facts, whatever that is.
absl::StatusOr<rpc::Result<v1::OpenAdvocacyNeedResponse>> OpenAdvocacyNeed(
    const Ground& ground, const rpc::Call& call, const v1::OpenAdvocacyNeedRequest& request,
    db::Reader& reader);

absl::StatusOr<v1::GetAdvocacyNeedResponse> GetAdvocacyNeed(
    const Ground& ground, const rpc::Call& call, const v1::GetAdvocacyNeedRequest& request,
    db::Reader& reader);

absl::StatusOr<v1::CheckHoldResponse> CheckHold(const Ground& ground, const rpc::Call& call,
                                                const v1::CheckHoldRequest& request,
                                                db::Reader& reader);

absl::StatusOr<v1::ListGuidanceResponse> ListGuidance(const rpc::Call& call,
                                                      const v1::ListGuidanceRequest& request);

}  // namespace asc::advocacy

#endif  // ASC_ADVOCACY_SVC_ADVOCACY_METHODS_H_
