// A load generator on gRPC's callback client: bytes out, bytes in, so that the client costs little.

#ifndef ASC_TESTS_BENCH_LOAD_H_
#define ASC_TESTS_BENCH_LOAD_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace asc::bench {

// Counts of durations from 1 ns to about an hour, each within 3 %. Adding is lock-free.
class Histogram {
 public:
  void Add(std::chrono::nanoseconds duration);
  // The duration that `share` (0 to 1) of all stay below; zero when there are none.
  std::chrono::nanoseconds Quantile(double share) const;
  std::int64_t count() const { return count_.load(); }

 private:
  // 32 buckets for each power of two.
  static constexpr int kParts = 32;
  static constexpr int kPowers = 38;
  static int BucketOf(std::uint64_t nanoseconds);
  static std::uint64_t MiddleOf(int bucket);

  std::array<std::atomic<std::int64_t>, std::size_t{kParts} * kPowers> buckets_{};
  std::atomic<std::int64_t> count_{0};
};

// What is called. `request(n)` gives the bytes of the n-th request; it runs on many threads.
struct Target {
  std::string address;
  // "/package.Service/Method"
  std::string method;
  std::function<grpc::ByteBuffer(std::uint64_t n)> request;
};

// Connections to one server; keep them while measuring.
class Channels {
 public:
  Channels(const std::string& address, int count);
  grpc::GenericStub& stub(std::size_t caller) { return *stubs_[caller % stubs_.size()]; }

 private:
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
};

struct Plan {
  // Closed loop: as many calls are out at any time. Open loop: at most as many; an arrival that
  // finds all of them out waits its turn, and its wait counts.
  int callers = 1;
  // Arrivals a second on a fixed schedule; 0: closed loop.
  double rate = 0;
  std::chrono::milliseconds warm_up{200};
  std::chrono::milliseconds measure{1000};
};

struct Outcome {
  double per_second = 0;
  std::chrono::nanoseconds p50{0};
  std::chrono::nanoseconds p99{0};
  std::chrono::nanoseconds longest{0};
  std::int64_t failures = 0;
  std::string first_failure;
  // Of this process, while measuring.
  double client_cpu_seconds = 0;
  double seconds = 0;
};

// Runs `plan` against `target`. `on_measure(true)` is called when measuring begins, with false when
// it ends, for readings of other processes. Request numbers go on from `*next_request`.
Outcome Run(const Target& target, Channels& channels, const Plan& plan,
            std::atomic<std::uint64_t>& next_request,
            const std::function<void(bool begins)>& on_measure = nullptr);

}  // namespace asc::bench

#endif  // ASC_TESTS_BENCH_LOAD_H_
