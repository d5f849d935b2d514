// Watch: nobody misses, repeats or reorders an event, whatever the order of commits.

#include "platform/rpc/watch.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "asc/counter/v1/counter.grpc.pb.h"
#include "asc/events/v1/events.grpc.pb.h"
#include "platform/db/database.h"
#include "platform/db/event_attributes.h"
#include "platform/rpc/server.h"
#include "platform/rpc/testing/counter_service.h"
#include "platform/testing/databases.h"

namespace asc::rpc {
namespace {

namespace v1 = asc::events::v1;

std::unique_ptr<db::Database> MemoryDatabase() {
  auto database = db::Open("sqlite::memory:");
  EXPECT_TRUE(database.ok()) << database.status();
  return *std::move(database);
}

// Puts an event of any writer into the table, as a lane of another process would.
void PutEvent(db::Database& database, const std::string& writer, std::int64_t sequence,
              const std::string& record_id, std::int64_t version) {
  const auto written = database.WriteAndWait(db::WriteSet().Insert(
      "INSERT INTO event (authority, writer, sequence, record_type, record_id, record_version,"
      " type, occurred_at, request_id, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {std::string("north"), writer, sequence, std::string("counter"), record_id, version,
       std::string("counter.added"), std::int64_t{1}, std::string(),
       db::EncodeEventAttributes({})}));
  ASSERT_TRUE(written.committed()) << written.message;
}

void PutWriter(db::Database& database, const std::string& writer) {
  ASSERT_TRUE(
      database
          .WriteAndWait(db::WriteSet().Insert(
              "INSERT INTO writer (writer, started_at) VALUES (?, ?)", {writer, std::int64_t{1}}))
          .committed());
}

std::vector<std::string> Read(db::Database& database, Cursor& cursor, std::size_t limit,
                              bool* caught_up = nullptr) {
  auto reader = database.Snapshot();
  EXPECT_TRUE(reader.ok()) << reader.status();
  const auto page = ReadEvents(**reader, "north", cursor, limit);
  EXPECT_TRUE(page.ok()) << page.status();
  if (caught_up != nullptr) *caught_up = page->caught_up;
  std::vector<std::string> seen;
  for (const auto& event : page->events) {
    seen.push_back(event.record_id() + "/" + std::to_string(event.record_version()));
  }
  return seen;
}

TEST(ReadEvents, HoldsAnEventBackUntilItsPredecessorIsDelivered) {
  const auto database = MemoryDatabase();
  PutWriter(*database, "a");
  PutWriter(*database, "b");
  // Writer "a" wrote versions 2 and 4, "b" wrote 1 and 3.
  PutEvent(*database, "b", 1, "r", 1);
  PutEvent(*database, "a", 1, "r", 2);
  PutEvent(*database, "b", 2, "r", 3);
  PutEvent(*database, "a", 2, "r", 4);
  Cursor cursor;
  bool caught_up = false;
  EXPECT_EQ(Read(*database, cursor, 10, &caught_up),
            (std::vector<std::string>{"r/1", "r/2", "r/3", "r/4"}));
  EXPECT_TRUE(caught_up);
}

TEST(ReadEvents, KeepsTheOrderAlthoughPagesAreSmall) {
  const auto database = MemoryDatabase();
  PutWriter(*database, "a");
  PutWriter(*database, "b");
  for (int i = 1; i <= 10; ++i) PutEvent(*database, "b", i, "other" + std::to_string(i), 1);
  PutEvent(*database, "b", 11, "r", 1);
  PutEvent(*database, "a", 1, "r", 2);
  Cursor cursor;
  std::vector<std::string> all;
  bool caught_up = false;
  while (!caught_up) {
    for (auto& event : Read(*database, cursor, 2, &caught_up)) all.push_back(std::move(event));
  }
  ASSERT_EQ(all.size(), 12U);
  EXPECT_EQ(all[10], "r/1");
  EXPECT_EQ(all[11], "r/2");
}

TEST(Cursor, ComesBackAsItWas) {
  const Cursor cursor = {{"a", 5}, {"b", 7}};
  const auto decoded = DecodeCursor(EncodeCursor(cursor));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, cursor);
  EXPECT_FALSE(DecodeCursor("nonsense").ok());
  EXPECT_FALSE(DecodeCursor(EncodeCursor(cursor) + "c x\n").ok());
}

