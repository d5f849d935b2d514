// Where a request for a review goes, and what kind of review to expect (V1 to V7).
//
// Pure: the same facts, records, policy and time always give the same answer.

#ifndef ASC_REFERRAL_SVC_REVIEW_RULES_H_
#define ASC_REFERRAL_SVC_REVIEW_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// What this service's own records say.
struct ReviewRecords {
  // The person's allocations that have not ended, the newest first.
  std::vector<v1::Allocation> allocations;
  // Of the worker whom the newest of them names.
  std::optional<v1::WorkerAvailability> availability;
};

// The worker of the newest allocation to one; empty when there is none.
std::string AllocatedWorker(const std::vector<v1::Allocation>& allocations);

// PERMITTED: `route` says where. CANNOT_TELL: the questions say what is missing; with ASK_MANAGER a
// manager's choice is. Where a document leaves open what kind of review fits, the decision is left
// to a person and `route` stays unset. The caller puts in policy version and time of decision.
v1::DecideReviewResponse DecideReviewRoute(const v1::ReviewFacts& facts,
                                           const ReviewRecords& records,
                                           const v1::ReferralPolicy& policy, absl::Time now);

// PERMITTED once the review is completed, REFUSED before: a plan is revised only after a review.
// The caller puts in policy version and time of decision.
v1::Decision DecideRevision(const v1::Review& review, const v1::ReferralPolicy& policy);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_REVIEW_RULES_H_
