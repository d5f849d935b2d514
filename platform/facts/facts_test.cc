#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/facts/rules.h"
#include "platform/facts/tri_state.h"
#include "platform/testing/status_matchers.h"

namespace asc::facts {
namespace {

using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;
using ::testing::HasSubstr;

constexpr Answer kAnswers[] = {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN};

// The answer that every way of filling in the unknowns agrees on, else UNKNOWN.
template <class Function>
Answer Agreed(Answer a, Answer b, Function function) {
  bool yes = false;
  bool no = false;
  for (const Answer x : {ANSWER_YES, ANSWER_NO}) {
    if (a != ANSWER_UNKNOWN && a != x) continue;
    for (const Answer y : {ANSWER_YES, ANSWER_NO}) {
      if (b != ANSWER_UNKNOWN && b != y) continue;
      (function(x == ANSWER_YES, y == ANSWER_YES) ? yes : no) = true;
    }
  }
  if (yes && no) return ANSWER_UNKNOWN;
  return yes ? ANSWER_YES : ANSWER_NO;
}

TEST(TriState, SaysWhatEveryWayOfFillingInTheUnknownAgreesOn) {
  for (const Answer a : kAnswers) {
    for (const Answer b : kAnswers) {
      EXPECT_EQ(And(a, b), Agreed(a, b, [](bool x, bool y) { return x && y; }));
      EXPECT_EQ(Or(a, b), Agreed(a, b, [](bool x, bool y) { return x || y; }));
      EXPECT_EQ(Not(a), Agreed(a, b, [](bool x, bool) { return !x; }));
      EXPECT_EQ(Either(ANSWER_YES, a, b), a);
      EXPECT_EQ(Either(ANSWER_NO, a, b), b);
      EXPECT_EQ(Either(ANSWER_UNKNOWN, a, b), a == b ? a : ANSWER_UNKNOWN);
    }
  }
}

TEST(TriState, TakesUnspecifiedForUnknown) {
  EXPECT_EQ(Known(type::v1::ANSWER_UNSPECIFIED), ANSWER_UNKNOWN);
  EXPECT_EQ(And(type::v1::ANSWER_UNSPECIFIED, ANSWER_YES), ANSWER_UNKNOWN);
  EXPECT_EQ(Not(type::v1::ANSWER_UNSPECIFIED), ANSWER_UNKNOWN);
}

Rules OneRule() {
  Rules rules;
  type::v1::PolicyRule& rule = *rules.Add();
  rule.set_rule_id("Z1");
  rule.set_strength(type::v1::STRENGTH_MUST);
  rule.set_text("Text.");
  rule.add_citations()->set_source("Book");
  rule.mutable_citations(0)->set_provision("line 7");
  return rules;
}

TEST(Reasons, SpeakInTheWordsOfThePolicyOnce) {
  Rules rules = OneRule();
  rules[0].set_local_assumption("Seven days were chosen.");
  Reasons reasons;
  AddReason(rules, "Z1", reasons);
  AddReason(rules, "Z1", reasons);
  AddReason(rules, "Z2", reasons);
  ASSERT_EQ(reasons.size(), 1);
  EXPECT_EQ(reasons[0].text(), "Text. Seven days were chosen.");
  EXPECT_EQ(reasons[0].strength(), type::v1::STRENGTH_MUST);
  EXPECT_EQ(reasons[0].citations(0).provision(), "line 7");
}

TEST(Reasons, AFindingOfARuleThatDoesNotSpeakHasNoStrength) {
  Reasons reasons;
  AddFinding(OneRule(), "Z2", "Silent.", reasons);
  EXPECT_EQ(reasons[0].strength(), type::v1::STRENGTH_UNSPECIFIED);
  EXPECT_EQ(reasons[0].citations_size(), 0);
}

TEST(QuestionsOfRules, CarryTheRulesStrength) {
  Questions questions;
  AddQuestion(OneRule(), "Z1", "facts.a", "Is it so?", questions);
  EXPECT_EQ(questions[0].field(), "facts.a");
  EXPECT_EQ(questions[0].strength(), type::v1::STRENGTH_MUST);
}

TEST(CheckRulesTest, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(CheckRules(OneRule()), IsOk());
  Rules twice = OneRule();
  *twice.Add() = twice[0];
  EXPECT_THAT(CheckRules(twice),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("rules[1].rule_id")));
  Rules silent = OneRule();
  silent[0].clear_text();
  EXPECT_THAT(CheckRules(silent), StatusIs(absl::StatusCode::kInvalidArgument));
  Rules uncited = OneRule();
  uncited[0].clear_citations();
  EXPECT_THAT(CheckRules(uncited), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(TriState, NeedsBothForAndAndOneForOr) {
  for (const Answer a : {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN}) {
    EXPECT_EQ(Or(a, ANSWER_YES), ANSWER_YES);
    EXPECT_EQ(Or(ANSWER_YES, a), ANSWER_YES);
    EXPECT_EQ(Or(a, ANSWER_NO), a);
    EXPECT_EQ(Or(ANSWER_NO, a), a);
    EXPECT_EQ(And(a, ANSWER_NO), ANSWER_NO);
    EXPECT_EQ(And(ANSWER_NO, a), ANSWER_NO);
    EXPECT_EQ(And(a, ANSWER_YES), a);
    EXPECT_EQ(And(ANSWER_YES, a), a);
  }
}

TEST(TriState, IsKnownOfWhatIsSettled) {
  EXPECT_EQ(FromBool(true), ANSWER_YES);
  EXPECT_EQ(FromBool(false), ANSWER_NO);
}

TEST(Reasons, OfOneRuleDifferByTheirWords) {
  Reasons reasons;
  AddFinding(OneRule(), "Z2", "Text.", reasons);
  AddFinding(OneRule(), "Z1", "Here: so it is.", reasons);
  AddReason(OneRule(), "Z1", reasons);
  ASSERT_EQ(reasons.size(), 3);
  EXPECT_EQ(reasons[2].rule_id(), "Z1");
  EXPECT_EQ(reasons[2].text(), "Text.");
}

TEST(QuestionsOfRules, OfOneThatDoesNotSpeakHaveNoStrength) {
  Questions questions;
  AddQuestion(OneRule(), "Z2", "facts.a", "Is it so?", questions);
  EXPECT_EQ(questions[0].strength(), type::v1::STRENGTH_UNSPECIFIED);
}

TEST(CheckRulesTest, WantsAnIdAndWholeCitations) {
  Rules nameless = OneRule();
  nameless[0].clear_rule_id();
  EXPECT_THAT(CheckRules(nameless),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("rules[0].rule_id")));
  Rules sourceless = OneRule();
  sourceless[0].mutable_citations(0)->clear_source();
  EXPECT_THAT(CheckRules(sourceless),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("citations.source")));
  Rules placeless = OneRule();
  placeless[0].mutable_citations(0)->clear_provision();
  EXPECT_THAT(CheckRules(placeless),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("citations.provision")));
}

}  // namespace
}  // namespace asc::facts
