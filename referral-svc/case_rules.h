// Whether a case goes to another team or to a commissioned assessor (C1, C2, HC). Pure.

#ifndef ASC_REFERRAL_SVC_CASE_RULES_H_
#define ASC_REFERRAL_SVC_CASE_RULES_H_

#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// PERMITTED: it goes where `route` says. REFUSED: it stays. NOT_COVERED where the procedure has no
// such rule. An assessor outside is named only when every condition of the policy is known to hold.
// The caller puts in policy version and time of decision.
v1::DecideCaseTransferResponse DecideCase(const v1::CaseFacts& facts,
                                          const v1::ReferralPolicy& policy);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_CASE_RULES_H_
