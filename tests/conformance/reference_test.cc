// Our own services meet their contracts: the kit, run as a supplier runs it, against the real
// binaries.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "platform/testing/temp_folder.h"
#include "tests/support/child_process.h"
#include "tests/support/suite.h"

namespace asc::conformance {
namespace {

using asc::testing::ChildProcess;
using asc::testing::Program;
using asc::testing::Suite;

constexpr std::chrono::minutes kVerdictMax{3};

std::string BinaryFolder() {
  const char* const folder = std::getenv("ASC_BINARY_DIR");
  return std::string(folder == nullptr ? "build/dev" : folder) + "/bin/";
}

// The authorities the shipped policies are for: the names of their files.
std::vector<std::string> Authorities(const std::string& policy_folder) {
  std::vector<std::string> authorities;
  for (const auto& file : std::filesystem::directory_iterator(policy_folder)) {
    if (file.path().extension() == ".textproto") authorities.push_back(file.path().stem());
  }
  return authorities;
}

// Fails the test, with the kit's output, when the verdict is not met.
void ExpectMet(const std::string& address, const std::string& service,
               const std::string& authority) {
  const asc::testing::TempFolder folder;
  ChildProcess::Options options;
  options.command = {BinaryFolder() + "asc-conformance", "--target=" + address,
                     "--service=" + service, "--authority=" + authority};
  options.log_file = folder.path() + "/verdict";
  auto kit = ChildProcess::Start(options);
  ASSERT_TRUE(kit.ok()) << kit.status();
  const auto exit_code = (*kit)->Wait(kVerdictMax);
  ASSERT_TRUE(exit_code.ok()) << exit_code.status();
  EXPECT_EQ(*exit_code, 0) << service << " for " << authority << "\n" << (*kit)->Output();
}

TEST(ReferenceServices, MeetTheirContracts) {
  auto suite = Suite::Start({});
  ASSERT_TRUE(suite.ok()) << suite.status();

  for (const Program program : asc::testing::kServices) {
    const std::string name = asc::testing::NameOf(program);
    for (const std::string& authority : Authorities(name + "/policy")) {
      ExpectMet((*suite)->address(program), name.substr(0, name.find("-svc")), authority);
    }
  }
  // The cases of the front door are about adults, whom a procedure for carers does not cover.
  ExpectMet((*suite)->address(Program::kGateway), "gateway", "standard");
}

}  // namespace
}  // namespace asc::conformance
