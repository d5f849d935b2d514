// HTTP/JSON to gRPC and back, without touching a socket: what a request means, and what an answer
// looks like.

#ifndef ASC_PLATFORM_HTTP_TRANSCODER_H_
#define ASC_PLATFORM_HTTP_TRANSCODER_H_

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/http/routes.h"

namespace asc::http {

struct Request {
  std::string verb;
  // As it stood in the request line, query included.
  std::string target;
  // Names in lower case.
  std::multimap<std::string, std::string> headers;
  std::string body;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// A request understood: what to call.
struct Outgoing {
  const Route* route = nullptr;
  // "/package.Service/Method"
  std::string method;
  // Of the request message; empty where it has no such field.
  std::string authority;
  std::string request_bytes;
  // To pass on: correlation, trace, identity.
  std::map<std::string, std::string> metadata;
  // Whether the caller made the call depend on an etag by If-Match: a stale one is then 412.
  bool conditional = false;
};

// Thread-safe.
class Transcoder {
 public:
  explicit Transcoder(Routes routes) : routes_(std::move(routes)) {}

  // What `request` asks for, or the answer to what cannot be asked: 400, 404, 405, 415.
  //   Idempotency-Key   becomes `request_id` where the body has none
  //   If-Match          becomes `etag` where the body has none
  //   X-Correlation-Id  is passed on and mirrored; traceparent and Authorization are passed on
  // A header of these that has one value and stands twice is refused (400), also with equal values.
  std::variant<Outgoing, Response> Read(const Request& request) const;

  // The response to a call that has ended: the message as JSON, or the google.rpc.Status. The
  // answer's own etag becomes the ETag header.
  Response Write(const Outgoing& outgoing, const absl::StatusOr<std::string>& answer) const;

  const Routes& routes() const { return routes_; }

 private:
  Routes routes_;
};

// The body {"error": google.rpc.Status} and the matching code, with `correlation_id` mirrored.
Response ErrorResponse(const absl::Status& status, bool conditional,
                       const std::string& correlation_id);

// The HTTP status for a code, as google.rpc.Code documents them.
int HttpStatusOf(absl::StatusCode code);

}  // namespace asc::http

#endif  // ASC_PLATFORM_HTTP_TRANSCODER_H_
