// Matchers for absl::Status and absl::StatusOr.

#ifndef ASC_PLATFORM_TESTING_STATUS_MATCHERS_H_
#define ASC_PLATFORM_TESTING_STATUS_MATCHERS_H_

#include <gmock/gmock.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace asc::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}

// EXPECT_THAT(Find(id), IsOk());
MATCHER(IsOk, negation ? "is not OK" : "is OK") {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// EXPECT_THAT(Count(), IsOkAndHolds(3)); the argument is a value or a matcher.
MATCHER_P(IsOkAndHolds, matcher, "is OK and holds a value that matches") {
  if (!arg.ok()) {
    *result_listener << "which is " << arg.status().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(matcher, *arg, result_listener);
}

// EXPECT_THAT(Find(""), StatusIs(absl::StatusCode::kInvalidArgument));
MATCHER_P(StatusIs, code, "has the code " + absl::StatusCodeToString(code)) {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

// EXPECT_THAT(Find(""), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("id:")));
MATCHER_P2(StatusIs, code, message, "has the code " + absl::StatusCodeToString(code)) {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code &&
         ::testing::ExplainMatchResult(message, std::string(StatusOf(arg).message()),
                                       result_listener);
}

}  // namespace asc::testing

#endif  // ASC_PLATFORM_TESTING_STATUS_MATCHERS_H_
