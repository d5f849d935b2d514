// A SQLite file belongs to one process: a second one is told so, and a killed one leaves nothing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/temp_folder.h"
#include "tests/support/child_process.h"

namespace asc::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::seconds kTimeout{30};

class SecondProcessTest : public ::testing::Test {
 protected:
  std::unique_ptr<ChildProcess> Start(const std::string& file, const std::string& log) {
    const char* const build = std::getenv("ASC_BINARY_DIR");
    auto child = ChildProcess::Start(
        {.command = {absl::StrCat(build == nullptr ? "build/dev" : build, "/bin/funding-svc"),
                     "--listen=localhost:0", absl::StrCat("--database=sqlite:", file),
                     "--development_identity"},
         .log_file = folder_.File(log)});
    EXPECT_THAT(child, IsOk());
    return child.ok() ? *std::move(child) : nullptr;
  }

  const TempFolder folder_;
};

TEST_F(SecondProcessTest, IsToldWhoHasTheFileAndWhatToDo) {
  const std::string file = folder_.File("funding.db");
  auto first = Start(file, "first.log");
  ASSERT_THAT(first->WaitForOutput("listening on", kTimeout), IsOk()) << first->Output();
  // By another name of the same file too.
  const std::string link = folder_.File("link.db");
  ASSERT_EQ(symlink(file.c_str(), link.c_str()), 0);
  for (const std::string& name : {file, link}) {
    auto second = Start(name, "second.log");
    const auto code = second->Wait(kTimeout);
    ASSERT_THAT(code, IsOk()) << second->Output();
    EXPECT_EQ(*code, 1);
    EXPECT_THAT(second->Output(), HasSubstr(absl::StrCat("process ", first->pid())));
    EXPECT_THAT(second->Output(), HasSubstr("stop it, or name another file"));
  }
  EXPECT_TRUE(first->running());
}

TEST_F(SecondProcessTest, TakesOverAtOnceFromOneThatWasKilledOrStopped) {
  const std::string file = folder_.File("funding.db");
  for (const int signal : {SIGKILL, SIGTERM, SIGKILL}) {
    auto process = Start(file, "process.log");
    ASSERT_THAT(process->WaitForOutput("listening on", kTimeout), IsOk()) << process->Output();
    process->Signal(signal);
    ASSERT_THAT(process->Wait(kTimeout), IsOk());
  }
}

}  // namespace
}  // namespace asc::testing
