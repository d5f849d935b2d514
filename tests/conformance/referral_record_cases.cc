// The cases of asc.referral.v1 about a referral's life and what hangs on it.

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "asc/referral/v1/referral.grpc.pb.h"
#include "tests/conformance/records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

namespace v1 = asc::referral::v1;
using google::protobuf::util::MessageDifferencer;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

const char* const kWork = "referral.work";
const char* const kDue = "referral.due";
const char* const kWaiting = "referral.waiting";
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

v1::Referral Accepted() { return Accepted(LawfulReferral()); }

v1::Referral Withdrawn(const v1::Referral& referral) {
  auto request = About<v1::WithdrawReferralRequest>(referral);
  request.set_reason("opened by the kit");
  return Do(&v1::ReferralService::Stub::WithdrawReferral, request).referral();
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

std::vector<std::string> Found(const v1::OpenReferralRequest& opening) {
  v1::FindOpenReferralsRequest request;
  request.set_authority(TheSubject().authority);
  *request.mutable_person() = opening.details().person();
  std::vector<std::string> ids;
  const auto found = Do(&v1::ReferralService::Stub::FindOpenReferrals, request);
  for (const auto& one : found.referrals()) {
    ids.push_back(one.referral_id());
  }
  return ids;
}

v1::TransferReferralRequest TransferOf(const v1::Referral& referral) {
  auto request = About<v1::TransferReferralRequest>(referral);
  request.set_to_team_id(FreshTeam());
  request.mutable_facts()->set_safeguarding_or_urgent(ANSWER_NO);
  request.mutable_facts()->set_longer_term_work(ANSWER_YES);
  request.mutable_facts()->set_may_lead_to_assessment(ANSWER_YES);
  request.mutable_facts()->set_advocacy_hold(ANSWER_NO);
  return request;
}

// Answers for every closed gate that may be passed; which those are. None where nothing was held.
template <class Response, class Request>
std::set<std::string> AddOverrides(const Response& held, Request& request) {
  std::set<std::string> passed;
  for (const v1::Gate& gate : held.gates()) {
    if (held.has_referral() || !gate.may_be_overridden() || gate.open() != ANSWER_NO) continue;
    AddOverride(gate.rule_id(), request);
    passed.insert(gate.rule_id());
  }
  return passed;
}

void ExpectKept(std::set<std::string> passed, const v1::Referral& referral) {
  for (const v1::Override& kept : referral.overrides()) {
    passed.erase(kept.rule_id());
    EXPECT_EQ(kept.decided_by(), "kit manager");
    EXPECT_EQ(kept.reason(), "tried by the kit");
  }
  EXPECT_TRUE(passed.empty());
}

// [referral.open.once]
TEST(ReferralOpenOnce, GivesBackTheOneThatIsOpenAlsoToManyAtOnce) {
  const v1::OpenReferralRequest opening = RecognisedReferral();
  std::vector<v1::OpenReferralResponse> answers(8);
  std::vector<std::thread> takers;

  for (auto& answer : answers) {
    takers.emplace_back([request = v1::OpenReferralRequest(opening), &answer]() mutable {
      request.set_request_id(FreshId("kit"));
      answer = Open(request);
    });
  }
  for (auto& taker : takers) taker.join();

  int opened = 0;
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.referral().referral_id(), answers[0].referral().referral_id());
    opened += answer.already_open() ? 0 : 1;
  }
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(Found(opening).size(), 1u);
}

// [referral.open.name]
TEST(ReferralOpenName, IsComparedByItsLetters) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest request = LawfulReferral();
  type::v1::PersonRef& person = *request.mutable_details()->mutable_person();
  const std::string family = person.person_id();
  person.clear_person_id();
  person.set_born_on("1941-02-03");
  person.set_postcode("S60 1AE");
  person.set_full_name("Zoë O'Neil " + family);
  const auto first = Open(request);

  for (const char* name : {"ZOË O’NEIL ", "zoe o'neil ", "Zoe\u0308  O-Neil "}) {
    request.set_request_id(FreshId("kit"));
    person.set_full_name(name + family);
    const auto again = Open(request);
    EXPECT_TRUE(again.already_open()) << name;
    EXPECT_EQ(again.referral().referral_id(), first.referral().referral_id()) << name;
  }
  request.set_request_id(FreshId("kit"));
  person.set_full_name("Zoë O'Neal " + family);
  EXPECT_FALSE(Open(request).already_open());
}

// [referral.find.open]
TEST(ReferralFindOpen, FindsWhatIsOpenOnly) {
  const v1::OpenReferralRequest opening = RecognisedReferral();
  const v1::Referral referral = Open(opening).referral();
  EXPECT_EQ(Found(opening), std::vector<std::string>{referral.referral_id()});
  if (!Claims(kWork)) return;

  Withdrawn(referral);

  EXPECT_TRUE(Found(opening).empty());
}

// [referral.update.person]
TEST(ReferralUpdatePerson, DoesNotMakeThePersonAnother) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  const v1::Referral referral = Opened();
  auto request = About<v1::UpdateReferralRequest>(referral);
  *request.mutable_details() = referral.details();
  request.mutable_details()->mutable_person()->set_person_id(FreshId("person"));
  request.mutable_details()->mutable_person()->set_full_name("Somebody Else");
  request.add_update_paths("person");

  EXPECT_EQ(CodeOf(&v1::ReferralService::Stub::UpdateReferral, request), grpc::INVALID_ARGUMENT);
  EXPECT_TRUE(MessageDifferencer::Equals(Read(referral.referral_id()), referral));
}

// [referral.update.paths]
TEST(ReferralUpdatePaths, ChangesWhatIsNamedOnly) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  const v1::Referral referral = Opened();
  auto request = About<v1::UpdateReferralRequest>(referral);
  *request.mutable_details() = referral.details();
  request.mutable_details()->mutable_person_view()->set_wish("named");
  request.mutable_details()->mutable_person_view()->set_issue("not named");
  request.add_update_paths("person_view.wish");

  const v1::Referral updated = Do(&v1::ReferralService::Stub::UpdateReferral, request).referral();

  v1::ReferralDetails expected = referral.details();
  expected.mutable_person_view()->set_wish("named");
  EXPECT_TRUE(MessageDifferencer::Equals(updated.details(), expected));
}

