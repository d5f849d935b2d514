#include "referral-svc/residence_rules.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "referral-svc/testing/every_fact.h"
#include "referral-svc/testing/shipped_policies.h"

namespace asc::referral {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;

const std::vector<std::string> kFacts = {
    "ordinarily_resident_here", "would_delay",    "person_insists",     "appearance_of_need",
    "hard_to_make_contact",     "contact_agreed", "disputed_or_refused"};

TEST(Residence, UnknownFactsNeverGiveAStrongerOutcomeThanBothYesAndNo) {
  const v1::ReferralPolicy& policy = ShippedPolicy("milton-keynes");
  v1::Residence residence;
  ExpectUnknownIsNeverStronger(residence, kFacts,
                               [&] { return VerdictOf(DecideResidence(residence, policy)); });
}

TEST(Residence, NeverDelaysWhereThereIsAnAppearanceOfNeed) {
  const v1::ReferralPolicy& policy = ShippedPolicy("milton-keynes");
  v1::Residence residence;
  EachCombination(residence, kFacts, [&] {
    if (residence.appearance_of_need() != ANSWER_YES) return;
    // Only somebody from elsewhere who does not insist is better helped there.
    const bool content = residence.ordinarily_resident_here() == ANSWER_NO &&
                         residence.person_insists() == ANSWER_NO &&
                         residence.disputed_or_refused() != ANSWER_YES;
    EXPECT_EQ(DecideResidence(residence, policy).decision().outcome(),
              content ? v1::OUTCOME_REDIRECTED : v1::OUTCOME_PERMITTED)
        << residence.ShortDebugString();
  });
}

TEST(Residence, NeverRefusesAndAsksWheneverItCannotTell) {
  const v1::ReferralPolicy& policy = ShippedPolicy("milton-keynes");
  v1::Residence residence;
  EachCombination(residence, kFacts, [&] {
    const v1::Decision decision = DecideResidence(residence, policy).decision();
    EXPECT_NE(decision.outcome(), v1::OUTCOME_REFUSED);
    EXPECT_GE(decision.reasons_size(), 1);
    if (decision.outcome() == v1::OUTCOME_CANNOT_TELL) {
      EXPECT_GE(decision.questions_size(), 1) << residence.ShortDebugString();
    }
  });
}

TEST(Residence, IsNoMatterForAProcedureThatSaysNothingOfIt) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    if (policy.residence().established_first()) continue;
    v1::Residence residence;
    EachCombination(residence, kFacts, [&] {
      const auto answer = DecideResidence(residence, policy);
      EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_NOT_COVERED);
      EXPECT_EQ(answer.decision().questions_size(), 0);
      EXPECT_EQ(answer.actions_size(), 0);
    });
  }
}

}  // namespace
}  // namespace asc::referral
