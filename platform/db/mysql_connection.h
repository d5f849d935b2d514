// One connection to MySQL or MariaDB with its prepared statements.

#ifndef ASC_PLATFORM_DB_MYSQL_CONNECTION_H_
#define ASC_PLATFORM_DB_MYSQL_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/db/mysql_credentials.h"
#include "platform/db/mysql_errors.h"
#include "platform/db/value.h"

// The connector's types stay out of this header.
namespace sql {
class Connection;
class PreparedStatement;
class ResultSet;
class Statement;
}  // namespace sql

namespace asc::db {

// Used by one thread at a time. No exception of the driver passes. Never reconnects.
class MySqlConnection {
 public:
  enum class Use {
    kRead,     // Every transaction is read-only.
    kWrite,    // No autocommit: nothing is kept without COMMIT.
    kMigrate,  // Autocommit, and time for long statements.
  };

  // Connects, makes the session settings and asserts them.
  // UNAVAILABLE: cannot connect. FAILED_PRECONDITION: a setting of the session or the server would
  // lose or corrupt data; the message names it.
  static absl::StatusOr<std::unique_ptr<MySqlConnection>> Open(const MySqlCredentials& credentials,
                                                               Use use);
  ~MySqlConnection();
  MySqlConnection(const MySqlConnection&) = delete;
  MySqlConnection& operator=(const MySqlConnection&) = delete;

  // Runs text without parameters, which is not kept prepared.
  MySqlError Execute(const std::string& text);

  // Runs a SELECT, kept prepared on the server. `locking`: FOR UPDATE.
  MySqlError Query(Sql sql, const std::vector<Value>& parameters, bool locking,
                   std::vector<Row>* rows);

  // Runs anything else; `matched` gets the number of rows it met, changed or not.
  MySqlError Update(Sql sql, const std::vector<Value>& parameters, std::int64_t* matched);

  // Runs an INSERT that takes rows (ShapeOfInsert) for all of `rows`, in few statements.
  MySqlError InsertRows(Sql sql, const std::vector<const std::vector<Value>*>& rows);

  bool is_mariadb() const { return is_mariadb_; }

 private:
  struct Prepared {
    std::unique_ptr<sql::PreparedStatement> statement;
    std::size_t parameters = 0;
  };
  // A text by its address, which never changes its meaning because the texts are literals, and how
  // many rows it inserts; kLocking for a SELECT made FOR UPDATE.
  using Key = std::pair<const char*, std::size_t>;
  static constexpr std::size_t kLocking = 0;

  MySqlConnection();
  template <typename Action>
  MySqlError Guarded(Action action);
  absl::Status Connect(const MySqlCredentials& credentials, Use use);
  absl::Status SetSession(Use use);
  absl::Status AssertSession(Use use);
  absl::Status AssertTls();
  // The one value a query of our own answers.
  absl::StatusOr<std::string> Ask(const std::string& text);
  // The statement for `key`, prepared when it is new.
  Prepared& PreparedFor(const Key& key);
  sql::PreparedStatement& Bound(const Key& key, const std::vector<Value>& parameters);
  // As many rows from `at` on as go well in one statement; the number.
  std::size_t InsertSome(Sql sql, const std::vector<const std::vector<Value>*>& rows,
                         std::size_t at);

  std::unique_ptr<sql::Connection> connection_;
  std::unique_ptr<sql::Statement> plain_;
  bool is_mariadb_ = false;
  std::map<Key, Prepared> prepared_;
};

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_MYSQL_CONNECTION_H_