// [referral.update.decision]
TEST(ReferralUpdateDecision, FollowsTheDetailsAndLeavesItOpen) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = About<v1::UpdateReferralRequest>(Opened());
  v1::LawfulBasis& basis = *request.mutable_details()->mutable_lawful_basis();
  basis.set_made_by_the_person(ANSWER_NO);
  basis.mutable_consent()->set_given(ANSWER_NO);
  basis.mutable_best_interests()->set_decided(ANSWER_NO);
  basis.set_at_risk_of_abuse_or_neglect(ANSWER_NO);
  request.add_update_paths("lawful_basis");

  const auto answer = Do(&v1::ReferralService::Stub::UpdateReferral, request);

  EXPECT_EQ(answer.referral().status(), v1::REFERRAL_STATUS_OPENED);
  EXPECT_EQ(answer.referral().decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_TRUE(answer.referral().bases().empty());
}

// [referral.accept.status]
TEST(ReferralAcceptStatus, RefusesAVerbThatTheStatusDoesNotAllow) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  const v1::Referral accepted = Accepted();

  EXPECT_EQ(CodeOf(&v1::ReferralService::Stub::AcceptReferral,
                   About<v1::AcceptReferralRequest>(accepted)),
            grpc::FAILED_PRECONDITION);
  EXPECT_TRUE(MessageDifferencer::Equals(Read(accepted.referral_id()), accepted));
}

// [referral.return.reason]
TEST(ReferralReturnReason, IsDemandedAndGivenBack) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = About<v1::ReturnReferralRequest>(Accepted());
  EXPECT_EQ(CodeOf(&v1::ReferralService::Stub::ReturnReferral, request), grpc::INVALID_ARGUMENT);

  request.set_request_id(FreshId("kit"));
  request.set_reason(v1::RETURN_REASON_WRONG_TEAM);
  Do(&v1::ReferralService::Stub::ReturnReferral, request);

  EXPECT_EQ(Read(request.referral_id()).return_reason(), v1::RETURN_REASON_WRONG_TEAM);
}

// [referral.withdraw.risk]
TEST(ReferralWithdrawRisk, NeedsSomebodyWhoAnswersForIt) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest opening = LawfulReferral();
  opening.mutable_details()->mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
  auto request = About<v1::WithdrawReferralRequest>(Open(opening).referral());
  request.set_reason("no longer wanted");

  const auto answer = Do(&v1::ReferralService::Stub::WithdrawReferral, request);

  EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_NE(Read(request.referral_id()).status(), v1::REFERRAL_STATUS_WITHDRAWN);
}

// [referral.transfer.must]
TEST(ReferralTransferMust, HasNoOverride) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = TransferOf(Opened());
  request.mutable_facts()->set_advocacy_hold(ANSWER_YES);
  const auto held = Do(&v1::ReferralService::Stub::TransferReferral, request);
  // A procedure may let the advocacy referral go with the transfer.
  if (held.has_referral()) return;
  request.set_request_id(FreshId("kit"));
  int musts = 0;
  for (const v1::Gate& gate : held.gates()) {
    if (gate.strength() == type::v1::STRENGTH_MUST && gate.open() == ANSWER_NO) {
      EXPECT_FALSE(gate.may_be_overridden()) << gate.ShortDebugString();
      ++musts;
    }
    AddOverride(gate.rule_id(), request);
  }

  const auto answer = Do(&v1::ReferralService::Stub::TransferReferral, request);

  if (musts > 0) {
    EXPECT_NE(answer.decision().outcome(), v1::OUTCOME_PERMITTED);
    EXPECT_FALSE(answer.has_referral());
  }
}

// [referral.transfer.override]
TEST(ReferralTransferOverride, IsKeptWithWhoAndWhy) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest opening = LawfulReferral();
  opening.mutable_details()->mutable_prevention()->set_all_explored(ANSWER_NO);
  opening.mutable_details()->mutable_information()->set_finance_information_given(ANSWER_NO);
  opening.mutable_details()->mutable_residence()->set_ordinarily_resident_here(ANSWER_YES);
  auto request = TransferOf(Open(opening).referral());
  const auto held = Do(&v1::ReferralService::Stub::TransferReferral, request);
  const std::set<std::string> passed = AddOverrides(held, request);
  if (passed.empty()) return;
  request.set_request_id(FreshId("kit"));

  const auto answer = Do(&v1::ReferralService::Stub::TransferReferral, request);

  ASSERT_TRUE(answer.has_referral()) << answer.ShortDebugString();
  ExpectKept(passed, Read(answer.referral().referral_id()));
}

v1::UndertakeLongTermSupportRequest UndertakingOf(const v1::Referral& referral) {
  auto request = About<v1::UndertakeLongTermSupportRequest>(referral);
  request.mutable_facts()->set_advocacy_hold(ANSWER_NO);
  return request;
}

// [referral.undertake.must]
TEST(ReferralUndertakeMust, HasNoOverride) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = UndertakingOf(Accepted());
  request.mutable_facts()->set_advocacy_hold(ANSWER_YES);
  const auto held = Do(&v1::ReferralService::Stub::UndertakeLongTermSupport, request);
  request.set_request_id(FreshId("kit"));
  int musts = 0;
  for (const v1::Gate& gate : held.gates()) {
    const bool must = gate.strength() == type::v1::STRENGTH_MUST && gate.open() == ANSWER_NO;
    EXPECT_FALSE(must && gate.may_be_overridden()) << gate.ShortDebugString();
    musts += must ? 1 : 0;
    AddOverride(gate.rule_id(), request);
  }
  ASSERT_GT(musts, 0) << held.ShortDebugString();

  const auto answer = Do(&v1::ReferralService::Stub::UndertakeLongTermSupport, request);

  EXPECT_NE(answer.decision().outcome(), v1::OUTCOME_PERMITTED);
  EXPECT_FALSE(Read(request.referral_id()).has_long_term_support_at());
}

// [referral.undertake.override]
TEST(ReferralUndertakeOverride, IsKeptWithWhoAndWhy) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest opening = LawfulReferral();
  opening.mutable_details()->mutable_prevention()->set_all_explored(ANSWER_NO);
  auto request = UndertakingOf(Accepted(opening));
  const auto held = Do(&v1::ReferralService::Stub::UndertakeLongTermSupport, request);
  ASSERT_FALSE(held.gates().empty());
  // Where prevention comes before providing, nothing passes it.
  const std::set<std::string> passed = AddOverrides(held, request);
  if (passed.empty()) return;
  request.set_request_id(FreshId("kit"));

  const auto answer = Do(&v1::ReferralService::Stub::UndertakeLongTermSupport, request);

  ASSERT_TRUE(answer.has_referral()) << answer.ShortDebugString();
  const v1::Referral read = Read(answer.referral().referral_id());
  EXPECT_TRUE(read.has_long_term_support_at());
  EXPECT_EQ(read.status(), v1::REFERRAL_STATUS_ACCEPTED);
  ExpectKept(passed, read);
}

