#include "funding-svc/funding_methods.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "funding-svc/charging_rules.h"
#include "funding-svc/decision_rules.h"
#include "funding-svc/urgent_rules.h"
#include "google/protobuf/util/time_util.h"
#include "platform/facts/rules.h"
#include "platform/rpc/errors.h"
#include "platform/status/macros.h"

namespace asc::funding {
namespace {

google::protobuf::Timestamp ToTimestamp(absl::Time at) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(at));
}

using PinnedPolicy = std::shared_ptr<const policy::Policy>;

const v1::FundingPolicy& ContentOf(const PinnedPolicy& pinned) {
  return static_cast<const v1::FundingPolicy&>(*pinned->content);
}

absl::StatusOr<PinnedPolicy> PinnedTo(const Ground& ground, const rpc::Call& call,
                                      const v1::FundingRequest& record) {
  return ground.policies.Find(call.authority, record.policy_version().hash());
}

// Puts in the policy and the time that `decision` was made under.
template <class Decision>
void Stamp(const type::v1::PolicyVersion& version, const rpc::Call& call, Decision& decision) {
  *decision.mutable_policy_version() = version;
  *decision.mutable_decided_at() = ToTimestamp(call.now);
}

std::string SubjectOf(const rpc::Call& call) {
  return call.caller == nullptr ? "" : call.caller->subject;
}

absl::StatusOr<v1::FundingRequest> Find(const Ground& ground, const rpc::Call& call,
                                        const std::string& id, db::Reader& reader) {
  ASC_TRY_ASSIGN(auto record, ground.store.FindRequest(reader, call.authority, id));
  if (!record.has_value()) return rpc::NotFound("funding_request", id);
  return *std::move(record);
}

absl::StatusOr<v1::FundingRequest> FindCurrent(const Ground& ground, const rpc::Call& call,
                                               const std::string& id, const std::string& etag,
                                               db::Reader& reader) {
  ASC_TRY_ASSIGN(auto record, Find(ground, call, id, reader));
  if (rpc::VersionOf(etag) != record.version()) {
    return rpc::StaleEtag("funding_request", id, record.etag());
  }
  return record;
}

absl::Status MayBeChanged(const v1::FundingRequest& record) {
  if (record.state() == v1::FUNDING_REQUEST_STATE_DRAFT ||
      record.state() == v1::FUNDING_REQUEST_STATE_RETURNED) {
    return absl::OkStatus();
  }
  return rpc::PreconditionFailed("REQUEST_NOT_OPEN", record.funding_request_id(),
                                 "the request is neither a draft nor returned");
}

absl::Status MayBeDecided(const v1::FundingRequest& record) {
  if (record.state() == v1::FUNDING_REQUEST_STATE_SUBMITTED) return absl::OkStatus();
  return rpc::PreconditionFailed("REQUEST_NOT_SUBMITTED", record.funding_request_id(),
                                 "only a request that was submitted can be decided, and once");
}

void Keep(const Ground& ground, const rpc::Call& call, const char* event_type,
          v1::FundingRequest& record, db::WriteSet& writes) {
  record.set_version(record.version() + 1);
  record.set_etag(rpc::EtagOf(record.version()));
  *record.mutable_changed_at() = ToTimestamp(call.now);
  record.set_changed_by(SubjectOf(call));
  if (record.version() == 1) {
    ground.store.AddRequest(call.authority, record, writes);
  } else {
    ground.store.ChangeRequest(call.authority, record, writes);
  }
  writes.Append({.record_type = "funding_request",
                 .record_id = record.funding_request_id(),
                 .record_version = record.version(),
                 .type = event_type});
}

