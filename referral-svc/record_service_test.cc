// The life of a referral and all that hangs on it, through a real server, on every database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>
#include <string>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"
#include "referral-svc/life_rules.h"
#include "referral-svc/stamp.h"
#include "referral-svc/testing/service_test.h"

namespace asc::referral {
namespace {

using ::asc::testing::AllDatabases;
using ::asc::testing::DatabaseName;
using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;
using google::protobuf::util::MessageDifferencer;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

constexpr auto kAborted = absl::StatusCode::kAborted;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class RecordServiceTest : public ServiceTest {
 protected:
  v1::OpenReferralRequest Identified(const std::string& person_id) {
    auto request = OpeningOf(service_.FreshId(), person_id);
    type::v1::PersonRef& person = *request.mutable_details()->mutable_person();
    person.set_born_on("1941-02-03");
    person.set_postcode("S60 1AE");
    person.set_nhs_number("9434765919");
    return request;
  }
  absl::StatusOr<v1::OpenReferralResponse> Open(const v1::OpenReferralRequest& request) {
    return service_.Call<v1::OpenReferralResponse>("OpenReferral", request);
  }
  v1::Referral Opened(const std::string& person_id = "person-1",
                      v1::Purpose purpose = v1::PURPOSE_ASSESSMENT) {
    auto request = OpeningOf(service_.FreshId(), person_id);
    request.mutable_details()->set_purpose(purpose);
    request.set_team_id("team-1");
    const auto answer = Open(request);
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? answer->referral() : v1::Referral();
  }
  absl::StatusOr<v1::AcceptReferralResponse> Accept(const v1::Referral& referral) {
    return service_.Call<v1::AcceptReferralResponse>("AcceptReferral",
                                                     About<v1::AcceptReferralRequest>(referral));
  }
  v1::Referral Accepted(const std::string& person_id = "person-1",
                        v1::Purpose purpose = v1::PURPOSE_ASSESSMENT) {
    const auto answer = Accept(Opened(person_id, purpose));
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? answer->referral() : v1::Referral();
  }
  absl::StatusOr<v1::WithdrawReferralResponse> Withdraw(const v1::Referral& referral) {
    auto request = About<v1::WithdrawReferralRequest>(referral);
    request.set_reason("no longer wanted");
    return service_.Call<v1::WithdrawReferralResponse>("WithdrawReferral", request);
  }
  absl::StatusOr<v1::CompleteReferralResponse> Complete(const v1::Referral& referral) {
    auto request = About<v1::CompleteReferralRequest>(referral);
    request.set_request_outcome(v1::REQUEST_OUTCOME_INFORMATION_AND_ADVICE);
    return service_.Call<v1::CompleteReferralResponse>("CompleteReferral", request);
  }
  absl::StatusOr<v1::AllocateReferralResponse> Allocate(const v1::Referral& referral,
                                                        const std::string& worker_id) {
    auto request = About<v1::AllocateReferralRequest>(referral);
    request.set_worker_id(worker_id);
    return service_.Call<v1::AllocateReferralResponse>("AllocateReferral", request);
  }
  absl::StatusOr<v1::EndAllocationResponse> End(const v1::Allocation& allocation) {
    auto request = New<v1::EndAllocationRequest>();
    request.set_allocation_id(allocation.allocation_id());
    request.set_etag(allocation.etag());
    return service_.Call<v1::EndAllocationResponse>("EndAllocation", request);
  }
  v1::Allocation AllocationOf(const std::string& allocation_id) {
    v1::GetAllocationRequest request;
    request.set_authority("rotherham");
    request.set_allocation_id(allocation_id);
    const auto answer = service_.Call<v1::GetAllocationResponse>("GetAllocation", request);
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? answer->allocation() : v1::Allocation();
  }
  // The referral after `change` of its details, of which `path` is named.
  template <class Change>
  v1::Referral Update(const v1::Referral& referral, const std::string& path, Change change) {
    auto request = About<v1::UpdateReferralRequest>(referral);
    request.set_authority(referral.authority());
    change(*request.mutable_details());
    request.add_update_paths(path);
    const auto answer = service_.Call<v1::UpdateReferralResponse>("UpdateReferral", request);
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? answer->referral() : v1::Referral();
  }
  v1::Referral Current(const std::string& referral_id) {
    v1::GetReferralRequest request;
    request.set_authority("rotherham");
    request.set_referral_id(referral_id);
    const auto answer = service_.Call<v1::GetReferralResponse>("GetReferral", request);
    EXPECT_THAT(answer, IsOk());
    return answer.ok() ? answer->referral() : v1::Referral();
  }
  std::vector<std::string> Found(const std::string& authority, const type::v1::PersonRef& person) {
    v1::FindOpenReferralsRequest request;
    request.set_authority(authority);
    *request.mutable_person() = person;
    const auto answer = service_.Call<v1::FindOpenReferralsResponse>("FindOpenReferrals", request);
    EXPECT_THAT(answer, IsOk());
    std::vector<std::string> ids;
    if (!answer.ok()) return ids;
    for (const auto& summary : answer->referrals()) ids.push_back(summary.referral_id());
    return ids;
  }
  std::vector<std::string> Waiting(const std::string& authority, const std::string& team_id = "",
                                   int page_size = 2) {
    v1::ListWaitingRequest request;
    request.set_authority(authority);
    request.set_team_id(team_id);
    request.set_page_size(page_size);
    std::vector<std::string> ids;
    do {
      const auto page = service_.Call<v1::ListWaitingResponse>("ListWaiting", request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      for (const auto& entry : page->entries()) ids.push_back(entry.referral().referral_id());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }
  std::vector<std::string> Due(absl::Time until = absl::InfiniteFuture(), int page_size = 1) {
    v1::ListDueRequest request;
    request.set_authority("rotherham");
    request.set_page_size(page_size);
    if (until != absl::InfiniteFuture()) *request.mutable_due_until() = ToTimestamp(until);
    std::vector<std::string> ids;
    do {
      const auto page = service_.Call<v1::ListDueResponse>("ListDue", request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      for (const auto& item : page->items()) ids.push_back(item.record_id());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }
};

// ---- No duplicates (R6) ----

TEST_P(RecordServiceTest, KnowsAPersonByNameHoweverItIsTyped) {
  const auto named = [this](const char* name) {
    auto request = Identified("");
    type::v1::PersonRef& person = *request.mutable_details()->mutable_person();
    person.clear_person_id();
    person.clear_nhs_number();
    person.set_full_name(name);
    return request;
  };
  const auto first = Open(named("Zoë O'Neil"));
  ASSERT_THAT(first, IsOk());
  for (const char* name : {"ZOË O’NEIL", "Zoe O'Neil", "Zoe\u0308 O'Neil", "Zoë  ONeil"}) {
    const auto again = Open(named(name));
    ASSERT_THAT(again, IsOk());
    EXPECT_TRUE(again->already_open()) << name;
    EXPECT_EQ(again->referral().referral_id(), first->referral().referral_id()) << name;
    v1::FindOpenReferralsRequest find;
    find.set_authority("rotherham");
    *find.mutable_person() = named(name).details().person();
    EXPECT_EQ(
        service_.Call<v1::FindOpenReferralsResponse>("FindOpenReferrals", find)->referrals_size(),
        1)
        << name;
  }
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM referral"), 1);
  EXPECT_FALSE(Open(named("Zoë O'Neal"))->already_open());
  // Nobody is known by a name without a letter.
  EXPECT_FALSE(Open(named("?"))->already_open());
  EXPECT_FALSE(Open(named("-"))->already_open());
  EXPECT_FALSE(Open(named("?"))->already_open());
}

TEST_P(RecordServiceTest, OffersTheOpenReferralInsteadOfASecondOne) {
  const auto first = Open(Identified("person-1"));
  const auto second = Open(Identified("person-1"));
  ASSERT_THAT(second, IsOk());
  EXPECT_FALSE(first->already_open());
  EXPECT_TRUE(second->already_open());
  EXPECT_TRUE(MessageDifferencer::Equals(second->referral(), first->referral()));
  EXPECT_EQ(second->decision().reasons().rbegin()->rule_id(), "R6");
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM referral"), 1);
}

TEST_P(RecordServiceTest, RecognisesByNumberOrByNameBirthAndPostcode) {
  const std::string id = Open(Identified("person-1"))->referral().referral_id();
  auto by_number = OpeningOf(service_.FreshId(), "");
  by_number.mutable_details()->mutable_person()->set_nhs_number("9434765919");
  EXPECT_EQ(Open(by_number)->referral().referral_id(), id);
  auto by_name = Identified("");
  by_name.mutable_details()->mutable_person()->clear_nhs_number();
  by_name.mutable_details()->mutable_person()->set_full_name("EDNA MARSH");
  EXPECT_EQ(Open(by_name)->referral().referral_id(), id);
}

TEST_P(RecordServiceTest, OpensAnotherForAnotherPurposeOrPerson) {
  const std::string id = Open(Identified("person-1"))->referral().referral_id();
  auto other_purpose = Identified("person-1");
  other_purpose.mutable_details()->set_purpose(v1::PURPOSE_EQUIPMENT);
  EXPECT_FALSE(Open(other_purpose)->already_open());
  auto other_number = Identified("person-1");
  other_number.mutable_details()->mutable_person()->set_nhs_number("9000000009");
  const auto other_person = Open(other_number);
  ASSERT_THAT(other_person, IsOk());
  EXPECT_FALSE(other_person->already_open());
  auto other_id = Identified("person-2");
  other_id.mutable_details()->mutable_person()->clear_nhs_number();
  EXPECT_FALSE(Open(other_id)->already_open());
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM referral"), 4);
}

TEST_P(RecordServiceTest, OpensAnotherOnceTheFirstIsClosedAndReopensNoneBeside) {
  const v1::Referral first = Open(Identified("person-1"))->referral();
  const auto withdrawn = Withdraw(first);
  ASSERT_THAT(withdrawn, IsOk());
  EXPECT_THAT(Found("rotherham", first.details().person()), IsEmpty());
  const auto second = Open(Identified("person-1"));
  ASSERT_THAT(second, IsOk());
  EXPECT_FALSE(second->already_open());
  auto reopen = About<v1::ReopenReferralRequest>(withdrawn->referral());
  reopen.set_reason("wanted after all");
  EXPECT_THAT(service_.Call<v1::ReopenReferralResponse>("ReopenReferral", reopen),
              StatusIs(kPrecondition));
}

TEST_P(RecordServiceTest, GivesManyTakersAtOnceOneReferral) {
  std::vector<v1::OpenReferralRequest> requests;
  for (int i = 0; i < 8; ++i) requests.push_back(Identified(i % 2 == 0 ? "person-1" : ""));
  std::vector<std::future<absl::StatusOr<v1::OpenReferralResponse>>> takers;
  for (const auto& request : requests) {
    takers.push_back(std::async(std::launch::async, [this, &request] { return Open(request); }));
  }
  std::set<std::string> ids;
  int opened = 0;
  for (auto& taker : takers) {
    const auto answer = taker.get();
    ASSERT_THAT(answer, IsOk());
    ids.insert(answer->referral().referral_id());
    opened += answer->already_open() ? 0 : 1;
  }
  EXPECT_EQ(ids.size(), 1u);
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM referral"), 1);
}

TEST_P(RecordServiceTest, KnowsThePersonByTheReferenceWhateverElseIsKnown) {
  const std::string id = Open(OpeningOf(service_.FreshId(), "person-1"))->referral().referral_id();
  EXPECT_EQ(Open(OpeningOf(service_.FreshId(), "person-1"))->referral().referral_id(), id);
  EXPECT_EQ(Open(Identified("person-1"))->referral().referral_id(), id);
  auto by_name = Identified("person-1");
  by_name.mutable_details()->mutable_person()->clear_nhs_number();
  EXPECT_EQ(Open(by_name)->referral().referral_id(), id);
  type::v1::PersonRef reference;
  reference.set_person_id("person-1");
  EXPECT_THAT(Found("rotherham", reference), ElementsAre(id));
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM referral"), 1);
  const auto withdrawn = Withdraw(Current(id));
  ASSERT_THAT(withdrawn, IsOk());
  EXPECT_FALSE(Open(OpeningOf(service_.FreshId(), "person-1"))->already_open());
  auto reopen = About<v1::ReopenReferralRequest>(withdrawn->referral());
  reopen.set_reason("wanted after all");
  EXPECT_THAT(service_.Call<v1::ReopenReferralResponse>("ReopenReferral", reopen),
              StatusIs(kPrecondition));
}

TEST_P(RecordServiceTest, KnowsThePersonByEachReferenceOnceTheyAreOne) {
  const v1::Referral a = Opened("person-a");
  auto merge = New<v1::MergePeopleRequest>();
  merge.set_from_person_id("person-a");
  merge.set_into_person_id("person-b");
  ASSERT_THAT(service_.Call<v1::MergePeopleResponse>("MergePeople", merge), IsOk());
  for (const char* person : {"person-a", "person-b"}) {
    const auto again = Open(OpeningOf(service_.FreshId(), person));
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(again->referral().referral_id(), a.referral_id()) << person;
  }
  const auto withdrawn = Withdraw(Current(a.referral_id()));
  ASSERT_THAT(withdrawn, IsOk());
  ASSERT_FALSE(Open(OpeningOf(service_.FreshId(), "person-b"))->already_open());
  auto reopen = About<v1::ReopenReferralRequest>(withdrawn->referral());
  reopen.set_reason("wanted after all");
  EXPECT_THAT(service_.Call<v1::ReopenReferralResponse>("ReopenReferral", reopen),
              StatusIs(kPrecondition));
}

TEST_P(RecordServiceTest, GivesTakersWhoKnowTheReferenceOneReferral) {
  std::vector<v1::OpenReferralRequest> requests;
  for (int i = 0; i < 9; ++i) {
    requests.push_back(Identified("person-1"));
    type::v1::PersonRef& person = *requests.back().mutable_details()->mutable_person();
    if (i % 3 != 0) person.clear_nhs_number();
    if (i % 3 == 1) person.clear_postcode();
  }
  std::vector<std::future<absl::StatusOr<v1::OpenReferralResponse>>> takers;
  for (const auto& request : requests) {
    takers.push_back(std::async(std::launch::async, [this, &request] { return Open(request); }));
  }
  std::set<std::string> ids;
  for (auto& taker : takers) {
    const auto answer = taker.get();
    ASSERT_THAT(answer, IsOk());
    ids.insert(answer->referral().referral_id());
  }
  EXPECT_EQ(ids.size(), 1u);
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM referral"), 1);
}

TEST_P(RecordServiceTest, OpensAReferralOfTheSameHumanAsACarerBeside) {
  auto as_person = Identified("person-1");
  as_person.mutable_details()->set_purpose(v1::PURPOSE_REVIEW);
  auto as_carer = Identified("person-1");
  as_carer.mutable_details()->set_purpose(v1::PURPOSE_REVIEW);
  as_carer.mutable_details()->set_subject(v1::SUBJECT_CARER);
  const auto person = Open(as_person);
  const auto carer = Open(as_carer);
  ASSERT_THAT(carer, IsOk());
  EXPECT_FALSE(carer->already_open());
  as_carer.set_request_id(service_.FreshId());
  EXPECT_EQ(Open(as_carer)->referral().referral_id(), carer->referral().referral_id());
  EXPECT_THAT(
      Found("rotherham", as_carer.details().person()),
      UnorderedElementsAre(person->referral().referral_id(), carer->referral().referral_id()));
  v1::FindOpenReferralsRequest carers;
  carers.set_authority("rotherham");
  *carers.mutable_person() = as_carer.details().person();
  carers.set_subject(v1::SUBJECT_CARER);
  const auto found = service_.Call<v1::FindOpenReferralsResponse>("FindOpenReferrals", carers);
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->referrals_size(), 1);
  EXPECT_EQ(found->referrals(0).referral_id(), carer->referral().referral_id());
  // Nor can the one become what the other is.
  auto update = About<v1::UpdateReferralRequest>(person->referral());
  update.mutable_details()->set_subject(v1::SUBJECT_CARER);
  update.add_update_paths("subject");
  EXPECT_THAT(service_.Call<v1::UpdateReferralResponse>("UpdateReferral", update),
              StatusIs(kPrecondition));
}

TEST_P(RecordServiceTest, FindsOnlyWhatIsOpenAndOfThisAuthority) {
  const v1::Referral referral = Open(Identified("person-1"))->referral();
  const type::v1::PersonRef& person = referral.details().person();
  EXPECT_THAT(Found("rotherham", person), ElementsAre(referral.referral_id()));
  EXPECT_THAT(Found("wakefield", person), IsEmpty());
  v1::FindOpenReferralsRequest vague;
  vague.set_authority("rotherham");
  vague.mutable_person()->set_full_name("Edna Marsh");
  EXPECT_THAT(
      FieldsAtFault(
          service_.Call<v1::FindOpenReferralsResponse>("FindOpenReferrals", vague).status()),
      ElementsAre("person.nhs_number"));
}

// ---- The state machine ----

TEST_P(RecordServiceTest, GoesThroughAWholeLife) {
  const v1::Referral accepted = Accepted();
  EXPECT_EQ(accepted.status(), v1::REFERRAL_STATUS_ACCEPTED);
  EXPECT_EQ(accepted.version(), 2);
  const auto allocated = Allocate(accepted, "worker-1");
  ASSERT_THAT(allocated, IsOk());
  EXPECT_EQ(allocated->referral().worker_id(), "worker-1");
  EXPECT_EQ(allocated->allocation().person_id(), "person-1");
  EXPECT_EQ(allocated->referral().allocation_id(), allocated->allocation().allocation_id());
  auto complete = About<v1::CompleteReferralRequest>(allocated->referral());
  complete.set_request_outcome(v1::REQUEST_OUTCOME_ASSESSMENT);
  const auto completed = service_.Call<v1::CompleteReferralResponse>("CompleteReferral", complete);
  ASSERT_THAT(completed, IsOk());
  const v1::StatutoryReturn& statutory = completed->referral().details().statutory_return();
  EXPECT_EQ(statutory.request_outcome(), v1::REQUEST_OUTCOME_ASSESSMENT);
  EXPECT_EQ(statutory.concluded_on(), "2026-01-05");
  auto reopen = About<v1::ReopenReferralRequest>(completed->referral());
  reopen.set_reason("more to do");
  const auto reopened = service_.Call<v1::ReopenReferralResponse>("ReopenReferral", reopen);
  ASSERT_THAT(reopened, IsOk());
  EXPECT_EQ(reopened->referral().status(), v1::REFERRAL_STATUS_OPENED);
  EXPECT_EQ(reopened->referral().details().person().full_name(), "Edna Marsh");
  EXPECT_TRUE(MessageDifferencer::Equals(Current(accepted.referral_id()), reopened->referral()));
}

TEST_P(RecordServiceTest, ReturnsWithAReasonToTheTeamItCameFrom) {
  const v1::Referral accepted = Accepted();
  auto request = About<v1::ReturnReferralRequest>(accepted);
  EXPECT_THAT(
      FieldsAtFault(service_.Call<v1::ReturnReferralResponse>("ReturnReferral", request).status()),
      ElementsAre("reason"));
  request.set_reason(v1::RETURN_REASON_WRONG_TEAM);
  request.set_note("not ours");
  const auto returned = service_.Call<v1::ReturnReferralResponse>("ReturnReferral", request);
  ASSERT_THAT(returned, IsOk());
  EXPECT_EQ(returned->referral().return_reason(), v1::RETURN_REASON_WRONG_TEAM);
  EXPECT_EQ(returned->referral().team_id(), "");
}

TEST_P(RecordServiceTest, TransfersThroughOpenGatesAndReturnsWhereItCameFrom) {
  auto request = About<v1::TransferReferralRequest>(Opened());
  request.set_to_team_id("team-2");
  v1::TransferFacts& facts = *request.mutable_facts();
  facts.set_safeguarding_or_urgent(ANSWER_NO);
  facts.set_longer_term_work(ANSWER_YES);
  facts.set_may_lead_to_assessment(ANSWER_NO);
  facts.set_advocacy_hold(ANSWER_NO);
  const auto held = service_.Call<v1::TransferReferralResponse>("TransferReferral", request);
  ASSERT_THAT(held, IsOk());
  EXPECT_NE(held->decision().outcome(), v1::OUTCOME_PERMITTED);
  EXPECT_FALSE(held->has_referral());
  request.set_request_id(service_.FreshId());
  v1::Override& given = *request.add_overrides();
  given.set_rule_id("P1");
  given.set_decided_by("team manager");
  given.set_reason("the clinic is closed until spring");
  const auto passed = service_.Call<v1::TransferReferralResponse>("TransferReferral", request);
  ASSERT_THAT(passed, IsOk());
  ASSERT_TRUE(passed->has_referral()) << passed->DebugString();
  EXPECT_EQ(passed->referral().status(), v1::REFERRAL_STATUS_TRANSFERRED);
  EXPECT_EQ(passed->referral().team_id(), "team-2");
  EXPECT_EQ(passed->referral().overrides(0).decided_by(), "team manager");
  auto back = About<v1::ReturnReferralRequest>(passed->referral());
  back.set_reason(v1::RETURN_REASON_SKILLS_NOT_COVERED);
  const auto returned = service_.Call<v1::ReturnReferralResponse>("ReturnReferral", back);
  ASSERT_THAT(returned, IsOk());
  EXPECT_EQ(returned->referral().team_id(), "team-1");
}

TEST_P(RecordServiceTest, UndertakesLongTermSupportWhereSomebodyAnswersForWhatShouldComeFirst) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  opening.set_authority("standard");
  opening.mutable_details()->mutable_prevention()->set_all_explored(ANSWER_NO);
  const auto opened = Open(opening);
  ASSERT_THAT(opened, IsOk());
  auto accept = About<v1::AcceptReferralRequest>(opened->referral());
  accept.set_authority("standard");
  const auto accepted = service_.Call<v1::AcceptReferralResponse>("AcceptReferral", accept);
  ASSERT_THAT(accepted, IsOk());
  auto request = About<v1::UndertakeLongTermSupportRequest>(accepted->referral());
  request.set_authority("standard");
  request.mutable_facts()->set_advocacy_hold(ANSWER_NO);
  const auto undertake = [&] {
    request.set_request_id(service_.FreshId());
    return service_.Call<v1::UndertakeLongTermSupportResponse>("UndertakeLongTermSupport", request);
  };
  request.mutable_facts()->set_longer_term_work(ANSWER_NO);
  EXPECT_THAT(FieldsAtFault(undertake().status()), ElementsAre("facts.longer_term_work"));
  request.mutable_facts()->clear_longer_term_work();
  const auto held = undertake();
  ASSERT_THAT(held, IsOk());
  EXPECT_EQ(held->decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_FALSE(held->has_referral());
  for (const char* rule_id : {"P1", "A8"}) {
    v1::Override& given = *request.add_overrides();
    given.set_rule_id(rule_id);
    given.set_decided_by("team manager");
    given.set_reason("the clinic is closed until spring");
  }
  const auto passed = undertake();
  ASSERT_THAT(passed, IsOk());
  ASSERT_TRUE(passed->has_referral()) << passed->DebugString();
  EXPECT_EQ(passed->referral().status(), v1::REFERRAL_STATUS_ACCEPTED);
  EXPECT_TRUE(passed->referral().has_long_term_support_at());
  ASSERT_EQ(passed->referral().overrides_size(), 1);
  EXPECT_EQ(passed->referral().overrides(0).rule_id(), "P1");
}

TEST_P(RecordServiceTest, RefusesAVerbThatTheStatusDoesNotAllowAndChangesNothing) {
  const v1::Referral opened = Opened();
  EXPECT_THAT(Allocate(opened, "worker-1"), StatusIs(kPrecondition));
  EXPECT_TRUE(MessageDifferencer::Equals(Current(opened.referral_id()), opened));
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM allocation"), 0);
}

TEST_P(RecordServiceTest, WithdrawsAReferralTakenForARiskOnlyWhenSomebodyAnswersForIt) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  opening.mutable_details()->mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
  const v1::Referral referral = Open(opening)->referral();
  const auto refused = Withdraw(referral);
  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_FALSE(refused->has_referral());
  auto request = About<v1::WithdrawReferralRequest>(referral);
  request.set_reason("safe now");
  v1::Override& given = *request.add_overrides();
  given.set_rule_id("R1");
  given.set_decided_by("team manager");
  given.set_reason("the enquiry found no abuse");
  const auto withdrawn = service_.Call<v1::WithdrawReferralResponse>("WithdrawReferral", request);
  ASSERT_THAT(withdrawn, IsOk());
  EXPECT_EQ(withdrawn->referral().status(), v1::REFERRAL_STATUS_WITHDRAWN);
  EXPECT_EQ(withdrawn->referral().overrides(0).decided_by(), "team manager");
}

TEST_P(RecordServiceTest, FollowsTheDetailsWithBasesAndDecision) {
  const v1::Referral opened = Opened();
  const auto at_risk =
      Update(opened, "lawful_basis.at_risk_of_abuse_or_neglect", [](auto& details) {
        details.mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
      });
  EXPECT_THAT(at_risk.bases(), ElementsAre(v1::BASIS_SELF, v1::BASIS_RISK_OF_HARM));
  const auto refused = Withdraw(at_risk);
  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->decision().outcome(), v1::OUTCOME_REFUSED);
  const auto no_ground = Update(at_risk, "lawful_basis", [](auto& details) {
    v1::LawfulBasis& basis = *details.mutable_lawful_basis();
    basis.set_made_by_the_person(ANSWER_NO);
    basis.mutable_consent()->set_given(ANSWER_NO);
    basis.mutable_best_interests()->set_decided(ANSWER_NO);
    basis.set_at_risk_of_abuse_or_neglect(ANSWER_NO);
  });
  EXPECT_EQ(no_ground.status(), v1::REFERRAL_STATUS_OPENED);
  EXPECT_EQ(no_ground.decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_EQ(no_ground.decision().policy_version().hash(),
            opened.decision().policy_version().hash());
  EXPECT_THAT(no_ground.bases(), IsEmpty());
  // A risk that was there, and was corrected, needs somebody who answers for it all the same.
  EXPECT_EQ(Withdraw(no_ground)->decision().outcome(), v1::OUTCOME_REFUSED);
}

// [referral.withdraw.risk]: the procedure for persons has no such basis for carers.
TEST_P(RecordServiceTest, KeepsWhyThePriorityIsTheSame) {
  const v1::Referral opened = Opened();
  auto request = About<v1::SetPriorityFactorsRequest>(opened);
  request.mutable_factors();
  request.set_reason("looked at again, nothing has changed");
  const auto same = service_.Call<v1::SetPriorityFactorsResponse>("SetPriorityFactors", request);
  ASSERT_THAT(same, IsOk());
  v1::GetHandoverPackRequest get;
  get.set_authority("rotherham");
  get.set_referral_id(opened.referral_id());
  const auto pack = service_.Call<v1::GetHandoverPackResponse>("GetHandoverPack", get);
  ASSERT_THAT(pack, IsOk());
  ASSERT_EQ(pack->notes_size(), 1);
  EXPECT_EQ(pack->notes(0).text(), request.reason());
}

TEST_P(RecordServiceTest, SaysThatAnotherReferralIsOpenWhereItCannotBeReopened) {
  const v1::Referral first = Opened("person-1");
  const auto withdrawn = Withdraw(first);
  ASSERT_THAT(withdrawn, IsOk());
  const auto reopening = [&] {
    v1::ListAvailableActionsRequest list;
    list.set_authority("rotherham");
    list.set_referral_id(first.referral_id());
    const auto actions =
        service_.Call<v1::ListAvailableActionsResponse>("ListAvailableActions", list);
    EXPECT_THAT(actions, IsOk());
    for (const auto& action : actions->actions()) {
      if (action.verb() == "reopen") return action;
    }
    return v1::AvailableAction();
  };
  EXPECT_TRUE(reopening().possible());
  const v1::Referral second = Opened("person-1");
  EXPECT_FALSE(reopening().possible());
  EXPECT_EQ(reopening().reasons(0).rule_id(), "R6");
  auto reopen = About<v1::ReopenReferralRequest>(withdrawn->referral());
  reopen.set_reason("asked again");
  EXPECT_THAT(service_.Call<v1::ReopenReferralResponse>("ReopenReferral", reopen),
              StatusIs(kPrecondition));
}

TEST_P(RecordServiceTest, SeesARiskThatIsToldWithAnotherSubject) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  opening.set_authority("standard");
  const auto opened = Open(opening);
  ASSERT_THAT(opened, IsOk());
  const v1::Referral carer = Update(opened->referral(), "subject",
                                    [](auto& details) { details.set_subject(v1::SUBJECT_CARER); });
  const v1::Referral at_risk =
      Update(carer, "lawful_basis.at_risk_of_abuse_or_neglect", [](auto& details) {
        details.mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
      });
  EXPECT_TRUE(at_risk.was_at_risk());
  auto request = About<v1::WithdrawReferralRequest>(at_risk);
  request.set_authority("standard");
  request.set_reason("safe now");
  const auto refused = service_.Call<v1::WithdrawReferralResponse>("WithdrawReferral", request);
  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->decision().outcome(), v1::OUTCOME_REFUSED);
}

TEST_P(RecordServiceTest, KeepsWhatIsStillToGatherWhenAnotherProcedureIsMeant) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  opening.set_authority("hillingdon-carers");
  opening.mutable_details()->set_subject(v1::SUBJECT_CARER);
  opening.mutable_details()->set_purpose(v1::PURPOSE_CARER_ASSESSMENT);
  const auto opened = Open(opening);
  ASSERT_THAT(opened, IsOk());
  const v1::Referral moving = Update(opened->referral(), "moving_to_adult_services",
                                     [](auto& d) { d.set_moving_to_adult_services(ANSWER_YES); });
  EXPECT_EQ(moving.decision().outcome(), v1::OUTCOME_REDIRECTED);
  EXPECT_FALSE(moving.decision().redirect().empty());
  EXPECT_EQ(moving.still_to_gather_size(), opened->referral().still_to_gather_size());
  EXPECT_THAT(moving.bases(), ElementsAre(v1::BASIS_SELF));
  v1::GetHandoverPackRequest request;
  request.set_authority("hillingdon-carers");
  request.set_referral_id(moving.referral_id());
  const auto pack = service_.Call<v1::GetHandoverPackResponse>("GetHandoverPack", request);
  ASSERT_THAT(pack, IsOk());
  EXPECT_GE(pack->questions_size(), moving.still_to_gather_size());
  EXPECT_EQ(pack->referral().decision().redirect(), moving.decision().redirect());
  auto repin = About<v1::RepinReferralRequest>(moving);
  repin.set_authority("hillingdon-carers");
  EXPECT_THAT(service_.Call<v1::RepinReferralResponse>("RepinReferral", repin), IsOk());
}

TEST_P(RecordServiceTest, KeepsBasesAndQuestionsOfASubjectItIsNotFor) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  opening.set_authority("standard");
  opening.mutable_details()->mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
  const auto opened = Open(opening);
  ASSERT_THAT(opened, IsOk());
  const v1::Referral carer = Update(opened->referral(), "subject",
                                    [](auto& details) { details.set_subject(v1::SUBJECT_CARER); });
  EXPECT_EQ(carer.decision().outcome(), v1::OUTCOME_REDIRECTED);
  EXPECT_EQ(carer.still_to_gather_size(), opened->referral().still_to_gather_size());
  EXPECT_THAT(carer.bases(), Contains(v1::BASIS_RISK_OF_HARM));
  v1::GetHandoverPackRequest request;
  request.set_authority("standard");
  request.set_referral_id(carer.referral_id());
  const auto pack = service_.Call<v1::GetHandoverPackResponse>("GetHandoverPack", request);
  ASSERT_THAT(pack, IsOk());
  EXPECT_GT(pack->questions_size(), 5);
}

