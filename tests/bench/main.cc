// The benchmark: flags, wiring, nothing else.

#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "platform/rpc/command_line.h"
#include "tests/bench/measure.h"
#include "tests/bench/rows.h"

using Words = std::vector<std::string>;

ABSL_FLAG(std::string, binary_dir, "build/release", "the build whose servers are measured");
ABSL_FLAG(bool, sqlite, true, "measure on SQLite");
ABSL_FLAG(bool, mariadb, true, "measure on MariaDB");
ABSL_FLAG(int, records, 10000, "referrals that are there before anything is read");
ABSL_FLAG(std::vector<std::string>, callers, (Words{"1", "16", "64"}),
          "numbers of calls that are out at any time");
ABSL_FLAG(std::vector<std::string>, channels, (Words{"1", "2", "4"}),
          "numbers of connections; the best of them counts");
ABSL_FLAG(int, turns, 3, "how often each row is measured; the median counts");
ABSL_FLAG(int, milliseconds, 1000, "how long one turn of one row is measured");
ABSL_FLAG(std::string, only, "", "measure only rows whose name holds this text");
ABSL_FLAG(double, rate, 0, "arrivals a second on a fixed schedule instead of a closed loop");

namespace {

std::vector<int> Numbers(const Words& words) {
  std::vector<int> numbers;
  for (const std::string& word : words) numbers.push_back(std::stoi(word));
  return numbers;
}

}  // namespace

int main(int argc, char** argv) {
  asc::rpc::ParseFlags(argc, argv, "Measures calls against services it starts itself.");
  const auto servers = asc::bench::Servers::Start({.binary_dir = absl::GetFlag(FLAGS_binary_dir),
                                                   .sqlite = absl::GetFlag(FLAGS_sqlite),
                                                   .mariadb = absl::GetFlag(FLAGS_mariadb),
                                                   .records = absl::GetFlag(FLAGS_records)});
  if (!servers.ok()) {
    std::cerr << servers.status() << "\n";
    return 1;
  }
  const bool clean = asc::bench::MeasureAndPrint(
      (*servers)->Rows(absl::GetFlag(FLAGS_only)),
      {.callers = Numbers(absl::GetFlag(FLAGS_callers)),
       .channels = Numbers(absl::GetFlag(FLAGS_channels)),
       .turns = absl::GetFlag(FLAGS_turns),
       .duration = std::chrono::milliseconds(absl::GetFlag(FLAGS_milliseconds)),
       .rate = absl::GetFlag(FLAGS_rate)});
  return clean ? 0 : 1;
}
