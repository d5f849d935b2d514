// Call-backs, custody of originals, and what is due: what each RPC does, as plain functions.

#ifndef ASC_REFERRAL_SVC_DUE_METHODS_H_
#define ASC_REFERRAL_SVC_DUE_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "platform/rpc/errors.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

absl::StatusOr<rpc::Result<v1::CreateCallBackResponse>> CreateCallBack(
    const ReferralStore& store, const rpc::Call& call, const v1::CreateCallBackRequest& request,
    db::Reader& reader);
absl::StatusOr<v1::GetCallBackResponse> GetCallBack(const ReferralStore& store,
                                                    const rpc::Call& call,
                                                    const v1::GetCallBackRequest& request,
                                                    db::Reader& reader);
// FAILED_PRECONDITION: it is closed already.
absl::StatusOr<rpc::Result<v1::CloseCallBackResponse>> CloseCallBack(
    const ReferralStore& store, const rpc::Call& call, const v1::CloseCallBackRequest& request,
    db::Reader& reader);

absl::StatusOr<rpc::Result<v1::RecordCustodyResponse>> RecordCustody(
    const ReferralStore& store, const rpc::Call& call, const v1::RecordCustodyRequest& request,
    db::Reader& reader);
absl::StatusOr<v1::GetCustodyResponse> GetCustody(const ReferralStore& store, const rpc::Call& call,
                                                  const v1::GetCustodyRequest& request,
                                                  db::Reader& reader);
// REFUSED, and nothing changes, when the channel is none that the policy allows (W6).
absl::StatusOr<rpc::Result<v1::UpdateCustodyResponse>> UpdateCustody(
    const ReferralStore& store, const rpc::Call& call, const v1::UpdateCustodyRequest& request,
    db::Reader& reader);

absl::StatusOr<v1::ListDueResponse> ListDue(const ReferralStore& store, const rpc::Call& call,
                                            const v1::ListDueRequest& request, db::Reader& reader);

// Contradictions, by field.
void CheckRecordCustody(const v1::RecordCustodyRequest& request, rpc::Violations& violations);
void CheckUpdateCustody(const v1::UpdateCustodyRequest& request, rpc::Violations& violations);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_DUE_METHODS_H_
