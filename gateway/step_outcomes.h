// What a service's answer means for the contact. Pure.

#ifndef ASC_GATEWAY_STEP_OUTCOMES_H_
#define ASC_GATEWAY_STEP_OUTCOMES_H_

#include <string>

#include "asc/gateway/v1/policy.pb.h"
#include "gateway/journal.pb.h"

namespace asc::gateway {

// Reads the response of `step` and fills in decision, outcomes, actions and what is still to
// gather. False when the bytes are no answer to its method.
bool ReadOutcome(const v1::GatewayPolicy& policy, journal::StoredStep& step);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_STEP_OUTCOMES_H_
