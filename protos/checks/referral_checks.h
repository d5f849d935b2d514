// What facts about a referral must not say beyond what their field options already rule out:
// contradictions, and times that cannot be.
//
// They belong to the contract: a service that answers it refuses them, and whoever passes such
// facts on may refuse them at once. What was no fault when it was said never becomes one by
// waiting: a moment may be too late, never too long ago.
//
// Each function adds one violation per fault, named by `path`, a dot and the field. Pure.

#ifndef ASC_PROTOS_CHECKS_REFERRAL_CHECKS_H_
#define ASC_PROTOS_CHECKS_REFERRAL_CHECKS_H_

#include <string>

#include "absl/time/time.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/rpc/errors.h"

namespace asc::checks {

void CheckDetails(const referral::v1::ReferralDetails& details, const std::string& path,
                  absl::Time now, rpc::Violations& violations);

void CheckRouteFacts(const referral::v1::RouteFacts& facts, const std::string& path, absl::Time now,
                     rpc::Violations& violations);

void CheckResidence(const referral::v1::Residence& residence, const std::string& path,
                    rpc::Violations& violations);

void CheckReviewFacts(const referral::v1::ReviewFacts& facts, const std::string& path,
                      rpc::Violations& violations);

}  // namespace asc::checks

#endif  // ASC_PROTOS_CHECKS_REFERRAL_CHECKS_H_