// [referral.allocate.begins]
TEST(ReferralAllocateBegins, NamesTheAllocation) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  const v1::Referral referral = Accepted();
  auto request = About<v1::AllocateReferralRequest>(referral);
  request.set_worker_id(FreshId("worker"));

  const auto answer = Do(&v1::ReferralService::Stub::AllocateReferral, request);

  EXPECT_EQ(answer.allocation().worker_id(), request.worker_id());
  EXPECT_EQ(answer.allocation().person_id(), referral.details().person().person_id());
  EXPECT_EQ(answer.referral().allocation_id(), answer.allocation().allocation_id());
  EXPECT_FALSE(answer.allocation().allocation_id().empty());
}

// [referral.allocate.again]
TEST(ReferralAllocateAgain, EndsTheEarlierAllocation) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = About<v1::AllocateReferralRequest>(Accepted());
  request.set_worker_id(FreshId("worker"));
  const auto first = Do(&v1::ReferralService::Stub::AllocateReferral, request);
  auto again = About<v1::AllocateReferralRequest>(first.referral());
  again.set_worker_id(FreshId("worker"));

  const auto second = Do(&v1::ReferralService::Stub::AllocateReferral, again);

  EXPECT_EQ(second.referral().worker_id(), again.worker_id());
  v1::GetAllocationRequest get;
  get.set_authority(TheSubject().authority);
  get.set_allocation_id(first.allocation().allocation_id());
  EXPECT_TRUE(Do(&v1::ReferralService::Stub::GetAllocation, get).allocation().has_ended_at());
}

// [referral.allocation.returned]
TEST(ReferralAllocationReturned, PutsTheReferralBackToAccepted) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = About<v1::AllocateReferralRequest>(Accepted());
  request.set_worker_id(FreshId("worker"));
  const auto allocated = Do(&v1::ReferralService::Stub::AllocateReferral, request);
  auto end = New<v1::EndAllocationRequest>();
  end.set_allocation_id(allocated.allocation().allocation_id());
  end.set_etag(allocated.allocation().etag());

  Do(&v1::ReferralService::Stub::EndAllocation, end);

  const v1::Referral referral = Read(request.referral_id());
  EXPECT_EQ(referral.status(), v1::REFERRAL_STATUS_ACCEPTED);
  EXPECT_EQ(referral.worker_id(), "");
}

// [referral.complete.outcome]
TEST(ReferralCompleteOutcome, IsDemandedAndKept) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = About<v1::CompleteReferralRequest>(Accepted());
  EXPECT_EQ(CodeOf(&v1::ReferralService::Stub::CompleteReferral, request), grpc::INVALID_ARGUMENT);

  request.set_request_id(FreshId("kit"));
  request.set_request_outcome(v1::REQUEST_OUTCOME_INFORMATION_AND_ADVICE);
  Do(&v1::ReferralService::Stub::CompleteReferral, request);

  EXPECT_EQ(Read(request.referral_id()).details().statutory_return().request_outcome(),
            v1::REQUEST_OUTCOME_INFORMATION_AND_ADVICE);
}

// [referral.complete.named]
TEST(ReferralCompleteNamed, LeavesTheAllocationToTheOtherThatStandsOnIt) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  const v1::OpenReferralRequest opening = LawfulReferral();
  v1::OpenReferralRequest other = opening;
  other.set_request_id(FreshId("kit"));
  other.mutable_details()->set_purpose(v1::PURPOSE_EQUIPMENT);
  const std::string worker = FreshId("worker");
  const auto allocate = [&worker](const v1::OpenReferralRequest& open) {
    auto request = About<v1::AllocateReferralRequest>(
        Do(&v1::ReferralService::Stub::AcceptReferral,
           About<v1::AcceptReferralRequest>(Open(open).referral()))
            .referral());
    request.set_worker_id(worker);
    return Do(&v1::ReferralService::Stub::AllocateReferral, request).referral();
  };
  const v1::Referral first = allocate(opening);
  const v1::Referral second = allocate(other);
  auto complete = About<v1::CompleteReferralRequest>(first);
  complete.set_request_outcome(v1::REQUEST_OUTCOME_INFORMATION_AND_ADVICE);

  Do(&v1::ReferralService::Stub::CompleteReferral, complete);

  v1::GetAllocationRequest get;
  get.set_authority(TheSubject().authority);
  get.set_allocation_id(first.allocation_id());
  const auto kept = Do(&v1::ReferralService::Stub::GetAllocation, get).allocation();
  EXPECT_EQ(kept.referral_id(), second.referral_id());
  EXPECT_FALSE(kept.has_ended_at());
}

// [referral.reopen.kept]
TEST(ReferralReopenKept, HoldsWhatWasGathered) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest opening = LawfulReferral();
  opening.mutable_details()->mutable_person_view()->set_wish("to stay at home");
  auto request = About<v1::ReopenReferralRequest>(Withdrawn(Open(opening).referral()));
  request.set_reason("wanted after all");

  const v1::Referral reopened = Do(&v1::ReferralService::Stub::ReopenReferral, request).referral();

  EXPECT_EQ(reopened.status(), v1::REFERRAL_STATUS_OPENED);
  EXPECT_EQ(reopened.details().person_view().wish(), "to stay at home");
}

// [referral.actions.all]
TEST(ReferralActionsAll, HoldsEachVerbOnceWithAReasonWhereItIsNotPossible) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::ListAvailableActionsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_referral_id(Opened().referral_id());

  const auto answer = Do(&v1::ReferralService::Stub::ListAvailableActions, request);

  std::multiset<std::string> verbs;
  for (const auto& action : answer.actions()) {
    verbs.insert(action.verb());
    EXPECT_EQ(action.possible(), action.reasons().empty()) << action.verb();
  }
  std::vector<std::string> expected = {"update",        "accept",
                                       "return",        "withdraw",
                                       "transfer",      "allocate",
                                       "complete",      "reopen",
                                       "repin",         "recordDestination",
                                       "endAllocation", "undertakeLongTermSupport"};
  if (Claims(kWaiting)) expected.insert(expected.end(), {"setPriority", "recordMonitoring"});
  for (const std::string& verb : expected) EXPECT_EQ(verbs.count(verb), 1u) << verb;
}

// [referral.history.gapless]
TEST(ReferralHistoryGapless, TellsEveryVersion) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::ListReferralVersionsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_referral_id(Withdrawn(Accepted()).referral_id());
  request.set_page_size(2);
  std::vector<std::int64_t> versions;

  do {
    const auto page = Do(&v1::ReferralService::Stub::ListReferralVersions, request);
    for (const auto& version : page.versions()) versions.push_back(version.version());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && versions.size() < 10);

  EXPECT_EQ(versions, (std::vector<std::int64_t>{1, 2, 3}));
}

