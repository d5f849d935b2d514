// Risk that is told with a referral, people who may be one, communication needs, and what the
// statutory return asks, through a real server, on every database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"
#include "referral-svc/stamp.h"
#include "referral-svc/testing/service_test.h"

namespace asc::referral {
namespace {

using ::asc::testing::AllDatabases;
using ::asc::testing::DatabaseName;
using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_UNKNOWN;
using type::v1::ANSWER_YES;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr char kDanger[] = "details.safeguarding.imminent_danger_or_crime";

class RiskServiceTest : public ServiceTest {
 protected:
  v1::OpenReferralRequest Opening(const std::string& person_id = "person-1") {
    return OpeningOf(service_.FreshId(), person_id);
  }
  v1::OpenReferralRequest InDanger(const std::string& person_id = "person-1") {
    auto request = Opening(person_id);
    request.mutable_details()->mutable_safeguarding()->set_imminent_danger_or_crime(ANSWER_YES);
    return request;
  }
  v1::OpenReferralRequest WithNeed(const std::string& person_id, const std::string& need) {
    auto request = Opening(person_id);
    request.mutable_details()->mutable_communication()->set_any(ANSWER_YES);
    request.mutable_details()->mutable_communication()->add_needs()->set_need(need);
    return request;
  }
  absl::StatusOr<v1::OpenReferralResponse> Open(const v1::OpenReferralRequest& request) {
    return service_.Call<v1::OpenReferralResponse>("OpenReferral", request);
  }
  v1::Referral Opened(const v1::OpenReferralRequest& request) {
    const auto answer = Open(request);
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? answer->referral() : v1::Referral();
  }
  absl::StatusOr<v1::UpdateReferralResponse> Update(const v1::UpdateReferralRequest& request) {
    return service_.Call<v1::UpdateReferralResponse>("UpdateReferral", request);
  }
  v1::Referral Current(const std::string& referral_id) {
    v1::GetReferralRequest request;
    request.set_authority("rotherham");
    request.set_referral_id(referral_id);
    const auto answer = service_.Call<v1::GetReferralResponse>("GetReferral", request);
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? answer->referral() : v1::Referral();
  }
  v1::CallBack Promised(const std::string& person_id) {
    auto request = New<v1::CreateCallBackRequest>();
    request.set_person_id(person_id);
    *request.mutable_due_at() = ToTimestamp(service_.now + absl::Hours(1));
    const auto answer = service_.Call<v1::CreateCallBackResponse>("CreateCallBack", request);
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? answer->callback() : v1::CallBack();
  }
  void HaveTeam(const std::string& team_id) {
    auto request = New<v1::SetTeamRequest>();
    request.set_team_id(team_id);
    request.set_name("Team");
    ASSERT_THAT(service_.Call<v1::SetTeamResponse>("SetTeam", request), IsOk());
  }
};

template <class Response>
std::vector<v1::ActionKind> KindsOf(const Response& answer) {
  std::vector<v1::ActionKind> kinds;
  for (const v1::Action& action : answer.actions()) kinds.push_back(action.kind());
  return kinds;
}

std::vector<std::string> Needs(const v1::Communication& communication) {
  std::vector<std::string> needs;
  for (const auto& need : communication.needs()) needs.push_back(need.need());
  return needs;
}

// ---- Risk (S1, S2) ----

TEST_P(RiskServiceTest, AdvisesAlsoWhereAnotherProcedureIsMeant) {
  auto request = InDanger();
  request.set_authority("hillingdon-carers");
  const auto answer = Open(request);
  ASSERT_THAT(answer, IsOk());
  ASSERT_EQ(answer->decision().outcome(), v1::OUTCOME_REDIRECTED);
  EXPECT_THAT(KindsOf(*answer),
              ElementsAre(v1::ACTION_KIND_CALL_999, v1::ACTION_KIND_RAISE_CONCERN));
  EXPECT_FALSE(answer->has_referral());
}

TEST_P(RiskServiceTest, AdvisesNobodyWhereNothingTellsOfRisk) {
  const auto answer = Open(Opening());
  ASSERT_THAT(answer, IsOk());
  EXPECT_THAT(answer->actions(), IsEmpty());
  EXPECT_FALSE(answer->referral().has_emergency_advised_at());
}

TEST_P(RiskServiceTest, KeepsARiskThatASecondTakerTellsOf) {
  const v1::Referral first = Opened(Opening());
  service_.now += absl::Minutes(5);
  const auto again = Open(InDanger());
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->already_open());
  const v1::Referral now = Current(first.referral_id());
  EXPECT_EQ(now.version(), first.version() + 1);
  EXPECT_TRUE(now.was_at_risk());
  EXPECT_EQ(now.emergency_advised_at().seconds(), absl::ToUnixSeconds(service_.now));
  EXPECT_EQ(again->referral().etag(), now.etag());
  // Told once more it changes nothing.
  ASSERT_THAT(Open(InDanger()), IsOk());
  EXPECT_EQ(Current(first.referral_id()).etag(), now.etag());
}

TEST_P(RiskServiceTest, LosesNoRiskThatManyTellOfAtOnce) {
  const v1::Referral first = Opened(Opening());
  std::vector<std::future<absl::StatusOr<v1::OpenReferralResponse>>> answers;
  for (int i = 0; i < 8; ++i) {
    answers.push_back(
        std::async(std::launch::async, [this, request = InDanger()] { return Open(request); }));
  }
  for (auto& answer : answers) {
    const auto got = answer.get();
    if (got.ok()) {
      EXPECT_EQ(got->referral().referral_id(), first.referral_id());
    } else {
      EXPECT_THAT(got, StatusIs(absl::StatusCode::kAborted));
    }
  }
  EXPECT_TRUE(Current(first.referral_id()).was_at_risk());
}

TEST_P(RiskServiceTest, AdvisesByWhatAnUpdateTellsAndNotByWhatWasKnown) {
  const v1::Referral first = Opened(InDanger());
  auto request = About<v1::UpdateReferralRequest>(first);
  *request.mutable_details()->mutable_safeguarding() = first.details().safeguarding();
  request.mutable_details()->set_purpose(v1::PURPOSE_ASSESSMENT);
  request.add_update_paths("purpose");
  const auto other = Update(request);
  ASSERT_THAT(other, IsOk());
  EXPECT_THAT(other->actions(), IsEmpty());
  request = About<v1::UpdateReferralRequest>(other->referral());
  request.mutable_details()->mutable_safeguarding()->set_child_concern(ANSWER_YES);
  request.add_update_paths("safeguarding.child_concern");
  const auto child = Update(request);
  ASSERT_THAT(child, IsOk());
  EXPECT_THAT(KindsOf(*child), ElementsAre(v1::ACTION_KIND_RAISE_CONCERN));
  EXPECT_THAT(child->actions(0).text(), ::testing::HasSubstr("children"));
}

TEST_P(RiskServiceTest, TellsOfDangerFirstWhateverRefusesTheRequest) {
  const v1::Referral first = Opened(Opening());
  auto update = About<v1::UpdateReferralRequest>(first);
  update.mutable_details()->mutable_safeguarding()->set_imminent_danger_or_crime(ANSWER_YES);
  update.mutable_details()->mutable_person()->set_person_id("person-2");
  update.add_update_paths("safeguarding");
  update.add_update_paths("person.person_id");
  const auto updated = Update(update);
  ASSERT_THAT(updated, StatusIs(kInvalid));
  EXPECT_EQ(FieldsAtFault(updated.status()).front(), kDanger);
  HaveTeam("team-1");
  auto opening = InDanger("person-3");
  opening.set_team_id("team-2");
  const auto opened = Open(opening);
  ASSERT_THAT(opened, StatusIs(kInvalid));
  EXPECT_THAT(FieldsAtFault(opened.status()), ElementsAre(kDanger, "team_id"));
}

// ---- People who may be one ----

TEST_P(RiskServiceTest, NamesSomebodyWhoLooksTheSame) {
  auto first = Opening("person-1");
  first.mutable_details()->mutable_person()->set_nhs_number("9434765919");
  const v1::Referral open = Opened(first);
  auto second = Opening("person-1");
  second.mutable_details()->mutable_person()->set_nhs_number("4010232137");
  const auto answer = Open(second);
  ASSERT_THAT(answer, IsOk());
  EXPECT_FALSE(answer->already_open());
  ASSERT_EQ(answer->possible_duplicates_size(), 1);
  EXPECT_EQ(answer->possible_duplicates(0).referral_id(), open.referral_id());
}

TEST_P(RiskServiceTest, NamesWhatAMergeLeavesOpenTwice) {
  Opened(Opening("person-1"));
  Opened(Opening("person-2"));
  auto review = Opening("person-2");
  review.mutable_details()->set_purpose(v1::PURPOSE_REVIEW);
  Opened(review);
  auto request = New<v1::MergePeopleRequest>();
  request.set_from_person_id("person-1");
  request.set_into_person_id("person-2");
  const auto merged = service_.Call<v1::MergePeopleResponse>("MergePeople", request);
  ASSERT_THAT(merged, IsOk());
  ASSERT_EQ(merged->duplicates_size(), 2);
  for (const auto& one : merged->duplicates()) {
    EXPECT_EQ(one.person_id(), "person-2");
    EXPECT_EQ(one.purpose(), v1::PURPOSE_ASSESSMENT);
  }
}

// ---- Teams ----

TEST_P(RiskServiceTest, TakesAnyTeamWhereNoneAreKept) {
  auto request = About<v1::TransferReferralRequest>(Opened(Opening()));
  request.set_to_team_id("team-of-another-system");
  const auto answer = service_.Call<v1::TransferReferralResponse>("TransferReferral", request);
  EXPECT_THAT(answer, IsOk());
}

TEST_P(RiskServiceTest, RefusesATeamThatThereIsNotWhereTeamsAreKept) {
  const v1::Referral open = Opened(Opening());
  HaveTeam("team-1");
  auto request = About<v1::TransferReferralRequest>(open);
  request.set_to_team_id("team-2");
  const auto answer = service_.Call<v1::TransferReferralResponse>("TransferReferral", request);
  ASSERT_THAT(answer, StatusIs(kInvalid));
  EXPECT_THAT(FieldsAtFault(answer.status()), ElementsAre("to_team_id"));
  auto allocation = New<v1::SetAllocationRequest>();
  allocation.set_role(v1::ALLOCATION_ROLE_REVIEW);
  allocation.set_person_id("person-1");
  allocation.set_team_id("team-2");
  const auto set = service_.Call<v1::SetAllocationResponse>("SetAllocation", allocation);
  ASSERT_THAT(set, StatusIs(kInvalid));
  EXPECT_THAT(FieldsAtFault(set.status()), ElementsAre("team_id"));
}

// ---- The statutory return, and the waiting list ----

TEST_P(RiskServiceTest, FillsTheDayOfTheRequest) {
  EXPECT_EQ(Opened(Opening("person-1")).details().statutory_return().requested_on(), "2026-01-05");
  auto received = Opening("person-2");
  *received.mutable_details()->mutable_received_at() = ToTimestamp(kHarnessNow - absl::Hours(48));
  v1::Referral open = Opened(received);
  EXPECT_EQ(open.details().statutory_return().requested_on(), "2026-01-03");
  auto stated = Opening("person-3");
  stated.mutable_details()->mutable_statutory_return()->set_requested_on("2026-01-02");
  EXPECT_EQ(Opened(stated).details().statutory_return().requested_on(), "2026-01-02");
  // Cleared it is filled anew.
  auto request = About<v1::UpdateReferralRequest>(open);
  request.mutable_details();
  request.add_update_paths("statutory_return");
  const auto updated = Update(request);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->referral().details().statutory_return().requested_on(), "2026-01-03");
}

