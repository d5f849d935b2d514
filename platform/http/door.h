// HTTP/JSON in front of gRPC services: socket, transcoder and clients put together.

#ifndef ASC_PLATFORM_HTTP_DOOR_H_
#define ASC_PLATFORM_HTTP_DOOR_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/http/transcoder.h"
#include "platform/rpc/client.h"

namespace asc::http {

struct DoorOptions {
  // "host:port"; port 0 takes a free one.
  std::string listen;
  // Full names of the services whose annotated methods are served.
  std::vector<std::string> services;
  // Who answers a call; null: nobody does for this authority (501).
  std::function<rpc::Client*(const Outgoing& outgoing)> client;
  // Fixed JSON documents by path, for GET without credentials, for example "/openapi.json".
  std::map<std::string, std::string> documents;
};

class Door {
 public:
  // INVALID_ARGUMENT: the address cannot be listened on, or an annotation is malformed.
  static absl::StatusOr<std::unique_ptr<Door>> Start(DoorOptions options);
  virtual ~Door() = default;
  virtual int port() const = 0;
  // Answers what was taken in, then closes.
  virtual void Stop() = 0;
};

}  // namespace asc::http

#endif  // ASC_PLATFORM_HTTP_DOOR_H_
