// What the benchmark measures: rows of a table, each a call to one running server.

#ifndef ASC_TESTS_BENCH_ROWS_H_
#define ASC_TESTS_BENCH_ROWS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/load.h"
#include "tests/support/child_process.h"
#include "tests/support/suite.h"

namespace asc::bench {

// What a row has to reach, as agreed; zeros: nothing was.
struct Bar {
  // Of the rate of the row with this name; empty: of the first row's.
  double ratio = 0;
  std::string against = {};
  // Calls a second.
  double rate = 0;
  // Calls that are out at any time when it is judged.
  int callers = 64;
};

struct Row {
  // For example "GetReferral, SQLite".
  std::string name;
  Target target;
  // Whose processor time and memory count as the server's.
  std::vector<pid_t> servers;
  Bar bar = {};
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

  // The rows whose name holds `only` and those they are compared to, behind the bare no-op, which
  // is always there.
  std::vector<Row> Rows(const std::string& only) const;

 private:
  absl::Status StartNoOp(const Options& options);
  absl::Status StartSuite(const Options& options, testing::SuiteDatabase kind);
  absl::Status AddRows(testing::Suite& suite, const std::string& database);

  std::vector<std::unique_ptr<testing::ChildProcess>> no_op_;
  std::vector<std::unique_ptr<testing::Suite>> suites_;
  std::vector<Row> rows_;
};

}  // namespace asc::bench

#endif  // ASC_TESTS_BENCH_ROWS_H_
