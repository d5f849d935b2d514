#include "gateway/timers.h"

#include <utility>

namespace asc::gateway {

Timers::Timers() : thread_([this] { Run(); }) {}

void Timers::At(Time time, std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  const auto place = tasks_.emplace(time, std::move(task));
  if (place == tasks_.begin()) changed_.notify_one();
}

void Timers::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Timers::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (tasks_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = tasks_.begin();
    if (first->first > std::chrono::steady_clock::now()) {
      const Time time = first->first;
      changed_.wait_until(lock, time);
      continue;
    }
    std::function<void()> task = std::move(first->second);
    tasks_.erase(first);
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace asc::gateway
