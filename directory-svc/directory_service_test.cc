// The service through a real server and a real client in one process, on every database.

#include "directory-svc/directory_service.h"

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "asc/directory/v1/directory.grpc.pb.h"
#include "directory-svc/directory_store.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/rpc/error_details.pb.h"
#include "platform/facts/tri_state.h"
#include "platform/rpc/server.h"
#include "platform/rpc/status.h"
#include "platform/testing/databases.h"
#include "platform/testing/refused_fields.h"
#include "platform/testing/status_matchers.h"

namespace asc::directory {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;

using ::asc::testing::AllDatabases;
using ::asc::testing::DatabaseName;
using ::asc::testing::FieldsOf;
using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;
using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using Stub = v1::DirectoryService::Stub;

constexpr std::int64_t kNowSeconds = 1767607200;
constexpr std::int64_t kDay = 86400;

class DirectoryServiceTest : public ::asc::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_THAT(database().Migrate(DirectorySchema()), IsOk());
    auto policies = LoadPolicies("directory-svc/policy");
    ASSERT_THAT(policies, IsOk());
    policies_ = *std::move(policies);
    ASSERT_THAT(policies_->Archive(database()), IsOk());
    auto directory = LoadDirectory("directory-svc/data", *policies_);
    ASSERT_THAT(directory, IsOk());
    directory_ = *std::move(directory);
    rpc::ServerOptions options{.name = "directory-svc"};
    options.adapter.development_identity = true;
    options.adapter.now = [] { return absl::FromUnixSeconds(kNowSeconds); };
    auto server = rpc::Server::Start(
        options, &database(), policies_.get(),
        {[this](rpc::Adapter& adapter) { return NewDirectoryService(*directory_, adapter); }});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    stub_ = v1::DirectoryService::NewStub(grpc::CreateChannel(
        "localhost:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }

  template <class Request, class Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
    grpc::ClientContext context;
    Response response;
    const absl::Status status = rpc::FromGrpc(((*stub_).*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  absl::StatusOr<v1::SearchServicesResponse> Search(const v1::SearchServicesRequest& request) {
    return Call(&Stub::SearchServices, request);
  }
  absl::StatusOr<v1::RecordAdviceGivenResponse> Record(const v1::RecordAdviceGivenRequest& r) {
    return Call(&Stub::RecordAdviceGiven, r);
  }
  absl::StatusOr<v1::GetAdviceResponse> Get(const std::string& authority, const std::string& id) {
    v1::GetAdviceRequest request;
    request.set_authority(authority);
    request.set_advice_id(id);
    return Call(&Stub::GetAdvice, request);
  }
  std::vector<std::string> Due(std::int64_t until_seconds) {
    v1::ListDueRequest request;
    request.set_authority("rotherham");
    request.mutable_due_until()->set_seconds(until_seconds);
    const auto due = Call(&Stub::ListDue, request);
    std::vector<std::string> ids;
    EXPECT_THAT(due, IsOk());
    for (const auto& item : due->items()) ids.push_back(item.record_id());
    return ids;
  }

  std::unique_ptr<policy::PolicySet> policies_;
  std::unique_ptr<Directory> directory_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

v1::SearchServicesRequest SearchFor(const std::string& authority, const std::string& words) {
  v1::SearchServicesRequest request;
  request.set_authority(authority);
  request.set_words(words);
  return request;
}

v1::RecordAdviceGivenRequest ValidAdvice(const std::string& request_id) {
  v1::RecordAdviceGivenRequest request;
  request.set_authority("rotherham");
  request.set_request_id(request_id);
  request.mutable_person()->set_person_id("person-1");
  request.mutable_person()->set_full_name("Edna Marsh");
  v1::AdviceContent& content = *request.mutable_content();
  content.mutable_given_at()->set_seconds(kNowSeconds - 60);
  content.set_advice("told of the credit union");
  content.add_service_ids("rotherham-laser-credit-union");
  content.set_accessible(ANSWER_YES);
  v1::FollowUpPlan& plan = *request.mutable_follow_up();
  plan.mutable_due_at()->set_seconds(kNowSeconds + kDay);
  plan.set_by("duty team");
  plan.set_risk(v1::FOLLOW_UP_RISK_LOW);
  plan.set_agreed(ANSWER_YES);
  return request;
}

TEST_P(DirectoryServiceTest, FindsEntriesWithCaveatsQuestionsAndReasons) {
  const auto found = Search(SearchFor("rotherham", "talking therapies"));
  ASSERT_THAT(found, IsOk());
  ASSERT_GE(found->hits_size(), 1);
  const v1::Hit& hit = found->hits(0);
  EXPECT_EQ(hit.service().content().name(), "NHS Rotherham Talking Therapies");
  EXPECT_EQ(hit.service().content().caveats(0).kind(), v1::CAVEAT_KIND_NOT_WALK_IN);
  EXPECT_EQ(hit.eligible(), ANSWER_UNKNOWN);
  EXPECT_EQ(hit.questions_size(), 2);
  EXPECT_EQ(found->source(), v1::DIRECTORY_SOURCE_ENTRIES);
  EXPECT_EQ(found->reasons_size(), 3);
  EXPECT_EQ(found->policy_version().authority(), "rotherham");
}

TEST_P(DirectoryServiceTest, PointsElsewhereWhereTheDirectoryIsKept) {
  const auto found = Search(SearchFor("milton-keynes", ""));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->source(), v1::DIRECTORY_SOURCE_EXTERNAL_LINK);
  ASSERT_EQ(found->elsewhere_size(), 1);
  const auto standard = Search(SearchFor("standard", ""));
  ASSERT_THAT(standard, IsOk());
  EXPECT_EQ(standard->source(), v1::DIRECTORY_SOURCE_EMPTY);
  EXPECT_EQ(standard->hits_size(), 1);
}

TEST_P(DirectoryServiceTest, GivesTwentyHitsAtFirstAndTheRestOnFurtherPages) {
  auto request = SearchFor("rotherham", "");
  const auto first = Search(request);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->hits_size(), 20);
  request.set_page_token(first->next_page_token());
  const auto second = Search(request);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->hits_size(), 12);
  EXPECT_EQ(second->next_page_token(), "");
  request.set_words("other");
  EXPECT_THAT(Search(request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_P(DirectoryServiceTest, RefusesWhatItCannotHonour) {
  auto request = SearchFor("rotherham", "");
  request.set_proximity_metres(500);
  request.mutable_circumstances()->set_age(131);
  const auto found = Search(request);
  EXPECT_THAT(found, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FieldsOf(found.status()),
              UnorderedElementsAre("proximity_metres", "circumstances.age"));
}

TEST_P(DirectoryServiceTest, ReadsAndListsEntriesOfTheAuthorityOnly) {
  v1::GetServiceRequest request;
  request.set_authority("wakefield");
  request.set_service_id("wakefield-carers");
  const auto service = Call(&Stub::GetService, request);
  ASSERT_THAT(service, IsOk());
  EXPECT_EQ(service->service().owner(), "wakefield");
  request.set_authority("rotherham");
  EXPECT_THAT(Call(&Stub::GetService, request), StatusIs(absl::StatusCode::kNotFound));
  v1::ListServicesRequest list;
  list.set_authority("wakefield");
  list.set_owner("national");
  const auto services = Call(&Stub::ListServices, list);
  ASSERT_THAT(services, IsOk());
  EXPECT_EQ(services->services_size(), 1);
}

TEST_P(DirectoryServiceTest, ListsTheToolsOfTheProcedureWithTheirCaveats) {
  v1::ListGuidanceRequest request;
  request.set_authority("hillingdon-carers");
  const auto guidance = Call(&Stub::ListGuidance, request);
  ASSERT_THAT(guidance, IsOk());
  int caveats = 0;
  for (const auto& item : guidance->guidance()) caveats += item.caveat().empty() ? 0 : 1;
  EXPECT_EQ(guidance->guidance_size(), 14);
  EXPECT_EQ(caveats, 1);
}

TEST_P(DirectoryServiceTest, SaysHowAdviceIsMadeAccessible) {
  v1::CheckAccessRequest request;
  request.set_authority("standard");
  request.mutable_facts()->set_needs_support(ANSWER_YES);
  const auto checked = Call(&Stub::CheckAccess, request);
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->decision().steps(0), v1::ACCESS_STEP_ASK_THE_PERSON);
  EXPECT_EQ(checked->decision().decided_at().seconds(), kNowSeconds);
  request.mutable_facts()->set_needs_support(ANSWER_NO);
  request.mutable_facts()->add_needs(v1::ACCESS_NEED_AUDIO);
  EXPECT_THAT(FieldsOf(Call(&Stub::CheckAccess, request).status()),
              ElementsAre("facts.needs_support"));
}

TEST_P(DirectoryServiceTest, RecordsAdviceWithWhatTheEntriesSaidAndAFollowUp) {
  const auto recorded = Record(ValidAdvice("request-1"));
  ASSERT_THAT(recorded, IsOk());
  const v1::Advice& advice = recorded->advice();
  EXPECT_EQ(advice.state(), v1::ADVICE_STATE_FOLLOW_UP_DUE);
  ASSERT_EQ(advice.services_size(), 1);
  EXPECT_EQ(advice.services(0).content().name(), "LASER Credit Union");
  EXPECT_EQ(advice.follow_up().by(), "duty team");
  EXPECT_EQ(recorded->questions_size(), 0);
  const auto read = Get("rotherham", advice.advice_id());
  ASSERT_THAT(read, IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(read->advice(), advice));
  EXPECT_THAT(Get("wakefield", advice.advice_id()), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Due(kNowSeconds + kDay), ElementsAre(advice.advice_id()));
  EXPECT_THAT(Due(kNowSeconds + kDay - 1), ElementsAre());
}

TEST_P(DirectoryServiceTest, GivesARepeatTheFirstAnswerAndRefusesAnother) {
  auto request = ValidAdvice("request-1");
  const auto first = Record(request);
  const auto again = Record(request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(*first, *again));
  request.mutable_content()->set_advice("something else");
  EXPECT_THAT(Record(request), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_P(DirectoryServiceTest, KeepsNothingOfWhatIsOnlyValidated) {
  auto request = ValidAdvice("request-1");
  request.set_validate_only(true);
  const auto checked = Record(request);
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->advice().advice_id(), "");
  EXPECT_THAT(Due(kNowSeconds + 10 * kDay), ElementsAre());
}

TEST_P(DirectoryServiceTest, NamesEveryContradictionAtOnce) {
  auto request = ValidAdvice("request-1");
  request.mutable_content()->mutable_given_at()->set_seconds(kNowSeconds + kDay);
  request.mutable_follow_up()->mutable_due_at()->set_seconds(kNowSeconds);
  request.mutable_follow_up()->set_declined(ANSWER_YES);
  EXPECT_THAT(FieldsOf(Record(request).status()),
              UnorderedElementsAre("content.given_at", "follow_up.due_at", "follow_up.declined"));
  request = ValidAdvice("request-2");
  request.mutable_content()->add_service_ids("wakefield-carers");
  EXPECT_THAT(FieldsOf(Record(request).status()), ElementsAre("content.service_ids[1]"));
}

TEST_P(DirectoryServiceTest, FollowsUpUntilItIsKnownWhetherTheAdviceHelped) {
  const auto recorded = Record(ValidAdvice("request-1"));
  ASSERT_THAT(recorded, IsOk());
  v1::RecordFollowUpRequest request;
  request.set_authority("rotherham");
  request.set_request_id("follow-up-1");
  request.set_advice_id(recorded->advice().advice_id());
  request.set_etag(recorded->advice().etag());
  request.mutable_follow_up()->mutable_held_at()->set_seconds(kNowSeconds);
  request.mutable_follow_up()->set_reached(ANSWER_NO);
  const auto missed = Call(&Stub::RecordFollowUp, request);
  ASSERT_THAT(missed, IsOk());
  EXPECT_EQ(missed->advice().follow_up().due_at().seconds(), kNowSeconds + 28 * kDay);
  EXPECT_EQ(missed->questions_size(), 1);

  request.set_request_id("follow-up-2");
  request.mutable_follow_up()->set_reached(ANSWER_YES);
  request.mutable_follow_up()->set_effective(ANSWER_YES);
  EXPECT_THAT(Call(&Stub::RecordFollowUp, request), StatusIs(absl::StatusCode::kAborted));
  request.set_etag(missed->advice().etag());
  const auto reached = Call(&Stub::RecordFollowUp, request);
  ASSERT_THAT(reached, IsOk());
  EXPECT_EQ(reached->advice().state(), v1::ADVICE_STATE_EFFECTIVE);
  EXPECT_EQ(reached->advice().follow_ups_size(), 2);
  EXPECT_THAT(Due(kNowSeconds + 365 * kDay), ElementsAre());

  request.set_request_id("follow-up-3");
  request.set_etag(reached->advice().etag());
  EXPECT_THAT(Call(&Stub::RecordFollowUp, request),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_P(DirectoryServiceTest, MovesAFollowUpLaterOnlyWithAReason) {
  const auto recorded = Record(ValidAdvice("request-1"));
  ASSERT_THAT(recorded, IsOk());
  v1::RescheduleFollowUpRequest request;
  request.set_authority("rotherham");
  request.set_request_id("move-1-0");
  request.set_advice_id(recorded->advice().advice_id());
  request.set_etag(recorded->advice().etag());
  request.mutable_due_at()->set_seconds(kNowSeconds + 2 * kDay);
  EXPECT_THAT(FieldsOf(Call(&Stub::RescheduleFollowUp, request).status()), ElementsAre("reason"));
  request.set_reason("the person is away");
  request.set_by("the evening team");
  const auto moved = Call(&Stub::RescheduleFollowUp, request);
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->advice().follow_up().due_at().seconds(), kNowSeconds + 2 * kDay);
  EXPECT_EQ(moved->advice().follow_up().by(), "the evening team");
  EXPECT_EQ(moved->advice().version(), 2);
}

TEST_P(DirectoryServiceTest, ListsAdviceOfAPerson) {
  const auto recorded = Record(ValidAdvice("request-1"));
  ASSERT_THAT(recorded, IsOk());
  v1::ListAdviceRequest request;
  request.set_authority("rotherham");
  request.set_person_id("person-1");
  const auto listed = Call(&Stub::ListAdvice, request);
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->advice_size(), 1);
  EXPECT_EQ(listed->advice(0).advice_id(), recorded->advice().advice_id());
  request.set_person_id("person-2");
  EXPECT_EQ(Call(&Stub::ListAdvice, request)->advice_size(), 0);
}

TEST_P(DirectoryServiceTest, SaysWhatItDoesNotServe) {
  v1::GetOrukMetadataRequest request;
  request.set_authority("rotherham");
  EXPECT_THAT(Call(&Stub::GetOrukMetadata, request), StatusIs(absl::StatusCode::kUnimplemented));
}

INSTANTIATE_TEST_SUITE_P(Databases, DirectoryServiceTest, AllDatabases(), DatabaseName);

}  // namespace
}  // namespace asc::directory
