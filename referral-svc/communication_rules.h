// What lists and other services are told of a person's communication needs. Pure.

#ifndef ASC_REFERRAL_SVC_COMMUNICATION_RULES_H_
#define ASC_REFERRAL_SVC_COMMUNICATION_RULES_H_

#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// YES: there are some; NO: asked, and there are none; UNKNOWN: nobody has asked.
type::v1::Answer HasNeeds(const v1::Communication& communication);

// What somebody outside the council may be told: without the needs that the person wants kept.
v1::Communication ForOthers(const v1::Communication& communication);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_COMMUNICATION_RULES_H_
