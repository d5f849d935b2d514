// What a decision on funding must regard, and what it may not rest on (FD2 to FD5, FD9).

#include "funding-svc/decision_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "funding-svc/testing/shipped_policies.h"
#include "platform/facts/tri_state.h"
#include "platform/testing/every_answer.h"

namespace asc::funding {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

v1::FundingRequest Request() {
  v1::FundingRequest request;
  request.set_requested_by("practitioner");
  v1::FundingContent& content = *request.mutable_content();
  content.set_needs("Visits tonight");
  v1::FundingFactors& factors = *content.mutable_factors();
  factors.mutable_wishes()->set_considered(ANSWER_YES);
  factors.mutable_other_options()->set_considered(ANSWER_YES);
  factors.mutable_cost_of_suitable_services()->set_considered(ANSWER_YES);
  factors.mutable_risk()->set_considered(ANSWER_YES);
  content.mutable_urgent()->mutable_wellbeing()->set_considered(ANSWER_NO);
  v1::SupportItem& item = *content.add_items();
  item.set_item_id("1");
  item.mutable_cost()->set_pence(20000);
  return request;
}

void AddGround(v1::DecisionMade& decision, v1::GroundCode code, const std::string& fact) {
  v1::Ground& ground = *decision.add_grounds();
  ground.set_code(code);
  ground.set_fact(fact);
}

v1::DecisionMade Agreed() {
  v1::DecisionMade decision;
  decision.set_outcome(v1::FUNDING_OUTCOME_AGREED);
  decision.set_rationale("The visits keep them safe until the assessment.");
  decision.set_meets_needs_now(ANSWER_YES);
  AddGround(decision, v1::GROUND_CODE_RISK, "factors.risk");
  return decision;
}

v1::SupportRecord WholeRecord() {
  v1::SupportRecord record;
  record.set_support("Two visits a day");
  record.mutable_authority_contribution()->set_pence(20000);
  record.mutable_person_contribution();
  record.set_duration("one week");
  record.set_review("by telephone");
  record.set_outcomes("safe at home");
  record.set_next_steps("assessment");
  record.set_assessment_by("2026-12-01");
  return record;
}

const Decider kManager{"manager", {"*"}};

class DecisionOfEveryAuthority : public ::testing::TestWithParam<std::string> {
 protected:
  v1::FundingAnswer Check(const v1::DecisionMade& decision,
                          const v1::SupportRecord& record = WholeRecord()) {
    return CheckDecision(request_, decision, record, kManager, policy_);
  }
  // Not accepted, and one of the reasons says so in these words under this rule.
  void ExpectRefused(const v1::FundingAnswer& answer, const std::string& rule_id,
                     const std::string& words) {
    EXPECT_FALSE(answer.accepted());
    bool said = false;
    for (const auto& reason : answer.reasons()) {
      said |= reason.rule_id() == rule_id && reason.text().find(words) != std::string::npos;
    }
    EXPECT_TRUE(said) << words << "\n" << answer.DebugString();
  }

