#include "platform/http/transcoder.h"

#include <memory>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/message.h"
#include "google/rpc/error_details.pb.h"
#include "platform/http/json_to_proto.h"
#include "platform/http/proto_to_json.h"
#include "platform/log/log.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/formats.h"
#include "platform/rpc/status.h"
#include "platform/rpc/validation.h"

namespace asc::http {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

constexpr char kCorrelation[] = "x-correlation-id";
// Passed on as they are; everything else a caller sends stays here.
const char* const kPassedOn[] = {"traceparent",     "authorization",   "asc-subject",
                                 "asc-authorities", "asc-permissions", "asc-purpose"};

std::string Header(const Request& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

std::string Lowered(absl::string_view text) {
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
}

// JSON is UTF-8; a body that says it is anything else would be read wrongly.
bool IsJson(const std::string& content_type) {
  const std::vector<std::string> parts = absl::StrSplit(content_type, ';');
  if (Lowered(parts[0]) != "application/json") return false;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::pair<std::string, std::string> parameter =
        absl::StrSplit(parts[i], absl::MaxSplits('=', 1));
    const std::string value = Lowered(parameter.second);
    if (Lowered(parameter.first) == "charset" && value != "utf-8" && value != "\"utf-8\"") {
      return false;
    }
  }
  return true;
}

// The first header that stands more than once although it has one value; null: none. Whoever stands
// between takes the first or the last of them, so two are how a request means two things (RFC 9110,
// 5.3). A list of If-Match would be allowed, but a record has one etag.
const char* StandsTwice(const Request& request) {
  static constexpr const char* kSingle[][2] = {
      {"authorization", "Authorization"},     {"content-type", "Content-Type"},
      {"idempotency-key", "Idempotency-Key"}, {"if-match", "If-Match"},
      {"asc-subject", "asc-subject"},         {"asc-authorities", "asc-authorities"},
      {"asc-permissions", "asc-permissions"}, {"asc-purpose", "asc-purpose"}};
  for (const auto& [name, shown] : kSingle) {
    if (request.headers.count(name) > 1) return shown;
  }
  return nullptr;
}

const FieldDescriptor* StringField(const Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  const bool fits = field != nullptr && !field->is_repeated() &&
                    field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  return fits ? field : nullptr;
}

std::string Text(const Message& message, const char* name) {
  const auto* field = StringField(message, name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

// A header that stands for a field: fills it, or must agree with it.
void FromHeader(const std::string& value, const char* field_name, const char* header,
                Message& message, rpc::Violations& violations) {
  if (value.empty()) return;
  const auto* field = StringField(message, field_name);
  if (field == nullptr) return;
  const std::string held = message.GetReflection()->GetString(message, field);
  if (held.empty()) {
    message.GetReflection()->SetString(&message, field, value);
  } else if (held != value) {
    violations.Add(field_name, absl::StrCat("differs from the header ", header));
  }
}

void ReadQuery(const std::string& query, Message& message, rpc::Violations& violations) {
  if (query.empty()) return;
  std::set<const FieldDescriptor*> said;
  for (const std::string& pair : std::vector<std::string>(absl::StrSplit(query, '&'))) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    std::string name;
    std::string value;
    if (!PercentDecode(pair.substr(0, equals), true, name) ||
        !PercentDecode(equals == std::string::npos ? "" : pair.substr(equals + 1), true, value)) {
      violations.Add("query", "is not percent-encoded properly");
      continue;
    }
    const auto* type = message.GetDescriptor();
    const FieldDescriptor* field = type->FindFieldByName(name);
    if (field == nullptr) field = type->FindFieldByCamelcaseName(name);
    if (field != nullptr && !field->is_repeated() && !said.insert(field).second) {
      violations.Add(field->name(), "stands more than once in the query");
      continue;
    }
    SetFromText(name, value, message, violations);
  }
}

void ReadVariables(const Match& match, Message& message, rpc::Violations& violations) {
  for (const auto& [path, value] : match.variables) {
    // Body and query may repeat what the path says, but not contradict it.
    const std::string held = path.find('.') == std::string::npos ? Text(message, path.c_str()) : "";
    if (!held.empty() && held != value) {
      violations.Add(path, "differs from the path");
      continue;
    }
    SetFromText(path, value, message, violations);
  }
}

// What path and query say, beside a body that may be there already.
void ReadTarget(const Match& match, const std::string& query, Message& message,
                rpc::Violations& violations) {
  if (match.route->body.empty()) {
    ReadQuery(query, message, violations);
  } else if (!query.empty()) {
    violations.Add("query", "this method takes none; say it in the body");
  }
  ReadVariables(match, message, violations);
}

// The etag of the answer: its own, or that of the one record it holds.
std::string EtagOf(const Message& message) {
  std::string etag = Text(message, "etag");
  if (!etag.empty()) return etag;
  const auto* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* field = type->field(i);
    if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!message.GetReflection()->HasField(message, field)) continue;
    etag = Text(message.GetReflection()->GetMessage(message, field), "etag");
    if (!etag.empty()) return etag;
  }
  return "";
}

