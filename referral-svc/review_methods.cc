#include "referral-svc/review_methods.h"

#include <optional>
#include <string>
#include <utility>

#include "platform/rpc/errors.h"
#include "platform/status/macros.h"
#include "referral-svc/communication_store.h"
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

absl::StatusOr<v1::Review> ReviewOf(const rpc::Call& call, const std::string& review_id,
                                    db::Reader& reader) {
  ASC_TRY_ASSIGN(auto review, FindReview(reader, call.authority, review_id));
  if (!review.has_value()) return rpc::NotFound("review", review_id);
  return *std::move(review);
}

// The review that a request names.
absl::StatusOr<std::optional<v1::Review>> NamedReview(const rpc::Call& call,
                                                      const v1::RequestReviewRequest& request,
                                                      const Person& person, db::Reader& reader) {
  if (request.review_id().empty()) return std::optional<v1::Review>();
  ASC_TRY_ASSIGN(v1::Review named, ReviewOf(call, request.review_id(), reader));
  if (named.facts().person_id() != person.id ||
      named.facts().subject() != request.facts().subject()) {
    return rpc::PreconditionFailed("REVIEW_OTHER_PERSON", request.review_id(),
                                   "this review is of another person, or of the person as another "
                                   "subject; leave review_id out");
  }
  return named;
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
  ASC_TRY_ASSIGN(v1::DecideReviewResponse decided, Decide(store, call, request.facts(), reader));
  rpc::Result<v1::RequestReviewResponse> result;
  v1::RequestReviewResponse& response = result.response;
  const v1::Outcome outcome = decided.decision().outcome();
  const bool taken = outcome == v1::OUTCOME_PERMITTED || outcome == v1::OUTCOME_CANNOT_TELL;
  ASC_TRY_ASSIGN(const Person person,
                 PersonOf(reader, call.authority, request.facts().person_id()));
  ASC_TRY_ASSIGN(auto named, NamedReview(call, request, person, reader));
  if (named.has_value()) {
    v1::Review& review = *response.mutable_review();
    review = *std::move(named);
    if (review.status() != v1::REVIEW_STATUS_COMPLETED) {
      review.set_status(taken ? v1::REVIEW_STATUS_REQUESTED : v1::REVIEW_STATUS_DECLINED);
      KeepEarlierRequest(request.request(), review);
      FillReview(request, person, decided.decision(), review);
      SetVersion(review.version() + 1, review);
      ChangeReview(review, result.writes);
      result.writes.Append(EventOf(review, taken ? "review.asked_again" : "review.declined"));
    }
  } else if (taken) {
    v1::Review& review = *response.mutable_review();
    review.set_review_id(call.NewId());
    review.set_authority(call.authority);
    SetVersion(1, review);
    review.set_status(v1::REVIEW_STATUS_REQUESTED);
    *review.mutable_requested_at() = ToTimestamp(call.now);
    FillReview(request, person, decided.decision(), review);
    AddReview(review, result.writes);
    result.writes.Append(EventOf(review, "review.requested"));
  }
  if (response.has_review()) {
    ASC_TRY(AddCommunication(call, person.id, reader, *response.mutable_review()));
  }
  response.set_route(decided.route());
  response.set_allocated_worker_id(decided.allocated_worker_id());
  response.set_responsible_team_id(decided.responsible_team_id());
  *response.mutable_actions() = std::move(*decided.mutable_actions());
  *response.mutable_decision() = std::move(*decided.mutable_decision());
  return result;
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
  review.set_status(v1::REVIEW_STATUS_COMPLETED);
  review.set_findings(request.findings());
  *review.mutable_completed_at() = ToTimestamp(call.now);
  SetVersion(review.version() + 1, review);
  ChangeReview(review, result.writes);
  result.writes.Append(EventOf(review, "review.completed"));
  ASC_TRY(AddCommunication(call, review.facts().person_id(), reader, review));
  return result;
}

absl::StatusOr<v1::GetReviewResponse> GetReview(const rpc::Call& call,
                                                const v1::GetReviewRequest& request,
                                                db::Reader& reader) {
  v1::GetReviewResponse response;
  v1::Review& review = *response.mutable_review();
  ASC_TRY_ASSIGN(review, ReviewOf(call, request.review_id(), reader));
  ASC_TRY(AddCommunication(call, review.facts().person_id(), reader, review));
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
