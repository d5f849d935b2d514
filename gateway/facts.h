// Puts facts that arrive later in the place of those known before.

#ifndef ASC_GATEWAY_FACTS_H_
#define ASC_GATEWAY_FACTS_H_

#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace asc::gateway {

// Every field that is set in `given` replaces the one in `known`, a list its whole list; what
// `given` leaves out stays. Both are messages of one type.
void Replace(const google::protobuf::Message& given, google::protobuf::Message& known);

// Whether `path`, names of fields parted by dots, leads to a field of `type`. Nothing within a list
// or a moment has a path.
bool HasPath(const google::protobuf::Descriptor& type, const std::string& path);

// Empties the field at `path`, which HasPath.
void Clear(const std::string& path, google::protobuf::Message& known);

// Whether the field is a message whose own fields are facts of their own.
bool IsPart(const google::protobuf::FieldDescriptor& field);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_FACTS_H_
