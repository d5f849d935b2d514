// Spoils messages as a mutant says.

#ifndef ASC_TESTS_MUTANTS_SPOIL_H_
#define ASC_TESTS_MUTANTS_SPOIL_H_

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/status.h"
#include "tests/mutants/mutant.pb.h"

namespace asc::tests::mutants {

// Whether the edit can be made to messages of this type: INVALID_ARGUMENT says what is wrong with
// its path or its value.
absl::Status CheckEdit(const google::protobuf::Descriptor& type, const Edit& edit);
absl::Status CheckSet(const google::protobuf::Descriptor& type, const Set& set);

// Must have passed CheckEdit. What is not there cannot be spoiled: the message then stays as it is.
void Apply(const Edit& edit, google::protobuf::Message& message);

// Whether setting it would change nothing.
bool IsSet(const Set& set, const google::protobuf::Message& message);

}  // namespace asc::tests::mutants

#endif  // ASC_TESTS_MUTANTS_SPOIL_H_
