#include "referral-svc/review_store.h"

#include "google/protobuf/util/time_util.h"
#include "platform/db/sealed_record.h"

namespace asc::referral {

using google::protobuf::util::TimeUtil;

absl::StatusOr<std::optional<v1::Review>> FindReview(db::Reader& reader,
                                                     const std::string& authority,
                                                     const std::string& review_id) {
  return RecordOf<v1::Review>(
      reader, authority,
      reader.QueryOne(
          "SELECT v.payload, v.person_id, a.into_id FROM review v"
          " LEFT JOIN person_alias a ON a.authority = v.authority AND a.from_id = v.person_id"
          " WHERE v.authority = ? AND v.review_id = ?",
          {authority, review_id}));
}

absl::StatusOr<std::vector<v1::Review>> ListReviewRows(db::Reader& reader,
                                                       const std::string& authority,
                                                       const Person& person, const ListPlace& after,
                                                       int limit) {
  const auto of = [&](const std::string& reference) {
    return RecordsOf<v1::Review>(
        reader, authority,
        reader.Query(
            "SELECT v.payload, v.person_id, a.into_id FROM review v"
            " LEFT JOIN person_alias a ON a.authority = v.authority AND a.from_id = v.person_id"
            " WHERE v.authority = ? AND v.person_id = ?"
            " AND v.requested_at <= ? AND (v.requested_at < ? OR v.review_id < ?)"
            " ORDER BY v.requested_at DESC, v.review_id DESC LIMIT ?",
            {authority, reference, after.at_us, after.at_us, after.id, std::int64_t{limit}}));
  };
  return OfEveryReference(person, limit, of, [](const v1::Review& a, const v1::Review& b) {
    return Newer({TimeUtil::TimestampToMicroseconds(a.requested_at()), a.review_id()},
                 {TimeUtil::TimestampToMicroseconds(b.requested_at()), b.review_id()});
  });
}

void AddReview(const v1::Review& review, db::WriteSet& writes) {
  const auto requested_us = TimeUtil::TimestampToMicroseconds(review.requested_at());
  writes.Insert(
      "INSERT INTO review (authority, review_id, version, status, person_id, subject,"
      " requested_at, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {review.authority(), review.review_id(), review.version(), std::int64_t{review.status()},
       review.facts().person_id(), std::int64_t{review.facts().subject()},
       std::int64_t{requested_us}, db::Sealed(review)});
}

void ChangeReview(const v1::Review& review, db::WriteSet& writes) {
  writes.Update(
      "UPDATE review SET version = ?, status = ?, payload = ?"
      " WHERE authority = ? AND review_id = ? AND version = ?",
      {review.version(), std::int64_t{review.status()}, db::Sealed(review), review.authority(),
       review.review_id(), review.version() - 1});
}

}  // namespace asc::referral
