#include "referral-svc/referral_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "platform/facts/tri_state.h"
#include "referral-svc/testing/shipped_policies.h"

namespace asc::referral {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;

constexpr Answer kAnswers[] = {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN};

// A person's referral with nothing in it but the five facts of R1.
v1::ReferralDetails WithFacts(const std::vector<Answer>& facts) {
  v1::ReferralDetails details;
  details.set_subject(v1::SUBJECT_PERSON);
  v1::LawfulBasis& basis = *details.mutable_lawful_basis();
  basis.set_made_by_the_person(facts[0]);
  basis.mutable_consent()->set_given(facts[1]);
  basis.mutable_capacity()->set_lacks_capacity(facts[2]);
  basis.mutable_best_interests()->set_decided(facts[3]);
  basis.set_at_risk_of_abuse_or_neglect(facts[4]);
  return details;
}

std::vector<std::vector<Answer>> AllFacts() {
  std::vector<std::vector<Answer>> all = {{}};
  for (int i = 0; i < 5; ++i) {
    std::vector<std::vector<Answer>> longer;
    for (const auto& facts : all) {
      for (const Answer answer : kAnswers) {
        longer.push_back(facts);
        longer.back().push_back(answer);
      }
    }
    all = std::move(longer);
  }
  return all;
}

v1::Outcome OutcomeOf(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy) {
  return DecideReferral(details, policy).decision().outcome();
}

// The outcome of R1 worked out from what it says: the facts that are not known are filled in in
// every way; when all ways agree, that is the outcome.
v1::Outcome ByFillingIn(const std::vector<Answer>& facts, bool best_interests_counts) {
  bool may_hold = false;
  bool may_fail = false;
  for (int ways = 0; ways < 32; ++ways) {
    bool known[5];
    bool possible = true;
    for (int i = 0; i < 5; ++i) {
      known[i] = ((ways >> i) & 1) != 0;
      possible &= facts[i] == ANSWER_UNKNOWN || (facts[i] == ANSWER_YES) == known[i];
    }
    // Whoever lacks the capacity for it cannot have consented.
    possible &= !(facts[1] == ANSWER_UNKNOWN && known[1] && known[2]);
    if (!possible) continue;
    const bool holds =
        known[0] || known[1] || known[4] || (best_interests_counts && known[2] && known[3]);
    (holds ? may_hold : may_fail) = true;
  }
  if (may_hold && may_fail) return v1::OUTCOME_CANNOT_TELL;
  return may_hold ? v1::OUTCOME_PERMITTED : v1::OUTCOME_REFUSED;
}

TEST(LawfulBasis, IsWhatEveryWayToFillInTheFactsAgreesOn) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy policy = ShippedPolicy(authority);
    const bool carers = policy.scope().subjects(0) == v1::SUBJECT_CARER;
    for (const auto& facts : AllFacts()) {
      v1::ReferralDetails details = WithFacts(facts);
      if (carers) details.set_subject(v1::SUBJECT_CARER);
      EXPECT_EQ(OutcomeOf(details, policy), ByFillingIn(facts, !carers))
          << authority << ": " << details.lawful_basis().ShortDebugString();
    }
  }
}

TEST(LawfulBasis, AsksForEveryFactThatCouldSettleItAndForNoOther) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  for (const auto& facts : AllFacts()) {
    const auto answer = DecideReferral(WithFacts(facts), policy);
    if (answer.decision().outcome() != v1::OUTCOME_CANNOT_TELL) continue;
    const char* paths[] = {"details.lawful_basis.made_by_the_person",
                           "details.lawful_basis.consent.given",
                           "details.lawful_basis.capacity.lacks_capacity",
                           "details.lawful_basis.best_interests.decided",
                           "details.lawful_basis.at_risk_of_abuse_or_neglect"};
    for (int i = 0; i < 5; ++i) {
      const bool useless = (i == 2 && facts[3] == ANSWER_NO) || (i == 3 && facts[2] == ANSWER_NO) ||
                           (i == 1 && facts[2] == ANSWER_YES);
      bool asked = false;
      for (const auto& question : answer.decision().questions()) {
        asked |= question.field() == paths[i] && question.rule_id() == "R1";
      }
      EXPECT_EQ(asked, facts[i] == ANSWER_UNKNOWN && !useless) << paths[i];
    }
  }
}

TEST(LawfulBasis, UnspecifiedMeansUnknown) {
  const v1::ReferralPolicy policy = ShippedPolicy("wakefield");
  v1::ReferralDetails details;
  details.set_subject(v1::SUBJECT_PERSON);
  EXPECT_EQ(OutcomeOf(details, policy), v1::OUTCOME_CANNOT_TELL);
}

