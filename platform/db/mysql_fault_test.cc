// What happens to write sets and readers when a server, a connection or another client misbehaves,
// produced with a real MariaDB. Row by row of the error table in mysql_errors.cc.

#include <atomic>
#include <chrono>
#include <thread>

#include "platform/db/database_fixture.h"
#include "platform/db/mysql_connection.h"
#include "platform/db/mysql_credentials.h"
#include "platform/db/mysql_errors.h"
#include "platform/testing/fault_proxy.h"
#include "platform/testing/mariadb_server.h"

namespace asc::db {
namespace {

using std::chrono::milliseconds;
using ::testing::Each;
using testing::FaultProxy;
using ::testing::HasSubstr;
using testing::MariaDbServer;

constexpr auto kCommitted = WriteOutcome::kCommitted;

// Runs on MariaDB only, where its place is reached through a proxy.
class MySqlFaultTest : public NoteDatabaseTest {
 protected:
  void SetUp() override {
    NoteDatabaseTest::SetUp();
    if (database_ == nullptr) return;
    server_ = *MariaDbServer::Shared();
    credentials_file_ = place_->address().substr(sizeof("mysql:") - 1);
    name_ = MariaDbServer::DatabaseOf(credentials_file_);
    proxy_ = std::make_unique<FaultProxy>(server_->port());
    OpenThroughProxy(Options());
  }
  void TearDown() override { proxied_.reset(); }

  void OpenThroughProxy(const OpenOptions& options) {
    auto opened = Open("mysql:" + server_->CredentialsFile(name_, proxy_->port()), options);
    ASSERT_THAT(opened, IsOk());
    proxied_ = *std::move(opened);
  }

  WriteOutcome ProxiedWrite(WriteSet set) { return proxied_->WriteAndWait(std::move(set)).outcome; }

  // A second client of the same database.
  std::unique_ptr<MySqlConnection> Client() {
    auto connection = MySqlConnection::Open(*ReadMySqlCredentials(credentials_file_),
                                            MySqlConnection::Use::kWrite);
    EXPECT_THAT(connection, IsOk());
    return *std::move(connection);
  }

  // The connections of this database's users, as the server numbers them.
  std::vector<std::int64_t> Connections() {
    std::vector<std::int64_t> ids;
    for (const Row& row : Query("SELECT id FROM information_schema.processlist WHERE db = "
                                "DATABASE() AND id <> CONNECTION_ID()")) {
      ids.push_back(row.Whole(0));
    }
    return ids;
  }

  std::vector<WriteOutcome> ProxiedBatch(std::vector<WriteSet> sets) {
    std::swap(database_, proxied_);
    const auto results = Batch(std::move(sets));
    std::swap(database_, proxied_);
    std::vector<WriteOutcome> outcomes;
    for (const WriteResult& result : results) outcomes.push_back(result.outcome);
    return outcomes;
  }

  // Returns once a connection of this database's users is in `state`, as the server shows it to
  // `direct`.
  static void WaitForState(Database& direct, const std::string& state) {
    for (;; std::this_thread::sleep_for(milliseconds(2))) {
      const auto reader = direct.Read();
      ASSERT_THAT(reader, IsOk());
      const auto row = (*reader)->QueryOne(
          "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND state = ?",
          {state});
      ASSERT_THAT(row, IsOk());
      if ((*row)->Whole(0) > 0) return;
    }
  }

