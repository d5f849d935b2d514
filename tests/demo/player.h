// Plays contact files against freshly started services and tells what came of them.

#ifndef ASC_TESTS_DEMO_PLAYER_H_
#define ASC_TESTS_DEMO_PLAYER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/contacts/contact_case.pb.h"
#include "tests/support/caller.h"

namespace asc::demo {

// By code, what people call the authorities that a folder's files name.
absl::StatusOr<std::map<std::string, std::string>> LoadNames(const std::string& folder);

// What playing one contact came to.
struct Played {
  // Everything that was said and decided, in plain words.
  std::string told;
  // Each difference from what the file demands; empty: it came out as the procedure says.
  std::vector<std::string> differences;
};

// A call that fails is a difference too, and ends the contact. `authority` as people call it.
Played Play(const tests::contacts::ContactCase& contact_case, const std::string& authority,
            testing::Caller& caller);

}  // namespace asc::demo

#endif  // ASC_TESTS_DEMO_PLAYER_H_
