#include "gateway/journal_steps.h"

#include <algorithm>
#include <set>

namespace asc::gateway {

using journal::StoredStep;

bool Unfinished(const StoredStep& step) {
  return step.state() == v1::STEP_STATE_RUNNING || step.state() == v1::STEP_STATE_WAITING;
}

std::map<v1::StepKind, const StoredStep*> Newest(const Journal& journal) {
  std::map<v1::StepKind, const StoredStep*> newest;
  for (const StoredStep& step : journal.steps) {
    if (step.superseded()) continue;
    const StoredStep*& place = newest[step.kind()];
    if (place == nullptr || place->facts_revision() < step.facts_revision()) place = &step;
  }
  return newest;
}

std::map<v1::StepKind, const StoredStep*> NewestDone(const Journal& journal) {
  std::map<v1::StepKind, const StoredStep*> newest;
  for (const StoredStep& step : journal.steps) {
    if (step.superseded() || step.state() != v1::STEP_STATE_DONE) continue;
    const StoredStep*& place = newest[step.kind()];
    if (place == nullptr || place->facts_revision() < step.facts_revision()) place = &step;
  }
  return newest;
}

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

bool HasUnfinished(const Journal& journal, v1::StepKind kind) {
  return std::any_of(journal.steps.begin(), journal.steps.end(), [kind](const StoredStep& step) {
    return step.kind() == kind && Unfinished(step);
  });
}

const StoredStep* Last(const Journal& journal, v1::StepKind kind) {
  const StoredStep* last = nullptr;
  for (const StoredStep& step : journal.steps) {
    if (step.kind() != kind) continue;
    if (last == nullptr || last->facts_revision() < step.facts_revision()) last = &step;
  }
  return last;
}

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

}  // namespace asc::gateway
