// Whether a charge may be made, item by item (FD10, I4, s.14, SI 2014/2672).
//
// Pure: the same facts and policy always give the same answer.

#ifndef ASC_FUNDING_SVC_CHARGING_RULES_H_
#define ASC_FUNDING_SVC_CHARGING_RULES_H_

#include "asc/funding/v1/funding.pb.h"

namespace asc::funding {

// One ItemCharge per item, in order. An item is free where the law or the policy makes it so; what
// is not known leads to a question. Where the local charging policy comes first and nothing makes
// an item free, CANNOT_TELL and the local policy. The caller puts in policy version and time.
v1::ChargingDecision DecideCharging(const v1::ChargingFacts& facts,
                                    const v1::FundingPolicy& policy);

}  // namespace asc::funding

#endif  // ASC_FUNDING_SVC_CHARGING_RULES_H_
