#include "referral-svc/route_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "google/protobuf/util/time_util.h"
#include "platform/facts/tri_state.h"
#include "referral-svc/testing/shipped_policies.h"

namespace asc::referral {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;

using google::protobuf::util::TimeUtil;

const absl::Time kNow = absl::FromUnixSeconds(1767607200);
constexpr Answer kAnswers[] = {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN};

google::protobuf::Timestamp In(absl::Duration after) {
  return TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(kNow + after));
}

v1::RouteContactRequest ForWorker(const v1::ReferralPolicy& policy, v1::Channel channel) {
  v1::RouteContactRequest request;
  request.set_authority(policy.authority());
  request.set_subject(policy.scope().subjects(0));
  request.set_channel(channel);
  request.set_person_id("person-1");
  request.set_worker_id("worker-1");
  return request;
}

v1::Allocation WorkerAllocation(const std::string& worker_id) {
  v1::Allocation allocation;
  allocation.set_role(v1::ALLOCATION_ROLE_WORKER);
  allocation.set_worker_id(worker_id);
  return allocation;
}

v1::WorkerAvailability AwayFor(std::vector<std::pair<absl::Duration, absl::Duration>> spans) {
  v1::WorkerAvailability availability;
  for (const auto& [from, to] : spans) {
    v1::Absence& absence = *availability.add_absences();
    *absence.mutable_begins_at() = In(from);
    if (to != absl::InfiniteDuration()) *absence.mutable_ends_at() = In(to);
  }
  return availability;
}

v1::RouteOutcome Route(const v1::RouteContactRequest& request, const v1::ReferralPolicy& policy,
                       const RouteRecords& records = {}) {
  return DecideRoute(request, records, policy, kNow).outcome();
}

// A call: allocation x presence x return, against what T1 to T6 say.
TEST(TelephoneRoute, FollowsItsTruthTable) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy policy = ShippedPolicy(authority);
    const bool merged = authority == "standard";
    for (const Answer allocated : kAnswers) {
      for (const Answer available : kAnswers) {
        for (const Answer known : kAnswers) {
          auto request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
          request.mutable_facts()->set_allocated_to_worker(allocated);
          request.mutable_facts()->set_available_now(available);
          request.mutable_facts()->set_return_known(known);
          if (known == ANSWER_YES)
            *request.mutable_facts()->mutable_available_from() = In(absl::Hours(9));
          v1::RouteOutcome expected = v1::ROUTE_OUTCOME_CANNOT_TELL;
          if (allocated == ANSWER_NO) {
            expected = v1::ROUTE_OUTCOME_DO_NOT_TRANSFER;
          } else if (allocated == ANSWER_YES && available == ANSWER_YES) {
            expected = v1::ROUTE_OUTCOME_TRANSFER;
          } else if (allocated == ANSWER_YES && available == ANSWER_NO) {
            if (known == ANSWER_YES) expected = v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL;
            if (known == ANSWER_NO || (merged && known == ANSWER_UNKNOWN)) {
              expected = v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNKNOWN;
            }
          }
          EXPECT_EQ(Route(request, policy), expected)
              << authority << " " << request.facts().ShortDebugString();
        }
      }
    }
  }
}

TEST(Records, SettleWhatTheyKnowAndLeaveTheRestToTheCaller) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  auto request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
  request.mutable_facts()->set_available_now(ANSWER_YES);
  request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
  EXPECT_EQ(Route(request, policy), v1::ROUTE_OUTCOME_TRANSFER);
  EXPECT_EQ(Route(request, policy, {{WorkerAllocation("worker-2")}, {}}),
            v1::ROUTE_OUTCOME_DO_NOT_TRANSFER);
  request.mutable_facts()->set_allocated_to_worker(ANSWER_NO);
  EXPECT_EQ(
      Route(request, policy, {{WorkerAllocation("worker-2"), WorkerAllocation("worker-1")}, {}}),
      v1::ROUTE_OUTCOME_TRANSFER);
}

TEST(Records, ATeamsAllocationSaysNothingOfAWorker) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  auto request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
  v1::Allocation team;
  team.set_role(v1::ALLOCATION_ROLE_REVIEW);
  team.set_team_id("team-1");
  EXPECT_EQ(Route(request, policy, {{team}, {}}), v1::ROUTE_OUTCOME_CANNOT_TELL);
}

