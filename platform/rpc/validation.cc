#include "platform/rpc/validation.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "asc/type/v1/options.pb.h"
#include "platform/facts/parts.h"
#include "platform/rpc/formats.h"

namespace asc::rpc {

using asc::type::v1::FieldRules;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

struct FieldPlan {
  const FieldDescriptor* field = nullptr;
  FieldRules rules;
  std::uint32_t length_max = 0;
  std::uint32_t items_max = 0;
  bool bounded = false;
  bool required = false;
  const Validator::Plan* nested = nullptr;
  // Of a list: its items are told apart by this field of theirs; null: by none.
  const FieldDescriptor* key = nullptr;
};

// Where a value stands; written out only when something is wrong there.
struct Path {
  const Path* parent;
  const FieldDescriptor* field;
  int index;
  // The item of a list of messages that stands there.
  const Message* item = nullptr;
};

std::string Text(const Path& path) {
  std::string text = path.parent == nullptr ? "" : absl::StrCat(Text(*path.parent), ".");
  absl::StrAppend(&text, path.field->name());
  if (path.item != nullptr) {
    absl::StrAppend(&text, facts::ItemName(*path.item, path.index));
  } else if (path.index >= 0) {
    absl::StrAppend(&text, "[", path.index, "]");
  }
  return text;
}

std::uint32_t Characters(const std::string& text) {
  std::uint32_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

// By type, and whether only a part of it has to be there.
using Plans = std::map<std::pair<const Descriptor*, bool>, std::unique_ptr<Validator::Plan>>;

}  // namespace

struct Validator::Plan {
  bool is_timestamp = false;
  std::vector<FieldPlan> fields;
  // Owned by the plan of the request; nested plans only point.
  Plans owned;
};

namespace {

const Validator::Plan* PlanOf(const Descriptor* type, bool partial, Plans& plans) {
  const auto key = std::make_pair(type, partial);
  if (const auto found = plans.find(key); found != plans.end()) return found->second.get();
  auto* plan = (plans[key] = std::make_unique<Validator::Plan>()).get();
  plan->is_timestamp = type->full_name() == "google.protobuf.Timestamp";
  for (int i = 0; i < type->field_count(); ++i) {
    FieldPlan field;
    field.field = type->field(i);
    field.rules = field.field->options().GetExtension(asc::type::v1::field);
    field.length_max = field.rules.length_max();
    if (field.length_max == 0) {
      field.length_max =
          field.field->type() == FieldDescriptor::TYPE_BYTES ? kBytesMax : kTextCharactersMax;
    }
    field.items_max = field.rules.items_max() == 0 ? kItemsMax : field.rules.items_max();
    // Of a part only the key is needed, which says of what it is one.
    field.required = field.rules.required() && (!partial || field.rules.key());
    field.bounded = field.rules.minimum() != 0 || field.rules.maximum() != 0;
    if (field.field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (field.field->is_repeated()) field.key = facts::KeyOf(*field.field->message_type());
      const bool known = !field.field->is_repeated() || field.key != nullptr;
      const bool part = field.rules.partial() || (partial && known);
      field.nested = PlanOf(field.field->message_type(), part, plans);
    }
    plan->fields.push_back(field);
  }
  return plan;
}

class Walk {
 public:
  explicit Walk(Violations& violations) : violations_(violations) {}

  void CheckMessage(const Message& message, const Validator::Plan& plan, const Path* parent) {
    const Reflection* reflection = message.GetReflection();
    for (const FieldPlan& field : plan.fields) {
      if (field.field->is_repeated()) {
        CheckRepeated(message, *reflection, field, parent);
      } else {
        CheckSingle(message, *reflection, field, parent);
      }
    }
    if (plan.is_timestamp) CheckTimestamp(message, *reflection, plan, parent);
  }

 private:
  void Add(const Path& path, const std::string& text) { violations_.Add(Text(path), text); }

  void CheckSingle(const Message& message, const Reflection& reflection, const FieldPlan& plan,
                   const Path* parent) {
    const Path path{parent, plan.field, -1};
    if (plan.nested != nullptr) {
      if (reflection.HasField(message, plan.field)) {
        CheckMessage(reflection.GetMessage(message, plan.field), *plan.nested, &path);
      } else if (plan.required) {
        Add(path, "required");
      }
      return;
    }
    switch (plan.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        CheckText(reflection.GetStringReference(message, plan.field, &scratch), plan, path);
        return;
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        CheckEnum(reflection.GetEnumValue(message, plan.field), plan, path);
        return;
      case FieldDescriptor::CPPTYPE_INT32:
        return CheckNumber(reflection.GetInt32(message, plan.field), plan, path);
      case FieldDescriptor::CPPTYPE_INT64:
        return CheckNumber(reflection.GetInt64(message, plan.field), plan, path);
      case FieldDescriptor::CPPTYPE_UINT32:
        return CheckNumber(reflection.GetUInt32(message, plan.field), plan, path);
      default:
        return;
    }
  }

