// What a contact asks of the directory service: what there is on what is asked, what there is to
// prevent need, and the record of advice that was given. Pure.

#ifndef ASC_GATEWAY_DIRECTORY_STEPS_H_
#define ASC_GATEWAY_DIRECTORY_STEPS_H_

#include <string>

#include "absl/time/time.h"
#include "gateway/step_ground.h"
#include "platform/rpc/errors.h"

namespace asc::gateway {

// Of both searches.
// The person's age on the day of the contact; -1: not known.
int AgeOf(const v1::Contact& contact);

std::string SearchField(const std::string& sent);

bool NeedsInformation(const StepGround& ground);
void AskInformation(const StepGround& ground, journal::StoredStep& step);

bool NeedsPrevention(const StepGround& ground);
void AskPrevention(const StepGround& ground, journal::StoredStep& step);

// Of both searches.
bool ReadSearch(const v1::GatewayPolicy& policy, journal::StoredStep& step);

// Makes the record of the advice.
inline constexpr char kRecordAdviceGiven[] = "/asc.directory.v1.DirectoryService/RecordAdviceGiven";

std::string AdviceField(const std::string& sent);
bool NeedsAdviceRecord(const StepGround& ground);
void AskAdviceRecord(const StepGround& ground, journal::StoredStep& step);
bool ReadAdviceRecord(const v1::GatewayPolicy& policy, journal::StoredStep& step);
void CheckAdvice(const v1::Contact& contact, absl::Time now, rpc::Violations& violations);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_DIRECTORY_STEPS_H_
