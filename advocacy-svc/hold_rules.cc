#include "advocacy-svc/hold_rules.h"

#include <algorithm>
#include <string>

#include "platform/facts/rules.h"
#include "platform/facts/tri_state.h"

namespace asc::advocacy {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_YES;

// How a record stands, in the order in which one outweighs another.
enum class Standing { kNoDuty, kMet, kDeclined, kUndecided, kOwed };

Standing StandingOf(const v1::AdvocacyNeed& need) {
  if (need.state() == v1::ADVOCACY_NEED_STATE_CLOSED) return Standing::kNoDuty;
  switch (need.decision().outcome()) {
    case v1::ADVOCACY_OUTCOME_NO_DUTY:
    case v1::ADVOCACY_OUTCOME_POWER:
      return Standing::kNoDuty;
    case v1::ADVOCACY_OUTCOME_DUTY:
      break;
    case v1::ADVOCACY_OUTCOME_CANNOT_TELL:
    case v1::ADVOCACY_OUTCOME_NOT_COVERED:
    case v1::ADVOCACY_OUTCOME_UNSPECIFIED:
    case v1::AdvocacyOutcome_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::AdvocacyOutcome_INT_MAX_SENTINEL_DO_NOT_USE_:
      return Standing::kUndecided;
  }
  // Declined stands only once an advocate was made available: the duty is met by that (A10).
  if (need.state() == v1::ADVOCACY_NEED_STATE_DECLINED) return Standing::kDeclined;
  for (const v1::AdvocatePlacement& placement : need.placements()) {
    if (MeetsDuty(placement, need)) return Standing::kMet;
  }
  return Standing::kOwed;
}

v1::Process ProcessOf(const v1::AdvocacyNeed& need) { return need.decision().facts().process(); }

// A record without a named process speaks for whichever process comes.
bool SpeaksFor(const v1::AdvocacyNeed& need, v1::Process process) {
  return process == v1::PROCESS_UNSPECIFIED || ProcessOf(need) == v1::PROCESS_UNSPECIFIED ||
         ProcessOf(need) == process;
}

class Holding {
 public:
  Holding(const v1::AdvocacyNeed& need, const std::vector<v1::AdvocacyNeed>& others,
          const v1::CheckHoldRequest& request, const v1::AdvocacyPolicy& policy)
      : need_(need), others_(others), request_(request), policy_(policy) {}

  v1::HoldDecision Decide() {
    if (SpeaksFor(need_, request_.process()) ||
        policy_.hold_scope() == v1::HOLD_SCOPE_ALL_PROCESSES) {
      DecideFor(WithOthers(StandingOf(need_)));
    } else if (LongTermNeverWithout() && StandingOf(need_) == Standing::kOwed) {
      DecideFor(Standing::kOwed);
    } else {
      DecideForOtherProcess();
    }
    return std::move(decision_);
  }

 private:
  facts::Reasons& reasons() { return *decision_.mutable_reasons(); }
  void Reason(const char* rule_id) { facts::AddReason(policy_.rules(), rule_id, reasons()); }
  void Finding(const char* rule_id, const char* text) {
    facts::AddFinding(policy_.rules(), rule_id, text, reasons());
  }
  void Ask(const char* rule_id, const char* field, const char* text) {
    facts::AddQuestion(policy_.rules(), rule_id, field, text, *decision_.mutable_questions());
  }

  bool LongTermNeverWithout() const {
    const auto& never = policy_.never_without();
    return request_.act() == v1::ACT_LONG_TERM_DECISION &&
           std::find(never.begin(), never.end(), v1::NEVER_WITHOUT_LONG_TERM_DECISIONS) !=
               never.end();
  }

  // Where all processes are held, a duty that is owed in another record holds this one too.
  Standing WithOthers(Standing own) {
    if (policy_.hold_scope() != v1::HOLD_SCOPE_ALL_PROCESSES || own == Standing::kOwed) return own;
    for (const v1::AdvocacyNeed& other : others_) {
      if (StandingOf(other) != Standing::kOwed) continue;
      Finding("A8", "Here: the duty is owed in another record of the same person.");
      return Standing::kOwed;
    }
    return own;
  }

  // The process is not the one of this record, and only its own record holds it.
  void DecideForOtherProcess() {
    bool decided = false;
    Standing most = Standing::kNoDuty;
    for (const v1::AdvocacyNeed& other : others_) {
      if (ProcessOf(other) != request_.process()) continue;
      decided = true;
      most = std::max(most, StandingOf(other));
    }
    if (decided && most != Standing::kUndecided) return DecideFor(most);
    decision_.set_outcome(v1::HOLD_OUTCOME_CANNOT_TELL);
    Reason("A2");
    Finding("A8", "Here: the need for an advocate in that process has not been decided.");
    Ask("A2", "process", "Has it been decided whether that process needs an advocate?");
  }

