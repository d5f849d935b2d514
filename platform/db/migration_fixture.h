// A schema large enough to be interrupted in.

#ifndef ASC_PLATFORM_DB_MIGRATION_FIXTURE_H_
#define ASC_PLATFORM_DB_MIGRATION_FIXTURE_H_

#include <string>
#include <vector>

#include "platform/db/migration.h"

namespace asc::db {

inline constexpr int kMigrations = 5;
inline constexpr int kTablesPerMigration = 8;

// Tables piece_0 to piece_39, eight in each of five migrations.
inline std::vector<Migration> ManyMigrations() {
  std::vector<Migration> migrations;
  for (int i = 0; i < kMigrations; ++i) {
    Migration migration{"000" + std::to_string(i + 1) + "_pieces", ""};
    for (int table = 0; table < kTablesPerMigration; ++table) {
      const std::string name = "piece_" + std::to_string(i * kTablesPerMigration + table);
      migration.sql += "CREATE TABLE IF NOT EXISTS " + name +
                       " (\n  id $ID NOT NULL,\n  body $TEXT,\n  PRIMARY KEY (id)\n);\n";
    }
    migrations.push_back(migration);
  }
  return migrations;
}

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_MIGRATION_FIXTURE_H_
