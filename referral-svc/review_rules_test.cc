#include "referral-svc/review_rules.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "referral-svc/testing/every_fact.h"
#include "referral-svc/testing/shipped_policies.h"

namespace asc::referral {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_YES;

const absl::Time kNow = absl::FromUnixSeconds(1767607200);

v1::ReviewFacts OfSubject(const v1::ReferralPolicy& policy) {
  v1::ReviewFacts facts;
  facts.set_subject(policy.scope().subjects(0));
  return facts;
}

v1::DecideReviewResponse Decide(const v1::ReviewFacts& facts, const v1::ReferralPolicy& policy) {
  return DecideReviewRoute(facts, {}, policy, kNow);
}

// A reasonable request about a plan of a person without an allocated worker.
v1::ReviewFacts WithoutWorker(const v1::ReferralPolicy& policy) {
  v1::ReviewFacts facts = OfSubject(policy);
  facts.set_has_plan(ANSWER_YES);
  facts.set_reablement_plan(ANSWER_NO);
  facts.set_request_reasonable(ANSWER_YES);
  facts.set_has_allocated_worker(ANSWER_NO);
  return facts;
}

TEST(Reviews, UnknownFactsNeverGiveAStrongerOutcomeThanBothYesAndNo) {
  const std::vector<std::string> kBefore = {
      "has_plan", "reablement_plan",      "review_planned", "request_reasonable",
      "urgent",   "has_allocated_worker", "worker_can"};
  const std::vector<std::string> kChange = {"has_allocated_worker", "needs_changed",
                                            "circumstances_changed", "budget_change_required"};
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    for (const auto& names : {kBefore, kChange}) {
      v1::ReviewFacts facts = WithoutWorker(policy);
      ExpectUnknownIsNeverStronger(facts, names, [&] {
        const auto answer = Decide(facts, policy);
        return VerdictOf(answer, answer.route());
      });
    }
  }
}

TEST(Reviews, CannotTellNeverComesWithoutAQuestion) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    v1::ReviewFacts facts = OfSubject(policy);
    EachCombination(facts,
                    {"has_plan", "request_reasonable", "has_allocated_worker", "worker_can",
                     "needs_changed", "circumstances_changed", "budget_change_required"},
                    [&] {
                      const v1::Decision decision = Decide(facts, policy).decision();
                      EXPECT_GE(decision.reasons_size(), 1) << facts.ShortDebugString();
                      if (decision.outcome() != v1::OUTCOME_CANNOT_TELL) return;
                      EXPECT_GE(decision.questions_size(), 1) << facts.ShortDebugString();
                    });
  }
}

// V5 as its two sentences put it; what they leave open is left to a person.
TEST(LightTouch, FollowsItsTruthTable) {
  for (const char* authority : {"standard", "hillingdon-carers"}) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    v1::ReviewFacts facts = WithoutWorker(policy);
    EachCombination(facts, {"needs_changed", "circumstances_changed", "budget_change_required"},
                    [&] {
                      const bool needs = facts.needs_changed() == ANSWER_YES;
                      const bool circumstances = facts.circumstances_changed() == ANSWER_YES;
                      const bool no_needs = facts.needs_changed() == ANSWER_NO;
                      const bool budget = facts.budget_change_required() == ANSWER_YES;
                      const bool no_budget = facts.budget_change_required() == ANSWER_NO;
                      v1::ReviewRoute expected = v1::REVIEW_ROUTE_UNSPECIFIED;
                      if (no_needs && no_budget) {
                        expected = v1::REVIEW_ROUTE_LIGHT_TOUCH_POSSIBLE;
                      } else if ((needs || circumstances) && budget) {
                        expected = v1::REVIEW_ROUTE_REASSESSMENT_LIKELY;
                      }
                      EXPECT_EQ(Decide(facts, policy).route(), expected)
                          << authority << " " << facts.ShortDebugString();
                    });
  }
}

TEST(LightTouch, IsOnlyEverPossible) {
  const v1::ReferralPolicy& policy = ShippedPolicy("standard");
  v1::ReviewFacts facts = WithoutWorker(policy);
  facts.set_needs_changed(ANSWER_NO);
  facts.set_budget_change_required(ANSWER_NO);
  EXPECT_EQ(Decide(facts, policy).decision().reasons(0).strength(), type::v1::STRENGTH_POWER);
}

