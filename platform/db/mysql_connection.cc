#include "platform/db/mysql_connection.h"

#include <cppconn/connection.h>
#include <cppconn/datatype.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/parameter_metadata.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>

#include <exception>
#include <mutex>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/db/insert_text.h"
#include "platform/status/macros.h"

namespace asc::db {
namespace {

// The client's defaults wait for ever.
constexpr int kConnectTimeoutSeconds = 2;
// Above the server's lock wait, below the longest deadline of a call.
constexpr int kReadTimeoutSeconds = 10;
// A migration may rebuild a large table.
constexpr int kMigrateTimeoutSeconds = 3600;
constexpr int kLockWaitSeconds = 3;

// ANSI_QUOTES, PIPES_AS_CONCAT and NO_BACKSLASH_ESCAPES make "x", || and a backslash mean what they
// mean in SQLite.
constexpr char kSqlMode[] =
    "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,ANSI_QUOTES,"
    "PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES";

sql::Driver& Driver() {
  // The connector's own singleton is not safe to make from two threads.
  static std::once_flag once;
  static sql::Driver* driver = nullptr;
  std::call_once(once, [] { driver = sql::mysql::get_driver_instance(); });
  return *driver;
}

sql::ConnectOptionsMap ConnectOptions(const MySqlCredentials& credentials,
                                      MySqlConnection::Use use) {
  sql::ConnectOptionsMap options;
  if (credentials.socket.empty()) {
    options["hostName"] = sql::SQLString(absl::StrCat("tcp://", credentials.host));
    options["port"] = credentials.port;
  } else {
    options["hostName"] = sql::SQLString(absl::StrCat("unix://", credentials.socket));
  }
  options["userName"] = sql::SQLString(credentials.user);
  options["password"] = sql::SQLString(credentials.password);
  options["schema"] = sql::SQLString(credentials.database);
  options["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  options["OPT_CONNECT_TIMEOUT"] = kConnectTimeoutSeconds;
  options["OPT_READ_TIMEOUT"] =
      use == MySqlConnection::Use::kMigrate ? kMigrateTimeoutSeconds : kReadTimeoutSeconds;
  options["OPT_WRITE_TIMEOUT"] = kReadTimeoutSeconds;
  options["OPT_RECONNECT"] = false;
  // An update counts the rows it met, as in SQLite.
  options["CLIENT_FOUND_ROWS"] = true;
  if (!credentials.ssl_ca.empty()) {
    options["sslCA"] = sql::SQLString(credentials.ssl_ca);
    options["sslVerify"] = true;  // The name as well as the chain.
  }
  return options;
}

void Bind(sql::PreparedStatement& statement, unsigned int place, const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    statement.setInt64(place, *whole);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    statement.setString(place, *text);
  } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
    statement.setString(place, bytes->data);
  } else {
    statement.setNull(place, sql::DataType::VARCHAR);
  }
}

enum class ColumnKind { kWhole, kNumber, kText, kBytes };

ColumnKind KindOfColumn(int type) {
  switch (type) {
    case sql::DataType::BIT:
    case sql::DataType::TINYINT:
    case sql::DataType::SMALLINT:
    case sql::DataType::MEDIUMINT:
    case sql::DataType::INTEGER:
    case sql::DataType::BIGINT:
      return ColumnKind::kWhole;
    case sql::DataType::REAL:
    case sql::DataType::DOUBLE:
    case sql::DataType::DECIMAL:
    case sql::DataType::NUMERIC:
      return ColumnKind::kNumber;
    case sql::DataType::LONGVARBINARY:
      return ColumnKind::kBytes;
    default:
      return ColumnKind::kText;
  }
}

// SUM of whole numbers is a DECIMAL here; a fraction is cut off, as for SQLite.
std::int64_t WholeOfNumber(const std::string& text) {
  std::int64_t whole = 0;
  if (absl::SimpleAtoi(text.substr(0, text.find('.')), &whole)) return whole;
  double number = 0;
  return absl::SimpleAtod(text, &number) ? static_cast<std::int64_t>(number) : 0;
}

Value ColumnValue(sql::ResultSet& rows, unsigned int column, ColumnKind kind) {
  if (rows.isNull(column)) return std::monostate();
  switch (kind) {
    case ColumnKind::kWhole:
      return static_cast<std::int64_t>(rows.getInt64(column));
    case ColumnKind::kNumber:
      return WholeOfNumber(rows.getString(column).asStdString());
    case ColumnKind::kBytes:
      return Bytes{rows.getString(column).asStdString()};
    case ColumnKind::kText:
      break;
  }
  return rows.getString(column).asStdString();
}

void Fetch(sql::ResultSet& result, std::vector<Row>& rows) {
  sql::ResultSetMetaData* const columns = result.getMetaData();
  std::vector<ColumnKind> kinds(columns->getColumnCount());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    kinds[i] = KindOfColumn(columns->getColumnType(static_cast<unsigned int>(i) + 1));
  }
  rows.reserve(result.rowsCount());
  while (result.next()) {
    std::vector<Value> values;
    values.reserve(kinds.size());
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      values.push_back(ColumnValue(result, static_cast<unsigned int>(i) + 1, kinds[i]));
    }
    rows.emplace_back(std::move(values));
  }
}

