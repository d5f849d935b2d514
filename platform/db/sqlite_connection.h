// One SQLite connection with its prepared statements.

#ifndef ASC_PLATFORM_DB_SQLITE_CONNECTION_H_
#define ASC_PLATFORM_DB_SQLITE_CONNECTION_H_

#include <sqlite3.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/db/value.h"

namespace asc::db {

// Used by one thread at a time.
class SqliteConnection {
 public:
  enum class Mode { kRead, kWrite };

  // Opens `path`, makes it when missing (kWrite), and asserts every setting durability rests on.
  // FAILED_PRECONDITION: a setting could not be made. UNAVAILABLE: the file cannot be opened.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(const std::string& path, Mode mode);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // Runs text that is no parameterised statement: a migration, a PRAGMA. The extended result code.
  int Execute(const std::string& text);

  // Runs a cached statement to its end. `rows` gets the answer when not null. SQLITE_DONE, or the
  // extended code of the failure.
  int Run(Sql sql, const std::vector<Value>& parameters, std::vector<Row>* rows);

  // Rows changed by the last Run.
  int changes() const { return sqlite3_changes(handle_); }
  // The file was moved or deleted since it was opened: what is written is lost with this process.
  bool file_has_gone() const {
    int moved = 0;
    return sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
           moved != 0;
  }
  bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  // What SQLite says about the last failure.
  std::string message() const { return message_; }

 private:
  explicit SqliteConnection(sqlite3* handle) : handle_(handle) {}
  absl::Status Configure(Mode mode);
  absl::Status Assert(const std::string& pragma, const std::string& value,
                      const std::string& expected);
  absl::Status UseWal();
  std::string ReadPragma(const std::string& pragma);
  sqlite3_stmt* Prepared(const char* text, int& code);
  int Bind(sqlite3_stmt* statement, const std::vector<Value>& parameters);
  int Failed(int code);

  sqlite3* handle_;
  std::string message_;
  // By address: the texts are literals, so an address never changes its meaning.
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_SQLITE_CONNECTION_H_
