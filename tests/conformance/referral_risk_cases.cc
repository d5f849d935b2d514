// The cases of asc.referral.v1 about risk that is told with a referral, about people who may be
// one, and about communication needs.

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "asc/referral/v1/referral.grpc.pb.h"
#include "tests/conformance/records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

namespace v1 = asc::referral::v1;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

const char* const kRoute = "referral.route";
const char* const kWork = "referral.work";
const char* const kDue = "referral.due";
const char* const kJoint = "referral.joint";
const char* const kConcern = "referral.concern";

v1::ReferralService::Stub& Stub() {
  static const auto stub = v1::ReferralService::NewStub(TheSubject().channel);
  return *stub;
}

template <class Request, class Response>
using Rpc = grpc::Status (v1::ReferralService::Stub::*)(grpc::ClientContext*, const Request&,
                                                        Response*);

// The answer to a call that must succeed.
template <class Request, class Response>
Response Do(Rpc<Request, Response> rpc, const Request& request) {
  Response response;
  const grpc::Status status = (Stub().*rpc)(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << Request::descriptor()->name() << ": " << status.error_message();
  return response;
}

template <class Request, class Response>
grpc::StatusCode CodeOf(Rpc<Request, Response> rpc, const Request& request) {
  Response response;
  return (Stub().*rpc)(NewContext().get(), request, &response).error_code();
}

v1::OpenReferralResponse Open(const v1::OpenReferralRequest& request) {
  return Do(&v1::ReferralService::Stub::OpenReferral, request);
}

v1::Referral Opened() { return Open(LawfulReferral()).referral(); }

v1::Referral Accepted(const v1::OpenReferralRequest& opening) {
  return Do(&v1::ReferralService::Stub::AcceptReferral,
            About<v1::AcceptReferralRequest>(Open(opening).referral()))
      .referral();
}

v1::Referral Read(const std::string& referral_id) {
  v1::GetReferralRequest request;
  request.set_authority(TheSubject().authority);
  request.set_referral_id(referral_id);
  return Do(&v1::ReferralService::Stub::GetReferral, request).referral();
}

// A lawful referral of somebody new who is recognised by an NHS number.
v1::OpenReferralRequest RecognisedReferral() {
  v1::OpenReferralRequest request = LawfulReferral();
  request.mutable_details()->mutable_person()->set_nhs_number(FreshNhsNumber());
  return request;
}

v1::OpenReferralRequest InDanger() {
  v1::OpenReferralRequest request = LawfulReferral();
  v1::SafeguardingFacts& told = *request.mutable_details()->mutable_safeguarding();
  told.set_adult_concern(ANSWER_YES);
  told.set_imminent_danger_or_crime(ANSWER_YES);
  return request;
}

template <class Response>
void ExpectAdvice(const Response& answer) {
  ASSERT_EQ(answer.actions_size(), 2);
  EXPECT_EQ(answer.actions(0).kind(), v1::ACTION_KIND_CALL_999);
  EXPECT_NE(answer.actions(0).text().find("999"), std::string::npos);
  EXPECT_EQ(answer.actions(1).kind(), v1::ACTION_KIND_RAISE_CONCERN);
}

// A referral of somebody recognised by name, date of birth and postcode alone.
v1::OpenReferralRequest NamedReferral(const std::string& name) {
  v1::OpenReferralRequest request = LawfulReferral();
  request.mutable_details()->mutable_person()->set_full_name(name);
  request.mutable_details()->mutable_person()->set_born_on("1950-01-02");
  request.mutable_details()->mutable_person()->set_postcode("S60 1AE");
  return request;
}

constexpr char kNeed[] = "Uses British Sign Language";

v1::OpenReferralRequest WithNeed() {
  v1::OpenReferralRequest request = LawfulReferral();
  v1::Communication& communication = *request.mutable_details()->mutable_communication();
  communication.set_any(ANSWER_YES);
  communication.add_needs()->set_need(kNeed);
  return request;
}

template <class Record>
void ExpectNeed(const Record& record) {
  ASSERT_EQ(record.communication().needs_size(), 1) << Record::descriptor()->name();
  EXPECT_EQ(record.communication().needs(0).need(), kNeed);
}

// [referral.check.concern]
TEST(ReferralCheckConcern, IsAnsweredWhateverTheDecisionIs) {
  v1::CheckReferralRequest request;
  request.set_authority(TheSubject().authority);
  *request.mutable_details() = InDanger().details();
  ExpectAdvice(Do(&v1::ReferralService::Stub::CheckReferral, request));
  *request.mutable_details()->mutable_lawful_basis() = NoBasis();

  const auto refused = Do(&v1::ReferralService::Stub::CheckReferral, request);

  EXPECT_EQ(refused.decision().outcome(), v1::OUTCOME_REFUSED);
  ExpectAdvice(refused);
}

// [referral.open.concern]
TEST(ReferralOpenConcern, IsAnsweredFirstAndKept) {
  const auto opened = Open(InDanger());
  ExpectAdvice(opened);
  EXPECT_TRUE(Read(opened.referral().referral_id()).has_emergency_advised_at());
  v1::OpenReferralRequest unlawful = InDanger();
  *unlawful.mutable_details()->mutable_lawful_basis() = NoBasis();

  const auto refused = Open(unlawful);

  EXPECT_FALSE(refused.has_referral());
  ExpectAdvice(refused);
}

// [referral.open.danger]
TEST(ReferralOpenDanger, IsToldFirstOfAllWhenTheRequestIsRefused) {
  v1::OpenReferralRequest request = InDanger();
  request.mutable_details()->mutable_person()->set_postcode("not a postcode");
  v1::OpenReferralResponse response;

  const grpc::Status status = Stub().OpenReferral(NewContext().get(), request, &response);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  const std::string danger = "details.safeguarding.imminent_danger_or_crime";
  EXPECT_EQ(FieldsAtFault(status), (std::set<std::string>{danger, "details.person.postcode"}));
  EXPECT_EQ(status.error_message().rfind(danger, 0), 0u);
  EXPECT_NE(status.error_message().find("999"), std::string::npos);
}

// [referral.open.risk]
TEST(ReferralOpenRisk, CountsForTheOneThatIsOpenAlready) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest opening = RecognisedReferral();
  Open(opening);
  opening.set_request_id(FreshId("kit"));
  opening.mutable_details()->mutable_safeguarding()->set_adult_concern(ANSWER_YES);

  const auto again = Open(opening);

  EXPECT_TRUE(again.already_open());
  auto withdrawal = About<v1::WithdrawReferralRequest>(Read(again.referral().referral_id()));
  withdrawal.set_reason("opened by the kit");
  EXPECT_EQ(Do(&v1::ReferralService::Stub::WithdrawReferral, withdrawal).decision().outcome(),
            v1::OUTCOME_REFUSED);
}

