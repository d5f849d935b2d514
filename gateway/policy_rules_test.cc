// What a workflow policy may say, and what its rules make of it.

#include "gateway/policy_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "gateway/safeguarding_rules.h"
#include "gateway/test_contacts.h"

namespace asc::gateway {
namespace {

namespace rv1 = asc::referral::v1;
using ::testing::HasSubstr;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

const char* const kRule =
    "{ rule_id: 'S1' strength: STRENGTH_MUST text: 'Raise it.' citations { source: 'Book' } }";

v1::GatewayPolicy SmallPolicy() {
  const std::string rule = kRule;
  return FromText<v1::GatewayPolicy>(
      "steps: STEP_KIND_SAFEGUARDING safeguarding { concern " + rule + " danger " + rule +
      " provider " + rule + " unexplained " + rule + " } would_benefit " + rule + " identify " +
      rule +
      " due_minutes { key: 'soon' value { value: 5 } }"
      " actions { action_id: 'a' trigger: TRIGGER_ASKED ask: ASK_MONEY rule " +
      rule + " }");
}

TEST(ActionOfTest, SaysNothingToBeSoThatIsNotKnown) {
  rv1::Action listed;
  listed.set_kind(rv1::ACTION_KIND_RECORD);
  listed.set_rule_id("R1");
  listed.set_text("Record it.");
  EXPECT_EQ(ActionOf(listed, SmallPolicy(), {}).text(), "Record it.");
  listed.set_due(type::v1::ANSWER_UNKNOWN);
  EXPECT_EQ(ActionOf(listed, SmallPolicy(), {}).text(), "If it turns out so: Record it.");
}

std::string WhatIsWrong(const std::function<void(v1::GatewayPolicy&)>& spoil) {
  v1::GatewayPolicy policy = SmallPolicy();
  spoil(policy);
  return std::string(CheckPolicy(policy).message());
}

TEST(CheckPolicyTest, TakesAWholePolicy) {
  EXPECT_EQ(WhatIsWrong([](auto&) {}), "");
}

TEST(CheckPolicyTest, NamesWhatARuleLacks) {
  const auto lacks = [](const std::function<void(type::v1::PolicyRule&)>& spoil) {
    return WhatIsWrong([&spoil](v1::GatewayPolicy& policy) {
      spoil(*policy.mutable_safeguarding()->mutable_concern());
    });
  };
  EXPECT_THAT(lacks([](auto& rule) { rule.clear_rule_id(); }), HasSubstr("concern.rule_id"));
  EXPECT_THAT(lacks([](auto& rule) { rule.clear_text(); }), HasSubstr("concern.text"));
  EXPECT_THAT(lacks([](auto& rule) { rule.clear_citations(); }), HasSubstr("concern.citations"));
  EXPECT_THAT(lacks([](auto& rule) { rule.clear_strength(); }), HasSubstr("concern.strength"));
}

TEST(CheckPolicyTest, NamesEachPlaceThatIsWrong) {
  const auto wrong = &WhatIsWrong;
  EXPECT_THAT(wrong([](auto& policy) { policy.clear_steps(); }), HasSubstr("steps"));
  EXPECT_THAT(wrong([](auto& policy) { policy.mutable_safeguarding()->clear_danger(); }),
              HasSubstr("safeguarding.danger"));
  EXPECT_THAT(wrong([](auto& policy) { policy.mutable_safeguarding()->clear_unexplained(); }),
              HasSubstr("safeguarding.unexplained"));
  EXPECT_THAT(wrong([](auto& policy) { policy.mutable_safeguarding()->clear_provider(); }),
              HasSubstr("safeguarding.provider"));
  EXPECT_THAT(wrong([](auto& policy) { policy.mutable_safeguarding()->set_concern_due("never"); }),
              HasSubstr("safeguarding.concern_due"));
  EXPECT_THAT(wrong([](auto& policy) { policy.mutable_safeguarding()->set_provider_due("never"); }),
              HasSubstr("safeguarding.provider_due"));
  EXPECT_THAT(wrong([](auto& policy) { policy.clear_identify(); }), HasSubstr("identify"));
  EXPECT_THAT(wrong([](auto& policy) { policy.clear_would_benefit(); }),
              HasSubstr("would_benefit"));
  EXPECT_THAT(wrong([](auto& policy) { policy.mutable_actions(0)->clear_rule(); }),
              HasSubstr("actions[a].rule"));
  EXPECT_THAT(wrong([](auto& policy) { policy.mutable_actions(0)->set_due("never"); }),
              HasSubstr("actions[a].due"));
  EXPECT_THAT(wrong([](auto& policy) { policy.mutable_actions(0)->clear_ask(); }),
              HasSubstr("actions[a].ask"));
  EXPECT_THAT(wrong([](auto& policy) {
                v1::ActionRule& wait = *policy.mutable_actions(0);
                wait.clear_ask();
                wait.set_trigger(v1::TRIGGER_ADVOCACY_HELD);
                wait.mutable_rule()->set_strength(type::v1::STRENGTH_SHOULD);
              }),
              HasSubstr("actions[a].rule.strength"));
  EXPECT_THAT(wrong([](auto& policy) { *policy.add_actions() = policy.actions(0); }),
              HasSubstr("stands twice"));
  EXPECT_THAT(wrong([](auto& policy) { policy.add_subjects(rv1::SUBJECT_PERSON); }),
              HasSubstr("other_subject_rule_id"));
  EXPECT_EQ(wrong([](auto& policy) {
              policy.add_subjects(rv1::SUBJECT_PERSON);
              policy.set_other_subject_rule_id("S1");
              v1::ActionRule& other = *policy.add_actions() = policy.actions(0);
              other.set_action_id("b");
              other.clear_ask();
              other.set_trigger(v1::TRIGGER_OTHER_PROCEDURE);
            }),
            "");
  EXPECT_THAT(wrong([](auto& policy) { policy.add_due_rules()->set_due("never"); }),
              HasSubstr("due_rules.due"));
  EXPECT_EQ(wrong([](auto& policy) { policy.add_due_rules()->set_due("soon"); }), "");
}

rv1::Action Listed(const std::string& rule_id, rv1::ActionKind kind) {
  rv1::Action action;
  action.set_rule_id(rule_id);
  action.set_kind(kind);
  return action;
}

TEST(DueRules, HoldForTheirRuleAndKind) {
  v1::GatewayPolicy policy = SmallPolicy();
  v1::DueRule& rule = *policy.add_due_rules();
  rule.set_due("soon");
  const auto due = [&policy](const std::string& rule_id, rv1::ActionKind kind) {
    return ActionOf(Listed(rule_id, kind), policy, journal::StoredStep()).due_basis();
  };
  EXPECT_EQ(due("T5", rv1::ACTION_KIND_RECORD), "soon");
  rule.set_rule_id("T5");
  EXPECT_EQ(due("T5", rv1::ACTION_KIND_RECORD), "soon");
  EXPECT_EQ(due("W1", rv1::ACTION_KIND_RECORD), "");
  rule.set_kind(rv1::ACTION_KIND_RECORD);
  EXPECT_EQ(due("T5", rv1::ACTION_KIND_RECORD), "soon");
  EXPECT_EQ(due("T5", rv1::ACTION_KIND_ACT_NOW), "");
}

TEST(Actions, OfAKindNobodyHasHeardOfKeepItsNumber) {
  const auto id = [](rv1::ActionKind kind) {
    return ActionOf(Listed("T5", kind), SmallPolicy(), journal::StoredStep()).action_id();
  };
  EXPECT_EQ(id(rv1::ACTION_KIND_LEAVE_MESSAGE), "T5-leave-message");
  EXPECT_EQ(id(static_cast<rv1::ActionKind>(99)), "T5-kind-99");
}

TEST(Reasons, SayWhatWasAssumed) {
  type::v1::PolicyRule rule = SmallPolicy().safeguarding().concern();
  EXPECT_EQ(ReasonOf(rule).text(), "Raise it.");
  rule.set_local_assumption("Five were chosen.");
  EXPECT_EQ(ReasonOf(rule).text(), "Raise it. (Five were chosen.)");
}

TEST(Triggers, AreThoseOfThePolicy) {
  EXPECT_TRUE(HasTrigger(v1::TRIGGER_ASKED, SmallPolicy()));
  v1::GatewayPolicy silent = SmallPolicy();
  silent.clear_actions();
  EXPECT_FALSE(HasTrigger(v1::TRIGGER_ASKED, silent));
}

TEST(Safeguarding, AsksForWhatIsNotKnownAndNothingElse) {
  const auto asked = [](const v1::ContactFacts& facts) {
    v1::Contact contact;
    contact.add_asks(v1::ASK_SAFEGUARDING);
    *contact.mutable_facts() = facts;
    journal::StoredStep step;
    DecideSafeguarding(contact, SmallPolicy(), step);
    return step.decision().questions_size();
  };
  v1::ContactFacts facts;
  EXPECT_EQ(asked(facts), 4);
  facts.set_imminent_danger(ANSWER_NO);
  EXPECT_EQ(asked(facts), 3);
  facts.set_crime(ANSWER_NO);
  EXPECT_EQ(asked(facts), 2);
  facts.set_adult_abuse_or_neglect(ANSWER_NO);
  EXPECT_EQ(asked(facts), 1);
  facts.set_child_abuse_or_neglect(ANSWER_NO);
  EXPECT_EQ(asked(facts), 0);
  facts.set_crime(ANSWER_YES);
  EXPECT_EQ(asked(facts), 0);
}

TEST(Safeguarding, LeavesItToAPersonWhenEveryAnswerDeniesTheConcernAskedAbout) {
  const auto comes_to = [](const std::string& contact, v1::GatewayPolicy policy = SmallPolicy()) {
    journal::StoredStep step;
    DecideSafeguarding(FromText<v1::Contact>(contact), policy, step);
    return std::make_pair(step.decision().outcome(), step.actions_size());
  };
  const std::string denied =
      "imminent_danger: ANSWER_NO crime: ANSWER_NO adult_abuse_or_neglect: ANSWER_NO "
      "child_abuse_or_neglect: ANSWER_NO ";
  const std::string asked = "asks: ASK_SAFEGUARDING facts { " + denied;
  EXPECT_EQ(comes_to(asked + "}"), std::make_pair(std::string("CONCERN_UNEXPLAINED"), 1));
  // Nobody asked to raise one; another rule says what it was about; a question is still open.
  EXPECT_EQ(comes_to("facts { " + denied + "}"),
            std::make_pair(std::string("NO_CONCERN_KNOWN"), 0));
  EXPECT_EQ(comes_to(asked + "provider_concern: ANSWER_YES }").first, "PROVIDER_CONCERN");
  EXPECT_EQ(comes_to(asked + "lawful_basis { at_risk_of_abuse_or_neglect: ANSWER_YES } }").first,
            "CONCERN");
  EXPECT_EQ(comes_to("asks: ASK_SAFEGUARDING facts { crime: ANSWER_NO }").first,
            "NO_CONCERN_KNOWN");
  // A policy of before this rule is still worked by.
  v1::GatewayPolicy old = SmallPolicy();
  old.mutable_safeguarding()->clear_unexplained();
  EXPECT_EQ(comes_to(asked + "}", old), std::make_pair(std::string("NO_CONCERN_KNOWN"), 0));
}

TEST(Safeguarding, TellsTheKindsOfConcernApart) {
  const auto outcome = [](const std::string& facts) {
    v1::Contact contact;
    *contact.mutable_facts() = FromText<v1::ContactFacts>(facts);
    journal::StoredStep step;
    DecideSafeguarding(contact, SmallPolicy(), step);
    return step.decision().outcome();
  };
  EXPECT_EQ(outcome(""), "NO_CONCERN_KNOWN");
  EXPECT_EQ(outcome("provider_concern: ANSWER_YES"), "PROVIDER_CONCERN");
  EXPECT_EQ(outcome("provider_concern: ANSWER_YES adult_abuse_or_neglect: ANSWER_YES"), "CONCERN");
  EXPECT_EQ(outcome("child_abuse_or_neglect: ANSWER_YES"), "CONCERN");
  EXPECT_EQ(outcome("lawful_basis { at_risk_of_abuse_or_neglect: ANSWER_YES }"), "CONCERN");
  EXPECT_EQ(outcome("provider_concern: ANSWER_YES crime: ANSWER_YES"), "IMMINENT_DANGER");
}

}  // namespace
}  // namespace asc::gateway
