// What the benchmark measures: rows of a table, each a call to one running server.

#ifndef ASC_TESTS_BENCH_ROWS_H_
#define ASC_TESTS_BENCH_ROWS_H_

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/load.h"
#include "tests/support/child_process.h"
#include "tests/support/suite.h"

namespace asc::bench {

struct Row {
  // For example "GetReferral, sqlite".
  std::string name;
  Target target;
  // Whose processor time and memory count as the server's.
  std::vector<pid_t> servers;
  // Of the bare no-op at 64 callers, as agreed; 0: none was.
  double ratio_min = 0;
};

// Every server the rows need, started once and kept until the end.
class Servers {
 public:
  struct Options {
    std::string binary_dir = "build/release";
    bool sqlite = true;
    bool mariadb = true;
    // Referrals that are there before anything is read.
    int records = 10000;
  };

  // Starts everything and fills the databases; says what it does on standard output.
  static absl::StatusOr<std::unique_ptr<Servers>> Start(const Options& options);

  // The rows whose name holds `only`, behind the bare no-op, which is always there.
  std::vector<Row> Rows(const std::string& only) const;

 private:
  absl::Status StartNoOp(const Options& options);
  absl::Status StartSuite(const Options& options, testing::SuiteDatabase kind);

  std::vector<std::unique_ptr<testing::ChildProcess>> no_op_;
  std::vector<std::unique_ptr<testing::Suite>> suites_;
  std::vector<Row> rows_;
};

}  // namespace asc::bench

#endif  // ASC_TESTS_BENCH_ROWS_H_
