#include "directory-svc/directory_checks.h"

#include "platform/facts/tri_state.h"
#include "protos/checks/directory_checks.h"
#include "protos/checks/moments.h"

namespace asc::directory {

using facts::ANSWER_NO;
using facts::IsUnknown;

void CheckSearch(const rpc::Call&, const v1::SearchServicesRequest& request,
                 rpc::Violations& violations) {
  if (request.proximity_metres() != 0) {
    violations.Add("proximity_metres", "distances are not known here; leave it out");
  }
}

void CheckAccessFacts(const rpc::Call&, const v1::CheckAccessRequest& request,
                      rpc::Violations& violations) {
  checks::CheckAccess(request.facts(), "facts", violations);
}

void CheckAdviceGiven(const rpc::Call& call, const v1::RecordAdviceGivenRequest& request,
                      rpc::Violations& violations) {
  checks::CheckAdvice(request.content(), "content", request.follow_up(), "follow_up", call.now,
                      violations);
}

void CheckFollowUp(const rpc::Call& call, const v1::RecordFollowUpRequest& request,
                   rpc::Violations& violations) {
  const v1::FollowUp& follow_up = request.follow_up();
  if (checks::LiesInFuture(follow_up.held_at(), call.now)) {
    violations.Add("follow_up.held_at", "must not be later than now");
  }
  if (follow_up.reached() == ANSWER_NO && !IsUnknown(follow_up.effective())) {
    violations.Add("follow_up.effective", "cannot be known of somebody who was not reached");
  }
  if (follow_up.has_next_due_at() &&
      checks::ToTime(follow_up.next_due_at()) <= checks::ToTime(follow_up.held_at())) {
    violations.Add("follow_up.next_due_at", "must be later than this follow-up");
  }
}

}  // namespace asc::directory
