// What a concern demands (S1-S3). Pure. Nothing that is missing ever holds one up.

#ifndef ASC_REFERRAL_SVC_CONCERN_RULES_H_
#define ASC_REFERRAL_SVC_CONCERN_RULES_H_

#include <vector>

#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// Decision and actions, the most urgent first; `concern` is left to the caller.
v1::RaiseConcernResponse DecideConcern(const v1::RaiseConcernRequest& request,
                                       const v1::ReferralPolicy& policy);

// Whether the answer tells the caller to ring 999.
bool AdvisesEmergency(const v1::RaiseConcernResponse& answer);

// Asks again for what was told of the concern and cannot be read.
void AskAgain(const v1::Concern& concern, const v1::ReferralPolicy& policy, v1::Decision& decision);

// What concerns raised with a referral's id tell of it, put into a copy that rules may look at. A
// home may be complained of without anybody being at risk.
void TakeConcerns(const std::vector<v1::Concern>& concerns, v1::Referral& referral);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_CONCERN_RULES_H_
