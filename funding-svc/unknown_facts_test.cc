// Not knowing a fact never gives a stronger outcome than a yes or a no would: every fact that a
// rule looks at, found by descriptor, under every authority's policy. The draws begin at a fixed
// seed, so that a failure can be repeated.

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "funding-svc/charging_rules.h"
#include "funding-svc/decision_rules.h"
#include "funding-svc/testing/shipped_policies.h"
#include "funding-svc/urgent_rules.h"
#include "google/protobuf/descriptor.h"
#include "platform/facts/tri_state.h"
#include "platform/testing/every_answer.h"

namespace asc::funding {
namespace {

using asc::testing::DrawAnswers;
using asc::testing::ExpectNeverGuesses;
using asc::testing::Settled;

constexpr int kRounds = 150;

void EachDraw(const std::function<void(const v1::FundingPolicy&, std::mt19937&)>& visit) {
  std::mt19937 random(20261122);
  for (const std::string& authority : ShippedAuthorities()) {
    SCOPED_TRACE(authority);
    const v1::FundingPolicy policy = ShippedPolicy(authority);
    for (int round = 0; round < kRounds; ++round) visit(policy, random);
  }
}

// What is found of this case; what the rule says of every case settles nothing.
template <class Reasons>
void AddFindings(const Reasons& reasons, Settled& settled) {
  for (const auto& reason : reasons) {
    if (absl::StartsWith(reason.text(), "Here:")) settled[reason.text()] = "said";
  }
}

TEST(EveryUnknownFact, OfEveryRequestIsTriedHere) {
  std::set<std::string> tried;
  for (const google::protobuf::Descriptor* type :
       {v1::UrgentFacts::descriptor(), v1::FundingContent::descriptor(),
        v1::ChargingFacts::descriptor(), v1::DecisionMade::descriptor(),
        v1::SupportRecord::descriptor()}) {
    tried.merge(asc::testing::TypesWithAnswers(*type));
  }
  // Nothing is decided on these: their methods are not served yet.
  for (const google::protobuf::Descriptor* type :
       {v1::Telling::descriptor(), v1::CheckFinanceInformationRequest::descriptor(),
        v1::ChargingStatement::descriptor()}) {
    tried.merge(asc::testing::TypesWithAnswers(*type));
  }
  const auto* service =
      v1::FundingContent::descriptor()->file()->FindServiceByName("FundingService");
  ASSERT_NE(service, nullptr);
  for (const std::string& type : asc::testing::TypesWithAnswers(*service)) {
    EXPECT_EQ(tried.count(type), 1u) << type << " holds facts: try them in this file";
  }
}

TEST(EveryUnknownFact, LeavesAConsiderationOpen) {
  EachDraw([](const v1::FundingPolicy& policy, std::mt19937& random) {
    v1::UrgentFacts facts;
    facts.set_subject(CoveredSubject(policy));
    DrawAnswers(facts, random);
    ExpectNeverGuesses(facts, [&] {
      const v1::UrgentSupportCheck check = CheckUrgent(facts, policy);
      Settled settled;
      if (!facts::IsUnknown(check.considerations_complete())) {
        settled["complete"] = type::v1::Answer_Name(check.considerations_complete());
      }
      AddFindings(check.reasons(), settled);
      return settled;
    });
  });
}

TEST(EveryUnknownFact, CompletesNoRequest) {
  EachDraw([](const v1::FundingPolicy& policy, std::mt19937& random) {
    v1::FundingContent content;
    DrawAnswers(content, random);
    ExpectNeverGuesses(content, [&] {
      const v1::FundingAnswer answer = CheckCompleteness(content, policy);
      Settled settled{{"accepted", answer.accepted() ? "yes" : ""}};
      AddFindings(answer.reasons(), settled);
      // A reason that only some answers bring.
      for (const auto& reason : answer.reasons()) settled[reason.rule_id()] = "speaks";
      return settled;
    });
  });
}

TEST(EveryUnknownFact, SettlesNoCharge) {
  EachDraw([](const v1::FundingPolicy& policy, std::mt19937& random) {
    v1::ChargingFacts facts;
    facts.set_subject(random() % 3 == 0 ? v1::SUBJECT_UNSPECIFIED : CoveredSubject(policy));
    v1::SupportItem& item = *facts.add_items();
    item.set_kind(static_cast<v1::SupportKind>(1 + random() % (v1::SupportKind_ARRAYSIZE - 1)));
    if (random() % 2 == 0) item.mutable_cost()->set_pence(200000);
    if (random() % 4 != 0) item.set_starts_on("2026-11-23");
    if (random() % 4 != 0) item.set_ends_on(random() % 2 == 0 ? "2026-11-29" : "2027-03-01");
    if (random() % 2 == 0) facts.set_reablement_weeks_had(0);
    DrawAnswers(facts, random);
    ExpectNeverGuesses(facts, [&] {
      const v1::ChargingDecision decision = DecideCharging(facts, policy);
      const v1::ItemCharge& charge = decision.items(0);
      Settled settled;
      if (charge.outcome() != v1::CHARGE_OUTCOME_CANNOT_TELL) {
        settled["charge"] = v1::ChargeOutcome_Name(charge.outcome());
      }
      settled["free_until_on"] = charge.free_until_on();
      return settled;
    });
  });
}

TEST(EveryUnknownFact, MakesNoDecisionAcceptable) {
  EachDraw([](const v1::FundingPolicy& policy, std::mt19937& random) {
    v1::FundingRequest request;
    request.set_requested_by("practitioner");
    request.mutable_content()->set_needs("visits tonight");
    request.mutable_content()->add_items()->mutable_cost()->set_pence(20000);
    v1::DecisionMade decision;
    decision.set_outcome(
        static_cast<v1::FundingOutcome>(1 + random() % (v1::FundingOutcome_ARRAYSIZE - 1)));
    decision.set_rationale("the visits keep them safe");
    v1::Ground& ground = *decision.add_grounds();
    ground.set_code(random() % 2 == 0 ? v1::GROUND_CODE_RISK : v1::GROUND_CODE_WISHES);
    ground.set_fact(random() % 2 == 0 ? "factors.risk" : "factors.wishes");
    v1::SupportRecord record;
    DrawAnswers(*request.mutable_content(), random);
    DrawAnswers(decision, random);
    DrawAnswers(record, random);
    const auto decide = [&] {
      const v1::FundingAnswer answer =
          CheckDecision(request, decision, record, {"manager", {"*"}}, policy);
      return Settled{{"accepted", answer.accepted() ? "yes" : ""}};
    };
    ExpectNeverGuesses(*request.mutable_content(), decide);
    ExpectNeverGuesses(decision, decide);
    ExpectNeverGuesses(record, decide);
  });
}

}  // namespace
}  // namespace asc::funding