// [referral.history.ranking]
TEST(ReferralHistoryRanking, TellsHowAReferralWasRankedBefore) {
  if (!Claims(kWork) || !Claims(kWaiting)) GTEST_SKIP() << NotClaimed(kWaiting);
  auto request = About<v1::SetPriorityFactorsRequest>(Accepted());
  request.mutable_factors()->set_risk(v1::LEVEL_LOW);
  const auto low = Do(&v1::ReferralService::Stub::SetPriorityFactors, request);
  request.set_request_id(FreshId("kit"));
  request.set_etag(low.referral().etag());
  request.mutable_factors()->set_risk(v1::LEVEL_HIGH);
  request.set_reason("a fall at night");
  const auto high = Do(&v1::ReferralService::Stub::SetPriorityFactors, request);
  v1::ListReferralVersionsRequest list;
  list.set_authority(TheSubject().authority);
  list.set_referral_id(high.referral().referral_id());

  const auto history = Do(&v1::ReferralService::Stub::ListReferralVersions, list);

  ASSERT_EQ(history.versions_size(), 4);
  EXPECT_FALSE(history.versions(0).has_ranking());
  const v1::RankingChange& before = history.versions(2).ranking();
  const v1::RankingChange& last = history.versions(3).ranking();
  EXPECT_EQ(before.factors().risk(), v1::LEVEL_LOW);
  EXPECT_EQ(before.points(), low.entry().points());
  EXPECT_EQ(last.factors_before().risk(), v1::LEVEL_LOW);
  EXPECT_EQ(last.points_before(), low.entry().points());
  EXPECT_EQ(last.points(), high.entry().points());
  EXPECT_EQ(last.reason(), "a fall at night");
}

// [referral.history.notes]
TEST(ReferralHistoryNotes, TellsWhatWasSaidBefore) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto back = About<v1::ReturnReferralRequest>(Opened());
  back.set_reason(v1::RETURN_REASON_WRONG_TEAM);
  back.set_note("said with the return");
  const auto returned = Do(&v1::ReferralService::Stub::ReturnReferral, back);
  Withdrawn(returned.referral());
  v1::ListReferralVersionsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_referral_id(back.referral_id());

  const auto answer = Do(&v1::ReferralService::Stub::ListReferralVersions, request);

  ASSERT_EQ(answer.versions_size(), 3);
  EXPECT_EQ(answer.versions(1).note(), back.note());
  EXPECT_EQ(answer.versions(2).note(), "opened by the kit");
}

// [referral.history.standing]
TEST(ReferralHistoryStanding, TellsWhyItCameBackAndWhatCameOfIt) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest opening = LawfulReferral();
  opening.set_team_id(FreshTeam());
  auto back = About<v1::ReturnReferralRequest>(Open(opening).referral());
  back.set_reason(v1::RETURN_REASON_DUPLICATE);
  auto moved = TransferOf(Do(&v1::ReferralService::Stub::ReturnReferral, back).referral());
  moved.mutable_facts()->set_safeguarding_or_urgent(ANSWER_YES);
  const auto transferred = Do(&v1::ReferralService::Stub::TransferReferral, moved);
  ASSERT_TRUE(transferred.has_referral()) << transferred.ShortDebugString();
  auto done = About<v1::CompleteReferralRequest>(
      Do(&v1::ReferralService::Stub::AcceptReferral,
         About<v1::AcceptReferralRequest>(transferred.referral()))
          .referral());
  done.set_request_outcome(v1::REQUEST_OUTCOME_ASSESSMENT);
  auto again = About<v1::ReopenReferralRequest>(
      Do(&v1::ReferralService::Stub::CompleteReferral, done).referral());
  again.set_reason("opened by the kit");
  Do(&v1::ReferralService::Stub::ReopenReferral, again);
  v1::ListReferralVersionsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_referral_id(back.referral_id());

  const auto answer = Do(&v1::ReferralService::Stub::ListReferralVersions, request);

  ASSERT_EQ(answer.versions_size(), 6);
  EXPECT_EQ(answer.versions(0).status(), v1::REFERRAL_STATUS_OPENED);
  EXPECT_EQ(answer.versions(0).team_id(), opening.team_id());
  EXPECT_EQ(answer.versions(1).return_reason(), v1::RETURN_REASON_DUPLICATE);
  EXPECT_EQ(answer.versions(2).team_id(), moved.to_team_id());
  EXPECT_EQ(answer.versions(3).status(), v1::REFERRAL_STATUS_ACCEPTED);
  EXPECT_EQ(answer.versions(4).request_outcome(), v1::REQUEST_OUTCOME_ASSESSMENT);
  EXPECT_EQ(answer.versions(5).status(), v1::REFERRAL_STATUS_OPENED);
  EXPECT_EQ(answer.versions(5).request_outcome(), v1::REQUEST_OUTCOME_UNSPECIFIED);
}

// [referral.handover.needs]
TEST(ReferralHandoverNeeds, AreInThePack) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest opening = LawfulReferral();
  opening.mutable_details()->mutable_communication()->set_any(ANSWER_YES);
  opening.mutable_details()->mutable_communication()->add_needs()->set_need("large print");
  v1::GetHandoverPackRequest request;
  request.set_authority(TheSubject().authority);
  request.set_referral_id(Open(opening).referral().referral_id());

  const auto pack = Do(&v1::ReferralService::Stub::GetHandoverPack, request);

  EXPECT_TRUE(MessageDifferencer::Equals(pack.communication(), opening.details().communication()));
  EXPECT_EQ(pack.referral().referral_id(), request.referral_id());
}

// [referral.repin.changes]
TEST(ReferralRepinChanges, ListsNothingUnderTheSamePolicy) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  const v1::Referral referral = Opened();
  auto request = About<v1::RepinReferralRequest>(referral);
  request.set_policy_hash(referral.decision().policy_version().hash());

  const auto answer = Do(&v1::ReferralService::Stub::RepinReferral, request);

  EXPECT_TRUE(answer.changes().empty()) << answer.ShortDebugString();
  EXPECT_EQ(answer.referral().decision().policy_version().hash(), request.policy_hash());
}

