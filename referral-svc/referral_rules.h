// Whether a referral may be taken, and what is still to gather (SC1-SC4, R1, R2).
//
// Pure: the same details and policy always give the same answer.

#ifndef ASC_REFERRAL_SVC_REFERRAL_RULES_H_
#define ASC_REFERRAL_SVC_REFERRAL_RULES_H_

#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// Decides on `details` under `policy`. The caller puts in policy version and time of decision.
//
// PERMITTED when a basis of the policy holds, REFUSED when none can, CANNOT_TELL with the questions
// that would settle it otherwise, REDIRECTED when the procedure is not for this subject. Items that
// are missing never change the outcome; each gives a question at its own strength.
v1::CheckReferralResponse DecideReferral(const v1::ReferralDetails& details,
                                         const v1::ReferralPolicy& policy);

// The same about a referral that is open already. That another procedure is meant is said, and what
// was gathered counts all the same: bases, items and questions come with a REDIRECTED too.
v1::CheckReferralResponse DecideOpenReferral(const v1::ReferralDetails& details,
                                             const v1::ReferralPolicy& policy);

// Whether what is known tells of abuse or neglect, or of danger, of whomever and by whichever
// field. What is not known tells of none.
bool TellsOfRisk(const v1::ReferralDetails& details);

// Adds to every item where the procedure asks for it. Apart, because a record keeps no citations.
void CiteItems(const v1::ReferralPolicy& policy, v1::CheckReferralResponse& answer);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_REFERRAL_RULES_H_