constexpr int kOurFault = -1;

// Powers of two up to here, so that few texts stay prepared.
constexpr std::size_t kInsertRowsMax = 32;
// Far below the server's smallest usual packet limit (16 MiB).
constexpr std::size_t kInsertBytesMax = std::size_t{4} << 20;

std::size_t SizeOf(const std::vector<Value>& values) {
  std::size_t bytes = 0;
  for (const Value& value : values) {
    if (const auto* text = std::get_if<std::string>(&value)) bytes += text->size();
    if (const auto* content = std::get_if<Bytes>(&value)) bytes += content->data.size();
  }
  return bytes;
}

void CheckCount(std::size_t expected, std::size_t actual) {
  if (expected == actual) return;
  throw sql::SQLException(
      absl::StrCat("the statement takes ", expected, " parameters, not ", actual));
}

}  // namespace

MySqlConnection::MySqlConnection() = default;

MySqlConnection::~MySqlConnection() {
  // Closing what the server has already closed may throw.
  Guarded([this] {
    prepared_.clear();
    plain_.reset();
    connection_.reset();
  });
}

template <typename Action>
MySqlError MySqlConnection::Guarded(Action action) {
  try {
    action();
    return {};
  } catch (const sql::SQLException& exception) {
    // Code 0 would say that nothing went wrong.
    const int code = exception.getErrorCode() == 0 ? kOurFault : exception.getErrorCode();
    return {code, exception.getSQLState(), exception.what()};
  } catch (const std::exception& exception) {
    return {kOurFault, "", exception.what()};
  }
}

absl::StatusOr<std::unique_ptr<MySqlConnection>> MySqlConnection::Open(
    const MySqlCredentials& credentials, Use use) {
  std::unique_ptr<MySqlConnection> connection(new MySqlConnection());
  ASC_TRY(connection->Connect(credentials, use));
  return connection;
}

absl::Status MySqlConnection::Connect(const MySqlCredentials& credentials, Use use) {
  const MySqlError error = Guarded([&] {
    auto options = ConnectOptions(credentials, use);
    connection_.reset(Driver().connect(options));
    plain_.reset(connection_->createStatement());
  });
  if (error.code != 0) return absl::UnavailableError(MySqlStatus(error).message());
  if (!credentials.ssl_ca.empty()) ASC_TRY(AssertTls());
  ASC_TRY(SetSession(use));
  return AssertSession(use);
}

absl::Status MySqlConnection::AssertTls() {
  const MySqlError error = Guarded([this] {
    std::unique_ptr<sql::ResultSet> rows(
        plain_->executeQuery("SHOW SESSION STATUS LIKE 'Ssl_cipher'"));
    if (!rows->next() || rows->getString(2).length() == 0) {
      throw sql::SQLException("the connection is not encrypted");
    }
  });
  return error.code == 0 ? absl::OkStatus() : absl::FailedPreconditionError(error.message);
}

absl::StatusOr<std::string> MySqlConnection::Ask(const std::string& text) {
  std::string answer;
  const MySqlError error = Guarded([&] {
    std::unique_ptr<sql::ResultSet> rows(plain_->executeQuery(text));
    if (rows->next()) answer = rows->getString(1).asStdString();
  });
  if (error.code != 0) return MySqlStatus(error);
  return answer;
}

absl::Status MySqlConnection::SetSession(Use use) {
  ASC_TRY_ASSIGN(const std::string version, Ask("SELECT VERSION()"));
  is_mariadb_ = absl::StrContains(version, "MariaDB");
  std::string settings =
      absl::StrCat("SET SESSION sql_mode = '", kSqlMode, "', SESSION time_zone = '+00:00'",
                   ", SESSION innodb_lock_wait_timeout = ", kLockWaitSeconds,
                   ", SESSION autocommit = ", use == Use::kWrite ? 0 : 1);
  if (is_mariadb_) {
    absl::StrAppend(&settings,
                    ", SESSION innodb_snapshot_isolation = ON, SESSION wsrep_sync_wait = 1");
  }
  for (const std::string& text :
       {std::string("SET NAMES utf8mb4"), settings,
        std::string("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"),
        absl::StrCat("SET SESSION TRANSACTION READ ", use == Use::kRead ? "ONLY" : "WRITE")}) {
    const MySqlError error = Execute(text);
    if (error.code != 0 && MySqlStatus(error).code() == absl::StatusCode::kUnavailable) {
      return MySqlStatus(error);
    }
    if (error.code != 0) {
      return absl::FailedPreconditionError(absl::StrCat(text, ": ", error.message));
    }
  }
  return absl::OkStatus();
}

