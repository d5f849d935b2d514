// asc.identity.v1: who this server is, for every server alike.

#ifndef ASC_PLATFORM_RPC_IDENTITY_SERVICE_H_
#define ASC_PLATFORM_RPC_IDENTITY_SERVICE_H_

#include <memory>
#include <string>

#include "platform/policy/policy_files.h"

namespace grpc {
class Service;
}

namespace asc::rpc {

class Adapter;

// The version of all contracts under protos/, as GetIdentity states it.
inline constexpr char kContractVersion[] = "1.0";

// `policies` may be null. `services` are the full names of what is served, `abilities` the optional
// abilities claimed.
std::unique_ptr<grpc::Service> NewIdentityService(Adapter& adapter, const std::string& name,
                                                  const std::vector<std::string>& services,
                                                  const std::vector<std::string>& abilities,
                                                  const policy::PolicySet* policies);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_IDENTITY_SERVICE_H_
