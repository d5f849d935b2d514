#include "platform/db/sqlite_connection.h"

#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/status/macros.h"

namespace asc::db {
namespace {

// Another process may hold the file for a moment, a backup for example.
constexpr int kBusyTimeoutMilliseconds = 5000;
// Pages of each connection, in KiB as the pragma counts them: the inner nodes of a table with a few
// million rows, so that a row costs one read of the file however many there are.
constexpr char kCacheSize[] = "-32768";

Value ColumnValue(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
      return static_cast<std::int64_t>(sqlite3_column_double(statement, column));
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
      // An empty blob has a null address.
      const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return Bytes{size == 0 ? std::string() : std::string(data, size)};
    }
    default:
      return std::monostate();
  }
}

Row ColumnValues(sqlite3_stmt* statement) {
  const int columns = sqlite3_column_count(statement);
  std::vector<Value> values;
  values.reserve(static_cast<std::size_t>(columns));
  for (int column = 0; column < columns; ++column) values.push_back(ColumnValue(statement, column));
  return Row(std::move(values));
}

// The parameters outlive the step, so SQLite need not copy them.
int BindOne(sqlite3_stmt* statement, int place, const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    return sqlite3_bind_int64(statement, place, *whole);
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(statement, place, text->data(), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  if (const auto* bytes = std::get_if<Bytes>(&value)) {
    return sqlite3_bind_blob64(statement, place, bytes->data.data(), bytes->data.size(),
                               SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, place);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& path,
                                                                         Mode mode) {
  static std::once_flag once;
  // Its bookkeeping takes a lock for every allocation; measured, it halves two readers.
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
  const int create = mode == Mode::kWrite ? SQLITE_OPEN_CREATE : 0;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &handle,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | create, nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(handle));
  if (code != SQLITE_OK) {
    return absl::UnavailableError(absl::StrCat(
        "sqlite ", path, ": ", handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle)));
  }
  if (absl::Status configured = connection->Configure(mode); !configured.ok()) {
    return absl::Status(configured.code(),
                        absl::StrCat("sqlite ", path, ": ", std::string(configured.message())));
  }
  return connection;
}

SqliteConnection::~SqliteConnection() {
  for (const auto& [text, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

absl::Status SqliteConnection::Configure(Mode mode) {
  sqlite3_busy_timeout(handle_, kBusyTimeoutMilliseconds);
  // "x" is a column and never text, as it is for the other driver.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // LIKE compares byte by byte, as everything else does.
  ReadPragma("case_sensitive_like = ON");
  ASC_TRY(UseWal());
  ASC_TRY(Assert("synchronous", "FULL", "2"));
  ASC_TRY(Assert("foreign_keys", "ON", "1"));
  ASC_TRY(Assert("secure_delete", "ON", "1"));
  ASC_TRY(Assert("trusted_schema", "OFF", "0"));
  ASC_TRY(Assert("temp_store", "MEMORY", "2"));  // No personal data in temporary files.
  ASC_TRY(Assert("cache_size", kCacheSize, kCacheSize));
  if (mode == Mode::kRead) return Assert("query_only", "ON", "1");
  return absl::OkStatus();
}

absl::Status SqliteConnection::UseWal() {
  // The change of mode does not wait for the busy timeout when two processes start at once.
  const auto give_up =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(kBusyTimeoutMilliseconds);
  std::string mode = ReadPragma("journal_mode = WAL");
  while (mode != "wal" && std::chrono::steady_clock::now() < give_up &&
         (sqlite3_errcode(handle_) & 0xff) == SQLITE_BUSY) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    mode = ReadPragma("journal_mode = WAL");
  }
  if (mode == "wal") return absl::OkStatus();
  const int code = sqlite3_errcode(handle_) & 0xff;
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
    return absl::UnavailableError(message_);
  }
  return absl::FailedPreconditionError(absl::StrCat("journal_mode is ", mode, ", not wal"));
}

absl::Status SqliteConnection::Assert(const std::string& pragma, const std::string& value,
                                      const std::string& expected) {
  ReadPragma(absl::StrCat(pragma, " = ", value));
  const std::string actual = ReadPragma(pragma);
  if (actual == expected) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(pragma, " is ", actual, ", not ", expected));
}

std::string SqliteConnection::ReadPragma(const std::string& pragma) {
  sqlite3_stmt* statement = nullptr;
  const std::string text = absl::StrCat("PRAGMA ", pragma);
  std::string answer;
  int code = sqlite3_prepare_v2(handle_, text.c_str(), -1, &statement, nullptr);
  if (code == SQLITE_OK) code = sqlite3_step(statement);
  if (code == SQLITE_ROW && sqlite3_column_text(statement, 0) != nullptr) {
    answer = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  }
  if (code != SQLITE_ROW && code != SQLITE_DONE) Failed(code);
  sqlite3_finalize(statement);
  return answer;
}

int SqliteConnection::Execute(const std::string& text) {
  const int code = sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? code : Failed(code);
}

sqlite3_stmt* SqliteConnection::Prepared(const char* text, int& code) {
  if (const auto found = statements_.find(text); found != statements_.end()) return found->second;
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  code = sqlite3_prepare_v3(handle_, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, &tail);
  if (code != SQLITE_OK) {
    Failed(code);
    return nullptr;
  }
  if (statement == nullptr || *tail != '\0') {
    message_ = "not exactly one statement";
    code = SQLITE_ERROR;
    sqlite3_finalize(statement);
    return nullptr;
  }
  statements_.emplace(text, statement);
  return statement;
}

int SqliteConnection::Bind(sqlite3_stmt* statement, const std::vector<Value>& parameters) {
  if (sqlite3_bind_parameter_count(statement) != static_cast<int>(parameters.size())) {
    message_ = absl::StrCat("the statement takes ", sqlite3_bind_parameter_count(statement),
                            " parameters, not ", parameters.size());
    return SQLITE_RANGE;
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const int code = BindOne(statement, static_cast<int>(i) + 1, parameters[i]);
    if (code != SQLITE_OK) return Failed(code);
  }
  return SQLITE_OK;
}

int SqliteConnection::Run(Sql sql, const std::vector<Value>& parameters, std::vector<Row>* rows) {
  int code = SQLITE_OK;
  sqlite3_stmt* const statement = Prepared(sql.text(), code);
  if (statement == nullptr) return code;
  code = Bind(statement, parameters);
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW && rows != nullptr) rows->push_back(ColumnValues(statement));
  }
  if (code != SQLITE_DONE && code != SQLITE_RANGE) Failed(code);
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return code;
}

int SqliteConnection::Failed(int code) {
  // SQLite's messages name tables and columns, never values.
  message_ = absl::StrCat(sqlite3_errmsg(handle_), " (sqlite ", code, ")");
  return code;
}

}  // namespace asc::db
