// Where a MySQL or MariaDB server is and how to log in.

#ifndef ASC_PLATFORM_DB_MYSQL_CREDENTIALS_H_
#define ASC_PLATFORM_DB_MYSQL_CREDENTIALS_H_

#include <string>

#include "absl/status/statusor.h"

namespace asc::db {

struct MySqlCredentials {
  std::string host;
  int port = 3306;
  std::string socket;  // Instead of host and port.
  std::string user;
  std::string password;
  std::string database;
  std::string ssl_ca;  // The certificate authority's file; the server's name is verified too.
};

// Reads lines of key=value; blank lines and lines that begin with `#` are left out.
// INVALID_ARGUMENT: unreadable, a key is unknown, repeated or missing, others than the owner may
// read the file, or a host that is not this machine comes without `ssl_ca`.
absl::StatusOr<MySqlCredentials> ReadMySqlCredentials(const std::string& file);

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_MYSQL_CREDENTIALS_H_
