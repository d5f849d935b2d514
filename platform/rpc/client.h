// Calls to other servers: bytes in, bytes out, so that a retry resends exactly what was recorded.

#ifndef ASC_PLATFORM_RPC_CLIENT_H_
#define ASC_PLATFORM_RPC_CLIENT_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace asc::rpc {

// One endpoint (a comma-separated list of host:port, or a DNS name) with round_robin over its
// addresses. Thread-safe; keep it, channels are costly to make. It must live until `done` has
// been called for each of its calls, and must not end on the thread that calls it.
class Client {
 public:
  virtual ~Client() = default;

  struct CallOptions {
    std::chrono::milliseconds timeout{10000};
    // Sent as metadata: identity in development, correlation ids.
    std::map<std::string, std::string> metadata;
  };

  // Calls "/package.Service/Method" and gives the answer's bytes, or the status with its details,
  // to `done`, on a gRPC thread: it must not block.
  virtual void Call(const std::string& method, const std::string& request_bytes,
                    const CallOptions& options,
                    std::function<void(absl::StatusOr<std::string>)> done) = 0;
};

std::unique_ptr<Client> NewClient(const std::string& endpoint);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_CLIENT_H_
