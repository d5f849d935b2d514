// A bounded pool of threads.

#ifndef ASC_PLATFORM_RPC_POOL_H_
#define ASC_PLATFORM_RPC_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace asc::rpc {

// Runs tasks in the order they came. Thread-safe.
class Pool {
 public:
  // `queue_max`: tasks that may wait.
  Pool(int threads, std::size_t queue_max);
  // Runs what is queued, then ends.
  ~Pool();

  // False, and nothing happens, when the queue is full or the pool is ending.
  bool TryRun(std::function<void()> task);
  // Runs even when the queue is full: for the second half of work that was accepted already.
  void Run(std::function<void()> task);
  std::size_t waiting() const;

 private:
  void Work();

  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> tasks_;
  int idle_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_POOL_H_
