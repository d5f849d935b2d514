#include "platform/rpc/adapter.h"

#include <grpcpp/server_context.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "platform/db/ids.h"
#include "platform/log/log.h"
#include "platform/rpc/idempotency.h"
#include "platform/rpc/metrics.h"
#include "platform/rpc/pool.h"
#include "platform/rpc/stages.h"
#include "platform/rpc/status.h"

namespace asc::rpc {
namespace {

// How often a write is decided again after losing to a concurrent one.
constexpr int kAttemptsMax = 5;
// The longest a worker waits before deciding again, per attempt; drawn at random so that two losers
// do not meet again.
constexpr int kRetryDelayMaxMs = 10;

// The answer to a write, which holds the record written: a quarter of what a server sends, so that
// the record can still grow by what other steps add.
constexpr std::size_t kAnswerBytesMax = 1 << 20;

// Borrows a connection when the method first asks for one: many methods write without reading.
class LazyReader final : public db::Reader {
 public:
  LazyReader(db::Database& database, std::chrono::steady_clock::time_point deadline)
      : database_(database), deadline_(deadline) {}

  absl::StatusOr<std::vector<db::Row>> Query(db::Sql sql,
                                             std::vector<db::Value> parameters) override {
    if (reader_ == nullptr) {
      auto reader = database_.Read(deadline_);
      if (!reader.ok()) return std::move(reader).status();
      reader_ = *std::move(reader);
    }
    return reader_->Query(sql, std::move(parameters));
  }

 private:
  db::Database& database_;
  const std::chrono::steady_clock::time_point deadline_;
  std::unique_ptr<db::Reader> reader_;
};

absl::Status Overloaded(const char* what) {
  return WithRetryAfter(WithReason(absl::ResourceExhaustedError(what), "OVERLOADED"), 200);
}

int ReadThreads(const AdapterOptions& options, const db::Database* database) {
  if (options.read_threads > 0 || database == nullptr) return std::max(1, options.read_threads);
  return database->ReadConcurrency();
}

bool Expired(const Call& call) { return std::chrono::steady_clock::now() >= call.deadline; }

class BindingImpl;

// One call under way. Owned by whoever works on it; ends in Finish.
struct Flight {
  BindingImpl& binding;
  grpc::CallbackServerContext* context;
  grpc::ServerUnaryReactor* reactor;
  const google::protobuf::Message& request;
  google::protobuf::Message& response;
  std::chrono::steady_clock::time_point started;
  Call call;
  std::string request_hash;
  int attempt = 0;
  // The last attempt met a conflict, so the next one is written in a transaction of its own.
  bool alone = false;
};

}  // namespace

class Adapter::Impl {
 public:
  Impl(db::Database* database, const policy::PolicySet* policies, AdapterOptions options)
      : database(database),
        policies(policies),
        options(std::move(options)),
        metrics(database),
        readers(ReadThreads(this->options, database),
                static_cast<std::size_t>(this->options.queue_max)),
        writers(this->options.write_threads, static_cast<std::size_t>(this->options.queue_max)) {}

  void Enter() { in_flight.fetch_add(1, std::memory_order_relaxed); }
  void Leave() {
    if (in_flight.fetch_sub(1, std::memory_order_acq_rel) == 1 && draining.load()) {
      const std::lock_guard lock(drain_mutex);
      drained.notify_all();
    }
  }

  db::Database* const database;
  const policy::PolicySet* const policies;
  const AdapterOptions options;
  Metrics metrics;
  std::atomic<int> in_flight{0};
  std::atomic<bool> draining{false};
  std::mutex drain_mutex;
  std::condition_variable drained;
  std::vector<std::unique_ptr<Binding>> bindings;
  std::set<std::string> services;
  std::function<void()> after_commit;
  Pool readers;
  Pool writers;
};

namespace {

class BindingImpl final : public Binding {
 public:
  BindingImpl(Adapter::Impl& adapter, MethodInfo info, ErasedCheck check, ErasedFunction function)
      : adapter_(adapter),
        info_(std::move(info)),
        check_(std::move(check)),
        function_(std::move(function)),
        metrics_(adapter.metrics.ForMethod(info_.name)) {}

  void SetThen(ErasedThen then) override { then_ = std::move(then); }

