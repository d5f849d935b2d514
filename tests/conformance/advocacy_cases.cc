// The cases of asc.advocacy.v1: what every advocacy service has to do, ours or another's.

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "asc/advocacy/v1/advocacy.grpc.pb.h"
#include "tests/conformance/records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

namespace v1 = asc::advocacy::v1;
using google::protobuf::util::MessageDifferencer;
using type::v1::Answer;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_UNKNOWN;
using type::v1::ANSWER_YES;

v1::AdvocacyService::Stub& Stub() {
  static const auto stub = v1::AdvocacyService::NewStub(TheSubject().channel);
  return *stub;
}

v1::AdvocacyDecision Check(const v1::AdvocacyFacts& facts) {
  v1::CheckAdvocacyRequest request;
  request.set_authority(TheSubject().authority);
  *request.mutable_facts() = facts;
  v1::CheckAdvocacyResponse response;
  const grpc::Status status = Stub().CheckAdvocacy(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.decision();
}

v1::AdvocacyFacts DutyFacts() { return OwedNeed().facts(); }

// Somebody willing and able, whom the person wants, and nothing that stands against it.
v1::AdvocacyFacts RepresentedFacts() {
  v1::AdvocacyFacts facts = DutyFacts();
  v1::AppropriatePersonFacts& person = *facts.mutable_appropriate_person();
  person.set_exists(ANSWER_YES);
  person.set_willing_and_able(ANSWER_YES);
  person.set_paid_or_professional(ANSWER_NO);
  person.set_person_lacks_capacity_to_consent(ANSWER_NO);
  person.set_person_consents(ANSWER_YES);
  facts.set_long_nhs_stay(ANSWER_NO);
  facts.set_material_disagreement(ANSWER_NO);
  return facts;
}

v1::AdvocacyNeed Open(const v1::OpenAdvocacyNeedRequest& request) {
  v1::OpenAdvocacyNeedResponse response;
  const grpc::Status status = Stub().OpenAdvocacyNeed(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.advocacy_need();
}

grpc::Status TryOpen(const v1::OpenAdvocacyNeedRequest& request) {
  v1::OpenAdvocacyNeedResponse response;
  return Stub().OpenAdvocacyNeed(NewContext().get(), request, &response);
}

grpc::Status Get(const std::string& authority, const std::string& id, v1::AdvocacyNeed& need) {
  v1::GetAdvocacyNeedRequest request;
  request.set_authority(authority);
  request.set_advocacy_need_id(id);
  v1::GetAdvocacyNeedResponse response;
  const grpc::Status status = Stub().GetAdvocacyNeed(NewContext().get(), request, &response);
  need = response.advocacy_need();
  return status;
}

grpc::Status TryRevise(const v1::AdvocacyNeed& need, const v1::AdvocacyFacts& facts,
                       v1::AdvocacyNeed& revised) {
  v1::ReviseAdvocacyFactsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_advocacy_need_id(need.advocacy_need_id());
  request.set_etag(need.etag());
  *request.mutable_facts() = facts;
  v1::ReviseAdvocacyFactsResponse response;
  const grpc::Status status = Stub().ReviseAdvocacyFacts(NewContext().get(), request, &response);
  revised = response.advocacy_need();
  return status;
}

v1::HoldDecision Hold(const v1::AdvocacyNeed& need, v1::Act act, Answer risk = ANSWER_UNKNOWN,
                      v1::Process process = v1::PROCESS_UNSPECIFIED) {
  v1::CheckHoldRequest request;
  request.set_authority(TheSubject().authority);
  request.set_advocacy_need_id(need.advocacy_need_id());
  request.set_act(act);
  request.set_immediate_risk(risk);
  request.set_process(process);
  v1::CheckHoldResponse response;
  const grpc::Status status = Stub().CheckHold(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.hold();
}

v1::RecordAdvocateResponse Place(const v1::AdvocacyNeed& need, v1::Regime regime,
                                 Answer appointed_for_process) {
  v1::RecordAdvocateRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_advocacy_need_id(need.advocacy_need_id());
  request.set_etag(need.etag());
  v1::AdvocatePlacement& placement = *request.mutable_placement();
  placement.set_regime(regime);
  placement.set_provider("Invented Provider");
  placement.set_appointed_for_process(appointed_for_process);
  placement.mutable_in_place_at()->set_seconds(time(nullptr) - 60);
  v1::RecordAdvocateResponse response;
  const grpc::Status status = Stub().RecordAdvocate(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

// ---- What holds for every method ----

// [advocacy.every.fields]
TEST(AdvocacyEveryFields, NamesEveryFieldAtFaultAtOnce) {
  v1::OpenAdvocacyNeedRequest request = OwedNeed();
  request.set_request_id("");
  request.mutable_person()->set_postcode("not a postcode");
  request.mutable_facts()->mutable_limbs(0)->clear_limb();

  const grpc::Status status = TryOpen(request);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
  const std::set<std::string> fields = FieldsAtFault(status);
  for (const char* const field : {"request_id", "person.postcode", "facts.limbs[0].limb"}) {
    EXPECT_EQ(fields.count(field), 1u) << field;
  }
}

// [advocacy.every.authority]
TEST(AdvocacyEveryAuthority, AnswersAnotherAuthoritysRecordLikeOneThatDoesNotExist) {
  const std::string id = Open(OwedNeed()).advocacy_need_id();
  v1::AdvocacyNeed need;

  const grpc::Status existing = Get(TheSubject().other_authority, id, need);
  const grpc::Status missing = Get(TheSubject().other_authority, FreshId("none"), need);

  EXPECT_EQ(existing.error_code(), missing.error_code());
  EXPECT_NE(existing.error_code(), grpc::OK);
  EXPECT_TRUE(need.advocacy_need_id().empty());
}

// [advocacy.every.repeat]
TEST(AdvocacyEveryRepeat, GivesTheFirstAnswer) {
  const v1::OpenAdvocacyNeedRequest request = OwedNeed();
  const v1::AdvocacyNeed first = Open(request);

  EXPECT_TRUE(MessageDifferencer::Equals(Open(request), first));
}

// [advocacy.every.reuse]
TEST(AdvocacyEveryReuse, RefusesOtherContentUnderTheSameRequestId) {
  v1::OpenAdvocacyNeedRequest request = OwedNeed();
  Open(request);

  request.mutable_facts()->set_process_will_follow(ANSWER_NO);

  EXPECT_EQ(TryOpen(request).error_code(), grpc::ALREADY_EXISTS);
}

// [advocacy.every.etag]
TEST(AdvocacyEveryEtag, AbortsAStaleOneAndGivesTheCurrent) {
  const v1::AdvocacyNeed first = Open(OwedNeed());
  v1::AdvocacyNeed second;
  ASSERT_TRUE(TryRevise(first, DutyFacts(), second).ok());

  v1::AdvocacyNeed third;
  const grpc::Status status = TryRevise(first, DutyFacts(), third);

  EXPECT_EQ(status.error_code(), grpc::ABORTED) << status.error_message();
  EXPECT_EQ(ErrorInfo(status, "current_etag"), second.etag());
}

// [advocacy.every.policy]
TEST(AdvocacyEveryPolicy, KnowsNoAuthorityWithoutAPolicy) {
  v1::OpenAdvocacyNeedRequest request = OwedNeed();
  request.set_authority("nowhere-at-all");

  EXPECT_EQ(TryOpen(request).error_code(), grpc::NOT_FOUND);
}

// [advocacy.every.reasons]
TEST(AdvocacyEveryReasons, CarriesReasonsAndPolicyVersionForEveryOutcome) {
  v1::AdvocacyFacts open;
  open.set_subject(DutyFacts().subject());
  for (const v1::AdvocacyFacts& facts : {DutyFacts(), RepresentedFacts(), open}) {
    const v1::AdvocacyDecision decision = Check(facts);
    EXPECT_GE(decision.reasons_size(), 1);
    for (const auto& reason : decision.reasons()) {
      EXPECT_FALSE(reason.rule_id().empty());
      EXPECT_FALSE(reason.text().empty());
    }
    EXPECT_EQ(decision.policy_version().authority(), TheSubject().authority);
    EXPECT_EQ(decision.policy_version().hash().size(), 64u);
  }
}

// [advocacy.every.unknown]
TEST(AdvocacyEveryUnknown, CannotTellAndAsksForEachFactThatMatters) {
  v1::AdvocacyFacts no_process = DutyFacts();
  no_process.clear_process_will_follow();
  v1::AdvocacyFacts no_limb = DutyFacts();
  no_limb.clear_limbs();
  v1::AdvocacyFacts no_person = DutyFacts();
  no_person.clear_appropriate_person();
  v1::AdvocacyFacts no_consent = RepresentedFacts();
  no_consent.mutable_appropriate_person()->clear_person_consents();
  for (const v1::AdvocacyFacts& facts : {no_process, no_limb, no_person, no_consent}) {
    const v1::AdvocacyDecision decision = Check(facts);
    EXPECT_EQ(decision.outcome(), v1::ADVOCACY_OUTCOME_CANNOT_TELL) << facts.ShortDebugString();
    EXPECT_GE(decision.questions_size(), 1);
  }
}

// ---- The decision ----

// [advocacy.check.duty]
TEST(AdvocacyCheckDuty, NeedsTheProcessALimbAndNobodyElse) {
  v1::AdvocacyFacts facts = DutyFacts();
  for (int limb = 1; limb <= 4; ++limb) {
    facts.mutable_limbs(0)->set_limb(static_cast<v1::Limb>(limb));
    EXPECT_EQ(Check(facts).outcome(), v1::ADVOCACY_OUTCOME_DUTY) << limb;
  }
  facts.set_process_will_follow(ANSWER_NO);
  EXPECT_EQ(Check(facts).outcome(), v1::ADVOCACY_OUTCOME_NO_DUTY);
  EXPECT_EQ(Check(RepresentedFacts()).outcome(), v1::ADVOCACY_OUTCOME_NO_DUTY);
}

// [advocacy.check.open_list]
TEST(AdvocacyCheckOpenList, JudgesEveryProcessAlike) {
  v1::AdvocacyFacts facts = DutyFacts();
  facts.set_process_words("A talk about what comes next");
  for (int process = 1; process <= v1::PROCESS_OTHER; ++process) {
    facts.set_process(static_cast<v1::Process>(process));
    EXPECT_EQ(Check(facts).outcome(), v1::ADVOCACY_OUTCOME_DUTY) << process;
  }
}

// [advocacy.check.appropriate_person]
TEST(AdvocacyCheckAppropriatePerson, CountsNobodyPaidNorAgainstTheWishOrBestInterests) {
  v1::AdvocacyFacts paid = RepresentedFacts();
  paid.mutable_appropriate_person()->set_paid_or_professional(ANSWER_YES);
  v1::AdvocacyFacts unwanted = RepresentedFacts();
  unwanted.mutable_appropriate_person()->set_person_consents(ANSWER_NO);
  v1::AdvocacyFacts against = RepresentedFacts();
  against.mutable_appropriate_person()->set_person_lacks_capacity_to_consent(ANSWER_YES);
  against.mutable_appropriate_person()->set_in_best_interests(ANSWER_NO);
  for (const v1::AdvocacyFacts& facts : {paid, unwanted, against}) {
    EXPECT_EQ(Check(facts).outcome(), v1::ADVOCACY_OUTCOME_DUTY) << facts.ShortDebugString();
  }
}

// [advocacy.check.both]
TEST(AdvocacyCheckBoth, KeepsTheDutyInALongStayOrADisagreement) {
  v1::AdvocacyFacts stay = RepresentedFacts();
  stay.set_long_nhs_stay(ANSWER_YES);
  stay.set_advocate_in_best_interests(ANSWER_YES);
  v1::AdvocacyFacts dispute = RepresentedFacts();
  dispute.set_material_disagreement(ANSWER_YES);
  dispute.set_both_want_advocate(ANSWER_YES);

  EXPECT_EQ(Check(stay).outcome(), v1::ADVOCACY_OUTCOME_DUTY);
  EXPECT_EQ(Check(dispute).outcome(), v1::ADVOCACY_OUTCOME_DUTY);
}

// [advocacy.check.capacity]
TEST(AdvocacyCheckCapacity, IsAnotherQuestionThanDifficulty) {
  v1::AdvocacyFacts facts = DutyFacts();
  facts.clear_limbs();
  for (int limb = 1; limb <= 4; ++limb) {
    v1::LimbFact& fact = *facts.add_limbs();
    fact.set_limb(static_cast<v1::Limb>(limb));
    fact.set_substantial_difficulty(ANSWER_NO);
    fact.set_lacks_capacity(ANSWER_YES);
  }
  facts.set_lacks_capacity(ANSWER_YES);
  EXPECT_EQ(Check(facts).outcome(), v1::ADVOCACY_OUTCOME_NO_DUTY);
  facts = DutyFacts();
  facts.set_lacks_capacity(ANSWER_NO);
  EXPECT_EQ(Check(facts).outcome(), v1::ADVOCACY_OUTCOME_DUTY);
}

// [advocacy.check.regimes]
TEST(AdvocacyCheckRegimes, ListsEachOneThatHolds) {
  v1::AdvocacyFacts facts = DutyFacts();
  facts.set_lacks_capacity(ANSWER_YES);
  facts.set_imca_decision(ANSWER_YES);
  facts.set_imha_eligible(ANSWER_YES);

  const v1::AdvocacyDecision decision = Check(facts);

  EXPECT_EQ(std::set<int>(decision.regimes().begin(), decision.regimes().end()),
            (std::set<int>{v1::REGIME_CARE_ACT, v1::REGIME_IMCA, v1::REGIME_IMHA}));
}

// [advocacy.check.power]
TEST(AdvocacyCheckPower, NeverStandsInPlaceOfADuty) {
  v1::AdvocacyFacts facts = DutyFacts();
  facts.set_power_purpose(v1::POWER_PURPOSE_EXPLORE_OPTIONS);
  EXPECT_EQ(Check(facts).outcome(), v1::ADVOCACY_OUTCOME_DUTY);

  facts.set_process_will_follow(ANSWER_NO);
  const v1::AdvocacyDecision decision = Check(facts);

  bool stated = false;
  for (const auto& reason : decision.reasons()) stated |= reason.rule_id() == "A3";
  EXPECT_EQ(decision.outcome(), stated ? v1::ADVOCACY_OUTCOME_POWER : v1::ADVOCACY_OUTCOME_NO_DUTY);
}

// [advocacy.check.hold]
TEST(AdvocacyCheckHold, SaysWhatHasToWaitForSomebodyWhoIsNotOnRecord) {
  v1::CheckAdvocacyRequest request;
  request.set_authority(TheSubject().authority);
  *request.mutable_facts() = DutyFacts();
  v1::CheckAdvocacyResponse silent;
  ASSERT_TRUE(Stub().CheckAdvocacy(NewContext().get(), request, &silent).ok());
  request.set_act(v1::ACT_PROCESS_STEP);
  v1::CheckAdvocacyResponse response;
  ASSERT_TRUE(Stub().CheckAdvocacy(NewContext().get(), request, &response).ok());

  EXPECT_FALSE(silent.has_hold());
  EXPECT_EQ(response.hold().outcome(), v1::HOLD_OUTCOME_HELD);
  EXPECT_GE(response.hold().reasons_size(), 1);
}

// [advocacy.open.decides]
TEST(AdvocacyOpenDecides, KeepsTheDecisionItAnswersWith) {
  const v1::OpenAdvocacyNeedRequest request = OwedNeed();
  const v1::AdvocacyNeed opened = Open(request);

  v1::AdvocacyNeed read;
  ASSERT_TRUE(Get(TheSubject().authority, opened.advocacy_need_id(), read).ok());

  EXPECT_TRUE(MessageDifferencer::Equals(read, opened));
  EXPECT_TRUE(MessageDifferencer::Equals(read.decision().facts(), request.facts()));
  EXPECT_EQ(read.decision().outcome(), Check(request.facts()).outcome());
}

// [advocacy.open.validate_only]
TEST(AdvocacyOpenValidateOnly, KeepsNothing) {
  v1::OpenAdvocacyNeedRequest request = OwedNeed();
  request.set_validate_only(true);
  const std::string id = Open(request).advocacy_need_id();

  v1::AdvocacyNeed need;
  if (!id.empty()) {
    EXPECT_EQ(Get(TheSubject().authority, id, need).error_code(), grpc::NOT_FOUND);
  }
  request.set_validate_only(false);
  EXPECT_TRUE(TryOpen(request).ok()) << "the request_id is free";
}

// [advocacy.revise.history]
TEST(AdvocacyReviseHistory, KeepsEarlierDecisionsWithTheirFacts) {
  const v1::AdvocacyNeed opened = Open(OwedNeed());
  v1::AdvocacyFacts facts = DutyFacts();
  facts.set_process_will_follow(ANSWER_NO);

  v1::AdvocacyNeed revised;
  ASSERT_TRUE(TryRevise(opened, facts, revised).ok());

  EXPECT_EQ(revised.decision().outcome(), v1::ADVOCACY_OUTCOME_NO_DUTY);
  ASSERT_EQ(revised.earlier_decisions_size(), 1);
  EXPECT_TRUE(MessageDifferencer::Equals(revised.earlier_decisions(0), opened.decision()));
}

// [advocacy.revise.keeps_duty]
TEST(AdvocacyReviseKeepsDuty, WhenAFactBecomesUnknown) {
  const v1::AdvocacyNeed opened = Open(OwedNeed());
  v1::AdvocacyFacts facts = DutyFacts();
  facts.clear_appropriate_person();

  v1::AdvocacyNeed revised;
  ASSERT_TRUE(TryRevise(opened, facts, revised).ok());

  EXPECT_EQ(revised.decision().outcome(), v1::ADVOCACY_OUTCOME_DUTY);
  EXPECT_EQ(Hold(revised, v1::ACT_PROCESS_STEP).outcome(), v1::HOLD_OUTCOME_HELD);
}

// ---- The advocate and the hold ----

// [advocacy.place.ends_hold]
TEST(AdvocacyPlaceEndsHold, ForTheProcessOfTheRecordOnly) {
  const v1::AdvocacyNeed need = Open(OwedNeed());

  const v1::RecordAdvocateResponse placed = Place(need, v1::REGIME_CARE_ACT, ANSWER_YES);

  EXPECT_EQ(placed.hold().outcome(), v1::HOLD_OUTCOME_MAY_PROCEED);
  EXPECT_EQ(Hold(need, v1::ACT_PROCESS_STEP).outcome(), v1::HOLD_OUTCOME_MAY_PROCEED);
  v1::OpenAdvocacyNeedRequest another = OwedNeed();
  *another.mutable_person() = need.person();
  another.mutable_facts()->set_process(v1::PROCESS_SUPPORT_PLANNING);
  EXPECT_EQ(Hold(Open(another), v1::ACT_PROCESS_STEP).outcome(), v1::HOLD_OUTCOME_HELD);
}

// [advocacy.place.kind]
TEST(AdvocacyPlaceKind, DoesNotEndTheHoldForAnotherKindOfAdvocate) {
  const v1::AdvocacyNeed need = Open(OwedNeed());

  const v1::RecordAdvocateResponse general = Place(need, v1::REGIME_CARE_ACT, ANSWER_NO);
  EXPECT_EQ(general.hold().outcome(), v1::HOLD_OUTCOME_HELD);
  const v1::RecordAdvocateResponse other =
      Place(general.advocacy_need(), v1::REGIME_IMHA, ANSWER_YES);
  EXPECT_EQ(other.hold().outcome(), v1::HOLD_OUTCOME_HELD);
}

// [advocacy.end.hold_returns]
TEST(AdvocacyEndHoldReturns, OnceTheAdvocateHasGone) {
  const v1::AdvocacyNeed placed =
      Place(Open(OwedNeed()), v1::REGIME_CARE_ACT, ANSWER_YES).advocacy_need();
  v1::EndAdvocateRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_advocacy_need_id(placed.advocacy_need_id());
  request.set_etag(placed.etag());
  request.mutable_ended_at()->set_seconds(time(nullptr) - 30);
  request.set_reason("Went to another town");

  v1::EndAdvocateResponse response;
  const grpc::Status status = Stub().EndAdvocate(NewContext().get(), request, &response);

  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.hold().outcome(), v1::HOLD_OUTCOME_HELD);
  EXPECT_EQ(Hold(placed, v1::ACT_PROCESS_STEP).outcome(), v1::HOLD_OUTCOME_HELD);
}

// [advocacy.hold.process]
TEST(AdvocacyHoldProcess, IsHeldWhileTheDutyIsOwedAndNotElse) {
  EXPECT_EQ(Hold(Open(OwedNeed()), v1::ACT_PROCESS_STEP).outcome(), v1::HOLD_OUTCOME_HELD);
  v1::OpenAdvocacyNeedRequest free = OwedNeed();
  *free.mutable_facts() = RepresentedFacts();
  EXPECT_EQ(Hold(Open(free), v1::ACT_PROCESS_STEP).outcome(), v1::HOLD_OUTCOME_MAY_PROCEED);
}

// [advocacy.hold.all_processes]
TEST(AdvocacyHoldAllProcesses, NeverLetsAnotherProcessGoOnUndecided) {
  const v1::AdvocacyNeed need = Open(OwedNeed());

  const v1::HoldDecision hold =
      Hold(need, v1::ACT_PROCESS_STEP, ANSWER_UNKNOWN, v1::PROCESS_SUPPORT_PLANNING);

  // Held where the policy holds all; elsewhere that process has no decision of its own yet.
  if (hold.outcome() == v1::HOLD_OUTCOME_CANNOT_TELL) {
    EXPECT_GE(hold.questions_size(), 1);
  } else {
    EXPECT_EQ(hold.outcome(), v1::HOLD_OUTCOME_HELD);
  }
}

// [advocacy.hold.long_term]
TEST(AdvocacyHoldLongTerm, IsHeldHoweverUrgent) {
  const v1::AdvocacyNeed need = Open(OwedNeed());

  for (const Answer risk : {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN}) {
    EXPECT_EQ(Hold(need, v1::ACT_LONG_TERM_DECISION, risk).outcome(), v1::HOLD_OUTCOME_HELD);
  }
}

// [advocacy.hold.urgent]
TEST(AdvocacyHoldUrgent, LetsMeasuresThroughOnlyAgainstAnImmediateRisk) {
  const v1::AdvocacyNeed need = Open(OwedNeed());

  const v1::HoldDecision at_risk = Hold(need, v1::ACT_URGENT_INTERIM_MEASURE, ANSWER_YES);

  if (at_risk.outcome() != v1::HOLD_OUTCOME_HELD) {
    EXPECT_EQ(at_risk.outcome(), v1::HOLD_OUTCOME_MAY_PROCEED_URGENTLY);
    EXPECT_EQ(Hold(need, v1::ACT_URGENT_INTERIM_MEASURE).outcome(), v1::HOLD_OUTCOME_CANNOT_TELL);
  }
  EXPECT_EQ(Hold(need, v1::ACT_URGENT_INTERIM_MEASURE, ANSWER_NO).outcome(), v1::HOLD_OUTCOME_HELD);
}

// [advocacy.hold.silent]
TEST(AdvocacyHoldSilent, SaysSoWhereTheProcedureHasNoException) {
  const v1::HoldDecision hold = Hold(Open(OwedNeed()), v1::ACT_URGENT_INTERIM_MEASURE, ANSWER_YES);

  bool explained = false;
  for (const auto& reason : hold.reasons()) explained |= reason.rule_id() == "A9";
  EXPECT_TRUE(explained) << hold.ShortDebugString();
}

// [advocacy.hold.enquiry]
TEST(AdvocacyHoldEnquiry, LetsAnUrgentSafeguardingEnquiryBegin) {
  v1::OpenAdvocacyNeedRequest request = OwedNeed();
  request.mutable_facts()->set_process(v1::PROCESS_SAFEGUARDING_ENQUIRY);
  const v1::AdvocacyNeed need = Open(request);

  EXPECT_EQ(Hold(need, v1::ACT_URGENT_ENQUIRY).outcome(), v1::HOLD_OUTCOME_MAY_PROCEED_URGENTLY);
  EXPECT_EQ(Hold(need, v1::ACT_PROCESS_STEP).outcome(), v1::HOLD_OUTCOME_HELD);
}

// [advocacy.hold.unknown]
TEST(AdvocacyHoldUnknown, CannotTellOfAnUndecidedNeed) {
  v1::OpenAdvocacyNeedRequest request = OwedNeed();
  request.mutable_facts()->clear_appropriate_person();

  const v1::HoldDecision hold = Hold(Open(request), v1::ACT_PROCESS_STEP);

  EXPECT_EQ(hold.outcome(), v1::HOLD_OUTCOME_CANNOT_TELL);
  EXPECT_GE(hold.questions_size(), 1);
}

// [advocacy.guidance.own]
TEST(AdvocacyGuidanceOwn, CitesThePlaceWhereTheProcedureNamesIt) {
  v1::ListGuidanceRequest request;
  request.set_authority(TheSubject().authority);
  v1::ListGuidanceResponse response;
  const grpc::Status status = Stub().ListGuidance(NewContext().get(), request, &response);

  EXPECT_TRUE(status.ok()) << status.error_message();
  for (const auto& guidance : response.guidance()) {
    EXPECT_FALSE(guidance.guidance_id().empty());
    EXPECT_FALSE(guidance.title().empty());
    EXPECT_GE(guidance.citations_size(), 1) << guidance.title();
  }
}

}  // namespace
}  // namespace asc::conformance
