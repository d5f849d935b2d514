// Our own directory service meets its contract: the kit, run as a supplier runs it, against the
// real binary.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "platform/testing/temp_folder.h"
#include "tests/support/child_process.h"

namespace asc::conformance {
namespace {

using asc::testing::ChildProcess;

constexpr std::chrono::minutes kVerdictMax{3};
constexpr std::chrono::minutes kStartMax{1};

std::string BinaryFolder() {
  const char* const folder = std::getenv("ASC_BINARY_DIR");
  return std::string(folder == nullptr ? "build/dev" : folder) + "/bin/";
}

TEST(ReferenceDirectory, MeetsItsContract) {
  const asc::testing::TempFolder folder;
  ChildProcess::Options service;
  service.command = {BinaryFolder() + "directory-svc", "--listen=localhost:0",
                     "--database=sqlite:" + folder.path() + "/directory.db",
                     "--development_identity"};
  service.log_file = folder.path() + "/service";
  auto directory = ChildProcess::Start(service);
  ASSERT_TRUE(directory.ok()) << directory.status();
  const auto port = (*directory)->WaitForOutput(" listening on port ", kStartMax);
  ASSERT_TRUE(port.ok()) << port.status();

  for (const auto& file : std::filesystem::directory_iterator("directory-svc/policy")) {
    const std::string authority = file.path().stem();
    ChildProcess::Options options;
    options.command = {BinaryFolder() + "asc-conformance",
                       "--target=localhost:" + std::to_string(std::atoi(port->c_str())),
                       "--service=directory", "--authority=" + authority};
    options.log_file = folder.path() + "/verdict-" + authority;
    auto kit = ChildProcess::Start(options);
    ASSERT_TRUE(kit.ok()) << kit.status();
    const auto exit_code = (*kit)->Wait(kVerdictMax);
    ASSERT_TRUE(exit_code.ok()) << exit_code.status();
    EXPECT_EQ(*exit_code, 0) << authority << "\n" << (*kit)->Output();
  }
}

}  // namespace
}  // namespace asc::conformance
