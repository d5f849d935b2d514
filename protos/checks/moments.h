// Moments as the checks compare them.

#ifndef ASC_PROTOS_CHECKS_MOMENTS_H_
#define ASC_PROTOS_CHECKS_MOMENTS_H_

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace asc::checks {

// A caller's clock may run this much ahead of ours.
inline constexpr absl::Duration kClockSkewMax = absl::Minutes(5);

// Saturates, so that no value a caller may send overflows.
inline absl::Time ToTime(const google::protobuf::Timestamp& at) {
  return absl::FromUnixSeconds(at.seconds()) + absl::Nanoseconds(at.nanos());
}

inline bool LiesInFuture(const google::protobuf::Timestamp& at, absl::Time now) {
  return ToTime(at) > now + kClockSkewMax;
}

}  // namespace asc::checks

#endif  // ASC_PROTOS_CHECKS_MOMENTS_H_
