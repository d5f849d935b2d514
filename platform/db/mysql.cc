// The driver for MySQL and MariaDB through Connector/C++: several lanes, a pool of readers.

#include <atomic>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/db/driver.h"
#include "platform/db/ids.h"
#include "platform/db/lane.h"
#include "platform/db/migrate.h"
#include "platform/db/mysql_connection.h"
#include "platform/db/mysql_credentials.h"
#include "platform/db/mysql_errors.h"
#include "platform/db/pool.h"
#include "platform/db/utf8.h"
#include "platform/status/macros.h"

namespace asc::db {
namespace {

using Use = MySqlConnection::Use;

class MySqlWriter : public WriteConnection {
 public:
  explicit MySqlWriter(std::unique_ptr<MySqlConnection> connection)
      : connection_(std::move(connection)) {}

  // Without autocommit the first statement begins the transaction; asking for it would be one
  // journey more.
  StepResult Begin() override { return {}; }
  StepResult Savepoint() override { return Plain("SAVEPOINT one_set"); }
  StepResult RollbackToSavepoint() override { return Plain("ROLLBACK TO SAVEPOINT one_set"); }
  StepResult Rollback() override { return Plain("ROLLBACK"); }

  StepResult Commit() override {
    const MySqlError error = connection_->Execute("COMMIT");
    return error.code == 0 ? StepResult() : Failure(error, true);
  }

  StepResult Run(StatementKind kind, Sql sql, const std::vector<Value>& parameters) override {
    if (kind == StatementKind::kGuard) {
      rows_.clear();
      const MySqlError error = connection_->Query(sql, parameters, true, &rows_);
      if (error.code != 0) return Failure(error, false);
      if (rows_.empty()) return {WriteOutcome::kStale, "no row to guard", false};
      return {};
    }
    std::int64_t matched = 0;
    const MySqlError error = connection_->Update(sql, parameters, &matched);
    if (error.code != 0) return Failure(error, false);
    if (kind == StatementKind::kUpdate && matched != 1) {
      return {matched == 0 ? WriteOutcome::kStale : WriteOutcome::kFault,
              absl::StrCat("the update met ", matched, " rows"), false};
    }
    return {};
  }

  bool joins_inserts() const override { return true; }
  StepResult InsertRows(Sql sql, const std::vector<const std::vector<Value>*>& rows) override {
    const MySqlError error = connection_->InsertRows(sql, rows);
    return error.code == 0 ? StepResult() : Failure(error, false);
  }

 private:
  StepResult Plain(const char* text) {
    const MySqlError error = connection_->Execute(text);
    return error.code == 0 ? StepResult() : Failure(error, false);
  }

  static StepResult Failure(const MySqlError& error, bool in_commit) {
    const MySqlVerdict verdict = JudgeMySqlError(error, in_commit);
    return {verdict.outcome, LoggableMySqlMessage(error), verdict.drop_connection};
  }

  std::unique_ptr<MySqlConnection> connection_;
  std::vector<Row> rows_;
};

class MySqlReader : public Reader {
 public:
  MySqlReader(Pool<MySqlConnection>& pool, std::unique_ptr<MySqlConnection> connection,
              bool snapshot)
      : pool_(pool), connection_(std::move(connection)), snapshot_(snapshot) {}

  ~MySqlReader() override {
    if (connection_ != nullptr && in_transaction_ && connection_->Execute("COMMIT").code != 0) {
      connection_.reset();
    }
    pool_.Return(std::move(connection_));
  }

  absl::StatusOr<std::vector<Row>> Query(Sql sql, std::vector<Value> parameters) override {
    if (!AllTextIsUtf8(parameters)) return absl::InternalError("a text parameter is not UTF-8");
    const bool may_replace = first_;
    first_ = false;
    auto rows = Attempt(sql, parameters);
    if (rows.ok() || connection_ != nullptr || !may_replace) return rows;
    // It died while it idled in the pool. Nothing has been read through it yet, so a fresh one
    // breaks no promise.
    auto fresh = pool_.Replace();
    if (!fresh.ok()) return fresh.status();
    connection_ = *std::move(fresh);
    return Attempt(sql, parameters);
  }

 private:
  absl::StatusOr<std::vector<Row>> Attempt(Sql sql, const std::vector<Value>& parameters) {
    if (connection_ == nullptr) return absl::UnavailableError("the connection was lost");
    if (snapshot_ && !in_transaction_) {
      const MySqlError begun = connection_->Execute("START TRANSACTION READ ONLY");
      if (begun.code != 0) return Failed(begun);
      in_transaction_ = true;
    }
    std::vector<Row> rows;
    const MySqlError error = connection_->Query(sql, parameters, false, &rows);
    if (error.code != 0) return Failed(error);
    return rows;
  }

  absl::Status Failed(const MySqlError& error) {
    if (JudgeMySqlError(error, false).drop_connection) {
      connection_.reset();
      in_transaction_ = false;
    }
    return MySqlStatus(error);
  }

