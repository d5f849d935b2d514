// Who waits for allocation, and what is known of the workers: portable SQL, nothing else.

#ifndef ASC_REFERRAL_SVC_WAITING_STORE_H_
#define ASC_REFERRAL_SVC_WAITING_STORE_H_

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"

namespace asc::referral {

// The row after which the waiting list goes on.
struct WaitingPlace {
  std::int64_t order_points = std::numeric_limits<std::int64_t>::min();
  std::int64_t since_us = std::numeric_limits<std::int64_t>::min();
  std::string referral_id;
};

WaitingPlace PlaceOf(const v1::WaitingEntry& entry);

// Every field that is set narrows the list.
struct WaitingFilter {
  std::string authority;
  std::string team_id = {};
  std::string person_id = {};
  std::string worker_id = {};
  int points_min = std::numeric_limits<int>::min();
  // Only what has something due before this time.
  std::optional<std::int64_t> due_before_us = {};
};

// No team has more workers; a longer list is a fault elsewhere.
inline constexpr int kWorkersMax = 500;

void AddWaiting(const v1::Referral& referral, const v1::WaitingEntry& entry, db::WriteSet& writes);
void RemoveWaiting(const v1::Referral& referral, db::WriteSet& writes);

// In the list's own order. Without person and worker, one index range.
absl::StatusOr<std::vector<v1::WaitingEntry>> ListWaiting(db::Reader& reader,
                                                          const WaitingFilter& filter,
                                                          const WaitingPlace& after, int limit);

// How a referral was ranked last.
absl::StatusOr<std::optional<v1::RankingChange>> LastRanking(db::Reader& reader,
                                                             const std::string& authority,
                                                             const std::string& referral_id);

// The rankings of a referral, by the version that made each.
absl::StatusOr<std::map<std::int64_t, v1::RankingChange>> RankingsOf(db::Reader& reader,
                                                                     const std::string& authority,
                                                                     const std::string& referral_id,
                                                                     std::int64_t first_version,
                                                                     std::int64_t last_version);

// Of this version of the referral.
void AddRanking(const v1::Referral& referral, const v1::RankingChange& change,
                db::WriteSet& writes);

absl::StatusOr<std::optional<v1::WorkerSkills>> FindSkills(db::Reader& reader,
                                                           const std::string& authority,
                                                           const std::string& worker_id);
void AddSkills(const v1::WorkerSkills& skills, db::WriteSet& writes);
void ChangeSkills(const v1::WorkerSkills& skills, db::WriteSet& writes);

// The workers of a team after `after_id`, by id.
absl::StatusOr<std::vector<v1::WorkerSkills>> SkillsOfTeam(db::Reader& reader,
                                                           const std::string& authority,
                                                           const std::string& team_id,
                                                           const std::string& after_id, int limit);

// How many people are allocated to the worker now.
absl::StatusOr<int> AllocatedNow(db::Reader& reader, const std::string& authority,
                                 const std::string& worker_id);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_WAITING_STORE_H_
