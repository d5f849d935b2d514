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
  runner.Start();
  std::unique_ptr<rpc::Client> own;
  std::unique_ptr<http::Door> door;
  const auto open_door = [&](const rpc::Server& server) -> absl::Status {
    if (options.http_listen.empty()) return absl::OkStatus();
    own = rpc::NewClient(absl::StrCat("localhost:", server.port()));
    ASC_TRY_ASSIGN(door, OpenHttpDoor(options.http_listen, *own, *backends));
    std::cout << options.server.name << " HTTP on port " << door->port() << std::endl;
    return absl::OkStatus();
  };
  const absl::Status served = rpc::ServeUntilSignalled(
      options.server, database.get(), policies.get(), {NewContactService(store, *policies, runner)},
      {.started = open_door, .stopping = [&] {
         runner.ReleaseWaiters();
         if (door != nullptr) door->Stop();
       }});
  runner.Stop();
  return served;
}

}  // namespace asc::gateway
