// What has to wait for an advocate, and what may go ahead (A7 to A10, A12, s.68(6)).
//
// Pure: the same records, act and policy always give the same answer.

#ifndef ASC_ADVOCACY_SVC_HOLD_RULES_H_
#define ASC_ADVOCACY_SVC_HOLD_RULES_H_

#include <vector>

#include "asc/advocacy/v1/advocacy.pb.h"

namespace asc::advocacy {

// Says whether `request.act` may go ahead, from the record `need`, the person's `other_needs` that
// are not closed, and the policy that `need` is pinned to. The caller puts in policy version and
// time of decision.
//
// While a duty is owed and nobody has been made available, the process is HELD. Where the policy
// holds all processes, a duty owed in any record of the person holds every one of them; elsewhere
// each process is held by its own record, and a process without one is CANNOT_TELL.
v1::HoldDecision DecideHold(const v1::AdvocacyNeed& need,
                            const std::vector<v1::AdvocacyNeed>& other_needs,
                            const v1::CheckHoldRequest& request, const v1::AdvocacyPolicy& policy);

// Whether `placement` is an advocate that meets the duty of `need`: still there, of the chosen or a
// listed kind, and appointed for this process where the Care Act is what gives the duty (A12).
bool MeetsDuty(const v1::AdvocatePlacement& placement, const v1::AdvocacyNeed& need);

}  // namespace asc::advocacy

#endif  // ASC_ADVOCACY_SVC_HOLD_RULES_H_
