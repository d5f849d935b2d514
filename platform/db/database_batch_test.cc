// The conformance suite of the drivers, part two: sets that share a transaction, and concurrency.

#include <atomic>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "platform/db/database_fixture.h"

namespace asc::db {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class BatchTest : public NoteDatabaseTest {
 protected:
  static std::vector<WriteOutcome> Outcomes(const std::vector<WriteResult>& results) {
    std::vector<WriteOutcome> outcomes;
    for (const WriteResult& result : results) outcomes.push_back(result.outcome);
    return outcomes;
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, BatchTest, testing::AllDatabases(), testing::DatabaseName);

constexpr auto kCommitted = WriteOutcome::kCommitted;
constexpr auto kDuplicate = WriteOutcome::kDuplicate;
constexpr auto kStale = WriteOutcome::kStale;
constexpr auto kFault = WriteOutcome::kFault;

using ::testing::ElementsAre;

TEST_P(BatchTest, SetsThatWaitTogetherAreOneCommit) {
  const auto before = database().Metrics();
  EXPECT_THAT(Outcomes(Batch({NewNote("a"), NewNote("b"), NewNote("c")})),
              ElementsAre(kCommitted, kCommitted, kCommitted));
  // One more for the set that held the lane up.
  EXPECT_EQ(database().Metrics().batches - before.batches, 2);
  ExpectGaplessEvents();
}

TEST_P(BatchTest, ADuplicateAmongNeighboursHarmsOnlyItself) {
  ASSERT_EQ(Write(NewNote("b")), kCommitted);
  EXPECT_THAT(Outcomes(Batch({NewNote("a"), NewNote("b"), NewNote("c")})),
              ElementsAre(kCommitted, kDuplicate, kCommitted));
  EXPECT_TRUE(Exists("a"));
  EXPECT_TRUE(Exists("c"));
  ExpectGaplessEvents();
}

TEST_P(BatchTest, ADuplicateBehindAWriteIsUndoneAndHarmsOnlyItself) {
  ASSERT_EQ(Write(NewNote("b")), kCommitted);
  EXPECT_THAT(Outcomes(Batch({NewNote("a"), NewNote("undone").Join(NewNote("b")), NewNote("c")})),
              ElementsAre(kCommitted, kDuplicate, kCommitted));
  EXPECT_FALSE(Exists("undone"));
  EXPECT_TRUE(Exists("a"));
  EXPECT_TRUE(Exists("c"));
  EXPECT_EQ(Events(), 3);
  ExpectGaplessEvents();
}

TEST_P(BatchTest, AStaleUpdateAmongNeighboursHarmsOnlyItself) {
  EXPECT_THAT(Outcomes(Batch({NewNote("a"), ChangeNote("none", 3), NewNote("c")})),
              ElementsAre(kCommitted, kStale, kCommitted));
  ExpectGaplessEvents();
}

TEST_P(BatchTest, AStaleUpdateBehindAWriteIsUndoneAndHarmsOnlyItself) {
  EXPECT_THAT(
      Outcomes(Batch({NewNote("a"), NewNote("undone").Join(ChangeNote("a", 9)), NewNote("c")})),
      ElementsAre(kCommitted, kStale, kCommitted));
  EXPECT_FALSE(Exists("undone"));
  ExpectGaplessEvents();
}

TEST_P(BatchTest, AStaleGuardAmongNeighboursHarmsOnlyItself) {
  WriteSet guarded = NewNote("undone");
  guarded.Guard("SELECT 1 FROM note WHERE id = ?", {"none"});
  EXPECT_THAT(Outcomes(Batch({NewNote("a"), guarded, NewNote("c")})),
              ElementsAre(kCommitted, kStale, kCommitted));
  EXPECT_FALSE(Exists("undone"));
}

TEST_P(BatchTest, WrongSqlAmongNeighboursHarmsOnlyItself) {
  EXPECT_THAT(Outcomes(Batch({NewNote("a"), NewNote("undone").Join(WrongSql()), NewNote("c")})),
              ElementsAre(kCommitted, kFault, kCommitted));
  EXPECT_FALSE(Exists("undone"));
  EXPECT_TRUE(Exists("c"));
  ExpectGaplessEvents();
}

TEST_P(BatchTest, ATooLongValueAmongNeighboursHarmsOnlyItself) {
  EXPECT_THAT(Outcomes(Batch({NewNote("a"), NewNote(std::string(200, 'x')), NewNote("c")})),
              ElementsAre(kCommitted, kFault, kCommitted));
}

TEST_P(BatchTest, ADuplicateEventAmongNeighboursHarmsOnlyItself) {
  ASSERT_EQ(Write(NewNote("old")), kCommitted);
  WriteSet repeated;
  repeated.Execute("UPDATE note SET version = 50 WHERE id = 'old'", {});
  repeated.Append(NoteEvent("old", 1));
  EXPECT_THAT(Outcomes(Batch({NewNote("a"), repeated, NewNote("c")})),
              ElementsAre(kCommitted, kDuplicate, kCommitted));
  EXPECT_EQ(Version("old"), 1);
  ExpectGaplessEvents();
}

TEST_P(BatchTest, ASetRefusedAtItsSecondEventUsesUpNoNumber) {
  ASSERT_EQ(Write(NewNote("old")), kCommitted);
  WriteSet second_repeats = NewNote("undone");
  second_repeats.Append(NoteEvent("old", 1));
  EXPECT_THAT(Outcomes(Batch({NewNote("a"), second_repeats, NewNote("c")})),
              ElementsAre(kCommitted, kDuplicate, kCommitted));
  EXPECT_FALSE(Exists("undone"));
  EXPECT_EQ(Events(), 3);
  ExpectGaplessEvents();
}

TEST_P(BatchTest, TheFirstAndTheLastMayFail) {
  ASSERT_EQ(Write(NewNote("old")), kCommitted);
  EXPECT_THAT(Outcomes(Batch({NewNote("x").Join(NewNote("old")), NewNote("a"),
                              NewNote("y").Join(ChangeNote("old", 4))})),
              ElementsAre(kDuplicate, kCommitted, kStale));
  EXPECT_TRUE(Exists("a"));
  EXPECT_FALSE(Exists("x"));
  EXPECT_FALSE(Exists("y"));
}

TEST_P(BatchTest, SeveralKindsOfFailureMeet) {
  ASSERT_EQ(Write(NewNote("old")), kCommitted);
  EXPECT_THAT(
      Outcomes(Batch({WrongSql(), NewNote("a"), NewNote("x").Join(NewNote("old")),
                      NewNote("y").Join(WrongSql()), NewNote("b"), ChangeNote("old", 8),
                      ChangeNote("old", 1), NewNote("z").Join(WrongSql())})),
      ElementsAre(kFault, kCommitted, kDuplicate, kFault, kCommitted, kStale, kCommitted, kFault));
  EXPECT_EQ(Version("old"), 2);
  EXPECT_EQ(Events(), 4);
  ExpectGaplessEvents();
}

TEST_P(BatchTest, WhenAllAreRefusedNothingIsCommitted) {
  ASSERT_EQ(Write(NewNote("old")), kCommitted);
  const auto before = database().Metrics();
  EXPECT_THAT(Outcomes(Batch({NewNote("old"), ChangeNote("old", 8)})),
              ElementsAre(kDuplicate, kStale));
  EXPECT_EQ(database().Metrics().write_sets - before.write_sets, 1) << "only the one that held up";
  EXPECT_EQ(Write(ChangeNote("old", 1)), kCommitted);
}

TEST_P(BatchTest, OfTwoEqualSetsTheSecondIsADuplicateAndSeesTheWinner) {
  std::promise<void> held;
  std::promise<void> release;
  database().Write(WriteSet().Execute("UPDATE note SET version = 1 WHERE id = ''", {}), {},
                   [&](const WriteResult&) {
                     held.set_value();
                     release.get_future().wait();
                   });
  held.get_future().wait();
  std::promise<bool> winner_seen;
  std::promise<WriteOutcome> first;
  database().Write(NewNote("same"), {},
                   [&](const WriteResult& result) { first.set_value(result.outcome); });
  database().Write(NewNote("same"), {}, [&](const WriteResult& result) {
    winner_seen.set_value(result.outcome == kDuplicate && Exists("same"));
  });
  release.set_value();
  EXPECT_EQ(first.get_future().get(), kCommitted);
  EXPECT_TRUE(winner_seen.get_future().get());
}

TEST_P(BatchTest, AChainOfVersionsGoesThroughInOneBatch) {
  EXPECT_THAT(Outcomes(Batch({NewNote("a"), ChangeNote("a", 1), ChangeNote("a", 2),
                              ChangeNote("a", 2), ChangeNote("a", 3)})),
              ElementsAre(kCommitted, kCommitted, kCommitted, kStale, kCommitted));
  EXPECT_EQ(Version("a"), 4);
  EXPECT_EQ(Events(), 4);
}

TEST_P(BatchTest, ASetThatWaitsForARefusedNeighbourIsJudgedOnWhatIsThere) {
  ASSERT_EQ(Write(NewNote("old")), kCommitted);
  // The first would make "a" but is refused; the second then is no duplicate.
  EXPECT_THAT(Outcomes(Batch({NewNote("a").Join(NewNote("old")), NewNote("a")})),
              ElementsAre(kDuplicate, kCommitted));
}

TEST_P(BatchTest, ABatchIsNoLargerThanItsLimit) {
  std::vector<WriteSet> sets;
  for (int i = 0; i < 200; ++i) sets.push_back(NewNote("n" + std::to_string(i)));
  const auto before = database().Metrics();
  for (const WriteResult& result : Batch(std::move(sets))) EXPECT_TRUE(result.committed());
  const auto batches = database().Metrics().batches - before.batches;
  EXPECT_EQ(batches, 1 + 4) << "200 sets, 64 in one at most";
}

TEST_P(BatchTest, RandomFailuresInFullBatchesMatchAModel) {
  std::mt19937 random(7);
  std::map<std::string, std::int64_t> model;
  for (int round = 0; round < 6; ++round) {
    std::vector<WriteSet> sets;
    std::vector<WriteOutcome> expected;
    for (int i = 0; i < 64; ++i) {
      const std::string id = "n" + std::to_string(random() % 40);
      const std::string fresh = "f" + std::to_string(round * 64 + i);
      const bool dirty = random() % 2 == 0;
      WriteSet set = dirty ? NewNote(fresh) : WriteSet();
      WriteOutcome outcome = kCommitted;
      if (random() % 16 == 0) {
        set.Join(WrongSql());
        outcome = kFault;
      } else if (random() % 2 == 0) {
        set.Join(NewNote(id));
        outcome = model.count(id) != 0 ? kDuplicate : kCommitted;
        if (outcome == kCommitted) model[id] = 1;
      } else {
        const std::int64_t from = 1 + random() % 3;
        set.Join(ChangeNote(id, from));
        outcome = model.count(id) != 0 && model[id] == from ? kCommitted : kStale;
        if (outcome == kCommitted) model[id] = from + 1;
      }
      if (dirty && outcome == kCommitted) model[fresh] = 1;
      sets.push_back(std::move(set));
      expected.push_back(outcome);
    }
    EXPECT_EQ(Outcomes(Batch(std::move(sets))), expected) << "round " << round;
  }
  std::int64_t events = 0;
  for (const auto& [id, version] : model) {
    EXPECT_EQ(Version(id), version) << id;
    events += version;
  }
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note"), static_cast<std::int64_t>(model.size()));
  EXPECT_EQ(Events(), events);
  ExpectGaplessEvents();
}

class QueueTest : public NoteDatabaseTest {
 protected:
  void SetUp() override {
    OpenOptions options = Options();
    options.queue_max = 5;
    OpenNotes(options);
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, QueueTest, testing::AllDatabases(), testing::DatabaseName);

TEST_P(QueueTest, ASetTooManyIsRefusedAtOnceAndTheOthersGoThrough) {
  std::vector<WriteSet> sets;
  for (int i = 0; i < 8; ++i) sets.push_back(NewNote("n" + std::to_string(i)));
  const auto results = Batch(std::move(sets));
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(results[i].outcome, i < 5 ? kCommitted : WriteOutcome::kUnavailable) << i;
  }
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note"), 5);
  EXPECT_EQ(Write(NewNote("later")), kCommitted);
}

TEST_P(QueueTest, ASetWhoseTimeRunsOutInTheQueueIsNotStarted) {
  std::promise<void> held;
  std::promise<void> release;
  database().Write(NewNote("holds"), {}, [&](const WriteResult&) {
    held.set_value();
    release.get_future().wait();
  });
  held.get_future().wait();
  WriteOptions options;
  options.deadline = steady_clock::now() + milliseconds(20);
  std::promise<WriteOutcome> late;
  std::promise<WriteOutcome> patient;
  database().Write(NewNote("late"), options,
                   [&](const WriteResult& result) { late.set_value(result.outcome); });
  database().Write(NewNote("patient"), {},
                   [&](const WriteResult& result) { patient.set_value(result.outcome); });
  std::this_thread::sleep_for(milliseconds(40));
  release.set_value();
  EXPECT_EQ(late.get_future().get(), WriteOutcome::kUnavailable);
  EXPECT_EQ(patient.get_future().get(), kCommitted);
  EXPECT_FALSE(Exists("late"));
}

class SnapshotTest : public NoteDatabaseTest {};
INSTANTIATE_TEST_SUITE_P(Databases, SnapshotTest, testing::AllDatabases(), testing::DatabaseName);

std::int64_t CountNotes(Reader& reader) {
  const auto row = reader.QueryOne("SELECT COUNT(*) FROM note", {});
  return row.ok() && row->has_value() ? (*row)->Whole(0) : -1;
}

TEST_P(SnapshotTest, ASnapshotDoesNotMove) {
  ASSERT_EQ(Write(NewNote("a")), kCommitted);
  auto snapshot = database().Snapshot();
  ASSERT_THAT(snapshot, IsOk());
  EXPECT_EQ(CountNotes(**snapshot), 1);
  ASSERT_EQ(Write(NewNote("b")), kCommitted) << "a snapshot does not hold writers up";
  ASSERT_EQ(Write(ChangeNote("a", 1)), kCommitted);
  EXPECT_EQ(CountNotes(**snapshot), 1);
  const auto row = (*snapshot)->QueryOne("SELECT version FROM note WHERE id = 'a'", {});
  ASSERT_THAT(row, IsOk());
  EXPECT_EQ((*row)->Whole(0), 1);
}

TEST_P(SnapshotTest, ASnapshotIsTakenAtItsFirstQuery) {
  auto snapshot = database().Snapshot();
  ASSERT_THAT(snapshot, IsOk());
  ASSERT_EQ(Write(NewNote("a")), kCommitted);
  EXPECT_EQ(CountNotes(**snapshot), 1);
}

TEST_P(SnapshotTest, AfterASnapshotTheConnectionSeesWhatIsNew) {
  for (int i = 1; i <= 6; ++i) {
    auto snapshot = database().Snapshot();
    ASSERT_THAT(snapshot, IsOk());
    EXPECT_EQ(CountNotes(**snapshot), i - 1);
    snapshot->reset();
    ASSERT_EQ(Write(NewNote("n" + std::to_string(i))), kCommitted);
    auto reader = database().Read();
    ASSERT_THAT(reader, IsOk());
    EXPECT_EQ(CountNotes(**reader), i);
  }
}

TEST_P(SnapshotTest, AnOrdinaryReaderMovesWithEachQuery) {
  auto reader = database().Read();
  ASSERT_THAT(reader, IsOk());
  EXPECT_EQ(CountNotes(**reader), 0);
  ASSERT_EQ(Write(NewNote("a")), kCommitted);
  EXPECT_EQ(CountNotes(**reader), 1);
}

TEST_P(SnapshotTest, TheLastReaderIsWaitedForUntilTheDeadline) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < OpenOptions().readers; ++i) readers.push_back(*database().Read());
  const auto before = steady_clock::now();
  EXPECT_THAT(database().Read(before + milliseconds(30)), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_GE(steady_clock::now() - before, milliseconds(30));
  std::thread giver([&readers] {
    std::this_thread::sleep_for(milliseconds(20));
    readers.pop_back();
  });
  EXPECT_THAT(database().Read(), IsOk());
  giver.join();
}

TEST_P(SnapshotTest, AReaderInSeveralThreadsOneAfterTheOtherWorks) {
  for (int i = 0; i < 3; ++i) {
    std::thread([this] { EXPECT_EQ(Count("SELECT COUNT(*) FROM note"), 0); }).join();
  }
}

class ConcurrencyTest : public NoteDatabaseTest {
 protected:
  void SetUp() override {
    OpenOptions options;
    options.lanes = 3;
    options.readers = 8;
    OpenNotes(options);
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, ConcurrencyTest, testing::AllDatabases(),
                         testing::DatabaseName);

// What the workers of the tests below did.
struct Tally {
  // A slow machine gets the time it needs to do enough.
  static constexpr int kEnough = 50;
  static constexpr std::chrono::seconds kPatience{30};

