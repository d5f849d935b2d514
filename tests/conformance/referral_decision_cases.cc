// The cases of asc.referral.v1 about decisions that keep no record.

#include <gtest/gtest.h>

#include "asc/referral/v1/referral.grpc.pb.h"
#include "tests/conformance/records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

namespace v1 = asc::referral::v1;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_UNKNOWN;
using type::v1::ANSWER_YES;

const char* const kWork = "referral.work";
const char* const kReview = "referral.review";

v1::ReferralService::Stub& Stub() {
  static const auto stub = v1::ReferralService::NewStub(TheSubject().channel);
  return *stub;
}

v1::Decision CheckResidence(const v1::Residence& residence) {
  v1::CheckOrdinaryResidenceRequest request;
  request.set_authority(TheSubject().authority);
  *request.mutable_residence() = residence;
  v1::CheckOrdinaryResidenceResponse response;
  const grpc::Status status = Stub().CheckOrdinaryResidence(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.decision();
}

v1::DecideReviewResponse DecideReview(const v1::ReviewFacts& facts) {
  v1::DecideReviewRequest request;
  request.set_authority(TheSubject().authority);
  *request.mutable_facts() = facts;
  v1::DecideReviewResponse response;
  const grpc::Status status = Stub().DecideReview(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

// [referral.checktransfer.never]
TEST(ReferralChecktransferNever, HoldsUpNeitherUrgencyNorANeededAssessment) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::OpenReferralRequest opening = LawfulReferral();
  opening.mutable_details()->mutable_residence()->set_appearance_of_need(ANSWER_YES);
  opening.mutable_details()->mutable_prevention()->set_all_explored(ANSWER_NO);
  opening.mutable_details()->mutable_information()->set_finance_information_given(ANSWER_NO);
  v1::OpenReferralResponse opened;
  ASSERT_TRUE(Stub().OpenReferral(NewContext().get(), opening, &opened).ok());

  for (const bool urgent : {true, false}) {
    v1::CheckTransferRequest request;
    request.set_authority(TheSubject().authority);
    request.set_referral_id(opened.referral().referral_id());
    request.mutable_facts()->set_safeguarding_or_urgent(urgent ? ANSWER_YES : ANSWER_NO);
    request.mutable_facts()->set_may_lead_to_assessment(urgent ? ANSWER_NO : ANSWER_YES);
    request.mutable_facts()->set_longer_term_work(ANSWER_YES);
    request.mutable_facts()->set_advocacy_hold(ANSWER_YES);
    v1::CheckTransferResponse response;
    const grpc::Status status = Stub().CheckTransfer(NewContext().get(), request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.decision().outcome(), v1::OUTCOME_PERMITTED) << response.ShortDebugString();
    for (const v1::Gate& gate : response.gates()) {
      const bool binding = gate.strength() == type::v1::STRENGTH_MUST ||
                           gate.strength() == type::v1::STRENGTH_SHOULD;
      EXPECT_FALSE(binding && gate.open() != ANSWER_YES) << gate.ShortDebugString();
    }
  }
}

// [referral.residence.never]
TEST(ReferralResidenceNever, HoldsUpNobodyWhoAppearsToHaveNeeds) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::Residence residence;
  residence.set_appearance_of_need(ANSWER_YES);

  for (const auto insists : {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN}) {
    for (const auto delay : {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN}) {
      residence.set_person_insists(insists);
      residence.set_would_delay(delay);
      const v1::Decision decision = CheckResidence(residence);
      EXPECT_TRUE(decision.outcome() == v1::OUTCOME_PERMITTED ||
                  decision.outcome() == v1::OUTCOME_NOT_COVERED)
          << decision.ShortDebugString();
      EXPECT_GE(decision.reasons_size(), 1);
    }
  }
}

// [referral.review.mixed]
TEST(ReferralReviewMixed, LeavesTheKindOfReviewToAPerson) {
  if (!Claims(kReview)) GTEST_SKIP() << NotClaimed(kReview);
  v1::ReviewFacts facts;
  facts.set_subject(CoveredSubject());
  facts.set_has_plan(ANSWER_YES);
  facts.set_reablement_plan(ANSWER_NO);
  facts.set_request_reasonable(ANSWER_YES);
  facts.set_review_planned(ANSWER_YES);
  facts.set_has_allocated_worker(ANSWER_NO);
  facts.set_circumstances_changed(ANSWER_NO);

  for (const bool needs : {true, false}) {
    facts.set_needs_changed(needs ? ANSWER_YES : ANSWER_NO);
    facts.set_budget_change_required(needs ? ANSWER_NO : ANSWER_YES);
    const v1::DecideReviewResponse response = DecideReview(facts);
    EXPECT_NE(response.route(), v1::REVIEW_ROUTE_LIGHT_TOUCH_POSSIBLE);
    EXPECT_NE(response.route(), v1::REVIEW_ROUTE_REASSESSMENT_LIKELY);
    EXPECT_GE(response.decision().reasons_size(), 1);
    if (response.route() == v1::REVIEW_ROUTE_RESPONSIBLE_TEAM) continue;
    EXPECT_EQ(response.decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  }
}

}  // namespace
}  // namespace asc::conformance
