#include "referral-svc/case_rules.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "referral-svc/testing/every_fact.h"
#include "referral-svc/testing/shipped_policies.h"

namespace asc::referral {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_YES;

const std::vector<std::string> kFacts = {"other_service_better",  "receiving_team_appropriate",
                                         "circumstances_complex", "joint_assessment_needed",
                                         "carer_agrees",          "transfer_would_harm"};

TEST(CaseTransfer, UnknownFactsNeverGiveAStrongerOutcomeThanBothYesAndNo) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    v1::CaseFacts facts;
    facts.set_subject(policy.scope().subjects(0));
    ExpectUnknownIsNeverStronger(facts, kFacts, [&] {
      const auto answer = DecideCase(facts, policy);
      return Verdict{answer.decision().outcome(), answer.route(), {}};
    });
  }
}

TEST(CaseTransfer, NamesAnAssessorOnlyWhenEveryConditionIsKnownToHold) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    v1::CaseFacts facts;
    facts.set_subject(policy.scope().subjects(0));
    EachCombination(facts, kFacts, [&] {
      const auto answer = DecideCase(facts, policy);
      const bool all = facts.circumstances_complex() == ANSWER_NO &&
                       facts.joint_assessment_needed() == ANSWER_NO &&
                       facts.carer_agrees() == ANSWER_YES;
      const bool commissioned = all && !policy.cases().outsourced_assessor().empty();
      EXPECT_EQ(answer.route() == v1::CASE_ROUTE_OUTSOURCED_ASSESSOR, commissioned);
      EXPECT_EQ(answer.assessor().empty(), !commissioned);
      EXPECT_GE(answer.decision().reasons_size(), 1);
      if (answer.decision().outcome() == v1::OUTCOME_CANNOT_TELL) {
        EXPECT_GE(answer.decision().questions_size(), 1) << facts.ShortDebugString();
      }
    });
  }
}

TEST(CaseTransfer, IsNeverMadeWhereItWouldHarm) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    v1::CaseFacts facts;
    facts.set_subject(policy.scope().subjects(0));
    EachCombination(facts, kFacts, [&] {
      if (DecideCase(facts, policy).route() != v1::CASE_ROUTE_OTHER_TEAM) return;
      EXPECT_EQ(facts.transfer_would_harm(), ANSWER_NO);
    });
  }
}

}  // namespace
}  // namespace asc::referral