// Believe the server only when asked again: a proxy or an old version may drop a setting silently.
absl::Status MySqlConnection::AssertSession(Use use) {
  const std::string isolation = is_mariadb_ ? "@@tx_isolation" : "@@transaction_isolation";
  const std::string snapshot = is_mariadb_ ? "@@innodb_snapshot_isolation + 0" : "1";
  ASC_TRY_ASSIGN(
      const std::string answer,
      Ask(absl::StrCat("SELECT CONCAT_WS('|', @@character_set_client, @@character_set_connection, "
                       "@@time_zone, @@autocommit + 0, ",
                       isolation, ", ", snapshot, ", @@innodb_flush_log_at_trx_commit, ",
                       "@@log_bin AND @@sync_binlog <> 1, @@default_storage_engine, @@sql_mode)")));
  const std::vector<std::string> actual = absl::StrSplit(answer, '|');
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"character_set_client", "utf8mb4"},
      {"character_set_connection", "utf8mb4"},
      {"time_zone", "+00:00"},
      {"autocommit", use == Use::kWrite ? "0" : "1"},
      {"transaction_isolation", "REPEATABLE-READ"},
      {"innodb_snapshot_isolation", "1"},
      {"innodb_flush_log_at_trx_commit", "1"},
      {"log_bin without sync_binlog = 1", "0"},
      {"default_storage_engine", "InnoDB"},
  };
  std::string wrong;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::string found = i < actual.size() ? actual[i] : "";
    if (found == expected[i].second) continue;
    absl::StrAppend(&wrong, wrong.empty() ? "" : "; ", expected[i].first, " is ", found, ", not ",
                    expected[i].second);
  }
  if (!absl::StrContains(answer, "STRICT_ALL_TABLES")) {
    absl::StrAppend(&wrong, wrong.empty() ? "" : "; ", "sql_mode is not strict");
  }
  return wrong.empty() ? absl::OkStatus() : absl::FailedPreconditionError(wrong);
}

MySqlError MySqlConnection::Execute(const std::string& text) {
  return Guarded([&] {
    if (!plain_->execute(text)) return;
    // An answer left unread would spoil the next statement.
    std::unique_ptr<sql::ResultSet> unread(plain_->getResultSet());
  });
}

MySqlConnection::Prepared& MySqlConnection::PreparedFor(const Key& key) {
  if (const auto found = prepared_.find(key); found != prepared_.end()) return found->second;
  const auto& [literal, rows] = key;
  std::string text = literal;
  if (rows == kLocking) text += " FOR UPDATE";
  if (rows > 1) text = InsertOfRows(literal, rows);
  Prepared prepared;
  prepared.statement.reset(connection_->prepareStatement(text));
  prepared.parameters = prepared.statement->getParameterMetaData()->getParameterCount();
  return prepared_.emplace(key, std::move(prepared)).first->second;
}

sql::PreparedStatement& MySqlConnection::Bound(const Key& key,
                                               const std::vector<Value>& parameters) {
  Prepared& prepared = PreparedFor(key);
  CheckCount(prepared.parameters, parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Bind(*prepared.statement, static_cast<unsigned int>(i) + 1, parameters[i]);
  }
  return *prepared.statement;
}

std::size_t MySqlConnection::InsertSome(Sql sql, const std::vector<const std::vector<Value>*>& rows,
                                        std::size_t at) {
  std::size_t fit = 0;
  for (std::size_t bytes = 0; at + fit < rows.size(); ++fit) {
    bytes += SizeOf(*rows[at + fit]);
    if (fit > 0 && bytes > kInsertBytesMax) break;
  }
  std::size_t count = 1;
  while (count * 2 <= fit && count < kInsertRowsMax) count *= 2;
  Prepared& prepared = PreparedFor({sql.text(), count});
  unsigned int place = 0;
  for (std::size_t row = at; row < at + count; ++row) {
    CheckCount(prepared.parameters, rows[row]->size() * count);
    for (const Value& value : *rows[row]) Bind(*prepared.statement, ++place, value);
  }
  prepared.statement->executeUpdate();
  return count;
}

MySqlError MySqlConnection::InsertRows(Sql sql,
                                       const std::vector<const std::vector<Value>*>& rows) {
  return Guarded([&] {
    for (std::size_t at = 0; at < rows.size();) at += InsertSome(sql, rows, at);
  });
}

MySqlError MySqlConnection::Query(Sql sql, const std::vector<Value>& parameters, bool locking,
                                  std::vector<Row>* rows) {
  return Guarded([&] {
    auto& statement = Bound({sql.text(), locking ? kLocking : 1}, parameters);
    std::unique_ptr<sql::ResultSet> result(statement.executeQuery());
    Fetch(*result, *rows);
  });
}

MySqlError MySqlConnection::Update(Sql sql, const std::vector<Value>& parameters,
                                   std::int64_t* matched) {
  return Guarded([&] {
    auto& statement = Bound({sql.text(), 1}, parameters);
    if (absl::StartsWith(sql.text(), "SELECT")) {
      // For what it locks or waits for.
      std::unique_ptr<sql::ResultSet> result(statement.executeQuery());
      return;
    }
    *matched = statement.executeUpdate();
  });
}

}  // namespace asc::db