  MariaDbServer* server_ = nullptr;
  std::string credentials_file_;
  std::string name_;
  std::unique_ptr<FaultProxy> proxy_;
  std::unique_ptr<Database> proxied_;
};
INSTANTIATE_TEST_SUITE_P(Databases, MySqlFaultTest,
                         ::testing::Values(testing::DatabaseKind::kMariaDb), testing::DatabaseName);

TEST_P(MySqlFaultTest, ACutBeforeCommitIsUnknownAndNothingIsWritten) {
  ASSERT_EQ(ProxiedWrite(NewNote("warm")), kCommitted);
  proxy_->CutCommit(FaultProxy::Cut::kBeforeServer);
  EXPECT_EQ(ProxiedWrite(NewNote("a")), WriteOutcome::kUnknown);
  EXPECT_EQ(proxy_->cuts(), 1);
  EXPECT_FALSE(Exists("a"));
  EXPECT_EQ(ProxiedWrite(NewNote("a")), kCommitted);
  ExpectGaplessEvents();
}

TEST_P(MySqlFaultTest, ACutAfterCommitIsUnknownAndEverythingIsWritten) {
  ASSERT_EQ(ProxiedWrite(NewNote("warm")), kCommitted);
  proxy_->CutCommit(FaultProxy::Cut::kAfterServer);
  EXPECT_EQ(ProxiedWrite(NewNote("a")), WriteOutcome::kUnknown);
  EXPECT_TRUE(Exists("a"));
  EXPECT_EQ(ProxiedWrite(NewNote("a")), WriteOutcome::kDuplicate);
  ASSERT_EQ(ProxiedWrite(NewNote("b")), kCommitted);
  // Whether the lost commit's number was used could not be known, so the lane has a new name.
  EXPECT_EQ(Count("SELECT COUNT(DISTINCT writer) FROM event"), 2);
  ExpectGaplessEvents();
}

TEST_P(MySqlFaultTest, ACutCommitIsUnknownForTheWholeBatch) {
  ASSERT_EQ(ProxiedWrite(NewNote("old")), kCommitted);
  proxy_->CutCommit(FaultProxy::Cut::kAfterServer, 2);  // The first is of the set that holds up.
  EXPECT_THAT(ProxiedBatch({NewNote("a"), NewNote("old"), NewNote("b")}),
              ::testing::ElementsAre(WriteOutcome::kUnknown, WriteOutcome::kConflict,
                                     WriteOutcome::kUnknown));
  EXPECT_TRUE(Exists("a"));
  EXPECT_TRUE(Exists("b"));
}

TEST_P(MySqlFaultTest, ManyCutsLoseAndRepeatNothing) {
  // The owner's rule: after kUnknown, look; write again only when it is not there.
  for (int i = 0; i < 30; ++i) {
    const std::string id = "n" + std::to_string(i);
    proxy_->CutCommit(i % 2 == 0 ? FaultProxy::Cut::kBeforeServer : FaultProxy::Cut::kAfterServer,
                      1 + i % 3);
    for (int attempt = 0; attempt < 6 && !Exists(id); ++attempt) ProxiedWrite(NewNote(id));
    EXPECT_TRUE(Exists(id));
  }
  EXPECT_GT(proxy_->cuts(), 10);
  EXPECT_EQ(Events(), 30);
  ExpectGaplessEvents();
}

TEST_P(MySqlFaultTest, ALaneWhoseConnectionDiedIdleGoesOnWithAFreshOne) {
  ASSERT_EQ(ProxiedWrite(NewNote("warm")), kCommitted);
  proxy_->CutAll();
  EXPECT_EQ(ProxiedWrite(NewNote("a")), kCommitted);
}

TEST_P(MySqlFaultTest, AReaderWhoseConnectionDiedIdleGoesOnWithAFreshOne) {
  for (int i = 0; i < 3; ++i) {
    auto reader = proxied_->Read();
    ASSERT_THAT(reader, IsOk());
    EXPECT_THAT((*reader)->Query("SELECT 1", {}), IsOk());
    reader->reset();
    proxy_->CutAll();
  }
}

TEST_P(MySqlFaultTest, AReaderCutBetweenQueriesIsUnavailable) {
  auto snapshot = proxied_->Snapshot();
  ASSERT_THAT(snapshot, IsOk());
  ASSERT_THAT((*snapshot)->Query("SELECT COUNT(*) FROM note", {}), IsOk());
  proxy_->CutAll();
  EXPECT_THAT((*snapshot)->Query("SELECT COUNT(*) FROM note", {}),
              StatusIs(absl::StatusCode::kUnavailable))
      << "another connection would be another snapshot";
  snapshot->reset();
  auto next = proxied_->Snapshot();
  ASSERT_THAT(next, IsOk());
  EXPECT_THAT((*next)->Query("SELECT COUNT(*) FROM note", {}), IsOk());
}

TEST_P(MySqlFaultTest, WithoutAServerWritesAndReadsAreUnavailableAndComeBack) {
  ASSERT_EQ(ProxiedWrite(NewNote("a")), kCommitted);
  proxy_->Refuse(true);
  EXPECT_EQ(ProxiedWrite(NewNote("b")), WriteOutcome::kUnavailable);
  auto reader = proxied_->Read();
  if (reader.ok()) {
    EXPECT_THAT((*reader)->Query("SELECT 1", {}), StatusIs(absl::StatusCode::kUnavailable));
    reader->reset();
  } else {
    EXPECT_THAT(reader, StatusIs(absl::StatusCode::kUnavailable));
  }
  proxy_->Refuse(false);
  EXPECT_EQ(ProxiedWrite(NewNote("b")), kCommitted);
  EXPECT_EQ(Count("SELECT COUNT(*) FROM note"), 2);
}

TEST_P(MySqlFaultTest, AKilledServerLosesNothingAcknowledged) {
  std::atomic<int> acknowledged{0};
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      if (ProxiedWrite(NewNote("n" + std::to_string(i))) == kCommitted) ++acknowledged;
    }
  });
  while (acknowledged < 20) std::this_thread::sleep_for(milliseconds(2));
  server_->Kill();
  std::this_thread::sleep_for(milliseconds(50));
  stop = true;
  writer.join();
  ASSERT_THAT(server_->Restart(), IsOk());
  EXPECT_GE(Count("SELECT COUNT(*) FROM note"), acknowledged);
  EXPECT_LE(Count("SELECT COUNT(*) FROM note"), acknowledged + 1) << "one may have been unknown";
  EXPECT_EQ(Events(), Count("SELECT COUNT(*) FROM note"));
  EXPECT_EQ(ProxiedWrite(NewNote("after")), kCommitted);
  ExpectGaplessEvents();
}

