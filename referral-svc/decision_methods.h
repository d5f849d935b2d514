// Decisions that keep no record: what each RPC does, as plain functions.

#ifndef ASC_REFERRAL_SVC_DECISION_METHODS_H_
#define ASC_REFERRAL_SVC_DECISION_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

absl::StatusOr<v1::CheckOrdinaryResidenceResponse> CheckOrdinaryResidence(
    const rpc::Call& call, const v1::CheckOrdinaryResidenceRequest& request);

absl::StatusOr<v1::DecideCaseTransferResponse> DecideCaseTransfer(
    const rpc::Call& call, const v1::DecideCaseTransferRequest& request);
absl::StatusOr<v1::DecideEquipmentResponse> DecideEquipment(
    const rpc::Call& call, const v1::DecideEquipmentRequest& request);
absl::StatusOr<v1::DecideMaintenanceResponse> DecideMaintenance(
    const rpc::Call& call, const v1::DecideMaintenanceRequest& request);

// NOT_FOUND when the authority has no such referral.
absl::StatusOr<v1::CheckTransferResponse> CheckTransfer(const ReferralStore& store,
                                                        const rpc::Call& call,
                                                        const v1::CheckTransferRequest& request,
                                                        db::Reader& reader);
absl::StatusOr<v1::CheckLongTermSupportResponse> CheckLongTermSupport(
    const ReferralStore& store, const rpc::Call& call,
    const v1::CheckLongTermSupportRequest& request, db::Reader& reader);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_DECISION_METHODS_H_
