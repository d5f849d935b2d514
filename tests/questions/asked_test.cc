#include "tests/questions/asked.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "asc/funding/v1/funding.pb.h"
#include "asc/referral/v1/referral.pb.h"

namespace asc::tests::questions {
namespace {

namespace fv1 = funding::v1;

TEST(AddedAndCleared, IsAnItemByItsKeyAlone) {
  ExpectAddedAndCleared("facts.charging.items[item_id=7].cost.pence");
  ExpectAddedAndCleared("facts.advocacy.limbs[limb=LIMB_RETAINING].evidence");
  ExpectAddedAndCleared("facts.referral.involve.people[0].consent");
  EXPECT_NONFATAL_FAILURE(ExpectAddedAndCleared("facts.charging.items[0].item_id"),
                          "cannot be answered alone");
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
