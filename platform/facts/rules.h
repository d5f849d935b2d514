// Speaking in the words of a policy: reasons and questions from its asc.type.v1.PolicyRule list.
//
// Pure, and without any dependence on storage or RPC, so that rules may use it.

#ifndef ASC_PLATFORM_FACTS_RULES_H_
#define ASC_PLATFORM_FACTS_RULES_H_

#include <string>

#include "absl/status/status.h"
#include "asc/type/v1/decision.pb.h"
#include "asc/type/v1/policy.pb.h"

namespace asc::facts {

using Rules = google::protobuf::RepeatedPtrField<type::v1::PolicyRule>;
using Reasons = google::protobuf::RepeatedPtrField<type::v1::Reason>;
using Questions = google::protobuf::RepeatedPtrField<type::v1::Question>;

// The rule with this id, or null when it does not speak under this policy.
const type::v1::PolicyRule* FindRule(const Rules& rules, const char* rule_id);

// Adds the rule in its own words; its local assumption, where it has one, comes with them. Nothing
// when the rule does not speak here, or stands among `reasons` already.
void AddReason(const Rules& rules, const char* rule_id, Reasons& reasons);

// Adds what the rule means for these facts, in `text`, with the rule's strength and citations. When
// the rule does not speak here, the reason carries neither.
void AddFinding(const Rules& rules, const char* rule_id, const std::string& text, Reasons& reasons);

// Adds the question whose answer `field` is missing, at the rule's strength.
void AddQuestion(const Rules& rules, const char* rule_id, const std::string& field,
                 const std::string& text, Questions& questions);

// INVALID_ARGUMENT, naming the field: a rule without id, text or citation, or listed twice.
absl::Status CheckRules(const Rules& rules);

}  // namespace asc::facts

#endif  // ASC_PLATFORM_FACTS_RULES_H_
