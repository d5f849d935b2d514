#include "directory-svc/advice_methods.h"

#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "directory-svc/directory_rules.h"
#include "directory-svc/directory_store.h"
#include "directory-svc/stamp.h"
#include "google/protobuf/util/time_util.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/paging.h"
#include "platform/status/macros.h"

namespace asc::directory {
namespace {

std::string SubjectOf(const rpc::Call& call) {
  return call.caller == nullptr ? "" : call.caller->subject;
}

// What the entries named say now, or which of them do not exist.
absl::Status KeepServices(const AuthorityDirectory& directory, const v1::AdviceContent& content,
                          v1::Advice& advice) {
  rpc::Violations violations;
  for (int i = 0; i < content.service_ids_size(); ++i) {
    const v1::Service* service = directory.Find(content.service_ids(i));
    if (service == nullptr) {
      violations.Add(absl::StrCat("content.service_ids[", i, "]"), "no such entry here");
    } else {
      *advice.add_services() = *service;
    }
  }
  return violations.ToStatus();
}

void SetVersion(const rpc::Call& call, std::int64_t version, v1::Advice& advice) {
  advice.set_version(version);
  advice.set_etag(rpc::EtagOf(version));
  *advice.mutable_changed_at() = ToTimestamp(call.now);
  advice.set_changed_by(SubjectOf(call));
}

db::Event EventOf(const v1::Advice& advice, const char* type) {
  return {.record_type = "advice",
          .record_id = advice.advice_id(),
          .record_version = advice.version(),
          .type = type};
}

// The record as it stands, when its follow-up may still be changed.
absl::StatusOr<v1::Advice> AdviceToChange(const rpc::Call& call, const std::string& advice_id,
                                          const std::string& etag, db::Reader& reader) {
  ASC_TRY_ASSIGN(auto advice, FindAdvice(reader, call.authority, advice_id));
  if (!advice.has_value()) return rpc::NotFound("advice", advice_id);
  if (rpc::VersionOf(etag) != advice->version()) {
    return rpc::StaleEtag("advice", advice_id, advice->etag());
  }
  if (advice->state() != v1::ADVICE_STATE_FOLLOW_UP_DUE) {
    return rpc::PreconditionFailed("NO_FOLLOW_UP_DUE", advice_id,
                                   "no follow-up of this advice is due any more");
  }
  return *std::move(advice);
}

absl::StatusOr<ListPlace> PlaceAfter(const rpc::Page& page, const ListPlace& start) {
  if (page.after.empty()) return start;
  ListPlace place;
  if (page.after.size() != 2 || !absl::SimpleAtoi(page.after[0], &place.at_us)) {
    rpc::Violations violations;
    violations.Add("page_token", "not a token for this list; start again without one");
    return violations.ToStatus();
  }
  place.id = page.after[1];
  return place;
}

v1::FollowUp Recorded(const rpc::Call& call, const v1::FollowUp& given) {
  v1::FollowUp follow_up = given;
  *follow_up.mutable_recorded_at() = ToTimestamp(call.now);
  follow_up.set_recorded_by(SubjectOf(call));
  return follow_up;
}

}  // namespace

absl::StatusOr<rpc::Result<v1::RecordAdviceGivenResponse>> RecordAdviceGiven(
    const Directory& directory, const rpc::Call& call,
    const v1::RecordAdviceGivenRequest& request) {
  rpc::Result<v1::RecordAdviceGivenResponse> result;
  v1::Advice& advice = *result.response.mutable_advice();
  ASC_TRY(KeepServices(directory.Of(call.authority), request.content(), advice));
  AdviceDecision decision =
      DecideAdvice(request, call.PolicyAs<v1::DirectoryPolicy>(), SubjectOf(call));
  *advice.mutable_created_at() = ToTimestamp(call.now);
  *advice.mutable_person() = request.person();
  advice.set_contact_id(request.contact_id());
  advice.set_state(decision.state);
  *advice.mutable_content() = request.content();
  *advice.mutable_follow_up() = std::move(decision.follow_up);
  *advice.mutable_reasons() = std::move(decision.reasons);
  *advice.mutable_policy_version() = call.PolicyVersion();
  *result.response.mutable_questions() = std::move(decision.questions);
  if (request.validate_only()) return result;
  advice.set_advice_id(call.NewId());
  SetVersion(call, 1, advice);
  AddAdvice(call.authority, advice, result.writes);
  result.writes.Append(EventOf(advice, "advice.recorded"));
  return result;
}

absl::StatusOr<v1::GetAdviceResponse> GetAdvice(const rpc::Call& call,
                                                const v1::GetAdviceRequest& request,
                                                db::Reader& reader) {
  ASC_TRY_ASSIGN(auto advice, FindAdvice(reader, call.authority, request.advice_id()));
  if (!advice.has_value()) return rpc::NotFound("advice", request.advice_id());
  v1::GetAdviceResponse response;
  *response.mutable_advice() = *std::move(advice);
  return response;
}

absl::StatusOr<v1::ListAdviceResponse> ListAdvicePage(const rpc::Call&,
                                                      const v1::ListAdviceRequest& request,
                                                      db::Reader& reader) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  ASC_TRY_ASSIGN(const ListPlace after, PlaceAfter(page, FromTheNewest()));
  ASC_TRY_ASSIGN(auto rows, ListAdvice(reader, request, after, page.size + 1));
  v1::ListAdviceResponse response;
  if (rows.size() > static_cast<std::size_t>(page.size)) {
    rows.pop_back();
    const v1::Advice& last = rows.back();
    response.set_next_page_token(
        rpc::PageToken(request, {absl::StrCat(ToMicros(last.created_at())), last.advice_id()}));
  }
  for (auto& row : rows) *response.add_advice() = std::move(row);
  return response;
}

