// Answers asc.funding.v1.FundingService.

#ifndef ASC_FUNDING_SVC_FUNDING_SERVICE_H_
#define ASC_FUNDING_SVC_FUNDING_SERVICE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "funding-svc/funding_store.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/adapter.h"

namespace grpc {
class Service;
}

namespace asc::funding {

// All three must outlive the service. RPCs of abilities that are not served yet answer
// UNIMPLEMENTED.
std::unique_ptr<grpc::Service> NewFundingService(const FundingStore& store,
                                                 const policy::PolicySet& policies,
                                                 rpc::Adapter& adapter);

// The policies of `folder`, each checked for wholeness. INVALID_ARGUMENT names file and field.
absl::StatusOr<std::unique_ptr<policy::PolicySet>> LoadPolicies(const std::string& folder);

}  // namespace asc::funding

#endif  // ASC_FUNDING_SVC_FUNDING_SERVICE_H_