TEST_P(MySqlFaultTest, ADeadlockIsAConflictForTheBatch) {
  ASSERT_EQ(ProxiedWrite(NewNote("one").Join(NewNote("two"))), kCommitted);
  auto client = Client();
  // The server sacrifices the smaller transaction: make this one large.
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(client
                  ->Execute("INSERT INTO note (authority, id, version) VALUES ('weight', '" +
                            std::to_string(i) + "', 1)")
                  .code,
              0);
  }
  ASSERT_EQ(client
                ->Execute("UPDATE note SET version = 9 WHERE id = 'two' AND authority = "
                          "'exampleshire'")
                .code,
            0);
  auto looking = Client();
  std::thread crossing([&client, &looking] {
    // Once the batch has its first row, it and this client wait for each other.
    while (looking
               ->Execute("SELECT 1 FROM note WHERE id = 'one' AND authority = 'exampleshire' FOR "
                         "UPDATE NOWAIT")
               .code == 0) {
      looking->Execute("ROLLBACK");
    }
    client->Execute("UPDATE note SET version = 9 WHERE id = 'one' AND authority = 'exampleshire'");
  });
  EXPECT_THAT(ProxiedBatch({NewNote("bystander"), ChangeNote("one", 1), ChangeNote("two", 1)}),
              Each(WriteOutcome::kConflict));
  crossing.join();
  EXPECT_FALSE(Exists("bystander"));
  EXPECT_EQ(client->Execute("ROLLBACK").code, 0);
  EXPECT_EQ(ProxiedWrite(ChangeNote("two", 1)), kCommitted);
  ExpectGaplessEvents();
}

TEST_P(MySqlFaultTest, ASnapshotConflictIsAConflictForTheBatch) {
  ASSERT_EQ(ProxiedWrite(NewNote("one")), kCommitted);
  WriteSet set;
  // A plain SELECT opens the lane's snapshot; another client then commits a newer version.
  set.Execute("SELECT COUNT(*) FROM note", {});
  set.Execute("SELECT GET_LOCK('pause', 60)", {});
  set.Join(ChangeNote("one", 1));
  auto client = Client();
  ASSERT_EQ(client->Execute("DO GET_LOCK('pause', 0)").code, 0);
  std::thread rival([&direct = database(), &client] {
    WaitForState(direct, "User lock");
    EXPECT_EQ(direct.WriteAndWait(ChangeNote("one", 1)).outcome, kCommitted);
    client->Execute("DO RELEASE_LOCK('pause')");
  });
  EXPECT_THAT(ProxiedBatch({NewNote("bystander"), set}), Each(WriteOutcome::kConflict));
  rival.join();
  EXPECT_FALSE(Exists("bystander"));
  EXPECT_EQ(Version("one"), 2);
  EXPECT_EQ(ProxiedWrite(ChangeNote("one", 1)), WriteOutcome::kStale);
}

TEST_P(MySqlFaultTest, ALockHeldTooLongIsAConflictAndLeavesNothing) {
  ASSERT_EQ(ProxiedWrite(NewNote("one")), kCommitted);
  auto client = Client();
  ASSERT_EQ(client->Execute("UPDATE note SET version = 9 WHERE id = 'one'").code, 0);
  EXPECT_EQ(ProxiedWrite(NewNote("undone").Join(ChangeNote("one", 1))), WriteOutcome::kConflict);
  client->Execute("ROLLBACK");
  EXPECT_FALSE(Exists("undone"));
  EXPECT_EQ(ProxiedWrite(ChangeNote("one", 1)), kCommitted);
}

