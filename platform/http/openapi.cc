#include "platform/http/openapi.h"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <functional>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "asc/type/v1/options.pb.h"
#include "google/api/annotations.pb.h"

namespace asc::http {
namespace {

using asc::type::v1::FieldRules;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::SourceLocation;
using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

// A comment as paragraphs: lines joined, empty lines kept.
template <class Thing>
std::string CommentOf(const Thing* thing) {
  SourceLocation location;
  if (!thing->GetSourceLocation(&location)) return "";
  std::string text;
  for (const std::string& raw :
       std::vector<std::string>(absl::StrSplit(location.leading_comments, '\n'))) {
    const std::string line(absl::StripAsciiWhitespace(raw));
    // Indented lines are tables of errors: each stays a line of its own.
    const bool keeps = raw.size() > 2 && raw[1] == ' ' && raw[2] == ' ';
    if (line.empty()) {
      text += "\n\n";
    } else {
      if (!text.empty() && text.back() != '\n') text += keeps ? "\n" : " ";
      text += line;
    }
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

struct Operation {
  std::string path;
  std::string verb;
  std::string body;
  std::vector<std::string> variables;
  const MethodDescriptor* method;
};

std::pair<std::string, std::string> VerbAndPattern(const google::api::HttpRule& rule) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return {"get", rule.get()};
    case google::api::HttpRule::kPost:
      return {"post", rule.post()};
    case google::api::HttpRule::kPut:
      return {"put", rule.put()};
    case google::api::HttpRule::kPatch:
      return {"patch", rule.patch()};
    default:
      return {"delete", rule.delete_()};
  }
}

std::vector<std::string> VariablesOf(const std::string& pattern) {
  std::vector<std::string> names;
  for (std::size_t at = 0; (at = pattern.find('{', at)) != std::string::npos;) {
    const auto end = pattern.find('}', at);
    names.push_back(pattern.substr(at + 1, end - at - 1));
    at = end;
  }
  return names;
}

const char* FormatOf(asc::type::v1::Format format) {
  switch (format) {
    case asc::type::v1::FORMAT_DATE:
      return "date";
    case asc::type::v1::FORMAT_EMAIL:
      return "email";
    default:
      return nullptr;
  }
}

class Generator {
 public:
  Generator() : writer_(buffer_) { writer_.SetIndent(' ', 1); }

  std::string Run(const std::vector<Operation>& operations, const OpenApiInfo& info) {
    writer_.StartObject();
    Put("openapi", "3.1.0");
    writer_.Key("info");
    writer_.StartObject();
    Put("title", info.title);
    Put("version", info.version);
    Put("description", info.description);
    writer_.Key("license");
    writer_.StartObject();
    Put("name", "See the project");
    Put("identifier", "LicenseRef-Project");
    writer_.EndObject();
    writer_.EndObject();
    writer_.Key("servers");
    writer_.StartArray();
    writer_.StartObject();
    Put("url", "/");
    writer_.EndObject();
    writer_.EndArray();
    WriteTags(operations);
    WritePaths(operations);
    WriteComponents();
    writer_.EndObject();
    return buffer_.GetString();
  }

