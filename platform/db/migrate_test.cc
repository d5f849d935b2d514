#include "platform/db/migrate.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "platform/db/database_fixture.h"
#include "platform/db/migration_fixture.h"

namespace asc::db {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ExpandMigration, SplitsStatementsAndLeavesCommentsOut) {
  const auto statements = ExpandMigration(
      {"0001_x",
       "-- first\nCREATE INDEX a ON t (b);\n\n  -- second;\n  DELETE FROM t\n  WHERE b = "
       "';x';\n"},
      Dialect::kSqlite);
  ASSERT_THAT(statements, IsOk());
  EXPECT_THAT(*statements, ElementsAre("CREATE INDEX a ON t (b)", "DELETE FROM t\nWHERE b = ';x'"));
}

TEST(ExpandMigration, GivesEachDriverItsTypes) {
  const Migration migration{
      "0001_x",
      "CREATE TABLE t (\na $ID NOT NULL,\nb $TEXT,\nc $WHOLE,\nd $MOMENT,\ne $BYTES,\n"
      "f $INDEXED\n);"};
  EXPECT_THAT(ExpandMigration(migration, Dialect::kSqlite)->at(0),
              "CREATE TABLE t (\na TEXT CHECK (length(CAST(a AS BLOB)) <= 128) NOT NULL,\n"
              "b TEXT CHECK (length(CAST(b AS BLOB)) <= 65535),\nc INTEGER,\nd INTEGER,\ne BLOB,\n"
              "f TEXT CHECK (length(CAST(f AS BLOB)) <= 255)\n) STRICT");
  EXPECT_THAT(ExpandMigration(migration, Dialect::kMariaDb)->at(0),
              "CREATE TABLE t (\na VARBINARY(128) NOT NULL,\n"
              "b TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,\nc BIGINT,\nd BIGINT,\n"
              "e LONGBLOB,\nf VARBINARY(255)\n)");
  EXPECT_THAT(ExpandMigration(migration, Dialect::kMySql)->at(0), HasSubstr("utf8mb4_0900_bin"));
}

TEST(ExpandMigration, MySqlGetsIndexesItsOwnWay) {
  const Migration migration{"0001_x", "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a);"};
  EXPECT_EQ(ExpandMigration(migration, Dialect::kMySql)->at(0), "CREATE UNIQUE INDEX i ON t (a)");
  EXPECT_EQ(ExpandMigration(migration, Dialect::kMariaDb)->at(0),
            "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a)");
}

TEST(ExpandMigration, RefusesAnUnknownTypeWord) {
  EXPECT_THAT(ExpandMigration({"0001_x", "CREATE TABLE t (a $FLOAT);"}, Dialect::kSqlite),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("$FLOAT")));
}

TEST(ExpandMigration, RefusesAStatementWithoutAnEnd) {
  EXPECT_THAT(ExpandMigration({"0001_x", "DELETE FROM t;\nDELETE FROM u"}, Dialect::kSqlite),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("0001_x")));
}

class MigrateTest : public testing::DatabaseTest {
 protected:
  std::int64_t Count(Sql sql) {
    auto reader = database().Read();
    EXPECT_THAT(reader, IsOk());
    const auto row = (*reader)->QueryOne(sql, {});
    EXPECT_THAT(row, IsOk());
    return row.ok() && row->has_value() ? (*row)->Whole(0) : -1;
  }

  // How many of the tables of ManyMigrations there are, seen from outside.
  int Pieces() {
    auto reader = database().Read();
    if (!reader.ok()) return -1;
    const Sql sql = is_mariadb()
                        ? Sql("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = "
                              "DATABASE() AND table_name LIKE 'piece%'")
                        : Sql("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name "
                              "LIKE 'piece%'");
    const auto row = (*reader)->QueryOne(sql, {});
    return row.ok() && row->has_value() ? static_cast<int>((*row)->Whole(0)) : -1;
  }

  pid_t StartChild() {
    const pid_t child = fork();
    if (child != 0) return child;
    execl("/proc/self/exe", "platform_db_test", "--child-migrate", place_->address().c_str(),
          nullptr);
    _exit(127);
  }

  static int Wait(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }

  bool each_opening_is_new() const { return GetParam() == testing::DatabaseKind::kSqliteMemory; }
};
INSTANTIATE_TEST_SUITE_P(Databases, MigrateTest, testing::AllDatabases(), testing::DatabaseName);

TEST_P(MigrateTest, OpeningAppliesThePlatformsOwn) {
  EXPECT_EQ(Count("SELECT COUNT(*) FROM migration WHERE name = '0001_platform'"), 1);
  for (const Sql sql :
       {Sql("SELECT COUNT(*) FROM writer"), Sql("SELECT COUNT(*) FROM event"),
        Sql("SELECT COUNT(*) FROM idempotency"), Sql("SELECT COUNT(*) FROM policy_archive")}) {
    EXPECT_EQ(Count(sql), 0) << sql.text();
  }
}

TEST_P(MigrateTest, ARepeatChangesNothing) {
  ASSERT_THAT(database().Migrate(NoteMigrations()), IsOk());
  ASSERT_EQ(database().WriteAndWait(NewNote("a")).outcome, WriteOutcome::kCommitted);
  EXPECT_THAT(database().Migrate(NoteMigrations()), IsOk());
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note"), 1);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM migration"), 2);
}

