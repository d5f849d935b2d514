// Reading a policy: the words, strength and place of a rule, and whether a policy is whole.

#ifndef ASC_DIRECTORY_SVC_DIRECTORY_POLICY_H_
#define ASC_DIRECTORY_SVC_DIRECTORY_POLICY_H_

#include <string>

#include "absl/status/status.h"
#include "asc/directory/v1/directory.pb.h"
#include "asc/type/v1/decision.pb.h"
#include "asc/type/v1/policy.pb.h"

namespace asc::directory {

using Reasons = google::protobuf::RepeatedPtrField<type::v1::Reason>;
using Questions = google::protobuf::RepeatedPtrField<type::v1::Question>;

// The rule as this authority has it, or null when its procedure has no such rule.
const type::v1::PolicyRule* FindRule(const v1::DirectoryPolicy& policy, const char* rule_id);

// Adds the rule to the reasons in the policy's words; nothing when the procedure has no such rule.
void AddReason(const v1::DirectoryPolicy& policy, const char* rule_id, Reasons& reasons);

// Adds a question that the rule needs answered, as strongly as the rule is put.
void AddQuestion(const v1::DirectoryPolicy& policy, const char* rule_id, const std::string& field,
                 const std::string& text, Questions& questions);

// The longest time to a follow-up at this risk; while the risk is not known, the longest of all.
const type::v1::LocalNumber& FollowUpDaysMax(const v1::DirectoryPolicy& policy,
                                             v1::FollowUpRisk risk);

// INVALID_ARGUMENT, naming the field: something every answer relies on is missing or said twice.
absl::Status CheckPolicy(const v1::DirectoryPolicy& policy);

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_DIRECTORY_POLICY_H_
