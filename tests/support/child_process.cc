#include "tests/support/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"

namespace asc::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Short enough not to be noticed, long enough not to cost a core.
constexpr milliseconds kPoll{3};
// Of a log, when a wait for it fails.
constexpr std::size_t kLogEndBytes = 2000;
// What the child's exec failure is told with.
constexpr int kExecFailed = 127;

std::string EndOf(const std::string& text) {
  return text.size() <= kLogEndBytes ? text : text.substr(text.size() - kLogEndBytes);
}

// Only calls that are safe between fork and exec.
[[noreturn]] void BecomeProgram(char* const* argv, int log, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kExecFailed);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execvp(argv[0], argv);
  _exit(kExecFailed);
}

}  // namespace

ChildProcess::ChildProcess(const Options& options, long log_start)
    : options_(options), log_start_(log_start) {}

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(const Options& options) {
  const std::string& program = options.command.at(0);
  if (program.find('/') != std::string::npos && access(program.c_str(), X_OK) != 0) {
    return absl::NotFoundError(absl::StrCat(program, ": ", std::strerror(errno)));
  }
  const int log = open(options.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) {
    return absl::InternalError(absl::StrCat(options.log_file, ": ", std::strerror(errno)));
  }
  const long log_start = lseek(log, 0, SEEK_END);

  std::unique_ptr<ChildProcess> child(new ChildProcess(options, log_start));
  std::vector<char*> argv;
  for (std::string& argument : child->options_.command) argv.push_back(argument.data());
  argv.push_back(nullptr);

  const pid_t parent = getpid();
  child->pid_ = fork();
  if (child->pid_ == 0) BecomeProgram(argv.data(), log, parent);
  close(log);
  if (child->pid_ < 0) {
    child->ended_ = true;
    return absl::ResourceExhaustedError(absl::StrCat("fork: ", std::strerror(errno)));
  }
  return child;
}

ChildProcess::~ChildProcess() { Kill(); }

absl::StatusOr<std::string> ChildProcess::WaitForOutput(const std::string& text,
                                                        milliseconds timeout) {
  const auto until = steady_clock::now() + timeout;
  while (true) {
    // Looked at before the output, so that the last words of a child that ended are still read.
    const bool alive = running();
    const std::string output = Output();
    const std::size_t at = output.find(text);
    const std::size_t end = at == std::string::npos ? at : output.find('\n', at);
    if (end != std::string::npos) {
      return output.substr(at + text.size(), end - at - text.size());
    }
    if (!alive) {
      return absl::AbortedError(absl::StrCat(options_.command[0], " ended with ", exit_code_,
                                             " before it said \"", text, "\": ", EndOf(output)));
    }
    if (steady_clock::now() > until) {
      return absl::DeadlineExceededError(absl::StrCat(options_.command[0], " did not say \"", text,
                                                      "\" in time: ", EndOf(output)));
    }
    std::this_thread::sleep_for(kPoll);
  }
}

void ChildProcess::Signal(int signal) {
  if (running()) kill(pid_, signal);
}

bool ChildProcess::running() {
  if (ended_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  ended_ = true;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return false;
}

absl::StatusOr<int> ChildProcess::Wait(milliseconds timeout) {
  const auto until = steady_clock::now() + timeout;
  while (running()) {
    if (steady_clock::now() > until) {
      return absl::DeadlineExceededError(absl::StrCat(options_.command[0], " still runs"));
    }
    std::this_thread::sleep_for(kPoll);
  }
  return exit_code_;
}

void ChildProcess::Kill() {
  if (!running()) return;
  kill(pid_, SIGKILL);
  while (running()) std::this_thread::sleep_for(kPoll);
}

std::string ChildProcess::Output() const {
  std::ifstream file(options_.log_file);
  file.seekg(log_start_);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

ProcessUse UseOf(pid_t pid) {
  ProcessUse use;
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(status, line);) {
    std::istringstream words(line);
    std::string name;
    long value = 0;
    words >> name >> value;
    if (name == "VmRSS:") use.resident_kb = value;
    if (name == "VmHWM:") use.peak_kb = value;
    if (name == "Threads:") use.threads = static_cast<int>(value);
  }
  std::ifstream stat(absl::StrCat("/proc/", pid, "/stat"));
  std::string text;
  std::getline(stat, text);
  // The program's name stands in brackets and may hold anything; what counts comes behind it.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return use;
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  // Field 14 and 15 of the whole line: user and system time.
  for (int number = 3; number <= 15 && fields >> field; ++number) {
    if (number >= 14) {
      use.cpu_seconds += std::stod(field) / static_cast<double>(sysconf(_SC_CLK_TCK));
    }
  }
  return use;
}

void ResetPeak(pid_t pid) { std::ofstream(absl::StrCat("/proc/", pid, "/clear_refs")) << "5"; }

}  // namespace asc::testing
