// The service through a real server and a real client in one process, on SQLite in memory.

#include "referral-svc/referral_service.h"

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <future>
#include <set>
#include <string>
#include <vector>

#include "asc/referral/v1/referral.grpc.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/rpc/error_details.pb.h"
#include "platform/rpc/server.h"
#include "platform/rpc/status.h"
#include "platform/testing/refused_fields.h"
#include "platform/testing/status_matchers.h"
#include "referral-svc/stamp.h"

namespace asc::referral {
namespace {

using ::asc::testing::FieldsOf;
using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;
using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

const absl::Time kNow = absl::FromUnixSeconds(1767607200);

std::string CurrentEtagOf(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  google::rpc::ErrorInfo info;
  if (payload.has_value()) info.ParseFromString(std::string(*payload));
  return info.metadata().contains("current_etag") ? info.metadata().at("current_etag") : "";
}

class ReferralServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = db::Open("sqlite::memory:");
    ASSERT_THAT(database, IsOk());
    database_ = *std::move(database);
    ASSERT_THAT(database_->Migrate(ReferralSchema()), IsOk());
    auto policies = LoadPolicies("referral-svc/policy");
    ASSERT_THAT(policies, IsOk());
    policies_ = *std::move(policies);
    ASSERT_THAT(policies_->Archive(*database_), IsOk());
    rpc::ServerOptions options{.name = "referral-svc"};
    options.adapter.development_identity = true;
    options.adapter.now = [this] { return now_; };
    auto server = rpc::Server::Start(options, database_.get(), policies_.get(),
                                     {[this](rpc::Adapter& adapter) {
                                       return NewReferralService(store_, *policies_, adapter);
                                     }});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    stub_ = v1::ReferralService::NewStub(grpc::CreateChannel(
        "localhost:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }

  template <class Request, class Response>
  absl::StatusOr<Response> Call(grpc::Status (v1::ReferralService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    grpc::ClientContext context;
    Response response;
    const absl::Status status = rpc::FromGrpc(((*stub_).*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  absl::StatusOr<v1::OpenReferralResponse> Open(const v1::OpenReferralRequest& request) {
    return Call(&v1::ReferralService::Stub::OpenReferral, request);
  }
  absl::StatusOr<v1::GetReferralResponse> Get(const std::string& authority,
                                              const std::string& referral_id) {
    v1::GetReferralRequest request;
    request.set_authority(authority);
    request.set_referral_id(referral_id);
    return Call(&v1::ReferralService::Stub::GetReferral, request);
  }

  std::int64_t Rows(db::Sql count) {
    const auto reader = database_->Read();
    return (*(*reader)->QueryOne(count, {}))->Whole(0);
  }

  absl::Time now_ = kNow;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<policy::PolicySet> policies_;
  ReferralStore store_{db::BlindIndex::Development()};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::ReferralService::Stub> stub_;
};

v1::OpenReferralRequest ValidRequest(const std::string& request_id) {
  v1::OpenReferralRequest request;
  request.set_authority("rotherham");
  request.set_request_id(request_id);
  v1::ReferralDetails& details = *request.mutable_details();
  details.set_subject(v1::SUBJECT_PERSON);
  details.set_would_benefit(ANSWER_YES);
  details.mutable_lawful_basis()->set_made_by_the_person(ANSWER_YES);
  details.mutable_person()->set_person_id("person-1");
  details.mutable_person()->set_full_name("Edna Marsh");
  return request;
}

TEST_F(ReferralServiceTest, OpensALawfulReferralWithWhatIsStillToGather) {
  const auto opened = Open(ValidRequest("request-1"));
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(opened->decision().outcome(), v1::OUTCOME_PERMITTED);
  EXPECT_EQ(opened->decision().policy_version().authority(), "rotherham");
  EXPECT_EQ(opened->should_be_taken(), ANSWER_YES);
  const v1::Referral& referral = opened->referral();
  EXPECT_EQ(referral.status(), v1::REFERRAL_STATUS_OPENED);
  EXPECT_EQ(referral.version(), 1);
  EXPECT_THAT(referral.bases(), ElementsAre(v1::BASIS_SELF));
  EXPECT_EQ(referral.still_to_gather_size(), 12);
  EXPECT_EQ(referral.opened_at().seconds(), 1767607200);
}

TEST_F(ReferralServiceTest, GivesBackAnOpenedReferralAsItWasAnswered) {
  const auto opened = Open(ValidRequest("request-1"));
  ASSERT_THAT(opened, IsOk());
  const auto got = Get("rotherham", opened->referral().referral_id());
  ASSERT_THAT(got, IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(got->referral(), opened->referral()));
}

TEST_F(ReferralServiceTest, AnswersARepeatWithTheFirstAnswer) {
  const auto first = Open(ValidRequest("request-1"));
  now_ += absl::Hours(1);
  const auto second = Open(ValidRequest("request-1"));
  ASSERT_THAT(second, IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(*first, *second));
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM referral"), 1);
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM event"), 1);
}

TEST_F(ReferralServiceTest, RefusesARequestIdUsedForAnotherReferral) {
  ASSERT_THAT(Open(ValidRequest("request-1")), IsOk());
  auto other = ValidRequest("request-1");
  other.mutable_details()->mutable_person()->set_full_name("Edna March");
  EXPECT_THAT(Open(other), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(ReferralServiceTest, OpensOneReferralForCallersWhoAllSendTheSame) {
  std::vector<std::future<absl::StatusOr<v1::OpenReferralResponse>>> calls;
  for (int i = 0; i < 20; ++i) {
    calls.push_back(
        std::async(std::launch::async, [this] { return Open(ValidRequest("same-one")); }));
  }
  std::set<std::string> answers;
  for (auto& call : calls) {
    const auto answer = call.get();
    ASSERT_THAT(answer, IsOk());
    answers.insert(answer->referral().referral_id());
  }
  EXPECT_EQ(answers.size(), 1u);
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM referral"), 1);
}

TEST_F(ReferralServiceTest, KeepsNothingOfARefusedReferralButTheAnswer) {
  auto request = ValidRequest("request-1");
  v1::LawfulBasis& basis = *request.mutable_details()->mutable_lawful_basis();
  basis.set_made_by_the_person(ANSWER_NO);
  basis.mutable_consent()->set_given(ANSWER_NO);
  basis.mutable_capacity()->set_lacks_capacity(ANSWER_NO);
  basis.set_at_risk_of_abuse_or_neglect(ANSWER_NO);
  const auto refused = Open(request);
  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_FALSE(refused->has_referral());
  EXPECT_EQ(refused->decision().reasons(0).rule_id(), "R1");
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM referral"), 0);
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM event"), 0);
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM idempotency"), 1);
}

TEST_F(ReferralServiceTest, AsksWhenNoBasisIsKnown) {
  auto request = ValidRequest("request-1");
  request.mutable_details()->clear_lawful_basis();
  const auto answer = Open(request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  EXPECT_GT(answer->decision().questions_size(), 0);
  EXPECT_FALSE(answer->has_referral());
}

TEST_F(ReferralServiceTest, RefusesAnAuthorityWithoutAPolicy) {
  auto request = ValidRequest("request-1");
  request.set_authority("elsewhere");
  EXPECT_THAT(Open(request), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ReferralServiceTest, HidesReferralsFromOtherAuthorities) {
  const auto opened = Open(ValidRequest("request-1"));
  const std::string id = opened->referral().referral_id();
  EXPECT_THAT(Get("wakefield", id), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Get("rotherham", "no-such-referral"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ReferralServiceTest, CheckDecidesAsOpenDoesAndStoresNothing) {
  const auto opened = Open(ValidRequest("request-1"));
  v1::CheckReferralRequest check;
  check.set_authority("rotherham");
  *check.mutable_details() = ValidRequest("request-1").details();
  const auto checked = Call(&v1::ReferralService::Stub::CheckReferral, check);
  ASSERT_THAT(checked, IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(checked->decision(), opened->decision()));
  EXPECT_EQ(checked->items_size(), 14);
  EXPECT_EQ(checked->items(0).citations(0).provision(), "line 76");
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM referral"), 1);
}

TEST_F(ReferralServiceTest, DecidesUnderThePolicyThatTheRequestPins) {
  const auto opened = Open(ValidRequest("request-1"));
  auto pinned = ValidRequest("request-2");
  pinned.set_policy_hash(opened->decision().policy_version().hash());
  EXPECT_THAT(Open(pinned), IsOk());
  pinned.set_request_id("request-3");
  pinned.set_policy_hash(std::string(64, 'a'));
  EXPECT_THAT(Open(pinned), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(ReferralServiceTest, ListsInPagesBoundToTheirFilter) {
  for (const auto purpose : {v1::PURPOSE_ASSESSMENT, v1::PURPOSE_REASSESSMENT, v1::PURPOSE_REVIEW,
                             v1::PURPOSE_SAFEGUARDING, v1::PURPOSE_PREVENTION,
                             v1::PURPOSE_EQUIPMENT, v1::PURPOSE_OTHER}) {
    now_ += absl::Seconds(1);
    auto opening = ValidRequest("request-" + std::to_string(purpose));
    opening.mutable_details()->set_purpose(purpose);
    ASSERT_THAT(Open(opening), IsOk());
  }
  v1::ListReferralsRequest request;
  request.set_authority("rotherham");
  request.set_person_id("person-1");
  request.set_page_size(3);
  std::set<std::string> ids;
  int pages = 0;
  do {
    const auto page = Call(&v1::ReferralService::Stub::ListReferrals, request);
    ASSERT_THAT(page, IsOk());
    for (const auto& row : page->referrals()) ids.insert(row.referral_id());
    request.set_page_token(page->next_page_token());
    ++pages;
    if (pages == 1) {
      auto other = request;
      other.set_person_id("person-2");
      EXPECT_THAT(Call(&v1::ReferralService::Stub::ListReferrals, other),
                  StatusIs(absl::StatusCode::kInvalidArgument));
    }
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(ids.size(), 7u);
}

TEST_F(ReferralServiceTest, NamesAllFaultsAtOnce) {
  v1::OpenReferralRequest request;
  EXPECT_THAT(FieldsOf(Open(request).status()),
              UnorderedElementsAre("authority", "request_id", "details"));
}

// ---- Allocations, availability, routing ----

class AllocationServiceTest : public ReferralServiceTest {
 protected:
  v1::SetAllocationRequest Allocate(const std::string& request_id, const std::string& worker_id) {
    v1::SetAllocationRequest request;
    request.set_authority("rotherham");
    request.set_request_id(request_id);
    request.set_role(v1::ALLOCATION_ROLE_WORKER);
    request.set_person_id("person-1");
    request.set_worker_id(worker_id);
    return request;
  }
  absl::StatusOr<v1::SetAllocationResponse> Set(const v1::SetAllocationRequest& request) {
    return Call(&v1::ReferralService::Stub::SetAllocation, request);
  }
  absl::StatusOr<v1::EndAllocationResponse> End(const std::string& request_id,
                                                const v1::Allocation& allocation) {
    v1::EndAllocationRequest request;
    request.set_authority("rotherham");
    request.set_request_id(request_id);
    request.set_allocation_id(allocation.allocation_id());
    request.set_etag(allocation.etag());
    return Call(&v1::ReferralService::Stub::EndAllocation, request);
  }
  absl::StatusOr<v1::SetWorkerAvailabilityResponse> Away(const std::string& request_id,
                                                         const std::string& etag,
                                                         absl::Duration until) {
    v1::SetWorkerAvailabilityRequest request;
    request.set_authority("rotherham");
    request.set_request_id(request_id);
    request.set_worker_id("worker-1");
    request.set_etag(etag);
    *request.add_absences()->mutable_begins_at() = ToTimestamp(kNow - absl::Hours(1));
    *request.mutable_absences(0)->mutable_ends_at() = ToTimestamp(kNow + until);
    return Call(&v1::ReferralService::Stub::SetWorkerAvailability, request);
  }
  absl::StatusOr<v1::RouteContactResponse> Route() {
    v1::RouteContactRequest request;
    request.set_authority("rotherham");
    request.set_subject(v1::SUBJECT_PERSON);
    request.set_channel(v1::CHANNEL_TELEPHONE);
    request.set_person_id("person-1");
    request.set_worker_id("worker-1");
    return Call(&v1::ReferralService::Stub::RouteContact, request);
  }
};

TEST_F(AllocationServiceTest, RoutesByWhatIsRecorded) {
  EXPECT_EQ(Route()->outcome(), v1::ROUTE_OUTCOME_CANNOT_TELL);
  const auto other = Set(Allocate("request-1", "worker-2"));
  ASSERT_THAT(other, IsOk());
  EXPECT_EQ(Route()->outcome(), v1::ROUTE_OUTCOME_DO_NOT_TRANSFER);
  EXPECT_EQ(Route()->allocated_worker_id(), "worker-2");
  ASSERT_THAT(Set(Allocate("request-2", "worker-1")), IsOk());
  EXPECT_EQ(Route()->outcome(), v1::ROUTE_OUTCOME_CANNOT_TELL);
  ASSERT_THAT(Away("request-3", "", absl::Hours(5)), IsOk());
  const auto away = Route();
  EXPECT_EQ(away->outcome(), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL);
  EXPECT_EQ(away->actions_size(), 5);
  EXPECT_EQ(away->decision().policy_version().version(), "53");
  now_ += absl::Hours(5);
  EXPECT_EQ(Route()->outcome(), v1::ROUTE_OUTCOME_TRANSFER);
}

TEST_F(AllocationServiceTest, AnEndedAllocationNoLongerCounts) {
  const auto set = Set(Allocate("request-1", "worker-1"));
  ASSERT_THAT(End("request-2", set->allocation()), IsOk());
  EXPECT_EQ(Route()->outcome(), v1::ROUTE_OUTCOME_CANNOT_TELL);
  const auto again = End("request-3", set->allocation());
  EXPECT_THAT(again, StatusIs(absl::StatusCode::kAborted));
}

TEST_F(AllocationServiceTest, EndsAnAllocationOnce) {
  const auto set = Set(Allocate("request-1", "worker-1"));
  const auto ended = End("request-2", set->allocation());
  ASSERT_THAT(ended, IsOk());
  EXPECT_THAT(End("request-3", ended->allocation()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(AllocationServiceTest, GivesBackAnAllocationThatIsThereAlready) {
  const auto first = Set(Allocate("request-1", "worker-1"));
  const auto second = Set(Allocate("request-2", "worker-1"));
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->allocation().allocation_id(), second->allocation().allocation_id());
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM allocation"), 1);
}

TEST_F(AllocationServiceTest, ChangesAnAllocationUnderItsEtagOnly) {
  const auto set = Set(Allocate("request-1", "worker-1"));
  auto change = Allocate("request-2", "worker-2");
  change.set_allocation_id(set->allocation().allocation_id());
  EXPECT_THAT(FieldsOf(Set(change).status()), ElementsAre("etag"));
  change.set_etag("\"nonsense\"");
  const auto stale = Set(change);
  EXPECT_THAT(stale, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(CurrentEtagOf(stale.status()), set->allocation().etag());
  change.set_etag(set->allocation().etag());
  const auto changed = Set(change);
  ASSERT_THAT(changed, IsOk());
  EXPECT_EQ(changed->allocation().version(), 2);
  EXPECT_EQ(changed->allocation().worker_id(), "worker-2");
}

TEST_F(AllocationServiceTest, KeepsThePersonOfAnAllocation) {
  const auto set = Set(Allocate("request-1", "worker-1"));
  auto change = Allocate("request-2", "worker-1");
  change.set_allocation_id(set->allocation().allocation_id());
  change.set_etag(set->allocation().etag());
  change.set_person_id("person-2");
  EXPECT_THAT(FieldsOf(Set(change).status()), ElementsAre("person_id"));
}

TEST_F(AllocationServiceTest, LetsOneOfManyConcurrentChangesWin) {
  const auto set = Set(Allocate("request-0", "worker-0"));
  std::vector<std::future<absl::StatusOr<v1::SetAllocationResponse>>> calls;
  for (int i = 1; i <= 8; ++i) {
    auto change = Allocate("request-" + std::to_string(i), "worker-" + std::to_string(i));
    change.set_allocation_id(set->allocation().allocation_id());
    change.set_etag(set->allocation().etag());
    calls.push_back(std::async(std::launch::async, [this, change] { return Set(change); }));
  }
  int won = 0;
  for (auto& call : calls) {
    const auto answer = call.get();
    won += answer.ok() ? 1 : 0;
    if (!answer.ok()) {
      EXPECT_THAT(answer, StatusIs(absl::StatusCode::kAborted));
    }
  }
  EXPECT_EQ(won, 1);
}

TEST_F(AllocationServiceTest, ReplacesAvailabilityUnderItsEtagOnly) {
  const auto first = Away("request-1", "", absl::Hours(1));
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Away("request-2", "", absl::Hours(2)), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(Away("request-3", first->availability().etag(), absl::Hours(2)), IsOk());
}

TEST_F(AllocationServiceTest, RefusesAbsencesThatOverlapOrEndBeforeTheyBegin) {
  v1::SetWorkerAvailabilityRequest request;
  request.set_authority("rotherham");
  request.set_request_id("request-1");
  request.set_worker_id("worker-1");
  *request.add_absences()->mutable_begins_at() = ToTimestamp(kNow);
  *request.mutable_absences(0)->mutable_ends_at() = ToTimestamp(kNow);
  *request.add_absences()->mutable_begins_at() = ToTimestamp(kNow - absl::Hours(1));
  const auto answer = Call(&v1::ReferralService::Stub::SetWorkerAvailability, request);
  EXPECT_THAT(FieldsOf(answer.status()),
              ElementsAre("absences[0].ends_at", "absences[1].begins_at"));
}

TEST_F(AllocationServiceTest, RefusesRoutesThatContradictThemselves) {
  v1::RouteContactRequest request;
  request.set_authority("rotherham");
  request.set_subject(v1::SUBJECT_PERSON);
  request.set_channel(v1::CHANNEL_TELEPHONE);
  request.mutable_facts()->set_available_now(ANSWER_YES);
  *request.mutable_facts()->mutable_available_from() = ToTimestamp(kNow + absl::Hours(1));
  const auto answer = Call(&v1::ReferralService::Stub::RouteContact, request);
  EXPECT_THAT(FieldsOf(answer.status()),
              ElementsAre("worker_id", "facts.available_from", "facts.return_known"));
}

TEST_F(AllocationServiceTest, DecidesOnResidenceWithoutKeepingAnything) {
  v1::CheckOrdinaryResidenceRequest request;
  request.set_authority("milton-keynes");
  request.mutable_residence()->set_appearance_of_need(ANSWER_YES);
  const auto answer = Call(&v1::ReferralService::Stub::CheckOrdinaryResidence, request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->decision().outcome(), v1::OUTCOME_PERMITTED);
  EXPECT_EQ(answer->decision().policy_version().authority(), "milton-keynes");
  EXPECT_EQ(answer->decision().decided_at().seconds(), 1767607200);
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM referral"), 0);
}

TEST_F(AllocationServiceTest, SendsAReviewToWhomOurRecordsName) {
  v1::DecideReviewRequest request;
  request.set_authority("rotherham");
  request.mutable_facts()->set_subject(v1::SUBJECT_PERSON);
  request.mutable_facts()->set_person_id("person-1");
  const auto before = Call(&v1::ReferralService::Stub::DecideReview, request);
  ASSERT_THAT(before, IsOk());
  EXPECT_EQ(before->decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  ASSERT_THAT(Set(Allocate("request-1", "worker-2")), IsOk());
  const auto after = Call(&v1::ReferralService::Stub::DecideReview, request);
  ASSERT_THAT(after, IsOk());
  EXPECT_EQ(after->route(), v1::REVIEW_ROUTE_ALLOCATED_WORKER);
  EXPECT_EQ(after->allocated_worker_id(), "worker-2");
}

TEST_F(AllocationServiceTest, ChecksGatesOnWhatTheReferralHolds) {
  auto opening = ValidRequest("request-1");
  opening.mutable_details()->mutable_prevention()->set_all_explored(ANSWER_NO);
  const auto opened = Open(opening);
  ASSERT_THAT(opened, IsOk());
  v1::CheckTransferRequest transfer;
  transfer.set_authority("rotherham");
  transfer.set_referral_id(opened->referral().referral_id());
  transfer.mutable_facts()->set_safeguarding_or_urgent(ANSWER_NO);
  transfer.mutable_facts()->set_longer_term_work(ANSWER_YES);
  transfer.mutable_facts()->set_may_lead_to_assessment(ANSWER_NO);
  const auto held = Call(&v1::ReferralService::Stub::CheckTransfer, transfer);
  ASSERT_THAT(held, IsOk());
  EXPECT_EQ(held->decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_EQ(held->decision().policy_version().authority(), "rotherham");
  ASSERT_EQ(held->gates_size(), 1);
  EXPECT_EQ(held->gates(0).rule_id(), "P1");
  v1::CheckLongTermSupportRequest support;
  support.set_authority("rotherham");
  support.set_referral_id(opened->referral().referral_id());
  *support.mutable_facts() = transfer.facts();
  const auto barred = Call(&v1::ReferralService::Stub::CheckLongTermSupport, support);
  ASSERT_THAT(barred, IsOk());
  EXPECT_FALSE(barred->gates(0).may_be_overridden());
  transfer.set_referral_id("none");
  support.set_authority("wakefield");
  EXPECT_THAT(Call(&v1::ReferralService::Stub::CheckTransfer, transfer),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Call(&v1::ReferralService::Stub::CheckLongTermSupport, support),
              StatusIs(absl::StatusCode::kNotFound));
}

v1::SetTeamRequest NewTeam(const std::string& request_id, const std::string& team_id) {
  v1::SetTeamRequest request;
  request.set_authority("rotherham");
  request.set_request_id(request_id);
  request.set_team_id(team_id);
  request.set_name("Team " + team_id);
  return request;
}

TEST_F(AllocationServiceTest, ReplacesATeamUnderItsEtagOnly) {
  v1::SetTeamRequest request = NewTeam("request-1", "team-1");
  request.add_functions(v1::PURPOSE_REVIEW);
  const auto first = Call(&v1::ReferralService::Stub::SetTeam, request);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->team().version(), 1);
  request.set_request_id("request-2");
  const auto without = Call(&v1::ReferralService::Stub::SetTeam, request);
  EXPECT_THAT(without, StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(CurrentEtagOf(without.status()), first->team().etag());
  request.set_etag(first->team().etag());
  request.clear_functions();
  const auto second = Call(&v1::ReferralService::Stub::SetTeam, request);
  ASSERT_THAT(second, IsOk());
  v1::GetTeamRequest get;
  get.set_authority("rotherham");
  get.set_team_id("team-1");
  const auto read = Call(&v1::ReferralService::Stub::GetTeam, get);
  ASSERT_THAT(read, IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(read->team(), second->team()));
  get.set_authority("wakefield");
  EXPECT_THAT(Call(&v1::ReferralService::Stub::GetTeam, get),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(AllocationServiceTest, ListsTeamsByNameInPages) {
  for (const char* name : {"c", "a", "b"}) {
    ASSERT_THAT(
        Call(&v1::ReferralService::Stub::SetTeam, NewTeam(std::string("request-") + name, name)),
        IsOk());
  }
  v1::ListTeamsRequest request;
  request.set_authority("rotherham");
  request.set_page_size(2);
  const auto first = Call(&v1::ReferralService::Stub::ListTeams, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->teams_size(), 2);
  EXPECT_EQ(first->teams(0).team_id(), "a");
  EXPECT_EQ(first->teams(1).team_id(), "b");
  request.set_page_token(first->next_page_token());
  const auto second = Call(&v1::ReferralService::Stub::ListTeams, request);
  ASSERT_THAT(second, IsOk());
  ASSERT_EQ(second->teams_size(), 1);
  EXPECT_TRUE(second->next_page_token().empty());
}

TEST_F(AllocationServiceTest, RecommendsAmongTheTeamsItKeeps) {
  const auto opened = Open(ValidRequest("request-1"));
  ASSERT_THAT(opened, IsOk());
  ASSERT_THAT(Call(&v1::ReferralService::Stub::SetTeam, NewTeam("request-2", "team-1")), IsOk());
  v1::RecommendTeamRequest request;
  request.set_authority("rotherham");
  request.set_referral_id(opened->referral().referral_id());
  const auto answer = Call(&v1::ReferralService::Stub::RecommendTeam, request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  ASSERT_EQ(answer->teams_size(), 1);
  EXPECT_EQ(answer->teams(0).team_id(), "team-1");
  request.set_referral_id("none");
  EXPECT_THAT(Call(&v1::ReferralService::Stub::RecommendTeam, request),
              StatusIs(absl::StatusCode::kNotFound));
}

v1::RequestReviewRequest NewReview(const std::string& request_id) {
  v1::RequestReviewRequest request;
  request.set_authority("rotherham");
  request.set_request_id(request_id);
  request.mutable_facts()->set_subject(v1::SUBJECT_PERSON);
  request.mutable_facts()->set_person_id("person-1");
  request.mutable_facts()->set_has_plan(ANSWER_YES);
  request.set_request("other days");
  return request;
}

TEST_F(AllocationServiceTest, RevisesAPlanOnlyAfterItsReview) {
  const auto requested = Call(&v1::ReferralService::Stub::RequestReview, NewReview("request-1"));
  ASSERT_THAT(requested, IsOk());
  EXPECT_EQ(requested->decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  v1::CheckPlanRevisionRequest check;
  check.set_authority("rotherham");
  check.set_review_id(requested->review().review_id());
  EXPECT_EQ(Call(&v1::ReferralService::Stub::CheckPlanRevision, check)->decision().outcome(),
            v1::OUTCOME_REFUSED);
  v1::CompleteReviewRequest complete;
  complete.set_authority("rotherham");
  complete.set_request_id("request-2");
  complete.set_review_id(requested->review().review_id());
  complete.set_etag(requested->review().etag());
  complete.set_findings("the plan fits no longer");
  const auto completed = Call(&v1::ReferralService::Stub::CompleteReview, complete);
  ASSERT_THAT(completed, IsOk());
  EXPECT_EQ(completed->review().status(), v1::REVIEW_STATUS_COMPLETED);
  EXPECT_EQ(Call(&v1::ReferralService::Stub::CheckPlanRevision, check)->decision().outcome(),
            v1::OUTCOME_PERMITTED);
  complete.set_request_id("request-3");
  EXPECT_THAT(Call(&v1::ReferralService::Stub::CompleteReview, complete),
              StatusIs(absl::StatusCode::kAborted));
  complete.set_request_id("request-4");
  complete.set_etag(completed->review().etag());
  EXPECT_THAT(Call(&v1::ReferralService::Stub::CompleteReview, complete),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  v1::GetReviewRequest get;
  get.set_authority("rotherham");
  get.set_review_id(check.review_id());
  const auto read = Call(&v1::ReferralService::Stub::GetReview, get);
  ASSERT_THAT(read, IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(read->review(), completed->review()));
  get.set_review_id("none");
  EXPECT_THAT(Call(&v1::ReferralService::Stub::GetReview, get),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(AllocationServiceTest, KeepsNoReviewWherePersonHasNoPlan) {
  v1::RequestReviewRequest request = NewReview("request-1");
  request.mutable_facts()->set_has_plan(ANSWER_NO);
  const auto refused = Call(&v1::ReferralService::Stub::RequestReview, request);
  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_FALSE(refused->has_review());
  EXPECT_EQ(Rows("SELECT COUNT(*) FROM review"), 0);
}

TEST_F(AllocationServiceTest, ListsReviewsOfAPersonInPages) {
  for (const char* id : {"request-1", "request-2", "request-3"}) {
    const auto requested = Call(&v1::ReferralService::Stub::RequestReview, NewReview(id));
    ASSERT_THAT(requested, IsOk());
    // Asked again before that it would be the same review.
    v1::CompleteReviewRequest complete;
    complete.set_authority("rotherham");
    complete.set_request_id(std::string("complete-") + id);
    complete.set_review_id(requested->review().review_id());
    complete.set_etag(requested->review().etag());
    complete.set_findings("the plan fits");
    ASSERT_THAT(Call(&v1::ReferralService::Stub::CompleteReview, complete), IsOk());
    now_ += absl::Seconds(1);
  }
  v1::ListReviewsRequest request;
  request.set_authority("rotherham");
  request.set_person_id("person-1");
  request.set_page_size(2);
  const auto first = Call(&v1::ReferralService::Stub::ListReviews, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->reviews_size(), 2);
  EXPECT_GT(first->reviews(0).requested_at().seconds(), first->reviews(1).requested_at().seconds());
  request.set_page_token(first->next_page_token());
  const auto second = Call(&v1::ReferralService::Stub::ListReviews, request);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->reviews_size(), 1);
  request.clear_page_token();
  request.set_person_id("person-2");
  EXPECT_EQ(Call(&v1::ReferralService::Stub::ListReviews, request)->reviews_size(), 0);
}

TEST_F(AllocationServiceTest, DecidesOnCasesAndEquipmentUnderThePolicy) {
  v1::DecideCaseTransferRequest transfer;
  transfer.set_authority("rotherham");
  transfer.mutable_facts()->set_subject(v1::SUBJECT_PERSON);
  const auto moved = Call(&v1::ReferralService::Stub::DecideCaseTransfer, transfer);
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->decision().outcome(), v1::OUTCOME_NOT_COVERED);
  v1::DecideEquipmentRequest equipment;
  equipment.set_authority("standard");
  equipment.mutable_facts()->set_most_proportionate(ANSWER_NO);
  const auto works = Call(&v1::ReferralService::Stub::DecideEquipment, equipment);
  ASSERT_THAT(works, IsOk());
  EXPECT_EQ(works->decision().outcome(), v1::OUTCOME_REFUSED);
  v1::DecideMaintenanceRequest upkeep;
  upkeep.set_authority("standard");
  upkeep.set_our_job(ANSWER_YES);
  const auto kept = Call(&v1::ReferralService::Stub::DecideMaintenance, upkeep);
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->decision().outcome(), v1::OUTCOME_PERMITTED);
  EXPECT_EQ(kept->decision().policy_version().authority(), "standard");
}

}  // namespace
}  // namespace asc::referral
