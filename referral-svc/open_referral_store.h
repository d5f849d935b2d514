// The one open referral of a person, as one subject, for a purpose (R6).

#ifndef ASC_REFERRAL_SVC_OPEN_REFERRAL_STORE_H_
#define ASC_REFERRAL_SVC_OPEN_REFERRAL_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

// No more rows are read to find out whether somebody is referred already.
inline constexpr int kOpenReferralsMax = 50;

// Unspecified: any.
struct OpenFilter {
  v1::Purpose purpose = v1::PURPOSE_UNSPECIFIED;
  v1::Subject subject = v1::SUBJECT_UNSPECIFIED;
};

// Referrals that are not final and whose person has the same reference, or another of the same
// person, or the same NHS number, or the same name, date of birth and postcode. By each of the
// three the oldest first; kOpenReferralsMax at most.
absl::StatusOr<std::vector<v1::ReferralSummary>> FindOpenReferrals(db::Reader& reader,
                                                                   const Recognition& recognition,
                                                                   const std::string& authority,
                                                                   const OpenFilter& filter);

// Who holds each claim for this purpose and subject, in their order; empty: nobody.
absl::StatusOr<std::vector<std::string>> HoldersOfClaims(db::Reader& reader,
                                                         const std::string& authority,
                                                         const OpenFilter& filter,
                                                         const std::vector<std::string>& claims);

// Takes the place of the open referral for `referral`; kDuplicate when somebody holds it.
void TakeClaims(const v1::Referral& referral, const Recognition& recognition, db::WriteSet& writes);
void GiveUpClaims(const v1::Referral& referral, db::WriteSet& writes);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_OPEN_REFERRAL_STORE_H_