// Whoever has looked again may have found that it takes longer; that it takes less would have been
// recorded.
TEST(Records, OfTwoReturnsTheLaterCounts) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  auto request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
  request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
  request.mutable_facts()->set_available_now(ANSWER_NO);
  request.mutable_facts()->set_return_known(ANSWER_YES);
  const RouteRecords records = {{}, AwayFor({{-absl::Hours(1), absl::Hours(2)}})};
  for (const int told_hours : {0, 1, 72}) {
    // 0: that it is known, and not when.
    if (told_hours > 0) {
      *request.mutable_facts()->mutable_available_from() = In(absl::Hours(told_hours));
    }
    const auto answer = DecideRoute(request, records, policy, kNow);
    EXPECT_EQ(answer.outcome(), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL);
    EXPECT_EQ(answer.available_from().seconds(),
              In(absl::Hours(told_hours == 72 ? 72 : 2)).seconds());
  }
}

// A letter that the service can receive: what is done for somebody away turns on whether they are.
TEST(WrittenRoute, DoesForSomebodyAwayWhatIsListedThoughTheLetterIsReceived) {
  for (const char* authority : {"rotherham", "wakefield", "milton-keynes", "hillingdon-carers"}) {
    const v1::ReferralPolicy policy = ShippedPolicy(authority);
    auto request = ForWorker(policy, v1::CHANNEL_LETTER);
    request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
    request.mutable_facts()->set_service_can_receive(ANSWER_YES);
    request.mutable_facts()->set_manager_agreed(ANSWER_YES);
    for (const Answer available : kAnswers) {
      for (const Answer soon : kAnswers) {
        request.mutable_facts()->set_available_now(available);
        request.mutable_facts()->set_return_known(ANSWER_YES);
        *request.mutable_facts()->mutable_available_from() = In(absl::Hours(9));
        if (available == ANSWER_YES) {
          request.mutable_facts()->clear_return_known();
          request.mutable_facts()->clear_available_from();
        }
        request.mutable_facts()->set_available_soon_enough(soon);
        const auto answer = DecideRoute(request, {}, policy, kNow);
        EXPECT_EQ(answer.outcome(), v1::ROUTE_OUTCOME_TRANSFER) << authority;
        const bool listed = available == ANSWER_NO && soon == ANSWER_NO;
        EXPECT_EQ(answer.actions_size(),
                  policy.written().transfer_actions_size() +
                      (listed ? policy.written().unavailable_actions_size() : 0))
            << authority << " " << request.facts().ShortDebugString();
        EXPECT_EQ(answer.has_available_from(), listed);
        std::vector<std::string> fields;
        for (const auto& question : answer.decision().questions()) {
          fields.push_back(question.field());
        }
        EXPECT_EQ(std::count(fields.begin(), fields.end(), "facts.available_now"),
                  available == ANSWER_UNKNOWN ? 1 : 0);
        EXPECT_EQ(std::count(fields.begin(), fields.end(), "facts.available_soon_enough"),
                  available == ANSWER_NO && soon == ANSWER_UNKNOWN ? 1 : 0);
      }
    }
  }
}

TEST(Absences, ThatFollowOnAtOnceCountAsOne) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  auto request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
  request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
  const RouteRecords records{{},
                             AwayFor({{-absl::Hours(1), absl::Hours(1)},
                                      {absl::Hours(1), absl::Hours(8)},
                                      {absl::Hours(9), absl::Hours(12)}})};
  const auto answer = DecideRoute(request, records, policy, kNow);
  EXPECT_EQ(answer.outcome(), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL);
  EXPECT_EQ(answer.available_from().seconds(), In(absl::Hours(8)).seconds());
}

TEST(Absences, ThatAreOverOrToComeDoNotCount) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  auto request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
  request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
  const RouteRecords records{{},
                             AwayFor({{-absl::Hours(5), absl::ZeroDuration()},
                                      {absl::Hours(1), absl::InfiniteDuration()}})};
  EXPECT_EQ(Route(request, policy, records), v1::ROUTE_OUTCOME_TRANSFER);
  // Nor against what was found out today.
  request.mutable_facts()->set_available_now(ANSWER_NO);
  request.mutable_facts()->set_return_known(ANSWER_NO);
  EXPECT_EQ(Route(request, policy, records), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNKNOWN);
}

TEST(Absences, WithoutAnEndAreNotKnownToEndUnlessSomebodyFoundOut) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  auto request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
  request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
  const RouteRecords records{{}, AwayFor({{-absl::Hours(1), absl::InfiniteDuration()}})};
  EXPECT_EQ(Route(request, policy, records), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNKNOWN);
  request.mutable_facts()->set_return_known(ANSWER_YES);
  *request.mutable_facts()->mutable_available_from() = In(absl::Hours(30));
  EXPECT_EQ(Route(request, policy, records), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL);
}

