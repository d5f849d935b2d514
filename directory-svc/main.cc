// The directory service: flags, wiring, nothing else.

#include <cstdio>
#include <string>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "directory-svc/directory_service.h"
#include "directory-svc/directory_store.h"
#include "platform/db/database.h"
#include "platform/rpc/command_line.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"

ABSL_FLAG(std::string, listen, "localhost:7104", "host:port to serve gRPC on; port 0: a free one");
ABSL_FLAG(std::string, database, "sqlite:directory.db", "sqlite:PATH or mysql:PATH-TO-SETTINGS");
ABSL_FLAG(std::string, policy, "directory-svc/policy", "folder of the authorities' policies");
ABSL_FLAG(std::string, data, "directory-svc/data", "folder of the entries");
ABSL_FLAG(bool, development_identity, false, "accept callers who only say who they are");
ABSL_FLAG(std::string, metrics_listen, "", "host:port for Prometheus /metrics; empty: none");
ABSL_FLAG(bool, reflection, false, "serve reflection and channelz");

namespace {

absl::Status Run() {
  ASC_TRY_ASSIGN(const auto database, asc::db::Open(absl::GetFlag(FLAGS_database)));
  ASC_TRY(database->Migrate(asc::directory::DirectorySchema()));
  ASC_TRY_ASSIGN(const auto policies, asc::directory::LoadPolicies(absl::GetFlag(FLAGS_policy)));
  ASC_TRY(policies->Archive(*database));
  ASC_TRY_ASSIGN(const auto directory,
                 asc::directory::LoadDirectory(absl::GetFlag(FLAGS_data), *policies));
  asc::rpc::ServerOptions options{
      .listen = absl::GetFlag(FLAGS_listen),
      .metrics_listen = absl::GetFlag(FLAGS_metrics_listen),
      .name = "directory-svc",
      .abilities = {"directory.search", "directory.access", "directory.advice"},
      .reflection = absl::GetFlag(FLAGS_reflection)};
  options.adapter.development_identity = absl::GetFlag(FLAGS_development_identity);
  return asc::rpc::ServeUntilSignalled(
      options, database.get(), policies.get(), {[&directory](asc::rpc::Adapter& adapter) {
        return asc::directory::NewDirectoryService(*directory, adapter);
      }});
}

}  // namespace

int main(int argc, char** argv) {
  asc::rpc::ParseFlags(argc, argv, "Local information and advice.");
  const absl::Status status = Run();
  if (!status.ok()) std::fprintf(stderr, "directory-svc: %s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
