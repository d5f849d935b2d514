// The decision of A1 to A6 and s.67, row by row.

#include "advocacy-svc/advocacy_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

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
using ::testing::IsEmpty;

constexpr Answer kAnswers[] = {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN};
constexpr v1::Limb kLimbs[] = {v1::LIMB_UNDERSTANDING, v1::LIMB_RETAINING,
                               v1::LIMB_USING_OR_WEIGHING, v1::LIMB_COMMUNICATING};

v1::AdvocacyFacts FactsFor(const v1::AdvocacyPolicy& policy) {
  v1::AdvocacyFacts facts;
  facts.set_subject(CoveredSubject(policy));
  return facts;
}

void SetLimb(v1::AdvocacyFacts& facts, v1::Limb limb, Answer answer) {
  v1::LimbFact& fact = *facts.add_limbs();
  fact.set_limb(limb);
  fact.set_substantial_difficulty(answer);
}

// Somebody who counts when `answer` is YES, nobody when it is NO, nothing said when it is UNKNOWN.
void SetAppropriatePerson(v1::AdvocacyFacts& facts, Answer answer) {
  v1::AppropriatePersonFacts& person = *facts.mutable_appropriate_person();
  person.set_exists(answer);
  if (answer != ANSWER_YES) return;
  person.set_willing_and_able(ANSWER_YES);
  person.set_paid_or_professional(ANSWER_NO);
  person.set_person_lacks_capacity_to_consent(ANSWER_NO);
  person.set_person_consents(ANSWER_YES);
  facts.set_long_nhs_stay(ANSWER_NO);
  facts.set_material_disagreement(ANSWER_NO);
}

// A duty by everything that is known.
v1::AdvocacyFacts DutyFacts(const v1::AdvocacyPolicy& policy) {
  v1::AdvocacyFacts facts = FactsFor(policy);
  facts.set_process_will_follow(ANSWER_YES);
  for (const v1::Limb limb : kLimbs) SetLimb(facts, limb, ANSWER_NO);
  facts.mutable_limbs(1)->set_substantial_difficulty(ANSWER_YES);
  SetAppropriatePerson(facts, ANSWER_NO);
  return facts;
}

// The same, but for one appropriate person who counts.
v1::AdvocacyFacts RepresentedFacts(const v1::AdvocacyPolicy& policy) {
  v1::AdvocacyFacts facts = DutyFacts(policy);
  SetAppropriatePerson(facts, ANSWER_YES);
  return facts;
}

std::vector<std::string> RulesOf(const v1::AdvocacyDecision& decision) {
  std::vector<std::string> ids;
  for (const auto& reason : decision.reasons()) ids.push_back(reason.rule_id());
  return ids;
}

std::vector<std::string> FieldsOf(const v1::AdvocacyDecision& decision) {
  std::vector<std::string> fields;
  for (const auto& question : decision.questions()) fields.push_back(question.field());
  return fields;
}

v1::AdvocacyOutcome OutcomeOf(const v1::AdvocacyFacts& facts, const char* authority = "rotherham") {
  return DecideAdvocacy(facts, ShippedPolicy(authority)).outcome();
}

