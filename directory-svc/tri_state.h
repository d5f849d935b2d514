// Three-valued logic over facts: what is not known stays not known unless the rest settles it.

#ifndef ASC_DIRECTORY_SVC_TRI_STATE_H_
#define ASC_DIRECTORY_SVC_TRI_STATE_H_

#include "asc/type/v1/answer.pb.h"

namespace asc::directory {

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

inline Answer And(Answer a, Answer b) {
  if (a == ANSWER_NO || b == ANSWER_NO) return ANSWER_NO;
  return a == ANSWER_YES && b == ANSWER_YES ? ANSWER_YES : ANSWER_UNKNOWN;
}

inline Answer Or(Answer a, Answer b) {
  if (a == ANSWER_YES || b == ANSWER_YES) return ANSWER_YES;
  return a == ANSWER_NO && b == ANSWER_NO ? ANSWER_NO : ANSWER_UNKNOWN;
}

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_TRI_STATE_H_
