// The log: whole lines, in order, escaped, none after Stop.

#include "platform/log/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace asc::log {
namespace {

// Lines written to standard error while `work` runs.
std::vector<std::string> LinesOf(const std::function<void()>& work) {
  char name[] = "/tmp/asc-log-XXXXXX";
  const int file = mkstemp(name);
  std::fflush(stderr);
  const int saved = dup(STDERR_FILENO);
  dup2(file, STDERR_FILENO);
  Start("test");
  work();
  Stop();
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(file);
  std::ifstream in(name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  unlink(name);
  return lines;
}

TEST(Log, WritesOneJsonObjectALine) {
  const auto lines = LinesOf([] {
    Line(Level::kInfo, "started").Add("port", 7101).Add("text", "a\"b\\c\n").Add("on", true);
  });
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].substr(0, 9), "{\"at\":\"20");
  const auto rest = lines[0].substr(lines[0].find("Z\"") + 2);
  EXPECT_EQ(rest, R"(,"level":"info","server":"test","event":"started","port":7101,)"
                  R"("text":"a\"b\\c\u000a","on":true})");
}

TEST(Log, KeepsLinesOfManyThreadsWhole) {
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  const auto lines = LinesOf([] {
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([t] {
        for (int i = 0; i < kEach; ++i) Line(Level::kInfo, "call").Add("thread", t).Add("i", i);
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(Dropped(), 0);
  });
  EXPECT_EQ(lines.size(), static_cast<std::size_t>(kThreads * kEach));
  std::vector<int> next(kThreads);
  for (const auto& line : lines) {
    ASSERT_EQ(line.back(), '}') << line;
    const int thread = std::atoi(line.c_str() + line.find("\"thread\":") + 9);
    EXPECT_EQ(std::atoi(line.c_str() + line.find("\"i\":") + 4), next[thread]++);
  }
}

TEST(Log, SaysNothingBeforeStartAndAfterStop) {
  Line(Level::kError, "early");
  const auto lines = LinesOf([] {});
  Line(Level::kError, "late");
  EXPECT_TRUE(lines.empty());
}

}  // namespace
}  // namespace asc::log