  v1::FundingRequest request_ = Request();
  v1::FundingPolicy policy_ = ShippedPolicy(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Authorities, DecisionOfEveryAuthority,
                         ::testing::ValuesIn(ShippedAuthorities()), [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

TEST_P(DecisionOfEveryAuthority, AcceptsOneThatRegardedEverything) {
  const v1::FundingAnswer answer = Check(Agreed());
  EXPECT_TRUE(answer.accepted()) << answer.DebugString();
  EXPECT_FALSE(answer.reasons().empty());
  EXPECT_THAT(answer.questions(), IsEmpty());
}

TEST_P(DecisionOfEveryAuthority, RefusesTheOneWhoAsked) {
  const Decider self{"practitioner", {"*"}};
  ExpectRefused(CheckDecision(request_, Agreed(), WholeRecord(), self, policy_), "FD1",
                "whoever asked");
}

TEST_P(DecisionOfEveryAuthority, RefusesTheOneWhoSubmittedWhatAnotherAskedFor) {
  request_.set_submitted_by("colleague");
  const Decider self{"colleague", {"*"}};
  ExpectRefused(CheckDecision(request_, Agreed(), WholeRecord(), self, policy_), "FD1",
                "whoever asked");
}

TEST_P(DecisionOfEveryAuthority, RefusesSomebodyBelowTheLevelButNotAbove) {
  const Decider team{"manager", {"fundingLevel.team_manager"}};
  const Decider service{"manager", {"fundingLevel.service_manager"}};
  const auto accepted = [this](const Decider& decider) {
    return CheckDecision(request_, Agreed(), WholeRecord(), decider, policy_).accepted();
  };
  EXPECT_TRUE(accepted(team));
  EXPECT_TRUE(accepted(service));
  EXPECT_FALSE(accepted({"manager", {}}));
  request_.mutable_content()->mutable_items(0)->mutable_cost()->set_pence(60000);
  EXPECT_FALSE(accepted(team));
  EXPECT_TRUE(accepted(service));
}

TEST_P(DecisionOfEveryAuthority, NeverRefusesForAnAmount) {
  for (const std::int64_t pence : {std::int64_t{0}, std::int64_t{1}, std::int64_t{10000000000}}) {
    request_.mutable_content()->mutable_items(0)->mutable_cost()->set_pence(pence);
    for (const auto sufficient : {ANSWER_YES, ANSWER_NO}) {
      v1::DecisionMade decision = Agreed();
      decision.set_meets_needs_now(sufficient);
      EXPECT_TRUE(Check(decision).accepted()) << "the service judges no amount";
    }
  }
}

TEST_P(DecisionOfEveryAuthority, DemandsEachFactorThatADecisionHasToRegard) {
  for (int i = 0; i < 3; ++i) {
    for (const auto answer : {ANSWER_NO, ANSWER_UNKNOWN}) {
      request_ = Request();
      v1::FundingFactors& factors = *request_.mutable_content()->mutable_factors();
      (i == 0   ? factors.mutable_wishes()
       : i == 1 ? factors.mutable_other_options()
                : factors.mutable_cost_of_suitable_services())
          ->set_considered(answer);
      const v1::FundingAnswer refused = Check(Agreed());
      ExpectRefused(refused, "FD3", "regarded");
      ASSERT_EQ(refused.questions_size(), 1);
      EXPECT_THAT(refused.questions(0).field(), HasSubstr("content.factors."));
    }
  }
}

TEST_P(DecisionOfEveryAuthority, RefusesFinancesAlone) {
  v1::DecisionMade decision = Agreed();
  decision.set_outcome(v1::FUNDING_OUTCOME_NOT_AGREED);
  decision.clear_grounds();
  AddGround(decision, v1::GROUND_CODE_FINANCES, "items");
  ExpectRefused(Check(decision), "FD5", "finances alone");
  AddGround(decision, v1::GROUND_CODE_UNIVERSAL_SERVICES, "items");
  ExpectRefused(Check(decision), "FD5", "finances alone");
  AddGround(decision, v1::GROUND_CODE_COST_OF_SUITABLE_SERVICES, "items");
  ExpectRefused(Check(decision), "FD5", "finances alone");
  AddGround(decision, v1::GROUND_CODE_WISHES, "factors.wishes");
  EXPECT_TRUE(Check(decision).accepted()) << "finances may be weighed beside something else";
}

TEST_P(DecisionOfEveryAuthority, RefusesAFixedLimitWhateverStandsBesideIt) {
  v1::DecisionMade decision = Agreed();
  AddGround(decision, v1::GROUND_CODE_FIXED_LIMIT, "items");
  ExpectRefused(Check(decision), "FD5", "fixed amount");
}

TEST_P(DecisionOfEveryAuthority, RefusesAGroundWithoutAKnownFactOfThisRequest) {
  for (const char* fact : {"", "factors.complexity", "factors.nothing", "somewhere", "factors",
                           "items.cost", "factors.wishes"}) {
    v1::DecisionMade decision = Agreed();
    AddGround(decision, v1::GROUND_CODE_COMPLEXITY, fact);
    ExpectRefused(Check(decision), "FD5", "no known fact");
  }
  v1::DecisionMade none = Agreed();
  none.clear_grounds();
  ExpectRefused(Check(none), "FD5", "no ground");
}

TEST_P(DecisionOfEveryAuthority, RefusesWithoutARationale) {
  v1::DecisionMade decision = Agreed();
  decision.set_rationale(" \n ");
  ExpectRefused(Check(decision), "FD9", "rationale");
}

TEST_P(DecisionOfEveryAuthority, DemandsTheDecidersOwnStatementOnTheNeeds) {
  v1::DecisionMade decision = Agreed();
  decision.set_meets_needs_now(ANSWER_UNKNOWN);
  ExpectRefused(Check(decision), "FD2", "not stated");
  decision.set_outcome(v1::FUNDING_OUTCOME_NOT_AGREED);
  EXPECT_TRUE(Check(decision).accepted()) << "nothing was agreed";
}

TEST_P(DecisionOfEveryAuthority, AsksForTheSevenRecordItemsAndForNoPlan) {
  const v1::FundingAnswer answer = Check(Agreed(), {});
  EXPECT_TRUE(answer.accepted());
  EXPECT_EQ(answer.questions_size(), 7);
  for (const auto& question : answer.questions()) {
    EXPECT_EQ(question.rule_id(), "FD9");
    EXPECT_THAT(question.text(), Not(HasSubstr("plan")));
  }
  v1::SupportRecord undated = WholeRecord();
  undated.clear_assessment_by();
  EXPECT_EQ(Check(Agreed(), undated).questions_size(), 1);
  undated.set_no_assessment(ANSWER_YES);
  EXPECT_EQ(Check(Agreed(), undated).questions_size(), 0);
}

TEST_P(DecisionOfEveryAuthority, MaySendARequestBackBeforeAllIsRegarded) {
  request_.mutable_content()->clear_factors();
  v1::DecisionMade decision;
  decision.set_outcome(v1::FUNDING_OUTCOME_RETURNED);
  decision.set_rationale("What do they want themselves?");
  EXPECT_TRUE(Check(decision, {}).accepted());
}

TEST(IsKnownFactTest, ReadsThePathInTheContent) {
  const v1::FundingContent content = Request().content();
  for (const char* fact : {"needs", "items", "factors.wishes", "urgent.wellbeing", "urgent"}) {
    EXPECT_TRUE(IsKnownFact(content, fact)) << fact;
  }
  for (const char* fact : {"emergency", "factors.complexity", "urgent.hard_to_stop", "needs.words",
                           "items.cost", "wanted_method", ""}) {
    EXPECT_FALSE(IsKnownFact(content, fact)) << fact;
  }
}

TEST(StateAfterOutcome, FollowsIt) {
  EXPECT_EQ(StateAfter(v1::FUNDING_OUTCOME_AGREED), v1::FUNDING_REQUEST_STATE_AGREED);
  EXPECT_EQ(StateAfter(v1::FUNDING_OUTCOME_AGREED_DIFFERENTLY), v1::FUNDING_REQUEST_STATE_AGREED);
  EXPECT_EQ(StateAfter(v1::FUNDING_OUTCOME_NOT_AGREED), v1::FUNDING_REQUEST_STATE_NOT_AGREED);
  EXPECT_EQ(StateAfter(v1::FUNDING_OUTCOME_RETURNED), v1::FUNDING_REQUEST_STATE_RETURNED);
}

// The facts that give a ground its case; for the others any fact may.
const std::map<int, std::set<std::string>>& FactsOfGrounds() {
  static const std::map<int, std::set<std::string>> kFacts = {
      {v1::GROUND_CODE_WELLBEING, {"urgent.wellbeing", "needs"}},
      {v1::GROUND_CODE_PREVENTION, {"urgent.prevention", "factors.prevention_explored"}},
      {v1::GROUND_CODE_INFORMATION_AND_ADVICE,
       {"urgent.information_and_advice", "factors.information_given"}},
      {v1::GROUND_CODE_WISHES, {"factors.wishes"}},
      {v1::GROUND_CODE_OTHER_OPTIONS, {"factors.other_options"}},
      {v1::GROUND_CODE_COST_OF_SUITABLE_SERVICES, {"factors.cost_of_suitable_services", "items"}},
      {v1::GROUND_CODE_COMPLEXITY, {"factors.complexity", "needs"}},
      {v1::GROUND_CODE_RISK, {"factors.risk", "emergency", "urgent.cannot_wait"}},
      {v1::GROUND_CODE_OWN_STRENGTHS, {"urgent.own_strengths"}},
      {v1::GROUND_CODE_OWN_NETWORKS, {"urgent.own_networks", "factors.networks_explored"}},
      {v1::GROUND_CODE_SUPPORT_ELSEWHERE, {"factors.support_elsewhere"}},
      {v1::GROUND_CODE_NOT_URGENT, {"urgent.appears_urgent", "urgent.cannot_wait"}},
      {v1::GROUND_CODE_HARD_TO_STOP, {"urgent.hard_to_stop"}},
  };
  return kFacts;
}

// Everything that a ground may rest on is known.
v1::FundingContent KnownContent() {
  v1::FundingContent content = Request().content();
  for (const std::string& path : asc::testing::AnswerPaths(content)) {
    asc::testing::SetAnswer(content, path, ANSWER_YES);
  }
  return content;
}

TEST(Grounds, RestOnTheFactsThatGiveThemTheirCase) {
  v1::FundingRequest request = Request();
  *request.mutable_content() = KnownContent();
  std::set<std::string> facts = {"urgent.ordinarily_resident"};
  for (const auto& [code, own] : FactsOfGrounds()) facts.insert(own.begin(), own.end());
  v1::DecisionMade decision = Agreed();
  for (const auto& [code, own] : FactsOfGrounds()) {
    for (const std::string& fact : facts) {
      decision.mutable_grounds(0)->set_code(static_cast<v1::GroundCode>(code));
      decision.mutable_grounds(0)->set_fact(fact);
      const auto answer =
          CheckDecision(request, decision, WholeRecord(), kManager, ShippedPolicy("standard"));
      EXPECT_EQ(answer.accepted(), own.contains(fact)) << v1::GroundCode_Name(code) << " " << fact;
    }
  }
}

TEST(Grounds, NobodyHasHeardOfMayRestOnAnyKnownFact) {
  for (const int code : {0, 99, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}) {
    v1::DecisionMade decision = Agreed();
    decision.mutable_grounds(0)->set_code(static_cast<v1::GroundCode>(code));
    EXPECT_TRUE(
        CheckDecision(Request(), decision, WholeRecord(), kManager, ShippedPolicy("standard"))
            .accepted())
        << code;
  }
}

TEST(IsKnownFactTest, TakesAChoiceForKnownOnceItIsMade) {
  v1::FundingContent content = Request().content();
  EXPECT_FALSE(IsKnownFact(content, "wanted_format"));
  content.set_wanted_format(static_cast<v1::LetterFormat>(1));
  EXPECT_TRUE(IsKnownFact(content, "wanted_format"));
  EXPECT_FALSE(IsKnownFact(content, "nowhere.wishes"));
  EXPECT_FALSE(IsKnownFact(content, "urgent.nothing"));
}

TEST(Level, IsThatOfTheItemsDecidedOn) {
  const v1::FundingPolicy policy = ShippedPolicy("standard");
  ASSERT_GE(policy.decision_levels_size(), 2);
  v1::FundingRequest request = Request();
  request.mutable_content()->mutable_items(0)->mutable_cost()->set_pence(1);
  const Decider first{
      "manager",
      {"fundingLevel." + absl::StrReplaceAll(policy.decision_levels(0).role(), {{" ", "_"}})}};
  v1::DecisionMade decision = Agreed();
  decision.set_outcome(v1::FUNDING_OUTCOME_AGREED_DIFFERENTLY);
  const auto accepted = [&] {
    return CheckDecision(request, decision, WholeRecord(), first, policy).accepted();
  };
  EXPECT_TRUE(accepted());
  decision.set_outcome(v1::FUNDING_OUTCOME_NOT_AGREED);
  EXPECT_TRUE(accepted()) << "what is not agreed costs nothing";
  decision.set_outcome(v1::FUNDING_OUTCOME_AGREED_DIFFERENTLY);
  decision.add_items()->mutable_cost()->set_pence(
      policy.decision_levels(0).decides_up_to().pence() + 1);
  EXPECT_FALSE(accepted());
}

TEST(SupportRecordTest, IsReviewedBySomeTimeOrInSomeWay) {
  v1::SupportRecord record = WholeRecord();
  const auto questions = [&record] {
    return CheckDecision(Request(), Agreed(), record, kManager, ShippedPolicy("standard"))
        .questions_size();
  };
  EXPECT_EQ(questions(), 0);
  record.clear_review();
  EXPECT_EQ(questions(), 1);
  record.set_review_by("2026-12-01");
  EXPECT_EQ(questions(), 0);
}

TEST(StateAfterOutcome, NobodyHasHeardOfIsThatOfARequestSentBack) {
  for (const int outcome :
       {0, 99, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}) {
    EXPECT_EQ(StateAfter(static_cast<v1::FundingOutcome>(outcome)),
              v1::FUNDING_REQUEST_STATE_RETURNED);
  }
}

}  // namespace
}  // namespace asc::funding
