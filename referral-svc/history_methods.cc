#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "platform/db/event_attributes.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/paging.h"
#include "platform/status/macros.h"
#include "referral-svc/changing.h"
#include "referral-svc/life_methods.h"
#include "referral-svc/note_store.h"
#include "referral-svc/open_referral_store.h"
#include "referral-svc/person_store.h"
#include "referral-svc/stamp.h"
#include "referral-svc/standing.h"
#include "referral-svc/waiting_store.h"

namespace asc::referral {
namespace {

absl::StatusOr<v1::ReferralVersion> VersionOfRow(const db::Row& row) {
  v1::ReferralVersion version;
  version.set_version(row.Whole(0));
  version.set_type(row.Text(1));
  *version.mutable_changed_at() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(row.Whole(2));
  version.set_request_id(row.Text(3));
  ASC_TRY_ASSIGN(const auto attributes, db::DecodeEventAttributes(row.Text(4)));
  const auto said = [&attributes](const char* key) {
    const auto found = attributes.find(key);
    return found == attributes.end() ? std::string() : found->second;
  };
  version.set_changed_by(said("by"));
  version.set_team_id(said("team_id"));
  version.set_worker_id(said("worker_id"));
  // A name that is none leaves the value unspecified.
  v1::ReferralStatus status = {};
  v1::ReturnReason return_reason = {};
  v1::RequestOutcome outcome = {};
  if (v1::ReferralStatus_Parse(said("status"), &status)) version.set_status(status);
  if (v1::ReturnReason_Parse(said("return_reason"), &return_reason)) {
    version.set_return_reason(return_reason);
  }
  if (v1::RequestOutcome_Parse(said("request_outcome"), &outcome)) {
    version.set_request_outcome(outcome);
  }
  return version;
}

// Of two equal allocations of what is one person, one ends here; the referrals that stand on it go
// over to the other.
absl::Status EndWhatIsDouble(const ReferralStore& store, const rpc::Call& call, const Person& from,
                             const Person& into, db::Reader& reader, db::WriteSet& writes) {
  ASC_TRY_ASSIGN(auto allocations, store.LiveAllocationsOf(reader, call.authority, from.id));
  std::set<std::string> joined;
  for (v1::Allocation& allocation : allocations) {
    v1::Allocation like = allocation;
    like.set_person_id(into.id);
    ASC_TRY_ASSIGN(auto same, store.FindLiveAllocation(reader, like));
    if (!same.has_value()) continue;
    ASC_TRY_ASSIGN(const auto standing, store.ReferralsOn(reader, allocation));
    for (const v1::Referral& before : standing) {
      v1::Referral after = before;
      after.set_allocation_id(same->allocation_id());
      ASC_TRY(Keep(store, call, before, "referral.allocation_merged", reader, after, writes));
    }
    if (!standing.empty() && joined.insert(same->allocation_id()).second) {
      WriteNext(store, "allocation.joined", *same, writes);
    }
    *allocation.mutable_ended_at() = ToTimestamp(call.now);
    WriteNext(store, "allocation.merged", allocation, writes);
  }
  return absl::OkStatus();
}

db::Event MergedEvent(const rpc::Call& call, const Person& from, const Person& into) {
  // A reference is given up once.
  db::Event event{.record_type = "person",
                  .record_id = from.id,
                  .record_version = 1,
                  .type = "person.merged",
                  .attributes = {{"into", into.id}}};
  if (call.caller != nullptr) event.attributes["by"] = call.caller->subject;
  return event;
}

// Puts beside the versions how they ranked the referral, and what was said with them.
absl::Status AddWhatBelongs(const v1::Referral& referral, db::Reader& reader,
                            v1::ListReferralVersionsResponse& response) {
  if (response.versions().empty()) return absl::OkStatus();
  ASC_TRY_ASSIGN(auto rankings, RankingsOf(reader, referral.authority(), referral.referral_id(),
                                           response.versions().begin()->version(),
                                           response.versions().rbegin()->version()));
  ASC_TRY_ASSIGN(auto notes, NotesOf(reader, referral.authority(), referral.referral_id(),
                                     response.versions().begin()->version(),
                                     response.versions().rbegin()->version()));
  for (v1::ReferralVersion& version : *response.mutable_versions()) {
    v1::ReferralNote& note = notes[version.version()];
    version.set_note(note.text());
    version.mutable_update_paths()->Swap(note.mutable_update_paths());
    const auto ranking = rankings.find(version.version());
    if (ranking != rankings.end()) *version.mutable_ranking() = std::move(ranking->second);
  }
  return absl::OkStatus();
}

// Open referrals that have another one of the same subject and purpose beside them from now on.
absl::Status NameDuplicates(const rpc::Call& call, const Person& from, const Person& into,
                            db::Reader& reader, v1::MergePeopleResponse& response) {
  std::vector<v1::ReferralSummary> open;
  std::map<std::pair<int, int>, int> counts;
  for (const std::string& id : {from.id, into.id}) {
    ASC_TRY_ASSIGN(auto found,
                   FindOpenReferrals(reader, {.person_id = id}, call.authority, OpenFilter()));
    for (v1::ReferralSummary& summary : found) {
      ++counts[{summary.subject(), summary.purpose()}];
      summary.set_person_id(into.id);
      open.push_back(std::move(summary));
    }
  }
  for (v1::ReferralSummary& summary : open) {
    if (counts[{summary.subject(), summary.purpose()}] < 2) continue;
    *response.add_duplicates() = std::move(summary);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<rpc::Result<v1::MergePeopleResponse>> MergePeople(
    const ReferralStore& store, const rpc::Call& call, const v1::MergePeopleRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::MergePeopleResponse> result;
  ASC_TRY_ASSIGN(const std::int64_t merges, MergesUntilNow(reader, call.authority));
  ASC_TRY_ASSIGN(const Person from, PersonOf(reader, call.authority, request.from_person_id()));
  ASC_TRY_ASSIGN(const Person into, PersonOf(reader, call.authority, request.into_person_id()));
  if (from.id == into.id) return result;
  if (from.references.size() + into.references.size() > kReferencesMax) {
    return rpc::PreconditionFailed("TOO_MANY_REFERENCES", into.id,
                                   "more references than one person can have");
  }
  // First what another merge would refuse.
  AddAlias(call.authority, from.id, into.id, call.now, merges, result.writes);
  for (const std::string& merged : {from.id, into.id}) {
    ASC_TRY(TakeTurn(reader, call.authority, merged, result.writes).status());
  }
  ASC_TRY(EndWhatIsDouble(store, call, from, into, reader, result.writes));
  result.writes.Append(MergedEvent(call, from, into));
  ASC_TRY_ASSIGN(const RecordCounts counts, CountRecords(reader, call.authority, from.references));
  result.response.set_referrals_moved(counts.referrals);
  result.response.set_allocations_moved(counts.allocations);
  ASC_TRY(NameDuplicates(call, from, into, reader, result.response));
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
  ASC_TRY(AddWhatBelongs(referral, reader, response));
  return response;
}

}  // namespace asc::referral
