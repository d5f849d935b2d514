// What was said with each version of a referral: portable SQL, nothing else.

#ifndef ASC_REFERRAL_SVC_NOTE_STORE_H_
#define ASC_REFERRAL_SVC_NOTE_STORE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"

namespace asc::referral {

// Of this version of the referral.
void AddNote(const v1::Referral& referral, const v1::ReferralNote& note, db::WriteSet& writes);

// The notes of a referral, by the version each belongs to.
absl::StatusOr<std::map<std::int64_t, v1::ReferralNote>> NotesOf(db::Reader& reader,
                                                                 const std::string& authority,
                                                                 const std::string& referral_id,
                                                                 std::int64_t first_version,
                                                                 std::int64_t last_version);

// The newest `limit` of those that hold words, oldest first.
absl::StatusOr<std::vector<v1::ReferralNote>> LatestWords(db::Reader& reader,
                                                          const std::string& authority,
                                                          const std::string& referral_id,
                                                          int limit);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_NOTE_STORE_H_
