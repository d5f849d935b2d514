// Whether the duty, or the power, to provide an advocate holds (A1 to A6, s.67).
//
// Pure: the same facts and policy always give the same answer.

#ifndef ASC_ADVOCACY_SVC_ADVOCACY_RULES_H_
#define ASC_ADVOCACY_SVC_ADVOCACY_RULES_H_

#include "asc/advocacy/v1/advocacy.pb.h"

namespace asc::advocacy {

// Decides on `facts` under `policy`; the decision holds the facts. The caller puts in policy
// version and time of decision.
//
// DUTY only when a process will follow, a limb shows substantial difficulty, and nobody appropriate
// counts, all of it known. One of the three known not to hold is enough for NO_DUTY, or for POWER
// where the policy has it and a purpose is named. Anything else is CANNOT_TELL with the questions
// that would settle it.
v1::AdvocacyDecision DecideAdvocacy(const v1::AdvocacyFacts& facts,
                                    const v1::AdvocacyPolicy& policy);

// The state a record begins in when it was decided like that.
v1::AdvocacyNeedState StateAfter(const v1::AdvocacyDecision& decision);

}  // namespace asc::advocacy

#endif  // ASC_ADVOCACY_SVC_ADVOCACY_RULES_H_
