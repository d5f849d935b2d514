#include "platform/http/json_to_proto.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/field_mask_util.h"
#include "google/protobuf/util/time_util.h"
#include "platform/db/utf8.h"

namespace asc::http {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// A scalar as it stood in the text.
struct Scalar {
  enum class Kind { kNull, kBool, kNumber, kString } kind;
  bool boolean = false;
  std::string text;  // A string's content, or a number's own digits.
};

// Null when set, else what is wrong.
const char* ParseWhole(const Scalar& value, std::int64_t least, std::int64_t most,
                       std::int64_t& whole) {
  const char* end = value.text.data() + value.text.size();
  const auto parsed = std::from_chars(value.text.data(), end, whole);
  if (value.text.empty() || parsed.ec == std::errc::invalid_argument || parsed.ptr != end) {
    return "must be a whole number";
  }
  if (parsed.ec != std::errc() || whole < least || whole > most) {
    return "is a number out of range";
  }
  return nullptr;
}

const char* ParseUnsigned(const Scalar& value, std::uint64_t most, std::uint64_t& whole) {
  const char* end = value.text.data() + value.text.size();
  const auto parsed = std::from_chars(value.text.data(), end, whole);
  if (value.text.empty() || parsed.ec == std::errc::invalid_argument || parsed.ptr != end) {
    return "must be a whole number, not negative";
  }
  return parsed.ec != std::errc() || whole > most ? "is a number out of range" : nullptr;
}

// Sets or adds one value of the field's own type.
class Setter {
 public:
  Setter(Message& message, const FieldDescriptor* field)
      : message_(message), reflection_(*message.GetReflection()), field_(field) {}

  // Null when set, else what is wrong.
  const char* Set(const Scalar& value) {
    switch (field_->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return field_->type() == FieldDescriptor::TYPE_BYTES ? SetBytes(value) : SetString(value);
      case FieldDescriptor::CPPTYPE_BOOL:
        return SetBool(value);
      case FieldDescriptor::CPPTYPE_ENUM:
        return SetEnum(value);
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        return SetDouble(value);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return SetWellKnown(value);
      default:
        return SetWhole(value);
    }
  }

 private:
  const char* SetString(const Scalar& value) {
    if (value.kind != Scalar::Kind::kString) return "must be a string";
    // A lone surrogate passes as an escape, and a path is not JSON at all.
    if (!db::IsUtf8(value.text)) return "must be valid UTF-8";
    if (field_->is_repeated()) {
      reflection_.AddString(&message_, field_, value.text);
    } else {
      reflection_.SetString(&message_, field_, value.text);
    }
    return nullptr;
  }

  const char* SetBytes(const Scalar& value) {
    std::string bytes;
    if (value.kind != Scalar::Kind::kString || !(absl::Base64Unescape(value.text, &bytes) ||
                                                 absl::WebSafeBase64Unescape(value.text, &bytes))) {
      return "must be a string in base64";
    }
    if (field_->is_repeated()) {
      reflection_.AddString(&message_, field_, bytes);
    } else {
      reflection_.SetString(&message_, field_, bytes);
    }
    return nullptr;
  }

  const char* SetBool(const Scalar& value) {
    if (value.kind != Scalar::Kind::kBool) return "must be true or false";
    if (field_->is_repeated()) {
      reflection_.AddBool(&message_, field_, value.boolean);
    } else {
      reflection_.SetBool(&message_, field_, value.boolean);
    }
    return nullptr;
  }

  const char* SetEnum(const Scalar& value) {
    int number = 0;
    if (value.kind == Scalar::Kind::kString) {
      const auto* known = field_->enum_type()->FindValueByName(value.text);
      if (known == nullptr) return "not a value this contract knows";
      number = known->number();
    } else {
      std::int64_t whole = 0;
      if (value.kind != Scalar::Kind::kNumber || ParseWhole(value, 0, INT32_MAX, whole)) {
        return "must be the name of an enum value";
      }
      number = static_cast<int>(whole);
      if (field_->enum_type()->FindValueByNumber(number) == nullptr) {
        return "not a value this contract knows";
      }
    }
    if (field_->is_repeated()) {
      reflection_.AddEnumValue(&message_, field_, number);
    } else {
      reflection_.SetEnumValue(&message_, field_, number);
    }
    return nullptr;
  }

