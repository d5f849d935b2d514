// What becomes known after a referral was opened is added to it in the referral service. Pure.

#ifndef ASC_GATEWAY_REFERRAL_UPDATE_STEP_H_
#define ASC_GATEWAY_REFERRAL_UPDATE_STEP_H_

#include "gateway/step_ground.h"

namespace asc::gateway {

// This contact has opened the referral, and knows more than the referral was told.
bool NeedsReferralUpdate(const StepGround& ground);
// Sends only what has changed since, so that what others have written into the referral stays.
void AskReferralUpdate(const StepGround& ground, journal::StoredStep& step);
bool ReadReferralUpdate(const v1::GatewayPolicy& policy, journal::StoredStep& step);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_REFERRAL_UPDATE_STEP_H_
