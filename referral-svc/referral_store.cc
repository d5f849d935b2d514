#include "referral-svc/referral_store.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "platform/db/sealed_record.h"
#include "platform/rpc/errors.h"
#include "platform/status/macros.h"
#include "protos/checks/person_names.h"
#include "referral-svc/communication_store.h"
#include "referral-svc/person_store.h"
#include "schema/referral_store.h"

namespace asc::referral {
namespace {

using db::OpenedOne;
using db::Sealed;
using google::protobuf::util::TimeUtil;

std::int64_t Micros(const google::protobuf::Timestamp& at) {
  return TimeUtil::TimestampToMicroseconds(at);
}

db::Value ValueOf(const std::optional<std::string>& text) {
  if (!text.has_value()) return std::monostate();
  return *text;
}

using Rows = absl::StatusOr<std::vector<db::Row>>;

const std::string& HolderOf(const v1::Allocation& allocation) {
  return allocation.role() == v1::ALLOCATION_ROLE_WORKER ? allocation.worker_id()
                                                         : allocation.team_id();
}

// 1 until the allocation ends, then NULL, which no unique index counts.
db::Value LiveOf(const v1::Allocation& allocation) {
  if (allocation.has_ended_at()) return std::monostate();
  return std::int64_t{1};
}

Rows AllocationRows(db::Reader& reader, const v1::ListAllocationsRequest& filter,
                    const ListPlace& after, int limit) {
  const std::int64_t ended = filter.include_ended() ? 1 : 0;
  if (!filter.person_id().empty()) {
    return reader.Query(
        "SELECT l.payload, l.person_id, a.into_id FROM allocation l"
        " LEFT JOIN person_alias a ON a.authority = l.authority AND a.from_id = l.person_id"
        " WHERE l.authority = ? AND l.person_id = ?"
        " AND (? = 0 OR l.worker_id = ?) AND (? = 0 OR l.team_id = ?) AND (? = 1 OR l.live = 1)"
        " AND l.began_at <= ? AND (l.began_at < ? OR l.allocation_id < ?)"
        " ORDER BY l.began_at DESC, l.allocation_id DESC LIMIT ?",
        {filter.authority(), filter.person_id(), std::int64_t{!filter.worker_id().empty()},
         filter.worker_id(), std::int64_t{!filter.team_id().empty()}, filter.team_id(), ended,
         after.at_us, after.at_us, after.id, std::int64_t{limit}});
  }
  if (!filter.worker_id().empty()) {
    return reader.Query(
        "SELECT l.payload, l.person_id, a.into_id FROM allocation l"
        " LEFT JOIN person_alias a ON a.authority = l.authority AND a.from_id = l.person_id"
        " WHERE l.authority = ? AND l.worker_id = ?"
        " AND (? = 0 OR l.team_id = ?) AND (? = 1 OR l.live = 1)"
        " AND l.began_at <= ? AND (l.began_at < ? OR l.allocation_id < ?)"
        " ORDER BY l.began_at DESC, l.allocation_id DESC LIMIT ?",
        {filter.authority(), filter.worker_id(), std::int64_t{!filter.team_id().empty()},
         filter.team_id(), ended, after.at_us, after.at_us, after.id, std::int64_t{limit}});
  }
  return reader.Query(
      "SELECT l.payload, l.person_id, a.into_id FROM allocation l"
      " LEFT JOIN person_alias a ON a.authority = l.authority AND a.from_id = l.person_id"
      " WHERE l.authority = ? AND l.team_id = ?"
      " AND (? = 1 OR l.live = 1)"
      " AND l.began_at <= ? AND (l.began_at < ? OR l.allocation_id < ?)"
      " ORDER BY l.began_at DESC, l.allocation_id DESC LIMIT ?",
      {filter.authority(), filter.team_id(), ended, after.at_us, after.at_us, after.id,
       std::int64_t{limit}});
}

}  // namespace

v1::ReferralSummary SummaryOfRow(const db::Row& row) {
  v1::ReferralSummary summary;
  summary.set_referral_id(row.Text(0));
  summary.set_version(row.Whole(1));
  summary.set_etag(rpc::EtagOf(row.Whole(1)));
  summary.set_status(static_cast<v1::ReferralStatus>(row.Whole(2)));
  summary.set_subject(static_cast<v1::Subject>(row.Whole(3)));
  summary.set_purpose(static_cast<v1::Purpose>(row.Whole(4)));
  // Of two references that are one person, the one that is kept.
  summary.set_person_id(row.IsNull(12) ? row.Text(5) : row.Text(12));
  summary.set_team_id(row.Text(6));
  summary.set_worker_id(row.Text(7));
  *summary.mutable_opened_at() = TimeUtil::MicrosecondsToTimestamp(row.Whole(8));
  *summary.mutable_updated_at() = TimeUtil::MicrosecondsToTimestamp(row.Whole(9));
  summary.set_still_to_gather(static_cast<int>(row.Whole(10)));
  summary.set_communication_needs(NeedsOfColumn(row.Whole(11)));
  return summary;
}

std::vector<db::Migration> ReferralSchema() { return schema::referral_store(); }

absl::StatusOr<std::optional<v1::Referral>> ReferralStore::FindReferral(
    db::Reader& reader, const std::string& authority, const std::string& referral_id) const {
  return RecordOf<v1::Referral>(
      reader, authority,
      reader.QueryOne(
          "SELECT r.payload, r.person_id, a.into_id FROM referral r"
          " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
          " WHERE r.authority = ? AND r.referral_id = ?",
          {authority, referral_id}));
}

Recognition ReferralStore::Recognise(const std::string& authority,
                                     const type::v1::PersonRef& person) const {
  Recognition recognition;
  recognition.person_id = person.person_id();
  if (!person.person_id().empty()) {
    recognition.claims.push_back(blind_index_.Of(authority, "person_id", person.person_id()));
  }
  if (!person.nhs_number().empty()) {
    recognition.nhs_index = blind_index_.Of(authority, "nhs_number", person.nhs_number());
    recognition.claims.push_back(*recognition.nhs_index);
  }
  // A text without any letter is nobody's name.
  const std::string name = checks::NameKey(person.full_name());
  if (!name.empty() && !person.born_on().empty() && !person.postcode().empty()) {
    const std::string identity = absl::StrCat(name, "|", person.born_on(), "|", person.postcode());
    recognition.identity_index = blind_index_.Of(authority, "identity", identity);
    recognition.claims.push_back(*recognition.identity_index);
  }
  return recognition;
}

void ReferralStore::AddReferral(const v1::Referral& referral, db::WriteSet& writes) const {
  const type::v1::PersonRef& person = referral.details().person();
  const Recognition recognition = Recognise(referral.authority(), person);
  writes.Insert(
      "INSERT INTO referral (authority, referral_id, version, status, subject, purpose, person_id,"
      " team_id, worker_id, opened_at, updated_at, still_to_gather, communication_needs, nhs_index,"
      " identity_index, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {referral.authority(), referral.referral_id(), referral.version(),
       std::int64_t{referral.status()}, std::int64_t{referral.details().subject()},
       std::int64_t{referral.details().purpose()}, person.person_id(), referral.team_id(),
       referral.worker_id(), Micros(referral.opened_at()), Micros(referral.updated_at()),
       std::int64_t{referral.still_to_gather_size()},
       NeedsColumn(referral.details().communication()), ValueOf(recognition.nhs_index),
       ValueOf(recognition.identity_index), Sealed(referral)});
}

