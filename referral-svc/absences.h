// Whether a worker is away, as far as the record of absences tells.

#ifndef ASC_REFERRAL_SVC_ABSENCES_H_
#define ASC_REFERRAL_SVC_ABSENCES_H_

#include <optional>

#include "absl/time/time.h"
#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// Saturates, so that no value a caller may send overflows.
absl::Time ToTime(const google::protobuf::Timestamp& at);

// `until` is empty when the worker is there, and when nobody knows.
struct Away {
  bool now = false;
  std::optional<absl::Time> until;
};

// The end of the absence that holds at `now`, absences that follow on at once included.
Away AwayAt(const v1::WorkerAvailability& availability, absl::Time now);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_ABSENCES_H_
