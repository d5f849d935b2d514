#include "tests/mutants/spoil.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>

#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace asc::tests::mutants {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The contracts allow no page of more than 200.
constexpr int kMoreThanAnyPage = 201;

// One part of a path: a field, and which of its elements.
struct Part {
  std::string field;
  // -1: each.
  int element = -1;
};

std::vector<Part> PartsOf(const std::string& path) {
  std::vector<Part> parts;
  const std::vector<std::string> texts = absl::StrSplit(path, '.');
  for (const std::string& text : texts) {
    Part part;
    const std::size_t bracket = text.find('[');
    part.field = text.substr(0, bracket);
    if (bracket != std::string::npos) {
      const std::string number = text.substr(bracket + 1, text.size() - bracket - 2);
      if (!absl::SimpleAtoi(number, &part.element)) part.field = text;
    }
    parts.push_back(part);
  }
  return parts;
}

// The field a path leads to; null: it leads nowhere.
const FieldDescriptor* FieldAt(const Descriptor& type, const std::vector<Part>& parts) {
  const Descriptor* at = &type;
  const FieldDescriptor* field = nullptr;
  for (const Part& part : parts) {
    if (at == nullptr) return nullptr;
    field = at->FindFieldByName(part.field);
    if (field == nullptr) return nullptr;
    at = field->message_type();
  }
  return field;
}

using Leaf = std::function<void(Message& parent, const FieldDescriptor& field)>;

// Visits the field at the path, in every message it leads through. `create`: also where a message
// on the way is not set.
void Visit(Message& message, const std::vector<Part>& parts, std::size_t at, bool create,
           const Leaf& leaf) {
  const FieldDescriptor& field = *message.GetDescriptor()->FindFieldByName(parts[at].field);
  if (at + 1 == parts.size()) return leaf(message, field);
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    if (!create && !reflection.HasField(message, &field)) return;
    return Visit(*reflection.MutableMessage(&message, &field), parts, at + 1, create, leaf);
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (parts[at].element >= 0 && parts[at].element != i) continue;
    Visit(*reflection.MutableRepeatedMessage(&message, &field, i), parts, at + 1, create, leaf);
  }
}

void Merge(const std::string& value, Message& parent, const FieldDescriptor& field) {
  const std::string text = absl::StrCat(field.name(), ": ", value);
  google::protobuf::TextFormat::Parser().MergeFromString(text, &parent);
}

std::string FreshValue() {
  static std::mt19937_64 random{std::random_device{}()};
  return absl::StrCat("mutant-", absl::Hex(random(), absl::kZeroPad16));
}

void DropFirst(Message& parent, const FieldDescriptor& field) {
  const Reflection& reflection = *parent.GetReflection();
  const int size = reflection.FieldSize(parent, &field);
  for (int i = 0; i + 1 < size; ++i) reflection.SwapElements(&parent, &field, i, i + 1);
  if (size > 0) reflection.RemoveLast(&parent, &field);
}

void DropLast(Message& parent, const FieldDescriptor& field) {
  const Reflection& reflection = *parent.GetReflection();
  if (reflection.FieldSize(parent, &field) > 0) reflection.RemoveLast(&parent, &field);
}

void Reverse(Message& parent, const FieldDescriptor& field) {
  const Reflection& reflection = *parent.GetReflection();
  const int size = reflection.FieldSize(parent, &field);
  for (int i = 0; i < size / 2; ++i) {
    reflection.SwapElements(&parent, &field, i, size - 1 - i);
  }
}

void RepeatLast(Message& parent, const FieldDescriptor& field, int size) {
  const Reflection& reflection = *parent.GetReflection();
  while (reflection.FieldSize(parent, &field) < size) {
    const int last = reflection.FieldSize(parent, &field) - 1;
    Message& added = *reflection.AddMessage(&parent, &field);
    if (last >= 0) added.CopyFrom(reflection.GetRepeatedMessage(parent, &field, last));
  }
}

