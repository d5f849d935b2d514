// Everything the directory asks for can be answered.

#include <gtest/gtest.h>

#include "directory-svc/directory_rules.h"
#include "directory-svc/testing/shipped.h"
#include "platform/testing/every_answer.h"
#include "tests/questions/asked.h"

namespace asc::tests::questions {
namespace {

namespace gv1 = gateway::v1;
namespace v1 = directory::v1;
using asc::testing::DrawAnswers;

void ExpectOfSearch(const v1::Circumstances& person, const v1::DirectoryPolicy& policy) {
  for (int kind = 0; kind < v1::EligibilityKind_ARRAYSIZE; ++kind) {
    v1::ServiceContent content;
    content.add_eligibility()->set_kind(static_cast<v1::EligibilityKind>(kind));
    google::protobuf::RepeatedPtrField<type::v1::Question> questions;
    directory::AskEligibility(content, person, policy, questions);
    for (const auto step : {gv1::STEP_KIND_INFORMATION, gv1::STEP_KIND_PREVENTION}) {
      ExpectAnswerable(questions, TypesOf<v1::SearchServicesRequest>(), step);
    }
  }
}

TEST(EveryQuestion, OfTheDirectoryCanBeAnswered) {
  std::mt19937 random(kSeed);
  for (const std::string& authority : directory::ShippedAuthorities()) {
    SCOPED_TRACE(authority);
    const v1::DirectoryPolicy policy = directory::ShippedPolicy(authority);
    for (int round = 0; round < kRounds; ++round) {
      v1::Circumstances person;
      DrawAnswers(person, random);
      ExpectOfSearch(person, policy);
      v1::AccessFacts access;
      DrawAnswers(access, random);
      ExpectAnswerable(directory::DecideAccess(access, policy).questions(),
                       TypesOf<v1::CheckAccessRequest>());
      v1::RecordAdviceGivenRequest given;
      DrawAnswers(given, random);
      ExpectAnswerable(directory::DecideAdvice(given, policy, "caller").questions,
                       TypesOf<v1::RecordAdviceGivenRequest>(), gv1::STEP_KIND_ADVICE_RECORD);
      v1::FollowUp follow_up;
      DrawAnswers(follow_up, random);
      ExpectAnswerable(
          directory::DecideFollowUp({}, follow_up, policy, absl::FromUnixSeconds(1767607200))
              .questions,
          TypesOf<v1::RecordFollowUpRequest, v1::RecordAdviceGivenRequest>());
    }
  }
}

}  // namespace
}  // namespace asc::tests::questions
