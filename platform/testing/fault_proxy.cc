#include "platform/testing/fault_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <utility>

namespace asc::testing {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

bool SendAll(int to, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(to, data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool ReadAll(int from, char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t got = recv(from, data, size, 0);
    if (got <= 0) return false;
    data += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

// One packet: three bytes of length, one of sequence, the content.
bool ReadPacket(int from, std::string& packet) {
  constexpr std::size_t kHead = 4;
  packet.resize(kHead);
  if (!ReadAll(from, packet.data(), kHead)) return false;
  const auto byte = [&packet](int i) { return static_cast<unsigned char>(packet[i]); };
  const std::size_t length = byte(0) | byte(1) << 8 | byte(2) << 16;
  packet.resize(kHead + length);
  return ReadAll(from, packet.data() + kHead, length);
}

}  // namespace

struct FaultProxy::Session {
  int client = -1;
  int server = -1;
  // The server's next answer is not passed on.
  std::atomic<bool> swallow{false};
  std::thread to_server;
  std::thread to_client;

  void Cut() {
    shutdown(client, SHUT_RDWR);
    shutdown(server, SHUT_RDWR);
  }
  ~Session() {
    Cut();
    if (to_server.joinable()) to_server.join();
    if (to_client.joinable()) to_client.join();
    close(client);
    close(server);
  }
};

FaultProxy::FaultProxy(int target_port) : target_port_(target_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

FaultProxy::~FaultProxy() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  CutAll();
  sessions_.clear();
}

void FaultProxy::Accept() {
  while (true) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (stopping_ || client < 0) {
      if (client >= 0) close(client);
      return;
    }
    if (refuse_) {
      close(client);
      continue;
    }
    auto session = std::make_unique<Session>();
    session->client = client;
    session->server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(target_port_);
    if (connect(session->server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) !=
        0) {
      continue;
    }
    const int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(session->server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    Session& started = *session;
    started.to_server = std::thread([this, &started] { PassToServer(started); });
    started.to_client = std::thread([this, &started] { PassToClient(started); });
    sessions_.push_back(std::move(session));
  }
}

void FaultProxy::PassToServer(Session& session) {
  std::string packet;
  while (ReadPacket(session.client, packet)) {
    static const std::string kCommit =
        "\x03"
        "COMMIT";
    const int action = packet.substr(4) == kCommit ? NextCommit() : 0;
    if (action == static_cast<int>(Cut::kBeforeServer) + 1) break;
    if (action == static_cast<int>(Cut::kAfterServer) + 1) session.swallow = true;
    if (!SendAll(session.server, packet.data(), packet.size())) break;
  }
  session.Cut();
}

void FaultProxy::PassToClient(Session& session) {
  char buffer[16384];
  while (true) {
    const ssize_t got = recv(session.server, buffer, sizeof(buffer), 0);
    if (got <= 0 || session.swallow) break;
    if (!SendAll(session.client, buffer, static_cast<std::size_t>(got))) break;
  }
  session.Cut();
}

int FaultProxy::NextCommit() {
  const std::lock_guard lock(mutex_);
  ++commits_;
  if (commits_ != cut_at_) return 0;
  ++cuts_;
  return static_cast<int>(cut_) + 1;
}

void FaultProxy::CutCommit(Cut cut, int n) {
  const std::lock_guard lock(mutex_);
  cut_ = cut;
  cut_at_ = commits_ + n;
}

void FaultProxy::CutAll() {
  const std::lock_guard lock(mutex_);
  for (const auto& session : sessions_) session->Cut();
}

void FaultProxy::Refuse(bool refuse) {
  const std::lock_guard lock(mutex_);
  refuse_ = refuse;
  if (!refuse) return;
  for (const auto& session : sessions_) session->Cut();
}

int FaultProxy::commits() const {
  const std::lock_guard lock(mutex_);
  return commits_;
}

int FaultProxy::cuts() const {
  const std::lock_guard lock(mutex_);
  return cuts_;
}

}  // namespace asc::testing
