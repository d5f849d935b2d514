#include "platform/db/lane.h"

#include <cstddef>
#include <cstring>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "platform/db/event_attributes.h"
#include "platform/db/ids.h"
#include "platform/db/utf8.h"

namespace asc::db {
namespace {

constexpr Sql kEventInsert =
    "INSERT INTO event (authority, writer, sequence, record_type, record_id, record_version, type, "
    "occurred_at, request_id, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

// Looked at before queueing, because the drivers would differ in what they say about it.
int FirstStatementWithBadText(const WriteSet& set) {
  int place = 0;
  for (const Statement& statement : set.statements()) {
    if (!AllTextIsUtf8(statement.parameters)) return place;
    ++place;
  }
  for (const Event& event : set.events()) {
    if (!IsUtf8(event.authority) || !IsUtf8(event.record_type) || !IsUtf8(event.record_id) ||
        !IsUtf8(event.type) || !IsUtf8(event.request_id)) {
      return place;
    }
    for (const auto& [key, value] : event.attributes) {
      if (!IsUtf8(key) || !IsUtf8(value)) return place;
    }
    ++place;
  }
  return -1;
}

std::size_t LaneHash(const WriteSet& set) {
  if (!set.events().empty()) {
    const Event& event = set.events().front();
    // Repeats of a creating request make different ids but meet in the idempotency row.
    const std::string& key = event.record_version == 1 ? event.request_id : event.record_id;
    return absl::HashOf(event.authority, key);
  }
  std::size_t hash = 0;
  int texts = 0;
  for (const Value& value : set.statements().front().parameters) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) continue;
    hash = absl::HashOf(hash, *text);
    if (++texts == 2) break;
  }
  return hash;
}

WriteResult ResultOf(const StepResult& step, int statement) {
  return WriteResult{step.outcome, statement, step.message};
}

}  // namespace

Lane::Lane(LaneShared& shared, WriteConnector connect)
    : shared_(shared), connect_(std::move(connect)), thread_([this] { Loop(); }) {}

Lane::~Lane() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Lane::Write(WriteSet set, const WriteOptions& options, Done done) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(Item{std::move(set), options, std::move(done), WriteResult(), false});
  }
  wake_.notify_one();
}

void Lane::Loop() {
  while (true) {
    std::vector<Item> batch = Take();
    if (batch.empty()) return;
    RunBatch(batch);
    for (Item& item : batch) item.done(item.result);
  }
}

// The next batch, or an empty one when the lane stops. Sets whose time is over end here.
std::vector<Lane::Item> Lane::Take() {
  std::vector<Item> batch;
  while (true) {
    std::vector<Item> late;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return batch;
      const auto now = std::chrono::steady_clock::now();
      while (!queue_.empty() && static_cast<int>(batch.size()) < shared_.batch_max) {
        Item& next = queue_.front();
        const bool is_late = next.options.deadline <= now;
        const bool is_alone = next.options.alone;
        if (!is_late && is_alone && !batch.empty()) break;
        (is_late ? late : batch).push_back(std::move(next));
        queue_.pop_front();
        if (!is_late && is_alone) break;
      }
    }
    shared_.queued -= static_cast<std::int64_t>(batch.size() + late.size());
    for (Item& item : late) {
      item.done({WriteOutcome::kUnavailable, -1, "the deadline passed while it waited"});
    }
    if (!batch.empty()) return batch;
  }
}

// Connects and registers the writer, where that is still to do.
StepResult Lane::Prepare(const std::vector<Item>& batch) {
  if (connection_ != nullptr && !connection_->trusted()) {
    return {WriteOutcome::kUnavailable, "the file must not be trusted before a restart", false};
  }
  if (connection_ == nullptr) {
    auto connection = connect_();
    if (!connection.ok()) {
      return {WriteOutcome::kUnavailable, std::string(connection.status().message()), false};
    }
    connection_ = *std::move(connection);
  }
  if (!writer_.empty()) return {};
  for (const Item& item : batch) {
    if (!item.set.events().empty()) return RegisterWriter();
  }
  return {};
}

StepResult Lane::RegisterWriter() {
  const std::string writer = NewId();
  StepResult step = connection_->Begin();
  if (step.ok()) {
    step = connection_->Run(StatementKind::kInsert,
                            "INSERT INTO writer (writer, started_at) VALUES (?, ?)",
                            {writer, NowMicros()});
  }
  if (step.ok()) step = connection_->Commit();
  if (step.ok()) {
    writer_ = writer;
    next_sequence_ = 1;
    return step;
  }
  // No event stands under this id yet, so an unknown outcome leaves at most an unused row.
  if (step.outcome == WriteOutcome::kUnknown) step.outcome = WriteOutcome::kUnavailable;
  if (step.lost) {
    connection_.reset();
  } else {
    Rollback();
  }
  return step;
}

