#include "gateway/facts.h"

#include <vector>

#include "google/protobuf/descriptor.h"

namespace asc::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A moment is one value: its seconds must not keep the nanoseconds of another.
bool IsWhole(const FieldDescriptor& field) {
  return field.message_type()->full_name() == "google.protobuf.Timestamp";
}

}  // namespace

bool IsPart(const FieldDescriptor& field) {
  return !field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         !IsWhole(field);
}

void Replace(const Message& given, Message& known) {
  const auto* reflection = given.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(given, &fields);
  for (const FieldDescriptor* field : fields) {
    if (IsPart(*field)) {
      Replace(reflection->GetMessage(given, field), *reflection->MutableMessage(&known, field));
    } else {
      reflection->ClearField(&known, field);
    }
  }
  // Messages are done above; what was cleared is now taken over by merging the rest.
  const std::unique_ptr<Message> rest(given.New());
  rest->CopyFrom(given);
  for (const FieldDescriptor* field : fields) {
    if (IsPart(*field)) reflection->ClearField(rest.get(), field);
  }
  known.MergeFrom(*rest);
}

}  // namespace asc::gateway
