// Runs things later, on one thread that sleeps until the next of them.

#ifndef ASC_GATEWAY_TIMERS_H_
#define ASC_GATEWAY_TIMERS_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace asc::gateway {

// Thread-safe. What is still to come when it ends is dropped.
class Timers {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Timers();
  ~Timers() { Stop(); }

  // Runs `task` at `time` or soon after. It must be quick.
  void At(Time time, std::function<void()> task);
  // Ends the thread; nothing runs after it.
  void Stop();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Time, std::function<void()>> tasks_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_TIMERS_H_
