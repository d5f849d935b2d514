// The service through a real server and a real client in one process, on SQLite in memory.

#include "advocacy-svc/advocacy_service.h"

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "asc/advocacy/v1/advocacy.grpc.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/rpc/error_details.pb.h"
#include "platform/rpc/server.h"
#include "platform/rpc/status.h"
#include "platform/testing/refused_fields.h"
#include "platform/testing/status_matchers.h"

namespace asc::advocacy {
namespace {

using ::asc::testing::FieldsOf;
using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;
using google::protobuf::util::MessageDifferencer;
using ::testing::UnorderedElementsAre;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

const absl::Time kNow = absl::FromUnixSeconds(1767607200);

v1::OpenAdvocacyNeedRequest ValidRequest(const std::string& request_id,
                                         const std::string& authority = "rotherham") {
  v1::OpenAdvocacyNeedRequest request;
  request.set_authority(authority);
  request.set_request_id(request_id);
  request.mutable_person()->set_person_id("person-1");
  request.mutable_person()->set_full_name("Edna Marsh");
  v1::AdvocacyFacts& facts = *request.mutable_facts();
  facts.set_subject(authority == "hillingdon-carers" ? v1::SUBJECT_CARER : v1::SUBJECT_PERSON);
  facts.set_process_will_follow(ANSWER_YES);
  facts.set_process(v1::PROCESS_REVIEW);
  facts.add_limbs()->set_limb(v1::LIMB_RETAINING);
  facts.mutable_limbs(0)->set_substantial_difficulty(ANSWER_YES);
  facts.mutable_appropriate_person()->set_exists(ANSWER_NO);
  return request;
}

class AdvocacyServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = db::Open("sqlite::memory:");
    ASSERT_THAT(database, IsOk());
    database_ = *std::move(database);
    ASSERT_THAT(database_->Migrate(AdvocacySchema()), IsOk());
    auto policies = LoadPolicies("advocacy-svc/policy");
    ASSERT_THAT(policies, IsOk());
    policies_ = *std::move(policies);
    ASSERT_THAT(policies_->Archive(*database_), IsOk());
    rpc::ServerOptions options{.name = "advocacy-svc"};
    options.adapter.development_identity = true;
    options.adapter.now = [this] { return now_; };
    auto server = rpc::Server::Start(options, database_.get(), policies_.get(),
                                     {[this](rpc::Adapter& adapter) {
                                       return NewAdvocacyService(store_, *policies_, adapter);
                                     }});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    stub_ = v1::AdvocacyService::NewStub(grpc::CreateChannel(
        "localhost:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }

  template <class Request, class Response>
  absl::StatusOr<Response> Call(grpc::Status (v1::AdvocacyService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    grpc::ClientContext context;
    Response response;
    const absl::Status status = rpc::FromGrpc(((*stub_).*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  absl::StatusOr<v1::OpenAdvocacyNeedResponse> Open(const v1::OpenAdvocacyNeedRequest& request) {
    return Call(&v1::AdvocacyService::Stub::OpenAdvocacyNeed, request);
  }
  absl::StatusOr<v1::GetAdvocacyNeedResponse> Get(const std::string& authority,
                                                  const std::string& id) {
    v1::GetAdvocacyNeedRequest request;
    request.set_authority(authority);
    request.set_advocacy_need_id(id);
    return Call(&v1::AdvocacyService::Stub::GetAdvocacyNeed, request);
  }
  absl::StatusOr<v1::CheckHoldResponse> Hold(const std::string& authority, const std::string& id,
                                             v1::Process process = v1::PROCESS_UNSPECIFIED) {
    v1::CheckHoldRequest request;
    request.set_authority(authority);
    request.set_advocacy_need_id(id);
    request.set_act(v1::ACT_PROCESS_STEP);
    request.set_process(process);
    return Call(&v1::AdvocacyService::Stub::CheckHold, request);
  }
  std::int64_t Rows(db::Sql count) {
    const auto reader = database_->Read();
    return (*(*reader)->QueryOne(count, {}))->Whole(0);
  }

  absl::Time now_ = kNow;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<policy::PolicySet> policies_;
  AdvocacyStore store_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::AdvocacyService::Stub> stub_;
};

TEST_F(AdvocacyServiceTest, KeepsTheDecisionItAnswersWith) {
  const auto opened = Open(ValidRequest("request-1"));
  ASSERT_THAT(opened, IsOk());
  const v1::AdvocacyNeed& need = opened->advocacy_need();
  EXPECT_EQ(need.decision().outcome(), v1::ADVOCACY_OUTCOME_DUTY);
  EXPECT_EQ(need.decision().policy_version().authority(), "rotherham");
  EXPECT_EQ(need.decision().decided_at().seconds(), 1767607200);
  EXPECT_EQ(need.state(), v1::ADVOCACY_NEED_STATE_TO_REFER);
  EXPECT_EQ(need.version(), 1);
  const auto got = Get("rotherham", need.advocacy_need_id());
  ASSERT_THAT(got, IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(got->advocacy_need(), need));
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM event"), 1);
}

TEST_F(AdvocacyServiceTest, CheckDecidesAsOpenDoesAndKeepsNothing) {
  v1::CheckAdvocacyRequest check;
  check.set_authority("rotherham");
  *check.mutable_facts() = ValidRequest("request-1").facts();
  const auto checked = Call(&v1::AdvocacyService::Stub::CheckAdvocacy, check);
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM advocacy_need"), 0);
  const auto opened = Open(ValidRequest("request-1"));
  EXPECT_TRUE(MessageDifferencer::Equals(checked->decision(), opened->advocacy_need().decision()));
}

TEST_F(AdvocacyServiceTest, AnswersARepeatWithTheFirstAnswerAndRefusesOtherContent) {
  const auto first = Open(ValidRequest("request-1"));
  now_ += absl::Hours(1);
  const auto second = Open(ValidRequest("request-1"));
  ASSERT_THAT(second, IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(*first, *second));
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM advocacy_need"), 1);
  auto other = ValidRequest("request-1");
  other.mutable_person()->set_full_name("Edna March");
  EXPECT_THAT(Open(other), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(AdvocacyServiceTest, KeepsNothingWhenOnlyValidating) {
  auto request = ValidRequest("request-1");
  request.set_validate_only(true);
  const auto answer = Open(request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->advocacy_need().decision().outcome(), v1::ADVOCACY_OUTCOME_DUTY);
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM advocacy_need"), 0);
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM idempotency"), 0);
}

TEST_F(AdvocacyServiceTest, NamesEveryFieldAtFaultAtOnce) {
  auto request = ValidRequest("");
  request.mutable_person()->set_postcode("not a postcode");
  *request.mutable_facts()->add_limbs() = request.facts().limbs(0);
  const auto refused = Open(request);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FieldsOf(refused.status()),
              UnorderedElementsAre("request_id", "person.postcode", "facts.limbs[1].limb"));
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM advocacy_need"), 0);
}

TEST_F(AdvocacyServiceTest, TakesNobodyWhoIsWillingButDoesNotExist) {
  auto request = ValidRequest("request-1");
  auto& person = *request.mutable_facts()->mutable_appropriate_person();
  person.set_exists(asc::type::v1::ANSWER_NO);
  person.set_willing_and_able(asc::type::v1::ANSWER_YES);
  EXPECT_THAT(FieldsOf(Open(request).status()),
              UnorderedElementsAre("facts.appropriate_person.willing_and_able"));
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM advocacy_need"), 0);
  person.set_willing_and_able(asc::type::v1::ANSWER_NO);
  EXPECT_THAT(Open(request), IsOk());
}

TEST_F(AdvocacyServiceTest, HidesRecordsFromOtherAuthorities) {
  const std::string id = Open(ValidRequest("request-1"))->advocacy_need().advocacy_need_id();
  EXPECT_THAT(Get("wakefield", id), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Hold("wakefield", id), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Get("rotherham", "no-such-need"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Open(ValidRequest("request-2", "elsewhere")), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(AdvocacyServiceTest, HoldsAProcessUnderThePolicyTheRecordIsPinnedTo) {
  const auto opened = Open(ValidRequest("request-1"));
  const auto hold = Hold("rotherham", opened->advocacy_need().advocacy_need_id());
  ASSERT_THAT(hold, IsOk());
  EXPECT_EQ(hold->hold().outcome(), v1::HOLD_OUTCOME_HELD);
  EXPECT_EQ(hold->hold().policy_version().hash(),
            opened->advocacy_need().decision().policy_version().hash());
}

TEST_F(AdvocacyServiceTest, HoldsEveryProcessOfAPersonWhereThePolicyDoes) {
  auto decided = ValidRequest("request-1", "hillingdon-carers");
  decided.mutable_facts()->set_process_will_follow(ANSWER_NO);
  const auto free = Open(decided);
  const std::string id = free->advocacy_need().advocacy_need_id();
  EXPECT_EQ(Hold("hillingdon-carers", id)->hold().outcome(), v1::HOLD_OUTCOME_MAY_PROCEED);
  auto owed = ValidRequest("request-2", "hillingdon-carers");
  owed.mutable_facts()->set_process(v1::PROCESS_SUPPORT_PLANNING);
  ASSERT_THAT(Open(owed), IsOk());
  EXPECT_EQ(Hold("hillingdon-carers", id)->hold().outcome(), v1::HOLD_OUTCOME_HELD);
  const auto other = Open(ValidRequest("request-3"));
  EXPECT_EQ(
      Hold("rotherham", other->advocacy_need().advocacy_need_id(), v1::PROCESS_SUPPORT_PLANNING)
          ->hold()
          .outcome(),
      v1::HOLD_OUTCOME_CANNOT_TELL);
}

TEST_F(AdvocacyServiceTest, DecidesAgainAndKeepsTheDecisionBefore) {
  auto opening = ValidRequest("request-1");
  opening.mutable_facts()->clear_appropriate_person();
  const v1::AdvocacyNeed need = Open(opening)->advocacy_need();
  EXPECT_EQ(need.state(), v1::ADVOCACY_NEED_STATE_UNDECIDED);
  v1::ReviseAdvocacyFactsRequest revise;
  revise.set_authority("rotherham");
  revise.set_request_id("request-2");
  revise.set_advocacy_need_id(need.advocacy_need_id());
  revise.set_etag(need.etag());
  *revise.mutable_facts() = ValidRequest("request-1").facts();
  const auto revised = Call(&v1::AdvocacyService::Stub::ReviseAdvocacyFacts, revise);
  ASSERT_THAT(revised, IsOk());
  EXPECT_EQ(revised->advocacy_need().state(), v1::ADVOCACY_NEED_STATE_TO_REFER);
  ASSERT_EQ(revised->advocacy_need().earlier_decisions_size(), 1);
  EXPECT_TRUE(
      MessageDifferencer::Equals(revised->advocacy_need().earlier_decisions(0), need.decision()));
  revise.set_request_id("request-3");
  EXPECT_THAT(Call(&v1::AdvocacyService::Stub::ReviseAdvocacyFacts, revise),
              StatusIs(absl::StatusCode::kAborted));
  revise.set_etag(revised->advocacy_need().etag());
  revise.mutable_facts()->clear_appropriate_person();
  const auto kept = Call(&v1::AdvocacyService::Stub::ReviseAdvocacyFacts, revise);
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->advocacy_need().decision().outcome(), v1::ADVOCACY_OUTCOME_DUTY);
  EXPECT_GT(kept->advocacy_need().decision().questions_size(), 0);
  EXPECT_EQ(kept->advocacy_need().version(), 3);
}

TEST_F(AdvocacyServiceTest, AnAdvocateOfTheRightKindEndsTheHoldUntilTheyGo) {
  const v1::AdvocacyNeed need = Open(ValidRequest("request-1"))->advocacy_need();
  v1::RecordAdvocateRequest place;
  place.set_authority("rotherham");
  place.set_request_id("request-2");
  place.set_advocacy_need_id(need.advocacy_need_id());
  place.set_etag(need.etag());
  place.mutable_placement()->set_regime(v1::REGIME_CARE_ACT);
  place.mutable_placement()->set_provider("A provider");
  place.mutable_placement()->mutable_in_place_at()->set_seconds(1767607200);
  const auto general = Call(&v1::AdvocacyService::Stub::RecordAdvocate, place);
  ASSERT_THAT(general, IsOk());
  EXPECT_EQ(general->hold().outcome(), v1::HOLD_OUTCOME_HELD) << "not appointed for this (A12)";
  EXPECT_EQ(general->advocacy_need().state(), v1::ADVOCACY_NEED_STATE_TO_REFER);
  place.set_request_id("request-3");
  place.set_etag(general->advocacy_need().etag());
  place.mutable_placement()->set_appointed_for_process(ANSWER_YES);
  const auto placed = Call(&v1::AdvocacyService::Stub::RecordAdvocate, place);
  EXPECT_EQ(placed->hold().outcome(), v1::HOLD_OUTCOME_MAY_PROCEED);
  EXPECT_EQ(placed->advocacy_need().state(), v1::ADVOCACY_NEED_STATE_IN_PLACE);
  v1::EndAdvocateRequest end;
  end.set_authority("rotherham");
  end.set_request_id("request-4");
  end.set_advocacy_need_id(need.advocacy_need_id());
  end.set_etag(placed->advocacy_need().etag());
  end.mutable_ended_at()->set_seconds(1767607200);
  end.set_reason("moved away");
  const auto ended = Call(&v1::AdvocacyService::Stub::EndAdvocate, end);
  EXPECT_EQ(ended->hold().outcome(), v1::HOLD_OUTCOME_HELD);
  EXPECT_EQ(Hold("rotherham", need.advocacy_need_id())->hold().outcome(), v1::HOLD_OUTCOME_HELD);
}

TEST_F(AdvocacyServiceTest, TakesNoAdvocateWhereNoneIsWanted) {
  auto opening = ValidRequest("request-1");
  opening.mutable_facts()->set_process_will_follow(ANSWER_NO);
  const v1::AdvocacyNeed need = Open(opening)->advocacy_need();
  v1::RecordAdvocateRequest place;
  place.set_authority("rotherham");
  place.set_request_id("request-2");
  place.set_advocacy_need_id(need.advocacy_need_id());
  place.set_etag(need.etag());
  place.mutable_placement()->set_regime(v1::REGIME_CARE_ACT);
  place.mutable_placement()->set_provider("A provider");
  place.mutable_placement()->mutable_in_place_at()->set_seconds(1767607200);
  EXPECT_THAT(Call(&v1::AdvocacyService::Stub::RecordAdvocate, place),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  place.mutable_placement()->mutable_in_place_at()->set_seconds(1767607201);
  EXPECT_THAT(Call(&v1::AdvocacyService::Stub::RecordAdvocate, place),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(AdvocacyServiceTest, DecidesUnderThePolicyThatTheRequestPins) {
  auto pinned = ValidRequest("request-1");
  pinned.set_policy_hash(std::string(64, 'a'));
  EXPECT_THAT(Open(pinned), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(AdvocacyServiceTest, ListsTheGuidanceOfTheAuthorityAlone) {
  v1::ListGuidanceRequest request;
  request.set_authority("standard");
  const auto guidance = Call(&v1::AdvocacyService::Stub::ListGuidance, request);
  ASSERT_THAT(guidance, IsOk());
  EXPECT_EQ(guidance->guidance_size(), 3);
  request.set_authority("rotherham");
  EXPECT_EQ(Call(&v1::AdvocacyService::Stub::ListGuidance, request)->guidance_size(), 1);
}

TEST_F(AdvocacyServiceTest, AnswersWhatIsNotServedYetAsUnimplemented) {
  v1::CloseAdvocacyNeedRequest request;
  EXPECT_THAT(Call(&v1::AdvocacyService::Stub::CloseAdvocacyNeed, request),
              StatusIs(absl::StatusCode::kUnimplemented));
}

}  // namespace
}  // namespace asc::advocacy
