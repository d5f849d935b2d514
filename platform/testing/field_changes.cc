#include "platform/testing/field_changes.h"

#include <memory>

#include "absl/strings/str_cat.h"

namespace asc::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using LeaveOut = std::function<bool(const FieldDescriptor&)>;
using Visit = std::function<void(const std::string& path)>;

// Another value of the enum than this one, and never the unspecified one.
int OtherEnum(const FieldDescriptor& field, int value) {
  return value % (field.enum_type()->value_count() - 1) + 1;
}

void ChangeValue(Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&message, &field, !reflection.GetBool(message, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&message, &field, reflection.GetInt32(message, &field) + 1);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&message, &field, reflection.GetInt64(message, &field) + 1);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(&message, &field,
                                     OtherEnum(field, reflection.GetEnumValue(message, &field)));
    default:
      return reflection.SetString(&message, &field, reflection.GetString(message, &field) + "9");
  }
}

void RemoveItem(Message& message, const FieldDescriptor& field, int at) {
  const Reflection& reflection = *message.GetReflection();
  for (int next = at; next + 1 < reflection.FieldSize(message, &field); ++next) {
    reflection.SwapElements(&message, &field, next, next + 1);
  }
  reflection.RemoveLast(&message, &field);
}

void ChangeBelow(Message& message, const std::string& path, const LeaveOut& leave_out,
                 const Visit& visit) {
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (leave_out(field)) continue;
    const std::string here = absl::StrCat(path, ".", field.name());
    const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    const std::unique_ptr<Message> before(message.New());
    before->CopyFrom(message);
    if (field.is_repeated()) {
      for (int at = 0; at < reflection.FieldSize(*before, &field); ++at) {
        RemoveItem(message, field, at);
        visit(absl::StrCat(here, "[", at, "] removed"));
        message.CopyFrom(*before);
        if (!is_message) continue;
        ChangeBelow(*reflection.MutableRepeatedMessage(&message, &field, at),
                    absl::StrCat(here, "[", at, "]"), leave_out, visit);
      }
    } else if (is_message) {
      if (!reflection.HasField(message, &field)) continue;
      ChangeBelow(*reflection.MutableMessage(&message, &field), here, leave_out, visit);
    } else if (reflection.HasField(message, &field) ||
               field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
      ChangeValue(message, field);
      visit(here);
      message.CopyFrom(*before);
    }
  }
}

}  // namespace

void EachFieldChange(Message& message, const LeaveOut& leave_out, const Visit& visit) {
  ChangeBelow(message, "", leave_out, visit);
}

}  // namespace asc::testing
