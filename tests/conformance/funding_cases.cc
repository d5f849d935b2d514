// The cases of asc.funding.v1: what every funding service has to do, ours or another's.

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "asc/funding/v1/funding.grpc.pb.h"
#include "tests/conformance/records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

namespace v1 = asc::funding::v1;
using google::protobuf::util::MessageDifferencer;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_UNKNOWN;
using type::v1::ANSWER_YES;

v1::FundingService::Stub& Stub() {
  static const auto stub = v1::FundingService::NewStub(TheSubject().channel);
  return *stub;
}

v1::UrgentSupportCheck CheckUrgent(const v1::UrgentFacts& facts) {
  v1::CheckUrgentSupportRequest request;
  request.set_authority(TheSubject().authority);
  *request.mutable_facts() = facts;
  v1::CheckUrgentSupportResponse response;
  const grpc::Status status = Stub().CheckUrgentSupport(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.check();
}

v1::UrgentFacts SomeUrgentFacts() {
  v1::UrgentFacts facts;
  facts.set_appears_urgent(ANSWER_YES);
  return facts;
}

v1::OpenFundingRequestResponse Open(const v1::OpenFundingRequestRequest& request) {
  v1::OpenFundingRequestResponse response;
  const grpc::Status status = Stub().OpenFundingRequest(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

grpc::Status TryOpen(const v1::OpenFundingRequestRequest& request) {
  v1::OpenFundingRequestResponse response;
  return Stub().OpenFundingRequest(NewContext().get(), request, &response);
}

grpc::Status Get(const std::string& authority, const std::string& id, v1::FundingRequest& record) {
  v1::GetFundingRequestRequest request;
  request.set_authority(authority);
  request.set_funding_request_id(id);
  v1::GetFundingRequestResponse response;
  const grpc::Status status = Stub().GetFundingRequest(NewContext().get(), request, &response);
  record = response.funding_request();
  return status;
}

grpc::Status TrySubmit(const v1::FundingRequest& record, v1::SubmitFundingRequestResponse& answer) {
  v1::SubmitFundingRequestRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_funding_request_id(record.funding_request_id());
  request.set_etag(record.etag());
  return Stub().SubmitFundingRequest(NewContext().get(), request, &answer);
}

v1::FundingRequest Submit(const v1::OpenFundingRequestRequest& request) {
  v1::SubmitFundingRequestResponse response;
  const grpc::Status status = TrySubmit(Open(request).funding_request(), response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(response.answer().accepted()) << response.answer().ShortDebugString();
  return response.funding_request();
}

v1::DecisionMade Agreed() {
  v1::DecisionMade decision;
  decision.set_outcome(v1::FUNDING_OUTCOME_AGREED);
  decision.set_rationale("The visits keep them safe until the assessment.");
  decision.set_meets_needs_now(ANSWER_YES);
  decision.add_grounds()->set_code(v1::GROUND_CODE_RISK);
  decision.mutable_grounds(0)->set_fact("factors.risk");
  return decision;
}

v1::DecisionMade NotAgreedFor(v1::GroundCode code, const std::string& fact) {
  v1::DecisionMade decision = Agreed();
  decision.set_outcome(v1::FUNDING_OUTCOME_NOT_AGREED);
  decision.mutable_grounds(0)->set_code(code);
  decision.mutable_grounds(0)->set_fact(fact);
  return decision;
}

v1::FundingAnswer CheckDecision(const v1::FundingRequest& record,
                                const v1::DecisionMade& decision) {
  v1::CheckFundingDecisionRequest request;
  request.set_authority(TheSubject().authority);
  request.set_funding_request_id(record.funding_request_id());
  *request.mutable_decision() = decision;
  v1::CheckFundingDecisionResponse response;
  const grpc::Status status =
      Stub().CheckFundingDecision(NewOtherContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.answer();
}

// By the other caller, unless `by_requester`.
v1::DecideFundingResponse Decide(const v1::FundingRequest& record, const v1::DecisionMade& decision,
                                 bool by_requester = false) {
  v1::DecideFundingRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_funding_request_id(record.funding_request_id());
  request.set_etag(record.etag());
  *request.mutable_decision() = decision;
  const auto context = by_requester ? NewContext() : NewOtherContext();
  v1::DecideFundingResponse response;
  const grpc::Status status = Stub().DecideFunding(context.get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

// Not accepted, with a reason, and the record is as it was.
void ExpectRefused(const v1::FundingRequest& record, const v1::DecideFundingResponse& response) {
  EXPECT_FALSE(response.answer().accepted()) << response.answer().ShortDebugString();
  EXPECT_GE(response.answer().reasons_size(), 1);
  v1::FundingRequest kept;
  EXPECT_TRUE(Get(TheSubject().authority, record.funding_request_id(), kept).ok());
  EXPECT_EQ(kept.version(), record.version());
}

v1::ChargingFacts ChargingOf(v1::SupportKind kind) {
  v1::ChargingFacts facts;
  facts.set_insufficient_funds(ANSWER_NO);
  facts.set_authority_waives(ANSWER_NO);
  facts.set_reablement_weeks_had(0);
  facts.set_subject(v1::SUBJECT_PERSON);
  v1::SupportItem& item = *facts.add_items();
  item.set_item_id("1");
  item.set_kind(kind);
  item.set_description("Invented support");
  return facts;
}

v1::ChargingDecision Charge(const v1::ChargingFacts& facts) {
  v1::CheckChargingRequest request;
  request.set_authority(TheSubject().authority);
  *request.mutable_facts() = facts;
  v1::CheckChargingResponse response;
  const grpc::Status status = Stub().CheckCharging(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.decision();
}

// ---- What holds for every method ----

// [funding.every.fields]
TEST(FundingEveryFields, NamesEveryFieldAtFaultAtOnce) {
  v1::OpenFundingRequestRequest request = WholeFundingRequest();
  request.set_request_id("");
  request.mutable_content()->clear_needs();
  request.mutable_person()->set_postcode("not a postcode");

  const grpc::Status status = TryOpen(request);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
  const std::set<std::string> fields = FieldsAtFault(status);
  for (const char* const field : {"request_id", "content.needs", "person.postcode"}) {
    EXPECT_EQ(fields.count(field), 1u) << field;
  }
}

// [funding.every.authority]
TEST(FundingEveryAuthority, AnswersAnotherAuthoritysRecordLikeOneThatDoesNotExist) {
  const std::string id = Open(WholeFundingRequest()).funding_request().funding_request_id();
  v1::FundingRequest record;

  const grpc::Status existing = Get(TheSubject().other_authority, id, record);
  const grpc::Status missing = Get(TheSubject().other_authority, FreshId("none"), record);

  EXPECT_EQ(existing.error_code(), missing.error_code());
  EXPECT_NE(existing.error_code(), grpc::OK);
  EXPECT_TRUE(record.funding_request_id().empty());
}

// [funding.every.repeat]
TEST(FundingEveryRepeat, GivesTheFirstAnswer) {
  const v1::OpenFundingRequestRequest request = WholeFundingRequest();
  const v1::OpenFundingRequestResponse first = Open(request);

  EXPECT_TRUE(MessageDifferencer::Equals(Open(request), first));
}

// [funding.every.reuse]
TEST(FundingEveryReuse, RefusesOtherContentUnderTheSameRequestId) {
  v1::OpenFundingRequestRequest request = WholeFundingRequest();
  Open(request);

  request.mutable_content()->set_needs("Other needs");

  EXPECT_EQ(TryOpen(request).error_code(), grpc::ALREADY_EXISTS);
}

// [funding.every.etag]
TEST(FundingEveryEtag, AbortsAStaleOneAndGivesTheCurrent) {
  const v1::FundingRequest draft = Open(WholeFundingRequest()).funding_request();
  v1::SubmitFundingRequestResponse submitted;
  ASSERT_TRUE(TrySubmit(draft, submitted).ok());

  v1::SubmitFundingRequestResponse again;
  const grpc::Status status = TrySubmit(draft, again);

  EXPECT_EQ(status.error_code(), grpc::ABORTED) << status.error_message();
  EXPECT_EQ(ErrorInfo(status, "current_etag"), submitted.funding_request().etag());
}

// [funding.every.policy]
TEST(FundingEveryPolicy, KnowsNoAuthorityWithoutAPolicy) {
  v1::OpenFundingRequestRequest request = WholeFundingRequest();
  request.set_authority("nowhere-at-all");

  EXPECT_EQ(TryOpen(request).error_code(), grpc::NOT_FOUND);
}

// [funding.every.reasons]
TEST(FundingEveryReasons, CarriesReasonsAndPolicyVersion) {
  const v1::UrgentSupportCheck check = CheckUrgent(SomeUrgentFacts());
  const v1::ChargingDecision charge = Charge(ChargingOf(v1::SUPPORT_KIND_HOME_CARE));
  const v1::FundingAnswer answer = CheckDecision(Submit(WholeFundingRequest()), Agreed());

  EXPECT_GE(check.reasons_size(), 1);
  EXPECT_GE(charge.reasons_size(), 1);
  EXPECT_GE(answer.reasons_size(), 1);
  for (const auto& version :
       {check.policy_version(), charge.policy_version(), answer.policy_version()}) {
    EXPECT_EQ(version.authority(), TheSubject().authority);
    EXPECT_EQ(version.hash().size(), 64u);
  }
}

// [funding.every.unknown]
TEST(FundingEveryUnknown, AsksAndSettlesNothing) {
  v1::ChargingFacts facts = ChargingOf(v1::SUPPORT_KIND_HOME_CARE);
  facts.clear_insufficient_funds();
  facts.clear_subject();

  const v1::ChargingDecision decision = Charge(facts);

  EXPECT_NE(decision.items(0).outcome(), v1::CHARGE_OUTCOME_MAY_CHARGE);
  EXPECT_NE(decision.items(0).outcome(), v1::CHARGE_OUTCOME_NO_CHARGE);
  EXPECT_GE(decision.questions_size(), 1);
}

// ---- Urgent support ----

// [funding.urgent.power]
TEST(FundingUrgentPower, IsNamedAsAPower) {
  bool power = false;
  const v1::UrgentSupportCheck check = CheckUrgent(SomeUrgentFacts());
  for (const auto& reason : check.reasons()) {
    power |= reason.strength() == type::v1::STRENGTH_POWER;
  }
  EXPECT_TRUE(power) << check.ShortDebugString();
}

// The fields asked for, where the procedure has the section; elsewhere none may be invented.
void ExpectAsked(const std::vector<std::string>& names) {
  const v1::UrgentSupportCheck check = CheckUrgent(SomeUrgentFacts());
  std::set<std::string> fields;
  for (const auto& question : check.questions()) fields.insert(question.field());
  for (const std::string& name : names) {
    const std::size_t wanted = check.section() == v1::URGENT_SECTION_INLINE ? 1 : 0;
    EXPECT_EQ(fields.count("facts." + name + ".considered"), wanted) << name;
  }
}

// [funding.urgent.considerations]
TEST(FundingUrgentConsiderations, AreEachAskedFor) {
  ExpectAsked({"wellbeing", "prevention", "information_and_advice"});
}

// [funding.urgent.strengths]
TEST(FundingUrgentStrengths, AreAskedForBeforeServices) {
  ExpectAsked({"own_strengths", "own_networks"});
}

// [funding.urgent.caution]
TEST(FundingUrgentCaution, WarnsOfUnassessedOrLastingSupport) {
  v1::UrgentFacts facts = SomeUrgentFacts();
  facts.set_needs_assessed(ANSWER_NO);
  facts.set_hard_to_stop(ANSWER_YES);
  const v1::UrgentSupportCheck check = CheckUrgent(facts);

  bool warned = false;
  for (const auto& reason : check.reasons()) warned |= reason.rule_id() == "U4";

  EXPECT_EQ(warned, check.section() == v1::URGENT_SECTION_INLINE);
}

// [funding.urgent.section]
TEST(FundingUrgentSection, IsNamedAndPointedTo) {
  const v1::UrgentSupportCheck check = CheckUrgent(SomeUrgentFacts());

  EXPECT_NE(check.section(), v1::URGENT_SECTION_UNSPECIFIED);
  EXPECT_EQ(check.has_elsewhere(), check.section() == v1::URGENT_SECTION_INCLUDED_BY_REFERENCE);
  EXPECT_EQ(check.has_elsewhere(), !check.elsewhere().title().empty());
}

// [funding.urgent.no_verdict]
TEST(FundingUrgentNoVerdict, SpeaksOfConsiderationsOnly) {
  v1::UrgentFacts facts = SomeUrgentFacts();
  facts.set_appears_urgent(ANSWER_NO);
  const v1::UrgentSupportCheck check = CheckUrgent(facts);
  for (const auto& reason : check.reasons()) {
    EXPECT_EQ(reason.text().find("not entitled"), std::string::npos) << reason.text();
    EXPECT_EQ(reason.text().find("sufficient"), std::string::npos) << reason.text();
  }
}

// ---- A request and its decision ----

// [funding.open.requester]
TEST(FundingOpenRequester, IsTheCaller) {
  const v1::FundingRequest mine = Open(WholeFundingRequest()).funding_request();
  v1::OpenFundingRequestResponse theirs;
  const grpc::Status status =
      Stub().OpenFundingRequest(NewOtherContext().get(), WholeFundingRequest(), &theirs);

  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_FALSE(mine.requested_by().empty());
  EXPECT_NE(theirs.funding_request().requested_by(), mine.requested_by());
}

// [funding.open.validate_only]
TEST(FundingOpenValidateOnly, KeepsNothing) {
  v1::OpenFundingRequestRequest request = WholeFundingRequest();
  request.set_validate_only(true);
  const std::string id = Open(request).funding_request().funding_request_id();

  v1::FundingRequest record;
  if (!id.empty()) {
    EXPECT_EQ(Get(TheSubject().authority, id, record).error_code(), grpc::NOT_FOUND);
  }
  request.set_validate_only(false);
  EXPECT_TRUE(TryOpen(request).ok()) << "the request_id is free";
}

// [funding.revise.state]
TEST(FundingReviseState, RefusesASubmittedRequest) {
  const v1::FundingRequest record = Submit(WholeFundingRequest());
  v1::ReviseFundingRequestRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_funding_request_id(record.funding_request_id());
  request.set_etag(record.etag());
  *request.mutable_content() = record.content();

  v1::ReviseFundingRequestResponse response;
  const grpc::Status status = Stub().ReviseFundingRequest(NewContext().get(), request, &response);

  EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION) << status.error_message();
}

// [funding.submit.factors]
TEST(FundingSubmitFactors, AreListedAtTheirStrength) {
  v1::OpenFundingRequestRequest request = WholeFundingRequest();
  request.mutable_content()->clear_factors();
  request.mutable_content()->set_emergency(ANSWER_YES);
  v1::SubmitFundingRequestResponse response;
  ASSERT_TRUE(TrySubmit(Open(request).funding_request(), response).ok());

  // A procedure without the section lists none.
  for (const auto& question : response.answer().questions()) {
    const bool must = question.rule_id() == "FD3";
    EXPECT_EQ(question.strength(), must ? type::v1::STRENGTH_MUST : type::v1::STRENGTH_SHOULD)
        << question.ShortDebugString();
  }
}

// [funding.submit.emergency]
TEST(FundingSubmitEmergency, IsTakenAlthoughFactorsAreMissing) {
  v1::OpenFundingRequestRequest request = WholeFundingRequest();
  request.mutable_content()->clear_factors();
  request.mutable_content()->set_emergency(ANSWER_YES);

  EXPECT_EQ(Submit(request).state(), v1::FUNDING_REQUEST_STATE_SUBMITTED);
}

// [funding.submit.route]
TEST(FundingSubmitRoute, NamesTheLevelAndRefusesNoAmount) {
  for (const std::int64_t pence : {std::int64_t{1}, std::int64_t{10000000000}}) {
    v1::OpenFundingRequestRequest request = WholeFundingRequest();
    request.mutable_content()->mutable_items(0)->mutable_cost()->set_pence(pence);
    EXPECT_FALSE(Submit(request).level().role().empty()) << pence;
  }
}

// [funding.check_decision.same]
TEST(FundingCheckDecisionSame, AnswersAsDecideDoes) {
  const v1::FundingRequest record = Submit(WholeFundingRequest());
  for (const v1::DecisionMade& decision :
       {NotAgreedFor(v1::GROUND_CODE_FIXED_LIMIT, "items"), Agreed()}) {
    v1::FundingAnswer checked = CheckDecision(record, decision);
    v1::FundingAnswer decided = Decide(record, decision).answer();
    checked.clear_decided_at();
    decided.clear_decided_at();
    EXPECT_TRUE(MessageDifferencer::Equals(checked, decided)) << checked.ShortDebugString() << "\n"
                                                              << decided.ShortDebugString();
  }
}

// [funding.decide.requester]
TEST(FundingDecideRequester, MayNotDecide) {
  const v1::FundingRequest record = Submit(WholeFundingRequest());

  ExpectRefused(record, Decide(record, Agreed(), true));
  EXPECT_TRUE(Decide(record, Agreed()).answer().accepted());
}

// [funding.decide.factors]
TEST(FundingDecideFactors, HaveAllThreeBeenRegarded) {
  v1::OpenFundingRequestRequest request = WholeFundingRequest();
  request.mutable_content()->set_emergency(ANSWER_YES);
  request.mutable_content()->mutable_factors()->clear_wishes();
  const v1::FundingRequest record = Submit(request);

  const v1::DecideFundingResponse response = Decide(record, Agreed());

  ExpectRefused(record, response);
  EXPECT_GE(response.answer().questions_size(), 1);
}

// [funding.decide.finances_alone]
TEST(FundingDecideFinancesAlone, IsRefused) {
  const v1::FundingRequest record = Submit(WholeFundingRequest());

  ExpectRefused(record, Decide(record, NotAgreedFor(v1::GROUND_CODE_FINANCES, "items")));
  v1::DecisionMade both = NotAgreedFor(v1::GROUND_CODE_FINANCES, "items");
  both.add_grounds()->set_code(v1::GROUND_CODE_UNIVERSAL_SERVICES);
  both.mutable_grounds(1)->set_fact("items");
  ExpectRefused(record, Decide(record, both));
}

// [funding.decide.fixed_limit]
TEST(FundingDecideFixedLimit, IsRefusedWhateverStandsBesideIt) {
  const v1::FundingRequest record = Submit(WholeFundingRequest());
  v1::DecisionMade decision = NotAgreedFor(v1::GROUND_CODE_FIXED_LIMIT, "items");
  decision.add_grounds()->set_code(v1::GROUND_CODE_WISHES);
  decision.mutable_grounds(1)->set_fact("factors.wishes");

  ExpectRefused(record, Decide(record, decision));
}

// [funding.decide.case_by_case]
TEST(FundingDecideCaseByCase, NeedsAKnownFactForEveryGround) {
  const v1::FundingRequest record = Submit(WholeFundingRequest());
  for (const char* const fact : {"", "factors.complexity", "factors.no_such_fact"}) {
    ExpectRefused(record, Decide(record, NotAgreedFor(v1::GROUND_CODE_COMPLEXITY, fact)));
  }
}

// [funding.decide.rationale]
TEST(FundingDecideRationale, IsDemanded) {
  const v1::FundingRequest record = Submit(WholeFundingRequest());
  v1::DecisionMade decision = Agreed();
  decision.clear_rationale();

  ExpectRefused(record, Decide(record, decision));
}

// [funding.decide.sufficiency]
TEST(FundingDecideSufficiency, IsTheDecidersOwnStatement) {
  v1::DecisionMade silent = Agreed();
  silent.clear_meets_needs_now();
  const v1::FundingRequest record = Submit(WholeFundingRequest());
  ExpectRefused(record, Decide(record, silent));

  v1::DecisionMade honest = Agreed();
  honest.set_meets_needs_now(ANSWER_NO);
  EXPECT_TRUE(Decide(record, honest).answer().accepted()) << "the service judges no amount";
}

// [funding.decide.record_items]
TEST(FundingDecideRecordItems, AreEachAskedFor) {
  const v1::FundingAnswer answer = Decide(Submit(WholeFundingRequest()), Agreed()).answer();

  EXPECT_TRUE(answer.accepted());
  EXPECT_EQ(answer.questions_size(), 7) << answer.ShortDebugString();
}

// [funding.decide.no_plan]
TEST(FundingDecideNoPlan, AsksForNoPlan) {
  const v1::FundingAnswer answer = Decide(Submit(WholeFundingRequest()), Agreed()).answer();

  for (const auto& question : answer.questions()) {
    EXPECT_EQ(question.field().find("plan"), std::string::npos) << question.field();
  }
}

// ---- Charging ----

// [funding.charge.reablement]
TEST(FundingChargeReablement, IsFreeForSixWeeksAtMost) {
  v1::ChargingFacts facts = ChargingOf(v1::SUPPORT_KIND_REABLEMENT);
  facts.mutable_items(0)->set_starts_on("2026-11-23");
  facts.mutable_items(0)->set_ends_on("2026-11-29");
  EXPECT_EQ(Charge(facts).items(0).outcome(), v1::CHARGE_OUTCOME_NO_CHARGE);

  facts.mutable_items(0)->set_ends_on("2027-03-01");
  const v1::ItemCharge longer = Charge(facts).items(0);

  EXPECT_FALSE(longer.free_until_on().empty());
  EXPECT_LE(longer.free_until_on(), "2027-01-03");
}

// [funding.charge.equipment]
TEST(FundingChargeEquipment, IsFreeWithinTheLimits) {
  EXPECT_EQ(Charge(ChargingOf(v1::SUPPORT_KIND_AID)).items(0).outcome(),
            v1::CHARGE_OUTCOME_NO_CHARGE);
  v1::ChargingFacts adaptation = ChargingOf(v1::SUPPORT_KIND_MINOR_ADAPTATION);
  adaptation.mutable_items(0)->mutable_cost()->set_pence(100);
  EXPECT_EQ(Charge(adaptation).items(0).outcome(), v1::CHARGE_OUTCOME_NO_CHARGE);
}

// [funding.charge.carers]
TEST(FundingChargeCarers, AreTreatedAsThePolicySays) {
  v1::ChargingFacts facts = ChargingOf(v1::SUPPORT_KIND_SUPPORT_TO_CARER);
  facts.set_subject(v1::SUBJECT_CARER);

  const v1::ItemCharge charge = Charge(facts).items(0);

  EXPECT_NE(charge.outcome(), v1::CHARGE_OUTCOME_UNSPECIFIED);
  EXPECT_GE(charge.reasons_size(), 1);
}

// [funding.charge.unknown]
TEST(FundingChargeUnknown, AsksForTheFinancialAssessment) {
  v1::ChargingFacts facts = ChargingOf(v1::SUPPORT_KIND_HOME_CARE);
  facts.set_insufficient_funds(ANSWER_UNKNOWN);

  const v1::ChargingDecision decision = Charge(facts);

  EXPECT_EQ(decision.items(0).outcome(), v1::CHARGE_OUTCOME_CANNOT_TELL);
  EXPECT_GE(decision.questions_size(), 1);
}

// [funding.charge.cost]
TEST(FundingChargeCost, IsNamedAsTheMost) {
  const v1::ItemCharge charge = Charge(ChargingOf(v1::SUPPORT_KIND_HOME_CARE)).items(0);
  if (charge.outcome() != v1::CHARGE_OUTCOME_MAY_CHARGE) return;

  bool named = false;
  for (const auto& reason : charge.reasons()) named |= reason.rule_id() == "s.14(4)";
  EXPECT_TRUE(named) << charge.ShortDebugString();
}

// [funding.charge.local_policy]
TEST(FundingChargeLocalPolicy, ComesFirstWhereItDoes) {
  const v1::ChargingDecision decision = Charge(ChargingOf(v1::SUPPORT_KIND_HOME_CARE));

  for (int i = 1; i < decision.reasons_size(); ++i) {
    EXPECT_NE(decision.reasons(i).rule_id(), "I4") << "before everything else";
  }
}

// ---- Guidance ----

v1::ListGuidanceResponse Guidance() {
  v1::ListGuidanceRequest request;
  request.set_authority(TheSubject().authority);
  v1::ListGuidanceResponse response;
  const grpc::Status status = Stub().ListGuidance(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

// [funding.guidance.own]
TEST(FundingGuidanceOwn, CitesThePlaceWhereTheProcedureNamesIt) {
  const v1::ListGuidanceResponse guidance = Guidance();
  for (const auto& one : guidance.guidance()) {
    EXPECT_FALSE(one.title().empty());
    EXPECT_GE(one.citations_size(), 1) << one.title();
  }
}

// [funding.guidance.caveat]
TEST(FundingGuidanceCaveat, ComesEveryTime) {
  EXPECT_TRUE(MessageDifferencer::Equals(Guidance(), Guidance()));
}

}  // namespace
}  // namespace asc::conformance
