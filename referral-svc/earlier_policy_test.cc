// A contact keeps the policy it began under, and a policy may say less than today's files, or more
// than this program knows. The rules then say less, and decide nothing that was not said.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "platform/facts/tri_state.h"
#include "referral-svc/case_rules.h"
#include "referral-svc/concern_rules.h"
#include "referral-svc/due_rules.h"
#include "referral-svc/joint_rules.h"
#include "referral-svc/referral_policy.h"
#include "referral-svc/referral_rules.h"
#include "referral-svc/review_rules.h"
#include "referral-svc/route_rules.h"
#include "referral-svc/team_rules.h"
#include "referral-svc/testing/shipped_policies.h"
#include "referral-svc/transfer_rules.h"
#include "referral-svc/waiting_rules.h"

namespace asc::referral {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_YES;

const absl::Time kNow = absl::FromUnixSeconds(1767607200);

// What no version of the contract has named yet, and the values at the ends of its type.
constexpr int kUnheardOf[] = {0, 99, std::numeric_limits<int>::min(),
                              std::numeric_limits<int>::max()};

// A shipped policy that says nothing under this rule.
v1::ReferralPolicy Without(const std::string& rule_id, const char* authority) {
  v1::ReferralPolicy policy = ShippedPolicy(authority);
  auto& statements = *policy.mutable_statements();
  for (int i = statements.size() - 1; i >= 0; --i) {
    if (statements[i].rule_id() == rule_id) statements.DeleteSubrange(i, 1);
  }
  EXPECT_EQ(FindStatement(policy, rule_id.c_str()), nullptr);
  return policy;
}

v1::RouteContactRequest AwayWorker(const v1::ReferralPolicy& policy) {
  v1::RouteContactRequest request;
  request.set_subject(policy.scope().subjects(0));
  request.set_channel(v1::CHANNEL_TELEPHONE);
  request.set_worker_id("worker-1");
  request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
  request.mutable_facts()->set_available_now(ANSWER_NO);
  request.mutable_facts()->set_return_known(ANSWER_NO);
  request.mutable_facts()->set_available_soon_enough(ANSWER_NO);
  return request;
}

TEST(SilentPolicy, StillRaisesAConcern) {
  v1::RaiseConcernRequest request;
  request.set_kind(v1::CONCERN_KIND_ADULT);
  const auto answer = DecideConcern(request, Without("S1", "standard"));
  ASSERT_EQ(answer.actions_size(), 1);
  EXPECT_EQ(answer.actions(0).kind(), v1::ACTION_KIND_RAISE_CONCERN);
  EXPECT_EQ(answer.actions(0).strength(), type::v1::STRENGTH_UNSPECIFIED);
}

TEST(SilentPolicy, StillSaysWhatToDoWithAnOriginal) {
  const v1::ReferralPolicy& whole = ShippedPolicy("rotherham");
  const std::string rule = whole.written().transfer_actions(0).rule_id();
  v1::RecordCustodyRequest letter;
  letter.set_channel(v1::CHANNEL_LETTER);
  const auto actions = CustodyActions(letter, Without(rule, "rotherham"));
  ASSERT_EQ(actions.size(), CustodyActions(letter, whole).size());
  EXPECT_EQ(actions[0].strength(), type::v1::STRENGTH_UNSPECIFIED);
}

TEST(SilentPolicy, StillAsksForTheLawfulBasis) {
  v1::ReferralDetails details;
  details.set_subject(v1::SUBJECT_PERSON);
  const auto answer = DecideReferral(details, Without("R1", "rotherham"));
  EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  EXPECT_EQ(answer.decision().questions(0).strength(), type::v1::STRENGTH_UNSPECIFIED);
}

TEST(SilentPolicy, HasNoLineManagerToAsk) {
  const v1::ReferralPolicy& whole = ShippedPolicy("standard");
  ASSERT_TRUE(whole.transfer().escalate_to_line_manager());
  const auto asks = [](const v1::ReferralPolicy& policy) {
    const auto answer = DecideRoute(AwayWorker(policy), {}, policy, kNow);
    EXPECT_EQ(answer.outcome(), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNKNOWN);
    return answer.actions().rbegin()->kind() == v1::ACTION_KIND_ASK_LINE_MANAGER;
  };
  EXPECT_TRUE(asks(whole));
  EXPECT_FALSE(asks(Without("T7", "standard")));
}

TEST(SilentPolicy, HasNoGateWhereItSaysNothing) {
  v1::TransferFacts facts;
  facts.set_safeguarding_or_urgent(ANSWER_NO);
  facts.set_longer_term_work(ANSWER_YES);
  facts.set_may_lead_to_assessment(ANSWER_YES);
  facts.set_advocacy_hold(ANSWER_YES);
  const auto has_gate = [&facts](const std::string& rule, const v1::ReferralPolicy& policy) {
    const GateDecision decision = DecideTransfer({}, facts, {}, policy);
    for (const v1::Gate& gate : decision.gates) {
      if (gate.rule_id() == rule) return true;
    }
    return false;
  };
  const std::pair<const char*, const char*> gates[] = {
      {"P1", "rotherham"}, {"R0", "milton-keynes"}, {"A8", "standard"}};
  for (const auto& [rule, authority] : gates) {
    EXPECT_TRUE(has_gate(rule, ShippedPolicy(authority))) << rule;
    EXPECT_FALSE(has_gate(rule, Without(rule, authority))) << rule;
  }
}

TEST(SilentPolicy, ConfirmsNoWorkerWhereNobodyIsToConfirm) {
  v1::ReviewFacts facts;
  facts.set_subject(v1::SUBJECT_PERSON);
  facts.set_has_plan(ANSWER_YES);
  facts.set_has_allocated_worker(ANSWER_YES);
  const auto confirms = [&facts](const v1::ReferralPolicy& policy) {
    const auto answer = DecideReviewRoute(facts, {}, policy, kNow);
    for (const v1::Action& action : answer.actions()) {
      if (action.kind() == v1::ACTION_KIND_CONFIRM_WORKER) return action.due() == ANSWER_YES;
    }
    return false;
  };
  v1::ReferralPolicy policy = ShippedPolicy("standard");
  EXPECT_TRUE(confirms(policy));
  policy.mutable_review()->clear_confirm();
  EXPECT_FALSE(confirms(policy));
}

TEST(SilentPolicy, ExplainsFewerCriteria) {
  v1::ReferralPolicy policy = ShippedPolicy("wakefield");
  policy.mutable_teams()->mutable_criteria()->RemoveLast();
  v1::Team team;
  team.set_team_id("team-1");
  EXPECT_EQ(DecideTeamRanks({}, "", {team}, policy).teams(0).reasons_size(), 2);
}

TEST(SilentPolicy, AsksForJointTermsAtNoStrength) {
  v1::ReferralPolicy policy = ShippedPolicy("standard");
  policy.mutable_cases()->clear_joint_answer();
  policy.mutable_cases()->clear_joint_delay();
  const auto decision = DecideJointResponse({}, ANSWER_YES, policy);
  EXPECT_EQ(decision.reasons_size(), 1);
  EXPECT_EQ(decision.questions_size(), 7);
  EXPECT_EQ(decision.questions(0).strength(), type::v1::STRENGTH_UNSPECIFIED);
}

TEST(UnheardOfValue, IsAConditionThatNobodyMeets) {
  v1::CaseFacts facts;
  facts.set_subject(v1::SUBJECT_CARER);
  facts.set_circumstances_complex(ANSWER_NO);
  facts.set_joint_assessment_needed(ANSWER_NO);
  facts.set_carer_agrees(ANSWER_YES);
  v1::ReferralPolicy policy = ShippedPolicy("hillingdon-carers");
  EXPECT_EQ(DecideCase(facts, policy).route(), v1::CASE_ROUTE_OUTSOURCED_ASSESSOR);
  for (const int value : kUnheardOf) {
    policy = ShippedPolicy("hillingdon-carers");
    policy.mutable_cases()->add_assessor_conditions(static_cast<v1::AssessorCondition>(value));
    EXPECT_NE(DecideCase(facts, policy).route(), v1::CASE_ROUTE_OUTSOURCED_ASSESSOR) << value;
  }
}

TEST(UnheardOfValue, IsABasisThatDoesNotHold) {
  v1::ReferralDetails details;
  details.set_subject(v1::SUBJECT_PERSON);
  for (const int value : kUnheardOf) {
    v1::ReferralPolicy policy = ShippedPolicy("rotherham");
    auto& bases = *policy.mutable_lawful_basis()->mutable_bases();
    bases.DeleteSubrange(1, bases.size() - 1);
    bases[0].set_basis(static_cast<v1::Basis>(value));
    EXPECT_EQ(DecideReferral(details, policy).decision().outcome(), v1::OUTCOME_REFUSED) << value;
  }
}

TEST(UnheardOfValue, IsAnItemOfWhichNothingIsAsked) {
  v1::ReferralDetails details;
  details.set_subject(v1::SUBJECT_PERSON);
  for (const int value : kUnheardOf) {
    v1::ReferralPolicy policy = ShippedPolicy("rotherham");
    policy.mutable_items()->mutable_items(0)->set_item(static_cast<v1::Item>(value));
    EXPECT_EQ(DecideReferral(details, policy).items(0).progress(), v1::ITEM_PROGRESS_NOT_ASKED);
  }
}

TEST(UnheardOfValue, IsAChannelThatIsNotWritten) {
  for (const int value : kUnheardOf) {
    const v1::ReferralPolicy& policy = ShippedPolicy("rotherham");
    v1::RouteContactRequest request = AwayWorker(policy);
    request.set_channel(static_cast<v1::Channel>(value));
    request.mutable_facts()->set_allocated_to_worker(ANSWER_NO);
    EXPECT_EQ(DecideRoute(request, {}, policy, kNow).decision().reasons(0).rule_id(), "T3");
  }
}

TEST(UnheardOfValue, IsAnActionThatIsDueAndNotUrgent) {
  const v1::ReferralPolicy& whole = ShippedPolicy("rotherham");
  std::vector<int> kinds(std::begin(kUnheardOf), std::end(kUnheardOf));
  for (int kind = 1; kind < v1::ActionKind_ARRAYSIZE; ++kind) {
    // These depend on the contact wherever they stand.
    if (kind == v1::ACTION_KIND_INFORM_PERSON || kind == v1::ACTION_KIND_FORWARD_ORIGINALS ||
        kind == v1::ACTION_KIND_SETTLE_ORIGINAL || kind == v1::ACTION_KIND_SECURE_CHANNEL ||
        kind == v1::ACTION_KIND_SETTLE_ACKNOWLEDGEMENT) {
      continue;
    }
    kinds.push_back(kind);
  }
  for (const int kind : kinds) {
    v1::ReferralPolicy policy = whole;
    v1::ActionPolicy& action = *policy.mutable_transfer()->mutable_unknown_actions(0);
    action.set_kind(static_cast<v1::ActionKind>(kind));
    for (const int urgent : kUnheardOf) {
      action.set_urgent(static_cast<v1::UrgentWhen>(urgent));
      const auto answer = DecideRoute(AwayWorker(policy), {}, policy, kNow);
      ASSERT_GE(answer.actions_size(), 1);
      EXPECT_EQ(answer.actions(0).due(), ANSWER_YES) << kind;
      EXPECT_EQ(answer.actions(0).includes_urgent(), type::v1::ANSWER_UNSPECIFIED) << kind;
    }
  }
}

TEST(UnheardOfValue, IsNoChoiceOfAManagerYet) {
  const v1::ReferralPolicy& policy = ShippedPolicy("standard");
  v1::ReviewFacts facts;
  facts.set_subject(v1::SUBJECT_PERSON);
  facts.set_has_plan(ANSWER_YES);
  facts.set_reablement_plan(ANSWER_NO);
  facts.set_request_reasonable(ANSWER_YES);
  facts.set_has_allocated_worker(ANSWER_YES);
  facts.set_worker_can(ANSWER_NO);
  for (const int value : kUnheardOf) {
    facts.set_manager_choice(static_cast<v1::ManagerChoice>(value));
    EXPECT_EQ(DecideReviewRoute(facts, {}, policy, kNow).route(), v1::REVIEW_ROUTE_ASK_MANAGER);
  }
}

TEST(UnheardOfValue, IsNoActionOfAReview) {
  v1::ReferralPolicy policy = ShippedPolicy("standard");
  v1::ReviewFacts facts;
  facts.set_subject(v1::SUBJECT_PERSON);
  for (v1::ActionPolicy& action : *policy.mutable_review()->mutable_actions()) {
    action.set_kind(static_cast<v1::ActionKind>(99));
  }
  ASSERT_GE(policy.review().actions_size(), 1);
  const auto answer = DecideReviewRoute(facts, {}, policy, kNow);
  for (const v1::Action& action : answer.actions()) {
    EXPECT_NE(action.due(), ANSWER_YES);
  }
}

TEST(UnheardOfValue, IsSpecialistWorkWithoutAName) {
  v1::RequestJointWorkRequest request;
  for (const int value : kUnheardOf) {
    v1::ReferralPolicy policy = ShippedPolicy("standard");
    policy.mutable_cases()->add_specialist_procedures(static_cast<v1::SpecialistWork>(value));
    request.set_specialist(static_cast<v1::SpecialistWork>(value));
    EXPECT_EQ(DecideJointRequest(request, policy).redirect(), "") << value;
  }
}

TEST(UnheardOfValue, IsALevelThatIsNotKnown) {
  const v1::ReferralPolicy& policy = ShippedPolicy("standard");
  v1::Referral referral;
  referral.mutable_priority()->set_risk(v1::LEVEL_UNKNOWN);
  const int points = RankWaiting(referral, policy).points();
  for (const int value : kUnheardOf) {
    referral.mutable_priority()->set_risk(static_cast<v1::Level>(value));
    EXPECT_EQ(RankWaiting(referral, policy).points(), points) << value;
  }
}

}  // namespace
}  // namespace asc::referral