  std::atomic<int> committed{0};
  std::atomic<int> refused{0};
  std::atomic<int> failed{0};
};

// One worker: reads, decides and writes until the time is over.
void ChangeHotNotes(Database& database, int seed, steady_clock::time_point end, Tally& tally) {
  std::mt19937 random(static_cast<unsigned>(seed));
  while (steady_clock::now() < end ||
         (tally.committed < Tally::kEnough && steady_clock::now() < end + Tally::kPatience)) {
    const std::string id = "hot" + std::to_string(random() % 4);
    std::int64_t version = 0;
    {
      auto reader = database.Read();
      if (!reader.ok()) continue;
      const auto row = (*reader)->QueryOne("SELECT version FROM note WHERE id = ?", {id});
      if (!row.ok() || !row->has_value()) continue;
      version = (*row)->Whole(0);
    }
    WriteSet set = ChangeNote(id, version);
    set.Execute("UPDATE note SET seen_at = COALESCE(seen_at, 0) + 1 WHERE id = ?", {id});
    switch (database.WriteAndWait(set).outcome) {
      case WriteOutcome::kCommitted:
        ++tally.committed;
        break;
      case WriteOutcome::kStale:
      case WriteOutcome::kConflict:
      case WriteOutcome::kDuplicate:
        ++tally.refused;
        break;
      default:
        ++tally.failed;
    }
  }
}

TEST_P(ConcurrencyTest, EightWritersOnFourRecordsLoseNoUpdate) {
  for (int i = 0; i < 4; ++i) {
    ASSERT_EQ(Write(NewNote("hot" + std::to_string(i))), kCommitted);
  }
  Tally tally;
  const auto end = steady_clock::now() + milliseconds(2000);
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([this, i, end, &tally] { ChangeHotNotes(database(), i, end, tally); });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_GE(tally.committed, Tally::kEnough);
  EXPECT_EQ(tally.failed, 0);
  // Each committed update is there, once: as a version, as a count and as an event.
  EXPECT_EQ(Count("SELECT SUM(version) FROM note"), tally.committed + 4);
  EXPECT_EQ(Count("SELECT SUM(seen_at) FROM note"), tally.committed);
  for (const Row& row : Query("SELECT record_id, COUNT(*), MIN(record_version), "
                              "MAX(record_version) FROM event GROUP BY record_id")) {
    EXPECT_EQ(row.Whole(2), 1);
    EXPECT_EQ(row.Whole(3), row.Whole(1)) << "the versions of " << row.Text(0) << " have a gap";
  }
  ExpectGaplessEvents();
}

TEST_P(ConcurrencyTest, NumbersBecomeVisibleInTheirOrder) {
  std::atomic<bool> stop{false};
  std::atomic<int> gaps{0};
  std::thread watcher([&] {
    while (!stop) {
      for (const Row& row :
           Query("SELECT writer, COUNT(*), MAX(sequence) FROM event GROUP BY writer")) {
        if (row.Whole(1) != row.Whole(2)) ++gaps;
      }
    }
  });
  std::atomic<int> left{600};
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&, i] {
      for (int n = 0; left-- > 0; ++n) {
        const std::string id = std::to_string(i) + "-" + std::to_string(n);
        // Every third fails behind a write, and must leave no hole.
        if (n % 3 == 0) Write(NewNote("x" + id).Join(ChangeNote("none", 1)));
        Write(NewNote(id));
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  stop = true;
  watcher.join();
  EXPECT_EQ(gaps, 0);
  EXPECT_EQ(Events(), 600);
  ExpectGaplessEvents();
}

TEST_P(ConcurrencyTest, OfAHundredEqualSetsExactlyOneIsCommitted) {
  std::vector<std::promise<WriteOutcome>> promises(100);
  for (auto& promise : promises) {
    database().Write(NewNote("once"), {},
                     [&promise](const WriteResult& result) { promise.set_value(result.outcome); });
  }
  int committed = 0;
  int others = 0;
  for (auto& promise : promises) {
    const WriteOutcome outcome = promise.get_future().get();
    if (outcome == kCommitted) ++committed;
    if (outcome != kCommitted && outcome != kDuplicate && outcome != WriteOutcome::kConflict) {
      ++others;
    }
  }
  EXPECT_EQ(committed, 1);
  EXPECT_EQ(others, 0);
  EXPECT_EQ(Events(), 1);
}

TEST_P(ConcurrencyTest, TwoOpeningsWriteSideBySide) {
  if (GetParam() == testing::DatabaseKind::kSqliteMemory) return;  // Each opening is a new one.
  auto other = place_->Open();
  ASSERT_THAT(other, IsOk());
  Tally tally;
  ASSERT_EQ(
      Write(NewNote("hot0").Join(NewNote("hot1")).Join(NewNote("hot2")).Join(NewNote("hot3"))),
      kCommitted);
  const auto end = steady_clock::now() + milliseconds(700);
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    Database& target = i % 2 == 0 ? database() : **other;
    writers.emplace_back([&target, i, end, &tally] { ChangeHotNotes(target, i, end, tally); });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_GE(tally.committed, Tally::kEnough);
  EXPECT_EQ(tally.failed, 0);
  EXPECT_EQ(Count("SELECT SUM(version) FROM note"), tally.committed + 4);
  ExpectGaplessEvents();
}

}  // namespace
}  // namespace asc::db
