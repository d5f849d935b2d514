// Times as contracts carry them.

#ifndef ASC_DIRECTORY_SVC_STAMP_H_
#define ASC_DIRECTORY_SVC_STAMP_H_

#include "absl/time/time.h"
#include "google/protobuf/util/time_util.h"

namespace asc::directory {

inline google::protobuf::Timestamp ToTimestamp(absl::Time at) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(at));
}

inline std::int64_t ToMicros(const google::protobuf::Timestamp& at) {
  return google::protobuf::util::TimeUtil::TimestampToMicroseconds(at);
}

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_STAMP_H_