TEST_P(MigrateTest, LaterOnesAreAppliedToAnOlderDatabase) {
  auto migrations = NoteMigrations();
  ASSERT_THAT(database().Migrate(migrations), IsOk());
  ASSERT_EQ(database().WriteAndWait(NewNote("a")).outcome, WriteOutcome::kCommitted);
  migrations.push_back({"0002_index", "CREATE INDEX IF NOT EXISTS note_seen ON note (seen_at);"});
  ASSERT_THAT(database().Migrate(migrations), IsOk());
  EXPECT_EQ(Count("SELECT COUNT(*) FROM migration"), 3);
  EXPECT_EQ(database().WriteAndWait(ChangeNote("a", 1)).outcome, WriteOutcome::kCommitted)
      << "prepared statements survive a change of the schema";
}

TEST_P(MigrateTest, AnEditedOneIsRefused) {
  auto migrations = NoteMigrations();
  ASSERT_THAT(database().Migrate(migrations), IsOk());
  migrations[0].sql += "\n-- One more word.\n";
  migrations.push_back({"0002_new", "CREATE TABLE IF NOT EXISTS later (\nid $ID NOT NULL\n);"});
  EXPECT_THAT(database().Migrate(migrations),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("0001_note")));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM migration"), 2) << "nothing behind it is applied";
}

TEST_P(MigrateTest, AWrongOneIsAnErrorAndIsNotRecorded) {
  EXPECT_THAT(database().Migrate({{"0001_wrong", "CREATE TABEL x (a $ID);"}}),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(Count("SELECT COUNT(*) FROM migration"), 1);
  EXPECT_THAT(database().Migrate(NoteMigrations()), IsOk()) << "the lock was given back";
}

TEST_P(MigrateTest, AColumnAddedByAKilledRunIsNotAddedAgain) {
  ASSERT_THAT(database().Migrate(NoteMigrations()), IsOk());
  // In SQLite a killed run leaves nothing, so there it is a fresh one.
  if (is_mariadb()) {
    const std::string name =
        testing::MariaDbServer::DatabaseOf(place_->address().substr(sizeof("mysql:") - 1));
    ASSERT_THAT((*testing::MariaDbServer::Shared())
                    ->Execute("ALTER TABLE " + name + ".note ADD COLUMN extra VARBINARY(128)"),
                IsOk());
  }
  auto migrations = NoteMigrations();
  migrations.push_back({"0002_extra",
                        "ALTER TABLE note ADD COLUMN extra $ID;\n"
                        "CREATE INDEX IF NOT EXISTS note_extra ON note (authority, extra);"});
  EXPECT_THAT(database().Migrate(migrations), IsOk());
  EXPECT_THAT(database().Migrate(migrations), IsOk());
  EXPECT_EQ(Count("SELECT COUNT(extra) FROM note"), 0);
}

TEST_P(MigrateTest, WritersGoOnMeanwhile) {
  ASSERT_THAT(database().Migrate(NoteMigrations()), IsOk());
  std::thread writer([this] {
    for (int i = 0; i < 30; ++i) {
      EXPECT_EQ(database().WriteAndWait(NewNote("n" + std::to_string(i))).outcome,
                WriteOutcome::kCommitted);
    }
  });
  EXPECT_THAT(database().Migrate(ManyMigrations()), IsOk());
  writer.join();
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note"), 30);
}

TEST_P(MigrateTest, OneKilledInBetweenIsCompletedByTheNext) {
  if (each_opening_is_new()) return;
  constexpr int kAll = kMigrations * kTablesPerMigration;
  int interrupted = 0;
  for (int round = 0; round < 6; ++round) {
    SetUp();
    // A SQLite file is for one process at a time.
    if (!is_mariadb()) database_.reset();
    const pid_t child = StartChild();
    if (is_mariadb()) {
      // Seen from outside table by table: kill it at a chosen one.
      while (Pieces() < 3 + 6 * round && waitpid(child, nullptr, WNOHANG) == 0) {
      }
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(4 + 5 * round));
    }
    kill(child, SIGKILL);
    Wait(child);
    if (!is_mariadb()) database_ = *place_->Open();
    const int pieces = Pieces();
    if (pieces < kAll) ++interrupted;
    EXPECT_TRUE(is_mariadb() || pieces == 0 || pieces == kAll) << "all or nothing in SQLite";
    EXPECT_THAT(database().Migrate(ManyMigrations()), IsOk());
    EXPECT_EQ(Pieces(), kAll);
    EXPECT_EQ(Count("SELECT COUNT(*) FROM migration WHERE name LIKE '%pieces'"), kMigrations);
  }
  EXPECT_GT(interrupted, 0) << "no round hit a running migration";
}

TEST_P(MigrateTest, SeveralProcessesAtOnceApplyEachOnce) {
  // A SQLite file is for one process at a time.
  if (!is_mariadb()) return;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) children.push_back(StartChild());
  for (const pid_t child : children) EXPECT_EQ(Wait(child), 0);
  EXPECT_EQ(Pieces(), kMigrations * kTablesPerMigration);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM migration"), 1 + kMigrations);
}

}  // namespace
}  // namespace asc::db