  const char* SetDouble(const Scalar& value) {
    double number = 0;
    if (value.kind != Scalar::Kind::kNumber || !absl::SimpleAtod(value.text, &number) ||
        !std::isfinite(number)) {
      return "must be a number";
    }
    if (field_->is_repeated()) return "lists of fractions are not supported";
    if (field_->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
      reflection_.SetDouble(&message_, field_, number);
    } else {
      reflection_.SetFloat(&message_, field_, static_cast<float>(number));
    }
    return nullptr;
  }

  const char* SetWhole(const Scalar& value) {
    // 64-bit numbers are strings in proto3's mapping; every whole number may be.
    if (value.kind != Scalar::Kind::kNumber && value.kind != Scalar::Kind::kString) {
      return "must be a whole number";
    }
    std::int64_t whole = 0;
    std::uint64_t natural = 0;
    const char* fault = nullptr;
    const bool add = field_->is_repeated();
    switch (field_->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        fault = ParseWhole(value, INT32_MIN, INT32_MAX, whole);
        if (fault) return fault;
        add ? reflection_.AddInt32(&message_, field_, static_cast<std::int32_t>(whole))
            : reflection_.SetInt32(&message_, field_, static_cast<std::int32_t>(whole));
        return nullptr;
      case FieldDescriptor::CPPTYPE_INT64:
        fault = ParseWhole(value, INT64_MIN, INT64_MAX, whole);
        if (fault) return fault;
        add ? reflection_.AddInt64(&message_, field_, whole)
            : reflection_.SetInt64(&message_, field_, whole);
        return nullptr;
      case FieldDescriptor::CPPTYPE_UINT32:
        fault = ParseUnsigned(value, UINT32_MAX, natural);
        if (fault) return fault;
        add ? reflection_.AddUInt32(&message_, field_, static_cast<std::uint32_t>(natural))
            : reflection_.SetUInt32(&message_, field_, static_cast<std::uint32_t>(natural));
        return nullptr;
      default:
        fault = ParseUnsigned(value, UINT64_MAX, natural);
        if (fault) return fault;
        add ? reflection_.AddUInt64(&message_, field_, natural)
            : reflection_.SetUInt64(&message_, field_, natural);
        return nullptr;
    }
  }

  const char* SetWellKnown(const Scalar& value) {
    using google::protobuf::util::FieldMaskUtil;
    using google::protobuf::util::TimeUtil;
    const std::string& type = field_->message_type()->full_name();
    const bool string = value.kind == Scalar::Kind::kString;
    if (type == "google.protobuf.Timestamp") {
      google::protobuf::Timestamp moment;
      if (!string || !TimeUtil::FromString(value.text, &moment)) {
        return "must be a moment such as 2025-02-13T09:30:00Z";
      }
      NewMessage().CopyFrom(moment);
      return nullptr;
    }
    if (type == "google.protobuf.Duration") {
      google::protobuf::Duration duration;
      if (!string || !TimeUtil::FromString(value.text, &duration)) {
        return "must be a duration in seconds such as 90s";
      }
      NewMessage().CopyFrom(duration);
      return nullptr;
    }
    if (type == "google.protobuf.FieldMask") {
      google::protobuf::FieldMask mask;
      if (!string || !FieldMaskUtil::FromJsonString(value.text, &mask)) {
        return "must be names of fields such as text,item.name";
      }
      NewMessage().CopyFrom(mask);
      return nullptr;
    }
    return "must be an object";
  }

  Message& NewMessage() {
    return field_->is_repeated() ? *reflection_.AddMessage(&message_, field_)
                                 : *reflection_.MutableMessage(&message_, field_);
  }

  Message& message_;
  const Reflection& reflection_;
  const FieldDescriptor* field_;
};

const FieldDescriptor* FindField(const Descriptor* type, const std::string& name) {
  if (const auto* field = type->FindFieldByName(name)) return field;
  return type->FindFieldByCamelcaseName(name);
}

// Walks the descriptors while RapidJSON reads.
class Handler {
 public:
  Handler(Message& root, rpc::Violations& violations) : root_(root), violations_(violations) {}

  // Why reading was stopped, if this class stopped it.
  bool too_deep() const { return too_deep_; }
  bool not_an_object() const { return not_an_object_; }

