// What people have to do because the contact asks for it and the procedure leaves it to them: a
// review request, information, a question of money. Pure.

#ifndef ASC_GATEWAY_ASKED_RULES_H_
#define ASC_GATEWAY_ASKED_RULES_H_

#include "asc/gateway/v1/policy.pb.h"
#include "gateway/journal.pb.h"

namespace asc::gateway {

// What has to be asked for so that a step of this kind is needed; unspecified: nothing leads to it.
v1::Ask AskOf(v1::StepKind kind);

// Fills in decision, outcomes and actions of such a step from the policy's rules for what is asked.
void DecideAsked(const v1::GatewayPolicy& policy, journal::StoredStep& step);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_ASKED_RULES_H_
