#include "gateway/asked_rules.h"

#include "gateway/policy_rules.h"

namespace asc::gateway {

v1::Ask AskOf(v1::StepKind kind) {
  if (kind == v1::STEP_KIND_REVIEW) return v1::ASK_REVIEW;
  if (kind == v1::STEP_KIND_INFORMATION) return v1::ASK_INFORMATION;
  if (kind == v1::STEP_KIND_FINANCE_INFORMATION) return v1::ASK_MONEY;
  return v1::ASK_UNSPECIFIED;
}

void DecideAsked(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  step.mutable_decision()->set_outcome("FOR_PEOPLE");
  step.add_outcomes(step.kind() == v1::STEP_KIND_REVIEW ? v1::OUTCOME_REVIEW_REQUESTED
                                                        : v1::OUTCOME_INFORMATION);
  for (const v1::ActionRule& rule : policy.actions()) {
    if (rule.trigger() != v1::TRIGGER_ASKED || rule.ask() != AskOf(step.kind())) continue;
    *step.mutable_decision()->add_reasons() = ReasonOf(rule.rule());
    *step.add_actions() = ActionOf(rule.action_id(), rule.rule(), rule.due(), policy, step);
  }
}

}  // namespace asc::gateway
