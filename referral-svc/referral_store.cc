#include "referral-svc/referral_store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "platform/db/sealed_record.h"
#include "platform/rpc/errors.h"
#include "platform/status/macros.h"
#include "schema/referral_store.h"

namespace asc::referral {
namespace {

using db::OpenedAll;
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

bool Newer(const v1::ReferralSummary& a, const v1::ReferralSummary& b) {
  const std::int64_t a_at = Micros(a.opened_at());
  const std::int64_t b_at = Micros(b.opened_at());
  return a_at != b_at ? a_at > b_at : a.referral_id() > b.referral_id();
}

using Rows = absl::StatusOr<std::vector<db::Row>>;

// One index range each. `opened_at <= ?` gives the range; the rest cuts its first moment.
Rows RowsOfTeam(db::Reader& reader, const v1::ListReferralsRequest& filter,
                v1::ReferralStatus status, const ListPlace& after, int limit) {
  return reader.Query(
      "SELECT referral_id, version, status, subject, purpose, person_id, team_id, worker_id,"
      " opened_at, updated_at, still_to_gather FROM referral"
      " WHERE authority = ? AND team_id = ? AND status = ?"
      " AND (? = 0 OR worker_id = ?) AND (? = 0 OR person_id = ?)"
      " AND opened_at <= ? AND (opened_at < ? OR referral_id < ?)"
      " ORDER BY opened_at DESC, referral_id DESC LIMIT ?",
      {filter.authority(), filter.team_id(), std::int64_t{status},
       std::int64_t{!filter.worker_id().empty()}, filter.worker_id(),
       std::int64_t{!filter.person_id().empty()}, filter.person_id(), after.at_us, after.at_us,
       after.id, std::int64_t{limit}});
}

Rows RowsOfPerson(db::Reader& reader, const v1::ListReferralsRequest& filter,
                  const ListPlace& after, int limit) {
  return reader.Query(
      "SELECT referral_id, version, status, subject, purpose, person_id, team_id, worker_id,"
      " opened_at, updated_at, still_to_gather FROM referral"
      " WHERE authority = ? AND person_id = ?"
      " AND (? = 0 OR status = ?) AND (? = 0 OR team_id = ?) AND (? = 0 OR worker_id = ?)"
      " AND opened_at <= ? AND (opened_at < ? OR referral_id < ?)"
      " ORDER BY opened_at DESC, referral_id DESC LIMIT ?",
      {filter.authority(), filter.person_id(), std::int64_t{filter.status() != 0},
       std::int64_t{filter.status()}, std::int64_t{!filter.team_id().empty()}, filter.team_id(),
       std::int64_t{!filter.worker_id().empty()}, filter.worker_id(), after.at_us, after.at_us,
       after.id, std::int64_t{limit}});
}

Rows RowsOfWorker(db::Reader& reader, const v1::ListReferralsRequest& filter,
                  const ListPlace& after, int limit) {
  return reader.Query(
      "SELECT referral_id, version, status, subject, purpose, person_id, team_id, worker_id,"
      " opened_at, updated_at, still_to_gather FROM referral"
      " WHERE authority = ? AND worker_id = ?"
      " AND (? = 0 OR status = ?) AND (? = 0 OR team_id = ?)"
      " AND opened_at <= ? AND (opened_at < ? OR referral_id < ?)"
      " ORDER BY opened_at DESC, referral_id DESC LIMIT ?",
      {filter.authority(), filter.worker_id(), std::int64_t{filter.status() != 0},
       std::int64_t{filter.status()}, std::int64_t{!filter.team_id().empty()}, filter.team_id(),
       after.at_us, after.at_us, after.id, std::int64_t{limit}});
}

Rows RowsOfStatus(db::Reader& reader, const v1::ListReferralsRequest& filter,
                  const ListPlace& after, int limit) {
  return reader.Query(
      "SELECT referral_id, version, status, subject, purpose, person_id, team_id, worker_id,"
      " opened_at, updated_at, still_to_gather FROM referral"
      " WHERE authority = ? AND status = ?"
      " AND opened_at <= ? AND (opened_at < ? OR referral_id < ?)"
      " ORDER BY opened_at DESC, referral_id DESC LIMIT ?",
      {filter.authority(), std::int64_t{filter.status()}, after.at_us, after.at_us, after.id,
       std::int64_t{limit}});
}

Rows RowsOfAll(db::Reader& reader, const v1::ListReferralsRequest& filter, const ListPlace& after,
               int limit) {
  return reader.Query(
      "SELECT referral_id, version, status, subject, purpose, person_id, team_id, worker_id,"
      " opened_at, updated_at, still_to_gather FROM referral"
      " WHERE authority = ?"
      " AND opened_at <= ? AND (opened_at < ? OR referral_id < ?)"
      " ORDER BY opened_at DESC, referral_id DESC LIMIT ?",
      {filter.authority(), after.at_us, after.at_us, after.id, std::int64_t{limit}});
}

// A team's index is ordered within each status, so a list over all statuses is merged from one
// short range each.
absl::StatusOr<std::vector<v1::ReferralSummary>> ListOfTeam(db::Reader& reader,
                                                            const v1::ListReferralsRequest& filter,
                                                            const ListPlace& after, int limit) {
  std::vector<v1::ReferralSummary> merged;
  for (int status = v1::REFERRAL_STATUS_OPENED; status <= v1::ReferralStatus_MAX; ++status) {
    if (filter.status() != v1::REFERRAL_STATUS_UNSPECIFIED && filter.status() != status) continue;
    ASC_TRY_ASSIGN(
        const auto rows,
        RowsOfTeam(reader, filter, static_cast<v1::ReferralStatus>(status), after, limit));
    for (const db::Row& row : rows) merged.push_back(SummaryOfRow(row));
  }
  std::sort(merged.begin(), merged.end(), &Newer);
  if (merged.size() > static_cast<std::size_t>(limit)) merged.resize(limit);
  return merged;
}

Rows ListRows(db::Reader& reader, const v1::ListReferralsRequest& filter, const ListPlace& after,
              int limit) {
  if (!filter.person_id().empty()) return RowsOfPerson(reader, filter, after, limit);
  if (!filter.worker_id().empty()) return RowsOfWorker(reader, filter, after, limit);
  if (filter.status() != v1::REFERRAL_STATUS_UNSPECIFIED) {
    return RowsOfStatus(reader, filter, after, limit);
  }
  return RowsOfAll(reader, filter, after, limit);
}

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
        "SELECT payload FROM allocation WHERE authority = ? AND person_id = ?"
        " AND (? = 0 OR worker_id = ?) AND (? = 0 OR team_id = ?) AND (? = 1 OR live = 1)"
        " AND began_at <= ? AND (began_at < ? OR allocation_id < ?)"
        " ORDER BY began_at DESC, allocation_id DESC LIMIT ?",
        {filter.authority(), filter.person_id(), std::int64_t{!filter.worker_id().empty()},
         filter.worker_id(), std::int64_t{!filter.team_id().empty()}, filter.team_id(), ended,
         after.at_us, after.at_us, after.id, std::int64_t{limit}});
  }
  if (!filter.worker_id().empty()) {
    return reader.Query(
        "SELECT payload FROM allocation WHERE authority = ? AND worker_id = ?"
        " AND (? = 0 OR team_id = ?) AND (? = 1 OR live = 1)"
        " AND began_at <= ? AND (began_at < ? OR allocation_id < ?)"
        " ORDER BY began_at DESC, allocation_id DESC LIMIT ?",
        {filter.authority(), filter.worker_id(), std::int64_t{!filter.team_id().empty()},
         filter.team_id(), ended, after.at_us, after.at_us, after.id, std::int64_t{limit}});
  }
  return reader.Query(
      "SELECT payload FROM allocation WHERE authority = ? AND team_id = ?"
      " AND (? = 1 OR live = 1)"
      " AND began_at <= ? AND (began_at < ? OR allocation_id < ?)"
      " ORDER BY began_at DESC, allocation_id DESC LIMIT ?",
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
  summary.set_person_id(row.Text(5));
  summary.set_team_id(row.Text(6));
  summary.set_worker_id(row.Text(7));
  *summary.mutable_opened_at() = TimeUtil::MicrosecondsToTimestamp(row.Whole(8));
  *summary.mutable_updated_at() = TimeUtil::MicrosecondsToTimestamp(row.Whole(9));
  summary.set_still_to_gather(static_cast<int>(row.Whole(10)));
  return summary;
}

