// Fills a referral service's database with more referrals than calls could bring in.

#ifndef ASC_TESTS_BENCH_FILL_H_
#define ASC_TESTS_BENCH_FILL_H_

#include <string>

#include "absl/status/status.h"

namespace asc::bench {

// How the referrals are spread: the same page is full of rows whatever their number.
inline constexpr int kFillTeams = 25;
inline constexpr int kReferralsOfAPerson = 10;
inline constexpr int kReferralsOfAWorker = 100;

struct FillPlan {
  int referrals = 0;
  // Of these, how many wait for allocation; somebody looks at each of them again at some time.
  int waiting = 0;
};

// The ids of the n-th team and person.
std::string TeamId(int n);
std::string PersonId(int n);

// Writes through the service's own stores, in the order of opening, and says how far it is on
// standard output. The service may be running.
absl::Status FillReferrals(const std::string& database, const FillPlan& plan);

}  // namespace asc::bench

#endif  // ASC_TESTS_BENCH_FILL_H_
