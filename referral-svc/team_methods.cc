#include "referral-svc/team_methods.h"

#include <string>
#include <utility>

#include "platform/rpc/errors.h"
#include "platform/rpc/paging.h"
#include "platform/status/macros.h"
#include "referral-svc/stamp.h"
#include "referral-svc/team_rules.h"
#include "referral-svc/team_store.h"

namespace asc::referral {

absl::StatusOr<rpc::Result<v1::SetTeamResponse>> SetTeam(const rpc::Call& call,
                                                         const v1::SetTeamRequest& request,
                                                         db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto before, FindTeam(reader, call.authority, request.team_id()));
  const std::int64_t version = before.has_value() ? before->version() : 0;
  const bool current =
      request.etag().empty() ? version == 0 : rpc::VersionOf(request.etag()) == version;
  if (!current) {
    return rpc::StaleEtag("team", request.team_id(), version == 0 ? "" : rpc::EtagOf(version));
  }
  rpc::Result<v1::SetTeamResponse> result;
  v1::Team& team = *result.response.mutable_team();
  team.set_team_id(request.team_id());
  team.set_authority(call.authority);
  team.set_version(version + 1);
  team.set_etag(rpc::EtagOf(version + 1));
  team.set_name(request.name());
  *team.mutable_functions() = request.functions();
  *team.mutable_needs_covered() = request.needs_covered();
  *team.mutable_communication_skills() = request.communication_skills();
  *team.mutable_subjects() = request.subjects();
  version == 0 ? AddTeam(team, result.writes) : ChangeTeam(team, result.writes);
  result.writes.Append({.record_type = "team",
                        .record_id = team.team_id(),
                        .record_version = team.version(),
                        .type = "team.set"});
  return result;
}

absl::StatusOr<v1::GetTeamResponse> GetTeam(const rpc::Call& call,
                                            const v1::GetTeamRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(auto team, FindTeam(reader, call.authority, request.team_id()));
  if (!team.has_value()) return rpc::NotFound("team", request.team_id());
  v1::GetTeamResponse response;
  *response.mutable_team() = *std::move(team);
  return response;
}

absl::StatusOr<v1::ListTeamsResponse> ListTeams(const rpc::Call& call,
                                                const v1::ListTeamsRequest& request,
                                                db::Reader& reader) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  TeamPlace after;
  if (page.after.size() == 2) after = {page.after[0], page.after[1]};
  ASC_TRY_ASSIGN(auto rows, ListTeamRows(reader, call.authority, after, page.size + 1));
  v1::ListTeamsResponse response;
  if (rows.size() > static_cast<std::size_t>(page.size)) {
    rows.pop_back();
    response.set_next_page_token(
        rpc::PageToken(request, {SortNameOf(rows.back()), rows.back().team_id()}));
  }
  for (auto& row : rows) *response.add_teams() = std::move(row);
  return response;
}

absl::StatusOr<v1::RecommendTeamResponse> RecommendTeam(const ReferralStore& store,
                                                        const rpc::Call& call,
                                                        const v1::RecommendTeamRequest& request,
                                                        db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto referral,
                 store.FindReferral(reader, call.authority, request.referral_id()));
  if (!referral.has_value()) return rpc::NotFound("referral", request.referral_id());
  ASC_TRY_ASSIGN(const auto teams, ListTeamRows(reader, call.authority, {}, kRankedTeamsMax));
  v1::RecommendTeamResponse response = DecideTeamRanks(
      referral->details(), request.wished_team_id(), teams, call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, *response.mutable_decision());
  return response;
}

}  // namespace asc::referral
