#include "tests/support/request_maker.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "asc/type/v1/options.pb.h"
#include "google/protobuf/dynamic_message.h"

namespace asc::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using type::v1::FieldRules;

// What options.proto promises when a field says nothing else.
constexpr unsigned kLengthMaxDefault = 500;
constexpr unsigned kItemsMaxDefault = 100;
// Contracts are nested four deep; a message that holds itself ends here.
constexpr int kDepthMax = 6;
// No enum has this number.
constexpr int kUnknownEnum = 99999;
// Past the year 9999, where timestamps end.
constexpr std::int64_t kSecondsOfNoYear = 400000000000;

FieldRules RulesOf(const FieldDescriptor& field) {
  return field.options().GetExtension(type::v1::field);
}

// google.protobuf.Timestamp and the like have rules of their own.
bool IsWellKnown(const Descriptor& descriptor) {
  return descriptor.full_name().rfind("google.protobuf.", 0) == 0;
}

std::string ValidText(const FieldDescriptor& field) {
  switch (RulesOf(field).format()) {
    case type::v1::FORMAT_AUTHORITY:
      return "standard";
    case type::v1::FORMAT_REQUEST_ID:
      return FreshRequestId();
    case type::v1::FORMAT_ID:
      return "made-up-id";
    case type::v1::FORMAT_DATE:
      return "1950-01-31";
    case type::v1::FORMAT_POSTCODE:
      return "S60 1AE";
    case type::v1::FORMAT_NHS_NUMBER:
      return "9434765919";
    case type::v1::FORMAT_NATIONAL_INSURANCE_NUMBER:
      return "AB123456C";
    case type::v1::FORMAT_EMAIL:
      return "someone@example.org";
    case type::v1::FORMAT_TELEPHONE:
      return "01632 960001";
    case type::v1::FORMAT_TEXT_NUMBER:
      return "07700 900001";
    case type::v1::FORMAT_UPRN:
      return "100050000001";
    case type::v1::FORMAT_POLICY_HASH:
      return std::string(64, 'a');
    case type::v1::FORMAT_ETAG:
      return "\"1\"";
    default:
      return "text";
  }
}

void FillRequired(Message& message, int depth);

// Gives `field` one well-formed value; a repeated field one item.
void SetValid(Message& message, const FieldDescriptor& field, int depth) {
  const auto& reflection = *message.GetReflection();
  if (field.is_map()) return;
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      many ? reflection.AddString(&message, &field, ValidText(field))
           : reflection.SetString(&message, &field, ValidText(field));
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      many ? reflection.AddEnumValue(&message, &field, 1)
           : reflection.SetEnumValue(&message, &field, 1);
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      FillRequired(many ? *reflection.AddMessage(&message, &field)
                        : *reflection.MutableMessage(&message, &field),
                   depth + 1);
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      if (!many) reflection.SetInt32(&message, &field, 1);
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      if (!many) reflection.SetInt64(&message, &field, 1);
      return;
    default:
      return;
  }
}

void FillRequired(Message& message, int depth) {
  if (depth > kDepthMax || IsWellKnown(*message.GetDescriptor())) return;
  for (int index = 0; index < message.GetDescriptor()->field_count(); ++index) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(index);
    if (RulesOf(field).required()) SetValid(message, field, depth);
  }
}

// How to reach the message that holds a field: the fields on the way, from the request down.
using Way = std::vector<const FieldDescriptor*>;

// Goes the way, making what is not there; gives the message at its end.
Message& Walk(Message& request, const Way& way) {
  Message* at = &request;
  for (const FieldDescriptor* step : way) {
    const auto& reflection = *at->GetReflection();
    const bool absent = step->is_repeated() ? reflection.FieldSize(*at, step) == 0
                                            : !reflection.HasField(*at, step);
    if (absent) SetValid(*at, *step, 0);
    at = step->is_repeated() ? reflection.MutableRepeatedMessage(at, step, 0)
                             : reflection.MutableMessage(at, step);
  }
  return *at;
}

