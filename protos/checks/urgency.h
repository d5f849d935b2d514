// Whether a need is said not to be urgent: asked by the service that decides on urgent support, and
// by the gateway, which says what to do when that service is away.

#ifndef ASC_PROTOS_CHECKS_URGENCY_H_
#define ASC_PROTOS_CHECKS_URGENCY_H_

#include "asc/funding/v1/funding.pb.h"

namespace asc::checks {

// The power is for a need that appears urgent and cannot wait for an assessment. One no is enough,
// except that a need which cannot wait is never set aside for not looking urgent.
inline bool SaidNotUrgent(const funding::v1::UrgentFacts& facts) {
  return facts.cannot_wait() == type::v1::ANSWER_NO ||
         (facts.appears_urgent() == type::v1::ANSWER_NO &&
          facts.cannot_wait() != type::v1::ANSWER_YES);
}

}  // namespace asc::checks

#endif  // ASC_PROTOS_CHECKS_URGENCY_H_