// [referral.open.lookalike]
TEST(ReferralOpenLookalike, IsNamed) {
  const std::string name = "Invented " + FreshId("name");
  const auto first = Open(NamedReferral(name));

  const auto second = Open(NamedReferral(name));

  EXPECT_FALSE(second.already_open());
  ASSERT_EQ(second.possible_duplicates_size(), 1);
  EXPECT_EQ(second.possible_duplicates(0).referral_id(), first.referral().referral_id());
}

// [referral.update.concern]
TEST(ReferralUpdateConcern, IsAnsweredAndKept) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = About<v1::UpdateReferralRequest>(Opened());
  *request.mutable_details()->mutable_safeguarding() = InDanger().details().safeguarding();
  request.add_update_paths("safeguarding");

  const auto updated = Do(&v1::ReferralService::Stub::UpdateReferral, request);

  ExpectAdvice(updated);
  EXPECT_TRUE(Read(request.referral_id()).has_emergency_advised_at());
}

// [referral.withdraw.outcome]
TEST(ReferralWithdrawOutcome, IsThereForTheReturn) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = About<v1::WithdrawReferralRequest>(Opened());
  request.set_reason("opened by the kit");
  request.set_request_outcome(v1::REQUEST_OUTCOME_SUPPORT_DECLINED);

  Do(&v1::ReferralService::Stub::WithdrawReferral, request);

  const v1::StatutoryReturn statutory = Read(request.referral_id()).details().statutory_return();
  EXPECT_EQ(statutory.request_outcome(), v1::REQUEST_OUTCOME_SUPPORT_DECLINED);
  EXPECT_FALSE(statutory.concluded_on().empty());
  EXPECT_FALSE(statutory.requested_on().empty());
}

// [referral.complete.risk]
TEST(ReferralCompleteRisk, NeedsSomebodyWhoAnswersForItWhenNothingFollows) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest opening = LawfulReferral();
  opening.mutable_details()->mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
  auto request = About<v1::CompleteReferralRequest>(Accepted(opening));
  request.set_request_outcome(v1::REQUEST_OUTCOME_RECORD_ONLY);

  const auto refused = Do(&v1::ReferralService::Stub::CompleteReferral, request);

  EXPECT_EQ(refused.decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_NE(Read(request.referral_id()).status(), v1::REFERRAL_STATUS_COMPLETED);
  request.set_request_id(FreshId("kit"));
  AddOverride("R1", request);
  const auto answered = Do(&v1::ReferralService::Stub::CompleteReferral, request);
  EXPECT_EQ(answered.referral().status(), v1::REFERRAL_STATUS_COMPLETED);
  EXPECT_EQ(answered.referral().overrides_size(), 1);
}

// [referral.actions.override]
TEST(ReferralActionsOverride, IsSaidOfWithdrawingAndCompleting) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest opening = LawfulReferral();
  opening.mutable_details()->mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
  v1::ListAvailableActionsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_referral_id(Open(opening).referral().referral_id());

  const auto answer = Do(&v1::ReferralService::Stub::ListAvailableActions, request);

  for (const v1::AvailableAction& action : answer.actions()) {
    const bool closes = action.verb() == "withdraw" || action.verb() == "complete";
    EXPECT_EQ(action.override_rule_ids_size(), closes ? 1 : 0) << action.verb();
  }
}

