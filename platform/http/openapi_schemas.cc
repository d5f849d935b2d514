#include "platform/http/openapi_schemas.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "asc/type/v1/options.pb.h"
#include "platform/facts/parts.h"
#include "platform/http/openapi_text.h"

namespace asc::http {
namespace {

using asc::type::v1::FieldRules;
using asc::type::v1::Format;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;

// What `asc.type.v1.FieldRules` promises for fields that say nothing else.
constexpr std::uint32_t kLengthMax = 500;
constexpr std::uint32_t kItemsMax = 100;

const FieldRules& RulesOf(const FieldDescriptor* field) {
  return field->options().GetExtension(asc::type::v1::field);
}

bool HasRules(const FieldDescriptor* field) {
  return field->options().HasExtension(asc::type::v1::field);
}

// The shape of a format: exactly what is checked, or as near as a short expression comes.
struct Shape {
  const char* format;
  const char* pattern;
  const char* example;
};

Shape ShapeOf(Format format) {
  switch (format) {
    case asc::type::v1::FORMAT_ID:
      return {"", "^[!-~]{1,128}$", "example-1"};
    case asc::type::v1::FORMAT_AUTHORITY:
      return {"", "^[a-z][a-z0-9-]{1,31}$", "standard"};
    case asc::type::v1::FORMAT_REQUEST_ID:
      return {"", "^[!-~]{8,64}$", "3f0c1d52-6a5e-4f0b-9a57-2f7f3f6e8d10"};
    case asc::type::v1::FORMAT_DATE:
      return {"date", "", "1950-01-31"};
    case asc::type::v1::FORMAT_POSTCODE:
      return {"", "^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$", "S99 9ZZ"};
    case asc::type::v1::FORMAT_NHS_NUMBER:
      return {"", "^[0-9]{10}$", "9434765919"};
    case asc::type::v1::FORMAT_NATIONAL_INSURANCE_NUMBER:
      return {"", "^[A-Z]{2}[0-9]{6}[A-D]$", "AB123456C"};
    case asc::type::v1::FORMAT_EMAIL:
      return {"email", "", "name@example.org"};
    case asc::type::v1::FORMAT_TELEPHONE:
      return {"", "^[+]?[0-9 ()-]{3,31}$", "01632 960000"};
    case asc::type::v1::FORMAT_TEXT_NUMBER:
      return {"", "^[+]?[0-9 ()-]{3,31}$", "07700 900000"};
    case asc::type::v1::FORMAT_UPRN:
      return {"", "^[0-9]{1,12}$", "100000000001"};
    case asc::type::v1::FORMAT_POLICY_HASH:
      return {"", "^[0-9a-f]{64}$",
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"};
    case asc::type::v1::FORMAT_ETAG:
      return {"", "^\"[!-~]{1,62}\"$", "\"1\""};
    default:
      return {"", "", ""};
  }
}

// What proto3 writes in JSON for these; null for messages that are objects.
struct WellKnown {
  const char* name;
  const char* format;
  const char* pattern;
  const char* example;
};
constexpr WellKnown kWellKnown[] = {
    {"google.protobuf.Timestamp", "date-time", "", "2026-01-15T09:30:00Z"},
    {"google.protobuf.Duration", "", "^-?[0-9]+([.][0-9]{1,9})?s$", "3600s"},
    {"google.protobuf.FieldMask", "", "", ""}};

const WellKnown* WellKnownOf(const Descriptor* type) {
  for (const auto& known : kWellKnown) {
    if (type->full_name() == known.name) return &known;
  }
  return nullptr;
}

// Proto3's zero value stands for absence, so nobody has to send or expect it.
bool Says(const EnumValueDescriptor* value) {
  return value->number() != 0 || !absl::EndsWith(value->name(), "_UNSPECIFIED");
}

// Whether an object of this type lacks something when it is empty, or holds objects that do.
bool Demands(const Descriptor* type, std::set<const Descriptor*>& seen) {
  if (!seen.insert(type).second) return false;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (RulesOf(field).required()) return true;
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const bool part = !field->is_repeated() || facts::KeyOf(*field->message_type()) != nullptr;
    if (part && Demands(field->message_type(), seen)) return true;
  }
  return false;
}

// A type of which a part is enough has a schema of its own, where that makes a difference.
std::string NameOf(const Descriptor* type, bool partial) {
  std::set<const Descriptor*> seen;
  return partial && Demands(type, seen) ? type->full_name() + ".Partial" : type->full_name();
}

}  // namespace

void Schemas::Refer(const Descriptor* type) { Refer({type, false}); }

void Schemas::Refer(const Wanted& wanted) {
  const std::string name = NameOf(wanted.type, wanted.partial);
  if (done_.insert(name).second) messages_.push_back(wanted);
  json_.PutReference("schemas/" + name);
}

void Schemas::ReferToBody(const Descriptor* type, const std::set<std::string>& in_path) {
  in_path_[type->full_name()] = in_path;
  Refer(type);
}

void Schemas::WriteField(const FieldDescriptor* field) { WriteField(field, false); }

void Schemas::WriteField(const FieldDescriptor* field, bool in_part) {
  if (field->is_map()) {
    json_.Put("type", "object");
    json_.PutObject("additionalProperties",
                    [&] { WriteType(field->message_type()->map_value(), false); });
  } else if (field->is_repeated()) {
    const std::uint32_t most = RulesOf(field).items_max();
    json_.Put("type", "array");
    if (HasRules(field)) json_.PutWhole("maxItems", most > 0 ? most : kItemsMax);
    const FieldDescriptor* key = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE
                                     ? facts::KeyOf(*field->message_type())
                                     : nullptr;
    if (key != nullptr) json_.Put("x-asc-list-key", key->json_name());
    // An item with a key is laid over the known one, so a part of it is enough.
    json_.PutObject("items", [&] { WriteType(field, in_part && key != nullptr); });
  } else {
    WriteType(field, in_part);
  }
}

void Schemas::WriteType(const FieldDescriptor* field, bool in_part) {
  const FieldRules& rules = RulesOf(field);
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (const WellKnown* known = WellKnownOf(field->message_type())) {
        json_.Put("type", "string");
        json_.Put("format", known->format);
        return json_.Put("pattern", known->pattern);
      }
      return Refer({field->message_type(), in_part || rules.partial()});
    case FieldDescriptor::CPPTYPE_ENUM:
      if (done_.insert(field->enum_type()->full_name()).second) {
        enums_.push_back(field->enum_type());
      }
      return json_.PutReference("schemas/" + field->enum_type()->full_name());
    case FieldDescriptor::CPPTYPE_BOOL:
      return json_.Put("type", "boolean");
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return json_.Put("type", "number");
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      // Too large for the numbers of JavaScript, so proto3 writes them as text.
      json_.Put("type", "string");
      json_.Put("format", "int64");
      return json_.Put("pattern", "^-?[0-9]{1,19}$");
    case FieldDescriptor::CPPTYPE_STRING:
      return WriteText(field);
    default:
      json_.Put("type", "integer");
      json_.Put("format", "int32");
      if (rules.minimum() != 0 || rules.maximum() != 0) {
        json_.PutWhole("minimum", rules.minimum());
        json_.PutWhole("maximum", rules.maximum());
      }
  }
}

