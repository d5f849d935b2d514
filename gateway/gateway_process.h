// The whole gateway as one process runs it.

#ifndef ASC_GATEWAY_GATEWAY_PROCESS_H_
#define ASC_GATEWAY_GATEWAY_PROCESS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gateway/workflow_runner.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/server.h"

namespace asc::gateway {

struct GatewayOptions {
  std::string database;
  // Folders: the authorities' workflow policies, and their endpoints.
  std::string policy;
  std::string authorities;
  // "service=host:port" items separated by semicolons, instead of the endpoints in the files.
  std::string endpoints;
  // "host:port" of the HTTP/JSON door; empty: none.
  std::string http_listen;
  // File with the key of blind indexes. Empty: the one everybody knows, in development only.
  std::string index_key;
  RunnerOptions runner;
  rpc::ServerOptions server;
};

// Serves until SIGTERM or SIGINT. An error is something missing or malformed at start; it names it.
absl::Status ServeGateway(const GatewayOptions& options);

// The policies of a folder, checked.
absl::StatusOr<std::unique_ptr<policy::PolicySet>> LoadPolicies(const std::string& folder);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_GATEWAY_PROCESS_H_
