// Callers that keep their connection and say nothing cost the gateway no threads and little memory.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/suite.h"

namespace asc::testing {
namespace {

constexpr int kConnections = 10000;
// What this process needs for itself.
constexpr int kOwnDescriptors = 200;
// Socket object, timer, and the parser and buffer of the request that came last.
constexpr long kBytesEachMax = 16384;
constexpr char kRequest[] = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

// One connection that stays open.
class Line {
 public:
  explicit Line(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    // Far longer than anything here should take: only a hang meets it.
    const timeval timeout{.tv_sec = 30, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  }
  ~Line() {
    if (fd_ >= 0) close(fd_);
  }
  Line(Line&& other) noexcept : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_) {}
  Line& operator=(Line&&) = delete;

  bool connected() const { return connected_; }

  // Whether a request is answered, as it is on a fresh connection.
  bool Answers() {
    if (send(fd_, kRequest, sizeof kRequest - 1, MSG_NOSIGNAL) < 0) return false;
    std::string answer;
    char buffer[4096];
    while (answer.find("SERVING") == std::string::npos) {
      const auto n = recv(fd_, buffer, sizeof buffer, 0);
      if (n <= 0) return false;
      answer.append(buffer, static_cast<std::size_t>(n));
    }
    return answer.rfind("HTTP/1.1 200", 0) == 0;
  }

 private:
  int fd_;
  bool connected_ = false;
};

// As many as are promised, unless the system allows this process fewer descriptors.
int ConnectionsAllowed() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const auto allowed = static_cast<long>(std::min<rlim_t>(limit.rlim_max, 1 << 20));
  const int count = static_cast<int>(std::min<long>(kConnections, allowed - kOwnDescriptors));
  if (count < kConnections) {
    std::cout << "only " << count << " connections are tried: this system allows a process "
              << allowed << " descriptors\n";
  }
  return count;
}

TEST(IdleConnections, CostNoThreadsAndLittleMemory) {
  const int count = ConnectionsAllowed();
  ASSERT_GT(count, 0);
  const auto suite = Suite::Start({});
  ASSERT_TRUE(suite.ok()) << suite.status();
  const std::string& address = (*suite)->http_address();
  const int port = std::atoi(address.substr(address.rfind(':') + 1).c_str());
  const pid_t gateway = (*suite)->process(Program::kGateway).pid();
  ASSERT_TRUE(Line(port).Answers());
  const ProcessUse before = UseOf(gateway);

  std::vector<Line> lines;
  lines.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    lines.emplace_back(port);
    ASSERT_TRUE(lines.back().connected()) << "connection " << i;
    // Kept alive by a request that has been answered, as a caller's own pool would.
    ASSERT_TRUE(lines.back().Answers()) << "connection " << i;
  }

  const ProcessUse after = UseOf(gateway);
  const long bytes_each = (after.resident_kb - before.resident_kb) * 1024 / count;
  std::cout << count << " idle connections: " << before.threads << " threads before, "
            << after.threads << " after; " << bytes_each << " bytes each\n";
  // gRPC's own pool may grow or shrink by a few whatever happens.
  EXPECT_LE(after.threads, before.threads + 4);
  EXPECT_LT(bytes_each, kBytesEachMax);
  EXPECT_TRUE(Line(port).Answers()) << "a new connection beside them";
  EXPECT_TRUE(lines.front().Answers()) << "the first of them, again";
  EXPECT_TRUE(lines.back().Answers()) << "the last of them, again";
}

}  // namespace
}  // namespace asc::testing
