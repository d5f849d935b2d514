// Answers asc.gateway.v1.ContactService.

#ifndef ASC_GATEWAY_GATEWAY_SERVICE_H_
#define ASC_GATEWAY_GATEWAY_SERVICE_H_

#include "gateway/journal_store.h"
#include "gateway/workflow_runner.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/server.h"

namespace asc::gateway {

// The maker that rpc::Server::Start wants. All three outlive the server.
rpc::Server::MakeService NewContactService(const JournalStore& store,
                                           const policy::PolicySet& policies,
                                           WorkflowRunner& runner);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_GATEWAY_SERVICE_H_
