#include "referral-svc/joint_rules.h"

#include <algorithm>
#include <string>

#include "platform/facts/tri_state.h"
#include "referral-svc/referral_policy.h"

namespace asc::referral {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_YES;

constexpr char kSilent[] =
    "The procedure says nothing of joint work; agree it with the person and with whoever is asked.";

void AddFinding(const v1::ReferralPolicy& policy, const std::string& text, v1::Decision& decision) {
  type::v1::Reason& reason = *decision.add_reasons();
  reason.set_rule_id("J1");
  reason.set_text(text);
  const v1::RuleStatement* statement = FindStatement(policy, "J1");
  if (statement == nullptr) return;
  reason.set_strength(statement->strength());
  for (const std::string& lines : statement->lines()) {
    *reason.add_citations() = CitationOf(policy, lines);
  }
}

void SayRule(const v1::ReferralPolicy& policy, v1::Decision& decision) {
  if (policy.cases().joint_work()) {
    AddReason(policy, "J1", decision);
  } else {
    AddFinding(policy, kSilent, decision);
  }
}

void Ask(const v1::ReferralPolicy& policy, const std::string& field, const char* text,
         v1::Decision& decision) {
  type::v1::Question& question = *decision.add_questions();
  question.set_field(field);
  question.set_rule_id("J1");
  question.set_text(text);
  const v1::RuleStatement* statement = FindStatement(policy, "J1");
  if (statement != nullptr) question.set_strength(statement->strength());
}

const char* ProcedureOf(v1::SpecialistWork work) {
  switch (work) {
    case v1::SPECIALIST_WORK_NHS_CONTINUING_HEALTHCARE:
      return "NHS Continuing Healthcare";
    case v1::SPECIALIST_WORK_CONTINUITY_OF_CARE:
      return "Continuity of Care";
    case v1::SPECIALIST_WORK_CROSS_BORDER_PLACEMENT:
      return "Cross Border Placements";
    case v1::SPECIALIST_WORK_UNSPECIFIED:
    case v1::SpecialistWork_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::SpecialistWork_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return "";
}

struct Term {
  const char* field;
  const std::string& said;
  const char* question;
};

}  // namespace

v1::Decision DecideJointRequest(const v1::RequestJointWorkRequest& request,
                                const v1::ReferralPolicy& policy) {
  v1::Decision decision;
  const auto& specialist = policy.cases().specialist_procedures();
  if (std::find(specialist.begin(), specialist.end(), request.specialist()) != specialist.end()) {
    decision.set_outcome(v1::OUTCOME_REDIRECTED);
    decision.set_redirect(ProcedureOf(request.specialist()));
    AddReason(policy, "J2", decision);
    return decision;
  }
  const Answer settled =
      facts::Or(facts::Known(request.agreed()), facts::Known(request.best_interests()));
  decision.set_outcome(settled == ANSWER_YES  ? v1::OUTCOME_PERMITTED
                       : settled == ANSWER_NO ? v1::OUTCOME_REFUSED
                                              : v1::OUTCOME_CANNOT_TELL);
  SayRule(policy, decision);
  if (settled == ANSWER_YES || settled == ANSWER_NO) return decision;
  if (facts::IsUnknown(request.agreed())) {
    Ask(policy, "agreed", "Has the person, or who speaks for them, agreed to the joint work?",
        decision);
  }
  if (facts::IsUnknown(request.best_interests())) {
    Ask(policy, "best_interests",
        "If the person cannot consent: has it been decided in their best interests?", decision);
  }
  return decision;
}

v1::Decision DecideJointResponse(const v1::JointTerms& terms, type::v1::Answer delayed,
                                 const v1::ReferralPolicy& policy) {
  const Term kTerms[] = {
      {"work_and_information", terms.work_and_information(),
       "What are they doing, what will they do and have they done, and what do they know that "
       "saves asking again?"},
      {"co_ordination", terms.co_ordination(),
       "Can systems and processes be brought together, and how is that managed?"},
      {"expectations", terms.expectations(), "What is expected of the joint work?"},
      {"anticipated_outcome", terms.anticipated_outcome(), "What is to come of the joint work?"},
      {"what_person_knows", terms.what_person_knows(),
       "What does the person know of it, and if nothing, who explains it and how?"},
      {"primary_contact", terms.primary_contact(), "Whom does the person turn to with questions?"},
      {"who_reports_progress", terms.who_reports_progress(),
       "Who tells the person of progress and decisions?"},
  };
  v1::Decision decision;
  decision.set_outcome(v1::OUTCOME_PERMITTED);
  SayRule(policy, decision);
  if (delayed == ANSWER_YES) {
    AddFinding(policy, "There will be a delay: whoever asked chooses to go ahead or to wait.",
               decision);
  }
  for (const Term& term : kTerms) {
    if (term.said.empty()) {
      Ask(policy, std::string("terms.") + term.field, term.question, decision);
    }
  }
  return decision;
}

}  // namespace asc::referral
