#include "gateway/safeguarding_rules.h"

#include <string>

#include "gateway/policy_rules.h"

namespace asc::gateway {
namespace {

using asc::type::v1::Answer;
using asc::type::v1::PolicyRule;

constexpr char kCallPolice[] = "S2-call-police";
constexpr char kRaiseConcern[] = "S1-raise-concern";
constexpr char kSettleConcern[] = "S1-settle-concern";
constexpr char kProviderConcern[] = "S3-provider-concern";

// Of what is not known to be so.
bool NotKnown(Answer answer) { return answer != asc::type::v1::ANSWER_NO; }

void Ask(const PolicyRule& rule, const std::string& field, const std::string& text,
         journal::StoredStep& step) {
  asc::type::v1::Question& question = *step.mutable_decision()->add_questions();
  question.set_field(field);
  question.set_rule_id(rule.rule_id());
  question.set_strength(rule.strength());
  question.set_text(text);
}

// The rule speaks: a reason, and something to do.
void Speak(const PolicyRule& rule, const std::string& action_id, const std::string& due,
           const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  *step.mutable_decision()->add_reasons() = ReasonOf(rule);
  *step.add_actions() = ActionOf(action_id, rule, due, policy, step);
}

// Whether every answer to what is asked of a concern is no.
bool AllDenied(const v1::ContactFacts& facts) {
  return !NotKnown(facts.imminent_danger()) && !NotKnown(facts.crime()) &&
         !NotKnown(facts.adult_abuse_or_neglect()) && !NotKnown(facts.child_abuse_or_neglect());
}

void AddGround(Answer answer, const char* action_id, const char* fact, journal::StoredStep& step) {
  if (!Yes(answer)) return;
  journal::Ground& ground = *step.add_grounds();
  ground.set_action_id(action_id);
  ground.set_fact(fact);
}

void AddGrounds(const v1::ContactFacts& facts, journal::StoredStep& step) {
  AddGround(facts.imminent_danger(), kCallPolice, "imminent_danger", step);
  AddGround(facts.crime(), kCallPolice, "crime", step);
  AddGround(facts.imminent_danger(), kRaiseConcern, "imminent_danger", step);
  AddGround(facts.adult_abuse_or_neglect(), kRaiseConcern, "adult_abuse_or_neglect", step);
  AddGround(facts.child_abuse_or_neglect(), kRaiseConcern, "child_abuse_or_neglect", step);
  AddGround(facts.lawful_basis().at_risk_of_abuse_or_neglect(), kRaiseConcern,
            "at_risk_of_abuse_or_neglect", step);
  AddGround(facts.provider_concern(), kProviderConcern, "provider_concern", step);
}

bool TellsOfConcern(const journal::StoredStep& step) {
  const std::string& outcome = step.decision().outcome();
  return step.concern_told() || outcome == "IMMINENT_DANGER" || outcome == "CONCERN";
}

}  // namespace

void AskSafeguarding(const StepGround& ground, journal::StoredStep& step) {
  const journal::StoredStep* earlier = DoneStep(ground, v1::STEP_KIND_SAFEGUARDING);
  step.set_concern_told(earlier != nullptr && TellsOfConcern(*earlier));
}

void DecideSafeguarding(const v1::Contact& contact, const v1::GatewayPolicy& policy,
                        journal::StoredStep& step) {
  const v1::ContactFacts& facts = contact.facts();
  const v1::SafeguardingPolicy& rules = policy.safeguarding();
  const bool danger = Yes(facts.imminent_danger()) || Yes(facts.crime());
  // Danger is danger from abuse or neglect, as the question to the caller says.
  const bool concern = Yes(facts.imminent_danger()) || Yes(facts.adult_abuse_or_neglect()) ||
                       Yes(facts.child_abuse_or_neglect()) ||
                       Yes(facts.lawful_basis().at_risk_of_abuse_or_neglect());
  const bool provider = Yes(facts.provider_concern());
  // Somebody had a reason to make contact about a concern, or told of one, so no answer closes it
  // by itself.
  const bool spoken_of = AsksFor(contact, v1::ASK_SAFEGUARDING) || step.concern_told();
  const bool unexplained =
      rules.has_unexplained() && !concern && !provider && spoken_of && AllDenied(facts);
  step.mutable_decision()->set_outcome(danger        ? "IMMINENT_DANGER"
                                       : concern     ? "CONCERN"
                                       : provider    ? "PROVIDER_CONCERN"
                                       : unexplained ? "CONCERN_UNEXPLAINED"
                                                     : "NO_CONCERN_KNOWN");
  if (danger) Speak(rules.danger(), kCallPolice, "", policy, step);
  if (concern) Speak(rules.concern(), kRaiseConcern, rules.concern_due(), policy, step);
  if (provider) Speak(rules.provider(), kProviderConcern, rules.provider_due(), policy, step);
  if (unexplained) Speak(rules.unexplained(), kSettleConcern, "", policy, step);
  AddGrounds(facts, step);
  if (danger || concern) step.add_outcomes(v1::OUTCOME_SAFEGUARDING);
  if (provider) step.add_outcomes(v1::OUTCOME_PROVIDER_CONCERN);

  const bool reason_to_ask = concern || spoken_of;
  if (reason_to_ask && !danger) {
    if (NotKnown(facts.imminent_danger())) {
      Ask(rules.danger(), "facts.imminent_danger", rules.imminent_danger_question(), step);
    }
    if (NotKnown(facts.crime())) Ask(rules.danger(), "facts.crime", rules.crime_question(), step);
  }
  // A crime may or may not be abuse or neglect of somebody.
  if ((reason_to_ask || danger) && !concern) {
    if (NotKnown(facts.adult_abuse_or_neglect())) {
      Ask(rules.concern(), "facts.adult_abuse_or_neglect", rules.adult_question(), step);
    }
    if (NotKnown(facts.child_abuse_or_neglect())) {
      Ask(rules.concern(), "facts.child_abuse_or_neglect", rules.child_question(), step);
    }
  }
}

}  // namespace asc::gateway