TEST_P(RecordServiceTest, KeepsOnlyTheOverrideThatAWithdrawalNeeds) {
  auto request = About<v1::WithdrawReferralRequest>(Opened());
  request.set_reason("no longer wanted");
  for (const char* rule : {"P1", "R1"}) {
    v1::Override& given = *request.add_overrides();
    given.set_rule_id(rule);
    given.set_decided_by("team manager");
    given.set_reason("to be sure");
  }
  const auto withdrawn = service_.Call<v1::WithdrawReferralResponse>("WithdrawReferral", request);
  ASSERT_THAT(withdrawn, IsOk());
  EXPECT_THAT(withdrawn->referral().overrides(), IsEmpty());
  auto opening = OpeningOf(service_.FreshId(), "person-2");
  opening.mutable_details()->mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
  const v1::Referral at_risk = Open(opening)->referral();
  request.set_request_id(service_.FreshId());
  request.set_referral_id(at_risk.referral_id());
  request.set_etag(at_risk.etag());
  const auto answered = service_.Call<v1::WithdrawReferralResponse>("WithdrawReferral", request);
  ASSERT_THAT(answered, IsOk());
  ASSERT_EQ(answered->referral().overrides_size(), 1);
  EXPECT_EQ(answered->referral().overrides(0).rule_id(), "R1");
}

