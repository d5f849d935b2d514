#include "referral-svc/transfer_rules.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "referral-svc/testing/every_fact.h"
#include "referral-svc/testing/shipped_policies.h"

namespace asc::referral {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;

const std::vector<std::string> kFacts = {"safeguarding_or_urgent", "longer_term_work",
                                         "may_lead_to_assessment", "advocacy_hold"};

// What of the referral the gates look at, each known as `answer`.
v1::ReferralDetails Known(facts::Answer answer) {
  v1::ReferralDetails details;
  details.mutable_prevention()->set_all_explored(answer);
  details.mutable_prevention()->set_found_unsuitable(answer);
  details.mutable_information()->set_finance_information_given(answer);
  details.mutable_residence()->set_ordinarily_resident_here(answer);
  details.mutable_residence()->set_appearance_of_need(answer);
  return details;
}

// Calls `visit` with every authority's policy and every referral the gates can tell apart.
void EachReferral(
    const std::function<void(const v1::ReferralPolicy&, v1::ReferralDetails&)>& visit) {
  for (const std::string& authority : ShippedAuthorities()) {
    for (const auto answer : kEveryAnswer) {
      v1::ReferralDetails details = Known(answer);
      for (const auto need : kEveryAnswer) {
        details.mutable_residence()->set_appearance_of_need(need);
        visit(ShippedPolicy(authority), details);
      }
    }
  }
}

v1::Override OverrideOf(const std::string& rule_id) {
  v1::Override override;
  override.set_rule_id(rule_id);
  override.set_decided_by("manager-1");
  override.set_reason("cannot wait");
  return override;
}

TEST(Gates, UnknownFactsNeverGiveAStrongerOutcomeThanBothYesAndNo) {
  EachReferral([](const v1::ReferralPolicy& policy, v1::ReferralDetails& details) {
    v1::TransferFacts facts;
    ExpectUnknownIsNeverStronger(facts, kFacts, [&] {
      return Verdict{DecideTransfer(details, facts, {}, policy).decision.outcome(), 0, {}};
    });
    ExpectUnknownIsNeverStronger(facts, kFacts, [&] {
      return Verdict{DecideLongTermSupport(details, facts, {}, policy).decision.outcome(), 0, {}};
    });
  });
}

TEST(Gates, UnknownItemsOfTheReferralNeverGiveAStrongerOutcomeEither) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    v1::TransferFacts facts;
    EachCombination(facts, kFacts, [&] {
      v1::ReferralDetails details = Known(ANSWER_UNKNOWN);
      ExpectUnknownIsNeverStronger(
          *details.mutable_prevention(), {"all_explored", "found_unsuitable"}, [&] {
            return Verdict{
                DecideLongTermSupport(details, facts, {}, policy).decision.outcome(), 0, {}};
          });
      ExpectUnknownIsNeverStronger(
          *details.mutable_information(), {"finance_information_given"}, [&] {
            return Verdict{DecideTransfer(details, facts, {}, policy).decision.outcome(), 0, {}};
          });
      ExpectUnknownIsNeverStronger(
          *details.mutable_residence(), {"appearance_of_need", "ordinarily_resident_here"}, [&] {
            return Verdict{DecideTransfer(details, facts, {}, policy).decision.outcome(), 0, {}};
          });
    });
  }
}

TEST(Gates, NeverHoldUpSafeguardingUrgentSupportOrAnAssessmentThatNeedRequires) {
  EachReferral([](const v1::ReferralPolicy& policy, v1::ReferralDetails& details) {
    v1::TransferFacts facts;
    EachCombination(facts, kFacts, [&] {
      const bool urgent = facts.safeguarding_or_urgent() == ANSWER_YES;
      const bool needed = facts.may_lead_to_assessment() == ANSWER_YES &&
                          details.residence().appearance_of_need() == ANSWER_YES;
      const GateDecision transfer = DecideTransfer(details, facts, {}, policy);
      if (urgent || needed) {
        EXPECT_EQ(transfer.decision.outcome(), v1::OUTCOME_PERMITTED);
        EXPECT_TRUE(transfer.gates.empty());
      }
      // Urgent support is not held up as the interim measure that it is.
      if (urgent && facts.longer_term_work() == ANSWER_NO) {
        EXPECT_EQ(DecideLongTermSupport(details, facts, {}, policy).decision.outcome(),
                  v1::OUTCOME_PERMITTED);
      }
    });
  });
}

// Whoever may be in danger is not refused before somebody has said that it is not so.
TEST(Gates, RefuseOnlyWhenItIsKnownThatNothingExempts) {
  EachReferral([](const v1::ReferralPolicy& policy, v1::ReferralDetails& details) {
    v1::TransferFacts facts;
    EachCombination(facts, kFacts, [&] {
      const GateDecision transfer = DecideTransfer(details, facts, {}, policy);
      EXPECT_GE(transfer.decision.reasons_size(), 1);
      if (transfer.decision.outcome() == v1::OUTCOME_REFUSED) {
        EXPECT_EQ(facts.safeguarding_or_urgent(), ANSWER_NO);
      }
      if (transfer.decision.outcome() == v1::OUTCOME_CANNOT_TELL) {
        EXPECT_GE(transfer.decision.questions_size(), 1) << facts.ShortDebugString();
      }
    });
  });
}

