#include "advocacy-svc/advocacy_methods.h"

#include <algorithm>
#include <utility>

#include "advocacy-svc/advocacy_rules.h"
#include "advocacy-svc/hold_rules.h"
#include "google/protobuf/util/time_util.h"
#include "platform/status/macros.h"

namespace asc::advocacy {
namespace {

google::protobuf::Timestamp ToTimestamp(absl::Time at) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(at));
}

v1::AdvocacyDecision Decide(const rpc::Call& call, const v1::AdvocacyFacts& facts) {
  v1::AdvocacyDecision decision = DecideAdvocacy(facts, call.PolicyAs<v1::AdvocacyPolicy>());
  *decision.mutable_policy_version() = call.PolicyVersion();
  *decision.mutable_decided_at() = ToTimestamp(call.now);
  return decision;
}

// What a record of these facts would hold as long as nobody is in place.
v1::HoldDecision HoldWithoutRecord(const rpc::Call& call, const v1::CheckAdvocacyRequest& request,
                                   const v1::AdvocacyDecision& decision) {
  v1::AdvocacyNeed need;
  *need.mutable_decision() = decision;
  v1::CheckHoldRequest step;
  step.set_act(request.act());
  step.set_immediate_risk(request.immediate_risk());
  v1::HoldDecision hold = DecideHold(need, {}, step, call.PolicyAs<v1::AdvocacyPolicy>());
  *hold.mutable_policy_version() = decision.policy_version();
  *hold.mutable_decided_at() = decision.decided_at();
  return hold;
}

}  // namespace

absl::StatusOr<v1::CheckAdvocacyResponse> CheckAdvocacy(const rpc::Call& call,
                                                        const v1::CheckAdvocacyRequest& request) {
  v1::CheckAdvocacyResponse response;
  *response.mutable_decision() = Decide(call, request.facts());
  if (request.act() != v1::ACT_UNSPECIFIED) {
    *response.mutable_hold() = HoldWithoutRecord(call, request, response.decision());
  }
  return response;
}

absl::StatusOr<rpc::Result<v1::OpenAdvocacyNeedResponse>> OpenAdvocacyNeed(
    const Ground& ground, const rpc::Call& call, const v1::OpenAdvocacyNeedRequest& request,
    db::Reader&) {
  rpc::Result<v1::OpenAdvocacyNeedResponse> result;
  v1::AdvocacyNeed& need = *result.response.mutable_advocacy_need();
  need.set_advocacy_need_id(call.NewId());
  need.set_version(1);
  need.set_etag(rpc::EtagOf(1));
  *need.mutable_created_at() = ToTimestamp(call.now);
  *need.mutable_changed_at() = need.created_at();
  need.set_changed_by(call.caller == nullptr ? "" : call.caller->subject);
  *need.mutable_person() = request.person();
  need.set_contact_id(request.contact_id());
  need.set_referral_id(request.referral_id());
  *need.mutable_decision() = Decide(call, request.facts());
  need.set_state(StateAfter(need.decision()));
  ground.store.AddNeed(call.authority, need, result.writes);
  result.writes.Append({.record_type = "advocacy_need",
                        .record_id = need.advocacy_need_id(),
                        .record_version = need.version(),
                        .type = "advocacy_need.opened"});
  return result;
}

absl::StatusOr<v1::GetAdvocacyNeedResponse> GetAdvocacyNeed(
    const Ground& ground, const rpc::Call& call, const v1::GetAdvocacyNeedRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(auto need,
                 ground.store.FindNeed(reader, call.authority, request.advocacy_need_id()));
  if (!need.has_value()) return rpc::NotFound("advocacy_need", request.advocacy_need_id());
  v1::GetAdvocacyNeedResponse response;
  *response.mutable_advocacy_need() = *std::move(need);
  return response;
}

absl::StatusOr<v1::CheckHoldResponse> CheckHold(const Ground& ground, const rpc::Call& call,
                                                const v1::CheckHoldRequest& request,
                                                db::Reader& reader) {
  const std::string& need_id = request.advocacy_need_id();
  ASC_TRY_ASSIGN(const auto need, ground.store.FindNeed(reader, call.authority, need_id));
  if (!need.has_value()) return rpc::NotFound("advocacy_need", need_id);
  ASC_TRY_ASSIGN(auto others,
                 ground.store.OpenNeedsOf(reader, call.authority, need->person().person_id()));
  std::erase_if(others, [&need_id](const v1::AdvocacyNeed& other) {
    return other.advocacy_need_id() == need_id;
  });
  ASC_TRY_ASSIGN(const auto pinned,
                 ground.policies.Find(call.authority, need->decision().policy_version().hash()));
  v1::CheckHoldResponse response;
  v1::HoldDecision& hold = *response.mutable_hold();
  hold =
      DecideHold(*need, others, request, static_cast<const v1::AdvocacyPolicy&>(*pinned->content));
  *hold.mutable_policy_version() = pinned->version;
  *hold.mutable_decided_at() = ToTimestamp(call.now);
  return response;
}

absl::StatusOr<v1::ListGuidanceResponse> ListGuidance(const rpc::Call& call,
                                                      const v1::ListGuidanceRequest&) {
  v1::ListGuidanceResponse response;
  *response.mutable_guidance() = call.PolicyAs<v1::AdvocacyPolicy>().guidance();
  *response.mutable_policy_version() = call.PolicyVersion();
  return response;
}

}  // namespace asc::advocacy
