#include "advocacy-svc/advocacy_rules.h"

#include <algorithm>
#include <string>

#include "platform/facts/parts.h"
#include "platform/facts/rules.h"
#include "platform/facts/tri_state.h"

namespace asc::advocacy {
namespace {

using facts::And;
using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::Either;
using facts::IsUnknown;
using facts::Known;
using facts::Not;
using facts::Or;

struct LimbText {
  v1::Limb limb;
  const char* question;
};

// s.67(4).
constexpr LimbText kLimbs[] = {
    {v1::LIMB_UNDERSTANDING,
     "Would they have substantial difficulty in understanding the information that matters?"},
    {v1::LIMB_RETAINING,
     "Would they have substantial difficulty in keeping that information in mind?"},
    {v1::LIMB_USING_OR_WEIGHING,
     "Would they have substantial difficulty in using or weighing that information?"},
    {v1::LIMB_COMMUNICATING,
     "Would they have substantial difficulty in making their views, wishes or feelings known, by "
     "whatever means?"},
};

Answer LimbAnswer(const v1::AdvocacyFacts& facts, v1::Limb limb) {
  Answer answer = ANSWER_UNKNOWN;
  for (const v1::LimbFact& fact : facts.limbs()) {
    if (fact.limb() == limb) answer = Known(fact.substantial_difficulty());
  }
  return answer;
}

// One limb is enough. Whether capacity is lacking does not come into it (A6).
Answer SubstantialDifficulty(const v1::AdvocacyFacts& facts) {
  Answer difficulty = ANSWER_NO;
  for (const LimbText& limb : kLimbs) difficulty = Or(difficulty, LimbAnswer(facts, limb.limb));
  return difficulty;
}

// Whether the person agrees to being represented, or it is in their best interests (s.67(6)).
Answer Accepted(const v1::AppropriatePersonFacts& person) {
  return Either(Known(person.person_lacks_capacity_to_consent()), person.in_best_interests(),
                person.person_consents());
}

Answer AppropriatePerson(const v1::AppropriatePersonFacts& person) {
  const Answer suitable = And(Known(person.exists()), Known(person.willing_and_able()));
  return And(And(suitable, Not(person.paid_or_professional())), Accepted(person));
}

// Where an appropriate person does not replace the advocate (regulation 4).
Answer AdvocateAllTheSame(const v1::AdvocacyFacts& facts) {
  return Or(And(Known(facts.long_nhs_stay()), Known(facts.advocate_in_best_interests())),
            And(Known(facts.material_disagreement()), Known(facts.both_want_advocate())));
}

struct Conditions {
  // Is the procedure for this subject?
  Answer covered;
  // The three of A1.
  Answer process;
  Answer difficulty;
  Answer nobody_appropriate;

  Answer Duty() const { return And(And(process, difficulty), nobody_appropriate); }
};

Answer Covered(const v1::AdvocacyFacts& facts, const v1::AdvocacyPolicy& policy) {
  const auto& subjects = policy.applies_to();
  const auto covers = [&subjects](v1::Subject subject) {
    return std::find(subjects.begin(), subjects.end(), subject) != subjects.end();
  };
  if (facts.subject() == v1::SUBJECT_UNSPECIFIED) {
    return covers(v1::SUBJECT_PERSON) && covers(v1::SUBJECT_CARER) ? ANSWER_YES : ANSWER_UNKNOWN;
  }
  return facts::FromBool(covers(facts.subject()));
}

Conditions ConditionsOf(const v1::AdvocacyFacts& facts, const v1::AdvocacyPolicy& policy) {
  const Answer replaced =
      And(AppropriatePerson(facts.appropriate_person()), Not(AdvocateAllTheSame(facts)));
  return {Covered(facts, policy), Known(facts.process_will_follow()), SubstantialDifficulty(facts),
          Not(replaced)};
}

// ---- Questions: those of the next step only, so that nobody is asked what cannot matter ----

class Asking {
 public:
  Asking(const v1::AdvocacyFacts& facts, const v1::AdvocacyPolicy& policy,
         v1::AdvocacyDecision& decision)
      : facts_(facts), policy_(policy), decision_(decision) {}

