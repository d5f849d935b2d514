// Two references that are one person, through a real server, on every database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>
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
using ::testing::Each;
using ::testing::SizeIs;

class MergeServiceTest : public ServiceTest {
 protected:
  absl::StatusOr<v1::OpenReferralResponse> Open(const std::string& person_id) {
    return service_.Call<v1::OpenReferralResponse>("OpenReferral",
                                                   OpeningOf(service_.FreshId(), person_id));
  }
  absl::StatusOr<v1::MergePeopleResponse> Merge(const std::string& from, const std::string& into) {
    auto request = New<v1::MergePeopleRequest>();
    request.set_from_person_id(from);
    request.set_into_person_id(into);
    return service_.Call<v1::MergePeopleResponse>("MergePeople", request);
  }
  // All pages of a person's list: of each row the id, and in `shown` the reference it is under.
  template <class Request, class Response, class Rows, class IdOf>
  std::vector<std::string> Pages(const char* method, const std::string& person_id, Rows rows,
                                 IdOf id_of) {
    Request request;
    request.set_authority("rotherham");
    request.set_person_id(person_id);
    request.set_page_size(200);
    std::vector<std::string> ids;
    do {
      const auto page = service_.Call<Response>(method, request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      for (const auto& row : rows(*page)) ids.push_back(id_of(row));
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }
  // The references that the person's referrals are listed under.
  std::vector<std::string> ReferencesOfReferrals(const std::string& person_id) {
    return Pages<v1::ListReferralsRequest, v1::ListReferralsResponse>(
        "ListReferrals", person_id, [](const auto& page) { return page.referrals(); },
        [](const auto& row) { return row.person_id(); });
  }
  std::vector<std::string> Referrals(const std::string& person_id) {
    return Pages<v1::ListReferralsRequest, v1::ListReferralsResponse>(
        "ListReferrals", person_id, [](const auto& page) { return page.referrals(); },
        [](const auto& row) { return row.referral_id(); });
  }
  std::vector<std::string> ReferencesOfReviews(const std::string& person_id) {
    return Pages<v1::ListReviewsRequest, v1::ListReviewsResponse>(
        "ListReviews", person_id, [](const auto& page) { return page.reviews(); },
        [](const auto& row) { return row.facts().person_id(); });
  }
  std::vector<std::string> ReferencesOfConcerns(const std::string& person_id) {
    return Pages<v1::ListConcernsRequest, v1::ListConcernsResponse>(
        "ListConcerns", person_id, [](const auto& page) { return page.concerns(); },
        [](const auto& row) { return row.person().person_id(); });
  }
  // With ended ones.
  std::vector<std::string> ReferencesOfAllocations(const std::string& person_id) {
    return Pages<v1::ListAllocationsRequest, v1::ListAllocationsResponse>(
        "ListAllocations", person_id, [](const auto& page) { return page.allocations(); },
        [](const auto& row) { return row.person_id(); });
  }
  // Through the store, because a thousand calls would only take longer.
  void AddMany(const std::string& person_id, int count) {
    const ReferralStore store(db::BlindIndex::Development());
    for (int i = 0; i < count; ++i) {
      v1::Referral referral;
      referral.set_authority("rotherham");
      referral.set_referral_id("many-" + person_id + "-" + std::to_string(i));
      referral.set_version(1);
      referral.set_status(v1::REFERRAL_STATUS_OPENED);
      referral.mutable_details()->mutable_person()->set_person_id(person_id);
      *referral.mutable_opened_at() = ToTimestamp(service_.now + absl::Seconds(i));
      *referral.mutable_updated_at() = referral.opened_at();
      many_.emplace_back();
      store.AddReferral(referral, many_.back());
    }
    std::vector<std::future<db::WriteOutcome>> ends;
    for (db::WriteSet& writes : many_) {
      auto promise = std::make_shared<std::promise<db::WriteOutcome>>();
      ends.push_back(promise->get_future());
      database().Write(std::move(writes), {},
                       [promise](const db::WriteResult& r) { promise->set_value(r.outcome); });
    }
    many_.clear();
    for (auto& end : ends) ASSERT_EQ(end.get(), db::WriteOutcome::kCommitted);
  }

  std::vector<db::WriteSet> many_;
};

TEST_P(MergeServiceTest, LeavesNoRecordBehindHoweverManyThereAre) {
  AddMany("person-a", 1100);
  AddMany("person-b", 30);
  const auto merged = Merge("person-a", "person-b");
  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ(merged->referrals_moved(), 1100);
  for (const char* person : {"person-a", "person-b"}) {
    const auto ids = Referrals(person);
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 1130u) << person;
    EXPECT_THAT(ids, SizeIs(1130)) << person;
    EXPECT_THAT(ReferencesOfReferrals(person), Each("person-b"));
  }
}

TEST_P(MergeServiceTest, GivesEveryKindOfRecordBackUnderTheReferenceKept) {
  auto promise = New<v1::CreateCallBackRequest>();
  promise.set_person_id("person-a");
  *promise.mutable_due_at() = ToTimestamp(service_.now + absl::Hours(1));
  v1::GetCallBackRequest callback;
  callback.set_authority("rotherham");
  callback.set_callback_id(service_.Call<v1::CreateCallBackResponse>("CreateCallBack", promise)
                               ->callback()
                               .callback_id());
  auto letter = New<v1::RecordCustodyRequest>();
  letter.set_person_id("person-a");
  letter.set_channel(v1::CHANNEL_LETTER);
  letter.set_place_in_record("documents, 5 January");
  v1::GetCustodyRequest custody;
  custody.set_authority("rotherham");
  custody.set_custody_id(
      service_.Call<v1::RecordCustodyResponse>("RecordCustody", letter)->custody().custody_id());
  auto review = New<v1::RequestReviewRequest>();
  review.mutable_facts()->set_person_id("person-a");
  review.mutable_facts()->set_subject(v1::SUBJECT_PERSON);
  review.set_request("more visits");
  ASSERT_THAT(service_.Call<v1::RequestReviewResponse>("RequestReview", review), IsOk());
  auto concern = New<v1::RaiseConcernRequest>();
  concern.set_kind(v1::CONCERN_KIND_ADULT);
  concern.mutable_person()->set_person_id("person-a");
  ASSERT_THAT(service_.Call<v1::RaiseConcernResponse>("RaiseConcern", concern), IsOk());
  auto team = New<v1::SetAllocationRequest>();
  team.set_role(v1::ALLOCATION_ROLE_REVIEW);
  team.set_person_id("person-a");
  team.set_team_id("team-1");
  ASSERT_THAT(service_.Call<v1::SetAllocationResponse>("SetAllocation", team), IsOk());
  auto accept = New<v1::AcceptReferralRequest>();
  const v1::Referral opened = Open("person-a")->referral();
  accept.set_referral_id(opened.referral_id());
  accept.set_etag(opened.etag());
  ASSERT_THAT(service_.Call<v1::AcceptReferralResponse>("AcceptReferral", accept), IsOk());

  const auto merged = Merge("person-a", "person-b");

  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ(merged->referrals_moved(), 1);
  EXPECT_EQ(merged->allocations_moved(), 1);
  EXPECT_EQ(service_.Call<v1::GetCallBackResponse>("GetCallBack", callback)->callback().person_id(),
            "person-b");
  EXPECT_EQ(service_.Call<v1::GetCustodyResponse>("GetCustody", custody)->custody().person_id(),
            "person-b");
  for (const char* person : {"person-a", "person-b"}) {
    EXPECT_THAT(ReferencesOfReviews(person), ::testing::ElementsAre("person-b"));
    EXPECT_THAT(ReferencesOfConcerns(person), ::testing::ElementsAre("person-b"));
    EXPECT_THAT(ReferencesOfAllocations(person), ::testing::ElementsAre("person-b"));
    EXPECT_THAT(ReferencesOfReferrals(person), ::testing::ElementsAre("person-b"));
  }
  v1::ListWaitingRequest waiting;
  waiting.set_authority("rotherham");
  const auto list = service_.Call<v1::ListWaitingResponse>("ListWaiting", waiting);
  ASSERT_THAT(list, IsOk());
  ASSERT_EQ(list->entries_size(), 1);
  EXPECT_EQ(list->entries(0).referral().person_id(), "person-b");
}

TEST_P(MergeServiceTest, FollowsEverybodyElseWhomARecordNames) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  v1::ReferralDetails& details = *opening.mutable_details();
  details.mutable_lawful_basis()->set_made_by_the_person(type::v1::ANSWER_NO);
  details.mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(type::v1::ANSWER_YES);
  details.mutable_referrer()->set_person_id("neighbour-a");
  const auto opened = service_.Call<v1::OpenReferralResponse>("OpenReferral", opening);
  ASSERT_THAT(opened, IsOk());
  const auto read = [&] {
    v1::GetReferralRequest get;
    get.set_authority("rotherham");
    get.set_referral_id(opened->referral().referral_id());
    return service_.Call<v1::GetReferralResponse>("GetReferral", get)->referral();
  };

