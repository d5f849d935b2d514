#include "platform/rpc/metrics.h"

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <utility>
#include <vector>

#include "platform/log/log.h"

namespace asc::rpc {
namespace {

const char* const kCodes[17] = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

// Reads the database's own counters when scraped.
class DatabaseCollector final : public prometheus::Collectable {
 public:
  explicit DatabaseCollector(const db::Database& database) : database_(database) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    const auto now = database_.Metrics();
    return {
        Make("asc_db_batches_total", "Transactions committed.", now.batches, true),
        Make("asc_db_write_sets_total", "Write sets committed.", now.write_sets, true),
        Make("asc_db_batches_failed_total", "Transactions that died.", now.batches_failed, true),
        Make("asc_db_write_sets_queued", "Write sets waiting now.", now.queued, false),
        Make("asc_log_lines_dropped_total", "Log lines lost to overrun.", log::Dropped(), true)};
  }

 private:
  static prometheus::MetricFamily Make(const char* name, const char* help, std::int64_t value,
                                       bool counter) {
    prometheus::MetricFamily family;
    family.name = name;
    family.help = help;
    family.type = counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
    auto& metric = family.metric.emplace_back();
    metric.counter.value = static_cast<double>(value);
    metric.gauge.value = static_cast<double>(value);
    return family;
  }

  const db::Database& database_;
};

}  // namespace

struct Metrics::State {
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  prometheus::Family<prometheus::Counter>* calls = nullptr;
  prometheus::Family<prometheus::Histogram>* seconds = nullptr;
  std::shared_ptr<prometheus::Collectable> database;
  std::unique_ptr<prometheus::Exposer> exposer;
};

void MethodMetrics::Observe(absl::StatusCode code, double seconds) {
  const auto index = static_cast<std::size_t>(code);
  if (index < by_code_.size()) by_code_[index]->Increment();
  seconds_->Observe(seconds);
}

Metrics::Metrics(db::Database* database) : state_(std::make_unique<State>()) {
  state_->calls = &prometheus::BuildCounter()
                       .Name("asc_calls_total")
                       .Help("Calls answered, by method and status code.")
                       .Register(*state_->registry);
  state_->seconds = &prometheus::BuildHistogram()
                         .Name("asc_call_seconds")
                         .Help("Time from a call's arrival to its answer.")
                         .Register(*state_->registry);
  if (database != nullptr) state_->database = std::make_shared<DatabaseCollector>(*database);
}

Metrics::~Metrics() = default;

MethodMetrics Metrics::ForMethod(const std::string& method) {
  MethodMetrics metrics;
  for (std::size_t i = 0; i < metrics.by_code_.size(); ++i) {
    metrics.by_code_[i] = &state_->calls->Add({{"method", method}, {"code", kCodes[i]}});
  }
  metrics.seconds_ = &state_->seconds->Add(
      {{"method", method}},
      prometheus::Histogram::BucketBoundaries{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                              0.25, 0.5, 1, 2.5, 5, 10});
  return metrics;
}

int Metrics::Expose(const std::string& listen) {
  // Two threads: one scraper and one person looking.
  state_->exposer = std::make_unique<prometheus::Exposer>(listen, 2);
  state_->exposer->RegisterCollectable(state_->registry);
  if (state_->database) state_->exposer->RegisterCollectable(state_->database);
  const auto ports = state_->exposer->GetListeningPorts();
  return ports.empty() ? 0 : ports.front();
}

}  // namespace asc::rpc
