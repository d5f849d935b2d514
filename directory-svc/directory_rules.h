// What follows from an entry's conditions, from a person's needs and from advice that was given:
// pure functions of facts, policy and time.

#ifndef ASC_DIRECTORY_SVC_DIRECTORY_RULES_H_
#define ASC_DIRECTORY_SVC_DIRECTORY_RULES_H_

#include <string>

#include "absl/time/time.h"
#include "asc/directory/v1/directory.pb.h"
#include "directory-svc/directory_policy.h"

namespace asc::directory {

// Whether the person meets every condition of the entry: NO when one is known not to be met,
// UNKNOWN while one cannot be told. A hint is no condition.
type::v1::Answer Eligible(const v1::ServiceContent& content, const v1::Circumstances& person);

// The questions that settle what Eligible cannot tell, one per condition.
void AskEligibility(const v1::ServiceContent& content, const v1::Circumstances& person,
                    const v1::DirectoryPolicy& policy, Questions& questions);

// Whether the entry states that it is open at this time of this weekday (minutes since midnight,
// both local). Hours that are not stated, or not certain, do not count.
bool StatedOpen(const v1::ServiceContent& content, v1::Weekday day, int minute);

// Whether a caveat says that nobody answers at once.
bool AnswersLater(const v1::ServiceContent& content);

// I5. Without policy version and time.
v1::AccessDecision DecideAccess(const v1::AccessFacts& facts, const v1::DirectoryPolicy& policy);

struct AdviceDecision {
  v1::AdviceState state = v1::ADVICE_STATE_FOLLOW_UP_DUE;
  // As it is to be recorded: with a time and with who does it, unless the person wants none.
  v1::FollowUpPlan follow_up;
  Reasons reasons;
  Questions questions;
};

// I1, I5 and I6 for advice that was given. `caller` follows up when nobody else is named.
AdviceDecision DecideAdvice(const v1::RecordAdviceGivenRequest& request,
                            const v1::DirectoryPolicy& policy, const std::string& caller);

struct FollowUpDecision {
  v1::AdviceState state = v1::ADVICE_STATE_FOLLOW_UP_DUE;
  // When it is due next; meant only while the state is FOLLOW_UP_DUE.
  google::protobuf::Timestamp due_at;
  Reasons reasons;
  Questions questions;
};

// I6 for a follow-up that was tried.
FollowUpDecision DecideFollowUp(const v1::Advice& advice, const v1::FollowUp& follow_up,
                                const v1::DirectoryPolicy& policy, absl::Time now);

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_DIRECTORY_RULES_H_
