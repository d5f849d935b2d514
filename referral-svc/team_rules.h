// Which team a referral should go to, by the three criteria (R3 to R5).
//
// Pure, and blind to order: teams, functions, needs and skills may come in any.

#ifndef ASC_REFERRAL_SVC_TEAM_RULES_H_
#define ASC_REFERRAL_SVC_TEAM_RULES_H_

#include <string>
#include <vector>

#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// Every team, best first: first by how well it can do the work and work with this person, then by
// the person's wish, then by id. PERMITTED: the first one is known to be able to do both, and
// neither another team nor the wish speaks against it. CANNOT_TELL: the person and the services
// settle it together. What a team's record leaves empty is not known of it, and a
// person of whom no needs are told may have some. The caller puts in
// policy version and time of decision.
v1::RecommendTeamResponse DecideTeamRanks(const v1::ReferralDetails& details,
                                          const std::string& wished_team_id,
                                          const std::vector<v1::Team>& teams,
                                          const v1::ReferralPolicy& policy);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_TEAM_RULES_H_
