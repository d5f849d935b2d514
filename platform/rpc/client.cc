#include "platform/rpc/client.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/channel_arguments.h>

#include <utility>
#include <vector>

#include "platform/rpc/status.h"

namespace asc::rpc {
namespace {

std::string TargetOf(const std::string& endpoint) {
  // A list needs a scheme that takes one; names are resolved by DNS, which may give several.
  if (endpoint.find(',') != std::string::npos) return "ipv4:" + endpoint;
  return "dns:///" + endpoint;
}

struct Flight {
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
};

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const auto& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

class GenericClient final : public Client {
 public:
  explicit GenericClient(std::shared_ptr<grpc::Channel> channel) : stub_(std::move(channel)) {}

  void Call(const std::string& method, const std::string& request_bytes, const CallOptions& options,
            std::function<void(absl::StatusOr<std::string>)> done) override {
    auto* flight = new Flight;
    flight->context.set_deadline(std::chrono::system_clock::now() + options.timeout);
    for (const auto& [key, value] : options.metadata) flight->context.AddMetadata(key, value);
    const grpc::Slice slice(request_bytes);
    flight->request = grpc::ByteBuffer(&slice, 1);
    stub_.UnaryCall(&flight->context, method, {}, &flight->request, &flight->response,
                    [flight, done = std::move(done)](const grpc::Status& status) {
                      absl::StatusOr<std::string> answer = BytesOf(flight->response);
                      if (!status.ok()) answer = FromGrpc(status);
                      // It holds the channel, and whoever is told may let go of this client: the
                      // last hold must not be given up on a thread that works for the channel.
                      delete flight;
                      done(std::move(answer));
                    });
  }

 private:
  grpc::GenericStub stub_;
};

}  // namespace

std::unique_ptr<Client> NewClient(const std::string& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetLoadBalancingPolicyName("round_robin");
  // A peer that vanished without a word is noticed within a minute; one that came back is found
  // within two seconds, so that waiting work goes on soon.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  return std::make_unique<GenericClient>(
      grpc::CreateCustomChannel(TargetOf(endpoint), grpc::InsecureChannelCredentials(), arguments));
}

}  // namespace asc::rpc