TEST(Gates, OrdinaryResidenceIsShownAndHoldsNothingUp) {
  const v1::ReferralPolicy& policy = ShippedPolicy("milton-keynes");
  v1::TransferFacts facts;
  for (const std::string& name : kFacts) SetFact(facts, name, ANSWER_NO);
  v1::ReferralDetails details;
  EachCombination(
      *details.mutable_residence(),
      {"ordinarily_resident_here", "would_delay", "person_insists", "appearance_of_need"}, [&] {
        const GateDecision transfer = DecideTransfer(details, facts, {}, policy);
        EXPECT_EQ(transfer.decision.outcome(), v1::OUTCOME_PERMITTED);
        ASSERT_EQ(transfer.gates.size(), 1u);
        EXPECT_EQ(transfer.gates[0].rule_id(), "R0");
      });
}

TEST(Overrides, PassWhatShouldBeDoneAndAreKept) {
  v1::TransferFacts facts;
  facts.set_safeguarding_or_urgent(ANSWER_NO);
  facts.set_longer_term_work(ANSWER_YES);
  facts.set_may_lead_to_assessment(ANSWER_NO);
  const v1::ReferralPolicy& policy = ShippedPolicy("wakefield");
  const GateDecision made = DecideTransfer(
      Known(ANSWER_NO), facts, {OverrideOf("P1"), OverrideOf("F1"), OverrideOf("X9")}, policy);
  EXPECT_EQ(made.decision.outcome(), v1::OUTCOME_PERMITTED);
  ASSERT_EQ(made.used.size(), 1u);
  EXPECT_EQ(made.used[0].rule_id(), "P1");
  EXPECT_EQ(made.used[0].decided_by(), "manager-1");
}

// P1 stands before undertaking in some procedures; where P2 stands before providing, it is a MUST.
TEST(Overrides, PassWhatShouldBeDoneBeforeUndertaking) {
  int passed = 0;
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    v1::TransferFacts facts;
    facts.set_longer_term_work(ANSWER_YES);
    facts.set_advocacy_hold(ANSWER_NO);
    const GateDecision made = DecideLongTermSupport(
        Known(ANSWER_NO), facts, {OverrideOf("P1"), OverrideOf("P2"), OverrideOf("A8")}, policy);
    if (policy.prevention().long_term_barred_until_satisfied()) {
      EXPECT_EQ(made.decision.outcome(), v1::OUTCOME_REFUSED) << authority;
      EXPECT_TRUE(made.used.empty());
      continue;
    }
    EXPECT_EQ(made.decision.outcome(), v1::OUTCOME_PERMITTED) << authority;
    ASSERT_EQ(made.used.size(), 1u);
    EXPECT_EQ(made.used[0].rule_id(), "P1");
    ++passed;
  }
  EXPECT_EQ(passed, 3);
}

TEST(Overrides, DoNotPassAMust) {
  for (const std::string& authority : ShippedAuthorities()) {
    if (ShippedPolicy(authority).advocacy().has_with_transfer()) continue;
    v1::TransferFacts facts;
    facts.set_safeguarding_or_urgent(ANSWER_NO);
    facts.set_longer_term_work(ANSWER_NO);
    facts.set_may_lead_to_assessment(ANSWER_YES);
    facts.set_advocacy_hold(ANSWER_YES);
    v1::ReferralDetails details = Known(ANSWER_YES);
    details.mutable_residence()->set_appearance_of_need(ANSWER_NO);
    const GateDecision made =
        DecideTransfer(details, facts, {OverrideOf("A8")}, ShippedPolicy(authority));
    EXPECT_EQ(made.decision.outcome(), v1::OUTCOME_REFUSED);
    EXPECT_TRUE(made.used.empty());
    EXPECT_EQ(made.decision.reasons(0).rule_id(), "A8");
  }
}

// Everything in a referral that says of itself that it is about safeguarding.
std::vector<v1::ReferralDetails> AboutSafeguarding() {
  std::vector<v1::ReferralDetails> all;
  for (const char* concern : {"adult_concern", "child_concern", "imminent_danger_or_crime"}) {
    all.push_back(Known(ANSWER_NO));
    SetFact(*all.back().mutable_safeguarding(), concern, ANSWER_YES);
  }
  all.push_back(Known(ANSWER_NO));
  all.back().mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
  all.push_back(Known(ANSWER_NO));
  all.back().set_purpose(v1::PURPOSE_SAFEGUARDING);
  return all;
}

TEST(Gates, HoldUpNoSafeguardingWhateverTheCallerSays) {
  for (const std::string& authority : ShippedAuthorities()) {
    for (const v1::ReferralDetails& details : AboutSafeguarding()) {
      v1::TransferFacts facts;
      EachCombination(facts, kFacts, [&] {
        const GateDecision made = DecideTransfer(details, facts, {}, ShippedPolicy(authority));
        EXPECT_EQ(made.decision.outcome(), v1::OUTCOME_PERMITTED) << facts.ShortDebugString();
        EXPECT_TRUE(made.gates.empty());
      });
    }
  }
}

