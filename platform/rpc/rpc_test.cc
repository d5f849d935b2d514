// The adapter, through a real server and a real client in one process.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <future>
#include <set>
#include <thread>

#include "asc/counter/v1/counter.grpc.pb.h"
#include "asc/identity/v1/identity.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "platform/db/database.h"
#include "platform/db/faulty_database.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/server.h"
#include "platform/rpc/status.h"
#include "platform/rpc/testing/counter_service.h"
#include "platform/rpc/validation.h"
#include "platform/testing/databases.h"
#include "platform/testing/refused_fields.h"
#include "platform/testing/status_matchers.h"

namespace asc::rpc {
namespace {

namespace v1 = asc::counter::v1;
using ::asc::testing::FieldsOf;
using ::testing::ElementsAre;

template <class Detail>
Detail DetailOf(const absl::Status& status) {
  Detail detail;
  const auto payload =
      status.GetPayload("type.googleapis.com/" + detail.GetDescriptor()->full_name());
  if (payload.has_value()) detail.ParseFromString(std::string(*payload));
  return detail;
}

class RpcTest : public asc::testing::DatabaseTest {
 protected:
  void Start(AdapterOptions adapter = {.development_identity = true}) {
    faulty_ = std::make_unique<db::FaultyDatabase>(*database_);
    ASSERT_TRUE(faulty_->Migrate(CounterSchema()).ok());
    ServerOptions options{.name = "counter", .adapter = std::move(adapter)};
    auto server = Server::Start(options, faulty_.get(), nullptr, {&NewCounterService});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel("localhost:" + std::to_string(server_->port()),
                                   grpc::InsecureChannelCredentials());
    stub_ = v1::CounterService::NewStub(channel_);
  }

