#include "gateway/gateway_process.h"

#include <iostream>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gateway/backends.h"
#include "gateway/gateway_service.h"
#include "gateway/http_door.h"
#include "gateway/policy_rules.h"
#include "platform/status/macros.h"

namespace asc::gateway {
namespace {

absl::Status CheckContent(const google::protobuf::Message& content) {
  return CheckPolicy(static_cast<const v1::GatewayPolicy&>(content));
}

// The host by which this process reaches what it listens on itself.
std::string DialHost(const std::string& listen) {
  const std::string host = listen.substr(0, listen.rfind(':'));
  return host == "0.0.0.0" || host == "[::]" ? "localhost" : host;
}

}  // namespace

absl::StatusOr<std::unique_ptr<policy::PolicySet>> LoadPolicies(const std::string& folder) {
  return policy::PolicySet::Load(folder, v1::GatewayPolicy(), &CheckContent);
}

absl::Status ServeGateway(const GatewayOptions& options) {
  ASC_TRY_ASSIGN(const auto database, db::Open(options.database));
  ASC_TRY(database->Migrate(JournalStore::Migrations()));
  ASC_TRY_ASSIGN(const auto policies, LoadPolicies(options.policy));
  ASC_TRY(policies->Archive(*database));
  ASC_TRY_ASSIGN(const auto endpoints, ParseEndpoints(options.endpoints));
  ASC_TRY_ASSIGN(const auto backends, Backends::Load(options.authorities, endpoints));
  ASC_TRY_ASSIGN(auto index, db::BlindIndex::FromFile(options.index_key,
                                                      options.server.adapter.development_identity));
  const JournalStore store(std::move(index));
  WorkflowRunner runner(*database, store, *policies, *backends, options.runner);
  std::unique_ptr<rpc::Client> own;
  std::unique_ptr<http::Door> door;
  // Contacts are taken up only once it is sure that this process serves.
  const auto started = [&](const rpc::Server& server) -> absl::Status {
    if (!options.http_listen.empty()) {
      own = rpc::NewClient(absl::StrCat(DialHost(options.server.listen), ":", server.port()));
      ASC_TRY_ASSIGN(door, OpenHttpDoor(options.http_listen, *own, *backends));
      std::cout << options.server.name << " HTTP on port " << door->port() << std::endl;
    }
    runner.Start();
    return absl::OkStatus();
  };
  const absl::Status served = rpc::ServeUntilSignalled(
      options.server, database.get(), policies.get(), {NewContactService(store, *policies, runner)},
      {.started = started, .stopping = [&] {
         runner.ReleaseWaiters();
         if (door != nullptr) door->Stop();
       }});
  runner.Stop();
  return served;
}

}  // namespace asc::gateway