  void DecideFor(Standing standing) {
    if (standing == Standing::kUndecided) return DecideUndecided();
    if (standing == Standing::kOwed) return DecideOwed();
    decision_.set_outcome(v1::HOLD_OUTCOME_MAY_PROCEED);
    if (standing == Standing::kNoDuty) {
      return Finding("A1", "Here: no duty to provide an advocate holds the process.");
    }
    if (standing == Standing::kMet) {
      Finding("A8", "Here: an advocate is in place for this process.");
      return Reason("A12");
    }
    Finding("A1", "Here: an advocate was made available, and the person does not wish one.");
    Reason("A10");
    Reason("A11");
  }

  void DecideUndecided() {
    decision_.set_outcome(v1::HOLD_OUTCOME_CANNOT_TELL);
    Reason("A2");
    *decision_.mutable_questions() = need_.decision().questions();
    if (decision_.questions().empty()) {
      Ask("SC2", "facts.subject",
          "Which procedure is this person's, and what does it say about advocacy?");
    }
    const bool urgent = request_.act() == v1::ACT_URGENT_INTERIM_MEASURE;
    if (urgent && request_.immediate_risk() == ANSWER_YES) Reason("A9");
  }

  void DecideOwed() {
    decision_.set_outcome(v1::HOLD_OUTCOME_HELD);
    Reason("A8");
    switch (request_.act()) {
      case v1::ACT_URGENT_INTERIM_MEASURE:
        DecideInterimMeasure();
        break;
      case v1::ACT_URGENT_ENQUIRY:
        DecideEnquiry();
        break;
      case v1::ACT_LONG_TERM_DECISION:
        if (LongTermNeverWithout()) Reason("A9");
        break;
      case v1::ACT_PROCESS_STEP:
      case v1::ACT_UNSPECIFIED:
      case v1::Act_INT_MIN_SENTINEL_DO_NOT_USE_:
      case v1::Act_INT_MAX_SENTINEL_DO_NOT_USE_:
        break;
    }
    Finding("A1", "Here: the duty is owed, and nobody has been made available yet.");
    Reason("A7");
  }

  void DecideInterimMeasure() {
    if (!policy_.urgent_interim_exception()) {
      return Finding("A9",
                     "This procedure is silent on urgent measures without an advocate; it gives no "
                     "exception. Ask a manager at once when somebody is at risk.");
    }
    Reason("A9");
    if (request_.immediate_risk() == ANSWER_YES) {
      decision_.set_outcome(v1::HOLD_OUTCOME_MAY_PROCEED_URGENTLY);
    } else if (request_.immediate_risk() == ANSWER_NO) {
      Finding("A9", "Here: doing nothing puts nobody at immediate risk.");
    } else {
      decision_.set_outcome(v1::HOLD_OUTCOME_CANNOT_TELL);
      Ask("A9", "immediate_risk", "Would doing nothing put the person at immediate risk?");
    }
  }

  // Only what s.68 is about: an enquiry or a review in safeguarding.
  void DecideEnquiry() {
    if (!policy_.urgent_enquiry_exception()) return;
    Reason("s.68(6)");
    const v1::Process process =
        request_.process() == v1::PROCESS_UNSPECIFIED ? ProcessOf(need_) : request_.process();
    if (process == v1::PROCESS_UNSPECIFIED) {
      decision_.set_outcome(v1::HOLD_OUTCOME_CANNOT_TELL);
      Ask("s.68(6)", "process", "Is this a safeguarding enquiry or a safeguarding adults review?");
    } else if (process == v1::PROCESS_SAFEGUARDING_ENQUIRY ||
               process == v1::PROCESS_SAFEGUARDING_ADULTS_REVIEW) {
      decision_.set_outcome(v1::HOLD_OUTCOME_MAY_PROCEED_URGENTLY);
    } else {
      Finding("s.68(6)", "Here: this is neither a safeguarding enquiry nor such a review.");
    }
  }

  const v1::AdvocacyNeed& need_;
  const std::vector<v1::AdvocacyNeed>& others_;
  const v1::CheckHoldRequest& request_;
  const v1::AdvocacyPolicy& policy_;
  v1::HoldDecision decision_;
};

}  // namespace

bool MeetsDuty(const v1::AdvocatePlacement& placement, const v1::AdvocacyNeed& need) {
  if (placement.has_ended_at()) return false;
  const auto& regimes = need.decision().regimes();
  if (need.has_regime_choice()) {
    if (placement.regime() != need.regime_choice().regime()) return false;
  } else if (std::find(regimes.begin(), regimes.end(), placement.regime()) == regimes.end()) {
    return false;
  }
  return placement.appointed_for_process() == ANSWER_YES;
}

v1::HoldDecision DecideHold(const v1::AdvocacyNeed& need,
                            const std::vector<v1::AdvocacyNeed>& other_needs,
                            const v1::CheckHoldRequest& request, const v1::AdvocacyPolicy& policy) {
  return Holding(need, other_needs, request, policy).Decide();
}

}  // namespace asc::advocacy
