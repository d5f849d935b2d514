// NHS numbers of nobody.

#ifndef ASC_TESTS_SUPPORT_NHS_NUMBERS_H_
#define ASC_TESTS_SUPPORT_NHS_NUMBERS_H_

#include <cstdint>
#include <string>

namespace asc::testing {

// A well-formed NHS number from the range kept for tests (it begins with 999). Seeds below 250,000
// have one each.
std::string NhsNumberOf(std::uint64_t seed);

}  // namespace asc::testing

#endif  // ASC_TESTS_SUPPORT_NHS_NUMBERS_H_
