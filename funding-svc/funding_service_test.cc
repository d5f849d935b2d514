// The service through a real server and a real client in one process, on SQLite in memory.

#include "funding-svc/funding_service.h"

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "asc/funding/v1/funding.grpc.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/rpc/error_details.pb.h"
#include "platform/rpc/server.h"
#include "platform/rpc/status.h"
#include "platform/testing/refused_fields.h"
#include "platform/testing/status_matchers.h"

namespace asc::funding {
namespace {

using ::asc::testing::FieldsOf;
using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;
using google::protobuf::util::MessageDifferencer;
using ::testing::UnorderedElementsAre;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

const absl::Time kNow = absl::FromUnixSeconds(1767607200);

v1::OpenFundingRequestRequest ValidRequest(const std::string& request_id,
                                           const std::string& authority = "rotherham") {
  v1::OpenFundingRequestRequest request;
  request.set_authority(authority);
  request.set_request_id(request_id);
  request.mutable_person()->set_person_id("person-1");
  v1::FundingContent& content = *request.mutable_content();
  content.mutable_urgent()->set_appears_urgent(ANSWER_YES);
  content.set_needs("Cannot get up alone since this morning");
  v1::FundingFactors& factors = *content.mutable_factors();
  factors.mutable_wishes()->set_considered(ANSWER_YES);
  factors.mutable_other_options()->set_considered(ANSWER_YES);
  factors.mutable_cost_of_suitable_services()->set_considered(ANSWER_YES);
  factors.mutable_risk()->set_considered(ANSWER_YES);
  v1::SupportItem& item = *content.add_items();
  item.set_item_id("1");
  item.set_kind(v1::SUPPORT_KIND_HOME_CARE);
  item.set_description("Visits tonight");
  item.mutable_cost()->set_pence(20000);
  return request;
}

v1::DecisionMade Agreed() {
  v1::DecisionMade decision;
  decision.set_outcome(v1::FUNDING_OUTCOME_AGREED);
  decision.set_rationale("Safe until the assessment.");
  decision.set_meets_needs_now(ANSWER_YES);
  decision.add_grounds()->set_code(v1::GROUND_CODE_RISK);
  decision.mutable_grounds(0)->set_fact("factors.risk");
  return decision;
}

class FundingServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = db::Open("sqlite::memory:");
    ASSERT_THAT(database, IsOk());
    database_ = *std::move(database);
    ASSERT_THAT(database_->Migrate(FundingSchema()), IsOk());
    auto policies = LoadPolicies("funding-svc/policy");
    ASSERT_THAT(policies, IsOk());
    policies_ = *std::move(policies);
    ASSERT_THAT(policies_->Archive(*database_), IsOk());
    rpc::ServerOptions options{.name = "funding-svc"};
    options.adapter.development_identity = true;
    options.adapter.now = [this] { return now_; };
    auto server = rpc::Server::Start(
        options, database_.get(), policies_.get(),
        {[this](rpc::Adapter& adapter) { return NewFundingService(store_, *policies_, adapter); }});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    stub_ = v1::FundingService::NewStub(grpc::CreateChannel(
        "localhost:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }

  // As `subject`, who may do everything.
  template <class Request, class Response>
  absl::StatusOr<Response> Call(grpc::Status (v1::FundingService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const Request& request, const std::string& subject = "practitioner",
                                const std::string& permissions = "*") {
    grpc::ClientContext context;
    context.AddMetadata("asc-subject", subject);
    context.AddMetadata("asc-authorities", "*");
    context.AddMetadata("asc-permissions", permissions);
    Response response;
    const absl::Status status = rpc::FromGrpc(((*stub_).*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  absl::StatusOr<v1::OpenFundingRequestResponse> Open(
      const v1::OpenFundingRequestRequest& request) {
    return Call(&v1::FundingService::Stub::OpenFundingRequest, request);
  }
  absl::StatusOr<v1::SubmitFundingRequestResponse> Submit(const v1::FundingRequest& record) {
    v1::SubmitFundingRequestRequest request;
    request.set_authority("rotherham");
    request.set_request_id("submit-" + record.funding_request_id().substr(0, 30));
    request.set_funding_request_id(record.funding_request_id());
    request.set_etag(record.etag());
    return Call(&v1::FundingService::Stub::SubmitFundingRequest, request);
  }
  v1::FundingRequest Submitted() {
    const auto opened = Open(ValidRequest("request-1"));
    EXPECT_THAT(opened, IsOk());
    const auto submitted = Submit(opened->funding_request());
    EXPECT_THAT(submitted, IsOk());
    return submitted->funding_request();
  }
  absl::StatusOr<v1::DecideFundingResponse> Decide(const v1::FundingRequest& record,
                                                   const v1::DecisionMade& decision,
                                                   const std::string& request_id,
                                                   const std::string& subject = "manager",
                                                   const std::string& permissions = "*") {
    v1::DecideFundingRequest request;
    request.set_authority("rotherham");
    request.set_request_id(request_id);
    request.set_funding_request_id(record.funding_request_id());
    request.set_etag(record.etag());
    *request.mutable_decision() = decision;
    return Call(&v1::FundingService::Stub::DecideFunding, request, subject, permissions);
  }
  absl::StatusOr<v1::GetFundingRequestResponse> Get(const std::string& authority,
                                                    const std::string& id) {
    v1::GetFundingRequestRequest request;
    request.set_authority(authority);
    request.set_funding_request_id(id);
    return Call(&v1::FundingService::Stub::GetFundingRequest, request);
  }
  std::int64_t Rows(db::Sql count) {
    const auto reader = database_->Read();
    return (*(*reader)->QueryOne(count, {}))->Whole(0);
  }

  absl::Time now_ = kNow;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<policy::PolicySet> policies_;
  FundingStore store_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::FundingService::Stub> stub_;
};

TEST_F(FundingServiceTest, OpensADraftInTheNameOfTheCaller) {
  const auto opened = Open(ValidRequest("request-1"));
  ASSERT_THAT(opened, IsOk());
  const v1::FundingRequest& record = opened->funding_request();
  EXPECT_EQ(record.state(), v1::FUNDING_REQUEST_STATE_DRAFT);
  EXPECT_EQ(record.requested_by(), "practitioner");
  EXPECT_EQ(record.version(), 1);
  EXPECT_EQ(opened->answer().questions_size(), 4) << "what should be regarded too (FD4)";
  const auto got = Get("rotherham", record.funding_request_id());
  ASSERT_THAT(got, IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(got->funding_request(), record));
}

TEST_F(FundingServiceTest, AnswersARepeatWithTheFirstAnswerAndRefusesOtherContent) {
  const auto first = Open(ValidRequest("request-1"));
  now_ += absl::Hours(1);
  EXPECT_TRUE(MessageDifferencer::Equals(*first, *Open(ValidRequest("request-1"))));
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM funding_request"), 1);
  auto other = ValidRequest("request-1");
  other.mutable_content()->set_needs("other needs");
  EXPECT_THAT(Open(other), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(FundingServiceTest, NamesEveryFieldAtFaultAtOnce) {
  auto request = ValidRequest("");
  request.mutable_content()->clear_needs();
  *request.mutable_content()->add_items() = request.content().items(0);
  request.mutable_content()->mutable_items(1)->set_starts_on("2026-02-02");
  request.mutable_content()->mutable_items(1)->set_ends_on("2026-02-01");
  const auto refused = Open(request);
  EXPECT_THAT(FieldsOf(refused.status()),
              UnorderedElementsAre("request_id", "content.needs", "content.items[1].item_id",
                                   "content.items[item_id=1].ends_on"));
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM funding_request"), 0);
}

TEST_F(FundingServiceTest, TakesNoEmergencyThatIsNotUrgentOrCanWait) {
  auto request = ValidRequest("request-1");
  request.mutable_content()->mutable_urgent()->set_appears_urgent(ANSWER_NO);
  request.mutable_content()->mutable_urgent()->set_cannot_wait(ANSWER_NO);
  request.set_validate_only(true);
  EXPECT_THAT(Open(request), IsOk());
  request.mutable_content()->set_emergency(ANSWER_YES);
  EXPECT_THAT(FieldsOf(Open(request).status()),
              UnorderedElementsAre("content.urgent.appears_urgent", "content.urgent.cannot_wait"));
}

TEST_F(FundingServiceTest, HidesRequestsFromOtherAuthorities) {
  const std::string id = Open(ValidRequest("request-1"))->funding_request().funding_request_id();
  EXPECT_THAT(Get("wakefield", id), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Get("rotherham", "no-such-request"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Open(ValidRequest("request-2", "elsewhere")), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(FundingServiceTest, KeepsBackWhatLacksAFactorExceptInAnEmergency) {
  auto request = ValidRequest("request-1");
  request.mutable_content()->mutable_factors()->clear_wishes();
  const auto held = Submit(Open(request)->funding_request());
  ASSERT_THAT(held, IsOk());
  EXPECT_FALSE(held->answer().accepted());
  EXPECT_EQ(held->funding_request().state(), v1::FUNDING_REQUEST_STATE_DRAFT);
  EXPECT_EQ(held->funding_request().version(), 1);
  request.set_request_id("request-2");
  request.mutable_content()->set_emergency(ANSWER_YES);
  const auto taken = Submit(Open(request)->funding_request());
  EXPECT_TRUE(taken->answer().accepted());
  EXPECT_EQ(taken->level().role(), "team manager");
  EXPECT_EQ(taken->funding_request().state(), v1::FUNDING_REQUEST_STATE_SUBMITTED);
}

TEST_F(FundingServiceTest, DecidesOnceAndOnlyByAnother) {
  const v1::FundingRequest record = Submitted();
  const auto self = Decide(record, Agreed(), "request-2", "practitioner");
  ASSERT_THAT(self, IsOk());
  EXPECT_FALSE(self->answer().accepted());
  EXPECT_EQ(Get("rotherham", record.funding_request_id())->funding_request().version(), 2);
  const auto decided = Decide(record, Agreed(), "request-3");
  ASSERT_THAT(decided, IsOk());
  EXPECT_TRUE(decided->answer().accepted());
  EXPECT_EQ(decided->funding_request().state(), v1::FUNDING_REQUEST_STATE_AGREED);
  EXPECT_EQ(decided->funding_request().decision().decided_by(), "manager");
  EXPECT_EQ(decided->answer().questions_size(), 7);
  EXPECT_THAT(Decide(decided->funding_request(), Agreed(), "request-4"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Decide(record, Agreed(), "request-5"), StatusIs(absl::StatusCode::kAborted));
}

TEST_F(FundingServiceTest, TakesNoDecisionFromSomebodyBelowTheLevel) {
  const v1::FundingRequest record = Submitted();
  const auto below = Decide(record, Agreed(), "request-2", "clerk", "fundingRequest.decide");
  ASSERT_THAT(below, IsOk());
  EXPECT_FALSE(below->answer().accepted());
  const auto at = Decide(record, Agreed(), "request-3", "manager",
                         "fundingRequest.decide,fundingLevel.team_manager");
  ASSERT_THAT(at, IsOk());
  EXPECT_TRUE(at->answer().accepted()) << at->answer().DebugString();
}

TEST_F(FundingServiceTest, CheckAnswersAsDecideDoesAndKeepsNothing) {
  const v1::FundingRequest record = Submitted();
  v1::CheckFundingDecisionRequest check;
  check.set_authority("rotherham");
  check.set_funding_request_id(record.funding_request_id());
  *check.mutable_decision() = Agreed();
  const auto checked = Call(&v1::FundingService::Stub::CheckFundingDecision, check, "manager");
  ASSERT_THAT(checked, IsOk());
  const auto decided = Decide(record, Agreed(), "request-2");
  EXPECT_TRUE(MessageDifferencer::Equals(checked->answer(), decided->answer()));
}

TEST_F(FundingServiceTest, ReturnedRequestsAreRevisedSubmittedAndDecidedAgain) {
  v1::DecisionMade back;
  back.set_outcome(v1::FUNDING_OUTCOME_RETURNED);
  back.set_rationale("What else was tried?");
  const auto returned = Decide(Submitted(), back, "request-2");
  EXPECT_EQ(returned->funding_request().state(), v1::FUNDING_REQUEST_STATE_RETURNED);
  v1::ReviseFundingRequestRequest revise;
  revise.set_authority("rotherham");
  revise.set_request_id("request-3");
  revise.set_funding_request_id(returned->funding_request().funding_request_id());
  revise.set_etag(returned->funding_request().etag());
  *revise.mutable_content() = ValidRequest("request-1").content();
  const auto revised = Call(&v1::FundingService::Stub::ReviseFundingRequest, revise);
  ASSERT_THAT(revised, IsOk());
  v1::SubmitFundingRequestRequest submit;
  submit.set_authority("rotherham");
  submit.set_request_id("request-4");
  submit.set_funding_request_id(revise.funding_request_id());
  submit.set_etag(revised->funding_request().etag());
  const auto submitted = Call(&v1::FundingService::Stub::SubmitFundingRequest, submit);
  ASSERT_THAT(submitted, IsOk());
  const auto decided = Decide(submitted->funding_request(), Agreed(), "request-5");
  ASSERT_THAT(decided, IsOk());
  EXPECT_EQ(decided->funding_request().earlier_decisions_size(), 1);
  EXPECT_EQ(decided->funding_request().version(), 6);
  revise.set_request_id("request-6");
  revise.set_etag(decided->funding_request().etag());
  EXPECT_THAT(Call(&v1::FundingService::Stub::ReviseFundingRequest, revise),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(FundingServiceTest, SaysPerItemWhetherAChargeMayBeMade) {
  v1::CheckChargingRequest request;
  request.set_authority("hillingdon-carers");
  request.mutable_facts()->set_subject(v1::SUBJECT_CARER);
  *request.mutable_facts()->add_items() = ValidRequest("r").content().items(0);
  const auto charging = Call(&v1::FundingService::Stub::CheckCharging, request);
  ASSERT_THAT(charging, IsOk());
  EXPECT_EQ(charging->decision().items(0).outcome(), v1::CHARGE_OUTCOME_NO_CHARGE);
  EXPECT_EQ(charging->decision().policy_version().authority(), "hillingdon-carers");
}

TEST_F(FundingServiceTest, SaysWhatToConsiderBeforeUrgentSupport) {
  v1::CheckUrgentSupportRequest request;
  request.set_authority("milton-keynes");
  request.mutable_facts()->set_appears_urgent(ANSWER_YES);
  const auto check = Call(&v1::FundingService::Stub::CheckUrgentSupport, request);
  ASSERT_THAT(check, IsOk());
  EXPECT_EQ(check->check().section(), v1::URGENT_SECTION_ABSENT);
  EXPECT_EQ(check->check().decided_at().seconds(), 1767607200);
}

TEST_F(FundingServiceTest, ListsTheGuidanceOfTheAuthorityWithItsCaveats) {
  v1::ListGuidanceRequest request;
  request.set_authority("milton-keynes");
  const auto guidance = Call(&v1::FundingService::Stub::ListGuidance, request);
  ASSERT_THAT(guidance, IsOk());
  EXPECT_EQ(guidance->guidance(0).guidance_id(), "X7");
  EXPECT_FALSE(guidance->guidance(0).caveat().empty());
}

TEST_F(FundingServiceTest, AnswersWhatIsNotServedYetAsUnimplemented) {
  EXPECT_THAT(Call(&v1::FundingService::Stub::RecordTelling, v1::RecordTellingRequest()),
              StatusIs(absl::StatusCode::kUnimplemented));
}

}  // namespace
}  // namespace asc::funding
