#include "referral-svc/case_rules.h"

#include "platform/facts/tri_state.h"
#include "referral-svc/referral_policy.h"

namespace asc::referral {
namespace {

using facts::And;
using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::IsUnknown;
using facts::Known;
using facts::Not;

// A condition for the commissioned assessor, and the field of the fact it turns on.
struct Condition {
  const char* field;
  Answer holds;
};

Condition ConditionOf(const v1::CaseFacts& facts, int condition) {
  switch (static_cast<v1::AssessorCondition>(condition)) {
    case v1::ASSESSOR_CONDITION_NOT_COMPLEX:
      return {"facts.circumstances_complex", Not(facts.circumstances_complex())};
    case v1::ASSESSOR_CONDITION_NO_JOINT_ASSESSMENT:
      return {"facts.joint_assessment_needed", Not(facts.joint_assessment_needed())};
    case v1::ASSESSOR_CONDITION_CARER_AGREES:
      return {"facts.carer_agrees", Known(facts.carer_agrees())};
    case v1::ASSESSOR_CONDITION_UNSPECIFIED:
    case v1::AssessorCondition_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::AssessorCondition_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return {"facts", ANSWER_NO};
}

void Settle(v1::Outcome outcome, v1::CaseRoute route, v1::DecideCaseTransferResponse& answer) {
  answer.mutable_decision()->set_outcome(outcome);
  answer.set_route(route);
}

// HC. True when it settles the matter: referred there, or not known yet whether to.
bool DecideAssessor(const v1::CaseFacts& facts, const v1::ReferralPolicy& policy,
                    v1::DecideCaseTransferResponse& answer) {
  const v1::CasePolicy& cases = policy.cases();
  if (cases.outsourced_assessor().empty()) return false;
  v1::Decision& decision = *answer.mutable_decision();
  Answer all = ANSWER_YES;
  for (const int condition : cases.assessor_conditions()) {
    all = And(all, ConditionOf(facts, condition).holds);
  }
  if (all == ANSWER_NO) return false;
  AddReason(policy, "HC", decision);
  if (all == ANSWER_YES) {
    Settle(v1::OUTCOME_PERMITTED, v1::CASE_ROUTE_OUTSOURCED_ASSESSOR, answer);
    answer.set_assessor(cases.outsourced_assessor());
    return true;
  }
  Settle(v1::OUTCOME_CANNOT_TELL, v1::CASE_ROUTE_UNSPECIFIED, answer);
  for (const int number : cases.assessor_conditions()) {
    const Condition condition = ConditionOf(facts, number);
    if (IsUnknown(condition.holds)) AddQuestion(policy, "HC", condition.field, decision);
  }
  return true;
}

// What C1 turns on under this policy.
Condition Wanted(const v1::CaseFacts& facts, const v1::ReferralPolicy& policy) {
  if (policy.cases().transfer_when() == v1::CASE_TRANSFER_WHEN_RECEIVER_NOT_APPROPRIATE) {
    return {"facts.receiving_team_appropriate", Not(facts.receiving_team_appropriate())};
  }
  return {"facts.other_service_better", Known(facts.other_service_better())};
}

// C1 and C2: a transfer within the authority.
void DecideOtherTeam(const v1::CaseFacts& facts, const v1::ReferralPolicy& policy,
                     v1::DecideCaseTransferResponse& answer) {
  v1::Decision& decision = *answer.mutable_decision();
  const Condition wanted = Wanted(facts, policy);
  const Answer harm = Known(facts.transfer_would_harm());
  if (wanted.holds == ANSWER_UNKNOWN) {
    Settle(v1::OUTCOME_CANNOT_TELL, v1::CASE_ROUTE_UNSPECIFIED, answer);
    AddReason(policy, "C1", decision);
    return AddQuestion(policy, "C1", wanted.field, decision);
  }
  if (wanted.holds == ANSWER_NO) {
    Settle(v1::OUTCOME_REFUSED, v1::CASE_ROUTE_STAY, answer);
    return AddReason(policy, "C1", decision);
  }
  if (harm == ANSWER_NO) {
    Settle(v1::OUTCOME_PERMITTED, v1::CASE_ROUTE_OTHER_TEAM, answer);
    return AddReason(policy, "C1", decision);
  }
  AddReason(policy, "C2", decision);
  AddReason(policy, "C1", decision);
  if (harm == ANSWER_YES) return Settle(v1::OUTCOME_REFUSED, v1::CASE_ROUTE_STAY, answer);
  Settle(v1::OUTCOME_CANNOT_TELL, v1::CASE_ROUTE_UNSPECIFIED, answer);
  AddQuestion(policy, "C2", "facts.transfer_would_harm", decision);
}

}  // namespace

v1::DecideCaseTransferResponse DecideCase(const v1::CaseFacts& facts,
                                          const v1::ReferralPolicy& policy) {
  v1::DecideCaseTransferResponse answer;
  v1::Decision& decision = *answer.mutable_decision();
  if (Redirect(policy, facts.subject(), decision)) return answer;
  if (!policy.cases().case_transfer()) {
    SettleNotCovered("C1", "transferring a case", decision);
    return answer;
  }
  if (DecideAssessor(facts, policy, answer)) return answer;
  DecideOtherTeam(facts, policy, answer);
  if (!policy.cases().outsourced_assessor().empty()) AddReasonOnce(policy, "HC", decision);
  if (answer.route() == v1::CASE_ROUTE_OTHER_TEAM) {
    AddReason(policy, "C2", decision);
    AddReason(policy, "R5", decision);
  }
  return answer;
}

}  // namespace asc::referral