// [referral.merge.both]
TEST(ReferralMergeBoth, FindsTheRecordsOfBothByEither) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = New<v1::MergePeopleRequest>();
  request.set_from_person_id(Opened().details().person().person_id());
  request.set_into_person_id(Opened().details().person().person_id());

  Do(&v1::ReferralService::Stub::MergePeople, request);

  for (const std::string& person : {request.from_person_id(), request.into_person_id()}) {
    v1::ListReferralsRequest list;
    list.set_authority(TheSubject().authority);
    list.set_person_id(person);
    EXPECT_EQ(Do(&v1::ReferralService::Stub::ListReferrals, list).referrals_size(), 2);
  }
}

// [referral.merge.named]
TEST(ReferralMergeNamed, GivesAReferrerBackUnderTheReferenceKept) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest opening = LawfulReferral();
  v1::ReferralDetails& details = *opening.mutable_details();
  details.mutable_lawful_basis()->set_made_by_the_person(ANSWER_NO);
  details.mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
  auto request = New<v1::MergePeopleRequest>();
  request.set_from_person_id(FreshId("neighbour"));
  request.set_into_person_id(FreshId("neighbour"));
  details.mutable_referrer()->set_person_id(request.from_person_id());
  const v1::Referral referral = Open(opening).referral();

  Do(&v1::ReferralService::Stub::MergePeople, request);

  const v1::Referral read = Read(referral.referral_id());
  EXPECT_EQ(read.details().referrer().person_id(), request.into_person_id());
  EXPECT_EQ(read.details().person().person_id(), details.person().person_id());
}

// [referral.destination.risk]
TEST(ReferralDestinationRisk, IsWarnedOf) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = About<v1::RecordDestinationRequest>(Opened());
  request.mutable_destination()->set_agreement("the kit's team");
  request.mutable_destination()->set_waiting_adds_risk(ANSWER_NO);
  const auto calm = Do(&v1::ReferralService::Stub::RecordDestination, request);
  request.set_request_id(FreshId("kit"));
  request.set_etag(calm.referral().etag());
  request.mutable_destination()->set_waiting_adds_risk(ANSWER_YES);

  const auto warned = Do(&v1::ReferralService::Stub::RecordDestination, request);

  EXPECT_GT(warned.decision().reasons_size(), calm.decision().reasons_size());
}

// [referral.destination.views]
TEST(ReferralDestinationViews, KeepsTheViewsOfServicesThatAreNotNamed) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  auto request = About<v1::RecordDestinationRequest>(Opened());
  const auto say = [&request](const char* team, const char* view) {
    request.set_request_id(FreshId("kit"));
    request.mutable_destination()->clear_service_views();
    auto& said = *request.mutable_destination()->add_service_views();
    said.set_team_id(team);
    said.set_view(view);
    const auto answer = Do(&v1::ReferralService::Stub::RecordDestination, request);
    request.set_etag(answer.referral().etag());
    return answer.referral().destination();
  };
  say("team-1", "It is for others.");
  say("team-2", "We can help.");

  const v1::Destination destination = say("team-1", "We agree.");

  ASSERT_EQ(destination.service_views_size(), 2);
  EXPECT_EQ(destination.service_views(0).view(), "We agree.");
  EXPECT_EQ(destination.service_views(1).view(), "We can help.");
}

// [referral.merge.follow]
TEST(ReferralMergeFollow, GivesPromisesAndReferralsBackUnderTheReferenceKept) {
  if (!Claims(kWork) || !Claims(kDue)) GTEST_SKIP() << NotClaimed(kDue);
  const v1::Referral referral = Opened();
  auto request = New<v1::MergePeopleRequest>();
  request.set_from_person_id(referral.details().person().person_id());
  request.set_into_person_id(FreshId("person"));
  auto promise = New<v1::CreateCallBackRequest>();
  promise.set_person_id(request.from_person_id());
  // Far in the future, so that it comes late in a list that others read too.
  promise.mutable_due_at()->set_seconds(4000000000);
  v1::GetCallBackRequest get;
  get.set_authority(TheSubject().authority);
  get.set_callback_id(
      Do(&v1::ReferralService::Stub::CreateCallBack, promise).callback().callback_id());
  v1::GetReferralRequest read;
  read.set_authority(TheSubject().authority);
  read.set_referral_id(referral.referral_id());

  Do(&v1::ReferralService::Stub::MergePeople, request);

  EXPECT_EQ(Do(&v1::ReferralService::Stub::GetCallBack, get).callback().person_id(),
            request.into_person_id());
  EXPECT_EQ(
      Do(&v1::ReferralService::Stub::GetReferral, read).referral().details().person().person_id(),
      request.into_person_id());
}

// [referral.callback.due]
TEST(ReferralCallbackDue, IsListedUntilItIsClosed) {
  if (!Claims(kDue)) GTEST_SKIP() << NotClaimed(kDue);
  auto request = New<v1::CreateCallBackRequest>();
  request.set_person_id(FreshId("person"));
  // Long past, so that it comes early in a list that others fill too.
  request.mutable_due_at()->set_seconds(1);
  const v1::CallBack promised = Do(&v1::ReferralService::Stub::CreateCallBack, request).callback();
  const auto listed = [&promised] {
    v1::ListDueRequest list;
    list.set_authority(TheSubject().authority);
    list.mutable_due_until()->set_seconds(1);
    list.set_page_size(200);
    do {
      const auto page = Do(&v1::ReferralService::Stub::ListDue, list);
      for (const auto& item : page.items()) {
        if (item.record_id() == promised.callback_id()) return true;
      }
      list.set_page_token(page.next_page_token());
    } while (!list.page_token().empty());
    return false;
  };
  EXPECT_TRUE(listed());

  auto close = New<v1::CloseCallBackRequest>();
  close.set_callback_id(promised.callback_id());
  close.set_etag(promised.etag());
  Do(&v1::ReferralService::Stub::CloseCallBack, close);

  EXPECT_FALSE(listed());
}

// [referral.custody.channel]
TEST(ReferralCustodyChannel, IsOneThatThePolicyAllows) {
  if (!Claims(kDue)) GTEST_SKIP() << NotClaimed(kDue);
  auto record = New<v1::RecordCustodyRequest>();
  record.set_channel(v1::CHANNEL_LETTER);
  record.set_place_in_record("the kit's drawer");
  const v1::Custody held = Do(&v1::ReferralService::Stub::RecordCustody, record).custody();
  auto update = New<v1::UpdateCustodyRequest>();
  update.set_custody_id(held.custody_id());
  update.set_etag(held.etag());
  update.set_state(v1::CUSTODY_STATE_SENT_ON);
  // A message is no way for an original.
  update.set_sent_by(v1::SECURE_CHANNEL_MESSAGE_WITH_LINK);

  const auto answer = Do(&v1::ReferralService::Stub::UpdateCustody, update);

  EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_REFUSED);
  v1::GetCustodyRequest get;
  get.set_authority(TheSubject().authority);
  get.set_custody_id(held.custody_id());
  EXPECT_TRUE(
      MessageDifferencer::Equals(Do(&v1::ReferralService::Stub::GetCustody, get).custody(), held));
}

