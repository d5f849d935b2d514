#include "referral-svc/review_store.h"

#include "google/protobuf/util/time_util.h"
#include "platform/db/sealed_record.h"

namespace asc::referral {

absl::StatusOr<std::optional<v1::Review>> FindReview(db::Reader& reader,
                                                     const std::string& authority,
                                                     const std::string& review_id) {
  return db::OpenedOne<v1::Review>(reader.QueryOne(
      "SELECT payload FROM review WHERE authority = ? AND review_id = ?", {authority, review_id}));
}

absl::StatusOr<std::vector<v1::Review>> ListReviewRows(db::Reader& reader,
                                                       const std::string& authority,
                                                       const std::string& person_id,
                                                       const ListPlace& after, int limit) {
  return db::OpenedAll<v1::Review>(reader.Query(
      "SELECT payload FROM review WHERE authority = ? AND person_id = ?"
      " AND requested_at <= ? AND (requested_at < ? OR review_id < ?)"
      " ORDER BY requested_at DESC, review_id DESC LIMIT ?",
      {authority, person_id, after.at_us, after.at_us, after.id, std::int64_t{limit}}));
}

void AddReview(const v1::Review& review, db::WriteSet& writes) {
  const auto requested_us =
      google::protobuf::util::TimeUtil::TimestampToMicroseconds(review.requested_at());
  writes.Insert(
      "INSERT INTO review (authority, review_id, version, status, person_id, requested_at,"
      " payload) VALUES (?, ?, ?, ?, ?, ?, ?)",
      {review.authority(), review.review_id(), review.version(), std::int64_t{review.status()},
       review.facts().person_id(), std::int64_t{requested_us}, db::Sealed(review)});
}

void ChangeReview(const v1::Review& review, db::WriteSet& writes) {
  writes.Update(
      "UPDATE review SET version = ?, status = ?, payload = ?"
      " WHERE authority = ? AND review_id = ? AND version = ?",
      {review.version(), std::int64_t{review.status()}, db::Sealed(review), review.authority(),
       review.review_id(), review.version() - 1});
}

}  // namespace asc::referral
