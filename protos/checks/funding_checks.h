// What a request for support must not say beyond what their field options already rule out.
// The ground rules are those of referral_checks.h. Pure.

#ifndef ASC_PROTOS_CHECKS_FUNDING_CHECKS_H_
#define ASC_PROTOS_CHECKS_FUNDING_CHECKS_H_

#include <string>

#include "asc/funding/v1/funding.pb.h"
#include "platform/rpc/errors.h"

namespace asc::checks {

using SupportItems = google::protobuf::RepeatedPtrField<funding::v1::SupportItem>;

// One violation for an item that ends before it starts.
void CheckItems(const SupportItems& items, const std::string& path, rpc::Violations& violations);

// The same for its items, and an emergency that is neither urgent nor in haste: a delay that would
// put somebody at risk now cannot wait for an assessment.
void CheckContent(const funding::v1::FundingContent& content, const std::string& path,
                  rpc::Violations& violations);

}  // namespace asc::checks

#endif  // ASC_PROTOS_CHECKS_FUNDING_CHECKS_H_
