#include "platform/http/openapi.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "asc/type/v1/options.pb.h"
#include "google/api/annotations.pb.h"
#include "platform/http/openapi_errors.h"
#include "platform/http/openapi_json.h"
#include "platform/http/openapi_schemas.h"
#include "platform/http/openapi_text.h"

namespace asc::http {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// The tag of what belongs to no contract.
constexpr char kDoorTag[] = "Door";

struct Operation {
  std::string path;
  std::string verb;
  bool takes_body = false;
  std::vector<std::string> variables;
  const MethodDescriptor* method = nullptr;
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

// Whether the JSON of an answer has an etag of its own, or one record with an etag.
bool GivesEtag(const Descriptor* answer) {
  if (answer->FindFieldByName("etag") != nullptr) return true;
  for (int i = 0; i < answer->field_count(); ++i) {
    const FieldDescriptor* field = answer->field(i);
    if (field->is_repeated() || field->message_type() == nullptr) continue;
    if (field->message_type()->FindFieldByName("etag") != nullptr) return true;
  }
  return false;
}

class Generator {
 public:
  Generator() : schemas_(json_) {}

  std::string Run(const std::vector<Operation>& operations, const OpenApiInfo& info) {
    json_.Object([&] {
      json_.Put("openapi", "3.1.0");
      json_.PutObject("info", [&] {
        json_.Put("title", info.title);
        json_.Put("version", info.version);
        json_.Put("description", info.description);
      });
      json_.PutArray("servers", [&] {
        json_.Object([&] {
          json_.Put("url", "/");
          json_.Put("description", "The server that gave out this description.");
        });
      });
      WriteTags(operations, info);
      WritePaths(operations, info);
      WriteComponents();
    });
    return json_.text();
  }

 private:
  void WriteTags(const std::vector<Operation>& operations, const OpenApiInfo& info) {
    std::map<std::string, std::string> tags;
    for (const auto& operation : operations) {
      const ServiceDescriptor* service = operation.method->service();
      tags[service->name()] = CommentOf(service);
    }
    if (!info.documents.empty()) tags[kDoorTag] = "What is served without credentials.";
    json_.PutArray("tags", [&] {
      for (const auto& tag : tags) {
        json_.Object([&] {
          json_.Put("name", tag.first);
          json_.Put("description", tag.second);
        });
      }
    });
  }

  void WritePaths(const std::vector<Operation>& operations, const OpenApiInfo& info) {
    std::map<std::string, std::vector<const Operation*>> by_path;
    for (const auto& operation : operations) by_path[operation.path].push_back(&operation);
    json_.PutObject("paths", [&] {
      for (const auto& document : info.documents) WriteDocument(document);
      for (const auto& path : by_path) {
        json_.PutObject(path.first, [&] {
          for (const Operation* operation : path.second) WriteOperation(*operation);
        });
      }
    });
  }

  void WriteDocument(const OpenApiDocument& document) {
    json_.PutObject(document.path, [&] {
      json_.PutObject("get", [&] {
        json_.Put("operationId", document.name);
        json_.PutTexts("tags", {kDoorTag});
        json_.Put("summary", document.summary);
        json_.Put("description", document.description);
        json_.PutArray("security", [] {});
        json_.PutObject("responses", [&] {
          json_.PutObject("200", [&] {
            json_.Put("description", document.summary);
            WriteContent([&] { json_.PutObject("schema", [&] { json_.Put("type", "object"); }); });
          });
          json_.PutObject("400", [&] { json_.PutReference("responses/Invalid"); });
        });
      });
    });
  }

  void WriteOperation(const Operation& operation) {
    const MethodDescriptor* method = operation.method;
    const std::string& service = method->service()->name();
    const std::string comment = CommentOf(method);
    json_.PutObject(operation.verb, [&] {
      json_.Put("operationId", absl::StrCat(service, "_", method->name()));
      json_.PutTexts("tags", {service});
      json_.Put("summary", SummaryOf(comment));
      json_.Put("description", comment);
      const auto& rules = method->options().GetExtension(asc::type::v1::method);
      json_.Put("x-asc-permission", rules.permission());
      json_.PutArray("security", [&] {
        if (rules.access() == asc::type::v1::ACCESS_PUBLIC) return;
        json_.Object([&] { json_.PutArray("bearer", [] {}); });
      });
      WriteParameters(operation);
      if (operation.takes_body) WriteBody(operation);
      WriteResponses(operation);
    });
  }

  void WriteParameters(const Operation& operation) {
    const Descriptor* request = operation.method->input_type();
    const std::set<std::string> in_path(operation.variables.begin(), operation.variables.end());
    json_.PutArray("parameters", [&] {
      for (const auto& name : operation.variables) {
        WriteParameter(name, "path", request->FindFieldByName(name));
      }
      for (int i = 0; !operation.takes_body && i < request->field_count(); ++i) {
        const FieldDescriptor* field = request->field(i);
        const bool scalar = field->message_type() == nullptr ||
                            field->message_type()->full_name() == "google.protobuf.Timestamp";
        if (scalar && !in_path.contains(field->name())) {
          WriteParameter(field->json_name(), "query", field);
        }
      }
      if (request->FindFieldByName("request_id") != nullptr) Refer("parameters/IdempotencyKey");
      if (request->FindFieldByName("etag") != nullptr) Refer("parameters/IfMatch");
      Refer("parameters/Correlation");
    });
  }

