// An HTTP/1.1 server: connections cost memory, not threads.

#ifndef ASC_PLATFORM_HTTP_HTTP_SERVER_H_
#define ASC_PLATFORM_HTTP_HTTP_SERVER_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "platform/http/transcoder.h"

namespace asc::http {

// Limits, each answered as RFC 9110 says: 414, 431, 413, 408.
inline constexpr std::size_t kTargetBytesMax = 8192;
inline constexpr std::size_t kHeaderBytesMax = 16384;
inline constexpr int kHeadersMax = 64;
inline constexpr std::size_t kBodyBytesMax = 1 << 20;
// A whole request must have arrived this long after its first byte.
inline constexpr std::chrono::seconds kRequestTimeout{10};
// The rest of a refused request is read and thrown away so far and so long, so that its sender
// comes to read the answer.
inline constexpr std::size_t kLingerBytesMax = 16 << 20;
inline constexpr std::chrono::seconds kLingerTimeout{5};
// A connection without a request is closed after this.
inline constexpr std::chrono::seconds kIdleTimeout{75};

struct HttpServerOptions {
  // "host:port"; port 0 takes a free one.
  std::string listen;
  int threads = 2;
  // Connections at once; further ones are closed at once.
  std::size_t connections_max = 20000;
};

class HttpServer {
 public:
  // Answers one request by calling `answer` exactly once, from any thread. Must not block.
  using Handler = std::function<void(Request request, std::function<void(Response)> answer)>;

  // INVALID_ARGUMENT: the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const HttpServerOptions& options,
                                                           Handler handler);
  virtual ~HttpServer() = default;
  virtual int port() const = 0;
  // Stops accepting, answers what was taken in (`Connection: close`), closes the rest.
  virtual void Stop() = 0;
};

}  // namespace asc::http

#endif  // ASC_PLATFORM_HTTP_HTTP_SERVER_H_
