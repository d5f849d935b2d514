// What a refused request is refused for.

#ifndef ASC_PLATFORM_TESTING_REFUSED_FIELDS_H_
#define ASC_PLATFORM_TESTING_REFUSED_FIELDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/rpc/error_details.pb.h"

namespace asc::testing {

// The fields named by the details of an INVALID_ARGUMENT, in their order; none for any other
// status.
inline std::vector<std::string> FieldsOf(const absl::Status& status) {
  google::rpc::BadRequest bad;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  if (payload.has_value()) bad.ParseFromString(std::string(*payload));
  std::vector<std::string> fields;
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  return fields;
}

}  // namespace asc::testing

#endif  // ASC_PLATFORM_TESTING_REFUSED_FIELDS_H_
