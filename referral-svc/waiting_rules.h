// Who waits first (AL1), and who is best placed to work with somebody (AL2, AL3). Pure; no order of
// anything that comes in changes what comes out.

#ifndef ASC_REFERRAL_SVC_WAITING_RULES_H_
#define ASC_REFERRAL_SVC_WAITING_RULES_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// Its place in the list, explained factor by factor. Under a policy without factors nobody has
// points, and the list goes by waiting time.
v1::WaitingEntry RankWaiting(const v1::Referral& referral, const v1::ReferralPolicy& policy);

// How a referral is ranked now, beside how it was ranked `last`, if it was.
v1::RankingChange CompareRanking(const std::optional<v1::RankingChange>& last,
                                 const v1::PriorityFactors& factors, const v1::WaitingEntry& entry);

// Whether points or what is known are others than before.
bool IsRankedAnew(const v1::RankingChange& change);

// AL1, with a question for each factor that is not known. NOT_COVERED where the procedure ranks
// nobody.
v1::Decision DecidePriority(const v1::PriorityFactors& factors, const v1::ReferralPolicy& policy);

// What RankWaiting gives, for the list's own order: points, then waiting time, then id.
bool WaitsBefore(const v1::WaitingEntry& a, const v1::WaitingEntry& b);

v1::ReferralSummary SummaryOfReferral(const v1::Referral& referral);

// A worker, with how many people are allocated to them now.
struct Candidate {
  v1::WorkerSkills skills;
  int allocated_now = 0;
};

// The workers who meet more of the three criteria first, then who carries less, then by id. Nobody
// is left out. NOT_COVERED, with the same ranking, where the procedure says nothing of it.
v1::RecommendWorkerResponse RankWorkers(const v1::Referral& referral,
                                        const std::vector<Candidate>& candidates,
                                        const std::string& wished_worker_id,
                                        const v1::ReferralPolicy& policy);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_WAITING_RULES_H_
