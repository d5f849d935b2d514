#include "referral-svc/waiting_store.h"

#include <algorithm>
#include <iterator>

#include "google/protobuf/util/time_util.h"
#include "platform/db/sealed_record.h"
#include "platform/status/macros.h"
#include "referral-svc/person_store.h"

namespace asc::referral {

using db::OpenedAll;
using db::OpenedOne;
using db::Sealed;
using google::protobuf::util::TimeUtil;

namespace {

using Rows = absl::StatusOr<std::vector<db::Row>>;

std::int64_t Given(const std::string& text) { return text.empty() ? 0 : 1; }

// What every statement below asks of a row beside its place: enough points, something due. The
// kind makes the key whole: without it SQLite looks through all that is due for one referral's
// item.
struct Bounds {
  std::int64_t order_max;
  std::int64_t has_due;
  std::int64_t due_us;
};

Bounds BoundsOf(const WaitingFilter& filter) {
  return {-std::int64_t{filter.points_min}, filter.due_before_us.has_value() ? 1 : 0,
          filter.due_before_us.value_or(0)};
}

Rows AllEquals(db::Reader& reader, const WaitingFilter& filter, const WaitingPlace& after,
               int limit) {
  const Bounds bounds = BoundsOf(filter);
  return reader.Query(
      "SELECT w.payload, w.person_id, a.into_id FROM waiting w"
      " LEFT JOIN person_alias a ON a.authority = w.authority AND a.from_id = w.person_id"
      " WHERE w.authority = ? AND w.order_points = ?"
      " AND w.waiting_since >= ? AND (w.waiting_since > ? OR w.referral_id > ?)"
      " AND (? = 0 OR EXISTS (SELECT 1 FROM due d WHERE d.authority = w.authority"
      " AND d.record_type = 'referral' AND d.record_id = w.referral_id AND d.kind = 'monitoring' "
      "AND d.due_at < ?))"
      " ORDER BY w.waiting_since, w.referral_id LIMIT ?",
      {filter.authority, after.order_points, after.since_us, after.since_us, after.referral_id,
       bounds.has_due, bounds.due_us, std::int64_t{limit}});
}

Rows TeamEquals(db::Reader& reader, const WaitingFilter& filter, const WaitingPlace& after,
                int limit) {
  const Bounds bounds = BoundsOf(filter);
  return reader.Query(
      "SELECT w.payload, w.person_id, a.into_id FROM waiting w"
      " LEFT JOIN person_alias a ON a.authority = w.authority AND a.from_id = w.person_id"
      " WHERE w.authority = ? AND w.team_id = ? AND w.order_points = ?"
      " AND w.waiting_since >= ? AND (w.waiting_since > ? OR w.referral_id > ?)"
      " AND (? = 0 OR EXISTS (SELECT 1 FROM due d WHERE d.authority = w.authority"
      " AND d.record_type = 'referral' AND d.record_id = w.referral_id AND d.kind = 'monitoring' "
      "AND d.due_at < ?))"
      " ORDER BY w.waiting_since, w.referral_id LIMIT ?",
      {filter.authority, filter.team_id, after.order_points, after.since_us, after.since_us,
       after.referral_id, bounds.has_due, bounds.due_us, std::int64_t{limit}});
}

Rows AllBelow(db::Reader& reader, const WaitingFilter& filter, const WaitingPlace& after,
              int limit) {
  const Bounds bounds = BoundsOf(filter);
  return reader.Query(
      "SELECT w.payload, w.person_id, a.into_id FROM waiting w"
      " LEFT JOIN person_alias a ON a.authority = w.authority AND a.from_id = w.person_id"
      " WHERE w.authority = ? AND w.order_points > ? AND w.order_points <= ?"
      " AND (? = 0 OR EXISTS (SELECT 1 FROM due d WHERE d.authority = w.authority"
      " AND d.record_type = 'referral' AND d.record_id = w.referral_id AND d.kind = 'monitoring' "
      "AND d.due_at < ?))"
      " ORDER BY w.order_points, w.waiting_since, w.referral_id LIMIT ?",
      {filter.authority, after.order_points, bounds.order_max, bounds.has_due, bounds.due_us,
       std::int64_t{limit}});
}

Rows TeamBelow(db::Reader& reader, const WaitingFilter& filter, const WaitingPlace& after,
               int limit) {
  const Bounds bounds = BoundsOf(filter);
  return reader.Query(
      "SELECT w.payload, w.person_id, a.into_id FROM waiting w"
      " LEFT JOIN person_alias a ON a.authority = w.authority AND a.from_id = w.person_id"
      " WHERE w.authority = ? AND w.team_id = ? AND w.order_points > ? AND w.order_points <= ?"
      " AND (? = 0 OR EXISTS (SELECT 1 FROM due d WHERE d.authority = w.authority"
      " AND d.record_type = 'referral' AND d.record_id = w.referral_id AND d.kind = 'monitoring' "
      "AND d.due_at < ?))"
      " ORDER BY w.order_points, w.waiting_since, w.referral_id LIMIT ?",
      {filter.authority, filter.team_id, after.order_points, bounds.order_max, bounds.has_due,
       bounds.due_us, std::int64_t{limit}});
}

// The cross joins keep SQLite, which has no statistics, from taking the waiting list first.
Rows OfPerson(db::Reader& reader, const WaitingFilter& filter, const WaitingPlace& after,
              int limit) {
  const Bounds bounds = BoundsOf(filter);
  return reader.Query(
      "SELECT w.payload, w.person_id, a.into_id FROM referral r"
      " CROSS JOIN waiting w ON w.authority = r.authority AND w.referral_id = r.referral_id"
      " LEFT JOIN person_alias a ON a.authority = w.authority AND a.from_id = w.person_id"
      " WHERE r.authority = ? AND r.person_id = ?"
      " AND (? = 0 OR r.worker_id = ?) AND (? = 0 OR r.team_id = ?)"
      " AND w.order_points >= ? AND w.order_points <= ?"
      " AND (w.order_points > ? OR w.waiting_since > ?"
      " OR (w.waiting_since = ? AND w.referral_id > ?))"
      " AND (? = 0 OR EXISTS (SELECT 1 FROM due d WHERE d.authority = w.authority"
      " AND d.record_type = 'referral' AND d.record_id = w.referral_id AND d.kind = 'monitoring' "
      "AND d.due_at < ?))"
      " ORDER BY w.order_points, w.waiting_since, w.referral_id LIMIT ?",
      {filter.authority, filter.person_id, Given(filter.worker_id), filter.worker_id,
       Given(filter.team_id), filter.team_id, after.order_points, bounds.order_max,
       after.order_points, after.since_us, after.since_us, after.referral_id, bounds.has_due,
       bounds.due_us, std::int64_t{limit}});
}

Rows OfWorker(db::Reader& reader, const WaitingFilter& filter, const WaitingPlace& after,
              int limit) {
  const Bounds bounds = BoundsOf(filter);
  return reader.Query(
      "SELECT w.payload, w.person_id, a.into_id FROM referral r"
      " CROSS JOIN waiting w ON w.authority = r.authority AND w.referral_id = r.referral_id"
      " LEFT JOIN person_alias a ON a.authority = w.authority AND a.from_id = w.person_id"
      " WHERE r.authority = ? AND r.worker_id = ? AND (? = 0 OR r.team_id = ?)"
      " AND w.order_points >= ? AND w.order_points <= ?"
      " AND (w.order_points > ? OR w.waiting_since > ?"
      " OR (w.waiting_since = ? AND w.referral_id > ?))"
      " AND (? = 0 OR EXISTS (SELECT 1 FROM due d WHERE d.authority = w.authority"
      " AND d.record_type = 'referral' AND d.record_id = w.referral_id AND d.kind = 'monitoring' "
      "AND d.due_at < ?))"
      " ORDER BY w.order_points, w.waiting_since, w.referral_id LIMIT ?",
      {filter.authority, filter.worker_id, Given(filter.team_id), filter.team_id,
       after.order_points, bounds.order_max, after.order_points, after.since_us, after.since_us,
       after.referral_id, bounds.has_due, bounds.due_us, std::int64_t{limit}});
}

}  // namespace

WaitingPlace PlaceOf(const v1::WaitingEntry& entry) {
  return {-std::int64_t{entry.points()}, TimeUtil::TimestampToMicroseconds(entry.waiting_since()),
          entry.referral().referral_id()};
}

void AddWaiting(const v1::Referral& referral, const v1::WaitingEntry& entry, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO waiting (authority, referral_id, team_id, person_id, order_points,"
      " waiting_since, payload) VALUES (?, ?, ?, ?, ?, ?, ?)",
      {referral.authority(), referral.referral_id(), referral.team_id(),
       referral.details().person().person_id(), -std::int64_t{entry.points()},
       TimeUtil::TimestampToMicroseconds(entry.waiting_since()), Sealed(entry)});
}

void RemoveWaiting(const v1::Referral& referral, db::WriteSet& writes) {
  writes.Execute("DELETE FROM waiting WHERE authority = ? AND referral_id = ?",
                 {referral.authority(), referral.referral_id()});
}

absl::StatusOr<std::vector<v1::WaitingEntry>> ListWaiting(db::Reader& reader,
                                                          const WaitingFilter& filter,
                                                          const WaitingPlace& after, int limit) {
  if (!filter.person_id.empty()) {
    return RecordsOf<v1::WaitingEntry>(reader, filter.authority,
                                       OfPerson(reader, filter, after, limit));
  }
  if (!filter.worker_id.empty()) {
    return RecordsOf<v1::WaitingEntry>(reader, filter.authority,
                                       OfWorker(reader, filter, after, limit));
  }
  // Who has the same points as the last one shown, then who has fewer: a range of the index each,
  // so that a page far down costs what the first one does.
  const bool team = !filter.team_id.empty();
  ASC_TRY_ASSIGN(auto rows, team ? TeamEquals(reader, filter, after, limit)
                                 : AllEquals(reader, filter, after, limit));
  const int left = limit - static_cast<int>(rows.size());
  if (left > 0) {
    ASC_TRY_ASSIGN(auto below, team ? TeamBelow(reader, filter, after, left)
                                    : AllBelow(reader, filter, after, left));
    std::move(below.begin(), below.end(), std::back_inserter(rows));
  }
  return RecordsOf<v1::WaitingEntry>(reader, filter.authority, rows);
}

absl::StatusOr<std::optional<v1::RankingChange>> LastRanking(db::Reader& reader,
                                                             const std::string& authority,
                                                             const std::string& referral_id) {
  return OpenedOne<v1::RankingChange>(
      reader.QueryOne("SELECT payload FROM ranking WHERE authority = ? AND referral_id = ?"
                      " ORDER BY version DESC LIMIT 1",
                      {authority, referral_id}));
}

absl::StatusOr<std::map<std::int64_t, v1::RankingChange>> RankingsOf(db::Reader& reader,
                                                                     const std::string& authority,
                                                                     const std::string& referral_id,
                                                                     std::int64_t first_version,
                                                                     std::int64_t last_version) {
  ASC_TRY_ASSIGN(const auto rows,
                 reader.Query("SELECT version, payload FROM ranking WHERE authority = ?"
                              " AND referral_id = ? AND version >= ? AND version <= ?",
                              {authority, referral_id, first_version, last_version}));
  std::map<std::int64_t, v1::RankingChange> rankings;
  for (const db::Row& row : rows) {
    ASC_TRY_ASSIGN(rankings[row.Whole(0)], db::Opened<v1::RankingChange>(row.Text(1)));
  }
  return rankings;
}

void AddRanking(const v1::Referral& referral, const v1::RankingChange& change,
                db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO ranking (authority, referral_id, version, payload) VALUES (?, ?, ?, ?)",
      {referral.authority(), referral.referral_id(), referral.version(), Sealed(change)});
}

