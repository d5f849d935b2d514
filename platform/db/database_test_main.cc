// The main of platform_db_test. As a child it applies migrations and is killed by its parent:
//   platform_db_test --child-migrate ADDRESS

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "platform/db/database.h"
#include "platform/db/migration_fixture.h"

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "--child-migrate") {
    const auto database = asc::db::Open(argv[2]);
    if (!database.ok()) {
      std::fprintf(stderr, "%s\n", database.status().ToString().c_str());
      return 2;
    }
    const absl::Status migrated = (*database)->Migrate(asc::db::ManyMigrations());
    if (!migrated.ok()) std::fprintf(stderr, "%s\n", migrated.ToString().c_str());
    return migrated.ok() ? 0 : 1;
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
