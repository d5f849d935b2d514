// The databases that every store test runs on.

#ifndef ASC_PLATFORM_TESTING_DATABASES_H_
#define ASC_PLATFORM_TESTING_DATABASES_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "platform/db/database.h"
#include "platform/testing/mariadb_server.h"
#include "platform/testing/temp_folder.h"

namespace asc::testing {

enum class DatabaseKind { kSqliteMemory, kSqliteFile, kMariaDb };

// INSTANTIATE_TEST_SUITE_P(Databases, ReferenceStoreTest, AllDatabases(), DatabaseName);
inline auto AllDatabases() {
  return ::testing::Values(DatabaseKind::kSqliteMemory, DatabaseKind::kSqliteFile,
                           DatabaseKind::kMariaDb);
}
std::string DatabaseName(const ::testing::TestParamInfo<DatabaseKind>& info);

// A place for one fresh database. Opening its address twice opens the same database, except for
// kSqliteMemory, where each is its own.
class DatabasePlace {
 public:
  explicit DatabasePlace(DatabaseKind kind);

  // Not OK: this machine cannot offer it.
  const absl::Status& status() const { return status_; }
  const std::string& address() const { return address_; }
  absl::StatusOr<std::unique_ptr<db::Database>> Open(const db::OpenOptions& options = {}) const {
    return db::Open(address_, options);
  }

 private:
  std::unique_ptr<TempFolder> folder_;
  absl::Status status_;
  std::string address_;
};

// True when a test without MariaDB must fail and not be skipped: ASC_REQUIRE_MYSQL=1, as in CI.
bool MySqlIsRequired();

// A fixture with one fresh, open database.
class DatabaseTest : public ::testing::TestWithParam<DatabaseKind> {
 protected:
  void SetUp() override { OpenDatabase({}); }

  // Opens `database_`; skips or fails the test where there is none. To be called in SetUp.
  void OpenDatabase(const db::OpenOptions& options);

  db::Database& database() { return *database_; }
  bool is_mariadb() const { return GetParam() == DatabaseKind::kMariaDb; }

  std::unique_ptr<DatabasePlace> place_;
  std::unique_ptr<db::Database> database_;
};

}  // namespace asc::testing

#endif  // ASC_PLATFORM_TESTING_DATABASES_H_