bool IsStaleEtag(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  return payload.has_value() && info.ParseFromString(std::string(*payload)) &&
         info.reason() == "STALE_ETAG";
}

void AddRetryAfter(const absl::Status& status, Response& response) {
  google::rpc::RetryInfo retry;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.RetryInfo");
  const bool told = payload.has_value() && retry.ParseFromString(std::string(*payload));
  if (!told && response.status != 429 && response.status != 503) return;
  // The header has whole seconds.
  const auto seconds = told ? retry.retry_delay().seconds() + (retry.retry_delay().nanos() > 0) : 1;
  response.headers.emplace_back("Retry-After", absl::StrCat(seconds));
}

Response Plain(int status, absl::Status error, const std::string& correlation_id) {
  Response response =
      ErrorResponse(rpc::WithReason(std::move(error), "HTTP_REQUEST"), false, correlation_id);
  response.status = status;
  return response;
}

}  // namespace

int HttpStatusOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return 409;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    default:
      return 500;
  }
}

// What the transport answers by itself says nothing of a method that nobody serves, and names
// addresses inside of a service that is away.
absl::Status InOurWords(const absl::Status& given) {
  if (given.GetPayload("type.googleapis.com/google.rpc.ErrorInfo").has_value()) return given;
  if (absl::IsUnavailable(given)) {
    return absl::UnavailableError("the service cannot be reached now; send the same again later");
  }
  if (absl::IsUnimplemented(given)) {
    return rpc::WithReason(
        absl::UnimplementedError("the service of this authority does not serve this method"),
        "NOT_SERVED");
  }
  return given;
}

Response ErrorResponse(const absl::Status& given, bool conditional,
                       const std::string& correlation_id) {
  const absl::Status status = InOurWords(given);
  Response response;
  response.status = conditional && absl::IsAborted(status) && IsStaleEtag(status)
                        ? 412
                        : HttpStatusOf(status.code());
  auto json = ToJson(rpc::ToProto(status));
  // A detail of a type that is not linked in cannot be printed; code and message always can.
  if (!json.ok()) {
    json = absl::StrCat("{\"code\":", static_cast<int>(status.code()),
                        ",\"message\":", log::Quoted(std::string(status.message())), "}");
  }
  response.body = absl::StrCat("{\"error\":", *json, "}");
  response.headers.emplace_back("Content-Type", "application/json");
  if (!correlation_id.empty()) response.headers.emplace_back("X-Correlation-Id", correlation_id);
  if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  AddRetryAfter(status, response);
  return response;
}

