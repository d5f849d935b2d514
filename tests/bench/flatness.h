// Whether a list costs the same however many referrals there are.

#ifndef ASC_TESTS_BENCH_FLATNESS_H_
#define ASC_TESTS_BENCH_FLATNESS_H_

#include <chrono>
#include <string>

#include "absl/status/status.h"

namespace asc::bench {

struct FlatnessOptions {
  std::string binary_dir;
  bool sqlite = true;
  bool mariadb = true;
  // Referrals of the small and of the large database.
  int small = 10000;
  int large = 1000000;
  int turns = 9;
  // Of one list in one database, in each turn.
  std::chrono::milliseconds duration{300};
};

// A list takes no more than this many times as long in the large database.
inline constexpr double kFlatMax = 1.3;
// The waiting list's first page takes no more than so many times as long as a plain list's.
inline constexpr double kWaitingMax = 3;

// Fills both databases of each kind, starts the service on them, lists by turns in the one and the
// other, and prints a table. FAILED_PRECONDITION: a bar was missed.
absl::Status MeasureFlatness(const FlatnessOptions& options);

}  // namespace asc::bench

#endif  // ASC_TESTS_BENCH_FLATNESS_H_
