// Group commit: one thread that runs write sets in shared transactions on one connection.

#ifndef ASC_PLATFORM_DB_LANE_H_
#define ASC_PLATFORM_DB_LANE_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/database.h"
#include "platform/db/insert_text.h"
#include "platform/db/value.h"
#include "platform/db/write_set.h"

namespace asc::db {

// How one step of a transaction ended. kCommitted means "done as asked".
struct StepResult {
  WriteOutcome outcome = WriteOutcome::kCommitted;
  // The driver's words, without parameter values.
  std::string message;
  // The connection must not be used any more.
  bool lost = false;

  bool ok() const { return outcome == WriteOutcome::kCommitted; }
  // The transaction goes on without this statement's effect.
  bool refused() const {
    return outcome == WriteOutcome::kDuplicate || outcome == WriteOutcome::kStale;
  }
};

// A writing connection, as a lane sees it. Never reconnects by itself. After a step that is neither
// ok nor refused, only Rollback may follow.
class WriteConnection {
 public:
  virtual ~WriteConnection() = default;
  virtual StepResult Begin() = 0;
  virtual StepResult Run(StatementKind kind, Sql sql, const std::vector<Value>& parameters) = 0;
  virtual StepResult Savepoint() = 0;
  virtual StepResult RollbackToSavepoint() = 0;
  virtual StepResult Commit() = 0;
  // Ends the transaction, whatever state it is in. Not ok: the connection is lost.
  virtual StepResult Rollback() = 0;
  // Whether several rows in one INSERT save time, as they do where each statement is a journey.
  virtual bool joins_inserts() const = 0;
  // Runs an insert that takes rows (ShapeOfInsert) once for each of `rows`.
  virtual StepResult InsertRows(Sql sql, const std::vector<const std::vector<Value>*>& rows) = 0;
  // False once the storage beneath must not be trusted: every further write is refused.
  virtual bool trusted() const { return true; }
};

using WriteConnector = std::function<absl::StatusOr<std::unique_ptr<WriteConnection>>()>;

// What all lanes of a database share.
struct LaneShared {
  int queue_max = 0;
  int batch_max = 0;
  std::atomic<std::int64_t> queued{0};
  std::atomic<std::int64_t> batches{0};
  std::atomic<std::int64_t> write_sets{0};
  std::atomic<std::int64_t> batches_failed{0};
};

// Batches form by themselves: what arrives while a batch commits is the next batch. A lone set is
// committed at once. Events get their numbers in the order of commits; a number is used up only by
// a commit that succeeded, and after an unknown outcome the lane goes on under a new writer id.
class Lane {
 public:
  using Done = std::function<void(const WriteResult&)>;

  Lane(LaneShared& shared, WriteConnector connect);
  // Finishes what was accepted.
  ~Lane();

  void Write(WriteSet set, const WriteOptions& options, Done done);

 private:
  struct Item {
    WriteSet set;
    WriteOptions options;
    Done done;
    WriteResult result;
    // Left out of further attempts: its own statement is wrong.
    bool excluded = false;
  };
  enum class Attempt { kFinished, kAgain, kAgainFresh };
  // Rows of several sets that wait to go in one statement.
  struct PendingInsert {
    Sql sql;
    const InsertShape* shape;
    std::vector<const std::vector<Value>*> rows;
  };

  void Loop();
  std::vector<Item> Take();
  void RunBatch(std::vector<Item>& batch);
  Attempt TryBatch(std::vector<Item>& batch, bool savepoints, bool fresh_allowed);
  Attempt EndBatch(std::vector<Item>& batch, const StepResult& step);
  Attempt CommitBatch(std::vector<Item>& batch, std::int64_t next_sequence, int written);
  StepResult RunSet(Item& item, std::int64_t& sequence, bool& clean, bool joined);
  StepResult RunEvents(Item& item, std::int64_t& sequence, bool& clean, bool joined, int place);
  bool Postpone(Sql sql, const std::vector<Value>& parameters);
  StepResult RunPending(const char* before);
  std::vector<Value> EventRow(const Event& event, std::int64_t sequence) const;
  StepResult Prepare(const std::vector<Item>& batch);
  StepResult RegisterWriter();
  void GiveUp(std::vector<Item>& batch, const StepResult& failure);
  void Abandon(std::vector<Item>& batch, const StepResult& failure);
  void Rollback();

  LaneShared& shared_;
  const WriteConnector connect_;
  std::unique_ptr<WriteConnection> connection_;
  std::string writer_;  // Empty: not registered yet.
  std::int64_t next_sequence_ = 1;
  std::vector<PendingInsert> pending_;
  std::deque<std::vector<Value>> pending_events_;
  // A statement for several sets failed, so that none of them is known to be the cause.
  bool joint_failure_ = false;
  int statements_done_ = 0;  // In this attempt.
  std::unordered_map<const char*, InsertShape> shapes_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Item> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

// The lanes of one database. Sets of the same record, or making a record for the same request, go
// to the same lane, so that they meet in one queue and not in a deadlock.
class Lanes {
 public:
  Lanes(const OpenOptions& options, int lanes, WriteConnector connect);

  void Write(WriteSet set, const WriteOptions& options, Lane::Done done);
  DatabaseMetrics Metrics() const;

 private:
  LaneShared shared_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_LANE_H_
