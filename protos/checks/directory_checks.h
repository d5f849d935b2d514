// What an access check and a record of advice must not say beyond what their field options already
// rule out. The ground rules are those of referral_checks.h. Pure.

#ifndef ASC_PROTOS_CHECKS_DIRECTORY_CHECKS_H_
#define ASC_PROTOS_CHECKS_DIRECTORY_CHECKS_H_

#include <string>

#include "absl/time/time.h"
#include "asc/directory/v1/directory.pb.h"
#include "platform/rpc/errors.h"

namespace asc::checks {

void CheckAccess(const directory::v1::AccessFacts& facts, const std::string& path,
                 rpc::Violations& violations);

// `content_path` and `plan_path` name where the two stand in the request.
void CheckAdvice(const directory::v1::AdviceContent& content, const std::string& content_path,
                 const directory::v1::FollowUpPlan& plan, const std::string& plan_path,
                 absl::Time now, rpc::Violations& violations);

}  // namespace asc::checks

#endif  // ASC_PROTOS_CHECKS_DIRECTORY_CHECKS_H_
