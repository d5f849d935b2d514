#include "referral-svc/transfer_rules.h"

#include <algorithm>
#include <string>
#include <utility>

#include "platform/facts/tri_state.h"
#include "referral-svc/referral_policy.h"
#include "referral-svc/referral_rules.h"
#include "referral-svc/residence_rules.h"

namespace asc::referral {
namespace {

using facts::And;
using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::IsUnknown;
using facts::Known;
using facts::Not;
using facts::Or;

// A fact that a gate turns on, and the field that holds it.
struct Fact {
  const char* field;
  Answer answer;
};

// One transfer, or one plan for longer-term support, while it is decided.
class Decider {
 public:
  Decider(const v1::ReferralDetails& details, const v1::TransferFacts& facts,
          const std::vector<v1::Override>& overrides, const v1::ReferralPolicy& policy)
      : details_(details), facts_(facts), overrides_(overrides), policy_(policy) {}

  GateDecision Transfer() {
    const Answer assess =
        And(facts_.may_lead_to_assessment(), details_.residence().appearance_of_need());
    const Answer exempt = Or(Urgent(), assess);
    if (exempt != ANSWER_YES) {
      PreventionBeforeTransfer();
      FinanceInformation();
      OrdinaryResidence();
      if (!policy_.advocacy().has_with_transfer()) {
        AdvocacyHold(Known(facts_.may_lead_to_assessment()));
      }
    }
    std::vector<Lift> lifts = {Lift{DelayRule(), {"facts.safeguarding_or_urgent", Urgent()}}};
    if (exempt == ANSWER_UNKNOWN) AddAssessment(lifts);
    Settle(exempt, lifts);
    RemindOfAdvocate(policy_.advocacy().has_with_transfer());
    RemindOfFinance();
    return std::move(made_);
  }

  GateDecision LongTermSupport() {
    // Only an interim measure may go before what longer-term support waits for.
    const Answer longer_term = Known(facts_.longer_term_work());
    const Answer exempt = And(Urgent(), Not(longer_term));
    if (exempt != ANSWER_YES) {
      PreventionBeforeSupport();
      if (longer_term != ANSWER_NO || facts_.advocacy_hold() == ANSWER_YES)
        AdvocacyHold(ANSWER_YES);
    }
    std::vector<Lift> lifts;
    if (exempt == ANSWER_UNKNOWN) {
      lifts.push_back({DelayRule(), {"facts.safeguarding_or_urgent", Urgent()}});
      lifts.push_back({"P1", {"facts.longer_term_work", longer_term}});
    }
    Settle(exempt, lifts);
    if (facts_.advocacy_hold() == ANSWER_YES) RemindOfAdvocate(false);
    AddReasonOnce(policy_, "P2", made_.decision);
    return std::move(made_);
  }

 private:
  // What a held gate waits for.
  struct Held {
    std::string rule_id;
    bool closed;
    std::vector<Fact> asks;
  };

  // What would lift every gate at once, with the rule that asks for it.
  struct Lift {
    const char* rule_id;
    Fact fact;
  };

  // What the referral says of safeguarding counts, whatever the caller says of the transfer.
  Answer Urgent() const {
    return TellsOfRisk(details_) ? ANSWER_YES : Known(facts_.safeguarding_or_urgent());
  }

  // What leads to no process needs no advocate, unless the caller was told of one.
  bool NeedsAdvocate() const {
    return Known(facts_.may_lead_to_assessment()) != ANSWER_NO ||
           facts_.advocacy_hold() == ANSWER_YES;
  }

  // The rule that no delay may do harm, as this procedure has it.
  const char* DelayRule() const { return FindStatement(policy_, "R4") != nullptr ? "R4" : "C2"; }

  const v1::Override* OverrideOf(const std::string& rule_id) const {
    for (const v1::Override& override : overrides_) {
      if (override.rule_id() == rule_id) return &override;
    }
    return nullptr;
  }

  template <class Words>
  void AddGate(const char* rule_id, const Words& words, Answer open, std::vector<Fact> asks) {
    v1::Gate& gate = made_.gates.emplace_back();
    gate.set_rule_id(rule_id);
    gate.set_strength(words.strength());
    gate.set_open(open);
    gate.set_may_be_overridden(words.strength() != type::v1::STRENGTH_MUST);
    gate.set_text(words.text());
    for (const std::string& lines : words.lines()) {
      *gate.add_citations() = CitationOf(policy_, lines);
    }
    if (open == ANSWER_YES) return;
    const v1::Override* override = OverrideOf(rule_id);
    const bool binding = words.strength() == type::v1::STRENGTH_MUST ||
                         words.strength() == type::v1::STRENGTH_SHOULD;
    if (binding && gate.may_be_overridden() && override != nullptr) {
      made_.used.push_back(*override);
      return;
    }
    (binding ? held_ : wanted_).push_back({rule_id, open == ANSWER_NO, std::move(asks)});
  }

