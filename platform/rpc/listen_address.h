// Where a server listens, as a flag says it.

#ifndef ASC_PLATFORM_RPC_LISTEN_ADDRESS_H_
#define ASC_PLATFORM_RPC_LISTEN_ADDRESS_H_

#include <string>

#include "absl/status/statusor.h"

namespace asc::rpc {

struct ListenAddress {
  // A name or a number, without the brackets of an IPv6 address.
  std::string host;
  // 0: a free one.
  int port = 0;
};

// Of "host:port". INVALID_ARGUMENT: it is not that, or the port is no number from 0 to 65535, which
// the libraries beneath would take modulo 65536.
absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& text);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_LISTEN_ADDRESS_H_
