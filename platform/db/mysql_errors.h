// What the error codes of MySQL, MariaDB and their clusters mean for a write set and for a query.

#ifndef ASC_PLATFORM_DB_MYSQL_ERRORS_H_
#define ASC_PLATFORM_DB_MYSQL_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "platform/db/database.h"

namespace asc::db {

struct MySqlError {
  int code = 0;           // 0: none, or the client library gave no number.
  std::string sql_state;  // Five characters.
  std::string message;
};

struct MySqlVerdict {
  WriteOutcome outcome = WriteOutcome::kFault;
  // The connection is gone, or its server is no good now: take another one.
  bool drop_connection = false;
};

// The verdict on an error of a statement or, `in_commit`, of COMMIT itself. An error of COMMIT that
// is not known to roll back is kUnknown.
MySqlVerdict JudgeMySqlError(const MySqlError& error, bool in_commit);

// What may be logged: the message with quoted parts left out where the server quotes values there.
std::string LoggableMySqlMessage(const MySqlError& error);

// For a query, a migration or connecting. The message is loggable.
absl::Status MySqlStatus(const MySqlError& error);

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_MYSQL_ERRORS_H_