// Every answer of the details in turn: not knowing it never decides what both yes and no leave
// open.
void SetAnswer(int fact, Answer answer, v1::ReferralDetails& details) {
  switch (fact) {
    case 0:
      return details.mutable_lawful_basis()->set_made_by_the_person(answer);
    case 1:
      return details.mutable_lawful_basis()->mutable_consent()->set_given(answer);
    case 2:
      return details.mutable_lawful_basis()->mutable_capacity()->set_lacks_capacity(answer);
    case 3:
      return details.mutable_lawful_basis()->mutable_best_interests()->set_decided(answer);
    case 4:
      return details.mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(answer);
    case 5:
      return details.set_would_benefit(answer);
    case 6:
      return details.set_moving_to_adult_services(answer);
    default:
      return details.mutable_advocacy()->set_substantial_difficulty_likely(answer);
  }
}

int StrengthOf(v1::Outcome outcome) { return outcome == v1::OUTCOME_CANNOT_TELL ? 0 : 1; }

TEST(UnknownFacts, NeverGiveAStrongerOutcomeThanBothYesAndNo) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy policy = ShippedPolicy(authority);
    for (const auto& facts : AllFacts()) {
      for (int fact = 0; fact < 8; ++fact) {
        v1::ReferralDetails details = WithFacts(facts);
        details.set_subject(policy.scope().subjects(0));
        SetAnswer(fact, ANSWER_YES, details);
        const auto yes = DecideReferral(details, policy);
        SetAnswer(fact, ANSWER_NO, details);
        const auto no = DecideReferral(details, policy);
        SetAnswer(fact, ANSWER_UNKNOWN, details);
        const auto unknown = DecideReferral(details, policy);
        const v1::Outcome outcome = unknown.decision().outcome();
        EXPECT_LE(StrengthOf(outcome), std::max(StrengthOf(yes.decision().outcome()),
                                                StrengthOf(no.decision().outcome())));
        EXPECT_TRUE(outcome == v1::OUTCOME_CANNOT_TELL || outcome == yes.decision().outcome() ||
                    outcome == no.decision().outcome());
        if (unknown.should_be_taken() == ANSWER_YES) {
          EXPECT_TRUE(yes.should_be_taken() == ANSWER_YES || no.should_be_taken() == ANSWER_YES);
        }
      }
    }
  }
}

TEST(Scope, SendsOnlyStrangersElsewhere) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy policy = ShippedPolicy(authority);
    for (const v1::Subject subject : {v1::SUBJECT_PERSON, v1::SUBJECT_CARER}) {
      v1::ReferralDetails details =
          WithFacts({ANSWER_YES, ANSWER_YES, ANSWER_NO, ANSWER_NO, ANSWER_NO});
      details.set_subject(subject);
      const auto answer = DecideReferral(details, policy);
      const bool stranger = (authority == "standard" && subject == v1::SUBJECT_CARER) ||
                            (authority == "hillingdon-carers" && subject == v1::SUBJECT_PERSON);
      EXPECT_EQ(answer.decision().outcome(),
                stranger ? v1::OUTCOME_REDIRECTED : v1::OUTCOME_PERMITTED);
      EXPECT_EQ(answer.decision().redirect().empty(), !stranger);
      EXPECT_EQ(answer.items().empty(), stranger);
    }
  }
}

v1::ItemState ItemOf(const v1::ReferralDetails& details, v1::Item item) {
  const auto answer = DecideReferral(details, ShippedPolicy("rotherham"));
  for (const auto& state : answer.items()) {
    if (state.item() == item) return state;
  }
  return {};
}

v1::ReferralDetails Self() {
  return WithFacts({ANSWER_YES, ANSWER_UNKNOWN, ANSWER_NO, ANSWER_NO, ANSWER_NO});
}

