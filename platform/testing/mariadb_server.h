// A private MariaDB server for tests.

#ifndef ASC_PLATFORM_TESTING_MARIADB_SERVER_H_
#define ASC_PLATFORM_TESTING_MARIADB_SERVER_H_

#include <sys/types.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/db/private_folder.h"

namespace asc::testing {

// Runs on a socket and a free loopback port, over a folder of its own, as user mysql when the test
// is root. It dies with the thread that started it, even when that is killed; start it from main's.
class MariaDbServer {
 public:
  struct Options {
    // Where the data lie; the default is a RAM disk where there is one.
    std::string base_folder;
    // More arguments for the server.
    std::vector<std::string> arguments;
  };

  // NOT_FOUND: MariaDB is not installed.
  static absl::StatusOr<std::unique_ptr<MariaDbServer>> Start(const Options& options);
  static absl::StatusOr<std::unique_ptr<MariaDbServer>> Start() { return Start(Options()); }

  // The one server that the tests of this process share, started at the first call. Whoever kills
  // or stops it starts or continues it again.
  static absl::StatusOr<MariaDbServer*> Shared();

  ~MariaDbServer();

  // Makes an empty database and gives the path of a credentials file for it, which goes through
  // `port` on 127.0.0.1 (0: the server's own; a proxy's otherwise).
  absl::StatusOr<std::string> NewDatabase(int port = 0);
  // Another credentials file for a database made before.
  std::string CredentialsFile(const std::string& database, int port = 0);
  // The database that `credentials_file` names.
  static std::string DatabaseOf(const std::string& credentials_file);

  // Runs `statement` as the administrator.
  absl::Status Execute(const std::string& statement);

  void Kill();             // SIGKILL: a crash.
  absl::Status Restart();  // After Kill; recovers first.
  void Pause();            // SIGSTOP: the server hangs.
  void Continue();

  pid_t pid() const { return pid_; }
  int port() const { return port_; }
  const std::string& socket() const { return socket_; }

 private:
  explicit MariaDbServer(const Options& options);
  absl::Status Install();
  absl::Status Launch();
  absl::Status WaitUntilReady();
  std::string LogTail() const;

  const Options options_;
  db::PrivateFolder folder_;
  std::string socket_;
  int port_ = 0;
  pid_t pid_ = -1;
  std::mutex mutex_;
  int databases_ = 0;
  int files_ = 0;
};

}  // namespace asc::testing

#endif  // ASC_PLATFORM_TESTING_MARIADB_SERVER_H_