  void CheckRepeated(const Message& message, const Reflection& reflection, const FieldPlan& plan,
                     const Path* parent) {
    const int size = reflection.FieldSize(message, plan.field);
    const Path whole{parent, plan.field, -1};
    if (size == 0) {
      if (plan.required) Add(whole, "required");
      return;
    }
    if (static_cast<std::uint32_t>(size) > plan.items_max) {
      Add(whole, absl::StrCat("at most ", plan.items_max, " items"));
      return;
    }
    if (plan.nested != nullptr) return CheckItems(message, reflection, plan, parent);
    for (int i = 0; i < size; ++i) {
      const Path path{parent, plan.field, i};
      if (plan.field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        std::string scratch;
        const auto& text = reflection.GetRepeatedStringReference(message, plan.field, i, &scratch);
        if (text.empty()) {
          Add(path, "must not be empty");
        } else {
          CheckText(text, plan, path);
        }
      } else if (plan.field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
        const int value = reflection.GetRepeatedEnumValue(message, plan.field, i);
        if (value == 0) {
          Add(path, "must not be unspecified");
        } else {
          CheckEnum(value, plan, path);
        }
      }
    }
  }

  void CheckItems(const Message& message, const Reflection& reflection, const FieldPlan& plan,
                  const Path* parent) {
    std::set<std::string> keys;
    for (int i = 0; i < reflection.FieldSize(message, plan.field); ++i) {
      const Message& item = reflection.GetRepeatedMessage(message, plan.field, i);
      const Path path{parent, plan.field, i, &item};
      CheckMessage(item, *plan.nested, &path);
      if (plan.key == nullptr) continue;
      const std::string key = facts::KeyText(item);
      if (key.empty() || keys.insert(key).second) continue;
      // By its place, because the key tells it from no other.
      const Path place{parent, plan.field, i};
      Add(Path{&place, plan.key, -1}, "given twice");
    }
  }

  void CheckText(const std::string& text, const FieldPlan& plan, const Path& path) {
    if (text.empty()) {
      if (plan.required) Add(path, "required");
      return;
    }
    if (plan.field->type() == FieldDescriptor::TYPE_BYTES) {
      if (text.size() > plan.length_max) {
        Add(path, absl::StrCat("at most ", plan.length_max, " bytes"));
      }
      return;
    }
    if (text.find('\0') != std::string::npos) return Add(path, "must not hold a NUL character");
    // Counting is needed only when there are more bytes than characters allowed.
    if (text.size() > plan.length_max && Characters(text) > plan.length_max) {
      return Add(path, absl::StrCat("at most ", plan.length_max, " characters"));
    }
    if (plan.rules.format() == asc::type::v1::FORMAT_UNSPECIFIED) {
      if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        Add(path, plan.required ? "required" : "must not be blank; leave it out");
      }
      return;
    }
    if (const char* fault = FormatFault(plan.rules.format(), text)) Add(path, fault);
  }

  void CheckEnum(int value, const FieldPlan& plan, const Path& path) {
    if (value == 0) {
      if (plan.required) Add(path, "required");
    } else if (plan.field->enum_type()->FindValueByNumber(value) == nullptr) {
      Add(path, "not a value this contract knows");
    }
  }

  void CheckNumber(std::int64_t value, const FieldPlan& plan, const Path& path) {
    if (value == 0 && plan.required) return Add(path, "required");
    if (!plan.bounded) return;
    if (value < plan.rules.minimum() || value > plan.rules.maximum()) {
      Add(path, absl::StrCat("must be from ", plan.rules.minimum(), " to ", plan.rules.maximum()));
    }
  }

  void CheckTimestamp(const Message& message, const Reflection& reflection,
                      const Validator::Plan& plan, const Path* parent) {
    // 0001-01-01 to 9999-12-31, as the type itself promises.
    constexpr std::int64_t kFirst = -62135596800;
    constexpr std::int64_t kLast = 253402300799;
    const std::int64_t seconds = reflection.GetInt64(message, plan.fields[0].field);
    const int nanos = reflection.GetInt32(message, plan.fields[1].field);
    if (seconds >= kFirst && seconds <= kLast && nanos >= 0 && nanos < 1000000000) return;
    if (parent != nullptr) Add(*parent, "not a moment between the years 1 and 9999");
  }

  Violations& violations_;
};

}  // namespace

Validator::Validator(const Descriptor* type) {
  auto root = std::make_shared<Plan>();
  const Plan* plan = PlanOf(type, false, root->owned);
  // Shares the owner's life, points at the request's plan.
  plan_ = std::shared_ptr<const Plan>(root, plan);
}

Validator::~Validator() = default;

void Validator::Check(const Message& request, Violations& violations) const {
  Walk(violations).CheckMessage(request, *plan_, nullptr);
}

}  // namespace asc::rpc
