#include "referral-svc/due_store.h"

#include "google/protobuf/util/time_util.h"
#include "platform/db/sealed_record.h"
#include "referral-svc/person_store.h"

namespace asc::referral {

using db::OpenedAll;
using db::Sealed;
using google::protobuf::util::TimeUtil;

void SetDue(const std::string& authority, const type::v1::DueItem& item, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO due (authority, record_type, record_id, kind, assigned_to, due_at, payload)"
      " VALUES (?, ?, ?, ?, ?, ?, ?)",
      {authority, item.record_type(), item.record_id(), item.kind(), item.assigned_to(),
       TimeUtil::TimestampToMicroseconds(item.due_at()), Sealed(item)});
}

void ClearDue(const std::string& authority, const std::string& record_type,
              const std::string& record_id, db::WriteSet& writes) {
  writes.Execute("DELETE FROM due WHERE authority = ? AND record_type = ? AND record_id = ?",
                 {authority, record_type, record_id});
}

absl::StatusOr<std::vector<type::v1::DueItem>> ListDue(db::Reader& reader,
                                                       const std::string& authority,
                                                       std::int64_t until_us, const DuePlace& after,
                                                       int limit) {
  return OpenedAll<type::v1::DueItem>(
      reader.Query("SELECT payload FROM due WHERE authority = ? AND due_at <= ? AND due_at >= ?"
                   " AND (due_at > ? OR record_id > ? OR (record_id = ? AND kind > ?))"
                   " ORDER BY due_at, record_id, kind LIMIT ?",
                   {authority, until_us, after.at_us, after.at_us, after.record_id, after.record_id,
                    after.kind, std::int64_t{limit}}));
}

absl::StatusOr<std::optional<v1::CallBack>> FindCallBack(db::Reader& reader,
                                                         const std::string& authority,
                                                         const std::string& callback_id) {
  return RecordOf<v1::CallBack>(
      reader, authority,
      reader.QueryOne(
          "SELECT c.payload, c.person_id, a.into_id FROM callback c"
          " LEFT JOIN person_alias a ON a.authority = c.authority AND a.from_id = c.person_id"
          " WHERE c.authority = ? AND c.callback_id = ?",
          {authority, callback_id}));
}

void AddCallBack(const v1::CallBack& callback, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO callback (authority, callback_id, version, person_id, payload)"
      " VALUES (?, ?, ?, ?, ?)",
      {callback.authority(), callback.callback_id(), callback.version(), callback.person_id(),
       Sealed(callback)});
}

void ChangeCallBack(const v1::CallBack& callback, db::WriteSet& writes) {
  writes.Update(
      "UPDATE callback SET version = ?, payload = ?"
      " WHERE authority = ? AND callback_id = ? AND version = ?",
      {callback.version(), Sealed(callback), callback.authority(), callback.callback_id(),
       callback.version() - 1});
}

absl::StatusOr<std::optional<v1::Custody>> FindCustody(db::Reader& reader,
                                                       const std::string& authority,
                                                       const std::string& custody_id) {
  return RecordOf<v1::Custody>(
      reader, authority,
      reader.QueryOne(
          "SELECT c.payload, c.person_id, a.into_id FROM custody c"
          " LEFT JOIN person_alias a ON a.authority = c.authority AND a.from_id = c.person_id"
          " WHERE c.authority = ? AND c.custody_id = ?",
          {authority, custody_id}));
}

void AddCustody(const v1::Custody& custody, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO custody (authority, custody_id, version, person_id, payload)"
      " VALUES (?, ?, ?, ?, ?)",
      {custody.authority(), custody.custody_id(), custody.version(), custody.person_id(),
       Sealed(custody)});
}

void ChangeCustody(const v1::Custody& custody, db::WriteSet& writes) {
  writes.Update(
      "UPDATE custody SET version = ?, payload = ?"
      " WHERE authority = ? AND custody_id = ? AND version = ?",
      {custody.version(), Sealed(custody), custody.authority(), custody.custody_id(),
       custody.version() - 1});
}

}  // namespace asc::referral
