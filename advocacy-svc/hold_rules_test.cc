// What waits for an advocate (A7 to A10, A12, s.68(6)), per authority.

#include "advocacy-svc/hold_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "advocacy-svc/advocacy_rules.h"
#include "advocacy-svc/testing/shipped_policies.h"
#include "platform/facts/tri_state.h"

namespace asc::advocacy {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using ::testing::Contains;
using ::testing::ElementsAre;

v1::AdvocacyNeed Need(v1::AdvocacyOutcome outcome, v1::Process process = v1::PROCESS_REVIEW) {
  v1::AdvocacyNeed need;
  need.set_advocacy_need_id("need-1");
  need.set_state(v1::ADVOCACY_NEED_STATE_TO_REFER);
  need.mutable_decision()->set_outcome(outcome);
  need.mutable_decision()->mutable_facts()->set_process(process);
  if (outcome == v1::ADVOCACY_OUTCOME_DUTY) {
    need.mutable_decision()->add_regimes(v1::REGIME_CARE_ACT);
  }
  if (outcome == v1::ADVOCACY_OUTCOME_CANNOT_TELL) {
    need.mutable_decision()->add_questions()->set_field("facts.process_will_follow");
  }
  return need;
}

v1::AdvocacyNeed Owed(v1::Process process = v1::PROCESS_REVIEW) {
  return Need(v1::ADVOCACY_OUTCOME_DUTY, process);
}

v1::AdvocacyNeed InPlace() {
  v1::AdvocacyNeed need = Owed();
  v1::AdvocatePlacement& placement = *need.add_placements();
  placement.set_regime(v1::REGIME_CARE_ACT);
  placement.set_appointed_for_process(ANSWER_YES);
  return need;
}

v1::CheckHoldRequest Ask(v1::Act act, Answer immediate_risk = ANSWER_UNKNOWN,
                         v1::Process process = v1::PROCESS_UNSPECIFIED) {
  v1::CheckHoldRequest request;
  request.set_act(act);
  request.set_immediate_risk(immediate_risk);
  request.set_process(process);
  return request;
}

std::vector<std::string> RulesOf(const v1::HoldDecision& hold) {
  std::vector<std::string> ids;
  for (const auto& reason : hold.reasons()) ids.push_back(reason.rule_id());
  return ids;
}

class HoldOfEveryAuthority : public ::testing::TestWithParam<std::string> {
 protected:
  v1::HoldDecision Hold(const v1::AdvocacyNeed& need, const v1::CheckHoldRequest& request,
                        const std::vector<v1::AdvocacyNeed>& others = {}) {
    return DecideHold(need, others, request, policy_);
  }
  bool holds_all() const { return policy_.hold_scope() == v1::HOLD_SCOPE_ALL_PROCESSES; }