// [referral.due.order]
TEST(ReferralDueOrder, IsByTimeThenById) {
  if (!Claims(kDue)) GTEST_SKIP() << NotClaimed(kDue);
  for (const int second : {30, 10, 20, 10}) {
    auto request = New<v1::CreateCallBackRequest>();
    request.set_person_id(FreshId("person"));
    request.mutable_due_at()->set_seconds(second);
    Do(&v1::ReferralService::Stub::CreateCallBack, request);
  }
  v1::ListDueRequest list;
  list.set_authority(TheSubject().authority);
  list.mutable_due_until()->set_seconds(30);
  list.set_page_size(3);
  std::vector<std::pair<std::int64_t, std::string>> rows;

  do {
    const auto page = Do(&v1::ReferralService::Stub::ListDue, list);
    for (const auto& item : page.items()) {
      rows.emplace_back(item.due_at().seconds(), item.record_id());
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());

  EXPECT_GE(rows.size(), 4u);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end()));
}

// [referral.due.communication]
TEST(ReferralDueCommunication, IsListedUntilALaterDayIsSet) {
  if (!Claims(kWork) || !Claims(kDue)) GTEST_SKIP() << NotClaimed(kDue);
  v1::OpenReferralRequest opening = LawfulReferral();
  v1::Communication& communication = *opening.mutable_details()->mutable_communication();
  communication.set_any(ANSWER_YES);
  communication.add_needs()->set_need("reads large print only");
  // Long past, so that it comes early in a list that others fill too.
  communication.mutable_needs(0)->set_review_on("1971-05-06");
  const v1::Referral referral = Open(opening).referral();
  const auto kinds = [&referral] {
    std::vector<std::string> found;
    v1::ListDueRequest list;
    list.set_authority(TheSubject().authority);
    // The end of 1971.
    list.mutable_due_until()->set_seconds(63071999);
    list.set_page_size(200);
    do {
      const auto page = Do(&v1::ReferralService::Stub::ListDue, list);
      for (const auto& item : page.items()) {
        if (item.record_id() == referral.referral_id()) found.push_back(item.kind());
      }
      list.set_page_token(page.next_page_token());
    } while (!list.page_token().empty());
    return found;
  };
  EXPECT_EQ(kinds(), std::vector<std::string>{"communication_review"});

  auto update = About<v1::UpdateReferralRequest>(referral);
  update.add_update_paths("communication");
  communication.mutable_needs(0)->set_review_on("2190-01-01");
  *update.mutable_details()->mutable_communication() = communication;
  Do(&v1::ReferralService::Stub::UpdateReferral, update);

  EXPECT_EQ(kinds(), std::vector<std::string>{});
}

// [referral.waiting.explained]
TEST(ReferralWaitingExplained, SumsItsShares) {
  if (!Claims(kWaiting)) GTEST_SKIP() << NotClaimed(kWaiting);
  auto request = About<v1::SetPriorityFactorsRequest>(Opened());
  request.mutable_factors()->set_risk(v1::LEVEL_HIGH);
  request.mutable_factors()->set_need(v1::LEVEL_LOW);

  const auto answer = Do(&v1::ReferralService::Stub::SetPriorityFactors, request);

  int sum = 0;
  for (const auto& share : answer.entry().shares()) sum += share.points();
  EXPECT_EQ(answer.entry().points(), sum);
  EXPECT_TRUE(answer.entry().shares_size() == 0 || answer.entry().shares_size() == 6);
}

// A referral that waits for allocation, with so great a risk.
v1::WaitingEntry Waiting(v1::Level risk) {
  auto request = About<v1::SetPriorityFactorsRequest>(Accepted());
  request.mutable_factors()->set_risk(risk);
  return Do(&v1::ReferralService::Stub::SetPriorityFactors, request).entry();
}

