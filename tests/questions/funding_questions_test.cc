// Everything the funding service asks for can be answered.

#include <gtest/gtest.h>

#include "asc/funding/golden/v1/golden.pb.h"
#include "funding-svc/charging_rules.h"
#include "funding-svc/decision_rules.h"
#include "funding-svc/testing/shipped_policies.h"
#include "funding-svc/urgent_rules.h"
#include "platform/testing/every_answer.h"
#include "tests/questions/asked.h"

namespace asc::tests::questions {
namespace {

namespace gv1 = gateway::v1;
namespace v1 = funding::v1;
using asc::testing::DrawAnswers;
using funding::ShippedPolicy;
using funding::golden::v1::GoldenCase;

void ExpectOfUrgent(const v1::UrgentFacts& facts, const v1::FundingPolicy& policy) {
  ExpectAnswerable(funding::CheckUrgent(facts, policy).questions(),
                   TypesOf<v1::CheckUrgentSupportRequest>(), gv1::STEP_KIND_URGENT_SUPPORT);
}

void ExpectOfContent(const v1::FundingContent& content, const v1::FundingPolicy& policy) {
  ExpectAnswerable(funding::CheckCompleteness(content, policy).questions(),
                   TypesOf<v1::OpenFundingRequestRequest>(), gv1::STEP_KIND_URGENT_SUPPORT);
}

void ExpectOfCharging(const v1::ChargingFacts& facts, const v1::FundingPolicy& policy) {
  ExpectAnswerable(funding::DecideCharging(facts, policy).questions(),
                   TypesOf<v1::CheckChargingRequest>(), gv1::STEP_KIND_FINANCE_INFORMATION);
}

TEST(EveryQuestion, OfAFundingCaseCanBeAnswered) {
  int asked = 0;
  for (const GoldenCase& golden : GoldenCases<GoldenCase>("funding-svc/golden")) {
    SCOPED_TRACE(golden.says());
    asked += golden.expected().asks_size();
    const v1::FundingPolicy policy = ShippedPolicy(golden.authority());
    if (golden.has_urgent()) {
      ExpectOfUrgent(golden.urgent(), policy);
    } else if (golden.has_charging()) {
      ExpectOfCharging(golden.charging(), policy);
    } else {
      v1::FundingRequest request;
      request.set_requested_by("practitioner");
      *request.mutable_content() = golden.content();
      const auto answer = funding::CheckDecision(request, golden.decision(), golden.record(),
                                                 {"manager", {"*"}}, policy);
      ExpectAnswerable(answer.questions(),
                       TypesOf<v1::DecideFundingRequest, v1::OpenFundingRequestRequest>());
    }
  }
  EXPECT_GT(asked, 10);
}

TEST(EveryQuestion, AboutMoneyCanBeAnswered) {
  std::mt19937 random(kSeed);
  for (const std::string& authority : funding::ShippedAuthorities()) {
    SCOPED_TRACE(authority);
    const v1::FundingPolicy policy = ShippedPolicy(authority);
    for (int round = 0; round < kRounds; ++round) {
      v1::UrgentFacts urgent;
      urgent.set_subject(funding::CoveredSubject(policy));
      DrawAnswers(urgent, random);
      ExpectOfUrgent(urgent, policy);
      v1::FundingContent content;
      if (random() % 2 == 0) content.add_items()->set_item_id("1");
      DrawAnswers(content, random);
      ExpectOfContent(content, policy);
      v1::ChargingFacts charging;
      v1::SupportItem& item = *charging.add_items();
      item.set_item_id("1");
      item.set_kind(static_cast<v1::SupportKind>(1 + random() % (v1::SupportKind_ARRAYSIZE - 1)));
      if (random() % 2 == 0) item.set_starts_on("2026-11-23");
      if (random() % 2 == 0) charging.set_reablement_weeks_had(2);
      if (random() % 2 == 0) charging.set_subject(funding::CoveredSubject(policy));
      DrawAnswers(charging, random);
      ExpectOfCharging(charging, policy);
    }
  }
}

}  // namespace
}  // namespace asc::tests::questions
