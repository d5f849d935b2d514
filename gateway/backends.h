// Which endpoint serves which authority.

#ifndef ASC_GATEWAY_BACKENDS_H_
#define ASC_GATEWAY_BACKENDS_H_

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "platform/rpc/client.h"

namespace asc::gateway {

// Thread-safe once built.
class Backends {
 public:
  // By (authority, service name).
  using Clients = std::map<std::pair<std::string, std::string>, std::shared_ptr<rpc::Client>>;

  explicit Backends(Clients clients) : clients_(std::move(clients)) {}

  // Reads every *.textproto of `folder` as asc.gateway.v1.Authority. `overrides`, by service name,
  // take the place of the endpoints in the files, for all authorities. INVALID_ARGUMENT, naming the
  // file: it is malformed, or two files are for one authority, or the folder has none.
  static absl::StatusOr<std::unique_ptr<Backends>> Load(
      const std::string& folder, const std::map<std::string, std::string>& overrides);

  // Null when no endpoint is known.
  rpc::Client* Find(const std::string& authority, const std::string& service) const;

 private:
  Clients clients_;
};

// Reads "referral=host:port" items separated by semicolons. INVALID_ARGUMENT: an item has no name
// or no address.
absl::StatusOr<std::map<std::string, std::string>> ParseEndpoints(const std::string& text);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_BACKENDS_H_
