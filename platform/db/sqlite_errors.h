// What SQLite's result codes mean for a write set and for a query.

#ifndef ASC_PLATFORM_DB_SQLITE_ERRORS_H_
#define ASC_PLATFORM_DB_SQLITE_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "platform/db/database.h"

namespace asc::db {

// `code` is an extended result code that is no success; `in_commit`: COMMIT itself gave it.
WriteOutcome SqliteOutcome(int code, bool in_commit);

// True for the codes after which only a restart, which runs recovery, makes the file trustworthy: a
// failed sync may have lost pages that later syncs will not report again.
bool SqliteCodeEndsTrust(int code);

// For a query or a migration.
absl::Status SqliteStatus(int code, const std::string& message);

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_SQLITE_ERRORS_H_
