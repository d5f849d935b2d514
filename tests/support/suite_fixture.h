// A test on the real binaries, run once for each database.

#ifndef ASC_TESTS_SUPPORT_SUITE_FIXTURE_H_
#define ASC_TESTS_SUPPORT_SUITE_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "platform/testing/databases.h"
#include "tests/support/suite.h"

namespace asc::testing {

// Starts the suite on the database of the test's parameter. Without MariaDB the test skips, saying
// so, or fails when ASC_REQUIRE_MYSQL=1.
class SuiteTest : public ::testing::TestWithParam<SuiteDatabase> {
 protected:
  void SetUp() override {
    SuiteOptions options;
    options.database = GetParam();
    auto started = Suite::Start(options);
    if (absl::IsNotFound(started.status()) && GetParam() == SuiteDatabase::kMariaDb &&
        !MySqlIsRequired()) {
      GTEST_SKIP() << started.status() << ", so nothing is shown for MariaDB";
    }
    ASSERT_TRUE(started.ok()) << started.status();
    suite_ = *std::move(started);
  }

  void TearDown() override {
    if (!HasFailure() || suite_ == nullptr) return;
    for (const Program program : kPrograms) {
      const std::string log = suite_->process(program).Output();
      GTEST_LOG_(INFO) << "end of " << suite_->LogFile(program) << ":\n"
                       << log.substr(log.size() < 3000 ? 0 : log.size() - 3000);
    }
  }

  Suite& suite() { return *suite_; }

 private:
  std::unique_ptr<Suite> suite_;
};

inline std::string SuiteDatabaseName(const ::testing::TestParamInfo<SuiteDatabase>& info) {
  return info.param == SuiteDatabase::kSqlite ? "Sqlite" : "MariaDb";
}

}  // namespace asc::testing

#endif  // ASC_TESTS_SUPPORT_SUITE_FIXTURE_H_
