#include "tests/questions/asked.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "asc/funding/v1/funding.pb.h"
#include "asc/referral/v1/referral.pb.h"

namespace asc::tests::questions {
namespace {

namespace fv1 = funding::v1;

TEST(FieldExists, FollowsMessagesAndElementsOfLists) {
  const auto& type = *fv1::CheckChargingRequest::descriptor();
  EXPECT_TRUE(FieldExists(type, "facts"));
  EXPECT_TRUE(FieldExists(type, "facts.subject"));
  EXPECT_TRUE(FieldExists(type, "facts.items"));
  EXPECT_TRUE(FieldExists(type, "facts.items[3].cost.pence"));
  EXPECT_FALSE(FieldExists(type, ""));
  EXPECT_FALSE(FieldExists(type, "local_charging_policy"));
  EXPECT_FALSE(FieldExists(type, "facts.items.cost"));
  EXPECT_FALSE(FieldExists(type, "facts[0].subject"));
  EXPECT_FALSE(FieldExists(type, "facts.subject.name"));
}

TEST(Answerable, IsNoQuestionWithoutAPlaceOrText) {
  google::protobuf::RepeatedPtrField<type::v1::Question> questions;
  questions.Add()->set_field("facts");
  static const Types kReview = TypesOf<referral::v1::DecideReviewRequest>();
  EXPECT_NONFATAL_FAILURE(ExpectAnswerable(questions, kReview), "has no text");
  EXPECT_NONFATAL_FAILURE(ExpectField("facts", kReview, gateway::v1::STEP_KIND_REVIEW),
                          "facts.review.facts");
  EXPECT_NONFATAL_FAILURE(ExpectField("local_charging_policy", TypesOf<fv1::CheckChargingRequest>(),
                                      gateway::v1::STEP_KIND_UNSPECIFIED),
                          "local_charging_policy");
}

}  // namespace
}  // namespace asc::tests::questions