  grpc::ServerUnaryReactor* Serve(grpc::CallbackServerContext* context,
                                  const google::protobuf::Message* request,
                                  google::protobuf::Message* response) override {
    auto* reactor = context->DefaultReactor();
    auto flight = std::make_unique<Flight>(Flight{.binding = *this,
                                                  .context = context,
                                                  .reactor = reactor,
                                                  .request = *request,
                                                  .response = *response,
                                                  .started = std::chrono::steady_clock::now(),
                                                  .call = {},
                                                  .request_hash = {}});
    adapter_.Enter();
    flight->call.now = adapter_.options.now();
    Incoming incoming{.method = info_,
                      .check = check_,
                      .metadata = context->client_metadata(),
                      .deadline = context->deadline(),
                      .request = *request,
                      .call = flight->call};
    const Ground ground{adapter_.options, adapter_.policies};
    if (auto status = RunStages(ground, incoming); !status.ok()) {
      Finish(std::move(flight), status);
      return reactor;
    }
    switch (info_.form) {
      case MethodForm::kPure:
        RunPure(std::move(flight));
        break;
      case MethodForm::kRead:
        Queue(adapter_.readers, std::move(flight), &BindingImpl::RunRead);
        break;
      case MethodForm::kWrite:
        Queue(adapter_.writers, std::move(flight), &BindingImpl::RunWrite);
        break;
    }
    return reactor;
  }

 private:
  using Step = void (BindingImpl::*)(std::unique_ptr<Flight>);

  void Queue(Pool& pool, std::unique_ptr<Flight> flight, Step step) {
    Flight* raw = flight.release();
    const bool queued =
        pool.TryRun([this, raw, step] { (this->*step)(std::unique_ptr<Flight>(raw)); });
    if (queued) return;
    flight.reset(raw);
    Finish(std::move(flight), Overloaded("too many calls are waiting; try again shortly"));
  }

  absl::Status Invoke(Flight& flight, db::Reader* reader, ErasedResult& result) {
    try {
      return function_(flight.call, flight.request, reader, flight.response, result);
    } catch (const std::exception& fault) {
      return absl::InternalError(fault.what());
    }
  }

  // Nobody waits any more, or the time is up: nothing has been written yet, so stop here.
  static absl::Status StillWanted(const Flight& flight) {
    if (Expired(flight.call))
      return absl::DeadlineExceededError("the deadline passed while waiting");
    if (flight.context->IsCancelled()) return absl::CancelledError("the caller gave up");
    return absl::OkStatus();
  }

  void RunPure(std::unique_ptr<Flight> flight) {
    ErasedResult result;
    const auto status = Invoke(*flight, nullptr, result);
    Finish(std::move(flight), status);
  }

  void RunRead(std::unique_ptr<Flight> flight) {
    auto status = StillWanted(*flight);
    // A lost connection is replaced by the pool, so a second try usually succeeds.
    for (int attempt = 0; status.ok() && attempt < 2; ++attempt) {
      LazyReader reader(*adapter_.database, flight->call.deadline);
      ErasedResult result;
      status = Invoke(*flight, &reader, result);
      if (!absl::IsUnavailable(status) || Expired(flight->call) || attempt == 1) break;
      flight->response.Clear();
      flight->call.RewindIds();
      status = absl::OkStatus();
    }
    Finish(std::move(flight), status);
  }

  bool ValidateOnly(const Flight& flight) const {
    return info_.validate_only != nullptr &&
           flight.request.GetReflection()->GetBool(flight.request, info_.validate_only);
  }

  void RunWrite(std::unique_ptr<Flight> flight) {
    if (auto status = StillWanted(*flight); !status.ok()) {
      return Finish(std::move(flight), status);
    }
    ErasedResult result;
    absl::Status status;
    {
      LazyReader reader(*adapter_.database, flight->call.deadline);
      status = Invoke(*flight, &reader, result);
    }
    if (ValidateOnly(*flight)) return Finish(std::move(flight), status);
    // An error may be the echo of this request's own first run, so look for that before answering.
    if (!status.ok()) return AnswerRepeatOr(std::move(flight), status);
    Write(std::move(flight), std::move(result.writes));
  }

