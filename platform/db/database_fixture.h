// What the conformance tests of the drivers share.

#ifndef ASC_PLATFORM_DB_DATABASE_FIXTURE_H_
#define ASC_PLATFORM_DB_DATABASE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/db/database.h"
#include "platform/db/ids.h"
#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"

namespace asc::db {

using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;

inline std::vector<Migration> NoteMigrations() {
  return {{"0001_note", R"(
-- A record with a column of every type.
CREATE TABLE IF NOT EXISTS note (
  authority $ID NOT NULL,
  id $ID NOT NULL,
  version $WHOLE NOT NULL,
  title $TEXT,
  label $INDEXED,
  seen_at $MOMENT,
  body $BYTES,
  PRIMARY KEY (authority, id)
);
CREATE UNIQUE INDEX IF NOT EXISTS note_label ON note (authority, label);
)"}};
}

inline Event NoteEvent(const std::string& id, std::int64_t version) {
  return {"exampleshire", "note", id, version, "note.changed", 1700000000123456, NewId(), {}};
}

// A new note with its event.
inline WriteSet NewNote(const std::string& id) {
  WriteSet set;
  set.Insert("INSERT INTO note (authority, id, version) VALUES (?, ?, 1)", {"exampleshire", id});
  set.Append(NoteEvent(id, 1));
  return set;
}

// The note's next version; stale unless it is at `from`.
inline WriteSet ChangeNote(const std::string& id, std::int64_t from) {
  WriteSet set;
  set.Update("UPDATE note SET version = ? WHERE authority = ? AND id = ? AND version = ?",
             {from + 1, "exampleshire", id, from});
  set.Append(NoteEvent(id, from + 1));
  return set;
}

inline WriteSet WrongSql() { return WriteSet().Execute("UPDATE no_such_table SET x = 1", {}); }

class NoteDatabaseTest : public testing::DatabaseTest {
 protected:
  void SetUp() override { OpenNotes(Options()); }

  // One lane, so that a test decides what meets in a batch.
  static OpenOptions Options() {
    OpenOptions options;
    options.lanes = 1;
    return options;
  }

  void OpenNotes(const OpenOptions& options) {
    OpenDatabase(options);
    if (database_ == nullptr) return;
    ASSERT_THAT(database_->Migrate(NoteMigrations()), IsOk());
  }

  WriteOutcome Write(WriteSet set) { return database().WriteAndWait(std::move(set)).outcome; }

  // The rows of a query through a fresh reader.
  std::vector<Row> Query(Sql sql, std::vector<Value> parameters = {}) {
    auto reader = database().Read();
    EXPECT_THAT(reader, IsOk());
    if (!reader.ok()) return {};
    auto rows = (*reader)->Query(sql, std::move(parameters));
    EXPECT_THAT(rows, IsOk());
    return rows.ok() ? *std::move(rows) : std::vector<Row>();
  }

  std::int64_t Count(Sql sql, std::vector<Value> parameters = {}) {
    const auto rows = Query(sql, std::move(parameters));
    return rows.size() == 1 ? rows[0].Whole(0) : -1;
  }

  // The version of a note; 0 when there is none.
  std::int64_t Version(const std::string& id) {
    const auto rows =
        Query("SELECT version FROM note WHERE authority = ? AND id = ?", {"exampleshire", id});
    return rows.empty() ? 0 : rows[0].Whole(0);
  }

  bool Exists(const std::string& id) { return Version(id) != 0; }
  std::int64_t Events() { return Count("SELECT COUNT(*) FROM event"); }

  // Per writer, whether its numbers are 1, 2, 3 ... without a gap.
  void ExpectGaplessEvents() {
    const auto rows =
        Query("SELECT writer, COUNT(*), MIN(sequence), MAX(sequence) FROM event GROUP BY writer");
    for (const Row& row : rows) {
      EXPECT_EQ(row.Whole(2), 1) << row.Text(0);
      EXPECT_EQ(row.Whole(3), row.Whole(1)) << row.Text(0);
    }
  }

  // Runs `sets` so that they meet in one batch: the only lane is held up until all are queued.
  std::vector<WriteResult> Batch(std::vector<WriteSet> sets) {
    std::promise<void> held;
    std::promise<void> release;
    database().Write(WriteSet().Execute("UPDATE note SET version = version WHERE id = ''", {}), {},
                     [&held, &release](const WriteResult&) {
                       held.set_value();
                       release.get_future().wait();
                     });
    held.get_future().wait();
    std::vector<std::promise<WriteResult>> promises(sets.size());
    for (std::size_t i = 0; i < sets.size(); ++i) {
      database().Write(std::move(sets[i]), {}, [&promises, i](const WriteResult& result) {
        promises[i].set_value(result);
      });
    }
    release.set_value();
    std::vector<WriteResult> results;
    for (auto& promise : promises) results.push_back(promise.get_future().get());
    return results;
  }
};

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_DATABASE_FIXTURE_H_
