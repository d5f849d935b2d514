#include "gateway/contact_workflow.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "asc/directory/v1/directory.pb.h"
#include "asc/funding/v1/funding.pb.h"
#include "gateway/asked_rules.h"
#include "gateway/facts.h"
#include "gateway/safeguarding_rules.h"
#include "gateway/step_kinds.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "google/rpc/error_details.pb.h"
#include "platform/rpc/errors.h"

namespace asc::gateway {
namespace {

using google::protobuf::util::MessageDifferencer;
using google::protobuf::util::TimeUtil;
using journal::StoredStep;

// Services shown with a contact, as its contract says.
constexpr int kServicesMax = 10;
// Fields of one refusal that are passed on.
constexpr std::size_t kRefusedFieldsMax = 50;

google::protobuf::Timestamp StampOf(absl::Time time) {
  return TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

bool Unfinished(const StoredStep& step) {
  return step.state() == v1::STEP_STATE_RUNNING || step.state() == v1::STEP_STATE_WAITING;
}

// The newest step of each kind, by kind. A step that the facts have overtaken is left out.
std::map<v1::StepKind, const StoredStep*> Newest(const Journal& journal) {
  std::map<v1::StepKind, const StoredStep*> newest;
  for (const StoredStep& step : journal.steps) {
    if (step.superseded()) continue;
    const StoredStep*& place = newest[step.kind()];
    if (place == nullptr || place->facts_revision() < step.facts_revision()) place = &step;
  }
  return newest;
}

// The newest step of each kind that has come to something: what people have to do follows from
// these, also while a later revision of the step is still running.
std::map<v1::StepKind, const StoredStep*> NewestDone(const Journal& journal) {
  std::map<v1::StepKind, const StoredStep*> newest;
  for (const StoredStep& step : journal.steps) {
    if (step.superseded() || step.state() != v1::STEP_STATE_DONE) continue;
    const StoredStep*& place = newest[step.kind()];
    if (place == nullptr || place->facts_revision() < step.facts_revision()) place = &step;
  }
  return newest;
}

// The policy of a service that the first decision of this contact was made under.
std::map<std::string, asc::type::v1::PolicyVersion> ServicePolicies(const Journal& journal) {
  std::map<std::string, asc::type::v1::PolicyVersion> policies;
  for (const StoredStep& step : journal.steps) {
    if (step.service().empty() || step.state() != v1::STEP_STATE_DONE) continue;
    if (step.decision().policy_version().hash().empty()) continue;
    policies.emplace(step.service(), step.decision().policy_version());
  }
  return policies;
}

std::map<v1::StepKind, const StoredStep*> Recorded(const Journal& journal) {
  std::map<v1::StepKind, const StoredStep*> recorded;
  for (const StoredStep& step : journal.steps) {
    if (!step.record_id().empty()) recorded.emplace(step.kind(), &step);
  }
  return recorded;
}

StepGround GroundOf(const Journal& journal, const v1::GatewayPolicy& policy) {
  return {journal.contact, policy, NewestDone(journal), Recorded(journal),
          ServicePolicies(journal)};
}

bool HasUnfinished(const Journal& journal, v1::StepKind kind) {
  return std::any_of(journal.steps.begin(), journal.steps.end(), [kind](const StoredStep& step) {
    return step.kind() == kind && Unfinished(step);
  });
}

// The last step of a kind, whatever its state; null: none yet.
const StoredStep* Last(const Journal& journal, v1::StepKind kind) {
  const StoredStep* last = nullptr;
  for (const StoredStep& step : journal.steps) {
    if (step.kind() != kind) continue;
    if (last == nullptr || last->facts_revision() < step.facts_revision()) last = &step;
  }
  return last;
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

const std::string& CodeName(absl::StatusCode code) {
  static const std::map<absl::StatusCode, std::string> kNames = {
      {absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT"},
      {absl::StatusCode::kNotFound, "NOT_FOUND"},
      {absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS"},
      {absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED"},
      {absl::StatusCode::kUnauthenticated, "UNAUTHENTICATED"},
      {absl::StatusCode::kFailedPrecondition, "FAILED_PRECONDITION"},
      {absl::StatusCode::kUnimplemented, "UNIMPLEMENTED"},
      {absl::StatusCode::kUnavailable, "UNAVAILABLE"},
      {absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"},
      {absl::StatusCode::kResourceExhausted, "RESOURCE_EXHAUSTED"},
      {absl::StatusCode::kAborted, "ABORTED"},
      {absl::StatusCode::kInternal, "INTERNAL"},
  };
  static const std::string kOther = "OTHER";
  const auto found = kNames.find(code);
  return found == kNames.end() ? kOther : found->second;
}

// The fields that a service refuses. Never its words, which another's server may have filled with
// anything.
std::vector<std::string> RefusedFields(const absl::Status& status) {
  std::vector<std::string> fields;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  google::rpc::BadRequest bad;
  if (payload.has_value() && bad.ParseFromString(std::string(*payload))) {
    for (const auto& violation : bad.field_violations()) {
      if (fields.size() < kRefusedFieldsMax) fields.push_back(violation.field().substr(0, 200));
    }
  }
  return fields;
}

std::string FailureOf(const absl::Status& status) {
  std::string failure = CodeName(status.code());
  for (const std::string& field : RefusedFields(status)) absl::StrAppend(&failure, " ", field);
  return failure.substr(0, 500);
}

// What a service refuses is asked for again, where the contact asks for it.
void AskAgain(const absl::Status& status, StoredStep& step) {
  const StepKindRules* rules = RulesOf(step.kind());
  if (rules == nullptr || rules->field == nullptr) return;
  for (const std::string& field : RefusedFields(status)) {
    asc::type::v1::Question question;
    question.set_strength(asc::type::v1::STRENGTH_MUST);
    question.set_text(
        "The service that decides on this refuses what is said here. Please correct it.");
    AddQuestion(std::move(question), rules->field(field), /*blocks=*/true, step);
  }
}

// Whether this step has asked, or is about to ask, for a record that the facts make.
bool IsMaking(const StoredStep& step) {
  const bool opens = absl::EndsWith(step.method(), "/OpenFundingRequest") ||
                     absl::EndsWith(step.method(), "/RecordAdviceGiven");
  return opens && Unfinished(step);
}

// The etag that a record has now, when the one sent was stale; empty: another failure.
std::string CurrentEtag(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  google::rpc::ErrorInfo info;
  if (status.code() != absl::StatusCode::kAborted || !payload.has_value() ||
      !info.ParseFromString(std::string(*payload)) || info.reason() != "STALE_ETAG") {
    return "";
  }
  const auto etag = info.metadata().find("current_etag");
  return etag == info.metadata().end() ? "" : etag->second;
}

// The key of a request that is asked anew: the step's own, and the attempt.
std::string KeyOfAttempt(const StoredStep& step) {
  const std::vector<std::string> parts = absl::StrSplit(step.request_id(), '.');
  return absl::StrCat(parts[0], ".", static_cast<int>(step.kind()), ".", step.facts_revision(), ".",
                      step.attempts());
}

enum class Failure { kPassing, kFault, kForGood };

// A service that is busy says so with a reason. Without one it is the transport that refuses: the
// request is larger than it takes, and will be each time.
bool SaysItIsBusy(const absl::Status& status) {
  return status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo").has_value();
}

Failure KindOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kResourceExhausted:
      return SaysItIsBusy(status) ? Failure::kPassing : Failure::kForGood;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnimplemented:
      return Failure::kForGood;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return Failure::kFault;
    default:
      return Failure::kPassing;
  }
}

absl::Duration BackOff(int attempts, double jitter) {
  const double factor = std::pow(2.0, std::min(attempts - 1, 20));
  const absl::Duration whole = std::min(kRetryMax, kRetryFirst * factor);
  return whole * (0.5 + 0.5 * jitter);
}

// The actions that follow from the steps, each once, in the order in which they are shown.
std::vector<v1::Action> Following(const Journal& journal) {
  std::vector<v1::Action> actions;
  std::set<std::string> seen;
  // What the facts themselves make people do does not wait for a service.
  std::map<v1::StepKind, std::vector<const StoredStep*>> told;
  for (const auto& [kind, step] : NewestDone(journal)) told[kind].push_back(step);
  for (const auto& [kind, step] : Newest(journal)) {
    if (step->state() != v1::STEP_STATE_DONE) told[kind].push_back(step);
  }
  for (const auto& [kind, steps] : told) {
    for (const StoredStep* step : steps) {
      for (const v1::Action& action : step->actions()) {
        if (seen.insert(action.action_id()).second) actions.push_back(action);
      }
    }
  }
  return actions;
}

v1::ContactStatus StatusOf(const Journal& journal) {
  bool parked = false;
  bool questions = false;
  for (const StoredStep& step : journal.steps) {
    if (Unfinished(step)) return v1::CONTACT_STATUS_IN_PROGRESS;
  }
  for (const auto& [kind, step] : Newest(journal)) {
    parked = parked || step->state() == v1::STEP_STATE_PARKED;
    questions = questions || !step->decision().questions().empty();
  }
  if (parked) return v1::CONTACT_STATUS_NEEDS_ATTENTION;
  if (questions) return v1::CONTACT_STATUS_AWAITING_FACTS;
  const bool open =
      std::any_of(journal.actions.begin(), journal.actions.end(),
                  [](const v1::Action& action) { return action.state() == v1::ACTION_STATE_OPEN; });
  return open ? v1::CONTACT_STATUS_AWAITING_PEOPLE : v1::CONTACT_STATUS_COMPLETED;
}

// Strongest first, otherwise in the order of the steps; each field once.
template <class Questions>
void AddQuestions(const Questions& from, std::vector<asc::type::v1::Question>& to) {
  for (const auto& question : from) {
    const bool known = std::any_of(to.begin(), to.end(), [&question](const auto& other) {
      return other.field() == question.field() && other.rule_id() == question.rule_id();
    });
    if (!known) to.push_back(question);
  }
}

void SortByStrength(std::vector<asc::type::v1::Question>& questions) {
  std::stable_sort(questions.begin(), questions.end(), [](const auto& one, const auto& other) {
    return one.strength() < other.strength();
  });
}

v1::Step PresentStep(const StoredStep& stored) {
  v1::Step step;
  step.set_kind(stored.kind());
  step.set_state(stored.state());
  step.set_facts_revision(stored.facts_revision());
  if (stored.has_decision()) *step.mutable_decision() = stored.decision();
  step.set_attempts(stored.attempts());
  if (stored.has_next_attempt_at()) *step.mutable_next_attempt_at() = stored.next_attempt_at();
  step.set_failure(stored.failure());
  if (stored.has_recorded_at()) *step.mutable_recorded_at() = stored.recorded_at();
  return step;
}

void PresentActions(const Journal& journal, v1::Contact& contact) {
  std::set<std::string> shown;
  for (const v1::Action& following : Following(journal)) {
    for (const v1::Action& action : journal.actions) {
      if (action.action_id() != following.action_id()) continue;
      *contact.add_actions() = action;
      shown.insert(action.action_id());
    }
  }
  for (const v1::Action& action : journal.actions) {
    if (!shown.contains(action.action_id())) *contact.add_actions() = action;
  }
}

void AddElsewhere(const asc::type::v1::Guidance& guidance, v1::Contact& contact) {
  const auto same = [&guidance](const auto& known) {
    return known.guidance_id() == guidance.guidance_id() && known.title() == guidance.title();
  };
  const auto& shown = contact.elsewhere();
  if (std::none_of(shown.begin(), shown.end(), same)) *contact.add_elsewhere() = guidance;
}

void PresentRecord(const StoredStep& step, v1::Contact& contact) {
  if (step.record_id().empty()) return;
  if (step.kind() == v1::STEP_KIND_REFERRAL) contact.set_referral_id(step.record_id());
  if (step.kind() == v1::STEP_KIND_ADVOCACY_NEED) contact.set_advocacy_need_id(step.record_id());
  if (step.kind() == v1::STEP_KIND_URGENT_SUPPORT) contact.set_funding_request_id(step.record_id());
  if (step.kind() == v1::STEP_KIND_ADVICE_RECORD) contact.set_advice_id(step.record_id());
}

// What services found, from the bytes they answered with.
void PresentFound(const StoredStep& step, v1::Contact& contact) {
  if (absl::EndsWith(step.method(), "/SearchServices")) {
    asc::directory::v1::SearchServicesResponse response;
    if (!response.ParseFromString(step.response())) return;
    for (auto& hit : *response.mutable_hits()) {
      const auto same = [&hit](const auto& known) {
        return known.service().service_id() == hit.service().service_id();
      };
      const auto& shown = contact.services();
      if (shown.size() >= kServicesMax || std::any_of(shown.begin(), shown.end(), same)) continue;
      *contact.add_services() = std::move(hit);
    }
    for (const auto& guidance : response.elsewhere()) AddElsewhere(guidance, contact);
  } else if (absl::EndsWith(step.method(), "/CheckUrgentSupport")) {
    asc::funding::v1::CheckUrgentSupportResponse response;
    if (!response.ParseFromString(step.response())) return;
    if (response.check().has_elsewhere()) AddElsewhere(response.check().elsewhere(), contact);
  } else if (absl::EndsWith(step.method(), "/CheckCharging")) {
    asc::funding::v1::CheckChargingResponse response;
    if (!response.ParseFromString(step.response())) return;
    *contact.mutable_charging() = response.decision();
  } else if (absl::EndsWith(step.method(), "/RouteContact")) {
    asc::referral::v1::RouteContactResponse response;
    if (!response.ParseFromString(step.response())) return;
    contact.set_pass_to_worker(response.to_worker_id());
    contact.set_pass_to_team(response.to_team_id());
  }
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
    const bool waits = std::any_of(rules.after.begin(), rules.after.end(),
                                   [&busy](v1::StepKind kind) { return busy.contains(kind); });
    if (waits || HasUnfinished(journal, rules.kind)) {
      busy.insert(rules.kind);
      continue;
    }
    // What has been recorded stays recorded, and there is never a second.
    const bool recorded = ground.recorded.contains(rules.kind);
    if (recorded ? !rules.checks_record : !Needs(ground, rules)) continue;
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
    DecideForPeople(policy, decided);
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

StoredStep Failed(const StoredStep& step, const absl::Status& status, absl::Time now,
                  double jitter) {
  StoredStep failed = step;
  failed.set_attempts(step.attempts() + 1);
  failed.set_failure(FailureOf(status));
  // Nothing was done, so the same is asked of the record as it is now, under a key of its own.
  if (const std::string etag = CurrentEtag(status); !etag.empty()) {
    AskOfVersion(etag, KeyOfAttempt(failed), failed);
  }
  const Failure kind = KindOf(status);
  if (kind == Failure::kForGood ||
      (kind == Failure::kFault && failed.attempts() >= kFaultAttemptsMax)) {
    failed.set_state(v1::STEP_STATE_PARKED);
    failed.clear_next_attempt_at();
    AskAgain(status, failed);
    *failed.mutable_recorded_at() = StampOf(now);
    return failed;
  }
  failed.set_state(v1::STEP_STATE_WAITING);
  *failed.mutable_next_attempt_at() = StampOf(now + BackOff(failed.attempts(), jitter));
  return failed;
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
    if (known == kept.end() || known->second.state() == v1::ACTION_STATE_WITHDRAWN) {
      kept[action.action_id()] = action;
    }
  }
  journal.actions.clear();
  for (auto& [action_id, action] : kept) {
    if (!following.contains(action_id) && action.state() == v1::ACTION_STATE_OPEN) {
      action.set_state(v1::ACTION_STATE_WITHDRAWN);
    }
    journal.actions.push_back(std::move(action));
  }
  journal.contact.set_status(StatusOf(journal));
  *journal.contact.mutable_updated_at() = StampOf(now);
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

v1::Contact Present(const Journal& journal) {
  v1::Contact contact = journal.contact;
  contact.set_etag(rpc::EtagOf(contact.version()));
  std::set<int> outcomes;
  std::vector<asc::type::v1::Question> questions;
  std::vector<asc::type::v1::Question> to_gather;
  for (const auto& [kind, step] : Newest(journal)) {
    *contact.add_steps() = PresentStep(*step);
    AddQuestions(step->decision().questions(), questions);
    AddQuestions(step->still_to_gather(), to_gather);
  }
  for (const auto& [kind, step] : NewestDone(journal)) {
    outcomes.insert(step->outcomes().begin(), step->outcomes().end());
    if (kind == v1::STEP_KIND_SAFEGUARDING) *contact.mutable_advice() = step->decision().reasons();
    PresentRecord(*step, contact);
    PresentFound(*step, contact);
  }
  if (outcomes.empty() && contact.status() == v1::CONTACT_STATUS_COMPLETED) {
    outcomes.insert(v1::OUTCOME_RECORDED);
  }
  for (const int outcome : outcomes) contact.add_outcomes(static_cast<v1::Outcome>(outcome));
  SortByStrength(questions);
  SortByStrength(to_gather);
  for (auto& question : questions) *contact.add_questions() = std::move(question);
  for (auto& question : to_gather) *contact.add_still_to_gather() = std::move(question);
  PresentActions(journal, contact);
  for (const auto& [service, version] : ServicePolicies(journal)) {
    (*contact.mutable_service_policies())[service] = version;
  }
  return contact;
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

void Merge(const v1::AddFactsRequest& request, v1::Contact& contact) {
  Replace(request.facts(), *contact.mutable_facts());
  const std::string person_id = contact.person().person_id();
  if (request.has_person()) Replace(request.person(), *contact.mutable_person());
  if (!person_id.empty()) contact.mutable_person()->set_person_id(person_id);
}

std::vector<FixedFact> FixedFactsChanged(const Journal& journal, const v1::Contact& contact) {
  std::vector<FixedFact> changed;
  const auto* reflection = v1::ContactFacts::GetReflection();
  for (const StepKindRules& rules : StepKinds()) {
    if (rules.record_field == 0) continue;
    const auto* field = v1::ContactFacts::descriptor()->FindFieldByNumber(rules.record_field);
    const auto made =
        std::find_if(journal.steps.begin(), journal.steps.end(), [&rules](const StoredStep& step) {
          return step.kind() == rules.kind && (!step.record_id().empty() || IsMaking(step));
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

Journal WithFacts(const Journal& journal, const v1::AddFactsRequest& request,
                  const v1::GatewayPolicy& policy, absl::Time now) {
  Journal after = journal;
  v1::Contact& contact = after.contact;
  Merge(request, contact);
  if (MessageDifferencer::Equals(contact.facts(), journal.contact.facts()) &&
      MessageDifferencer::Equals(contact.person(), journal.contact.person())) {
    return journal;
  }
  contact.set_facts_revision(contact.facts_revision() + 1);
  contact.set_version(contact.version() + 1);
  Intend(after, policy, now);
  Settle(after, policy, now);
  return after;
}

}  // namespace asc::gateway