void Schemas::WriteText(const FieldDescriptor* field) {
  const FieldRules& rules = RulesOf(field);
  json_.Put("type", "string");
  if (field->type() == FieldDescriptor::TYPE_BYTES) {
    return json_.Put("contentEncoding", "base64");
  }
  const Shape shape = ShapeOf(rules.format());
  json_.Put("format", shape.format);
  json_.Put("pattern", shape.pattern);
  if (HasRules(field) && shape.example[0] == '\0') {
    json_.PutWhole("maxLength", rules.length_max() > 0 ? rules.length_max() : kLengthMax);
  }
}

void Schemas::WriteAll() {
  // Writing one may need more.
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    const Wanted wanted = messages_[i];
    WriteMessage(wanted);
  }
  for (const EnumDescriptor* type : enums_) WriteEnum(type);
}

void Schemas::WriteMessage(const Wanted& wanted) {
  const Descriptor* type = wanted.type;
  // What a header can give may be left out of the body.
  static const std::set<std::string> kByHeader = {"request_id", "etag"};
  const auto& in_path = in_path_[type->full_name()];
  json_.PutObject(NameOf(type, wanted.partial), [&] {
    json_.Put("type", "object");
    json_.Put("description", CommentOf(type));
    std::vector<std::string> required;
    json_.PutObject("properties", [&] {
      for (int i = 0; i < type->field_count(); ++i) {
        const FieldDescriptor* field = type->field(i);
        if (in_path.contains(field->name())) continue;
        const bool needed = RulesOf(field).required() && (!wanted.partial || RulesOf(field).key());
        if (needed && !kByHeader.contains(field->name())) {
          required.push_back(field->json_name());
        }
        json_.PutObject(field->json_name(), [&] {
          json_.Put("description", DescriptionOf(field));
          WriteField(field, wanted.partial);
        });
      }
    });
    if (!required.empty()) json_.PutTexts("required", required);
  });
}

void Schemas::WriteEnum(const EnumDescriptor* type) {
  json_.PutObject(type->full_name(), [&] {
    json_.Put("type", "string");
    std::string text = CommentOf(type);
    std::vector<std::string> names;
    const char* before = text.empty() ? "" : "\n\n";
    for (int i = 0; i < type->value_count(); ++i) {
      if (!Says(type->value(i))) continue;
      names.push_back(type->value(i)->name());
      const std::string comment = CommentOf(type->value(i));
      if (comment.empty()) continue;
      absl::StrAppend(&text, before, "- `", names.back(), "`: ", comment);
      before = "\n";
    }
    json_.Put("description", text);
    json_.PutTexts("enum", names);
  });
}

void Schemas::WriteExample(const Descriptor* type, const std::set<std::string>& in_path) {
  json_.Object([&] {
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      if (!RulesOf(field).required() || in_path.contains(field->name())) continue;
      json_.Key(field->json_name());
      if (field->is_map()) {
        json_.Object([] {});
      } else if (field->is_repeated()) {
        json_.Array([&] { WriteExampleValue(field); });
      } else {
        WriteExampleValue(field);
      }
    }
  });
}

void Schemas::WriteExampleValue(const FieldDescriptor* field) {
  const FieldRules& rules = RulesOf(field);
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (const WellKnown* known = WellKnownOf(field->message_type())) {
        return json_.Text(known->example);
      }
      if (rules.partial()) return json_.Object([] {});
      return WriteExample(field->message_type(), {});
    case FieldDescriptor::CPPTYPE_ENUM:
      return json_.Text(
          field->enum_type()->value(field->enum_type()->value_count() > 1 ? 1 : 0)->name());
    case FieldDescriptor::CPPTYPE_BOOL:
      return json_.Flag(true);
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return json_.Whole(1);
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      return json_.Text(absl::StrCat(std::max<std::int64_t>(rules.minimum(), 1)));
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string example = ShapeOf(rules.format()).example;
      return json_.Text(example.empty() ? WordsOf(field->name()) : example);
    }
    default:
      return json_.Whole(std::max<std::int64_t>(rules.minimum(), 1));
  }
}

}  // namespace asc::http