  void Write(std::unique_ptr<Flight> flight, db::WriteSet writes) {
    const Call& call = flight->call;
    // What cannot be sent back could never be read again.
    if (flight->response.ByteSizeLong() > kAnswerBytesMax) {
      return Finish(std::move(flight),
                    PreconditionFailed("RECORD_TOO_LARGE", "",
                                       "the record would become larger than 1 MiB; nothing was "
                                       "written; say it in fewer words"));
    }
    if (flight->request_hash.empty()) {
      flight->request_hash = RequestHash(info_.name, flight->request);
    }
    for (auto& event : writes.mutable_events()) {
      if (event.authority.empty()) event.authority = call.authority;
      if (event.request_id.empty()) event.request_id = call.request_id;
      if (event.occurred_at_us == 0) event.occurred_at_us = absl::ToUnixMicros(call.now);
    }
    db::WriteSet all =
        RecordAnswer(call.authority, call.request_id, info_.name, flight->request_hash,
                     flight->response.SerializeAsString(), call.now);
    all.Join(std::move(writes));
    const db::WriteOptions options{.deadline = call.deadline, .alone = flight->alone};
    Flight* raw = flight.release();
    adapter_.database->Write(std::move(all), options, [this, raw](const db::WriteResult& result) {
      // The lane goes on with its next batch; answering costs system calls and belongs elsewhere.
      adapter_.writers.Run(
          [this, raw, result] { AfterWrite(std::unique_ptr<Flight>(raw), result); });
    });
  }

  void AfterWrite(std::unique_ptr<Flight> flight, const db::WriteResult& result) {
    switch (result.outcome) {
      case db::WriteOutcome::kCommitted:
        if (adapter_.after_commit) adapter_.after_commit();
        return AnswerRecorded(std::move(flight));
      case db::WriteOutcome::kDuplicate:
      case db::WriteOutcome::kStale:
      case db::WriteOutcome::kConflict:
      case db::WriteOutcome::kUnknown:
        flight->alone = result.outcome == db::WriteOutcome::kConflict ||
                        result.outcome == db::WriteOutcome::kUnknown;
        return DecideAgain(std::move(flight));
      case db::WriteOutcome::kUnavailable: {
        const absl::Status refused = WriteRefused(*flight, result);
        return Finish(std::move(flight), refused);
      }
      case db::WriteOutcome::kFull:
        LogFault(*flight, result.message);
        return Finish(
            std::move(flight),
            WithReason(absl::ResourceExhaustedError("the storage is full; nothing was written"),
                       "STORAGE_FULL"));
      case db::WriteOutcome::kFault:
        return Finish(std::move(flight), absl::InternalError(result.message));
    }
  }

  absl::Status WriteRefused(const Flight& flight, const db::WriteResult& result) const {
    if (Expired(flight.call)) {
      return absl::DeadlineExceededError("the deadline passed before the write began");
    }
    LogFault(flight, result.message);
    return WithRetryAfter(
        WithReason(absl::UnavailableError("the database cannot be written to now; nothing was "
                                          "written; repeat the same call"),
                   "STORAGE_UNAVAILABLE"),
        500);
  }

  void LogFault(const Flight& flight, const std::string& message) const {
    log::Line(log::Level::kWarning, "write_failed")
        .Add("method", info_.name)
        .Add("correlation_id", flight.call.correlation_id)
        .Add("cause", message);
  }

  // After a lost race: either this very request was written already, or its method decides again
  // from fresh reads, with the same `now` and ids.
  void DecideAgain(std::unique_ptr<Flight> flight) {
    auto answer = StoredAnswer(*flight);
    if (!answer.ok()) return Finish(std::move(flight), answer.status());
    if (*answer) return AnswerRecorded(std::move(flight));
    if (++flight->attempt >= kAttemptsMax) {
      return Finish(std::move(flight),
                    WithRetryAfter(WithReason(absl::AbortedError("concurrent changes won several "
                                                                 "times; repeat the same call"),
                                              "CONTENTION"),
                                   100));
    }
    if (flight->alone || flight->attempt > 1) {
      thread_local std::minstd_rand random{std::random_device()()};
      const int most_ms = kRetryDelayMaxMs * flight->attempt;
      std::this_thread::sleep_for(
          std::chrono::microseconds(random() % static_cast<unsigned>(most_ms * 1000)));
    }
    flight->response.Clear();
    flight->call.RewindIds();
    RunWrite(std::move(flight));
  }

  void AnswerRepeatOr(std::unique_ptr<Flight> flight, const absl::Status& status) {
    auto answer = StoredAnswer(*flight);
    if (!answer.ok()) return Finish(std::move(flight), answer.status());
    if (*answer) return AnswerRecorded(std::move(flight));
    Finish(std::move(flight), status);
  }

