// Danger, crime, abuse and neglect (S1, S2, S3): what to do at once. Needs no other service.

#ifndef ASC_GATEWAY_SAFEGUARDING_RULES_H_
#define ASC_GATEWAY_SAFEGUARDING_RULES_H_

#include "asc/gateway/v1/policy.pb.h"
#include "gateway/journal.pb.h"
#include "gateway/step_ground.h"

namespace asc::gateway {

// Nobody is asked; whether a danger or a concern was told of before stays with the step.
void AskSafeguarding(const StepGround& ground, journal::StoredStep& step);

// Fills in decision, outcomes and actions of a safeguarding step. Danger stands before concern,
// concern before all else. A fact that is not known is asked for when there is reason to, and never
// guessed.
void DecideSafeguarding(const v1::Contact& contact, const v1::GatewayPolicy& policy,
                        journal::StoredStep& step);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_SAFEGUARDING_RULES_H_
