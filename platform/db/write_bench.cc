// How many write sets a second: a row of 1.2 KB, an idempotency row and an event each.
//   platform-db-bench sqlite|mariadb [FOLDER [SECONDS]]
// FOLDER is where the data lie; the disk beneath decides the figures.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include "platform/db/database.h"
#include "platform/db/ids.h"
#include "platform/db/private_folder.h"
#include "platform/rpc/command_line.h"
#include "platform/testing/mariadb_server.h"

namespace asc::db {
namespace {

using std::chrono::steady_clock;

const std::vector<Migration> kSchema = {{"0001_bench", R"(
CREATE TABLE IF NOT EXISTS bench (
  authority $ID NOT NULL,
  id $ID NOT NULL,
  version $WHOLE NOT NULL,
  opened_at $MOMENT NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, id)
);
)"}};

WriteSet OneSet() {
  const std::string id = NewId();
  const std::string request = NewId();
  const std::int64_t now = NowMicros();
  WriteSet set;
  set.Insert(
      "INSERT INTO bench (authority, id, version, opened_at, payload) VALUES (?, ?, ?, ?, ?)",
      {"exampleshire", id, 1, now, Bytes{std::string(1200, 'p')}});
  set.Insert(
      "INSERT INTO idempotency (authority, request_id, method, request_hash, answer, answered_at) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      {"exampleshire", request, "Bench.Open", Bytes{std::string(32, 'h')},
       Bytes{std::string(200, 'a')}, now});
  set.Append({"exampleshire", "bench", id, 1, "bench.opened", now, request, {{"kind", "x"}}});
  return set;
}

// Keeps `outstanding` sets in flight; each end begins the next.
class Load {
 public:
  Load(Database& database, int outstanding) : database_(database), in_flight_(outstanding) {}

  double PerSecond(std::chrono::milliseconds time) {
    const int outstanding = in_flight_;
    const auto begin = steady_clock::now();
    end_ = begin + time;
    for (int i = 0; i < outstanding; ++i) Next();
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return in_flight_ == 0; });
    return static_cast<double>(committed_) /
           std::chrono::duration<double>(steady_clock::now() - begin).count();
  }
  std::int64_t failed() const { return failed_; }

 private:
  void Next() {
    database_.Write(OneSet(), {}, [this](const WriteResult& result) {
      ++(result.committed() ? committed_ : failed_);
      if (steady_clock::now() < end_) return Next();
      const std::lock_guard lock(mutex_);
      if (--in_flight_ == 0) idle_.notify_one();
    });
  }

  Database& database_;
  steady_clock::time_point end_;
  std::atomic<std::int64_t> committed_{0};
  std::atomic<std::int64_t> failed_{0};
  std::mutex mutex_;
  std::condition_variable idle_;
  int in_flight_;
};

int Run(const std::string& address, int seconds) {
  for (const int lanes : {1, 2, 4}) {
    OpenOptions options;
    options.lanes = lanes;
    auto database = Open(address, options);
    if (!database.ok() || !(*database)->Migrate(kSchema).ok()) {
      std::fprintf(stderr, "%s\n", database.status().ToString().c_str());
      return 1;
    }
    for (const int outstanding : {1, 16, 64, 256}) {
      Load load(**database, outstanding);
      const DatabaseMetrics before = (*database)->Metrics();
      const double rate = load.PerSecond(std::chrono::seconds(seconds));
      const DatabaseMetrics after = (*database)->Metrics();
      std::printf("lanes %d outstanding %3d: %8.0f sets/s, %5.1f in a commit, %lld failed\n", lanes,
                  outstanding, rate,
                  static_cast<double>(after.write_sets - before.write_sets) /
                      static_cast<double>(after.batches - before.batches),
                  static_cast<long long>(load.failed()));
      std::fflush(stdout);
    }
    if (address.rfind("sqlite:", 0) == 0) break;  // It has one lane always.
  }
  return 0;
}

int Main(int argc, char** argv) {
  const std::vector<std::string> words =
      rpc::ParseFlags(argc, argv, "measures durable writes. sqlite|mysql FOLDER SECONDS", 3);
  const std::string driver = words.empty() ? "sqlite" : words[0];
  const std::string folder = words.size() > 1 ? words[1] : "/tmp";
  const int seconds = words.size() > 2 ? std::atoi(words[2].c_str()) : 3;
  if (driver == "sqlite") {
    const PrivateFolder place(folder, "asc-bench");
    return Run("sqlite:" + place.File("bench.db"), seconds);
  }
  testing::MariaDbServer::Options options;
  options.base_folder = folder;
  options.arguments = {"--innodb-log-file-size=512M", "--innodb-buffer-pool-size=512M"};
  auto server = testing::MariaDbServer::Start(options);
  if (!server.ok()) {
    std::fprintf(stderr, "%s\n", server.status().ToString().c_str());
    return 1;
  }
  const auto credentials = (*server)->NewDatabase();
  if (!credentials.ok()) {
    std::fprintf(stderr, "%s\n", credentials.status().ToString().c_str());
    return 1;
  }
  return Run("mysql:" + *credentials, seconds);
}

}  // namespace
}  // namespace asc::db

int main(int argc, char** argv) { return asc::db::Main(argc, argv); }
