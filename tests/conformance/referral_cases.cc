// The cases of asc.referral.v1: what every referral service has to do, ours or another's.

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "asc/referral/v1/referral.grpc.pb.h"
#include "tests/conformance/records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

namespace v1 = asc::referral::v1;
using google::protobuf::util::MessageDifferencer;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

const char* const kRoute = "referral.route";

v1::ReferralService::Stub& Stub() {
  static const auto stub = v1::ReferralService::NewStub(TheSubject().channel);
  return *stub;
}

v1::CheckReferralResponse Check(const v1::OpenReferralRequest& opening) {
  v1::CheckReferralRequest request;
  request.set_authority(opening.authority());
  *request.mutable_details() = opening.details();
  v1::CheckReferralResponse response;
  const grpc::Status status = Stub().CheckReferral(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

v1::OpenReferralResponse Open(const v1::OpenReferralRequest& request) {
  v1::OpenReferralResponse response;
  const grpc::Status status = Stub().OpenReferral(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

grpc::Status TryOpen(const v1::OpenReferralRequest& request) {
  v1::OpenReferralResponse response;
  return Stub().OpenReferral(NewContext().get(), request, &response);
}

grpc::Status Get(const std::string& authority, const std::string& id,
                 v1::GetReferralResponse& response) {
  v1::GetReferralRequest request;
  request.set_authority(authority);
  request.set_referral_id(id);
  return Stub().GetReferral(NewContext().get(), request, &response);
}

v1::ListReferralsRequest ListOf(const std::string& person_id) {
  v1::ListReferralsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_person_id(person_id);
  return request;
}

// How often each referral comes when the list is followed to its end.
std::map<std::string, int> ListAll(v1::ListReferralsRequest request) {
  std::map<std::string, int> seen;
  do {
    v1::ListReferralsResponse page;
    const grpc::Status status = Stub().ListReferrals(NewContext().get(), request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) break;
    for (const auto& referral : page.referrals()) ++seen[referral.referral_id()];
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return seen;
}

v1::SetAllocationRequest AllocationOf(const std::string& person_id, const std::string& worker_id) {
  v1::SetAllocationRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_role(v1::ALLOCATION_ROLE_WORKER);
  request.set_person_id(person_id);
  request.set_worker_id(worker_id);
  return request;
}

v1::Allocation Allocate(const v1::SetAllocationRequest& request) {
  v1::SetAllocationResponse response;
  const grpc::Status status = Stub().SetAllocation(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.allocation();
}

grpc::Status EndAllocation(const std::string& id, const std::string& etag) {
  v1::EndAllocationRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_allocation_id(id);
  request.set_etag(etag);
  v1::EndAllocationResponse response;
  return Stub().EndAllocation(NewContext().get(), request, &response);
}

grpc::Status GetAllocation(const std::string& authority, const std::string& id,
                           v1::Allocation& allocation) {
  v1::GetAllocationRequest request;
  request.set_authority(authority);
  request.set_allocation_id(id);
  v1::GetAllocationResponse response;
  const grpc::Status status = Stub().GetAllocation(NewContext().get(), request, &response);
  allocation = response.allocation();
  return status;
}

v1::RouteContactRequest RouteOf(const std::string& person_id, const std::string& worker_id) {
  v1::RouteContactRequest request;
  request.set_authority(TheSubject().authority);
  request.set_subject(CoveredSubject());
  request.set_channel(v1::CHANNEL_TELEPHONE);
  request.set_person_id(person_id);
  request.set_worker_id(worker_id);
  return request;
}

v1::RouteContactResponse Route(const v1::RouteContactRequest& request) {
  v1::RouteContactResponse response;
  const grpc::Status status = Stub().RouteContact(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

v1::SetWorkerAvailabilityRequest AbsenceOf(const std::string& worker_id) {
  v1::SetWorkerAvailabilityRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_worker_id(worker_id);
  v1::Absence& absence = *request.add_absences();
  absence.mutable_begins_at()->set_seconds(time(nullptr) - 3600);
  absence.mutable_ends_at()->set_seconds(time(nullptr) + std::int64_t{7} * 86400);
  return request;
}

grpc::Status SetAvailability(const v1::SetWorkerAvailabilityRequest& request,
                             v1::WorkerAvailability& availability) {
  v1::SetWorkerAvailabilityResponse response;
  const grpc::Status status = Stub().SetWorkerAvailability(NewContext().get(), request, &response);
  availability = response.availability();
  return status;
}

// [referral.all.repeat]
TEST(ReferralAllRepeat, GivesTheFirstAnswerAndChangesNothing) {
  const v1::OpenReferralRequest request = LawfulReferral();
  const v1::OpenReferralResponse first = Open(request);

  const v1::OpenReferralResponse second = Open(request);

  EXPECT_TRUE(MessageDifferencer::Equals(first, second));
  EXPECT_EQ(ListAll(ListOf(request.details().person().person_id())).size(), 1u);
}

// [referral.all.reused]
TEST(ReferralAllReused, RefusesOtherContentUnderTheSameRequestId) {
  v1::OpenReferralRequest request = LawfulReferral();
  Open(request);

  request.mutable_details()->mutable_person()->set_full_name("Somebody Else");

  EXPECT_EQ(TryOpen(request).error_code(), grpc::ALREADY_EXISTS);
}

// [referral.all.authority]
TEST(ReferralAllAuthority, AnswersAnotherAuthoritysRecordLikeOneThatDoesNotExist) {
  const std::string id = Open(LawfulReferral()).referral().referral_id();
  const std::string other = TheSubject().other_authority;
  v1::GetReferralResponse response;

  const grpc::Status existing = Get(other, id, response);
  const grpc::Status missing = Get(other, FreshId("none"), response);

  EXPECT_EQ(existing.error_code(), missing.error_code());
  EXPECT_NE(existing.error_code(), grpc::OK);
  EXPECT_FALSE(response.has_referral());
}

// [referral.all.stale]
TEST(ReferralAllStale, AbortsAndGivesTheCurrentEtag) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  v1::SetAllocationRequest request = AllocationOf(FreshId("person"), FreshId("worker"));
  const v1::Allocation first = Allocate(request);
  request.set_request_id(FreshId("kit"));
  request.set_allocation_id(first.allocation_id());
  request.set_etag(first.etag());
  request.set_worker_id(FreshId("worker"));
  const v1::Allocation second = Allocate(request);

  const grpc::Status status = EndAllocation(first.allocation_id(), first.etag());

  EXPECT_EQ(status.error_code(), grpc::ABORTED) << status.error_message();
  EXPECT_EQ(ErrorInfo(status, "current_etag"), second.etag());
  v1::Allocation kept;
  EXPECT_TRUE(GetAllocation(TheSubject().authority, first.allocation_id(), kept).ok());
  EXPECT_TRUE(MessageDifferencer::Equals(kept, second));
}

// [referral.check.same]
TEST(ReferralCheckSame, DecidesAsOpenDoes) {
  const v1::OpenReferralRequest request = LawfulReferral();

  v1::Decision checked = Check(request).decision();
  v1::Decision opened = Open(request).decision();

  checked.clear_decided_at();
  opened.clear_decided_at();
  EXPECT_TRUE(MessageDifferencer::Equals(checked, opened)) << checked.ShortDebugString() << "\n"
                                                           << opened.ShortDebugString();
}

// [referral.check.unknown]
TEST(ReferralCheckUnknown, CannotTellAndAsks) {
  v1::OpenReferralRequest request = LawfulReferral();
  request.mutable_details()->clear_lawful_basis();

  const v1::Decision decision = Check(request).decision();

  EXPECT_EQ(decision.outcome(), v1::OUTCOME_CANNOT_TELL);
  EXPECT_GE(decision.questions_size(), 1);
}

// [referral.check.reasons]
TEST(ReferralCheckReasons, CarriesReasonsAndPolicyVersionForEveryOutcome) {
  v1::OpenReferralRequest lawful = LawfulReferral();
  v1::OpenReferralRequest refused = LawfulReferral();
  *refused.mutable_details()->mutable_lawful_basis() = NoBasis();
  v1::OpenReferralRequest unknown = LawfulReferral();
  unknown.mutable_details()->clear_lawful_basis();

  for (const auto& request : {lawful, refused, unknown}) {
    const v1::Decision decision = Check(request).decision();
    EXPECT_GE(decision.reasons_size(), 1) << decision.ShortDebugString();
    for (const auto& reason : decision.reasons()) {
      EXPECT_FALSE(reason.rule_id().empty()) << reason.ShortDebugString();
      EXPECT_FALSE(reason.text().empty()) << reason.ShortDebugString();
    }
    EXPECT_EQ(decision.policy_version().authority(), request.authority());
    EXPECT_EQ(decision.policy_version().hash().size(), 64u);
  }
}

// [referral.open.repeat]
TEST(ReferralOpenRepeat, MakesOneReferralOfEightCallsAtOnce) {
  const v1::OpenReferralRequest request = LawfulReferral();
  std::vector<v1::OpenReferralResponse> answers(8);
  std::vector<std::thread> callers;

  for (auto& answer : answers) {
    callers.emplace_back([&request, &answer] { answer = Open(request); });
  }
  for (auto& caller : callers) caller.join();

  for (const auto& answer : answers) {
    EXPECT_EQ(answer.referral().referral_id(), answers[0].referral().referral_id());
  }
  EXPECT_EQ(ListAll(ListOf(request.details().person().person_id())).size(), 1u);
}

// [referral.open.refused]
TEST(ReferralOpenRefused, AnswersWithADecisionAndKeepsNoReferral) {
  v1::OpenReferralRequest request = LawfulReferral();
  *request.mutable_details()->mutable_lawful_basis() = NoBasis();

  const v1::OpenReferralResponse response = Open(request);

  EXPECT_EQ(response.decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_FALSE(response.has_referral());
  EXPECT_TRUE(ListAll(ListOf(request.details().person().person_id())).empty());
}

// [referral.open.gather]
TEST(ReferralOpenGather, OpensAndListsWhatIsStillToGather) {
  const v1::OpenReferralResponse response = Open(LawfulReferral());

  EXPECT_EQ(response.decision().outcome(), v1::OUTCOME_PERMITTED);
  EXPECT_FALSE(response.referral().referral_id().empty());
  EXPECT_GE(response.referral().still_to_gather_size(), 1);
}

// [referral.open.readable]
TEST(ReferralOpenReadable, IsReadAsItWasAnswered) {
  const v1::Referral opened = Open(LawfulReferral()).referral();

  v1::GetReferralResponse response;
  const grpc::Status status = Get(TheSubject().authority, opened.referral_id(), response);

  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(MessageDifferencer::Equals(response.referral(), opened));
}

// [referral.open.fields]
TEST(ReferralOpenFields, NamesEveryFieldAtFaultAtOnceAndKeepsNothing) {
  v1::OpenReferralRequest request = LawfulReferral();
  const std::string person_id = request.details().person().person_id();
  request.set_request_id("");
  request.mutable_details()->set_subject(v1::SUBJECT_UNSPECIFIED);
  request.mutable_details()->mutable_person()->set_postcode("not a postcode");

  const grpc::Status status = TryOpen(request);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
  const std::set<std::string> fields = FieldsAtFault(status);
  for (const char* const field : {"request_id", "details.subject", "details.person.postcode"}) {
    EXPECT_EQ(fields.count(field), 1u) << field;
  }
  EXPECT_TRUE(ListAll(ListOf(person_id)).empty());
}

// [referral.get.exact]
TEST(ReferralGetExact, ComparesIdsByteByByte) {
  const std::string id = Open(LawfulReferral()).referral().referral_id();
  std::string other_case = id;
  for (char& c : other_case) {
    c = static_cast<char>(islower(c) ? toupper(c) : tolower(c));
  }
  v1::GetReferralResponse response;

  EXPECT_EQ(Get(TheSubject().authority, id + "0", response).error_code(), grpc::NOT_FOUND);
  EXPECT_FALSE(Get(TheSubject().authority, id + " ", response).ok());
  if (other_case != id) {
    EXPECT_EQ(Get(TheSubject().authority, other_case, response).error_code(), grpc::NOT_FOUND);
  }
}

// [referral.get.unknown]
TEST(ReferralGetUnknown, IsNotFound) {
  v1::GetReferralResponse response;

  const grpc::Status status = Get(TheSubject().authority, FreshId("none"), response);

  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND) << status.error_message();
}

// [referral.list.filter]
TEST(ReferralListFilter, HoldsOnlyRowsThatMatchEveryField) {
  const v1::OpenReferralRequest mine = LawfulReferral();
  const std::string id = Open(mine).referral().referral_id();
  Open(LawfulReferral());
  v1::ListReferralsRequest request = ListOf(mine.details().person().person_id());
  request.set_status(v1::REFERRAL_STATUS_OPENED);

  const std::map<std::string, int> opened = ListAll(request);
  request.set_status(v1::REFERRAL_STATUS_COMPLETED);
  const std::map<std::string, int> completed = ListAll(request);

  EXPECT_EQ(opened, (std::map<std::string, int>{{id, 1}}));
  EXPECT_TRUE(completed.empty());
}

// Makes `opening` another request, for another purpose: a person has one open referral for each.
void ChangePurpose(int count, v1::OpenReferralRequest& opening) {
  constexpr v1::Purpose kPurposes[] = {v1::PURPOSE_ASSESSMENT, v1::PURPOSE_REASSESSMENT,
                                       v1::PURPOSE_REVIEW,     v1::PURPOSE_SAFEGUARDING,
                                       v1::PURPOSE_PREVENTION, v1::PURPOSE_EQUIPMENT,
                                       v1::PURPOSE_OTHER};
  opening.set_request_id(FreshId("kit"));
  opening.mutable_details()->set_purpose(kPurposes[count % std::size(kPurposes)]);
}

// [referral.list.pages]
TEST(ReferralListPages, GivesEachReferralOnceWhileOthersAreOpened) {
  v1::OpenReferralRequest opening = LawfulReferral();
  std::set<std::string> ids;
  int opened = 0;
  while (opened < 5) {
    ChangePurpose(opened++, opening);
    ids.insert(Open(opening).referral().referral_id());
  }
  ASSERT_EQ(ids.size(), 5u);
  v1::ListReferralsRequest request = ListOf(opening.details().person().person_id());
  request.set_page_size(2);
  std::map<std::string, int> seen;

  for (int page = 0; page < 20; ++page) {
    v1::ListReferralsResponse response;
    const grpc::Status status = Stub().ListReferrals(NewContext().get(), request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_LE(response.referrals_size(), 2);
    for (const auto& referral : response.referrals()) ++seen[referral.referral_id()];
    request.set_page_token(response.next_page_token());
    if (request.page_token().empty()) break;
    // A newer referral comes before the rows already given, so it moves none of those to come.
    ChangePurpose(opened++, opening);
    Open(opening);
  }

  for (const std::string& id : ids) EXPECT_EQ(seen[id], 1) << id;
}

// [referral.list.token]
TEST(ReferralListToken, RefusesATokenOfAnotherFilter) {
  v1::OpenReferralRequest opening = LawfulReferral();
  for (const int count : {0, 1}) {
    ChangePurpose(count, opening);
    Open(opening);
  }
  v1::ListReferralsRequest request = ListOf(opening.details().person().person_id());
  request.set_page_size(1);
  v1::ListReferralsResponse response;
  ASSERT_TRUE(Stub().ListReferrals(NewContext().get(), request, &response).ok());
  ASSERT_FALSE(response.next_page_token().empty());

  request.set_page_token(response.next_page_token());
  request.set_person_id(FreshId("person"));
  const grpc::Status status = Stub().ListReferrals(NewContext().get(), request, &response);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
}

// [referral.allocation.etag]
TEST(ReferralAllocationEtag, ChangesOnlyTheVersionThatWasDecidedOn) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  v1::SetAllocationRequest request = AllocationOf(FreshId("person"), FreshId("worker"));
  const v1::Allocation first = Allocate(request);
  request.set_allocation_id(first.allocation_id());
  request.set_etag(first.etag());
  request.set_request_id(FreshId("kit"));
  const v1::Allocation second = Allocate(request);
  EXPECT_EQ(second.version(), first.version() + 1);

  request.set_request_id(FreshId("kit"));
  v1::SetAllocationResponse response;
  const grpc::Status stale = Stub().SetAllocation(NewContext().get(), request, &response);

  EXPECT_EQ(stale.error_code(), grpc::ABORTED) << stale.error_message();
}

// [referral.allocation.once]
TEST(ReferralAllocationOnce, GivesBackTheAllocationThatStands) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  v1::SetAllocationRequest request = AllocationOf(FreshId("person"), FreshId("worker"));
  const v1::Allocation first = Allocate(request);

  request.set_request_id(FreshId("kit"));
  const v1::Allocation second = Allocate(request);

  EXPECT_EQ(second.allocation_id(), first.allocation_id());
  v1::ListAllocationsRequest listing;
  listing.set_authority(request.authority());
  listing.set_person_id(request.person_id());
  v1::ListAllocationsResponse listed;
  const grpc::Status status = Stub().ListAllocations(NewContext().get(), listing, &listed);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(listed.allocations_size(), 1);
}

// [referral.allocation.role]
TEST(ReferralAllocationRole, GivesNoReferralToAWorker) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  const v1::OpenReferralRequest opening = LawfulReferral();
  v1::OpenReferralResponse opened;
  const grpc::Status open = Stub().OpenReferral(NewContext().get(), opening, &opened);
  ASSERT_TRUE(open.ok()) << open.error_message();
  v1::SetAllocationRequest request =
      AllocationOf(opening.details().person().person_id(), FreshId("worker"));
  const std::string worker = request.worker_id();
  request.set_role(v1::ALLOCATION_ROLE_ASSESSMENT);
  request.clear_worker_id();
  request.set_team_id(FreshTeam());
  request.set_referral_id(opened.referral().referral_id());
  const v1::Allocation team = Allocate(request);
  request.set_request_id(FreshId("kit"));
  request.set_allocation_id(team.allocation_id());
  request.set_etag(team.etag());
  request.set_role(v1::ALLOCATION_ROLE_WORKER);
  request.set_worker_id(worker);

  v1::SetAllocationResponse response;
  const grpc::Status status = Stub().SetAllocation(NewContext().get(), request, &response);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
  EXPECT_EQ(FieldsAtFault(status), std::set<std::string>({"referral_id"}));
  v1::Allocation kept;
  EXPECT_TRUE(GetAllocation(TheSubject().authority, team.allocation_id(), kept).ok());
  EXPECT_TRUE(MessageDifferencer::Equals(kept, team));
}

// [referral.allocation.unknown]
TEST(ReferralAllocationUnknown, CannotBeChanged) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  v1::SetAllocationRequest request = AllocationOf(FreshId("person"), FreshId("worker"));
  const v1::Allocation other = Allocate(request);
  request.set_request_id(FreshId("kit"));
  request.set_allocation_id(FreshId("none"));
  request.set_etag(other.etag());

  v1::SetAllocationResponse response;
  const grpc::Status status = Stub().SetAllocation(NewContext().get(), request, &response);

  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND) << status.error_message();
}

// [referral.allocation.get]
TEST(ReferralAllocationGet, DoesNotFindAnUnknownOne) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  v1::Allocation allocation;

  const grpc::Status status = GetAllocation(TheSubject().authority, FreshId("none"), allocation);

  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND) << status.error_message();
}

// [referral.allocation.ended]
TEST(ReferralAllocationEnded, CountsForNoLaterRouting) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  const std::string person = FreshId("person");
  const std::string worker = FreshId("worker");
  const v1::Allocation allocation = Allocate(AllocationOf(person, worker));
  v1::RouteContactRequest request = RouteOf(person, worker);
  request.mutable_facts()->set_available_now(ANSWER_YES);
  EXPECT_EQ(Route(request).outcome(), v1::ROUTE_OUTCOME_TRANSFER);

  const grpc::Status ended = EndAllocation(allocation.allocation_id(), allocation.etag());

  EXPECT_TRUE(ended.ok()) << ended.error_message();
  EXPECT_NE(Route(request).outcome(), v1::ROUTE_OUTCOME_TRANSFER);
}

