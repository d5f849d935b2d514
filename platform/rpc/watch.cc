#include "platform/rpc/watch.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "asc/events/v1/events.grpc.pb.h"
#include "platform/rpc/adapter.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/status.h"
#include "platform/status/macros.h"

namespace asc::rpc {

namespace v1 = asc::events::v1;

namespace {

constexpr std::chrono::milliseconds kPollEvery{250};
constexpr std::size_t kEventsPerAnswer = 200;
// Streams one server holds; past it RESOURCE_EXHAUSTED.
constexpr std::size_t kWatchersMax = 1000;

absl::Status Stopping() {
  return WithReason(absl::UnavailableError("the server is stopping; resume with the last cursor"),
                    "STOPPING");
}

}  // namespace

class WatchService::Impl final : public v1::EventsService::CallbackService {
 public:
  class Stream;

  explicit Impl(Adapter& adapter) : adapter_(adapter), thread_([this] { Wake(); }) {}
  ~Impl() override { Stop(); }

  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(grpc::CallbackServerContext* context,
                                                     const v1::WatchRequest* request) override;

  void Notify() {
    // Sequentially consistent: either this sees the sleeper, or the sleeper sees the commit.
    committed_.store(true);
    if (!sleeping_.load()) return;
    // The lock keeps the wake-up from falling between the sleeper's look and its sleep.
    const std::lock_guard lock(mutex_);
    ready_.notify_one();
  }

  void Stop();
  void Remove(Stream* stream) {
    const std::lock_guard lock(mutex_);
    streams_.erase(stream);
  }
  Adapter& adapter() { return adapter_; }

 private:
  void Wake();

  Adapter& adapter_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::set<Stream*> streams_;
  std::atomic<bool> committed_{false};
  std::atomic<bool> sleeping_{false};
  bool stopping_ = false;
  std::thread thread_;
};

// One watcher. Exactly one of these is under way at any time: a poll on the reading pool, a write,
// or nothing (it waits to be woken).
class WatchService::Impl::Stream final : public grpc::ServerWriteReactor<v1::WatchResponse> {
 public:
  Stream(Impl& impl, v1::WatchRequest request, Cursor cursor)
      : impl_(impl),
        request_(std::move(request)),
        types_(request_.record_types().begin(), request_.record_types().end()),
        cursor_(std::move(cursor)) {}

  // Ends a stream that was never registered.
  static Stream* Refused(Impl& impl, const absl::Status& status) {
    auto* stream = new Stream(impl, {}, {});
    stream->finished_ = true;
    stream->Finish(ToGrpc(status));
    return stream;
  }

  // Polls unless something is under way already; then that will look again.
  void Poke() {
    {
      const std::lock_guard lock(mutex_);
      if (finished_) return;
      if (busy_) {
        again_ = true;
        return;
      }
      busy_ = true;
    }
    Poll();
  }

  void End(const absl::Status& status) {
    {
      const std::lock_guard lock(mutex_);
      if (finished_) return;
      // The first cause is the one to tell.
      if (!ending_.has_value()) ending_ = status;
      if (busy_) return;
      finished_ = true;
    }
    Finish(ToGrpc(status));
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return Close(absl::CancelledError("the watcher has gone"));
    if (caught_up_ && request_.until_caught_up()) return Close(absl::OkStatus());
    if (caught_up_) return Rest();
    Poll();
  }
  void OnCancel() override { End(absl::CancelledError("the watcher has gone")); }
  void OnDone() override {
    impl_.Remove(this);
    delete this;
  }

 private:
  void Poll() {
    if (!impl_.adapter().RunRead([this] { Read(); })) Rest();
  }