// The field by which a path names an item, unless that itself is at fault; null: by its place.
const FieldDescriptor* KeyOf(const Descriptor& item) {
  for (int index = 0; index < item.field_count(); ++index) {
    if (RulesOf(*item.field(index)).key()) return item.field(index);
  }
  return nullptr;
}

std::string ValidKey(const FieldDescriptor& key) {
  return key.cpp_type() == FieldDescriptor::CPPTYPE_ENUM
             ? key.enum_type()->FindValueByNumber(1)->name()
             : ValidText(key);
}

std::string PathOf(const Way& way, const FieldDescriptor& field) {
  std::string path;
  for (const FieldDescriptor* step : way) {
    const FieldDescriptor* key = step->is_repeated() ? KeyOf(*step->message_type()) : nullptr;
    if (key != nullptr && key != &field) {
      absl::StrAppend(&path, step->name(), "[", key->name(), "=", ValidKey(*key), "].");
    } else {
      absl::StrAppend(&path, step->name(), step->is_repeated() ? "[0]." : ".");
    }
  }
  return path + field.name();
}

struct Fault {
  std::string name;
  // Whether a violation names the item, "asks[0]", and not the field.
  bool of_item = false;
  std::function<void(Message& holder)> inflict;
};

void AddTextFaults(const FieldDescriptor& field, std::vector<Fault>& faults) {
  const FieldRules rules = RulesOf(field);
  const bool many = field.is_repeated();
  const auto put = [&field, many](std::string text) {
    return [&field, many, text = std::move(text)](Message& holder) {
      const auto& reflection = *holder.GetReflection();
      reflection.ClearField(&holder, &field);
      many ? reflection.AddString(&holder, &field, text)
           : reflection.SetString(&holder, &field, text);
    };
  };
  const unsigned length_max = rules.length_max() != 0 ? rules.length_max() : kLengthMaxDefault;
  if (field.type() != FieldDescriptor::TYPE_STRING) {
    // Of bytes only a limit that the contract states is known here.
    if (rules.length_max() == 0) return;
    faults.push_back({"too long", many, put(std::string(rules.length_max() + 1, 'x'))});
    return;
  }
  faults.push_back({"too long", many, put(std::string(length_max + 1, 'x'))});
  if (many) faults.push_back({"empty item", true, put("")});
  if (rules.required() && !many) faults.push_back({"blank", false, put(" \t ")});
  faults.push_back({"holds NUL", many, put(std::string("a\0b", 3))});
  if (rules.format() != type::v1::FORMAT_UNSPECIFIED) {
    faults.push_back({"malformed", many, put("~ not \t this #")});
  }
}

void AddNumberFaults(const FieldDescriptor& field, std::vector<Fault>& faults) {
  const FieldRules rules = RulesOf(field);
  if (field.is_repeated() || (rules.minimum() == 0 && rules.maximum() == 0)) return;
  const auto put = [&field](std::int64_t number) {
    return [&field, number](Message& holder) {
      const auto& reflection = *holder.GetReflection();
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
        reflection.SetInt32(&holder, &field, static_cast<std::int32_t>(number));
      } else {
        reflection.SetInt64(&holder, &field, number);
      }
    };
  };
  const bool narrow = field.cpp_type() == FieldDescriptor::CPPTYPE_INT32;
  if (!narrow && field.cpp_type() != FieldDescriptor::CPPTYPE_INT64) return;
  faults.push_back({"too small", false, put(rules.minimum() - 1)});
  // The greatest number of the type cannot be exceeded.
  if (narrow && rules.maximum() >= INT32_MAX) return;
  faults.push_back({"too great", false, put(rules.maximum() + 1)});
}

// Of a part nothing is required: what it leaves out is known elsewhere.
bool IsPart(const Way& way) {
  for (auto step = way.rbegin(); step != way.rend(); ++step) {
    if (RulesOf(**step).partial()) return true;
    if ((*step)->is_repeated() && KeyOf(*(*step)->message_type()) == nullptr) return false;
  }
  return false;
}

