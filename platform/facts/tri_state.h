// Three-valued logic over facts: what is not known stays not known unless the rest settles it.

#ifndef ASC_PLATFORM_FACTS_TRI_STATE_H_
#define ASC_PLATFORM_FACTS_TRI_STATE_H_

#include "asc/type/v1/answer.pb.h"

namespace asc::facts {

using type::v1::Answer;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_UNKNOWN;
using type::v1::ANSWER_YES;

// YES, NO or UNKNOWN; everything else counts as UNKNOWN.
inline Answer Known(Answer answer) {
  return answer == ANSWER_YES || answer == ANSWER_NO ? answer : ANSWER_UNKNOWN;
}

inline bool IsUnknown(Answer answer) { return Known(answer) == ANSWER_UNKNOWN; }

inline Answer FromBool(bool value) { return value ? ANSWER_YES : ANSWER_NO; }

inline Answer Not(Answer a) {
  if (IsUnknown(a)) return ANSWER_UNKNOWN;
  return a == ANSWER_YES ? ANSWER_NO : ANSWER_YES;
}

inline Answer And(Answer a, Answer b) {
  if (a == ANSWER_NO || b == ANSWER_NO) return ANSWER_NO;
  return a == ANSWER_YES && b == ANSWER_YES ? ANSWER_YES : ANSWER_UNKNOWN;
}

inline Answer Or(Answer a, Answer b) {
  if (a == ANSWER_YES || b == ANSWER_YES) return ANSWER_YES;
  return a == ANSWER_NO && b == ANSWER_NO ? ANSWER_NO : ANSWER_UNKNOWN;
}

// `then` when `condition` is YES, `otherwise` when it is NO. While that is not known, the answer is
// known only where both are the same.
inline Answer Either(Answer condition, Answer then, Answer otherwise) {
  if (condition == ANSWER_YES) return Known(then);
  if (condition == ANSWER_NO) return Known(otherwise);
  return Known(then) == Known(otherwise) ? Known(then) : ANSWER_UNKNOWN;
}

}  // namespace asc::facts

#endif  // ASC_PLATFORM_FACTS_TRI_STATE_H_