TEST_P(RecordServiceTest, BeginsNoSecondAllocationAndNoneForSomebodyUnknown) {
  const auto first = Allocate(Accepted("person-1"), "worker-1");
  const auto second = Allocate(Accepted("person-1", v1::PURPOSE_EQUIPMENT), "worker-1");
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->allocation().allocation_id(), second->allocation().allocation_id());
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM allocation"), 1);
  EXPECT_THAT(Allocate(Accepted(""), "worker-1"), StatusIs(kPrecondition));
}

TEST_P(RecordServiceTest, LetsOneOfEightConcurrentChangesWin) {
  const v1::Referral referral = Opened();
  std::vector<v1::AcceptReferralRequest> requests;
  for (int i = 0; i < 8; ++i) requests.push_back(About<v1::AcceptReferralRequest>(referral));
  std::vector<std::future<absl::StatusOr<v1::AcceptReferralResponse>>> calls;
  for (const auto& request : requests) {
    calls.push_back(std::async(std::launch::async, [this, &request] {
      return service_.Call<v1::AcceptReferralResponse>("AcceptReferral", request);
    }));
  }
  int won = 0;
  std::vector<absl::Status> lost;
  for (auto& call : calls) {
    const auto answer = call.get();
    won += answer.ok() ? 1 : 0;
    if (!answer.ok()) lost.push_back(answer.status());
  }
  const v1::Referral current = Current(referral.referral_id());
  EXPECT_EQ(won, 1);
  EXPECT_EQ(current.version(), 2);
  for (const absl::Status& status : lost) {
    EXPECT_THAT(status, StatusIs(kAborted));
    EXPECT_EQ(CurrentEtag(status), current.etag());
  }
}

TEST_P(RecordServiceTest, SaysWhatThisCallerMayDoAndWhyNotTheRest) {
  const v1::Referral referral = Opened();
  v1::ListAvailableActionsRequest request;
  request.set_authority("rotherham");
  request.set_referral_id(referral.referral_id());
  const auto actions = service_.Call<v1::ListAvailableActionsResponse>(
      "ListAvailableActions", request, "referral.read,referral.accept");
  ASSERT_THAT(actions, IsOk());
  EXPECT_EQ(actions->etag(), referral.etag());
  std::vector<std::string> possible;
  for (const auto& action : actions->actions()) {
    if (action.possible()) possible.push_back(action.verb());
    EXPECT_EQ(action.possible(), action.reasons().empty()) << action.verb();
  }
  EXPECT_EQ(actions->actions_size(), static_cast<int>(StateMachine().size()));
  EXPECT_THAT(possible, ElementsAre("accept"));
}

// ---- Update, history, handover, repin, merge ----

TEST_P(RecordServiceTest, ChangesOnlyTheFieldsThatAreNamed) {
  const v1::Referral referral = Opened();
  auto request = About<v1::UpdateReferralRequest>(referral);
  *request.mutable_details() = referral.details();
  request.mutable_details()->mutable_person_view()->set_wish("to stay at home");
  request.mutable_details()->mutable_person_view()->set_issue("not named, so not taken");
  request.mutable_details()->mutable_other()->add_matters("a dog");
  request.add_update_paths("person_view.wish");
  request.add_update_paths("other");
  const auto updated = service_.Call<v1::UpdateReferralResponse>("UpdateReferral", request);
  ASSERT_THAT(updated, IsOk());
  const v1::ReferralDetails& details = updated->referral().details();
  EXPECT_EQ(details.person_view().wish(), "to stay at home");
  EXPECT_EQ(details.person_view().issue(), "");
  EXPECT_THAT(details.other().matters(), ElementsAre("a dog"));
  EXPECT_LT(updated->referral().still_to_gather_size(), referral.still_to_gather_size());
}

TEST_P(RecordServiceTest, ClearsAFieldThatIsNamedAndNotGiven) {
  const v1::Referral referral = Opened();
  auto request = About<v1::UpdateReferralRequest>(referral);
  *request.mutable_details() = referral.details();
  request.mutable_details()->clear_would_benefit();
  request.add_update_paths("would_benefit");
  const auto updated = service_.Call<v1::UpdateReferralResponse>("UpdateReferral", request);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->referral().details().would_benefit(), type::v1::ANSWER_UNSPECIFIED);
}

TEST_P(RecordServiceTest, NeedsOfTheDetailsOnlyWhatIsChanged) {
  const v1::Referral referral = Opened();
  auto request = About<v1::UpdateReferralRequest>(referral);
  request.mutable_details()->mutable_person_view()->set_wish("to stay at home");
  request.add_update_paths("person_view.wish");
  const auto updated = service_.Call<v1::UpdateReferralResponse>("UpdateReferral", request);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->referral().details().subject(), referral.details().subject());

  auto emptied = About<v1::UpdateReferralRequest>(updated->referral());
  emptied.set_request_id("request-emptied");
  emptied.mutable_details();
  emptied.add_update_paths("subject");
  emptied.add_update_paths("person");
  const auto refused = service_.Call<v1::UpdateReferralResponse>("UpdateReferral", emptied);
  EXPECT_THAT(refused, StatusIs(kInvalid));
  EXPECT_THAT(FieldsAtFault(refused.status()),
              ::testing::IsSupersetOf({"details.subject", "details.person.person_id"}));
  EXPECT_TRUE(MessageDifferencer::Equals(Current(referral.referral_id()), updated->referral()));
}

TEST_P(RecordServiceTest, RefusesUpdatesOfNoFieldOfAnotherPersonAndWithContradictions) {
  const v1::Referral referral = Opened();
  auto request = About<v1::UpdateReferralRequest>(referral);
  *request.mutable_details() = referral.details();
  request.mutable_details()->mutable_person()->set_person_id("person-2");
  request.mutable_details()->mutable_person()->set_born_on("2026-02-01");
  request.add_update_paths("person");
  request.add_update_paths("no_such_field");
  const auto refused = service_.Call<v1::UpdateReferralResponse>("UpdateReferral", request);
  EXPECT_THAT(refused, StatusIs(kInvalid));
  EXPECT_THAT(FieldsAtFault(refused.status()),
              UnorderedElementsAre("update_paths[1]", "details.person.person_id",
                                   "details.person.born_on"));
  EXPECT_TRUE(MessageDifferencer::Equals(Current(referral.referral_id()), referral));
}

