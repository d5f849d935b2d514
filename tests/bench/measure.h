// Measures rows turn by turn and prints them as a table.

#ifndef ASC_TESTS_BENCH_MEASURE_H_
#define ASC_TESTS_BENCH_MEASURE_H_

#include <chrono>
#include <vector>

#include "tests/bench/rows.h"

namespace asc::bench {

struct Measuring {
  // Numbers of calls that are out at any time; one table part for each.
  std::vector<int> callers;
  // Numbers of connections; for each row the best counts.
  std::vector<int> channels;
  // The median of so many turns counts.
  int turns = 3;
  std::chrono::milliseconds duration{1000};
  // Arrivals a second on a fixed schedule; 0: closed loop.
  double rate = 0;
};

// Every turn visits every row, the first of which is what the others are compared to. Prints
// progress and the table on standard output; false when a call failed.
bool MeasureAndPrint(const std::vector<Row>& rows, const Measuring& how);

}  // namespace asc::bench

#endif  // ASC_TESTS_BENCH_MEASURE_H_
