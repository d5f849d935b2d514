// Everything the referral service asks for can be answered.

#include <gtest/gtest.h>

#include <functional>

#include "asc/referral/golden/v1/golden.pb.h"
#include "platform/testing/every_answer.h"
#include "referral-svc/case_rules.h"
#include "referral-svc/concern_rules.h"
#include "referral-svc/equipment_rules.h"
#include "referral-svc/joint_rules.h"
#include "referral-svc/life_rules.h"
#include "referral-svc/referral_rules.h"
#include "referral-svc/residence_rules.h"
#include "referral-svc/review_rules.h"
#include "referral-svc/route_rules.h"
#include "referral-svc/team_rules.h"
#include "referral-svc/testing/shipped_policies.h"
#include "referral-svc/transfer_rules.h"
#include "referral-svc/waiting_rules.h"
#include "tests/questions/asked.h"

namespace asc::tests::questions {
namespace {

namespace gv1 = gateway::v1;
namespace v1 = referral::v1;
using asc::testing::DrawAnswers;
using referral::ShippedPolicy;
using referral::golden::v1::GoldenCase;

const absl::Time kNow = absl::FromUnixSeconds(1767607200);

void ExpectOfCheck(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy) {
  const auto answer = referral::DecideReferral(details, policy);
  ExpectAnswerable(answer.decision().questions(), TypesOf<v1::CheckReferralRequest>(),
                   gv1::STEP_KIND_REFERRAL);
  for (const auto& item : answer.items()) {
    for (const std::string& field : item.missing_fields()) {
      ExpectField(field, TypesOf<v1::ReferralDetails>(), gv1::STEP_KIND_REFERRAL);
    }
  }
}

void ExpectOfRoute(const v1::RouteContactRequest& request, const referral::RouteRecords& records,
                   const v1::ReferralPolicy& policy, absl::Time now) {
  ExpectAnswerable(referral::DecideRoute(request, records, policy, now).decision().questions(),
                   TypesOf<v1::RouteContactRequest>(), gv1::STEP_KIND_ROUTE);
}

void ExpectOfResidence(const v1::Residence& residence, const v1::ReferralPolicy& policy) {
  ExpectAnswerable(referral::DecideResidence(residence, policy).decision().questions(),
                   TypesOf<v1::CheckOrdinaryResidenceRequest>(), gv1::STEP_KIND_ORDINARY_RESIDENCE);
}

void ExpectOfReview(const v1::ReviewFacts& facts, const v1::ReferralPolicy& policy) {
  ExpectAnswerable(referral::DecideReviewRoute(facts, {}, policy, kNow).decision().questions(),
                   TypesOf<v1::DecideReviewRequest>(), gv1::STEP_KIND_REVIEW);
}

// What a gate asks for is in the request, or in the referral that it is about.
void ExpectOfGates(const v1::ReferralDetails& details, const v1::TransferFacts& facts,
                   const v1::ReferralPolicy& policy) {
  ExpectAnswerable(referral::DecideTransfer(details, facts, {}, policy).decision.questions(),
                   TypesOf<v1::CheckTransferRequest, v1::Referral>());
  ExpectAnswerable(referral::DecideLongTermSupport(details, facts, {}, policy).decision.questions(),
                   TypesOf<v1::CheckLongTermSupportRequest, v1::Referral>());
  ExpectAnswerable(referral::DecideLongTermSupport(details, facts, {}, policy).decision.questions(),
                   TypesOf<v1::UndertakeLongTermSupportRequest, v1::Referral>());
}

TEST(EveryQuestion, OfAReferralCaseCanBeAnswered) {
  int asked = 0;
  for (const GoldenCase& golden : GoldenCases<GoldenCase>("referral-svc/golden")) {
    SCOPED_TRACE(golden.says());
    asked += golden.expected().asks_size();
    if (golden.has_check()) {
      ExpectOfCheck(golden.check().details(), ShippedPolicy(golden.check().authority()));
    } else if (golden.has_route()) {
      referral::RouteRecords records{{golden.allocations().begin(), golden.allocations().end()},
                                     {}};
      if (golden.has_availability()) records.availability = golden.availability();
      ExpectOfRoute(golden.route(), records, ShippedPolicy(golden.route().authority()),
                    absl::FromUnixSeconds(golden.now().seconds()));
    } else if (golden.has_residence()) {
      ExpectOfResidence(golden.residence().residence(),
                        ShippedPolicy(golden.residence().authority()));
    } else if (golden.has_review()) {
      ExpectOfReview(golden.review().facts(), ShippedPolicy(golden.review().authority()));
    } else if (golden.has_transfer()) {
      ExpectOfGates(golden.details(), golden.transfer().facts(),
                    ShippedPolicy(golden.transfer().authority()));
    } else if (golden.has_long_term()) {
      ExpectOfGates(golden.details(), golden.long_term().facts(),
                    ShippedPolicy(golden.long_term().authority()));
    } else if (golden.has_recommend_team()) {
      const auto teams =
          referral::DecideTeamRanks(golden.details(), golden.recommend_team().wished_team_id(),
                                    {golden.teams().begin(), golden.teams().end()},
                                    ShippedPolicy(golden.recommend_team().authority()));
      ExpectAnswerable(teams.decision().questions(),
                       TypesOf<v1::RecommendTeamRequest, v1::Referral>());
    }
  }
  EXPECT_GT(asked, 100);
}

// Calls `visit` with every policy and a source of draws, some rounds each.
void EachDraw(const std::function<void(const v1::ReferralPolicy&, std::mt19937&)>& visit) {
  std::mt19937 random(kSeed);
  for (const std::string& authority : referral::ShippedAuthorities()) {
    SCOPED_TRACE(authority);
    for (int round = 0; round < kRounds; ++round) visit(ShippedPolicy(authority), random);
  }
}

TEST(EveryQuestion, OfAContactsStepsCanBeAnswered) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937& random) {
    v1::ReferralDetails details;
    details.set_subject(policy.scope().subjects(0));
    details.mutable_involve()->add_people();
    details.mutable_communication()->add_needs();
    DrawAnswers(details, random);
    ExpectOfCheck(details, policy);
    v1::TransferFacts transfer;
    DrawAnswers(transfer, random);
    ExpectOfGates(details, transfer, policy);
    ExpectOfResidence(details.residence(), policy);
    v1::RouteContactRequest route;
    route.set_subject(policy.scope().subjects(0));
    route.set_channel(static_cast<v1::Channel>(1 + random() % (v1::Channel_ARRAYSIZE - 1)));
    if (random() % 4 != 0) route.set_worker_id("worker-1");
    if (random() % 2 == 0) route.set_team_id("team-1");
    DrawAnswers(route, random);
    ExpectOfRoute(route, {}, policy, kNow);
    v1::ReviewFacts review;
    review.set_subject(policy.scope().subjects(0));
    DrawAnswers(review, random);
    ExpectOfReview(review, policy);
  });
}