TEST_P(MySqlFaultTest, AGuardKeepsItsRowAsItIs) {
  ASSERT_EQ(ProxiedWrite(NewNote("one")), kCommitted);
  auto client = Client();
  ASSERT_EQ(client->Execute("SELECT 1 FROM note WHERE id = 'one' FOR UPDATE").code, 0);
  std::atomic<bool> done{false};
  std::thread guarded([&] {
    WriteSet set;
    set.Guard("SELECT 1 FROM note WHERE authority = ? AND id = ? AND version = ?",
              {"exampleshire", "one", 1});
    set.Join(NewNote("two"));
    EXPECT_EQ(ProxiedWrite(set), WriteOutcome::kStale);
    done = true;
  });
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_FALSE(done) << "the guard waits for the other client's lock";
  ASSERT_EQ(client->Execute("UPDATE note SET version = 2 WHERE id = 'one'").code, 0);
  ASSERT_EQ(client->Execute("COMMIT").code, 0);
  guarded.join();
  EXPECT_FALSE(Exists("two"));
}

TEST_P(MySqlFaultTest, AKilledConnectionInTheMiddleIsUnavailable) {
  ASSERT_EQ(ProxiedWrite(NewNote("warm")), kCommitted);
  WriteSet set = NewNote("a");
  set.Execute("SELECT SLEEP(60)", {});
  std::thread killer([this] {
    WaitForState(database(), "User sleep");
    for (const std::int64_t id : Connections()) {
      EXPECT_THAT(server_->Execute("KILL " + std::to_string(id)), IsOk());
    }
  });
  EXPECT_EQ(ProxiedWrite(set), WriteOutcome::kUnavailable);
  killer.join();
  EXPECT_FALSE(Exists("a"));
  EXPECT_EQ(ProxiedWrite(NewNote("a")), kCommitted);
}

TEST_P(MySqlFaultTest, AFullTableIsFull) {
  ASSERT_THAT(server_->Execute("CREATE TABLE " + name_ +
                               ".small (id INT PRIMARY KEY, body VARBINARY(8000)) ENGINE = MEMORY "
                               "MAX_ROWS = 2"),
              IsOk());
  WriteSet set = NewNote("a");
  for (int i = 0; i < 5000; ++i) {
    set.Insert("INSERT INTO small (id, body) VALUES (?, ?)", {i, std::string(8000, 'x')});
  }
  EXPECT_EQ(ProxiedWrite(set), WriteOutcome::kFull);
  EXPECT_FALSE(Exists("a"));
}

TEST_P(MySqlFaultTest, AReadOnlyServerIsUnavailable) {
  ASSERT_EQ(ProxiedWrite(NewNote("warm")), kCommitted);
  // The tests' own account may write all the same; a service's has no such right.
  ASSERT_THAT(server_->Execute("CREATE USER IF NOT EXISTS plain@'%' IDENTIFIED BY 'x'"), IsOk());
  ASSERT_THAT(server_->Execute("GRANT ALL ON " + name_ + ".* TO plain@'%'"), IsOk());
  auto credentials = *ReadMySqlCredentials(credentials_file_);
  credentials.user = "plain";
  credentials.password = "x";
  auto plain = MySqlConnection::Open(credentials, MySqlConnection::Use::kWrite);
  ASSERT_THAT(plain, IsOk());
  ASSERT_THAT(server_->Execute("SET GLOBAL read_only = ON"), IsOk());
  const MySqlError error = (*plain)->Execute("UPDATE note SET version = 3");
  ASSERT_THAT(server_->Execute("SET GLOBAL read_only = OFF"), IsOk());
  EXPECT_EQ(error.code, 1290);
  EXPECT_EQ(JudgeMySqlError(error, false).outcome, WriteOutcome::kUnavailable);
  EXPECT_TRUE(JudgeMySqlError(error, false).drop_connection);
}

TEST_P(MySqlFaultTest, TooManyConnectionsAreUnavailable) {
  ASSERT_THAT(server_->Execute("CREATE USER IF NOT EXISTS few@'%' IDENTIFIED BY 'x' WITH "
                               "MAX_USER_CONNECTIONS 1"),
              IsOk());
  ASSERT_THAT(server_->Execute("GRANT ALL ON " + name_ + ".* TO few@'%'"), IsOk());
  auto credentials = *ReadMySqlCredentials(credentials_file_);
  credentials.user = "few";
  credentials.password = "x";
  const auto first = MySqlConnection::Open(credentials, MySqlConnection::Use::kWrite);
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(MySqlConnection::Open(credentials, MySqlConnection::Use::kWrite),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("1226")));
}

