// Each case of the conformance kit fails when what it judges is wrong: the kit, run as a supplier
// runs it, against the real binaries behind a proxy that spoils one thing.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/testing/temp_folder.h"
#include "tests/conformance/verdict.h"
#include "tests/mutants/mutant_table.h"
#include "tests/mutants/spoiling_proxy.h"
#include "tests/support/child_process.h"
#include "tests/support/suite.h"

namespace asc::tests::mutants {
namespace {

using asc::testing::ChildProcess;
using asc::testing::Program;
using asc::testing::Suite;

constexpr std::chrono::minutes kVerdictMax{3};

// By the name the kit's flag has for it.
const std::map<std::string, Program> kPrograms = {{"referral", Program::kReferral},
                                                  {"advocacy", Program::kAdvocacy},
                                                  {"funding", Program::kFunding},
                                                  {"directory", Program::kDirectory},
                                                  {"gateway", Program::kGateway}};

std::vector<Mutant> MutantsOf(const std::string& table) {
  auto mutants = LoadMutants(table);
  EXPECT_TRUE(mutants.ok()) << mutants.status();
  return mutants.ok() ? *mutants : std::vector<Mutant>();
}

struct Verdict {
  int exit_code = -1;
  std::string text;
};

// One run of the kit; a `suite` narrows it to one case.
Verdict RunKit(const SpoilingProxy& proxy, const std::string& service, const std::string& authority,
               const std::string& suite) {
  const char* const binaries = std::getenv("ASC_BINARY_DIR");
  const asc::testing::TempFolder folder;
  ChildProcess::Options options;
  options.command = {
      absl::StrCat(binaries == nullptr ? "build/dev" : binaries, "/bin/asc-conformance"),
      "--target=" + proxy.address(), "--service=" + service, "--authority=" + authority};
  if (!suite.empty()) options.command.push_back(absl::StrCat("--gtest_filter=", suite, ".*"));
  options.log_file = folder.path() + "/verdict";
  Verdict verdict;
  const auto kit = ChildProcess::Start(options);
  EXPECT_TRUE(kit.ok()) << kit.status();
  if (!kit.ok()) return verdict;
  const auto exit_code = (*kit)->Wait(kVerdictMax);
  EXPECT_TRUE(exit_code.ok()) << exit_code.status();
  if (exit_code.ok()) verdict.exit_code = *exit_code;
  verdict.text = (*kit)->Output();
  return verdict;
}

// Without a mutant the proxy is innocent.
void ExpectAllPass(SpoilingProxy& proxy, const std::string& service, const std::string& authority) {
  proxy.Spoil({});
  const Verdict verdict = RunKit(proxy, service, authority, "");
  EXPECT_EQ(verdict.exit_code, 0) << service << " for " << authority << "\n" << verdict.text;
}

void ExpectCaught(SpoilingProxy& proxy, const std::string& service, const Mutant& mutant) {
  proxy.Spoil(mutant);
  const std::string suite = asc::conformance::SuiteOf(mutant.case_id());
  const Verdict verdict = RunKit(proxy, service, mutant.authority(), suite);
  const SpoilingProxy::Tally tally = proxy.tally();
  const std::string who = absl::StrCat("[", mutant.case_id(), "] at ", service, ": ");
  EXPECT_GE(tally.spoiled, 1) << who << "the mutant spoiled none of " << tally.calls << " calls\n"
                              << mutant.ShortDebugString();
  EXPECT_EQ(tally.fault, "") << who << "failed for another reason than the mutant";
  // The case failed, and nothing else went wrong with the run.
  EXPECT_TRUE(absl::StrContains(verdict.text, absl::StrCat("\nFAIL ", suite, "\n")) &&
              absl::StrContains(verdict.text, "0 passed, 1 failed, 0 known, 0 skipped") &&
              verdict.exit_code == 1)
      << who << "the case does not catch\n"
      << mutant.ShortDebugString() << "\n"
      << verdict.text;
}

class Mutants : public ::testing::TestWithParam<const char*> {};

TEST_P(Mutants, AreEachCaught) {
  const std::string service = GetParam();
  const auto suite = Suite::Start({});
  ASSERT_TRUE(suite.ok()) << suite.status();
  const auto proxy = SpoilingProxy::Start((*suite)->address(kPrograms.at(service)));
  ASSERT_TRUE(proxy.ok()) << proxy.status();
  std::vector<Mutant> mutants = MutantsOf(service);
  for (const Mutant& mutant : MutantsOf("every")) mutants.push_back(mutant);
  std::set<std::string> authorities;
  for (const Mutant& mutant : mutants) authorities.insert(mutant.authority());

  for (const std::string& authority : authorities) ExpectAllPass(**proxy, service, authority);
  for (const Mutant& mutant : mutants) ExpectCaught(**proxy, service, mutant);
}

INSTANTIATE_TEST_SUITE_P(Of, Mutants,
                         ::testing::Values("referral", "advocacy", "funding", "directory",
                                           "gateway"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace asc::tests::mutants
