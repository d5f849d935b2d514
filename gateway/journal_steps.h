// What the steps of a journal say, whichever facts revision they belong to. Pure.

#ifndef ASC_GATEWAY_JOURNAL_STEPS_H_
#define ASC_GATEWAY_JOURNAL_STEPS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gateway/journal.h"
#include "google/protobuf/util/time_util.h"

namespace asc::gateway {

inline google::protobuf::Timestamp StampOf(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

bool Unfinished(const journal::StoredStep& step);
bool HasUnfinished(const Journal& journal, v1::StepKind kind);

// The last step of a kind, whatever its state; null: none yet.
const journal::StoredStep* Last(const Journal& journal, v1::StepKind kind);

// The newest step of each kind. A step that the facts have overtaken is left out.
std::map<v1::StepKind, const journal::StoredStep*> Newest(const Journal& journal);

// The newest step of each kind that has come to something: what people have to do follows from
// these, also while a later revision of the step is still running.
std::map<v1::StepKind, const journal::StoredStep*> NewestDone(const Journal& journal);

// By kind: the step that made a record.
std::map<v1::StepKind, const journal::StoredStep*> Recorded(const Journal& journal);

// By service name: the policy that the first decision of this contact was made under.
std::map<std::string, asc::type::v1::PolicyVersion> ServicePolicies(const Journal& journal);

// The actions that follow from the steps, each once, in the order in which they are shown.
std::vector<v1::Action> Following(const Journal& journal);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_JOURNAL_STEPS_H_
