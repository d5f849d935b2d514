// What a contact asks of the referral service: to whom it goes, whether the person lives here,
// taking a referral, and where a request for a review goes. Pure.

#ifndef ASC_GATEWAY_REFERRAL_STEPS_H_
#define ASC_GATEWAY_REFERRAL_STEPS_H_

#include "gateway/step_ground.h"

namespace asc::gateway {

bool NeedsRoute(const StepGround& ground);
void AskRoute(const StepGround& ground, journal::StoredStep& step);
bool ReadRoute(const v1::GatewayPolicy& policy, journal::StoredStep& step);

void AskResidence(const StepGround& ground, journal::StoredStep& step);
bool ReadResidence(const v1::GatewayPolicy& policy, journal::StoredStep& step);

// A referral is thought of; NeedsReferralHere: and residence does not point elsewhere.
bool NeedsReferral(const StepGround& ground);
bool NeedsReferralHere(const StepGround& ground);
void AskReferral(const StepGround& ground, journal::StoredStep& step);
bool ReadReferral(const v1::GatewayPolicy& policy, journal::StoredStep& step);

bool NeedsReview(const StepGround& ground);
void AskReview(const StepGround& ground, journal::StoredStep& step);
bool ReadReview(const v1::GatewayPolicy& policy, journal::StoredStep& step);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_REFERRAL_STEPS_H_