  ASSERT_THAT(Merge("neighbour-a", "neighbour-b"), IsOk());

  EXPECT_EQ(read().details().referrer().person_id(), "neighbour-b");
  EXPECT_EQ(read().details().person().person_id(), "person-1");
  // Who is named from now on is known as well.
  opening.set_request_id(service_.FreshId());
  details.mutable_person()->set_person_id("person-2");
  EXPECT_EQ(service_.Call<v1::OpenReferralResponse>("OpenReferral", opening)
                ->referral()
                .details()
                .referrer()
                .person_id(),
            "neighbour-b");
}

// The referrer turns out to be the person, which was no fault when the referral was taken.
TEST_P(MergeServiceTest, LeavesAReferralToCorrectWhoseReferrerIsThePerson) {
  auto opening = OpeningOf(service_.FreshId(), "person-1");
  v1::ReferralDetails& details = *opening.mutable_details();
  details.mutable_lawful_basis()->set_made_by_the_person(type::v1::ANSWER_NO);
  details.mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(type::v1::ANSWER_YES);
  details.mutable_referrer()->set_person_id("person-2");
  const v1::Referral opened =
      service_.Call<v1::OpenReferralResponse>("OpenReferral", opening)->referral();
  ASSERT_THAT(Merge("person-2", "person-1"), IsOk());
  auto update = New<v1::UpdateReferralRequest>();
  update.set_referral_id(opened.referral_id());
  update.set_etag(opened.etag());
  update.mutable_details()->mutable_person_view()->set_issue("cannot wash");
  update.add_update_paths("person_view");
  const auto updated = service_.Call<v1::UpdateReferralResponse>("UpdateReferral", update);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->referral().details().referrer().person_id(), "person-1");
}

