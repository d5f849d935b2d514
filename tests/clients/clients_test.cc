// Callers that are not ours: what README.md tells people to type, and a client in another language.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/child_process.h"
#include "tests/support/suite.h"

namespace asc::testing {
namespace {

using ::testing::HasSubstr;

// The first run fetches packages.
constexpr std::chrono::minutes kScriptTimeout{4};

struct Ended {
  int code = -1;
  std::string output;
};

class ClientsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = Suite::Start({});
    ASSERT_TRUE(started.ok()) << started.status();
    suite_ = *std::move(started);
  }

  // What `script` came to in bash, with the source tree as working folder.
  Ended Run(const std::string& script) {
    const std::string log = absl::StrCat(suite_->folder(), "/script.log");
    const auto process =
        ChildProcess::Start({.command = {"bash", "-euc", script}, .log_file = log});
    if (!process.ok()) return {.code = -1, .output = std::string(process.status().message())};
    const auto code = (*process)->Wait(kScriptTimeout);
    return {.code = code.ok() ? *code : -1, .output = (*process)->Output()};
  }

  // Whether a tool is there; where everything has to be shown its absence is a failure.
  bool Has(const std::string& tool) {
    if (Run("command -v " + tool).code == 0) return true;
    const char* ci = std::getenv("CI");
    EXPECT_TRUE(ci == nullptr || std::string(ci).empty()) << tool << " is missing: scripts/setup";
    return false;
  }

  Suite& suite() { return *suite_; }

 private:
  std::unique_ptr<Suite> suite_;
};

// The commands of README.md's section on curl. A line that is indented further goes on with the
// command before it; the line that only shows where to put the port is left out.
std::vector<std::string> CommandsOfReadme() {
  std::ifstream readme("README.md");
  std::vector<std::string> commands;
  bool inside = false;
  for (std::string line; std::getline(readme, line);) {
    if (absl::StartsWith(line, "## ")) inside = line == "## Try it with curl";
    if (!inside || !absl::StartsWith(line, "    ") || absl::StrContains(line, "PORT")) continue;
    const std::string text = line.substr(4);
    if (text[0] == ' ') {
      absl::StrAppend(&commands.back(), "\n", text);
    } else {
      commands.push_back(text);
    }
  }
  return commands;
}

TEST_F(ClientsTest, TheCommandsOfReadmeDoWhatItSays) {
  if (!Has("curl")) GTEST_SKIP() << "curl is missing, so the commands of README.md are not tried";
  // By its settings file curl tells the code of each answer without a change to the commands.
  std::ofstream(suite().folder() + "/.curlrc")
      << "silent\nwrite-out = \"\\nHTTP %{http_code}\\n\"\n";
  std::string script =
      absl::StrCat("export CURL_HOME=", suite().folder(), " door=http://", suite().http_address());
  for (const auto& command : CommandsOfReadme()) {
    absl::StrAppend(&script, "\necho '-- next'\n", command);
  }

  const Ended ended = Run(script);

  ASSERT_EQ(ended.code, 0) << ended.output;
  const std::vector<std::string> answers = absl::StrSplit(ended.output, "-- next\n");
  const std::vector<std::vector<std::string>> expected = {
      {},
      {"HTTP 200", R"({"status":"SERVING"})"},
      {"HTTP 200", R"("openapi": "3.1.0")"},
      // Kept in a variable, which the next command reads.
      {},
      {"HTTP 200", "The stairs have become too hard.", R"("steps":[)"},
      {"HTTP 400", R"("field":"request_id")", R"("field":"channel")",
       R"("field":"person.postcode")", R"("field":"person.nhs_number")"},
      {"HTTP 412", "STALE_ETAG"}};
  ASSERT_EQ(answers.size(), expected.size()) << script;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    for (const auto& text : expected[i]) EXPECT_THAT(answers[i], HasSubstr(text)) << script;
  }
}

TEST_F(ClientsTest, ANodeClientWorksThroughAContact) {
  if (!Has("node") || !Has("npm")) {
    GTEST_SKIP() << "Node or npm is missing, so no client in another language is tried";
  }

  const Ended ended = Run("tests/clients/node/run " + suite().address(Program::kGateway));

  EXPECT_EQ(ended.code, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("all as the contracts promise"));
}

}  // namespace
}  // namespace asc::testing
