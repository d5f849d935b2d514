#include "referral-svc/residence_rules.h"

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
using facts::Known;

// What is known of where somebody belongs, while it is decided.
struct Facts {
  explicit Facts(const v1::Residence& residence)
      : here(Known(residence.ordinarily_resident_here())),
        would_delay(Known(residence.would_delay())),
        insists(Known(residence.person_insists())),
        need(Known(residence.appearance_of_need())),
        hard(Known(residence.hard_to_make_contact())),
        agreed(Known(residence.contact_agreed())),
        disputed(Known(residence.disputed_or_refused())) {}

  const Answer here;
  const Answer would_delay;
  const Answer insists;
  const Answer need;
  const Answer hard;
  const Answer agreed;
  const Answer disputed;
};

void Settle(const v1::ReferralPolicy& policy, v1::Outcome outcome, const char* rule_id,
            v1::Decision& decision) {
  decision.set_outcome(outcome);
  AddReason(policy, rule_id, decision);
}

// R0a to R0e: the person is resident elsewhere.
void DecideElsewhere(const Facts& facts, const v1::ReferralPolicy& policy, v1::Decision& decision) {
  if (facts.disputed == ANSWER_YES) return Settle(policy, v1::OUTCOME_PERMITTED, "R0e", decision);
  const Answer assess = And(facts.insists, facts.need);
  if (assess == ANSWER_YES) return Settle(policy, v1::OUTCOME_PERMITTED, "R0d", decision);
  if (assess == ANSWER_NO) {
    decision.set_redirect(policy.residence().home_procedure());
    return Settle(policy, v1::OUTCOME_REDIRECTED, "R0a", decision);
  }
  // Nobody waits for an assessment until it is known whether they insist on it.
  if (facts.need == ANSWER_YES && policy.residence().never_delays()) {
    return Settle(policy, v1::OUTCOME_PERMITTED, "R0f", decision);
  }
  Settle(policy, v1::OUTCOME_CANNOT_TELL, "R0d", decision);
}

// R0, R0e and R0f: it is not clear where the person is resident.
void DecideUnclear(const Facts& facts, const v1::ReferralPolicy& policy, v1::Decision& decision) {
  if (facts.disputed == ANSWER_YES) return Settle(policy, v1::OUTCOME_PERMITTED, "R0e", decision);
  if (facts.need == ANSWER_YES && policy.residence().never_delays()) {
    Settle(policy, v1::OUTCOME_PERMITTED, "R0f", decision);
    return AddReason(policy, "R0", decision);
  }
  const bool first = facts.would_delay != ANSWER_YES;
  Settle(policy, first ? v1::OUTCOME_CANNOT_TELL : v1::OUTCOME_PERMITTED, "R0", decision);
}

// Whether an action is due for somebody who is not known to be resident here. What belongs to
// somebody from elsewhere is not, while that is unclear.
Answer DueOf(const Facts& facts, v1::ActionKind kind) {
  const bool elsewhere = facts.here == ANSWER_NO;
  const bool unclear = facts.here == ANSWER_UNKNOWN;
  const Answer assess = elsewhere ? And(facts.insists, facts.need) : ANSWER_NO;
  if (kind == v1::ACTION_KIND_EXPLAIN_RESIDENCE || kind == v1::ACTION_KIND_SIGNPOST_HOME) {
    return FromBool(elsewhere);
  }
  if (kind == v1::ACTION_KIND_CONTACT_HOME) {
    return elsewhere ? And(facts.hard, facts.agreed) : ANSWER_NO;
  }
  if (kind == v1::ACTION_KIND_ASSESS_HERE) return assess;
  // Only if the needs turn out to be eligible, which nobody knows before the assessment.
  if (kind == v1::ACTION_KIND_SHARE_FINDINGS) return And(assess, ANSWER_UNKNOWN);
  if (kind == v1::ACTION_KIND_SEEK_LEGAL_ADVICE) {
    return elsewhere ? facts.disputed : FromBool(facts.disputed == ANSWER_YES);
  }
  if (kind == v1::ACTION_KIND_ASSESS_FIRST) {
    const bool contested = elsewhere && facts.disputed == ANSWER_YES && assess != ANSWER_YES;
    return FromBool(facts.need == ANSWER_YES && (unclear || contested));
  }
  if (kind == v1::ACTION_KIND_SETTLE_RESIDENCE_LATER) {
    return FromBool(unclear && (facts.need == ANSWER_YES || facts.would_delay == ANSWER_YES));
  }
  return ANSWER_NO;
}

void Ask(const v1::ReferralPolicy& policy, Answer fact, const char* rule_id, const char* field,
         v1::Decision& decision) {
  if (fact == ANSWER_UNKNOWN) AddQuestion(policy, rule_id, field, decision);
}

void AskElsewhere(const Facts& facts, const v1::ReferralPolicy& policy, v1::Decision& decision) {
  if (facts.insists != ANSWER_NO) {
    Ask(policy, facts.need, "R0f", "residence.appearance_of_need", decision);
  }
  if (facts.need != ANSWER_NO) {
    Ask(policy, facts.insists, "R0d", "residence.person_insists", decision);
  }
  Ask(policy, facts.hard, "R0c", "residence.hard_to_make_contact", decision);
  if (facts.hard != ANSWER_NO) {
    Ask(policy, facts.agreed, "R0c", "residence.contact_agreed", decision);
  }
  Ask(policy, facts.disputed, "R0e", "residence.disputed_or_refused", decision);
}

void AskUnclear(const Facts& facts, const v1::ReferralPolicy& policy, v1::Decision& decision) {
  // Where it would delay, or is in dispute, no time is spent on it now.
  if (facts.would_delay == ANSWER_YES || facts.disputed == ANSWER_YES) return;
  AddQuestion(policy, "R0", "residence.ordinarily_resident_here", decision);
  if (decision.outcome() != v1::OUTCOME_CANNOT_TELL) return;
  Ask(policy, facts.would_delay, "R0", "residence.would_delay", decision);
  if (policy.residence().never_delays()) {
    Ask(policy, facts.need, "R0f", "residence.appearance_of_need", decision);
  }
}

}  // namespace

v1::CheckOrdinaryResidenceResponse DecideResidence(const v1::Residence& residence,
                                                   const v1::ReferralPolicy& policy) {
  v1::CheckOrdinaryResidenceResponse answer;
  v1::Decision& decision = *answer.mutable_decision();
  if (!policy.residence().established_first()) {
    SettleNotCovered("R0", "ordinary residence", decision);
    return answer;
  }
  const Facts facts(residence);
  if (facts.here == ANSWER_YES) {
    Settle(policy, v1::OUTCOME_PERMITTED, "R0", decision);
    return answer;
  }
  if (facts.here == ANSWER_NO) {
    DecideElsewhere(facts, policy, decision);
    AskElsewhere(facts, policy, decision);
  } else {
    DecideUnclear(facts, policy, decision);
    AskUnclear(facts, policy, decision);
  }
  for (const v1::ActionPolicy& action : policy.residence().actions()) {
    const Answer due = DueOf(facts, action.kind());
    if (due == ANSWER_NO) continue;
    *answer.add_actions() = ActionOf(policy, action, due);
    AddReasonOnce(policy, action.rule_id(), decision);
  }
  return answer;
}

}  // namespace asc::referral