void ReferralStore::ChangeReferral(const v1::Referral& referral, db::WriteSet& writes) const {
  const type::v1::PersonRef& person = referral.details().person();
  const Recognition recognition = Recognise(referral.authority(), person);
  writes.Update(
      "UPDATE referral SET version = ?, status = ?, subject = ?, purpose = ?, person_id = ?,"
      " team_id = ?, worker_id = ?, updated_at = ?, still_to_gather = ?,"
      " communication_needs = ?, nhs_index = ?, identity_index = ?, payload = ? WHERE authority = "
      "? AND referral_id = ? AND version = ?",
      {referral.version(), std::int64_t{referral.status()},
       std::int64_t{referral.details().subject()}, std::int64_t{referral.details().purpose()},
       person.person_id(), referral.team_id(), referral.worker_id(), Micros(referral.updated_at()),
       std::int64_t{referral.still_to_gather_size()},
       NeedsColumn(referral.details().communication()), ValueOf(recognition.nhs_index),
       ValueOf(recognition.identity_index), Sealed(referral), referral.authority(),
       referral.referral_id(), referral.version() - 1});
}

Rows ReferralStore::VersionRows(db::Reader& reader, const std::string& authority,
                                const std::string& referral_id, std::int64_t after,
                                int limit) const {
  return reader.Query(
      "SELECT record_version, type, occurred_at, request_id, attributes FROM event"
      " WHERE authority = ? AND record_type = ? AND record_id = ? AND record_version > ?"
      " ORDER BY record_version LIMIT ?",
      {authority, std::string("referral"), referral_id, after, std::int64_t{limit}});
}

