#include "platform/db/faulty_database.h"

#include <algorithm>
#include <utility>

#include "platform/status/macros.h"

namespace asc::db {

class FaultyDatabase::FaultyReader : public Reader {
 public:
  FaultyReader(FaultyDatabase& database, std::unique_ptr<Reader> reader)
      : database_(database), reader_(std::move(reader)) {}

  absl::StatusOr<std::vector<Row>> Query(Sql sql, std::vector<Value> parameters) override {
    if (database_.NextQueryFails()) return absl::UnavailableError("the query was made to fail");
    return reader_->Query(sql, std::move(parameters));
  }

 private:
  FaultyDatabase& database_;
  std::unique_ptr<Reader> reader_;
};

void FaultyDatabase::FailWrite(int n, WriteOutcome outcome, When when) {
  const std::lock_guard lock(mutex_);
  write_faults_.push_back({writes_ + n, outcome, when});
}

void FaultyDatabase::FailQuery(int n) {
  const std::lock_guard lock(mutex_);
  query_faults_.push_back(queries_ + n);
}

void FaultyDatabase::Heal() {
  const std::lock_guard lock(mutex_);
  write_faults_.clear();
  query_faults_.clear();
}

int FaultyDatabase::writes() const {
  const std::lock_guard lock(mutex_);
  return writes_;
}

int FaultyDatabase::queries() const {
  const std::lock_guard lock(mutex_);
  return queries_;
}

absl::StatusOr<std::unique_ptr<Reader>> FaultyDatabase::Read(
    std::chrono::steady_clock::time_point deadline) {
  ASC_TRY_ASSIGN(auto reader, database_.Read(deadline));
  return std::make_unique<FaultyReader>(*this, std::move(reader));
}

absl::StatusOr<std::unique_ptr<Reader>> FaultyDatabase::Snapshot(
    std::chrono::steady_clock::time_point deadline) {
  ASC_TRY_ASSIGN(auto reader, database_.Snapshot(deadline));
  return std::make_unique<FaultyReader>(*this, std::move(reader));
}

void FaultyDatabase::Write(WriteSet set, const WriteOptions& options,
                           std::function<void(const WriteResult&)> done) {
  const auto fault = NextWrite();
  if (!fault.has_value()) return database_.Write(std::move(set), options, std::move(done));
  const WriteResult failure{fault->outcome, -1, "the write was made to fail"};
  if (fault->when == When::kBefore) return done(failure);
  database_.Write(std::move(set), options,
                  [failure, done = std::move(done)](const WriteResult& result) {
                    // A set the database refused has not happened, so its answer stands.
                    done(result.committed() ? failure : result);
                  });
}

absl::Status FaultyDatabase::Migrate(const std::vector<Migration>& migrations) {
  return database_.Migrate(migrations);
}

DatabaseMetrics FaultyDatabase::Metrics() const { return database_.Metrics(); }

std::optional<FaultyDatabase::WriteFault> FaultyDatabase::NextWrite() {
  const std::lock_guard lock(mutex_);
  ++writes_;
  for (const WriteFault& fault : write_faults_) {
    if (fault.at == writes_) return fault;
  }
  return std::nullopt;
}

bool FaultyDatabase::NextQueryFails() {
  const std::lock_guard lock(mutex_);
  ++queries_;
  return std::find(query_faults_.begin(), query_faults_.end(), queries_) != query_faults_.end();
}

}  // namespace asc::db