std::string PathOf(const Edit& edit) {
  switch (edit.what_case()) {
    case Edit::kClear:
      return edit.clear();
    case Edit::kSet:
      return edit.set().path();
    case Edit::kFresh:
      return edit.fresh();
    case Edit::kTrim:
      return edit.trim();
    case Edit::kReverse:
      return edit.reverse();
    case Edit::kDropFirst:
      return edit.drop_first();
    case Edit::kDropLast:
      return edit.drop_last();
    case Edit::kRepeatLast:
      return edit.repeat_last();
    case Edit::kOverfill:
      return edit.overfill();
    case Edit::WHAT_NOT_SET:
      return "";
  }
  return "";
}

void ApplyAt(const Edit& edit, Message& parent, const FieldDescriptor& field) {
  const Reflection& reflection = *parent.GetReflection();
  switch (edit.what_case()) {
    case Edit::kClear:
      return reflection.ClearField(&parent, &field);
    case Edit::kSet:
      return Merge(edit.set().to(), parent, field);
    case Edit::kFresh:
      return reflection.SetString(&parent, &field, FreshValue());
    case Edit::kTrim: {
      std::string text = reflection.GetString(parent, &field);
      absl::StripAsciiWhitespace(&text);
      return reflection.SetString(&parent, &field, text);
    }
    case Edit::kReverse:
      return Reverse(parent, field);
    case Edit::kDropFirst:
      return DropFirst(parent, field);
    case Edit::kDropLast:
      return DropLast(parent, field);
    case Edit::kRepeatLast:
      return RepeatLast(parent, field, reflection.FieldSize(parent, &field) + 1);
    case Edit::kOverfill:
      return RepeatLast(parent, field, kMoreThanAnyPage);
    case Edit::WHAT_NOT_SET:
      return;
  }
}

// Whether the field is of the kind the edit is for.
bool Fits(const Edit& edit, const FieldDescriptor& field) {
  switch (edit.what_case()) {
    case Edit::kClear:
    case Edit::kSet:
      return true;
    case Edit::kFresh:
    case Edit::kTrim:
      return !field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    case Edit::kReverse:
    case Edit::kDropFirst:
    case Edit::kDropLast:
      return field.is_repeated();
    case Edit::kRepeatLast:
    case Edit::kOverfill:
      return field.is_repeated() && field.message_type() != nullptr;
    case Edit::WHAT_NOT_SET:
      return false;
  }
  return false;
}

}  // namespace

absl::Status CheckSet(const Descriptor& type, const Set& set) {
  const FieldDescriptor* const field = FieldAt(type, PartsOf(set.path()));
  if (field == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(type.name(), " has no ", set.path()));
  }
  const auto* const prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(field->containing_type());
  const std::unique_ptr<Message> parent(prototype->New());
  const std::string text = absl::StrCat(field->name(), ": ", set.to());
  if (google::protobuf::TextFormat::ParseFromString(text, parent.get())) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(set.path(), " cannot be ", set.to()));
}

absl::Status CheckEdit(const Descriptor& type, const Edit& edit) {
  const std::string path = PathOf(edit);
  const FieldDescriptor* const field = FieldAt(type, PartsOf(path));
  if (field == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(type.name(), " has no '", path, "'"));
  }
  if (!Fits(edit, *field)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": not for ", edit.ShortDebugString()));
  }
  return edit.has_set() ? CheckSet(type, edit.set()) : absl::OkStatus();
}

void Apply(const Edit& edit, Message& message) {
  const bool create = edit.has_set() || edit.has_fresh();
  Visit(message, PartsOf(PathOf(edit)), 0, create,
        [&edit](Message& parent, const FieldDescriptor& field) { ApplyAt(edit, parent, field); });
}

bool IsSet(const Set& set, const Message& message) {
  const std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  Edit edit;
  *edit.mutable_set() = set;
  Apply(edit, *copy);
  return google::protobuf::util::MessageDifferencer::Equals(*copy, message);
}

}  // namespace asc::tests::mutants