  void AddPreventionGate(const char* rule_id, bool unsuitable_too) {
    const v1::RuleStatement* rule = FindStatement(policy_, rule_id);
    const Answer longer_term = Known(facts_.longer_term_work());
    if (rule == nullptr || longer_term == ANSWER_NO) return;
    const v1::Prevention& prevention = details_.prevention();
    const Answer explored = Known(prevention.all_explored());
    const Answer unsuitable = unsuitable_too ? Known(prevention.found_unsuitable()) : ANSWER_YES;
    std::vector<Fact> asks = {{"facts.longer_term_work", longer_term},
                              {"details.prevention.all_explored", explored}};
    // What has not been explored cannot have been found unsuitable.
    if (explored != ANSWER_NO) asks.push_back({"details.prevention.found_unsuitable", unsuitable});
    AddGate(rule_id, *rule, Or(Not(longer_term), And(explored, unsuitable)), std::move(asks));
  }

  void PreventionBeforeTransfer() {
    if (policy_.prevention().explore_before() != v1::EXPLORE_BEFORE_TRANSFER) return;
    AddPreventionGate("P1", false);
  }

  void PreventionBeforeSupport() {
    if (policy_.prevention().long_term_barred_until_satisfied()) AddPreventionGate("P2", true);
    if (policy_.prevention().explore_before() != v1::EXPLORE_BEFORE_UNDERTAKING) return;
    AddPreventionGate("P1", false);
  }

  void FinanceInformation() {
    const v1::FinanceInformationPolicy& finance = policy_.finance_information();
    const Answer leads = Known(facts_.may_lead_to_assessment());
    if (finance.on_transfer() != v1::FINANCE_ON_TRANSFER_MAKE_SURE || leads == ANSWER_NO) return;
    const Answer given = Known(details_.information().finance_information_given());
    AddGate("F1", finance.transfer_words(), Or(Not(leads), given),
            {{"facts.may_lead_to_assessment", leads},
             {"details.information.finance_information_given", given}});
  }

  // Weaker than SHOULD everywhere, so it never holds a transfer up.
  void OrdinaryResidence() {
    if (!policy_.residence().established_first()) return;
    const v1::RuleStatement* rule = FindStatement(policy_, "R0");
    if (rule == nullptr) return;
    const auto residence = DecideResidence(details_.residence(), policy_).decision();
    Answer open = ANSWER_UNKNOWN;
    if (residence.outcome() == v1::OUTCOME_PERMITTED) open = ANSWER_YES;
    if (residence.outcome() == v1::OUTCOME_REDIRECTED) open = ANSWER_NO;
    AddGate("R0", *rule, open,
            {{"details.residence.ordinarily_resident_here",
              details_.residence().ordinarily_resident_here()}});
  }

  // As the caller was told. It holds the process that follows, so it holds nothing where none does.
  void AdvocacyHold(Answer follows) {
    const v1::RuleStatement* rule = FindStatement(policy_, "A8");
    if (rule == nullptr || follows == ANSWER_NO) return;
    const Answer hold = Known(facts_.advocacy_hold());
    AddGate("A8", *rule, Or(Not(follows), Not(hold)),
            {{"facts.may_lead_to_assessment", follows}, {"facts.advocacy_hold", hold}});
  }

  void Ask(const char* rule_id, const Fact& fact) {
    if (!IsUnknown(fact.answer)) return;
    for (const type::v1::Question& asked : made_.decision.questions()) {
      if (asked.field() == fact.field) return;
    }
    // Whether it leads to an assessment is asked once, for all rules.
    const bool shared = fact.field == std::string("facts.may_lead_to_assessment");
    AddQuestion(policy_, shared ? DelayRule() : rule_id, fact.field, made_.decision);
  }