// Each is a request of its own, whoever asked for it under which reference.
TEST_P(MergeServiceTest, LeavesEachReviewARequestOfItsOwn) {
  for (const char* person_id : {"person-a", "person-b"}) {
    auto request = New<v1::RequestReviewRequest>();
    request.mutable_facts()->set_person_id(person_id);
    request.mutable_facts()->set_subject(v1::SUBJECT_PERSON);
    request.set_request("more visits");
    ASSERT_THAT(service_.Call<v1::RequestReviewResponse>("RequestReview", request), IsOk());
  }
  ASSERT_THAT(Merge("person-a", "person-b"), IsOk());
  for (const char* person_id : {"person-a", "person-b"}) {
    EXPECT_THAT(ReferencesOfReviews(person_id), ::testing::ElementsAre("person-b", "person-b"));
  }
}

TEST_P(MergeServiceTest, KnowsAnAllocationOfTheOtherReferenceAsTheSame) {
  const auto allocate = [this](const char* person_id) {
    auto request = New<v1::SetAllocationRequest>();
    request.set_role(v1::ALLOCATION_ROLE_WORKER);
    request.set_person_id(person_id);
    request.set_worker_id("worker-1");
    return service_.Call<v1::SetAllocationResponse>("SetAllocation", request)->allocation();
  };
  const std::string before = allocate("person-a").allocation_id();
  ASSERT_THAT(Merge("person-a", "person-b"), IsOk());
  EXPECT_EQ(allocate("person-b").allocation_id(), before);
  EXPECT_EQ(allocate("person-a").allocation_id(), before);
}

TEST_P(MergeServiceTest, TakesADecisionMadeBeforeTheMerge) {
  const v1::Referral referral = Open("person-a")->referral();
  ASSERT_THAT(Merge("person-a", "person-b"), IsOk());
  auto update = New<v1::UpdateReferralRequest>();
  update.set_referral_id(referral.referral_id());
  // The merge has not changed the referral, so the etag is still good.
  update.set_etag(referral.etag());
  *update.mutable_details() = referral.details();
  update.mutable_details()->mutable_person()->set_born_on("1941-02-03");
  update.add_update_paths("person");
  const auto updated = service_.Call<v1::UpdateReferralResponse>("UpdateReferral", update);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->referral().details().person().person_id(), "person-b");
  EXPECT_THAT(Referrals("person-a"), SizeIs(1));
}

