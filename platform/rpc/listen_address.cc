#include "platform/rpc/listen_address.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace asc::rpc {
namespace {

constexpr int kPortMax = 65535;

}  // namespace

absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& text) {
  const auto fault = [&text](const char* what) {
    return absl::InvalidArgumentError(absl::StrCat(text, ": ", what));
  };
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return fault("must be host:port");
  ListenAddress address;
  address.host = text.substr(0, colon);
  if (address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.find(':') != std::string::npos) {
    return fault("an IPv6 address needs brackets");
  }
  const std::string port = text.substr(colon + 1);
  const bool digits =
      std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || !absl::SimpleAtoi(port, &address.port) || address.port > kPortMax) {
    return fault("the port must be a number from 0 to 65535");
  }
  return address;
}

}  // namespace asc::rpc
