// Not knowing a fact never gives a stronger outcome than a yes or a no would: every fact that a
// rule looks at, found by descriptor, under every authority's policy. The draws begin at a fixed
// seed, so that a failure can be repeated.

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "directory-svc/directory_rules.h"
#include "directory-svc/testing/shipped.h"
#include "google/protobuf/descriptor.h"
#include "platform/facts/tri_state.h"
#include "platform/testing/every_answer.h"

namespace asc::directory {
namespace {

using asc::testing::DrawAnswers;
using asc::testing::ExpectNeverGuesses;
using asc::testing::Settled;

constexpr int kRounds = 100;
constexpr std::int64_t kGivenAt = 1767607200;

void EachDraw(const std::function<void(const v1::DirectoryPolicy&, std::mt19937&)>& visit) {
  std::mt19937 random(20261122);
  for (const std::string& authority : ShippedAuthorities()) {
    SCOPED_TRACE(authority);
    const v1::DirectoryPolicy policy = ShippedPolicy(authority);
    for (int round = 0; round < kRounds; ++round) visit(policy, random);
  }
}

TEST(EveryUnknownFact, OfEveryRequestIsTriedHere) {
  std::set<std::string> tried;
  for (const google::protobuf::Descriptor* type :
       {v1::AccessFacts::descriptor(), v1::Circumstances::descriptor(),
        v1::RecordAdviceGivenRequest::descriptor(), v1::FollowUp::descriptor()}) {
    tried.merge(asc::testing::TypesWithAnswers(*type));
  }
  // What an entry says of a way to reach it; no rule turns on it.
  tried.merge(asc::testing::TypesWithAnswers(*v1::ContactPoint::descriptor()));
  const auto* service =
      v1::AccessFacts::descriptor()->file()->FindServiceByName("DirectoryService");
  ASSERT_NE(service, nullptr);
  for (const std::string& type : asc::testing::TypesWithAnswers(*service)) {
    EXPECT_EQ(tried.count(type), 1u) << type << " holds facts: try them in this file";
  }
}

TEST(EveryUnknownFact, MakesNobodyEligibleAndNobodyNot) {
  std::mt19937 random(20261122);
  for (int round = 0; round < 1000; ++round) {
    v1::ServiceContent content;
    for (int i = 0; i < 2; ++i) {
      v1::Eligibility& condition = *content.add_eligibility();
      condition.set_kind(
          static_cast<v1::EligibilityKind>(random() % v1::EligibilityKind_ARRAYSIZE));
      condition.set_age_min(18);
      condition.set_hint_only(random() % 4 == 0);
    }
    v1::Circumstances person;
    person.set_age(random() % 2 == 0 ? 17 : 40);
    DrawAnswers(person, random);
    ExpectNeverGuesses(person, [&] {
      const auto eligible = Eligible(content, person);
      Settled settled;
      if (!facts::IsUnknown(eligible)) settled["eligible"] = type::v1::Answer_Name(eligible);
      return settled;
    });
  }
}

TEST(EveryUnknownFact, GivesNoSupportAndDeniesNone) {
  EachDraw([](const v1::DirectoryPolicy& policy, std::mt19937& random) {
    v1::AccessFacts facts;
    DrawAnswers(facts, random);
    ExpectNeverGuesses(facts, [&] {
      const v1::AccessDecision decision = DecideAccess(facts, policy);
      Settled settled;
      if (decision.outcome() != v1::ACCESS_OUTCOME_CANNOT_TELL) {
        settled["outcome"] = v1::AccessOutcome_Name(decision.outcome());
      }
      return settled;
    });
  });
}

TEST(EveryUnknownFact, EndsNoFollowUp) {
  EachDraw([](const v1::DirectoryPolicy& policy, std::mt19937& random) {
    v1::RecordAdviceGivenRequest request;
    request.mutable_content()->mutable_given_at()->set_seconds(kGivenAt);
    DrawAnswers(request, random);
    // That somebody is to look again is what there is while nothing ends it.
    const auto state = [](v1::AdviceState state) {
      return Settled{
          {"state", state == v1::ADVICE_STATE_FOLLOW_UP_DUE ? "" : v1::AdviceState_Name(state)}};
    };
    ExpectNeverGuesses(request,
                       [&] { return state(DecideAdvice(request, policy, "caller").state); });
    v1::Advice advice;
    v1::FollowUp follow_up;
    DrawAnswers(follow_up, random);
    ExpectNeverGuesses(follow_up, [&] {
      return state(
          DecideFollowUp(advice, follow_up, policy, absl::FromUnixSeconds(kGivenAt)).state);
    });
  });
}

}  // namespace
}  // namespace asc::directory
