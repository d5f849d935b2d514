// A referral that a worker has stands on an allocation that lasts: here the two are kept in step.
//
// Several referrals of a person may stand on one allocation, because a person has one to a worker
// at most. Whoever joins or leaves one that was begun for a referral makes a new version of it, so
// that of two who decide at once the second looks again. The last that is completed on one leaves
// it as it is, and takes the person's turn instead, as whoever joins does.

#ifndef ASC_REFERRAL_SVC_STANDING_H_
#define ASC_REFERRAL_SVC_STANDING_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

// Writes the next version of `allocation`, with its event.
void WriteNext(const ReferralStore& store, const char* event_type, v1::Allocation& allocation,
               db::WriteSet& writes);

// The allocation of the referral's person to the worker, for the referral to stand on: the one
// there is, or a new one. Other workers' allocations that were begun for it end.
absl::StatusOr<v1::Allocation> StandOn(const ReferralStore& store, const rpc::Call& call,
                                       const v1::Referral& referral, const std::string& worker_id,
                                       db::Reader& reader, db::WriteSet& writes);

// The referral leaves what was begun for it or it stands on, but for the worker `but_for`. What was
// begun for it ends, unless another referral stands on it or was completed on it.
absl::Status Leave(const ReferralStore& store, const rpc::Call& call, const v1::Referral& referral,
                   const std::string& but_for, db::Reader& reader, db::WriteSet& writes);

// The referral is completed: an allocation begun for it names from now on another that stands on it
// and is open, where there is one. It lasts, also when that one leaves it later.
absl::Status PassOn(const ReferralStore& store, const v1::Referral& referral, db::Reader& reader,
                    db::WriteSet& writes);

// Every referral that stands on `allocation` waits for a worker again.
absl::Status ReturnToWaiting(const ReferralStore& store, const rpc::Call& call,
                             const v1::Allocation& allocation, db::Reader& reader,
                             db::WriteSet& writes);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_STANDING_H_
