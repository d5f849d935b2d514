// Whether a charge may be made (FD10, I4, s.14, SI 2014/2672), per authority.

#include "funding-svc/charging_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "funding-svc/testing/shipped_policies.h"
#include "platform/facts/tri_state.h"

namespace asc::funding {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::ChargingFacts Facts(const v1::FundingPolicy& policy, v1::SupportKind kind) {
  v1::ChargingFacts facts;
  facts.set_subject(policy.applies_to(0));
  facts.set_insufficient_funds(ANSWER_NO);
  facts.set_authority_waives(ANSWER_NO);
  facts.set_reablement_weeks_had(0);
  v1::SupportItem& item = *facts.add_items();
  item.set_item_id("1");
  item.set_kind(kind);
  item.set_description("support");
  return facts;
}

v1::ItemCharge Charge(const v1::ChargingFacts& facts, const v1::FundingPolicy& policy) {
  return DecideCharging(facts, policy).items(0);
}

std::vector<std::string> FieldsOf(const v1::ChargingDecision& decision) {
  std::vector<std::string> fields;
  for (const auto& question : decision.questions()) fields.push_back(question.field());
  return fields;
}

// Everything a procedure with general rules on charging says.
class InlineCharging : public ::testing::TestWithParam<std::string> {
 protected:
  v1::ChargeOutcome OutcomeOf(const v1::ChargingFacts& facts) {
    return Charge(facts, policy_).outcome();
  }
  v1::FundingPolicy policy_ = ShippedPolicy(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Authorities, InlineCharging,
                         ::testing::Values("rotherham", "wakefield", "standard"));

TEST_P(InlineCharging, MayChargeOnlyWhenNothingMakesItFree) {
  for (const Answer poor : {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN}) {
    for (const Answer waived : {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN}) {
      v1::ChargingFacts facts = Facts(policy_, v1::SUPPORT_KIND_HOME_CARE);
      facts.set_insufficient_funds(poor);
      facts.set_authority_waives(waived);
      const bool free = poor == ANSWER_YES || waived == ANSWER_YES;
      const bool settled = poor == ANSWER_NO && waived == ANSWER_NO;
      EXPECT_EQ(OutcomeOf(facts), free      ? v1::CHARGE_OUTCOME_NO_CHARGE
                                  : settled ? v1::CHARGE_OUTCOME_MAY_CHARGE
                                            : v1::CHARGE_OUTCOME_CANNOT_TELL);
      EXPECT_EQ(DecideCharging(facts, policy_).questions().empty(), free || settled);
    }
  }
}

TEST_P(InlineCharging, SaysThatAChargeMayNotExceedTheCost) {
  const v1::ItemCharge charge = Charge(Facts(policy_, v1::SUPPORT_KIND_HOME_CARE), policy_);
  EXPECT_EQ(charge.reasons(charge.reasons_size() - 1).rule_id(), "s.14(4)");
}

TEST_P(InlineCharging, LeavesReablementFreeForSixWeeks) {
  v1::ChargingFacts facts = Facts(policy_, v1::SUPPORT_KIND_REABLEMENT);
  facts.mutable_items(0)->set_starts_on("2026-11-23");
  facts.mutable_items(0)->set_ends_on("2027-01-03");
  EXPECT_EQ(OutcomeOf(facts), v1::CHARGE_OUTCOME_NO_CHARGE);
  facts.mutable_items(0)->set_ends_on("2027-01-04");
  EXPECT_EQ(OutcomeOf(facts), v1::CHARGE_OUTCOME_PARTLY_FREE);
  EXPECT_EQ(Charge(facts, policy_).free_until_on(), "2027-01-03");
  facts.set_reablement_weeks_had(4);
  EXPECT_EQ(Charge(facts, policy_).free_until_on(), "2026-12-06");
  facts.set_reablement_weeks_had(6);
  EXPECT_EQ(OutcomeOf(facts), v1::CHARGE_OUTCOME_MAY_CHARGE);
}

TEST_P(InlineCharging, AsksWhatDecidesOnReablement) {
  v1::ChargingFacts facts = Facts(policy_, v1::SUPPORT_KIND_REABLEMENT);
  facts.clear_reablement_weeks_had();
  EXPECT_THAT(FieldsOf(DecideCharging(facts, policy_)), ElementsAre("facts.reablement_weeks_had"));
  facts.set_reablement_weeks_had(0);
  EXPECT_THAT(FieldsOf(DecideCharging(facts, policy_)),
              ElementsAre("facts.items[item_id=1].starts_on"));
  facts.mutable_items(0)->set_starts_on("2026-11-23");
  EXPECT_THAT(FieldsOf(DecideCharging(facts, policy_)),
              ElementsAre("facts.items[item_id=1].ends_on"));
  EXPECT_EQ(OutcomeOf(facts), v1::CHARGE_OUTCOME_CANNOT_TELL);
}

TEST_P(InlineCharging, LeavesAidsFreeAndAdaptationsUpToTheLimit) {
  v1::ChargingFacts aid = Facts(policy_, v1::SUPPORT_KIND_AID);
  aid.mutable_items(0)->mutable_cost()->set_pence(500000);
  EXPECT_EQ(OutcomeOf(aid), v1::CHARGE_OUTCOME_NO_CHARGE);
  v1::ChargingFacts adaptation = Facts(policy_, v1::SUPPORT_KIND_MINOR_ADAPTATION);
  EXPECT_EQ(OutcomeOf(adaptation), v1::CHARGE_OUTCOME_CANNOT_TELL);
  adaptation.mutable_items(0)->mutable_cost()->set_pence(100000);
  EXPECT_EQ(OutcomeOf(adaptation), v1::CHARGE_OUTCOME_NO_CHARGE);
  adaptation.mutable_items(0)->mutable_cost()->set_pence(100001);
  EXPECT_EQ(OutcomeOf(adaptation), v1::CHARGE_OUTCOME_PARTLY_FREE);
  EXPECT_EQ(Charge(adaptation, policy_).free_up_to().pence(), 100000);
  EXPECT_THAT(Charge(adaptation, policy_).reasons(0).text(), HasSubstr("1000.00"));
}

TEST_P(InlineCharging, CallsReablementByItsLocalName) {
  const std::string label = GetParam() == "rotherham" ? " enablement " : " reablement ";
  const v1::ItemCharge charge = Charge(Facts(policy_, v1::SUPPORT_KIND_REABLEMENT), policy_);
  EXPECT_THAT(charge.reasons(0).text(), HasSubstr(label));
}

// A missing fact keeps an outcome only where both answers would give it.
TEST_P(InlineCharging, AnUnknownFactNeverSettlesACharge) {
  for (int kind = 1; kind < v1::SupportKind_ARRAYSIZE; ++kind) {
    v1::ChargingFacts facts = Facts(policy_, static_cast<v1::SupportKind>(kind));
    facts.mutable_items(0)->mutable_cost()->set_pence(200000);
    facts.set_insufficient_funds(ANSWER_UNKNOWN);
    const v1::ChargeOutcome unknown = OutcomeOf(facts);
    if (unknown == v1::CHARGE_OUTCOME_CANNOT_TELL) continue;
    for (const Answer answer : {ANSWER_YES, ANSWER_NO}) {
      facts.set_insufficient_funds(answer);
      EXPECT_EQ(OutcomeOf(facts), unknown) << kind;
    }
  }
}

TEST(LocalPolicy, ComesFirstInMiltonKeynes) {
  const v1::FundingPolicy policy = ShippedPolicy("milton-keynes");
  const v1::ChargingDecision decision =
      DecideCharging(Facts(policy, v1::SUPPORT_KIND_HOME_CARE), policy);
  EXPECT_EQ(decision.reasons(0).rule_id(), "I4");
  EXPECT_EQ(decision.reasons(1).rule_id(), "FD10");
  EXPECT_EQ(decision.reasons(1).citations(0).provision(), "line 189");
  EXPECT_EQ(decision.items(0).outcome(), v1::CHARGE_OUTCOME_CANNOT_TELL);
  EXPECT_THAT(FieldsOf(decision), ElementsAre("facts.items[item_id=1].local_policy_charges"));
  v1::ChargingFacts aid = Facts(policy, v1::SUPPORT_KIND_AID);
  EXPECT_EQ(Charge(aid, policy).outcome(), v1::CHARGE_OUTCOME_NO_CHARGE) << "the law holds there";
}

TEST(LocalPolicy, SaysOfEachItemWhetherItIsCharged) {
  const v1::FundingPolicy policy = ShippedPolicy("milton-keynes");
  v1::ChargingFacts facts = Facts(policy, v1::SUPPORT_KIND_HOME_CARE);
  *facts.add_items() = facts.items(0);
  facts.mutable_items(1)->set_item_id("2");
  EXPECT_THAT(FieldsOf(DecideCharging(facts, policy)),
              ElementsAre("facts.items[item_id=1].local_policy_charges",
                          "facts.items[item_id=2].local_policy_charges"));
  facts.mutable_items(0)->set_local_policy_charges(ANSWER_NO);
  facts.mutable_items(1)->set_local_policy_charges(ANSWER_YES);
  const v1::ChargingDecision decision = DecideCharging(facts, policy);
  EXPECT_THAT(FieldsOf(decision), ElementsAre());
  EXPECT_EQ(decision.items(0).outcome(), v1::CHARGE_OUTCOME_NO_CHARGE);
  EXPECT_EQ(decision.items(1).outcome(), v1::CHARGE_OUTCOME_MAY_CHARGE);
  for (const auto& item : decision.items()) EXPECT_EQ(item.reasons(0).rule_id(), "I4");
}

TEST(LocalPolicy, ChargesNobodyWhoCannotContribute) {
  const v1::FundingPolicy policy = ShippedPolicy("milton-keynes");
  v1::ChargingFacts facts = Facts(policy, v1::SUPPORT_KIND_HOME_CARE);
  facts.mutable_items(0)->set_local_policy_charges(ANSWER_YES);
  facts.set_insufficient_funds(ANSWER_UNKNOWN);
  EXPECT_EQ(Charge(facts, policy).outcome(), v1::CHARGE_OUTCOME_CANNOT_TELL);
  EXPECT_THAT(FieldsOf(DecideCharging(facts, policy)), ElementsAre("facts.insufficient_funds"));
  facts.set_insufficient_funds(ANSWER_YES);
  EXPECT_EQ(Charge(facts, policy).outcome(), v1::CHARGE_OUTCOME_NO_CHARGE);
}

TEST(Carers, AreNotChargedInHillingdon) {
  const v1::FundingPolicy policy = ShippedPolicy("hillingdon-carers");
  for (int kind = 1; kind < v1::SupportKind_ARRAYSIZE; ++kind) {
    v1::ChargingFacts facts = Facts(policy, static_cast<v1::SupportKind>(kind));
    facts.set_insufficient_funds(ANSWER_UNKNOWN);
    EXPECT_EQ(Charge(facts, policy).outcome(), v1::CHARGE_OUTCOME_NO_CHARGE);
  }
  v1::ChargingFacts somebody = Facts(policy, v1::SUPPORT_KIND_HOME_CARE);
  somebody.clear_subject();
  EXPECT_EQ(Charge(somebody, policy).outcome(), v1::CHARGE_OUTCOME_CANNOT_TELL);
  EXPECT_THAT(FieldsOf(DecideCharging(somebody, policy)), ElementsAre("facts.subject"));
}

TEST(Carers, MayBeChargedWhereTheProcedureDoesNotSayOtherwise) {
  const v1::FundingPolicy policy = ShippedPolicy("wakefield");
  v1::ChargingFacts facts = Facts(policy, v1::SUPPORT_KIND_SUPPORT_TO_CARER);
  facts.set_subject(v1::SUBJECT_CARER);
  EXPECT_EQ(Charge(facts, policy).outcome(), v1::CHARGE_OUTCOME_MAY_CHARGE);
}

TEST_P(InlineCharging, AsksOnceForWhatSeveralItemsNeed) {
  v1::ChargingFacts facts = Facts(policy_, v1::SUPPORT_KIND_HOME_CARE);
  *facts.add_items() = facts.items(0);
  facts.set_insufficient_funds(ANSWER_UNKNOWN);
  EXPECT_THAT(FieldsOf(DecideCharging(facts, policy_)), ElementsAre("facts.insufficient_funds"));
}

}  // namespace
}  // namespace asc::funding
