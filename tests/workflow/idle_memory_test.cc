// A service that nobody calls stays small.

#include <gtest/gtest.h>

#include <iostream>
#include <thread>

#include "tests/support/suite_fixture.h"

namespace asc::testing {
namespace {

// Five services and a database have to fit beside a council's other software on one small machine.
constexpr long kResidentMaxKb = 40 * 1024;
// What a start borrows it has given back by then.
constexpr std::chrono::seconds kSettle{2};

class IdleMemory : public SuiteTest {};

TEST_P(IdleMemory, StaysUnderFortyMegabytes) {
  std::this_thread::sleep_for(kSettle);

  for (const Program program : kPrograms) {
    const ProcessUse use = UseOf(suite().process(program).pid());
    std::cout << suite().LogFile(program) << ": " << use.resident_kb << " kB resident, "
              << use.threads << " threads\n";
    EXPECT_GT(use.resident_kb, 0);
    EXPECT_LT(use.resident_kb, kResidentMaxKb);
  }
}

INSTANTIATE_TEST_SUITE_P(OnBothDatabases, IdleMemory,
                         ::testing::Values(SuiteDatabase::kSqlite, SuiteDatabase::kMariaDb),
                         SuiteDatabaseName);

}  // namespace
}  // namespace asc::testing
