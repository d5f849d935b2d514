#include "advocacy-svc/need_methods.h"

#include <string>
#include <utility>
#include <vector>

#include "advocacy-svc/advocacy_rules.h"
#include "advocacy-svc/hold_rules.h"
#include "google/protobuf/util/time_util.h"
#include "platform/facts/rules.h"
#include "platform/status/macros.h"

namespace asc::advocacy {
namespace {

google::protobuf::Timestamp ToTimestamp(absl::Time at) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(at));
}

using PinnedPolicy = std::shared_ptr<const policy::Policy>;

const v1::AdvocacyPolicy& ContentOf(const PinnedPolicy& pinned) {
  return static_cast<const v1::AdvocacyPolicy&>(*pinned->content);
}

absl::StatusOr<PinnedPolicy> PinnedTo(const Ground& ground, const rpc::Call& call,
                                      const v1::AdvocacyNeed& need) {
  return ground.policies.Find(call.authority, need.decision().policy_version().hash());
}

// The record as it stands, when the caller has seen its current version and it is not closed.
absl::StatusOr<v1::AdvocacyNeed> NeedToChange(const Ground& ground, const rpc::Call& call,
                                              const std::string& need_id, const std::string& etag,
                                              db::Reader& reader) {
  ASC_TRY_ASSIGN(auto need, ground.store.FindNeed(reader, call.authority, need_id));
  if (!need.has_value()) return rpc::NotFound("advocacy_need", need_id);
  if (rpc::VersionOf(etag) != need->version()) {
    return rpc::StaleEtag("advocacy_need", need_id, need->etag());
  }
  if (need->state() == v1::ADVOCACY_NEED_STATE_CLOSED) {
    return rpc::PreconditionFailed("NEED_CLOSED", need_id, "the record is closed; open a new one");
  }
  return *std::move(need);
}

void Keep(const Ground& ground, const rpc::Call& call, const char* event_type,
          v1::AdvocacyNeed& need, db::WriteSet& writes) {
  need.set_version(need.version() + 1);
  need.set_etag(rpc::EtagOf(need.version()));
  *need.mutable_changed_at() = ToTimestamp(call.now);
  need.set_changed_by(call.caller == nullptr ? "" : call.caller->subject);
  ground.store.ChangeNeed(call.authority, need, writes);
  writes.Append({.record_type = "advocacy_need",
                 .record_id = need.advocacy_need_id(),
                 .record_version = need.version(),
                 .type = event_type});
}

// A duty once found does not lapse because a fact became unknown.
void KeepDuty(const v1::AdvocacyDecision& before, const v1::AdvocacyPolicy& policy,
              v1::AdvocacyDecision& decision) {
  if (before.outcome() != v1::ADVOCACY_OUTCOME_DUTY) return;
  if (decision.outcome() != v1::ADVOCACY_OUTCOME_CANNOT_TELL) return;
  decision.set_outcome(v1::ADVOCACY_OUTCOME_DUTY);
  *decision.mutable_regimes() = before.regimes();
  decision.set_referral_timing(before.referral_timing());
  decision.set_refer_early(type::v1::ANSWER_YES);
  facts::AddFinding(policy.rules(), "A1",
                    "Here: the duty was found before; it does not lapse because something is no "
                    "longer known.",
                    *decision.mutable_reasons());
}

// A duty that goes on keeps how far the record has come with it.
v1::AdvocacyNeedState StateAfterRevision(const v1::AdvocacyNeed& need,
                                         const v1::AdvocacyDecision& decision) {
  const bool goes_on = need.decision().outcome() == v1::ADVOCACY_OUTCOME_DUTY &&
                       decision.outcome() == v1::ADVOCACY_OUTCOME_DUTY;
  return goes_on ? need.state() : StateAfter(decision);
}

// Whether an advocate is to be had for this record: by a duty, or by a power that was agreed.
bool IsWanted(const v1::AdvocacyNeed& need) {
  return need.state() != v1::ADVOCACY_NEED_STATE_UNDECIDED &&
         need.state() != v1::ADVOCACY_NEED_STATE_NOT_REQUIRED;
}

// What the record does to the next step of its process.
absl::StatusOr<v1::HoldDecision> HoldOf(const Ground& ground, const rpc::Call& call,
                                        const v1::AdvocacyNeed& need, db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto pinned, PinnedTo(ground, call, need));
  ASC_TRY_ASSIGN(auto others,
                 ground.store.OpenNeedsOf(reader, call.authority, need.person().person_id()));
  std::erase_if(others, [&need](const v1::AdvocacyNeed& other) {
    return other.advocacy_need_id() == need.advocacy_need_id();
  });
  v1::CheckHoldRequest step;
  step.set_act(v1::ACT_PROCESS_STEP);
  v1::HoldDecision hold = DecideHold(need, others, step, ContentOf(pinned));
  *hold.mutable_policy_version() = pinned->version;
  *hold.mutable_decided_at() = ToTimestamp(call.now);
  return hold;
}

}  // namespace

