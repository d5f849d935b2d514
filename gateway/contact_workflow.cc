#include "gateway/contact_workflow.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gateway/asked_rules.h"
#include "gateway/journal_steps.h"
#include "gateway/policy_rules.h"
#include "gateway/safeguarding_rules.h"
#include "gateway/step_failures.h"
#include "gateway/step_kinds.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "platform/facts/parts.h"

namespace asc::gateway {
namespace {

using google::protobuf::util::MessageDifferencer;
using google::protobuf::util::TimeUtil;
using journal::StoredStep;

StepGround GroundOf(const Journal& journal, const v1::GatewayPolicy& policy) {
  return {journal.contact, policy, NewestDone(journal), Recorded(journal),
          ServicePolicies(journal)};
}

StoredStep Fresh(const StepGround& ground, const StepKindRules& rules, absl::Time now) {
  const v1::Contact& contact = ground.contact;
  StoredStep step;
  step.set_kind(rules.kind);
  step.set_facts_revision(contact.facts_revision());
  step.set_state(v1::STEP_STATE_RUNNING);
  step.set_request_id(RequestIdOf(contact.contact_id(), rules.kind, contact.facts_revision()));
  *step.mutable_intended_at() = StampOf(now);
  Ask(ground, rules, step);
  return step;
}

// Marks the steps that no longer follow from the facts. Kinds are looked at in their order, because
// one may follow from what another came to.
void MarkSuperseded(Journal& journal, const v1::GatewayPolicy& policy) {
  StepGround ground = GroundOf(journal, policy);
  for (const StepKindRules& rules : StepKinds()) {
    const bool applies = ground.recorded.contains(rules.kind) || Needs(ground, rules);
    bool changed = false;
    for (StoredStep& step : journal.steps) {
      if (step.kind() != rules.kind) continue;
      const bool superseded = !applies && !Unfinished(step);
      changed = changed || step.superseded() != superseded;
      step.set_superseded(superseded);
    }
    if (changed) ground.done = NewestDone(journal);
  }
}

// Whether this step has asked, or is about to ask, for a record that the facts make.
bool IsMaking(const StepKindRules& rules, const StoredStep& step) {
  return step.method() == rules.record_method && Unfinished(step);
}

// The grounds that a step gives for an action.
std::set<std::string> GroundsOf(const StoredStep& step, const std::string& action_id) {
  std::set<std::string> grounds;
  for (const journal::Ground& ground : step.grounds()) {
    if (ground.action_id() == action_id) grounds.insert(ground.fact());
  }
  return grounds;
}

bool IsClosed(const v1::Action& action) {
  return action.state() == v1::ACTION_STATE_DONE || action.state() == v1::ACTION_STATE_PUT_ASIDE;
}

// Whether the step that gives the action has come to something without it since people dealt with
// it, and gives it anew: what was done then was done about something else.
bool IsBack(const Journal& journal, const v1::Action& action) {
  bool gone = false;
  bool back = false;
  for (const StoredStep& step : journal.steps) {
    if (step.kind() != action.step() || step.state() != v1::STEP_STATE_DONE) continue;
    if (TimeUtil::TimestampToMicroseconds(step.intended_at()) <=
        TimeUtil::TimestampToMicroseconds(action.completed_at())) {
      continue;
    }
    const bool given =
        std::any_of(step.actions().begin(), step.actions().end(),
                    [&action](const auto& one) { return one.action_id() == action.action_id(); });
    back = given && gone;
    gone = gone || !given;
  }
  return back;
}

// What was told on a condition, and dealt with while nobody knew, is to be looked at once it holds.
bool HoldsNow(const v1::Action& known, const v1::Action& following) {
  return IsConditional(known) && !IsConditional(following);
}

// An action that people have dealt with is due once more when it had gone and is back, when it
// holds now, or when there is a ground for it that was not there then: a second concern is not the
// first.
bool IsDueAgain(const Journal& journal, const v1::Action& action, const v1::Action& following) {
  if (!IsClosed(action)) return false;
  if (IsBack(journal, action) || HoldsNow(action, following)) return true;
  std::set<std::string> answered;
  bool begun = false;
  for (const StoredStep& step : journal.steps) {
    if (step.kind() != action.step() || Unfinished(step)) continue;
    const std::set<std::string> grounds = GroundsOf(step, action.action_id());
    const bool before = TimeUtil::TimestampToMicroseconds(step.intended_at()) <=
                        TimeUtil::TimestampToMicroseconds(action.completed_at());
    const bool new_ground =
        !std::includes(answered.begin(), answered.end(), grounds.begin(), grounds.end());
    if (!before && begun && new_ground) return true;
    begun = begun || before;
    // What has passed is no longer answered.
    answered = grounds;
  }
  return false;
}

// An action that says to wait cannot be done away with while the newest answer still says so. One
// that was completed stands until it is known what that has changed.
bool StandsAgain(const Journal& journal, const v1::Action& following,
                 const v1::GatewayPolicy& policy) {
  return Follows(following.action_id(), v1::TRIGGER_ADVOCACY_HELD, policy) &&
         !HasUnfinished(journal, following.step());
}

// Whether people have dealt with what a service refused: then there is nothing left to look at.
bool RefusalIsSettled(const Journal& journal, v1::StepKind kind) {
  const std::string action_id = RefusedActionId(kind);
  return std::any_of(journal.actions.begin(), journal.actions.end(),
                     [&action_id](const v1::Action& action) {
                       return action.action_id() == action_id && IsClosed(action);
                     });
}

v1::ContactStatus StatusOf(const Journal& journal) {
  bool parked = false;
  bool questions = false;
  for (const StoredStep& step : journal.steps) {
    if (Unfinished(step)) return v1::CONTACT_STATUS_IN_PROGRESS;
  }
  for (const auto& [kind, step] : Newest(journal)) {
    parked = parked || (step->state() == v1::STEP_STATE_PARKED && !RefusalIsSettled(journal, kind));
    questions = questions || !step->decision().questions().empty();
  }
  if (parked) return v1::CONTACT_STATUS_NEEDS_ATTENTION;
  if (questions) return v1::CONTACT_STATUS_AWAITING_FACTS;
  const bool open =
      std::any_of(journal.actions.begin(), journal.actions.end(),
                  [](const v1::Action& action) { return action.state() == v1::ACTION_STATE_OPEN; });
  return open ? v1::CONTACT_STATUS_AWAITING_PEOPLE : v1::CONTACT_STATUS_COMPLETED;
}

// What was said of one worker is not known of another.
void ForgetWorker(v1::Contact& contact) {
  if (!contact.facts().has_route()) return;
  asc::referral::v1::RouteFacts& route = *contact.mutable_facts()->mutable_route();
  route.clear_allocated_to_worker();
  route.clear_available_now();
  route.clear_return_known();
  route.clear_available_from();
}

}  // namespace

std::string RequestIdOf(const std::string& contact_id, v1::StepKind kind, int facts_revision) {
  return absl::StrCat(contact_id, ".", static_cast<int>(kind), ".", facts_revision);
}

std::vector<StoredStep> RunnableSteps(const Journal& journal, const v1::GatewayPolicy& policy,
                                      absl::Time now) {
  std::vector<StoredStep> runnable;
  for (const StoredStep& step : journal.steps) {
    if (step.state() == v1::STEP_STATE_RUNNING) runnable.push_back(step);
    if (step.state() == v1::STEP_STATE_WAITING &&
        TimeUtil::TimestampToMicroseconds(step.next_attempt_at()) <= absl::ToUnixMicros(now)) {
      runnable.push_back(step);
    }
  }
  const StepGround ground = GroundOf(journal, policy);
  // Kinds that are being asked about, or wait for one that is.
  std::set<v1::StepKind> busy;
  for (const StepKindRules& rules : StepKinds()) {
    // What has been recorded stays recorded, and there is never a second: nothing waits for it.
    const bool recorded = ground.recorded.contains(rules.kind);
    if (recorded && !rules.checks_record) continue;
    const bool waits = std::any_of(rules.after.begin(), rules.after.end(),
                                   [&busy](v1::StepKind kind) { return busy.contains(kind); });
    if (waits || HasUnfinished(journal, rules.kind)) {
      busy.insert(rules.kind);
      continue;
    }
    if (!recorded && !Needs(ground, rules)) continue;
    const StoredStep* last = Last(journal, rules.kind);
    if (last != nullptr && last->facts_revision() == journal.contact.facts_revision()) continue;
    StoredStep step = Fresh(ground, rules, now);
    // The service would be asked the same again; the gateway's own rules read the facts themselves.
    if (last != nullptr && !rules.asks_again && !step.service().empty() && !last->superseded() &&
        AskTheSame(*last, step)) {
      continue;
    }
    busy.insert(rules.kind);
    runnable.push_back(std::move(step));
  }
  return runnable;
}

StoredStep Decided(const StoredStep& step, const v1::Contact& contact,
                   const v1::GatewayPolicy& policy, const asc::type::v1::PolicyVersion& version) {
  StoredStep decided = step;
  if (step.kind() == v1::STEP_KIND_SAFEGUARDING) {
    DecideSafeguarding(contact, policy, decided);
  } else {
    DecideForPeople(contact, policy, decided);
  }
  *decided.mutable_decision()->mutable_policy_version() = version;
  decided.set_state(v1::STEP_STATE_DONE);
  decided.set_attempts(1);
  *decided.mutable_recorded_at() = step.intended_at();
  return decided;
}

StoredStep Answered(const StoredStep& step, const std::string& response,
                    const v1::GatewayPolicy& policy, absl::Time now) {
  StoredStep answered = step;
  answered.set_attempts(step.attempts() + 1);
  answered.clear_next_attempt_at();
  answered.clear_failure();
  answered.set_response(response);
  *answered.mutable_recorded_at() = StampOf(now);
  const StepKindRules* rules = RulesOf(step.kind());
  if (rules != nullptr && rules->read != nullptr && rules->read(policy, answered)) {
    answered.set_state(v1::STEP_STATE_DONE);
  } else {
    answered.set_state(v1::STEP_STATE_PARKED);
    answered.set_failure("ANSWER_NOT_READABLE");
  }
  return answered;
}

void Put(Journal& journal, StoredStep step) {
  const auto key = [](const StoredStep& any) {
    return std::make_pair(any.facts_revision(), static_cast<int>(any.kind()));
  };
  const auto place = std::lower_bound(
      journal.steps.begin(), journal.steps.end(), step,
      [&key](const StoredStep& one, const StoredStep& other) { return key(one) < key(other); });
  if (place != journal.steps.end() && key(*place) == key(step)) {
    *place = std::move(step);
  } else {
    journal.steps.insert(place, std::move(step));
  }
}

void Intend(Journal& journal, const v1::GatewayPolicy& policy, absl::Time now) {
  MarkSuperseded(journal, policy);
  for (StoredStep& step : RunnableSteps(journal, policy, now)) {
    const bool own = step.service().empty();
    Put(journal, own ? Decided(step, journal.contact, policy, journal.contact.policy_version())
                     : std::move(step));
  }
}

void Settle(Journal& journal, const v1::GatewayPolicy& policy, absl::Time now) {
  MarkSuperseded(journal, policy);
  std::map<std::string, v1::Action> kept;
  for (v1::Action& action : journal.actions) kept[action.action_id()] = std::move(action);
  std::set<std::string> following;
  for (const v1::Action& action : Following(journal)) {
    following.insert(action.action_id());
    const auto known = kept.find(action.action_id());
    // What still follows keeps its due time and what people have said about it.
    if (known == kept.end() || known->second.state() == v1::ACTION_STATE_WITHDRAWN ||
        IsDueAgain(journal, known->second, action)) {
      kept[action.action_id()] = action;
      continue;
    }
    v1::Action& told = known->second;
    // Who completed it stays with it: once nothing holds any more, it was done.
    if (StandsAgain(journal, action, policy)) told.set_state(v1::ACTION_STATE_OPEN);
    // What was told on a condition is told outright once the condition holds.
    if (told.state() == v1::ACTION_STATE_OPEN) told.set_text(action.text());
  }
  journal.actions.clear();
  for (auto& [action_id, action] : kept) {
    if (!following.contains(action_id) && action.state() == v1::ACTION_STATE_OPEN) {
      action.set_state(action.has_completed_at() ? v1::ACTION_STATE_DONE
                                                 : v1::ACTION_STATE_WITHDRAWN);
    }
    journal.actions.push_back(std::move(action));
  }
  journal.contact.set_status(StatusOf(journal));
  *journal.contact.mutable_updated_at() = StampOf(now);
}

void FollowCompletion(Journal& journal, const std::string& action_id,
                      const v1::GatewayPolicy& policy, absl::Time now) {
  // Whoever waits for an advocate, or has referred to one, may know of one by now.
  const bool of_hold = Follows(action_id, v1::TRIGGER_ADVOCACY_HELD, policy) ||
                       Follows(action_id, v1::TRIGGER_ADVOCACY_DUE, policy);
  if (of_hold && Newest(journal).contains(v1::STEP_KIND_ADVOCACY_HOLD)) {
    journal.contact.set_facts_revision(journal.contact.facts_revision() + 1);
    Intend(journal, policy, now);
  }
  Settle(journal, policy, now);
}

bool Settled(const Journal& journal) {
  return std::none_of(journal.steps.begin(), journal.steps.end(), Unfinished);
}

absl::Time NextAttempt(const Journal& journal) {
  absl::Time next = absl::InfiniteFuture();
  for (const StoredStep& step : journal.steps) {
    if (step.state() != v1::STEP_STATE_WAITING) continue;
    next = std::min(
        next, absl::FromUnixMicros(TimeUtil::TimestampToMicroseconds(step.next_attempt_at())));
  }
  return next;
}

v1::Contact ContactOf(const v1::OpenContactRequest& request, absl::Time now) {
  v1::Contact contact;
  contact.set_authority(request.authority());
  contact.set_channel(request.channel());
  contact.set_kind(request.kind() == asc::referral::v1::CONTACT_KIND_UNSPECIFIED
                       ? asc::referral::v1::CONTACT_KIND_CONTACT
                       : request.kind());
  *contact.mutable_contacting() = request.contacting();
  contact.set_subject(request.subject());
  if (request.has_person()) *contact.mutable_person() = request.person();
  *contact.mutable_asks() = request.asks();
  // A review request asks for a review, also when nobody ticked it.
  if (contact.kind() == asc::referral::v1::CONTACT_KIND_REVIEW_REQUEST &&
      !AsksFor(contact, v1::ASK_REVIEW)) {
    contact.add_asks(v1::ASK_REVIEW);
  }
  contact.set_requested_worker(request.requested_worker());
  contact.set_requested_team(request.requested_team());
  contact.set_summary(request.summary());
  *contact.mutable_facts() = request.facts();
  *contact.mutable_received_at() = request.has_received_at() ? request.received_at() : StampOf(now);
  return contact;
}

v1::Contact WithAdded(const v1::Contact& before, const v1::AddFactsRequest& request) {
  v1::Contact contact = before;
  facts::Clear({request.cleared_paths().begin(), request.cleared_paths().end()}, contact);
  const std::string& worker = request.requested_worker();
  if (!worker.empty() && !before.requested_worker().empty() &&
      worker != before.requested_worker()) {
    ForgetWorker(contact);
  }
  facts::Replace(request.facts(), *contact.mutable_facts());
  if (request.has_person()) facts::Replace(request.person(), *contact.mutable_person());
  if (!worker.empty()) contact.set_requested_worker(worker);
  return contact;
}

std::vector<FixedFact> FixedFactsChanged(const Journal& journal, const v1::Contact& contact) {
  std::vector<FixedFact> changed;
  const auto* reflection = v1::ContactFacts::GetReflection();
  for (const StepKindRules& rules : StepKinds()) {
    if (rules.record_field == 0) continue;
    const auto* field = v1::ContactFacts::descriptor()->FindFieldByNumber(rules.record_field);
    const auto made =
        std::find_if(journal.steps.begin(), journal.steps.end(), [&rules](const StoredStep& step) {
          return step.kind() == rules.kind && (!step.record_id().empty() || IsMaking(rules, step));
        });
    if (made == journal.steps.end() ||
        MessageDifferencer::Equals(reflection->GetMessage(journal.contact.facts(), field),
                                   reflection->GetMessage(contact.facts(), field))) {
      continue;
    }
    changed.push_back({absl::StrCat("facts.", field->name()), made->record_id()});
  }
  return changed;
}

Journal Opened(const v1::OpenContactRequest& request, const std::string& contact_id,
               const std::string& opened_by, const v1::GatewayPolicy& policy,
               const asc::type::v1::PolicyVersion& version, absl::Time now) {
  Journal journal;
  v1::Contact& contact = journal.contact;
  contact = ContactOf(request, now);
  contact.set_contact_id(contact_id);
  contact.set_version(1);
  contact.set_facts_revision(1);
  *contact.mutable_policy_version() = version;
  *contact.mutable_opened_at() = StampOf(now);
  contact.set_opened_by(opened_by);
  Intend(journal, policy, now);
  Settle(journal, policy, now);
  return journal;
}

Journal WithFacts(const Journal& journal, v1::Contact contact, const v1::GatewayPolicy& policy,
                  absl::Time now) {
  if (MessageDifferencer::Equals(contact.facts(), journal.contact.facts()) &&
      MessageDifferencer::Equals(contact.person(), journal.contact.person()) &&
      contact.requested_worker() == journal.contact.requested_worker()) {
    return journal;
  }
  contact.set_facts_revision(contact.facts_revision() + 1);
  contact.set_version(contact.version() + 1);
  Journal after = journal;
  after.contact = std::move(contact);
  Intend(after, policy, now);
  Settle(after, policy, now);
  return after;
}

}  // namespace asc::gateway