TEST_P(RiskServiceTest, ConcludesWhatIsWithdrawn) {
  auto request = About<v1::WithdrawReferralRequest>(Opened(Opening()));
  request.set_reason("no longer wanted");
  const auto withdrawn = service_.Call<v1::WithdrawReferralResponse>("WithdrawReferral", request);
  ASSERT_THAT(withdrawn, IsOk());
  const auto& statutory = withdrawn->referral().details().statutory_return();
  EXPECT_EQ(statutory.request_outcome(), v1::REQUEST_OUTCOME_OTHER);
  EXPECT_EQ(statutory.concluded_on(), "2026-01-05");
  auto reopen = About<v1::ReopenReferralRequest>(withdrawn->referral());
  reopen.set_reason("withdrawn in error");
  const auto reopened = service_.Call<v1::ReopenReferralResponse>("ReopenReferral", reopen);
  ASSERT_THAT(reopened, IsOk());
  EXPECT_EQ(reopened->referral().details().statutory_return().request_outcome(),
            v1::REQUEST_OUTCOME_UNSPECIFIED);
}

TEST_P(RiskServiceTest, WaitsSinceItWasOpenedAgain) {
  auto accepted = service_.Call<v1::AcceptReferralResponse>(
      "AcceptReferral", About<v1::AcceptReferralRequest>(Opened(Opening())));
  ASSERT_THAT(accepted, IsOk());
  auto complete = About<v1::CompleteReferralRequest>(accepted->referral());
  complete.set_request_outcome(v1::REQUEST_OUTCOME_ASSESSMENT);
  const auto completed = service_.Call<v1::CompleteReferralResponse>("CompleteReferral", complete);
  ASSERT_THAT(completed, IsOk());
  service_.now += absl::Hours(24 * 200);
  auto reopen = About<v1::ReopenReferralRequest>(completed->referral());
  reopen.set_reason("more came to be known");
  const auto reopened = service_.Call<v1::ReopenReferralResponse>("ReopenReferral", reopen);
  ASSERT_THAT(reopened, IsOk());
  ASSERT_THAT(service_.Call<v1::AcceptReferralResponse>(
                  "AcceptReferral", About<v1::AcceptReferralRequest>(reopened->referral())),
              IsOk());
  v1::ListWaitingRequest list;
  list.set_authority("rotherham");
  const auto waiting = service_.Call<v1::ListWaitingResponse>("ListWaiting", list);
  ASSERT_THAT(waiting, IsOk());
  ASSERT_EQ(waiting->entries_size(), 1);
  EXPECT_EQ(waiting->entries(0).waiting_since().seconds(), absl::ToUnixSeconds(service_.now));
}

