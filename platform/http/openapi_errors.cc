#include "platform/http/openapi_errors.h"

#include "asc/type/v1/options.pb.h"

namespace asc::http {
namespace {

using google::protobuf::MethodDescriptor;

// When a method may give an error.
enum class Given { kAlways, kPermitted, kWrites, kConditional, kBody };

struct Error {
  const char* status;
  const char* name;
  Given given;
  const char* description;
  // JSON; empty: none.
  const char* example;
};

constexpr Error kErrors[] = {
    {"400", "Invalid", Given::kAlways,
     "The request breaks its contract, or the record's state does not allow it "
     "(FAILED_PRECONDITION). Every faulty field is named, all of them at once; nothing was done.",
     R"({"error": {"code": 3, "message": "2 fields are faulty", "details": [
 {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [
  {"field": "request_id", "description": "required"},
  {"field": "person.postcode",
   "description": "must be a UK postcode in capitals with one space, such as AB10 1XG"}]}]}})"},
    {"401", "Unauthenticated", Given::kPermitted, "It cannot be told who calls.", ""},
    {"403", "Forbidden", Given::kPermitted,
     "The caller's roles lack the permission, or the authority is not theirs.", ""},
    {"404", "Unknown", Given::kAlways,
     "No such record, or it belongs to another authority; or no policy is held for the authority.",
     R"({"error": {"code": 5, "message": "no such record at this authority"}})"},
    {"409", "Conflict", Given::kWrites,
     "The request id was used for another request (ALREADY_EXISTS): take a new one. Or a "
     "concurrent "
     "change won, or the etag in the body is stale (ABORTED): read again, then decide again.",
     R"({"error": {"code": 10, "message": "the record has changed since it was read", "details": [
 {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "STALE_ETAG",
  "metadata": {"current_etag": "\"7\""}}]}})"},
    {"412", "Stale", Given::kConditional,
     "The etag in `If-Match` is stale: read again, then decide again. The current one is in the "
     "details.",
     ""},
    {"413", "TooLarge", Given::kBody, "The body is larger than 1 MiB.", ""},
    {"415", "NotJson", Given::kBody, "`Content-Type` must be application/json, not encoded.", ""},
    {"429", "TooMuch", Given::kAlways,
     "Too much at once, nothing was done: repeat the same request after `Retry-After`.", ""},
    {"500", "Fault", Given::kAlways, "A fault of the server; its log has the correlation id.", ""},
    {"501", "NotServed", Given::kAlways,
     "The method is not served for this authority: its service claims the abilities it serves.",
     ""},
    {"503", "Unavailable", Given::kAlways,
     "The service cannot be reached, the outcome is unknown: repeat the same request with "
     "back-off.",
     ""},
    {"504", "TooLate", Given::kAlways,
     "The answer did not come in time, the outcome is unknown: repeat the same request with "
     "back-off.",
     ""}};

bool Gives(const MethodDescriptor* method, bool takes_body, Given given) {
  const auto* request = method->input_type();
  switch (given) {
    case Given::kAlways:
      return true;
    case Given::kPermitted:
      return method->options().GetExtension(asc::type::v1::method).access() !=
             asc::type::v1::ACCESS_PUBLIC;
    case Given::kWrites:
      return request->FindFieldByName("request_id") != nullptr;
    case Given::kConditional:
      return request->FindFieldByName("etag") != nullptr;
    case Given::kBody:
      return takes_body;
  }
  return false;
}

constexpr char kErrorSchema[] = R"({
 "type": "object",
 "description": "What went wrong, and what to do next: a google.rpc.Status in proto3's JSON.",
 "properties": {"error": {
  "type": "object",
  "properties": {
   "code": {"type": "integer", "format": "int32", "description": "A google.rpc.Code."},
   "message": {"type": "string",
    "description": "For people; it begins with the field where there is one."},
   "details": {"type": "array", "items": {"$ref": "#/components/schemas/ErrorDetail"}}
  },
  "required": ["code"]
 }},
 "required": ["error"]
})";

constexpr char kDetailSchema[] = R"({
 "type": "object",
 "description": "One of google.rpc's standard details; `@type` tells which, the rest is its own.",
 "properties": {
  "@type": {"type": "string", "examples": ["type.googleapis.com/google.rpc.BadRequest"]},
  "fieldViolations": {"type": "array", "description": "Of BadRequest: every faulty field.",
   "items": {"type": "object", "properties": {
    "field": {"type": "string", "description": "The path in the contract's own names."},
    "description": {"type": "string"}}}},
  "reason": {"type": "string", "description": "Of ErrorInfo: a stable word for programs."},
  "domain": {"type": "string", "description": "Of ErrorInfo: whose word it is."},
  "metadata": {"type": "object", "additionalProperties": {"type": "string"},
   "description": "Of ErrorInfo: for example `current_etag`."},
  "retryDelay": {"type": "string", "description": "Of RetryInfo: when to try again, as \"1.5s\"."}
 },
 "required": ["@type"],
 "additionalProperties": true
})";

}  // namespace

void ReferToErrors(const MethodDescriptor* method, bool takes_body, JsonWriter& json) {
  for (const Error& error : kErrors) {
    if (!Gives(method, takes_body, error.given)) continue;
    json.PutObject(error.status,
                   [&] { json.PutReference(std::string("responses/") + error.name); });
  }
}

void WriteErrorResponses(JsonWriter& json) {
  for (const Error& error : kErrors) {
    json.PutObject(error.name, [&] {
      json.Put("description", error.description);
      json.PutObject("headers", [&] {
        json.PutObject("X-Correlation-Id", [&] { json.PutReference("headers/Correlation"); });
        if (error.name == std::string("TooMuch") || error.name == std::string("Unavailable")) {
          json.PutObject("Retry-After", [&] { json.PutReference("headers/RetryAfter"); });
        }
      });
      json.PutObject("content", [&] {
        json.PutObject("application/json", [&] {
          json.PutObject("schema", [&] { json.PutReference("schemas/Error"); });
          if (error.example[0] == '\0') return;
          json.Key("example");
          json.Raw(error.example);
        });
      });
    });
  }
}

void WriteErrorSchema(JsonWriter& json) {
  json.Key("Error");
  json.Raw(kErrorSchema);
  json.Key("ErrorDetail");
  json.Raw(kDetailSchema);
}

}  // namespace asc::http
