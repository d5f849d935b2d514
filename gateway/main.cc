// The gateway: flags, wiring, nothing else.

#include <unistd.h>

#include <cstdio>
#include <string>

#include "absl/flags/flag.h"
#include "gateway/gateway_process.h"
#include "platform/rpc/command_line.h"

ABSL_FLAG(std::string, listen, "localhost:7100", "host:port to serve gRPC on; port 0: a free one");
ABSL_FLAG(std::string, http_listen, "", "host:port to serve HTTP/JSON on; empty: not at all");
ABSL_FLAG(std::string, metrics_listen, "", "host:port for Prometheus /metrics; empty: none");
ABSL_FLAG(std::string, database, "sqlite:gateway.db", "sqlite:PATH or mysql:PATH-TO-SETTINGS");
ABSL_FLAG(std::string, policy, "gateway/policy", "folder of the authorities' workflow policies");
ABSL_FLAG(std::string, authorities, "gateway/authorities", "folder of the authorities' endpoints");
ABSL_FLAG(std::string, endpoints, "", "service=host:port;... in place of the files' endpoints");
ABSL_FLAG(std::string, instance, "", "names this replica for its leases; empty: the host's name");
ABSL_FLAG(std::string, index_key, "",
          "file with the key of blind indexes; needed outside development");
ABSL_FLAG(bool, development_identity, false, "accept callers who only say who they are");
ABSL_FLAG(bool, reflection, false, "serve reflection and channelz");

namespace {

std::string Instance() {
  const std::string given = absl::GetFlag(FLAGS_instance);
  char host[256] = "";
  if (!given.empty() || gethostname(host, sizeof(host) - 1) != 0) return given;
  return host;
}

}  // namespace

int main(int argc, char** argv) {
  asc::rpc::ParseFlags(argc, argv, "Handles contacts over gRPC and HTTP/JSON.");
  asc::gateway::GatewayOptions options{.database = absl::GetFlag(FLAGS_database),
                                       .policy = absl::GetFlag(FLAGS_policy),
                                       .authorities = absl::GetFlag(FLAGS_authorities),
                                       .endpoints = absl::GetFlag(FLAGS_endpoints),
                                       .http_listen = absl::GetFlag(FLAGS_http_listen),
                                       .index_key = absl::GetFlag(FLAGS_index_key)};
  options.runner.instance = Instance();
  options.server = {.listen = absl::GetFlag(FLAGS_listen),
                    .metrics_listen = absl::GetFlag(FLAGS_metrics_listen),
                    .name = "gateway",
                    .reflection = absl::GetFlag(FLAGS_reflection)};
  options.server.adapter.development_identity = absl::GetFlag(FLAGS_development_identity);
  const absl::Status status = asc::gateway::ServeGateway(options);
  if (!status.ok()) std::fprintf(stderr, "gateway: %s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
