#include "referral-svc/joint_store.h"

#include "google/protobuf/util/time_util.h"
#include "platform/db/sealed_record.h"

namespace asc::referral {

using db::OpenedOne;
using db::Sealed;
using google::protobuf::util::TimeUtil;

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
  return RecordOf<v1::Concern>(
      reader, authority,
      reader.QueryOne(
          "SELECT c.payload, c.person_id, a.into_id FROM concern c"
          " LEFT JOIN person_alias a ON a.authority = c.authority AND a.from_id = c.person_id"
          " WHERE c.authority = ? AND c.concern_id = ?",
          {authority, concern_id}));
}

void AddConcern(const v1::Concern& concern, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO concern"
      " (authority, concern_id, version, kind, person_id, referral_id, raised_at, payload)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {concern.authority(), concern.concern_id(), concern.version(), std::int64_t{concern.kind()},
       concern.person().person_id(), concern.referral_id(),
       TimeUtil::TimestampToMicroseconds(concern.raised_at()), Sealed(concern)});
}

void ChangeConcern(const v1::Concern& concern, db::WriteSet& writes) {
  writes.Update(
      "UPDATE concern SET version = ?, person_id = ?, referral_id = ?, payload = ?"
      " WHERE authority = ? AND concern_id = ? AND version = ?",
      {concern.version(), concern.person().person_id(), concern.referral_id(), Sealed(concern),
       concern.authority(), concern.concern_id(), concern.version() - 1});
}

namespace {

absl::StatusOr<std::vector<db::Row>> ConcernRows(db::Reader& reader,
                                                 const v1::ListConcernsRequest& filter,
                                                 const ListPlace& after, int limit) {
  const std::int64_t kind = filter.kind();
  if (!filter.person_id().empty()) {
    return reader.Query(
        "SELECT c.payload, c.person_id, a.into_id FROM concern c"
        " LEFT JOIN person_alias a ON a.authority = c.authority AND a.from_id = c.person_id"
        " WHERE c.authority = ? AND c.person_id = ? AND (? = 0 OR c.kind = ?)"
        " AND c.raised_at <= ? AND (c.raised_at < ? OR c.concern_id < ?)"
        " ORDER BY c.raised_at DESC, c.concern_id DESC LIMIT ?",
        {filter.authority(), filter.person_id(), kind, kind, after.at_us, after.at_us, after.id,
         std::int64_t{limit}});
  }
  if (kind != v1::CONCERN_KIND_UNSPECIFIED) {
    return reader.Query(
        "SELECT c.payload, c.person_id, a.into_id FROM concern c"
        " LEFT JOIN person_alias a ON a.authority = c.authority AND a.from_id = c.person_id"
        " WHERE c.authority = ? AND c.kind = ?"
        " AND c.raised_at <= ? AND (c.raised_at < ? OR c.concern_id < ?)"
        " ORDER BY c.raised_at DESC, c.concern_id DESC LIMIT ?",
        {filter.authority(), kind, after.at_us, after.at_us, after.id, std::int64_t{limit}});
  }
  return reader.Query(
      "SELECT c.payload, c.person_id, a.into_id FROM concern c"
      " LEFT JOIN person_alias a ON a.authority = c.authority AND a.from_id = c.person_id"
      " WHERE c.authority = ? AND c.raised_at <= ? AND (c.raised_at < ? OR c.concern_id < ?)"
      " ORDER BY c.raised_at DESC, c.concern_id DESC LIMIT ?",
      {filter.authority(), after.at_us, after.at_us, after.id, std::int64_t{limit}});
}

}  // namespace

absl::StatusOr<std::vector<v1::Concern>> ListConcerns(db::Reader& reader,
                                                      const v1::ListConcernsRequest& filter,
                                                      const Person& person, const ListPlace& after,
                                                      int limit) {
  v1::ListConcernsRequest one = filter;
  return OfEveryReference(
      person, limit,
      [&](const std::string& reference) {
        one.set_person_id(reference);
        return RecordsOf<v1::Concern>(reader, filter.authority(),
                                      ConcernRows(reader, one, after, limit));
      },
      [](const v1::Concern& a, const v1::Concern& b) {
        return Newer({TimeUtil::TimestampToMicroseconds(a.raised_at()), a.concern_id()},
                     {TimeUtil::TimestampToMicroseconds(b.raised_at()), b.concern_id()});
      });
}

absl::StatusOr<std::vector<v1::Concern>> ConcernsOfReferral(db::Reader& reader,
                                                            const std::string& authority,
                                                            const std::string& referral_id,
                                                            int limit) {
  return RecordsOf<v1::Concern>(
      reader, authority,
      reader.Query(
          "SELECT c.payload, c.person_id, a.into_id FROM concern c"
          " LEFT JOIN person_alias a ON a.authority = c.authority AND a.from_id = c.person_id"
          " WHERE c.authority = ? AND c.referral_id = ?"
          " ORDER BY c.raised_at DESC, c.concern_id DESC LIMIT ?",
          {authority, referral_id, std::int64_t{limit}}));
}

}  // namespace asc::referral
