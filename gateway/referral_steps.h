// What a contact asks of the referral service: to whom it goes, whether the person lives here,
// taking a referral, and where a request for a review goes. Pure.

#ifndef ASC_GATEWAY_REFERRAL_STEPS_H_
#define ASC_GATEWAY_REFERRAL_STEPS_H_

#include <string>

#include "absl/time/time.h"
#include "gateway/step_ground.h"
#include "platform/rpc/errors.h"

namespace asc::gateway {

// Of a route.
std::string RouteField(const std::string& sent);
bool NeedsRoute(const StepGround& ground);
void AskRoute(const StepGround& ground, journal::StoredStep& step);
bool ReadRoute(const v1::GatewayPolicy& policy, journal::StoredStep& step);
void CheckRoute(const v1::Contact& contact, absl::Time now, rpc::Violations& violations);

// What a referral is told of the contact.
asc::referral::v1::ReferralDetails DetailsOf(const v1::Contact& contact);

// Of residence and referral.
std::string ReferralField(const std::string& sent);

void AskResidence(const StepGround& ground, journal::StoredStep& step);
bool ReadResidence(const v1::GatewayPolicy& policy, journal::StoredStep& step);

// A referral is thought of; NeedsReferralHere: and residence does not point elsewhere.
bool NeedsReferral(const StepGround& ground);
bool NeedsReferralHere(const StepGround& ground);
void AskReferral(const StepGround& ground, journal::StoredStep& step);
bool ReadReferral(const v1::GatewayPolicy& policy, journal::StoredStep& step);
void CheckReferral(const v1::Contact& contact, absl::Time now, rpc::Violations& violations);

std::string ReviewField(const std::string& sent);
bool NeedsReview(const StepGround& ground);
void CheckReview(const v1::Contact& contact, absl::Time now, rpc::Violations& violations);
void AskReview(const StepGround& ground, journal::StoredStep& step);
bool ReadReview(const v1::GatewayPolicy& policy, journal::StoredStep& step);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_REFERRAL_STEPS_H_
