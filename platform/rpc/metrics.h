// What Prometheus may scrape: calls by method and code, their times, and the database's counters.

#ifndef ASC_PLATFORM_RPC_METRICS_H_
#define ASC_PLATFORM_RPC_METRICS_H_

#include <array>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "platform/db/database.h"

namespace prometheus {
class Collectable;
class Counter;
class Histogram;
class Registry;
template <class T>
class Family;
}  // namespace prometheus

namespace asc::rpc {

// The series of one method.
class MethodMetrics {
 public:
  void Observe(absl::StatusCode code, double seconds);

 private:
  friend class Metrics;
  std::array<prometheus::Counter*, 17> by_code_{};
  prometheus::Histogram* seconds_ = nullptr;
};

class Metrics {
 public:
  explicit Metrics(db::Database* database);
  ~Metrics();
  MethodMetrics ForMethod(const std::string& method);
  // Listens on "host:port" for GET /metrics; the port that was taken.
  int Expose(const std::string& listen);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_METRICS_H_
