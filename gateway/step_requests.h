// Which steps a contact needs, and what they ask the services. Pure.

#ifndef ASC_GATEWAY_STEP_REQUESTS_H_
#define ASC_GATEWAY_STEP_REQUESTS_H_

#include <string>

#include "asc/gateway/v1/contact.pb.h"
#include "asc/gateway/v1/policy.pb.h"
#include "gateway/journal.pb.h"

namespace asc::gateway {

// Whether the facts of now call for a step of this kind, and the authority has such a step.
bool Needs(const v1::Contact& contact, v1::StepKind kind, const v1::GatewayPolicy& policy);

// Fills in service, method and request of `step`. `policy_hash`: the service's policy that earlier
// decisions of this contact were made under; empty: none yet.
void FillRequest(const v1::Contact& contact, const std::string& policy_hash,
                 journal::StoredStep& step);

// Whether two steps of one kind ask the same, request ids and policies aside.
bool AskTheSame(const journal::StoredStep& one, const journal::StoredStep& other);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_STEP_REQUESTS_H_