void Lane::RunBatch(std::vector<Item>& batch) {
  bool fresh_allowed = connection_ != nullptr;  // It may have died while the lane was idle.
  bool savepoints = false;
  while (true) {
    StepResult ready = Prepare(batch);
    if (!ready.ok() && ready.lost && fresh_allowed) {
      fresh_allowed = false;
      ready = Prepare(batch);
    }
    if (!ready.ok()) return GiveUp(batch, ready);
    switch (TryBatch(batch, savepoints, fresh_allowed)) {
      case Attempt::kFinished:
        return;
      case Attempt::kAgain:
        savepoints = true;
        break;
      case Attempt::kAgainFresh:
        break;
    }
    fresh_allowed = false;
  }
}

// One transaction. The ordinary batch pays for no savepoints, and its inserts go many rows at a
// time where that saves time. Only when a set is refused after it has already changed something, or
// a statement for several sets fails, is everything undone and run again set by set with
// savepoints.
Lane::Attempt Lane::TryBatch(std::vector<Item>& batch, bool savepoints, bool fresh_allowed) {
  std::int64_t sequence = next_sequence_;
  int written = 0;
  const bool joined = !savepoints && batch.size() > 1 && connection_->joins_inserts();
  pending_.clear();
  pending_events_.clear();
  joint_failure_ = false;
  statements_done_ = 0;
  StepResult step = connection_->Begin();
  for (Item& item : batch) {
    if (item.excluded) continue;
    item.result = WriteResult();
    const std::int64_t sequence_before = sequence;
    bool clean = true;
    if (step.ok() && savepoints) step = connection_->Savepoint();
    if (step.ok()) step = RunSet(item, sequence, clean, joined);
    if (step.ok()) {
      ++written;
      continue;
    }
    if (joint_failure_ || !step.refused()) break;
    sequence = sequence_before;
    step = StepResult();
    if (clean) continue;
    if (!savepoints) {
      Rollback();
      return batch.size() == 1 ? Attempt::kFinished : Attempt::kAgain;
    }
    step = connection_->RollbackToSavepoint();
    if (!step.ok()) break;
  }
  if (step.ok()) step = RunPending(nullptr);
  if (step.ok()) return CommitBatch(batch, sequence, written);
  // Lost at the first statement of all: it died while the lane was idle.
  if (step.lost && statements_done_ == 0 && fresh_allowed) {
    connection_.reset();
    return Attempt::kAgainFresh;
  }
  return EndBatch(batch, step);
}

// The end of a transaction in which `step` failed for all.
Lane::Attempt Lane::EndBatch(std::vector<Item>& batch, const StepResult& step) {
  if (joint_failure_ && (step.refused() || step.outcome == WriteOutcome::kFault)) {
    Rollback();
    return Attempt::kAgain;  // Whose row it was shows when they go one by one.
  }
  if (step.outcome == WriteOutcome::kFault) {
    for (Item& item : batch) {
      if (!item.excluded && item.result.outcome == WriteOutcome::kFault) {
        item.excluded = true;
        Rollback();
        return Attempt::kAgain;
      }
    }
  }
  Abandon(batch, step);
  return Attempt::kFinished;
}

Lane::Attempt Lane::CommitBatch(std::vector<Item>& batch, std::int64_t next_sequence, int written) {
  if (written == 0) {
    Rollback();
    return Attempt::kFinished;
  }
  const StepResult step = connection_->Commit();
  if (step.ok()) {
    next_sequence_ = next_sequence;
    ++shared_.batches;
    shared_.write_sets += written;
    return Attempt::kFinished;
  }
  if (step.outcome != WriteOutcome::kUnknown) {
    Abandon(batch, step);
    return Attempt::kFinished;
  }
  ++shared_.batches_failed;
  // The numbers may be used up or not; a new writer starts at 1 with certainty.
  writer_.clear();
  for (Item& item : batch) {
    if (item.excluded) continue;
    // A refused set is not written in any case, but what refused it may be gone.
    const bool in_commit = item.result.committed();
    item.result = {in_commit ? WriteOutcome::kUnknown : WriteOutcome::kConflict, -1, step.message};
  }
  if (step.lost) {
    connection_.reset();
  } else {
    Rollback();
  }
  return Attempt::kFinished;
}

