// Strict JSON into a protobuf message, with every fault at once.

#ifndef ASC_PLATFORM_HTTP_JSON_TO_PROTO_H_
#define ASC_PLATFORM_HTTP_JSON_TO_PROTO_H_

#include <string>

#include "google/protobuf/message.h"
#include "platform/rpc/errors.h"

namespace asc::http {

// Objects and arrays inside one another at most; the deepest contract needs seven.
inline constexpr int kJsonDepthMax = 32;

// Merges `json`, one object in proto3's JSON mapping, into `message`. Names may be lowerCamelCase
// or as in the proto. Stricter than the mapping: a name twice in one object, an unknown name, and
// anything but RFC 8259 JSON in valid UTF-8 are faults.
//
// Faults are added to `violations` with the path of the field, never with the content; text that is
// not JSON at all is one fault without a path, and then nothing else is checked. Returns true when
// there was no fault.
bool MergeJson(const std::string& json, google::protobuf::Message& message,
               rpc::Violations& violations);

// Sets the field at `path` ("person.full_name") from the text of a URL: a path variable or a query
// parameter. A repeated field takes one more item. The same faults as above.
bool SetFromText(const std::string& path, const std::string& text,
                 google::protobuf::Message& message, rpc::Violations& violations);

}  // namespace asc::http

#endif  // ASC_PLATFORM_HTTP_JSON_TO_PROTO_H_
