// The real binaries, started as child processes on data of their own: what journeys, restarts, the
// demo and the benchmark have in common.

#ifndef ASC_TESTS_SUPPORT_SUITE_H_
#define ASC_TESTS_SUPPORT_SUITE_H_

#include <grpcpp/channel.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/testing/mariadb_server.h"
#include "tests/support/child_process.h"
#include "tests/support/port_block.h"

namespace asc::testing {

enum class SuiteDatabase { kSqlite, kMariaDb };

enum class Program { kReferral, kAdvocacy, kFunding, kDirectory, kGateway };

// What the gateway calls, and those with the gateway.
inline constexpr std::array kServices = {Program::kReferral, Program::kAdvocacy, Program::kFunding,
                                         Program::kDirectory};
inline constexpr std::array kPrograms = {Program::kReferral, Program::kAdvocacy, Program::kFunding,
                                         Program::kDirectory, Program::kGateway};

// The binary, which is also the folder of the source tree that holds its policies.
std::string NameOf(Program program);

struct SuiteOptions {
  // The build to take the binaries from; empty: ASC_BINARY_DIR, else "build/dev".
  std::string binary_dir;
  SuiteDatabase database = SuiteDatabase::kSqlite;
  // Databases, logs and settings; empty: a new folder in the system's folder for such, removed at
  // the end. A folder that is given stays, with all that is in it.
  std::string folder;
  // Below which the private MariaDB keeps its data; empty: the quickest place, which may be memory.
  std::string mariadb_base;
  // The services that run beside the gateway, which is told where each of them is.
  std::vector<Program> services = {kServices.begin(), kServices.end()};
  // Each program serves its metrics too.
  bool metrics = false;
  // More flags, by program.
  std::map<Program, std::vector<std::string>> flags;
};

// Must be made and used on a thread that outlives it: children end with the thread that started
// them. Runs with the source tree as working folder.
class Suite {
 public:
  // Starts a private MariaDB when asked for, then the services side by side, then the gateway, with
  // its HTTP door. All listen on ports of the loopback that are this suite's own, also while a
  // program is down.
  static absl::StatusOr<std::unique_ptr<Suite>> Start(const SuiteOptions& options);
  ~Suite();

  // Starts a program again on the data it left. It must not be running.
  absl::Status Restart(Program program);
  // SIGKILL.
  void Kill(Program program);
  // SIGTERM; the exit code. DEADLINE_EXCEEDED: it did not end within its time to drain.
  absl::StatusOr<int> Stop(Program program);

  ChildProcess& process(Program program) { return *running_.at(program).process; }
  // "localhost:PORT"
  const std::string& address(Program program) const { return running_.at(program).address; }
  // The same of the gateway's HTTP door, and of a program's metrics.
  const std::string& http_address() const { return running_.at(Program::kGateway).http; }
  const std::string& metrics_address(Program program) const { return running_.at(program).metrics; }
  // The database as a program's flag names it.
  std::string DatabaseOf(Program program) const;
  // Null without one.
  MariaDbServer* mariadb() { return mariadb_.get(); }
  const std::string& folder() const { return folder_; }
  // Where a program's output goes.
  std::string LogFile(Program program) const;

  // A channel of its own on each call, which tries again quickly after a restart.
  std::shared_ptr<grpc::Channel> NewChannel(Program program) const;

 private:
  struct Running {
    std::unique_ptr<ChildProcess> process;
    std::string address;
    std::string http;
    std::string metrics;
  };
  explicit Suite(const SuiteOptions& options);
  absl::Status Prepare();
  // Begins to start a program; waits until it serves.
  absl::Status Launch(Program program);
  absl::Status Await(Program program);
  std::vector<std::string> CommandOf(Program program) const;
  std::vector<Program> Programs() const;

  SuiteOptions options_;
  std::string folder_;
  bool remove_folder_ = false;
  std::unique_ptr<PortBlock> ports_;
  std::unique_ptr<MariaDbServer> mariadb_;
  // The files that tell each program how to reach its database there.
  std::map<Program, std::string> credentials_;
  std::map<Program, Running> running_;
};

}  // namespace asc::testing

#endif  // ASC_TESTS_SUPPORT_SUITE_H_
