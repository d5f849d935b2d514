// Everything the advocacy service asks for can be answered.

#include <gtest/gtest.h>

#include "advocacy-svc/advocacy_rules.h"
#include "advocacy-svc/hold_rules.h"
#include "advocacy-svc/testing/shipped_policies.h"
#include "asc/advocacy/golden/v1/golden.pb.h"
#include "platform/testing/every_answer.h"
#include "tests/questions/asked.h"

namespace asc::tests::questions {
namespace {

namespace gv1 = gateway::v1;
namespace v1 = advocacy::v1;
using asc::testing::DrawAnswers;

// What a hold asks for is in the request, or in the need that it is about.
void ExpectOfFacts(const v1::AdvocacyFacts& facts, const v1::CheckHoldRequest& request,
                   const v1::AdvocacyPolicy& policy) {
  v1::AdvocacyNeed need;
  *need.mutable_decision() = advocacy::DecideAdvocacy(facts, policy);
  need.set_state(advocacy::StateAfter(need.decision()));
  ExpectAnswerable(need.decision().questions(), TypesOf<v1::CheckAdvocacyRequest>(),
                   gv1::STEP_KIND_ADVOCACY);
  ExpectAnswerable(advocacy::DecideHold(need, {}, request, policy).questions(),
                   TypesOf<v1::CheckHoldRequest, v1::OpenAdvocacyNeedRequest>(),
                   gv1::STEP_KIND_ADVOCACY_HOLD);
}

TEST(EveryQuestion, OfAnAdvocacyCaseCanBeAnswered) {
  int asked = 0;
  for (const auto& golden : GoldenCases<advocacy::golden::v1::GoldenCase>("advocacy-svc/golden")) {
    SCOPED_TRACE(golden.says());
    asked += golden.expected().asks_size();
    ExpectOfFacts(golden.facts(), golden.hold(), advocacy::ShippedPolicy(golden.authority()));
  }
  EXPECT_GT(asked, 10);
}

TEST(EveryQuestion, AboutAnAdvocateCanBeAnswered) {
  std::mt19937 random(kSeed);
  for (const std::string& authority : advocacy::ShippedAuthorities()) {
    SCOPED_TRACE(authority);
    const v1::AdvocacyPolicy policy = advocacy::ShippedPolicy(authority);
    for (int round = 0; round < kRounds; ++round) {
      v1::AdvocacyFacts facts;
      facts.set_subject(advocacy::CoveredSubject(policy));
      facts.set_process(static_cast<v1::Process>(random() % v1::Process_ARRAYSIZE));
      if (random() % 2 == 0) facts.add_limbs()->set_limb(v1::Limb(1 + random() % 4));
      DrawAnswers(facts, random);
      v1::CheckHoldRequest request;
      request.set_act(static_cast<v1::Act>(random() % v1::Act_ARRAYSIZE));
      DrawAnswers(request, random);
      ExpectOfFacts(facts, request, policy);
    }
  }
}

}  // namespace
}  // namespace asc::tests::questions
