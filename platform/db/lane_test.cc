// A lane over a scripted connection: every end a transaction can have, without a server.

#include "platform/db/lane.h"

#include <future>

#include "platform/db/database_fixture.h"

namespace asc::db {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::StartsWith;

constexpr auto kCommitted = WriteOutcome::kCommitted;

// What happened on all connections, and which steps are to fail.
struct Script {
  std::mutex mutex;
  std::vector<std::string> log;
  // Steps that fail, by the text they are logged under; each fails once.
  std::vector<std::pair<std::string, StepResult>> failures;
  int connections = 0;
  int connects_that_fail = 0;
  bool trusted = true;
  bool joins = false;

  StepResult Step(const std::string& text) {
    const std::lock_guard lock(mutex);
    log.push_back(text);
    for (auto failure = failures.begin(); failure != failures.end(); ++failure) {
      if (failure->first != text) continue;
      const StepResult result = failure->second;
      failures.erase(failure);
      return result;
    }
    return {};
  }
};

class ScriptedConnection : public WriteConnection {
 public:
  explicit ScriptedConnection(Script& script) : script_(script) {}
  StepResult Begin() override { return script_.Step("begin"); }
  StepResult Savepoint() override { return script_.Step("savepoint"); }
  StepResult RollbackToSavepoint() override { return script_.Step("rollback to"); }
  StepResult Commit() override { return script_.Step("commit"); }
  StepResult Rollback() override { return script_.Step("rollback"); }
  bool joins_inserts() const override { return script_.joins; }
  StepResult InsertRows(Sql sql, const std::vector<const std::vector<Value>*>& rows) override {
    return script_.Step(std::to_string(rows.size()) + " into " + ShapeOfInsert(sql.text()).table);
  }
  bool trusted() const override { return script_.trusted; }
  StepResult Run(StatementKind, Sql, const std::vector<Value>& parameters) override {
    const auto* text = parameters.empty() ? nullptr : std::get_if<std::string>(&parameters[0]);
    if (parameters.size() == 10) {
      const std::string writer = std::get<std::string>(parameters[1]);
      script_.Step("event " + std::to_string(std::get<std::int64_t>(parameters[2])));
      const std::lock_guard lock(script_.mutex);
      last_writer_ = writer;
      return {};
    }
    if (parameters.size() == 2 && std::holds_alternative<std::int64_t>(parameters[1])) {
      return script_.Step("writer");
    }
    return script_.Step(text == nullptr ? "statement" : *text);
  }

 private:
  Script& script_;
  std::string last_writer_;
};

class LaneTest : public ::testing::Test {
 protected:
  void SetUp() override {
    OpenOptions options;
    lanes_ = std::make_unique<Lanes>(options, 1,
                                     [this]() -> absl::StatusOr<std::unique_ptr<WriteConnection>> {
                                       const std::lock_guard lock(script_.mutex);
                                       if (script_.connects_that_fail > 0) {
                                         --script_.connects_that_fail;
                                         return absl::UnavailableError("cannot connect");
                                       }
                                       ++script_.connections;
                                       return std::make_unique<ScriptedConnection>(script_);
                                     });
  }

  static WriteSet One(const std::string& name) { return WriteSet().Execute("x ?", {name}); }
  static WriteSet Noted(const std::string& name) {
    WriteSet set = One(name);
    set.Append(NoteEvent(name, 1));
    return set;
  }

  WriteResult Write(WriteSet set) {
    std::promise<WriteResult> promise;
    lanes_->Write(std::move(set), {},
                  [&promise](const WriteResult& result) { promise.set_value(result); });
    return promise.get_future().get();
  }

