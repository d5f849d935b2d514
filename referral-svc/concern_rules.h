// What a concern demands (S1-S3). Pure. Nothing that is missing ever holds one up.

#ifndef ASC_REFERRAL_SVC_CONCERN_RULES_H_
#define ASC_REFERRAL_SVC_CONCERN_RULES_H_

#include <vector>

#include "asc/referral/v1/referral.pb.h"
#include "google/protobuf/repeated_field.h"

namespace asc::referral {

using Actions = google::protobuf::RepeatedPtrField<v1::Action>;

// Decision and actions, the most urgent first; `concern` is left to the caller.
v1::RaiseConcernResponse DecideConcern(const v1::RaiseConcernRequest& request,
                                       const v1::ReferralPolicy& policy);

// What is to be done about abuse, neglect or danger that details tell of, the most urgent first.
// The same whether a referral may be taken or not.
Actions ActionsOnConcern(const v1::ReferralDetails& told, const v1::ReferralPolicy& policy);

// Whether the caller is told to ring 999.
bool AdvisesEmergency(const Actions& actions);

// Asks again for what was told of the concern and cannot be read.
void AskAgain(const v1::Concern& concern, const v1::ReferralPolicy& policy, v1::Decision& decision);

// What concerns raised with a referral's id tell of it, put into a copy that rules may look at. A
// home may be complained of without anybody being at risk.
void TakeConcerns(const std::vector<v1::Concern>& concerns, v1::Referral& referral);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_CONCERN_RULES_H_
