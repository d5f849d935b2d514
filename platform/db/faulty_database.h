// A database that fails when told to: the way to test what happens between two steps.

#ifndef ASC_PLATFORM_DB_FAULTY_DATABASE_H_
#define ASC_PLATFORM_DB_FAULTY_DATABASE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/database.h"

namespace asc::db {

// Passes everything to another database, which must outlive it, except the failures asked for.
// Thread-safe. "Does a crash between step 3 and 4 lose or repeat anything?" is a loop over n.
class FaultyDatabase : public Database {
 public:
  enum class When {
    kBefore,  // Nothing reaches the database.
    kAfter,   // The database has committed; only the answer is lost.
  };

  explicit FaultyDatabase(Database& database) : database_(database) {}

  // The n-th write from now (1 is the next) ends as `outcome`. kAfter makes sense for kUnknown
  // only.
  void FailWrite(int n, WriteOutcome outcome, When when);
  // The n-th query from now, counted over all readers, is UNAVAILABLE.
  void FailQuery(int n);
  // Forgets the failures still to come.
  void Heal();

  // Writes and queries asked for so far.
  int writes() const;
  int queries() const;

  absl::StatusOr<std::unique_ptr<Reader>> Read(
      std::chrono::steady_clock::time_point deadline) override;
  absl::StatusOr<std::unique_ptr<Reader>> Snapshot(
      std::chrono::steady_clock::time_point deadline) override;
  void Write(WriteSet set, const WriteOptions& options,
             std::function<void(const WriteResult&)> done) override;
  absl::Status Migrate(const std::vector<Migration>& migrations) override;
  DatabaseMetrics Metrics() const override;
  int ReadConcurrency() const override { return database_.ReadConcurrency(); }

 private:
  class FaultyReader;
  struct WriteFault {
    int at;
    WriteOutcome outcome;
    When when;
  };

  std::optional<WriteFault> NextWrite();
  bool NextQueryFails();

  Database& database_;
  mutable std::mutex mutex_;
  int writes_ = 0;
  int queries_ = 0;
  std::vector<WriteFault> write_faults_;
  std::vector<int> query_faults_;
};

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_FAULTY_DATABASE_H_