std::variant<Outgoing, Response> Transcoder::Read(const Request& request) const {
  std::string correlation_id = Header(request, kCorrelation);
  if (rpc::FormatFault(asc::type::v1::FORMAT_ID, correlation_id) != nullptr) correlation_id.clear();
  const auto mark = request.target.find('?');
  const std::string path = request.target.substr(0, mark);
  std::vector<std::string> allowed;
  const auto match = routes_.Find(request.verb, path, allowed);
  if (!match.has_value()) {
    if (allowed.empty()) {
      return Plain(404, absl::NotFoundError("no such path; /openapi.json lists them"),
                   correlation_id);
    }
    Response response =
        Plain(405, absl::InvalidArgumentError("this path does not take this HTTP method"),
              correlation_id);
    response.headers.emplace_back("Allow", absl::StrJoin(allowed, ", "));
    return response;
  }
  if (const char* header = StandsTwice(request)) {
    return Plain(400, absl::InvalidArgumentError(absl::StrCat(header, ": stands more than once")),
                 correlation_id);
  }
  const bool takes_body = !match->route->body.empty();
  if (takes_body && !IsJson(Header(request, "content-type"))) {
    return Plain(415,
                 absl::InvalidArgumentError("Content-Type: must be application/json, in UTF-8"),
                 correlation_id);
  }
  if (takes_body && request.headers.count("content-encoding") > 0) {
    return Plain(415, absl::InvalidArgumentError("Content-Encoding: none is taken"),
                 correlation_id);
  }
  if (!takes_body && !request.body.empty()) {
    return Plain(400, absl::InvalidArgumentError("body: this method takes none"), correlation_id);
  }
  const auto* type = match->route->method->input_type();
  google::protobuf::Arena arena;
  Message* message = MessageFactory::generated_factory()->GetPrototype(type)->New(&arena);
  rpc::Violations violations;
  if (takes_body) MergeJson(request.body, *message, violations);
  const std::string query = mark == std::string::npos ? "" : request.target.substr(mark + 1);
  ReadTarget(*match, query, *message, violations);
  FromHeader(Header(request, "idempotency-key"), "request_id", "Idempotency-Key", *message,
             violations);
  const std::string if_match = Header(request, "if-match");
  FromHeader(if_match, "etag", "If-Match", *message, violations);
  if (!violations.empty()) {
    // The service would stop at these too, so its findings are told in the same answer.
    rpc::Violations rules;
    rpc::Validator(type).Check(*message, rules);
    violations.JoinNew(std::move(rules));
    return ErrorResponse(violations.ToStatus(), false, correlation_id);
  }

  Outgoing outgoing;
  outgoing.route = match->route;
  outgoing.method = absl::StrCat("/", match->route->method->service()->full_name(), "/",
                                 match->route->method->name());
  outgoing.authority = Text(*message, "authority");
  outgoing.request_bytes = message->SerializeAsString();
  outgoing.conditional = !if_match.empty();
  for (const char* name : kPassedOn) {
    if (std::string value = Header(request, name); !value.empty()) {
      outgoing.metadata[name] = std::move(value);
    }
  }
  if (!correlation_id.empty()) outgoing.metadata[kCorrelation] = correlation_id;
  return outgoing;
}

Response Transcoder::Write(const Outgoing& outgoing,
                           const absl::StatusOr<std::string>& answer) const {
  const auto correlation = outgoing.metadata.find(kCorrelation);
  const std::string correlation_id =
      correlation == outgoing.metadata.end() ? "" : correlation->second;
  if (!answer.ok()) return ErrorResponse(answer.status(), outgoing.conditional, correlation_id);
  // One allocation for what is read and dropped again at once.
  google::protobuf::Arena arena;
  Message* message = MessageFactory::generated_factory()
                         ->GetPrototype(outgoing.route->method->output_type())
                         ->New(&arena);
  auto json = message->ParseFromString(*answer)
                  ? ToJson(*message)
                  : absl::InternalError("an answer that is not of its contract");
  if (!json.ok()) return ErrorResponse(json.status(), false, correlation_id);
  Response response;
  response.body = *std::move(json);
  response.headers.emplace_back("Content-Type", "application/json");
  if (std::string etag = EtagOf(*message); !etag.empty()) {
    response.headers.emplace_back("ETag", std::move(etag));
  }
  if (!correlation_id.empty()) response.headers.emplace_back("X-Correlation-Id", correlation_id);
  return response;
}

}  // namespace asc::http