TEST_P(RecordServiceTest, TellsItsHistoryWithoutGaps) {
  const v1::Referral accepted = Accepted();
  ASSERT_THAT(Withdraw(accepted), IsOk());
  v1::ListReferralVersionsRequest request;
  request.set_authority("rotherham");
  request.set_referral_id(accepted.referral_id());
  request.set_page_size(2);
  std::vector<std::string> told;
  do {
    const auto page =
        service_.Call<v1::ListReferralVersionsResponse>("ListReferralVersions", request);
    ASSERT_THAT(page, IsOk());
    for (const auto& version : page->versions()) {
      told.push_back(std::to_string(version.version()) + " " + version.type());
      EXPECT_EQ(version.changed_by(), "developer");
      EXPECT_FALSE(version.request_id().empty());
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(told,
              ElementsAre("1 referral.opened", "2 referral.accepted", "3 referral.withdrawn"));
}

TEST_P(RecordServiceTest, HandsOverCommunicationNeedsFirstAndOnlyOpenQuestions) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  opening.mutable_details()->mutable_communication()->set_any(ANSWER_YES);
  opening.mutable_details()->mutable_communication()->add_needs()->set_need("signs, in BSL");
  opening.mutable_details()->mutable_services()->set_any(ANSWER_NO);
  const v1::Referral referral = Open(opening)->referral();
  v1::GetHandoverPackRequest request;
  request.set_authority("rotherham");
  request.set_referral_id(referral.referral_id());
  const auto pack = service_.Call<v1::GetHandoverPackResponse>("GetHandoverPack", request);
  ASSERT_THAT(pack, IsOk());
  EXPECT_EQ(pack->communication().needs(0).need(), "signs, in BSL");
  EXPECT_TRUE(MessageDifferencer::Equals(pack->referral(), referral));
  std::vector<std::string> asked;
  for (const auto& question : pack->questions()) asked.push_back(question.field());
  EXPECT_THAT(asked, Contains("details.person_view.issue"));
  for (const std::string& field : asked) {
    EXPECT_EQ(field.find("services.services"), std::string::npos) << field;
  }
}

TEST_P(RecordServiceTest, SaysThatNothingChangesUnderTheSamePolicy) {
  const v1::Referral referral = Opened();
  const auto repinned = service_.Call<v1::RepinReferralResponse>(
      "RepinReferral", About<v1::RepinReferralRequest>(referral));
  ASSERT_THAT(repinned, IsOk());
  EXPECT_THAT(repinned->changes(), IsEmpty());
  EXPECT_TRUE(MessageDifferencer::Equals(repinned->referral(), referral));
  EXPECT_TRUE(MessageDifferencer::Equals(Current(referral.referral_id()), referral));
}

TEST_P(RecordServiceTest, FindsTheRecordsOfBothReferencesOnceTheyAreOne) {
  const v1::Referral a = Opened("person-a");
  const v1::Referral b = Opened("person-b");
  ASSERT_THAT(Allocate(Accepted("person-a", v1::PURPOSE_EQUIPMENT), "worker-1"), IsOk());
  ASSERT_THAT(Allocate(Accepted("person-b", v1::PURPOSE_PREVENTION), "worker-1"), IsOk());
  auto concern = New<v1::RaiseConcernRequest>();
  concern.set_kind(v1::CONCERN_KIND_ADULT);
  concern.mutable_person()->set_person_id("person-a");
  ASSERT_THAT(service_.Call<v1::RaiseConcernResponse>("RaiseConcern", concern), IsOk());
  auto merge = New<v1::MergePeopleRequest>();
  merge.set_from_person_id("person-a");
  merge.set_into_person_id("person-b");
  const auto merged = service_.Call<v1::MergePeopleResponse>("MergePeople", merge);
  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ(merged->referrals_moved(), 2);
  EXPECT_EQ(merged->allocations_moved(), 1);
  for (const char* person : {"person-a", "person-b"}) {
    v1::ListReferralsRequest list;
    list.set_authority("rotherham");
    list.set_person_id(person);
    const auto listed = service_.Call<v1::ListReferralsResponse>("ListReferrals", list);
    ASSERT_THAT(listed, IsOk());
    EXPECT_EQ(listed->referrals_size(), 4) << person;
    v1::ListConcernsRequest concerns;
    concerns.set_authority("rotherham");
    concerns.set_person_id(person);
    EXPECT_EQ(service_.Call<v1::ListConcernsResponse>("ListConcerns", concerns)->concerns_size(),
              1);
  }
  EXPECT_EQ(Current(a.referral_id()).details().person().person_id(), "person-b");
  EXPECT_EQ(Opened("person-a").details().person().person_id(), "person-b");
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM allocation WHERE live = 1"), 1);
  merge.set_request_id(service_.FreshId());
  EXPECT_EQ(service_.Call<v1::MergePeopleResponse>("MergePeople", merge)->referrals_moved(), 0);
}

TEST_P(RecordServiceTest, KeepsHowAnUnclearDestinationWasSettledAndWarnsOfRisk) {
  auto request = About<v1::RecordDestinationRequest>(Opened());
  request.mutable_destination()->set_agreement("the hospital team takes it");
  request.mutable_destination()->set_waiting_adds_risk(ANSWER_YES);
  const auto recorded = service_.Call<v1::RecordDestinationResponse>("RecordDestination", request);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->referral().destination().agreement(), "the hospital team takes it");
  ASSERT_FALSE(recorded->decision().reasons().empty());
  EXPECT_THAT(recorded->decision().reasons().rbegin()->text(), ::testing::HasSubstr("do not wait"));
}

// ---- Promises, originals, what is due ----

TEST_P(RecordServiceTest, ListsAPromiseUntilItIsClosed) {
  auto later = New<v1::CreateCallBackRequest>();
  later.set_person_id("person-1");
  *later.mutable_due_at() = ToTimestamp(service_.now + absl::Hours(5));
  const auto second = service_.Call<v1::CreateCallBackResponse>("CreateCallBack", later);
  auto sooner = later;
  sooner.set_request_id(service_.FreshId());
  *sooner.mutable_due_at() = ToTimestamp(service_.now + absl::Hours(1));
  const auto first = service_.Call<v1::CreateCallBackResponse>("CreateCallBack", sooner);
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Due(),
              ElementsAre(first->callback().callback_id(), second->callback().callback_id()));
  EXPECT_THAT(Due(service_.now + absl::Hours(1)), ElementsAre(first->callback().callback_id()));
  auto close = New<v1::CloseCallBackRequest>();
  close.set_callback_id(first->callback().callback_id());
  close.set_etag(first->callback().etag());
  const auto closed = service_.Call<v1::CloseCallBackResponse>("CloseCallBack", close);
  ASSERT_THAT(closed, IsOk());
  EXPECT_TRUE(closed->callback().closed());
  EXPECT_THAT(Due(), ElementsAre(second->callback().callback_id()));
  close.set_request_id(service_.FreshId());
  EXPECT_THAT(service_.Call<v1::CloseCallBackResponse>("CloseCallBack", close), StatusIs(kAborted));
}

TEST_P(RecordServiceTest, SendsAnOriginalOnByAnAllowedChannelOnly) {
  auto record = New<v1::RecordCustodyRequest>();
  record.set_channel(v1::CHANNEL_LETTER);
  record.set_place_in_record("documents, 5 January");
  record.set_acknowledged_by("worker-1");
  *record.mutable_acknowledge_by_at() = ToTimestamp(service_.now + absl::Hours(48));
  const auto recorded = service_.Call<v1::RecordCustodyResponse>("RecordCustody", record);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->actions_size(), 5);
  EXPECT_THAT(Due(), ElementsAre(recorded->custody().custody_id()));
  auto update = New<v1::UpdateCustodyRequest>();
  update.set_custody_id(recorded->custody().custody_id());
  update.set_etag(recorded->custody().etag());
  update.set_state(v1::CUSTODY_STATE_SENT_ON);
  update.set_sent_by(v1::SECURE_CHANNEL_INTERNAL_EMAIL);
  const auto refused = service_.Call<v1::UpdateCustodyResponse>("UpdateCustody", update);
  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_EQ(refused->custody().state(), v1::CUSTODY_STATE_HELD);
  update.set_request_id(service_.FreshId());
  update.set_sent_by(v1::SECURE_CHANNEL_SECURE_DELIVERY);
  *update.mutable_acknowledged_at() = ToTimestamp(service_.now);
  const auto sent = service_.Call<v1::UpdateCustodyResponse>("UpdateCustody", update);
  ASSERT_THAT(sent, IsOk());
  EXPECT_EQ(sent->custody().state(), v1::CUSTODY_STATE_SENT_ON);
  EXPECT_THAT(Due(), IsEmpty());
}

// ---- Waiting ----

TEST_P(RecordServiceTest, RanksWhoWaitsAndLetsGoOfWhoIsAllocated) {
  const auto open = [this](const std::string& person_id) {
    auto opening = OpeningOf(service_.FreshId(), person_id);
    opening.set_authority("standard");
    opening.set_team_id("team-1");
    service_.now += absl::Minutes(1);
    auto accept = About<v1::AcceptReferralRequest>(Open(opening)->referral());
    accept.set_authority("standard");
    return service_.Call<v1::AcceptReferralResponse>("AcceptReferral", accept)->referral();
  };
  const v1::Referral first = open("person-1");
  const v1::Referral second = open("person-2");
  const v1::Referral third = open("person-3");
  EXPECT_THAT(Waiting("standard"),
              ElementsAre(first.referral_id(), second.referral_id(), third.referral_id()));
  auto priority = About<v1::SetPriorityFactorsRequest>(third);
  priority.set_authority("standard");
  priority.mutable_factors()->set_risk(v1::LEVEL_HIGH);
  const auto ranked = service_.Call<v1::SetPriorityFactorsResponse>("SetPriorityFactors", priority);
  ASSERT_THAT(ranked, IsOk());
  EXPECT_EQ(ranked->entry().shares_size(), 6);
  EXPECT_EQ(ranked->decision().questions_size(), 5);
  EXPECT_EQ(ranked->entry().points(), 3 + 5 * 2);
  EXPECT_THAT(Waiting("standard", "team-1"),
              ElementsAre(third.referral_id(), first.referral_id(), second.referral_id()));
  EXPECT_THAT(Waiting("standard", "team-2"), IsEmpty());
  auto allocate = About<v1::AllocateReferralRequest>(first);
  allocate.set_authority("standard");
  allocate.set_worker_id("worker-1");
  ASSERT_THAT(service_.Call<v1::AllocateReferralResponse>("AllocateReferral", allocate), IsOk());
  EXPECT_THAT(Waiting("standard"), ElementsAre(third.referral_id(), second.referral_id()));
}

TEST_P(RecordServiceTest, KeepsHowAReferralWasRankedBeforeByWhomAndWhy) {
  const v1::Referral accepted = Accepted();
  const auto set = [this](const v1::Referral& referral, v1::Level risk, const char* reason) {
    auto request = About<v1::SetPriorityFactorsRequest>(referral);
    request.mutable_factors()->set_risk(risk);
    request.set_reason(reason);
    service_.now += absl::Hours(1);
    return service_.Call<v1::SetPriorityFactorsResponse>("SetPriorityFactors", request);
  };
  const auto first = set(accepted, v1::LEVEL_LOW, "the first call");
  ASSERT_THAT(first, IsOk());
  const auto second = set(first->referral(), v1::LEVEL_HIGH, "a fall at night");
  ASSERT_THAT(second, IsOk());
  // What does not rank it anew leaves no trace among the rankings.
  auto monitor = About<v1::RecordMonitoringRequest>(second->referral());
  monitor.set_note("rang");
  ASSERT_THAT(service_.Call<v1::RecordMonitoringResponse>("RecordMonitoring", monitor), IsOk());
  v1::ListReferralVersionsRequest request;
  request.set_authority("rotherham");
  request.set_referral_id(accepted.referral_id());
  const auto history =
      service_.Call<v1::ListReferralVersionsResponse>("ListReferralVersions", request);
  ASSERT_THAT(history, IsOk());
  ASSERT_EQ(history->versions_size(), 5);
  EXPECT_FALSE(history->versions(0).has_ranking());
  EXPECT_TRUE(history->versions(1).has_ranking());
  EXPECT_FALSE(history->versions(1).ranking().has_points_before());
  EXPECT_EQ(history->versions(2).ranking().reason(), "the first call");
  const v1::ReferralVersion& last = history->versions(3);
  EXPECT_EQ(last.ranking().factors_before().risk(), v1::LEVEL_LOW);
  EXPECT_EQ(last.ranking().factors().risk(), v1::LEVEL_HIGH);
  EXPECT_EQ(last.ranking().reason(), "a fall at night");
  EXPECT_FALSE(last.ranking().policy_version().hash().empty());
  EXPECT_FALSE(last.changed_by().empty());
  EXPECT_EQ(last.changed_at().seconds(), ToTimestamp(service_.now).seconds());
  EXPECT_FALSE(history->versions(4).has_ranking());
}

