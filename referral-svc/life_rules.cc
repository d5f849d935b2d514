#include "referral-svc/life_rules.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/facts/tri_state.h"
#include "protos/checks/moments.h"
#include "referral-svc/referral_policy.h"
#include "referral-svc/referral_rules.h"

namespace asc::referral {
namespace {

using facts::ANSWER_YES;
using facts::IsUnknown;

constexpr auto kOpened = v1::REFERRAL_STATUS_OPENED;
constexpr auto kTransferred = v1::REFERRAL_STATUS_TRANSFERRED;
constexpr auto kAccepted = v1::REFERRAL_STATUS_ACCEPTED;
constexpr auto kReturned = v1::REFERRAL_STATUS_RETURNED;
constexpr auto kAllocated = v1::REFERRAL_STATUS_ALLOCATED;
constexpr auto kCompleted = v1::REFERRAL_STATUS_COMPLETED;
constexpr auto kWithdrawn = v1::REFERRAL_STATUS_WITHDRAWN;
constexpr auto kStays = v1::REFERRAL_STATUS_UNSPECIFIED;

constexpr v1::RequestOutcome kOutcomesWithMore[] = {v1::REQUEST_OUTCOME_PREVENTION_SERVICE,
                                                    v1::REQUEST_OUTCOME_SUPPORT_WITHOUT_ASSESSMENT,
                                                    v1::REQUEST_OUTCOME_ASSESSMENT,
                                                    v1::REQUEST_OUTCOME_JOINT_ASSESSMENT,
                                                    v1::REQUEST_OUTCOME_REVIEW,
                                                    v1::REQUEST_OUTCOME_OTHER_AUTHORITY,
                                                    v1::REQUEST_OUTCOME_SAFEGUARDING};

const std::vector<v1::ReferralStatus>& NotFinal() {
  static const std::vector<v1::ReferralStatus> kNotFinal = {kOpened, kTransferred, kAccepted,
                                                            kReturned, kAllocated};
  return kNotFinal;
}

std::string WordOf(v1::ReferralStatus status) {
  return v1::ReferralStatus_Name(status).substr(sizeof("REFERRAL_STATUS_") - 1);
}

void AddWhyNot(const char* rule_id, const std::string& text, v1::AvailableAction& action) {
  type::v1::Reason& reason = *action.add_reasons();
  reason.set_rule_id(rule_id);
  reason.set_text(text);
}

// A rule's own words are about something wider; these are about the case at hand.
void AddFinding(const v1::ReferralPolicy& policy, const char* rule_id, const std::string& text,
                v1::Decision& decision) {
  type::v1::Reason& reason = *decision.add_reasons();
  reason.set_rule_id(rule_id);
  reason.set_text(text);
  const v1::RuleStatement* statement = FindStatement(policy, rule_id);
  if (statement == nullptr) return;
  reason.set_strength(statement->strength());
  for (const std::string& lines : statement->lines()) {
    *reason.add_citations() = CitationOf(policy, lines);
  }
}

v1::Decision DecideClosing(const v1::Referral& referral, const Overrides& overrides,
                           const v1::ReferralPolicy& policy) {
  v1::Decision decision;
  decision.set_outcome(v1::OUTCOME_PERMITTED);
  if (!IsAboutRisk(referral)) {
    AddFinding(policy, "R1", "It is not about a risk of abuse or neglect.", decision);
    return decision;
  }
  const bool answered = std::any_of(overrides.begin(), overrides.end(), &AnswersForRisk);
  if (!answered) decision.set_outcome(v1::OUTCOME_REFUSED);
  AddFinding(policy, "R1",
             answered
                 ? "It is, or was, about a risk of abuse or neglect; somebody has answered for "
                   "closing it all the same."
                 : "It is, or was, about a risk of abuse or neglect. It can be closed like this "
                   "with an override of R1 that says who decided and why.",
             decision);
  return decision;
}

template <class Reasons>
std::map<std::string, const type::v1::Reason*> ById(const Reasons& reasons) {
  std::map<std::string, const type::v1::Reason*> by_id;
  for (const type::v1::Reason& reason : reasons) by_id.emplace(reason.rule_id(), &reason);
  return by_id;
}

std::string StrengthWord(type::v1::Strength strength) {
  return type::v1::Strength_Name(strength).substr(sizeof("STRENGTH_") - 1);
}

void CompareReasons(const v1::Decision& before, const v1::Decision& after,
                    std::vector<std::string>& changes) {
  const auto old_reasons = ById(before.reasons());
  const auto new_reasons = ById(after.reasons());
  for (const auto& [id, reason] : old_reasons) {
    if (!new_reasons.contains(id))
      changes.push_back(absl::StrCat("Rule ", id, " no longer speaks."));
  }
  for (const auto& [id, reason] : new_reasons) {
    const auto old_reason = old_reasons.find(id);
    if (old_reason == old_reasons.end()) {
      changes.push_back(absl::StrCat("Rule ", id, " speaks now: ", reason->text()));
      continue;
    }
    if (reason->strength() != old_reason->second->strength()) {
      changes.push_back(absl::StrCat("Rule ", id, " is now ", StrengthWord(reason->strength()),
                                     ", no longer ", StrengthWord(old_reason->second->strength()),
                                     "."));
    }
    if (reason->text() != old_reason->second->text()) {
      changes.push_back(absl::StrCat("Rule ", id, " has other words: ", reason->text()));
    }
  }
}

void CompareBases(const v1::Referral& before, const v1::CheckReferralResponse& after,
                  std::vector<std::string>& changes) {
  std::set<int> old_bases(before.bases().begin(), before.bases().end());
  for (const v1::BasisState& state : after.bases()) {
    if (state.holds() != ANSWER_YES) continue;
    if (old_bases.erase(state.basis()) == 0) {
      changes.push_back(absl::StrCat(v1::Basis_Name(state.basis()), " counts now."));
    }
  }
  for (const int basis : old_bases) {
    changes.push_back(
        absl::StrCat(v1::Basis_Name(static_cast<v1::Basis>(basis)), " no longer counts."));
  }
}

void CompareItems(const v1::Referral& before, const v1::CheckReferralResponse& after,
                  std::vector<std::string>& changes) {
  std::map<int, const v1::ItemState*> old_items;
  for (const v1::ItemState& item : before.still_to_gather()) old_items[item.item()] = &item;
  for (const v1::ItemState& item : after.items()) {
    if (item.missing_fields().empty()) continue;
    const std::string name = absl::StrCat("Item ", item.number(), ", ", v1::Item_Name(item.item()));
    const auto old_item = old_items.find(item.item());
    if (old_item == old_items.end()) {
      changes.push_back(absl::StrCat(name, ", is to be gathered now."));
      continue;
    }
    if (old_item->second->strength() != item.strength()) {
      changes.push_back(absl::StrCat(name, ", is now ", StrengthWord(item.strength()),
                                     ", no longer ", StrengthWord(old_item->second->strength()),
                                     "."));
    }
    if (old_item->second->number() != item.number()) {
      changes.push_back(absl::StrCat(name, ", was item ", old_item->second->number(), "."));
    }
    old_items.erase(old_item);
  }
  for (const auto& [item, state] : old_items) {
    changes.push_back(absl::StrCat("Item ", state->number(), ", ", v1::Item_Name(state->item()),
                                   ", is no longer to be gathered."));
  }
}

}  // namespace

const std::vector<VerbRule>& StateMachine() {
  static const std::vector<VerbRule> kMachine = {
      {Verb::kUpdate, "update", "referral.update", NotFinal(), kStays},
      {Verb::kAccept, "accept", "referral.accept", {kOpened, kTransferred}, kAccepted},
      {Verb::kReturn, "return", "referral.return", {kOpened, kTransferred, kAccepted}, kReturned},
      {Verb::kWithdraw, "withdraw", "referral.withdraw", NotFinal(), kWithdrawn},
      {Verb::kTransfer,
       "transfer",
       "referral.transfer",
       {kOpened, kReturned, kAccepted},
       kTransferred},
      {Verb::kAllocate, "allocate", "referral.allocate", {kAccepted, kAllocated}, kAllocated},
      {Verb::kEndAllocation, "endAllocation", "allocation.write", {kAllocated}, kAccepted},
      {Verb::kComplete, "complete", "referral.complete", {kAccepted, kAllocated}, kCompleted},
      {Verb::kReopen, "reopen", "referral.reopen", {kCompleted, kWithdrawn}, kOpened},
      {Verb::kUndertakeLongTermSupport,
       "undertakeLongTermSupport",
       "referral.undertake",
       {kAccepted, kAllocated},
       kStays},
      {Verb::kRecordDestination, "recordDestination", "referral.update", NotFinal(), kStays},
      {Verb::kSetPriority, "setPriority", "waiting.write", NotFinal(), kStays},
      {Verb::kRecordMonitoring,
       "recordMonitoring",
       "waiting.write",
       {kOpened, kTransferred, kAccepted, kReturned},
       kStays},
      {Verb::kRepin, "repin", "referral.repin", NotFinal(), kStays},
  };
  return kMachine;
}

const VerbRule& RuleOf(Verb verb) {
  const auto& machine = StateMachine();
  return *std::find_if(machine.begin(), machine.end(),
                       [verb](const VerbRule& rule) { return rule.verb == verb; });
}

bool IsFinal(v1::ReferralStatus status) { return status == kCompleted || status == kWithdrawn; }

bool IsPossible(Verb verb, v1::ReferralStatus status) {
  const auto& from = RuleOf(verb).from;
  return std::find(from.begin(), from.end(), status) != from.end();
}

std::string WhyNot(Verb verb, v1::ReferralStatus status) {
  const VerbRule& rule = RuleOf(verb);
  const std::string from = absl::StrJoin(
      rule.from, " or ",
      [](std::string* out, v1::ReferralStatus one) { absl::StrAppend(out, WordOf(one)); });
  return absl::StrCat(rule.name, " is possible while it is ", from, "; it is ", WordOf(status),
                      ".");
}

v1::ListAvailableActionsResponse ListActions(const v1::Referral& referral,
                                             const std::set<std::string>& permissions) {
  v1::ListAvailableActionsResponse response;
  response.set_etag(referral.etag());
  for (const VerbRule& rule : StateMachine()) {
    v1::AvailableAction& action = *response.add_actions();
    action.set_verb(rule.name);
    if (!IsPossible(rule.verb, referral.status())) {
      AddWhyNot("status", WhyNot(rule.verb, referral.status()), action);
    }
    if (!permissions.contains("*") && !permissions.contains(rule.permission)) {
      AddWhyNot("permission", absl::StrCat("It needs the permission ", rule.permission, "."),
                action);
    }
    const bool nobody = referral.details().person().person_id().empty();
    if (rule.verb == Verb::kAllocate && nobody) {
      AddWhyNot("person", kNoReference, action);
    }
    action.set_possible(action.reasons().empty());
    const bool closes = rule.verb == Verb::kWithdraw || rule.verb == Verb::kComplete;
    if (closes && IsAboutRisk(referral)) action.add_override_rule_ids("R1");
  }
  return response;
}

void AddAlreadyOpen(v1::ListAvailableActionsResponse& response) {
  for (v1::AvailableAction& action : *response.mutable_actions()) {
    if (action.verb() != RuleOf(Verb::kReopen).name) continue;
    AddWhyNot("R6", kAlreadyOpen, action);
    action.set_possible(false);
  }
}

bool MayBeOnePerson(const type::v1::PersonRef& a, const type::v1::PersonRef& b) {
  if (!a.nhs_number().empty() && !b.nhs_number().empty()) {
    return a.nhs_number() == b.nhs_number();
  }
  return a.person_id().empty() || b.person_id().empty() || a.person_id() == b.person_id();
}

void KeepCheck(v1::CheckReferralResponse& check, v1::Referral& referral) {
  *referral.mutable_decision() = check.decision();
  referral.mutable_decision()->clear_questions();
  // Another procedure may not know a basis that this one knew, and the person is still at risk.
  std::set<int> kept;
  if (check.decision().outcome() == v1::OUTCOME_REDIRECTED) {
    kept.insert(referral.bases().begin(), referral.bases().end());
  } else {
    referral.clear_bases();
  }
  for (const v1::BasisState& state : check.bases()) {
    if (state.holds() != ANSWER_YES || !kept.insert(state.basis()).second) continue;
    referral.add_bases(state.basis());
  }
  if (IsAboutRisk(referral)) referral.set_was_at_risk(true);
  referral.clear_still_to_gather();
  for (v1::ItemState& item : *check.mutable_items()) {
    if (!item.missing_fields().empty()) *referral.add_still_to_gather() = std::move(item);
  }
}

bool IsAboutRisk(const v1::Referral& referral) {
  const auto& bases = referral.bases();
  return referral.was_at_risk() || TellsOfRisk(referral.details()) ||
         std::find(bases.begin(), bases.end(), v1::BASIS_RISK_OF_HARM) != bases.end();
}

void FillRequestedOn(v1::Referral& referral) {
  v1::ReferralDetails& details = *referral.mutable_details();
  if (!details.statutory_return().requested_on().empty()) return;
  const auto& at = details.has_received_at() ? details.received_at() : referral.opened_at();
  details.mutable_statutory_return()->set_requested_on(checks::BritishDay(checks::ToTime(at)));
}

void KeepAdvice(const Actions& actions, const google::protobuf::Timestamp& now,
                v1::Referral& referral) {
  if (!AdvisesEmergency(actions) || referral.has_emergency_advised_at()) return;
  *referral.mutable_emergency_advised_at() = now;
}

bool SomethingFollows(v1::RequestOutcome outcome) {
  return std::find(std::begin(kOutcomesWithMore), std::end(kOutcomesWithMore), outcome) !=
         std::end(kOutcomesWithMore);
}

bool AnswersForRisk(const v1::Override& given) { return given.rule_id() == "R1"; }

v1::Decision DecideWithdrawal(const v1::Referral& referral, const Overrides& overrides,
                              const v1::ReferralPolicy& policy) {
  return DecideClosing(referral, overrides, policy);
}

v1::Decision DecideCompletion(const v1::Referral& referral, v1::RequestOutcome outcome,
                              const Overrides& overrides, const v1::ReferralPolicy& policy) {
  if (!SomethingFollows(outcome)) return DecideClosing(referral, overrides, policy);
  v1::Decision decision;
  decision.set_outcome(v1::OUTCOME_PERMITTED);
  AddFinding(policy, "R1", "Something follows from it.", decision);
  return decision;
}

void KeepAnswers(const Overrides& overrides, v1::Referral& referral) {
  for (const v1::Override& given : overrides) {
    if (AnswersForRisk(given)) *referral.add_overrides() = given;
  }
}

v1::Decision DecideDestination(const v1::Destination& destination,
                               const v1::ReferralPolicy& policy) {
  // One document says it of moving a case only (C2).
  const char* rule = FindStatement(policy, "R4") != nullptr ? "R4" : "C2";
  v1::Decision decision;
  decision.set_outcome(v1::OUTCOME_PERMITTED);
  AddReason(policy, rule, decision);
  if (destination.waiting_adds_risk() == ANSWER_YES) {
    AddFinding(policy, rule,
               "Waiting for an agreement adds to the risk: do not wait, meet the need now and "
               "agree afterwards.",
               decision);
  } else if (IsUnknown(destination.waiting_adds_risk())) {
    type::v1::Question& question = *decision.add_questions();
    question.set_field("destination.waiting_adds_risk");
    question.set_rule_id(rule);
    question.set_strength(type::v1::STRENGTH_SHOULD);
    question.set_text("Would waiting until this is settled put the person at risk?");
  }
  return decision;
}

void OfferOpenReferral(const v1::ReferralPolicy& policy, v1::Decision& decision) {
  if (FindStatement(policy, "R6") != nullptr) return AddReason(policy, "R6", decision);
  AddFinding(policy, "R6", "What has been gathered already is used.", decision);
}

v1::GetHandoverPackResponse HandoverPack(const v1::Referral& referral,
                                         const v1::ReferralPolicy& policy) {
  v1::GetHandoverPackResponse pack;
  *pack.mutable_communication() = referral.details().communication();
  *pack.mutable_referral() = referral;
  const v1::CheckReferralResponse check = DecideOpenReferral(referral.details(), policy);
  *pack.mutable_questions() = check.decision().questions();
  return pack;
}

std::vector<std::string> RepinChanges(const v1::Referral& referral,
                                      const v1::CheckReferralResponse& after) {
  std::vector<std::string> changes;
  const auto& before = referral.decision().policy_version();
  const auto& now = after.decision().policy_version();
  if (before.hash() != now.hash()) {
    changes.push_back(
        absl::StrCat("The policy is version ", now.version(), ", no longer ", before.version(),
                     before.version() == now.version() ? ", with other content." : "."));
  }
  CompareReasons(referral.decision(), after.decision(), changes);
  CompareBases(referral, after, changes);
  CompareItems(referral, after, changes);
  return changes;
}

}  // namespace asc::referral
