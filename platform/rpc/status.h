// Between absl::Status inside and grpc::Status at the border; details travel both ways.

#ifndef ASC_PLATFORM_RPC_STATUS_H_
#define ASC_PLATFORM_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"

namespace asc::rpc {

// The payloads of `status` become the details of a google.rpc.Status in the trailer. Messages are
// cut at 1,024 bytes. UNKNOWN and INTERNAL lose their message, which belongs in the log.
grpc::Status ToGrpc(const absl::Status& status);

// The reverse, on the calling side.
absl::Status FromGrpc(const grpc::Status& status);

google::rpc::Status ToProto(const absl::Status& status);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_STATUS_H_
