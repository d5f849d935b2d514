// Whether a policy on advocacy is whole.

#ifndef ASC_ADVOCACY_SVC_ADVOCACY_POLICY_H_
#define ASC_ADVOCACY_SVC_ADVOCACY_POLICY_H_

#include "absl/status/status.h"
#include "asc/advocacy/v1/advocacy.pb.h"

namespace asc::advocacy {

// INVALID_ARGUMENT, naming the field: something every decision relies on is missing or contradicts
// another field.
absl::Status CheckPolicy(const v1::AdvocacyPolicy& policy);

}  // namespace asc::advocacy

#endif  // ASC_ADVOCACY_SVC_ADVOCACY_POLICY_H_
