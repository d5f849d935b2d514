// What the benchmark calls: the requests of each row.

#ifndef ASC_TESTS_BENCH_TARGETS_H_
#define ASC_TESTS_BENCH_TARGETS_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/bench/load.h"
#include "tests/support/suite.h"

namespace asc::bench {

// The method that does nothing, over gRPC at its server and over HTTP at the door in front.
Target NoOp(const std::string& address);
Target NoOpOverHttp(const std::string& address);

// Writes of something new each time, for invented people.
Target OpenReferral(const testing::Suite& suite);
Target OpenContact(const testing::Suite& suite);
Target OpenContactOverHttp(const testing::Suite& suite);
// A whole decision: a request opened and submitted by one caller, decided by another.
Target DecideFunding(const testing::Suite& suite);

// Reads of referrals that are there, all over the table. NOT_FOUND: there are none.
struct ReferralReads {
  Target grpc;
  Target http;
};
absl::StatusOr<ReferralReads> GetReferral(const testing::Suite& suite);
Target ListReferrals(const testing::Suite& suite);

// Decisions that write nothing.
Target CheckAdvocacy(const testing::Suite& suite);
// On a need that is made for it.
absl::StatusOr<Target> CheckHold(const testing::Suite& suite);
// In the largest directory that is shipped. NOT_FOUND: nothing is found there.
absl::StatusOr<Target> SearchServices(const testing::Suite& suite);

}  // namespace asc::bench

#endif  // ASC_TESTS_BENCH_TARGETS_H_
