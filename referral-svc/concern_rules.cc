#include "referral-svc/concern_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/facts/tri_state.h"
#include "referral-svc/referral_policy.h"
#include "referral-svc/referral_rules.h"

namespace asc::referral {
namespace {

void AddAction(const v1::ReferralPolicy& policy, const char* rule_id, v1::ActionKind kind,
               const std::string& text, Actions& actions) {
  v1::Action& action = *actions.Add();
  action.set_rule_id(rule_id);
  action.set_kind(kind);
  action.set_text(text);
  action.set_due(facts::ANSWER_YES);
  action.set_includes_urgent(kind == v1::ACTION_KIND_CALL_999 ? facts::ANSWER_YES
                                                              : facts::ANSWER_NO);
  const v1::RuleStatement* statement = FindStatement(policy, rule_id);
  if (statement == nullptr) return;
  action.set_strength(statement->strength());
  for (const std::string& lines : statement->lines()) {
    *action.add_citations() = CitationOf(policy, lines);
  }
}

void AddCall999(const v1::ReferralPolicy& policy, Actions& actions) {
  AddAction(policy, "S2", v1::ACTION_KIND_CALL_999,
            "Call 999 now: somebody is in imminent danger, or a crime has taken place.", actions);
}

void AddRaise(const v1::ReferralPolicy& policy, bool child, Actions& actions) {
  AddAction(policy, "S1", v1::ACTION_KIND_RAISE_CONCERN,
            child ? "Raise the concern by the procedure for children."
                  : "Raise the concern by the safeguarding procedure.",
            actions);
}

// What is asked for, in words.
struct Identifier {
  const char* field;
  const char* question;
};
constexpr Identifier kIdentifiers[] = {
    {"person.person_id", "Which reference does the person have here? What was given is none."},
    {"person.born_on", "When was the person born? What was given is no date."},
    {"person.postcode", "What is the postcode of the person's home? What was given is none."},
    {"person.nhs_number", "What is the person's NHS number? What was given is none."},
    {"referral_id", "With which referral did it come up? What was given names none."}};

}  // namespace

v1::RaiseConcernResponse DecideConcern(const v1::RaiseConcernRequest& request,
                                       const v1::ReferralPolicy& policy) {
  v1::RaiseConcernResponse answer;
  v1::Decision& decision = *answer.mutable_decision();
  decision.set_outcome(v1::OUTCOME_PERMITTED);
  const type::v1::Answer danger = facts::Known(request.imminent_danger_or_crime());
  if (danger == facts::ANSWER_YES) {
    AddReason(policy, "S2", decision);
    AddCall999(policy, *answer.mutable_actions());
  }
  AddReason(policy, "S1", decision);
  AddRaise(policy, request.kind() == v1::CONCERN_KIND_CHILD, *answer.mutable_actions());
  const std::string& form = policy.safeguarding().provider_concern_form();
  // Whoever may be harmed: what counts is that the concern is about a provider.
  const bool about_provider = request.kind() == v1::CONCERN_KIND_PROVIDER ||
                              !absl::StripAsciiWhitespace(request.provider()).empty();
  if (about_provider && !form.empty()) {
    AddReason(policy, "S3", decision);
    AddAction(policy, "S3", v1::ACTION_KIND_COMPLETE_FORM,
              absl::StrCat("Fill in the form \"", form, "\"."), *answer.mutable_actions());
  }
  if (facts::IsUnknown(danger)) {
    AddQuestion(policy, "S2", "imminent_danger_or_crime", decision);
  }
  return answer;
}

void AskAgain(const v1::Concern& concern, const v1::ReferralPolicy& policy,
              v1::Decision& decision) {
  const v1::RuleStatement* statement = FindStatement(policy, "S1");
  for (const Identifier& identifier : kIdentifiers) {
    const bool unclear =
        std::any_of(concern.unclear().begin(), concern.unclear().end(),
                    [&](const auto& one) { return one.field() == identifier.field; });
    if (!unclear) continue;
    type::v1::Question& question = *decision.add_questions();
    question.set_field(identifier.field);
    question.set_rule_id("S1");
    if (statement != nullptr) question.set_strength(statement->strength());
    question.set_text(identifier.question);
  }
}

Actions ActionsOnConcern(const v1::ReferralDetails& told, const v1::ReferralPolicy& policy) {
  Actions actions;
  if (!TellsOfRisk(told)) return actions;
  const v1::SafeguardingFacts& known = told.safeguarding();
  if (known.imminent_danger_or_crime() == facts::ANSWER_YES) AddCall999(policy, actions);
  const bool child = known.child_concern() == facts::ANSWER_YES;
  const bool adult = known.adult_concern() == facts::ANSWER_YES ||
                     told.lawful_basis().at_risk_of_abuse_or_neglect() == facts::ANSWER_YES;
  // Of whom it is may not be known yet: then it goes by the procedure for adults.
  if (adult || !child) AddRaise(policy, false, actions);
  if (child) AddRaise(policy, true, actions);
  return actions;
}

bool AdvisesEmergency(const Actions& actions) {
  return std::any_of(actions.begin(), actions.end(), [](const v1::Action& action) {
    return action.kind() == v1::ACTION_KIND_CALL_999;
  });
}

void TakeConcerns(const std::vector<v1::Concern>& concerns, v1::Referral& referral) {
  v1::SafeguardingFacts& known = *referral.mutable_details()->mutable_safeguarding();
  for (const v1::Concern& concern : concerns) {
    if (concern.kind() == v1::CONCERN_KIND_ADULT) known.set_adult_concern(type::v1::ANSWER_YES);
    if (concern.kind() == v1::CONCERN_KIND_CHILD) known.set_child_concern(type::v1::ANSWER_YES);
    if (concern.imminent_danger_or_crime() == type::v1::ANSWER_YES) {
      known.set_imminent_danger_or_crime(type::v1::ANSWER_YES);
    }
  }
}

}  // namespace asc::referral