class WatchTest : public asc::testing::DatabaseTest {
 protected:
  void SetUp() override {
    OpenDatabase({});
    if (database_ == nullptr) return;
    ASSERT_TRUE(database_->Migrate(CounterSchema()).ok());
    ServerOptions options{.name = "counter", .adapter = {.development_identity = true}};
    auto server = Server::Start(options, database_.get(), nullptr, {&NewCounterService});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel("localhost:" + std::to_string(server_->port()),
                                   grpc::InsecureChannelCredentials());
    counter_ = asc::counter::v1::CounterService::NewStub(channel_);
    events_ = v1::EventsService::NewStub(channel_);
  }

  void Add(const std::string& counter_id, const std::string& request_id) {
    asc::counter::v1::AddToCounterRequest request;
    request.set_authority("north");
    request.set_request_id(request_id);
    request.set_counter_id(counter_id);
    request.set_amount(1);
    for (int attempt = 0; attempt < 100; ++attempt) {
      grpc::ClientContext context;
      asc::counter::v1::AddToCounterResponse response;
      const auto status = counter_->AddToCounter(&context, request, &response);
      if (status.ok()) return;
      ASSERT_EQ(status.error_code(), grpc::StatusCode::ABORTED) << status.error_message();
    }
    FAIL() << "never succeeded";
  }

  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<asc::counter::v1::CounterService::Stub> counter_;
  std::unique_ptr<v1::EventsService::Stub> events_;
};

// Goes through a stream until `expected` events have come; checks the order per record.
void WatchAll(v1::EventsService::Stub& stub, int expected, bool resume_often) {
  std::map<std::string, std::int64_t> versions;
  std::string cursor;
  int seen = 0;
  while (seen < expected) {
    grpc::ClientContext context;
    v1::WatchRequest request;
    request.set_authority("north");
    request.set_cursor(cursor);
    auto stream = stub.Watch(&context, request);
    v1::WatchResponse response;
    int answers = 0;
    while (seen < expected && stream->Read(&response)) {
      cursor = response.cursor();
      for (const auto& event : response.events()) {
        EXPECT_EQ(event.record_version(), versions[event.record_id()] + 1) << event.record_id();
        versions[event.record_id()] = event.record_version();
        ++seen;
      }
      if (resume_often && ++answers == 3) break;
    }
    context.TryCancel();
  }
  EXPECT_EQ(seen, expected);
}

TEST_P(WatchTest, NoWatcherMissesOrReordersWhatConcurrentWritersCommit) {
  constexpr int kWriters = 6;
  constexpr int kEach = 40;
  std::thread steady([this] { WatchAll(*events_, kWriters * kEach, false); });
  std::thread resuming([this] { WatchAll(*events_, kWriters * kEach, true); });
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([this, writer] {
      for (int i = 0; i < kEach; ++i) {
        Add("c" + std::to_string(i % 3),
            "writer-" + std::to_string(writer) + "-" + std::to_string(i));
      }
    });
  }
  for (auto& writer : writers) writer.join();
  steady.join();
  resuming.join();
}

TEST_P(WatchTest, EndsWhenCaughtUpAndAsked) {
  Add("c1", "request-1");
  grpc::ClientContext context;
  v1::WatchRequest request;
  request.set_authority("north");
  request.set_until_caught_up(true);
  auto stream = events_->Watch(&context, request);
  v1::WatchResponse response;
  int events = 0;
  while (stream->Read(&response)) events += response.events_size();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(events, 1);
  EXPECT_FALSE(response.cursor().empty());
}

TEST_P(WatchTest, ShowsNothingOfAnotherAuthority) {
  Add("c1", "request-1");
  grpc::ClientContext context;
  v1::WatchRequest request;
  request.set_authority("south");
  request.set_until_caught_up(true);
  auto stream = events_->Watch(&context, request);
  v1::WatchResponse response;
  while (stream->Read(&response)) EXPECT_EQ(response.events_size(), 0);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_P(WatchTest, RefusesACursorItDidNotMake) {
  grpc::ClientContext context;
  v1::WatchRequest request;
  request.set_authority("north");
  request.set_cursor("nonsense");
  auto stream = events_->Watch(&context, request);
  v1::WatchResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_P(WatchTest, EndsOpenStreamsWhenTheServerStops) {
  grpc::ClientContext context;
  v1::WatchRequest request;
  request.set_authority("north");
  Add("c1", "request-1");
  auto stream = events_->Watch(&context, request);
  v1::WatchResponse response;
  // Only a stream that the server has taken is ended by it; one that arrives while the port closes
  // is cancelled by the library.
  ASSERT_TRUE(stream->Read(&response));
  std::thread stop([this] { server_->Stop(); });
  while (stream->Read(&response)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  stop.join();
}

INSTANTIATE_TEST_SUITE_P(Databases, WatchTest, asc::testing::AllDatabases(),
                         asc::testing::DatabaseName);

}  // namespace
}  // namespace asc::rpc
