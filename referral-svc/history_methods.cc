#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "platform/db/event_attributes.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/paging.h"
#include "platform/status/macros.h"
#include "referral-svc/changing.h"
#include "referral-svc/joint_store.h"
#include "referral-svc/life_methods.h"
#include "referral-svc/open_referral_store.h"
#include "referral-svc/stamp.h"
#include "referral-svc/waiting_rules.h"
#include "referral-svc/waiting_store.h"

namespace asc::referral {
namespace {

// Moved in one transaction; nobody has more.
constexpr int kMovedMax = 200;

absl::StatusOr<v1::ReferralVersion> VersionOfRow(const db::Row& row) {
  v1::ReferralVersion version;
  version.set_version(row.Whole(0));
  version.set_type(row.Text(1));
  *version.mutable_changed_at() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(row.Whole(2));
  version.set_request_id(row.Text(3));
  ASC_TRY_ASSIGN(const auto attributes, db::DecodeEventAttributes(row.Text(4)));
  const auto by = attributes.find("by");
  if (by != attributes.end()) version.set_changed_by(by->second);
  return version;
}

absl::StatusOr<int> MoveReferrals(const ReferralStore& store, const rpc::Call& call,
                                  const std::string& from_id, const std::string& into_id,
                                  db::Reader& reader, db::WriteSet& writes) {
  ASC_TRY_ASSIGN(const auto referrals,
                 store.ReferralsOf(reader, call.authority, from_id, kMovedMax + 1));
  if (referrals.size() > kMovedMax) {
    return rpc::PreconditionFailed("TOO_MANY_RECORDS", from_id, "more referrals than can be moved");
  }
  for (const v1::Referral& before : referrals) {
    v1::Referral after = before;
    after.mutable_details()->mutable_person()->set_person_id(into_id);
    after.set_version(before.version() + 1);
    after.set_etag(rpc::EtagOf(after.version()));
    *after.mutable_updated_at() = ToTimestamp(call.now);
    // What the person is recognised by has not changed, so its place among open ones stays.
    store.ChangeReferral(after, writes);
    if (after.status() == v1::REFERRAL_STATUS_ACCEPTED) {
      RemoveWaiting(after, writes);
      AddWaiting(after, RankWaiting(after, call.PolicyAs<v1::ReferralPolicy>()), writes);
    }
    writes.Append(EventOf(call, after, "referral.merged"));
  }
  return static_cast<int>(referrals.size());
}

absl::StatusOr<int> MoveAllocations(const ReferralStore& store, const rpc::Call& call,
                                    const std::string& from_id, const std::string& into_id,
                                    db::Reader& reader, db::WriteSet& writes) {
  v1::ListAllocationsRequest filter;
  filter.set_authority(call.authority);
  filter.set_person_id(from_id);
  filter.set_include_ended(true);
  ASC_TRY_ASSIGN(const auto allocations, store.ListAllocations(reader, filter, {}, kMovedMax + 1));
  if (allocations.size() > kMovedMax) {
    return rpc::PreconditionFailed("TOO_MANY_RECORDS", from_id,
                                   "more allocations than can be moved");
  }
  for (v1::Allocation allocation : allocations) {
    allocation.set_person_id(into_id);
    ASC_TRY_ASSIGN(const auto same, store.FindLiveAllocation(reader, allocation));
    // One of two equal allocations of what is one person ends here.
    if (same.has_value() && !allocation.has_ended_at()) {
      *allocation.mutable_ended_at() = ToTimestamp(call.now);
    }
    allocation.set_version(allocation.version() + 1);
    allocation.set_etag(rpc::EtagOf(allocation.version()));
    store.MoveAllocation(allocation, writes);
    writes.Append({.record_type = "allocation",
                   .record_id = allocation.allocation_id(),
                   .record_version = allocation.version(),
                   .type = "allocation.merged"});
  }
  return static_cast<int>(allocations.size());
}

}  // namespace

absl::StatusOr<rpc::Result<v1::MergePeopleResponse>> MergePeople(
    const ReferralStore& store, const rpc::Call& call, const v1::MergePeopleRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::MergePeopleResponse> result;
  ASC_TRY_ASSIGN(const std::string from_id,
                 CurrentPersonId(reader, call.authority, request.from_person_id()));
  ASC_TRY_ASSIGN(const std::string into_id,
                 CurrentPersonId(reader, call.authority, request.into_person_id()));
  if (from_id == into_id) return result;
  ASC_TRY_ASSIGN(const int referrals,
                 MoveReferrals(store, call, from_id, into_id, reader, result.writes));
  ASC_TRY_ASSIGN(const int allocations,
                 MoveAllocations(store, call, from_id, into_id, reader, result.writes));
  MoveConcerns(call.authority, from_id, into_id, result.writes);
  AddAlias(call.authority, from_id, into_id, call.now, result.writes);
  result.response.set_referrals_moved(referrals);
  result.response.set_allocations_moved(allocations);
  return result;
}

absl::StatusOr<v1::ListReferralVersionsResponse> ListReferralVersions(
    const ReferralStore& store, const rpc::Call& call,
    const v1::ListReferralVersionsRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  std::int64_t after = 0;
  if (!page.after.empty() && (page.after.size() != 1 || !absl::SimpleAtoi(page.after[0], &after))) {
    rpc::Violations violations;
    violations.Add("page_token", "not a token for this list; start again without one");
    return violations.ToStatus();
  }
  ASC_TRY_ASSIGN(const v1::Referral referral,
                 ReferralOf(store, call, request.referral_id(), reader));
  ASC_TRY_ASSIGN(const auto rows, store.VersionRows(reader, call.authority, referral.referral_id(),
                                                    after, page.size + 1));
  v1::ListReferralVersionsResponse response;
  for (const db::Row& row : rows) {
    if (response.versions_size() == page.size) {
      response.set_next_page_token(
          rpc::PageToken(request, {absl::StrCat(response.versions(page.size - 1).version())}));
      break;
    }
    ASC_TRY_ASSIGN(*response.add_versions(), VersionOfRow(row));
  }
  return response;
}

}  // namespace asc::referral