  void Read() {
    if (Ending()) return Rest();
    auto page = NextPage();
    if (!page.ok()) return Close(page.status());
    caught_up_ = page->caught_up;
    response_.Clear();
    for (auto& event : page->events) {
      if (types_.empty() || types_.contains(event.record_type())) {
        *response_.add_events() = std::move(event);
      }
    }
    response_.set_cursor(EncodeCursor(cursor_));
    if (response_.events().empty()) {
      if (caught_up_ && request_.until_caught_up()) {
        // Even an empty stream gives its cursor, so that the caller can resume from here.
        if (sent_) return Close(absl::OkStatus());
      } else if (caught_up_) {
        return Rest();
      }
    }
    sent_ = true;
    StartWrite(&response_);
  }

  absl::StatusOr<EventPage> NextPage() {
    ASC_TRY_ASSIGN(const auto reader, impl_.adapter().database()->Snapshot());
    return ReadEvents(*reader, request_.authority(), cursor_, kEventsPerAnswer);
  }

  bool Ending() {
    const std::lock_guard lock(mutex_);
    return ending_.has_value();
  }

  // Nothing is under way any more: wait for the next wake-up, unless there was one meanwhile.
  void Rest() {
    bool ending;
    {
      const std::lock_guard lock(mutex_);
      ending = ending_.has_value();
      if (!ending && !again_) {
        busy_ = false;
        return;
      }
      again_ = false;
    }
    if (ending) return Close(absl::OkStatus());
    Poll();
  }

  // The last thing done here: OnDone may delete this object while Finish returns, so the lock must
  // be given back first.
  void Close(const absl::Status& status) {
    absl::Status last;
    {
      const std::lock_guard lock(mutex_);
      if (finished_) return;
      finished_ = true;
      last = ending_.value_or(status);
    }
    Finish(ToGrpc(last));
  }

  Impl& impl_;
  const v1::WatchRequest request_;
  const std::set<std::string> types_;
  Cursor cursor_;
  v1::WatchResponse response_;
  bool caught_up_ = false;
  bool sent_ = false;

  std::mutex mutex_;
  bool busy_ = false;
  bool again_ = false;
  bool finished_ = false;
  std::optional<absl::Status> ending_;
};

grpc::ServerWriteReactor<v1::WatchResponse>* WatchService::Impl::Watch(
    grpc::CallbackServerContext* context, const v1::WatchRequest* request) {
  Call call;
  auto status = adapter_.Admit("asc.events.v1.EventsService.Watch", *context, *request, call);
  if (!status.ok()) return Stream::Refused(*this, status);
  auto cursor = DecodeCursor(request->cursor());
  if (!cursor.ok()) return Stream::Refused(*this, cursor.status());
  auto* stream = new Stream(*this, *request, *std::move(cursor));
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      status = Stopping();
    } else if (streams_.size() >= kWatchersMax) {
      status = absl::ResourceExhaustedError("too many watchers; try another replica");
    } else {
      streams_.insert(stream);
    }
  }
  if (status.ok()) {
    stream->Poke();
  } else {
    stream->End(status);
  }
  return stream;
}

void WatchService::Impl::Wake() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    sleeping_.store(true);
    ready_.wait_for(lock, kPollEvery, [this] { return stopping_ || committed_.load(); });
    sleeping_.store(false);
    committed_.store(false);
    // Poke only starts work on the pool, and Remove waits for this lock, so the pointers stay good.
    for (Stream* stream : streams_) stream->Poke();
    if (streams_.empty()) continue;
    // Not more often than every 2 ms: a watcher takes a batch of commits, not each of them.
    lock.unlock();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    lock.lock();
  }
}

void WatchService::Impl::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    for (Stream* stream : streams_) stream->End(Stopping());
  }
  ready_.notify_all();
  thread_.join();
}

WatchService::WatchService(Adapter& adapter) : impl_(std::make_unique<Impl>(adapter)) {}
WatchService::~WatchService() = default;
grpc::Service* WatchService::service() { return impl_.get(); }
void WatchService::Notify() { impl_->Notify(); }
void WatchService::Stop() { impl_->Stop(); }

}  // namespace asc::rpc
