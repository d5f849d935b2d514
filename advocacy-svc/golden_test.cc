// Every file in golden/ is a case: the decision that an authority's document demands.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "advocacy-svc/advocacy_rules.h"
#include "advocacy-svc/hold_rules.h"
#include "advocacy-svc/testing/shipped_policies.h"
#include "asc/advocacy/golden/v1/golden.pb.h"

namespace asc::advocacy {
namespace {

using golden::v1::GoldenCase;
using ::testing::Contains;
using ::testing::ElementsAreArray;

std::vector<std::string> GoldenNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("advocacy-svc/golden")) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// What an expectation looks at, of a decision or of a hold.
struct Said {
  std::vector<std::string> rules;
  std::vector<std::string> fields;
  std::vector<std::string> places;
};

template <class Decision>
Said SaidBy(const Decision& decision) {
  Said said;
  for (const auto& reason : decision.reasons()) {
    const bool known =
        std::find(said.rules.begin(), said.rules.end(), reason.rule_id()) != said.rules.end();
    if (!known) said.rules.push_back(reason.rule_id());
    for (const auto& citation : reason.citations()) said.places.push_back(citation.provision());
  }
  for (const auto& question : decision.questions()) {
    EXPECT_FALSE(question.text().empty()) << question.field();
    said.fields.push_back(question.field());
  }
  return said;
}

v1::AdvocacyNeed NeedOf(const GoldenCase& golden, const v1::AdvocacyDecision& decision) {
  v1::AdvocacyNeed need;
  *need.mutable_decision() = decision;
  need.set_state(golden.declined() ? v1::ADVOCACY_NEED_STATE_DECLINED : StateAfter(decision));
  if (golden.has_placement()) *need.add_placements() = golden.placement();
  return need;
}

class GoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, ComesOutAsTheDocumentSays) {
  GoldenCase golden;
  ASSERT_TRUE(ReadTextProto("advocacy-svc/golden/" + GetParam() + ".textproto", golden));
  SCOPED_TRACE(golden.says());
  ASSERT_FALSE(golden.lines().empty());
  const v1::AdvocacyPolicy policy = ShippedPolicy(golden.authority());
  ASSERT_EQ(policy.authority(), golden.authority());
  const auto& expected = golden.expected();
  const v1::AdvocacyDecision decision = DecideAdvocacy(golden.facts(), policy);
  EXPECT_EQ(decision.outcome(), expected.outcome());
  Said said = SaidBy(decision);
  if (golden.has_hold()) {
    const v1::HoldDecision hold = DecideHold(NeedOf(golden, decision), {}, golden.hold(), policy);
    EXPECT_EQ(hold.outcome(), expected.hold());
    said = SaidBy(hold);
  } else {
    EXPECT_THAT(decision.regimes(), ElementsAreArray(expected.regimes()));
    EXPECT_EQ(decision.referral_timing(), expected.referral_timing());
    EXPECT_EQ(decision.refer_early(), expected.refer_early());
  }
  EXPECT_THAT(said.rules, ElementsAreArray(expected.reasons()));
  EXPECT_THAT(said.fields, ElementsAreArray(expected.asks()));
  if (!expected.cites().empty()) {
    EXPECT_THAT(said.places, Contains(expected.cites()));
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, GoldenTest, ::testing::ValuesIn(GoldenNames()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace asc::advocacy