std::vector<Fault> FaultsOf(const FieldDescriptor& field, bool in_part) {
  const FieldRules rules = RulesOf(field);
  std::vector<Fault> faults;
  if (rules.required() && (!in_part || rules.key())) {
    faults.push_back({"missing", false, [&field](Message& holder) {
                        holder.GetReflection()->ClearField(&holder, &field);
                      }});
  }
  if (field.is_repeated() && !field.is_map()) {
    const unsigned items_max = rules.items_max() != 0 ? rules.items_max() : kItemsMaxDefault;
    faults.push_back({"too many", false, [&field, items_max](Message& holder) {
                        holder.GetReflection()->ClearField(&holder, &field);
                        for (unsigned n = 0; n <= items_max; ++n) SetValid(holder, field, 0);
                      }});
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) AddTextFaults(field, faults);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    faults.push_back({"unknown enum", field.is_repeated(), [&field](Message& holder) {
                        const auto& reflection = *holder.GetReflection();
                        reflection.ClearField(&holder, &field);
                        field.is_repeated()
                            ? reflection.AddEnumValue(&holder, &field, kUnknownEnum)
                            : reflection.SetEnumValue(&holder, &field, kUnknownEnum);
                      }});
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated() &&
      field.message_type()->full_name() == "google.protobuf.Timestamp") {
    faults.push_back({"malformed", false, [&field](Message& holder) {
                        Message& moment = *holder.GetReflection()->MutableMessage(&holder, &field);
                        moment.GetReflection()->SetInt64(
                            &moment, moment.GetDescriptor()->FindFieldByName("seconds"),
                            kSecondsOfNoYear);
                      }});
  }
  AddNumberFaults(field, faults);
  return faults;
}

std::unique_ptr<Message> NewMessage(const Descriptor& descriptor) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&descriptor)->New());
}

void SpoilFieldsOf(const Descriptor& request, const Descriptor& holder, const Way& way,
                   std::vector<SpoiltRequest>& spoilt) {
  if (way.size() > kDepthMax || IsWellKnown(holder)) return;
  for (int index = 0; index < holder.field_count(); ++index) {
    const FieldDescriptor& field = *holder.field(index);
    for (const Fault& fault : FaultsOf(field, IsPart(way))) {
      SpoiltRequest one;
      one.field = PathOf(way, field) + (fault.of_item ? "[0]" : "");
      one.fault = fault.name;
      one.request = ValidRequest(request);
      fault.inflict(Walk(*one.request, way));
      spoilt.push_back(std::move(one));
    }
    const bool loops = std::find(way.begin(), way.end(), &field) != way.end();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_map() && !loops) {
      Way further = way;
      further.push_back(&field);
      SpoilFieldsOf(request, *field.message_type(), further, spoilt);
    }
  }
}

}  // namespace

std::unique_ptr<Message> ValidRequest(const Descriptor& descriptor) {
  auto request = NewMessage(descriptor);
  FillRequired(*request, 0);
  return request;
}

std::vector<SpoiltRequest> SpoiltRequests(const Descriptor& descriptor) {
  std::vector<SpoiltRequest> spoilt;
  SpoilFieldsOf(descriptor, descriptor, {}, spoilt);
  return spoilt;
}

WhollySpoiltRequest SpoilEverything(const Descriptor& descriptor) {
  WhollySpoiltRequest spoilt;
  spoilt.request = ValidRequest(descriptor);
  for (int index = 0; index < descriptor.field_count(); ++index) {
    const FieldDescriptor& field = *descriptor.field(index);
    const std::vector<Fault> faults = FaultsOf(field, false);
    if (faults.empty()) continue;
    const Fault& last = faults.back();
    last.inflict(*spoilt.request);
    spoilt.fields.push_back(field.name() + (last.of_item ? "[0]" : ""));
  }
  return spoilt;
}

std::string FreshRequestId() {
  static const std::uint64_t kBoot = std::random_device()();
  static std::atomic<std::uint64_t> next{0};
  return absl::StrCat("test-", absl::Hex(kBoot, absl::kZeroPad8), "-", next.fetch_add(1));
}

}  // namespace asc::testing
