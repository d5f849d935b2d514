// Reading a policy: the words, strength and place of a rule, and whether a policy is whole.

#ifndef ASC_REFERRAL_SVC_REFERRAL_POLICY_H_
#define ASC_REFERRAL_SVC_REFERRAL_POLICY_H_

#include <string>

#include "absl/status/status.h"
#include "asc/referral/v1/referral.pb.h"
#include "asc/type/v1/answer.pb.h"
#include "asc/type/v1/decision.pb.h"

namespace asc::referral {

// The statement of a rule, or null when this authority's procedure has no such rule.
const v1::RuleStatement* FindStatement(const v1::ReferralPolicy& policy, const char* rule_id);

// Where `lines` ("67-72") stand.
type::v1::Citation CitationOf(const v1::ReferralPolicy& policy, const std::string& lines);

// Adds the rule to the reasons in the policy's words; nothing when the procedure has no such rule.
void AddReason(const v1::ReferralPolicy& policy, const char* rule_id, v1::Decision& decision);

// The same unless the rule stands among the reasons already.
void AddReasonOnce(const v1::ReferralPolicy& policy, const std::string& rule_id,
                   v1::Decision& decision);

// Adds what the rule comes to in this situation, in the words of `finding`.
void AddFinding(const v1::ReferralPolicy& policy, const char* rule_id,
                const v1::FindingPolicy& finding, v1::Decision& decision);

// NOT_COVERED, with the reason that the procedure has nothing about `matter`.
void SettleNotCovered(const char* rule_id, const char* matter, v1::Decision& decision);

// Adds the question that the rule asks when its fact, `field`, is not known: the one for the field
// of that name where the rule has several. Nothing when the procedure has no such rule.
void AddQuestion(const v1::ReferralPolicy& policy, const char* rule_id, const char* field,
                 v1::Decision& decision);

// The action as the policy words it: with its strength, its lines and whether it is due.
v1::Action ActionOf(const v1::ReferralPolicy& policy, const v1::ActionPolicy& action,
                    type::v1::Answer due);

// INVALID_ARGUMENT, naming the field: something every decision relies on is missing or said twice.
absl::Status CheckPolicy(const v1::ReferralPolicy& policy);

// Sends whoever the procedure is not for to the right one (SC2): REDIRECTED with reason, and true.
bool Redirect(const v1::ReferralPolicy& policy, v1::Subject subject, v1::Decision& decision);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_REFERRAL_POLICY_H_
