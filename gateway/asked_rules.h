// What a contact asks for and the procedure leaves to people. Pure.

#ifndef ASC_GATEWAY_ASKED_RULES_H_
#define ASC_GATEWAY_ASKED_RULES_H_

#include "asc/gateway/v1/policy.pb.h"
#include "gateway/journal.pb.h"

namespace asc::gateway {

// What a contact asks for by which step; ASK_UNSPECIFIED: none.
v1::Ask AskOf(v1::StepKind kind);

// Leaves the step to people: what they have to do is there already, and is given its reasons.
void DecideForPeople(const v1::Contact& contact, const v1::GatewayPolicy& policy,
                     journal::StoredStep& step);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_ASKED_RULES_H_