TEST_P(RecordServiceTest, ListsByPriorityAndByWhatIsDueInStepWithEachChange) {
  const auto list = [this](auto change) {
    v1::ListReferralsRequest request;
    request.set_authority("rotherham");
    change(request);
    const auto answer = service_.Call<v1::ListReferralsResponse>("ListReferrals", request);
    EXPECT_THAT(answer, IsOk());
    std::vector<std::string> rows;
    if (!answer.ok()) return rows;
    for (const auto& row : answer->referrals()) {
      rows.push_back(row.referral_id() + " " + std::to_string(row.version()) + " " + row.team_id());
    }
    return rows;
  };
  const auto waiting = [](auto& request) { request.set_priority_points_min(0); };
  const auto due = [this](auto& request) {
    *request.mutable_due_before() = ToTimestamp(service_.now + absl::Hours(48));
  };
  const v1::Referral accepted = Accepted();
  auto monitor = About<v1::RecordMonitoringRequest>(accepted);
  monitor.set_note("rang");
  *monitor.mutable_monitor_at() = ToTimestamp(service_.now + absl::Hours(24));
  const auto monitored = service_.Call<v1::RecordMonitoringResponse>("RecordMonitoring", monitor);
  ASSERT_THAT(monitored, IsOk());
  const std::string at_team_1 = accepted.referral_id() + " 3 team-1";
  EXPECT_THAT(list(waiting), ElementsAre(at_team_1));
  EXPECT_THAT(list(due), ElementsAre(at_team_1));
  auto transfer = About<v1::TransferReferralRequest>(monitored->referral());
  transfer.set_to_team_id("team-2");
  transfer.mutable_facts()->set_safeguarding_or_urgent(ANSWER_YES);
  const auto moved = service_.Call<v1::TransferReferralResponse>("TransferReferral", transfer);
  ASSERT_THAT(moved, IsOk());
  ASSERT_TRUE(moved->has_referral());
  EXPECT_THAT(list(waiting), IsEmpty());
  EXPECT_THAT(list([&due](auto& request) {
                due(request);
                request.set_team_id("team-2");
              }),
              ElementsAre(accepted.referral_id() + " 4 team-2"));
  EXPECT_THAT(list([&due](auto& request) {
                due(request);
                request.set_team_id("team-1");
              }),
              IsEmpty());
  ASSERT_THAT(Withdraw(moved->referral()), IsOk());
  EXPECT_THAT(list(due), IsEmpty());
}

TEST_P(RecordServiceTest, RefusesNegativePointsAndATokenOfAnotherOrder) {
  for (int i = 0; i < 3; ++i) Accepted("person-" + std::to_string(i));
  v1::ListReferralsRequest request;
  request.set_authority("rotherham");
  request.set_priority_points_min(-1);
  const auto refused = service_.Call<v1::ListReferralsResponse>("ListReferrals", request);
  EXPECT_THAT(refused, StatusIs(kInvalid));
  EXPECT_THAT(FieldsAtFault(refused.status()), ElementsAre("priority_points_min"));
  request.set_priority_points_min(0);
  request.set_page_size(1);
  const auto page = service_.Call<v1::ListReferralsResponse>("ListReferrals", request);
  ASSERT_THAT(page, IsOk());
  request.set_page_token(page->next_page_token());
  EXPECT_THAT(service_.Call<v1::ListReferralsResponse>("ListReferrals", request), IsOk());
  request.clear_priority_points_min();
  const auto other = service_.Call<v1::ListReferralsResponse>("ListReferrals", request);
  EXPECT_THAT(other, StatusIs(kInvalid));
  EXPECT_THAT(FieldsAtFault(other.status()), ElementsAre("page_token"));
}

TEST_P(RecordServiceTest, ListsWhenToLookAgain) {
  auto request = About<v1::RecordMonitoringRequest>(Accepted());
  request.set_note("rang, all as before");
  *request.mutable_monitor_at() = ToTimestamp(service_.now + absl::Hours(24 * 7));
  const auto monitored = service_.Call<v1::RecordMonitoringResponse>("RecordMonitoring", request);
  ASSERT_THAT(monitored, IsOk());
  EXPECT_THAT(Due(), ElementsAre(monitored->referral().referral_id()));
  ASSERT_THAT(Withdraw(monitored->referral()), IsOk());
  EXPECT_THAT(Due(), IsEmpty());
}

TEST_P(RecordServiceTest, RecommendsWorkersWithTheirWorkload) {
  for (const char* worker : {"worker-1", "worker-2"}) {
    auto set = New<v1::SetWorkerSkillsRequest>();
    set.set_worker_id(worker);
    set.set_team_id("team-1");
    set.add_functions(v1::PURPOSE_ASSESSMENT);
    ASSERT_THAT(service_.Call<v1::SetWorkerSkillsResponse>("SetWorkerSkills", set), IsOk());
    set.set_request_id(service_.FreshId());
    EXPECT_THAT(service_.Call<v1::SetWorkerSkillsResponse>("SetWorkerSkills", set),
                StatusIs(kAborted));
  }
  ASSERT_THAT(Allocate(Accepted("person-1"), "worker-1"), IsOk());
  const v1::Referral referral = Accepted("person-2");
  v1::RecommendWorkerRequest request;
  request.set_authority("rotherham");
  request.set_referral_id(referral.referral_id());
  const auto ranks = service_.Call<v1::RecommendWorkerResponse>("RecommendWorker", request);
  ASSERT_THAT(ranks, IsOk());
  ASSERT_EQ(ranks->workers_size(), 2);
  EXPECT_EQ(ranks->workers(0).worker_id(), "worker-2");
  EXPECT_EQ(ranks->workers(1).allocated_now(), 1);
  EXPECT_EQ(ranks->workers(0).reasons_size(), 3);
  request.set_wished_worker_id("worker-1");
  EXPECT_EQ(service_.Call<v1::RecommendWorkerResponse>("RecommendWorker", request)
                ->workers(0)
                .worker_id(),
            "worker-1");
  v1::ListWorkloadRequest list;
  list.set_authority("rotherham");
  list.set_team_id("team-1");
  list.set_page_size(1);
  const auto page = service_.Call<v1::ListWorkloadResponse>("ListWorkload", list);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->workers(0).allocated_now(), 1);
  EXPECT_FALSE(page->next_page_token().empty());
}

// ---- Concerns and joint work ----

TEST_P(RecordServiceTest, RaisesAConcernWhateverElseIsMissing) {
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_ADULT);
  const auto raised = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request);
  ASSERT_THAT(raised, IsOk());
  EXPECT_EQ(raised->decision().questions(0).field(), "imminent_danger_or_crime");
  EXPECT_FALSE(raised->concern().has_emergency_advised_at());
  request.set_request_id(service_.FreshId());
  request.mutable_person()->set_person_id("person-1");
  request.set_referral_id("referral-of-nobody");
  request.set_imminent_danger_or_crime(ANSWER_YES);
  const auto danger = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request);
  ASSERT_THAT(danger, IsOk());
  EXPECT_EQ(danger->actions(0).kind(), v1::ACTION_KIND_CALL_999);
  EXPECT_TRUE(danger->concern().has_emergency_advised_at());
  EXPECT_EQ(danger->concern().referral_id(), "referral-of-nobody");
  v1::GetConcernRequest get;
  get.set_authority("rotherham");
  get.set_concern_id(danger->concern().concern_id());
  EXPECT_TRUE(MessageDifferencer::Equals(
      service_.Call<v1::GetConcernResponse>("GetConcern", get)->concern(), danger->concern()));
  v1::ListConcernsRequest list;
  list.set_authority("rotherham");
  EXPECT_EQ(service_.Call<v1::ListConcernsResponse>("ListConcerns", list)->concerns_size(), 2);
  list.set_person_id("person-1");
  EXPECT_EQ(service_.Call<v1::ListConcernsResponse>("ListConcerns", list)->concerns_size(), 1);
  list.set_kind(v1::CONCERN_KIND_CHILD);
  EXPECT_EQ(service_.Call<v1::ListConcernsResponse>("ListConcerns", list)->concerns_size(), 0);
}

TEST_P(RecordServiceTest, AsksForJointWorkAndLeavesADelayToWhoAsked) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  opening.set_authority("standard");
  opening.mutable_details()->mutable_communication()->add_needs()->set_need("large print");
  const auto opened = Open(opening);
  ASSERT_THAT(opened, IsOk());
  auto request = New<v1::RequestJointWorkRequest>();
  request.set_authority("standard");
  request.set_referral_id(opened->referral().referral_id());
  request.set_with_whom("occupational therapy");
  request.set_nature("a visit together");
  EXPECT_EQ(service_.Call<v1::RequestJointWorkResponse>("RequestJointWork", request)
                ->decision()
                .outcome(),
            v1::OUTCOME_CANNOT_TELL);
  request.set_request_id(service_.FreshId());
  request.set_agreed(ANSWER_YES);
  const auto asked = service_.Call<v1::RequestJointWorkResponse>("RequestJointWork", request);
  ASSERT_THAT(asked, IsOk());
  EXPECT_EQ(asked->joint_work().agreed(), ANSWER_YES);
  ASSERT_EQ(asked->joint_work().communication().needs_size(), 1);
  auto respond = New<v1::RespondToJointWorkRequest>();
  respond.set_authority("standard");
  respond.set_joint_work_id(asked->joint_work().joint_work_id());
  respond.set_etag(asked->joint_work().etag());
  respond.mutable_terms()->set_primary_contact("the social worker");
  respond.set_delayed(ANSWER_NO);
  const auto answered =
      service_.Call<v1::RespondToJointWorkResponse>("RespondToJointWork", respond);
  ASSERT_THAT(answered, IsOk());
  EXPECT_EQ(answered->decision().questions_size(), 6);
  auto choose = New<v1::ChooseOnDelayRequest>();
  choose.set_authority("standard");
  choose.set_joint_work_id(asked->joint_work().joint_work_id());
  choose.set_etag(answered->joint_work().etag());
  choose.set_choice(v1::DELAY_CHOICE_PROCEED);
  EXPECT_THAT(service_.Call<v1::ChooseOnDelayResponse>("ChooseOnDelay", choose),
              StatusIs(kPrecondition));
  respond.set_request_id(service_.FreshId());
  respond.set_etag(answered->joint_work().etag());
  respond.set_delayed(ANSWER_YES);
  const auto delayed = service_.Call<v1::RespondToJointWorkResponse>("RespondToJointWork", respond);
  choose.set_request_id(service_.FreshId());
  choose.set_etag(delayed->joint_work().etag());
  const auto chosen = service_.Call<v1::ChooseOnDelayResponse>("ChooseOnDelay", choose);
  ASSERT_THAT(chosen, IsOk());
  v1::GetJointWorkRequest get;
  get.set_authority("standard");
  get.set_joint_work_id(asked->joint_work().joint_work_id());
  const auto choice = [&] {
    return service_.Call<v1::GetJointWorkResponse>("GetJointWork", get)
        ->joint_work()
        .delay_choice();
  };
  EXPECT_EQ(choice(), v1::DELAY_CHOICE_PROCEED);
  // The delay is over, and so is the choice about it.
  respond.set_request_id(service_.FreshId());
  respond.set_etag(chosen->joint_work().etag());
  respond.set_delayed(ANSWER_NO);
  ASSERT_THAT(service_.Call<v1::RespondToJointWorkResponse>("RespondToJointWork", respond), IsOk());
  EXPECT_EQ(choice(), v1::DELAY_CHOICE_UNSPECIFIED);
}

TEST_P(RecordServiceTest, KeepsJointWorkWhereTheDocumentIsSilentAndNoneForAClosedReferral) {
  const v1::Referral referral = Opened();
  auto request = New<v1::RequestJointWorkRequest>();
  request.set_referral_id(referral.referral_id());
  request.set_with_whom("occupational therapy");
  request.set_nature("a visit together");
  request.set_unable_to_consent(ANSWER_NO);
  const auto asked = service_.Call<v1::RequestJointWorkResponse>("RequestJointWork", request);
  ASSERT_THAT(asked, IsOk());
  EXPECT_EQ(asked->decision().outcome(), v1::OUTCOME_NOT_COVERED);
  EXPECT_EQ(asked->joint_work().unable_to_consent(), ANSWER_NO);
  ASSERT_THAT(Withdraw(referral), IsOk());
  request.set_request_id(service_.FreshId());
  EXPECT_THAT(service_.Call<v1::RequestJointWorkResponse>("RequestJointWork", request),
              StatusIs(kPrecondition));
}

// [referral.joint.communication]: as the referral has them when the joint work is read.
TEST_P(RecordServiceTest, CarriesCommunicationNeedsIntoJointWork) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  opening.mutable_details()->mutable_communication()->set_any(ANSWER_YES);
  opening.mutable_details()->mutable_communication()->add_needs()->set_need("signs, in BSL");
  const v1::Referral referral = Open(opening)->referral();
  auto request = New<v1::RequestJointWorkRequest>();
  request.set_referral_id(referral.referral_id());
  request.set_with_whom("occupational therapy");
  request.set_nature("a visit together");
  request.set_agreed(ANSWER_YES);
  const auto asked = service_.Call<v1::RequestJointWorkResponse>("RequestJointWork", request);
  ASSERT_THAT(asked, IsOk());
  EXPECT_TRUE(MessageDifferencer::Equals(asked->joint_work().communication(),
                                         opening.details().communication()));
  Update(referral, "communication", [](auto& details) {
    details.mutable_communication()->set_any(ANSWER_YES);
    details.mutable_communication()->add_needs()->set_need("large print");
  });
  // The needs, or "none", so that a test does not end where they are missing.
  const auto need_of = [](const v1::JointWork& work) {
    return work.communication().needs().empty() ? "none" : work.communication().needs(0).need();
  };
  v1::GetJointWorkRequest get;
  get.set_authority("rotherham");
  get.set_joint_work_id(asked->joint_work().joint_work_id());
  const auto read = service_.Call<v1::GetJointWorkResponse>("GetJointWork", get);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(need_of(read->joint_work()), "large print");
  auto respond = New<v1::RespondToJointWorkRequest>();
  respond.set_joint_work_id(asked->joint_work().joint_work_id());
  respond.set_etag(asked->joint_work().etag());
  respond.set_delayed(ANSWER_YES);
  respond.mutable_terms()->set_primary_contact("the therapist");
  const auto answered =
      service_.Call<v1::RespondToJointWorkResponse>("RespondToJointWork", respond);
  ASSERT_THAT(answered, IsOk());
  EXPECT_EQ(need_of(answered->joint_work()), "large print");
  auto choose = New<v1::ChooseOnDelayRequest>();
  choose.set_joint_work_id(asked->joint_work().joint_work_id());
  choose.set_etag(answered->joint_work().etag());
  choose.set_choice(v1::DELAY_CHOICE_PROCEED);
  const auto chosen = service_.Call<v1::ChooseOnDelayResponse>("ChooseOnDelay", choose);
  ASSERT_THAT(chosen, IsOk());
  EXPECT_EQ(need_of(chosen->joint_work()), "large print");
}

