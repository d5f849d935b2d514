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

// An earlier policy may be silent here.
void Say(const v1::ReferralPolicy& policy, const v1::FindingPolicy& words, v1::Decision& decision) {
  if (!words.text().empty()) AddFinding(policy, "J1", words, decision);
}

// What `words` say of how to work jointly, and that it is possible at all. False: the procedure
// says nothing of it.
bool SayRule(const v1::ReferralPolicy& policy, const v1::FindingPolicy& words,
             v1::Decision& decision) {
  if (!policy.cases().joint_work()) {
    SettleNotCovered("J1", "joint work", decision);
    return false;
  }
  Say(policy, words, decision);
  AddReason(policy, "J1", decision);
  return true;
}

void Ask(const std::string& field, const char* text, type::v1::Strength strength,
         v1::Decision& decision) {
  type::v1::Question& question = *decision.add_questions();
  question.set_field(field);
  question.set_rule_id("J1");
  question.set_text(text);
  question.set_strength(strength);
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
  const v1::FindingPolicy& words = policy.cases().joint_request();
  if (!SayRule(policy, words, decision)) return decision;
  // Best interests stand for the consent of somebody who cannot give it, and of nobody else.
  const Answer unable = facts::Known(request.unable_to_consent());
  const Answer best = facts::Known(request.best_interests());
  const Answer settled = facts::Or(facts::Known(request.agreed()), facts::And(unable, best));
  decision.set_outcome(settled == ANSWER_YES  ? v1::OUTCOME_PERMITTED
                       : settled == ANSWER_NO ? v1::OUTCOME_REFUSED
                                              : v1::OUTCOME_CANNOT_TELL);
  if (settled == ANSWER_YES || settled == ANSWER_NO) return decision;
  if (facts::IsUnknown(request.agreed())) {
    Ask("agreed", "Has the person, or who speaks for them, agreed to the joint work?",
        words.strength(), decision);
  }
  // Either of them, known to be no, leaves nothing to be learnt from the other.
  if (unable == ANSWER_NO || best == ANSWER_NO) return decision;
  if (facts::IsUnknown(unable)) {
    Ask("unable_to_consent", "Is the person unable to consent to the joint work?", words.strength(),
        decision);
  }
  if (facts::IsUnknown(best)) {
    Ask("best_interests",
        "If the person cannot consent: has it been decided in their best interests?",
        words.strength(), decision);
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
  const bool covered = SayRule(policy, policy.cases().joint_answer(), decision);
  if (covered && delayed == ANSWER_YES) {
    Say(policy, policy.cases().joint_delay(), decision);
  }
  for (const Term& term : kTerms) {
    if (term.said.empty()) {
      Ask(std::string("terms.") + term.field, term.question,
          policy.cases().joint_answer().strength(), decision);
    }
  }
  return decision;
}

}  // namespace asc::referral
