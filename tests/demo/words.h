// What the contracts name by codes, as a practitioner would say it.

#ifndef ASC_TESTS_DEMO_WORDS_H_
#define ASC_TESTS_DEMO_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "asc/type/v1/decision.pb.h"

namespace asc::demo {

// No line that is told is longer, so that it fits a terminal and a printed page.
inline constexpr std::size_t kColumns = 100;

// "CHANNEL_TELEPHONE" as "telephone", "ROUTE_OUTCOME_DO_NOT_TRANSFER" as a clause. A name that
// nobody has put into words is told in small letters.
std::string InWords(const std::string& enum_name);

// "must", "should" ...
std::string WordOf(type::v1::Strength strength);

// "now", "within 4 hours" ...
std::string After(std::int64_t seconds);

// `text` behind `mark` (spaces, perhaps with a bullet), in lines of at most kColumns; the later
// ones stand under the first word. Ends with a new line.
std::string Wrapped(const std::string& mark, const std::string& text);

// What a practitioner could not read in a text: lines that are too long, names of codes.
std::vector<std::string> Unreadable(const std::string& told);

}  // namespace asc::demo

#endif  // ASC_TESTS_DEMO_WORDS_H_