// [referral.availability.etag]
TEST(ReferralAvailabilityEtag, IsNeededFromTheSecondRecordOn) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  v1::SetWorkerAvailabilityRequest request = AbsenceOf(FreshId("worker"));
  v1::WorkerAvailability first;
  ASSERT_TRUE(SetAvailability(request, first).ok());

  request.set_request_id(FreshId("kit"));
  v1::WorkerAvailability none;
  const grpc::Status without = SetAvailability(request, none);
  request.set_request_id(FreshId("kit"));
  request.set_etag(first.etag());
  v1::WorkerAvailability second;
  const grpc::Status with = SetAvailability(request, second);

  EXPECT_EQ(without.error_code(), grpc::ABORTED) << without.error_message();
  EXPECT_TRUE(with.ok()) << with.error_message();
  EXPECT_EQ(second.version(), first.version() + 1);
}

// [referral.availability.unknown]
TEST(ReferralAvailabilityUnknown, IsNotFound) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  v1::GetWorkerAvailabilityRequest request;
  request.set_authority(TheSubject().authority);
  request.set_worker_id(FreshId("worker"));
  v1::GetWorkerAvailabilityResponse response;

  const grpc::Status status = Stub().GetWorkerAvailability(NewContext().get(), request, &response);

  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND) << status.error_message();
}

