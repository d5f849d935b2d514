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

// Whether the contact is known to be about somebody whom this procedure is not for, and asks for
// what another procedure then does. Urgent support and information wait for no other procedure.
bool BelongsElsewhere(const v1::Contact& contact, const v1::GatewayPolicy& policy,
                      v1::StepKind kind) {
  const auto& subjects = policy.subjects();
  if (subjects.empty() || contact.subject() == asc::referral::v1::SUBJECT_UNSPECIFIED ||
      std::find(subjects.begin(), subjects.end(), contact.subject()) != subjects.end()) {
    return false;
  }
  return kind == v1::STEP_KIND_REVIEW || kind == v1::STEP_KIND_OTHER ||
         kind == v1::STEP_KIND_REFERRAL;
}

// The other procedure does what was asked for.
void SendElsewhere(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  step.mutable_decision()->set_outcome("OTHER_PROCEDURE");
  step.mutable_decision()->clear_reasons();
  step.clear_actions();
  step.clear_outcomes();
  for (const v1::ActionRule& rule : policy.actions()) {
    if (rule.trigger() == v1::TRIGGER_OTHER_PROCEDURE &&
        rule.rule().rule_id() == policy.other_subject_rule_id()) {
      *step.mutable_decision()->add_reasons() = ReasonOf(rule.rule());
    }
  }
  step.add_outcomes(v1::OUTCOME_OTHER_PROCEDURE);
  AddOtherProcedure(policy, step);
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

void DecideForPeople(const v1::Contact& contact, const v1::GatewayPolicy& policy,
                     journal::StoredStep& step) {
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
  if (BelongsElsewhere(contact, policy, step.kind())) SendElsewhere(policy, step);
}

}  // namespace asc::gateway
