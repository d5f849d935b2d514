// Where a contact that asks for a worker or a team goes (T1-T8, W1-W8).
//
// Pure: the same request, records, policy and time always give the same answer.

#ifndef ASC_REFERRAL_SVC_ROUTE_RULES_H_
#define ASC_REFERRAL_SVC_ROUTE_RULES_H_

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// What this service's own records say about the contact.
struct RouteRecords {
  // The person's allocations that have not ended, the newest first.
  std::vector<v1::Allocation> allocations;
  // Of the worker asked for.
  std::optional<v1::WorkerAvailability> availability;
};

// Decides from the records, and from the request's facts where the records say nothing. The caller
// puts in policy version and time of decision.
v1::RouteContactResponse DecideRoute(const v1::RouteContactRequest& request,
                                     const RouteRecords& records, const v1::ReferralPolicy& policy,
                                     absl::Time now);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_ROUTE_RULES_H_
