// asc.events.v1: streams committed events to watchers, for every server alike.

#ifndef ASC_PLATFORM_RPC_WATCH_H_
#define ASC_PLATFORM_RPC_WATCH_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/events/v1/events.pb.h"
#include "platform/db/database.h"

namespace grpc {
class Service;
}

namespace asc::rpc {

class Adapter;

// How far a watcher has come: per writer, the last sequence received.
using Cursor = std::map<std::string, std::int64_t>;

std::string EncodeCursor(const Cursor& cursor);
// INVALID_ARGUMENT (field `cursor`): not made here.
absl::StatusOr<Cursor> DecodeCursor(const std::string& bytes);

// Events read in one step, and the cursor behind them.
struct EventPage {
  std::vector<asc::events::v1::Event> events;
  // False when more was committed than fitted, or an event waits for its predecessor.
  bool caught_up = false;
};

// The next events of `authority` after `cursor`, at most `limit`, and moves the cursor behind them.
// `reader` must be a snapshot: a version is visible only if the one before it is, so an event whose
// predecessor has not been delivered yet is held back, and the events of a record come in order
// although its versions may be committed by different writers.
absl::StatusOr<EventPage> ReadEvents(db::Reader& reader, const std::string& authority,
                                     Cursor& cursor, std::size_t limit);

// The service, and the thread that wakes its watchers: at once after a commit through `adapter`,
// and every 250 ms for what other replicas commit.
class WatchService {
 public:
  explicit WatchService(Adapter& adapter);
  ~WatchService();
  grpc::Service* service();
  // Something was committed.
  void Notify();
  // Ends every stream with UNAVAILABLE, so that watchers resume elsewhere.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_WATCH_H_
