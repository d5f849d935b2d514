// The one storage seam: reads through a Reader, writes as WriteSets that lanes commit in groups.
//
// Two drivers stand behind it, SQLite and the MySQL protocol, with the same behaviour; a difference
// is a bug unless platform/db/README.md names it. Driver exceptions and codes never pass this line.

#ifndef ASC_PLATFORM_DB_DATABASE_H_
#define ASC_PLATFORM_DB_DATABASE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/db/migration.h"
#include "platform/db/value.h"
#include "platform/db/write_set.h"

namespace asc::db {

// A borrowed connection for reading. Not thread-safe; give it back (destroy it) soon.
class Reader {
 public:
  virtual ~Reader() = default;

  // The rows of a SELECT, in its order. Every statement sees at least everything that was
  // acknowledged before it began.
  // UNAVAILABLE: the connection was lost; the query may be repeated with another Reader.
  // INTERNAL: the statement itself is wrong.
  virtual absl::StatusOr<std::vector<Row>> Query(Sql sql, std::vector<Value> parameters) = 0;

  // The first row, if any.
  absl::StatusOr<std::optional<Row>> QueryOne(Sql sql, std::vector<Value> parameters) {
    auto rows = Query(sql, std::move(parameters));
    if (!rows.ok()) return rows.status();
    if (rows->empty()) return std::optional<Row>();
    return std::optional<Row>(std::move(rows->front()));
  }
};

// How a write set ended.
enum class WriteOutcome {
  // Everything is on disk.
  kCommitted,
  // An Insert met an existing key; nothing is written. Look at the record and decide again.
  kDuplicate,
  // An Update or Guard found no row; nothing is written. Look at the record and decide again.
  kStale,
  // A concurrent transaction won (deadlock, snapshot conflict, or this set stood in a batch that
  // died); nothing is written. Run the method again with fresh reads; write it with `alone`.
  kConflict,
  // The connection was cut during COMMIT: it may or may not be written. Look for the idempotency
  // row through a fresh Reader before anything else.
  kUnknown,
  // Nothing is written; the database cannot be reached, refuses writes, or its queue is full.
  kUnavailable,
  // The disk is full; nothing is written and a repeat will not help.
  kFull,
  // A statement is wrong, or a fault without a name; nothing is written.
  kFault,
};

struct WriteResult {
  WriteOutcome outcome = WriteOutcome::kCommitted;
  // The place of the failing statement in the set, where one failed; events come after statements.
  int statement = -1;
  // For the log: what the driver said, without parameter values.
  std::string message;

  bool committed() const { return outcome == WriteOutcome::kCommitted; }
};

struct WriteOptions {
  // Not started any more once this has passed: kUnavailable.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  // Run in a transaction of its own, after a kConflict.
  bool alone = false;
};

struct DatabaseMetrics {
  std::int64_t batches = 0;     // COMMITs that succeeded.
  std::int64_t write_sets = 0;  // Write sets in them.
  std::int64_t batches_failed = 0;
  std::int64_t queued = 0;  // Write sets waiting now.
};

// Thread-safe.
class Database {
 public:
  virtual ~Database() = default;

  // A connection for reading. Blocks until one of the bounded pool is free or `deadline` passes
  // (UNAVAILABLE). Call it on a pool thread, never on a reactor.
  virtual absl::StatusOr<std::unique_ptr<Reader>> Read(
      std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::now() +
                                                       std::chrono::seconds(10)) = 0;

  // As Read, but all queries of this Reader see one consistent state, taken at the first of them.
  virtual absl::StatusOr<std::unique_ptr<Reader>> Snapshot(
      std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::now() +
                                                       std::chrono::seconds(10)) = 0;

  // Queues `set` and returns at once. `done` runs exactly once, on a lane's thread (or, when the
  // queue is full, before Write returns): it must not block and must not call back into Write
  // synchronously-and-wait. An acknowledged set is on disk (SQLite synchronous=FULL, InnoDB flush
  // at commit), its events under (writer, sequence) of its lane.
  virtual void Write(WriteSet set, const WriteOptions& options,
                     std::function<void(const WriteResult&)> done) = 0;

  // Write, and wait for the end of it.
  WriteResult WriteAndWait(WriteSet set, const WriteOptions& options = {});

  // Applies the migrations not applied yet, in order, each recorded by name and content hash in
  // table `migration`. Safe to kill at any point and to run from several processes at once.
  // FAILED_PRECONDITION: an applied migration has been edited since.
  virtual absl::Status Migrate(const std::vector<Migration>& migrations) = 0;

  virtual DatabaseMetrics Metrics() const = 0;

  // How many reads are usefully under way at once: about one a processor where reading is
  // computing, as many as there are connections where it is waiting for a server.
  virtual int ReadConcurrency() const = 0;
};

struct OpenOptions {
  // Connections for reading.
  int readers = 6;
  // Write sets that may wait in all lanes together; past it kUnavailable at once.
  int queue_max = 4096;
  // Write sets in one transaction at most.
  int batch_max = 64;
  // Writing connections; SQLite always has one.
  int lanes = 2;
};

// Opens and prepares a database: asserts session settings, applies the platform's own migrations
// (tables `migration`, `writer`, `event`, `idempotency`, `policy_archive`).
//   sqlite:PATH       a file, made when missing; its folder must exist
//   sqlite::memory:   a private database in memory
//   mysql:FILE        FILE holds `host`, `port` or `socket`, `user`, `password`, `database`,
//                     `ssl_ca` as lines of key=value, and must be readable by its owner only
// INVALID_ARGUMENT: the address or the file is malformed. UNAVAILABLE: cannot connect.
// FAILED_PRECONDITION: the server's settings would lose or corrupt data; the message names them.
absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& address,
                                               const OpenOptions& options = {});

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_DATABASE_H_
