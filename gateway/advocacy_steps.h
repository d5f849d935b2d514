// What a contact asks of the advocacy service: whether an advocate is due, the record of it, and
// whether the process may begin. Pure.

#ifndef ASC_GATEWAY_ADVOCACY_STEPS_H_
#define ASC_GATEWAY_ADVOCACY_STEPS_H_

#include <string>

#include "absl/time/time.h"
#include "gateway/step_ground.h"
#include "platform/rpc/errors.h"

namespace asc::gateway {

// Of all steps here.
std::string AdvocacyField(const std::string& sent);

bool NeedsAdvocacy(const StepGround& ground);
void AskAdvocacy(const StepGround& ground, journal::StoredStep& step);
bool ReadAdvocacy(const v1::GatewayPolicy& policy, journal::StoredStep& step);
void CheckAdvocacy(const v1::Contact& contact, absl::Time now, rpc::Violations& violations);

bool NeedsAdvocacyNeed(const StepGround& ground);
void AskAdvocacyNeed(const StepGround& ground, journal::StoredStep& step);
bool ReadAdvocacyNeed(const v1::GatewayPolicy& policy, journal::StoredStep& step);

bool NeedsHold(const StepGround& ground);
void AskHold(const StepGround& ground, journal::StoredStep& step);
bool ReadHold(const v1::GatewayPolicy& policy, journal::StoredStep& step);

// A need is on record, and the duty it was opened for is known to hold no longer.
bool NeedsReconsidering(const StepGround& ground);
// Leaves the record to people.
void AskReconsidering(const StepGround& ground, journal::StoredStep& step);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_ADVOCACY_STEPS_H_