  bool Null() { return Take({Scalar::Kind::kNull}); }
  bool Bool(bool value) { return Take({Scalar::Kind::kBool, value}); }
  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    return Take({Scalar::Kind::kNumber, false, std::string(text, length)});
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    return Take({Scalar::Kind::kString, false, std::string(text, length)});
  }
  // RapidJSON asks for these although numbers come as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  bool StartObject() {
    if (Deeper()) return false;
    if (frames_.empty() && !started_) {
      started_ = true;
      frames_.push_back({&root_});
      return true;
    }
    Frame& top = frames_.back();
    Frame next;
    if (top.message == nullptr || top.field == nullptr) return Push(next);
    if (top.field->is_map()) {
      if (top.in_map) return Fault("must not be an object", next);
      next.in_map = true;
      next.message = top.message;
      next.field = top.field;
      return Push(next);
    }
    if (top.field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || IsScalarMessage(top.field)) {
      return Fault("must not be an object", next);
    }
    if (top.field->is_repeated() && !top.in_list) return Fault("must be a list", next);
    const Reflection* reflection = top.message->GetReflection();
    next.message = top.field->is_repeated() ? reflection->AddMessage(top.message, top.field)
                                            : reflection->MutableMessage(top.message, top.field);
    return Push(next);
  }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    Frame& top = frames_.back();
    if (top.message == nullptr) return true;
    std::string name(text, length);
    ++top.names;
    if (top.in_map) {
      if (!top.seen.insert(name).second) Add("holds a name twice");
      top.map_key = std::move(name);
      return true;
    }
    top.field = FindField(top.message->GetDescriptor(), name);
    top.index = -1;
    if (top.field == nullptr) {
      Add(absl::StrCat("holds a name that this contract does not know, as number ", top.names));
    } else if (!top.seen.insert(top.field->name()).second) {
      Add("must not stand twice");
      top.field = nullptr;
    }
    return true;
  }

  bool EndObject(rapidjson::SizeType) { return Pop(); }

  bool StartArray() {
    if (Deeper()) return false;
    if (frames_.empty()) {
      not_an_object_ = true;
      return false;
    }
    Frame& top = frames_.back();
    Frame next;
    if (top.message == nullptr || top.field == nullptr) return Push(next);
    if (!top.field->is_repeated() || top.field->is_map() || top.in_list) {
      return Fault("must not be a list", next);
    }
    next.message = top.message;
    next.field = top.field;
    next.in_list = true;
    return Push(next);
  }

  bool EndArray(rapidjson::SizeType) { return Pop(); }

 private:
  // Where reading stands. A frame without message skips what it holds.
  struct Frame {
    Message* message = nullptr;
    const FieldDescriptor* field = nullptr;
    bool in_list = false;
    bool in_map = false;
    int index = -1;
    std::string map_key;
    // How many names have been read; what somebody sent is never repeated, so a name is told by its
    // place.
    int names = 0;
    std::set<std::string> seen;
  };

  static bool IsScalarMessage(const FieldDescriptor* field) {
    const std::string& type = field->message_type()->full_name();
    return type == "google.protobuf.Timestamp" || type == "google.protobuf.Duration" ||
           type == "google.protobuf.FieldMask";
  }

  bool Deeper() {
    too_deep_ = static_cast<int>(frames_.size()) >= kJsonDepthMax;
    return too_deep_;
  }

  bool Push(Frame frame) {
    if (!frames_.empty() && frames_.back().in_list) ++frames_.back().index;
    frames_.push_back(std::move(frame));
    return true;
  }
  bool Pop() {
    frames_.pop_back();
    return true;
  }

  bool Fault(const char* text, Frame& skipped) {
    if (frames_.back().in_list) {
      ++frames_.back().index;
      Add(text);
      --frames_.back().index;
    } else {
      Add(text);
    }
    return Push(skipped);
  }

  bool Take(const Scalar& value) {
    if (frames_.empty()) {
      not_an_object_ = true;
      return false;
    }
    Frame& top = frames_.back();
    if (top.in_list) ++top.index;
    if (top.message == nullptr || top.field == nullptr) return true;
    if (top.in_map) return TakeMapValue(top, value);
    if (value.kind == Scalar::Kind::kNull) {
      if (top.in_list) Add("must not be null");
      return true;
    }
    if (top.field->is_map()) {
      Add("must be an object");
    } else if (top.field->is_repeated() && !top.in_list) {
      Add("must be a list");
    } else if (const char* fault = Setter(*top.message, top.field).Set(value)) {
      Add(fault);
    }
    return true;
  }

  bool TakeMapValue(Frame& top, const Scalar& value) {
    const auto* key = top.field->message_type()->map_key();
    const auto* held = top.field->message_type()->map_value();
    if (key->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      Add("maps with such names are not supported");
      return true;
    }
    if (!db::IsUtf8(top.map_key)) {
      Add("must be valid UTF-8");
      return true;
    }
    Message* entry = top.message->GetReflection()->AddMessage(top.message, top.field);
    entry->GetReflection()->SetString(entry, key, top.map_key);
    if (const char* fault = Setter(*entry, held).Set(value)) Add(fault);
    return true;
  }

  void Add(const std::string& text) {
    std::string path;
    for (const Frame& frame : frames_) {
      if (frame.field == nullptr) continue;
      // A list's frame repeats the field of the frame below it; only its index is new.
      if (frame.in_list) {
        absl::StrAppend(&path, "[", frame.index, "]");
      } else if (!frame.in_map) {
        absl::StrAppend(&path, path.empty() ? "" : ".", frame.field->name());
      }
    }
    violations_.Add(path.empty() ? "body" : path, text);
  }

  Message& root_;
  rpc::Violations& violations_;
  std::vector<Frame> frames_;
  bool started_ = false;
  bool too_deep_ = false;
  bool not_an_object_ = false;
};

