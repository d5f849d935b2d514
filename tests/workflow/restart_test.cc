// kill -9 of each process in turn while contacts of all kinds run: what was acknowledged is
// finished as its procedure demands, and nothing is done twice.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <thread>

#include "platform/db/database.h"
#include "tests/contacts/contact_cases.h"
#include "tests/support/soak.h"
#include "tests/support/suite_fixture.h"
#include "tests/workflow/contact_traffic.h"

namespace asc::testing {
namespace {

using ::testing::IsEmpty;

// Each process once.
constexpr int kRoundsInASlice = kPrograms.size();
// Of the rounds of a soak; in a slice there are too few to ask for it.
constexpr double kUnfinishedShareMin = 0.8;
constexpr int kRoundsForShare = 20;
// Between two kills, and between a kill and the start again.
constexpr int kRunMsMin = 100;
constexpr int kRunMsMax = 400;
constexpr int kDownMsMax = 150;
constexpr std::chrono::seconds kAllDone{120};
constexpr char kUnfinished[] = "SELECT COUNT(*) FROM contact WHERE run_at IS NOT NULL";
constexpr std::string_view kSqliteScheme = "sqlite:";
constexpr int kBusyMaxMs = 5000;

class Restart : public SuiteTest {
 protected:
  // Contacts whose automatic work is not over, straight from the gateway's tables.
  int UnfinishedJournals() {
    if (database_ == nullptr) return UnfinishedInFile();
    const auto reader = database_->Read();
    EXPECT_TRUE(reader.ok()) << reader.status();
    if (!reader.ok()) return 0;
    const auto row = (*reader)->QueryOne(kUnfinished, {});
    EXPECT_TRUE(row.ok()) << row.status();
    return row.ok() && row->has_value() ? static_cast<int>((*row)->Whole(0)) : 0;
  }

  // Kills, looks at what was left, starts again; whether a journal was unfinished.
  bool KillOnce(Program victim, std::mt19937& random) {
    std::this_thread::sleep_for(std::chrono::milliseconds(
        std::uniform_int_distribution<int>(kRunMsMin, kRunMsMax)(random)));
    suite().Kill(victim);
    const int unfinished = UnfinishedJournals();
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution<int>(0, kDownMsMax)(random)));
    const absl::Status back = suite().Restart(victim);
    EXPECT_TRUE(back.ok()) << back;
    std::cout << "killed " << NameOf(victim) << " with " << unfinished << " unfinished journals\n";
    return unfinished > 0;
  }

  void OpenGatewayDatabase() {
    if (GetParam() == SuiteDatabase::kSqlite) return;
    auto database = db::Open(suite().DatabaseOf(Program::kGateway));
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
  }

 private:
  // A file belongs to its process: it is only looked at.
  int UnfinishedInFile() {
    const std::string file = suite().DatabaseOf(Program::kGateway).substr(kSqliteScheme.size());
    sqlite3* handle = nullptr;
    sqlite3_stmt* query = nullptr;
    int unfinished = 0;
    EXPECT_EQ(sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    sqlite3_busy_timeout(handle, kBusyMaxMs);
    EXPECT_EQ(sqlite3_prepare_v2(handle, kUnfinished, -1, &query, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_step(query), SQLITE_ROW);
    unfinished = sqlite3_column_int(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(handle);
    return unfinished;
  }

  std::unique_ptr<db::Database> database_;
};

TEST_P(Restart, FinishesWhatWasAcknowledgedAndDoesNothingTwice) {
  ASSERT_NO_FATAL_FAILURE(OpenGatewayDatabase());
  const auto cases = tests::contacts::LoadCases(tests::contacts::kContactsFolder);
  ASSERT_TRUE(cases.ok()) << cases.status();
  const int rounds = SoakRounds(kRoundsInASlice);
  const unsigned seed = SoakSeed();
  std::cout << "ASC_SOAK_SEED=" << seed << "\n";
  std::mt19937 random(seed);

  auto traffic = ContactTraffic::Start(suite(), *cases, {});
  ASSERT_TRUE(traffic.ok()) << traffic.status();
  int unfinished_rounds = 0;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    if (KillOnce(kPrograms[round % kPrograms.size()], random)) ++unfinished_rounds;
  }
  (*traffic)->Stop();

  EXPECT_THAT((*traffic)->wrong(), IsEmpty());
  EXPECT_FALSE((*traffic)->taken().empty());
  EXPECT_THAT(FaultsAfter(suite(), (*traffic)->taken(), kAllDone), IsEmpty());
  if (rounds >= kRoundsForShare) {
    EXPECT_GE(unfinished_rounds, static_cast<int>(rounds * kUnfinishedShareMin));
  }
  std::cout << "restart: " << rounds << " kills, " << unfinished_rounds
            << " with an unfinished journal; " << (*traffic)->taken().size()
            << " contacts acknowledged, each finished once; " << (*traffic)->repeated()
            << " calls repeated\n";
}

INSTANTIATE_TEST_SUITE_P(OnBothDatabases, Restart,
                         ::testing::Values(SuiteDatabase::kSqlite, SuiteDatabase::kMariaDb),
                         SuiteDatabaseName);

}  // namespace
}  // namespace asc::testing
