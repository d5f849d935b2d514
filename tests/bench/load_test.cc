#include "tests/bench/load.h"

#include <gtest/gtest.h>

namespace asc::bench {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

TEST(Histogram, GivesEveryQuantileWithinThreePercent) {
  Histogram durations;

  for (int number = 1; number <= 10000; ++number) durations.Add(microseconds(number));

  for (const double share : {0.01, 0.5, 0.9, 0.99, 1.0}) {
    const double expected = share * 10000 * 1000;
    EXPECT_NEAR(static_cast<double>(durations.Quantile(share).count()), expected, expected * 0.03);
  }
}

TEST(Histogram, IsZeroWhenNothingWasAdded) {
  const Histogram durations;

  EXPECT_EQ(durations.Quantile(0.5), nanoseconds(0));
}

TEST(Histogram, KeepsWhatIsLongerThanItsLastBucketInIt) {
  Histogram durations;

  durations.Add(std::chrono::hours(3));

  EXPECT_EQ(durations.count(), 1);
  EXPECT_GT(durations.Quantile(1), std::chrono::minutes(1));
}

}  // namespace
}  // namespace asc::bench
