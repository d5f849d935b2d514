// Teams, and which of them a referral should go to: what each RPC does, as plain functions.

#ifndef ASC_REFERRAL_SVC_TEAM_METHODS_H_
#define ASC_REFERRAL_SVC_TEAM_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

// The teams that are ranked; no council has as many.
inline constexpr int kRankedTeamsMax = 1000;

// Creates a team, or replaces it under its etag. ABORTED: the etag is stale or missing.
absl::StatusOr<rpc::Result<v1::SetTeamResponse>> SetTeam(const rpc::Call& call,
                                                         const v1::SetTeamRequest& request,
                                                         db::Reader& reader);

absl::StatusOr<v1::GetTeamResponse> GetTeam(const rpc::Call& call,
                                            const v1::GetTeamRequest& request, db::Reader& reader);

// INVALID_ARGUMENT: the page size or token is not good.
absl::StatusOr<v1::ListTeamsResponse> ListTeams(const rpc::Call& call,
                                                const v1::ListTeamsRequest& request,
                                                db::Reader& reader);

// NOT_FOUND when the authority has no such referral.
absl::StatusOr<v1::RecommendTeamResponse> RecommendTeam(const ReferralStore& store,
                                                        const rpc::Call& call,
                                                        const v1::RecommendTeamRequest& request,
                                                        db::Reader& reader);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_TEAM_METHODS_H_
