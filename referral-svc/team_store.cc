#include "referral-svc/team_store.h"

#include "absl/strings/ascii.h"
#include "platform/db/sealed_record.h"

namespace asc::referral {
namespace {

// Fits the indexed column; longer names that begin alike are told apart by their ids.
constexpr std::size_t kSortNameBytesMax = 200;

}  // namespace

std::string SortNameOf(const v1::Team& team) {
  std::string name = absl::AsciiStrToLower(team.name());
  if (name.size() <= kSortNameBytesMax) return name;
  std::size_t end = kSortNameBytesMax;
  // Not in the middle of a character.
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  name.resize(end);
  return name;
}

absl::StatusOr<std::optional<v1::Team>> FindTeam(db::Reader& reader, const std::string& authority,
                                                 const std::string& team_id) {
  return db::OpenedOne<v1::Team>(reader.QueryOne(
      "SELECT payload FROM team WHERE authority = ? AND team_id = ?", {authority, team_id}));
}

absl::StatusOr<std::vector<v1::Team>> ListTeamRows(db::Reader& reader, const std::string& authority,
                                                   const TeamPlace& after, int limit) {
  return db::OpenedAll<v1::Team>(reader.Query(
      "SELECT payload FROM team WHERE authority = ?"
      " AND sort_name >= ? AND (sort_name > ? OR team_id > ?)"
      " ORDER BY sort_name, team_id LIMIT ?",
      {authority, after.sort_name, after.sort_name, after.team_id, std::int64_t{limit}}));
}

void AddTeam(const v1::Team& team, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO team (authority, team_id, version, sort_name, payload) VALUES (?, ?, ?, ?, ?)",
      {team.authority(), team.team_id(), team.version(), SortNameOf(team), db::Sealed(team)});
}

void ChangeTeam(const v1::Team& team, db::WriteSet& writes) {
  writes.Update(
      "UPDATE team SET version = ?, sort_name = ?, payload = ?"
      " WHERE authority = ? AND team_id = ? AND version = ?",
      {team.version(), SortNameOf(team), db::Sealed(team), team.authority(), team.team_id(),
       team.version() - 1});
}

}  // namespace asc::referral
