#include "directory-svc/directory_methods.h"

#include <optional>
#include <string>

#include "directory-svc/directory_policy.h"
#include "directory-svc/directory_rules.h"
#include "directory-svc/stamp.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/paging.h"
#include "platform/status/macros.h"

namespace asc::directory {
namespace {

// What somebody can look through while on the telephone.
constexpr int kSearchPageSize = 20;

absl::Status TokenFault() {
  rpc::Violations violations;
  violations.Add("page_token", "not a token for this list; start again without one");
  return violations.ToStatus();
}

void FillSource(const v1::DirectoryPolicy& policy, v1::SearchServicesResponse& response) {
  response.set_source(policy.directory_source());
  *response.mutable_elsewhere() = policy.elsewhere();
  for (const char* rule : {"I1", "I2", "I3"}) {
    AddReason(policy, rule, *response.mutable_reasons());
  }
  if (policy.directory_source() == v1::DIRECTORY_SOURCE_EMPTY) {
    AddReason(policy, "I7", *response.mutable_reasons());
  }
}

}  // namespace

absl::StatusOr<v1::SearchServicesResponse> SearchServices(
    const Directory& directory, const rpc::Call& call, const v1::SearchServicesRequest& request) {
  ASC_TRY_ASSIGN(rpc::Page page, rpc::ReadPage(request));
  if (request.page_size() == 0) page.size = kSearchPageSize;
  std::optional<Rank> after;
  if (!page.after.empty()) {
    if (page.after.size() != 3) return TokenFault();
    after = Rank{page.after[0], page.after[1], page.after[2]};
  }
  const auto& policy = call.PolicyAs<v1::DirectoryPolicy>();
  // One hit more than is shown tells whether there is another page.
  auto found = directory.Of(call.authority).Search(request, after, page.size + 1);
  v1::SearchServicesResponse response;
  if (found.size() > static_cast<std::size_t>(page.size)) {
    found.pop_back();
    const Rank& last = found.back().rank;
    response.set_next_page_token(rpc::PageToken(request, {last.fit, last.name, last.service_id}));
  }
  for (const Found& one : found) {
    v1::Hit& hit = *response.add_hits();
    *hit.mutable_service() = *one.service;
    hit.set_eligible(one.eligible);
    AskEligibility(one.service->content(), request.circumstances(), policy,
                   *hit.mutable_questions());
  }
  FillSource(policy, response);
  *response.mutable_policy_version() = call.PolicyVersion();
  return response;
}

absl::StatusOr<v1::GetServiceResponse> GetService(const Directory& directory, const rpc::Call& call,
                                                  const v1::GetServiceRequest& request) {
  const v1::Service* service = directory.Of(call.authority).Find(request.service_id());
  if (service == nullptr) return rpc::NotFound("service", request.service_id());
  v1::GetServiceResponse response;
  *response.mutable_service() = *service;
  return response;
}

absl::StatusOr<v1::ListServicesResponse> ListServices(const Directory& directory,
                                                      const rpc::Call& call,
                                                      const v1::ListServicesRequest& request) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  if (!page.after.empty() && page.after.size() != 2) return TokenFault();
  const std::string name = page.after.empty() ? "" : page.after[0];
  const std::string id = page.after.empty() ? "" : page.after[1];
  auto services = directory.Of(call.authority).List(request, name, id, page.size + 1);
  v1::ListServicesResponse response;
  if (services.size() > static_cast<std::size_t>(page.size)) {
    services.pop_back();
    response.set_next_page_token(
        rpc::PageToken(request, {SortName(*services.back()), services.back()->service_id()}));
  }
  for (const v1::Service* service : services) *response.add_services() = *service;
  return response;
}

absl::StatusOr<v1::CheckAccessResponse> CheckAccess(const rpc::Call& call,
                                                    const v1::CheckAccessRequest& request) {
  v1::CheckAccessResponse response;
  *response.mutable_decision() =
      DecideAccess(request.facts(), call.PolicyAs<v1::DirectoryPolicy>());
  *response.mutable_decision()->mutable_policy_version() = call.PolicyVersion();
  *response.mutable_decision()->mutable_decided_at() = ToTimestamp(call.now);
  return response;
}

absl::StatusOr<v1::ListGuidanceResponse> ListGuidance(const rpc::Call& call,
                                                      const v1::ListGuidanceRequest&) {
  v1::ListGuidanceResponse response;
  *response.mutable_guidance() = call.PolicyAs<v1::DirectoryPolicy>().guidance();
  *response.mutable_policy_version() = call.PolicyVersion();
  return response;
}

}  // namespace asc::directory