TEST(Items, PersonalDetailsAreCompleteOnlyWithEveryPart) {
  v1::ReferralDetails details = Self();
  EXPECT_EQ(ItemOf(details, v1::ITEM_PERSONAL_DETAILS).progress(), v1::ITEM_PROGRESS_MISSING);
  details.mutable_person()->set_full_name("Edna Marsh");
  EXPECT_EQ(ItemOf(details, v1::ITEM_PERSONAL_DETAILS).progress(), v1::ITEM_PROGRESS_PARTIAL);
  details.mutable_personal()->set_previous_surname("Hill");
  details.mutable_personal()->add_address_lines("3 Mill Row");
  details.mutable_person()->set_postcode("S60 1AE");
  details.mutable_personal()->mutable_contact()->add_text_numbers("07700 900000");
  details.mutable_person()->set_born_on("1941-02-03");
  details.mutable_personal()->set_national_insurance_number("AB123456C");
  EXPECT_THAT(ItemOf(details, v1::ITEM_PERSONAL_DETAILS).missing_fields(),
              ::testing::ElementsAre("person.nhs_number"));
  details.mutable_person()->set_nhs_number("9434765919");
  EXPECT_EQ(ItemOf(details, v1::ITEM_PERSONAL_DETAILS).progress(), v1::ITEM_PROGRESS_COMPLETE);
}

TEST(Items, TheReferrerIsAskedForOnlyWhenThePersonDoesNotRefer) {
  v1::ReferralDetails details = Self();
  EXPECT_EQ(ItemOf(details, v1::ITEM_REFERRER).progress(), v1::ITEM_PROGRESS_NOT_ASKED);
  EXPECT_EQ(ItemOf(details, v1::ITEM_REFERRER_VIEW).progress(), v1::ITEM_PROGRESS_NOT_ASKED);
  details.mutable_lawful_basis()->set_made_by_the_person(ANSWER_UNKNOWN);
  EXPECT_THAT(ItemOf(details, v1::ITEM_REFERRER).missing_fields(),
              ::testing::ElementsAre("lawful_basis.made_by_the_person"));
  details.mutable_referrer()->set_full_name("Sam Wood");
  EXPECT_THAT(ItemOf(details, v1::ITEM_REFERRER).missing_fields(),
              ::testing::ElementsAre("referrer.relationship", "referrer.contact"));
  details.mutable_lawful_basis()->set_made_by_the_person(ANSWER_NO);
  EXPECT_THAT(ItemOf(details, v1::ITEM_REFERRER_VIEW).missing_fields(),
              ::testing::ElementsAre("referrer_view.issue"));
}

TEST(Items, ConsentAndCapacityExcludeEachOther) {
  for (const Answer given : kAnswers) {
    v1::ReferralDetails details = Self();
    details.mutable_lawful_basis()->mutable_consent()->set_given(given);
    details.mutable_lawful_basis()->mutable_best_interests()->clear_decided();
    const auto consent = ItemOf(details, v1::ITEM_CONSENT);
    const auto capacity = ItemOf(details, v1::ITEM_CAPACITY);
    if (given == ANSWER_YES) {
      EXPECT_THAT(consent.missing_fields(), ::testing::ElementsAre("lawful_basis.consent.given_at",
                                                                   "lawful_basis.consent.how"));
      EXPECT_EQ(capacity.progress(), v1::ITEM_PROGRESS_NOT_ASKED);
    } else if (given == ANSWER_NO) {
      EXPECT_EQ(consent.progress(), v1::ITEM_PROGRESS_NOT_ASKED);
      EXPECT_THAT(capacity.missing_fields(),
                  ::testing::ElementsAre("lawful_basis.capacity.assessed",
                                         "lawful_basis.best_interests.decided"));
    } else {
      EXPECT_THAT(consent.missing_fields(), ::testing::ElementsAre("lawful_basis.consent.given"));
      EXPECT_THAT(capacity.missing_fields(), ::testing::ElementsAre("lawful_basis.consent.given"));
    }
  }
}

TEST(Items, AnAdvocateIsAskedForOnlyWhenDifficultyIsLikely) {
  v1::ReferralDetails details = Self();
  details.mutable_advocacy()->set_substantial_difficulty_likely(ANSWER_NO);
  EXPECT_EQ(ItemOf(details, v1::ITEM_ADVOCACY).progress(), v1::ITEM_PROGRESS_COMPLETE);
  details.mutable_advocacy()->set_substantial_difficulty_likely(ANSWER_YES);
  EXPECT_THAT(ItemOf(details, v1::ITEM_ADVOCACY).missing_fields(),
              ::testing::ElementsAre("advocacy.advocate_considered"));
}

