#include "platform/db/lane.h"

#include <array>
#include <cstddef>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "platform/db/event_attributes.h"
#include "platform/db/ids.h"
#include "platform/db/utf8.h"

namespace asc::db {
namespace {

constexpr char kEventInsertHead[] =
    "INSERT INTO event (authority, writer, sequence, record_type, record_id, record_version, type, "
    "occurred_at, request_id, attributes) VALUES ";
constexpr char kEventRow[] = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

// The statement for `kRows` events, put together by the compiler.
template <std::size_t kRows>
constexpr auto MakeEventInsert() {
  constexpr std::size_t kHead = sizeof(kEventInsertHead) - 1;
  constexpr std::size_t kRow = sizeof(kEventRow) - 1;
  std::array<char, kHead + kRows*(kRow + 1)> text{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < kHead; ++i) text[at++] = kEventInsertHead[i];
  for (std::size_t row = 0; row < kRows; ++row) {
    if (row > 0) text[at++] = ',';
    for (std::size_t i = 0; i < kRow; ++i) text[at++] = kEventRow[i];
  }
  text[at] = '\0';
  return text;
}

template <std::size_t kRows>
struct EventInsert {
  static constexpr auto kArray = MakeEventInsert<kRows>();
  static constexpr std::size_t kSize = kArray.size();
  struct Text {
    char characters[kSize];
  };
  static constexpr Text MakeText() {
    Text text{};
    for (std::size_t i = 0; i < kSize; ++i) text.characters[i] = kArray[i];
    return text;
  }
  static constexpr Text kText = MakeText();
};

struct EventInsertOf {
  std::size_t rows;
  Sql sql;
};

// Few sizes, so that each stays prepared.
constexpr EventInsertOf kEventInserts[] = {
    {32, Sql(EventInsert<32>::kText.characters)}, {16, Sql(EventInsert<16>::kText.characters)},
    {8, Sql(EventInsert<8>::kText.characters)},   {4, Sql(EventInsert<4>::kText.characters)},
    {2, Sql(EventInsert<2>::kText.characters)},   {1, Sql(EventInsert<1>::kText.characters)},
};
constexpr Sql kOneEventInsert = Sql(EventInsert<1>::kText.characters);

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

// One transaction. The ordinary batch pays for no savepoints: only when a set is refused after it
// has already changed something is everything undone and run again with a savepoint per set.
Lane::Attempt Lane::TryBatch(std::vector<Item>& batch, bool savepoints, bool fresh_allowed) {
  std::int64_t sequence = next_sequence_;
  int written = 0;
  bool first = true;
  const bool joined = !savepoints && batch.size() > 1 && connection_->joins_events();
  StepResult step = connection_->Begin();
  for (Item& item : batch) {
    if (item.excluded) continue;
    item.result = WriteResult();
    const std::int64_t sequence_before = sequence;
    bool clean = true;
    if (step.ok() && savepoints) step = connection_->Savepoint();
    if (step.ok()) step = RunSet(item, sequence, clean, !joined);
    // Lost at the first statement of all: it died while the lane was idle.
    if (step.lost && first && item.result.statement <= 0 && fresh_allowed) {
      connection_.reset();
      return Attempt::kAgainFresh;
    }
    first = false;
    if (step.ok()) {
      ++written;
      continue;
    }
    sequence = sequence_before;
    if (step.refused()) {
      step = StepResult();
      if (clean) continue;
      if (savepoints) {
        step = connection_->RollbackToSavepoint();
        if (!step.ok()) break;
        continue;
      }
      Rollback();
      return batch.size() == 1 ? Attempt::kFinished : Attempt::kAgain;
    }
    if (step.outcome == WriteOutcome::kFault) {
      item.excluded = true;
      Rollback();
      return Attempt::kAgain;
    }
    break;
  }
  if (step.ok() && joined) step = RunJoinedEvents(batch, sequence);
  if (step.ok()) return CommitBatch(batch, sequence, written);
  if (joined && (step.refused() || step.outcome == WriteOutcome::kFault)) {
    Rollback();
    return Attempt::kAgain;  // Which event it was shows when they go one by one.
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

// `clean`: nothing of this set has been changed.
StepResult Lane::RunSet(Item& item, std::int64_t& sequence, bool& clean, bool with_events) {
  int place = 0;
  for (const Statement& statement : item.set.statements()) {
    StepResult step = connection_->Run(statement.kind, statement.sql, statement.parameters);
    if (!step.ok()) {
      item.result = ResultOf(step, place);
      return step;
    }
    if (statement.kind != StatementKind::kGuard) clean = false;
    ++place;
  }
  if (!with_events) return {};
  for (const Event& event : item.set.events()) {
    StepResult step =
        connection_->Run(StatementKind::kInsert, kOneEventInsert, EventRow(event, sequence));
    if (!step.ok()) {
      item.result = ResultOf(step, place);
      return step;
    }
    clean = false;
    ++sequence;
    ++place;
  }
  return {};
}

// The events of all sets that went through, in as few statements as possible.
StepResult Lane::RunJoinedEvents(const std::vector<Item>& batch, std::int64_t& sequence) {
  std::vector<const Event*> events;
  for (const Item& item : batch) {
    if (item.excluded || !item.result.committed()) continue;
    for (const Event& event : item.set.events()) events.push_back(&event);
  }
  std::size_t at = 0;
  for (const auto& [rows, sql] : kEventInserts) {
    while (events.size() - at >= rows) {
      std::vector<Value> parameters;
      parameters.reserve(rows * 10);
      for (std::size_t row = 0; row < rows; ++row) {
        for (Value& value : EventRow(*events[at++], sequence++)) {
          parameters.push_back(std::move(value));
        }
      }
      StepResult step = connection_->Run(StatementKind::kInsert, sql, parameters);
      if (!step.ok()) return step;
    }
  }
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
