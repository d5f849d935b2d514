// How migrations are applied; shared by the drivers.

#ifndef ASC_PLATFORM_DB_MIGRATE_H_
#define ASC_PLATFORM_DB_MIGRATE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/db/migration.h"

namespace asc::db {

enum class Dialect { kSqlite, kMariaDb, kMySql };

// The statements of `migration` in the words of `dialect`, without comment lines.
// INVALID_ARGUMENT: an unknown type word, or text behind the last `;`.
absl::StatusOr<std::vector<std::string>> ExpandMigration(const Migration& migration,
                                                         Dialect dialect);

// SHA-256 of the text as released, in hexadecimal.
std::string MigrationHash(const Migration& migration);

// The platform's own tables; every database has them.
std::vector<Migration> PlatformMigrations();

// What a driver does for a migration, on one connection.
class MigrationTarget {
 public:
  virtual ~MigrationTarget() = default;
  virtual Dialect dialect() const = 0;
  // Keeps other processes out until Unlock; a killed holder lets go.
  virtual absl::Status Lock() = 0;
  // `applied`: whether what was executed since Lock is to be kept, where the driver can choose.
  virtual absl::Status Unlock(bool applied) = 0;
  virtual absl::Status Execute(const std::string& statement) = 0;
  // Name and hash of what is applied; the table `migration` exists.
  virtual absl::StatusOr<std::map<std::string, std::string>> Applied() = 0;
  virtual absl::Status Record(const std::string& name, const std::string& hash) = 0;
};

// As Database::Migrate: all of them under one lock.
absl::Status ApplyMigrations(const std::vector<Migration>& migrations, MigrationTarget& target);

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_MIGRATE_H_
