// Answers asc.advocacy.v1.AdvocacyService.

#ifndef ASC_ADVOCACY_SVC_ADVOCACY_SERVICE_H_
#define ASC_ADVOCACY_SVC_ADVOCACY_SERVICE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "advocacy-svc/advocacy_store.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/adapter.h"

namespace grpc {
class Service;
}

namespace asc::advocacy {

// All three must outlive the service. RPCs of abilities that are not served yet answer
// UNIMPLEMENTED.
std::unique_ptr<grpc::Service> NewAdvocacyService(const AdvocacyStore& store,
                                                  const policy::PolicySet& policies,
                                                  rpc::Adapter& adapter);

// The policies of `folder`, each checked for wholeness. INVALID_ARGUMENT names file and field.
absl::StatusOr<std::unique_ptr<policy::PolicySet>> LoadPolicies(const std::string& folder);

}  // namespace asc::advocacy

#endif  // ASC_ADVOCACY_SVC_ADVOCACY_SERVICE_H_
