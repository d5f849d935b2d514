// What has to be considered before urgent support (U1 to U6, FD1 to FD4), per authority.

#include "funding-svc/urgent_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "funding-svc/testing/shipped_policies.h"
#include "platform/facts/tri_state.h"

namespace asc::funding {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

template <class Answer>
std::vector<std::string> RulesOf(const Answer& answer) {
  std::vector<std::string> ids;
  for (const auto& reason : answer.reasons()) ids.push_back(reason.rule_id());
  return ids;
}

template <class Answer>
std::vector<std::string> FieldsOf(const Answer& answer) {
  std::vector<std::string> fields;
  for (const auto& question : answer.questions()) fields.push_back(question.field());
  return fields;
}

v1::UrgentFacts WholeFacts() {
  v1::UrgentFacts facts;
  facts.set_appears_urgent(ANSWER_YES);
  facts.set_cannot_wait(ANSWER_YES);
  for (v1::Consideration* consideration :
       {facts.mutable_wellbeing(), facts.mutable_prevention(),
        facts.mutable_information_and_advice(), facts.mutable_own_strengths(),
        facts.mutable_own_networks()}) {
    consideration->set_considered(ANSWER_YES);
  }
  facts.add_strengths_elements(v1::STRENGTHS_ELEMENT_COMMUNITY);
  facts.set_needs_assessed(ANSWER_YES);
  facts.set_information_doubtful(ANSWER_NO);
  facts.set_hard_to_stop(ANSWER_NO);
  facts.set_ordinarily_resident(ANSWER_YES);
  return facts;
}

class UrgentOfEveryAuthority : public ::testing::TestWithParam<std::string> {
 protected:
  bool is_inline() const { return policy_.urgent_section() == v1::URGENT_SECTION_INLINE; }
  v1::FundingPolicy policy_ = ShippedPolicy(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Authorities, UrgentOfEveryAuthority,
                         ::testing::ValuesIn(ShippedAuthorities()), [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

TEST_P(UrgentOfEveryAuthority, SaysThatItIsAPower) {
  const v1::UrgentSupportCheck check = CheckUrgent({}, policy_);
  bool power = false;
  for (const auto& reason : check.reasons()) {
    power |= reason.strength() == type::v1::STRENGTH_POWER &&
             reason.text().find("power") != std::string::npos;
  }
  EXPECT_TRUE(power);
}

TEST_P(UrgentOfEveryAuthority, AsksForEachConsiderationThatIsMissingOnlyWhereItHasTheSection) {
  const v1::UrgentSupportCheck check = CheckUrgent({}, policy_);
  EXPECT_EQ(check.section(), policy_.urgent_section());
  if (!is_inline()) {
    EXPECT_THAT(FieldsOf(check), IsEmpty()) << "no rules are invented";
    EXPECT_THAT(RulesOf(check), Not(Contains("U3")));
    EXPECT_EQ(check.considerations_complete(), ANSWER_UNKNOWN);
    return;
  }
  for (const char* name :
       {"wellbeing", "prevention", "information_and_advice", "own_strengths", "own_networks"}) {
    EXPECT_THAT(FieldsOf(check), Contains(std::string("facts.") + name + ".considered"));
  }
  EXPECT_EQ(check.considerations_complete(), ANSWER_UNKNOWN);
  EXPECT_EQ(CheckUrgent(WholeFacts(), policy_).considerations_complete(), ANSWER_YES);
  EXPECT_THAT(FieldsOf(CheckUrgent(WholeFacts(), policy_)), IsEmpty());
  v1::UrgentFacts one_not = WholeFacts();
  one_not.mutable_prevention()->set_considered(ANSWER_NO);
  EXPECT_EQ(CheckUrgent(one_not, policy_).considerations_complete(), ANSWER_NO);
}

TEST_P(UrgentOfEveryAuthority, WarnsOfUnassessedDoubtfulOrLastingSupport) {
  if (!is_inline()) return;
  EXPECT_THAT(RulesOf(CheckUrgent(WholeFacts(), policy_)), Not(Contains("U4")));
  v1::UrgentFacts unassessed = WholeFacts();
  unassessed.set_needs_assessed(ANSWER_NO);
  v1::UrgentFacts doubtful = WholeFacts();
  doubtful.set_information_doubtful(ANSWER_YES);
  v1::UrgentFacts lasting = WholeFacts();
  lasting.set_hard_to_stop(ANSWER_YES);
  for (const auto& facts : {unassessed, doubtful, lasting, v1::UrgentFacts()}) {
    EXPECT_THAT(RulesOf(CheckUrgent(facts, policy_)), Contains("U4"));
  }
}

TEST_P(UrgentOfEveryAuthority, GivesNoVerdict) {
  v1::UrgentFacts facts = WholeFacts();
  facts.set_appears_urgent(ANSWER_NO);
  const v1::UrgentSupportCheck check = CheckUrgent(facts, policy_);
  for (const auto& reason : check.reasons()) {
    for (const char* verdict : {"entitled", "sufficient", "eligible", "not urgent enough"}) {
      EXPECT_THAT(reason.text(), Not(HasSubstr(verdict)));
    }
  }
}

TEST(UrgentSection, IsNamedAsMissingOrPointedTo) {
  const v1::UrgentSupportCheck absent = CheckUrgent({}, ShippedPolicy("milton-keynes"));
  EXPECT_EQ(absent.section(), v1::URGENT_SECTION_ABSENT);
  EXPECT_FALSE(absent.has_elsewhere());
  bool said = false;
  for (const auto& reason : absent.reasons()) {
    said |= reason.text().find("no section on urgent support") != std::string::npos;
  }
  EXPECT_TRUE(said);
  const v1::UrgentSupportCheck elsewhere = CheckUrgent({}, ShippedPolicy("hillingdon-carers"));
  EXPECT_EQ(elsewhere.section(), v1::URGENT_SECTION_INCLUDED_BY_REFERENCE);
  EXPECT_EQ(elsewhere.elsewhere().guidance_id(), "X16");
  EXPECT_EQ(elsewhere.elsewhere().citations(0).provision(), "line 238");
}

TEST(UrgentSubjects, AreToldWhereTheActHasNoPowerOrTheProcedureIsNotTheirs) {
  v1::UrgentFacts facts = WholeFacts();
  facts.set_subject(v1::SUBJECT_CARER);
  EXPECT_THAT(RulesOf(CheckUrgent(facts, ShippedPolicy("rotherham"))), Contains("s.20"));
  EXPECT_THAT(RulesOf(CheckUrgent(facts, ShippedPolicy("standard"))), Contains("SC2"));
}

TEST(NonResidents, AreToBeNotifiedAndNotHeldBack) {
  v1::UrgentFacts facts = WholeFacts();
  facts.set_ordinarily_resident(ANSWER_NO);
  const v1::UrgentSupportCheck check = CheckUrgent(facts, ShippedPolicy("wakefield"));
  EXPECT_THAT(RulesOf(check), Contains("FD12"));
  EXPECT_EQ(check.considerations_complete(), ANSWER_YES);
}

// ---- Completeness of a request ----

TEST_P(UrgentOfEveryAuthority, ListsMissingFactorsAtTheirStrength) {
  v1::FundingContent content;
  content.mutable_urgent()->set_ordinarily_resident(ANSWER_NO);
  const v1::FundingAnswer answer = CheckCompleteness(content, policy_);
  EXPECT_TRUE(answer.accepted());
  EXPECT_FALSE(answer.reasons().empty());
  if (!is_inline()) {
    EXPECT_THAT(FieldsOf(answer), IsEmpty());
    return;
  }
  ASSERT_EQ(answer.questions_size(), 9);
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(answer.questions(i).rule_id(), i < 3 ? "FD3" : "FD4");
    EXPECT_EQ(answer.questions(i).strength(),
              i < 3 ? type::v1::STRENGTH_MUST : type::v1::STRENGTH_SHOULD);
  }
  content.mutable_urgent()->set_ordinarily_resident(ANSWER_YES);
  EXPECT_EQ(CheckCompleteness(content, policy_).questions_size(), 8);
}

TEST(Budget, IsNamedAsHardToSet) {
  v1::FundingContent content;
  content.mutable_factors()->set_has_personal_budget(ANSWER_NO);
  EXPECT_THAT(RulesOf(CheckCompleteness(content, ShippedPolicy("standard"))), Contains("FD13"));
  content.mutable_factors()->set_has_personal_budget(ANSWER_YES);
  content.mutable_factors()->set_budget_on_current_needs(ANSWER_NO);
  EXPECT_THAT(RulesOf(CheckCompleteness(content, ShippedPolicy("standard"))), Contains("FD13"));
  content.mutable_factors()->set_budget_on_current_needs(ANSWER_YES);
  EXPECT_THAT(RulesOf(CheckCompleteness(content, ShippedPolicy("standard"))),
              Not(Contains("FD13")));
}

TEST(LevelForTest, TakesTheFirstLevelWhoseAmountIsNotExceeded) {
  const v1::FundingPolicy policy = ShippedPolicy("rotherham");
  google::protobuf::RepeatedPtrField<v1::SupportItem> items;
  items.Add()->mutable_cost()->set_pence(30000);
  EXPECT_EQ(LevelFor(items, policy).role(), "team manager");
  items.Add()->mutable_cost()->set_pence(20000);
  EXPECT_EQ(LevelFor(items, policy).role(), "team manager");
  items.Add()->mutable_cost()->set_pence(1);
  EXPECT_EQ(LevelFor(items, policy).role(), "service manager");
  items.Clear();
  items.Add();
  EXPECT_EQ(LevelFor(items, policy).role(), "service manager") << "the amount is not known";
}

TEST_P(UrgentOfEveryAuthority, SaysThatItIsSaidToBeAbleToWait) {
  if (!is_inline()) return;
  v1::UrgentFacts facts = WholeFacts();
  const auto findings = [&] {
    int count = 0;
    const auto check = CheckUrgent(facts, policy_);
    for (const auto& reason : check.reasons()) {
      count += reason.text().find("able to wait") != std::string::npos ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(findings(), 0);
  facts.set_cannot_wait(ANSWER_NO);
  EXPECT_EQ(findings(), 1);
}

TEST_P(UrgentOfEveryAuthority, AsksNothingMoreOnceItIsClearThatNothingIsUrgent) {
  v1::UrgentFacts not_urgent;
  not_urgent.set_appears_urgent(ANSWER_NO);
  v1::UrgentFacts can_wait;
  can_wait.set_cannot_wait(ANSWER_NO);
  v1::UrgentFacts urgent_but_can_wait = can_wait;
  urgent_but_can_wait.set_appears_urgent(ANSWER_YES);
  for (const v1::UrgentFacts& facts : {not_urgent, can_wait, urgent_but_can_wait}) {
    const v1::UrgentSupportCheck check = CheckUrgent(facts, policy_);
    EXPECT_THAT(FieldsOf(check), IsEmpty()) << facts.ShortDebugString();
    EXPECT_THAT(RulesOf(check), Not(Contains("U3"))) << facts.ShortDebugString();
    EXPECT_THAT(RulesOf(check), Not(Contains("U5"))) << facts.ShortDebugString();
  }
  if (!is_inline()) return;
  // What cannot wait is not set aside, whatever it looks like.
  v1::UrgentFacts cannot_wait = not_urgent;
  cannot_wait.set_cannot_wait(ANSWER_YES);
  EXPECT_THAT(FieldsOf(CheckUrgent(cannot_wait, policy_)), Contains("facts.wellbeing.considered"));
}

TEST(NonResidents, AreNotAskedTwiceForTheSupportTheyHave) {
  v1::FundingContent content;
  content.mutable_urgent()->set_ordinarily_resident(ANSWER_NO);
  const auto asked = [&content] {
    const auto answer = CheckCompleteness(content, ShippedPolicy("standard"));
    for (const auto& question : answer.questions()) {
      if (question.field() == "content.factors.support_elsewhere.considered") return true;
    }
    return false;
  };
  EXPECT_TRUE(asked());
  content.mutable_factors()->mutable_support_elsewhere()->set_considered(ANSWER_YES);
  EXPECT_FALSE(asked());
}

}  // namespace
}  // namespace asc::funding