v1::Action ActNow(absl::Duration away) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  auto request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
  request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
  const auto answer = DecideRoute(request, {{}, AwayFor({{-absl::Hours(1), away}})}, policy, kNow);
  for (const v1::Action& action : answer.actions()) {
    if (action.kind() == v1::ACTION_KIND_ACT_NOW) return action;
  }
  return {};
}

TEST(AFewHours, IsExceededOnlyBeyondThePolicysFigure) {
  EXPECT_EQ(ActNow(absl::Minutes(180)).includes_urgent(), ANSWER_NO);
  EXPECT_EQ(ActNow(absl::Minutes(180) + absl::Microseconds(1)).includes_urgent(), ANSWER_YES);
}

TEST(Returns, ThatHavePassedLeadToTheQuestionWhetherTheWorkerIsThere) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    v1::RouteContactRequest request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
    request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
    request.mutable_facts()->set_available_now(ANSWER_NO);
    request.mutable_facts()->set_return_known(ANSWER_YES);
    *request.mutable_facts()->mutable_available_from() = In(absl::Microseconds(1));
    EXPECT_EQ(Route(request, policy), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL) << authority;

    *request.mutable_facts()->mutable_available_from() = In(absl::ZeroDuration());
    const v1::RouteContactResponse passed = DecideRoute(request, {}, policy, kNow);

    EXPECT_EQ(passed.outcome(), v1::ROUTE_OUTCOME_CANNOT_TELL) << authority;
    ASSERT_EQ(passed.decision().questions_size(), 2);
    EXPECT_EQ(passed.decision().questions(0).field(), "facts.available_now");
    EXPECT_EQ(passed.decision().questions(1).field(), "facts.return_known");

    request.mutable_facts()->set_available_now(ANSWER_YES);
    EXPECT_EQ(Route(request, policy), v1::ROUTE_OUTCOME_TRANSFER) << authority;
  }
}

TEST(Returns, OfAnAbsenceWithoutAnEndAreKnownToWhoeverFindsTheWorkerThere) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    v1::RouteContactRequest request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
    request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
    request.mutable_facts()->set_available_now(ANSWER_YES);
    RouteRecords records;
    records.availability = AwayFor({{-absl::Hours(1), absl::InfiniteDuration()}});
    EXPECT_EQ(Route(request, policy, records), v1::ROUTE_OUTCOME_TRANSFER) << authority;
    // One with an end is as it was recorded.
    records.availability = AwayFor({{-absl::Hours(1), absl::Hours(1)}});
    EXPECT_EQ(Route(request, policy, records), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL) << authority;
  }
}

TEST(WorkerAndTeam, AskedForTogetherTheTransferSaysWhichIsMeant) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy& policy = ShippedPolicy(authority);
    v1::RouteContactRequest request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
    request.set_team_id("team-1");
    request.mutable_facts()->set_available_now(ANSWER_YES);
    request.mutable_facts()->set_team_responsible(ANSWER_YES);
    request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
    const v1::RouteContactResponse worker = DecideRoute(request, {}, policy, kNow);
    EXPECT_EQ(worker.outcome(), v1::ROUTE_OUTCOME_TRANSFER);
    EXPECT_EQ(worker.to_worker_id(), "worker-1");
    EXPECT_EQ(worker.to_team_id(), "");

    request.mutable_facts()->set_allocated_to_worker(ANSWER_NO);
    const v1::RouteContactResponse team = DecideRoute(request, {}, policy, kNow);

    const bool teams = policy.transfer().check_team_responsible();
    EXPECT_EQ(team.outcome(),
              teams ? v1::ROUTE_OUTCOME_TRANSFER : v1::ROUTE_OUTCOME_DO_NOT_TRANSFER);
    EXPECT_EQ(team.to_worker_id(), "");
    EXPECT_EQ(team.to_team_id(), teams ? "team-1" : "");
  }
}

TEST(SoonEnough, CountsTheVeryMoment) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  auto request = ForWorker(policy, v1::CHANNEL_LETTER);
  v1::RouteFacts& facts = *request.mutable_facts();
  facts.set_allocated_to_worker(ANSWER_YES);
  facts.set_available_now(ANSWER_NO);
  facts.set_return_known(ANSWER_YES);
  facts.set_service_can_receive(ANSWER_NO);
  *facts.mutable_available_from() = In(absl::Hours(4));
  *facts.mutable_action_needed_by() = In(absl::Hours(4));
  EXPECT_EQ(Route(request, policy), v1::ROUTE_OUTCOME_TRANSFER);
  *facts.mutable_action_needed_by() = In(absl::Hours(4) - absl::Microseconds(1));
  EXPECT_EQ(Route(request, policy), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL);
  facts.set_available_soon_enough(ANSWER_YES);
  EXPECT_EQ(Route(request, policy), v1::ROUTE_OUTCOME_TRANSFER);
}

