// Contradictions in a request, each by its field; what field options cannot say. Those of the facts
// themselves stand with the contract, in protos/checks.

#ifndef ASC_DIRECTORY_SVC_DIRECTORY_CHECKS_H_
#define ASC_DIRECTORY_SVC_DIRECTORY_CHECKS_H_

#include "asc/directory/v1/directory.pb.h"
#include "platform/rpc/call.h"
#include "platform/rpc/errors.h"

namespace asc::directory {

void CheckSearch(const rpc::Call& call, const v1::SearchServicesRequest& request,
                 rpc::Violations& violations);
void CheckAccessFacts(const rpc::Call& call, const v1::CheckAccessRequest& request,
                      rpc::Violations& violations);
void CheckAdviceGiven(const rpc::Call& call, const v1::RecordAdviceGivenRequest& request,
                      rpc::Violations& violations);
void CheckFollowUp(const rpc::Call& call, const v1::RecordFollowUpRequest& request,
                   rpc::Violations& violations);

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_DIRECTORY_CHECKS_H_