// [referral.route.notallocated]
TEST(ReferralRouteNotallocated, IsNotTransferred) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  const std::string person = FreshId("person");
  Allocate(AllocationOf(person, FreshId("worker")));
  v1::RouteContactRequest request = RouteOf(person, FreshId("worker"));
  request.mutable_facts()->set_allocated_to_worker(ANSWER_NO);
  request.mutable_facts()->set_team_responsible(ANSWER_NO);
  request.mutable_facts()->set_available_now(ANSWER_YES);

  const v1::RouteContactResponse response = Route(request);

  EXPECT_EQ(response.outcome(), v1::ROUTE_OUTCOME_DO_NOT_TRANSFER);
  EXPECT_EQ(response.decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_GE(response.decision().reasons_size(), 1);
}

// [referral.route.unknown]
TEST(ReferralRouteUnknown, CannotTellAndAsks) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);

  const v1::RouteContactResponse response = Route(RouteOf(FreshId("person"), FreshId("worker")));

  EXPECT_EQ(response.outcome(), v1::ROUTE_OUTCOME_CANNOT_TELL);
  EXPECT_GE(response.decision().questions_size(), 1);
}

// [referral.route.actions]
TEST(ReferralRouteActions, ListsWhatToDoInOneOrder) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  const std::string person = FreshId("person");
  const std::string worker = FreshId("worker");
  Allocate(AllocationOf(person, worker));
  v1::WorkerAvailability availability;
  ASSERT_TRUE(SetAvailability(AbsenceOf(worker), availability).ok());

  const v1::RouteContactResponse first = Route(RouteOf(person, worker));
  const v1::RouteContactResponse second = Route(RouteOf(person, worker));

  EXPECT_EQ(first.outcome(), v1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL);
  ASSERT_GE(first.actions_size(), 1);
  ASSERT_EQ(first.actions_size(), second.actions_size());
  for (int i = 0; i < first.actions_size(); ++i) {
    EXPECT_TRUE(MessageDifferencer::Equals(first.actions(i), second.actions(i)));
    EXPECT_FALSE(first.actions(i).rule_id().empty());
    EXPECT_FALSE(first.actions(i).text().empty());
  }
}

