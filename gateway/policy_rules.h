// Turns the rules of a policy into the reasons and actions that are shown.

#ifndef ASC_GATEWAY_POLICY_RULES_H_
#define ASC_GATEWAY_POLICY_RULES_H_

#include <string>

#include "absl/status/status.h"
#include "asc/gateway/v1/policy.pb.h"
#include "gateway/journal.pb.h"
#include "gateway/step_ground.h"

namespace asc::gateway {

// A policy's rule as a reason; a local assumption stands at the end of its text.
asc::type::v1::Reason ReasonOf(const asc::type::v1::PolicyRule& rule);

// An open action that follows from `rule`. Its due time counts from the step's intention: `due`
// names an entry of the policy's `due_minutes`, empty means at once.
v1::Action ActionOf(const std::string& action_id, const asc::type::v1::PolicyRule& rule,
                    const std::string& due, const v1::GatewayPolicy& policy,
                    const journal::StoredStep& step);

// The same for an action of the referral service's own list. "T5-leave-message" is its id.
v1::Action ActionOf(const asc::referral::v1::Action& listed, const v1::GatewayPolicy& policy,
                    const journal::StoredStep& step);

// How an action that a service lists is named: "T5-inform-person".
std::string ActionIdOf(const std::string& rule_id, asc::referral::v1::ActionKind kind);

// Whether it is told only for the case that something turns out to be so.
bool IsConditional(const v1::Action& action);

// Takes these out again: what the service has answered since says more.
void RemoveTriggered(v1::Trigger trigger, const v1::GatewayPolicy& policy,
                     journal::StoredStep& step);

bool HasTrigger(v1::Trigger trigger, const v1::GatewayPolicy& policy);

// Whether the policy lets this action follow from `trigger`.
bool Follows(const std::string& action_id, v1::Trigger trigger, const v1::GatewayPolicy& policy);

// The actions that the policy lets follow from `trigger`; with TRIGGER_ASKED those of what is asked
// for by this step.
void AddTriggered(v1::Trigger trigger, const v1::GatewayPolicy& policy, journal::StoredStep& step);

// The actions that lead to the procedure which a decision gives as the right one: those of the
// rules it names as reasons, or all where it names none of them.
void AddOtherProcedure(const v1::GatewayPolicy& policy, journal::StoredStep& step);

// Asks who the person is, in place of asking a service for something that is due to somebody.
void AskWhoItIs(const StepGround& ground, journal::StoredStep& step);

// A policy's own check at start: INVALID_ARGUMENT naming the field that is missing or names
// nothing.
absl::Status CheckPolicy(const v1::GatewayPolicy& policy);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_POLICY_RULES_H_