// The waiting list followed to its end.
std::vector<v1::WaitingEntry> WaitingList() {
  v1::ListWaitingRequest request;
  request.set_authority(TheSubject().authority);
  request.set_page_size(200);
  std::vector<v1::WaitingEntry> entries;
  do {
    const auto page = Do(&v1::ReferralService::Stub::ListWaiting, request);
    entries.insert(entries.end(), page.entries().begin(), page.entries().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return entries;
}

// [referral.waiting.order]
TEST(ReferralWaitingOrder, IsTheSameEachTimeAndByPointsThenTime) {
  if (!Claims(kWaiting)) GTEST_SKIP() << NotClaimed(kWaiting);
  Waiting(v1::LEVEL_LOW);
  const std::string pressing = Waiting(v1::LEVEL_HIGH).referral().referral_id();
  Waiting(v1::LEVEL_LOW);

  const std::vector<v1::WaitingEntry> first = WaitingList();
  const std::vector<v1::WaitingEntry> second = WaitingList();

  ASSERT_EQ(first.size(), second.size());
  EXPECT_GE(first.size(), 3u);
  bool listed = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_TRUE(MessageDifferencer::Equals(first[i], second[i]));
    listed |= first[i].referral().referral_id() == pressing;
    if (i == 0) continue;
    EXPECT_GE(first[i - 1].points(), first[i].points());
    if (first[i - 1].points() != first[i].points()) continue;
    EXPECT_LE(first[i - 1].waiting_since().seconds(), first[i].waiting_since().seconds());
  }
  EXPECT_TRUE(listed);
}

// [referral.list.order]
TEST(ReferralListOrder, IsNewestOrMostPressingOrSoonestFirst) {
  if (!Claims(kWork) || !Claims(kWaiting)) GTEST_SKIP() << NotClaimed(kWaiting);
  const std::string team = FreshTeam();
  const v1::Level levels[] = {v1::LEVEL_LOW, v1::LEVEL_HIGH, v1::LEVEL_MEDIUM};
  std::vector<std::string> opened;
  for (int i = 0; i < 3; ++i) {
    v1::OpenReferralRequest opening = LawfulReferral();
    opening.set_team_id(team);
    const v1::Referral referral = Open(opening).referral();
    const auto accepted =
        Do(&v1::ReferralService::Stub::AcceptReferral, About<v1::AcceptReferralRequest>(referral));
    auto priority = About<v1::SetPriorityFactorsRequest>(accepted.referral());
    priority.mutable_factors()->set_risk(levels[i]);
    const auto ranked = Do(&v1::ReferralService::Stub::SetPriorityFactors, priority);
    auto monitor = About<v1::RecordMonitoringRequest>(ranked.referral());
    monitor.set_note("as before");
    // The one opened last is looked at again first.
    monitor.mutable_monitor_at()->set_seconds(4000000000 - i);
    Do(&v1::ReferralService::Stub::RecordMonitoring, monitor);
    opened.push_back(referral.referral_id());
  }
  v1::ListWaitingRequest waiting;
  waiting.set_authority(TheSubject().authority);
  waiting.set_team_id(team);
  std::vector<std::string> pressing;
  const auto all = Do(&v1::ReferralService::Stub::ListWaiting, waiting);
  for (const auto& entry : all.entries()) {
    pressing.push_back(entry.referral().referral_id());
  }
  v1::ListReferralsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_team_id(team);
  const auto ids = [&request] {
    std::vector<std::string> listed;
    const auto page = Do(&v1::ReferralService::Stub::ListReferrals, request);
    for (const auto& row : page.referrals()) listed.push_back(row.referral_id());
    return listed;
  };

  const auto newest = ids();
  request.set_priority_points_min(0);
  const auto by_priority = ids();
  request.clear_priority_points_min();
  request.mutable_due_before()->set_seconds(4000000000);
  const auto soonest = ids();

  EXPECT_EQ(newest, (std::vector<std::string>{opened[2], opened[1], opened[0]}));
  EXPECT_EQ(by_priority, pressing);
  // What is due at the very time is not due before it.
  EXPECT_EQ(soonest, (std::vector<std::string>{opened[2], opened[1]}));
}

// The answer for a referral and a team of one worker with and one without skills.
v1::RecommendWorkerResponse RecommendOfTwo() {
  const std::string team = FreshTeam();
  for (const bool skilled : {true, false}) {
    auto skills = New<v1::SetWorkerSkillsRequest>();
    skills.set_worker_id(FreshId("worker"));
    skills.set_team_id(team);
    if (skilled) skills.add_functions(v1::PURPOSE_ASSESSMENT);
    Do(&v1::ReferralService::Stub::SetWorkerSkills, skills);
  }
  v1::RecommendWorkerRequest request;
  request.set_authority(TheSubject().authority);
  request.set_referral_id(Opened().referral_id());
  request.set_team_id(team);
  return Do(&v1::ReferralService::Stub::RecommendWorker, request);
}

// [referral.recommendworker.cited]
TEST(ReferralRecommendworkerCited, CitesThePlaceOfEachCriterion) {
  if (!Claims(kWaiting)) GTEST_SKIP() << NotClaimed(kWaiting);

  const auto answer = RecommendOfTwo();

  const bool covered = answer.decision().outcome() != v1::OUTCOME_NOT_COVERED;
  for (const auto& worker : answer.workers()) {
    for (const auto& reason : worker.reasons()) {
      EXPECT_EQ(covered, !reason.rule_id().empty());
      EXPECT_EQ(covered, reason.citations_size() > 0);
      for (const auto& citation : reason.citations()) EXPECT_FALSE(citation.provision().empty());
    }
  }
}

// [referral.recommendworker.role]
TEST(ReferralRecommendworkerRole, ExcludesNobody) {
  if (!Claims(kWaiting)) GTEST_SKIP() << NotClaimed(kWaiting);

  const auto answer = RecommendOfTwo();

  EXPECT_EQ(answer.workers_size(), 2);
  for (const auto& worker : answer.workers()) EXPECT_EQ(worker.reasons_size(), 3);
}

// [referral.joint.communication]
TEST(ReferralJointCommunication, IsAsTheReferralHasItNow) {
  if (!Claims(kJoint)) GTEST_SKIP() << NotClaimed(kJoint);
  const v1::Referral referral = Opened();
  auto request = New<v1::RequestJointWorkRequest>();
  request.set_referral_id(referral.referral_id());
  request.set_with_whom("the kit");
  request.set_nature("a visit together");
  request.set_agreed(ANSWER_YES);
  const v1::JointWork asked =
      Do(&v1::ReferralService::Stub::RequestJointWork, request).joint_work();
  auto update = About<v1::UpdateReferralRequest>(referral);
  v1::Communication& communication = *update.mutable_details()->mutable_communication();
  communication.set_any(ANSWER_YES);
  communication.add_needs()->set_need("Large print.");
  update.add_update_paths("communication");
  Do(&v1::ReferralService::Stub::UpdateReferral, update);

  v1::GetJointWorkRequest get;
  get.set_authority(TheSubject().authority);
  get.set_joint_work_id(asked.joint_work_id());
  const auto read = Do(&v1::ReferralService::Stub::GetJointWork, get).joint_work();

  EXPECT_TRUE(MessageDifferencer::Equals(read.communication(), communication));
}

// [referral.joint.seven]
TEST(ReferralJointSeven, AsksForWhatIsNotEstablished) {
  if (!Claims(kJoint)) GTEST_SKIP() << NotClaimed(kJoint);
  auto request = New<v1::RequestJointWorkRequest>();
  request.set_referral_id(Opened().referral_id());
  request.set_with_whom("the kit");
  request.set_nature("a visit together");
  request.set_agreed(ANSWER_YES);
  const v1::JointWork asked =
      Do(&v1::ReferralService::Stub::RequestJointWork, request).joint_work();
  auto respond = New<v1::RespondToJointWorkRequest>();
  respond.set_joint_work_id(asked.joint_work_id());
  respond.set_etag(asked.etag());
  respond.mutable_terms()->set_primary_contact("the kit");

  const auto answer = Do(&v1::ReferralService::Stub::RespondToJointWork, respond);

  EXPECT_EQ(answer.decision().questions_size(), 6);
}

// [referral.concern.always]
TEST(ReferralConcernAlways, IsRaisedWithNothingButItsKind) {
  if (!Claims(kConcern)) GTEST_SKIP() << NotClaimed(kConcern);
  for (const auto kind :
       {v1::CONCERN_KIND_ADULT, v1::CONCERN_KIND_CHILD, v1::CONCERN_KIND_PROVIDER}) {
    auto request = New<v1::RaiseConcernRequest>();
    request.set_kind(kind);

    const auto answer = Do(&v1::ReferralService::Stub::RaiseConcern, request);

    EXPECT_FALSE(answer.concern().concern_id().empty());
    EXPECT_GE(answer.actions_size(), 1);
  }
}

// [referral.concern.emergency]
TEST(ReferralConcernEmergency, SaysToRing999FirstAndKeepsThatItDid) {
  if (!Claims(kConcern)) GTEST_SKIP() << NotClaimed(kConcern);
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_ADULT);
  request.set_imminent_danger_or_crime(ANSWER_YES);

  const auto answer = Do(&v1::ReferralService::Stub::RaiseConcern, request);

  ASSERT_GE(answer.actions_size(), 1);
  EXPECT_EQ(answer.actions(0).kind(), v1::ACTION_KIND_CALL_999);
  EXPECT_NE(answer.actions(0).text().find("999"), std::string::npos);
  v1::GetConcernRequest get;
  get.set_authority(TheSubject().authority);
  get.set_concern_id(answer.concern().concern_id());
  EXPECT_TRUE(Do(&v1::ReferralService::Stub::GetConcern, get).concern().has_emergency_advised_at());
}