TEST_P(RecordServiceTest, SaysHowAnOriginalTravelsWhereThereIsNoListForWrittenContacts) {
  auto record = New<v1::RecordCustodyRequest>();
  record.set_authority("standard");
  record.set_channel(v1::CHANNEL_LETTER);
  record.set_place_in_record("documents, 5 January");
  const auto recorded = service_.Call<v1::RecordCustodyResponse>("RecordCustody", record);
  ASSERT_THAT(recorded, IsOk());
  ASSERT_EQ(recorded->actions_size(), 1);
  EXPECT_EQ(recorded->actions(0).kind(), v1::ACTION_KIND_FORWARD_ORIGINALS);
  EXPECT_EQ(recorded->actions(0).channels_size(), 3);
}

// ---- A referral and the allocation it stands on ----

TEST_P(RecordServiceTest, GivesAReferralToAnotherWorkerAndEndsTheEarlierAllocation) {
  const auto first = Allocate(Accepted(), "worker-1");
  ASSERT_THAT(first, IsOk());
  const auto second = Allocate(first->referral(), "worker-2");
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->referral().worker_id(), "worker-2");
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM allocation WHERE live = 1"), 1);
  EXPECT_TRUE(AllocationOf(first->allocation().allocation_id()).has_ended_at());
}

TEST_P(RecordServiceTest, PutsAReferralBackOnTheWaitingListWhenItsAllocationEnds) {
  const auto allocated = Allocate(Accepted(), "worker-1");
  ASSERT_THAT(allocated, IsOk());
  EXPECT_THAT(Waiting("rotherham"), IsEmpty());
  ASSERT_THAT(End(allocated->allocation()), IsOk());
  const v1::Referral waiting = Current(allocated->referral().referral_id());
  EXPECT_EQ(waiting.status(), v1::REFERRAL_STATUS_ACCEPTED);
  EXPECT_EQ(waiting.worker_id(), "");
  EXPECT_EQ(waiting.allocation_id(), "");
  EXPECT_THAT(Waiting("rotherham"), ElementsAre(waiting.referral_id()));
  EXPECT_THAT(Allocate(waiting, "worker-2"), IsOk());
}

TEST_P(RecordServiceTest, EndsAnAllocationWithTheLastReferralThatStandsOnIt) {
  const auto first = Allocate(Accepted("person-1"), "worker-1");
  const auto second = Allocate(Accepted("person-1", v1::PURPOSE_EQUIPMENT), "worker-1");
  ASSERT_THAT(second, IsOk());
  const std::string id = first->allocation().allocation_id();
  EXPECT_EQ(second->allocation().allocation_id(), id);
  ASSERT_THAT(Withdraw(first->referral()), IsOk());
  EXPECT_FALSE(AllocationOf(id).has_ended_at());
  EXPECT_EQ(AllocationOf(id).referral_id(), second->referral().referral_id());
  ASSERT_THAT(Withdraw(second->referral()), IsOk());
  EXPECT_TRUE(AllocationOf(id).has_ended_at());
}

// [referral.complete.named]
TEST_P(RecordServiceTest, NamesAReferralThatIsOpenOnceAnotherIsCompleted) {
  const auto first = Allocate(Accepted("person-1"), "worker-1");
  const auto second = Allocate(Accepted("person-1", v1::PURPOSE_EQUIPMENT), "worker-1");
  ASSERT_THAT(second, IsOk());
  const std::string id = first->allocation().allocation_id();
  ASSERT_THAT(Complete(first->referral()), IsOk());
  EXPECT_EQ(AllocationOf(id).referral_id(), second->referral().referral_id());
  // The worker goes on with what follows the first.
  ASSERT_THAT(Withdraw(second->referral()), IsOk());
  EXPECT_FALSE(AllocationOf(id).has_ended_at());
  EXPECT_EQ(AllocationOf(id).referral_id(), first->referral().referral_id());
  // What joins it then is what is open.
  const auto third = Allocate(Accepted("person-1", v1::PURPOSE_PREVENTION), "worker-1");
  ASSERT_THAT(third, IsOk());
  EXPECT_EQ(third->allocation().allocation_id(), id);
  EXPECT_EQ(AllocationOf(id).referral_id(), third->referral().referral_id());
}

TEST_P(RecordServiceTest, KeepsTheAllocationOfWhatIsCompletedWhenTheOtherGoesElsewhere) {
  const auto first = Allocate(Accepted("person-1"), "worker-1");
  const auto second = Allocate(Accepted("person-1", v1::PURPOSE_EQUIPMENT), "worker-1");
  ASSERT_THAT(second, IsOk());
  ASSERT_THAT(Complete(first->referral()), IsOk());
  ASSERT_THAT(Allocate(second->referral(), "worker-2"), IsOk());
  EXPECT_FALSE(AllocationOf(first->allocation().allocation_id()).has_ended_at());
}

// Whoever ends the allocation afterwards has its etag still.
TEST_P(RecordServiceTest, CompletesTheLastReferralWithoutANewVersionOfItsAllocation) {
  const auto only = Allocate(Accepted(), "worker-1");
  ASSERT_THAT(Complete(only->referral()), IsOk());
  EXPECT_EQ(AllocationOf(only->allocation().allocation_id()).etag(), only->allocation().etag());
}

// Whichever of the two comes first.
TEST_P(RecordServiceTest, NamesWhatIsOpenWhenOneIsCompletedAndAnotherJoinsAtOnce) {
  constexpr int kRounds = 12;
  for (int round = 0; round < kRounds; ++round) {
    const std::string person = "person-" + std::to_string(round);
    const auto first = Allocate(Accepted(person), "worker-1");
    ASSERT_THAT(first, IsOk());
    const v1::Referral second = Accepted(person, v1::PURPOSE_EQUIPMENT);
    auto completed = std::async(std::launch::async,
                                [this, &first] { return Complete(first->referral()).status(); });
    const auto joined = Allocate(second, "worker-1");
    EXPECT_THAT(completed.get(), IsOk());
    ASSERT_THAT(joined, IsOk());
    EXPECT_EQ(AllocationOf(first->allocation().allocation_id()).referral_id(),
              second.referral_id());
  }
}

TEST_P(RecordServiceTest, ReturnsEveryReferralThatStandsOnAnAllocation) {
  const auto first = Allocate(Accepted("person-1"), "worker-1");
  const auto second = Allocate(Accepted("person-1", v1::PURPOSE_EQUIPMENT), "worker-1");
  ASSERT_THAT(second, IsOk());
  // The first etag is stale since the second referral joined.
  EXPECT_THAT(End(first->allocation()), StatusIs(kAborted));
  ASSERT_THAT(End(second->allocation()), IsOk());
  for (const auto& referral : {first->referral(), second->referral()}) {
    EXPECT_EQ(Current(referral.referral_id()).status(), v1::REFERRAL_STATUS_ACCEPTED);
  }
}

TEST_P(RecordServiceTest, ChangesWhatAReferralStandsOnWithTheReferralOnly) {
  const auto allocated = Allocate(Accepted(), "worker-1");
  ASSERT_THAT(allocated, IsOk());
  auto change = New<v1::SetAllocationRequest>();
  change.set_allocation_id(allocated->allocation().allocation_id());
  change.set_etag(allocated->allocation().etag());
  change.set_role(v1::ALLOCATION_ROLE_WORKER);
  change.set_person_id("person-1");
  change.set_worker_id("worker-2");
  EXPECT_THAT(service_.Call<v1::SetAllocationResponse>("SetAllocation", change),
              StatusIs(kPrecondition));
  change.set_request_id(service_.FreshId());
  change.set_worker_id("worker-1");
  change.set_team_id("team-2");
  const auto moved = service_.Call<v1::SetAllocationResponse>("SetAllocation", change);
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->allocation().referral_id(), allocated->referral().referral_id());
}

TEST_P(RecordServiceTest, LetsATeamsAllocationBecomeAWorkersWithoutItsReferralOnly) {
  auto set = New<v1::SetAllocationRequest>();
  set.set_role(v1::ALLOCATION_ROLE_REVIEW);
  set.set_person_id("person-1");
  set.set_team_id("team-1");
  set.set_referral_id(Opened("person-1").referral_id());
  const auto team = service_.Call<v1::SetAllocationResponse>("SetAllocation", set);
  ASSERT_THAT(team, IsOk());
  set.set_request_id(service_.FreshId());
  set.set_allocation_id(team->allocation().allocation_id());
  set.set_etag(team->allocation().etag());
  set.set_role(v1::ALLOCATION_ROLE_WORKER);
  set.set_worker_id("worker-1");
  EXPECT_THAT(
      FieldsAtFault(service_.Call<v1::SetAllocationResponse>("SetAllocation", set).status()),
      ElementsAre("referral_id"));
  set.set_request_id(service_.FreshId());
  set.clear_referral_id();
  EXPECT_THAT(service_.Call<v1::SetAllocationResponse>("SetAllocation", set), IsOk());
}

TEST_P(RecordServiceTest, NamesAReferralOfATeamsAllocationThatIsNotThere) {
  auto set = New<v1::SetAllocationRequest>();
  set.set_role(v1::ALLOCATION_ROLE_REVIEW);
  set.set_person_id("person-1");
  set.set_team_id("team-1");
  set.set_referral_id("does-not-exist");
  EXPECT_THAT(
      FieldsAtFault(service_.Call<v1::SetAllocationResponse>("SetAllocation", set).status()),
      ElementsAre("referral_id"));
  set.set_referral_id(Opened("person-2").referral_id());
  EXPECT_THAT(
      FieldsAtFault(service_.Call<v1::SetAllocationResponse>("SetAllocation", set).status()),
      ElementsAre("referral_id"));
  set.set_referral_id(Opened("person-1").referral_id());
  EXPECT_THAT(service_.Call<v1::SetAllocationResponse>("SetAllocation", set), IsOk());
}

TEST_P(RecordServiceTest, TakesReferralsOverToTheAllocationThatAMergeLeaves) {
  const auto a = Allocate(Accepted("person-a"), "worker-1");
  const auto b = Allocate(Accepted("person-b", v1::PURPOSE_EQUIPMENT), "worker-1");
  auto merge = New<v1::MergePeopleRequest>();
  merge.set_from_person_id("person-a");
  merge.set_into_person_id("person-b");
  ASSERT_THAT(service_.Call<v1::MergePeopleResponse>("MergePeople", merge), IsOk());
  const std::string kept = b->allocation().allocation_id();
  EXPECT_EQ(Current(a->referral().referral_id()).allocation_id(), kept);
  ASSERT_THAT(End(AllocationOf(kept)), IsOk());
  for (const auto& referral : {a->referral(), b->referral()}) {
    EXPECT_EQ(Current(referral.referral_id()).status(), v1::REFERRAL_STATUS_ACCEPTED);
  }
}

// Whoever comes first: what is allocated stands on an allocation that lasts.
TEST_P(RecordServiceTest, KeepsReferralAndAllocationInStepWhileBothAreChanged) {
  for (int round = 0; round < 6; ++round) {
    const std::string person = "person-" + std::to_string(round);
    const auto first = Allocate(Accepted(person), "worker-1");
    ASSERT_THAT(first, IsOk());
    const v1::Referral second = Accepted(person, v1::PURPOSE_EQUIPMENT);
    auto joining = std::async(std::launch::async,
                              [this, &second] { return Allocate(second, "worker-1").status(); });
    const auto withdrawn = Withdraw(first->referral());
    const absl::Status joined = joining.get();
    EXPECT_THAT(withdrawn, IsOk());
    EXPECT_TRUE(joined.ok()) << joined;
    const v1::Referral current = Current(second.referral_id());
    EXPECT_EQ(current.status(), v1::REFERRAL_STATUS_ALLOCATED);
    const v1::Allocation allocation = AllocationOf(current.allocation_id());
    EXPECT_FALSE(allocation.has_ended_at());
    EXPECT_EQ(allocation.referral_id(), current.referral_id());
  }
}

// ---- What was said ----

