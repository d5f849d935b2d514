// The cases of asc.events.v1, which every service has to meet.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "asc/events/v1/events.grpc.pb.h"
#include "tests/conformance/records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

namespace v1 = asc::events::v1;

struct Watched {
  std::vector<v1::Event> events;
  std::string cursor;
};

// Everything committed after `cursor`, until the stream has caught up.
Watched WatchFrom(const std::string& cursor) {
  const auto stub = v1::EventsService::NewStub(TheSubject().channel);
  v1::WatchRequest request;
  request.set_authority(TheSubject().authority);
  request.set_cursor(cursor);
  request.set_until_caught_up(true);
  const auto context = NewStreamContext();
  const auto stream = stub->Watch(context.get(), request);
  Watched watched;
  watched.cursor = cursor;
  v1::WatchResponse response;
  while (stream->Read(&response)) {
    EXPECT_LE(response.events_size(), 200);
    watched.events.insert(watched.events.end(), response.events().begin(), response.events().end());
    watched.cursor = response.cursor();
  }
  const grpc::Status status = stream->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return watched;
}

int CountOf(const Watched& watched, const std::string& record_id) {
  int count = 0;
  for (const auto& event : watched.events) {
    if (event.record_id() == record_id && event.record_version() == 1) ++count;
  }
  return count;
}

// [events.watch.complete]
TEST(EventsWatchComplete, DeliversEveryCommittedEventOnce) {
  const std::string before = WatchFrom("").cursor;
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(MakeRecord());

  const Watched watched = WatchFrom(before);

  for (const std::string& id : ids) EXPECT_EQ(CountOf(watched, id), 1) << id;
  std::map<std::pair<std::string, std::int64_t>, int> keys;
  for (const auto& event : watched.events) ++keys[{event.writer(), event.sequence()}];
  for (const auto& [key, count] : keys) EXPECT_EQ(count, 1) << key.first << " " << key.second;
}

// [events.watch.order]
TEST(EventsWatchOrder, GivesTheVersionsOfARecordWithoutGapInTheirOrder) {
  const std::string before = WatchFrom("").cursor;
  const std::string id = MakeRecordOfSeveralVersions();

  const Watched watched = WatchFrom(before);

  std::int64_t version = 0;
  for (const auto& event : watched.events) {
    if (event.record_id() != id) continue;
    EXPECT_EQ(event.record_version(), version + 1) << event.ShortDebugString();
    version = event.record_version();
  }
  EXPECT_GE(version, 2);
}

// [events.watch.resume]
TEST(EventsWatchResume, ContinuesAfterTheCursor) {
  const std::string start = WatchFrom("").cursor;
  const std::string first = MakeRecord();
  const Watched until_first = WatchFrom(start);
  const std::string second = MakeRecord();

  const Watched resumed = WatchFrom(until_first.cursor);

  EXPECT_EQ(CountOf(until_first, first), 1);
  EXPECT_EQ(CountOf(resumed, first), 0);
  EXPECT_EQ(CountOf(resumed, second), 1);
}

}  // namespace
}  // namespace asc::conformance