TEST(Gates, OfLongerTermSupportAreLiftedByNothing) {
  for (const std::string& authority : ShippedAuthorities()) {
    for (const v1::ReferralDetails& details : AboutSafeguarding()) {
      v1::TransferFacts facts;
      facts.set_safeguarding_or_urgent(ANSWER_YES);
      facts.set_longer_term_work(ANSWER_YES);
      const GateDecision made = DecideLongTermSupport(details, facts, {}, ShippedPolicy(authority));
      EXPECT_EQ(made.decision.outcome(), v1::OUTCOME_REFUSED) << authority;
    }
  }
}

// Whoever receives it has to know, whether or not the transfer waits.
TEST(MissingAdvocate, IsAlwaysNamed) {
  EachReferral([](const v1::ReferralPolicy& policy, v1::ReferralDetails& details) {
    v1::TransferFacts facts;
    EachCombination(facts, kFacts, [&] {
      if (facts.advocacy_hold() != ANSWER_YES) return;
      const GateDecision made = DecideTransfer(details, facts, {}, policy);
      int named = 0;
      for (const auto& reason : made.decision.reasons()) named += reason.rule_id() == "A8" ? 1 : 0;
      EXPECT_EQ(named, 1) << facts.ShortDebugString();
    });
  });
}

// What may not begin without an advocate does not begin at all.
TEST(MissingAdvocate, HoldsATransferOnlyWhereAProcessMayFollow) {
  for (const std::string& authority : ShippedAuthorities()) {
    if (ShippedPolicy(authority).advocacy().has_with_transfer()) continue;
    v1::TransferFacts facts;
    facts.set_safeguarding_or_urgent(ANSWER_NO);
    facts.set_longer_term_work(ANSWER_NO);
    facts.set_advocacy_hold(ANSWER_YES);
    v1::ReferralDetails details = Known(ANSWER_YES);
    details.mutable_residence()->set_appearance_of_need(ANSWER_NO);
    const auto decide = [&](facts::Answer leads) {
      facts.set_may_lead_to_assessment(leads);
      return DecideTransfer(details, facts, {}, ShippedPolicy(authority)).decision;
    };
    EXPECT_EQ(decide(ANSWER_NO).outcome(), v1::OUTCOME_PERMITTED) << authority;
    EXPECT_EQ(decide(ANSWER_YES).outcome(), v1::OUTCOME_REFUSED) << authority;
    const v1::Decision open = decide(ANSWER_UNKNOWN);
    EXPECT_EQ(open.outcome(), v1::OUTCOME_CANNOT_TELL) << authority;
    ASSERT_EQ(open.questions_size(), 1) << authority;
    EXPECT_EQ(open.questions(0).field(), "facts.may_lead_to_assessment");
  }
}

TEST(MissingAdvocate, HoldsNoTransferWithWhichTheReferralForOneGoes) {
  for (const std::string& authority : ShippedAuthorities()) {
    v1::TransferFacts facts;
    facts.set_safeguarding_or_urgent(ANSWER_NO);
    facts.set_longer_term_work(ANSWER_NO);
    facts.set_may_lead_to_assessment(ANSWER_YES);
    facts.set_advocacy_hold(ANSWER_YES);
    v1::ReferralDetails details = Known(ANSWER_YES);
    details.mutable_residence()->set_appearance_of_need(ANSWER_NO);
    const GateDecision made = DecideTransfer(details, facts, {}, ShippedPolicy(authority));
    const bool goes_with_it = ShippedPolicy(authority).advocacy().has_with_transfer();
    EXPECT_EQ(made.decision.outcome(), goes_with_it ? v1::OUTCOME_PERMITTED : v1::OUTCOME_REFUSED)
        << authority;
    EXPECT_EQ(made.decision.reasons().rbegin()->rule_id() == "A2", goes_with_it);
  }
}

TEST(Gates, OfStrengthMustHaveNoOverride) {
  v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  v1::TransferFacts facts;
  facts.set_safeguarding_or_urgent(ANSWER_NO);
  facts.set_longer_term_work(ANSWER_NO);
  facts.set_may_lead_to_assessment(ANSWER_YES);
  facts.set_advocacy_hold(ANSWER_NO);
  const auto decide = [&] {
    return DecideTransfer(Known(ANSWER_NO), facts, {OverrideOf("F1")}, policy);
  };
  EXPECT_EQ(decide().decision.outcome(), v1::OUTCOME_PERMITTED);
  EXPECT_EQ(decide().used.size(), 1u);

  policy.mutable_finance_information()->mutable_transfer_words()->set_strength(
      type::v1::STRENGTH_MUST);

  EXPECT_EQ(decide().decision.outcome(), v1::OUTCOME_REFUSED);
  EXPECT_TRUE(decide().used.empty());
}

}  // namespace
}  // namespace asc::referral
