#include "gateway/asked_rules.h"

#include <algorithm>

#include "gateway/policy_rules.h"

namespace asc::gateway {
namespace {

// What comes of a contact when people are left to do what it asks.
v1::Outcome OutcomeOf(v1::StepKind kind) {
  if (kind == v1::STEP_KIND_REVIEW) return v1::OUTCOME_REVIEW_REQUESTED;
  if (kind == v1::STEP_KIND_OTHER) return v1::OUTCOME_FOR_PEOPLE;
  return v1::OUTCOME_INFORMATION;
}

}  // namespace

v1::Ask AskOf(v1::StepKind kind) {
  if (kind == v1::STEP_KIND_REVIEW) return v1::ASK_REVIEW;
  if (kind == v1::STEP_KIND_INFORMATION) return v1::ASK_INFORMATION;
  if (kind == v1::STEP_KIND_FINANCE_INFORMATION) return v1::ASK_MONEY;
  if (kind == v1::STEP_KIND_URGENT_SUPPORT) return v1::ASK_URGENT_NEED;
  if (kind == v1::STEP_KIND_OTHER) return v1::ASK_OTHER;
  return v1::ASK_UNSPECIFIED;
}

void DecideForPeople(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  step.mutable_decision()->set_outcome("FOR_PEOPLE");
  const auto& triggers = step.triggers();
  if (std::find(triggers.begin(), triggers.end(), v1::TRIGGER_ASKED) != triggers.end()) {
    step.add_outcomes(OutcomeOf(step.kind()));
  }
  for (const v1::ActionRule& rule : policy.actions()) {
    const auto follows = [&rule](const v1::Action& action) {
      return action.action_id() == rule.action_id();
    };
    if (std::any_of(step.actions().begin(), step.actions().end(), follows)) {
      *step.mutable_decision()->add_reasons() = ReasonOf(rule.rule());
    }
  }
}

}  // namespace asc::gateway
