#include "referral-svc/waiting_methods.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/paging.h"
#include "platform/status/macros.h"
#include "referral-svc/changing.h"
#include "referral-svc/stamp.h"
#include "referral-svc/waiting_rules.h"
#include "referral-svc/waiting_store.h"

namespace asc::referral {
namespace {

absl::Status NoToken() {
  rpc::Violations violations;
  violations.Add("page_token", "not a token for this list; start again without one");
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<rpc::Result<v1::SetPriorityFactorsResponse>> SetPriorityFactors(
    const ReferralStore& store, const rpc::Call& call, const v1::SetPriorityFactorsRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral before,
                 ReferralToChange(store, call, request.referral_id(), request.etag(),
                                  Verb::kSetPriority, reader));
  const auto& policy = call.PolicyAs<v1::ReferralPolicy>();
  rpc::Result<v1::SetPriorityFactorsResponse> result;
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  *after.mutable_priority() = request.factors();
  ASC_TRY(Keep(store, call, before, "referral.prioritised", reader, after, result.writes,
               {.note = request.reason(), .ranking_reason = request.reason()}));
  *result.response.mutable_entry() = RankWaiting(after, policy);
  *result.response.mutable_decision() = DecidePriority(request.factors(), policy);
  Stamp(call, *result.response.mutable_decision());
  return result;
}

absl::StatusOr<rpc::Result<v1::RecordMonitoringResponse>> RecordMonitoring(
    const ReferralStore& store, const rpc::Call& call, const v1::RecordMonitoringRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral before,
                 ReferralToChange(store, call, request.referral_id(), request.etag(),
                                  Verb::kRecordMonitoring, reader));
  rpc::Result<v1::RecordMonitoringResponse> result;
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  after.set_status_note(request.note());
  after.clear_monitor_at();
  if (request.has_monitor_at()) *after.mutable_monitor_at() = request.monitor_at();
  ASC_TRY(Keep(store, call, before, "referral.monitored", reader, after, result.writes,
               {.note = request.note()}));
  return result;
}

absl::StatusOr<rpc::Result<v1::SetWorkerSkillsResponse>> SetWorkerSkills(
    const ReferralStore&, const rpc::Call& call, const v1::SetWorkerSkillsRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto before, FindSkills(reader, call.authority, request.worker_id()));
  const std::int64_t version = before.has_value() ? before->version() : 0;
  const bool current =
      request.etag().empty() ? version == 0 : rpc::VersionOf(request.etag()) == version;
  if (!current) {
    return rpc::StaleEtag("worker_skills", request.worker_id(),
                          version == 0 ? "" : rpc::EtagOf(version));
  }
  rpc::Result<v1::SetWorkerSkillsResponse> result;
  v1::WorkerSkills& skills = *result.response.mutable_skills();
  skills.set_worker_id(request.worker_id());
  skills.set_authority(call.authority);
  skills.set_version(version + 1);
  skills.set_etag(rpc::EtagOf(version + 1));
  skills.set_team_id(request.team_id());
  *skills.mutable_functions() = request.functions();
  *skills.mutable_needs() = request.needs();
  *skills.mutable_communication_skills() = request.communication_skills();
  version == 0 ? AddSkills(skills, result.writes) : ChangeSkills(skills, result.writes);
  result.writes.Append({.record_type = "worker_skills",
                        .record_id = request.worker_id(),
                        .record_version = version + 1,
                        .type = "worker_skills.set"});
  return result;
}

absl::StatusOr<v1::ListWaitingResponse> ListWaiting(const ReferralStore&, const rpc::Call& call,
                                                    const v1::ListWaitingRequest& request,
                                                    db::Reader& reader) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  WaitingPlace after;
  if (!page.after.empty()) {
    if (page.after.size() != 3 || !absl::SimpleAtoi(page.after[0], &after.order_points) ||
        !absl::SimpleAtoi(page.after[1], &after.since_us)) {
      return NoToken();
    }
    after.referral_id = page.after[2];
  }
  const WaitingFilter filter{.authority = call.authority, .team_id = request.team_id()};
  ASC_TRY_ASSIGN(auto entries, ListWaiting(reader, filter, after, page.size + 1));
  v1::ListWaitingResponse response;
  if (entries.size() > static_cast<std::size_t>(page.size)) {
    entries.pop_back();
    const WaitingPlace last = PlaceOf(entries.back());
    response.set_next_page_token(rpc::PageToken(
        request, {absl::StrCat(last.order_points), absl::StrCat(last.since_us), last.referral_id}));
  }
  for (auto& entry : entries) *response.add_entries() = std::move(entry);
  *response.mutable_policy_version() = call.PolicyVersion();
  return response;
}

absl::StatusOr<v1::RecommendWorkerResponse> RecommendWorker(
    const ReferralStore& store, const rpc::Call& call, const v1::RecommendWorkerRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral referral,
                 ReferralOf(store, call, request.referral_id(), reader));
  const std::string& team_id = request.team_id().empty() ? referral.team_id() : request.team_id();
  ASC_TRY_ASSIGN(auto workers, SkillsOfTeam(reader, call.authority, team_id, "", kWorkersMax));
  std::vector<Candidate> candidates;
  for (v1::WorkerSkills& skills : workers) {
    ASC_TRY_ASSIGN(const int allocated, AllocatedNow(reader, call.authority, skills.worker_id()));
    candidates.push_back({std::move(skills), allocated});
  }
  v1::RecommendWorkerResponse response = RankWorkers(
      referral, candidates, request.wished_worker_id(), call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, *response.mutable_decision());
  return response;
}

absl::StatusOr<v1::ListWorkloadResponse> ListWorkload(const ReferralStore&, const rpc::Call& call,
                                                      const v1::ListWorkloadRequest& request,
                                                      db::Reader& reader) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  if (page.after.size() > 1) return NoToken();
  const std::string after_id = page.after.empty() ? "" : page.after[0];
  ASC_TRY_ASSIGN(auto workers,
                 SkillsOfTeam(reader, call.authority, request.team_id(), after_id, page.size + 1));
  v1::ListWorkloadResponse response;
  if (workers.size() > static_cast<std::size_t>(page.size)) {
    workers.pop_back();
    response.set_next_page_token(rpc::PageToken(request, {workers.back().worker_id()}));
  }
  for (const v1::WorkerSkills& skills : workers) {
    v1::Workload& workload = *response.add_workers();
    workload.set_worker_id(skills.worker_id());
    ASC_TRY_ASSIGN(const int allocated, AllocatedNow(reader, call.authority, skills.worker_id()));
    workload.set_allocated_now(allocated);
  }
  return response;
}

}  // namespace asc::referral
