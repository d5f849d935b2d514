#include "protos/checks/directory_checks.h"

#include "platform/facts/tri_state.h"
#include "protos/checks/moments.h"

namespace asc::checks {

namespace v1 = asc::directory::v1;
using facts::ANSWER_NO;
using facts::ANSWER_YES;

void CheckAccess(const v1::AccessFacts& facts, const std::string& path,
                 rpc::Violations& violations) {
  if (facts.needs_support() == ANSWER_NO && !facts.needs().empty()) {
    violations.Add(path + ".needs_support", "no, and yet there are needs");
  }
}

void CheckAdvice(const v1::AdviceContent& content, const std::string& content_path,
                 const v1::FollowUpPlan& plan, const std::string& plan_path, absl::Time now,
                 rpc::Violations& violations) {
  if (LiesInFuture(content.given_at(), now)) {
    violations.Add(content_path + ".given_at", "must not be later than now");
  }
  CheckAccess(content.access(), content_path + ".access", violations);
  if (plan.has_due_at() && plan.declined() == ANSWER_YES) {
    violations.Add(plan_path + ".declined", "yes, and yet there is a time");
  }
  if (plan.has_due_at() && ToTime(plan.due_at()) < ToTime(content.given_at())) {
    violations.Add(plan_path + ".due_at", "must not be before the advice was given");
  }
}

}  // namespace asc::checks
