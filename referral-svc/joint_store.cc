#include "referral-svc/joint_store.h"

#include "google/protobuf/util/time_util.h"
#include "platform/db/sealed_record.h"

namespace asc::referral {

using db::OpenedAll;
using db::OpenedOne;
using db::Sealed;

absl::StatusOr<std::optional<v1::JointWork>> FindJointWork(db::Reader& reader,
                                                           const std::string& authority,
                                                           const std::string& joint_work_id) {
  return OpenedOne<v1::JointWork>(
      reader.QueryOne("SELECT payload FROM joint_work WHERE authority = ? AND joint_work_id = ?",
                      {authority, joint_work_id}));
}

void AddJointWork(const v1::JointWork& work, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO joint_work (authority, joint_work_id, version, referral_id, payload)"
      " VALUES (?, ?, ?, ?, ?)",
      {work.authority(), work.joint_work_id(), work.version(), work.referral_id(), Sealed(work)});
}

void ChangeJointWork(const v1::JointWork& work, db::WriteSet& writes) {
  writes.Update(
      "UPDATE joint_work SET version = ?, payload = ?"
      " WHERE authority = ? AND joint_work_id = ? AND version = ?",
      {work.version(), Sealed(work), work.authority(), work.joint_work_id(), work.version() - 1});
}

absl::StatusOr<std::optional<v1::Concern>> FindConcern(db::Reader& reader,
                                                       const std::string& authority,
                                                       const std::string& concern_id) {
  return OpenedOne<v1::Concern>(
      reader.QueryOne("SELECT payload FROM concern WHERE authority = ? AND concern_id = ?",
                      {authority, concern_id}));
}

void AddConcern(const v1::Concern& concern, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO concern (authority, concern_id, version, kind, person_id, raised_at, payload)"
      " VALUES (?, ?, ?, ?, ?, ?, ?)",
      {concern.authority(), concern.concern_id(), concern.version(), std::int64_t{concern.kind()},
       concern.person().person_id(),
       google::protobuf::util::TimeUtil::TimestampToMicroseconds(concern.raised_at()),
       Sealed(concern)});
}

void MoveConcerns(const std::string& authority, const std::string& from_id,
                  const std::string& into_id, db::WriteSet& writes) {
  writes.Execute("UPDATE concern SET person_id = ? WHERE authority = ? AND person_id = ?",
                 {into_id, authority, from_id});
}

absl::StatusOr<std::vector<v1::Concern>> ListConcerns(db::Reader& reader,
                                                      const v1::ListConcernsRequest& filter,
                                                      const ListPlace& after, int limit) {
  const std::int64_t kind = filter.kind();
  if (!filter.person_id().empty()) {
    return OpenedAll<v1::Concern>(reader.Query(
        "SELECT payload FROM concern WHERE authority = ? AND person_id = ?"
        " AND (? = 0 OR kind = ?) AND raised_at <= ? AND (raised_at < ? OR concern_id < ?)"
        " ORDER BY raised_at DESC, concern_id DESC LIMIT ?",
        {filter.authority(), filter.person_id(), kind, kind, after.at_us, after.at_us, after.id,
         std::int64_t{limit}}));
  }
  if (kind != v1::CONCERN_KIND_UNSPECIFIED) {
    return OpenedAll<v1::Concern>(reader.Query(
        "SELECT payload FROM concern WHERE authority = ? AND kind = ?"
        " AND raised_at <= ? AND (raised_at < ? OR concern_id < ?)"
        " ORDER BY raised_at DESC, concern_id DESC LIMIT ?",
        {filter.authority(), kind, after.at_us, after.at_us, after.id, std::int64_t{limit}}));
  }
  return OpenedAll<v1::Concern>(
      reader.Query("SELECT payload FROM concern WHERE authority = ?"
                   " AND raised_at <= ? AND (raised_at < ? OR concern_id < ?)"
                   " ORDER BY raised_at DESC, concern_id DESC LIMIT ?",
                   {filter.authority(), after.at_us, after.at_us, after.id, std::int64_t{limit}}));
}

}  // namespace asc::referral