// [referral.concern.answered]
TEST(ReferralConcernAnswered, TakesTheAnswerOnTheSameConcern) {
  if (!Claims(kConcern)) GTEST_SKIP() << NotClaimed(kConcern);
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_ADULT);
  const auto raised = Do(&v1::ReferralService::Stub::RaiseConcern, request);
  request.set_request_id(FreshId("kit"));
  request.set_concern_id(raised.concern().concern_id());
  request.set_imminent_danger_or_crime(ANSWER_YES);

  const auto answered = Do(&v1::ReferralService::Stub::RaiseConcern, request);

  EXPECT_EQ(answered.concern().concern_id(), raised.concern().concern_id());
  EXPECT_EQ(answered.concern().imminent_danger_or_crime(), ANSWER_YES);
  EXPECT_TRUE(answered.concern().has_emergency_advised_at());
}

// [referral.concern.another]
TEST(ReferralConcernAnother, IsRaisedBesideTheOneThatWasNamed) {
  if (!Claims(kConcern)) GTEST_SKIP() << NotClaimed(kConcern);
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_ADULT);
  request.mutable_person()->set_person_id(FreshId("person"));
  request.set_provider("Rose House");
  const auto raised = Do(&v1::ReferralService::Stub::RaiseConcern, request);
  auto child = request;
  child.set_request_id(FreshId("kit"));
  child.set_concern_id(raised.concern().concern_id());
  child.set_kind(v1::CONCERN_KIND_CHILD);
  auto neighbour = request;
  neighbour.set_request_id(FreshId("kit"));
  neighbour.set_concern_id(raised.concern().concern_id());
  neighbour.mutable_person()->set_person_id(FreshId("person"));
  auto elsewhere = request;
  elsewhere.set_request_id(FreshId("kit"));
  elsewhere.set_concern_id(raised.concern().concern_id());
  elsewhere.set_provider("Oak Lodge");

  for (const auto& told : {child, neighbour, elsewhere}) {
    const auto answer = Do(&v1::ReferralService::Stub::RaiseConcern, told);
    EXPECT_NE(answer.concern().concern_id(), raised.concern().concern_id());
    EXPECT_EQ(answer.concern().kind(), told.kind());
    EXPECT_EQ(answer.concern().person().person_id(), told.person().person_id());
  }
  v1::GetConcernRequest get;
  get.set_authority(TheSubject().authority);
  get.set_concern_id(raised.concern().concern_id());
  const auto kept = Do(&v1::ReferralService::Stub::GetConcern, get);
  EXPECT_EQ(kept.concern().kind(), v1::CONCERN_KIND_ADULT);
  EXPECT_EQ(kept.concern().person().person_id(), request.person().person_id());
}

// [referral.concern.referral]
TEST(ReferralConcernReferral, CountsForTheReferralItWasRaisedWith) {
  if (!Claims(kConcern) || !Claims(kWork)) GTEST_SKIP() << NotClaimed(kConcern);
  const v1::Referral referral = Opened();
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_ADULT);
  request.set_referral_id(referral.referral_id());
  const auto raised = Do(&v1::ReferralService::Stub::RaiseConcern, request);

  auto withdraw = About<v1::WithdrawReferralRequest>(referral);
  withdraw.set_reason("opened by the kit");
  const auto answer = Do(&v1::ReferralService::Stub::WithdrawReferral, withdraw);

  EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_REFUSED);
  v1::GetHandoverPackRequest get;
  get.set_authority(TheSubject().authority);
  get.set_referral_id(referral.referral_id());
  const auto pack = Do(&v1::ReferralService::Stub::GetHandoverPack, get);
  ASSERT_EQ(pack.concerns_size(), 1);
  EXPECT_EQ(pack.concerns(0).concern_id(), raised.concern().concern_id());
}

// [referral.concern.astold]
TEST(ReferralConcernAstold, IsRaisedWithWhatCannotBeRead) {
  if (!Claims(kConcern)) GTEST_SKIP() << NotClaimed(kConcern);
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_ADULT);
  request.set_imminent_danger_or_crime(ANSWER_YES);
  request.mutable_person()->set_full_name("Invented Person");
  request.mutable_person()->set_postcode("near the park");

  const auto answer = Do(&v1::ReferralService::Stub::RaiseConcern, request);

  EXPECT_EQ(answer.concern().person().full_name(), "Invented Person");
  ASSERT_EQ(answer.concern().unclear_size(), 1);
  EXPECT_EQ(answer.concern().unclear(0).field(), "person.postcode");
  EXPECT_EQ(answer.concern().unclear(0).told(), "near the park");
  std::set<std::string> asked;
  for (const auto& question : answer.decision().questions()) asked.insert(question.field());
  EXPECT_EQ(asked.count("person.postcode"), 1u);
}

// [referral.concern.refused]
TEST(ReferralConcernRefused, SaysToRing999AllTheSame) {
  if (!Claims(kConcern)) GTEST_SKIP() << NotClaimed(kConcern);
  auto request = New<v1::RaiseConcernRequest>();
  request.set_imminent_danger_or_crime(ANSWER_YES);
  v1::RaiseConcernResponse response;

  const grpc::Status status = Stub().RaiseConcern(NewContext().get(), request, &response);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(FieldsAtFault(status), (std::set<std::string>{"imminent_danger_or_crime", "kind"}));
  EXPECT_EQ(status.error_message().rfind("imminent_danger_or_crime", 0), 0u);
  EXPECT_NE(status.error_message().find("999"), std::string::npos);
}

// [referral.concern.unknown]
TEST(ReferralConcernUnknown, IsNotFound) {
  if (!Claims(kConcern)) GTEST_SKIP() << NotClaimed(kConcern);
  v1::GetConcernRequest request;
  request.set_authority(TheSubject().authority);
  request.set_concern_id(FreshId("none"));

  EXPECT_EQ(CodeOf(&v1::ReferralService::Stub::GetConcern, request), grpc::NOT_FOUND);
}

}  // namespace
}  // namespace asc::conformance
