#include "tests/support/caller.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <future>
#include <map>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "platform/rpc/client.h"
#include "platform/status/macros.h"

namespace asc::testing {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// Longer than any server waits.
constexpr std::chrono::seconds kTimeout{30};

// The program that serves a method: "asc.referral.v1.ReferralService" is the referral-svc's.
Program ServerOf(const MethodDescriptor& method) {
  const std::vector<std::string> parts = absl::StrSplit(method.service()->full_name(), '.');
  for (const Program program : kServices) {
    if (NameOf(program) == parts.at(1) + "-svc") return program;
  }
  return Program::kGateway;
}

class GrpcCaller : public Caller {
 public:
  explicit GrpcCaller(const Suite& suite) : suite_(suite) {}

  absl::Status Call(const MethodDescriptor& method, const Message& request,
                    Message& response) override {
    auto& client = clients_[ServerOf(method)];
    if (client == nullptr) client = rpc::NewClient(suite_.address(ServerOf(method)));
    std::promise<absl::StatusOr<std::string>> done;
    client->Call(
        absl::StrCat("/", method.service()->full_name(), "/", method.name()),
        request.SerializeAsString(), {.timeout = kTimeout, .metadata = {}},
        [&done](absl::StatusOr<std::string> answer) { done.set_value(std::move(answer)); });
    ASC_TRY_ASSIGN(const std::string answer, done.get_future().get());
    if (!response.ParseFromString(answer)) return absl::InternalError("an answer of another type");
    return absl::OkStatus();
  }

 private:
  const Suite& suite_;
  std::map<Program, std::unique_ptr<rpc::Client>> clients_;
};

// What a path or a query holds of a text: letters, digits and the rest in hexadecimal.
std::string Encoded(const std::string& text) {
  std::string encoded;
  for (const char character : text) {
    if (absl::ascii_isalnum(character) || absl::StrContains("-._~", std::string(1, character))) {
      encoded.push_back(character);
    } else {
      absl::StrAppend(&encoded, "%",
                      absl::Hex(static_cast<unsigned char>(character), absl::kZeroPad2));
    }
  }
  return encoded;
}

// The path of a method with the request's own values, which are taken out of `body`.
std::string PathOf(const google::api::HttpRule& rule, Message& body) {
  std::string path;
  std::string left = rule.post().empty() ? rule.get() : rule.post();
  for (std::size_t open = left.find('{'); open != std::string::npos; open = left.find('{')) {
    const std::size_t close = left.find('}', open);
    const FieldDescriptor* field =
        body.GetDescriptor()->FindFieldByName(left.substr(open + 1, close - open - 1));
    absl::StrAppend(&path, left.substr(0, open));
    absl::StrAppend(&path, Encoded(body.GetReflection()->GetString(body, field)));
    body.GetReflection()->ClearField(&body, field);
    left = left.substr(close + 1);
  }
  return path + left;
}

// The texts of a request that are left for its query.
std::string QueryOf(const Message& message) {
  std::string query;
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->type() != FieldDescriptor::TYPE_STRING || field->is_repeated()) continue;
    absl::StrAppend(&query, query.empty() ? "?" : "&", field->name(), "=",
                    Encoded(message.GetReflection()->GetString(message, field)));
  }
  return query;
}

// The status in an error's body.
absl::Status ErrorIn(const bhttp::response<bhttp::string_body>& answer) {
  constexpr char kHead[] = "{\"error\":";
  google::rpc::Status error;
  const std::string& body = answer.body();
  if (absl::StartsWith(body, kHead)) {
    const std::string json = body.substr(sizeof kHead - 1, body.size() - sizeof kHead);
    google::protobuf::util::JsonStringToMessage(json, &error).ok();
  }
  if (error.code() == 0) {
    return absl::InternalError(absl::StrCat("HTTP ", answer.result_int(), ": ", body));
  }
  return absl::Status(static_cast<absl::StatusCode>(error.code()), error.message());
}

// Keeps its connection from call to call, and makes a new one when the server has closed it.
class HttpCaller : public Caller {
 public:
  explicit HttpCaller(const Suite& suite) : suite_(suite) {
    // Linked in for the details that an error's body may hold.
    google::rpc::BadRequest::descriptor();
  }

  absl::Status Call(const MethodDescriptor& method, const Message& request,
                    Message& response) override {
    const std::unique_ptr<Message> body(request.New());
    body->CopyFrom(request);
    const auto& rule = method.options().GetExtension(google::api::http);
    const std::string path = PathOf(rule, *body);
    bhttp::request<bhttp::string_body> asked(bhttp::verb::get, path + QueryOf(*body), 11);
    if (!rule.post().empty()) {
      asked = bhttp::request<bhttp::string_body>(bhttp::verb::post, path, 11);
      asked.set(bhttp::field::content_type, "application/json");
      const auto printed = google::protobuf::util::MessageToJsonString(*body, &asked.body());
      if (!printed.ok()) return absl::InvalidArgumentError(std::string(printed.message()));
    }
    asked.set(bhttp::field::host, suite_.http_address());
    asked.prepare_payload();

    bhttp::response<bhttp::string_body> answer;
    const bool was_open = stream_.has_value();
    absl::Status exchanged = Exchange(asked, answer);
    if (!exchanged.ok() && was_open) exchanged = Exchange(asked, answer);
    ASC_TRY(exchanged);
    if (answer.result() != bhttp::status::ok) return ErrorIn(answer);
    const auto read = google::protobuf::util::JsonStringToMessage(answer.body(), &response);
    return read.ok() ? absl::OkStatus() : absl::InternalError(std::string(read.message()));
  }

 private:
  absl::Status Exchange(const bhttp::request<bhttp::string_body>& asked,
                        bhttp::response<bhttp::string_body>& answer) {
    beast::error_code error;
    if (!stream_.has_value()) {
      const std::vector<std::string> parts = absl::StrSplit(suite_.http_address(), ':');
      asio::ip::tcp::resolver resolver(io_);
      stream_.emplace(io_);
      stream_->connect(resolver.resolve(parts[0], parts[1], error), error);
    }
    if (!error) bhttp::write(*stream_, asked, error);
    beast::flat_buffer buffer;
    answer = {};
    if (!error) bhttp::read(*stream_, buffer, answer, error);
    if (error || !answer.keep_alive()) stream_.reset();
    return error ? absl::UnavailableError(error.message()) : absl::OkStatus();
  }

  const Suite& suite_;
  asio::io_context io_;
  std::optional<beast::tcp_stream> stream_;
};

}  // namespace

absl::Status Caller::Call(const std::string& method, const Message& request, Message& response) {
  const auto* contract = request.GetDescriptor()->file()->service(0);
  const MethodDescriptor* found = contract->FindMethodByName(method);
  if (found == nullptr) return absl::UnimplementedError(absl::StrCat(method, ": not in contract"));
  return Call(*found, request, response);
}

std::unique_ptr<Caller> NewCaller(const Suite& suite, Transport transport) {
  if (transport == Transport::kHttp) return std::make_unique<HttpCaller>(suite);
  return std::make_unique<GrpcCaller>(suite);
}

}  // namespace asc::testing
