#include "platform/http/door.h"

#include <utility>
#include <variant>

#include "platform/http/http_server.h"
#include "platform/rpc/errors.h"
#include "platform/status/macros.h"

namespace asc::http {
namespace {

// The longest an RPC may take, as the services themselves cap it.
constexpr std::chrono::seconds kCallTimeout{30};

class DoorImpl final : public Door {
 public:
  DoorImpl(DoorOptions options, Routes routes)
      : options_(std::move(options)), transcoder_(std::move(routes)) {}
  ~DoorImpl() override { Stop(); }

  absl::Status Listen() {
    ASC_TRY_ASSIGN(server_,
                   HttpServer::Start({.listen = options_.listen},
                                     [this](Request request, std::function<void(Response)> answer) {
                                       Handle(request, std::move(answer));
                                     }));
    return absl::OkStatus();
  }

  int port() const override { return server_->port(); }
  void Stop() override {
    if (server_ != nullptr) server_->Stop();
  }

 private:
  void Handle(const Request& request, std::function<void(Response)> answer) {
    if (const auto document = options_.documents.find(request.target);
        document != options_.documents.end() && request.verb == "GET") {
      return answer(
          {.status = 200,
           .headers = {{"Content-Type", "application/json"}, {"Access-Control-Allow-Origin", "*"}},
           .body = document->second});
    }
    auto read = transcoder_.Read(request);
    if (auto* refused = std::get_if<Response>(&read)) return answer(std::move(*refused));
    auto outgoing = std::make_shared<Outgoing>(std::get<Outgoing>(std::move(read)));
    rpc::Client* client = options_.client(*outgoing);
    if (client == nullptr) {
      const auto status = rpc::WithReason(
          absl::UnimplementedError("no server is named for this service and authority"),
          "NO_ENDPOINT");
      return answer(transcoder_.Write(*outgoing, status));
    }
    client->Call(outgoing->method, outgoing->request_bytes,
                 {.timeout = kCallTimeout, .metadata = outgoing->metadata},
                 [this, outgoing, answer = std::move(answer)](absl::StatusOr<std::string> bytes) {
                   answer(transcoder_.Write(*outgoing, bytes));
                 });
  }

  const DoorOptions options_;
  const Transcoder transcoder_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Door>> Door::Start(DoorOptions options) {
  ASC_TRY_ASSIGN(auto routes, Routes::Of(options.services));
  auto door = std::make_unique<DoorImpl>(std::move(options), std::move(routes));
  ASC_TRY(door->Listen());
  return std::unique_ptr<Door>(std::move(door));
}

}  // namespace asc::http
