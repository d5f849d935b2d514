#include "advocacy-svc/advocacy_store.h"

#include "google/protobuf/util/time_util.h"
#include "platform/db/sealed_record.h"
#include "schema/advocacy_store.h"

namespace asc::advocacy {

std::vector<db::Migration> AdvocacySchema() { return schema::advocacy_store(); }

absl::StatusOr<std::optional<v1::AdvocacyNeed>> AdvocacyStore::FindNeed(
    db::Reader& reader, const std::string& authority, const std::string& need_id) const {
  return db::OpenedOne<v1::AdvocacyNeed>(reader.QueryOne(
      "SELECT payload FROM advocacy_need WHERE authority = ? AND advocacy_need_id = ?",
      {authority, need_id}));
}

absl::StatusOr<std::vector<v1::AdvocacyNeed>> AdvocacyStore::OpenNeedsOf(
    db::Reader& reader, const std::string& authority, const std::string& person_id) const {
  if (person_id.empty()) return std::vector<v1::AdvocacyNeed>();
  return db::OpenedAll<v1::AdvocacyNeed>(
      reader.Query("SELECT payload FROM advocacy_need WHERE authority = ? AND person_id = ?"
                   " AND state <> ? ORDER BY created_at DESC, advocacy_need_id DESC LIMIT ?",
                   {authority, person_id, std::int64_t{v1::ADVOCACY_NEED_STATE_CLOSED},
                    std::int64_t{kNeedsOfPersonMax}}));
}

void AdvocacyStore::AddNeed(const std::string& authority, const v1::AdvocacyNeed& need,
                            db::WriteSet& writes) const {
  writes.Insert(
      "INSERT INTO advocacy_need (authority, advocacy_need_id, version, state, person_id,"
      " contact_id, created_at, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {authority, need.advocacy_need_id(), need.version(), std::int64_t{need.state()},
       need.person().person_id(), need.contact_id(),
       google::protobuf::util::TimeUtil::TimestampToMicroseconds(need.created_at()),
       db::Sealed(need)});
}

void AdvocacyStore::ChangeNeed(const std::string& authority, const v1::AdvocacyNeed& need,
                               db::WriteSet& writes) const {
  writes.Update(
      "UPDATE advocacy_need SET version = ?, state = ?, person_id = ?, payload = ?"
      " WHERE authority = ? AND advocacy_need_id = ? AND version = ?",
      {need.version(), std::int64_t{need.state()}, need.person().person_id(), db::Sealed(need),
       authority, need.advocacy_need_id(), need.version() - 1});
}

}  // namespace asc::advocacy
