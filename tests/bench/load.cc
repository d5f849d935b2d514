#include "tests/bench/load.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

namespace asc::bench {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

double CpuSecondsOfThisProcess() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const auto& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

class GrpcConnections final : public Connections {
 public:
  GrpcConnections(const std::string& address, int count) {
    for (int number = 0; number < count; ++number) {
      grpc::ChannelArguments arguments;
      // Otherwise channels to the same address share one connection.
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      auto channel =
          grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
      channel->WaitForConnected(std::chrono::system_clock::now() + kCallTimeout);
      stubs_.push_back(std::make_unique<grpc::GenericStub>(channel));
    }
  }

  void Send(int caller, const Step& step, const grpc::Slice& request, bool wants_answer,
            Done done) override {
    auto* call = new Call{.request = grpc::ByteBuffer(&request, 1), .done = std::move(done)};
    for (const auto& [name, value] : step.metadata) call->context.AddMetadata(name, value);
    call->context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
    stubs_[static_cast<std::size_t>(caller) % stubs_.size()]->UnaryCall(
        &call->context, step.method, grpc::StubOptions(), &call->request, &call->response,
        [call, wants_answer](const grpc::Status& status) {
          // Nothing of the call may be left when its end is told: all may be over then.
          std::unique_ptr<Call> owned(call);
          const Done done = std::move(owned->done);
          std::string answer = wants_answer && status.ok() ? BytesOf(owned->response) : "";
          owned.reset();
          if (status.ok()) return done(std::move(answer));
          done(absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                            status.error_message()));
        });
  }

 private:
  struct Call {
    grpc::ClientContext context;
    grpc::ByteBuffer request;
    grpc::ByteBuffer response;
    Done done;
  };

  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
};

// One run: its callers, what they measured, and how they end.
class Runner {
 public:
  Runner(const Target& target, Connections& connections, const Plan& plan,
         std::atomic<std::uint64_t>& next_operation)
      : target_(target), connections_(connections), plan_(plan), next_operation_(next_operation) {}

  Outcome Run(const std::function<void(bool)>& on_measure) {
    std::thread arrivals;
    if (plan_.rate > 0) {
      for (int caller = 0; caller < plan_.callers; ++caller) free_.push_back(caller);
      arrivals = std::thread([this] { Arrive(); });
    } else {
      for (int caller = 0; caller < plan_.callers; ++caller) Issue(caller, steady_clock::now());
    }

    std::this_thread::sleep_for(plan_.warm_up);
    if (on_measure) on_measure(true);
    const double cpu_before = CpuSecondsOfThisProcess();
    const auto begin = steady_clock::now();
    measuring_ = true;
    std::this_thread::sleep_for(plan_.measure);
    measuring_ = false;
    const auto end = steady_clock::now();
    const double cpu_after = CpuSecondsOfThisProcess();
    if (on_measure) on_measure(false);

    stopping_ = true;
    if (arrivals.joinable()) arrivals.join();
    std::unique_lock lock(mutex_);
    all_done_.wait(lock, [this] { return out_ == 0; });

    Outcome outcome;
    outcome.seconds = std::chrono::duration<double>(end - begin).count();
    outcome.per_second = static_cast<double>(durations_.count()) / outcome.seconds;
    outcome.p50 = durations_.Quantile(0.5);
    outcome.p99 = durations_.Quantile(0.99);
    outcome.longest = durations_.Quantile(1);
    outcome.failures = failures_;
    outcome.first_failure = first_failure_;
    outcome.client_cpu_seconds = cpu_after - cpu_before;
    return outcome;
  }

 private:
  // Where one operation is.
  struct Turn {
    int caller;
    std::uint64_t number;
    std::size_t step;
    steady_clock::time_point intended;
  };

  void Issue(int caller, steady_clock::time_point intended) {
    {
      std::lock_guard lock(mutex_);
      ++out_;
    }
    Send(caller, intended);
  }

  void Send(int caller, steady_clock::time_point intended) {
    Take({caller, next_operation_.fetch_add(1), 0, intended}, "");
  }

  void Take(const Turn& turn, const std::string& answer) {
    const Step& step = target_.steps[turn.step];
    const bool more = turn.step + 1 < target_.steps.size();
    connections_.Send(turn.caller, step, step.request(turn.number, answer), more,
                      [this, turn, more](absl::StatusOr<std::string> answered) {
                        if (!more || !answered.ok()) return Finish(turn, answered.status());
                        Turn next = turn;
                        ++next.step;
                        Take(next, *answered);
                      });
  }

