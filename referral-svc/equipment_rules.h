// Minor works and low-level equipment without allocation, and its upkeep (E1 to E4). Pure.

#ifndef ASC_REFERRAL_SVC_EQUIPMENT_RULES_H_
#define ASC_REFERRAL_SVC_EQUIPMENT_RULES_H_

#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// PERMITTED only when the evidence suffices, the local scheme covers it, and safe use, monitoring
// and review are each known to be arranged. NOT_COVERED where the procedure has no such rule. The
// caller puts in policy version and time of decision.
v1::DecideEquipmentResponse DecideWorks(const v1::EquipmentFacts& facts,
                                        const v1::ReferralPolicy& policy);

// PERMITTED: the authority maintains it. REFUSED: somebody else does; the actions say how the duty
// to meet the need is kept.
v1::DecideMaintenanceResponse DecideUpkeep(const v1::DecideMaintenanceRequest& request,
                                           const v1::ReferralPolicy& policy);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_EQUIPMENT_RULES_H_