std::vector<db::Migration> ReferralSchema() { return schema::referral_store(); }

absl::StatusOr<std::optional<v1::Referral>> ReferralStore::FindReferral(
    db::Reader& reader, const std::string& authority, const std::string& referral_id) const {
  return OpenedOne<v1::Referral>(
      reader.QueryOne("SELECT payload FROM referral WHERE authority = ? AND referral_id = ?",
                      {authority, referral_id}));
}

absl::StatusOr<std::vector<v1::ReferralSummary>> ReferralStore::ListReferrals(
    db::Reader& reader, const v1::ListReferralsRequest& filter, const ListPlace& after,
    int limit) const {
  const bool by_team =
      !filter.team_id().empty() && filter.person_id().empty() && filter.worker_id().empty();
  if (by_team) return ListOfTeam(reader, filter, after, limit);
  ASC_TRY_ASSIGN(const auto rows, ListRows(reader, filter, after, limit));
  std::vector<v1::ReferralSummary> summaries;
  summaries.reserve(rows.size());
  for (const db::Row& row : rows) summaries.push_back(SummaryOfRow(row));
  return summaries;
}

Recognition ReferralStore::Recognise(const std::string& authority,
                                     const type::v1::PersonRef& person) const {
  Recognition recognition;
  if (!person.nhs_number().empty()) {
    recognition.nhs_index = blind_index_.Of(authority, "nhs_number", person.nhs_number());
    recognition.claims.push_back(*recognition.nhs_index);
  }
  if (!person.full_name().empty() && !person.born_on().empty() && !person.postcode().empty()) {
    const std::string identity =
        absl::StrCat(person.full_name(), "|", person.born_on(), "|", person.postcode());
    recognition.identity_index = blind_index_.Of(authority, "identity", identity);
    recognition.claims.push_back(
        blind_index_.Of(authority, "claim", absl::StrCat(identity, "|", person.person_id())));
  }
  return recognition;
}

