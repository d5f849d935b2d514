#include "gateway/facts.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
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

bool HasPath(const google::protobuf::Descriptor& type, const std::string& path) {
  const google::protobuf::Descriptor* part = &type;
  for (const auto name : absl::StrSplit(path, '.')) {
    if (part == nullptr) return false;
    const FieldDescriptor* field = part->FindFieldByName(std::string(name));
    if (field == nullptr) return false;
    part = IsPart(*field) ? field->message_type() : nullptr;
  }
  return true;
}

void Clear(const std::string& path, Message& known) {
  Message* part = &known;
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (std::size_t at = 0; at < names.size(); ++at) {
    const auto* reflection = part->GetReflection();
    const FieldDescriptor* field = part->GetDescriptor()->FindFieldByName(names[at]);
    if (at + 1 == names.size()) return reflection->ClearField(part, field);
    if (!reflection->HasField(*part, field)) return;
    part = reflection->MutableMessage(part, field);
  }
}

}  // namespace asc::gateway