 private:
  void Put(const char* key, const std::string& value) {
    if (value.empty()) return;
    writer_.Key(key);
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
  void Put(const char* key, std::uint32_t value) {
    writer_.Key(key);
    writer_.Uint(value);
  }
  void Key(const std::string& key) {
    writer_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
  }

  void WriteTags(const std::vector<Operation>& operations) {
    std::set<std::string> seen;
    writer_.Key("tags");
    writer_.StartArray();
    for (const auto& operation : operations) {
      const auto* service = operation.method->service();
      if (!seen.insert(service->full_name()).second) continue;
      writer_.StartObject();
      Put("name", service->name());
      Put("description", CommentOf(service));
      writer_.EndObject();
    }
    writer_.EndArray();
  }

  void WritePaths(const std::vector<Operation>& operations) {
    std::map<std::string, std::vector<const Operation*>> by_path;
    for (const auto& operation : operations) by_path[operation.path].push_back(&operation);
    writer_.Key("paths");
    writer_.StartObject();
    for (const auto& [path, here] : by_path) {
      Key(path);
      writer_.StartObject();
      for (const Operation* operation : here) WriteOperation(*operation);
      writer_.EndObject();
    }
    writer_.EndObject();
  }

  void WriteOperation(const Operation& operation) {
    const MethodDescriptor* method = operation.method;
    const std::string comment = CommentOf(method);
    Key(operation.verb);
    writer_.StartObject();
    Put("operationId", method->service()->name() + "_" + method->name());
    writer_.Key("tags");
    writer_.StartArray();
    writer_.String(method->service()->name().c_str());
    writer_.EndArray();
    Put("summary", comment.substr(0, comment.find("\n\n")));
    Put("description", comment);
    const auto& rules = method->options().GetExtension(asc::type::v1::method);
    Put("x-asc-permission", rules.permission());
    writer_.Key("security");
    writer_.StartArray();
    if (rules.access() != asc::type::v1::ACCESS_PUBLIC) {
      writer_.StartObject();
      writer_.Key("bearer");
      writer_.StartArray();
      writer_.EndArray();
      writer_.EndObject();
    }
    writer_.EndArray();
    WriteParameters(operation);
    if (!operation.body.empty()) WriteBody(operation);
    WriteResponses(method);
    writer_.EndObject();
  }

  void WriteParameters(const Operation& operation) {
    const Descriptor* request = operation.method->input_type();
    std::set<std::string> in_path(operation.variables.begin(), operation.variables.end());
    writer_.Key("parameters");
    writer_.StartArray();
    for (const auto& name : operation.variables) {
      WriteParameter(name, "path", request->FindFieldByName(name));
    }
    for (int i = 0; operation.body.empty() && i < request->field_count(); ++i) {
      const FieldDescriptor* field = request->field(i);
      const bool scalar = field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
                          field->message_type()->full_name() == "google.protobuf.Timestamp";
      if (scalar && !in_path.contains(field->name())) {
        WriteParameter(field->json_name(), "query", field);
      }
    }
    if (request->FindFieldByName("request_id") != nullptr) {
      WriteHeader("Idempotency-Key", "Stands for requestId where the body has none.");
    }
    if (request->FindFieldByName("etag") != nullptr) {
      WriteHeader("If-Match", "Stands for etag where the body has none; a stale one is then 412.");
    }
    WriteHeader("X-Correlation-Id", "Mirrored, and passed on to every call made on the way.");
    writer_.EndArray();
  }

  void WriteParameter(const std::string& name, const char* in, const FieldDescriptor* field) {
    writer_.StartObject();
    Put("name", name);
    Put("in", in);
    const bool required =
        std::string(in) == "path" || field->options().GetExtension(asc::type::v1::field).required();
    writer_.Key("required");
    writer_.Bool(required);
    Put("description", CommentOf(field));
    writer_.Key("schema");
    WriteFieldSchema(field, false);
    writer_.EndObject();
  }

  void WriteHeader(const char* name, const char* description) {
    writer_.StartObject();
    Put("name", name);
    Put("in", "header");
    Put("description", description);
    writer_.Key("schema");
    writer_.StartObject();
    Put("type", "string");
    writer_.EndObject();
    writer_.EndObject();
  }

  void WriteReference(const Descriptor* type) {
    Need(type);
    writer_.StartObject();
    Put("$ref", "#/components/schemas/" + type->full_name());
    writer_.EndObject();
  }

  void WriteContent(const std::function<void()>& schema) {
    writer_.Key("content");
    writer_.StartObject();
    writer_.Key("application/json");
    writer_.StartObject();
    writer_.Key("schema");
    schema();
    writer_.EndObject();
    writer_.EndObject();
  }

  void WriteBody(const Operation& operation) {
    writer_.Key("requestBody");
    writer_.StartObject();
    writer_.Key("required");
    writer_.Bool(true);
    WriteContent([&] { WriteReference(operation.method->input_type()); });
    writer_.EndObject();
  }

  void WriteResponses(const MethodDescriptor* method) {
    writer_.Key("responses");
    writer_.StartObject();
    writer_.Key("200");
    writer_.StartObject();
    const std::string comment = CommentOf(method->output_type());
    Put("description", comment.empty() ? "The answer." : comment);
    WriteContent([&] { WriteReference(method->output_type()); });
    writer_.EndObject();
    for (const char* code : {"4XX", "5XX"}) {
      writer_.Key(code);
      writer_.StartObject();
      Put("$ref", "#/components/responses/Error");
      writer_.EndObject();
    }
    writer_.EndObject();
  }

  void WriteFieldSchema(const FieldDescriptor* field, bool described) {
    writer_.StartObject();
    if (described) Put("description", CommentOf(field));
    if (field->is_map()) {
      Put("type", "object");
      writer_.Key("additionalProperties");
      WriteTypeSchema(field->message_type()->map_value());
    } else if (field->is_repeated()) {
      const FieldRules& rules = field->options().GetExtension(asc::type::v1::field);
      Put("type", "array");
      if (rules.items_max() > 0) Put("maxItems", rules.items_max());
      writer_.Key("items");
      WriteTypeSchema(field);
    } else {
      WriteTypeInto(field);
    }
    writer_.EndObject();
  }

  void WriteTypeSchema(const FieldDescriptor* field) {
    writer_.StartObject();
    WriteTypeInto(field);
    writer_.EndObject();
  }

  void WriteTypeInto(const FieldDescriptor* field) {
    const FieldRules& rules = field->options().GetExtension(asc::type::v1::field);
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return WriteMessageInto(field->message_type());
      case FieldDescriptor::CPPTYPE_ENUM:
        NeedEnum(field->enum_type());
        return Put("$ref", "#/components/schemas/" + field->enum_type()->full_name());
      case FieldDescriptor::CPPTYPE_BOOL:
        return Put("type", "boolean");
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        return Put("type", "number");
      case FieldDescriptor::CPPTYPE_INT64:
      case FieldDescriptor::CPPTYPE_UINT64:
        // Too large for the numbers of JavaScript, so proto3 writes them as text.
        Put("type", "string");
        return Put("format", "int64");
      case FieldDescriptor::CPPTYPE_STRING:
        Put("type", "string");
        if (field->type() == FieldDescriptor::TYPE_BYTES) {
          Put("contentEncoding", "base64");
        } else {
          if (rules.length_max() > 0) Put("maxLength", rules.length_max());
          if (const char* format = FormatOf(rules.format())) Put("format", format);
        }
        return;
      default:
        Put("type", "integer");
        return Put("format", "int32");
    }
  }

