#include "tests/support/suite.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "platform/status/macros.h"

namespace asc::testing {
namespace {

using std::chrono::milliseconds;
namespace fs = std::filesystem;

// A debug build on a busy machine, migrating an empty MariaDB, needs a few seconds.
constexpr milliseconds kStartTimeout{60000};
// A service drains for 20 s at most.
constexpr milliseconds kStopTimeout{30000};

// Where in the suite's block the programs listen: each at its own number, then these.
constexpr int kFirstMetricsPort = static_cast<int>(kPrograms.size());
constexpr int kHttpPort = 2 * kFirstMetricsPort;
static_assert(kHttpPort < PortBlock::kSize);

// The service's key among the endpoints of an authority.
std::string KeyOf(Program program) {
  const std::string name = NameOf(program);
  return name.substr(0, name.find("-svc"));
}

std::string BinaryDir(const SuiteOptions& options) {
  if (!options.binary_dir.empty()) return options.binary_dir;
  const char* from_environment = std::getenv("ASC_BINARY_DIR");
  return from_environment == nullptr ? "build/dev" : from_environment;
}

// "localhost:PORT" of the port a program has told on a line with these words.
absl::StatusOr<std::string> AddressTold(ChildProcess& process, const std::string& words) {
  ASC_TRY_ASSIGN(const std::string port, process.WaitForOutput(words, kStartTimeout));
  return absl::StrCat("localhost:", std::atoi(port.c_str()));
}

}  // namespace

std::string NameOf(Program program) {
  switch (program) {
    case Program::kReferral:
      return "referral-svc";
    case Program::kAdvocacy:
      return "advocacy-svc";
    case Program::kFunding:
      return "funding-svc";
    case Program::kDirectory:
      return "directory-svc";
    case Program::kGateway:
      break;
  }
  return "gateway";
}

Suite::Suite(const SuiteOptions& options) : options_(options) {}

absl::StatusOr<std::unique_ptr<Suite>> Suite::Start(const SuiteOptions& options) {
  std::unique_ptr<Suite> suite(new Suite(options));
  ASC_TRY(suite->Prepare());
  // The gateway is told the addresses of the others, so it comes last.
  for (const Program program : options.services) ASC_TRY(suite->Launch(program));
  for (const Program program : options.services) ASC_TRY(suite->Await(program));
  ASC_TRY(suite->Restart(Program::kGateway));
  return suite;
}

absl::Status Suite::Prepare() {
  ASC_TRY_ASSIGN(ports_, PortBlock::Take());
  if (options_.folder.empty()) {
    std::string pattern = (fs::temp_directory_path() / "asc-suite-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return absl::InternalError("no temporary folder");
    folder_ = pattern;
    remove_folder_ = true;
  } else {
    fs::create_directories(options_.folder);
    folder_ = fs::absolute(options_.folder).string();
  }
  if (options_.database == SuiteDatabase::kSqlite) return absl::OkStatus();
  MariaDbServer::Options server;
  server.base_folder = options_.mariadb_base;
  ASC_TRY_ASSIGN(mariadb_, MariaDbServer::Start(server));
  for (const Program program : Programs()) {
    ASC_TRY_ASSIGN(credentials_[program], mariadb_->NewDatabase());
  }
  return absl::OkStatus();
}

Suite::~Suite() {
  // The gateway first: nobody is left to miss the service it calls.
  running_.erase(Program::kGateway);
  running_.clear();
  mariadb_.reset();
  std::error_code ignored;
  if (remove_folder_) fs::remove_all(folder_, ignored);
}

std::vector<Program> Suite::Programs() const {
  std::vector<Program> programs = options_.services;
  programs.push_back(Program::kGateway);
  return programs;
}

std::string Suite::DatabaseOf(Program program) const {
  if (mariadb_ != nullptr) return absl::StrCat("mysql:", credentials_.at(program));
  return absl::StrCat("sqlite:", folder_, "/", NameOf(program), ".db");
}

std::string Suite::LogFile(Program program) const {
  return absl::StrCat(folder_, "/", NameOf(program), ".log");
}

std::vector<std::string> Suite::CommandOf(Program program) const {
  const int index = static_cast<int>(program);
  const auto at = [this](int port) { return absl::StrCat("localhost:", ports_->port(port)); };
  std::vector<std::string> command = {
      absl::StrCat(BinaryDir(options_), "/bin/", NameOf(program)),
      absl::StrCat("--listen=", at(index)),
      absl::StrCat("--database=", DatabaseOf(program)),
      absl::StrCat("--policy=", NameOf(program), "/policy"),
      "--development_identity",
      "--reflection",
  };
  if (options_.metrics) {
    command.push_back(absl::StrCat("--metrics_listen=", at(kFirstMetricsPort + index)));
  }
  if (program == Program::kGateway) {
    command.push_back(absl::StrCat("--http_listen=", at(kHttpPort)));
    std::string endpoints;
    for (const Program service : options_.services) {
      absl::StrAppend(&endpoints, KeyOf(service), "=", address(service), ";");
    }
    command.push_back(absl::StrCat("--endpoints=", endpoints));
  }
  const auto more = options_.flags.find(program);
  if (more != options_.flags.end()) {
    command.insert(command.end(), more->second.begin(), more->second.end());
  }
  return command;
}

absl::Status Suite::Launch(Program program) {
  ChildProcess::Options child;
  child.command = CommandOf(program);
  child.log_file = LogFile(program);
  ASC_TRY_ASSIGN(running_[program].process, ChildProcess::Start(child));
  return absl::OkStatus();
}

absl::Status Suite::Await(Program program) {
  Running& started = running_.at(program);
  ASC_TRY_ASSIGN(started.address, AddressTold(*started.process, " listening on port "));
  if (program == Program::kGateway) {
    ASC_TRY_ASSIGN(started.http, AddressTold(*started.process, " HTTP on port "));
  }
  if (options_.metrics) {
    ASC_TRY_ASSIGN(started.metrics, AddressTold(*started.process, " metrics on port "));
  }
  return absl::OkStatus();
}

absl::Status Suite::Restart(Program program) {
  ASC_TRY(Launch(program));
  return Await(program);
}

void Suite::Kill(Program program) { process(program).Kill(); }

absl::StatusOr<int> Suite::Stop(Program program) {
  process(program).Signal(SIGTERM);
  return process(program).Wait(kStopTimeout);
}

std::shared_ptr<grpc::Channel> Suite::NewChannel(Program program) const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // A killed server is back within a second; the default back-off would sleep through that.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 250);
  return grpc::CreateCustomChannel(address(program), grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace asc::testing
