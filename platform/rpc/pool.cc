#include "platform/rpc/pool.h"

#include <utility>

namespace asc::rpc {

Pool::Pool(int threads, std::size_t queue_max) : queue_max_(queue_max) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ready_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool Pool::TryRun(std::function<void()> task) {
  bool wake;
  {
    const std::lock_guard lock(mutex_);
    if (ending_ || tasks_.size() >= queue_max_) return false;
    tasks_.push_back(std::move(task));
    wake = idle_ > 0;
  }
  if (wake) ready_.notify_one();
  return true;
}

void Pool::Run(std::function<void()> task) {
  bool wake;
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    wake = idle_ > 0;
  }
  if (wake) ready_.notify_one();
}

std::size_t Pool::waiting() const {
  const std::lock_guard lock(mutex_);
  return tasks_.size();
}

void Pool::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    ready_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) return;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace asc::rpc