  void WriteMessageInto(const Descriptor* type) {
    if (type->full_name() == "google.protobuf.Timestamp") {
      Put("type", "string");
      Put("format", "date-time");
    } else if (type->full_name() == "google.protobuf.Duration") {
      Put("type", "string");
    } else {
      Need(type);
      Put("$ref", "#/components/schemas/" + type->full_name());
    }
  }

  void Need(const Descriptor* type) {
    if (done_.insert(type->full_name()).second) waiting_.push_back(type);
  }
  void NeedEnum(const EnumDescriptor* type) {
    if (done_.insert(type->full_name()).second) enums_.push_back(type);
  }

  void WriteComponents() {
    writer_.Key("components");
    writer_.StartObject();
    writer_.Key("schemas");
    writer_.StartObject();
    // Writing one may need more.
    for (std::size_t i = 0; i < waiting_.size(); ++i) WriteSchema(waiting_[i]);
    for (const EnumDescriptor* type : enums_) WriteEnum(type);
    WriteErrorSchema();
    writer_.EndObject();
    writer_.Key("responses");
    writer_.StartObject();
    writer_.Key("Error");
    writer_.StartObject();
    Put("description", "A google.rpc.Status with its details; every faulty field is named.");
    WriteContent([this] {
      writer_.StartObject();
      Put("$ref", "#/components/schemas/Error");
      writer_.EndObject();
    });
    writer_.EndObject();
    writer_.EndObject();
    writer_.Key("securitySchemes");
    writer_.StartObject();
    writer_.Key("bearer");
    writer_.StartObject();
    Put("type", "http");
    Put("scheme", "bearer");
    writer_.EndObject();
    writer_.EndObject();
    writer_.EndObject();
  }

