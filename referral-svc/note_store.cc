#include "referral-svc/note_store.h"

#include <algorithm>

#include "platform/db/sealed_record.h"
#include "platform/status/macros.h"

namespace asc::referral {

void AddNote(const v1::Referral& referral, const v1::ReferralNote& note, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO referral_note (authority, referral_id, version, said, payload)"
      " VALUES (?, ?, ?, ?, ?)",
      {referral.authority(), referral.referral_id(), note.version(),
       std::int64_t{!note.text().empty()}, db::Sealed(note)});
}

absl::StatusOr<std::map<std::int64_t, v1::ReferralNote>> NotesOf(db::Reader& reader,
                                                                 const std::string& authority,
                                                                 const std::string& referral_id,
                                                                 std::int64_t first_version,
                                                                 std::int64_t last_version) {
  ASC_TRY_ASSIGN(auto found, db::OpenedAll<v1::ReferralNote>(reader.Query(
                                 "SELECT payload FROM referral_note WHERE authority = ?"
                                 " AND referral_id = ? AND version >= ? AND version <= ?",
                                 {authority, referral_id, first_version, last_version})));
  std::map<std::int64_t, v1::ReferralNote> notes;
  for (v1::ReferralNote& note : found) notes[note.version()] = std::move(note);
  return notes;
}

absl::StatusOr<std::vector<v1::ReferralNote>> LatestWords(db::Reader& reader,
                                                          const std::string& authority,
                                                          const std::string& referral_id,
                                                          int limit) {
  ASC_TRY_ASSIGN(auto notes, db::OpenedAll<v1::ReferralNote>(reader.Query(
                                 "SELECT payload FROM referral_note WHERE authority = ?"
                                 " AND referral_id = ? AND said = 1 ORDER BY version DESC LIMIT ?",
                                 {authority, referral_id, std::int64_t{limit}})));
  std::reverse(notes.begin(), notes.end());
  return notes;
}

}  // namespace asc::referral