absl::StatusOr<rpc::Result<v1::ReviseAdvocacyFactsResponse>> ReviseAdvocacyFacts(
    const Ground& ground, const rpc::Call& call, const v1::ReviseAdvocacyFactsRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::ReviseAdvocacyFactsResponse> result;
  v1::AdvocacyNeed& need = *result.response.mutable_advocacy_need();
  ASC_TRY_ASSIGN(need,
                 NeedToChange(ground, call, request.advocacy_need_id(), request.etag(), reader));
  ASC_TRY_ASSIGN(const auto pinned, PinnedTo(ground, call, need));
  v1::AdvocacyDecision decision = DecideAdvocacy(request.facts(), ContentOf(pinned));
  KeepDuty(need.decision(), ContentOf(pinned), decision);
  *decision.mutable_policy_version() = pinned->version;
  *decision.mutable_decided_at() = ToTimestamp(call.now);
  need.set_state(StateAfterRevision(need, decision));
  *need.add_earlier_decisions() = std::move(*need.mutable_decision());
  *need.mutable_decision() = std::move(decision);
  Keep(ground, call, "advocacy_need.revised", need, result.writes);
  return result;
}

absl::StatusOr<rpc::Result<v1::RecordAdvocateResponse>> RecordAdvocate(
    const Ground& ground, const rpc::Call& call, const v1::RecordAdvocateRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::RecordAdvocateResponse> result;
  v1::AdvocacyNeed& need = *result.response.mutable_advocacy_need();
  const std::string& need_id = request.advocacy_need_id();
  ASC_TRY_ASSIGN(need, NeedToChange(ground, call, need_id, request.etag(), reader));
  if (!IsWanted(need)) {
    return rpc::PreconditionFailed("ADVOCATE_NOT_WANTED", need_id,
                                   "no duty, and no power that was agreed, asks for an advocate");
  }
  v1::AdvocatePlacement& placement = *need.add_placements();
  placement = request.placement();
  placement.clear_ended_at();
  placement.clear_end_reason();
  *placement.mutable_recorded_at() = ToTimestamp(call.now);
  placement.set_recorded_by(call.caller == nullptr ? "" : call.caller->subject);
  const bool by_power = need.decision().outcome() == v1::ADVOCACY_OUTCOME_POWER;
  if (by_power || MeetsDuty(placement, need)) need.set_state(v1::ADVOCACY_NEED_STATE_IN_PLACE);
  ASC_TRY_ASSIGN(*result.response.mutable_hold(), HoldOf(ground, call, need, reader));
  Keep(ground, call, "advocacy_need.advocate_recorded", need, result.writes);
  return result;
}

absl::StatusOr<rpc::Result<v1::EndAdvocateResponse>> EndAdvocate(
    const Ground& ground, const rpc::Call& call, const v1::EndAdvocateRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::EndAdvocateResponse> result;
  v1::AdvocacyNeed& need = *result.response.mutable_advocacy_need();
  const std::string& need_id = request.advocacy_need_id();
  ASC_TRY_ASSIGN(need, NeedToChange(ground, call, need_id, request.etag(), reader));
  bool ended = false;
  for (v1::AdvocatePlacement& placement : *need.mutable_placements()) {
    if (placement.has_ended_at()) continue;
    *placement.mutable_ended_at() = request.ended_at();
    placement.set_end_reason(request.reason());
    ended = true;
  }
  if (!ended) {
    return rpc::PreconditionFailed("NO_ADVOCATE", need_id, "no advocate is on record who could go");
  }
  need.set_state(v1::ADVOCACY_NEED_STATE_TO_REFER);
  ASC_TRY_ASSIGN(*result.response.mutable_hold(), HoldOf(ground, call, need, reader));
  Keep(ground, call, "advocacy_need.advocate_ended", need, result.writes);
  return result;
}

void CheckPlacement(const rpc::Call& call, const v1::RecordAdvocateRequest& request,
                    rpc::Violations& violations) {
  const auto& at = request.placement().in_place_at();
  if (google::protobuf::util::TimeUtil::TimestampToMicroseconds(at) >
      absl::ToUnixMicros(call.now)) {
    violations.Add("placement.in_place_at", "in the future");
  }
}

}  // namespace asc::advocacy
