#include "referral-svc/due_methods.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "platform/rpc/paging.h"
#include "platform/status/macros.h"
#include "protos/checks/moments.h"
#include "referral-svc/communication_store.h"
#include "referral-svc/due_rules.h"
#include "referral-svc/due_store.h"
#include "referral-svc/person_store.h"
#include "referral-svc/stamp.h"

namespace asc::referral {
namespace {

using google::protobuf::util::TimeUtil;

template <class Record>
void SetVersion(std::int64_t version, Record& record) {
  record.set_version(version);
  record.set_etag(rpc::EtagOf(version));
}

void KeepDue(const v1::CallBack& callback, db::WriteSet& writes) {
  ClearDue(callback.authority(), "callback", callback.callback_id(), writes);
  const auto due = DueOf(callback);
  if (due.has_value()) SetDue(callback.authority(), *due, writes);
}

void KeepDue(const v1::Custody& custody, db::WriteSet& writes) {
  ClearDue(custody.authority(), "custody", custody.custody_id(), writes);
  const auto due = DueOf(custody);
  if (due.has_value()) SetDue(custody.authority(), *due, writes);
}

db::Event EventOf(const v1::CallBack& callback, const char* type) {
  return {.record_type = "callback",
          .record_id = callback.callback_id(),
          .record_version = callback.version(),
          .type = type};
}

db::Event EventOf(const v1::Custody& custody, const char* type) {
  return {.record_type = "custody",
          .record_id = custody.custody_id(),
          .record_version = custody.version(),
          .type = type};
}

absl::StatusOr<DuePlace> PlaceAfter(const rpc::Page& page) {
  DuePlace place;
  if (page.after.empty()) return place;
  if (page.after.size() != 3 || !absl::SimpleAtoi(page.after[0], &place.at_us)) {
    rpc::Violations violations;
    violations.Add("page_token", "not a token for this list; start again without one");
    return violations.ToStatus();
  }
  place.record_id = page.after[1];
  place.kind = page.after[2];
  return place;
}

}  // namespace

absl::StatusOr<rpc::Result<v1::CreateCallBackResponse>> CreateCallBack(
    const ReferralStore&, const rpc::Call& call, const v1::CreateCallBackRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::CreateCallBackResponse> result;
  v1::CallBack& callback = *result.response.mutable_callback();
  callback.set_callback_id(call.NewId());
  callback.set_authority(call.authority);
  SetVersion(1, callback);
  ASC_TRY_ASSIGN(*callback.mutable_person_id(),
                 CurrentPersonId(reader, call.authority, request.person_id()));
  callback.set_worker_id(request.worker_id());
  *callback.mutable_due_at() = request.due_at();
  callback.set_agreed_fallback(request.agreed_fallback());
  callback.set_note(request.note());
  AddCallBack(callback, result.writes);
  SetDue(callback.authority(), *DueOf(callback), result.writes);
  result.writes.Append(EventOf(callback, "callback.promised"));
  ASC_TRY(AddCommunication(call, callback.person_id(), reader, callback));
  return result;
}

absl::StatusOr<v1::GetCallBackResponse> GetCallBack(const ReferralStore&, const rpc::Call& call,
                                                    const v1::GetCallBackRequest& request,
                                                    db::Reader& reader) {
  ASC_TRY_ASSIGN(auto callback, FindCallBack(reader, call.authority, request.callback_id()));
  if (!callback.has_value()) return rpc::NotFound("callback", request.callback_id());
  ASC_TRY(AddCommunication(call, callback->person_id(), reader, *callback));
  v1::GetCallBackResponse response;
  *response.mutable_callback() = *std::move(callback);
  return response;
}

absl::StatusOr<rpc::Result<v1::CloseCallBackResponse>> CloseCallBack(
    const ReferralStore&, const rpc::Call& call, const v1::CloseCallBackRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(auto found, FindCallBack(reader, call.authority, request.callback_id()));
  if (!found.has_value()) return rpc::NotFound("callback", request.callback_id());
  if (rpc::VersionOf(request.etag()) != found->version()) {
    return rpc::StaleEtag("callback", request.callback_id(), found->etag());
  }
  if (found->closed()) {
    return rpc::PreconditionFailed("CALLBACK_CLOSED", request.callback_id(),
                                   "the promise is closed already");
  }
  rpc::Result<v1::CloseCallBackResponse> result;
  v1::CallBack& callback = *result.response.mutable_callback();
  callback = *std::move(found);
  SetVersion(callback.version() + 1, callback);
  callback.set_closed(true);
  callback.set_closing_note(request.note());
  ChangeCallBack(callback, result.writes);
  KeepDue(callback, result.writes);
  result.writes.Append(EventOf(callback, "callback.closed"));
  ASC_TRY(AddCommunication(call, callback.person_id(), reader, callback));
  return result;
}

absl::StatusOr<rpc::Result<v1::RecordCustodyResponse>> RecordCustody(
    const ReferralStore&, const rpc::Call& call, const v1::RecordCustodyRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::RecordCustodyResponse> result;
  v1::Custody& custody = *result.response.mutable_custody();
  custody.set_custody_id(call.NewId());
  custody.set_authority(call.authority);
  SetVersion(1, custody);
  ASC_TRY_ASSIGN(*custody.mutable_person_id(),
                 CurrentPersonId(reader, call.authority, request.person_id()));
  custody.set_channel(request.channel());
  custody.set_place_in_record(request.place_in_record());
  custody.set_state(v1::CUSTODY_STATE_HELD);
  custody.set_acknowledged_by(request.acknowledged_by());
  if (request.has_acknowledge_by_at()) {
    *custody.mutable_acknowledge_by_at() = request.acknowledge_by_at();
  }
  for (v1::Action& action : CustodyActions(request, call.PolicyAs<v1::ReferralPolicy>())) {
    *result.response.add_actions() = std::move(action);
  }
  AddCustody(custody, result.writes);
  KeepDue(custody, result.writes);
  result.writes.Append(EventOf(custody, "custody.recorded"));
  ASC_TRY(AddCommunication(call, custody.person_id(), reader, custody));
  return result;
}

absl::StatusOr<v1::GetCustodyResponse> GetCustody(const ReferralStore&, const rpc::Call& call,
                                                  const v1::GetCustodyRequest& request,
                                                  db::Reader& reader) {
  ASC_TRY_ASSIGN(auto custody, FindCustody(reader, call.authority, request.custody_id()));
  if (!custody.has_value()) return rpc::NotFound("custody", request.custody_id());
  ASC_TRY(AddCommunication(call, custody->person_id(), reader, *custody));
  v1::GetCustodyResponse response;
  *response.mutable_custody() = *std::move(custody);
  return response;
}

absl::StatusOr<rpc::Result<v1::UpdateCustodyResponse>> UpdateCustody(
    const ReferralStore&, const rpc::Call& call, const v1::UpdateCustodyRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(auto found, FindCustody(reader, call.authority, request.custody_id()));
  if (!found.has_value()) return rpc::NotFound("custody", request.custody_id());
  if (rpc::VersionOf(request.etag()) != found->version()) {
    return rpc::StaleEtag("custody", request.custody_id(), found->etag());
  }
  if (request.has_acknowledged_at() && checks::LiesInFuture(request.acknowledged_at(), call.now)) {
    rpc::Violations violations;
    violations.Add("acknowledged_at", "lies in the future");
    return violations.ToStatus();
  }
  rpc::Result<v1::UpdateCustodyResponse> result;
  v1::Decision& decision = *result.response.mutable_decision();
  decision = DecideCustody(found->channel(), request, call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, decision);
  v1::Custody& custody = *result.response.mutable_custody();
  custody = *std::move(found);
  if (decision.outcome() == v1::OUTCOME_PERMITTED) {
    SetVersion(custody.version() + 1, custody);
    custody.set_state(request.state());
    custody.set_sent_by(request.sent_by());
    if (request.has_acknowledged_at()) {
      *custody.mutable_acknowledged_at() = request.acknowledged_at();
    }
    ChangeCustody(custody, result.writes);
    KeepDue(custody, result.writes);
    result.writes.Append(EventOf(custody, "custody.changed"));
  }
  ASC_TRY(AddCommunication(call, custody.person_id(), reader, custody));
  return result;
}

absl::StatusOr<v1::ListDueResponse> ListDue(const ReferralStore&, const rpc::Call& call,
                                            const v1::ListDueRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  ASC_TRY_ASSIGN(const DuePlace after, PlaceAfter(page));
  const std::int64_t until_us = request.has_due_until()
                                    ? TimeUtil::TimestampToMicroseconds(request.due_until())
                                    : std::numeric_limits<std::int64_t>::max();
  ASC_TRY_ASSIGN(auto items, ListDue(reader, call.authority, until_us, after, page.size + 1));
  v1::ListDueResponse response;
  if (items.size() > static_cast<std::size_t>(page.size)) {
    items.pop_back();
    const type::v1::DueItem& last = items.back();
    response.set_next_page_token(
        rpc::PageToken(request, {absl::StrCat(TimeUtil::TimestampToMicroseconds(last.due_at())),
                                 last.record_id(), last.kind()}));
  }
  for (auto& item : items) *response.add_items() = std::move(item);
  return response;
}

void CheckRecordCustody(const v1::RecordCustodyRequest& request, rpc::Violations& violations) {
  if (request.channel() != v1::CHANNEL_UNSPECIFIED && request.channel() != v1::CHANNEL_LETTER &&
      request.channel() != v1::CHANNEL_EMAIL) {
    violations.Add("channel", "only a letter or an e-mail has an original to keep");
  }
  if (request.has_acknowledge_by_at() && request.acknowledged_by().empty()) {
    violations.Add("acknowledged_by", "required with acknowledge_by_at");
  }
}

void CheckUpdateCustody(const v1::UpdateCustodyRequest& request, rpc::Violations& violations) {
  const bool sent = request.state() == v1::CUSTODY_STATE_SENT_ON;
  const bool how = request.sent_by() != v1::SECURE_CHANNEL_UNSPECIFIED;
  if (sent && !how) violations.Add("sent_by", "required with SENT_ON");
  if (!sent && how && request.state() != v1::CUSTODY_STATE_UNSPECIFIED) {
    violations.Add("sent_by", "belongs to SENT_ON only");
  }
}

}  // namespace asc::referral
