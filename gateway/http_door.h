// The HTTP/JSON door: every annotated RPC of every service, and the description of them all at
// /openapi.json.

#ifndef ASC_GATEWAY_HTTP_DOOR_H_
#define ASC_GATEWAY_HTTP_DOOR_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "gateway/backends.h"
#include "platform/http/door.h"

namespace asc::gateway {

// A call for the gateway's own contract goes to `own`, a call for another service to the endpoint
// of the request's authority. Both must outlive the door.
absl::StatusOr<std::unique_ptr<http::Door>> OpenHttpDoor(const std::string& listen,
                                                         rpc::Client& own,
                                                         const Backends& backends);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_HTTP_DOOR_H_