TEST_P(RecordServiceTest, KeepsWhatWasSaidWithEachVerb) {
  auto back = About<v1::ReturnReferralRequest>(Opened());
  back.set_reason(v1::RETURN_REASON_WRONG_TEAM);
  back.set_note("not ours");
  const auto returned = service_.Call<v1::ReturnReferralResponse>("ReturnReferral", back);
  ASSERT_THAT(returned, IsOk());
  const v1::Referral updated = Update(returned->referral(), "person_view.wish", [](auto& details) {
    details.mutable_person_view()->set_wish("to stay at home");
  });
  ASSERT_THAT(Withdraw(updated), IsOk());
  v1::ListReferralVersionsRequest list;
  list.set_authority("rotherham");
  list.set_referral_id(updated.referral_id());
  const auto versions =
      service_.Call<v1::ListReferralVersionsResponse>("ListReferralVersions", list);
  ASSERT_THAT(versions, IsOk());
  ASSERT_EQ(versions->versions_size(), 4);
  EXPECT_EQ(versions->versions(0).note(), "");
  EXPECT_EQ(versions->versions(1).note(), "not ours");
  EXPECT_THAT(versions->versions(2).update_paths(), ElementsAre("person_view.wish"));
  EXPECT_EQ(versions->versions(3).note(), "no longer wanted");
  v1::GetHandoverPackRequest request;
  request.set_authority("rotherham");
  request.set_referral_id(updated.referral_id());
  const auto pack = service_.Call<v1::GetHandoverPackResponse>("GetHandoverPack", request);
  ASSERT_THAT(pack, IsOk());
  ASSERT_EQ(pack->notes_size(), 2);
  EXPECT_EQ(pack->notes(0).text(), "not ours");
  EXPECT_EQ(pack->notes(0).type(), "referral.returned");
  EXPECT_EQ(pack->notes(0).said_by(), "developer");
  EXPECT_EQ(pack->notes(1).text(), "no longer wanted");
}

TEST_P(RecordServiceTest, LeavesADestinationAndAPromiseAsTheyWereRecorded) {
  auto request = About<v1::RecordDestinationRequest>(Opened());
  request.mutable_destination()->set_agreement("the hospital team takes it");
  const auto recorded = service_.Call<v1::RecordDestinationResponse>("RecordDestination", request);
  ASSERT_THAT(recorded, IsOk());
  auto empty = About<v1::RecordDestinationRequest>(recorded->referral());
  empty.mutable_destination();
  const auto again = service_.Call<v1::RecordDestinationResponse>("RecordDestination", empty);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->referral().destination().agreement(), "the hospital team takes it");
  auto later = About<v1::RecordDestinationRequest>(again->referral());
  later.mutable_destination()->set_agreement("the reablement team takes it");
  later.mutable_destination()->set_decided_by("the head of service");
  ASSERT_THAT(service_.Call<v1::RecordDestinationResponse>("RecordDestination", later), IsOk());
  v1::ListReferralVersionsRequest history;
  history.set_authority("rotherham");
  history.set_referral_id(later.referral_id());
  const auto told =
      service_.Call<v1::ListReferralVersionsResponse>("ListReferralVersions", history);
  ASSERT_THAT(told, IsOk());
  EXPECT_EQ(told->versions(1).note(), "Agreed: the hospital team takes it");
  EXPECT_EQ(told->versions(3).note(),
            "Agreed: the reablement team takes it\nDecided by: the head of service");
  auto promise = New<v1::CreateCallBackRequest>();
  promise.set_person_id("person-1");
  promise.set_note("rang about the bed");
  *promise.mutable_due_at() = ToTimestamp(service_.now + absl::Hours(5));
  const auto promised = service_.Call<v1::CreateCallBackResponse>("CreateCallBack", promise);
  auto close = New<v1::CloseCallBackRequest>();
  close.set_callback_id(promised->callback().callback_id());
  close.set_etag(promised->callback().etag());
  close.set_note("the bed comes on Monday");
  const auto closed = service_.Call<v1::CloseCallBackResponse>("CloseCallBack", close);
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(closed->callback().note(), "rang about the bed");
  EXPECT_EQ(closed->callback().closing_note(), "the bed comes on Monday");
}

// ---- Reviews ----

TEST_P(RecordServiceTest, AnswersTheQuestionOfAReviewOnTheSameReview) {
  auto request = New<v1::RequestReviewRequest>();
  request.mutable_facts()->set_subject(v1::SUBJECT_PERSON);
  request.set_request("more visits");
  EXPECT_THAT(
      FieldsAtFault(service_.Call<v1::RequestReviewResponse>("RequestReview", request).status()),
      ElementsAre("facts.person_id"));
  request.mutable_facts()->set_person_id("person-1");
  const auto asked = service_.Call<v1::RequestReviewResponse>("RequestReview", request);
  ASSERT_THAT(asked, IsOk());
  ASSERT_EQ(asked->decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  request.set_request_id(service_.FreshId());
  request.set_review_id(asked->review().review_id());
  request.set_request("more visits, in the evening");
  request.mutable_facts()->set_has_plan(ANSWER_YES);
  const auto again = service_.Call<v1::RequestReviewResponse>("RequestReview", request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->review().review_id(), asked->review().review_id());
  EXPECT_EQ(again->review().facts().has_plan(), ANSWER_YES);
  EXPECT_THAT(again->review().earlier_requests(), ElementsAre("more visits"));
  request.set_request_id(service_.FreshId());
  request.mutable_facts()->set_has_plan(ANSWER_NO);
  const auto declined = service_.Call<v1::RequestReviewResponse>("RequestReview", request);
  ASSERT_THAT(declined, IsOk());
  EXPECT_EQ(declined->review().review_id(), asked->review().review_id());
  EXPECT_EQ(declined->review().status(), v1::REVIEW_STATUS_DECLINED);
  auto complete = New<v1::CompleteReviewRequest>();
  complete.set_review_id(declined->review().review_id());
  complete.set_etag(declined->review().etag());
  complete.set_findings("none");
  EXPECT_THAT(service_.Call<v1::CompleteReviewResponse>("CompleteReview", complete),
              StatusIs(kPrecondition));
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM review"), 1);
}

TEST_P(RecordServiceTest, TakesNewFactsOnTheReviewThatIsNamed) {
  auto request = New<v1::RequestReviewRequest>();
  request.mutable_facts()->set_subject(v1::SUBJECT_PERSON);
  request.mutable_facts()->set_person_id("person-1");
  request.set_request("more visits");
  const auto asked = service_.Call<v1::RequestReviewResponse>("RequestReview", request);
  ASSERT_THAT(asked, IsOk());
  const std::string& id = asked->review().review_id();
  const auto again = [&](v1::RequestReviewRequest changed) {
    changed.set_request_id(service_.FreshId());
    return service_.Call<v1::RequestReviewResponse>("RequestReview", changed);
  };
  request.set_review_id(id);
  request.mutable_facts()->set_has_plan(ANSWER_NO);
  const auto declined = again(request);
  ASSERT_THAT(declined, IsOk());
  EXPECT_EQ(declined->review().status(), v1::REVIEW_STATUS_DECLINED);
  // Declined on facts that turned out wrong: it is asked for after all.
  request.mutable_facts()->set_has_plan(ANSWER_YES);
  const auto taken = again(request);
  ASSERT_THAT(taken, IsOk());
  EXPECT_EQ(taken->review().review_id(), id);
  EXPECT_EQ(taken->review().status(), v1::REVIEW_STATUS_REQUESTED);
  EXPECT_EQ(taken->review().version(), 3);
  // Of somebody else, or of nobody.
  auto other = request;
  other.mutable_facts()->set_person_id("person-2");
  EXPECT_THAT(again(other).status().ToString(), HasSubstr("REVIEW_OTHER_PERSON"));
  other = request;
  other.mutable_facts()->set_subject(v1::SUBJECT_CARER);
  EXPECT_THAT(again(other).status().ToString(), HasSubstr("REVIEW_OTHER_PERSON"));
  other = request;
  other.set_review_id("no-such-review");
  EXPECT_EQ(again(other).status().code(), absl::StatusCode::kNotFound);
  auto complete = New<v1::CompleteReviewRequest>();
  complete.set_review_id(id);
  complete.set_etag(taken->review().etag());
  complete.set_findings("a visit more");
  ASSERT_THAT(service_.Call<v1::CompleteReviewResponse>("CompleteReview", complete), IsOk());
  request.mutable_facts()->set_has_plan(ANSWER_NO);
  const auto late = again(request);
  ASSERT_THAT(late, IsOk());
  EXPECT_EQ(late->decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_EQ(late->review().status(), v1::REVIEW_STATUS_COMPLETED);
  EXPECT_EQ(late->review().facts().has_plan(), ANSWER_YES);
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM review"), 1);
}

TEST_P(RecordServiceTest, ConsidersEachRequestForAReview) {
  auto request = New<v1::RequestReviewRequest>();
  request.mutable_facts()->set_subject(v1::SUBJECT_PERSON);
  request.mutable_facts()->set_person_id("person-1");
  request.set_request("more visits");
  const auto first = service_.Call<v1::RequestReviewResponse>("RequestReview", request);
  ASSERT_THAT(first, IsOk());
  request.set_request_id(service_.FreshId());
  request.set_request("a holiday");
  request.mutable_facts()->set_has_plan(ANSWER_NO);
  const auto refused = service_.Call<v1::RequestReviewResponse>("RequestReview", request);
  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->decision().outcome(), v1::OUTCOME_REFUSED);
  EXPECT_FALSE(refused->has_review());
  v1::GetReviewRequest get;
  get.set_authority(request.authority());
  get.set_review_id(first->review().review_id());
  const auto kept = service_.Call<v1::GetReviewResponse>("GetReview", get);
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->review().status(), v1::REVIEW_STATUS_REQUESTED);
  EXPECT_EQ(kept->review().request(), "more visits");
}

TEST_P(RecordServiceTest, TakesWhatIsLearntLaterOnTheSameConcern) {
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_ADULT);
  request.set_text("bruises");
  const auto raised = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request);
  ASSERT_THAT(raised, IsOk());
  request.set_request_id(service_.FreshId());
  request.set_concern_id(raised->concern().concern_id());
  request.set_text("he has a knife");
  request.set_imminent_danger_or_crime(ANSWER_YES);
  const auto danger = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request);
  ASSERT_THAT(danger, IsOk());
  EXPECT_EQ(danger->concern().concern_id(), raised->concern().concern_id());
  EXPECT_EQ(danger->concern().version(), 2);
  EXPECT_EQ(danger->concern().text(), "bruises\nhe has a knife");
  EXPECT_EQ(danger->actions(0).kind(), v1::ACTION_KIND_CALL_999);
  EXPECT_TRUE(danger->concern().has_emergency_advised_at());
  request.set_request_id(service_.FreshId());
  request.set_concern_id("no-such-concern");
  const auto other = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request);
  ASSERT_THAT(other, IsOk());
  EXPECT_NE(other->concern().concern_id(), "no-such-concern");
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM concern"), 2);
}

TEST_P(RecordServiceTest, RaisesAConcernOfItsOwnOfAnotherPersonProviderOrReferral) {
  auto first = New<v1::RaiseConcernRequest>();
  first.set_kind(v1::CONCERN_KIND_ADULT);
  first.mutable_person()->set_full_name("Ann Lee");
  first.set_provider("Rose House");
  first.set_referral_id("referral-1");
  const auto raised = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", first);
  ASSERT_THAT(raised, IsOk());
  const auto add = [&](void (*change)(v1::RaiseConcernRequest&)) {
    auto more = New<v1::RaiseConcernRequest>();
    more.set_kind(v1::CONCERN_KIND_ADULT);
    more.set_concern_id(raised->concern().concern_id());
    change(more);
    const auto answer = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", more);
    EXPECT_THAT(answer, IsOk());
    return answer->concern();
  };
  for (const auto change :
       {+[](v1::RaiseConcernRequest& more) { more.mutable_person()->set_full_name("Bob Ray"); },
        +[](v1::RaiseConcernRequest& more) { more.set_provider("Oak Lodge"); },
        +[](v1::RaiseConcernRequest& more) { more.set_referral_id("referral-2"); }}) {
    EXPECT_NE(add(change).concern_id(), raised->concern().concern_id());
  }
  const v1::Concern same = add([](v1::RaiseConcernRequest& more) {
    more.mutable_person()->set_full_name("Ann Mary Lee");
    more.set_provider("ROSE HOUSE");
  });
  EXPECT_EQ(same.concern_id(), raised->concern().concern_id());
  EXPECT_EQ(same.version(), 2);
}

// What is known of the first person and not told again does not make the second one the first.
TEST_P(RecordServiceTest, TakesNobodyForAPersonOfWhomNothingIsToldAgain) {
  auto first = New<v1::RaiseConcernRequest>();
  first.set_kind(v1::CONCERN_KIND_ADULT);
  first.mutable_person()->set_full_name("Ann Lee");
  first.mutable_person()->set_nhs_number("9434765919");
  first.mutable_person()->set_postcode("S60 1AE");
  const auto raised = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", first);
  ASSERT_THAT(raised, IsOk());
  const auto told = [&](const std::string& name, const std::string& nhs_number) {
    auto more = New<v1::RaiseConcernRequest>();
    more.set_kind(v1::CONCERN_KIND_ADULT);
    more.set_concern_id(raised->concern().concern_id());
    more.mutable_person()->set_full_name(name);
    more.mutable_person()->set_born_on("1960-01-01");
    more.mutable_person()->set_nhs_number(nhs_number);
    const auto answer = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", more);
    EXPECT_THAT(answer, IsOk());
    return answer->concern();
  };
  const v1::Concern other = told("Bob Kay", "");
  EXPECT_NE(other.concern_id(), raised->concern().concern_id());
  EXPECT_EQ(other.person().nhs_number(), "");
  // A name misheard, beside the number that is told again.
  EXPECT_EQ(told("Anne Leigh", "9434765919").concern_id(), raised->concern().concern_id());
}