// [referral.transfer.team]
TEST(ReferralTransferTeam, MustBeOneThatThereIs) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = About<v1::TransferReferralRequest>(Opened());
  request.set_to_team_id(FreshTeam() + "-misspelt");

  EXPECT_EQ(CodeOf(&v1::ReferralService::Stub::TransferReferral, request), grpc::INVALID_ARGUMENT);

  EXPECT_EQ(Read(request.referral_id()).etag(), request.etag());
}

// [referral.merge.duplicates]
TEST(ReferralMergeDuplicates, AreNamed) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  const v1::OpenReferralRequest one = LawfulReferral();
  const v1::OpenReferralRequest other = LawfulReferral();
  Open(one);
  Open(other);
  auto request = New<v1::MergePeopleRequest>();
  request.set_from_person_id(one.details().person().person_id());
  request.set_into_person_id(other.details().person().person_id());

  const auto merged = Do(&v1::ReferralService::Stub::MergePeople, request);

  EXPECT_EQ(merged.duplicates_size(), 2);
}

// [referral.list.communication]
TEST(ReferralListCommunication, IsFlagged) {
  const v1::OpenReferralRequest opening = WithNeed();
  Open(opening);
  v1::ListReferralsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_person_id(opening.details().person().person_id());

  const auto listed = Do(&v1::ReferralService::Stub::ListReferrals, request);

  ASSERT_EQ(listed.referrals_size(), 1);
  EXPECT_EQ(listed.referrals(0).communication_needs(), ANSWER_YES);
}

// [referral.joint.private]
TEST(ReferralJointPrivate, IsNotToldToOthers) {
  if (!Claims(kJoint)) GTEST_SKIP() << NotClaimed(kJoint);
  v1::OpenReferralRequest opening = WithNeed();
  v1::Communication& communication = *opening.mutable_details()->mutable_communication();
  communication.mutable_needs(0)->set_may_be_shared(ANSWER_NO);
  communication.add_needs()->set_need("Reads large print only");
  auto request = New<v1::RequestJointWorkRequest>();
  request.set_referral_id(Open(opening).referral().referral_id());
  request.set_with_whom("kit partner");
  request.set_nature("a joint visit");
  request.set_agreed(ANSWER_YES);
  const auto asked = Do(&v1::ReferralService::Stub::RequestJointWork, request);
  v1::GetJointWorkRequest get;
  get.set_authority(TheSubject().authority);
  get.set_joint_work_id(asked.joint_work().joint_work_id());

  const auto read = Do(&v1::ReferralService::Stub::GetJointWork, get);

  for (const v1::JointWork& work : {asked.joint_work(), read.joint_work()}) {
    ASSERT_EQ(work.communication().needs_size(), 1);
    EXPECT_EQ(work.communication().needs(0).need(), "Reads large print only");
  }
}

// [referral.all.communication]
TEST(ReferralAllCommunication, NeedsGoWithEveryRecordOfThePerson) {
  const v1::OpenReferralRequest opening = WithNeed();
  const std::string person_id = opening.details().person().person_id();
  Open(opening);
  if (Claims(kRoute)) {
    auto allocation = New<v1::SetAllocationRequest>();
    allocation.set_role(v1::ALLOCATION_ROLE_WORKER);
    allocation.set_person_id(person_id);
    allocation.set_worker_id(FreshId("worker"));
    ExpectNeed(Do(&v1::ReferralService::Stub::SetAllocation, allocation).allocation());
    v1::RouteContactRequest route;
    route.set_authority(TheSubject().authority);
    route.set_subject(CoveredSubject());
    route.set_channel(v1::CHANNEL_TELEPHONE);
    route.set_person_id(person_id);
    route.set_worker_id(allocation.worker_id());
    ExpectNeed(Do(&v1::ReferralService::Stub::RouteContact, route));
  }
  if (Claims(kDue)) {
    auto callback = New<v1::CreateCallBackRequest>();
    callback.set_person_id(person_id);
    callback.mutable_due_at()->set_seconds(4000000000);
    const auto promised = Do(&v1::ReferralService::Stub::CreateCallBack, callback);
    v1::GetCallBackRequest get;
    get.set_authority(TheSubject().authority);
    get.set_callback_id(promised.callback().callback_id());
    ExpectNeed(promised.callback());
    ExpectNeed(Do(&v1::ReferralService::Stub::GetCallBack, get).callback());
    auto custody = New<v1::RecordCustodyRequest>();
    custody.set_person_id(person_id);
    custody.set_channel(v1::CHANNEL_LETTER);
    custody.set_place_in_record("documents of the kit");
    ExpectNeed(Do(&v1::ReferralService::Stub::RecordCustody, custody).custody());
  }
  if (Claims(kConcern)) {
    auto concern = New<v1::RaiseConcernRequest>();
    concern.set_kind(v1::CONCERN_KIND_ADULT);
    concern.mutable_person()->set_person_id(person_id);
    ExpectNeed(Do(&v1::ReferralService::Stub::RaiseConcern, concern).concern());
  }
}

}  // namespace
}  // namespace asc::conformance