  Pool<MySqlConnection>& pool_;
  std::unique_ptr<MySqlConnection> connection_;
  const bool snapshot_;
  bool in_transaction_ = false;
  bool first_ = true;
};

class MySqlMigrationTarget : public MigrationTarget {
 public:
  explicit MySqlMigrationTarget(MySqlConnection& connection) : connection_(connection) {}

  Dialect dialect() const override {
    return connection_.is_mariadb() ? Dialect::kMariaDb : Dialect::kMySql;
  }

  // Belongs to the session, so a killed process gives it back.
  absl::Status Lock() override {
    std::vector<Row> rows;
    const MySqlError error = connection_.Query(
        "SELECT GET_LOCK(CONCAT('asc.migrate.', DATABASE()), 300)", {}, false, &rows);
    if (error.code != 0) return MySqlStatus(error);
    if (rows.size() == 1 && rows[0].Whole(0) == 1) return absl::OkStatus();
    return absl::UnavailableError("another process has been migrating for five minutes");
  }

  absl::Status Unlock(bool) override {
    std::vector<Row> rows;
    const MySqlError error = connection_.Query(
        "SELECT RELEASE_LOCK(CONCAT('asc.migrate.', DATABASE()))", {}, false, &rows);
    return error.code == 0 ? absl::OkStatus() : MySqlStatus(error);
  }

  absl::Status Execute(const std::string& statement) override {
    const MySqlError error = connection_.Execute(statement);
    switch (error.code) {
      case 1060:  // The column exists.
      case 1061:  // The index exists.
      case 1091:  // What is to be dropped is gone.
                  // Done by a run that was killed before it could record it.
      case 0:
        return absl::OkStatus();
      default:
        return MySqlStatus(error);
    }
  }

  absl::StatusOr<std::map<std::string, std::string>> Applied() override {
    std::vector<Row> rows;
    const MySqlError error =
        connection_.Query("SELECT name, hash FROM migration", {}, false, &rows);
    if (error.code != 0) return MySqlStatus(error);
    std::map<std::string, std::string> applied;
    for (const Row& row : rows) applied.emplace(row.Text(0), row.Text(1));
    return applied;
  }

  absl::Status Record(const std::string& name, const std::string& hash) override {
    std::int64_t matched = 0;
    const MySqlError error =
        connection_.Update("INSERT INTO migration (name, hash, applied_at) VALUES (?, ?, ?)",
                           {name, hash, NowMicros()}, &matched);
    return error.code == 0 ? absl::OkStatus() : MySqlStatus(error);
  }

 private:
  MySqlConnection& connection_;
};

class MySqlDatabase : public Database {
 public:
  MySqlDatabase(MySqlCredentials credentials, const OpenOptions& options)
      : credentials_(std::move(credentials)),
        readers_(options.readers,
                 [this] { return MySqlConnection::Open(credentials_, Use::kRead); }),
        lanes_(options, options.lanes, [this] { return Connect(); }) {}

  absl::StatusOr<std::unique_ptr<Reader>> Read(
      std::chrono::steady_clock::time_point deadline) override {
    return Borrow(deadline, false);
  }
  absl::StatusOr<std::unique_ptr<Reader>> Snapshot(
      std::chrono::steady_clock::time_point deadline) override {
    return Borrow(deadline, true);
  }

  void Write(WriteSet set, const WriteOptions& options,
             std::function<void(const WriteResult&)> done) override {
    lanes_.Write(std::move(set), options, std::move(done));
  }

  absl::Status Migrate(const std::vector<Migration>& migrations) override {
    ASC_TRY_ASSIGN(const auto connection, MySqlConnection::Open(credentials_, Use::kMigrate));
    MySqlMigrationTarget target(*connection);
    return ApplyMigrations(migrations, target);
  }

  DatabaseMetrics Metrics() const override { return lanes_.Metrics(); }

 private:
  absl::StatusOr<std::unique_ptr<Reader>> Borrow(std::chrono::steady_clock::time_point deadline,
                                                 bool snapshot) {
    ASC_TRY_ASSIGN(auto connection, readers_.Borrow(deadline));
    return std::make_unique<MySqlReader>(readers_, std::move(connection), snapshot);
  }

  absl::StatusOr<std::unique_ptr<WriteConnection>> Connect() {
    ASC_TRY_ASSIGN(auto connection, MySqlConnection::Open(credentials_, Use::kWrite));
    return std::make_unique<MySqlWriter>(std::move(connection));
  }

  const MySqlCredentials credentials_;
  Pool<MySqlConnection> readers_;
  Lanes lanes_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenMySql(const std::string& file,
                                                    const OpenOptions& options) {
  ASC_TRY_ASSIGN(auto credentials, ReadMySqlCredentials(file));
  auto database = std::make_unique<MySqlDatabase>(std::move(credentials), options);
  ASC_TRY(database->Migrate(PlatformMigrations()));
  return database;
}

}  // namespace asc::db
