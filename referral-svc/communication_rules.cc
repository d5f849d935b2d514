#include "referral-svc/communication_rules.h"

namespace asc::referral {

using type::v1::ANSWER_NO;
using type::v1::ANSWER_UNKNOWN;
using type::v1::ANSWER_YES;

type::v1::Answer HasNeeds(const v1::Communication& communication) {
  if (!communication.needs().empty()) return ANSWER_YES;
  return communication.any() == ANSWER_NO ? ANSWER_NO : ANSWER_UNKNOWN;
}

v1::Communication ForOthers(const v1::Communication& communication) {
  v1::Communication told;
  // That there are needs which stay unnamed is not told either.
  for (const v1::CommunicationNeed& need : communication.needs()) {
    if (need.may_be_shared() != ANSWER_NO) *told.add_needs() = need;
  }
  if (communication.needs().empty() || !told.needs().empty()) told.set_any(communication.any());
  return told;
}

}  // namespace asc::referral