// [referral.route.both]
TEST(ReferralRouteBoth, NamesTheOneThatIsMeant) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  v1::RouteContactRequest request = RouteOf(FreshId("person"), FreshId("worker"));
  request.set_team_id(FreshId("team"));
  request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
  request.mutable_facts()->set_available_now(ANSWER_YES);
  request.mutable_facts()->set_team_responsible(ANSWER_YES);

  const v1::RouteContactResponse worker = Route(request);
  request.mutable_facts()->set_allocated_to_worker(ANSWER_NO);
  const v1::RouteContactResponse team = Route(request);

  EXPECT_EQ(worker.outcome(), v1::ROUTE_OUTCOME_TRANSFER);
  EXPECT_EQ(worker.to_worker_id(), request.worker_id());
  EXPECT_EQ(worker.to_team_id(), "");
  // A procedure may know no request for a team; then nobody is named.
  EXPECT_EQ(team.to_worker_id(), "");
  EXPECT_EQ(team.to_team_id(),
            team.outcome() == v1::ROUTE_OUTCOME_TRANSFER ? request.team_id() : "");
  EXPECT_NE(team.outcome(), v1::ROUTE_OUTCOME_CANNOT_TELL);
}

// [referral.route.returned]
TEST(ReferralRouteReturned, AsksWhetherTheWorkerIsThereNow) {
  if (!Claims(kRoute)) GTEST_SKIP() << NotClaimed(kRoute);
  v1::RouteContactRequest request = RouteOf(FreshId("person"), FreshId("worker"));
  request.mutable_facts()->set_allocated_to_worker(ANSWER_YES);
  request.mutable_facts()->set_available_now(ANSWER_NO);
  request.mutable_facts()->set_return_known(ANSWER_YES);
  request.mutable_facts()->mutable_available_from()->set_seconds(1'000'000'000);

  const v1::RouteContactResponse response = Route(request);

  EXPECT_EQ(response.outcome(), v1::ROUTE_OUTCOME_CANNOT_TELL);
  ASSERT_GE(response.decision().questions_size(), 1);
  EXPECT_EQ(response.decision().questions(0).field(), "facts.available_now");
}

}  // namespace
}  // namespace asc::conformance