  void Settle(Answer exempt, const std::vector<Lift>& lifts) {
    v1::Decision& decision = made_.decision;
    bool closed = false;
    for (const Held& gate : held_) closed |= gate.closed;
    if (held_.empty()) {
      decision.set_outcome(v1::OUTCOME_PERMITTED);
    } else {
      const bool refused = closed && exempt == ANSWER_NO;
      decision.set_outcome(refused ? v1::OUTCOME_REFUSED : v1::OUTCOME_CANNOT_TELL);
      for (const Lift& lift : lifts) Ask(lift.rule_id, lift.fact);
    }
    AddReasons();
    for (const auto& gates : {held_, wanted_}) {
      for (const Held& gate : gates) {
        if (gate.closed) continue;
        for (const Fact& fact : gate.asks) Ask(gate.rule_id.c_str(), fact);
      }
    }
  }

  void AddAssessment(std::vector<Lift>& lifts) const {
    const Answer leads = Known(facts_.may_lead_to_assessment());
    if (leads == ANSWER_NO) return;
    lifts.push_back({DelayRule(), {"facts.may_lead_to_assessment", leads}});
    lifts.push_back(
        {DelayRule(),
         {"details.residence.appearance_of_need", details_.residence().appearance_of_need()}});
  }

  // The gates that settled it first, closed ones before those that cannot be told.
  void AddReasons() {
    for (const bool closed : {true, false}) {
      for (const Held& gate : held_) {
        if (gate.closed == closed) AddGateReason(gate.rule_id);
      }
    }
    for (const v1::Gate& gate : made_.gates) AddGateReason(gate.rule_id());
    if (made_.gates.empty()) AddReasonOnce(policy_, DelayRule(), made_.decision);
  }

  // Of a gate that was made.
  void AddGateReason(const std::string& rule_id) {
    for (const type::v1::Reason& reason : made_.decision.reasons()) {
      if (reason.rule_id() == rule_id) return;
    }
    const v1::Gate& gate =
        *std::find_if(made_.gates.begin(), made_.gates.end(),
                      [&rule_id](const v1::Gate& one) { return one.rule_id() == rule_id; });
    type::v1::Reason& reason = *made_.decision.add_reasons();
    reason.set_rule_id(rule_id);
    reason.set_strength(gate.strength());
    reason.set_text(gate.text());
    *reason.mutable_citations() = gate.citations();
  }

  // A8: what does not hold this up still holds what begins at the other end. A2: the advocacy
  // referral goes with a transfer.
  void RemindOfAdvocate(bool goes_with_it) {
    const Answer hold = Known(facts_.advocacy_hold());
    if (hold == ANSWER_NO || !NeedsAdvocate()) return;
    AddReasonOnce(policy_, "A8", made_.decision);
    if (goes_with_it) {
      AddFinding(policy_, "A2", policy_.advocacy().with_transfer(), made_.decision);
    }
    Ask("A8", {"facts.advocacy_hold", hold});
  }

  // F1: what is not a gate stays a duty.
  void RemindOfFinance() {
    const v1::FinanceInformationPolicy& finance = policy_.finance_information();
    const Answer given = Known(details_.information().finance_information_given());
    const bool leads = Known(facts_.may_lead_to_assessment()) != ANSWER_NO;
    if (!finance.early_duty() || !leads || given == ANSWER_YES) return;
    AddReasonOnce(policy_, "F1", made_.decision);
    if (finance.on_transfer() == v1::FINANCE_ON_TRANSFER_EMPHASIS_ONLY) {
      AddFinding(policy_, "F1", finance.transfer_words(), made_.decision);
    }
    Ask("F1", {"details.information.finance_information_given", given});
  }

  const v1::ReferralDetails& details_;
  const v1::TransferFacts& facts_;
  const std::vector<v1::Override>& overrides_;
  const v1::ReferralPolicy& policy_;
  GateDecision made_;
  std::vector<Held> held_;
  // What a gate that does not hold would still like to know.
  std::vector<Held> wanted_;
};

}  // namespace

GateDecision DecideTransfer(const v1::ReferralDetails& details, const v1::TransferFacts& facts,
                            const std::vector<v1::Override>& overrides,
                            const v1::ReferralPolicy& policy) {
  return Decider(details, facts, overrides, policy).Transfer();
}

GateDecision DecideLongTermSupport(const v1::ReferralDetails& details,
                                   const v1::TransferFacts& facts,
                                   const std::vector<v1::Override>& overrides,
                                   const v1::ReferralPolicy& policy) {
  return Decider(details, facts, overrides, policy).LongTermSupport();
}

}  // namespace asc::referral
