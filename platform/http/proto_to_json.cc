#include "platform/http/proto_to_json.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/time_util.h"

namespace asc::http {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::util::TimeUtil;

class Printer {
 public:
  // False: something in it has no JSON.
  bool Print(const Message& message) {
    const Descriptor* type = message.GetDescriptor();
    if (type->file()->package() == "google.protobuf") return PrintWellKnown(message);
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    json_.StartObject();
    for (const FieldDescriptor* field : fields) {
      Key(field->json_name());
      if (field->is_map() ? !PrintMap(message, reflection, field)
                          : !PrintField(message, reflection, field)) {
        return false;
      }
    }
    json_.EndObject();
    return true;
  }

  std::string text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  void Key(const std::string& key) {
    json_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
  }
  bool Text(const std::string& text) {
    return json_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }

  bool PrintField(const Message& message, const Reflection& reflection,
                  const FieldDescriptor* field) {
    if (!field->is_repeated()) return PrintValue(message, reflection, field, -1);
    json_.StartArray();
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (!PrintValue(message, reflection, field, i)) return false;
    }
    return json_.EndArray();
  }

  // In the order of the keys, so that equal messages look equal.
  bool PrintMap(const Message& message, const Reflection& reflection,
                const FieldDescriptor* field) {
    const FieldDescriptor* key = field->message_type()->map_key();
    std::vector<std::pair<std::string, const Message*>> entries;
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      const Message& entry = reflection.GetRepeatedMessage(message, field, i);
      entries.emplace_back(KeyOf(entry, key), &entry);
    }
    std::sort(entries.begin(), entries.end());
    json_.StartObject();
    for (const auto& [name, entry] : entries) {
      Key(name);
      if (!PrintValue(*entry, *entry->GetReflection(), field->message_type()->map_value(), -1)) {
        return false;
      }
    }
    return json_.EndObject();
  }

  static std::string KeyOf(const Message& entry, const FieldDescriptor* key) {
    const Reflection& reflection = *entry.GetReflection();
    switch (key->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.GetString(entry, key);
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.GetBool(entry, key) ? "true" : "false";
      case FieldDescriptor::CPPTYPE_INT32:
        return absl::StrCat(reflection.GetInt32(entry, key));
      case FieldDescriptor::CPPTYPE_UINT32:
        return absl::StrCat(reflection.GetUInt32(entry, key));
      case FieldDescriptor::CPPTYPE_UINT64:
        return absl::StrCat(reflection.GetUInt64(entry, key));
      default:
        return absl::StrCat(reflection.GetInt64(entry, key));
    }
  }

  // The field's value, or the item `i` of a repeated one.
  bool PrintValue(const Message& message, const Reflection& reflection,
                  const FieldDescriptor* field, int i) {
    const auto get = [&](auto one, auto item) {
      return i < 0 ? (reflection.*one)(message, field) : (reflection.*item)(message, field, i);
    };
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Print(i < 0 ? reflection.GetMessage(message, field)
                           : reflection.GetRepeatedMessage(message, field, i));
      case FieldDescriptor::CPPTYPE_ENUM:
        return PrintEnum(field, get(&Reflection::GetEnumValue, &Reflection::GetRepeatedEnumValue));
      case FieldDescriptor::CPPTYPE_BOOL:
        return json_.Bool(get(&Reflection::GetBool, &Reflection::GetRepeatedBool));
      case FieldDescriptor::CPPTYPE_INT32:
        return json_.Int(get(&Reflection::GetInt32, &Reflection::GetRepeatedInt32));
      case FieldDescriptor::CPPTYPE_UINT32:
        return json_.Uint(get(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32));
      // Too large for the numbers of JavaScript.
      case FieldDescriptor::CPPTYPE_INT64:
        return Text(absl::StrCat(get(&Reflection::GetInt64, &Reflection::GetRepeatedInt64)));
      case FieldDescriptor::CPPTYPE_UINT64:
        return Text(absl::StrCat(get(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64)));
      case FieldDescriptor::CPPTYPE_FLOAT:
        return PrintNumber(get(&Reflection::GetFloat, &Reflection::GetRepeatedFloat));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return PrintNumber(get(&Reflection::GetDouble, &Reflection::GetRepeatedDouble));
      case FieldDescriptor::CPPTYPE_STRING:
        break;
    }
    std::string scratch;
    const std::string& text =
        i < 0 ? reflection.GetStringReference(message, field, &scratch)
              : reflection.GetRepeatedStringReference(message, field, i, &scratch);
    return field->type() == FieldDescriptor::TYPE_BYTES ? Text(absl::Base64Escape(text))
                                                        : Text(text);
  }

  // A value that this contract does not know is told by its number.
  bool PrintEnum(const FieldDescriptor* field, int number) {
    const auto* value = field->enum_type()->FindValueByNumber(number);
    return value == nullptr ? json_.Int(number) : Text(value->name());
  }

  // The shortest text that is read back as the same number.
  template <class Number>
  bool PrintNumber(Number number) {
    if (std::isnan(number)) return Text("NaN");
    if (std::isinf(number)) return Text(number < 0 ? "-Infinity" : "Infinity");
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return json_.RawValue(digits.data(), static_cast<std::size_t>(end - digits.data()),
                          rapidjson::kNumberType);
  }

  bool PrintWellKnown(const Message& message) {
    if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
      const bool is_time = time->nanos() >= 0 && time->nanos() < 1000000000 &&
                           time->seconds() >= TimeUtil::kTimestampMinSeconds &&
                           time->seconds() <= TimeUtil::kTimestampMaxSeconds;
      return is_time && Text(TimeUtil::ToString(*time));
    }
    // Whatever else has a JSON of its own is rare, and protobuf knows it.
    std::string json;
    return google::protobuf::util::MessageToJsonString(message, &json).ok() &&
           json_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  }

  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> json_{buffer_};
};

}  // namespace

absl::StatusOr<std::string> ToJson(const Message& message) {
  Printer printer;
  if (!printer.Print(message)) return absl::InternalError("a message that has no JSON");
  return printer.text();
}

}  // namespace asc::http
