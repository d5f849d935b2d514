// Every file in golden/ is a case: the decision that an authority's document demands.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "asc/funding/golden/v1/golden.pb.h"
#include "funding-svc/charging_rules.h"
#include "funding-svc/decision_rules.h"
#include "funding-svc/testing/shipped_policies.h"
#include "funding-svc/urgent_rules.h"

namespace asc::funding {
namespace {

using golden::v1::Expected;
using golden::v1::GoldenCase;
using ::testing::Contains;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

std::vector<std::string> GoldenNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("funding-svc/golden")) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// What was said, of whatever kind.
struct Said {
  std::vector<std::string> rules;
  std::vector<std::string> fields;
  std::vector<std::string> places;
  std::vector<std::string> texts;

  template <class Reasons>
  void AddReasons(const Reasons& reasons) {
    for (const auto& reason : reasons) {
      if (std::find(rules.begin(), rules.end(), reason.rule_id()) == rules.end()) {
        rules.push_back(reason.rule_id());
      }
      texts.push_back(reason.text());
      for (const auto& citation : reason.citations()) places.push_back(citation.provision());
    }
  }
  template <class Questions>
  void AddQuestions(const Questions& questions) {
    for (const auto& question : questions) fields.push_back(question.field());
  }
};

Said SayUrgent(const GoldenCase& golden, const v1::FundingPolicy& policy) {
  const v1::UrgentSupportCheck check = CheckUrgent(golden.urgent(), policy);
  EXPECT_EQ(check.section(), golden.expected().section());
  EXPECT_EQ(check.considerations_complete(), golden.expected().considerations_complete());
  EXPECT_EQ(check.elsewhere().title(), golden.expected().elsewhere());
  Said said;
  said.AddReasons(check.reasons());
  said.AddQuestions(check.questions());
  return said;
}

Said SayCharging(const GoldenCase& golden, const v1::FundingPolicy& policy) {
  const v1::ChargingDecision decision = DecideCharging(golden.charging(), policy);
  Said said;
  said.AddReasons(decision.reasons());
  said.AddQuestions(decision.questions());
  std::vector<int> outcomes;
  std::string free_until_on;
  for (const auto& item : decision.items()) {
    outcomes.push_back(item.outcome());
    free_until_on += item.free_until_on();
    said.AddReasons(item.reasons());
  }
  EXPECT_THAT(outcomes, ElementsAreArray(golden.expected().charges()));
  EXPECT_EQ(free_until_on, golden.expected().free_until_on());
  return said;
}

Said SayDecision(const GoldenCase& golden, const v1::FundingPolicy& policy) {
  v1::FundingRequest request;
  request.set_requested_by("practitioner");
  *request.mutable_content() = golden.content();
  const v1::FundingAnswer answer =
      CheckDecision(request, golden.decision(), golden.record(), {"manager", {"*"}}, policy);
  EXPECT_EQ(answer.accepted(), golden.expected().accepted());
  Said said;
  said.AddReasons(answer.reasons());
  said.AddQuestions(answer.questions());
  return said;
}

class GoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, ComesOutAsTheDocumentSays) {
  GoldenCase golden;
  ASSERT_TRUE(ReadTextProto("funding-svc/golden/" + GetParam() + ".textproto", golden));
  SCOPED_TRACE(golden.says());
  ASSERT_FALSE(golden.lines().empty());
  const v1::FundingPolicy policy = ShippedPolicy(golden.authority());
  ASSERT_EQ(policy.authority(), golden.authority());
  const Said said = golden.has_urgent()     ? SayUrgent(golden, policy)
                    : golden.has_charging() ? SayCharging(golden, policy)
                                            : SayDecision(golden, policy);
  const Expected& expected = golden.expected();
  EXPECT_THAT(said.rules, ElementsAreArray(expected.reasons()));
  EXPECT_THAT(said.fields, ElementsAreArray(expected.asks()));
  if (!expected.cites().empty()) {
    EXPECT_THAT(said.places, Contains(expected.cites()));
  }
  if (!expected.says().empty()) {
    EXPECT_THAT(said.texts, Contains(HasSubstr(expected.says())));
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, GoldenTest, ::testing::ValuesIn(GoldenNames()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace asc::funding
