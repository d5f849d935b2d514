#include "tests/demo/telling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/demo/words.h"

namespace asc::demo {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

template <class RuleSaying>
void Say(const std::string& rule_id, type::v1::Strength strength, const std::string& text,
         RuleSaying& saying) {
  saying.set_rule_id(rule_id);
  saying.set_strength(strength);
  saying.set_text(text);
  auto& citation = *saying.add_citations();
  citation.set_source("Next Steps");
  citation.set_source_version("7");
  citation.set_provision("line 12");
}

// Danger, a referral that was taken, and something to do by and by.
gateway::v1::Contact DangerousContact() {
  gateway::v1::Contact contact;
  contact.set_status(gateway::v1::CONTACT_STATUS_AWAITING_PEOPLE);
  contact.add_outcomes(gateway::v1::OUTCOME_REFERRAL_OPENED);
  contact.set_referral_id("9f3c-not-for-people");
  contact.mutable_opened_at()->set_seconds(1000);
  Say("S2", type::v1::STRENGTH_SHOULD, "Ring the police on 999.", *contact.add_advice());
  auto& referral = *contact.add_steps();
  referral.set_kind(gateway::v1::STEP_KIND_REFERRAL);
  referral.set_state(gateway::v1::STEP_STATE_DONE);
  referral.mutable_decision()->set_outcome("OUTCOME_PERMITTED");
  Say("R1", type::v1::STRENGTH_SHOULD, "The person makes it.",
      *referral.mutable_decision()->add_reasons());
  auto& now = *contact.add_actions();
  Say("T5", type::v1::STRENGTH_SHOULD, "Tell the person.", now);
  now.set_state(gateway::v1::ACTION_STATE_OPEN);
  now.mutable_due_at()->set_seconds(1000);
  auto& later = *contact.add_actions();
  Say("R3", type::v1::STRENGTH_SHOULD, "Pass the referral on.", later);
  later.set_state(gateway::v1::ACTION_STATE_OPEN);
  later.mutable_due_at()->set_seconds(1000 + 4 * 3600);
  later.set_due_local_assumption("Taken as four hours.");
  return contact;
}

TEST(TellContact, PutsDangerBeforeAllElse) {
  const std::string told = TellContact(DangerousContact());

  EXPECT_LT(told.find("Ring the police"), told.find("Tell the person"));
  EXPECT_LT(told.find("Tell the person"), told.find("Referral:"));
}

TEST(TellContact, SaysWhyWithRuleStrengthAndLine) {
  EXPECT_THAT(TellContact(DangerousContact()),
              HasSubstr("The person makes it. [should; R1, line 12]"));
}

TEST(TellContact, SaysWhenSomethingIsDueAndWhoseTimeThatIs) {
  const std::string told = TellContact(DangerousContact());

  EXPECT_THAT(told, HasSubstr("within 4 hours *: Pass the referral on."));
  EXPECT_THAT(told, HasSubstr("the procedure names no time"));
}

TEST(TellContact, HoldsNoCodesAndNoIdsThatNobodyUses) {
  const std::string told = TellContact(DangerousContact());

  EXPECT_THAT(Unreadable(told), IsEmpty());
  EXPECT_THAT(told, Not(HasSubstr("not-for-people")));
}

TEST(TellContact, SaysOnceWhatIsBothAdviceAndSomethingToDo) {
  auto contact = DangerousContact();
  auto& police = *contact.add_actions();
  Say("S2", type::v1::STRENGTH_SHOULD, "Ring the police on 999.", police);
  police.set_state(gateway::v1::ACTION_STATE_OPEN);
  police.set_step(gateway::v1::STEP_KIND_SAFEGUARDING);
  police.mutable_due_at()->set_seconds(1000);

  const std::string told = TellContact(contact);

  EXPECT_EQ(told.find("Ring the police"), told.rfind("Ring the police"));
}

TEST(TellContact, LeavesOutWhatNobodyHasToDoAnyMore) {
  auto contact = DangerousContact();
  contact.mutable_actions(0)->set_state(gateway::v1::ACTION_STATE_DONE);

  EXPECT_THAT(TellContact(contact), Not(HasSubstr("Tell the person")));
}

TEST(TellChange, TellsOnlyWhatIsDifferent) {
  const auto before = DangerousContact();
  auto after = before;
  after.mutable_actions(1)->set_state(gateway::v1::ACTION_STATE_DONE);

  const std::string told = TellChange(before, after);

  EXPECT_THAT(told, HasSubstr("nothing any more"));
  EXPECT_THAT(told, Not(HasSubstr("Ring the police")));
}

TEST(Wrapped, BreaksBetweenWordsAndStaysBelowTheFirstOne) {
  const std::string long_text = std::string(60, 'a') + " " + std::string(60, 'b');

  EXPECT_EQ(Wrapped("  - ", long_text),
            "  - " + std::string(60, 'a') + "\n    " + std::string(60, 'b') + "\n");
}

TEST(Unreadable, FindsLongLinesAndCodes) {
  EXPECT_THAT(Unreadable(std::string(kColumns + 1, 'x') + "\nOUTCOME_REFUSED here\n"), SizeIs(2));
}

}  // namespace
}  // namespace asc::demo
