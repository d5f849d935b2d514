// Every file in golden/ is a case: the answer that an authority's document demands.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "asc/directory/golden/v1/golden.pb.h"
#include "directory-svc/directory_rules.h"
#include "directory-svc/testing/shipped.h"

namespace asc::directory {
namespace {

using golden::v1::Expected;
using golden::v1::GoldenCase;
using ::testing::Contains;
using ::testing::ElementsAreArray;
using ::testing::Not;

std::vector<std::string> GoldenNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("directory-svc/golden")) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void ExpectReasons(const Expected& expected, const Reasons& reasons) {
  std::vector<std::string> rules;
  for (const auto& reason : reasons) rules.push_back(reason.rule_id());
  EXPECT_THAT(rules, ElementsAreArray(expected.reasons()));
}

void ExpectQuestions(const Expected& expected, const Questions& questions) {
  std::vector<std::string> fields;
  for (const auto& question : questions) fields.push_back(question.field());
  EXPECT_THAT(fields, ElementsAreArray(expected.asks()));
}

void ExpectSearch(const Expected& expected, const v1::SearchServicesRequest& request) {
  const auto found = ShippedDirectory().Of(request.authority()).Search(request, std::nullopt, 1000);
  std::vector<std::string> ids;
  Questions questions;
  for (const Found& one : found) {
    ids.push_back(one.service->service_id());
    if (ids.size() == 1) {
      AskEligibility(one.service->content(), request.circumstances(),
                     ShippedPolicy(request.authority()), questions);
    }
  }
  EXPECT_EQ(ids.empty(), expected.none());
  for (const std::string& id : expected.has()) EXPECT_THAT(ids, Contains(id));
  for (const std::string& id : expected.lacks()) EXPECT_THAT(ids, Not(Contains(id)));
  const auto first = static_cast<std::size_t>(expected.first_size());
  ASSERT_GE(ids.size(), first);
  ids.resize(first);
  EXPECT_THAT(ids, ElementsAreArray(expected.first()));
  // The questions are those of the first hit.
  if (!expected.asks().empty()) ExpectQuestions(expected, questions);
}

void ExpectAccess(const Expected& expected, const v1::CheckAccessRequest& request) {
  const auto decision = DecideAccess(request.facts(), ShippedPolicy(request.authority()));
  EXPECT_EQ(decision.outcome(), expected.outcome());
  EXPECT_THAT(decision.steps(), ElementsAreArray(expected.steps()));
  ExpectReasons(expected, decision.reasons());
  ExpectQuestions(expected, decision.questions());
}

void ExpectAdvice(const Expected& expected, const v1::RecordAdviceGivenRequest& request) {
  const auto decision = DecideAdvice(request, ShippedPolicy(request.authority()), "caller");
  EXPECT_EQ(decision.state, expected.state());
  const std::int64_t after =
      decision.follow_up.due_at().seconds() - request.content().given_at().seconds();
  if (decision.follow_up.has_due_at()) {
    EXPECT_EQ(after, expected.due_after_days() * 86400);
  }
  ExpectReasons(expected, decision.reasons);
  ExpectQuestions(expected, decision.questions);
}

class GoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, IsAnsweredAsTheDocumentDemands) {
  GoldenCase golden;
  ASSERT_TRUE(ReadTextProto("directory-svc/golden/" + GetParam() + ".textproto", golden));
  ASSERT_FALSE(golden.why().empty());
  if (golden.has_search()) ExpectSearch(golden.expected(), golden.search());
  if (golden.has_access()) ExpectAccess(golden.expected(), golden.access());
  if (golden.has_advice()) ExpectAdvice(golden.expected(), golden.advice());
  ASSERT_NE(golden.request_case(), GoldenCase::REQUEST_NOT_SET);
}

INSTANTIATE_TEST_SUITE_P(Golden, GoldenTest, ::testing::ValuesIn(GoldenNames()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace asc::directory