TEST(EveryQuestion, OfWhatIsDoneWithACaseCanBeAnswered) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937& random) {
    v1::CaseFacts facts;
    facts.set_subject(policy.scope().subjects(0));
    DrawAnswers(facts, random);
    ExpectAnswerable(referral::DecideCase(facts, policy).decision().questions(),
                     TypesOf<v1::DecideCaseTransferRequest>());
    v1::EquipmentFacts equipment;
    DrawAnswers(equipment, random);
    ExpectAnswerable(referral::DecideWorks(equipment, policy).decision().questions(),
                     TypesOf<v1::DecideEquipmentRequest>());
    v1::DecideMaintenanceRequest upkeep;
    DrawAnswers(upkeep, random);
    ExpectAnswerable(referral::DecideUpkeep(upkeep, policy).decision().questions(),
                     TypesOf<v1::DecideMaintenanceRequest>());
    v1::RequestJointWorkRequest joint;
    DrawAnswers(joint, random);
    ExpectAnswerable(referral::DecideJointRequest(joint, policy).questions(),
                     TypesOf<v1::RequestJointWorkRequest>());
    ExpectAnswerable(
        referral::DecideJointResponse({}, type::v1::ANSWER_UNKNOWN, policy).questions(),
        TypesOf<v1::RespondToJointWorkRequest>());
    v1::RaiseConcernRequest concern;
    concern.set_kind(static_cast<v1::ConcernKind>(1 + random() % (v1::ConcernKind_ARRAYSIZE - 1)));
    DrawAnswers(concern, random);
    ExpectAnswerable(referral::DecideConcern(concern, policy).decision().questions(),
                     TypesOf<v1::RaiseConcernRequest>());
    v1::Concern unclear;
    for (const char* field : {"person.person_id", "person.born_on", "person.postcode",
                              "person.nhs_number", "referral_id"}) {
      unclear.add_unclear()->set_field(field);
    }
    v1::Decision again;
    referral::AskAgain(unclear, policy, again);
    EXPECT_EQ(again.questions_size(), unclear.unclear_size());
    ExpectAnswerable(again.questions(), TypesOf<v1::RaiseConcernRequest>());
    ExpectAnswerable(referral::DecideDestination({}, policy).questions(),
                     TypesOf<v1::RecordDestinationRequest>());
    ExpectAnswerable(referral::DecidePriority({}, policy).questions(),
                     TypesOf<v1::SetPriorityFactorsRequest>());
  });
}

}  // namespace
}  // namespace asc::tests::questions
