#include "tests/demo/demo.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "platform/status/macros.h"
#include "tests/contacts/contact_cases.h"
#include "tests/demo/player.h"
#include "tests/support/suite.h"

namespace asc::demo {
namespace {

using testing::Program;
using testing::Suite;
namespace fs = std::filesystem;

// What people call the authorities stands beside their endpoints.
constexpr char kNamesFolder[] = "gateway/authorities";

absl::StatusOr<std::unique_ptr<Suite>> StartSuite(const DemoOptions& demo) {
  if (demo.database != "sqlite" && demo.database != "mysql") {
    return absl::InvalidArgumentError("--database: sqlite or mysql");
  }
  testing::SuiteOptions options;
  options.folder = demo.folder;
  options.binary_dir = demo.binary_dir;
  options.metrics = demo.keep;
  options.database =
      demo.database == "mysql" ? testing::SuiteDatabase::kMariaDb : testing::SuiteDatabase::kSqlite;
  // Only what an earlier demo left is removed, never a folder that was meant for something else.
  if (fs::exists(options.folder) && !fs::is_empty(options.folder) &&
      !fs::exists(options.folder + "/referral-svc.log")) {
    return absl::FailedPreconditionError(
        absl::StrCat("--folder=", options.folder, ": not empty, and not a demo's"));
  }
  fs::remove_all(options.folder);
  return Suite::Start(options);
}

// Plays everything; not OK when anything differs.
absl::Status PlayAll(const DemoOptions& demo, const Suite& suite) {
  ASC_TRY_ASSIGN(const auto cases, tests::contacts::LoadCases(demo.contacts));
  ASC_TRY_ASSIGN(auto names, LoadNames(kNamesFolder));
  const auto caller =
      testing::NewCaller(suite, demo.grpc ? testing::Transport::kGrpc : testing::Transport::kHttp);
  int different = 0;
  for (const auto& contact_case : cases) {
    const Played played = Play(contact_case, names[contact_case.request().authority()], *caller);
    if (!demo.brief || !played.differences.empty()) std::cout << "\n" << played.told;
    for (const std::string& difference : played.differences) {
      std::cout << "  DIFFERENT FROM THE PROCEDURE: " << difference << "\n";
    }
    if (!played.differences.empty()) ++different;
  }
  std::cout << "\n"
            << cases.size() << " contacts played over " << (demo.grpc ? "gRPC" : "HTTP/JSON")
            << " on " << demo.database << ", " << cases.size() - static_cast<std::size_t>(different)
            << " as the procedures demand, " << different << " different\n";
  if (different > 0) return absl::InternalError("not as the procedures demand");
  return absl::OkStatus();
}

void TellHowToTry(const DemoOptions& demo, const Suite& suite) {
  std::cout
      << "\nAll five services go on running. Three commands to try:\n\n"
         "1. Take a contact over HTTP: somebody is in danger.\n"
         "curl -s http://"
      << suite.http_address()
      << "/v1/authorities/standard/contacts -H 'Content-Type: application/json' -d "
         "'{\"requestId\": \"my-first-contact\", \"channel\": \"CHANNEL_TELEPHONE\", \"subject\": "
         "\"SUBJECT_PERSON\", \"contacting\": {\"role\": \"CONTACTING_ROLE_OTHER\"}, \"facts\": "
         "{\"imminentDanger\": \"ANSWER_YES\"}}'\n\n"
         "2. List over gRPC what is due there now, what is due longest first.\n"
      << demo.binary_dir << "/bin/asc-call " << suite.address(Program::kGateway)
      << " asc.gateway.v1.ContactService/ListDue 'authority: \"standard\"'\n\n"
         "3. See what the gateway has done. The other services' metrics and logs are beside it.\n"
         "curl -s http://"
      << suite.metrics_address(Program::kGateway)
      << "/metrics | grep '^asc_calls_total' | grep -v ' 0$'\n\n";
  for (const Program program : testing::kPrograms) {
    std::cout << "  " << suite.LogFile(program) << "  http://" << suite.metrics_address(program)
              << "/metrics\n";
  }
  std::cout << "\nTo stop everything: kill " << getpid() << "\n";
}

absl::Status Run(const DemoOptions& demo, int done) {
  ASC_TRY_ASSIGN(const auto suite, StartSuite(demo));
  ASC_TRY(PlayAll(demo, *suite));
  if (!demo.keep) return absl::OkStatus();

  TellHowToTry(demo, *suite);
  std::cout.flush();
  // Whoever reads our output must not wait for us.
  const int null = open("/dev/null", O_RDWR);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, standard);
  const char ok = 0;
  if (write(done, &ok, 1) != 1) return absl::AbortedError("nobody waits for the demo any more");
  close(done);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  int signal = 0;
  sigwait(&stop, &signal);
  return absl::OkStatus();
}

int RunAndTell(const DemoOptions& demo, int done) {
  const absl::Status status = Run(demo, done);
  if (status.ok()) return 0;
  std::cerr << "demo: " << status << "\n";
  return 1;
}

// The services end with their parent, so to leave them running a child of ours stays behind with
// them.
int RunAndStayBehind(const DemoOptions& demo) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  int done[2];
  if (pipe(done) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    setsid();
    close(done[0]);
    // Before there are threads, so that all of them leave these two to sigwait.
    sigprocmask(SIG_BLOCK, &stop, nullptr);
    return RunAndTell(demo, done[1]);
  }
  close(done[1]);
  char ok = 1;
  return read(done[0], &ok, 1) == 1 ? ok : 1;
}

}  // namespace

int RunDemo(const DemoOptions& options) {
  return options.keep ? RunAndStayBehind(options) : RunAndTell(options, -1);
}

}  // namespace asc::demo