absl::StatusOr<rpc::Result<v1::RecordFollowUpResponse>> RecordFollowUp(
    const rpc::Call& call, const v1::RecordFollowUpRequest& request, db::Reader& reader) {
  rpc::Result<v1::RecordFollowUpResponse> result;
  v1::Advice& advice = *result.response.mutable_advice();
  ASC_TRY_ASSIGN(advice, AdviceToChange(call, request.advice_id(), request.etag(), reader));
  FollowUpDecision decision =
      DecideFollowUp(advice, request.follow_up(), call.PolicyAs<v1::DirectoryPolicy>(), call.now);
  advice.set_state(decision.state);
  *advice.mutable_follow_up()->mutable_due_at() = decision.due_at;
  *advice.add_follow_ups() = Recorded(call, request.follow_up());
  *advice.mutable_reasons() = std::move(decision.reasons);
  *advice.mutable_policy_version() = call.PolicyVersion();
  SetVersion(call, advice.version() + 1, advice);
  *result.response.mutable_questions() = std::move(decision.questions);
  ChangeAdvice(call.authority, advice, result.writes);
  result.writes.Append(EventOf(advice, "advice.followed_up"));
  return result;
}

absl::StatusOr<rpc::Result<v1::RescheduleFollowUpResponse>> RescheduleFollowUp(
    const rpc::Call& call, const v1::RescheduleFollowUpRequest& request, db::Reader& reader) {
  rpc::Result<v1::RescheduleFollowUpResponse> result;
  v1::Advice& advice = *result.response.mutable_advice();
  ASC_TRY_ASSIGN(advice, AdviceToChange(call, request.advice_id(), request.etag(), reader));
  v1::FollowUpPlan& plan = *advice.mutable_follow_up();
  if (request.due_at() > plan.due_at() && request.reason().empty()) {
    rpc::Violations violations;
    violations.Add("reason", "required for a later time");
    return violations.ToStatus();
  }
  *plan.mutable_due_at() = request.due_at();
  if (!request.by().empty()) plan.set_by(request.by());
  if (!request.reason().empty()) {
    const std::string& before = plan.circumstances();
    plan.set_circumstances(absl::StrCat(before, before.empty() ? "" : "\n", request.reason()));
  }
  SetVersion(call, advice.version() + 1, advice);
  ChangeAdvice(call.authority, advice, result.writes);
  result.writes.Append(EventOf(advice, "advice.rescheduled"));
  return result;
}

absl::StatusOr<v1::ListDueResponse> ListDue(const rpc::Call& call,
                                            const v1::ListDueRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  ASC_TRY_ASSIGN(const ListPlace after,
                 PlaceAfter(page, {std::numeric_limits<std::int64_t>::min(), ""}));
  const std::int64_t until = request.has_due_until() ? ToMicros(request.due_until())
                                                     : std::numeric_limits<std::int64_t>::max();
  ASC_TRY_ASSIGN(auto rows, ListDueAdvice(reader, call.authority, until, after, page.size + 1));
  v1::ListDueResponse response;
  if (rows.size() > static_cast<std::size_t>(page.size)) {
    rows.pop_back();
    const v1::Advice& last = rows.back();
    response.set_next_page_token(rpc::PageToken(
        request, {absl::StrCat(ToMicros(last.follow_up().due_at())), last.advice_id()}));
  }
  for (const v1::Advice& advice : rows) {
    type::v1::DueItem& item = *response.add_items();
    item.set_record_type("advice");
    item.set_record_id(advice.advice_id());
    item.set_kind("follow_up");
    *item.mutable_due_at() = advice.follow_up().due_at();
    item.set_rule_id("I6");
    item.set_text("See whether the information and advice that was given has helped.");
    item.set_assigned_to(advice.follow_up().by());
    item.set_record_version(advice.version());
  }
  return response;
}

}  // namespace asc::directory
