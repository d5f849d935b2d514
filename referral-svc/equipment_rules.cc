#include "referral-svc/equipment_rules.h"

#include "platform/facts/tri_state.h"
#include "referral-svc/referral_policy.h"

namespace asc::referral {
namespace {

using facts::And;
using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::FromBool;
using facts::IsUnknown;
using facts::Known;
using facts::Not;

v1::Outcome OutcomeOf(Answer answer) {
  if (answer == ANSWER_UNKNOWN) return v1::OUTCOME_CANNOT_TELL;
  return answer == ANSWER_YES ? v1::OUTCOME_PERMITTED : v1::OUTCOME_REFUSED;
}

void Ask(const v1::ReferralPolicy& policy, Answer fact, const char* rule_id, const char* field,
         v1::Decision& decision) {
  if (IsUnknown(fact)) AddQuestion(policy, rule_id, field, decision);
}

Answer Evidence(const v1::EquipmentFacts& facts) {
  return And(facts.allocation_not_required(), facts.most_proportionate());
}

Answer Mechanisms(const v1::EquipmentFacts& facts) {
  return And(facts.safe_use_arranged(), And(facts.monitoring_arranged(), facts.review_arranged()));
}

Answer DueOf(const v1::EquipmentFacts& facts, v1::ActionKind kind) {
  if (kind == v1::ACTION_KIND_SAFE_USE) return Not(facts.safe_use_arranged());
  if (kind == v1::ACTION_KIND_MONITOR) return Not(facts.monitoring_arranged());
  if (kind == v1::ACTION_KIND_REVIEW_NEED) return Not(facts.review_arranged());
  if (kind == v1::ACTION_KIND_CHECK_LOCAL_GUIDANCE) {
    return FromBool(IsUnknown(facts.in_local_scheme()));
  }
  if (kind == v1::ACTION_KIND_DIRECT_SUPPORT) return Evidence(facts);
  return ANSWER_NO;
}

void AskForWorks(const v1::EquipmentFacts& facts, const v1::ReferralPolicy& policy,
                 v1::Decision& decision) {
  Ask(policy, facts.allocation_not_required(), "E1", "facts.allocation_not_required", decision);
  Ask(policy, facts.most_proportionate(), "E1", "facts.most_proportionate", decision);
  Ask(policy, facts.in_local_scheme(), "E2", "facts.in_local_scheme", decision);
  Ask(policy, facts.safe_use_arranged(), "E1", "facts.safe_use_arranged", decision);
  Ask(policy, facts.monitoring_arranged(), "E1", "facts.monitoring_arranged", decision);
  Ask(policy, facts.review_arranged(), "E1", "facts.review_arranged", decision);
}

template <class Actions, class Due, class Response>
void AddActions(const v1::ReferralPolicy& policy, const Actions& actions, Due due_of,
                Response& answer) {
  for (const v1::ActionPolicy& action : actions) {
    const Answer due = due_of(action.kind());
    if (due == ANSWER_NO) continue;
    *answer.add_actions() = ActionOf(policy, action, due);
    AddReasonOnce(policy, action.rule_id(), *answer.mutable_decision());
  }
}

}  // namespace

v1::DecideEquipmentResponse DecideWorks(const v1::EquipmentFacts& facts,
                                        const v1::ReferralPolicy& policy) {
  v1::DecideEquipmentResponse answer;
  v1::Decision& decision = *answer.mutable_decision();
  if (!policy.cases().equipment()) {
    SettleNotCovered("E1", "equipment without allocation", decision);
    return answer;
  }
  const Answer evidence = Evidence(facts);
  const Answer covered = Known(facts.in_local_scheme());
  decision.set_outcome(OutcomeOf(And(evidence, And(covered, Mechanisms(facts)))));
  if (evidence == ANSWER_NO) {
    AddReason(policy, "E1", decision);
    return answer;
  }
  if (covered == ANSWER_NO) AddReason(policy, "E2", decision);
  AddReason(policy, "E1", decision);
  if (facts.through_partner() == ANSWER_YES) {
    AddFinding(policy, "E1", policy.cases().through_partner(), decision);
  }
  if (covered == ANSWER_NO) return answer;
  AddReason(policy, "E2", decision);
  if (decision.outcome() == v1::OUTCOME_CANNOT_TELL) AskForWorks(facts, policy, decision);
  AddActions(
      policy, policy.cases().equipment_actions(),
      [&facts](v1::ActionKind kind) { return DueOf(facts, kind); }, answer);
  return answer;
}

v1::DecideMaintenanceResponse DecideUpkeep(const v1::DecideMaintenanceRequest& request,
                                           const v1::ReferralPolicy& policy) {
  v1::DecideMaintenanceResponse answer;
  v1::Decision& decision = *answer.mutable_decision();
  if (!policy.cases().equipment()) {
    SettleNotCovered("E3", "maintaining equipment", decision);
    return answer;
  }
  const Answer ours = Known(request.our_job());
  decision.set_outcome(OutcomeOf(ours));
  AddReason(policy, "E3", decision);
  Ask(policy, ours, "E3", "our_job", decision);
  if (ours != ANSWER_YES) {
    Ask(policy, request.person_can_arrange(), "E3", "person_can_arrange", decision);
  }
  Ask(policy, request.need_met_meanwhile(), "E3", "need_met_meanwhile", decision);
  const auto due_of = [&](v1::ActionKind kind) {
    if (kind == v1::ACTION_KIND_CHECK_LOCAL_GUIDANCE) return FromBool(ours == ANSWER_UNKNOWN);
    if (kind == v1::ACTION_KIND_HELP_REPAIR) {
      return And(Not(ours), Not(request.person_can_arrange()));
    }
    // Meeting the need is the authority's duty at all times, whosever job the repair is.
    if (kind == v1::ACTION_KIND_INTERIM_MEASURE) return Not(request.need_met_meanwhile());
    return ANSWER_NO;
  };
  AddActions(policy, policy.cases().maintenance_actions(), due_of, answer);
  return answer;
}

}  // namespace asc::referral
