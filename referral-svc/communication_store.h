// A person's communication needs, wherever a record of theirs is read (R2; after the Accessible
// Information Standard). They stand in referrals and are written nowhere else.

#ifndef ASC_REFERRAL_SVC_COMMUNICATION_STORE_H_
#define ASC_REFERRAL_SVC_COMMUNICATION_STORE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "platform/status/macros.h"
#include "referral-svc/communication_rules.h"

namespace asc::referral {

// HasNeeds as a column: 0 where nobody has asked.
std::int64_t NeedsColumn(const v1::Communication& communication);
type::v1::Answer NeedsOfColumn(std::int64_t column);

// What the person's latest referral that tells of communication needs says of them; empty: none
// does.
absl::StatusOr<v1::Communication> CommunicationOf(db::Reader& reader, const std::string& authority,
                                                  const std::string& person_id);

// Puts it into a record that is given to a caller. To be called after the record is written.
template <class Record>
absl::Status AddCommunication(const rpc::Call& call, const std::string& person_id,
                              db::Reader& reader, Record& record) {
  ASC_TRY_ASSIGN(v1::Communication known, CommunicationOf(reader, call.authority, person_id));
  if (HasNeeds(known) != type::v1::ANSWER_UNKNOWN) *record.mutable_communication() = known;
  return absl::OkStatus();
}

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_COMMUNICATION_STORE_H_