TEST_P(RiskServiceTest, LooksAgainInTheFutureOnly) {
  auto request = About<v1::RecordMonitoringRequest>(Opened(Opening()));
  request.set_note("as before");
  *request.mutable_monitor_at() = ToTimestamp(service_.now - absl::Hours(1));
  const auto answer = service_.Call<v1::RecordMonitoringResponse>("RecordMonitoring", request);
  ASSERT_THAT(answer, StatusIs(kInvalid));
  EXPECT_THAT(FieldsAtFault(answer.status()), ElementsAre("monitor_at"));
}

// ---- Communication needs ----

TEST_P(RiskServiceTest, GivesTheNeedsOfTheLatestReferralThatTellsOfThem) {
  EXPECT_FALSE(Promised("person-1").has_communication());
  Opened(WithNeed("person-1", "large print"));
  EXPECT_THAT(Needs(Promised("person-1").communication()), ElementsAre("large print"));
  service_.now += absl::Hours(1);
  auto silent = Opening("person-1");
  silent.mutable_details()->set_purpose(v1::PURPOSE_REVIEW);
  Opened(silent);
  EXPECT_THAT(Needs(Promised("person-1").communication()), ElementsAre("large print"));
  auto none = Opening("person-1");
  none.mutable_details()->set_purpose(v1::PURPOSE_EQUIPMENT);
  none.mutable_details()->mutable_communication()->set_any(ANSWER_NO);
  Opened(none);
  const v1::CallBack promise = Promised("person-1");
  EXPECT_THAT(promise.communication().needs(), IsEmpty());
  EXPECT_EQ(promise.communication().any(), ANSWER_NO);
}

