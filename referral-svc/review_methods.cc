#include "referral-svc/review_methods.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/rpc/errors.h"
#include "platform/status/macros.h"
#include "referral-svc/list_page.h"
#include "referral-svc/review_rules.h"
#include "referral-svc/review_store.h"
#include "referral-svc/stamp.h"

namespace asc::referral {
namespace {

absl::StatusOr<v1::DecideReviewResponse> Decide(const ReferralStore& store, const rpc::Call& call,
                                                const v1::ReviewFacts& facts, db::Reader& reader) {
  ReviewRecords records;
  if (!facts.person_id().empty()) {
    ASC_TRY_ASSIGN(records.allocations,
                   store.LiveAllocationsOf(reader, call.authority, facts.person_id()));
  }
  const std::string worker_id = AllocatedWorker(records.allocations);
  if (!worker_id.empty()) {
    ASC_TRY_ASSIGN(records.availability, store.FindAvailability(reader, call.authority, worker_id));
  }
  v1::DecideReviewResponse response =
      DecideReviewRoute(facts, records, call.PolicyAs<v1::ReferralPolicy>(), call.now);
  Stamp(call, *response.mutable_decision());
  return response;
}

void SetVersion(std::int64_t version, v1::Review& review) {
  review.set_version(version);
  review.set_etag(rpc::EtagOf(version));
}

db::Event EventOf(const v1::Review& review, const char* type) {
  return {.record_type = "review",
          .record_id = review.review_id(),
          .record_version = review.version(),
          .type = type};
}

void FillReview(const v1::RequestReviewRequest& request, const Person& person,
                const v1::Decision& decision, v1::Review& review) {
  *review.mutable_facts() = request.facts();
  review.mutable_facts()->set_person_id(person.id);
  *review.mutable_decision() = decision;
  review.set_request(request.request());
}

// How many wordings of one request are kept.
constexpr int kEarlierRequestsMax = 10;

void KeepEarlierRequest(const std::string& now, v1::Review& review) {
  if (review.request() == now) return;
  auto& earlier = *review.mutable_earlier_requests();
  if (earlier.size() == kEarlierRequestsMax) earlier.erase(earlier.begin());
  earlier.Add(std::string(review.request()));
}

// What `older` asked for stands before what `newer` was asked with itself.
void TakeRequestsOf(const v1::Review& older, v1::Review& newer) {
  std::vector<std::string> earlier(older.earlier_requests().begin(),
                                   older.earlier_requests().end());
  if (older.request() != newer.request()) earlier.push_back(older.request());
  earlier.insert(earlier.end(), newer.earlier_requests().begin(), newer.earlier_requests().end());
  const std::size_t dropped =
      earlier.size() > kEarlierRequestsMax ? earlier.size() - kEarlierRequestsMax : 0;
  newer.mutable_earlier_requests()->Assign(earlier.begin() + static_cast<std::ptrdiff_t>(dropped),
                                           earlier.end());
}

void WriteNext(const char* event_type, v1::Review& review, db::WriteSet& writes) {
  SetVersion(review.version() + 1, review);
  ChangeReview(review, writes);
  writes.Append(EventOf(review, event_type));
}

void Supersede(v1::Review older, v1::Review& newer, db::WriteSet& writes) {
  TakeRequestsOf(older, newer);
  older.set_status(v1::REVIEW_STATUS_SUPERSEDED);
  older.set_superseded_by(newer.review_id());
  WriteNext("review.superseded", older, writes);
}

// The newest of the reviews as this subject; each of the others is superseded by the next.
std::optional<v1::Review> LeaveNewest(const std::vector<v1::Review>& undecided, v1::Subject subject,
                                      db::WriteSet& writes) {
  std::optional<v1::Review> newest;
  for (v1::Review review : undecided) {
    if (review.facts().subject() != subject) continue;
    if (newest.has_value()) Supersede(*std::move(newest), review, writes);
    newest = std::move(review);
  }
  return newest;
}

absl::StatusOr<v1::Review> ReviewOf(const rpc::Call& call, const std::string& review_id,
                                    db::Reader& reader) {
  ASC_TRY_ASSIGN(auto review, FindReview(reader, call.authority, review_id));
  if (!review.has_value()) return rpc::NotFound("review", review_id);
  return *std::move(review);
}

}  // namespace

absl::StatusOr<v1::DecideReviewResponse> DecideReview(const ReferralStore& store,
                                                      const rpc::Call& call,
                                                      const v1::DecideReviewRequest& request,
                                                      db::Reader& reader) {
  return Decide(store, call, request.facts(), reader);
}

absl::StatusOr<rpc::Result<v1::RequestReviewResponse>> RequestReview(
    const ReferralStore& store, const rpc::Call& call, const v1::RequestReviewRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(auto decided, Decide(store, call, request.facts(), reader));
  rpc::Result<v1::RequestReviewResponse> result;
  const v1::Outcome outcome = decided.decision().outcome();
  const bool taken = outcome == v1::OUTCOME_PERMITTED || outcome == v1::OUTCOME_CANNOT_TELL;
  ASC_TRY_ASSIGN(const Person person,
                 PersonOf(reader, call.authority, request.facts().person_id()));
  ASC_TRY_ASSIGN(const auto undecided, UndecidedReviews(reader, call.authority, person));
  auto asked = LeaveNewest(undecided, request.facts().subject(), result.writes);
  if (asked.has_value()) {
    v1::Review& review = *result.response.mutable_review();
    review = *std::move(asked);
    if (!taken) review.set_status(v1::REVIEW_STATUS_DECLINED);
    KeepEarlierRequest(request.request(), review);
    FillReview(request, person, decided.decision(), review);
    WriteNext(taken ? "review.asked_again" : "review.declined", review, result.writes);
  } else if (taken) {
    v1::Review& review = *result.response.mutable_review();
    review.set_review_id(call.NewId());
    review.set_authority(call.authority);
    SetVersion(1, review);
    review.set_status(v1::REVIEW_STATUS_REQUESTED);
    *review.mutable_requested_at() = ToTimestamp(call.now);
    FillReview(request, person, decided.decision(), review);
    AddReview(review, result.writes);
    result.writes.Append(EventOf(review, "review.requested"));
  }
  *result.response.mutable_decision() = std::move(*decided.mutable_decision());
  return result;
}

absl::Status JoinUndecidedReviews(const rpc::Call& call, const Person& from, const Person& into,
                                  db::Reader& reader, db::WriteSet& writes) {
  Person both = into;
  both.references.insert(both.references.end(), from.references.begin(), from.references.end());
  ASC_TRY_ASSIGN(const auto undecided, UndecidedReviews(reader, call.authority, both));
  std::map<v1::Subject, int> counts;
  for (const v1::Review& review : undecided) ++counts[review.facts().subject()];
  for (const auto& [subject, count] : counts) {
    if (count < 2) continue;
    std::optional<v1::Review> newest = LeaveNewest(undecided, subject, writes);
    WriteNext("review.joined", *newest, writes);
  }
  return absl::OkStatus();
}

absl::StatusOr<rpc::Result<v1::CompleteReviewResponse>> CompleteReview(
    const rpc::Call& call, const v1::CompleteReviewRequest& request, db::Reader& reader) {
  rpc::Result<v1::CompleteReviewResponse> result;
  v1::Review& review = *result.response.mutable_review();
  ASC_TRY_ASSIGN(review, ReviewOf(call, request.review_id(), reader));
  if (rpc::VersionOf(request.etag()) != review.version()) {
    return rpc::StaleEtag("review", request.review_id(), review.etag());
  }
  if (review.status() == v1::REVIEW_STATUS_COMPLETED) {
    return rpc::PreconditionFailed("REVIEW_COMPLETED", request.review_id(),
                                   "the review is completed; request another one");
  }
  if (review.status() == v1::REVIEW_STATUS_DECLINED) {
    return rpc::PreconditionFailed("REVIEW_DECLINED", request.review_id(),
                                   "the review was declined; request another one");
  }
  if (review.status() == v1::REVIEW_STATUS_SUPERSEDED) {
    return rpc::PreconditionFailed("REVIEW_SUPERSEDED", review.superseded_by(),
                                   "another review took its place; complete that one");
  }
  review.set_status(v1::REVIEW_STATUS_COMPLETED);
  review.set_findings(request.findings());
  *review.mutable_completed_at() = ToTimestamp(call.now);
  WriteNext("review.completed", review, result.writes);
  return result;
}

absl::StatusOr<v1::GetReviewResponse> GetReview(const rpc::Call& call,
                                                const v1::GetReviewRequest& request,
                                                db::Reader& reader) {
  v1::GetReviewResponse response;
  ASC_TRY_ASSIGN(*response.mutable_review(), ReviewOf(call, request.review_id(), reader));
  return response;
}

absl::StatusOr<v1::ListReviewsResponse> ListReviews(const rpc::Call& call,
                                                    const v1::ListReviewsRequest& request,
                                                    db::Reader& reader) {
  ASC_TRY_ASSIGN(const ListPage page, ReadListPage(request));
  ASC_TRY_ASSIGN(const Person person, PersonOf(reader, call.authority, request.person_id()));
  ASC_TRY_ASSIGN(auto rows,
                 ListReviewRows(reader, call.authority, person, page.after, page.size + 1));
  v1::ListReviewsResponse response;
  if (rows.size() > static_cast<std::size_t>(page.size)) {
    rows.pop_back();
    response.set_next_page_token(
        NextToken(request, rows.back().requested_at(), rows.back().review_id()));
  }
  for (auto& row : rows) *response.add_reviews() = std::move(row);
  return response;
}

absl::StatusOr<v1::CheckPlanRevisionResponse> CheckPlanRevision(
    const rpc::Call& call, const v1::CheckPlanRevisionRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Review review, ReviewOf(call, request.review_id(), reader));
  v1::CheckPlanRevisionResponse response;
  *response.mutable_decision() = DecideRevision(review, call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, *response.mutable_decision());
  return response;
}

}  // namespace asc::referral
