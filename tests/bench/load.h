// A load generator for gRPC and HTTP: bytes out, bytes in, so that the client costs little.

#ifndef ASC_TESTS_BENCH_LOAD_H_
#define ASC_TESTS_BENCH_LOAD_H_

#include <grpcpp/support/slice.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

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

// One call of an operation.
struct Step {
  // "/package.Service/Method"; over HTTP the request holds where it goes.
  std::string method;
  // The bytes of the n-th operation's request: a message, or a whole HTTP request. `answer` is the
  // answer to the step before. Runs on many threads.
  std::function<grpc::Slice(std::uint64_t n, const std::string& answer)> request;
  // gRPC's only.
  std::map<std::string, std::string> metadata = {};
};

enum class Protocol { kGrpc, kHttp };

// What is called: the steps of one operation, one after the other.
struct Target {
  std::string address;
  std::vector<Step> steps;
  Protocol protocol = Protocol::kGrpc;
};

// Connections to one server; keep them while measuring.
class Connections {
 public:
  // The answer's bytes (HTTP: its body), empty unless they were wanted; or why there is none.
  using Done = std::function<void(absl::StatusOr<std::string> answer)>;

  virtual ~Connections() = default;
  // Sends one request of a caller, who has no other one out. `done` runs on any thread.
  virtual void Send(int caller, const Step& step, const grpc::Slice& request, bool wants_answer,
                    Done done) = 0;
};

// `count` connections that callers share; over HTTP/1.1, which takes one request at a time, one for
// each caller, worked by `count` threads.
std::unique_ptr<Connections> Connect(const Target& target, int callers, int count);
std::unique_ptr<Connections> ConnectHttp(const std::string& address, int callers, int threads);

// Past it a call counts as failed; longer than any queue here can become.
inline constexpr std::chrono::seconds kCallTimeout{10};

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
// it ends, for readings of other processes. Operations are numbered on from `*next_operation`.
Outcome Run(const Target& target, Connections& connections, const Plan& plan,
            std::atomic<std::uint64_t>& next_operation,
            const std::function<void(bool begins)>& on_measure = nullptr);

// The answer to the last step of one operation.
absl::StatusOr<std::string> Once(const Target& target, std::uint64_t number);

}  // namespace asc::bench

#endif  // ASC_TESTS_BENCH_LOAD_H_
