// Answers asc.referral.v1.ReferralService.

#ifndef ASC_REFERRAL_SVC_REFERRAL_SERVICE_H_
#define ASC_REFERRAL_SVC_REFERRAL_SERVICE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/adapter.h"
#include "referral-svc/referral_store.h"

namespace grpc {
class Service;
}

namespace asc::referral {

// `store`, `policies` and `adapter` must outlive the service. RPCs of abilities that are not served
// yet answer UNIMPLEMENTED.
std::unique_ptr<grpc::Service> NewReferralService(const ReferralStore& store,
                                                  const policy::PolicySet& policies,
                                                  rpc::Adapter& adapter);

// The policies of `folder`, each checked for wholeness. INVALID_ARGUMENT names file and field.
absl::StatusOr<std::unique_ptr<policy::PolicySet>> LoadPolicies(const std::string& folder);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_REFERRAL_SERVICE_H_