// A missing factor that a decision must regard keeps a request back, except in an emergency.
void HoldBackIncomplete(const v1::FundingContent& content, const v1::FundingPolicy& policy,
                        v1::FundingAnswer& answer) {
  bool missing = false;
  for (const auto& question : answer.questions()) missing |= question.rule_id() == "FD3";
  if (!missing) return;
  if (content.emergency() == type::v1::ANSWER_YES) {
    return facts::AddFinding(policy.rules(), "FD3",
                             "Taken as an emergency: what is missing stays due.",
                             *answer.mutable_reasons());
  }
  answer.set_accepted(false);
  facts::AddFinding(policy.rules(), "FD3", "Not accepted: a factor of every decision is missing.",
                    *answer.mutable_reasons());
  if (content.emergency() != type::v1::ANSWER_NO) {
    facts::AddQuestion(policy.rules(), "FD4", "content.emergency",
                       "Would a delay put somebody at risk now?", *answer.mutable_questions());
  }
}

Decider DeciderOf(const rpc::Call& call) {
  if (call.caller == nullptr) return {};
  return {call.caller->subject, call.caller->permissions};
}

}  // namespace

absl::StatusOr<v1::CheckUrgentSupportResponse> CheckUrgentSupport(
    const rpc::Call& call, const v1::CheckUrgentSupportRequest& request) {
  v1::CheckUrgentSupportResponse response;
  *response.mutable_check() = CheckUrgent(request.facts(), call.PolicyAs<v1::FundingPolicy>());
  Stamp(call.PolicyVersion(), call, *response.mutable_check());
  return response;
}

absl::StatusOr<rpc::Result<v1::OpenFundingRequestResponse>> OpenFundingRequest(
    const Ground& ground, const rpc::Call& call, const v1::OpenFundingRequestRequest& request,
    db::Reader&) {
  rpc::Result<v1::OpenFundingRequestResponse> result;
  v1::FundingRequest& record = *result.response.mutable_funding_request();
  record.set_funding_request_id(call.NewId());
  *record.mutable_created_at() = ToTimestamp(call.now);
  *record.mutable_person() = request.person();
  record.set_contact_id(request.contact_id());
  record.set_referral_id(request.referral_id());
  record.set_state(v1::FUNDING_REQUEST_STATE_DRAFT);
  *record.mutable_content() = request.content();
  record.set_requested_by(SubjectOf(call));
  *record.mutable_policy_version() = call.PolicyVersion();
  *result.response.mutable_answer() =
      CheckCompleteness(request.content(), call.PolicyAs<v1::FundingPolicy>());
  Stamp(call.PolicyVersion(), call, *result.response.mutable_answer());
  Keep(ground, call, "funding_request.opened", record, result.writes);
  return result;
}

absl::StatusOr<v1::GetFundingRequestResponse> GetFundingRequest(
    const Ground& ground, const rpc::Call& call, const v1::GetFundingRequestRequest& request,
    db::Reader& reader) {
  v1::GetFundingRequestResponse response;
  ASC_TRY_ASSIGN(*response.mutable_funding_request(),
                 Find(ground, call, request.funding_request_id(), reader));
  return response;
}

absl::StatusOr<rpc::Result<v1::ReviseFundingRequestResponse>> ReviseFundingRequest(
    const Ground& ground, const rpc::Call& call, const v1::ReviseFundingRequestRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::ReviseFundingRequestResponse> result;
  v1::FundingRequest& record = *result.response.mutable_funding_request();
  ASC_TRY_ASSIGN(record,
                 FindCurrent(ground, call, request.funding_request_id(), request.etag(), reader));
  ASC_TRY(MayBeChanged(record));
  ASC_TRY_ASSIGN(const auto pinned, PinnedTo(ground, call, record));
  *record.mutable_content() = request.content();
  *result.response.mutable_answer() = CheckCompleteness(request.content(), ContentOf(pinned));
  Stamp(pinned->version, call, *result.response.mutable_answer());
  Keep(ground, call, "funding_request.revised", record, result.writes);
  return result;
}

