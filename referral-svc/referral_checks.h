// What a request must not say beyond what its field options already rule out: contradictions. Those
// of the facts themselves stand with the contract, in protos/checks.
//
// Each function adds one violation per fault, named by the path in the request. Pure.

#ifndef ASC_REFERRAL_SVC_REFERRAL_CHECKS_H_
#define ASC_REFERRAL_SVC_REFERRAL_CHECKS_H_

#include "asc/referral/v1/referral.pb.h"
#include "platform/rpc/call.h"
#include "platform/rpc/errors.h"

namespace asc::referral {

// A request that is refused although its `field` tells of danger is told to ring 999 first (S2).
void PutAdviceFirst(const char* field, rpc::Violations& violations);

// The same where the request's `details` tell of it.
void PutAdviceFirst(const v1::ReferralDetails& details, rpc::Violations& violations);

void CheckSetAllocation(const v1::SetAllocationRequest& request, rpc::Violations& violations);
void CheckListAllocations(const v1::ListAllocationsRequest& request, rpc::Violations& violations);
void CheckSetAvailability(const v1::SetWorkerAvailabilityRequest& request,
                          rpc::Violations& violations);
void CheckRouteContact(const rpc::Call& call, const v1::RouteContactRequest& request,
                       rpc::Violations& violations);

void CheckFind(const v1::FindOpenReferralsRequest& request, rpc::Violations& violations);
// Facts that contradict what the method is for.
void CheckUndertake(const v1::UndertakeLongTermSupportRequest& request,
                    rpc::Violations& violations);
void CheckMonitoring(const rpc::Call& call, const v1::RecordMonitoringRequest& request,
                     rpc::Violations& violations);
void CheckMerge(const v1::MergePeopleRequest& request, rpc::Violations& violations);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_REFERRAL_CHECKS_H_
