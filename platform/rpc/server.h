// Runs a service until it is told to stop.

#ifndef ASC_PLATFORM_RPC_SERVER_H_
#define ASC_PLATFORM_RPC_SERVER_H_

#include <grpcpp/impl/service_type.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "platform/db/database.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/adapter.h"

namespace asc::rpc {

struct ServerOptions {
  // "host:port"; port 0 takes a free one.
  std::string listen = "localhost:0";
  // "host:port" for Prometheus /metrics over HTTP; empty: none. Port 0 takes a free one.
  std::string metrics_listen;
  // The server's name in identity, log and metrics, for example "counter-svc".
  std::string name;
  // Optional abilities that GetIdentity claims, as the contracts name them.
  std::vector<std::string> abilities;
  // Reflection and channelz: on in development, by flag in production.
  bool reflection = false;
  AdapterOptions adapter;
};

// One running server: health, identity, events and, by flag, reflection stand beside the services.
class Server {
 public:
  using MakeService = std::function<std::unique_ptr<grpc::Service>(Adapter&)>;

  // Starts listening. `database` and `policies` may be null. INVALID_ARGUMENT: the address cannot
  // be listened on.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       db::Database* database,
                                                       const policy::PolicySet* policies,
                                                       const std::vector<MakeService>& services);
  virtual ~Server() = default;

  // The port that is listened on.
  virtual int port() const = 0;
  virtual int metrics_port() const = 0;
  // Not-serving, drain, finish what was accepted.
  virtual void Stop() = 0;
};

// What a server's main adds to its life.
struct ServerHooks {
  // The port is open; an error ends the server.
  std::function<absl::Status(const Server& server)> started;
  // The signal to stop has come; runs before the drain.
  std::function<void()> stopping;
};

// Starts, prints "<name> listening on port N" (and the metrics port) to standard output, waits for
// SIGTERM or SIGINT, drains, returns OK.
absl::Status ServeUntilSignalled(const ServerOptions& options, db::Database* database,
                                 const policy::PolicySet* policies,
                                 const std::vector<Server::MakeService>& services,
                                 const ServerHooks& hooks = {});

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_SERVER_H_