  void Refer(const char* component) {
    json_.Object([&] { json_.PutReference(component); });
  }

  void WriteParameter(const std::string& name, const char* in, const FieldDescriptor* field) {
    json_.Object([&] {
      json_.Put("name", name);
      json_.Put("in", in);
      json_.PutFlag("required", std::string(in) == "path" ||
                                    field->options().GetExtension(asc::type::v1::field).required());
      const std::string description = DescriptionOf(field);
      json_.Put("description",
                description.empty() ? "The " + WordsOf(field->name()) + "." : description);
      json_.PutObject("schema", [&] { schemas_.WriteField(field); });
    });
  }

  void WriteContent(const std::function<void()>& inside) {
    json_.PutObject("content", [&] { json_.PutObject("application/json", inside); });
  }

  void WriteBody(const Operation& operation) {
    const Descriptor* request = operation.method->input_type();
    const std::set<std::string> in_path(operation.variables.begin(), operation.variables.end());
    json_.PutObject("requestBody", [&] {
      json_.PutFlag("required", true);
      WriteContent([&] {
        json_.PutObject("schema", [&] { schemas_.ReferToBody(request, in_path); });
        json_.Key("example");
        schemas_.WriteExample(request, in_path);
      });
    });
  }

  void WriteResponses(const Operation& operation) {
    const Descriptor* answer = operation.method->output_type();
    json_.PutObject("responses", [&] {
      json_.PutObject("200", [&] {
        const std::string comment = CommentOf(answer);
        json_.Put("description", comment.empty() ? "The answer." : comment);
        json_.PutObject("headers", [&] {
          if (GivesEtag(answer)) {
            json_.PutObject("ETag", [&] { json_.PutReference("headers/ETag"); });
          }
          json_.PutObject("X-Correlation-Id", [&] { json_.PutReference("headers/Correlation"); });
        });
        WriteContent([&] { json_.PutObject("schema", [&] { schemas_.Refer(answer); }); });
      });
      ReferToErrors(operation.method, operation.takes_body, json_);
    });
  }

  void WriteComponents() {
    json_.PutObject("components", [&] {
      json_.PutObject("schemas", [&] {
        schemas_.WriteAll();
        WriteErrorSchema(json_);
      });
      json_.PutObject("responses", [&] { WriteErrorResponses(json_); });
      json_.PutObject("parameters", [&] {
        WriteHeader("IdempotencyKey", "Idempotency-Key",
                    "Stands for `requestId` where the body has none.");
        WriteHeader("IfMatch", "If-Match",
                    "Stands for `etag` where the body has none; a stale one is then 412.");
        WriteHeader("Correlation", "X-Correlation-Id",
                    "Mirrored, written to every log, and passed on to every call on the way.");
      });
      json_.PutObject("headers", [&] {
        WriteHeader("ETag", "", "The etag of the record in the answer, for `If-Match`.");
        WriteHeader("Correlation", "", "The one that was sent.");
        WriteHeader("RetryAfter", "", "Whole seconds to wait before the next try.");
      });
      json_.PutObject("securitySchemes", [&] {
        json_.PutObject("bearer", [&] {
          json_.Put("type", "http");
          json_.Put("scheme", "bearer");
          json_.Put("description",
                    "Says who calls. A server in development mode takes calls without it; there "
                    "the headers `asc-subject`, `asc-authorities` and `asc-permissions` stand "
                    "for it.");
        });
      });
    });
  }

  // A component that is a header; `name` only where it is a parameter.
  void WriteHeader(const char* component, const char* name, const char* description) {
    json_.PutObject(component, [&] {
      json_.Put("name", name);
      if (name[0] != '\0') json_.Put("in", "header");
      json_.Put("description", description);
      json_.PutObject("schema", [&] { json_.Put("type", "string"); });
    });
  }

  JsonWriter json_;
  Schemas schemas_;
};

}  // namespace

absl::StatusOr<std::string> OpenApiOf(const google::protobuf::DescriptorPool& pool,
                                      const std::vector<std::string>& services,
                                      const OpenApiInfo& info) {
  std::vector<Operation> operations;
  for (const auto& name : services) {
    const ServiceDescriptor* service = pool.FindServiceByName(name);
    if (service == nullptr) return absl::NotFoundError(absl::StrCat(name, ": not in the pool"));
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor* method = service->method(i);
      if (method->server_streaming() || !method->options().HasExtension(google::api::http))
        continue;
      const auto& rule = method->options().GetExtension(google::api::http);
      auto [verb, pattern] = VerbAndPattern(rule);
      operations.push_back({pattern, verb, !rule.body().empty(), VariablesOf(pattern), method});
    }
  }
  return Generator().Run(operations, info);
}

}  // namespace asc::http