class EveryAuthority : public ::testing::TestWithParam<std::string> {
 protected:
  v1::AdvocacyPolicy policy_ = ShippedPolicy(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Authorities, EveryAuthority, ::testing::ValuesIn(ShippedAuthorities()),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

// 3^4 limbs x 3 appropriate person x 3 process: the outcome every way of filling in the unknowns
// agrees on, else CANNOT_TELL with a question for each unknown that still matters.
TEST_P(EveryAuthority, DecidesEveryRowOfTheTruthTable) {
  int rows = 0;
  for (const Answer process : kAnswers) {
    for (const Answer appropriate : kAnswers) {
      for (int limbs = 0; limbs < 81; ++limbs) {
        v1::AdvocacyFacts facts = FactsFor(policy_);
        facts.set_process_will_follow(process);
        SetAppropriatePerson(facts, appropriate);
        bool any_yes = false;
        int unknown_limbs = 0;
        int rest = limbs;
        for (const v1::Limb limb : kLimbs) {
          const Answer answer = kAnswers[rest % 3];
          rest /= 3;
          SetLimb(facts, limb, answer);
          any_yes |= answer == ANSWER_YES;
          unknown_limbs += answer == ANSWER_UNKNOWN ? 1 : 0;
        }
        const bool none = !any_yes && unknown_limbs == 0;
        const bool barred = process == ANSWER_NO || appropriate == ANSWER_YES || none;
        const bool owed = process == ANSWER_YES && appropriate == ANSWER_NO && any_yes;
        const v1::AdvocacyDecision decision = DecideAdvocacy(facts, policy_);
        EXPECT_EQ(decision.outcome(), barred ? v1::ADVOCACY_OUTCOME_NO_DUTY
                                      : owed ? v1::ADVOCACY_OUTCOME_DUTY
                                             : v1::ADVOCACY_OUTCOME_CANNOT_TELL)
            << facts.ShortDebugString();
        EXPECT_FALSE(decision.reasons().empty());
        if (!barred && !owed) {
          const int questions = (process == ANSWER_UNKNOWN ? 1 : 0) +
                                (appropriate == ANSWER_UNKNOWN ? 1 : 0) +
                                (any_yes ? 0 : unknown_limbs);
          EXPECT_EQ(decision.questions_size(), questions) << facts.ShortDebugString();
          EXPECT_EQ(decision.refer_early(), any_yes ? ANSWER_YES : ANSWER_UNKNOWN);
        }
        ++rows;
      }
    }
  }
  EXPECT_EQ(rows, 729);
}

using Setter = std::function<void(v1::AdvocacyFacts&, Answer)>;

// Every fact that may be unknown.
const std::vector<Setter>& Setters() {
  static const std::vector<Setter> kSetters = {
      [](auto& f, Answer a) { f.set_process_will_follow(a); },
      [](auto& f, Answer a) { f.mutable_limbs(0)->set_substantial_difficulty(a); },
      [](auto& f, Answer a) { f.mutable_limbs(3)->set_substantial_difficulty(a); },
      [](auto& f, Answer a) { f.mutable_appropriate_person()->set_exists(a); },
      [](auto& f, Answer a) { f.mutable_appropriate_person()->set_willing_and_able(a); },
      [](auto& f, Answer a) { f.mutable_appropriate_person()->set_paid_or_professional(a); },
      [](auto& f, Answer a) { f.mutable_appropriate_person()->set_person_consents(a); },
      [](auto& f, Answer a) {
        f.mutable_appropriate_person()->set_person_lacks_capacity_to_consent(a);
      },
      [](auto& f, Answer a) { f.mutable_appropriate_person()->set_in_best_interests(a); },
      [](auto& f, Answer a) { f.set_lacks_capacity(a); },
      [](auto& f, Answer a) { f.set_long_nhs_stay(a); },
      [](auto& f, Answer a) { f.set_advocate_in_best_interests(a); },
      [](auto& f, Answer a) { f.set_material_disagreement(a); },
      [](auto& f, Answer a) { f.set_both_want_advocate(a); },
  };
  return kSetters;
}

// What is not known may keep an outcome that both answers would give, and nothing else.
TEST_P(EveryAuthority, AnUnknownFactNeverGivesAStrongerOutcomeThanYesAndNo) {
  std::mt19937 random(20261122);
  for (int round = 0; round < 4000; ++round) {
    v1::AdvocacyFacts facts = FactsFor(policy_);
    for (const v1::Limb limb : kLimbs) SetLimb(facts, limb, ANSWER_NO);
    for (const Setter& set : Setters()) set(facts, kAnswers[random() % 3]);
    for (const Setter& set : Setters()) {
      v1::AdvocacyFacts changed = facts;
      set(changed, ANSWER_UNKNOWN);
      const v1::AdvocacyDecision unknown = DecideAdvocacy(changed, policy_);
      if (unknown.outcome() == v1::ADVOCACY_OUTCOME_CANNOT_TELL) {
        EXPECT_FALSE(unknown.questions().empty()) << changed.ShortDebugString();
        continue;
      }
      for (const Answer answer : {ANSWER_YES, ANSWER_NO}) {
        set(changed, answer);
        EXPECT_EQ(DecideAdvocacy(changed, policy_).outcome(), unknown.outcome())
            << changed.ShortDebugString();
      }
    }
  }
}

// Answering what is asked, whatever the answers, ends in an outcome.
TEST_P(EveryAuthority, AsksOnlyWhatBringsItOn) {
  v1::AdvocacyFacts facts = FactsFor(policy_);
  EXPECT_THAT(FieldsOf(DecideAdvocacy(facts, policy_)),
              ElementsAre("facts.process_will_follow",
                          "facts.limbs[limb=LIMB_UNDERSTANDING].substantial_difficulty",
                          "facts.limbs[limb=LIMB_RETAINING].substantial_difficulty",
                          "facts.limbs[limb=LIMB_USING_OR_WEIGHING].substantial_difficulty",
                          "facts.limbs[limb=LIMB_COMMUNICATING].substantial_difficulty",
                          "facts.appropriate_person.exists"));
  facts = DutyFacts(policy_);
  facts.mutable_appropriate_person()->set_exists(ANSWER_YES);
  EXPECT_THAT(FieldsOf(DecideAdvocacy(facts, policy_)),
              ElementsAre("facts.appropriate_person.willing_and_able",
                          "facts.appropriate_person.paid_or_professional",
                          "facts.appropriate_person.person_lacks_capacity_to_consent",
                          "facts.appropriate_person.person_consents"));
  facts = RepresentedFacts(policy_);
  facts.set_long_nhs_stay(ANSWER_UNKNOWN);
  facts.set_material_disagreement(ANSWER_YES);
  EXPECT_THAT(FieldsOf(DecideAdvocacy(facts, policy_)),
              ElementsAre("facts.long_nhs_stay", "facts.both_want_advocate"));
}

TEST_P(EveryAuthority, GivesStrengthAndCitationsWithEveryReasonOfARuleItHas) {
  const v1::AdvocacyDecision decision = DecideAdvocacy(DutyFacts(policy_), policy_);
  for (const auto& reason : decision.reasons()) {
    EXPECT_FALSE(reason.text().empty());
    EXPECT_FALSE(reason.citations().empty()) << reason.ShortDebugString();
  }
}

// ---- Who counts as the appropriate person (s.67(5) and (6)) ----

TEST(AppropriatePerson, DoesNotCountWhenPaidOrProfessional) {
  v1::AdvocacyFacts facts = RepresentedFacts(ShippedPolicy("rotherham"));
  facts.mutable_appropriate_person()->set_paid_or_professional(ANSWER_YES);
  const v1::AdvocacyDecision decision = DecideAdvocacy(facts, ShippedPolicy("rotherham"));
  EXPECT_EQ(decision.outcome(), v1::ADVOCACY_OUTCOME_DUTY);
  EXPECT_THAT(RulesOf(decision), Contains("s.67(5)"));
}

TEST(AppropriatePerson, DoesNotCountWhenUnwillingOrUnable) {
  v1::AdvocacyFacts facts = RepresentedFacts(ShippedPolicy("rotherham"));
  facts.mutable_appropriate_person()->set_willing_and_able(ANSWER_NO);
  EXPECT_EQ(OutcomeOf(facts), v1::ADVOCACY_OUTCOME_DUTY);
}

TEST(AppropriatePerson, DoesNotCountAgainstTheWishOfThePerson) {
  v1::AdvocacyFacts facts = RepresentedFacts(ShippedPolicy("rotherham"));
  facts.mutable_appropriate_person()->set_person_consents(ANSWER_NO);
  // Best interests say nothing while the person can decide.
  facts.mutable_appropriate_person()->set_in_best_interests(ANSWER_YES);
  const v1::AdvocacyDecision decision = DecideAdvocacy(facts, ShippedPolicy("rotherham"));
  EXPECT_EQ(decision.outcome(), v1::ADVOCACY_OUTCOME_DUTY);
  EXPECT_THAT(RulesOf(decision), Contains("s.67(6)"));
}

TEST(AppropriatePerson, NeedsBestInterestsWhereCapacityToAgreeIsLacking) {
  v1::AdvocacyFacts facts = RepresentedFacts(ShippedPolicy("rotherham"));
  v1::AppropriatePersonFacts& person = *facts.mutable_appropriate_person();
  person.set_person_lacks_capacity_to_consent(ANSWER_YES);
  EXPECT_EQ(OutcomeOf(facts), v1::ADVOCACY_OUTCOME_CANNOT_TELL);
  person.set_in_best_interests(ANSWER_NO);
  EXPECT_EQ(OutcomeOf(facts), v1::ADVOCACY_OUTCOME_DUTY);
  person.set_in_best_interests(ANSWER_YES);
  EXPECT_EQ(OutcomeOf(facts), v1::ADVOCACY_OUTCOME_NO_DUTY);
}

TEST(AppropriatePerson, DoesNotReplaceTheAdvocateInALongNhsStayOrADisagreement) {
  const v1::AdvocacyPolicy policy = ShippedPolicy("rotherham");
  v1::AdvocacyFacts stay = RepresentedFacts(policy);
  stay.set_long_nhs_stay(ANSWER_YES);
  stay.set_advocate_in_best_interests(ANSWER_YES);
  EXPECT_EQ(OutcomeOf(stay), v1::ADVOCACY_OUTCOME_DUTY);
  EXPECT_THAT(RulesOf(DecideAdvocacy(stay, policy)), Contains("reg.4"));
  stay.set_advocate_in_best_interests(ANSWER_NO);
  EXPECT_EQ(OutcomeOf(stay), v1::ADVOCACY_OUTCOME_NO_DUTY);
  v1::AdvocacyFacts dispute = RepresentedFacts(policy);
  dispute.set_material_disagreement(ANSWER_YES);
  dispute.set_both_want_advocate(ANSWER_YES);
  EXPECT_EQ(OutcomeOf(dispute), v1::ADVOCACY_OUTCOME_DUTY);
  dispute.set_both_want_advocate(ANSWER_NO);
  EXPECT_EQ(OutcomeOf(dispute), v1::ADVOCACY_OUTCOME_NO_DUTY);
}

// ---- Capacity, regimes, processes, power ----

TEST(Capacity, IsNotReadAsDifficultyNorTheReverse) {
  const v1::AdvocacyPolicy policy = ShippedPolicy("standard");
  v1::AdvocacyFacts facts = DutyFacts(policy);
  facts.mutable_limbs(1)->set_substantial_difficulty(ANSWER_NO);
  facts.set_lacks_capacity(ANSWER_YES);
  for (auto& limb : *facts.mutable_limbs()) limb.set_lacks_capacity(ANSWER_YES);
  const v1::AdvocacyDecision decision = DecideAdvocacy(facts, policy);
  EXPECT_EQ(decision.outcome(), v1::ADVOCACY_OUTCOME_NO_DUTY);
  EXPECT_THAT(RulesOf(decision), Contains("A6"));
  v1::AdvocacyFacts capable = DutyFacts(policy);
  capable.set_lacks_capacity(ANSWER_NO);
  EXPECT_EQ(DecideAdvocacy(capable, policy).outcome(), v1::ADVOCACY_OUTCOME_DUTY);
}

TEST_P(EveryAuthority, ListsEveryRegimeThatHolds) {
  v1::AdvocacyFacts facts = DutyFacts(policy_);
  facts.set_lacks_capacity(ANSWER_YES);
  facts.set_imca_decision(ANSWER_YES);
  facts.set_imha_eligible(ANSWER_YES);
  EXPECT_THAT(DecideAdvocacy(facts, policy_).regimes(),
              ElementsAre(v1::REGIME_CARE_ACT, v1::REGIME_IMCA, v1::REGIME_IMHA));
  facts.set_imha_eligible(ANSWER_NO);
  facts.set_imca_decision(ANSWER_NO);
  EXPECT_THAT(DecideAdvocacy(facts, policy_).regimes(), ElementsAre(v1::REGIME_CARE_ACT));
}

TEST(Regimes, AreAskedForOnlyWhereTheProcedureHasTheChoice) {
  const v1::AdvocacyPolicy standard = ShippedPolicy("standard");
  EXPECT_THAT(FieldsOf(DecideAdvocacy(DutyFacts(standard), standard)),
              ElementsAre("facts.lacks_capacity", "facts.imha_eligible"));
  const v1::AdvocacyPolicy other = ShippedPolicy("wakefield");
  EXPECT_THAT(FieldsOf(DecideAdvocacy(DutyFacts(other), other)), IsEmpty());
}

TEST_P(EveryAuthority, JudgesAProcessItDoesNotNameLikeOneItDoes) {
  for (int process = 0; process < v1::Process_ARRAYSIZE; ++process) {
    v1::AdvocacyFacts facts = DutyFacts(policy_);
    facts.set_process(static_cast<v1::Process>(process));
    const v1::AdvocacyDecision decision = DecideAdvocacy(facts, policy_);
    EXPECT_EQ(decision.outcome(), v1::ADVOCACY_OUTCOME_DUTY) << process;
    const auto& named = policy_.processes();
    const bool open = process != 0 && std::find(named.begin(), named.end(), process) == named.end();
    EXPECT_EQ(std::count_if(decision.reasons().begin(), decision.reasons().end(),
                            [](const auto& reason) { return reason.rule_id() == "A1'"; }),
              open ? 1 : 0)
        << process;
  }
}

TEST(Review, IsJudgedAsTheProcedureSaysWhereTheActIsNarrower) {
  const v1::AdvocacyPolicy policy = ShippedPolicy("rotherham");
  v1::AdvocacyFacts facts = DutyFacts(policy);
  facts.set_process(v1::PROCESS_REVIEW);
  facts.set_plan_revision_expected(ANSWER_NO);
  const v1::AdvocacyDecision decision = DecideAdvocacy(facts, policy);
  EXPECT_EQ(decision.outcome(), v1::ADVOCACY_OUTCOME_DUTY);
  EXPECT_THAT(RulesOf(decision), Contains("s.67(3)"));
}

TEST_P(EveryAuthority, OffersThePowerOnlyWhereItHasItAndNeverInPlaceOfADuty) {
  v1::AdvocacyFacts facts = RepresentedFacts(policy_);
  facts.set_power_purpose(v1::POWER_PURPOSE_EXPLORE_OPTIONS);
  const v1::AdvocacyDecision power = DecideAdvocacy(facts, policy_);
  EXPECT_EQ(power.outcome(),
            policy_.power_available() ? v1::ADVOCACY_OUTCOME_POWER : v1::ADVOCACY_OUTCOME_NO_DUTY);
  v1::AdvocacyFacts duty = DutyFacts(policy_);
  duty.set_power_purpose(v1::POWER_PURPOSE_EXPLORE_OPTIONS);
  duty.set_power_agreed(ANSWER_NO);
  EXPECT_EQ(DecideAdvocacy(duty, policy_).outcome(), v1::ADVOCACY_OUTCOME_DUTY);
}

TEST(Subjects, AreSentToTheProcedureThatIsTheirs) {
  v1::AdvocacyFacts facts = DutyFacts(ShippedPolicy("rotherham"));
  facts.set_subject(v1::SUBJECT_CARER);
  EXPECT_EQ(OutcomeOf(facts, "standard"), v1::ADVOCACY_OUTCOME_NOT_COVERED);
  EXPECT_EQ(OutcomeOf(facts, "hillingdon-carers"), v1::ADVOCACY_OUTCOME_DUTY);
  facts.set_subject(v1::SUBJECT_PERSON);
  EXPECT_EQ(OutcomeOf(facts, "hillingdon-carers"), v1::ADVOCACY_OUTCOME_NOT_COVERED);
  facts.clear_subject();
  EXPECT_EQ(OutcomeOf(facts, "rotherham"), v1::ADVOCACY_OUTCOME_DUTY);
  EXPECT_EQ(OutcomeOf(facts, "standard"), v1::ADVOCACY_OUTCOME_CANNOT_TELL);
  EXPECT_THAT(FieldsOf(DecideAdvocacy(facts, ShippedPolicy("standard"))),
              ElementsAre("facts.subject"));
}

TEST(StateAfterDecision, FollowsTheOutcome) {
  const v1::AdvocacyPolicy policy = ShippedPolicy("standard");
  const auto state = [&policy](const v1::AdvocacyFacts& facts) {
    return StateAfter(DecideAdvocacy(facts, policy));
  };
  EXPECT_EQ(state(DutyFacts(policy)), v1::ADVOCACY_NEED_STATE_TO_REFER);
  EXPECT_EQ(state(FactsFor(policy)), v1::ADVOCACY_NEED_STATE_UNDECIDED);
  v1::AdvocacyFacts power = RepresentedFacts(policy);
  EXPECT_EQ(state(power), v1::ADVOCACY_NEED_STATE_NOT_REQUIRED);
  power.set_power_purpose(v1::POWER_PURPOSE_UNDERSTAND_INFORMATION);
  EXPECT_EQ(state(power), v1::ADVOCACY_NEED_STATE_UNDECIDED);
  EXPECT_THAT(FieldsOf(DecideAdvocacy(power, policy)), ElementsAre("facts.power_agreed"));
  power.set_power_agreed(ANSWER_YES);
  EXPECT_EQ(state(power), v1::ADVOCACY_NEED_STATE_TO_REFER);
  power.set_power_agreed(ANSWER_NO);
  EXPECT_EQ(state(power), v1::ADVOCACY_NEED_STATE_NOT_REQUIRED);
}

}  // namespace
}  // namespace asc::advocacy
