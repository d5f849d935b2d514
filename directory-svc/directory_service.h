// Answers asc.directory.v1.DirectoryService.

#ifndef ASC_DIRECTORY_SVC_DIRECTORY_SERVICE_H_
#define ASC_DIRECTORY_SVC_DIRECTORY_SERVICE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "directory-svc/directory_index.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/adapter.h"

namespace grpc {
class Service;
}

namespace asc::directory {

// `directory` and `adapter` must outlive the service. RPCs that are not served yet answer
// UNIMPLEMENTED.
std::unique_ptr<grpc::Service> NewDirectoryService(const Directory& directory,
                                                   rpc::Adapter& adapter);

// The policies of `folder`, each checked for wholeness. INVALID_ARGUMENT names file and field.
absl::StatusOr<std::unique_ptr<policy::PolicySet>> LoadPolicies(const std::string& folder);

// The entries of `folder`, checked on their own and against every policy. INVALID_ARGUMENT names
// what is wrong.
absl::StatusOr<std::unique_ptr<Directory>> LoadDirectory(const std::string& folder,
                                                         const policy::PolicySet& policies);

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_DIRECTORY_SERVICE_H_