  void AskForDuty(const Conditions& conditions) {
    if (IsUnknown(conditions.covered)) {
      Ask("SC2", "subject",
          "Is this about a person with care and support needs, or about a carer?");
    }
    if (conditions.Duty() != ANSWER_UNKNOWN) return;
    if (IsUnknown(conditions.process)) {
      Ask("A1", "process_will_follow",
          "Will a care and support process follow, such as an assessment, a review or a "
          "safeguarding enquiry?");
    }
    if (IsUnknown(conditions.difficulty)) AskForLimbs();
    if (IsUnknown(conditions.nobody_appropriate)) AskForAppropriatePerson();
  }

  void AskForRegimes() {
    if (!policy_.regime_choice()) return;
    if (IsUnknown(facts_.lacks_capacity())) {
      Ask("A4", "lacks_capacity", "Do they lack capacity for the decisions of this process?");
    }
    if (facts_.lacks_capacity() == ANSWER_YES && IsUnknown(facts_.imca_decision())) {
      Ask("A4", "imca_decision",
          "Is this one of the decisions for which the Mental Capacity Act brings in an advocate?");
    }
    if (IsUnknown(facts_.imha_eligible())) {
      Ask("A5", "imha_eligible",
          "Does the Mental Health Act entitle them to an independent mental health advocate?");
    }
  }

  void AskForPower() {
    Ask("A3", "power_agreed",
        "Has somebody with the authority to do so agreed to provide an advocate in this case?");
  }

 private:
  void Ask(const char* rule_id, const std::string& path, const char* text) {
    facts::AddQuestion(policy_.rules(), rule_id, "facts." + path, text,
                       *decision_.mutable_questions());
  }

  void AskForLimbs() {
    for (const LimbText& limb : kLimbs) {
      if (!IsUnknown(LimbAnswer(facts_, limb.limb))) continue;
      v1::LimbFact fact;
      fact.set_limb(limb.limb);
      Ask("A1", "limbs" + facts::ItemName(fact, 0) + ".substantial_difficulty", limb.question);
    }
  }

  void AskForAppropriatePerson() {
    const v1::AppropriatePersonFacts& person = facts_.appropriate_person();
    const Answer appropriate = AppropriatePerson(person);
    if (appropriate == ANSWER_YES) return AskForExceptions();
    if (IsUnknown(person.exists())) {
      return Ask("A1", "appropriate_person.exists",
                 "Is there somebody else who could represent and support them in this?");
    }
    if (IsUnknown(person.willing_and_able())) {
      Ask("A1", "appropriate_person.willing_and_able",
          "Is that somebody willing and able to help them to be fully involved in this process?");
    }
    if (IsUnknown(person.paid_or_professional())) {
      Ask("s.67(5)", "appropriate_person.paid_or_professional",
          "Is that somebody paid for, or professionally engaged in, their care or treatment?");
    }
    if (IsUnknown(Accepted(person))) AskForAcceptance(person);
  }

  void AskForAcceptance(const v1::AppropriatePersonFacts& person) {
    const Answer lacks = Known(person.person_lacks_capacity_to_consent());
    if (lacks == ANSWER_UNKNOWN) {
      Ask("s.67(6)", "appropriate_person.person_lacks_capacity_to_consent",
          "Do they lack capacity to agree to being represented by that somebody?");
    }
    if (lacks != ANSWER_YES && IsUnknown(person.person_consents())) {
      Ask("s.67(6)", "appropriate_person.person_consents",
          "Do they agree to being represented by that somebody?");
    }
    if (lacks == ANSWER_YES) {
      Ask("s.67(6)", "appropriate_person.in_best_interests",
          "Is it in their best interests to be represented by that somebody?");
    }
  }

  // One NO settles a pair, so its first fact is asked before its second.
  void AskForExceptions() {
    if (IsUnknown(facts_.long_nhs_stay())) {
      Ask("reg.4", "long_nhs_stay",
          "Is the NHS likely to arrange 28 days in hospital or 8 weeks in a care home for them?");
    } else if (facts_.long_nhs_stay() == ANSWER_YES &&
               IsUnknown(facts_.advocate_in_best_interests())) {
      Ask("reg.4", "advocate_in_best_interests",
          "Is it in their best interests that an advocate takes part in arranging that stay?");
    }
    if (IsUnknown(facts_.material_disagreement())) {
      Ask("reg.4", "material_disagreement",
          "Do the authority and the appropriate person disagree on something that matters?");
    } else if (facts_.material_disagreement() == ANSWER_YES &&
               IsUnknown(facts_.both_want_advocate())) {
      Ask("reg.4", "both_want_advocate",
          "Do both sides of the disagreement think that an advocate would serve the person?");
    }
  }

