#include "tests/support/port_block.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace asc::testing {
namespace {

// Linux hands out 32768 and above.
constexpr int kFirst = 24000;
constexpr int kBlocks = 500;
static_assert(kFirst + kBlocks * PortBlock::kSize <= 32768);

bool IsFree(int port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  // What is left of connections that have ended does not count; a listener does.
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound =
      bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(descriptor);
  return bound;
}

bool AllFree(int first) {
  for (int port = first; port < first + PortBlock::kSize; ++port) {
    if (!IsFree(port)) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PortBlock>> PortBlock::Take() {
  const std::string folder = std::filesystem::temp_directory_path().string();
  for (int block = 0; block < kBlocks; ++block) {
    const int first = kFirst + block * kSize;
    const std::string file = absl::StrCat(folder, "/asc-ports-", first, ".lock");
    // Readable by all, so that runs of several users share the machine.
    const int descriptor = open(file.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) continue;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 && AllFree(first)) {
      return std::unique_ptr<PortBlock>(new PortBlock(descriptor, first));
    }
    close(descriptor);
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("no free block of ports from ", kFirst, "; remove ", folder,
                   "/asc-ports-*.lock if they belong to another user"));
}

PortBlock::~PortBlock() { close(descriptor_); }

}  // namespace asc::testing
