// A program started, watched and killed by a test.

#ifndef ASC_TESTS_SUPPORT_CHILD_PROCESS_H_
#define ASC_TESTS_SUPPORT_CHILD_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace asc::testing {

// Start it from a thread that lives as long as the child shall: the kernel kills the child when
// that thread ends, so nothing is left behind however the test dies.
class ChildProcess {
 public:
  struct Options {
    // The program and its arguments; a program without a slash is looked up in PATH.
    std::vector<std::string> command;
    // Standard output and standard error are appended here.
    std::string log_file;
  };

  // NOT_FOUND: the program cannot be executed.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(const Options& options);

  // Kills a child that still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }

  // The rest of the first line this child has put out that holds `text`, from behind `text` on.
  // DEADLINE_EXCEEDED, with the end of the log, when it does not come; ABORTED when the child ends.
  absl::StatusOr<std::string> WaitForOutput(const std::string& text,
                                            std::chrono::milliseconds timeout);

  void Signal(int signal);

  // The exit code, or 128 + the number of the signal that ended it. DEADLINE_EXCEEDED: still runs.
  absl::StatusOr<int> Wait(std::chrono::milliseconds timeout);

  // SIGKILL, and waits until it is gone.
  void Kill();

  bool running();

  // What this child has put out so far.
  std::string Output() const;

 private:
  ChildProcess(const Options& options, long log_start);

  Options options_;
  long log_start_;
  pid_t pid_ = -1;
  // Set once the child has been reaped.
  bool ended_ = false;
  int exit_code_ = -1;
};

// Memory and processor time of a running process, from /proc; zeros when it is gone.
struct ProcessUse {
  long resident_kb = 0;
  // The most it ever held, or since ResetPeak.
  long peak_kb = 0;
  double cpu_seconds = 0;
  int threads = 0;
};
ProcessUse UseOf(pid_t pid);
void ResetPeak(pid_t pid);

}  // namespace asc::testing

#endif  // ASC_TESTS_SUPPORT_CHILD_PROCESS_H_
