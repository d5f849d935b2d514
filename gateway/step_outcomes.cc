#include "gateway/step_outcomes.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "asc/referral/v1/referral.pb.h"
#include "gateway/policy_rules.h"

namespace asc::gateway {
namespace {

namespace rv1 = asc::referral::v1;
using asc::type::v1::Question;

// The items of a referral are gathered as far as they can be; none of them hinders a decision.
constexpr char kItemsRule[] = "R2";
constexpr char kWouldBenefitField[] = "facts.would_benefit";

// Where a fact that the referral service asks for stands in OpenContactRequest.
std::string ReferralField(const std::string& asked) {
  static const std::map<std::string, std::string> kElsewhere = {
      {"would_benefit", kWouldBenefitField},
      {"subject", "subject"},
      {"channel", "channel"},
      {"contact_kind", "kind"},
      {"safeguarding.adult_concern", "facts.adult_abuse_or_neglect"},
      {"safeguarding.child_concern", "facts.child_abuse_or_neglect"},
      {"safeguarding.imminent_danger_or_crime", "facts.imminent_danger"},
  };
  const std::string field(absl::StripPrefix(asked, "details."));
  const auto found = kElsewhere.find(field);
  if (found != kElsewhere.end()) return found->second;
  if (absl::StartsWith(field, "person.")) return field;
  if (absl::StartsWith(field, "lawful_basis")) return absl::StrCat("facts.", field);
  return absl::StrCat("facts.referral.", field);
}

std::string RouteField(const std::string& asked) {
  if (asked == "person_id") return "person.person_id";
  if (asked == "worker_id") return "requested_worker";
  if (asked == "team_id") return "requested_team";
  if (absl::StartsWith(asked, "facts.")) {
    return absl::StrCat("facts.route.", std::string(absl::StripPrefix(asked, "facts.")));
  }
  return asked;
}

void CopyDecision(const rv1::Decision& from, const std::string& outcome,
                  v1::StepDecision& decision) {
  decision.set_outcome(outcome);
  *decision.mutable_reasons() = from.reasons();
  *decision.mutable_policy_version() = from.policy_version();
}

// A name for an outcome of a newer contract: its number.
std::string NameOr(const std::string& name, int number) {
  return name.empty() ? absl::StrCat("OUTCOME_", number) : name;
}

bool Asked(const journal::StoredStep& step, const std::string& field) {
  const auto has = [&field](const Question& question) { return question.field() == field; };
  const auto& blocking = step.decision().questions();
  return std::any_of(blocking.begin(), blocking.end(), has) ||
         std::any_of(step.still_to_gather().begin(), step.still_to_gather().end(), has);
}

// What the decision turns on is asked now; what merely completes the record is gathered in time.
void AddReferralQuestions(const rv1::Decision& decision, const v1::GatewayPolicy& policy,
                          journal::StoredStep& step) {
  const bool undecided = decision.outcome() == rv1::OUTCOME_CANNOT_TELL;
  for (const Question& from : decision.questions()) {
    Question question = from;
    question.set_field(ReferralField(from.field()));
    const bool blocks =
        question.field() == kWouldBenefitField || (undecided && question.rule_id() != kItemsRule);
    *(blocks ? step.mutable_decision()->add_questions() : step.add_still_to_gather()) = question;
  }
  // A check was made because it is not known whether a referral would help; the service need not
  // ask.
  const bool checked = absl::EndsWith(step.method(), "/CheckReferral");
  const bool settled =
      decision.outcome() == rv1::OUTCOME_REFUSED || decision.outcome() == rv1::OUTCOME_REDIRECTED;
  if (!checked || settled || Asked(step, kWouldBenefitField)) return;
  Question& question = *step.mutable_decision()->add_questions();
  question.set_field(kWouldBenefitField);
  question.set_rule_id(policy.would_benefit().rule_id());
  question.set_strength(policy.would_benefit().strength());
  question.set_text(policy.would_benefit().text());
}

// Items that the service reports as missing without asking for them.
template <class Items>
void AddMissingItems(const Items& items, journal::StoredStep& step) {
  for (const rv1::ItemState& item : items) {
    if (item.missing_fields().empty()) continue;
    const std::string field = ReferralField(item.missing_fields(0));
    const bool asked = std::any_of(
        item.missing_fields().begin(), item.missing_fields().end(),
        [&step](const std::string& missing) { return Asked(step, ReferralField(missing)); });
    if (asked) continue;
    Question& question = *step.add_still_to_gather();
    question.set_field(field);
    question.set_rule_id(kItemsRule);
    question.set_strength(item.strength());
    question.set_text(absl::StrCat("Still to gather: item ", item.number(), " of the referral."));
  }
}

void AddReferralOutcome(rv1::Outcome outcome, const v1::GatewayPolicy& policy,
                        journal::StoredStep& step) {
  if (outcome == rv1::OUTCOME_PERMITTED && !step.referral_id().empty()) {
    step.add_outcomes(v1::OUTCOME_REFERRAL_OPENED);
    AddTriggered(v1::TRIGGER_REFERRAL_OPENED, policy, step);
  } else if (outcome == rv1::OUTCOME_REFUSED) {
    step.add_outcomes(v1::OUTCOME_REFERRAL_NOT_TAKEN);
  } else if (outcome == rv1::OUTCOME_REDIRECTED) {
    step.add_outcomes(v1::OUTCOME_OTHER_PROCEDURE);
    AddTriggered(v1::TRIGGER_OTHER_PROCEDURE, policy, step);
  }
}

// Places to look for somebody are alternatives, so they make one action. Other actions of one rule
// and kind are each to be done, and told apart by a number.
void AddListed(const rv1::Action& listed, const v1::GatewayPolicy& policy,
               journal::StoredStep& step) {
  v1::Action action = ActionOf(listed, policy, step);
  const std::string action_id = action.action_id();
  int number = 1;
  for (v1::Action& known : *step.mutable_actions()) {
    if (known.action_id() != action.action_id()) continue;
    if (listed.kind() == rv1::ACTION_KIND_FIND_AVAILABILITY) {
      known.set_text(absl::StrCat(known.text(), " Or: ", action.text()));
      return;
    }
    action.set_action_id(absl::StrCat(action_id, "-", ++number));
  }
  *step.add_actions() = std::move(action);
}

bool ReadRoute(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  rv1::RouteContactResponse response;
  if (!response.ParseFromString(step.response())) return false;
  CopyDecision(response.decision(),
               NameOr(rv1::RouteOutcome_Name(response.outcome()), response.outcome()),
               *step.mutable_decision());
  for (const Question& from : response.decision().questions()) {
    Question question = from;
    question.set_field(RouteField(from.field()));
    const bool blocks = response.outcome() == rv1::ROUTE_OUTCOME_CANNOT_TELL;
    *(blocks ? step.mutable_decision()->add_questions() : step.add_still_to_gather()) = question;
  }
  switch (response.outcome()) {
    case rv1::ROUTE_OUTCOME_TRANSFER:
      step.add_outcomes(v1::OUTCOME_PASSED_ON);
      AddTriggered(v1::TRIGGER_ROUTE_TRANSFER, policy, step);
      break;
    case rv1::ROUTE_OUTCOME_DO_NOT_TRANSFER:
      step.add_outcomes(v1::OUTCOME_DEALT_WITH_HERE);
      AddTriggered(v1::TRIGGER_ROUTE_DO_NOT_TRANSFER, policy, step);
      break;
    case rv1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL:
    case rv1::ROUTE_OUTCOME_NOT_AVAILABLE_UNKNOWN:
      step.add_outcomes(v1::OUTCOME_PASSED_ON);
      break;
    case rv1::ROUTE_OUTCOME_REDIRECTED:
      step.add_outcomes(v1::OUTCOME_OTHER_PROCEDURE);
      AddTriggered(v1::TRIGGER_OTHER_PROCEDURE, policy, step);
      break;
    default:  // Not told yet, or an outcome of a newer contract: shown by its name alone.
      break;
  }
  for (const rv1::Action& listed : response.actions()) AddListed(listed, policy, step);
  return true;
}

bool ReadOpened(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  rv1::OpenReferralResponse response;
  if (!response.ParseFromString(step.response())) return false;
  const rv1::Decision& decision = response.decision();
  CopyDecision(decision, NameOr(rv1::Outcome_Name(decision.outcome()), decision.outcome()),
               *step.mutable_decision());
  step.set_referral_id(response.referral().referral_id());
  AddReferralQuestions(decision, policy, step);
  AddMissingItems(response.referral().still_to_gather(), step);
  AddReferralOutcome(decision.outcome(), policy, step);
  return true;
}

bool ReadChecked(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  rv1::CheckReferralResponse response;
  if (!response.ParseFromString(step.response())) return false;
  const rv1::Decision& decision = response.decision();
  CopyDecision(decision, NameOr(rv1::Outcome_Name(decision.outcome()), decision.outcome()),
               *step.mutable_decision());
  AddReferralQuestions(decision, policy, step);
  AddMissingItems(response.items(), step);
  AddReferralOutcome(decision.outcome(), policy, step);
  return true;
}

}  // namespace

bool ReadOutcome(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  if (absl::EndsWith(step.method(), "/RouteContact")) return ReadRoute(policy, step);
  if (absl::EndsWith(step.method(), "/OpenReferral")) return ReadOpened(policy, step);
  if (absl::EndsWith(step.method(), "/CheckReferral")) return ReadChecked(policy, step);
  return false;
}

}  // namespace asc::gateway
