// A method that does nothing, served bare or through the adapter: what everything else is compared
// to.

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <iostream>
#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "asc/bench/v1/bench.grpc.pb.h"
#include "platform/http/door.h"
#include "platform/rpc/client.h"
#include "platform/rpc/command_line.h"
#include "platform/rpc/method.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"

ABSL_FLAG(std::string, listen, "localhost:0", "host:port to serve gRPC on");
ABSL_FLAG(std::string, http_listen, "", "host:port to serve HTTP/JSON on; empty: not at all");
ABSL_FLAG(bool, bare, false, "serve with gRPC alone, without the adapter");

namespace asc::bench {
namespace {

using v1::NoOpRequest;
using v1::NoOpResponse;

absl::StatusOr<NoOpResponse> NoOp(const rpc::Call&, const NoOpRequest& request) {
  NoOpResponse response;
  response.set_text(request.text());
  return response;
}

class BareService final : public v1::BenchService::CallbackService {
  grpc::ServerUnaryReactor* NoOp(grpc::CallbackServerContext* context, const NoOpRequest* request,
                                 NoOpResponse* response) override {
    response->set_text(request->text());
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class AdapterService final : public v1::BenchService::CallbackService {
 public:
  explicit AdapterService(rpc::Adapter& adapter)
      : no_op_(adapter, "asc.bench.v1.BenchService.NoOp", &bench::NoOp) {}

 private:
  grpc::ServerUnaryReactor* NoOp(grpc::CallbackServerContext* context, const NoOpRequest* request,
                                 NoOpResponse* response) override {
    return no_op_.Serve(context, request, response);
  }

  rpc::PureMethod<NoOpRequest, NoOpResponse> no_op_;
};

void ServeBare(const std::string& listen) {
  BareService service;
  // As the adapter's servers do, so that only the adapter is compared.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  std::cout << "bare listening on port " << port << std::endl;
  server->Wait();
}

absl::Status Serve() {
  const std::string listen = absl::GetFlag(FLAGS_listen);
  if (absl::GetFlag(FLAGS_bare)) {
    ServeBare(listen);
    return absl::OkStatus();
  }
  rpc::ServerOptions options;
  options.listen = listen;
  options.name = "adapter";
  options.adapter.development_identity = true;
  std::unique_ptr<rpc::Client> own;
  std::unique_ptr<http::Door> door;
  // The door calls this process itself, as the gateway's does for the gateway's own methods.
  const auto open_door = [&](const rpc::Server& server) -> absl::Status {
    const std::string http_listen = absl::GetFlag(FLAGS_http_listen);
    if (http_listen.empty()) return absl::OkStatus();
    own = rpc::NewClient(absl::StrCat("localhost:", server.port()));
    ASC_TRY_ASSIGN(
        door, http::Door::Start({.listen = http_listen,
                                 .services = {"asc.bench.v1.BenchService"},
                                 .client = [&own](const http::Outgoing&) { return own.get(); }}));
    std::cout << "adapter HTTP on port " << door->port() << std::endl;
    return absl::OkStatus();
  };
  return rpc::ServeUntilSignalled(options, nullptr, nullptr, {[](rpc::Adapter& adapter) {
                                    return std::make_unique<AdapterService>(adapter);
                                  }},
                                  {.started = open_door, .stopping = [&door] {
                                     if (door != nullptr) door->Stop();
                                   }});
}

}  // namespace
}  // namespace asc::bench

int main(int argc, char** argv) {
  asc::rpc::ParseFlags(argc, argv, "Serves methods that do nothing, to measure what is around.");
  const absl::Status status = asc::bench::Serve();
  if (status.ok()) return 0;
  std::cerr << status << "\n";
  return 1;
}
