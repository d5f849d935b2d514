// The embedded driver: one writing connection, several readers, write-ahead log.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/db/driver.h"
#include "platform/db/file_lock.h"
#include "platform/db/ids.h"
#include "platform/db/lane.h"
#include "platform/db/migrate.h"
#include "platform/db/pool.h"
#include "platform/db/private_folder.h"
#include "platform/db/sqlite_connection.h"
#include "platform/db/sqlite_errors.h"
#include "platform/db/utf8.h"
#include "platform/status/macros.h"

namespace asc::db {
namespace {

using Mode = SqliteConnection::Mode;

class SqliteWriter : public WriteConnection {
 public:
  SqliteWriter(std::unique_ptr<SqliteConnection> connection, std::atomic<bool>& trusted)
      : connection_(std::move(connection)), trusted_(trusted) {}

  StepResult Begin() override {
    // SQLite writes on happily into a file that nobody can open again.
    if (connection_->file_has_gone()) {
      trusted_ = false;
      return {WriteOutcome::kUnavailable, "the database file was moved or deleted", false};
    }
    return Simple("BEGIN IMMEDIATE");
  }
  StepResult Savepoint() override { return Simple("SAVEPOINT one_set"); }

  StepResult RollbackToSavepoint() override { return Simple("ROLLBACK TO one_set"); }

  StepResult Run(StatementKind kind, Sql sql, const std::vector<Value>& parameters) override {
    rows_.clear();
    const bool guard = kind == StatementKind::kGuard;
    const int code = connection_->Run(sql, parameters, guard ? &rows_ : nullptr);
    if (code != SQLITE_DONE) return Failure(code, false);
    if (guard && rows_.empty()) return {WriteOutcome::kStale, "no row to guard", false};
    if (kind == StatementKind::kUpdate && connection_->changes() != 1) {
      return {connection_->changes() == 0 ? WriteOutcome::kStale : WriteOutcome::kFault,
              absl::StrCat("the update met ", connection_->changes(), " rows"), false};
    }
    return {};
  }

  StepResult Commit() override {
    const int code = connection_->Run("COMMIT", {}, nullptr);
    return code == SQLITE_DONE ? StepResult() : Failure(code, true);
  }

  StepResult Rollback() override {
    // Some failures have already rolled back.
    return connection_->in_transaction() ? Simple("ROLLBACK") : StepResult();
  }

  // A statement here is a function call.
  bool joins_inserts() const override { return false; }
  StepResult InsertRows(Sql sql, const std::vector<const std::vector<Value>*>& rows) override {
    for (const auto* row : rows) {
      StepResult step = Run(StatementKind::kInsert, sql, *row);
      if (!step.ok()) return step;
    }
    return {};
  }
  bool trusted() const override { return trusted_; }

 private:
  StepResult Simple(Sql sql) {
    const int code = connection_->Run(sql, {}, nullptr);
    return code == SQLITE_DONE ? StepResult() : Failure(code, false);
  }

  StepResult Failure(int code, bool in_commit) {
    if (SqliteCodeEndsTrust(code)) trusted_ = false;
    return {SqliteOutcome(code, in_commit), connection_->message(), false};
  }

  std::unique_ptr<SqliteConnection> connection_;
  std::atomic<bool>& trusted_;
  std::vector<Row> rows_;
};

class SqliteReader : public Reader {
 public:
  SqliteReader(Pool<SqliteConnection>& pool, std::unique_ptr<SqliteConnection> connection,
               bool snapshot)
      : pool_(pool), connection_(std::move(connection)), snapshot_(snapshot) {}

  ~SqliteReader() override {
    if (connection_->in_transaction() && connection_->Run("COMMIT", {}, nullptr) != SQLITE_DONE) {
      connection_.reset();
    }
    pool_.Return(std::move(connection_));
  }

  absl::StatusOr<std::vector<Row>> Query(Sql sql, std::vector<Value> parameters) override {
    if (!AllTextIsUtf8(parameters)) return absl::InternalError("a text parameter is not UTF-8");
    if (snapshot_ && !connection_->in_transaction()) {
      const int begun = connection_->Run("BEGIN", {}, nullptr);
      if (begun != SQLITE_DONE) return SqliteStatus(begun, connection_->message());
    }
    std::vector<Row> rows;
    const int code = connection_->Run(sql, parameters, &rows);
    if (code != SQLITE_DONE) return SqliteStatus(code, connection_->message());
    return rows;
  }

 private:
  Pool<SqliteConnection>& pool_;
  std::unique_ptr<SqliteConnection> connection_;
  const bool snapshot_;
};

class SqliteMigrationTarget : public MigrationTarget {
 public:
  explicit SqliteMigrationTarget(SqliteConnection& connection) : connection_(connection) {}