  std::vector<WriteOutcome> Batch(std::vector<WriteSet> sets) {
    std::promise<void> held;
    std::promise<void> release;
    lanes_->Write(One("hold"), {}, [&](const WriteResult&) {
      held.set_value();
      release.get_future().wait();
    });
    held.get_future().wait();
    {
      const std::lock_guard lock(script_.mutex);
      script_.log.clear();
    }
    std::vector<std::promise<WriteOutcome>> promises(sets.size());
    for (std::size_t i = 0; i < sets.size(); ++i) {
      lanes_->Write(std::move(sets[i]), {}, [&promises, i](const WriteResult& result) {
        promises[i].set_value(result.outcome);
      });
    }
    release.set_value();
    std::vector<WriteOutcome> outcomes;
    for (auto& promise : promises) outcomes.push_back(promise.get_future().get());
    return outcomes;
  }

  void Fail(const std::string& step, WriteOutcome outcome, bool lost = false) {
    const std::lock_guard lock(script_.mutex);
    script_.failures.push_back({step, {outcome, "scripted", lost}});
  }
  std::vector<std::string> Log() {
    const std::lock_guard lock(script_.mutex);
    return script_.log;
  }

  Script script_;
  std::unique_ptr<Lanes> lanes_;
};

TEST_F(LaneTest, AnOrdinaryBatchPaysForNothingButItsStatements) {
  EXPECT_THAT(Batch({One("a"), One("b")}), Each(kCommitted));
  EXPECT_THAT(Log(), ElementsAre("begin", "a", "b", "commit"));
}

TEST_F(LaneTest, ARefusalBeforeAnyChangeIsSteppedOver) {
  Fail("b", WriteOutcome::kStale);
  EXPECT_THAT(Batch({One("a"), One("b"), One("c")}),
              ElementsAre(kCommitted, WriteOutcome::kStale, kCommitted));
  EXPECT_THAT(Log(), ElementsAre("begin", "a", "b", "c", "commit"));
}

TEST_F(LaneTest, ARefusalBehindAChangeRunsTheBatchAgainWithSavepoints) {
  Fail("b2", WriteOutcome::kDuplicate);
  Fail("b2", WriteOutcome::kDuplicate);
  EXPECT_THAT(Batch({One("a"), One("b1").Join(One("b2")), One("c")}),
              ElementsAre(kCommitted, WriteOutcome::kDuplicate, kCommitted));
  EXPECT_THAT(Log(), ElementsAre("begin", "a", "b1", "b2", "rollback",  //
                                 "begin", "savepoint", "a", "savepoint", "b1", "b2", "rollback to",
                                 "savepoint", "c", "commit"));
}

TEST_F(LaneTest, AConflictEndsTheTransactionForAll) {
  Fail("b", WriteOutcome::kConflict);
  EXPECT_THAT(Batch({One("a"), One("b"), One("c")}), Each(WriteOutcome::kConflict));
  EXPECT_THAT(Log(), ElementsAre("begin", "a", "b", "rollback")) << "nothing runs behind it";
  EXPECT_EQ(Write(One("later")).outcome, kCommitted);
}

TEST_F(LaneTest, AConflictOfCommitIsOneOfAllSets) {
  Fail("commit", WriteOutcome::kConflict);
  EXPECT_EQ(Write(One("a")).outcome, WriteOutcome::kConflict);
}

TEST_F(LaneTest, ARefusedSetOfADeadBatchIsAConflictToo) {
  Fail("a", WriteOutcome::kDuplicate);
  EXPECT_EQ(Write(One("warm")).outcome, kCommitted);
  Fail("c", WriteOutcome::kConflict);
  EXPECT_THAT(Batch({One("a"), One("b"), One("c")}), Each(WriteOutcome::kConflict));
}

TEST_F(LaneTest, AFullDiskIsFullForAll) {
  Fail("b", WriteOutcome::kFull);
  EXPECT_THAT(Batch({One("a"), One("b")}), Each(WriteOutcome::kFull));
}

TEST_F(LaneTest, AFaultIsTheFaultOfOneSetOnly) {
  Fail("b", WriteOutcome::kFault);
  EXPECT_THAT(Batch({One("a"), One("b"), One("c")}),
              ElementsAre(kCommitted, WriteOutcome::kFault, kCommitted));
  EXPECT_THAT(Log(), ElementsAre("begin", "a", "b", "rollback",  //
                                 "begin", "savepoint", "a", "savepoint", "c", "commit"));
}

TEST_F(LaneTest, AConnectionThatDiedWhileIdleIsReplaced) {
  EXPECT_EQ(Write(One("warm")).outcome, kCommitted);
  Fail("a", WriteOutcome::kUnavailable, true);
  EXPECT_THAT(Batch({One("a"), One("b")}), Each(kCommitted));
  EXPECT_EQ(script_.connections, 2);
}

TEST_F(LaneTest, AConnectionLostInTheMiddleIsNotRetried) {
  Fail("b", WriteOutcome::kUnavailable, true);
  EXPECT_THAT(Batch({One("a"), One("b"), One("c")}), Each(WriteOutcome::kUnavailable));
  EXPECT_THAT(Log(), ElementsAre("begin", "a", "b"));
  EXPECT_EQ(Write(One("later")).outcome, kCommitted) << "the next batch has a fresh connection";
  EXPECT_EQ(script_.connections, 2);
}

TEST_F(LaneTest, AConnectionLostAtASecondStatementIsNotRetried) {
  EXPECT_EQ(Write(One("warm")).outcome, kCommitted);
  Fail("a2", WriteOutcome::kUnavailable, true);
  EXPECT_EQ(Write(One("a1").Join(One("a2"))).outcome, WriteOutcome::kUnavailable);
}

TEST_F(LaneTest, WithoutAConnectionNothingIsWritten) {
  script_.connects_that_fail = 2;
  EXPECT_EQ(Write(One("a")).outcome, WriteOutcome::kUnavailable);
  EXPECT_EQ(Write(One("a")).outcome, WriteOutcome::kUnavailable);
  EXPECT_EQ(Write(One("a")).outcome, kCommitted);
}

TEST_F(LaneTest, AnUnknownEndIsUnknownForAllThatStoodInIt) {
  Fail("b", WriteOutcome::kDuplicate);
  EXPECT_EQ(Write(One("warm")).outcome, kCommitted);
  Fail("commit", kCommitted);  // For the set that holds the lane up.
  Fail("commit", WriteOutcome::kUnknown, true);
  EXPECT_THAT(Batch({One("a"), One("b"), One("c")}),
              ElementsAre(WriteOutcome::kUnknown, WriteOutcome::kConflict, WriteOutcome::kUnknown));
}

TEST_F(LaneTest, NumbersGoOnFromCommitToCommit) {
  EXPECT_EQ(Write(Noted("a")).outcome, kCommitted);
  EXPECT_EQ(Write(Noted("b")).outcome, kCommitted);
  EXPECT_THAT(Log(), ElementsAre("begin", "writer", "commit", "begin", "a", "event 1", "commit",
                                 "begin", "b", "event 2", "commit"));
}

TEST_F(LaneTest, AFailedCommitUsesUpNoNumber) {
  EXPECT_EQ(Write(Noted("a")).outcome, kCommitted);
  Fail("commit", WriteOutcome::kConflict);
  EXPECT_EQ(Write(Noted("b")).outcome, WriteOutcome::kConflict);
  EXPECT_EQ(Write(Noted("c")).outcome, kCommitted);
  const auto log = Log();
  EXPECT_EQ(log[log.size() - 2], "event 2");
}

TEST_F(LaneTest, AfterAnUnknownEndTheNumbersBeginAgainUnderANewWriter) {
  EXPECT_EQ(Write(Noted("a")).outcome, kCommitted);
  Fail("commit", WriteOutcome::kUnknown, true);
  EXPECT_EQ(Write(Noted("b")).outcome, WriteOutcome::kUnknown);
  EXPECT_EQ(Write(Noted("c")).outcome, kCommitted);
  const auto log = Log();
  EXPECT_THAT(std::vector<std::string>(log.end() - 7, log.end()),
              ElementsAre("begin", "writer", "commit", "begin", "c", "event 1", "commit"));
}

TEST_F(LaneTest, AWriterThatCannotBeRegisteredFailsTheBatchOnly) {
  Fail("writer", WriteOutcome::kConflict);
  EXPECT_EQ(Write(Noted("a")).outcome, WriteOutcome::kConflict);
  EXPECT_EQ(Write(Noted("a")).outcome, kCommitted);
}

TEST_F(LaneTest, InsertsOfSeveralSetsGoTogether) {
  script_.joins = true;
  EXPECT_EQ(Write(Noted("warm")).outcome, kCommitted);
  EXPECT_THAT(Batch({NewNote("a"), NewNote("b"), NewNote("c")}), Each(kCommitted));
  EXPECT_THAT(Log(), ElementsAre("begin", "3 into note", "3 into event", "commit"));
}

TEST_F(LaneTest, AStatementThatNamesTheirTableWaitsForInserts) {
  script_.joins = true;
  EXPECT_EQ(Write(Noted("warm")).outcome, kCommitted);
  EXPECT_THAT(Batch({NewNote("a"), One("other"), ChangeNote("a", 1), NewNote("c")}),
              Each(kCommitted));
  EXPECT_THAT(Log(), ElementsAre("begin", "other", "1 into note", "1 into event", "statement",
                                 "2 into event", "1 into note", "commit"));
}

TEST_F(LaneTest, AFailureOfJoinedInsertsIsLookedForSetBySet) {
  script_.joins = true;
  EXPECT_EQ(Write(Noted("warm")).outcome, kCommitted);
  Fail("2 into note", WriteOutcome::kDuplicate);
  EXPECT_THAT(Batch({NewNote("a"), NewNote("b")}), Each(kCommitted));
  EXPECT_THAT(Log(), ElementsAre("begin", "2 into note", "rollback",  //
                                 "begin", "savepoint", "exampleshire", "event 2", "savepoint",
                                 "exampleshire", "event 3", "commit"));
}

TEST_F(LaneTest, AConflictOfJoinedInsertsIsOneOfAllSets) {
  script_.joins = true;
  Fail("2 into note", WriteOutcome::kConflict);
  EXPECT_THAT(Batch({NewNote("a"), NewNote("b")}), Each(WriteOutcome::kConflict));
}

TEST_F(LaneTest, AConnectionFoundDeadByJoinedInsertsIsReplaced) {
  script_.joins = true;
  EXPECT_EQ(Write(Noted("warm")).outcome, kCommitted);
  Fail("2 into note", WriteOutcome::kUnavailable, true);
  EXPECT_THAT(Batch({NewNote("a"), NewNote("b")}), Each(kCommitted));
  EXPECT_EQ(script_.connections, 2);
}

TEST(InsertText, KnowsWhichInsertsTakeRows) {
  EXPECT_TRUE(ShapeOfInsert("INSERT INTO a (b, c) VALUES (?, 1)").takes_rows);
  EXPECT_EQ(ShapeOfInsert("INSERT INTO a (b, c) VALUES (?, COALESCE(?, (1)))").table, "a");
  for (const char* other :
       {"INSERT INTO a (b) SELECT c FROM d", "INSERT INTO a (b) VALUES (?) ON CONFLICT DO NOTHING",
        "INSERT INTO a (b) VALUES (?), (?)", "INSERT INTO a (b) VALUES (')')", "UPDATE a SET b = ?",
        "INSERT INTO a (b) VALUES (?"}) {
    EXPECT_FALSE(ShapeOfInsert(other).takes_rows) << other;
  }
}

TEST(InsertText, RepeatsTheRow) {
  EXPECT_EQ(InsertOfRows("INSERT INTO a (b, c) VALUES (?, 1)", 3),
            "INSERT INTO a (b, c) VALUES (?, 1),(?, 1),(?, 1)");
}

TEST_F(LaneTest, AFileThatIsNotTrustedTakesNoMoreWrites) {
  EXPECT_EQ(Write(One("a")).outcome, kCommitted);
  script_.trusted = false;
  EXPECT_EQ(Write(One("b")).outcome, WriteOutcome::kUnavailable);
  EXPECT_EQ(Log().back(), "commit") << "the connection is not touched";
}

}  // namespace
}  // namespace asc::db
