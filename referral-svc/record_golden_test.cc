// Every file in golden_records/ is a case: what an authority's document demands.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "asc/referral/golden/v1/record_golden.pb.h"
#include "referral-svc/concern_rules.h"
#include "referral-svc/due_rules.h"
#include "referral-svc/joint_rules.h"
#include "referral-svc/life_rules.h"
#include "referral-svc/testing/shipped_policies.h"
#include "referral-svc/waiting_rules.h"

namespace asc::referral {
namespace {

using golden::v1::ExpectedRecord;
using golden::v1::RecordCase;
using ::testing::ElementsAreArray;

constexpr char kFolder[] = "referral-svc/golden_records";

std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void ExpectDecision(const ExpectedRecord& expected, const v1::Decision& decision) {
  EXPECT_EQ(decision.outcome(), expected.outcome());
  EXPECT_EQ(decision.redirect(), expected.redirect());
  std::vector<std::string> reasons;
  for (const auto& reason : decision.reasons()) reasons.push_back(reason.rule_id());
  EXPECT_THAT(reasons, ElementsAreArray(expected.reasons()));
  ASSERT_FALSE(reasons.empty());
  EXPECT_EQ(decision.reasons(0).strength(), expected.strength());
  EXPECT_FALSE(decision.reasons(0).text().empty());
  if (!expected.line().empty()) {
    ASSERT_GE(decision.reasons(0).citations_size(), 1);
    EXPECT_THAT(decision.reasons(0).citations(0).provision(),
                ::testing::EndsWith(" " + expected.line()));
  }
  std::vector<std::string> asks;
  for (const auto& question : decision.questions()) {
    asks.push_back(question.field());
    EXPECT_FALSE(question.text().empty());
  }
  EXPECT_THAT(asks, ElementsAreArray(expected.asks()));
}

void ExpectConcern(const RecordCase& golden) {
  const auto answer = DecideConcern(golden.concern(), ShippedPolicy(golden.concern().authority()));
  ExpectDecision(golden.expected(), answer.decision());
  std::vector<int> actions;
  for (const auto& action : answer.actions()) actions.push_back(action.kind());
  EXPECT_THAT(actions, ElementsAreArray(golden.expected().actions()));
}

void ExpectPriority(const RecordCase& golden) {
  const auto& policy = ShippedPolicy(golden.priority().authority());
  ExpectDecision(golden.expected(), DecidePriority(golden.priority().factors(), policy));
  v1::Referral referral;
  *referral.mutable_priority() = golden.priority().factors();
  const v1::WaitingEntry entry = RankWaiting(referral, policy);
  EXPECT_EQ(entry.points(), golden.expected().points());
  v1::Referral before;
  *before.mutable_priority() = golden.factors_before();
  std::optional<v1::RankingChange> last;
  if (golden.has_factors_before()) {
    last = CompareRanking(std::nullopt, before.priority(), RankWaiting(before, policy));
  }
  const v1::RankingChange change = CompareRanking(last, referral.priority(), entry);
  EXPECT_EQ(change.has_points_before(), golden.has_factors_before());
  std::vector<std::string> moves;
  std::vector<std::string> expected;
  for (const auto& move : change.moves()) moves.push_back(move.ShortDebugString());
  for (const auto& move : golden.expected().moves()) expected.push_back(move.ShortDebugString());
  EXPECT_THAT(moves, ElementsAreArray(expected));
}

void ExpectOffer(const RecordCase& golden) {
  v1::Decision decision;
  OfferOpenReferral(ShippedPolicy(golden.offered().authority()), decision);
  ExpectDecision(golden.expected(), decision);
}

void ExpectHandover(const RecordCase& golden) {
  const auto pack = HandoverPack(golden.handover(), ShippedPolicy(golden.handover().authority()));
  std::vector<std::string> asks;
  for (const auto& question : pack.questions()) asks.push_back(question.field());
  EXPECT_THAT(asks, ElementsAreArray(golden.expected().asks()));
  EXPECT_EQ(pack.communication().SerializeAsString(),
            golden.handover().details().communication().SerializeAsString());
}

void ExpectWorkers(const RecordCase& golden) {
  const v1::RecommendWorkerRequest& request = golden.recommend_worker();
  v1::Referral referral;
  *referral.mutable_details() = golden.details();
  std::vector<Candidate> candidates;
  for (const auto& skills : golden.workers()) candidates.push_back({skills, 0});
  const auto answer = RankWorkers(referral, candidates, request.wished_worker_id(),
                                  ShippedPolicy(request.authority()));
  ExpectDecision(golden.expected(), answer.decision());
  std::vector<std::string> ids;
  for (const auto& rank : answer.workers()) {
    ids.push_back(rank.worker_id());
    EXPECT_EQ(rank.reasons_size(), 3);
  }
  EXPECT_THAT(ids, ElementsAreArray(golden.expected().workers()));
}

class RecordGoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(RecordGoldenTest, ComesOutAsTheDocumentSays) {
  RecordCase golden;
  ASSERT_TRUE(ReadTextProto(std::string(kFolder) + "/" + GetParam() + ".textproto", golden));
  SCOPED_TRACE(golden.says());
  ASSERT_FALSE(golden.lines().empty());
  const ExpectedRecord& expected = golden.expected();
  if (golden.has_concern()) return ExpectConcern(golden);
  if (golden.has_priority()) return ExpectPriority(golden);
  if (golden.has_offered()) return ExpectOffer(golden);
  if (golden.has_handover()) return ExpectHandover(golden);
  if (golden.has_recommend_worker()) return ExpectWorkers(golden);
  if (golden.has_joint()) {
    return ExpectDecision(
        expected, DecideJointRequest(golden.joint(), ShippedPolicy(golden.joint().authority())));
  }
  if (golden.has_joint_answer()) {
    const auto& answer = golden.joint_answer();
    return ExpectDecision(expected, DecideJointResponse(answer.terms(), answer.delayed(),
                                                        ShippedPolicy(answer.authority())));
  }
  ASSERT_TRUE(golden.has_custody());
  ExpectDecision(expected, DecideCustody(golden.channel(), golden.custody(),
                                         ShippedPolicy(golden.custody().authority())));
}

// What the files of both folders say of an authority.
std::string FilesOf(std::string authority) {
  std::replace(authority.begin(), authority.end(), '-', '_');
  std::string all;
  for (const char* folder : {kFolder, "referral-svc/golden"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().filename().string().rfind(authority + "_", 0) != 0) continue;
      std::ifstream file(entry.path());
      all.append(std::istreambuf_iterator<char>(file), {});
    }
  }
  return all;
}

TEST(GoldenFiles, HaveEveryRuleOfEveryAuthority) {
  for (const std::string& authority : ShippedAuthorities()) {
    const std::string files = FilesOf(authority);
    for (const auto& statement : ShippedPolicy(authority).statements()) {
      EXPECT_NE(files.find('"' + statement.rule_id() + '"'), std::string::npos)
          << authority << " has no file for " << statement.rule_id();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, RecordGoldenTest, ::testing::ValuesIn(CaseNames()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace asc::referral
