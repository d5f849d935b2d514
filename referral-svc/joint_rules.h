// Joint work with another service, team or professional (J1, J2). Pure.

#ifndef ASC_REFERRAL_SVC_JOINT_RULES_H_
#define ASC_REFERRAL_SVC_JOINT_RULES_H_

#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// REDIRECTED: specialist work has a procedure of its own. REFUSED: neither agreed nor, for somebody
// who cannot consent, in their best interests. CANNOT_TELL: one of these is not known. NOT_COVERED:
// the procedure says nothing of joint work, and nothing stands in its way.
v1::Decision DecideJointRequest(const v1::RequestJointWorkRequest& request,
                                const v1::ReferralPolicy& policy);

// The response is taken whatever is still open; what is not established comes back as a question,
// also where the procedure says nothing of joint work: then nothing obliges anybody to answer it.
v1::Decision DecideJointResponse(const v1::JointTerms& terms, type::v1::Answer delayed,
                                 const v1::ReferralPolicy& policy);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_JOINT_RULES_H_
