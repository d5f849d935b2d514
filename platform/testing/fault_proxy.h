// A TCP proxy that cuts connections to a MySQL-protocol server at chosen moments.

#ifndef ASC_PLATFORM_TESTING_FAULT_PROXY_H_
#define ASC_PLATFORM_TESTING_FAULT_PROXY_H_

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace asc::testing {

// Listens on a free loopback port and passes everything on to 127.0.0.1:target_port, without TLS.
// Thread-safe.
class FaultProxy {
 public:
  enum class Cut {
    kBeforeServer,  // The COMMIT does not reach the server.
    kAfterServer,   // The server has answered the COMMIT; the answer does not reach the client.
  };

  explicit FaultProxy(int target_port);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  int port() const { return port_; }

  // Cuts the connection of the n-th COMMIT from now (1 is the next).
  void CutCommit(Cut cut, int n = 1);
  // Cuts every connection now.
  void CutAll();
  // While true, new connections are closed at once and those open are cut.
  void Refuse(bool refuse);

  int commits() const;  // COMMITs seen.
  int cuts() const;     // COMMITs cut.

 private:
  struct Session;

  void Accept();
  void PassToServer(Session& session);
  void PassToClient(Session& session);
  // What to do with the COMMIT that has just come: 0 pass, else a Cut + 1.
  int NextCommit();

  const int target_port_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  bool stopping_ = false;
  bool refuse_ = false;
  int commits_ = 0;
  int cuts_ = 0;
  int cut_at_ = 0;
  Cut cut_ = Cut::kBeforeServer;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::thread acceptor_;
};

}  // namespace asc::testing

#endif  // ASC_PLATFORM_TESTING_FAULT_PROXY_H_