  Dialect dialect() const override { return Dialect::kSqlite; }
  // Schema changes are transactional here: a killed process leaves all or nothing.
  absl::Status Lock() override { return Execute("BEGIN IMMEDIATE"); }
  absl::Status Unlock(bool applied) override {
    if (applied) return Execute("COMMIT");
    return connection_.in_transaction() ? Execute("ROLLBACK") : absl::OkStatus();
  }
  absl::Status Execute(const std::string& statement) override {
    const int code = connection_.Execute(statement);
    return code == SQLITE_OK ? absl::OkStatus() : SqliteStatus(code, connection_.message());
  }

  absl::StatusOr<std::map<std::string, std::string>> Applied() override {
    std::vector<Row> rows;
    const int code = connection_.Run("SELECT name, hash FROM migration", {}, &rows);
    if (code != SQLITE_DONE) return SqliteStatus(code, connection_.message());
    std::map<std::string, std::string> applied;
    for (const Row& row : rows) applied.emplace(row.Text(0), row.Text(1));
    return applied;
  }

  absl::Status Record(const std::string& name, const std::string& hash) override {
    const int code =
        connection_.Run("INSERT INTO migration (name, hash, applied_at) VALUES (?, ?, ?)",
                        {name, hash, NowMicros()}, nullptr);
    return code == SQLITE_DONE ? absl::OkStatus() : SqliteStatus(code, connection_.message());
  }

 private:
  SqliteConnection& connection_;
};

// The folder of a database "in memory". It is a file all the same, on a RAM disk where there is
// one: SQLite's own memory databases block writers while a snapshot is read.
absl::StatusOr<std::unique_ptr<PrivateFolder>> MakeMemoryFolder() {
  for (const char* base : {"/dev/shm", "/tmp"}) {
    auto folder = std::make_unique<PrivateFolder>(base, "asc-memory");
    if (!folder->path().empty()) return folder;
  }
  return absl::UnavailableError("sqlite :memory:: neither /dev/shm nor /tmp can be written");
}

// Personal data: nobody else on the machine may read the file. SQLite gives its log the same mode.
absl::Status MakeFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::UnavailableError(absl::StrCat("sqlite ", path, ": ", std::strerror(errno)));
  }
  close(file);
  return absl::OkStatus();
}

class SqliteDatabase : public Database {
 public:
  SqliteDatabase(std::unique_ptr<PrivateFolder> folder, std::shared_ptr<FileLock> lock,
                 std::string path, const OpenOptions& options)
      : folder_(std::move(folder)),
        lock_(std::move(lock)),
        path_(std::move(path)),
        reader_count_(options.readers),
        readers_(options.readers, [this] { return SqliteConnection::Open(path_, Mode::kRead); }),
        lanes_(options, 1, [this] { return Connect(); }) {}

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
    ASC_TRY_ASSIGN(const auto connection, SqliteConnection::Open(path_, Mode::kWrite));
    SqliteMigrationTarget target(*connection);
    return ApplyMigrations(migrations, target);
  }

  DatabaseMetrics Metrics() const override { return lanes_.Metrics(); }
  // Reading is computing here.
  int ReadConcurrency() const override {
    const int processors = static_cast<int>(std::thread::hardware_concurrency());
    return std::clamp(processors, 1, reader_count_);
  }

 private:
  absl::StatusOr<std::unique_ptr<Reader>> Borrow(std::chrono::steady_clock::time_point deadline,
                                                 bool snapshot) {
    ASC_TRY_ASSIGN(auto connection, readers_.Borrow(deadline));
    return std::make_unique<SqliteReader>(readers_, std::move(connection), snapshot);
  }

  absl::StatusOr<std::unique_ptr<WriteConnection>> Connect() {
    ASC_TRY_ASSIGN(auto connection, SqliteConnection::Open(path_, Mode::kWrite));
    return std::make_unique<SqliteWriter>(std::move(connection), trusted_);
  }

  const std::unique_ptr<PrivateFolder> folder_;
  // Outlives every connection to the file.
  const std::shared_ptr<FileLock> lock_;
  const std::string path_;
  const int reader_count_;
  // Whether the file behaves; see SqliteCodeEndsTrust.
  std::atomic<bool> trusted_{true};
  Pool<SqliteConnection> readers_;
  Lanes lanes_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const std::string& path,
                                                     const OpenOptions& options) {
  std::unique_ptr<PrivateFolder> folder;
  std::string file = path;
  if (path == ":memory:") {
    ASC_TRY_ASSIGN(folder, MakeMemoryFolder());
    file = folder->File("database");
  }
  ASC_TRY(MakeFile(file));
  ASC_TRY_ASSIGN(auto lock, FileLock::Take(file));
  auto database =
      std::make_unique<SqliteDatabase>(std::move(folder), std::move(lock), file, options);
  ASC_TRY(database->Migrate(PlatformMigrations()));
  return database;
}

}  // namespace asc::db