  v1::AdvocacyPolicy policy_ = ShippedPolicy(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Authorities, HoldOfEveryAuthority,
                         ::testing::ValuesIn(ShippedAuthorities()), [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

TEST_P(HoldOfEveryAuthority, HoldsTheProcessWhileTheDutyIsOwed) {
  const v1::HoldDecision hold = Hold(Owed(), Ask(v1::ACT_PROCESS_STEP));
  EXPECT_EQ(hold.outcome(), v1::HOLD_OUTCOME_HELD);
  EXPECT_THAT(RulesOf(hold), Contains("A8"));
}

TEST_P(HoldOfEveryAuthority, NeverLetsALongTermDecisionThrough) {
  for (const Answer risk : {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN}) {
    EXPECT_EQ(Hold(Owed(), Ask(v1::ACT_LONG_TERM_DECISION, risk)).outcome(), v1::HOLD_OUTCOME_HELD);
  }
}

TEST_P(HoldOfEveryAuthority, LetsUrgentMeasuresThroughOnlyWithTheExceptionAndAnImmediateRisk) {
  const auto outcome = [this](Answer risk) {
    return Hold(Owed(), Ask(v1::ACT_URGENT_INTERIM_MEASURE, risk)).outcome();
  };
  const bool exception = GetParam() == "standard" || GetParam() == "hillingdon-carers";
  EXPECT_EQ(outcome(ANSWER_YES),
            exception ? v1::HOLD_OUTCOME_MAY_PROCEED_URGENTLY : v1::HOLD_OUTCOME_HELD);
  EXPECT_EQ(outcome(ANSWER_NO), v1::HOLD_OUTCOME_HELD);
  EXPECT_EQ(outcome(ANSWER_UNKNOWN),
            exception ? v1::HOLD_OUTCOME_CANNOT_TELL : v1::HOLD_OUTCOME_HELD);
}

TEST_P(HoldOfEveryAuthority, SaysThatItIsSilentWhereItHasNoException) {
  if (policy_.urgent_interim_exception()) return;
  const v1::HoldDecision hold = Hold(Owed(), Ask(v1::ACT_URGENT_INTERIM_MEASURE, ANSWER_YES));
  ASSERT_THAT(RulesOf(hold), Contains("A9"));
  for (const auto& reason : hold.reasons()) {
    if (reason.rule_id() != "A9") continue;
    EXPECT_THAT(reason.text(), ::testing::HasSubstr("silent"));
    EXPECT_EQ(reason.strength(), type::v1::STRENGTH_UNSPECIFIED);
  }
}

TEST_P(HoldOfEveryAuthority, LetsAnUrgentEnquiryThroughAndNothingElseUnderThatName) {
  for (int process = 1; process < v1::Process_ARRAYSIZE; ++process) {
    const bool enquiry = process == v1::PROCESS_SAFEGUARDING_ENQUIRY ||
                         process == v1::PROCESS_SAFEGUARDING_ADULTS_REVIEW;
    const v1::HoldDecision hold =
        Hold(Owed(static_cast<v1::Process>(process)), Ask(v1::ACT_URGENT_ENQUIRY));
    EXPECT_EQ(hold.outcome(),
              enquiry ? v1::HOLD_OUTCOME_MAY_PROCEED_URGENTLY : v1::HOLD_OUTCOME_HELD)
        << process;
    EXPECT_THAT(RulesOf(hold), Contains("A1")) << "the duty stays";
  }
  EXPECT_EQ(Hold(Owed(v1::PROCESS_UNSPECIFIED), Ask(v1::ACT_URGENT_ENQUIRY)).outcome(),
            v1::HOLD_OUTCOME_CANNOT_TELL);
}

TEST_P(HoldOfEveryAuthority, AnswersAnUndecidedNeedWithItsQuestions) {
  for (int act = 1; act < v1::Act_ARRAYSIZE; ++act) {
    const v1::HoldDecision hold =
        Hold(Need(v1::ADVOCACY_OUTCOME_CANNOT_TELL), Ask(static_cast<v1::Act>(act), ANSWER_YES));
    EXPECT_EQ(hold.outcome(), v1::HOLD_OUTCOME_CANNOT_TELL);
    EXPECT_EQ(hold.questions_size(), 1);
    EXPECT_FALSE(hold.reasons().empty());
  }
  EXPECT_EQ(
      Hold(Need(v1::ADVOCACY_OUTCOME_NOT_COVERED), Ask(v1::ACT_PROCESS_STEP)).questions_size(), 1);
}

TEST_P(HoldOfEveryAuthority, HoldsNothingWithoutADutyOrWithAnAdvocateInPlace) {
  v1::AdvocacyNeed closed = Owed();
  closed.set_state(v1::ADVOCACY_NEED_STATE_CLOSED);
  for (const auto& need :
       {Need(v1::ADVOCACY_OUTCOME_NO_DUTY), Need(v1::ADVOCACY_OUTCOME_POWER), InPlace(), closed}) {
    for (int act = 1; act < v1::Act_ARRAYSIZE; ++act) {
      EXPECT_EQ(Hold(need, Ask(static_cast<v1::Act>(act))).outcome(), v1::HOLD_OUTCOME_MAY_PROCEED);
    }
  }
}

TEST_P(HoldOfEveryAuthority, LetsThePersonDeclineOnceAnAdvocateWasMadeAvailable) {
  v1::AdvocacyNeed need = Owed();
  need.set_state(v1::ADVOCACY_NEED_STATE_DECLINED);
  const v1::HoldDecision hold = Hold(need, Ask(v1::ACT_PROCESS_STEP));
  EXPECT_EQ(hold.outcome(), v1::HOLD_OUTCOME_MAY_PROCEED);
  // Unwillingness without an advocate having been there is no met duty: the state stays as it was.
  need.set_state(v1::ADVOCACY_NEED_STATE_REFERRED);
  EXPECT_EQ(Hold(need, Ask(v1::ACT_PROCESS_STEP)).outcome(), v1::HOLD_OUTCOME_HELD);
}

TEST_P(HoldOfEveryAuthority, HoldsAnotherProcessByScope) {
  const v1::CheckHoldRequest planning =
      Ask(v1::ACT_PROCESS_STEP, ANSWER_UNKNOWN, v1::PROCESS_SUPPORT_PLANNING);
  EXPECT_EQ(Hold(Owed(), planning).outcome(),
            holds_all() ? v1::HOLD_OUTCOME_HELD : v1::HOLD_OUTCOME_CANNOT_TELL);
  const v1::AdvocacyNeed elsewhere = Owed(v1::PROCESS_SUPPORT_PLANNING);
  EXPECT_EQ(Hold(InPlace(), planning, {elsewhere}).outcome(), v1::HOLD_OUTCOME_HELD);
  EXPECT_EQ(Hold(InPlace(), Ask(v1::ACT_PROCESS_STEP), {elsewhere}).outcome(),
            holds_all() ? v1::HOLD_OUTCOME_HELD : v1::HOLD_OUTCOME_MAY_PROCEED);
  const v1::AdvocacyNeed free = Need(v1::ADVOCACY_OUTCOME_NO_DUTY, v1::PROCESS_SUPPORT_PLANNING);
  EXPECT_EQ(Hold(Owed(), planning, {free}).outcome(),
            holds_all() ? v1::HOLD_OUTCOME_HELD : v1::HOLD_OUTCOME_MAY_PROCEED);
}

TEST_P(HoldOfEveryAuthority, HoldsLongTermDecisionsOfAnotherProcessWhereNeverWithoutSaysSo) {
  const v1::CheckHoldRequest request =
      Ask(v1::ACT_LONG_TERM_DECISION, ANSWER_YES, v1::PROCESS_SUPPORT_PLANNING);
  EXPECT_EQ(Hold(Owed(), request).outcome(),
            policy_.never_without().empty() ? v1::HOLD_OUTCOME_CANNOT_TELL : v1::HOLD_OUTCOME_HELD);
}

TEST(MeetsDutyTest, OnlyTheRightKindOfAdvocateWhoIsThere) {
  v1::AdvocacyNeed need = Owed();
  need.mutable_decision()->add_regimes(v1::REGIME_IMCA);
  v1::AdvocatePlacement placement;
  placement.set_regime(v1::REGIME_IMCA);
  placement.set_appointed_for_process(ANSWER_YES);
  EXPECT_TRUE(MeetsDuty(placement, need));
  need.mutable_regime_choice()->set_regime(v1::REGIME_CARE_ACT);
  EXPECT_FALSE(MeetsDuty(placement, need)) << "another kind was chosen";
  placement.set_regime(v1::REGIME_CARE_ACT);
  EXPECT_TRUE(MeetsDuty(placement, need));
  placement.set_appointed_for_process(ANSWER_UNKNOWN);
  EXPECT_FALSE(MeetsDuty(placement, need)) << "a general advocate does not count (A12)";
  placement.set_appointed_for_process(ANSWER_YES);
  placement.mutable_ended_at()->set_seconds(1);
  EXPECT_FALSE(MeetsDuty(placement, need)) << "the advocate has gone";
  need.clear_regime_choice();
  placement.clear_ended_at();
  placement.set_regime(v1::REGIME_IMHA);
  EXPECT_FALSE(MeetsDuty(placement, need)) << "a regime that does not hold";
}

TEST(Reasons, NameTheCarersProcedureLines) {
  const v1::HoldDecision hold =
      DecideHold(Owed(), {}, Ask(v1::ACT_URGENT_INTERIM_MEASURE, ANSWER_YES),
                 ShippedPolicy("hillingdon-carers"));
  std::vector<std::string> places;
  for (const auto& reason : hold.reasons()) {
    if (reason.rule_id() != "A9") continue;
    for (const auto& citation : reason.citations()) places.push_back(citation.provision());
  }
  EXPECT_THAT(places, ElementsAre("line 236"));
}

// ---- What only some records show ----

TEST(Hold, LooksAtRecordsOfTheOtherProcessOnly) {
  const v1::AdvocacyPolicy policy = ShippedPolicy("rotherham");
  const auto hold = [&policy](const v1::AdvocacyNeed& need,
                              const std::vector<v1::AdvocacyNeed>& others) {
    const auto request = Ask(v1::ACT_PROCESS_STEP, ANSWER_UNKNOWN, v1::PROCESS_SUPPORT_PLANNING);
    return DecideHold(need, others, request, policy).outcome();
  };
  const v1::AdvocacyNeed third = Owed(v1::PROCESS_NEEDS_ASSESSMENT);
  EXPECT_EQ(hold(Owed(), {third}), v1::HOLD_OUTCOME_CANNOT_TELL);
  EXPECT_EQ(hold(Owed(), {third, Owed(v1::PROCESS_SUPPORT_PLANNING)}), v1::HOLD_OUTCOME_HELD);
  EXPECT_EQ(hold(Owed(), {Need(v1::ADVOCACY_OUTCOME_NO_DUTY, v1::PROCESS_SUPPORT_PLANNING)}),
            v1::HOLD_OUTCOME_MAY_PROCEED);
  EXPECT_EQ(hold(Owed(), {Need(v1::ADVOCACY_OUTCOME_CANNOT_TELL, v1::PROCESS_SUPPORT_PLANNING)}),
            v1::HOLD_OUTCOME_CANNOT_TELL);
}

TEST(Hold, OfARecordWithoutAProcessIsForAnyProcess) {
  const auto request = Ask(v1::ACT_PROCESS_STEP, ANSWER_UNKNOWN, v1::PROCESS_SUPPORT_PLANNING);
  EXPECT_EQ(
      DecideHold(Owed(v1::PROCESS_UNSPECIFIED), {}, request, ShippedPolicy("rotherham")).outcome(),
      v1::HOLD_OUTCOME_HELD);
}

TEST(Hold, ByAnotherRecordNeedsADutyThatIsOwedThere) {
  const v1::AdvocacyPolicy policy = ShippedPolicy("hillingdon-carers");
  const v1::AdvocacyNeed free = Need(v1::ADVOCACY_OUTCOME_NO_DUTY);
  const auto outcome = [&](const v1::AdvocacyNeed& other) {
    return DecideHold(free, {other}, Ask(v1::ACT_PROCESS_STEP), policy).outcome();
  };
  EXPECT_EQ(outcome(free), v1::HOLD_OUTCOME_MAY_PROCEED);
  EXPECT_EQ(outcome(InPlace()), v1::HOLD_OUTCOME_MAY_PROCEED);
  EXPECT_EQ(outcome(Owed()), v1::HOLD_OUTCOME_HELD);
}

TEST(Hold, OfAnUndecidedRecordAsksWhatTheRecordAsks) {
  v1::AdvocacyNeed need = Need(v1::ADVOCACY_OUTCOME_CANNOT_TELL);
  const v1::AdvocacyPolicy policy = ShippedPolicy("standard");
  const auto hold = [&](Answer risk) {
    return DecideHold(need, {}, Ask(v1::ACT_URGENT_INTERIM_MEASURE, risk), policy);
  };
  EXPECT_EQ(hold(ANSWER_YES).questions(0).field(), "facts.process_will_follow");
  EXPECT_THAT(RulesOf(hold(ANSWER_YES)), Contains("A9"));
  EXPECT_THAT(RulesOf(hold(ANSWER_NO)), ::testing::Not(Contains("A9")));
  need.mutable_decision()->clear_questions();
  EXPECT_EQ(hold(ANSWER_YES).questions(0).field(), "facts.subject");
}

TEST(Hold, ForALongTermDecisionIsGivenItsReasonWhereTheProcedureHasOne) {
  v1::AdvocacyPolicy policy = ShippedPolicy("standard");
  const auto rules = [&policy] {
    return RulesOf(DecideHold(Owed(), {}, Ask(v1::ACT_LONG_TERM_DECISION), policy));
  };
  EXPECT_THAT(rules(), Contains("A9"));
  policy.clear_never_without();
  EXPECT_THAT(rules(), ::testing::Not(Contains("A9")));
}

TEST(Hold, LetsNoEnquiryBeginWithoutTheException) {
  v1::AdvocacyPolicy policy = ShippedPolicy("standard");
  const v1::AdvocacyNeed need = Owed(v1::PROCESS_SAFEGUARDING_ENQUIRY);
  const auto outcome = [&] {
    return DecideHold(need, {}, Ask(v1::ACT_URGENT_ENQUIRY), policy).outcome();
  };
  EXPECT_EQ(outcome(), v1::HOLD_OUTCOME_MAY_PROCEED_URGENTLY);
  policy.set_urgent_enquiry_exception(false);
  EXPECT_EQ(outcome(), v1::HOLD_OUTCOME_HELD);
}

TEST(Hold, StaysForAnActOrOutcomeNobodyHasHeardOf) {
  const v1::AdvocacyPolicy policy = ShippedPolicy("standard");
  for (const int value :
       {0, 99, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}) {
    EXPECT_EQ(
        DecideHold(Owed(), {}, Ask(static_cast<v1::Act>(value), ANSWER_YES), policy).outcome(),
        v1::HOLD_OUTCOME_HELD)
        << value;
    v1::AdvocacyNeed need = Need(static_cast<v1::AdvocacyOutcome>(value));
    // An outcome that is none of ours is taken for a duty, so that nothing slips through.
    const auto hold = DecideHold(need, {}, Ask(v1::ACT_PROCESS_STEP), policy).outcome();
    EXPECT_NE(hold, v1::HOLD_OUTCOME_MAY_PROCEED) << value;
    need.mutable_decision()->set_outcome(static_cast<v1::AdvocacyOutcome>(value));
    EXPECT_EQ(StateAfter(need.decision()), v1::ADVOCACY_NEED_STATE_UNDECIDED) << value;
  }
}

TEST(Power, IsThoughtOfOnlyWithAPurposeOrAnAgreement) {
  const v1::AdvocacyPolicy policy = ShippedPolicy("standard");
  v1::AdvocacyFacts facts;
  facts.set_subject(CoveredSubject(policy));
  facts.set_process_will_follow(ANSWER_NO);
  const auto outcome = [&] { return DecideAdvocacy(facts, policy).outcome(); };
  EXPECT_EQ(outcome(), v1::ADVOCACY_OUTCOME_NO_DUTY);
  facts.set_power_agreed(ANSWER_YES);
  EXPECT_EQ(outcome(), v1::ADVOCACY_OUTCOME_POWER);
  facts.clear_power_agreed();
  facts.set_power_purpose(v1::POWER_PURPOSE_EXPLORE_OPTIONS);
  EXPECT_EQ(outcome(), v1::ADVOCACY_OUTCOME_POWER);
}

}  // namespace
}  // namespace asc::advocacy