// `clean`: nothing of this set has been changed. `joined`: inserts may wait for others like them.
StepResult Lane::RunSet(Item& item, std::int64_t& sequence, bool& clean, bool joined) {
  int place = 0;
  for (const Statement& statement : item.set.statements()) {
    const bool insert = statement.kind == StatementKind::kInsert;
    if (joined && insert && Postpone(statement.sql, statement.parameters)) {
      clean = false;
      ++place;
      continue;
    }
    if (joined) {
      StepResult step = RunPending(statement.sql.text());
      if (!step.ok()) return step;
    }
    StepResult step = connection_->Run(statement.kind, statement.sql, statement.parameters);
    if (!step.ok()) {
      item.result = ResultOf(step, place);
      return step;
    }
    if (statement.kind != StatementKind::kGuard) clean = false;
    ++statements_done_;
    ++place;
  }
  return RunEvents(item, sequence, clean, joined, place);
}

StepResult Lane::RunEvents(Item& item, std::int64_t& sequence, bool& clean, bool joined,
                           int place) {
  for (const Event& event : item.set.events()) {
    std::vector<Value> row = EventRow(event, sequence);
    if (joined) {
      pending_events_.push_back(std::move(row));
      Postpone(kEventInsert, pending_events_.back());
    } else {
      StepResult step = connection_->Run(StatementKind::kInsert, kEventInsert, row);
      if (!step.ok()) {
        item.result = ResultOf(step, place);
        return step;
      }
    }
    clean = false;
    ++sequence;
    ++place;
  }
  return {};
}

// Keeps the row for RunPending; false when the insert does not take rows. `parameters` stays where
// it is until the end of the attempt.
bool Lane::Postpone(Sql sql, const std::vector<Value>& parameters) {
  auto shape = shapes_.find(sql.text());
  if (shape == shapes_.end()) {
    shape = shapes_.emplace(sql.text(), ShapeOfInsert(sql.text())).first;
  }
  if (!shape->second.takes_rows) return false;
  for (PendingInsert& insert : pending_) {
    if (insert.sql.text() != sql.text()) continue;
    insert.rows.push_back(&parameters);
    return true;
  }
  pending_.push_back({sql, &shape->second, {&parameters}});
  return true;
}

// Runs the inserts that wait. `before`: the statement that is to run next; when it names none of
// their tables it can neither see nor meet their rows, and they go on waiting. Null: run them.
StepResult Lane::RunPending(const char* before) {
  bool named = before == nullptr;
  for (const PendingInsert& insert : pending_) {
    named = named || std::strstr(before, insert.shape->table.c_str()) != nullptr;
  }
  if (!named) return {};
  for (const PendingInsert& insert : pending_) {
    StepResult step = connection_->InsertRows(insert.sql, insert.rows);
    if (!step.ok()) {
      joint_failure_ = true;
      return step;
    }
    ++statements_done_;
  }
  pending_.clear();
  return {};
}

std::vector<Value> Lane::EventRow(const Event& event, std::int64_t sequence) const {
  return {event.authority,  writer_,
          sequence,         event.record_type,
          event.record_id,  event.record_version,
          event.type,       event.occurred_at_us,
          event.request_id, EncodeEventAttributes(event.attributes)};
}

// Nothing is written; every set that still could have been gets `failure`.
void Lane::GiveUp(std::vector<Item>& batch, const StepResult& failure) {
  ++shared_.batches_failed;
  for (Item& item : batch) {
    if (item.excluded) continue;
    const int statement = item.result.outcome == failure.outcome ? item.result.statement : -1;
    item.result = {failure.outcome, statement, failure.message};
  }
}

// GiveUp, within a transaction.
void Lane::Abandon(std::vector<Item>& batch, const StepResult& failure) {
  GiveUp(batch, failure);
  if (failure.lost) {
    connection_.reset();
  } else {
    Rollback();
  }
}

void Lane::Rollback() {
  if (!connection_->Rollback().ok()) connection_.reset();
}

Lanes::Lanes(const OpenOptions& options, int lanes, WriteConnector connect) {
  shared_.queue_max = options.queue_max;
  shared_.batch_max = options.batch_max;
  for (int i = 0; i < lanes; ++i) lanes_.push_back(std::make_unique<Lane>(shared_, connect));
}

void Lanes::Write(WriteSet set, const WriteOptions& options, Lane::Done done) {
  if (set.empty()) return done({});
  if (const int statement = FirstStatementWithBadText(set); statement >= 0) {
    return done({WriteOutcome::kFault, statement, "a text value is not UTF-8"});
  }
  if (shared_.queued.fetch_add(1) >= shared_.queue_max) {
    --shared_.queued;
    return done({WriteOutcome::kUnavailable, -1, "the write queue is full"});
  }
  const std::size_t lane = lanes_.size() == 1 ? 0 : LaneHash(set) % lanes_.size();
  lanes_[lane]->Write(std::move(set), options, std::move(done));
}

DatabaseMetrics Lanes::Metrics() const {
  return {shared_.batches, shared_.write_sets, shared_.batches_failed, shared_.queued};
}

}  // namespace asc::db