// What RapidJSON found, in our own words and without the text.
std::string ParseFault(const rapidjson::ParseResult& result, const Handler& handler) {
  if (handler.too_deep()) {
    return absl::StrCat("more than ", kJsonDepthMax, " objects and lists inside one another");
  }
  if (handler.not_an_object()) return "must be a JSON object";
  switch (result.Code()) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "is empty; must be a JSON object";
    case rapidjson::kParseErrorStringInvalidEncoding:
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return absl::StrCat("is not valid UTF-8 at byte ", result.Offset());
    default:
      return absl::StrCat("is not valid JSON at byte ", result.Offset());
  }
}

// Beside the strictness of RFC 8259: numbers as text, so that none loses digits.
constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                            rapidjson::kParseNumbersAsStringsFlag;

}  // namespace

bool MergeJson(const std::string& json, Message& message, rpc::Violations& violations) {
  rpc::Violations found;
  Handler handler(message, found);
  rapidjson::MemoryStream stream(json.data(), json.size());
  rapidjson::Reader reader;
  const auto result = reader.Parse<kFlags>(stream, handler);
  if (result.IsError()) {
    violations.Add("body", ParseFault(result, handler));
    return false;
  }
  // MemoryStream ends at a NUL byte, which is not white space either.
  if (stream.Tell() < json.size()) {
    violations.Add("body", absl::StrCat("is not valid JSON at byte ", stream.Tell()));
    return false;
  }
  if (found.empty()) return true;
  violations.Join(std::move(found));
  return false;
}

bool SetFromText(const std::string& path, const std::string& text, Message& message,
                 rpc::Violations& violations) {
  Message* holder = &message;
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    const auto* field = FindField(holder->GetDescriptor(), names[i]);
    if (field == nullptr || field->is_repeated() ||
        field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      violations.Add("query", "holds a name that this contract does not know");
      return false;
    }
    holder = holder->GetReflection()->MutableMessage(holder, field);
  }
  const auto* field = FindField(holder->GetDescriptor(), names.back());
  if (field == nullptr || field->is_map()) {
    violations.Add("query", "holds a name that this contract does not know");
    return false;
  }
  Scalar value{Scalar::Kind::kString, false, text};
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    if (text != "true" && text != "false") {
      violations.Add(field->name(), "must be true or false");
      return false;
    }
    value.kind = Scalar::Kind::kBool;
    value.boolean = text == "true";
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE ||
             field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
    value.kind = Scalar::Kind::kNumber;
  }
  if (const char* fault = Setter(*holder, field).Set(value)) {
    violations.Add(field->name(), fault);
    return false;
  }
  return true;
}

}  // namespace asc::http
