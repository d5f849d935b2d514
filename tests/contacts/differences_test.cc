#include "tests/contacts/differences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace asc::tests::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A contact that has come to something of every kind.
gateway::v1::Contact AContact() {
  gateway::v1::Contact contact;
  contact.set_status(gateway::v1::CONTACT_STATUS_AWAITING_PEOPLE);
  contact.add_outcomes(gateway::v1::OUTCOME_REFERRAL_OPENED);
  contact.add_advice()->set_rule_id("S1");
  contact.mutable_advice(0)->set_strength(type::v1::STRENGTH_MUST);
  auto& step = *contact.add_steps();
  step.set_kind(gateway::v1::STEP_KIND_REFERRAL);
  step.mutable_decision()->set_outcome("OUTCOME_PERMITTED");
  auto& reason = *step.mutable_decision()->add_reasons();
  reason.set_rule_id("R1");
  reason.set_strength(type::v1::STRENGTH_SHOULD);
  auto& action = *contact.add_actions();
  action.set_action_id("R3-pass-on");
  action.set_rule_id("R3");
  action.set_strength(type::v1::STRENGTH_SHOULD);
  action.set_state(gateway::v1::ACTION_STATE_OPEN);
  action.mutable_due_at()->set_seconds(480 * 60);
  contact.add_questions()->set_field("facts.crime");
  contact.mutable_questions(0)->set_rule_id("S2");
  contact.add_still_to_gather()->set_field("facts.referral.personal");
  contact.mutable_still_to_gather(0)->set_strength(type::v1::STRENGTH_SHOULD);
  contact.add_services()->mutable_service()->mutable_content()->set_name("A service");
  contact.add_elsewhere()->set_title("A page on the website");
  auto& charge = *contact.mutable_charging()->add_items();
  charge.set_item_id("ramp");
  charge.set_outcome(funding::v1::CHARGE_OUTCOME_PARTLY_FREE);
  charge.mutable_free_up_to()->set_pence(100000);
  contact.set_referral_id("referral");
  return contact;
}

Expected AllOfIt() {
  Expected expected;
  expected.set_status(gateway::v1::CONTACT_STATUS_AWAITING_PEOPLE);
  expected.add_outcomes(gateway::v1::OUTCOME_REFERRAL_OPENED);
  expected.add_advice()->set_rule_id("S1");
  expected.mutable_advice(0)->set_strength(type::v1::STRENGTH_MUST);
  auto& step = *expected.add_steps();
  step.set_kind(gateway::v1::STEP_KIND_REFERRAL);
  step.set_outcome("OUTCOME_PERMITTED");
  step.add_reasons()->set_rule_id("R1");
  step.mutable_reasons(0)->set_strength(type::v1::STRENGTH_SHOULD);
  auto& action = *expected.add_actions();
  action.set_action_id("R3-pass-on");
  action.set_rule_id("R3");
  action.set_strength(type::v1::STRENGTH_SHOULD);
  action.set_due_minutes(480);
  expected.add_questions()->set_field("facts.crime");
  expected.mutable_questions(0)->set_rule_id("S2");
  expected.add_still_to_gather()->set_field("facts.referral");
  expected.mutable_still_to_gather(0)->set_strength(type::v1::STRENGTH_SHOULD);
  expected.add_services("A service");
  expected.add_not_services("Another");
  expected.add_elsewhere("A page");
  auto& charge = *expected.add_charges();
  charge.set_item_id("ramp");
  charge.set_outcome(funding::v1::CHARGE_OUTCOME_PARTLY_FREE);
  charge.set_free_up_to_pence(100000);
  expected.set_referral_opened(true);
  return expected;
}

TEST(Differences, AreNoneWhereEverythingIsAsDemanded) {
  EXPECT_THAT(Differences(AllOfIt(), AContact()), IsEmpty());
}

TEST(Differences, TellEachThingThatIsNotAsDemanded) {
  const auto spoilt = [](const auto& spoil) {
    gateway::v1::Contact contact = AContact();
    spoil(contact);
    return Differences(AllOfIt(), contact);
  };

  EXPECT_THAT(spoilt([](auto& contact) { contact.clear_status(); }),
              ElementsAre(HasSubstr("status")));
  EXPECT_THAT(spoilt([](auto& contact) { contact.clear_outcomes(); }),
              ElementsAre(HasSubstr("outcomes")));
  EXPECT_THAT(spoilt([](auto& contact) { contact.clear_advice(); }),
              ElementsAre(HasSubstr("advice")));
  EXPECT_THAT(spoilt([](auto& contact) {
                contact.mutable_steps(0)->mutable_decision()->set_outcome("OUTCOME_REFUSED");
              }),
              ElementsAre(HasSubstr("steps")));
  EXPECT_THAT(
      spoilt([](auto& contact) { contact.mutable_steps(0)->mutable_decision()->clear_reasons(); }),
      ElementsAre(HasSubstr("expected a reason R1")));
  EXPECT_THAT(
      spoilt([](auto& contact) { contact.mutable_actions(0)->mutable_due_at()->set_seconds(60); }),
      ElementsAre(HasSubstr("due after 1 min")));
  EXPECT_THAT(spoilt([](auto& contact) { contact.clear_questions(); }),
              ElementsAre(HasSubstr("questions")));
  EXPECT_THAT(spoilt([](auto& contact) { contact.clear_still_to_gather(); }),
              ElementsAre(HasSubstr("is not listed")));
  EXPECT_THAT(spoilt([](auto& contact) {
                contact.mutable_still_to_gather(0)->set_strength(type::v1::STRENGTH_MUST);
              }),
              ElementsAre(HasSubstr("has STRENGTH_MUST")));
}

TEST(Differences, TellWhatWasFoundChargedOrOpenedOtherwise) {
  auto contact = AContact();
  contact.mutable_services(0)->mutable_service()->mutable_content()->set_name("Another");
  contact.clear_elsewhere();
  contact.mutable_charging()->mutable_items(0)->mutable_free_up_to()->set_pence(1);
  contact.clear_referral_id();
  contact.set_funding_request_id("request");

  EXPECT_THAT(Differences(AllOfIt(), contact),
              ElementsAre(HasSubstr("A service is not found"), HasSubstr("Another must not"),
                          HasSubstr("A page is not pointed to"), HasSubstr("free up to 1"),
                          HasSubstr("nothing was opened: referral"),
                          HasSubstr("was opened: request for urgent support")));
}

}  // namespace
}  // namespace asc::tests::contacts
