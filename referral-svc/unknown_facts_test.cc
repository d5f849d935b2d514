// Not knowing a fact never gives a stronger outcome than a yes or a no would: every fact of every
// request, found by descriptor, under every authority's policy. The draws begin at a fixed seed, so
// that a failure can be repeated.

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/time_util.h"
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
#include "referral-svc/testing/every_fact.h"
#include "referral-svc/testing/shipped_policies.h"
#include "referral-svc/transfer_rules.h"

namespace asc::referral {
namespace {

using asc::testing::DrawAnswers;
using asc::testing::ExpectNeverGuesses;
using asc::testing::Settled;

constexpr int kRounds = 100;
const absl::Time kNow = absl::FromUnixSeconds(1767607200);

// Calls `visit` with every policy and a source of draws, some rounds each.
void EachDraw(const std::function<void(const v1::ReferralPolicy&, std::mt19937&)>& visit) {
  std::mt19937 random(20261122);
  for (const std::string& authority : ShippedAuthorities()) {
    SCOPED_TRACE(authority);
    for (int round = 0; round < kRounds; ++round) visit(ShippedPolicy(authority), random);
  }
}

Settled OutcomeOf(const v1::Decision& decision) {
  if (decision.outcome() == v1::OUTCOME_CANNOT_TELL) return {};
  return {{"outcome", v1::Outcome_Name(decision.outcome())}};
}

// With the actions that are due, but for those that a procedure demands because of what is not
// known.
template <class Response>
Settled WithActions(const Response& response) {
  Settled settled = OutcomeOf(response.decision());
  for (const v1::Action& action : response.actions()) {
    if (action.due() != facts::ANSWER_YES || AnswersIgnorance(action.kind())) continue;
    if (action.kind() == v1::ACTION_KIND_FIND_AVAILABILITY) continue;
    settled[v1::ActionKind_Name(action.kind())] = "due";
  }
  return settled;
}

v1::ReferralDetails DetailsOf(const v1::ReferralPolicy& policy) {
  v1::ReferralDetails details;
  details.set_subject(policy.scope().subjects(0));
  details.mutable_involve()->add_people();
  details.mutable_communication()->add_needs();
  return details;
}

google::protobuf::Timestamp In(int hours) {
  return google::protobuf::util::TimeUtil::SecondsToTimestamp(
      absl::ToUnixSeconds(kNow + absl::Hours(hours)));
}

TEST(EveryUnknownFact, OfEveryRequestAreTriedHere) {
  std::set<std::string> tried;
  for (const google::protobuf::Descriptor* type :
       {v1::ReferralDetails::descriptor(), v1::RouteContactRequest::descriptor(),
        v1::TransferFacts::descriptor(), v1::ReviewFacts::descriptor(), v1::CaseFacts::descriptor(),
        v1::EquipmentFacts::descriptor(), v1::DecideMaintenanceRequest::descriptor(),
        v1::RequestJointWorkRequest::descriptor(), v1::RespondToJointWorkRequest::descriptor(),
        v1::RaiseConcernRequest::descriptor(), v1::Destination::descriptor()}) {
    tried.merge(asc::testing::TypesWithAnswers(*type));
  }
  const auto* service =
      v1::ReferralDetails::descriptor()->file()->FindServiceByName("ReferralService");
  ASSERT_NE(service, nullptr);
  for (const std::string& type : asc::testing::TypesWithAnswers(*service)) {
    EXPECT_EQ(tried.count(type), 1u) << type << " holds facts: try them in this file";
  }
}

TEST(EveryUnknownFact, IsFoundToBeGuessed) {
  v1::CaseFacts facts;
  const auto guesses = [&facts] {
    return Settled{{"outcome", facts::IsUnknown(facts.carer_agrees()) ? "guess" : "known"}};
  };
  EXPECT_NONFATAL_FAILURE(ExpectNeverGuesses(facts, guesses), "not knowing carer_agrees");
}

TEST(EveryUnknownFact, LeaveAReferralOpen) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937& random) {
    v1::ReferralDetails details = DetailsOf(policy);
    DrawAnswers(details, random);
    ExpectNeverGuesses(details, [&] {
      const auto answer = DecideReferral(details, policy);
      Settled settled = OutcomeOf(answer.decision());
      if (!facts::IsUnknown(answer.should_be_taken())) {
        settled["should_be_taken"] = type::v1::Answer_Name(answer.should_be_taken());
      }
      return settled;
    });
  });
}

TEST(EveryUnknownFact, LeaveAContactWhereItIs) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937& random) {
    v1::RouteContactRequest request;
    request.set_subject(policy.scope().subjects(0));
    request.set_channel(static_cast<v1::Channel>(1 + random() % (v1::Channel_ARRAYSIZE - 1)));
    if (random() % 4 != 0) request.set_worker_id("worker-1");
    request.set_team_id("team-1");
    DrawAnswers(request, random);
    if (random() % 2 == 0) *request.mutable_facts()->mutable_action_needed_by() = In(5);
    if (random() % 4 != 0) {
      *request.mutable_facts()->mutable_available_from() = In(random() % 2 == 0 ? 2 : 99);
    }
    ExpectNeverGuesses(request, [&] {
      const auto answer = DecideRoute(request, {}, policy, kNow);
      Settled settled = WithActions(answer);
      if (answer.outcome() != v1::ROUTE_OUTCOME_CANNOT_TELL) {
        settled["route"] = v1::RouteOutcome_Name(answer.outcome());
      }
      return settled;
    });
  });
}