TEST_P(RiskServiceTest, GivesTheNeedsOfAPersonUnderEveryReference) {
  Opened(WithNeed("person-1", "large print"));
  service_.now += absl::Hours(1);
  Opened(WithNeed("person-2", "an interpreter"));
  auto request = New<v1::MergePeopleRequest>();
  request.set_from_person_id("person-2");
  request.set_into_person_id("person-1");
  ASSERT_THAT(service_.Call<v1::MergePeopleResponse>("MergePeople", request), IsOk());
  for (const char* person : {"person-1", "person-2"}) {
    EXPECT_THAT(Needs(Promised(person).communication()), ElementsAre("an interpreter")) << person;
  }
}

TEST_P(RiskServiceTest, KeepsNoNeedsInTheRecordsThatCarryThem) {
  const v1::Referral open = Opened(WithNeed("person-1", "large print"));
  const v1::CallBack promise = Promised("person-1");
  auto update = About<v1::UpdateReferralRequest>(open);
  update.mutable_details()->mutable_communication()->set_any(ANSWER_NO);
  update.add_update_paths("communication");
  ASSERT_THAT(Update(update), IsOk());
  v1::GetCallBackRequest get;
  get.set_authority("rotherham");
  get.set_callback_id(promise.callback_id());
  const auto read = service_.Call<v1::GetCallBackResponse>("GetCallBack", get);
  ASSERT_THAT(read, IsOk());
  EXPECT_THAT(read->callback().communication().needs(), IsEmpty());
}

