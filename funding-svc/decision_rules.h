// What a decision on funding must regard, and what it may not rest on (FD2 to FD5, FD9).
//
// Pure: the same request, decision and policy always give the same answer. An amount is never
// judged: the one who decides says whether it meets the needs.

#ifndef ASC_FUNDING_SVC_DECISION_RULES_H_
#define ASC_FUNDING_SVC_DECISION_RULES_H_

#include <set>
#include <string>

#include "asc/funding/v1/funding.pb.h"

namespace asc::funding {

// Who decides.
struct Decider {
  std::string subject;
  // "fundingLevel.<role>" for each level the caller may decide for, spaces as underscores; "*" for
  // all.
  std::set<std::string> permissions;
};

// Accepted, with what is still to be recorded; or not, with a reason for each thing that stands
// against it and the questions that would mend it. The caller puts in policy version and time.
v1::FundingAnswer CheckDecision(const v1::FundingRequest& request, const v1::DecisionMade& decision,
                                const v1::SupportRecord& record, const Decider& decider,
                                const v1::FundingPolicy& policy);

// The state of a request once `outcome` was accepted.
v1::FundingRequestState StateAfter(v1::FundingOutcome outcome);

// Whether `path` names a fact of `content` that is known, for example "factors.wishes".
bool IsKnownFact(const v1::FundingContent& content, const std::string& path);

}  // namespace asc::funding

#endif  // ASC_FUNDING_SVC_DECISION_RULES_H_