  void WriteSchema(const Descriptor* type) {
    Key(type->full_name());
    writer_.StartObject();
    Put("type", "object");
    Put("description", CommentOf(type));
    std::vector<const FieldDescriptor*> required;
    writer_.Key("properties");
    writer_.StartObject();
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      if (field->options().GetExtension(asc::type::v1::field).required()) required.push_back(field);
      Key(field->json_name());
      WriteFieldSchema(field, true);
    }
    writer_.EndObject();
    // What a path or a header gives may be left out of the body, so only the rest is required.
    std::vector<std::string> names;
    for (const FieldDescriptor* field : required) {
      static const std::set<std::string> kElsewhere = {"authority", "request_id", "etag"};
      if (!kElsewhere.contains(field->name())) names.push_back(field->json_name());
    }
    if (!names.empty()) {
      writer_.Key("x-asc-required");
      writer_.StartArray();
      for (const auto& name : names) writer_.String(name.c_str());
      writer_.EndArray();
    }
    writer_.EndObject();
  }

  void WriteEnum(const EnumDescriptor* type) {
    Key(type->full_name());
    writer_.StartObject();
    Put("type", "string");
    std::string text = CommentOf(type);
    for (int i = 0; i < type->value_count(); ++i) {
      const std::string comment = CommentOf(type->value(i));
      if (!comment.empty()) absl::StrAppend(&text, "\n\n", type->value(i)->name(), ": ", comment);
    }
    Put("description", text);
    writer_.Key("enum");
    writer_.StartArray();
    for (int i = 0; i < type->value_count(); ++i) writer_.String(type->value(i)->name().c_str());
    writer_.EndArray();
    writer_.EndObject();
  }

  void WriteErrorSchema() {
    writer_.Key("Error");
    writer_.RawValue(kErrorSchema, sizeof kErrorSchema - 1, rapidjson::kObjectType);
  }

  static constexpr char kErrorSchema[] =
      R"({"type": "object", "description": "What went wrong, and what to do next.",
  "properties": {"error": {"type": "object", "properties": {
   "code": {"type": "integer", "format": "int32", "description": "google.rpc.Code"},
   "message": {"type": "string"},
   "details": {"type": "array", "items": {"type": "object"},
    "description": "google.rpc.ErrorInfo, BadRequest, PreconditionFailure, ResourceInfo, RetryInfo"}
  }}}})";

  rapidjson::StringBuffer buffer_;
  Writer writer_;
  std::set<std::string> done_;
  std::vector<const Descriptor*> waiting_;
  std::vector<const EnumDescriptor*> enums_;
};

}  // namespace

absl::StatusOr<std::string> OpenApiOf(const google::protobuf::DescriptorPool& pool,
                                      const std::vector<std::string>& services,
                                      const OpenApiInfo& info) {
  std::vector<Operation> operations;
  for (const auto& name : services) {
    const auto* service = pool.FindServiceByName(name);
    if (service == nullptr) return absl::NotFoundError(absl::StrCat(name, ": not in the pool"));
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor* method = service->method(i);
      if (method->server_streaming() || !method->options().HasExtension(google::api::http))
        continue;
      const auto& rule = method->options().GetExtension(google::api::http);
      auto [verb, pattern] = VerbAndPattern(rule);
      operations.push_back({pattern, verb, rule.body(), VariablesOf(pattern), method});
    }
  }
  return Generator().Run(operations, info);
}

}  // namespace asc::http
