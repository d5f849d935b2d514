// What has to be considered before urgent support is asked for (U1 to U6, FD1 to FD4).
//
// Pure: the same facts and policy always give the same answer. Nothing here says that an amount is
// enough or that somebody is not entitled.

#ifndef ASC_FUNDING_SVC_URGENT_RULES_H_
#define ASC_FUNDING_SVC_URGENT_RULES_H_

#include "asc/funding/v1/funding.pb.h"

namespace asc::funding {

// What to keep in mind, and a question for each consideration that is missing. Where the procedure
// has no such section, that it has none, and where it stands instead: its rules are not invented.
// The caller puts in policy version and time.
v1::UrgentSupportCheck CheckUrgent(const v1::UrgentFacts& facts, const v1::FundingPolicy& policy);

// What a request lacks: the factors of FD3 and FD4, each at its own strength. Always accepted.
v1::FundingAnswer CheckCompleteness(const v1::FundingContent& content,
                                    const v1::FundingPolicy& policy);

// Who decides on this much: the first level whose amount is not exceeded. An amount that is not
// known goes to the last.
const v1::DecisionLevel& LevelFor(const google::protobuf::RepeatedPtrField<v1::SupportItem>& items,
                                  const v1::FundingPolicy& policy);

}  // namespace asc::funding

#endif  // ASC_FUNDING_SVC_URGENT_RULES_H_