  void Finish(const Turn& turn, const absl::Status& status) {
    const int caller = turn.caller;
    if (!status.ok()) {
      std::lock_guard lock(mutex_);
      if (failures_++ == 0) first_failure_ = std::string(status.message());
    } else if (measuring_) {
      durations_.Add(steady_clock::now() - turn.intended);
    }
    if (plan_.rate == 0 && !stopping_) return Send(caller, steady_clock::now());

    std::unique_lock lock(mutex_);
    if (!waiting_.empty() && !stopping_) {
      const auto intended = waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      return Send(caller, intended);
    }
    free_.push_back(caller);
    if (--out_ == 0) all_done_.notify_all();
  }

  // The schedule does not care how the server is doing: a slow answer delays nobody's arrival.
  void Arrive() {
    const auto start = steady_clock::now();
    for (std::int64_t number = 0; !stopping_; ++number) {
      const auto intended =
          start + std::chrono::duration_cast<nanoseconds>(
                      std::chrono::duration<double>(static_cast<double>(number) / plan_.rate));
      std::this_thread::sleep_until(intended);
      std::unique_lock lock(mutex_);
      if (free_.empty()) {
        waiting_.push_back(intended);
        continue;
      }
      const int caller = free_.back();
      free_.pop_back();
      ++out_;
      lock.unlock();
      Send(caller, intended);
    }
  }

  const Target& target_;
  Connections& connections_;
  const Plan& plan_;
  std::atomic<std::uint64_t>& next_operation_;
  std::atomic<bool> measuring_{false};
  std::atomic<bool> stopping_{false};
  Histogram durations_;

  std::mutex mutex_;
  std::condition_variable all_done_;
  int out_ = 0;
  std::vector<int> free_;
  std::deque<steady_clock::time_point> waiting_;
  std::int64_t failures_ = 0;
  std::string first_failure_;
};

}  // namespace

int Histogram::BucketOf(std::uint64_t nanoseconds) {
  // Below kParts every value has its own bucket; above, the power of two and its next five bits.
  if (nanoseconds < kParts) return static_cast<int>(nanoseconds);
  const int power = std::bit_width(nanoseconds) - 6;
  const int bucket = (power + 1) * kParts + static_cast<int>((nanoseconds >> power) - kParts);
  return std::min(bucket, kParts * kPowers - 1);
}

std::uint64_t Histogram::MiddleOf(int bucket) {
  if (bucket < kParts) return static_cast<std::uint64_t>(bucket);
  const int power = bucket / kParts - 1;
  const std::uint64_t low = static_cast<std::uint64_t>(bucket % kParts + kParts) << power;
  return low + ((std::uint64_t{1} << power) >> 1);
}

void Histogram::Add(nanoseconds duration) {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
  buckets_[static_cast<std::size_t>(BucketOf(value))].fetch_add(1, std::memory_order_relaxed);
  count_.fetch_add(1, std::memory_order_relaxed);
}

nanoseconds Histogram::Quantile(double share) const {
  const auto wanted = static_cast<double>(count_.load()) * share;
  std::int64_t seen = 0;
  int last = 0;
  for (int bucket = 0; bucket < kParts * kPowers; ++bucket) {
    const std::int64_t here = buckets_[static_cast<std::size_t>(bucket)].load();
    if (here == 0) continue;
    last = bucket;
    seen += here;
    if (static_cast<double>(seen) >= wanted) break;
  }
  return nanoseconds(MiddleOf(last));
}

std::unique_ptr<Connections> Connect(const Target& target, int callers, int count) {
  if (target.protocol == Protocol::kHttp) return ConnectHttp(target.address, callers, count);
  return std::make_unique<GrpcConnections>(target.address, count);
}

Outcome Run(const Target& target, Connections& connections, const Plan& plan,
            std::atomic<std::uint64_t>& next_operation,
            const std::function<void(bool begins)>& on_measure) {
  return Runner(target, connections, plan, next_operation).Run(on_measure);
}

absl::StatusOr<std::string> Once(const Target& target, std::uint64_t number) {
  const auto connections = Connect(target, 1, 1);
  absl::StatusOr<std::string> answer = std::string();
  for (const Step& step : target.steps) {
    std::promise<absl::StatusOr<std::string>> answered;
    connections->Send(0, step, step.request(number, *answer), true,
                      [&](absl::StatusOr<std::string> got) { answered.set_value(std::move(got)); });
    answer = answered.get_future().get();
    if (!answer.ok()) return answer.status();
  }
  return answer;
}

}  // namespace asc::bench
