#include "platform/facts/parts.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "asc/type/v1/options.pb.h"

namespace asc::facts {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A moment is one value: its seconds must not keep the nanoseconds of another.
bool IsWhole(const FieldDescriptor& field) {
  return field.message_type()->full_name() == "google.protobuf.Timestamp";
}

bool IsMessage(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

bool IsKeyedList(const FieldDescriptor& field) {
  return field.is_repeated() && !field.is_map() && IsMessage(field) &&
         KeyOf(*field.message_type()) != nullptr;
}

// As long as an identifier may be (FORMAT_ID): an answer does not echo what is refused for its
// length.
constexpr std::size_t kKeyCharactersMax = 128;

bool FitsAPath(const std::string& key) {
  return key.size() <= kKeyCharactersMax && std::all_of(key.begin(), key.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' ||
                  c == '.' || c == ':';
         });
}

// One name of a path: a field, and the item of it that stands between brackets.
struct Name {
  std::string field;
  bool of_item = false;
  std::string item;
};

// Without any name when `path` is none.
std::vector<Name> NamesOf(const std::string& path) {
  std::vector<Name> names;
  std::size_t at = 0;
  while (at <= path.size()) {
    Name name;
    const std::size_t end = std::min(path.find_first_of(".[", at), path.size());
    name.field = path.substr(at, end - at);
    at = end;
    if (at < path.size() && path[at] == '[') {
      const std::size_t close = path.find(']', at);
      if (close == std::string::npos) return {};
      name.of_item = true;
      name.item = path.substr(at + 1, close - at - 1);
      at = close + 1;
      if (at < path.size() && path[at] != '.') return {};
    }
    names.push_back(std::move(name));
    ++at;
  }
  return names;
}

// The part of "item_id=7" behind the name of the key; empty: it is not one of `key`.
std::string KeyIn(const std::string& item, const FieldDescriptor& key) {
  const std::string start = key.name() + "=";
  return item.rfind(start, 0) == 0 ? item.substr(start.size()) : "";
}

bool CanHaveItem(const FieldDescriptor& field, const std::string& item) {
  if (!field.is_repeated() || field.is_map()) return false;
  int place = 0;
  if (!item.empty() && std::all_of(item.begin(), item.end(), absl::ascii_isdigit)) {
    return absl::SimpleAtoi(item, &place);
  }
  if (!IsKeyedList(field)) return false;
  const FieldDescriptor& key = *KeyOf(*field.message_type());
  const std::string text = KeyIn(item, key);
  if (text.empty() || !FitsAPath(text)) return false;
  return key.cpp_type() != FieldDescriptor::CPPTYPE_ENUM ||
         key.enum_type()->FindValueByName(text) != nullptr;
}

// The place of the item with this key in the list; -1: there is none.
int PlaceOfKey(const Message& owner, const FieldDescriptor& list, const std::string& key) {
  const auto* reflection = owner.GetReflection();
  for (int at = 0; at < reflection->FieldSize(owner, &list); ++at) {
    if (KeyText(reflection->GetRepeatedMessage(owner, &list, at)) == key) return at;
  }
  return -1;
}

int PlaceOf(const Message& owner, const FieldDescriptor& list, const std::string& item) {
  int place = 0;
  if (!absl::SimpleAtoi(item, &place)) {
    return PlaceOfKey(owner, list, KeyIn(item, *KeyOf(*list.message_type())));
  }
  return place < owner.GetReflection()->FieldSize(owner, &list) ? place : -1;
}

void ReplaceItems(const Message& given, const FieldDescriptor& list, Message& known) {
  const auto* reflection = given.GetReflection();
  for (int at = 0; at < reflection->FieldSize(given, &list); ++at) {
    const Message& item = reflection->GetRepeatedMessage(given, &list, at);
    const std::string key = KeyText(item);
    const int place = key.empty() ? -1 : PlaceOfKey(known, list, key);
    if (place < 0) {
      reflection->AddMessage(&known, &list)->CopyFrom(item);
    } else {
      Replace(item, *reflection->MutableRepeatedMessage(&known, &list, place));
    }
  }
}

// What a path leads to: a field of `owner`, or with `place` the item of it that stands there.
struct Place {
  Message* owner = nullptr;
  const FieldDescriptor* field = nullptr;
  int place = -1;
  std::size_t depth = 0;
};

// Without an owner when nothing is there.
Place Find(const std::vector<Name>& names, Message& known) {
  Message* part = &known;
  for (std::size_t at = 0; at < names.size(); ++at) {
    const auto* reflection = part->GetReflection();
    const FieldDescriptor* field = part->GetDescriptor()->FindFieldByName(names[at].field);
    const int place = names[at].of_item ? PlaceOf(*part, *field, names[at].item) : -1;
    if (names[at].of_item && place < 0) return {};
    if (at + 1 == names.size()) return {part, field, place, at};
    if (!names[at].of_item && !reflection->HasField(*part, field)) return {};
    part = names[at].of_item ? reflection->MutableRepeatedMessage(part, field, place)
                             : reflection->MutableMessage(part, field);
  }
  return {};
}

// The others keep their order.
void TakeOut(const Place& item) {
  const auto* reflection = item.owner->GetReflection();
  const int last = reflection->FieldSize(*item.owner, item.field) - 1;
  for (int at = item.place; at < last; ++at) {
    reflection->SwapElements(item.owner, item.field, at, at + 1);
  }
  reflection->RemoveLast(item.owner, item.field);
}

}  // namespace