TEST_P(RiskServiceTest, GivesAConcernTheNeedsOfItsReferralsPerson) {
  const v1::Referral open = Opened(WithNeed("person-1", "large print"));
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_ADULT);
  request.set_referral_id(open.referral_id());
  const auto raised = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request);
  ASSERT_THAT(raised, IsOk());
  EXPECT_THAT(Needs(raised->concern().communication()), ElementsAre("large print"));
}

TEST_P(RiskServiceTest, FlagsNeedsInEveryList) {
  const v1::Referral open = Opened(WithNeed("person-1", "large print"));
  auto accepted = service_.Call<v1::AcceptReferralResponse>("AcceptReferral",
                                                            About<v1::AcceptReferralRequest>(open));
  ASSERT_THAT(accepted, IsOk());
  auto monitor = About<v1::RecordMonitoringRequest>(accepted->referral());
  monitor.set_note("as before");
  *monitor.mutable_monitor_at() = ToTimestamp(service_.now + absl::Hours(1));
  ASSERT_THAT(service_.Call<v1::RecordMonitoringResponse>("RecordMonitoring", monitor), IsOk());
  Opened(Opening("person-2"));
  const auto flags = [this](auto narrow) {
    v1::ListReferralsRequest list;
    list.set_authority("rotherham");
    narrow(list);
    const auto answer = service_.Call<v1::ListReferralsResponse>("ListReferrals", list);
    EXPECT_THAT(answer, IsOk());
    std::vector<type::v1::Answer> found;
    for (const auto& one : answer->referrals()) found.push_back(one.communication_needs());
    return found;
  };
  EXPECT_THAT(flags([](auto&) {}), ::testing::UnorderedElementsAre(ANSWER_YES, ANSWER_UNKNOWN));
  EXPECT_THAT(flags([](auto& list) { list.set_person_id("person-2"); }),
              ElementsAre(ANSWER_UNKNOWN));
  EXPECT_THAT(flags([](auto& list) { list.set_priority_points_min(0); }), ElementsAre(ANSWER_YES));
  EXPECT_THAT(flags([this](auto& list) {
                *list.mutable_due_before() = ToTimestamp(service_.now + absl::Hours(2));
              }),
              ElementsAre(ANSWER_YES));
  v1::ListWaitingRequest waiting;
  waiting.set_authority("rotherham");
  const auto answer = service_.Call<v1::ListWaitingResponse>("ListWaiting", waiting);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->entries(0).referral().communication_needs(), ANSWER_YES);
}

INSTANTIATE_TEST_SUITE_P(Databases, RiskServiceTest, AllDatabases(), DatabaseName);

}  // namespace
}  // namespace asc::referral
