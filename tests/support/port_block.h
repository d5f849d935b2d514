// Ports that stay a suite's own while its programs are down.

#ifndef ASC_TESTS_SUPPORT_PORT_BLOCK_H_
#define ASC_TESTS_SUPPORT_PORT_BLOCK_H_

#include <memory>

#include "absl/status/statusor.h"

namespace asc::testing {

// A run of neighbouring ports of the loopback, below those that the kernel hands out for port 0: a
// port of that kind would be anybody's as soon as the program that listens on it is killed, and
// the callers of a suite would then talk to another's. No two holders on one machine have the same
// block; the kernel gives it back when the process ends, however it ends.
class PortBlock {
 public:
  static constexpr int kSize = 16;

  // RESOURCE_EXHAUSTED: every block is held, or a foreign program listens in it.
  static absl::StatusOr<std::unique_ptr<PortBlock>> Take();

  ~PortBlock();
  PortBlock(const PortBlock&) = delete;
  PortBlock& operator=(const PortBlock&) = delete;

  // `index` below kSize.
  int port(int index) const { return first_ + index; }

 private:
  PortBlock(int descriptor, int first) : descriptor_(descriptor), first_(first) {}

  const int descriptor_;
  const int first_;
};

}  // namespace asc::testing

#endif  // ASC_TESTS_SUPPORT_PORT_BLOCK_H_
