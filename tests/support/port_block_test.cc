#include "tests/support/port_block.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <set>

namespace asc::testing {
namespace {

TEST(PortBlockTest, TwoHoldersShareNoPort) {
  const auto one = PortBlock::Take();
  const auto other = PortBlock::Take();
  ASSERT_TRUE(one.ok()) << one.status();
  ASSERT_TRUE(other.ok()) << other.status();
  std::set<int> ports;
  for (int index = 0; index < PortBlock::kSize; ++index) {
    EXPECT_TRUE(ports.insert((*one)->port(index)).second);
    EXPECT_TRUE(ports.insert((*other)->port(index)).second);
  }
}

// Listens on a port of the loopback while it lives.
class Listener {
 public:
  explicit Listener(int port) : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;  // what is left of connections that have ended does not hinder
    setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listens_ =
        bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
        listen(descriptor_, 1) == 0;
  }
  ~Listener() { close(descriptor_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  bool listens() const { return listens_; }

 private:
  const int descriptor_;
  bool listens_ = false;
};

TEST(PortBlockTest, LeavesOutABlockInWhichSomebodyListens) {
  auto held = PortBlock::Take();
  ASSERT_TRUE(held.ok()) << held.status();
  const int first = (*held)->port(0);
  const Listener listener((*held)->port(3));
  ASSERT_TRUE(listener.listens());
  held->reset();
  const auto next = PortBlock::Take();
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_NE((*next)->port(0), first);
}

}  // namespace
}  // namespace asc::testing
