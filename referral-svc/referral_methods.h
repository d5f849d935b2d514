// Taking referrals: what each RPC does, as plain functions (see platform/rpc/method.h).

#ifndef ASC_REFERRAL_SVC_REFERRAL_METHODS_H_
#define ASC_REFERRAL_SVC_REFERRAL_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

absl::StatusOr<v1::CheckReferralResponse> CheckReferral(const rpc::Call& call,
                                                        const v1::CheckReferralRequest& request);

// Keeps a lawful referral, unless one is open for the same person and purpose (R6).
absl::StatusOr<rpc::Result<v1::OpenReferralResponse>> OpenReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::OpenReferralRequest& request,
    db::Reader& reader);

// NOT_FOUND when the authority has no such referral.
absl::StatusOr<v1::GetReferralResponse> GetReferral(const ReferralStore& store,
                                                    const rpc::Call& call,
                                                    const v1::GetReferralRequest& request,
                                                    db::Reader& reader);

// INVALID_ARGUMENT: the page size or token is not good.
absl::StatusOr<v1::ListReferralsResponse> ListReferrals(const ReferralStore& store,
                                                        const v1::ListReferralsRequest& request,
                                                        db::Reader& reader);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_REFERRAL_METHODS_H_
