// What follows from an attempt that failed. Pure.

#ifndef ASC_GATEWAY_STEP_FAILURES_H_
#define ASC_GATEWAY_STEP_FAILURES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gateway/journal.pb.h"

namespace asc::gateway {

// A service that answers with a fault without a name is asked this often before somebody has to
// look.
inline constexpr int kFaultAttemptsMax = 8;

// Waiting between attempts doubles from the first to the second of these. The greatest is short
// enough that a service which comes back finds its steps done within half a minute.
inline constexpr absl::Duration kRetryFirst = absl::Milliseconds(200);
inline constexpr absl::Duration kRetryMax = absl::Seconds(8);

// `step` after an attempt failed: waiting for the next attempt, or parked when a repeat cannot
// help; then the fields that were refused are asked for again, and a refusal with a reason is told
// in the service's words, with what to do about it. `jitter` is between 0 and 1 and spreads the
// next attempts of many contacts.
journal::StoredStep Failed(const journal::StoredStep& step, const absl::Status& status,
                           absl::Time now, double jitter);

// The action that asks people to settle what the service of such a step refuses.
std::string RefusedActionId(v1::StepKind kind);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_STEP_FAILURES_H_