TEST_P(RecordServiceTest, KeepsEachWordingOfWhatCannotBeRead) {
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_ADULT);
  request.set_text(std::string(8000, 'a'));
  for (const char* told : {"123", "456", "123"}) {
    request.set_request_id(service_.FreshId());
    request.mutable_person()->set_nhs_number(told);
    const auto answer = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request);
    ASSERT_THAT(answer, IsOk());
    request.set_concern_id(answer->concern().concern_id());
  }
  v1::GetConcernRequest get;
  get.set_authority("rotherham");
  get.set_concern_id(request.concern_id());
  const auto kept = service_.Call<v1::GetConcernResponse>("GetConcern", get);
  ASSERT_EQ(kept->concern().unclear_size(), 2);
  EXPECT_EQ(kept->concern().unclear(1).told(), "456");
  // A text as long as nobody reads goes on in a concern of its own.
  std::set<std::string> raised;
  for (int i = 0; i < 30; ++i) {
    request.set_request_id(service_.FreshId());
    const auto answer = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request);
    ASSERT_THAT(answer, IsOk());
    raised.insert(answer->concern().concern_id());
  }
  EXPECT_GT(raised.size(), 1u);
}

// Not only what the referral itself tells of.
TEST_P(RecordServiceTest, CountsAConcernRaisedWithAReferralAsItsOwn) {
  const v1::Referral opened = Opened();
  v1::CheckTransferRequest check;
  check.set_authority("rotherham");
  check.set_referral_id(opened.referral_id());
  check.mutable_facts()->set_safeguarding_or_urgent(ANSWER_NO);
  check.mutable_facts()->set_longer_term_work(ANSWER_YES);
  const auto held = service_.Call<v1::CheckTransferResponse>("CheckTransfer", check);
  ASSERT_THAT(held, IsOk());
  EXPECT_FALSE(held->gates().empty());
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_PROVIDER);
  request.set_referral_id(opened.referral_id());
  ASSERT_THAT(service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request), IsOk());
  // A home may be complained of without anybody being at risk.
  EXPECT_FALSE(service_.Call<v1::CheckTransferResponse>("CheckTransfer", check)->gates().empty());
  request.set_request_id(service_.FreshId());
  request.set_kind(v1::CONCERN_KIND_CHILD);
  request.set_text("the child is afraid");
  ASSERT_THAT(service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request), IsOk());
  EXPECT_TRUE(service_.Call<v1::CheckTransferResponse>("CheckTransfer", check)->gates().empty());
  const auto withdrawn = Withdraw(opened);
  ASSERT_THAT(withdrawn, IsOk());
  EXPECT_EQ(withdrawn->decision().outcome(), v1::OUTCOME_REFUSED);
  v1::GetHandoverPackRequest get;
  get.set_authority("rotherham");
  get.set_referral_id(opened.referral_id());
  const auto pack = service_.Call<v1::GetHandoverPackResponse>("GetHandoverPack", get);
  ASSERT_THAT(pack, IsOk());
  ASSERT_EQ(pack->concerns_size(), 2);
  EXPECT_EQ(pack->concerns(0).text(), "the child is afraid");
  EXPECT_EQ(Current(opened.referral_id()).version(), opened.version());
}

TEST_P(RecordServiceTest, TakesAConcernWithWhatCannotBeRead) {
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_ADULT);
  request.set_imminent_danger_or_crime(ANSWER_YES);
  request.mutable_person()->set_full_name("Edna Marsh");
  request.mutable_person()->set_postcode("s60 1a");
  request.mutable_person()->set_nhs_number("943 476");
  request.mutable_person()->set_born_on("about 1940");
  request.mutable_person()->set_person_id("no 12");
  request.set_referral_id("the one of May");
  request.set_concern_id("not known yet");

  const auto raised = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request);

  ASSERT_THAT(raised, IsOk());
  EXPECT_EQ(raised->actions(0).kind(), v1::ACTION_KIND_CALL_999);
  EXPECT_EQ(raised->concern().person().full_name(), "Edna Marsh");
  EXPECT_EQ(raised->concern().person().postcode(), "");
  EXPECT_EQ(raised->concern().referral_id(), "");
  EXPECT_EQ(raised->concern().unclear_size(), 5);
  std::vector<std::string> asked;
  for (const auto& question : raised->decision().questions()) asked.push_back(question.field());
  EXPECT_THAT(asked, ElementsAre("person.person_id", "person.born_on", "person.postcode",
                                 "person.nhs_number", "referral_id"));
  v1::GetConcernRequest get;
  get.set_authority("rotherham");
  get.set_concern_id(raised->concern().concern_id());
  EXPECT_TRUE(MessageDifferencer::Equals(
      service_.Call<v1::GetConcernResponse>("GetConcern", get)->concern(), raised->concern()));

  auto answer = New<v1::RaiseConcernRequest>();
  answer.set_kind(v1::CONCERN_KIND_ADULT);
  answer.set_concern_id(raised->concern().concern_id());
  answer.mutable_person()->set_postcode("S60 1AE");
  answer.mutable_person()->set_nhs_number("9434765919");
  answer.mutable_person()->set_born_on("1940-02-03");
  answer.mutable_person()->set_person_id("person-1");
  const auto answered = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", answer);
  ASSERT_THAT(answered, IsOk());
  EXPECT_EQ(answered->concern().person().full_name(), "Edna Marsh");
  EXPECT_EQ(answered->concern().person().postcode(), "S60 1AE");
  ASSERT_EQ(answered->concern().unclear_size(), 1);
  EXPECT_EQ(answered->concern().unclear(0).field(), "referral_id");
  EXPECT_EQ(answered->concern().unclear(0).told(), "the one of May");
  v1::ListConcernsRequest list;
  list.set_authority("rotherham");
  list.set_person_id("person-1");
  EXPECT_EQ(service_.Call<v1::ListConcernsResponse>("ListConcerns", list)->concerns_size(), 1);
  // What is known stays when something unclear is told later.
  answer.set_request_id(service_.FreshId());
  answer.mutable_person()->set_postcode("s60");
  const auto unclear = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", answer);
  ASSERT_THAT(unclear, IsOk());
  EXPECT_EQ(unclear->concern().person().postcode(), "S60 1AE");
  EXPECT_EQ(unclear->concern().unclear_size(), 2);
}

TEST_P(RecordServiceTest, KeepsNobodyOfWhomNothingCanBeRead) {
  auto request = New<v1::RaiseConcernRequest>();
  request.set_kind(v1::CONCERN_KIND_CHILD);
  request.mutable_person()->set_postcode("?");
  const auto raised = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request);
  ASSERT_THAT(raised, IsOk());
  EXPECT_FALSE(raised->concern().has_person());
}

TEST_P(RecordServiceTest, TellsToRing999EvenWhenItRefuses) {
  auto request = New<v1::RaiseConcernRequest>();
  request.set_imminent_danger_or_crime(ANSWER_YES);
  request.set_text(std::string(8001, 'x'));
  const auto refused = service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request);
  EXPECT_THAT(refused, StatusIs(kInvalid));
  EXPECT_THAT(FieldsAtFault(refused.status()),
              ElementsAre("imminent_danger_or_crime", "kind", "text"));
  EXPECT_THAT(std::string(refused.status().message()), ::testing::HasSubstr("999"));
  request.set_imminent_danger_or_crime(ANSWER_NO);
  EXPECT_THAT(
      FieldsAtFault(service_.Call<v1::RaiseConcernResponse>("RaiseConcern", request).status()),
      ElementsAre("kind", "text"));
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM concern"), 0);
}

// ---- Communication needs are asked about again ----

TEST_P(RecordServiceTest, ListsACommunicationNeedUntilALaterDayIsSet) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  opening.set_team_id("team-1");
  v1::Communication& communication = *opening.mutable_details()->mutable_communication();
  communication.set_any(ANSWER_YES);
  v1::CommunicationNeed& need = *communication.add_needs();
  need.set_need("reads large print only");
  need.set_review_on("2026-02-03");
  const v1::Referral opened = Open(opening)->referral();
  const absl::Time day = absl::FromUnixSeconds(1770076800);
  EXPECT_THAT(Due(day - absl::Seconds(1)), IsEmpty());
  EXPECT_THAT(Due(day), ElementsAre(opened.referral_id()));

  // Its kind keeps it apart from what is due of who waits.
  auto monitor = About<v1::RecordMonitoringRequest>(Accept(opened)->referral());
  *monitor.mutable_monitor_at() = ToTimestamp(day + absl::Hours(1));
  monitor.set_note("rang; nothing new");
  const auto monitored =
      service_.Call<v1::RecordMonitoringResponse>("RecordMonitoring", monitor)->referral();
  EXPECT_THAT(Due(), ElementsAre(opened.referral_id(), opened.referral_id()));
  v1::ListReferralsRequest soonest;
  soonest.set_authority("rotherham");
  *soonest.mutable_due_before() = ToTimestamp(day + absl::Hours(9));
  for (const char* team : {"", "team-1"}) {
    soonest.set_team_id(team);
    EXPECT_EQ(service_.Call<v1::ListReferralsResponse>("ListReferrals", soonest)->referrals_size(),
              1)
        << team;
  }

  auto update = About<v1::UpdateReferralRequest>(monitored);
  update.add_update_paths("communication");
  need.set_review_on("2026-09-01");
  *update.mutable_details()->mutable_communication() = communication;
  const auto updated =
      service_.Call<v1::UpdateReferralResponse>("UpdateReferral", update)->referral();
  EXPECT_THAT(Due(day), IsEmpty());
  EXPECT_THAT(Due(day + absl::Hours(24 * 365)),
              ElementsAre(opened.referral_id(), opened.referral_id()));
  ASSERT_THAT(Withdraw(updated), IsOk());
  EXPECT_THAT(Due(), IsEmpty());
}

// ---- What a caller may not set, and what is over ----

TEST_P(RecordServiceTest, LeavesOutcomeAndDayToCompletionAndTakesTheBritishDay) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  v1::StatutoryReturn& statutory = *opening.mutable_details()->mutable_statutory_return();
  statutory.set_request_outcome(v1::REQUEST_OUTCOME_ASSESSMENT);
  statutory.set_concluded_on("2026-01-05");
  EXPECT_THAT(FieldsAtFault(Open(opening).status()),
              ElementsAre("details.statutory_return.request_outcome",
                          "details.statutory_return.concluded_on"));
  const v1::Referral accepted = Accepted();
  // 30 minutes past midnight on 1 July in Britain.
  service_.now = absl::FromUnixSeconds(1782862200);
  auto complete = About<v1::CompleteReferralRequest>(accepted);
  complete.set_request_outcome(v1::REQUEST_OUTCOME_ASSESSMENT);
  const auto completed = service_.Call<v1::CompleteReferralResponse>("CompleteReferral", complete);
  ASSERT_THAT(completed, IsOk());
  EXPECT_EQ(completed->referral().details().statutory_return().concluded_on(), "2026-07-01");
  v1::CheckTransferRequest transfer;
  transfer.set_authority("rotherham");
  transfer.set_referral_id(accepted.referral_id());
  EXPECT_THAT(service_.Call<v1::CheckTransferResponse>("CheckTransfer", transfer),
              StatusIs(kPrecondition));
}

TEST_P(RecordServiceTest, LooksAgainAtNobodyWhomAWorkerHas) {
  auto monitor = About<v1::RecordMonitoringRequest>(Accepted());
  monitor.set_note("rang");
  *monitor.mutable_monitor_at() = ToTimestamp(service_.now + absl::Hours(24));
  const auto monitored = service_.Call<v1::RecordMonitoringResponse>("RecordMonitoring", monitor);
  ASSERT_THAT(monitored, IsOk());
  EXPECT_THAT(Due(), ElementsAre(monitored->referral().referral_id()));
  const auto allocated = Allocate(monitored->referral(), "worker-1");
  ASSERT_THAT(allocated, IsOk());
  EXPECT_THAT(Due(), IsEmpty());
  ASSERT_THAT(End(allocated->allocation()), IsOk());
  EXPECT_THAT(Due(), ElementsAre(monitored->referral().referral_id()));
}

TEST_P(RecordServiceTest, TakesNoAcknowledgementOfTheFuture) {
  auto record = New<v1::RecordCustodyRequest>();
  record.set_channel(v1::CHANNEL_LETTER);
  record.set_place_in_record("documents, 5 January");
  const auto recorded = service_.Call<v1::RecordCustodyResponse>("RecordCustody", record);
  ASSERT_THAT(recorded, IsOk());
  auto update = New<v1::UpdateCustodyRequest>();
  update.set_custody_id(recorded->custody().custody_id());
  update.set_etag(recorded->custody().etag());
  update.set_state(v1::CUSTODY_STATE_HELD);
  *update.mutable_acknowledged_at() = ToTimestamp(service_.now + absl::Hours(1));
  EXPECT_THAT(
      FieldsAtFault(service_.Call<v1::UpdateCustodyResponse>("UpdateCustody", update).status()),
      ElementsAre("acknowledged_at"));
}

INSTANTIATE_TEST_SUITE_P(Databases, RecordServiceTest, AllDatabases(), DatabaseName);

}  // namespace
}  // namespace asc::referral
