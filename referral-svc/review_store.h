// Keeping reviews: portable SQL, nothing else. Reads go through a borrowed Reader; writes are added
// to a WriteSet. Every function works on one authority only.

#ifndef ASC_REFERRAL_SVC_REVIEW_STORE_H_
#define ASC_REFERRAL_SVC_REVIEW_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "referral-svc/person_store.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

// Nothing when the authority has no such review.
absl::StatusOr<std::optional<v1::Review>> FindReview(db::Reader& reader,
                                                     const std::string& authority,
                                                     const std::string& review_id);

// At most `limit` reviews of a person, newest first, then by id, from `after` on.
absl::StatusOr<std::vector<v1::Review>> ListReviewRows(db::Reader& reader,
                                                       const std::string& authority,
                                                       const Person& person, const ListPlace& after,
                                                       int limit);

void AddReview(const v1::Review& review, db::WriteSet& writes);
// `review` is the new version; the one before it must still be there.
void ChangeReview(const v1::Review& review, db::WriteSet& writes);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_REVIEW_STORE_H_
