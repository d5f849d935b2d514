// What a contact asks of the funding service: what has to be considered about urgent support, a
// draft request for it, and what is charged for. Pure.

#ifndef ASC_GATEWAY_FUNDING_STEPS_H_
#define ASC_GATEWAY_FUNDING_STEPS_H_

#include "gateway/step_ground.h"

namespace asc::gateway {

bool NeedsUrgentSupport(const StepGround& ground);
void AskUrgentSupport(const StepGround& ground, journal::StoredStep& step);
bool ReadUrgentSupport(const v1::GatewayPolicy& policy, journal::StoredStep& step);

bool NeedsFinanceInformation(const StepGround& ground);
void AskFinanceInformation(const StepGround& ground, journal::StoredStep& step);
bool ReadCharging(const v1::GatewayPolicy& policy, journal::StoredStep& step);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_FUNDING_STEPS_H_
