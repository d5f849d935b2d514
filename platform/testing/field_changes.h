// Every single change of a message: what a test of data needs to show that each part of it is felt.

#ifndef ASC_PLATFORM_TESTING_FIELD_CHANGES_H_
#define ASC_PLATFORM_TESTING_FIELD_CHANGES_H_

#include <functional>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace asc::testing {

// Makes one change below `message` after the other, calls `visit` with the path of what is changed
// (".actions[3].due", ".steps[0] removed"), and puts it back: each value that is set gets another
// one, each flag is turned, each item of a list is taken away. A field of the message itself, at
// any depth, for which `leave_out` holds is left alone, with all that is below it.
void EachFieldChange(google::protobuf::Message& message,
                     const std::function<bool(const google::protobuf::FieldDescriptor&)>& leave_out,
                     const std::function<void(const std::string& path)>& visit);

}  // namespace asc::testing

#endif  // ASC_PLATFORM_TESTING_FIELD_CHANGES_H_
