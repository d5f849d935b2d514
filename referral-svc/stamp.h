// What every decision and record carries of the call that made it.

#ifndef ASC_REFERRAL_SVC_STAMP_H_
#define ASC_REFERRAL_SVC_STAMP_H_

#include "absl/time/time.h"
#include "asc/referral/v1/referral.pb.h"
#include "google/protobuf/util/time_util.h"
#include "platform/rpc/call.h"

namespace asc::referral {

inline google::protobuf::Timestamp ToTimestamp(absl::Time at) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(at));
}

// Puts in the policy and the time that `decision` was made under.
inline void Stamp(const rpc::Call& call, v1::Decision& decision) {
  *decision.mutable_policy_version() = call.PolicyVersion();
  *decision.mutable_decided_at() = ToTimestamp(call.now);
}

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_STAMP_H_