TEST(ReviewRecords, NameWorkerAndTeamAndGoBeforeTheCaller) {
  const v1::ReferralPolicy& policy = ShippedPolicy("rotherham");
  ReviewRecords records;
  v1::Allocation& team = records.allocations.emplace_back();
  team.set_role(v1::ALLOCATION_ROLE_REVIEW);
  team.set_team_id("team-1");
  v1::Allocation& assessing = records.allocations.emplace_back();
  assessing.set_role(v1::ALLOCATION_ROLE_ASSESSMENT);
  assessing.set_team_id("team-2");
  v1::ReviewFacts facts = OfSubject(policy);
  facts.set_has_allocated_worker(ANSWER_NO);
  auto answer = DecideReviewRoute(facts, records, policy, kNow);
  EXPECT_EQ(answer.route(), v1::REVIEW_ROUTE_RESPONSIBLE_TEAM);
  EXPECT_EQ(answer.responsible_team_id(), "team-1");
  v1::Allocation& worker = records.allocations.emplace_back();
  worker.set_role(v1::ALLOCATION_ROLE_WORKER);
  worker.set_worker_id("worker-1");
  answer = DecideReviewRoute(facts, records, policy, kNow);
  EXPECT_EQ(answer.route(), v1::REVIEW_ROUTE_ALLOCATED_WORKER);
  EXPECT_EQ(answer.allocated_worker_id(), "worker-1");
}

// Away means not available; whether somebody is able is for them to say.
TEST(ReviewRecords, OfAbsencesAnswerOnlyWhetherAWorkerIsAvailable) {
  ReviewRecords records;
  records.allocations.emplace_back().set_role(v1::ALLOCATION_ROLE_WORKER);
  records.allocations.back().set_worker_id("worker-1");
  records.availability.emplace().add_absences()->mutable_begins_at()->set_seconds(1);
  for (const char* authority : {"standard", "hillingdon-carers"}) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    v1::ReviewFacts facts = WithoutWorker(policy);
    facts.set_worker_can(ANSWER_YES);
    const bool asks_presence = policy.review().confirm() == v1::REVIEW_CONFIRM_AVAILABLE;
    EXPECT_EQ(DecideReviewRoute(facts, records, policy, kNow).route(),
              asks_presence ? v1::REVIEW_ROUTE_ASK_MANAGER : v1::REVIEW_ROUTE_ALLOCATED_WORKER);
  }
}

TEST(ReviewRecords, OfAbsencesThatAreOverSayNothingAgainstWhatWasFoundOut) {
  const v1::ReferralPolicy& policy = ShippedPolicy("hillingdon-carers");
  ReviewRecords records;
  records.allocations.emplace_back().set_role(v1::ALLOCATION_ROLE_WORKER);
  records.allocations.back().set_worker_id("worker-1");
  records.availability.emplace();
  v1::ReviewFacts facts = WithoutWorker(policy);
  facts.clear_worker_can();
  EXPECT_EQ(DecideReviewRoute(facts, records, policy, kNow).route(),
            v1::REVIEW_ROUTE_ALLOCATED_WORKER);
  facts.set_worker_can(ANSWER_NO);
  EXPECT_EQ(DecideReviewRoute(facts, records, policy, kNow).route(), v1::REVIEW_ROUTE_ASK_MANAGER);
}

TEST(Reviews, AskAboutAWorkerWhoseAbsencesNobodyRecorded) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    if (policy.review().confirm() != v1::REVIEW_CONFIRM_AVAILABLE) continue;
    ReviewRecords records;
    v1::Allocation& allocation = records.allocations.emplace_back();
    allocation.set_role(v1::ALLOCATION_ROLE_WORKER);
    allocation.set_worker_id("worker-1");
    const auto answer = DecideReviewRoute(WithoutWorker(policy), records, policy, kNow);
    EXPECT_EQ(answer.allocated_worker_id(), "worker-1");
    EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_CANNOT_TELL) << authority;
  }
}

}  // namespace
}  // namespace asc::referral
