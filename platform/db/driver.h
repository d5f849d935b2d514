// The two drivers behind Open.

#ifndef ASC_PLATFORM_DB_DRIVER_H_
#define ASC_PLATFORM_DB_DRIVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "platform/db/database.h"

namespace asc::db {

// `path` is a file, or ":memory:".
absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const std::string& path,
                                                     const OpenOptions& options);

// `file` holds the credentials.
absl::StatusOr<std::unique_ptr<Database>> OpenMySql(const std::string& file,
                                                    const OpenOptions& options);

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_DRIVER_H_