bool IsPart(const FieldDescriptor& field) {
  return !field.is_repeated() && IsMessage(field) && !IsWhole(field);
}

const FieldDescriptor* KeyOf(const Descriptor& type) {
  for (int at = 0; at < type.field_count(); ++at) {
    if (type.field(at)->options().GetExtension(asc::type::v1::field).key()) return type.field(at);
  }
  return nullptr;
}

std::string KeyText(const Message& item) {
  const FieldDescriptor* key = KeyOf(*item.GetDescriptor());
  if (key == nullptr) return "";
  const auto* reflection = item.GetReflection();
  if (key->cpp_type() != FieldDescriptor::CPPTYPE_ENUM) return reflection->GetString(item, key);
  const int number = reflection->GetEnumValue(item, key);
  const auto* value = key->enum_type()->FindValueByNumber(number);
  return number == 0 || value == nullptr ? "" : value->name();
}

std::string ItemName(const Message& item, int place) {
  const std::string key = KeyText(item);
  if (key.empty() || !FitsAPath(key)) return absl::StrCat("[", place, "]");
  return absl::StrCat("[", KeyOf(*item.GetDescriptor())->name(), "=", key, "]");
}

void Replace(const Message& given, Message& known) {
  const auto* reflection = given.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(given, &fields);
  // What is neither a part nor a list with keys is taken over by merging the rest.
  const std::unique_ptr<Message> rest(given.New());
  rest->CopyFrom(given);
  for (const FieldDescriptor* field : fields) {
    if (IsPart(*field)) {
      Replace(reflection->GetMessage(given, field), *reflection->MutableMessage(&known, field));
      reflection->ClearField(rest.get(), field);
    } else if (IsKeyedList(*field)) {
      ReplaceItems(given, *field, known);
      reflection->ClearField(rest.get(), field);
    } else {
      reflection->ClearField(&known, field);
    }
  }
  known.MergeFrom(*rest);
}

bool HasPath(const Descriptor& type, const std::string& path) {
  const std::vector<Name> names = NamesOf(path);
  const Descriptor* part = &type;
  for (const Name& name : names) {
    if (part == nullptr) return false;
    const FieldDescriptor* field = part->FindFieldByName(name.field);
    if (field == nullptr || (name.of_item && !CanHaveItem(*field, name.item))) return false;
    const bool goes_on = IsPart(*field) || (name.of_item && IsMessage(*field) && !IsWhole(*field));
    part = goes_on ? field->message_type() : nullptr;
  }
  return !names.empty();
}

void Clear(const std::vector<std::string>& paths, Message& known) {
  std::vector<std::vector<Name>> items;
  for (const std::string& path : paths) {
    std::vector<Name> names = NamesOf(path);
    if (names.back().of_item) {
      items.push_back(std::move(names));
      continue;
    }
    const Place field = Find(names, known);
    if (field.owner != nullptr) field.owner->GetReflection()->ClearField(field.owner, field.field);
  }
  // Items go once every place has been found: the innermost first, and in each list the last.
  std::vector<Place> places;
  for (const auto& names : items) {
    if (const Place item = Find(names, known); item.owner != nullptr) places.push_back(item);
  }
  const auto order = [](const Place& place) {
    return std::make_tuple(place.depth, place.owner, place.field, place.place);
  };
  std::sort(places.begin(), places.end(),
            [&order](const Place& one, const Place& other) { return order(one) > order(other); });
  const auto same = [&order](const Place& one, const Place& other) {
    return order(one) == order(other);
  };
  places.erase(std::unique(places.begin(), places.end(), same), places.end());
  for (const Place& item : places) TakeOut(item);
}

}  // namespace asc::facts
