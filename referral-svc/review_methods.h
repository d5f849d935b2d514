// Reviews and plan changes: what each RPC does, as plain functions.

#ifndef ASC_REFERRAL_SVC_REVIEW_METHODS_H_
#define ASC_REFERRAL_SVC_REVIEW_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

// Decides from the person's allocations held here and the facts of the request; writes nothing.
absl::StatusOr<v1::DecideReviewResponse> DecideReview(const ReferralStore& store,
                                                      const rpc::Call& call,
                                                      const v1::DecideReviewRequest& request,
                                                      db::Reader& reader);

// Decides the same, and keeps what is permitted or still to be settled.
absl::StatusOr<rpc::Result<v1::RequestReviewResponse>> RequestReview(
    const ReferralStore& store, const rpc::Call& call, const v1::RequestReviewRequest& request,
    db::Reader& reader);

// NOT_FOUND, ABORTED; FAILED_PRECONDITION when it is completed already.
absl::StatusOr<rpc::Result<v1::CompleteReviewResponse>> CompleteReview(
    const rpc::Call& call, const v1::CompleteReviewRequest& request, db::Reader& reader);

absl::StatusOr<v1::GetReviewResponse> GetReview(const rpc::Call& call,
                                                const v1::GetReviewRequest& request,
                                                db::Reader& reader);

// INVALID_ARGUMENT: the page size or token is not good.
absl::StatusOr<v1::ListReviewsResponse> ListReviews(const rpc::Call& call,
                                                    const v1::ListReviewsRequest& request,
                                                    db::Reader& reader);

// NOT_FOUND when the authority has no such review.
absl::StatusOr<v1::CheckPlanRevisionResponse> CheckPlanRevision(
    const rpc::Call& call, const v1::CheckPlanRevisionRequest& request, db::Reader& reader);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_REVIEW_METHODS_H_
