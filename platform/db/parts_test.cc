// The small parts of platform/db: ids, envelopes, blind index, event attributes, text, credentials,
// the faulty database.

#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <set>
#include <thread>

#include "platform/db/blind_index.h"
#include "platform/db/database.h"
#include "platform/db/database_fixture.h"
#include "platform/db/event_attributes.h"
#include "platform/db/faulty_database.h"
#include "platform/db/mysql_credentials.h"
#include "platform/db/payload.h"
#include "platform/db/sqlite_errors.h"
#include "platform/db/utf8.h"
#include "platform/testing/temp_folder.h"

namespace asc::db {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

TEST(NewId, IsAUuidOfVersionSeven) {
  EXPECT_THAT(NewId(), MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                    "[0-9a-f]{12}"));
}

TEST(NewId, BeginsWithTheTimeInMilliseconds) {
  const std::int64_t before = NowMicros() / 1000;
  const std::string id = NewId();
  const std::int64_t at = std::stoll(id.substr(0, 8) + id.substr(9, 4), nullptr, 16);
  EXPECT_GE(at, before);
  EXPECT_LE(at, NowMicros() / 1000 + 10000) << "earlier tests may have run ahead a little";
}

TEST(NewId, IsGreaterThanEveryEarlierOne) {
  std::string last;
  for (int i = 0; i < 20000; ++i) {
    const std::string id = NewId();
    ASSERT_GT(id, last);
    last = id;
  }
}

