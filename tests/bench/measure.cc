#include "tests/bench/measure.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <iostream>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_format.h"
#include "tests/support/child_process.h"

namespace asc::bench {
namespace {

// One turn of one row.
struct Reading {
  Outcome outcome;
  double server_cpu_seconds = 0;
  long peak_kb = 0;
};

Reading Measure(const Row& row, Connections& connections, const Plan& plan,
                std::atomic<std::uint64_t>& next_request) {
  Reading reading;
  const auto cpu = [&row] {
    double seconds = 0;
    for (const pid_t pid : row.servers) seconds += testing::UseOf(pid).cpu_seconds;
    return seconds;
  };
  reading.outcome = Run(row.target, connections, plan, next_request, [&](bool begins) {
    if (begins) {
      for (const pid_t pid : row.servers) testing::ResetPeak(pid);
      reading.server_cpu_seconds = -cpu();
      return;
    }
    reading.server_cpu_seconds += cpu();
    for (const pid_t pid : row.servers) reading.peak_kb += testing::UseOf(pid).peak_kb;
  });
  return reading;
}

// The turns of one row at one number of callers and connections.
using Key = std::tuple<std::size_t, int, int>;
using Readings = std::map<Key, std::vector<Reading>>;

double MedianRate(const std::vector<Reading>& readings) {
  std::vector<double> rates;
  rates.reserve(readings.size());
  for (const Reading& reading : readings) rates.push_back(reading.outcome.per_second);
  std::sort(rates.begin(), rates.end());
  return rates[rates.size() / 2];
}

// The reading whose rate is the median.
const Reading& MedianReading(const std::vector<Reading>& readings) {
  const double rate = MedianRate(readings);
  return *std::min_element(readings.begin(), readings.end(), [rate](const auto& a, const auto& b) {
    return std::abs(a.outcome.per_second - rate) < std::abs(b.outcome.per_second - rate);
  });
}

// The number of connections a row is quickest with.
int BestChannels(const Readings& readings, std::size_t row, int callers,
                 const std::vector<int>& channels) {
  return *std::max_element(channels.begin(), channels.end(), [&](int a, int b) {
    return MedianRate(readings.at({row, callers, a})) < MedianRate(readings.at({row, callers, b}));
  });
}

double Milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

// What was measured at one number of callers, in the order of the rows.
struct Best {
  int channels = 0;
  const Reading* reading = nullptr;
};

// "0.50 reached", or what else the bar says; empty when it is judged at other numbers of callers.
std::string Judge(const std::vector<Row>& rows, const std::vector<Best>& best, std::size_t row,
                  int callers) {
  const Bar& bar = rows[row].bar;
  if (callers != bar.callers) return "";
  const double rate = best[row].reading->outcome.per_second;
  const auto word = [](bool reached) { return reached ? "reached" : "MISSED"; };
  if (bar.rate > 0) return absl::StrFormat("%.0f/s %s", bar.rate, word(rate >= bar.rate));
  if (bar.ratio == 0) return "";
  if (bar.against.empty()) {
    return absl::StrFormat("%.2f %s", bar.ratio,
                           word(rate >= bar.ratio * best[0].reading->outcome.per_second));
  }
  for (std::size_t other = 0; other < rows.size(); ++other) {
    if (rows[other].name != bar.against) continue;
    const double ratio = rate / best[other].reading->outcome.per_second;
    return absl::StrFormat("%.2f of %s: %.3f %s", bar.ratio, bar.against, ratio,
                           word(ratio >= bar.ratio));
  }
  return "nothing to compare with";
}

void PrintTable(const std::vector<Row>& rows, const Readings& readings,
                const std::vector<int>& callers, const std::vector<int>& channels) {
  std::cout
      << "\n| row | callers | per second | p50 ms | p99 ms | longest ms | server CPU | client "
         "CPU | us of server CPU each | peak MB | ratio to bare | bar | channels |\n"
      << "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n";
  for (const int at_once : callers) {
    std::vector<Best> best;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const int count = BestChannels(readings, row, at_once, channels);
      best.push_back({count, &MedianReading(readings.at({row, at_once, count}))});
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const Reading& reading = *best[row].reading;
      const Outcome& outcome = reading.outcome;
      std::cout << absl::StrFormat(
          "| %s | %d | %.0f | %.2f | %.2f | %.1f | %.2f | %.2f | %.0f | %.0f | %.3f | %s | %d |\n",
          rows[row].name, at_once, outcome.per_second, Milliseconds(outcome.p50),
          Milliseconds(outcome.p99), Milliseconds(outcome.longest),
          reading.server_cpu_seconds / outcome.seconds,
          outcome.client_cpu_seconds / outcome.seconds,
          reading.server_cpu_seconds * 1e6 / std::max(outcome.per_second * outcome.seconds, 1.0),
          static_cast<double>(reading.peak_kb) / 1024,
          outcome.per_second / best[0].reading->outcome.per_second, Judge(rows, best, row, at_once),
          best[row].channels);
    }
  }
}

// Takes its turn at every row; false when a call failed.
bool TakeTurn(const std::vector<Row>& rows, const Plan& plan, int channel_count,
              std::vector<std::atomic<std::uint64_t>>& next, Readings& readings) {
  bool clean = true;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto connections = Connect(rows[row].target, plan.callers, channel_count);
    Reading reading = Measure(rows[row], *connections, plan, next[row]);
    if (reading.outcome.failures > 0) {
      clean = false;
      std::cerr << rows[row].name << ": " << reading.outcome.failures
                << " calls failed: " << reading.outcome.first_failure << "\n";
    }
    readings[{row, plan.callers, channel_count}].push_back(std::move(reading));
  }
  return clean;
}

}  // namespace

bool MeasureAndPrint(const std::vector<Row>& rows, const Measuring& how) {
  // Beyond what filling the databases used.
  std::vector<std::atomic<std::uint64_t>> next(rows.size());
  for (auto& number : next) number = std::uint64_t{1} << 32;
  Readings readings;
  bool clean = true;
  for (int turn = 0; turn < how.turns; ++turn) {
    for (const int at_once : how.callers) {
      for (const int channel_count : how.channels) {
        std::cout << "turn " << turn + 1 << " of " << how.turns << ": " << at_once << " callers, "
                  << channel_count << " channels" << std::endl;
        Plan plan;
        plan.callers = at_once;
        plan.rate = how.rate;
        plan.measure = how.duration;
        clean &= TakeTurn(rows, plan, channel_count, next, readings);
      }
    }
  }
  PrintTable(rows, readings, how.callers, how.channels);
  return clean;
}

}  // namespace asc::bench