void ReferralStore::AddReferral(const v1::Referral& referral, db::WriteSet& writes) const {
  const type::v1::PersonRef& person = referral.details().person();
  const Recognition recognition = Recognise(referral.authority(), person);
  writes.Insert(
      "INSERT INTO referral (authority, referral_id, version, status, subject, purpose, person_id,"
      " team_id, worker_id, opened_at, updated_at, still_to_gather, nhs_index, identity_index,"
      " payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {referral.authority(), referral.referral_id(), referral.version(),
       std::int64_t{referral.status()}, std::int64_t{referral.details().subject()},
       std::int64_t{referral.details().purpose()}, person.person_id(), referral.team_id(),
       referral.worker_id(), Micros(referral.opened_at()), Micros(referral.updated_at()),
       std::int64_t{referral.still_to_gather_size()}, ValueOf(recognition.nhs_index),
       ValueOf(recognition.identity_index), Sealed(referral)});
}

void ReferralStore::ChangeReferral(const v1::Referral& referral, db::WriteSet& writes) const {
  const type::v1::PersonRef& person = referral.details().person();
  const Recognition recognition = Recognise(referral.authority(), person);
  writes.Update(
      "UPDATE referral SET version = ?, status = ?, subject = ?, purpose = ?, person_id = ?,"
      " team_id = ?, worker_id = ?, updated_at = ?, still_to_gather = ?, nhs_index = ?,"
      " identity_index = ?, payload = ? WHERE authority = ? AND referral_id = ? AND version = ?",
      {referral.version(), std::int64_t{referral.status()},
       std::int64_t{referral.details().subject()}, std::int64_t{referral.details().purpose()},
       person.person_id(), referral.team_id(), referral.worker_id(), Micros(referral.updated_at()),
       std::int64_t{referral.still_to_gather_size()}, ValueOf(recognition.nhs_index),
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

absl::StatusOr<std::vector<v1::Referral>> ReferralStore::ReferralsOf(db::Reader& reader,
                                                                     const std::string& authority,
                                                                     const std::string& person_id,
                                                                     int limit) const {
  return OpenedAll<v1::Referral>(
      reader.Query("SELECT payload FROM referral WHERE authority = ? AND person_id = ?"
                   " ORDER BY opened_at, referral_id LIMIT ?",
                   {authority, person_id, std::int64_t{limit}}));
}

absl::StatusOr<std::optional<v1::Allocation>> ReferralStore::FindAllocation(
    db::Reader& reader, const std::string& authority, const std::string& allocation_id) const {
  return OpenedOne<v1::Allocation>(
      reader.QueryOne("SELECT payload FROM allocation WHERE authority = ? AND allocation_id = ?",
                      {authority, allocation_id}));
}

absl::StatusOr<std::optional<v1::Allocation>> ReferralStore::FindLiveAllocation(
    db::Reader& reader, const v1::Allocation& like) const {
  return OpenedOne<v1::Allocation>(reader.QueryOne(
      "SELECT payload FROM allocation WHERE authority = ? AND person_id = ? AND role = ?"
      " AND holder_id = ? AND live = 1",
      {like.authority(), like.person_id(), std::int64_t{like.role()}, HolderOf(like)}));
}

absl::StatusOr<std::vector<v1::Allocation>> ReferralStore::LiveAllocationsOf(
    db::Reader& reader, const std::string& authority, const std::string& person_id) const {
  return OpenedAll<v1::Allocation>(reader.Query(
      "SELECT payload FROM allocation WHERE authority = ? AND person_id = ? AND live = 1"
      " ORDER BY began_at DESC, allocation_id DESC LIMIT ?",
      {authority, person_id, std::int64_t{kLiveAllocationsMax}}));
}

absl::StatusOr<std::vector<v1::Allocation>> ReferralStore::ListAllocations(
    db::Reader& reader, const v1::ListAllocationsRequest& filter, const ListPlace& after,
    int limit) const {
  return OpenedAll<v1::Allocation>(AllocationRows(reader, filter, after, limit));
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

void ReferralStore::MoveAllocation(const v1::Allocation& allocation, db::WriteSet& writes) const {
  writes.Update(
      "UPDATE allocation SET version = ?, person_id = ?, live = ?, payload = ?"
      " WHERE authority = ? AND allocation_id = ? AND version = ?",
      {allocation.version(), allocation.person_id(), LiveOf(allocation), Sealed(allocation),
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
