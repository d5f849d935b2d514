#include "funding-svc/urgent_rules.h"

#include <algorithm>

#include "platform/facts/rules.h"
#include "platform/facts/tri_state.h"
#include "protos/checks/urgency.h"

namespace asc::funding {
namespace {

using facts::And;
using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::IsUnknown;
using facts::Known;

// ---- CheckUrgent ----

class Checking {
 public:
  Checking(const v1::UrgentFacts& facts, const v1::FundingPolicy& policy)
      : facts_(facts), policy_(policy), open_(!checks::SaidNotUrgent(facts)) {}

  v1::UrgentSupportCheck Check() {
    check_.set_section(policy_.urgent_section());
    Reason("U1");
    Reason("s.19(3)");
    CheckSubject();
    if (policy_.urgent_section() != v1::URGENT_SECTION_INLINE) {
      PointElsewhere();
      return std::move(check_);
    }
    Reason("U2");
    CheckUrgency();
    CheckConsiderations();
    CheckCautions();
    if (open_) Reason("U6");
    if (facts_.ordinarily_resident() == ANSWER_NO) Reason("FD12");
    return std::move(check_);
  }

 private:
  void Reason(const char* rule_id) {
    facts::AddReason(policy_.rules(), rule_id, *check_.mutable_reasons());
  }
  void Finding(const char* rule_id, const char* text) {
    facts::AddFinding(policy_.rules(), rule_id, text, *check_.mutable_reasons());
  }
  // Once it is clear that nothing is urgent, nothing more is asked.
  void Ask(const char* rule_id, const char* field, const char* text) {
    if (!open_) return;
    facts::AddQuestion(policy_.rules(), rule_id, field, text, *check_.mutable_questions());
  }

  void CheckSubject() {
    const auto& subjects = policy_.applies_to();
    const bool named = facts_.subject() != v1::SUBJECT_UNSPECIFIED;
    if (named && std::find(subjects.begin(), subjects.end(), facts_.subject()) == subjects.end()) {
      Reason("SC2");
    }
    if (facts_.subject() == v1::SUBJECT_CARER) Reason("s.20");
  }

  void PointElsewhere() {
    check_.set_considerations_complete(ANSWER_UNKNOWN);
    if (policy_.has_urgent_elsewhere()) {
      *check_.mutable_elsewhere() = policy_.urgent_elsewhere();
      return Finding("U1", "This procedure leaves urgent support to another chapter; go by that.");
    }
    Finding("U1",
            "This procedure has no section on urgent support. That is not the same as having no "
            "power; ask a manager how it is used here.");
  }

  void CheckUrgency() {
    if (IsUnknown(facts_.appears_urgent())) {
      Ask("U1", "facts.appears_urgent", "Does the need appear to be urgent?");
    }
    if (IsUnknown(facts_.cannot_wait())) {
      Ask("U1", "facts.cannot_wait", "Can the need not wait for an assessment or a review?");
    }
    if (facts_.appears_urgent() == ANSWER_NO) Finding("U1", "Here: the need seems not urgent.");
    if (facts_.cannot_wait() == ANSWER_NO)
      Finding("U1", "Here: the need is said to be able to wait.");
  }

  void Consider(const v1::Consideration& consideration, const char* rule_id, const char* field,
                const char* text) {
    const Answer considered = Known(consideration.considered());
    complete_ = And(complete_, considered);
    if (considered != ANSWER_YES) Ask(rule_id, field, text);
  }

  void CheckConsiderations() {
    if (open_) Reason("U3");
    Consider(facts_.wellbeing(), "U3", "facts.wellbeing.considered",
             "Was the effect on wellbeing considered?");
    Consider(facts_.prevention(), "U3", "facts.prevention.considered",
             "Was it considered whether something preventative would help?");
    Consider(facts_.information_and_advice(), "U3", "facts.information_and_advice.considered",
             "Was it considered whether information and advice would help?");
    if (open_) Reason("U5");
    Consider(facts_.own_strengths(), "U5", "facts.own_strengths.considered",
             "Was it talked about what they can do themselves?");
    Consider(facts_.own_networks(), "U5", "facts.own_networks.considered",
             "Was it talked about what family, friends and community can do?");
    if (facts_.strengths_elements().empty()) {
      Ask("U5", "facts.strengths_elements",
          "What was gone through: the whole network, strengths, the community, other services, "
          "lighter kinds of help?");
    }
    check_.set_considerations_complete(complete_);
  }

