// How long a looping test runs: a slice in scripts/test, as long as asked for in scripts/soak.

#ifndef ASC_TESTS_SUPPORT_SOAK_H_
#define ASC_TESTS_SUPPORT_SOAK_H_

#include <chrono>
#include <cstdlib>
#include <string>

namespace asc::testing {

// ASC_SOAK_ROUNDS, else `slice`.
inline int SoakRounds(int slice) {
  const char* rounds = std::getenv("ASC_SOAK_ROUNDS");
  return rounds == nullptr ? slice : std::atoi(rounds);
}

// ASC_SOAK_SECONDS, else `slice`.
inline std::chrono::seconds SoakSeconds(std::chrono::seconds slice) {
  const char* seconds = std::getenv("ASC_SOAK_SECONDS");
  return seconds == nullptr ? slice : std::chrono::seconds(std::atoi(seconds));
}

// ASC_SOAK_SEED, else the clock; say it in the test's output, so that a run can be had again.
inline unsigned SoakSeed() {
  const char* seed = std::getenv("ASC_SOAK_SEED");
  if (seed != nullptr) return static_cast<unsigned>(std::atoi(seed));
  return static_cast<unsigned>(std::chrono::system_clock::now().time_since_epoch().count());
}

}  // namespace asc::testing

#endif  // ASC_TESTS_SUPPORT_SOAK_H_