absl::StatusOr<std::optional<v1::Allocation>> ReferralStore::FindAllocation(
    db::Reader& reader, const std::string& authority, const std::string& allocation_id) const {
  return RecordOf<v1::Allocation>(
      reader, authority,
      reader.QueryOne(
          "SELECT l.payload, l.person_id, a.into_id FROM allocation l"
          " LEFT JOIN person_alias a ON a.authority = l.authority AND a.from_id = l.person_id"
          " WHERE l.authority = ? AND l.allocation_id = ?",
          {authority, allocation_id}));
}

absl::StatusOr<std::optional<v1::Allocation>> ReferralStore::FindLiveAllocation(
    db::Reader& reader, const v1::Allocation& like) const {
  ASC_TRY_ASSIGN(const Person person, PersonOf(reader, like.authority(), like.person_id()));
  for (const std::string& reference : person.references) {
    ASC_TRY_ASSIGN(auto found,
                   RecordOf<v1::Allocation>(
                       reader, like.authority(),
                       reader.QueryOne("SELECT l.payload, l.person_id, a.into_id FROM allocation l"
                                       " LEFT JOIN person_alias a ON a.authority = l.authority"
                                       " AND a.from_id = l.person_id"
                                       " WHERE l.authority = ? AND l.person_id = ? AND l.role = ?"
                                       " AND l.holder_id = ? AND l.live = 1",
                                       {like.authority(), reference, std::int64_t{like.role()},
                                        HolderOf(like)})));
    if (found.has_value()) return found;
  }
  return std::optional<v1::Allocation>();
}

absl::StatusOr<std::vector<v1::Allocation>> ReferralStore::LiveAllocationsOf(
    db::Reader& reader, const std::string& authority, const std::string& person_id) const {
  v1::ListAllocationsRequest filter;
  filter.set_authority(authority);
  ASC_TRY_ASSIGN(const Person person, PersonOf(reader, authority, person_id));
  const ListPlace beginning;
  return ListAllocations(reader, filter, person, beginning, kLiveAllocationsMax);
}

namespace {

// The referrals of the allocation's person that have this status and name the allocation.
absl::StatusOr<std::vector<v1::Referral>> ReferralsNaming(db::Reader& reader,
                                                          const v1::Allocation& allocation,
                                                          v1::ReferralStatus status) {
  std::vector<v1::Referral> naming;
  ASC_TRY_ASSIGN(const Person person,
                 PersonOf(reader, allocation.authority(), allocation.person_id()));
  for (const std::string& reference : person.references) {
    // The plus sign is for SQLite, which would look through all referrals of that status.
    ASC_TRY_ASSIGN(
        auto found,
        RecordsOf<v1::Referral>(
            reader, allocation.authority(),
            reader.Query(
                "SELECT r.payload, r.person_id, a.into_id FROM referral r"
                " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
                " WHERE r.authority = ? AND r.person_id = ? AND +r.status = ?"
                " ORDER BY r.opened_at, r.referral_id",
                {allocation.authority(), reference, std::int64_t{status}})));
    for (v1::Referral& referral : found) {
      if (referral.allocation_id() != allocation.allocation_id()) continue;
      naming.push_back(std::move(referral));
    }
  }
  return naming;
}

}  // namespace

