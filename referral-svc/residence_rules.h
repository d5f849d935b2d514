// Whether ordinary residence is to be established first, and what follows from it (R0 to R0f).
//
// Pure: the same facts and policy always give the same answer.

#ifndef ASC_REFERRAL_SVC_RESIDENCE_RULES_H_
#define ASC_REFERRAL_SVC_RESIDENCE_RULES_H_

#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// PERMITTED: the referral is taken, or the assessment made, here. REDIRECTED: the authority where
// the person is resident is the right one. CANNOT_TELL: residence is established first. NOT_COVERED
// where the procedure has no such rule. Under a policy that never delays, an appearance of need
// without knowing where the person is resident is always PERMITTED. The actions hold what is due or
// may be; the caller puts in policy version and time of decision.
v1::CheckOrdinaryResidenceResponse DecideResidence(const v1::Residence& residence,
                                                   const v1::ReferralPolicy& policy);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_RESIDENCE_RULES_H_
