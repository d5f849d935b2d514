#include "platform/rpc/status.h"

#include <string>

#include "absl/strings/cord.h"

namespace asc::rpc {
namespace {

// Both number the codes as google.rpc.Code does.
static_assert(static_cast<int>(absl::StatusCode::kInvalidArgument) ==
              static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT));
static_assert(static_cast<int>(absl::StatusCode::kAborted) ==
              static_cast<int>(grpc::StatusCode::ABORTED));
static_assert(static_cast<int>(absl::StatusCode::kUnauthenticated) ==
              static_cast<int>(grpc::StatusCode::UNAUTHENTICATED));

// HTTP/2 trailers share the 8 KiB of metadata with the details.
constexpr std::size_t kMessageBytesMax = 1024;

std::string MessageOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return "a fault in the server; the log has it under this call's correlation id";
    default:
      return std::string(status.message().substr(0, kMessageBytesMax));
  }
}

}  // namespace

google::rpc::Status ToProto(const absl::Status& status) {
  google::rpc::Status proto;
  proto.set_code(static_cast<int>(status.code()));
  proto.set_message(MessageOf(status));
  status.ForEachPayload([&proto](absl::string_view type_url, const absl::Cord& payload) {
    auto* detail = proto.add_details();
    detail->set_type_url(std::string(type_url));
    detail->set_value(std::string(payload));
  });
  return proto;
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const auto code = static_cast<grpc::StatusCode>(status.code());
  const google::rpc::Status proto = ToProto(status);
  if (proto.details().empty()) return {code, proto.message()};
  return {code, proto.message(), proto.SerializeAsString()};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status proto;
  if (!status.error_details().empty() && proto.ParseFromString(status.error_details())) {
    for (const auto& detail : proto.details()) {
      result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
    }
  }
  return result;
}

}  // namespace asc::rpc