absl::StatusOr<std::vector<v1::Referral>> ReferralStore::ReferralsOn(
    db::Reader& reader, const v1::Allocation& allocation) const {
  return ReferralsNaming(reader, allocation, v1::REFERRAL_STATUS_ALLOCATED);
}

absl::StatusOr<std::vector<v1::Referral>> ReferralStore::CompletedOn(
    db::Reader& reader, const v1::Allocation& allocation) const {
  return ReferralsNaming(reader, allocation, v1::REFERRAL_STATUS_COMPLETED);
}

absl::StatusOr<std::vector<v1::Allocation>> ReferralStore::ListAllocations(
    db::Reader& reader, const v1::ListAllocationsRequest& filter, const Person& person,
    const ListPlace& after, int limit) const {
  v1::ListAllocationsRequest one = filter;
  return OfEveryReference(
      person, limit,
      [&](const std::string& reference) {
        one.set_person_id(reference);
        return RecordsOf<v1::Allocation>(reader, filter.authority(),
                                         AllocationRows(reader, one, after, limit));
      },
      [](const v1::Allocation& a, const v1::Allocation& b) {
        return Newer({Micros(a.began_at()), a.allocation_id()},
                     {Micros(b.began_at()), b.allocation_id()});
      });
}

void ReferralStore::AddAllocation(const v1::Allocation& allocation, db::WriteSet& writes) const {
  writes.Insert(
      "INSERT INTO allocation (authority, allocation_id, version, role, person_id, worker_id,"
      " team_id, holder_id, live, began_at, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {allocation.authority(), allocation.allocation_id(), allocation.version(),
       std::int64_t{allocation.role()}, allocation.person_id(), allocation.worker_id(),
       allocation.team_id(), HolderOf(allocation), LiveOf(allocation),
       Micros(allocation.began_at()), Sealed(allocation)});
}

void ReferralStore::ChangeAllocation(const v1::Allocation& allocation, db::WriteSet& writes) const {
  writes.Update(
      "UPDATE allocation SET version = ?, role = ?, worker_id = ?, team_id = ?, holder_id = ?,"
      " live = ?, payload = ? WHERE authority = ? AND allocation_id = ? AND version = ?",
      {allocation.version(), std::int64_t{allocation.role()}, allocation.worker_id(),
       allocation.team_id(), HolderOf(allocation), LiveOf(allocation), Sealed(allocation),
       allocation.authority(), allocation.allocation_id(), allocation.version() - 1});
}

absl::StatusOr<std::optional<v1::WorkerAvailability>> ReferralStore::FindAvailability(
    db::Reader& reader, const std::string& authority, const std::string& worker_id) const {
  return OpenedOne<v1::WorkerAvailability>(reader.QueryOne(
      "SELECT payload FROM worker_availability WHERE authority = ? AND worker_id = ?",
      {authority, worker_id}));
}

void ReferralStore::AddAvailability(const v1::WorkerAvailability& availability,
                                    db::WriteSet& writes) const {
  writes.Insert(
      "INSERT INTO worker_availability (authority, worker_id, version, payload)"
      " VALUES (?, ?, ?, ?)",
      {availability.authority(), availability.worker_id(), availability.version(),
       Sealed(availability)});
}

void ReferralStore::ChangeAvailability(const v1::WorkerAvailability& availability,
                                       db::WriteSet& writes) const {
  writes.Update(
      "UPDATE worker_availability SET version = ?, payload = ?"
      " WHERE authority = ? AND worker_id = ? AND version = ?",
      {availability.version(), Sealed(availability), availability.authority(),
       availability.worker_id(), availability.version() - 1});
}

}  // namespace asc::referral