absl::StatusOr<rpc::Result<v1::SubmitFundingRequestResponse>> SubmitFundingRequest(
    const Ground& ground, const rpc::Call& call, const v1::SubmitFundingRequestRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::SubmitFundingRequestResponse> result;
  v1::FundingRequest& record = *result.response.mutable_funding_request();
  ASC_TRY_ASSIGN(record,
                 FindCurrent(ground, call, request.funding_request_id(), request.etag(), reader));
  ASC_TRY(MayBeChanged(record));
  ASC_TRY_ASSIGN(const auto pinned, PinnedTo(ground, call, record));
  const v1::FundingPolicy& policy = ContentOf(pinned);
  v1::FundingAnswer& answer = *result.response.mutable_answer();
  answer = CheckCompleteness(record.content(), policy);
  HoldBackIncomplete(record.content(), policy, answer);
  Stamp(pinned->version, call, answer);
  *result.response.mutable_level() = LevelFor(record.content().items(), policy);
  if (!answer.accepted()) return result;
  record.set_state(v1::FUNDING_REQUEST_STATE_SUBMITTED);
  *record.mutable_submitted_at() = ToTimestamp(call.now);
  record.set_submitted_by(SubjectOf(call));
  *record.mutable_level() = result.response.level();
  Keep(ground, call, "funding_request.submitted", record, result.writes);
  return result;
}

absl::StatusOr<v1::CheckFundingDecisionResponse> CheckFundingDecision(
    const Ground& ground, const rpc::Call& call, const v1::CheckFundingDecisionRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto record, Find(ground, call, request.funding_request_id(), reader));
  ASC_TRY(MayBeDecided(record));
  ASC_TRY_ASSIGN(const auto pinned, PinnedTo(ground, call, record));
  v1::CheckFundingDecisionResponse response;
  *response.mutable_answer() = CheckDecision(record, request.decision(), request.record(),
                                             DeciderOf(call), ContentOf(pinned));
  Stamp(pinned->version, call, *response.mutable_answer());
  return response;
}

absl::StatusOr<rpc::Result<v1::DecideFundingResponse>> DecideFunding(
    const Ground& ground, const rpc::Call& call, const v1::DecideFundingRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::DecideFundingResponse> result;
  v1::FundingRequest& record = *result.response.mutable_funding_request();
  ASC_TRY_ASSIGN(record,
                 FindCurrent(ground, call, request.funding_request_id(), request.etag(), reader));
  ASC_TRY(MayBeDecided(record));
  ASC_TRY_ASSIGN(const auto pinned, PinnedTo(ground, call, record));
  v1::FundingAnswer& answer = *result.response.mutable_answer();
  answer = CheckDecision(record, request.decision(), request.record(), DeciderOf(call),
                         ContentOf(pinned));
  Stamp(pinned->version, call, answer);
  if (!answer.accepted()) return result;
  if (record.has_decision()) {
    *record.add_earlier_decisions() = std::move(*record.mutable_decision());
    record.clear_decision();
  }
  v1::FundingDecision& decision = *record.mutable_decision();
  *decision.mutable_made() = request.decision();
  decision.set_decided_by(SubjectOf(call));
  *decision.mutable_reasons() = answer.reasons();
  Stamp(pinned->version, call, decision);
  if (request.has_record()) *record.mutable_record() = request.record();
  record.set_state(StateAfter(request.decision().outcome()));
  Keep(ground, call, "funding_request.decided", record, result.writes);
  return result;
}

absl::StatusOr<v1::CheckChargingResponse> CheckCharging(const rpc::Call& call,
                                                        const v1::CheckChargingRequest& request) {
  v1::CheckChargingResponse response;
  *response.mutable_decision() =
      DecideCharging(request.facts(), call.PolicyAs<v1::FundingPolicy>());
  Stamp(call.PolicyVersion(), call, *response.mutable_decision());
  return response;
}

absl::StatusOr<v1::ListGuidanceResponse> ListGuidance(const rpc::Call& call,
                                                      const v1::ListGuidanceRequest&) {
  v1::ListGuidanceResponse response;
  *response.mutable_guidance() = call.PolicyAs<v1::FundingPolicy>().guidance();
  *response.mutable_policy_version() = call.PolicyVersion();
  return response;
}

}  // namespace asc::funding
