#include "gateway/contact_view.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "asc/directory/v1/directory.pb.h"
#include "asc/funding/v1/funding.pb.h"
#include "asc/referral/v1/referral.pb.h"
#include "gateway/journal_steps.h"
#include "platform/rpc/errors.h"

namespace asc::gateway {
namespace {

using journal::StoredStep;

// Services shown with a contact, as its contract says.
constexpr int kServicesMax = 10;

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

}  // namespace asc::gateway
