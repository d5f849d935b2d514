// Every file in golden/ is a case: the decision that an authority's document demands.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <vector>

#include "asc/referral/golden/v1/golden.pb.h"
#include "referral-svc/case_rules.h"
#include "referral-svc/equipment_rules.h"
#include "referral-svc/referral_rules.h"
#include "referral-svc/residence_rules.h"
#include "referral-svc/review_rules.h"
#include "referral-svc/route_rules.h"
#include "referral-svc/team_rules.h"
#include "referral-svc/testing/shipped_policies.h"
#include "referral-svc/transfer_rules.h"

namespace asc::referral {
namespace {

using golden::v1::Expected;
using golden::v1::ExpectedAction;
using golden::v1::GoldenCase;

std::vector<std::string> GoldenNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("referral-svc/golden")) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> ReasonsOf(const v1::Decision& decision) {
  std::vector<std::string> ids;
  for (const auto& reason : decision.reasons()) ids.push_back(reason.rule_id());
  return ids;
}

void ExpectDecision(const Expected& expected, const v1::Decision& decision) {
  EXPECT_EQ(decision.outcome(), expected.outcome());
  EXPECT_EQ(decision.redirect(), expected.redirect());
  EXPECT_THAT(ReasonsOf(decision), ::testing::ElementsAreArray(expected.reasons()));
  ASSERT_GE(decision.questions_size(), expected.asks_size());
  for (int i = 0; i < expected.asks_size(); ++i) {
    EXPECT_EQ(decision.questions(i).field(), expected.asks(i));
    EXPECT_FALSE(decision.questions(i).text().empty());
  }
}

void ExpectCheck(const Expected& expected, const v1::CheckReferralResponse& answer) {
  ExpectDecision(expected, answer.decision());
  if (expected.should_be_taken() != type::v1::ANSWER_UNSPECIFIED) {
    EXPECT_EQ(answer.should_be_taken(), expected.should_be_taken());
  }
  std::vector<int> bases;
  for (const auto& basis : answer.bases()) {
    if (basis.holds() == type::v1::ANSWER_YES) bases.push_back(basis.basis());
  }
  if (!expected.bases().empty()) {
    EXPECT_THAT(bases, ::testing::ElementsAreArray(expected.bases()));
  }
  if (expected.items() != 0) {
    EXPECT_EQ(answer.items_size(), expected.items());
  }
  std::vector<int> open;
  for (const auto& item : answer.items()) {
    if (!item.missing_fields().empty()) open.push_back(item.item());
    if (expected.item_strength() != type::v1::STRENGTH_UNSPECIFIED) {
      EXPECT_EQ(item.strength(), expected.item_strength());
    }
  }
  if (expected.items() != 0 || !expected.still_to_gather().empty()) {
    EXPECT_THAT(open, ::testing::ElementsAreArray(expected.still_to_gather()));
  }
}

void ExpectAction(const ExpectedAction& expected, const v1::Action& action) {
  EXPECT_EQ(action.rule_id(), expected.rule_id());
  EXPECT_EQ(action.kind(), expected.kind());
  EXPECT_FALSE(action.text().empty());
  if (!expected.line().empty()) {
    ASSERT_EQ(action.citations_size(), 1);
    const bool range = expected.line().find('-') != std::string::npos;
    EXPECT_EQ(action.citations(0).provision(), (range ? "lines " : "line ") + expected.line());
  }
  if (expected.includes_urgent() != type::v1::ANSWER_UNSPECIFIED) {
    EXPECT_EQ(action.includes_urgent(), expected.includes_urgent());
  }
  if (expected.due() != type::v1::ANSWER_UNSPECIFIED) {
    EXPECT_EQ(action.due(), expected.due());
  }
  if (expected.strength() != type::v1::STRENGTH_UNSPECIFIED) {
    EXPECT_EQ(action.strength(), expected.strength());
  }
  if (!expected.channels().empty()) {
    EXPECT_THAT(action.channels(), ::testing::ElementsAreArray(expected.channels()));
  }
}

template <class Actions>
void ExpectActions(const Expected& expected, const Actions& actions) {
  ASSERT_EQ(actions.size(), expected.actions_size());
  for (int i = 0; i < actions.size(); ++i) ExpectAction(expected.actions(i), actions.Get(i));
}

// The same, with no question more than the document leads to.
void ExpectWholeDecision(const Expected& expected, const v1::Decision& decision) {
  ExpectDecision(expected, decision);
  EXPECT_EQ(decision.questions_size(), expected.asks_size()) << decision.DebugString();
  bool said = expected.says().empty();
  for (const auto& reason : decision.reasons()) {
    EXPECT_FALSE(reason.text().empty());
    said |= reason.text().find(expected.says()) != std::string::npos;
  }
  EXPECT_TRUE(said) << expected.says();
}

void ExpectReview(const Expected& expected, const v1::DecideReviewResponse& answer) {
  ExpectWholeDecision(expected, answer.decision());
  EXPECT_EQ(answer.route(), expected.review_route());
  EXPECT_EQ(answer.allocated_worker_id(), expected.allocated_worker_id());
  EXPECT_EQ(answer.responsible_team_id(), expected.responsible_team_id());
  ExpectActions(expected, answer.actions());
}

void ExpectGates(const Expected& expected, const GateDecision& answer) {
  ExpectWholeDecision(expected, answer.decision);
  ASSERT_EQ(static_cast<int>(answer.gates.size()), expected.gates_size());
  for (int i = 0; i < expected.gates_size(); ++i) {
    const v1::Gate& gate = answer.gates[i];
    EXPECT_EQ(gate.rule_id(), expected.gates(i).rule_id());
    EXPECT_EQ(gate.strength(), expected.gates(i).strength()) << gate.rule_id();
    EXPECT_EQ(gate.open(), expected.gates(i).open()) << gate.rule_id();
    EXPECT_EQ(gate.may_be_overridden(), expected.gates(i).may_be_overridden()) << gate.rule_id();
    EXPECT_FALSE(gate.text().empty());
    ASSERT_GE(gate.citations_size(), 1);
    EXPECT_EQ(gate.citations(0).provision(), "line " + expected.gates(i).line());
  }
}

void ExpectRoute(const Expected& expected, const v1::RouteContactResponse& answer) {
  ExpectDecision(expected, answer.decision());
  EXPECT_EQ(answer.outcome(), expected.route());
  EXPECT_EQ(answer.allocated_worker_id(), expected.allocated_worker_id());
  EXPECT_EQ(answer.responsible_team_id(), expected.responsible_team_id());
  ExpectActions(expected, answer.actions());
}

void ExpectTeams(const GoldenCase& golden, const v1::ReferralPolicy& policy) {
  const auto answer = DecideTeamRanks(golden.details(), golden.recommend_team().wished_team_id(),
                                      {golden.teams().begin(), golden.teams().end()}, policy);
  ExpectWholeDecision(golden.expected(), answer.decision());
  std::vector<std::string> ids;
  for (const auto& rank : answer.teams()) {
    ids.push_back(rank.team_id());
    EXPECT_EQ(rank.reasons_size(), 3);
  }
  EXPECT_THAT(ids, ::testing::ElementsAreArray(golden.expected().teams()));
}

void ExpectCase(const Expected& expected, const v1::DecideCaseTransferResponse& answer) {
  ExpectWholeDecision(expected, answer.decision());
  EXPECT_EQ(answer.route(), expected.case_route());
  EXPECT_EQ(answer.assessor(), expected.assessor());
}

template <class Response>
void ExpectDecisionAndActions(const Expected& expected, const Response& answer) {
  ExpectWholeDecision(expected, answer.decision());
  ExpectActions(expected, answer.actions());
}

// Cases that need nothing but a request. False when it is none of them.
bool ExpectPlain(const GoldenCase& golden) {
  const Expected& expected = golden.expected();
  if (golden.has_residence()) {
    const auto& request = golden.residence();
    ExpectDecisionAndActions(
        expected, DecideResidence(request.residence(), ShippedPolicy(request.authority())));
  } else if (golden.has_case_transfer()) {
    const auto& request = golden.case_transfer();
    ExpectCase(expected, DecideCase(request.facts(), ShippedPolicy(request.authority())));
  } else if (golden.has_equipment()) {
    const auto& request = golden.equipment();
    ExpectDecisionAndActions(expected,
                             DecideWorks(request.facts(), ShippedPolicy(request.authority())));
  } else if (golden.has_maintenance()) {
    const auto& request = golden.maintenance();
    ExpectDecisionAndActions(expected, DecideUpkeep(request, ShippedPolicy(request.authority())));
  } else if (golden.has_revision()) {
    const v1::Review& review = golden.revision();
    ExpectWholeDecision(expected, DecideRevision(review, ShippedPolicy(review.authority())));
  } else {
    return false;
  }
  return true;
}

// Cases about what a referral holds. False when it is none of them.
bool ExpectOfReferral(const GoldenCase& golden) {
  if (golden.has_transfer()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(golden.transfer().authority());
    ExpectGates(golden.expected(),
                DecideTransfer(golden.details(), golden.transfer().facts(),
                               {golden.overrides().begin(), golden.overrides().end()}, policy));
  } else if (golden.has_long_term()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(golden.long_term().authority());
    ExpectGates(golden.expected(),
                DecideLongTermSupport(golden.details(), golden.long_term().facts(), {}, policy));
  } else if (golden.has_recommend_team()) {
    ExpectTeams(golden, ShippedPolicy(golden.recommend_team().authority()));
  } else {
    return false;
  }
  return true;
}

class GoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, ComesOutAsTheDocumentSays) {
  GoldenCase golden;
  ASSERT_TRUE(ReadTextProto("referral-svc/golden/" + GetParam() + ".textproto", golden));
  SCOPED_TRACE(golden.says());
  ASSERT_FALSE(golden.lines().empty());
  if (golden.has_check()) {
    const v1::ReferralPolicy policy = ShippedPolicy(golden.check().authority());
    ExpectCheck(golden.expected(), DecideReferral(golden.check().details(), policy));
    return;
  }
  if (ExpectPlain(golden) || ExpectOfReferral(golden)) return;
  const absl::Time now = absl::FromUnixSeconds(golden.now().seconds());
  if (golden.has_review()) {
    ReviewRecords records{{golden.allocations().begin(), golden.allocations().end()}, {}};
    if (golden.has_availability()) records.availability = golden.availability();
    const v1::ReferralPolicy policy = ShippedPolicy(golden.review().authority());
    ExpectReview(golden.expected(),
                 DecideReviewRoute(golden.review().facts(), records, policy, now));
    return;
  }
  ASSERT_TRUE(golden.has_route());
  RouteRecords records{{golden.allocations().begin(), golden.allocations().end()}, {}};
  if (golden.has_availability()) records.availability = golden.availability();
  const v1::ReferralPolicy policy = ShippedPolicy(golden.route().authority());
  ExpectRoute(golden.expected(), DecideRoute(golden.route(), records, policy, now));
}

INSTANTIATE_TEST_SUITE_P(Documents, GoldenTest, ::testing::ValuesIn(GoldenNames()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace asc::referral
