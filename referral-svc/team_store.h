// Keeping teams: portable SQL, nothing else. Reads go through a borrowed Reader; writes are added
// to a WriteSet. Every function works on one authority only.

#ifndef ASC_REFERRAL_SVC_TEAM_STORE_H_
#define ASC_REFERRAL_SVC_TEAM_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"

namespace asc::referral {

// What a team is listed by: the beginning of its name, in small letters.
std::string SortNameOf(const v1::Team& team);

// A place in the list of teams: the row after which it goes on. Both empty: from the start.
struct TeamPlace {
  std::string sort_name;
  std::string team_id;
};

// Nothing when the authority has no such team.
absl::StatusOr<std::optional<v1::Team>> FindTeam(db::Reader& reader, const std::string& authority,
                                                 const std::string& team_id);

// At most `limit` teams by name, then by id, from `after` on; one index range.
absl::StatusOr<std::vector<v1::Team>> ListTeamRows(db::Reader& reader, const std::string& authority,
                                                   const TeamPlace& after, int limit);

void AddTeam(const v1::Team& team, db::WriteSet& writes);
// `team` is the new version; the one before it must still be there.
void ChangeTeam(const v1::Team& team, db::WriteSet& writes);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_TEAM_STORE_H_
