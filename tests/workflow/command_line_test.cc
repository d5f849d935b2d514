// Every program says how it is used, and what to do about a flag it does not know.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "platform/testing/temp_folder.h"
#include "tests/support/child_process.h"

namespace asc::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

struct Ended {
  int code = -1;
  std::string out;
  std::string err;
};

std::string BinFolder() {
  const char* const build = std::getenv("ASC_BINARY_DIR");
  return std::string(build == nullptr ? "build/dev" : build) + "/bin";
}

std::set<std::string> Programs() {
  std::set<std::string> programs;
  for (const auto& file : std::filesystem::directory_iterator(BinFolder())) {
    programs.insert(file.path().filename().string());
  }
  return programs;
}

// A shell keeps the two outputs apart.
Ended EndOf(const std::string& program, const std::string& argument) {
  const TempFolder folder;
  const std::string out = folder.File("out");
  auto child =
      ChildProcess::Start({.command = {"sh", "-c", "exec \"$0\" \"$1\" 2>\"$2\"",
                                       BinFolder() + "/" + program, argument, folder.File("err")},
                           .log_file = out});
  if (!child.ok()) return {};
  const auto code = (*child)->Wait(std::chrono::seconds(20));
  Ended ended{.code = code.ok() ? *code : -1, .out = (*child)->Output(), .err = ""};
  std::ifstream err(folder.File("err"));
  ended.err.assign(std::istreambuf_iterator<char>(err), std::istreambuf_iterator<char>());
  return ended;
}

TEST(EveryProgram, SaysHowItIsUsed) {
  EXPECT_THAT(Programs(),
              IsSupersetOf({"referral-svc", "advocacy-svc", "funding-svc", "directory-svc",
                            "gateway", "asc-call", "asc-conformance", "asc-demo", "asc-openapi",
                            "bench", "bench-flatness", "bench-server", "platform-db-bench"}));
  for (const std::string& program : Programs()) {
    const Ended ended = EndOf(program, "--help");
    EXPECT_EQ(ended.code, 0) << program;
    EXPECT_THAT(ended.out, HasSubstr(program + ": "));
    EXPECT_THAT(ended.err, IsEmpty()) << program;
  }
}

TEST(EveryProgram, SaysWhatToDoAboutAFlagItDoesNotKnow) {
  for (const std::string& program : Programs()) {
    const Ended ended = EndOf(program, "--no_such_flag=1");
    EXPECT_TRUE(ended.code == 1 || ended.code == 2) << program << " " << ended.code;
    EXPECT_THAT(ended.err, HasSubstr("no_such_flag")) << program;
    EXPECT_THAT(ended.err, HasSubstr("--help")) << program;
    EXPECT_THAT(ended.out, Not(HasSubstr("no_such_flag"))) << program;
  }
}

TEST(EveryService, ShowsItsFlagsAndNobodyElses) {
  const Ended ended = EndOf("referral-svc", "--help");
  EXPECT_THAT(ended.out, HasSubstr("--development_identity (accept callers"));
  EXPECT_THAT(ended.out, HasSubstr("default: \"sqlite:referral.db\""));
  EXPECT_THAT(ended.out, Not(HasSubstr("flagfile")));
}

}  // namespace
}  // namespace asc::testing
