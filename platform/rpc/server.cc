#include "platform/rpc/server.h"

#include <grpcpp/ext/channelz_service_plugin.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <semaphore.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "platform/log/log.h"
#include "platform/rpc/identity_service.h"
#include "platform/rpc/listen_address.h"
#include "platform/rpc/metrics.h"
#include "platform/rpc/watch.h"
#include "platform/status/macros.h"

namespace asc::rpc {
namespace {

// A request of a whole record with its notes is a few KiB; attachments do not travel here.
constexpr int kReceiveBytesMax = 1 << 20;
// A page of 200 records of 16 KiB.
constexpr int kSendBytesMax = 4 << 20;
constexpr int kMetadataBytesMax = 8192;
constexpr int kStreamsPerConnectionMax = 256;
constexpr int kKeepaliveMs = 60000;
constexpr int kKeepaliveTimeoutMs = 10000;
constexpr int kPingIntervalMinMs = 30000;
// Connections are renewed, so that clients spread over replicas that were added.
constexpr int kConnectionAgeMs = 600000;
constexpr int kConnectionGraceMs = 30000;
// Time for monitors and clients to see NOT_SERVING before the port closes would be wasted when
// nobody watches; accepted calls get this long to end.
constexpr std::chrono::seconds kDrainMax{20};

void EnablePlugins(bool reflection) {
  static std::once_flag once;
  std::call_once(once, [reflection] {
    // Debian's Abseil looks for deadlock cycles at every lock of gRPC's own mutexes, which costs a
    // tenth of each call; it is a debugging aid.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    grpc::EnableDefaultHealthCheckService(true);
    if (!reflection) return;
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::channelz::experimental::InitChannelzService();
  });
}

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kReceiveBytesMax);
  builder.SetMaxSendMessageSize(kSendBytesMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnectionMax);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kPingIntervalMinMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kConnectionAgeMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kConnectionGraceMs);
  // Two servers on one port would share calls without anybody knowing.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

absl::Status CheckAddress(const char* flag, const std::string& text) {
  const auto address = ParseListenAddress(text);
  if (address.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(flag, "=", address.status().message()));
}

class ServerImpl final : public Server {
 public:
  ServerImpl(const ServerOptions& options, db::Database* database,
             const policy::PolicySet* policies, const std::vector<MakeService>& services)
      : adapter_(database, policies, options.adapter) {
    for (const auto& make : services) services_.push_back(make(adapter_));
    if (database != nullptr) {
      watch_ = std::make_unique<WatchService>(adapter_);
      adapter_.SetAfterCommit([this] { watch_->Notify(); });
    }
  }

  ~ServerImpl() override { Stop(); }

  absl::Status Listen(const ServerOptions& options, const policy::PolicySet* policies) {
    ASC_TRY(CheckAddress("--listen", options.listen));
    if (!options.metrics_listen.empty()) {
      ASC_TRY(CheckAddress("--metrics_listen", options.metrics_listen));
    }
    EnablePlugins(options.reflection);
    grpc::ServerBuilder builder;
    SetLimits(builder);
    builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &port_);
    std::vector<std::string> served = adapter_.Services();
    served.emplace_back("asc.identity.v1.IdentityService");
    if (watch_) served.emplace_back("asc.events.v1.EventsService");
    std::sort(served.begin(), served.end());
    identity_ = NewIdentityService(adapter_, options.name, served, options.abilities, policies);
    builder.RegisterService(identity_.get());
    for (const auto& service : services_) builder.RegisterService(service.get());
    if (watch_) builder.RegisterService(watch_->service());
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("--listen=", options.listen, ": cannot listen there"));
    }
    if (!options.metrics_listen.empty()) {
      try {
        metrics_port_ = adapter_.metrics().Expose(options.metrics_listen);
      } catch (const std::exception&) {
        return absl::InvalidArgumentError(
            absl::StrCat("--metrics_listen=", options.metrics_listen, ": cannot listen there"));
      }
    }
    return absl::OkStatus();
  }

  int port() const override { return port_; }
  int metrics_port() const override { return metrics_port_; }

  void Stop() override {
    if (stopped_ || server_ == nullptr) return;
    stopped_ = true;
    if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(false);
    if (watch_) watch_->Stop();
    server_->Shutdown(std::chrono::system_clock::now() + kDrainMax);
    adapter_.Drain();
  }

 private:
  // In this order: the gRPC server goes before what its calls use.
  Adapter adapter_;
  std::unique_ptr<WatchService> watch_;
  std::unique_ptr<grpc::Service> identity_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  int metrics_port_ = 0;
  bool stopped_ = false;
};

// Posted by the signal handler; everything else a handler may not do.
sem_t g_stop;

void OnStopSignal(int) { sem_post(&g_stop); }

void CatchStopSignals() {
  sem_init(&g_stop, 0, 0);
  struct sigaction action {};
  action.sa_handler = OnStopSignal;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  // A peer that closes early must not end the process.
  signal(SIGPIPE, SIG_IGN);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      db::Database* database,
                                                      const policy::PolicySet* policies,
                                                      const std::vector<MakeService>& services) {
  auto server = std::make_unique<ServerImpl>(options, database, policies, services);
  ASC_TRY(server->Listen(options, policies));
  return std::unique_ptr<Server>(std::move(server));
}

absl::Status ServeUntilSignalled(const ServerOptions& options, db::Database* database,
                                 const policy::PolicySet* policies,
                                 const std::vector<Server::MakeService>& services,
                                 const ServerHooks& hooks) {
  CatchStopSignals();
  log::Start(options.name);
  ASC_TRY_ASSIGN(const auto server, Server::Start(options, database, policies, services));
  if (options.adapter.development_identity) {
    log::Line(log::Level::kWarning, "development_identity_on")
        .Add("meaning", "callers are believed without credentials; never use this in production");
  }
  log::Line(log::Level::kInfo, "listening").Add("port", server->port());
  if (hooks.started) ASC_TRY(hooks.started(*server));
  std::cout << options.name << " listening on port " << server->port() << std::endl;
  if (server->metrics_port() != 0) {
    std::cout << options.name << " metrics on port " << server->metrics_port() << std::endl;
  }
  while (sem_wait(&g_stop) != 0) {
  }
  log::Line(log::Level::kInfo, "stopping");
  if (hooks.stopping) hooks.stopping();
  server->Stop();
  log::Line(log::Level::kInfo, "stopped");
  log::Stop();
  return absl::OkStatus();
}

}  // namespace asc::rpc