TEST(AFewDays, OrTheTimeTheLetterNamesDecideWhetherThePersonIsTold) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  auto request = ForWorker(policy, v1::CHANNEL_LETTER);
  v1::RouteFacts& facts = *request.mutable_facts();
  facts.set_allocated_to_worker(ANSWER_YES);
  facts.set_available_now(ANSWER_NO);
  facts.set_return_known(ANSWER_YES);
  facts.set_service_can_receive(ANSWER_NO);
  facts.set_available_soon_enough(ANSWER_NO);
  const auto told = [&](absl::Duration away) {
    *facts.mutable_available_from() = In(away);
    return DecideRoute(request, {}, policy, kNow).actions(2).due();
  };
  EXPECT_EQ(told(absl::Hours(72)), ANSWER_UNKNOWN);
  EXPECT_EQ(told(absl::Hours(72) + absl::Microseconds(1)), ANSWER_YES);
  *facts.mutable_action_needed_by() = In(absl::Hours(10));
  EXPECT_EQ(told(absl::Hours(11)), ANSWER_YES);
  EXPECT_EQ(told(absl::Hours(9)), ANSWER_NO);
}

TEST(OnlineForms, AreWrittenButHaveNoOriginal) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  auto request = ForWorker(policy, v1::CHANNEL_ONLINE_FORM);
  request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
  request.mutable_facts()->set_available_now(ANSWER_YES);
  const auto answer = DecideRoute(request, {}, policy, kNow);
  ASSERT_EQ(answer.actions_size(), 5);
  EXPECT_EQ(answer.actions(1).due(), ANSWER_NO);
  EXPECT_EQ(answer.actions(2).due(), ANSWER_UNKNOWN);
  EXPECT_EQ(answer.decision().questions(0).field(), "facts.original_wanted");
  EXPECT_EQ(answer.decision().questions(1).field(), "facts.acknowledgement_due");
}

TEST(Records, NameTheFirstOfSeveralWhoMayBeMeant) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  std::vector<v1::Allocation> allocations = {WorkerAllocation("worker-2"),
                                             WorkerAllocation("worker-3")};
  for (const char* team : {"team-1", "team-2"}) {
    v1::Allocation& allocation = allocations.emplace_back();
    allocation.set_role(v1::ALLOCATION_ROLE_REVIEW);
    allocation.set_team_id(team);
  }
  const auto answer =
      DecideRoute(ForWorker(policy, v1::CHANNEL_TELEPHONE), {allocations, {}}, policy, kNow);
  EXPECT_EQ(answer.outcome(), v1::ROUTE_OUTCOME_DO_NOT_TRANSFER);
  EXPECT_EQ(answer.allocated_worker_id(), "worker-2");
  EXPECT_EQ(answer.responsible_team_id(), "team-1");
}

TEST(Channels, ThatAreSpokenAreNoLetters) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  const auto rule = [&policy](v1::Channel channel) {
    auto request = ForWorker(policy, channel);
    request.mutable_facts()->set_allocated_to_worker(ANSWER_NO);
    return DecideRoute(request, {}, policy, kNow).decision().reasons(0).rule_id();
  };
  EXPECT_EQ(rule(v1::CHANNEL_TELEPHONE), "T3");
  EXPECT_EQ(rule(v1::CHANNEL_IN_PERSON), "T3");
  EXPECT_EQ(rule(v1::CHANNEL_LETTER), "W1");
  EXPECT_EQ(rule(v1::CHANNEL_EMAIL), "W1");
  EXPECT_EQ(rule(v1::CHANNEL_ONLINE_FORM), "W1");
}

TEST(Absences, KnownToEndAtNoKnownTimeAreOfUnknownLength) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  auto request = ForWorker(policy, v1::CHANNEL_TELEPHONE);
  request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
  request.mutable_facts()->set_available_now(ANSWER_NO);
  request.mutable_facts()->set_return_known(ANSWER_YES);
  EXPECT_EQ(Route(request, policy), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNKNOWN);
}

}  // namespace
}  // namespace asc::referral
