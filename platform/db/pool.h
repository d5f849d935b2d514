// A bounded pool of connections.

#ifndef ASC_PLATFORM_DB_POOL_H_
#define ASC_PLATFORM_DB_POOL_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace asc::db {

// Makes connections when asked and keeps those given back. Thread-safe. The one used last is lent
// first, so that caches stay warm and a quiet pool stays small.
template <typename Connection>
class Pool {
 public:
  using Connect = std::function<absl::StatusOr<std::unique_ptr<Connection>>()>;

  Pool(int size, Connect connect) : free_(size), connect_(std::move(connect)) {}

  // UNAVAILABLE: none became free before `deadline`, or connecting failed.
  absl::StatusOr<std::unique_ptr<Connection>> Borrow(
      std::chrono::steady_clock::time_point deadline) {
    {
      std::unique_lock lock(mutex_);
      if (!WaitForPlace(lock, deadline)) {
        return absl::UnavailableError("no connection for reading became free in time");
      }
      --free_;
      if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
      }
    }
    auto connection = connect_();
    if (!connection.ok()) Return(nullptr);
    return connection;
  }

  // A fresh connection for a borrower whose own was lost. What idles is as old as that one, so it
  // goes too.
  absl::StatusOr<std::unique_ptr<Connection>> Replace() {
    std::vector<std::unique_ptr<Connection>> old;
    {
      const std::lock_guard lock(mutex_);
      old.swap(idle_);
    }
    return connect_();
  }

  // `connection` may be null: it was lost.
  void Return(std::unique_ptr<Connection> connection) {
    {
      const std::lock_guard lock(mutex_);
      ++free_;
      if (connection != nullptr) idle_.push_back(std::move(connection));
    }
    freed_.notify_one();
  }

 private:
  bool WaitForPlace(std::unique_lock<std::mutex>& lock,
                    std::chrono::steady_clock::time_point deadline) {
    const auto is_free = [this] { return free_ > 0; };
    if (deadline == std::chrono::steady_clock::time_point::max()) {
      freed_.wait(lock, is_free);
      return true;
    }
    return freed_.wait_until(lock, deadline, is_free);
  }

  std::mutex mutex_;
  std::condition_variable freed_;
  int free_;
  std::vector<std::unique_ptr<Connection>> idle_;
  const Connect connect_;
};

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_POOL_H_
