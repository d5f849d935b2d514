// The cases of asc.referral.v1 about decisions that keep no record.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

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
const char* const kJoint = "referral.joint";
const char* const kEquipment = "referral.equipment";

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

// [referral.review.same]
TEST(ReferralReviewSame, TakesNewFactsOnTheSameReview) {
  if (!Claims(kReview)) GTEST_SKIP() << NotClaimed(kReview);
  v1::RequestReviewRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_request("the days are to change");
  request.mutable_facts()->set_subject(CoveredSubject());
  request.mutable_facts()->set_person_id(FreshId("person"));
  v1::RequestReviewResponse first;
  ASSERT_TRUE(Stub().RequestReview(NewContext().get(), request, &first).ok());
  ASSERT_EQ(first.decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  request.set_request_id(FreshId("kit"));
  request.set_review_id(first.review().review_id());
  request.mutable_facts()->set_has_plan(ANSWER_YES);
  v1::RequestReviewResponse second;

  ASSERT_TRUE(Stub().RequestReview(NewContext().get(), request, &second).ok());

  EXPECT_EQ(second.review().review_id(), first.review().review_id());
  EXPECT_EQ(second.review().facts().has_plan(), ANSWER_YES);
}

// [referral.review.completed]
TEST(ReferralReviewCompleted, StaysAsItIs) {
  if (!Claims(kReview)) GTEST_SKIP() << NotClaimed(kReview);
  v1::RequestReviewRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_request("the days are to change");
  request.mutable_facts()->set_subject(CoveredSubject());
  request.mutable_facts()->set_person_id(FreshId("person"));
  v1::RequestReviewResponse first;
  ASSERT_TRUE(Stub().RequestReview(NewContext().get(), request, &first).ok());
  v1::CompleteReviewRequest complete;
  complete.set_authority(TheSubject().authority);
  complete.set_request_id(FreshId("kit"));
  complete.set_review_id(first.review().review_id());
  complete.set_etag(first.review().etag());
  complete.set_findings("nothing else has changed");
  v1::CompleteReviewResponse completed;
  ASSERT_TRUE(Stub().CompleteReview(NewContext().get(), complete, &completed).ok());
  request.set_request_id(FreshId("kit"));
  request.set_review_id(first.review().review_id());
  request.mutable_facts()->set_has_plan(ANSWER_NO);
  v1::RequestReviewResponse second;

  ASSERT_TRUE(Stub().RequestReview(NewContext().get(), request, &second).ok());

  EXPECT_EQ(second.review().review_id(), first.review().review_id());
  EXPECT_EQ(second.review().status(), v1::REVIEW_STATUS_COMPLETED);
  EXPECT_EQ(second.review().facts().has_plan(), asc::type::v1::ANSWER_UNSPECIFIED);
  EXPECT_EQ(second.decision().outcome(), v1::OUTCOME_REFUSED);
}

// [referral.revision.after]
TEST(ReferralRevisionAfter, IsRefusedUntilTheReviewIsCompleted) {
  if (!Claims(kReview)) GTEST_SKIP() << NotClaimed(kReview);
  v1::RequestReviewRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_request("the days are to change");
  request.mutable_facts()->set_subject(CoveredSubject());
  request.mutable_facts()->set_person_id(FreshId("person"));
  request.mutable_facts()->set_has_plan(ANSWER_YES);
  v1::RequestReviewResponse requested;
  ASSERT_TRUE(Stub().RequestReview(NewContext().get(), request, &requested).ok());
  v1::CheckPlanRevisionRequest check;
  check.set_authority(TheSubject().authority);
  check.set_review_id(requested.review().review_id());
  v1::CheckPlanRevisionResponse before;
  ASSERT_TRUE(Stub().CheckPlanRevision(NewContext().get(), check, &before).ok());
  v1::CompleteReviewRequest complete;
  complete.set_authority(TheSubject().authority);
  complete.set_request_id(FreshId("kit"));
  complete.set_review_id(requested.review().review_id());
  complete.set_etag(requested.review().etag());
  complete.set_findings("nothing else has changed");
  v1::CompleteReviewResponse completed;

  ASSERT_TRUE(Stub().CompleteReview(NewContext().get(), complete, &completed).ok());
  v1::CheckPlanRevisionResponse after;
  ASSERT_TRUE(Stub().CheckPlanRevision(NewContext().get(), check, &after).ok());

  EXPECT_EQ(before.decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_EQ(after.decision().outcome(), v1::OUTCOME_PERMITTED);
}

// [referral.team.unknown]
TEST(ReferralTeamUnknown, IsNotFound) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  v1::GetTeamRequest request;
  request.set_authority(TheSubject().authority);
  request.set_team_id(FreshId("team"));
  v1::GetTeamResponse response;

  const grpc::Status status = Stub().GetTeam(NewContext().get(), request, &response);

  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND) << status.error_message();
}

