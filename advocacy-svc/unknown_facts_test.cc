// Not knowing a fact never gives a stronger outcome than a yes or a no would: every fact that a
// rule looks at, found by descriptor, under every authority's policy. The draws begin at a fixed
// seed, so that a failure can be repeated.

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>
#include <string>

#include "advocacy-svc/advocacy_rules.h"
#include "advocacy-svc/hold_rules.h"
#include "advocacy-svc/testing/shipped_policies.h"
#include "google/protobuf/descriptor.h"
#include "platform/facts/tri_state.h"
#include "platform/testing/every_answer.h"

namespace asc::advocacy {
namespace {

using asc::testing::DrawAnswers;
using asc::testing::ExpectNeverGuesses;
using asc::testing::Settled;

constexpr int kRounds = 300;

void EachDraw(const std::function<void(const v1::AdvocacyPolicy&, std::mt19937&)>& visit) {
  std::mt19937 random(20261122);
  for (const std::string& authority : ShippedAuthorities()) {
    SCOPED_TRACE(authority);
    const v1::AdvocacyPolicy policy = ShippedPolicy(authority);
    for (int round = 0; round < kRounds; ++round) visit(policy, random);
  }
}

// Facts drawn, and a purpose of the power in every other case.
v1::AdvocacyFacts DrawFacts(const v1::AdvocacyPolicy& policy, std::mt19937& random) {
  v1::AdvocacyFacts facts;
  facts.set_subject(CoveredSubject(policy));
  facts.set_process(static_cast<v1::Process>(random() % v1::Process_ARRAYSIZE));
  for (int limb = 1; limb < v1::Limb_ARRAYSIZE; ++limb) {
    facts.add_limbs()->set_limb(static_cast<v1::Limb>(limb));
  }
  if (random() % 2 == 0) facts.set_power_purpose(v1::POWER_PURPOSE_EXPLORE_OPTIONS);
  DrawAnswers(facts, random);
  return facts;
}

Settled HoldOf(const v1::HoldDecision& hold) {
  if (hold.outcome() == v1::HOLD_OUTCOME_CANNOT_TELL) return {};
  return {{"hold", v1::HoldOutcome_Name(hold.outcome())}};
}

TEST(EveryUnknownFact, OfEveryRequestIsTriedHere) {
  std::set<std::string> tried;
  for (const google::protobuf::Descriptor* type :
       {v1::AdvocacyFacts::descriptor(), v1::CheckHoldRequest::descriptor(),
        v1::AdvocatePlacement::descriptor()}) {
    tried.merge(asc::testing::TypesWithAnswers(*type));
  }
  // What it says of an act goes into the same decision as with CheckHold.
  tried.insert(v1::CheckAdvocacyRequest::descriptor()->full_name());
  // Nothing is decided on these: their methods are not served yet.
  for (const google::protobuf::Descriptor* type :
       {v1::RegimeChoice::descriptor(), v1::Discussion::descriptor(),
        v1::AdvocateReferral::descriptor()}) {
    tried.merge(asc::testing::TypesWithAnswers(*type));
  }
  const auto* service =
      v1::AdvocacyFacts::descriptor()->file()->FindServiceByName("AdvocacyService");
  ASSERT_NE(service, nullptr);
  for (const std::string& type : asc::testing::TypesWithAnswers(*service)) {
    EXPECT_EQ(tried.count(type), 1u) << type << " holds facts: try them in this file";
  }
}

TEST(EveryUnknownFact, MakesNoDutyAndRulesNoneOut) {
  EachDraw([](const v1::AdvocacyPolicy& policy, std::mt19937& random) {
    v1::AdvocacyFacts facts = DrawFacts(policy, random);
    ExpectNeverGuesses(facts, [&] {
      const v1::AdvocacyDecision decision = DecideAdvocacy(facts, policy);
      Settled settled;
      if (decision.outcome() != v1::ADVOCACY_OUTCOME_CANNOT_TELL) {
        settled["outcome"] = v1::AdvocacyOutcome_Name(decision.outcome());
      }
      if (!facts::IsUnknown(decision.refer_early())) {
        settled["refer_early"] = type::v1::Answer_Name(decision.refer_early());
      }
      for (const int regime : decision.regimes()) {
        settled[v1::Regime_Name(static_cast<v1::Regime>(regime))] = "holds";
      }
      return settled;
    });
  });
}

TEST(EveryUnknownFact, HoldsNothingAndLetsNothingGo) {
  EachDraw([](const v1::AdvocacyPolicy& policy, std::mt19937& random) {
    v1::AdvocacyFacts facts = DrawFacts(policy, random);
    v1::CheckHoldRequest request;
    request.set_act(static_cast<v1::Act>(1 + random() % (v1::Act_ARRAYSIZE - 1)));
    DrawAnswers(request, random);
    v1::AdvocacyNeed need;
    const auto decide = [&] {
      *need.mutable_decision() = DecideAdvocacy(facts, policy);
      need.set_state(StateAfter(need.decision()));
      return HoldOf(DecideHold(need, {}, request, policy));
    };
    ExpectNeverGuesses(facts, decide);
    ExpectNeverGuesses(request, decide);
    v1::AdvocatePlacement& placement = *need.add_placements();
    placement.set_regime(v1::REGIME_CARE_ACT);
    ExpectNeverGuesses(placement, decide);
  });
}

}  // namespace
}  // namespace asc::advocacy