  const v1::AdvocacyFacts& facts_;
  const v1::AdvocacyPolicy& policy_;
  v1::AdvocacyDecision& decision_;
};

// ---- Reasons ----

bool IsNamed(v1::Process process, const v1::AdvocacyPolicy& policy) {
  const auto& named = policy.processes();
  return std::find(named.begin(), named.end(), process) != named.end();
}

// Which of the conditions are known, one way or the other.
void AddConditions(const v1::AdvocacyFacts& facts, const Conditions& conditions,
                   const v1::AdvocacyPolicy& policy, facts::Reasons& reasons) {
  const auto found = [&](const char* text) {
    facts::AddFinding(policy.rules(), "A1", text, reasons);
  };
  if (conditions.process == ANSWER_YES) found("Here: a process will follow.");
  if (conditions.process == ANSWER_NO) found("Here: no process will follow.");
  if (conditions.difficulty == ANSWER_YES) {
    found("Here: there would be substantial difficulty in at least one of the four respects.");
  }
  if (conditions.difficulty == ANSWER_NO) {
    found("Here: there would be no substantial difficulty in any of the four respects.");
  }
  if (conditions.nobody_appropriate == ANSWER_NO) {
    found("Here: somebody else can represent and support them.");
  }
  if (conditions.nobody_appropriate != ANSWER_YES) return;
  if (AdvocateAllTheSame(facts) == ANSWER_YES) {
    return facts::AddReason(policy.rules(), "reg.4", reasons);
  }
  found("Here: nobody else counts as the appropriate person.");
  const v1::AppropriatePersonFacts& person = facts.appropriate_person();
  if (person.paid_or_professional() == ANSWER_YES) {
    facts::AddReason(policy.rules(), "s.67(5)", reasons);
  }
  if (person.exists() == ANSWER_YES && Accepted(person) == ANSWER_NO) {
    facts::AddReason(policy.rules(), "s.67(6)", reasons);
  }
}

void AddAsides(const v1::AdvocacyFacts& facts, const v1::AdvocacyPolicy& policy,
               facts::Reasons& reasons) {
  if (facts.process() != v1::PROCESS_UNSPECIFIED && !IsNamed(facts.process(), policy)) {
    facts::AddReason(policy.rules(), "A1'", reasons);
  }
  if (facts.process() == v1::PROCESS_REVIEW && facts.plan_revision_expected() == ANSWER_NO) {
    facts::AddReason(policy.rules(), "s.67(3)", reasons);
  }
  if (facts.lacks_capacity() == ANSWER_YES) facts::AddReason(policy.rules(), "A6", reasons);
  if (facts.appropriate_person().exists() == ANSWER_YES) {
    facts::AddReason(policy.rules(), "A12", reasons);
  }
}

void AddRegimes(const v1::AdvocacyFacts& facts, const v1::AdvocacyPolicy& policy,
                v1::AdvocacyDecision& decision) {
  decision.add_regimes(v1::REGIME_CARE_ACT);
  if (facts.lacks_capacity() == ANSWER_YES) {
    if (facts.imca_decision() == ANSWER_YES) decision.add_regimes(v1::REGIME_IMCA);
    facts::AddReason(policy.rules(), "A4", *decision.mutable_reasons());
  }
  if (facts.imha_eligible() == ANSWER_YES) {
    decision.add_regimes(v1::REGIME_IMHA);
    facts::AddReason(policy.rules(), "A5", *decision.mutable_reasons());
  }
}

// ---- Outcomes ----

void DecideDuty(const v1::AdvocacyFacts& facts, const v1::AdvocacyPolicy& policy,
                v1::AdvocacyDecision& decision) {
  decision.set_outcome(v1::ADVOCACY_OUTCOME_DUTY);
  decision.set_referral_timing(policy.referral_timing());
  decision.set_refer_early(ANSWER_YES);
  AddRegimes(facts, policy, decision);
  for (const char* rule_id : {"A2", "A8", "A11", "A13"}) {
    facts::AddReason(policy.rules(), rule_id, *decision.mutable_reasons());
  }
  Asking(facts, policy, decision).AskForRegimes();
}

// The power never stands in place of a duty: it is looked at only once there is none (A3).
void DecideNoDuty(const v1::AdvocacyFacts& facts, const v1::AdvocacyPolicy& policy,
                  v1::AdvocacyDecision& decision) {
  decision.set_outcome(v1::ADVOCACY_OUTCOME_NO_DUTY);
  decision.set_refer_early(ANSWER_NO);
  if (!policy.power_available()) return;
  facts::AddReason(policy.rules(), "A3", *decision.mutable_reasons());
  const bool thought_of = facts.power_purpose() != v1::POWER_PURPOSE_UNSPECIFIED;
  if (!thought_of && facts.power_agreed() != ANSWER_YES) return;
  decision.set_outcome(v1::ADVOCACY_OUTCOME_POWER);
  if (IsUnknown(facts.power_agreed())) Asking(facts, policy, decision).AskForPower();
}

// A duty is likely once somebody would have difficulty and nothing known speaks against it (A2).
void DecideOpen(const v1::AdvocacyFacts& facts, const Conditions& conditions,
                const v1::AdvocacyPolicy& policy, v1::AdvocacyDecision& decision) {
  decision.set_outcome(v1::ADVOCACY_OUTCOME_CANNOT_TELL);
  const bool likely = conditions.Duty() != ANSWER_NO && conditions.difficulty == ANSWER_YES;
  decision.set_refer_early(likely ? ANSWER_YES : ANSWER_UNKNOWN);
  if (likely) facts::AddReason(policy.rules(), "A2", *decision.mutable_reasons());
  Asking(facts, policy, decision).AskForDuty(conditions);
}

}  // namespace

v1::AdvocacyDecision DecideAdvocacy(const v1::AdvocacyFacts& facts,
                                    const v1::AdvocacyPolicy& policy) {
  v1::AdvocacyDecision decision;
  *decision.mutable_facts() = facts;
  const Conditions conditions = ConditionsOf(facts, policy);
  if (conditions.covered == ANSWER_NO) {
    decision.set_outcome(v1::ADVOCACY_OUTCOME_NOT_COVERED);
    facts::AddReason(policy.rules(), "SC2", *decision.mutable_reasons());
    return decision;
  }
  facts::AddReason(policy.rules(), "A1", *decision.mutable_reasons());
  AddConditions(facts, conditions, policy, *decision.mutable_reasons());
  AddAsides(facts, policy, *decision.mutable_reasons());
  const Answer duty = conditions.Duty();
  if (IsUnknown(conditions.covered) || IsUnknown(duty)) {
    DecideOpen(facts, conditions, policy, decision);
  } else if (duty == ANSWER_YES) {
    DecideDuty(facts, policy, decision);
  } else {
    DecideNoDuty(facts, policy, decision);
  }
  return decision;
}

v1::AdvocacyNeedState StateAfter(const v1::AdvocacyDecision& decision) {
  switch (decision.outcome()) {
    case v1::ADVOCACY_OUTCOME_DUTY:
      return v1::ADVOCACY_NEED_STATE_TO_REFER;
    case v1::ADVOCACY_OUTCOME_NO_DUTY:
      return v1::ADVOCACY_NEED_STATE_NOT_REQUIRED;
    case v1::ADVOCACY_OUTCOME_POWER:
      if (decision.facts().power_agreed() == ANSWER_YES) return v1::ADVOCACY_NEED_STATE_TO_REFER;
      return decision.facts().power_agreed() == ANSWER_NO ? v1::ADVOCACY_NEED_STATE_NOT_REQUIRED
                                                          : v1::ADVOCACY_NEED_STATE_UNDECIDED;
    case v1::ADVOCACY_OUTCOME_CANNOT_TELL:
    case v1::ADVOCACY_OUTCOME_NOT_COVERED:
    case v1::ADVOCACY_OUTCOME_UNSPECIFIED:
    case v1::AdvocacyOutcome_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::AdvocacyOutcome_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return v1::ADVOCACY_NEED_STATE_UNDECIDED;
}

}  // namespace asc::advocacy
