#include "referral-svc/review_rules.h"

#include <string>

#include "platform/facts/tri_state.h"
#include "referral-svc/absences.h"
#include "referral-svc/referral_policy.h"

namespace asc::referral {
namespace {

using facts::And;
using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::FromBool;
using facts::IsUnknown;
using facts::Known;
using facts::Not;
using facts::Or;

// One request while it is decided.
struct Request {
  const v1::ReviewFacts& facts;
  const v1::ReferralPolicy& policy;
  Answer has_worker = ANSWER_UNKNOWN;
  Answer worker_can = ANSWER_UNKNOWN;
};

bool HasRule(const Request& request, const char* rule_id) {
  return FindStatement(request.policy, rule_id) != nullptr;
}

void Ask(const Request& request, Answer fact, const char* rule_id, const char* field,
         v1::Decision& decision) {
  if (IsUnknown(fact)) AddQuestion(request.policy, rule_id, field, decision);
}

void Settle(v1::Outcome outcome, v1::ReviewRoute route, v1::DecideReviewResponse& answer) {
  answer.mutable_decision()->set_outcome(outcome);
  answer.set_route(route);
}

// Our records make something clear only when they hold it. That a worker is away says that they are
// not available; it takes somebody to say whether they are able.
void KnowFromRecords(const ReviewRecords& records, absl::Time now, Request& request,
                     v1::DecideReviewResponse& answer) {
  request.has_worker = Known(request.facts.has_allocated_worker());
  request.worker_can = Known(request.facts.worker_can());
  answer.set_allocated_worker_id(AllocatedWorker(records.allocations));
  for (const v1::Allocation& allocation : records.allocations) {
    if (allocation.role() != v1::ALLOCATION_ROLE_REVIEW) continue;
    answer.set_responsible_team_id(allocation.team_id());
    break;
  }
  if (answer.allocated_worker_id().empty()) return;
  request.has_worker = ANSWER_YES;
  if (request.policy.review().confirm() != v1::REVIEW_CONFIRM_AVAILABLE) return;
  if (!records.availability.has_value()) return;
  // An absence that is over says nothing against what was found out today.
  const bool away = AwayAt(*records.availability, now).now;
  if (away || request.worker_can == ANSWER_UNKNOWN) request.worker_can = FromBool(!away);
}

// What comes before any route: another procedure, no plan, a request that is not reasonable. True
// when it settles the matter.
bool DecideBefore(const Request& request, v1::DecideReviewResponse& answer) {
  v1::Decision& decision = *answer.mutable_decision();
  const v1::ReviewPolicy& review = request.policy.review();
  if (request.facts.has_plan() == ANSWER_NO) {
    Settle(v1::OUTCOME_REFUSED, v1::REVIEW_ROUTE_UNSPECIFIED, answer);
    AddReason(request.policy, HasRule(request, "V6") ? "V6" : "V2", decision);
    return true;
  }
  if (!review.reablement_procedure().empty() && request.facts.reablement_plan() == ANSWER_YES) {
    Settle(v1::OUTCOME_REDIRECTED, v1::REVIEW_ROUTE_OTHER_PROCEDURE, answer);
    decision.set_redirect(review.reablement_procedure());
    AddReason(request.policy, "V7", decision);
    return true;
  }
  if (HasRule(request, "V2") && request.facts.request_reasonable() == ANSWER_NO) {
    Settle(v1::OUTCOME_REFUSED, v1::REVIEW_ROUTE_UNSPECIFIED, answer);
    AddReason(request.policy, "V2", decision);
    return true;
  }
  return false;
}

// What DecideBefore could not rule out yet, asked for.
void AskBefore(const Request& request, v1::Decision& decision) {
  const v1::ReviewFacts& facts = request.facts;
  const bool changes = HasRule(request, "V2");
  if (changes) Ask(request, facts.has_plan(), "V2", "facts.has_plan", decision);
  if (!request.policy.review().reablement_procedure().empty()) {
    Ask(request, facts.reablement_plan(), "V7", "facts.reablement_plan", decision);
  }
  if (changes) Ask(request, facts.request_reasonable(), "V2", "facts.request_reasonable", decision);
  for (const type::v1::Question& question : decision.questions()) {
    AddReasonOnce(request.policy, question.rule_id(), decision);
  }
}

// V1 while the worker is not available, unless the review is urgent.
void AddWorkersDuty(const Request& request, v1::Decision& decision) {
  const bool excepted =
      request.policy.review().done_by_allocated_worker() && request.facts.urgent() == ANSWER_YES;
  if (!excepted) return AddReasonOnce(request.policy, "V1", decision);
  AddFinding(request.policy, "V1", request.policy.review().urgent_exception(), decision);
}

// V4: the worker is not available, so a manager chooses.
void DecideByManager(const Request& request, v1::DecideReviewResponse& answer) {
  v1::Decision& decision = *answer.mutable_decision();
  AddReasonOnce(request.policy, "V4", decision);
  AddWorkersDuty(request, decision);
  switch (request.facts.manager_choice()) {
    case v1::MANAGER_CHOICE_TRANSFER_ANYWAY:
      return Settle(v1::OUTCOME_PERMITTED, v1::REVIEW_ROUTE_ALLOCATED_WORKER, answer);
    case v1::MANAGER_CHOICE_ALTERNATIVE:
      return Settle(v1::OUTCOME_PERMITTED, v1::REVIEW_ROUTE_ALTERNATIVE, answer);
    case v1::MANAGER_CHOICE_UNSPECIFIED:
    case v1::ManagerChoice_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ManagerChoice_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  Settle(v1::OUTCOME_CANNOT_TELL, v1::REVIEW_ROUTE_ASK_MANAGER, answer);
  AddQuestion(request.policy, "V4", "facts.manager_choice", decision);
  if (request.policy.review().done_by_allocated_worker()) {
    Ask(request, request.facts.urgent(), "V1", "facts.urgent", decision);
  }
}

// V1 and V3: there is an allocated worker.
void DecideForWorker(const Request& request, v1::DecideReviewResponse& answer) {
  v1::Decision& decision = *answer.mutable_decision();
  const bool confirms = request.policy.review().confirm() != v1::REVIEW_CONFIRM_UNSPECIFIED;
  if (!confirms || request.worker_can == ANSWER_YES) {
    Settle(v1::OUTCOME_PERMITTED, v1::REVIEW_ROUTE_ALLOCATED_WORKER, answer);
    AddReasonOnce(request.policy, "V1", decision);
    if (confirms) AddReasonOnce(request.policy, "V3", decision);
    return;
  }
  if (request.worker_can == ANSWER_NO) return DecideByManager(request, answer);
  Settle(v1::OUTCOME_CANNOT_TELL, v1::REVIEW_ROUTE_UNSPECIFIED, answer);
  AddReasonOnce(request.policy, "V3", decision);
  AddReasonOnce(request.policy, "V1", decision);
  AddQuestion(request.policy, "V3", "facts.worker_can", decision);
}

// V5 where the document is silent: what somebody has decided.
void DecideByJudgement(const Request& request, v1::DecideReviewResponse& answer) {
  v1::Decision& decision = *answer.mutable_decision();
  AddFinding(request.policy, "V5", request.policy.review().left_open(), decision);
  const v1::ReviewKind kind = request.facts.kind_decided();
  if (kind == v1::REVIEW_KIND_LIGHT_TOUCH) {
    return Settle(v1::OUTCOME_PERMITTED, v1::REVIEW_ROUTE_LIGHT_TOUCH_POSSIBLE, answer);
  }
  if (kind == v1::REVIEW_KIND_REASSESSMENT) {
    return Settle(v1::OUTCOME_PERMITTED, v1::REVIEW_ROUTE_REASSESSMENT_LIKELY, answer);
  }
  Settle(v1::OUTCOME_CANNOT_TELL, v1::REVIEW_ROUTE_UNSPECIFIED, answer);
  AddQuestion(request.policy, "V5", "facts.kind_decided", decision);
}

// V5: what kind of review to expect. The first case speaks of needs alone, the second of needs or
// circumstances; a change of circumstances with neither is the document's own example of the first.
void DecideKind(const Request& request, v1::DecideReviewResponse& answer) {
  v1::Decision& decision = *answer.mutable_decision();
  const v1::ReviewPolicy& review = request.policy.review();
  const v1::ReviewFacts& facts = request.facts;
  const Answer budget = Known(facts.budget_change_required());
  const Answer changed = Or(facts.needs_changed(), facts.circumstances_changed());
  const Answer light = And(Not(facts.needs_changed()), Not(budget));
  const Answer both = And(changed, budget);
  if (light == ANSWER_YES) {
    Settle(v1::OUTCOME_PERMITTED, v1::REVIEW_ROUTE_LIGHT_TOUCH_POSSIBLE, answer);
    return AddFinding(request.policy, "V5", review.light_touch_possible(), decision);
  }
  if (both == ANSWER_YES) {
    Settle(v1::OUTCOME_PERMITTED, v1::REVIEW_ROUTE_REASSESSMENT_LIKELY, answer);
    return AddFinding(request.policy, "V5", review.reassessment_likely(), decision);
  }
  if (light == ANSWER_NO && both == ANSWER_NO) return DecideByJudgement(request, answer);
  Settle(v1::OUTCOME_CANNOT_TELL, v1::REVIEW_ROUTE_UNSPECIFIED, answer);
  AddReasonOnce(request.policy, "V5", decision);
  Ask(request, facts.needs_changed(), "V5", "facts.needs_changed", decision);
  if (facts.needs_changed() != ANSWER_YES && budget != ANSWER_NO) {
    Ask(request, facts.circumstances_changed(), "V5", "facts.circumstances_changed", decision);
  }
  Ask(request, budget, "V5", "facts.budget_change_required", decision);
}

void DecideWithoutWorker(const Request& request, v1::DecideReviewResponse& answer) {
  if (request.policy.review().light_touch()) {
    DecideKind(request, answer);
  } else {
    Settle(v1::OUTCOME_PERMITTED, v1::REVIEW_ROUTE_RESPONSIBLE_TEAM, answer);
  }
  if (request.policy.review().route_to_team()) {
    AddReasonOnce(request.policy, "V1", *answer.mutable_decision());
  }
}

void DecideRouteOf(const Request& request, v1::DecideReviewResponse& answer) {
  if (request.has_worker == ANSWER_YES) return DecideForWorker(request, answer);
  if (request.has_worker == ANSWER_NO) return DecideWithoutWorker(request, answer);
  Settle(v1::OUTCOME_CANNOT_TELL, v1::REVIEW_ROUTE_UNSPECIFIED, answer);
  AddReasonOnce(request.policy, "V1", *answer.mutable_decision());
  AddQuestion(request.policy, "V1", "facts.has_allocated_worker", *answer.mutable_decision());
}

Answer DueOf(const Request& request, v1::ActionKind kind, v1::ReviewRoute route) {
  const bool confirms = request.policy.review().confirm() != v1::REVIEW_CONFIRM_UNSPECIFIED;
  if (kind == v1::ACTION_KIND_CONSIDER_REVIEW) return Not(request.facts.review_planned());
  if (kind == v1::ACTION_KIND_CONFIRM_WORKER) {
    return FromBool(confirms && request.has_worker == ANSWER_YES &&
                    request.worker_can == ANSWER_UNKNOWN);
  }
  if (kind == v1::ACTION_KIND_ASK_MANAGER) return FromBool(route == v1::REVIEW_ROUTE_ASK_MANAGER);
  if (kind == v1::ACTION_KIND_CONSIDER_ALLOCATION) {
    return FromBool(route == v1::REVIEW_ROUTE_REASSESSMENT_LIKELY);
  }
  return ANSWER_NO;
}

void AddActions(const Request& request, v1::DecideReviewResponse& answer) {
  for (const v1::ActionPolicy& action : request.policy.review().actions()) {
    const Answer due = DueOf(request, action.kind(), answer.route());
    if (due != ANSWER_NO) *answer.add_actions() = ActionOf(request.policy, action, due);
  }
}

}  // namespace

std::string AllocatedWorker(const std::vector<v1::Allocation>& allocations) {
  for (const v1::Allocation& allocation : allocations) {
    if (allocation.role() == v1::ALLOCATION_ROLE_WORKER) return allocation.worker_id();
  }
  return "";
}

v1::DecideReviewResponse DecideReviewRoute(const v1::ReviewFacts& facts,
                                           const ReviewRecords& records,
                                           const v1::ReferralPolicy& policy, absl::Time now) {
  v1::DecideReviewResponse answer;
  v1::Decision& decision = *answer.mutable_decision();
  if (Redirect(policy, facts.subject(), decision)) return answer;
  Request request{facts, policy};
  KnowFromRecords(records, now, request, answer);
  if (DecideBefore(request, answer)) return answer;
  AskBefore(request, decision);
  const bool open = !decision.questions().empty();
  DecideRouteOf(request, answer);
  const bool changes = HasRule(request, "V2");
  if (changes) {
    AddReasonOnce(policy, "V2", decision);
    Ask(request, facts.review_planned(), "V2", "facts.review_planned", decision);
  } else {
    Ask(request, facts.has_plan(), "V6", "facts.has_plan", decision);
  }
  if (open) Settle(v1::OUTCOME_CANNOT_TELL, v1::REVIEW_ROUTE_UNSPECIFIED, answer);
  AddActions(request, answer);
  return answer;
}

v1::Decision DecideRevision(const v1::Review& review, const v1::ReferralPolicy& policy) {
  v1::Decision decision;
  const bool reviewed = review.status() == v1::REVIEW_STATUS_COMPLETED;
  decision.set_outcome(reviewed ? v1::OUTCOME_PERMITTED : v1::OUTCOME_REFUSED);
  // Where the procedure does not say so itself, what a review is for does.
  AddReason(policy, FindStatement(policy, "V2") != nullptr ? "V2" : "V6", decision);
  return decision;
}

}  // namespace asc::referral
