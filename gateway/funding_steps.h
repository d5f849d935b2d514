// What a contact asks of the funding service: what has to be considered about urgent support, a
// draft request for it, and what is charged for. Pure.

#ifndef ASC_GATEWAY_FUNDING_STEPS_H_
#define ASC_GATEWAY_FUNDING_STEPS_H_

#include <string>

#include "absl/time/time.h"
#include "gateway/step_ground.h"
#include "platform/rpc/errors.h"

namespace asc::gateway {

// Makes the record of what is asked for.
inline constexpr char kOpenFundingRequest[] = "/asc.funding.v1.FundingService/OpenFundingRequest";

std::string UrgentField(const std::string& sent);
bool NeedsUrgentSupport(const StepGround& ground);
void AskUrgentSupport(const StepGround& ground, journal::StoredStep& step);
bool ReadUrgentSupport(const v1::GatewayPolicy& policy, journal::StoredStep& step);
void CheckUrgentSupport(const v1::Contact& contact, absl::Time now, rpc::Violations& violations);

std::string ChargingField(const std::string& sent);
bool NeedsFinanceInformation(const StepGround& ground);
void AskFinanceInformation(const StepGround& ground, journal::StoredStep& step);
bool ReadCharging(const v1::GatewayPolicy& policy, journal::StoredStep& step);
void CheckCharging(const v1::Contact& contact, absl::Time now, rpc::Violations& violations);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_FUNDING_STEPS_H_