absl::StatusOr<std::optional<v1::WorkerSkills>> FindSkills(db::Reader& reader,
                                                           const std::string& authority,
                                                           const std::string& worker_id) {
  return OpenedOne<v1::WorkerSkills>(
      reader.QueryOne("SELECT payload FROM worker_skills WHERE authority = ? AND worker_id = ?",
                      {authority, worker_id}));
}

void AddSkills(const v1::WorkerSkills& skills, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO worker_skills (authority, worker_id, version, team_id, payload)"
      " VALUES (?, ?, ?, ?, ?)",
      {skills.authority(), skills.worker_id(), skills.version(), skills.team_id(), Sealed(skills)});
}

void ChangeSkills(const v1::WorkerSkills& skills, db::WriteSet& writes) {
  writes.Update(
      "UPDATE worker_skills SET version = ?, team_id = ?, payload = ?"
      " WHERE authority = ? AND worker_id = ? AND version = ?",
      {skills.version(), skills.team_id(), Sealed(skills), skills.authority(), skills.worker_id(),
       skills.version() - 1});
}

absl::StatusOr<std::vector<v1::WorkerSkills>> SkillsOfTeam(db::Reader& reader,
                                                           const std::string& authority,
                                                           const std::string& team_id,
                                                           const std::string& after_id, int limit) {
  return OpenedAll<v1::WorkerSkills>(reader.Query(
      "SELECT payload FROM worker_skills WHERE authority = ? AND team_id = ? AND worker_id > ?"
      " ORDER BY worker_id LIMIT ?",
      {authority, team_id, after_id, std::int64_t{limit}}));
}

absl::StatusOr<int> AllocatedNow(db::Reader& reader, const std::string& authority,
                                 const std::string& worker_id) {
  ASC_TRY_ASSIGN(
      const auto row,
      reader.QueryOne("SELECT COUNT(*) FROM allocation WHERE authority = ? AND worker_id = ?"
                      " AND role = ? AND live = 1",
                      {authority, worker_id, std::int64_t{v1::ALLOCATION_ROLE_WORKER}}));
  return row.has_value() ? static_cast<int>(row->Whole(0)) : 0;
}

}  // namespace asc::referral