TEST_P(MySqlFaultTest, AWrongPasswordIsUnavailableAndNotShown) {
  auto credentials = *ReadMySqlCredentials(credentials_file_);
  credentials.password = "canary";
  const auto opened = MySqlConnection::Open(credentials, MySqlConnection::Use::kRead);
  EXPECT_THAT(opened, StatusIs(absl::StatusCode::kUnavailable, HasSubstr("1045")));
  EXPECT_THAT(std::string(opened.status().message()), ::testing::Not(HasSubstr("canary")));
}

TEST_P(MySqlFaultTest, AServerThatFlushesLazilyIsRefused) {
  ASSERT_THAT(server_->Execute("SET GLOBAL innodb_flush_log_at_trx_commit = 2"), IsOk());
  const auto opened = place_->Open();
  ASSERT_THAT(server_->Restart(), IsOk()) << "which sets it back";
  EXPECT_THAT(opened, StatusIs(absl::StatusCode::kFailedPrecondition,
                               HasSubstr("innodb_flush_log_at_trx_commit is 2")));
}

TEST_P(MySqlFaultTest, NobodyListeningIsUnavailable) {
  testing::FaultProxy gone(1);
  EXPECT_THAT(Open("mysql:" + server_->CredentialsFile(name_, gone.port())),
              StatusIs(absl::StatusCode::kUnavailable));
}

struct Expectation {
  int code;
  WriteOutcome outcome;
  bool drop;
  WriteOutcome at_commit;
};

TEST(MySqlErrors, AreJudgedByTheTable) {
  using enum WriteOutcome;
  const Expectation table[] = {
      {1062, kDuplicate, false, kUnknown},      {1213, kConflict, false, kConflict},
      {1020, kConflict, false, kConflict},      {1205, kConflict, false, kConflict},
      {3101, kConflict, false, kConflict},      {9007, kConflict, false, kConflict},
      {8022, kConflict, false, kConflict},      {8028, kConflict, false, kConflict},
      {1047, kUnavailable, true, kUnknown},     {1290, kUnavailable, true, kUnavailable},
      {1792, kUnavailable, true, kUnavailable}, {1836, kUnavailable, true, kUnavailable},
      {3100, kUnavailable, true, kUnknown},     {2002, kUnavailable, true, kUnknown},
      {2003, kUnavailable, true, kUnknown},     {1040, kUnavailable, true, kUnknown},
      {2006, kUnavailable, true, kUnknown},     {2013, kUnavailable, true, kUnknown},
      {1180, kUnavailable, true, kUnknown},     {1053, kUnavailable, true, kUnknown},
      {1927, kUnavailable, true, kUnknown},     {1021, kFull, false, kUnknown},
      {1114, kFull, false, kUnknown},           {1146, kFault, false, kUnknown},
      {1406, kFault, false, kUnknown},          {-1, kFault, false, kUnknown},
  };
  for (const Expectation& row : table) {
    const MySqlError error{row.code, "HY000", "text"};
    EXPECT_EQ(JudgeMySqlError(error, false).outcome, row.outcome) << row.code;
    EXPECT_EQ(JudgeMySqlError(error, false).drop_connection, row.drop) << row.code;
    EXPECT_EQ(JudgeMySqlError(error, true).outcome, row.at_commit) << row.code;
  }
  EXPECT_EQ(JudgeMySqlError({12345, "40001", ""}, true).outcome, kConflict);
  EXPECT_EQ(
      JudgeMySqlError({3, "HY000", "Error writing file 'x' (Errcode: 28 \"No space\")"}, false)
          .outcome,
      kFull);
}

TEST(MySqlErrors, LoseTheValuesTheServerQuotes) {
  EXPECT_EQ(LoggableMySqlMessage({1062, "23000", "Duplicate entry 'it''s me' for key 'PRIMARY'"}),
            "Duplicate entry  (mysql 1062)");
  EXPECT_EQ(
      LoggableMySqlMessage({1062, "23000", "Duplicate entry 'O'Brien-north' for key 'PRIMARY'"}),
      "Duplicate entry  (mysql 1062)");
  EXPECT_THAT(LoggableMySqlMessage({1146, "42S02", "Table 'd.t' doesn't exist"}), HasSubstr("d.t"));
}

}  // namespace
}  // namespace asc::db
