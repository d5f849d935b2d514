#include "directory-svc/directory_checks.h"

#include "directory-svc/stamp.h"
#include "platform/facts/tri_state.h"

namespace asc::directory {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_YES;
using facts::IsUnknown;

// Clocks differ a little.
constexpr absl::Duration kClocksApart = absl::Minutes(5);

bool IsLater(const google::protobuf::Timestamp& at, absl::Time now) {
  return ToMicros(at) > absl::ToUnixMicros(now + kClocksApart);
}

void CheckNeeds(const v1::AccessFacts& facts, const std::string& field,
                rpc::Violations& violations) {
  if (facts.needs_support() == ANSWER_NO && !facts.needs().empty()) {
    violations.Add(field + ".needs_support", "no, and yet there are needs");
  }
}

}  // namespace

void CheckSearch(const rpc::Call&, const v1::SearchServicesRequest& request,
                 rpc::Violations& violations) {
  const v1::Circumstances& person = request.circumstances();
  if (person.age() != 0 && person.age_known() != ANSWER_YES) {
    violations.Add("circumstances.age_known", "must be yes when an age is given");
  }
  if (request.proximity_metres() != 0) {
    violations.Add("proximity_metres", "distances are not known here; leave it out");
  }
}

void CheckAccessFacts(const rpc::Call&, const v1::CheckAccessRequest& request,
                      rpc::Violations& violations) {
  CheckNeeds(request.facts(), "facts", violations);
}

void CheckAdviceGiven(const rpc::Call& call, const v1::RecordAdviceGivenRequest& request,
                      rpc::Violations& violations) {
  const v1::AdviceContent& content = request.content();
  const v1::FollowUpPlan& plan = request.follow_up();
  if (IsLater(content.given_at(), call.now)) {
    violations.Add("content.given_at", "must not be later than now");
  }
  CheckNeeds(content.access(), "content.access", violations);
  if (plan.has_due_at() && plan.declined() == ANSWER_YES) {
    violations.Add("follow_up.declined", "yes, and yet there is a time");
  }
  if (plan.has_due_at() && ToMicros(plan.due_at()) < ToMicros(content.given_at())) {
    violations.Add("follow_up.due_at", "must not be before the advice was given");
  }
}

void CheckFollowUp(const rpc::Call& call, const v1::RecordFollowUpRequest& request,
                   rpc::Violations& violations) {
  const v1::FollowUp& follow_up = request.follow_up();
  if (IsLater(follow_up.held_at(), call.now)) {
    violations.Add("follow_up.held_at", "must not be later than now");
  }
  if (follow_up.reached() == ANSWER_NO && !IsUnknown(follow_up.effective())) {
    violations.Add("follow_up.effective", "cannot be known of somebody who was not reached");
  }
  if (follow_up.has_next_due_at() &&
      ToMicros(follow_up.next_due_at()) <= ToMicros(follow_up.held_at())) {
    violations.Add("follow_up.next_due_at", "must be later than this follow-up");
  }
}

}  // namespace asc::directory
