// What facts about advocacy must not say beyond what their field options already rule out.
// The ground rules are those of referral_checks.h. Pure.

#ifndef ASC_PROTOS_CHECKS_ADVOCACY_CHECKS_H_
#define ASC_PROTOS_CHECKS_ADVOCACY_CHECKS_H_

#include <string>

#include "asc/advocacy/v1/advocacy.pb.h"
#include "platform/rpc/errors.h"

namespace asc::checks {

// One violation for somebody who is willing but does not exist. A consent stays on record when
// capacity for it is lost: best interests count instead.
void CheckAdvocacyFacts(const advocacy::v1::AdvocacyFacts& facts, const std::string& path,
                        rpc::Violations& violations);

}  // namespace asc::checks

#endif  // ASC_PROTOS_CHECKS_ADVOCACY_CHECKS_H_
