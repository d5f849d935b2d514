// Whether lists are flat: flags, wiring, nothing else.

#include <iostream>

#include "absl/flags/flag.h"
#include "platform/rpc/command_line.h"
#include "tests/bench/flatness.h"

ABSL_FLAG(std::string, binary_dir, "build/release", "the build whose service is measured");
ABSL_FLAG(bool, sqlite, true, "measure on SQLite");
ABSL_FLAG(bool, mariadb, true, "measure on MariaDB");
ABSL_FLAG(int, small, 10000, "referrals of the small database");
ABSL_FLAG(int, large, 1000000, "referrals of the large database");
ABSL_FLAG(int, turns, 9, "how often each list is measured in each database; the median counts");
ABSL_FLAG(int, milliseconds, 300, "how long one turn of one list is measured");

int main(int argc, char** argv) {
  asc::rpc::ParseFlags(argc, argv, "Measures whether lists take longer in a large database.");
  const absl::Status status = asc::bench::MeasureFlatness(
      {.binary_dir = absl::GetFlag(FLAGS_binary_dir),
       .sqlite = absl::GetFlag(FLAGS_sqlite),
       .mariadb = absl::GetFlag(FLAGS_mariadb),
       .small = absl::GetFlag(FLAGS_small),
       .large = absl::GetFlag(FLAGS_large),
       .turns = absl::GetFlag(FLAGS_turns),
       .duration = std::chrono::milliseconds(absl::GetFlag(FLAGS_milliseconds))});
  if (status.ok()) return 0;
  std::cerr << status << "\n";
  return 1;
}