  void CheckCautions() {
    const bool unassessed = facts_.needs_assessed() != ANSWER_YES;
    if (unassessed || facts_.information_doubtful() == ANSWER_YES ||
        facts_.hard_to_stop() == ANSWER_YES) {
      Reason("U4");
    }
    if (facts_.needs_assessed() == ANSWER_NO) {
      Finding("U4", "Here: nobody has assessed the present needs.");
    }
    if (facts_.information_doubtful() == ANSWER_YES) {
      Finding("U4", "Here: what is known may not show the needs as they are.");
    }
    if (facts_.hard_to_stop() == ANSWER_YES) {
      Finding("U4", "Here: the support would be hard to stop after an assessment.");
    }
    if (IsUnknown(facts_.needs_assessed())) {
      Ask("U4", "facts.needs_assessed", "Has anybody assessed the present needs?");
    }
    if (IsUnknown(facts_.information_doubtful())) {
      Ask("U4", "facts.information_doubtful",
          "Is what is known old, or from somebody who is under strain or pressure to act?");
    }
    if (IsUnknown(facts_.hard_to_stop())) {
      Ask("U4", "facts.hard_to_stop", "Would the support be hard to stop after an assessment?");
    }
  }

  const v1::UrgentFacts& facts_;
  const v1::FundingPolicy& policy_;
  const bool open_;
  Answer complete_ = ANSWER_YES;
  v1::UrgentSupportCheck check_;
};

// ---- CheckCompleteness ----

struct Factor {
  const char* rule_id;
  const char* name;
  const v1::Consideration& (v1::FundingFactors::*read)() const;
  const char* question;
};

constexpr Factor kFactors[] = {
    {"FD3", "wishes", &v1::FundingFactors::wishes,
     "What do they want, and how should their needs be met in their view?"},
    {"FD3", "other_options", &v1::FundingFactors::other_options, "Which other options can be had?"},
    {"FD3", "cost_of_suitable_services", &v1::FundingFactors::cost_of_suitable_services,
     "What do suitable services cost that can be had?"},
    {"FD4", "complexity", &v1::FundingFactors::complexity, "How complex are the needs?"},
    {"FD4", "risk", &v1::FundingFactors::risk, "How great is the risk, and how urgent is it?"},
    {"FD4", "information_given", &v1::FundingFactors::information_given,
     "Which information and advice has been given?"},
    {"FD4", "prevention_explored", &v1::FundingFactors::prevention_explored,
     "Which preventative services were looked into?"},
    {"FD4", "networks_explored", &v1::FundingFactors::networks_explored,
     "How could their own networks help?"},
};

}  // namespace

v1::UrgentSupportCheck CheckUrgent(const v1::UrgentFacts& facts, const v1::FundingPolicy& policy) {
  return Checking(facts, policy).Check();
}

v1::FundingAnswer CheckCompleteness(const v1::FundingContent& content,
                                    const v1::FundingPolicy& policy) {
  v1::FundingAnswer answer;
  answer.set_accepted(true);
  if (policy.urgent_section() != v1::URGENT_SECTION_INLINE) {
    const v1::UrgentSupportCheck check = CheckUrgent(content.urgent(), policy);
    *answer.mutable_reasons() = check.reasons();
    return answer;
  }
  for (const char* rule_id : {"FD1", "FD2", "FD3", "FD4"}) {
    facts::AddReason(policy.rules(), rule_id, *answer.mutable_reasons());
  }
  const v1::FundingFactors& factors = content.factors();
  if (factors.has_personal_budget() == ANSWER_NO ||
      factors.budget_on_current_needs() == ANSWER_NO) {
    facts::AddReason(policy.rules(), "FD13", *answer.mutable_reasons());
  }
  const auto ask = [&](const char* rule_id, const std::string& name, const char* text) {
    facts::AddQuestion(policy.rules(), rule_id, "content.factors." + name + ".considered", text,
                       *answer.mutable_questions());
  };
  for (const Factor& factor : kFactors) {
    if ((factors.*factor.read)().considered() != ANSWER_YES) {
      ask(factor.rule_id, factor.name, factor.question);
    }
  }
  if (content.urgent().ordinarily_resident() == ANSWER_NO) {
    facts::AddReason(policy.rules(), "FD12", *answer.mutable_reasons());
    if (factors.support_elsewhere().considered() != ANSWER_YES) {
      ask("FD4", "support_elsewhere", "Which support do they have from their own authority?");
    }
  }
  return answer;
}

const v1::DecisionLevel& LevelFor(const google::protobuf::RepeatedPtrField<v1::SupportItem>& items,
                                  const v1::FundingPolicy& policy) {
  const v1::DecisionLevel& last = policy.decision_levels(policy.decision_levels_size() - 1);
  std::int64_t total = 0;
  for (const v1::SupportItem& item : items) {
    if (!item.has_cost()) return last;
    total += item.cost().pence();
  }
  for (const v1::DecisionLevel& level : policy.decision_levels()) {
    if (level.has_decides_up_to() && total <= level.decides_up_to().pence()) return level;
  }
  return last;
}

}  // namespace asc::funding
