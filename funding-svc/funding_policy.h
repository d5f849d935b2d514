// Whether a policy on funding is whole.

#ifndef ASC_FUNDING_SVC_FUNDING_POLICY_H_
#define ASC_FUNDING_SVC_FUNDING_POLICY_H_

#include "absl/status/status.h"
#include "asc/funding/v1/funding.pb.h"

namespace asc::funding {

// INVALID_ARGUMENT, naming the field: something every decision relies on is missing or contradicts
// another field.
absl::Status CheckPolicy(const v1::FundingPolicy& policy);

}  // namespace asc::funding

#endif  // ASC_FUNDING_SVC_FUNDING_POLICY_H_