TEST_P(MergeServiceTest, LeavesTwoOpenReferralsToCorrect) {
  const auto one = Open("person-a");
  const auto other = Open("person-b");
  ASSERT_THAT(one, IsOk());
  ASSERT_THAT(other, IsOk());
  ASSERT_THAT(Merge("person-a", "person-b"), IsOk());
  for (const auto& referral : {one->referral(), other->referral()}) {
    auto update = New<v1::UpdateReferralRequest>();
    update.set_referral_id(referral.referral_id());
    update.set_etag(referral.etag());
    update.mutable_details()->mutable_person()->set_nhs_number("9434765919");
    update.add_update_paths("person.nhs_number");
    EXPECT_THAT(service_.Call<v1::UpdateReferralResponse>("UpdateReferral", update), IsOk());
  }
}

TEST_P(MergeServiceTest, TellsOfAMergeOnce) {
  ASSERT_THAT(Merge("person-a", "person-b"), IsOk());
  ASSERT_THAT(Merge("person-a", "person-b"), IsOk());
  ASSERT_THAT(Merge("person-b", "person-a"), IsOk());
  EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM event WHERE type = 'person.merged'"), 1);
}

// Whoever comes first: what is opened while two references become one is found by both.
TEST_P(MergeServiceTest, LosesNothingThatIsOpenedAtTheSameTime) {
  constexpr int kRounds = 12;
  constexpr int kAtOnce = 4;
  for (int round = 0; round < kRounds; ++round) {
    const std::string from = "from-" + std::to_string(round);
    const std::string into = "into-" + std::to_string(round);
    std::vector<std::future<std::string>> opened;
    for (int i = 0; i < kAtOnce; ++i) {
      opened.push_back(std::async(std::launch::async, [this, &from] {
        const auto answer = Open(from);
        EXPECT_THAT(answer, IsOk());
        return answer.ok() ? answer->referral().referral_id() : "";
      }));
    }
    ASSERT_THAT(Merge(from, into), IsOk());
    std::set<std::string> ids;
    for (auto& one : opened) ids.insert(one.get());
    for (const std::string& person : {from, into}) {
      const auto found = Referrals(person);
      EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), ids) << person;
      EXPECT_THAT(ReferencesOfReferrals(person), Each(into));
    }
  }
}

// Of what is allocated while two references become one, one is left for each worker.
TEST_P(MergeServiceTest, LeavesOneAllocationOfThoseBegunAtTheSameTime) {
  constexpr int kRounds = 24;
  for (int round = 0; round < kRounds; ++round) {
    const std::string from = "from-" + std::to_string(round);
    const std::string into = "into-" + std::to_string(round);
    std::vector<std::future<absl::Status>> begun;
    for (const std::string& person : {from, into}) {
      begun.push_back(std::async(std::launch::async, [this, person] {
        auto request = New<v1::SetAllocationRequest>();
        request.set_role(v1::ALLOCATION_ROLE_WORKER);
        request.set_person_id(person);
        request.set_worker_id("worker-1");
        return service_.Call<v1::SetAllocationResponse>("SetAllocation", request).status();
      }));
    }
    EXPECT_THAT(Merge(from, into), IsOk());
    for (auto& one : begun) EXPECT_THAT(one.get(), IsOk());
    v1::ListAllocationsRequest request;
    request.set_authority("rotherham");
    request.set_person_id(into);
    const auto listed = service_.Call<v1::ListAllocationsResponse>("ListAllocations", request);
    ASSERT_THAT(listed, IsOk());
    int live = 0;
    for (const auto& allocation : listed->allocations()) live += allocation.has_ended_at() ? 0 : 1;
    EXPECT_EQ(live, 1) << listed->ShortDebugString();
  }
}

TEST_P(MergeServiceTest, ManyMergesAtOnceMakeOnePerson) {
  std::vector<std::future<bool>> merges;
  for (int i = 0; i < 6; ++i) {
    // Round in a circle, so that each meets its neighbours.
    merges.push_back(std::async(std::launch::async, [this, i] {
      return Merge("ring-" + std::to_string(i), "ring-" + std::to_string((i + 1) % 6)).ok();
    }));
  }
  for (auto& merge : merges) EXPECT_TRUE(merge.get());
  std::set<std::string> kept;
  for (int i = 0; i < 6; ++i) {
    kept.insert(Open("ring-" + std::to_string(i))->referral().details().person().person_id());
  }
  EXPECT_THAT(kept, SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Databases, MergeServiceTest, AllDatabases(), DatabaseName);

}  // namespace
}  // namespace asc::referral
