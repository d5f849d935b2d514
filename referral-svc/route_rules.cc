#include "referral-svc/route_rules.h"

#include <algorithm>
#include <string>

#include "google/protobuf/util/time_util.h"
#include "platform/facts/tri_state.h"
#include "referral-svc/absences.h"
#include "referral-svc/referral_policy.h"

namespace asc::referral {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::FromBool;
using facts::IsUnknown;
using facts::Known;
using facts::Not;
using facts::Or;

using google::protobuf::util::TimeUtil;

// What is known about the contact, from wherever it is known.
struct Knowledge {
  Answer allocated = ANSWER_UNKNOWN;
  Answer team_responsible = ANSWER_UNKNOWN;
  Answer available = ANSWER_UNKNOWN;
  Answer return_known = ANSWER_UNKNOWN;
  bool return_passed = false;
  std::optional<absl::Time> available_from;
  std::optional<absl::Time> needed_by;
};

// One contact while it is decided.
struct Contact {
  const v1::RouteContactRequest& request;
  const RouteRecords& records;
  const v1::ReferralPolicy& policy;
  absl::Time now;
  bool written = false;
  Knowledge known;
};

google::protobuf::Timestamp TimestampOf(absl::Time at) {
  return TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(at));
}

bool IsWritten(v1::Channel channel) {
  switch (channel) {
    case v1::CHANNEL_LETTER:
    case v1::CHANNEL_EMAIL:
    case v1::CHANNEL_ONLINE_FORM:
      return true;
    case v1::CHANNEL_TELEPHONE:
    case v1::CHANNEL_IN_PERSON:
    case v1::CHANNEL_UNSPECIFIED:
    case v1::Channel_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Channel_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return false;
}

// Our records make something clear only when they hold any allocation of that kind for the person;
// a person without one may be allocated in another system. A team is responsible for either
// assessment or review (T2), so that only both together rule another team out.
void KnowAllocation(const Contact& contact, Knowledge& known) {
  const v1::RouteFacts& facts = contact.request.facts();
  known.allocated = Known(facts.allocated_to_worker());
  known.team_responsible = Known(facts.team_responsible());
  bool has_worker = false;
  bool is_worker = false;
  bool has_assessment = false;
  bool has_review = false;
  bool is_team = false;
  for (const v1::Allocation& allocation : contact.records.allocations) {
    if (allocation.role() == v1::ALLOCATION_ROLE_WORKER) {
      has_worker = true;
      is_worker |= allocation.worker_id() == contact.request.worker_id();
    } else {
      has_assessment |= allocation.role() == v1::ALLOCATION_ROLE_ASSESSMENT;
      has_review |= allocation.role() == v1::ALLOCATION_ROLE_REVIEW;
      is_team |= allocation.team_id() == contact.request.team_id();
    }
  }
  if (has_worker) known.allocated = FromBool(is_worker);
  if (is_team || (has_assessment && has_review)) known.team_responsible = FromBool(is_team);
}

void KnowAvailability(const Contact& contact, Knowledge& known) {
  const v1::RouteFacts& facts = contact.request.facts();
  known.available = Known(facts.available_now());
  known.return_known = Known(facts.return_known());
  if (facts.has_available_from()) known.available_from = ToTime(facts.available_from());
  if (facts.has_action_needed_by()) known.needed_by = ToTime(facts.action_needed_by());
  const bool told_passed = known.available_from.has_value() && *known.available_from <= contact.now;
  if (told_passed) {
    // The return that was told of has passed: whether the worker is back, or when, has to be found
    // out. That they were away may have been said before.
    known.return_passed = known.available != ANSWER_YES;
    if (known.return_passed) known.available = ANSWER_UNKNOWN;
    known.return_known = ANSWER_UNKNOWN;
    known.available_from.reset();
  }
  if (!contact.records.availability.has_value()) return;
  const Away away = AwayAt(*contact.records.availability, contact.now);
  // An absence without an end says no more than who found out when it was to end, or that it has.
  const bool told_more = told_passed || facts.available_now() == ANSWER_YES;
  if (away.now && !away.until.has_value() && told_more) return;
  if (!away.now) {
    // An absence that is over says nothing against what was found out today.
    if (known.available == ANSWER_UNKNOWN) known.available = ANSWER_YES;
    return;
  }
  known.available = ANSWER_NO;
  if (away.until.has_value()) {
    // Whoever has looked again may have found that it takes longer.
    const bool later = known.return_known == ANSWER_YES && known.available_from.has_value() &&
                       *known.available_from > *away.until;
    known.return_known = ANSWER_YES;
    if (!later) known.available_from = away.until;
  } else if (known.return_known != ANSWER_YES) {
    // Nobody knew when the absence was recorded, and nobody has found out since.
    known.return_known = ANSWER_NO;
  }
}

// Whether the worker will be there soon enough for what the contact asks: as judged by whoever
// takes it, else by the time the contact names, where the very moment counts.
Answer SoonEnough(const Contact& contact) {
  const Knowledge& known = contact.known;
  if (known.available != ANSWER_NO) return known.available;
  const Answer judged = Known(contact.request.facts().available_soon_enough());
  if (judged != ANSWER_UNKNOWN) return judged;
  if (known.return_known == ANSWER_NO) return ANSWER_NO;
  if (!known.available_from.has_value() || !known.needed_by.has_value()) return ANSWER_UNKNOWN;
  return FromBool(*known.available_from <= *known.needed_by);
}

// Longer than a few hours (T5): strictly more than the policy's figure.
Answer LongAbsence(const Contact& contact) {
  if (!contact.known.available_from.has_value()) return ANSWER_UNKNOWN;
  const absl::Duration limit = absl::Minutes(contact.policy.transfer().urgent_after_minutes());
  return FromBool(*contact.known.available_from - contact.now > limit);
}

// Beyond the time the contact names, or longer than a few days (W7).
Answer LateForWritten(const Contact& contact) {
  const Knowledge& known = contact.known;
  if (!known.available_from.has_value()) return ANSWER_UNKNOWN;
  const absl::Duration limit = 24 * absl::Hours(contact.policy.written().inform_after_days());
  const Answer beyond = known.needed_by.has_value()
                            ? FromBool(*known.available_from > *known.needed_by)
                            : ANSWER_UNKNOWN;
  return Or(beyond, FromBool(*known.available_from - contact.now > limit));
}

void AddChannels(const Contact& contact, v1::Action& action) {
  const v1::WrittenPolicy& written = contact.policy.written();
  if (contact.request.channel() != v1::CHANNEL_EMAIL) {
    action.mutable_channels()->MergeFrom(written.letter_channels());
  }
  if (contact.request.channel() == v1::CHANNEL_LETTER) return;
  for (const int channel : written.email_channels()) {
    const auto& known = action.channels();
    if (std::find(known.begin(), known.end(), channel) != known.end()) continue;
    action.add_channels(static_cast<v1::SecureChannel>(channel));
  }
}

// Whether the condition that the procedure puts on an action holds.
Answer DueOf(const Contact& contact, const v1::ActionPolicy& policy) {
  const bool has_original = contact.request.channel() == v1::CHANNEL_LETTER ||
                            contact.request.channel() == v1::CHANNEL_EMAIL;
  switch (policy.kind()) {
    case v1::ACTION_KIND_INFORM_PERSON:
      return policy.inform() == v1::INFORM_WHEN_LATE ? LateForWritten(contact) : ANSWER_YES;
    case v1::ACTION_KIND_FORWARD_ORIGINALS:
      return has_original ? ANSWER_YES : ANSWER_UNKNOWN;
    case v1::ACTION_KIND_SETTLE_ORIGINAL:
    case v1::ACTION_KIND_SECURE_CHANNEL:
      return FromBool(has_original);
    case v1::ACTION_KIND_SETTLE_ACKNOWLEDGEMENT:
      return Known(contact.request.facts().acknowledgement_due());
    case v1::ACTION_KIND_LEAVE_MESSAGE:
    case v1::ACTION_KIND_ACT_NOW:
    case v1::ACTION_KIND_AGREE_FALLBACK:
    case v1::ACTION_KIND_RECORD:
    case v1::ACTION_KIND_ASK_LINE_MANAGER:
    case v1::ACTION_KIND_FIND_AVAILABILITY:
    case v1::ACTION_KIND_CONFIRM_RECEIPT:
    case v1::ACTION_KIND_POINT_TO_RECORD:
    // These stand in other rules' lists.
    case v1::ACTION_KIND_EXPLAIN_RESIDENCE:
    case v1::ACTION_KIND_SIGNPOST_HOME:
    case v1::ACTION_KIND_CONTACT_HOME:
    case v1::ACTION_KIND_ASSESS_HERE:
    case v1::ACTION_KIND_SHARE_FINDINGS:
    case v1::ACTION_KIND_SEEK_LEGAL_ADVICE:
    case v1::ACTION_KIND_ASSESS_FIRST:
    case v1::ACTION_KIND_SETTLE_RESIDENCE_LATER:
    case v1::ACTION_KIND_CONFIRM_WORKER:
    case v1::ACTION_KIND_ASK_MANAGER:
    case v1::ACTION_KIND_CONSIDER_REVIEW:
    case v1::ACTION_KIND_CONSIDER_ALLOCATION:
    // Concerns have a list of their own.
    case v1::ACTION_KIND_CALL_999:
    case v1::ACTION_KIND_RAISE_CONCERN:
    case v1::ACTION_KIND_COMPLETE_FORM:
    case v1::ACTION_KIND_SAFE_USE:
    case v1::ACTION_KIND_MONITOR:
    case v1::ACTION_KIND_REVIEW_NEED:
    case v1::ACTION_KIND_CHECK_LOCAL_GUIDANCE:
    case v1::ACTION_KIND_DIRECT_SUPPORT:
    case v1::ACTION_KIND_HELP_REPAIR:
    case v1::ACTION_KIND_INTERIM_MEASURE:
    case v1::ACTION_KIND_UNSPECIFIED:
    case v1::ActionKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ActionKind_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return ANSWER_YES;
}

Answer UrgentOf(const Contact& contact, v1::UrgentWhen when) {
  switch (when) {
    case v1::URGENT_WHEN_ALWAYS:
      return ANSWER_YES;
    case v1::URGENT_WHEN_LONG_ABSENCE:
      return LongAbsence(contact);
    case v1::URGENT_WHEN_UNSPECIFIED:
    case v1::UrgentWhen_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::UrgentWhen_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return type::v1::ANSWER_UNSPECIFIED;
}

// An action that carries out `rule_id`, at that rule's strength.
v1::Action& AddAction(const Contact& contact, const char* rule_id, v1::ActionKind kind,
                      const std::string& text, v1::RouteContactResponse& answer) {
  v1::Action& action = *answer.add_actions();
  const v1::RuleStatement* rule = FindStatement(contact.policy, rule_id);
  action.set_rule_id(rule_id);
  if (rule != nullptr) action.set_strength(rule->strength());
  action.set_kind(kind);
  action.set_text(text);
  action.set_due(ANSWER_YES);
  return action;
}

template <class Actions>
void AddActions(const Contact& contact, const Actions& list, v1::RouteContactResponse& answer) {
  for (const v1::ActionPolicy& policy : list) {
    v1::Action& action =
        AddAction(contact, policy.rule_id().c_str(), policy.kind(), policy.text(), answer);
    AddReasonOnce(contact.policy, policy.rule_id(), *answer.mutable_decision());
    action.set_due(DueOf(contact, policy));
    action.set_includes_urgent(UrgentOf(contact, policy.urgent()));
    for (const std::string& lines : policy.lines()) {
      *action.add_citations() = CitationOf(contact.policy, lines);
    }
    if (policy.kind() == v1::ACTION_KIND_SECURE_CHANNEL ||
        policy.kind() == v1::ACTION_KIND_FORWARD_ORIGINALS) {
      AddChannels(contact, action);
    }
  }
}

void Settle(v1::RouteOutcome outcome, v1::Outcome decided, v1::RouteContactResponse& answer) {
  answer.set_outcome(outcome);
  answer.mutable_decision()->set_outcome(decided);
}

// Who is the right one, as far as our records tell (T8).
void DoNotTransfer(const Contact& contact, const char* rule_id, v1::RouteContactResponse& answer) {
  Settle(v1::ROUTE_OUTCOME_DO_NOT_TRANSFER, v1::OUTCOME_REFUSED, answer);
  AddReason(contact.policy, rule_id, *answer.mutable_decision());
  AddReason(contact.policy, "T8", *answer.mutable_decision());
  for (const v1::Allocation& allocation : contact.records.allocations) {
    if (allocation.role() == v1::ALLOCATION_ROLE_WORKER) {
      if (answer.allocated_worker_id().empty()) {
        answer.set_allocated_worker_id(allocation.worker_id());
      }
    } else if (answer.responsible_team_id().empty()) {
      answer.set_responsible_team_id(allocation.team_id());
    }
  }
}

void CannotTell(const Contact& contact, const char* rule_id, const char* field,
                v1::RouteContactResponse& answer) {
  Settle(v1::ROUTE_OUTCOME_CANNOT_TELL, v1::OUTCOME_CANNOT_TELL, answer);
  AddReason(contact.policy, rule_id, *answer.mutable_decision());
  AddQuestion(contact.policy, rule_id, field, *answer.mutable_decision());
}

// T4 and W8: where to look.
const auto& SourcesOf(const Contact& contact) {
  return contact.written ? contact.policy.written().availability_sources()
                         : contact.policy.transfer().availability_sources();
}

// The rule that asks, where the procedure says where to look; otherwise the question stands alone.
const char* AvailabilityRule(const Contact& contact) {
  if (SourcesOf(contact).empty()) return "T5";
  return contact.written ? "W8" : "T4";
}

void FindAvailability(const Contact& contact, const char* field, v1::RouteContactResponse& answer) {
  const char* rule = AvailabilityRule(contact);
  CannotTell(contact, rule, field, answer);
  for (const v1::AvailabilityPolicy& source : SourcesOf(contact)) {
    v1::Action& action =
        AddAction(contact, rule, v1::ACTION_KIND_FIND_AVAILABILITY, source.text(), answer);
    action.set_source(source.source());
    const v1::RuleStatement* statement = FindStatement(contact.policy, rule);
    if (statement == nullptr) continue;
    for (const std::string& lines : statement->lines()) {
      *action.add_citations() = CitationOf(contact.policy, lines);
    }
  }
}

// Only the team is asked for, or the worker asked for as well is clearly the wrong one. Where teams
// are not looked at, the worker alone is meant.
bool MeansTeam(const Contact& contact) {
  if (contact.request.worker_id().empty()) return true;
  return !contact.request.team_id().empty() && contact.known.allocated == ANSWER_NO &&
         !contact.written && contact.policy.transfer().check_team_responsible();
}

// What is to be done is settled; what the person is told of the return is not.
void AskForReturn(const Contact& contact, v1::RouteContactResponse& answer) {
  AddQuestion(contact.policy, AvailabilityRule(contact), "facts.return_known",
              *answer.mutable_decision());
}

// W7 looks at the practitioner alone: that the contact can be received without them leaves its list
// to be done.
void AddAbsenceOfReceived(const Contact& contact, v1::RouteContactResponse& answer) {
  if (!contact.policy.written().pre_transfer_checks()) return;
  v1::Decision& decision = *answer.mutable_decision();
  if (contact.known.available == ANSWER_UNKNOWN) {
    AddQuestion(contact.policy, AvailabilityRule(contact), "facts.available_now", decision);
    return;
  }
  const Answer soon = SoonEnough(contact);
  if (soon == ANSWER_UNKNOWN) {
    AddQuestion(contact.policy, "W2", "facts.available_soon_enough", decision);
  }
  if (soon != ANSWER_NO) return;
  if (contact.known.available_from.has_value()) {
    *answer.mutable_available_from() = TimestampOf(*contact.known.available_from);
  }
  AddActions(contact, contact.policy.written().unavailable_actions(), answer);
  if (contact.known.return_known == ANSWER_UNKNOWN) AskForReturn(contact, answer);
}

void Transfer(const Contact& contact, v1::RouteContactResponse& answer) {
  Settle(v1::ROUTE_OUTCOME_TRANSFER, v1::OUTCOME_PERMITTED, answer);
  if (MeansTeam(contact)) {
    answer.set_to_team_id(contact.request.team_id());
  } else {
    answer.set_to_worker_id(contact.request.worker_id());
  }
  v1::Decision& decision = *answer.mutable_decision();
  if (!contact.written) {
    AddReason(contact.policy, "T1", decision);
    AddReason(contact.policy, "T2", decision);
    return;
  }
  AddReason(contact.policy, "W1", decision);
  const v1::RouteFacts& facts = contact.request.facts();
  if (contact.policy.written().pre_transfer_checks()) {
    if (IsUnknown(facts.original_wanted())) {
      AddQuestion(contact.policy, "W3", "facts.original_wanted", decision);
    }
    if (IsUnknown(facts.acknowledgement_due())) {
      AddQuestion(contact.policy, "W4", "facts.acknowledgement_due", decision);
    }
  }
  AddActions(contact, contact.policy.written().transfer_actions(), answer);
  AddAbsenceOfReceived(contact, answer);
}

// T7, where the procedure has it: not there soon enough, so the line manager is asked. Until it is
// known whether it is soon enough, the action is told on that condition.
void Escalate(const Contact& contact, v1::RouteContactResponse& answer) {
  if (!contact.policy.transfer().escalate_to_line_manager()) return;
  const Answer soon = SoonEnough(contact);
  if (soon == ANSWER_YES) return;
  if (soon == ANSWER_UNKNOWN) {
    AddQuestion(contact.policy, "T7", "facts.available_soon_enough", *answer.mutable_decision());
  }
  AddReason(contact.policy, "T7", *answer.mutable_decision());
  const v1::RuleStatement* rule = FindStatement(contact.policy, "T7");
  if (rule == nullptr) return;
  v1::Action& action =
      AddAction(contact, "T7", v1::ACTION_KIND_ASK_LINE_MANAGER, rule->text(), answer);
  action.set_due(Not(soon));
  for (const std::string& lines : rule->lines()) {
    *action.add_citations() = CitationOf(contact.policy, lines);
  }
}

// The procedure's own list for somebody who is not there.
void NotAvailable(const Contact& contact, v1::RouteContactResponse& answer) {
  const Knowledge& known = contact.known;
  const v1::TransferPolicy& transfer = contact.policy.transfer();
  const v1::WrittenPolicy& written = contact.policy.written();
  const bool own_list = contact.written && !written.unavailable_actions().empty();
  const bool split = transfer.unavailable_model() == v1::UNAVAILABLE_MODEL_SPLIT;
  if (!own_list && split && known.return_known == ANSWER_UNKNOWN) {
    FindAvailability(contact, "facts.return_known", answer);
    return;
  }
  const bool until = known.return_known == ANSWER_YES && known.available_from.has_value();
  Settle(until ? v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL : v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNKNOWN,
         v1::OUTCOME_REFUSED, answer);
  if (until) {
    *answer.mutable_available_from() = TimestampOf(*known.available_from);
  }
  if (own_list) {
    AddActions(contact, written.unavailable_actions(), answer);
  } else if (split && !until) {
    AddActions(contact, transfer.unknown_actions(), answer);
  } else {
    AddActions(contact, transfer.known_actions(), answer);
  }
  if (known.return_known == ANSWER_UNKNOWN) AskForReturn(contact, answer);
  Escalate(contact, answer);
}

// W2: the way besides the worker's own presence in which a written contact may be received here.
struct OtherReceipt {
  explicit OtherReceipt(const Contact& contact) {
    const v1::RouteFacts& facts = contact.request.facts();
    const bool by_manager =
        contact.policy.written().receipt_alternative() == v1::RECEIPT_ALTERNATIVE_MANAGER_AGREEMENT;
    settled = Known(by_manager ? facts.manager_agreed() : facts.service_can_receive());
    field = by_manager ? "facts.manager_agreed" : "facts.service_can_receive";
  }
  Answer settled;
  const char* field;
};

// The worker asked for is the right one: is the worker there?
void DecideAvailability(const Contact& contact, v1::RouteContactResponse& answer) {
  const bool checked = contact.written && contact.policy.written().pre_transfer_checks();
  const Answer ready =
      checked ? Or(SoonEnough(contact), OtherReceipt(contact).settled) : contact.known.available;
  if (ready == ANSWER_YES) return Transfer(contact, answer);
  if (ready == ANSWER_NO) return NotAvailable(contact, answer);
  if (contact.known.available == ANSWER_UNKNOWN) {
    FindAvailability(contact, "facts.available_now", answer);
    // Whoever finds them away finds out anew when they return.
    if (contact.known.return_passed) AskForReturn(contact, answer);
    return;
  }
  if (contact.known.return_known == ANSWER_UNKNOWN) {
    return FindAvailability(contact, "facts.return_known", answer);
  }
  const OtherReceipt other(contact);
  const bool asks_time = SoonEnough(contact) == ANSWER_UNKNOWN;
  CannotTell(contact, "W2", asks_time ? "facts.available_soon_enough" : other.field, answer);
  // Either of the two would do, so both are asked.
  if (asks_time && other.settled == ANSWER_UNKNOWN) {
    AddQuestion(contact.policy, "W2", other.field, *answer.mutable_decision());
  }
}

// T2 for a team. Written contacts are addressed to workers in every document, and some documents
// know no request for a team at all: there the worker has to be named.
void DecideTeam(const Contact& contact, v1::RouteContactResponse& answer) {
  if (contact.written || !contact.policy.transfer().check_team_responsible()) {
    return CannotTell(contact, "T1", "worker_id", answer);
  }
  if (contact.known.team_responsible == ANSWER_YES) return Transfer(contact, answer);
  if (contact.known.team_responsible == ANSWER_NO) return DoNotTransfer(contact, "T2", answer);
  CannotTell(contact, "T2", "facts.team_responsible", answer);
}

}  // namespace

v1::RouteContactResponse DecideRoute(const v1::RouteContactRequest& request,
                                     const RouteRecords& records, const v1::ReferralPolicy& policy,
                                     absl::Time now) {
  v1::RouteContactResponse answer;
  if (Redirect(policy, request.subject(), *answer.mutable_decision())) {
    answer.set_outcome(v1::ROUTE_OUTCOME_REDIRECTED);
    return answer;
  }
  Contact contact{request, records, policy, now, IsWritten(request.channel()), {}};
  KnowAllocation(contact, contact.known);
  KnowAvailability(contact, contact.known);
  if (MeansTeam(contact)) {
    DecideTeam(contact, answer);
    return answer;
  }
  if (contact.known.allocated == ANSWER_YES) {
    DecideAvailability(contact, answer);
  } else if (contact.known.allocated == ANSWER_NO) {
    DoNotTransfer(contact, contact.written ? "W1" : "T3", answer);
  } else {
    CannotTell(contact, contact.written ? "W1" : "T2", "facts.allocated_to_worker", answer);
  }
  return answer;
}

}  // namespace asc::referral