TEST(Items, AListMayBeKnownToBeEmpty) {
  v1::ReferralDetails details = Self();
  details.mutable_prior_options()->set_any(ANSWER_NO);
  details.mutable_information()->set_any(ANSWER_NO);
  details.mutable_prevention()->set_any(ANSWER_NO);
  details.mutable_communication()->set_any(ANSWER_NO);
  details.mutable_services()->set_any(ANSWER_NO);
  details.mutable_involve()->set_any(ANSWER_NO);
  details.mutable_other()->set_any(ANSWER_NO);
  for (const v1::Item item :
       {v1::ITEM_PRIOR_OPTIONS, v1::ITEM_INFORMATION, v1::ITEM_PREVENTION, v1::ITEM_COMMUNICATION,
        v1::ITEM_SERVICES, v1::ITEM_PEOPLE_TO_INVOLVE, v1::ITEM_OTHER}) {
    EXPECT_EQ(ItemOf(details, item).progress(), v1::ITEM_PROGRESS_COMPLETE) << item;
  }
}

TEST(Items, PeopleAreInvolvedWithConsentAndAWayToReachThem) {
  v1::ReferralDetails details = Self();
  EXPECT_EQ(ItemOf(details, v1::ITEM_PEOPLE_TO_INVOLVE).progress(), v1::ITEM_PROGRESS_MISSING);
  v1::PersonToInvolve& friend_of_hers = *details.mutable_involve()->add_people();
  friend_of_hers.set_full_name("Ann Lowe");
  EXPECT_THAT(ItemOf(details, v1::ITEM_PEOPLE_TO_INVOLVE).missing_fields(),
              ::testing::ElementsAre("involve.people[0].consent", "involve.people[0].contact"));
  friend_of_hers.set_consent(ANSWER_YES);
  friend_of_hers.mutable_contact()->set_email("ann@example.org");
  EXPECT_EQ(ItemOf(details, v1::ITEM_PEOPLE_TO_INVOLVE).progress(), v1::ITEM_PROGRESS_COMPLETE);
}

TEST(Questions, NameEachFieldOnce) {
  const auto answer = DecideReferral(v1::ReferralDetails(Self()), ShippedPolicy("rotherham"));
  std::set<std::string> fields;
  for (const auto& question : answer.decision().questions()) {
    EXPECT_TRUE(fields.insert(question.field()).second) << question.field();
    EXPECT_FALSE(question.text().empty()) << question.field();
  }
}

TEST(Questions, AreNotPutAboutSomebodyWhoIsNotReferred) {
  const auto answer =
      DecideReferral(WithFacts({ANSWER_NO, ANSWER_NO, ANSWER_NO, ANSWER_NO, ANSWER_NO}),
                     ShippedPolicy("rotherham"));
  EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_TRUE(answer.decision().questions().empty());
  EXPECT_EQ(answer.items_size(), 14);
}

TEST(PersonalDetails, WantAnotherNameOfEitherKind) {
  const auto missing = [](const v1::ReferralDetails& details) {
    const auto answer = DecideReferral(details, ShippedPolicy("rotherham"));
    for (const auto& item : answer.items()) {
      if (item.item() != v1::ITEM_PERSONAL_DETAILS) continue;
      const auto& fields = item.missing_fields();
      return std::find(fields.begin(), fields.end(), "personal.preferred_name") != fields.end();
    }
    ADD_FAILURE() << "no personal details are asked for";
    return false;
  };
  v1::ReferralDetails details = WithFacts({ANSWER_YES, ANSWER_NO, ANSWER_NO, ANSWER_NO, ANSWER_NO});
  EXPECT_TRUE(missing(details));
  details.mutable_personal()->set_previous_surname("Winter");
  EXPECT_FALSE(missing(details));
  details.mutable_personal()->set_preferred_name("Eddie");
  EXPECT_FALSE(missing(details));
}

constexpr v1::Item kListItems[] = {v1::ITEM_PRIOR_OPTIONS, v1::ITEM_INFORMATION,
                                   v1::ITEM_PREVENTION,    v1::ITEM_COMMUNICATION,
                                   v1::ITEM_SERVICES,      v1::ITEM_OTHER};

// The items of which something is missing.
std::set<int> ToGather(const v1::ReferralDetails& details) {
  std::set<int> items;
  const auto answer = DecideReferral(details, ShippedPolicy("rotherham"));
  for (const auto& item : answer.items()) {
    if (!item.missing_fields().empty()) items.insert(item.item());
  }
  return items;
}