// The ranks of these teams for a referral whose needs come in this order.
std::vector<v1::TeamRank> RanksOf(const std::vector<std::string>& needs,
                                  const std::set<std::string>& teams) {
  v1::OpenReferralRequest opening = LawfulReferral();
  opening.mutable_details()->set_purpose(v1::PURPOSE_ASSESSMENT);
  v1::Communication& communication = *opening.mutable_details()->mutable_communication();
  communication.set_any(ANSWER_YES);
  for (const std::string& need : needs) communication.add_needs()->set_need(need);
  v1::OpenReferralResponse opened;
  EXPECT_TRUE(Stub().OpenReferral(NewContext().get(), opening, &opened).ok());
  v1::RecommendTeamRequest request;
  request.set_authority(TheSubject().authority);
  request.set_referral_id(opened.referral().referral_id());
  v1::RecommendTeamResponse response;
  const grpc::Status status = Stub().RecommendTeam(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  std::vector<v1::TeamRank> ranks;
  for (const v1::TeamRank& rank : response.teams()) {
    if (teams.count(rank.team_id()) == 1) ranks.push_back(rank);
  }
  return ranks;
}

// [referral.recommendteam.order]
TEST(ReferralRecommendteamOrder, DoesNotDependOnTheOrderOfNeeds) {
  if (!Claims(kWork)) GTEST_SKIP() << NotClaimed(kWork);
  const std::vector<std::string> skills = {"British Sign Language", "Makaton", "Polish"};
  std::set<std::string> teams;
  for (std::size_t i = 0; i < skills.size(); ++i) {
    v1::SetTeamRequest request;
    request.set_authority(TheSubject().authority);
    request.set_request_id(FreshId("kit"));
    request.set_team_id(FreshId("team"));
    request.set_name("Kit");
    request.add_functions(v1::PURPOSE_ASSESSMENT);
    for (std::size_t skill = 0; skill <= i; ++skill) {
      request.add_communication_skills(skills[skill]);
    }
    v1::SetTeamResponse response;
    ASSERT_TRUE(Stub().SetTeam(NewContext().get(), request, &response).ok());
    teams.insert(request.team_id());
  }

  const std::vector<v1::TeamRank> ranks = RanksOf({skills[0], skills[1]}, teams);
  const std::vector<v1::TeamRank> reversed = RanksOf({skills[1], skills[0]}, teams);

  ASSERT_EQ(ranks.size(), teams.size());
  ASSERT_EQ(reversed.size(), teams.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    EXPECT_EQ(ranks[i].team_id(), reversed[i].team_id());
    EXPECT_GE(ranks[i].reasons_size(), 1);
  }
}

// [referral.casetransfer.conditions]
TEST(ReferralCasetransferConditions, NamesNoAssessorUnlessAllAreKnownToHold) {
  if (!Claims(kJoint)) GTEST_SKIP() << NotClaimed(kJoint);
  const auto route = [](auto complex, auto joint, auto agrees) {
    v1::DecideCaseTransferRequest request;
    request.set_authority(TheSubject().authority);
    request.mutable_facts()->set_subject(CoveredSubject());
    request.mutable_facts()->set_circumstances_complex(complex);
    request.mutable_facts()->set_joint_assessment_needed(joint);
    request.mutable_facts()->set_carer_agrees(agrees);
    v1::DecideCaseTransferResponse response;
    const grpc::Status status = Stub().DecideCaseTransfer(NewContext().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.route() == v1::CASE_ROUTE_OUTSOURCED_ASSESSOR, !response.assessor().empty());
    return response.route();
  };

  route(ANSWER_NO, ANSWER_NO, ANSWER_YES);
  for (const auto spoiled : {ANSWER_YES, ANSWER_UNKNOWN}) {
    const auto disagrees = spoiled == ANSWER_YES ? ANSWER_NO : ANSWER_UNKNOWN;
    EXPECT_NE(route(spoiled, ANSWER_NO, ANSWER_YES), v1::CASE_ROUTE_OUTSOURCED_ASSESSOR);
    EXPECT_NE(route(ANSWER_NO, spoiled, ANSWER_YES), v1::CASE_ROUTE_OUTSOURCED_ASSESSOR);
    EXPECT_NE(route(ANSWER_NO, ANSWER_NO, disagrees), v1::CASE_ROUTE_OUTSOURCED_ASSESSOR);
  }
}

// [referral.equipment.mechanisms]
TEST(ReferralEquipmentMechanisms, AreEachNeededBeforeAnythingIsPermitted) {
  if (!Claims(kEquipment)) GTEST_SKIP() << NotClaimed(kEquipment);
  v1::DecideEquipmentRequest whole;
  whole.set_authority(TheSubject().authority);
  v1::EquipmentFacts& facts = *whole.mutable_facts();
  facts.set_allocation_not_required(ANSWER_YES);
  facts.set_most_proportionate(ANSWER_YES);
  facts.set_in_local_scheme(ANSWER_YES);
  facts.set_safe_use_arranged(ANSWER_YES);
  facts.set_monitoring_arranged(ANSWER_YES);
  facts.set_review_arranged(ANSWER_YES);

  for (const auto spoiled : {ANSWER_NO, ANSWER_UNKNOWN}) {
    for (int mechanism = 0; mechanism < 3; ++mechanism) {
      v1::DecideEquipmentRequest request = whole;
      if (mechanism == 0) request.mutable_facts()->set_safe_use_arranged(spoiled);
      if (mechanism == 1) request.mutable_facts()->set_monitoring_arranged(spoiled);
      if (mechanism == 2) request.mutable_facts()->set_review_arranged(spoiled);
      v1::DecideEquipmentResponse response;
      const grpc::Status status = Stub().DecideEquipment(NewContext().get(), request, &response);
      ASSERT_TRUE(status.ok()) << status.error_message();
      EXPECT_NE(response.decision().outcome(), v1::OUTCOME_PERMITTED);
      EXPECT_GE(response.decision().reasons_size(), 1);
    }
  }
}

}  // namespace
}  // namespace asc::conformance
