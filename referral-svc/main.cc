// The referral service: flags, wiring, nothing else.

#include <cstdio>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "platform/db/database.h"
#include "platform/log/log.h"
#include "platform/rpc/command_line.h"
#include "platform/rpc/server.h"
#include "platform/status/macros.h"
#include "referral-svc/referral_service.h"

ABSL_FLAG(std::string, listen, "localhost:7101", "host:port to serve gRPC on; port 0: a free one");
ABSL_FLAG(std::string, database, "sqlite:referral.db", "sqlite:PATH or mysql:PATH-TO-SETTINGS");
ABSL_FLAG(std::string, policy, "referral-svc/policy", "folder of the authorities' policies");
ABSL_FLAG(std::string, index_key, "",
          "file with the key of blind indexes; needed outside development");
ABSL_FLAG(bool, development_identity, false, "accept callers who only say who they are");
ABSL_FLAG(std::string, metrics_listen, "", "host:port for Prometheus /metrics; empty: none");
ABSL_FLAG(bool, reflection, false, "serve reflection and channelz");

namespace {

absl::Status Run() {
  ASC_TRY_ASSIGN(const auto database, asc::db::Open(absl::GetFlag(FLAGS_database)));
  ASC_TRY(database->Migrate(asc::referral::ReferralSchema()));
  ASC_TRY_ASSIGN(const auto policies, asc::referral::LoadPolicies(absl::GetFlag(FLAGS_policy)));
  ASC_TRY(policies->Archive(*database));
  const bool development = absl::GetFlag(FLAGS_development_identity);
  ASC_TRY_ASSIGN(auto index,
                 asc::db::BlindIndex::FromFile(absl::GetFlag(FLAGS_index_key), development));
  const asc::referral::ReferralStore store(std::move(index));
  asc::rpc::ServerOptions options{
      .listen = absl::GetFlag(FLAGS_listen),
      .metrics_listen = absl::GetFlag(FLAGS_metrics_listen),
      .name = "referral-svc",
      .abilities = {"referral.take", "referral.route", "referral.work", "referral.due",
                    "referral.review", "referral.waiting", "referral.joint", "referral.equipment",
                    "referral.concern"},
      .reflection = absl::GetFlag(FLAGS_reflection)};
  options.adapter.development_identity = development;
  return asc::rpc::ServeUntilSignalled(
      options, database.get(), policies.get(), {[&](asc::rpc::Adapter& adapter) {
        return asc::referral::NewReferralService(store, *policies, adapter);
      }});
}

}  // namespace

int main(int argc, char** argv) {
  asc::rpc::ParseFlags(argc, argv, "Takes, routes and allocates referrals.");
  const absl::Status status = Run();
  if (!status.ok()) std::fprintf(stderr, "referral-svc: %s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