TEST(EveryUnknownFact, SayNothingOfResidence) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937& random) {
    v1::Residence residence;
    DrawAnswers(residence, random);
    ExpectNeverGuesses(residence, [&] { return WithActions(DecideResidence(residence, policy)); });
  });
}

TEST(EveryUnknownFact, OpenNoGateAndCloseNone) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937& random) {
    v1::ReferralDetails details = DetailsOf(policy);
    v1::TransferFacts facts;
    DrawAnswers(details, random);
    DrawAnswers(facts, random);
    const auto transfer = [&] {
      return OutcomeOf(DecideTransfer(details, facts, {}, policy).decision);
    };
    const auto support = [&] {
      return OutcomeOf(DecideLongTermSupport(details, facts, {}, policy).decision);
    };
    ExpectNeverGuesses(facts, transfer);
    ExpectNeverGuesses(facts, support);
    ExpectNeverGuesses(details, transfer);
    ExpectNeverGuesses(details, support);
  });
}

TEST(EveryUnknownFact, SendNoReviewAnywhere) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937& random) {
    v1::ReviewFacts facts;
    facts.set_subject(policy.scope().subjects(0));
    facts.set_manager_choice(
        static_cast<v1::ManagerChoice>(random() % v1::ManagerChoice_ARRAYSIZE));
    facts.set_kind_decided(static_cast<v1::ReviewKind>(random() % v1::ReviewKind_ARRAYSIZE));
    DrawAnswers(facts, random);
    ExpectNeverGuesses(facts, [&] {
      const auto answer = DecideReviewRoute(facts, {}, policy, kNow);
      Settled settled = WithActions(answer);
      // To ask a manager settles nothing yet.
      if (answer.decision().outcome() != v1::OUTCOME_CANNOT_TELL) {
        settled["route"] = v1::ReviewRoute_Name(answer.route());
      }
      return settled;
    });
  });
}

TEST(EveryUnknownFact, MoveNoCase) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937& random) {
    v1::CaseFacts facts;
    facts.set_subject(policy.scope().subjects(0));
    DrawAnswers(facts, random);
    ExpectNeverGuesses(facts, [&] {
      const auto answer = DecideCase(facts, policy);
      Settled settled = OutcomeOf(answer.decision());
      if (answer.route() != v1::CASE_ROUTE_UNSPECIFIED) {
        settled["route"] = v1::CaseRoute_Name(answer.route());
      }
      settled["assessor"] = answer.assessor();
      return settled;
    });
  });
}

TEST(EveryUnknownFact, GiveNobodyEquipmentAndTakeNoJob) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937& random) {
    v1::EquipmentFacts facts;
    DrawAnswers(facts, random);
    ExpectNeverGuesses(facts, [&] { return WithActions(DecideWorks(facts, policy)); });
    v1::DecideMaintenanceRequest request;
    DrawAnswers(request, random);
    ExpectNeverGuesses(request, [&] { return WithActions(DecideUpkeep(request, policy)); });
  });
}

TEST(EveryUnknownFact, BeginNoJointWork) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937& random) {
    v1::RequestJointWorkRequest request;
    request.set_specialist(
        static_cast<v1::SpecialistWork>(random() % v1::SpecialistWork_ARRAYSIZE));
    DrawAnswers(request, random);
    ExpectNeverGuesses(request, [&] { return OutcomeOf(DecideJointRequest(request, policy)); });
    v1::RespondToJointWorkRequest respond;
    ExpectNeverGuesses(respond, [&] {
      const auto decision = DecideJointResponse(respond.terms(), respond.delayed(), policy);
      Settled settled = OutcomeOf(decision);
      // The choice about a delay.
      if (decision.reasons_size() > 2) settled["delay"] = "to be chosen";
      return settled;
    });
  });
}

TEST(EveryUnknownFact, NeitherAlarmNorSettleAConcern) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937& random) {
    v1::RaiseConcernRequest request;
    request.set_kind(static_cast<v1::ConcernKind>(1 + random() % (v1::ConcernKind_ARRAYSIZE - 1)));
    ExpectNeverGuesses(request, [&] { return WithActions(DecideConcern(request, policy)); });
  });
}

TEST(EveryUnknownFact, WarnOfNoRisk) {
  EachDraw([](const v1::ReferralPolicy& policy, std::mt19937&) {
    v1::Destination destination;
    ExpectNeverGuesses(destination, [&] {
      const v1::Decision decision = DecideDestination(destination, policy);
      Settled settled = OutcomeOf(decision);
      settled["reasons"] = std::to_string(decision.reasons_size());
      return settled;
    });
  });
}

}  // namespace
}  // namespace asc::referral
