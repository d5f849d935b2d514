#include "tests/support/nhs_numbers.h"

namespace asc::testing {

std::string NhsNumberOf(std::uint64_t seed) {
  constexpr std::uint64_t kNumbers = 1'000'000;
  // Of four numbers in a row at most two have the check digit 10, which is not given out.
  constexpr std::uint64_t kEach = 4;
  for (std::uint64_t number = seed % (kNumbers / kEach) * kEach;; ++number) {
    const std::string digits = "999" + std::to_string(kNumbers + number).substr(1);
    int sum = 0;
    for (int at = 0; at < 9; ++at) sum += (10 - at) * (digits[static_cast<std::size_t>(at)] - '0');
    const int check = (11 - sum % 11) % 11;
    if (check != 10) return digits + static_cast<char>('0' + check);
  }
}

}  // namespace asc::testing
