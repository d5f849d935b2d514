// What a contact asks of the directory service: what there is on what is asked, what there is to
// prevent need, and the record of advice that was given. Pure.

#ifndef ASC_GATEWAY_DIRECTORY_STEPS_H_
#define ASC_GATEWAY_DIRECTORY_STEPS_H_

#include "gateway/step_ground.h"

namespace asc::gateway {

bool NeedsInformation(const StepGround& ground);
void AskInformation(const StepGround& ground, journal::StoredStep& step);

bool NeedsPrevention(const StepGround& ground);
void AskPrevention(const StepGround& ground, journal::StoredStep& step);

// Of both searches.
bool ReadSearch(const v1::GatewayPolicy& policy, journal::StoredStep& step);

bool NeedsAdviceRecord(const StepGround& ground);
void AskAdviceRecord(const StepGround& ground, journal::StoredStep& step);
bool ReadAdviceRecord(const v1::GatewayPolicy& policy, journal::StoredStep& step);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_DIRECTORY_STEPS_H_
