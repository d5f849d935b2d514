#include "directory-svc/directory_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "directory-svc/testing/shipped.h"
#include "platform/facts/tri_state.h"

namespace asc::directory {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Answer kAnswers[] = {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN};
constexpr std::int64_t kGivenAt = 1767607200;
constexpr std::int64_t kDay = 86400;

v1::ServiceContent With(v1::EligibilityKind kind, int age_min = 0, int age_max = 0) {
  v1::ServiceContent content;
  v1::Eligibility& condition = *content.add_eligibility();
  condition.set_kind(kind);
  condition.set_age_min(age_min);
  condition.set_age_max(age_max);
  condition.set_words("in words");
  return content;
}

v1::Circumstances Aged(int age) {
  v1::Circumstances person;
  person.set_age(age);
  return person;
}

std::vector<std::string> FieldsOf(const Questions& questions) {
  std::vector<std::string> fields;
  for (const auto& question : questions) fields.push_back(question.field());
  return fields;
}

std::vector<std::string> RulesOf(const Reasons& reasons) {
  std::vector<std::string> rules;
  for (const auto& reason : reasons) rules.push_back(reason.rule_id());
  return rules;
}

v1::RecordAdviceGivenRequest AdviceRequest() {
  v1::RecordAdviceGivenRequest request;
  request.mutable_person()->set_person_id("person-1");
  request.mutable_content()->mutable_given_at()->set_seconds(kGivenAt);
  request.mutable_content()->set_advice("told of the lunch club");
  request.mutable_content()->set_accessible(ANSWER_YES);
  v1::FollowUpPlan& plan = *request.mutable_follow_up();
  plan.mutable_due_at()->set_seconds(kGivenAt + kDay);
  plan.set_by("duty team");
  plan.set_risk(v1::FOLLOW_UP_RISK_LOW);
  plan.set_agreed(ANSWER_YES);
  return request;
}

AdviceDecision Decide(const v1::RecordAdviceGivenRequest& request) {
  return DecideAdvice(request, ShippedPolicy("rotherham"), "caller");
}

TEST(Eligibility, TakesBothEndsOfAnAge) {
  const auto from_11_to_25 = With(v1::ELIGIBILITY_KIND_AGE, 11, 25);
  EXPECT_EQ(Eligible(from_11_to_25, Aged(10)), ANSWER_NO);
  EXPECT_EQ(Eligible(from_11_to_25, Aged(11)), ANSWER_YES);
  EXPECT_EQ(Eligible(from_11_to_25, Aged(25)), ANSWER_YES);
  EXPECT_EQ(Eligible(from_11_to_25, Aged(26)), ANSWER_NO);
  EXPECT_EQ(Eligible(With(v1::ELIGIBILITY_KIND_AGE, 18), Aged(130)), ANSWER_YES);
}

TEST(Eligibility, KnowsOverEighteenFromEighteenAndOver) {
  EXPECT_EQ(Eligible(Shipped("rotherham", "rotherham-qwell").content(), Aged(17)), ANSWER_NO);
  EXPECT_EQ(Eligible(Shipped("rotherham", "rotherham-qwell").content(), Aged(18)), ANSWER_UNKNOWN);
  EXPECT_EQ(Eligible(Shipped("rotherham", "rotherham-link-workers").content(), Aged(18)),
            ANSWER_NO);
  EXPECT_EQ(Eligible(Shipped("wakefield", "wakefield-age-uk").content(), Aged(50)), ANSWER_NO);
  EXPECT_EQ(Eligible(Shipped("wakefield", "wakefield-age-uk").content(), Aged(51)), ANSWER_YES);
}

TEST(Eligibility, HintsExcludeNobody) {
  auto content = With(v1::ELIGIBILITY_KIND_AGE, 0, 25);
  content.mutable_eligibility(0)->set_hint_only(true);
  EXPECT_EQ(Eligible(content, Aged(60)), ANSWER_YES);
}

TEST(Eligibility, FollowsEachFactAndAsksForItWhileUnknown) {
  const v1::DirectoryPolicy policy = ShippedPolicy("rotherham");
  for (const Answer answer : kAnswers) {
    v1::Circumstances person;
    person.set_local_gp(answer);
    person.set_lives_in_area(answer);
    person.set_works_in_area(answer);
    person.set_carer(answer);
    person.set_tenant(answer);
    for (const auto kind : {v1::ELIGIBILITY_KIND_LOCAL_GP, v1::ELIGIBILITY_KIND_RESIDENT,
                            v1::ELIGIBILITY_KIND_LIVES_OR_WORKS, v1::ELIGIBILITY_KIND_CARER,
                            v1::ELIGIBILITY_KIND_TENANT}) {
      Questions questions;
      AskEligibility(With(kind), person, policy, questions);
      EXPECT_EQ(Eligible(With(kind), person), answer) << kind;
      EXPECT_EQ(questions.size(), answer == ANSWER_UNKNOWN ? 1 : 0) << kind;
    }
  }
}

TEST(Eligibility, CannotTellWhatOnlyWordsSay) {
  Questions questions;
  AskEligibility(With(v1::ELIGIBILITY_KIND_OTHER), {}, ShippedPolicy("rotherham"), questions);
  EXPECT_EQ(Eligible(With(v1::ELIGIBILITY_KIND_OTHER), {}), ANSWER_UNKNOWN);
  ASSERT_EQ(questions.size(), 1);
  EXPECT_THAT(questions[0].text(), ::testing::HasSubstr("in words"));
}

TEST(Opening, CountsOnlyWhatIsStated) {
  const auto& carers = Shipped("hillingdon-carers", "hillingdon-carers").content();
  EXPECT_TRUE(StatedOpen(carers, v1::WEEKDAY_MONDAY, 10 * 60));
  EXPECT_FALSE(StatedOpen(carers, v1::WEEKDAY_MONDAY, 14 * 60));
  EXPECT_TRUE(StatedOpen(carers, v1::WEEKDAY_TUESDAY, 14 * 60));
  EXPECT_FALSE(StatedOpen(carers, v1::WEEKDAY_SATURDAY, 12 * 60));
  const auto& unclear = Shipped("hillingdon-carers", "hillingdon-citizens-advice").content();
  EXPECT_FALSE(StatedOpen(unclear, v1::WEEKDAY_MONDAY, 12 * 60));
  const auto& always = Shipped("rotherham", "rotherham-crisis-team").content();
  EXPECT_TRUE(StatedOpen(always, v1::WEEKDAY_SUNDAY, 3 * 60));
}

TEST(Access, TellsOnlyFromWhatIsKnown) {
  v1::AccessFacts facts;
  const auto unknown = DecideAccess(facts, ShippedPolicy("rotherham"));
  EXPECT_EQ(unknown.outcome(), v1::ACCESS_OUTCOME_CANNOT_TELL);
  EXPECT_THAT(FieldsOf(unknown.questions()), ElementsAre("facts.needs_support"));
  facts.set_needs_support(ANSWER_NO);
  EXPECT_EQ(DecideAccess(facts, ShippedPolicy("rotherham")).outcome(),
            v1::ACCESS_OUTCOME_NO_SUPPORT_NEEDED);
}

TEST(Access, LeadsThroughTheStepsOfTheProcedure) {
  v1::AccessFacts facts;
  facts.set_needs_support(ANSWER_YES);
  EXPECT_THAT(DecideAccess(facts, ShippedPolicy("rotherham")).steps(),
              ElementsAre(v1::ACCESS_STEP_SOMEONE_APPROPRIATE, v1::ACCESS_STEP_OWN_STEPS,
                          v1::ACCESS_STEP_ADVOCACY));
  EXPECT_THAT(DecideAccess(facts, ShippedPolicy("standard")).steps(),
              ElementsAre(v1::ACCESS_STEP_ASK_THE_PERSON, v1::ACCESS_STEP_SOMEONE_APPROPRIATE,
                          v1::ACCESS_STEP_ADVOCACY));
  facts.set_someone_appropriate(ANSWER_NO);
  EXPECT_THAT(DecideAccess(facts, ShippedPolicy("rotherham")).steps(),
              ElementsAre(v1::ACCESS_STEP_OWN_STEPS, v1::ACCESS_STEP_ADVOCACY));
}

TEST(Access, TakesStatedNeedsForAYes) {
  v1::AccessFacts facts;
  facts.add_needs(v1::ACCESS_NEED_BRAILLE);
  EXPECT_EQ(DecideAccess(facts, ShippedPolicy("rotherham")).outcome(),
            v1::ACCESS_OUTCOME_SUPPORT_NEEDED);
}

TEST(AdviceGiven, KeepsWhatWasAgreed) {
  const AdviceDecision decision = Decide(AdviceRequest());
  EXPECT_EQ(decision.state, v1::ADVICE_STATE_FOLLOW_UP_DUE);
  EXPECT_EQ(decision.follow_up.due_at().seconds(), kGivenAt + kDay);
  EXPECT_EQ(decision.follow_up.by(), "duty team");
  EXPECT_THAT(RulesOf(decision.reasons), ElementsAre("I6", "I6.agree", "I6.time"));
  EXPECT_EQ(decision.reasons[0].strength(), type::v1::STRENGTH_MUST);
  EXPECT_THAT(decision.questions, IsEmpty());
}

TEST(AdviceGiven, GetsTheLongestTimeOfItsRiskAndAsksForOne) {
  const std::pair<v1::FollowUpRisk, int> kDays[] = {
      {v1::FOLLOW_UP_RISK_LOW, 28}, {v1::FOLLOW_UP_RISK_MEDIUM, 14}, {v1::FOLLOW_UP_RISK_HIGH, 3}};
  for (const auto& [risk, days] : kDays) {
    auto request = AdviceRequest();
    request.mutable_follow_up()->clear_due_at();
    request.mutable_follow_up()->set_risk(risk);
    const AdviceDecision decision = Decide(request);
    EXPECT_EQ(decision.follow_up.due_at().seconds(), kGivenAt + days * kDay);
    EXPECT_THAT(FieldsOf(decision.questions), ElementsAre("follow_up.due_at"));
  }
}

TEST(AdviceGiven, AsksForTheRiskAndMeanwhileTakesTheLongestTimeOfAll) {
  auto request = AdviceRequest();
  request.clear_follow_up();
  const AdviceDecision decision = Decide(request);
  EXPECT_EQ(decision.follow_up.due_at().seconds(), kGivenAt + 28 * kDay);
  EXPECT_EQ(decision.follow_up.by(), "caller");
  EXPECT_THAT(FieldsOf(decision.questions),
              ElementsAre("follow_up.risk", "follow_up.due_at", "follow_up.agreed"));
}

TEST(AdviceGiven, TakesALateTimeAndAsksWhetherItIsRight) {
  auto request = AdviceRequest();
  request.mutable_follow_up()->mutable_due_at()->set_seconds(kGivenAt + 29 * kDay);
  const AdviceDecision decision = Decide(request);
  EXPECT_EQ(decision.follow_up.due_at().seconds(), kGivenAt + 29 * kDay);
  EXPECT_THAT(FieldsOf(decision.questions), ElementsAre("follow_up.due_at"));
}

TEST(AdviceGiven, IsNotFollowedUpAgainstTheWishOfThePerson) {
  auto request = AdviceRequest();
  request.mutable_follow_up()->clear_due_at();
  request.mutable_follow_up()->set_declined(ANSWER_YES);
  const AdviceDecision decision = Decide(request);
  EXPECT_EQ(decision.state, v1::ADVICE_STATE_NO_FOLLOW_UP);
  EXPECT_FALSE(decision.follow_up.has_due_at());
}

TEST(AdviceGiven, SaysWhenItWasNotAccessibleAndAsksWhenThatIsNotKnown) {
  auto request = AdviceRequest();
  request.mutable_content()->set_accessible(ANSWER_NO);
  EXPECT_THAT(RulesOf(Decide(request).reasons), ElementsAre("I5", "I6", "I6.agree", "I6.time"));
  request.mutable_content()->clear_accessible();
  EXPECT_THAT(RulesOf(Decide(request).reasons), ElementsAre("I6", "I6.agree", "I6.time"));
  EXPECT_THAT(FieldsOf(Decide(request).questions), ElementsAre("content.accessible"));
}

TEST(AdviceGiven, IsOwedToSomebodyUnknownWhereTheProcedureSaysSo) {
  auto request = AdviceRequest();
  request.clear_person();
  EXPECT_THAT(RulesOf(Decide(request).reasons), ElementsAre("I1", "I6", "I6.agree", "I6.time"));
  EXPECT_THAT(RulesOf(DecideAdvice(request, ShippedPolicy("hillingdon-carers"), "caller").reasons),
              ElementsAre("I6", "I6.agree", "I6.time"));
}

class FollowUpTest : public ::testing::Test {
 protected:
  FollowUpTest() {
    advice_.mutable_follow_up()->mutable_due_at()->set_seconds(kGivenAt);
    advice_.mutable_follow_up()->set_risk(v1::FOLLOW_UP_RISK_HIGH);
    follow_up_.mutable_held_at()->set_seconds(kGivenAt);
  }
  FollowUpDecision Decide() {
    return DecideFollowUp(advice_, follow_up_, ShippedPolicy("rotherham"),
                          absl::FromUnixSeconds(kGivenAt));
  }
  v1::Advice advice_;
  v1::FollowUp follow_up_;
};

TEST_F(FollowUpTest, EndsWithAdviceThatHelped) {
  follow_up_.set_reached(ANSWER_YES);
  follow_up_.set_effective(ANSWER_YES);
  EXPECT_EQ(Decide().state, v1::ADVICE_STATE_EFFECTIVE);
}

TEST_F(FollowUpTest, AsksWhatIsNextWhenAdviceDidNotHelp) {
  follow_up_.set_reached(ANSWER_YES);
  follow_up_.set_effective(ANSWER_NO);
  EXPECT_EQ(Decide().state, v1::ADVICE_STATE_FOLLOW_UP_DUE);
  EXPECT_THAT(FieldsOf(Decide().questions), ElementsAre("follow_up.next_action"));
  follow_up_.set_next_action("a referral");
  EXPECT_EQ(Decide().state, v1::ADVICE_STATE_NOT_EFFECTIVE);
  EXPECT_THAT(Decide().questions, IsEmpty());
}

TEST_F(FollowUpTest, StaysDueForSomebodyWhoWasNotReached) {
  for (const Answer reached : {ANSWER_NO, ANSWER_UNKNOWN}) {
    follow_up_.set_reached(reached);
    EXPECT_EQ(Decide().state, v1::ADVICE_STATE_FOLLOW_UP_DUE);
    EXPECT_EQ(Decide().due_at.seconds(), kGivenAt + 3 * kDay);
    EXPECT_THAT(FieldsOf(Decide().questions), ElementsAre("follow_up.next_due_at"));
  }
  follow_up_.mutable_next_due_at()->set_seconds(kGivenAt + 5);
  EXPECT_EQ(Decide().due_at.seconds(), kGivenAt + 5);
  EXPECT_THAT(Decide().questions, IsEmpty());
}

TEST_F(FollowUpTest, AsksWhetherItHelpedWhenSomebodyWasReached) {
  follow_up_.set_reached(ANSWER_YES);
  EXPECT_EQ(Decide().state, v1::ADVICE_STATE_FOLLOW_UP_DUE);
  EXPECT_THAT(FieldsOf(Decide().questions), ElementsAre("follow_up.effective"));
}

TEST(Eligibility, OfAKindNobodyHasHeardOfIsAQuestion) {
  for (const int kind : {0, static_cast<int>(v1::ELIGIBILITY_KIND_OTHER), 99,
                         std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}) {
    auto content = With(static_cast<v1::EligibilityKind>(kind));
    content.mutable_eligibility(0)->clear_words();
    EXPECT_EQ(Eligible(content, Aged(40)), ANSWER_UNKNOWN) << kind;
    Questions questions;
    AskEligibility(content, Aged(40), ShippedPolicy("rotherham"), questions);
    EXPECT_THAT(FieldsOf(questions), ElementsAre("circumstances")) << kind;
    EXPECT_EQ(questions[0].text(), "Does this hold for the person?");
  }
}

TEST(Eligibility, AsksAboutWorkOnceTheHomeIsKnown) {
  const auto content = With(v1::ELIGIBILITY_KIND_LIVES_OR_WORKS);
  const auto asked = [&content](Answer lives) {
    v1::Circumstances person;
    person.set_lives_in_area(lives);
    Questions questions;
    AskEligibility(content, person, ShippedPolicy("rotherham"), questions);
    return FieldsOf(questions);
  };
  EXPECT_THAT(asked(ANSWER_UNKNOWN), ElementsAre("circumstances.lives_in_area"));
  EXPECT_THAT(asked(ANSWER_NO), ElementsAre("circumstances.works_in_area"));
  EXPECT_THAT(asked(ANSWER_YES), IsEmpty());
}

TEST(Opening, IsNotStatedByWhatIsNoTime) {
  v1::ServiceContent content;
  v1::Opening& opening = *content.add_openings();
  opening.add_days(v1::WEEKDAY_MONDAY);
  opening.set_opens_at("09:00");
  opening.set_closes_at("17:00");
  EXPECT_TRUE(StatedOpen(content, v1::WEEKDAY_MONDAY, 10 * 60));
  EXPECT_FALSE(StatedOpen(content, v1::WEEKDAY_TUESDAY, 10 * 60));
  EXPECT_FALSE(StatedOpen(content, v1::WEEKDAY_MONDAY, 8 * 60));
  EXPECT_FALSE(StatedOpen(content, v1::WEEKDAY_MONDAY, 17 * 60));
  for (const char* time : {"", "nine:", "09:xx", "morning"}) {
    opening.set_opens_at(time);
    EXPECT_FALSE(StatedOpen(content, v1::WEEKDAY_MONDAY, 10 * 60)) << time;
  }
  opening.set_always(true);
  EXPECT_TRUE(StatedOpen(content, v1::WEEKDAY_MONDAY, 3 * 60));
}

TEST(Entries, AnswerLaterByEitherCaveat) {
  v1::ServiceContent content;
  EXPECT_FALSE(AnswersLater(content));
  v1::Caveat& caveat = *content.add_caveats();
  EXPECT_FALSE(AnswersLater(content));
  caveat.set_kind(v1::CAVEAT_KIND_CALLS_BACK);
  EXPECT_TRUE(AnswersLater(content));
  caveat.set_kind(v1::CAVEAT_KIND_NOT_LIVE_RESPONSE);
  EXPECT_TRUE(AnswersLater(content));
}

TEST(Access, AsksOfEachStepWhatIsNotKnown) {
  v1::AccessFacts facts;
  facts.set_needs_support(ANSWER_YES);
  const auto asks = [&facts](const std::string& field) {
    for (const std::string& authority : ShippedAuthorities()) {
      const auto fields = FieldsOf(DecideAccess(facts, ShippedPolicy(authority)).questions());
      if (std::find(fields.begin(), fields.end(), field) != fields.end()) return true;
    }
    return false;
  };
  for (const char* field :
       {"facts.what_would_help", "facts.someone_appropriate", "facts.steps_can_be_taken"}) {
    EXPECT_TRUE(asks(field)) << field;
  }
  facts.set_what_would_help("large print");
  facts.set_someone_appropriate(ANSWER_YES);
  facts.set_steps_can_be_taken(ANSWER_YES);
  for (const char* field :
       {"facts.what_would_help", "facts.someone_appropriate", "facts.steps_can_be_taken"}) {
    EXPECT_FALSE(asks(field)) << field;
  }
}

}  // namespace
}  // namespace asc::directory
