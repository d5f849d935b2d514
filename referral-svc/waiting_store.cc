#include "referral-svc/waiting_store.h"

#include <algorithm>
#include <iterator>

#include "google/protobuf/util/time_util.h"
#include "platform/db/sealed_record.h"
#include "platform/status/macros.h"

namespace asc::referral {

using db::OpenedAll;
using db::OpenedOne;
using db::Sealed;
using google::protobuf::util::TimeUtil;

namespace {

using Rows = absl::StatusOr<std::vector<db::Row>>;

Rows AllEquals(db::Reader& reader, const std::string& authority, const WaitingPlace& after,
               int limit) {
  return reader.Query(
      "SELECT payload FROM waiting WHERE authority = ? AND order_points = ?"
      " AND waiting_since >= ? AND (waiting_since > ? OR referral_id > ?)"
      " ORDER BY waiting_since, referral_id LIMIT ?",
      {authority, after.order_points, after.since_us, after.since_us, after.referral_id,
       std::int64_t{limit}});
}

Rows TeamEquals(db::Reader& reader, const std::string& authority, const std::string& team_id,
                const WaitingPlace& after, int limit) {
  return reader.Query(
      "SELECT payload FROM waiting WHERE authority = ? AND team_id = ? AND order_points = ?"
      " AND waiting_since >= ? AND (waiting_since > ? OR referral_id > ?)"
      " ORDER BY waiting_since, referral_id LIMIT ?",
      {authority, team_id, after.order_points, after.since_us, after.since_us, after.referral_id,
       std::int64_t{limit}});
}

Rows AllBelow(db::Reader& reader, const std::string& authority, const WaitingPlace& after,
              int limit) {
  return reader.Query(
      "SELECT payload FROM waiting WHERE authority = ? AND order_points > ?"
      " ORDER BY order_points, waiting_since, referral_id LIMIT ?",
      {authority, after.order_points, std::int64_t{limit}});
}

Rows TeamBelow(db::Reader& reader, const std::string& authority, const std::string& team_id,
               const WaitingPlace& after, int limit) {
  return reader.Query(
      "SELECT payload FROM waiting WHERE authority = ? AND team_id = ? AND order_points > ?"
      " ORDER BY order_points, waiting_since, referral_id LIMIT ?",
      {authority, team_id, after.order_points, std::int64_t{limit}});
}

}  // namespace

void AddWaiting(const v1::Referral& referral, const v1::WaitingEntry& entry, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO waiting (authority, referral_id, team_id, order_points, waiting_since, payload)"
      " VALUES (?, ?, ?, ?, ?, ?)",
      {referral.authority(), referral.referral_id(), referral.team_id(),
       -std::int64_t{entry.points()}, TimeUtil::TimestampToMicroseconds(entry.waiting_since()),
       Sealed(entry)});
}

void RemoveWaiting(const v1::Referral& referral, db::WriteSet& writes) {
  writes.Execute("DELETE FROM waiting WHERE authority = ? AND referral_id = ?",
                 {referral.authority(), referral.referral_id()});
}

absl::StatusOr<std::vector<v1::WaitingEntry>> ListWaiting(db::Reader& reader,
                                                          const std::string& authority,
                                                          const std::string& team_id,
                                                          const WaitingPlace& after, int limit) {
  // Who has the same points as the last one shown, then who has fewer: a range of the index each,
  // so that a page far down costs what the first one does.
  const bool team = !team_id.empty();
  ASC_TRY_ASSIGN(auto rows, team ? TeamEquals(reader, authority, team_id, after, limit)
                                 : AllEquals(reader, authority, after, limit));
  const int left = limit - static_cast<int>(rows.size());
  if (left > 0) {
    ASC_TRY_ASSIGN(auto below, team ? TeamBelow(reader, authority, team_id, after, left)
                                    : AllBelow(reader, authority, after, left));
    std::move(below.begin(), below.end(), std::back_inserter(rows));
  }
  return OpenedAll<v1::WaitingEntry>(rows);
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