TEST(Items, AreSettledByTheAnswerThatThereIsNothing) {
  v1::ReferralDetails details = WithFacts({ANSWER_YES, ANSWER_NO, ANSWER_NO, ANSWER_NO, ANSWER_NO});
  const std::set<int> before = ToGather(details);
  details.mutable_prior_options()->set_any(ANSWER_NO);
  details.mutable_information()->set_any(ANSWER_NO);
  details.mutable_prevention()->set_any(ANSWER_NO);
  details.mutable_communication()->set_any(ANSWER_NO);
  details.mutable_services()->set_any(ANSWER_NO);
  details.mutable_other()->set_any(ANSWER_NO);

  const std::set<int> after = ToGather(details);

  for (const v1::Item item : kListItems) {
    EXPECT_EQ(before.count(item), 1u) << v1::Item_Name(item);
    EXPECT_EQ(after.count(item), 0u) << v1::Item_Name(item);
  }
}

TEST(Items, AreSettledByWhatThereIs) {
  v1::ReferralDetails details = WithFacts({ANSWER_YES, ANSWER_NO, ANSWER_NO, ANSWER_NO, ANSWER_NO});
  details.mutable_prior_options()->add_options();
  details.mutable_prior_options()->set_family_and_community("a neighbour looks in");
  details.mutable_information()->add_needed("where to ask about equipment");
  details.mutable_prevention()->add_services();
  details.mutable_communication()->add_needs();
  details.mutable_services()->add_services();
  details.mutable_other()->add_matters();

  const std::set<int> items = ToGather(details);

  for (const v1::Item item : kListItems) EXPECT_EQ(items.count(item), 0u) << v1::Item_Name(item);
}

TEST(PersonalDetails, AreReachedInAnyWay) {
  const auto missing = [](const v1::ReferralDetails& details) {
    const auto answer = DecideReferral(details, ShippedPolicy("rotherham"));
    const auto& fields = answer.items(0).missing_fields();
    return std::find(fields.begin(), fields.end(), "personal.contact") != fields.end();
  };
  const v1::ReferralDetails nothing =
      WithFacts({ANSWER_YES, ANSWER_NO, ANSWER_NO, ANSWER_NO, ANSWER_NO});
  EXPECT_TRUE(missing(nothing));
  v1::ReferralDetails details = nothing;
  details.mutable_personal()->mutable_contact()->add_telephones("01632 960001");
  EXPECT_FALSE(missing(details));
  details = nothing;
  details.mutable_personal()->mutable_contact()->add_text_numbers("60001");
  EXPECT_FALSE(missing(details));
  details = nothing;
  details.mutable_personal()->mutable_contact()->set_email("eddie@example.org");
  EXPECT_FALSE(missing(details));
  details = nothing;
  details.mutable_personal()->mutable_contact()->set_postal_address("1 Invented Row");
  EXPECT_FALSE(missing(details));
}

// A referral that is open stays workable when another procedure turns out to be the right one.
TEST(OpenReferral, KeepsItsItemsBesideARedirect) {
  const v1::ReferralPolicy policy = ShippedPolicy("hillingdon-carers");
  v1::ReferralDetails details = Self();
  details.set_subject(v1::SUBJECT_CARER);
  EXPECT_EQ(DecideOpenReferral(details, policy).decision().outcome(), v1::OUTCOME_PERMITTED);
  details.set_moving_to_adult_services(ANSWER_YES);
  const auto answer = DecideOpenReferral(details, policy);
  EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_REDIRECTED);
  EXPECT_EQ(answer.should_be_taken(), ANSWER_NO);
  EXPECT_GT(answer.items_size(), 0);
  EXPECT_EQ(DecideReferral(details, policy).items_size(), 0);
}

TEST(Residence, HasNoReasonWhereAPolicyStatesNone) {
  v1::ReferralPolicy policy = ShippedPolicy("milton-keynes");
  EXPECT_FALSE(DecideReferral(Self(), policy).decision().reasons().empty());
  policy.clear_statements();
  EXPECT_TRUE(DecideReferral(Self(), policy).decision().reasons().empty());
}

TEST(Transition, IsAskedOfCarersOnly) {
  v1::ReferralPolicy policy = ShippedPolicy("hillingdon-carers");
  policy.mutable_scope()->add_subjects(v1::SUBJECT_PERSON);
  v1::ReferralDetails details = WithFacts({ANSWER_NO, ANSWER_NO, ANSWER_NO, ANSWER_NO, ANSWER_YES});
  const auto asks = [&] {
    const auto answer = DecideReferral(details, policy);
    const auto& questions = answer.decision().questions();
    return std::any_of(questions.begin(), questions.end(), [](const type::v1::Question& question) {
      return question.field() == "details.moving_to_adult_services";
    });
  };
  EXPECT_FALSE(asks());
  details.set_subject(v1::SUBJECT_CARER);
  EXPECT_TRUE(asks());
}

}  // namespace
}  // namespace asc::referral