  absl::StatusOr<v1::EchoResponse> Echo(const v1::EchoRequest& request,
                                        const std::map<std::string, std::string>& metadata = {}) {
    grpc::ClientContext context;
    for (const auto& [key, value] : metadata) context.AddMetadata(key, value);
    v1::EchoResponse response;
    const auto status = FromGrpc(stub_->Echo(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  absl::StatusOr<v1::AddToCounterResponse> Add(const v1::AddToCounterRequest& request) {
    grpc::ClientContext context;
    v1::AddToCounterResponse response;
    const auto status = FromGrpc(stub_->AddToCounter(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  std::int64_t Value(const std::string& counter_id) {
    grpc::ClientContext context;
    v1::GetCounterRequest request;
    request.set_authority("north");
    request.set_counter_id(counter_id);
    v1::GetCounterResponse response;
    return stub_->GetCounter(&context, request, &response).ok() ? response.value() : -1;
  }

  static v1::EchoRequest ValidEcho() {
    v1::EchoRequest request;
    request.set_authority("north");
    request.set_text("hello");
    return request;
  }

  static v1::AddToCounterRequest ValidAdd(const std::string& request_id) {
    v1::AddToCounterRequest request;
    request.set_authority("north");
    request.set_request_id(request_id);
    request.set_counter_id("c1");
    request.set_amount(5);
    return request;
  }

  std::unique_ptr<db::FaultyDatabase> faulty_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::CounterService::Stub> stub_;
};

TEST_P(RpcTest, AnswersAPureMethod) {
  Start();
  const auto answer = Echo(ValidEcho());
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->text(), "hello");
  EXPECT_EQ(answer->subject(), "developer");
}

TEST_P(RpcTest, NamesEveryFaultyFieldAtOnce) {
  Start();
  auto request = ValidEcho();
  request.set_authority("North");
  request.set_text("forbidden");
  request.mutable_item()->set_postcode("XX");
  request.add_items()->set_name("ok");
  request.add_items();
  request.set_colour(static_cast<v1::Colour>(7));
  request.set_number(6);
  request.mutable_at()->set_nanos(-1);
  request.add_colours(v1::COLOUR_UNSPECIFIED);
  const auto answer = Echo(request);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(FieldsOf(answer.status()),
              ElementsAre("authority", "item.name", "item.postcode", "items[1].name", "colour",
                          "number", "at", "colours[0]", "text"));
}

TEST_P(RpcTest, NamesAsManyFaultyFieldsAsAnAnswerHolds) {
  Start();
  auto request = ValidEcho();
  for (int i = 0; i < 100; ++i) {
    request.add_colours(v1::COLOUR_UNSPECIFIED);
    request.add_many_colours(v1::COLOUR_UNSPECIFIED);
  }
  const absl::Status status = Echo(request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const auto fields = FieldsOf(status);
  EXPECT_GE(fields.size(), 50u);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).metadata().at("left_out"),
            std::to_string(200 - fields.size()));
}

TEST_P(RpcTest, HoldsWhatIsRequiredAgainstTheWholeNotAgainstAPart) {
  Start();
  v1::EchoRequest request = ValidEcho();
  request.mutable_box()->mutable_item();
  request.mutable_part()->mutable_item();
  EXPECT_THAT(FieldsOf(Echo(request).status()),
              ElementsAre("box.item.name", "box.items", "box.label"));
  // The rest holds of a part too, and what a list holds is whole.
  request.clear_box();
  request.mutable_part()->mutable_item()->set_postcode("XX");
  request.mutable_part()->set_label(" ");
  request.mutable_part()->add_items();
  EXPECT_THAT(FieldsOf(Echo(request).status()),
              ElementsAre("part.item.postcode", "part.items[0].name", "part.label"));

  // An item with a key is a part too; without the key nobody knows of what.
  request.clear_part();
  request.mutable_part()->add_tags()->set_tag_id("a");
  request.mutable_part()->add_tags()->mutable_item()->set_postcode("XX");
  EXPECT_THAT(FieldsOf(Echo(request).status()),
              ElementsAre("part.tags[1].tag_id", "part.tags[1].item.postcode"));

  Violations violations;
  CheckWhole(v1::Box(), "record.box", violations);
  EXPECT_THAT(FieldsOf(violations.ToStatus()),
              ElementsAre("record.box.item", "record.box.items", "record.box.label"));
}

TEST_P(RpcTest, NamesAnItemByItsKeyAndRefusesTwoWithOne) {
  Start();
  v1::EchoRequest request = ValidEcho();
  v1::Box& box = *request.mutable_box();
  box.set_label("l");
  box.mutable_item()->set_name("n");
  box.add_items()->set_name("n");
  box.add_tags()->set_tag_id("a");
  box.add_tags()->set_tag_id("a");
  box.add_tags()->set_tag_id("not/in/a/path");
  box.add_tints()->set_colour(v1::COLOUR_BLUE);
  box.mutable_tints(0)->set_strength(10);
  EXPECT_THAT(
      FieldsOf(Echo(request).status()),
      ElementsAre("box.tags[tag_id=a].text", "box.tags[tag_id=a].text", "box.tags[1].tag_id",
                  "box.tags[2].text", "box.tints[colour=COLOUR_BLUE].strength"));
}

TEST_P(RpcTest, RefusesCallersItCannotTell) {
  Start({.development_identity = false});
  EXPECT_EQ(Echo(ValidEcho()).status().code(), absl::StatusCode::kUnauthenticated);
}

TEST_P(RpcTest, AnswersPublicMethodsWithoutCredentials) {
  Start({.development_identity = false});
  auto stub = asc::identity::v1::IdentityService::NewStub(channel_);
  grpc::ClientContext context;
  asc::identity::v1::GetIdentityResponse response;
  const auto status = stub->GetIdentity(&context, {}, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.name(), "counter");
  EXPECT_THAT(response.services(),
              ElementsAre("asc.counter.v1.CounterService", "asc.events.v1.EventsService",
                          "asc.identity.v1.IdentityService"));
}

TEST_P(RpcTest, RefusesACallerWithoutThePermission) {
  Start();
  const auto answer = Echo(
      ValidEcho(),
      {{"asc-subject", "anne"}, {"asc-authorities", "north"}, {"asc-permissions", "counter.add"}});
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(answer.status()).reason(), "PERMISSION_MISSING");
}

TEST_P(RpcTest, RefusesACallerOfAnotherAuthority) {
  Start();
  const auto answer = Echo(ValidEcho(), {{"asc-subject", "anne"},
                                         {"asc-authorities", "south, east"},
                                         {"asc-permissions", "counter.read"}});
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(answer.status()).reason(), "AUTHORITY_DENIED");
}

TEST_P(RpcTest, GivesARepeatTheFirstAnswer) {
  Start();
  const auto first = Add(ValidAdd("request-1"));
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(Add(ValidAdd("request-2")).ok());
  const auto repeat = Add(ValidAdd("request-1"));
  ASSERT_TRUE(repeat.ok()) << repeat.status();
  EXPECT_EQ(first->SerializeAsString(), repeat->SerializeAsString());
  EXPECT_EQ(Value("c1"), 10);
}

TEST_P(RpcTest, RefusesAnotherRequestUnderAUsedId) {
  Start();
  ASSERT_TRUE(Add(ValidAdd("request-1")).ok());
  auto other = ValidAdd("request-1");
  other.set_amount(6);
  const auto answer = Add(other);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(answer.status()).reason(), "REQUEST_ID_REUSED");
  EXPECT_EQ(Value("c1"), 5);
}

TEST_P(RpcTest, GivesARepeatItsAnswerAlthoughItsEtagIsStaleByNow) {
  Start();
  ASSERT_TRUE(Add(ValidAdd("request-1")).ok());
  auto request = ValidAdd("request-2");
  request.set_etag(EtagOf(1));
  const auto first = Add(request);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto repeat = Add(request);
  ASSERT_TRUE(repeat.ok()) << repeat.status();
  EXPECT_EQ(repeat->version(), 2);
}

TEST_P(RpcTest, AnswersAStaleEtagWithTheCurrentOne) {
  Start();
  ASSERT_TRUE(Add(ValidAdd("request-1")).ok());
  ASSERT_TRUE(Add(ValidAdd("request-2")).ok());
  auto request = ValidAdd("request-3");
  request.set_etag(EtagOf(1));
  const auto answer = Add(request);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(answer.status()).metadata().at("current_etag"),
            EtagOf(2));
}

TEST_P(RpcTest, WritesNothingWhenOnlyValidating) {
  Start();
  auto request = ValidAdd("request-1");
  request.set_validate_only(true);
  ASSERT_TRUE(Add(request).ok());
  EXPECT_EQ(Value("c1"), -1);
  request.set_validate_only(false);
  EXPECT_TRUE(Add(request).ok());
}

TEST_P(RpcTest, WritesNothingThatCouldNotBeReadAgain) {
  Start();
  auto request = ValidAdd("request-1");
  request.set_padding_bytes(1 << 20);
  const auto answer = Add(request);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(answer.status()).reason(), "RECORD_TOO_LARGE");
  EXPECT_EQ(Value("c1"), -1);
}

TEST_P(RpcTest, DoesAHundredEqualRequestsAtOnceOnce) {
  Start();
  std::vector<std::future<absl::StatusOr<v1::AddToCounterResponse>>> answers;
  for (int i = 0; i < 100; ++i) {
    answers.push_back(
        std::async(std::launch::async, [this] { return Add(ValidAdd("the-same-request")); }));
  }
  std::set<std::string> different;
  for (auto& future : answers) {
    const auto answer = future.get();
    ASSERT_TRUE(answer.ok()) << answer.status();
    different.insert(answer->SerializeAsString());
  }
  EXPECT_EQ(different.size(), 1U);
  EXPECT_EQ(Value("c1"), 5);
}

TEST_P(RpcTest, LosesNoUpdateAmongConcurrentWriters) {
  Start();
  constexpr int kWriters = 8;
  constexpr int kEach = 25;
  std::vector<std::thread> threads;
  std::atomic<int> added{0};
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      for (int i = 0; i < kEach; ++i) {
        auto request = ValidAdd("writer-" + std::to_string(writer) + "-" + std::to_string(i));
        request.set_amount(1);
        // ABORTED says: repeat the same call.
        for (int attempt = 0; attempt < 100; ++attempt) {
          const auto answer = Add(request);
          if (answer.ok()) {
            ++added;
            break;
          }
          ASSERT_EQ(answer.status().code(), absl::StatusCode::kAborted) << answer.status();
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(added.load(), kWriters * kEach);
  EXPECT_EQ(Value("c1"), kWriters * kEach);
}

// What a lost connection or a lost race does to a write, and that its effect happens once.
struct Fault {
  db::WriteOutcome outcome;
  db::FaultyDatabase::When when;
};

TEST_P(RpcTest, WritesOnceWhateverBecomesOfTheFirstAttempt) {
  Start();
  const Fault faults[] = {{db::WriteOutcome::kConflict, db::FaultyDatabase::When::kBefore},
                          {db::WriteOutcome::kStale, db::FaultyDatabase::When::kBefore},
                          {db::WriteOutcome::kDuplicate, db::FaultyDatabase::When::kBefore},
                          {db::WriteOutcome::kUnknown, db::FaultyDatabase::When::kBefore},
                          {db::WriteOutcome::kUnknown, db::FaultyDatabase::When::kAfter}};
  std::int64_t expected = 0;
  for (const Fault& fault : faults) {
    const std::int64_t before = database_->Metrics().write_sets;
    faulty_->FailWrite(1, fault.outcome, fault.when);
    expected += 5;
    const auto answer = Add(ValidAdd("request-" + std::to_string(expected)));
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->value(), expected);
    EXPECT_EQ(Value("c1"), expected);
    EXPECT_EQ(database_->Metrics().write_sets, before + 1);
  }
}

TEST_P(RpcTest, SaysUnavailableWhenTheDatabaseRefusesAndWritesNothing) {
  Start();
  faulty_->FailWrite(1, db::WriteOutcome::kUnavailable, db::FaultyDatabase::When::kBefore);
  const auto answer = Add(ValidAdd("request-1"));
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Value("c1"), -1);
  EXPECT_TRUE(Add(ValidAdd("request-1")).ok());
}

TEST_P(RpcTest, ReadsAgainWhenAConnectionWasLost) {
  Start();
  ASSERT_TRUE(Add(ValidAdd("request-1")).ok());
  faulty_->FailQuery(1);
  EXPECT_EQ(Value("c1"), 5);
}

TEST_P(RpcTest, RefusesACallWhoseDeadlineHasPassed) {
  Start();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  v1::EchoResponse response;
  EXPECT_EQ(stub_->Echo(&context, ValidEcho(), &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_P(RpcTest, StopsWithoutLosingAcceptedCalls) {
  Start();
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 50; ++j) {
        if (Add(ValidAdd("stop-" + std::to_string(i) + "-" + std::to_string(j))).ok()) ++answered;
      }
    });
  }
  while (answered.load() < 20) std::this_thread::yield();
  server_->Stop();
  for (auto& thread : threads) thread.join();
  auto reader = database_->Read();
  ASSERT_TRUE(reader.ok());
  const auto rows = (*reader)->Query("SELECT value FROM counter", {});
  ASSERT_TRUE(rows.ok());
  EXPECT_GE(rows->front().Whole(0), 5 * answered.load());
}

INSTANTIATE_TEST_SUITE_P(Databases, RpcTest, asc::testing::AllDatabases(),
                         asc::testing::DatabaseName);

}  // namespace
}  // namespace asc::rpc