  // True, and the response filled, when this request has been answered before.
  absl::StatusOr<bool> StoredAnswer(Flight& flight) {
    if (flight.request_hash.empty()) flight.request_hash = RequestHash(info_.name, flight.request);
    LazyReader reader(*adapter_.database, flight.call.deadline);
    auto answer =
        FindAnswer(reader, flight.call.authority, flight.call.request_id, flight.request_hash);
    if (!answer.ok()) return std::move(answer).status();
    if (!answer->has_value()) return false;
    if (!flight.response.ParseFromString(**answer)) {
      return absl::DataLossError("idempotency: a stored answer cannot be parsed");
    }
    return true;
  }

  // The answer is on disk.
  void AnswerRecorded(std::unique_ptr<Flight> flight) {
    if (!then_) return Finish(std::move(flight), absl::OkStatus());
    Flight* raw = flight.release();
    then_(raw->call, raw->request, raw->response, [this, raw](const absl::Status& status) {
      Finish(std::unique_ptr<Flight>(raw), status);
    });
  }

  void Finish(std::unique_ptr<Flight> flight, const absl::Status& status) {
    const auto took = std::chrono::steady_clock::now() - flight->started;
    const auto took_us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    metrics_.Observe(status.code(), static_cast<double>(took_us) / 1e6);
    LogCall(*flight, status, took_us);
    flight->reactor->Finish(ToGrpc(status));
    flight.reset();
    adapter_.Leave();
  }

  void LogCall(const Flight& flight, const absl::Status& status, std::int64_t took_us) const {
    const bool fault =
        absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsDataLoss(status);
    log::Line line(fault ? log::Level::kError : log::Level::kInfo, "call");
    line.Add("method", info_.name)
        .Add("code", static_cast<int>(status.code()))
        .Add("took_us", took_us)
        .Add("correlation_id", flight.call.correlation_id);
    if (!flight.call.authority.empty()) line.Add("authority", flight.call.authority);
    if (fault) line.Add("cause", std::string(status.message()));
  }

  Adapter::Impl& adapter_;
  const MethodInfo info_;
  const ErasedCheck check_;
  const ErasedFunction function_;
  ErasedThen then_;
  MethodMetrics metrics_;
};

}  // namespace

std::string Call::NewId() const {
  if (next_id_ == ids_.size()) ids_.push_back(db::NewId());
  return ids_[next_id_++];
}

Adapter::Adapter(db::Database* database, const policy::PolicySet* policies, AdapterOptions options)
    : impl_(std::make_unique<Impl>(database, policies, std::move(options))) {}

Adapter::~Adapter() { Drain(); }

Binding* Adapter::Bind(const std::string& name, MethodForm form, ErasedCheck check,
                       ErasedFunction function) {
  auto info = InspectMethod(name, form);
  if (info.ok() && form != MethodForm::kPure && impl_->database == nullptr) {
    info = absl::FailedPreconditionError(name + ": needs a database");
  }
  if (!info.ok()) {
    // A server that cannot serve its contract must not start.
    std::cerr << info.status().ToString() << std::endl;
    std::abort();
  }
  impl_->services.insert(name.substr(0, name.rfind('.')));
  impl_->bindings.push_back(std::make_unique<BindingImpl>(*impl_, *std::move(info),
                                                          std::move(check), std::move(function)));
  return impl_->bindings.back().get();
}

void Adapter::SetAfterCommit(std::function<void()> after_commit) {
  impl_->after_commit = std::move(after_commit);
}

std::vector<std::string> Adapter::Services() const {
  return {impl_->services.begin(), impl_->services.end()};
}

Metrics& Adapter::metrics() { return impl_->metrics; }

absl::Status Adapter::Admit(const std::string& name, grpc::CallbackServerContext& context,
                            const google::protobuf::Message& request, Call& call) {
  auto info = InspectMethod(name, MethodForm::kPure);
  if (!info.ok()) return std::move(info).status();
  call.now = impl_->options.now();
  const ErasedCheck no_check;
  Incoming incoming{.method = *info,
                    .check = no_check,
                    .metadata = context.client_metadata(),
                    // A stream lives as long as both sides want it to.
                    .deadline = std::chrono::system_clock::time_point::max(),
                    .request = request,
                    .call = call};
  return RunStages(Ground{impl_->options, impl_->policies}, incoming);
}

bool Adapter::RunRead(std::function<void()> task) { return impl_->readers.TryRun(std::move(task)); }

db::Database* Adapter::database() const { return impl_->database; }

void Adapter::Drain() {
  impl_->draining.store(true);
  std::unique_lock lock(impl_->drain_mutex);
  impl_->drained.wait(lock, [this] { return impl_->in_flight.load() == 0; });
}

}  // namespace asc::rpc
