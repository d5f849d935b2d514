#include "platform/testing/databases.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace asc::testing {

std::string DatabaseName(const ::testing::TestParamInfo<DatabaseKind>& info) {
  switch (info.param) {
    case DatabaseKind::kSqliteMemory:
      return "SqliteMemory";
    case DatabaseKind::kSqliteFile:
      return "SqliteFile";
    case DatabaseKind::kMariaDb:
      return "MariaDb";
  }
  return "";
}

DatabasePlace::DatabasePlace(DatabaseKind kind) {
  switch (kind) {
    case DatabaseKind::kSqliteMemory:
      address_ = "sqlite::memory:";
      return;
    case DatabaseKind::kSqliteFile:
      folder_ = std::make_unique<TempFolder>();
      address_ = "sqlite:" + folder_->File("test.db");
      return;
    case DatabaseKind::kMariaDb:
      break;
  }
  auto server = MariaDbServer::Shared();
  if (!server.ok()) {
    status_ = server.status();
    return;
  }
  auto credentials = (*server)->NewDatabase();
  status_ = credentials.status();
  if (credentials.ok()) address_ = "mysql:" + *credentials;
}

bool MySqlIsRequired() {
  const char* const required = std::getenv("ASC_REQUIRE_MYSQL");
  return required != nullptr && std::string(required) == "1";
}

void DatabaseTest::OpenDatabase(const db::OpenOptions& options) {
  place_ = std::make_unique<DatabasePlace>(GetParam());
  if (!place_->status().ok()) {
    // Only what is not installed may be skipped; a server that does not start is a failure.
    if (MySqlIsRequired() || place_->status().code() != absl::StatusCode::kNotFound) {
      GTEST_FAIL() << place_->status().ToString();
    }
    std::printf("SKIPPED, not tested on MariaDB: %s\n", place_->status().ToString().c_str());
    GTEST_SKIP() << place_->status().ToString();
  }
  auto opened = place_->Open(options);
  ASSERT_TRUE(opened.ok()) << opened.status().ToString();
  database_ = *std::move(opened);
}

}  // namespace asc::testing