TEST(NewId, IsUniqueAcrossThreads) {
  std::vector<std::vector<std::string>> made(4);
  std::vector<std::thread> threads;
  for (auto& ids : made) {
    threads.emplace_back([&ids] {
      for (int i = 0; i < 5000; ++i) ids.push_back(NewId());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& ids : made) all.insert(ids.begin(), ids.end());
  EXPECT_EQ(all.size(), 20000u);
}

TEST(Payload, OpensWhatItSealed) {
  for (const std::string& message :
       {std::string(), std::string("x"), std::string("\0\1\xff", 3), std::string(100000, 'm')}) {
    const auto opened = payload::Open(payload::Seal(message).data);
    ASSERT_THAT(opened, IsOk());
    EXPECT_EQ(*opened, message);
  }
}

TEST(Payload, RefusesWhatItDoesNotKnow) {
  for (const std::string& envelope :
       {std::string(), std::string("\1", 1), std::string("\1\5abc", 5), std::string("\0\0x", 3),
        std::string("\2\0x", 3)}) {
    EXPECT_THAT(payload::Open(envelope), StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST(Payload, LeavesRoomForAKeyId) {
  const auto opened = payload::Open(std::string("\1\3key") + "text");
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(*opened, "text");
}

TEST(BlindIndexTest, IsEqualForEqualIdentifiersOnly) {
  const BlindIndex index = BlindIndex::Development();
  EXPECT_TRUE(index.development());
  const std::string value = index.Of("exampleshire", "nhs_number", "943 476 5919");
  EXPECT_THAT(value, MatchesRegex("[0-9a-f]{32}"));
  EXPECT_EQ(index.Of("exampleshire", "nhs_number", "943-476-5919"), value);
  EXPECT_NE(index.Of("exampleshire", "nhs_number", "943 476 5910"), value);
  EXPECT_NE(index.Of("otherton", "nhs_number", "943 476 5919"), value);
  EXPECT_NE(index.Of("exampleshire", "phone", "943 476 5919"), value);
}

TEST(BlindIndexTest, DemandsAKeyOutsideDevelopment) {
  EXPECT_TRUE(BlindIndex::FromFile("", true).ok());
  EXPECT_FALSE(BlindIndex::FromFile("", false).ok());
  EXPECT_FALSE(BlindIndex::FromFile("/nowhere/key", true).ok());
}

TEST(BlindIndexTest, ColumnAndValueDoNotRunTogether) {
  const BlindIndex index = BlindIndex::Development();
  EXPECT_NE(index.Of("a", "ab", "c"), index.Of("a", "a", "bc"));
}

TEST(BlindIndexTest, DependsOnTheKey) {
  const auto one = BlindIndex::FromKey(std::string(32, 'a'));
  const auto other = BlindIndex::FromKey(std::string(32, 'b'));
  ASSERT_THAT(one, IsOk());
  ASSERT_THAT(other, IsOk());
  EXPECT_FALSE(one->development());
  EXPECT_NE(one->Of("a", "b", "c"), other->Of("a", "b", "c"));
  EXPECT_EQ(one->Of("a", "b", "c"), "7cd589df854503810c0eb18c6549ea5c") << "stored rows rely on it";
}

TEST(BlindIndexTest, RefusesAShortKey) {
  EXPECT_THAT(BlindIndex::FromKey("short"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(EventAttributes, AreReadAsTheyWereWritten) {
  const std::map<std::string, std::string> attributes = {{"b", "2"}, {"a", ""}, {"", "empty"}};
  const auto decoded = DecodeEventAttributes(EncodeEventAttributes(attributes).data);
  ASSERT_THAT(decoded, IsOk());
  EXPECT_EQ(*decoded, attributes);
  EXPECT_EQ(DecodeEventAttributes("")->size(), 0u);
}

TEST(EventAttributes, HaveFixedBytes) {
  EXPECT_EQ(EncodeEventAttributes({{"b", "2"}, {"a", "1"}}).data,
            std::string("\x4a\x06\x0a\x01\x61\x12\x01\x31\x4a\x06\x0a\x01\x62\x12\x01\x32"));
}

TEST(EventAttributes, RefuseOtherBytes) {
  EXPECT_THAT(DecodeEventAttributes("\xff\xff\xff"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(Utf8, KnowsWhatIsWellFormed) {
  for (const std::string& good :
       {std::string(), std::string("plain text of some length"), std::string("é€🙂"),
        std::string("\0x", 2), std::string("\xf4\x8f\xbf\xbf"), std::string("\xed\x9f\xbf")}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  for (const std::string bad :
       {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "12345678\xff", "\xf0\x9f\x99"}) {
    EXPECT_FALSE(IsUtf8(bad)) << ::testing::PrintToString(std::string(bad));
  }
}

TEST(OpenDatabaseTest, RefusesAnAddressItDoesNotKnow) {
  for (const std::string address : {"", "sqlite", "sqlite:", "mysql:", "postgres:x"}) {
    EXPECT_THAT(Open(address), StatusIs(absl::StatusCode::kInvalidArgument)) << address;
  }
  OpenOptions options;
  options.readers = 0;
  EXPECT_THAT(Open("sqlite::memory:", options), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(OpenDatabaseTest, SaysWhenTheFolderIsMissing) {
  EXPECT_THAT(Open("sqlite:/no/such/folder/x.db"), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(OpenDatabaseTest, MakesAFileForItsOwnerOnly) {
  testing::TempFolder folder;
  ASSERT_THAT(Open("sqlite:" + folder.File("x.db")), IsOk());
  struct stat status {};
  ASSERT_EQ(stat(folder.File("x.db").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(OpenDatabaseTest, RefusesAFileThatIsNoDatabase) {
  testing::TempFolder folder;
  std::ofstream(folder.File("x.db")) << std::string(8192, 'x');
  EXPECT_THAT(Open("sqlite:" + folder.File("x.db")), Not(IsOk()));
}

TEST(SqliteDatabase, TakesNoWritesIntoAFileThatHasGone) {
  const asc::testing::TempFolder folder;
  auto database = db::Open("sqlite:" + folder.File("test.db"));
  ASSERT_TRUE(database.ok()) << database.status();
  const auto write = [&database](const std::string& writer) {
    return (*database)
        ->WriteAndWait(WriteSet().Insert("INSERT INTO writer (writer, started_at) VALUES (?, ?)",
                                         {writer, std::int64_t{1}}))
        .outcome;
  };
  EXPECT_EQ(write("a"), WriteOutcome::kCommitted);
  std::filesystem::rename(folder.File("test.db"), folder.File("moved.db"));
  EXPECT_EQ(write("b"), WriteOutcome::kUnavailable);
  EXPECT_EQ(write("c"), WriteOutcome::kUnavailable);
}

TEST(SqliteErrors, AreJudgedByTheTable) {
  constexpr int kBusy = 5, kFull = 13, kReadOnly = 8, kCorrupt = 11, kError = 1, kNoMemory = 7;
  constexpr int kFsync = 10 | (4 << 8), kUnique = 19 | (8 << 8), kNotNull = 19 | (5 << 8);
  EXPECT_EQ(SqliteOutcome(kBusy, false), WriteOutcome::kConflict);
  EXPECT_EQ(SqliteOutcome(kBusy | (2 << 8), false), WriteOutcome::kConflict) << "BUSY_SNAPSHOT";
  EXPECT_EQ(SqliteOutcome(kBusy, true), WriteOutcome::kConflict);
  EXPECT_EQ(SqliteOutcome(kFull, false), WriteOutcome::kFull);
  EXPECT_EQ(SqliteOutcome(kFull, true), WriteOutcome::kFull);
  EXPECT_EQ(SqliteOutcome(kReadOnly, false), WriteOutcome::kUnavailable);
  EXPECT_EQ(SqliteOutcome(kNoMemory, false), WriteOutcome::kUnavailable);
  EXPECT_EQ(SqliteOutcome(kFsync, true), WriteOutcome::kUnknown);
  EXPECT_EQ(SqliteOutcome(kFsync, false), WriteOutcome::kUnavailable);
  EXPECT_EQ(SqliteOutcome(kUnique, false), WriteOutcome::kDuplicate);
  EXPECT_EQ(SqliteOutcome(kNotNull, false), WriteOutcome::kFault);
  EXPECT_EQ(SqliteOutcome(kError, false), WriteOutcome::kFault);
  EXPECT_TRUE(SqliteCodeEndsTrust(kFsync));
  EXPECT_TRUE(SqliteCodeEndsTrust(kCorrupt));
  EXPECT_FALSE(SqliteCodeEndsTrust(kFull));
}

class CredentialsTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& text, mode_t mode = 0600) {
    const std::string path = folder_.File("credentials");
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }
  testing::TempFolder folder_;
};

TEST_F(CredentialsTest, AreReadLineByLine) {
  const auto read =
      ReadMySqlCredentials(Write("# where\nhost = db.example\nport=3307\n\nuser=asc\npassword=a=b "
                                 "#c\ndatabase=d\nssl_ca=/ca\n"));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->host, "db.example");
  EXPECT_EQ(read->port, 3307);
  EXPECT_EQ(read->password, "a=b #c");
  EXPECT_EQ(read->ssl_ca, "/ca");
}

TEST_F(CredentialsTest, MustBeReadableByTheirOwnerOnly) {
  for (const mode_t mode : {0640, 0604, 0660, 0644}) {
    EXPECT_THAT(ReadMySqlCredentials(Write("host=localhost\nuser=u\ndatabase=d\n", mode)),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("chmod 600")));
  }
}

TEST_F(CredentialsTest, AreRefusedWhenSomethingIsMissingOrWrong) {
  for (const std::string text :
       {"", "host=localhost\nuser=u\n", "host=localhost\ndatabase=d\n", "user=u\ndatabase=d\n",
        "host=localhost\nsocket=/s\nuser=u\ndatabase=d\n",
        "host=localhost\nport=x\nuser=u\ndatabase=d\n",
        "host=localhost\nport=70000\nuser=u\ndatabase=d\n",
        "host=localhost\nuser=u\nuser=v\ndatabase=d\n",
        "host=localhost\nuser=u\ndatabase=d\nodd=1\n",
        "host=localhost\nuser=u\ndatabase=d\nnonsense\n"}) {
    EXPECT_THAT(ReadMySqlCredentials(Write(text)), StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
  EXPECT_THAT(ReadMySqlCredentials("/no/such/file"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CredentialsTest, ForAnotherMachineNeedTls) {
  EXPECT_THAT(ReadMySqlCredentials(Write("host=10.0.0.5\nuser=u\ndatabase=d\n")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("ssl_ca")));
  EXPECT_THAT(ReadMySqlCredentials(Write("host=127.0.0.1\nuser=u\ndatabase=d\n")), IsOk());
  EXPECT_THAT(ReadMySqlCredentials(Write("socket=/s\nuser=u\ndatabase=d\n")), IsOk());
}

TEST_F(CredentialsTest, AreNeverShown) {
  const auto read = ReadMySqlCredentials(Write("host=localhost\nsecret canary\n"));
  EXPECT_THAT(std::string(read.status().message()), Not(HasSubstr("canary")));
}

class FaultyTest : public NoteDatabaseTest {
 protected:
  void SetUp() override {
    NoteDatabaseTest::SetUp();
    if (database_ != nullptr) faulty_ = std::make_unique<FaultyDatabase>(database());
  }
  WriteOutcome FaultyWrite(const std::string& id) {
    return faulty_->WriteAndWait(NewNote(id)).outcome;
  }
  std::unique_ptr<FaultyDatabase> faulty_;
};
INSTANTIATE_TEST_SUITE_P(Databases, FaultyTest,
                         ::testing::Values(testing::DatabaseKind::kSqliteMemory),
                         testing::DatabaseName);

TEST_P(FaultyTest, FailsTheNthWriteBeforeItHappens) {
  faulty_->FailWrite(2, WriteOutcome::kUnavailable, FaultyDatabase::When::kBefore);
  EXPECT_EQ(FaultyWrite("a"), WriteOutcome::kCommitted);
  EXPECT_EQ(FaultyWrite("b"), WriteOutcome::kUnavailable);
  EXPECT_EQ(FaultyWrite("c"), WriteOutcome::kCommitted);
  EXPECT_FALSE(Exists("b"));
  EXPECT_EQ(faulty_->writes(), 3);
}

TEST_P(FaultyTest, FailsTheNthWriteAfterItHasHappened) {
  faulty_->FailWrite(1, WriteOutcome::kUnknown, FaultyDatabase::When::kAfter);
  EXPECT_EQ(FaultyWrite("a"), WriteOutcome::kUnknown);
  EXPECT_TRUE(Exists("a"));
  EXPECT_EQ(FaultyWrite("a"), WriteOutcome::kDuplicate);
}

TEST_P(FaultyTest, FailsTheNthQuery) {
  faulty_->FailQuery(2);
  auto reader = faulty_->Read(std::chrono::steady_clock::time_point::max());
  ASSERT_THAT(reader, IsOk());
  EXPECT_THAT((*reader)->Query("SELECT 1", {}), IsOk());
  EXPECT_THAT((*reader)->Query("SELECT 1", {}), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT((*reader)->Query("SELECT 1", {}), IsOk());
  EXPECT_EQ(faulty_->queries(), 3);
}

TEST_P(FaultyTest, HealsWhenTold) {
  faulty_->FailWrite(1, WriteOutcome::kFault, FaultyDatabase::When::kBefore);
  faulty_->Heal();
  EXPECT_EQ(FaultyWrite("a"), WriteOutcome::kCommitted);
}

}  // namespace
}  // namespace asc::db
