#include "referral-svc/decision_methods.h"

#include <utility>

#include "platform/rpc/errors.h"
#include "platform/status/macros.h"
#include "referral-svc/case_rules.h"
#include "referral-svc/changing.h"
#include "referral-svc/equipment_rules.h"
#include "referral-svc/life_rules.h"
#include "referral-svc/residence_rules.h"
#include "referral-svc/stamp.h"
#include "referral-svc/transfer_rules.h"

namespace asc::referral {
namespace {

template <class Response>
Response Stamped(const rpc::Call& call, Response response) {
  Stamp(call, *response.mutable_decision());
  return response;
}

template <class Response>
Response GatesOf(const rpc::Call& call, GateDecision made) {
  Response response;
  *response.mutable_decision() = std::move(made.decision);
  for (v1::Gate& gate : made.gates) *response.add_gates() = std::move(gate);
  return Stamped(call, std::move(response));
}

}  // namespace

absl::StatusOr<v1::CheckOrdinaryResidenceResponse> CheckOrdinaryResidence(
    const rpc::Call& call, const v1::CheckOrdinaryResidenceRequest& request) {
  return Stamped(call, DecideResidence(request.residence(), call.PolicyAs<v1::ReferralPolicy>()));
}

absl::StatusOr<v1::DecideCaseTransferResponse> DecideCaseTransfer(
    const rpc::Call& call, const v1::DecideCaseTransferRequest& request) {
  return Stamped(call, DecideCase(request.facts(), call.PolicyAs<v1::ReferralPolicy>()));
}

absl::StatusOr<v1::DecideEquipmentResponse> DecideEquipment(
    const rpc::Call& call, const v1::DecideEquipmentRequest& request) {
  return Stamped(call, DecideWorks(request.facts(), call.PolicyAs<v1::ReferralPolicy>()));
}

absl::StatusOr<v1::DecideMaintenanceResponse> DecideMaintenance(
    const rpc::Call& call, const v1::DecideMaintenanceRequest& request) {
  return Stamped(call, DecideUpkeep(request, call.PolicyAs<v1::ReferralPolicy>()));
}

absl::StatusOr<v1::CheckTransferResponse> CheckTransfer(const ReferralStore& store,
                                                        const rpc::Call& call,
                                                        const v1::CheckTransferRequest& request,
                                                        db::Reader& reader) {
  ASC_TRY_ASSIGN(auto referral, store.FindReferral(reader, call.authority, request.referral_id()));
  if (!referral.has_value()) return rpc::NotFound("referral", request.referral_id());
  if (IsFinal(referral->status())) {
    return rpc::PreconditionFailed("REFERRAL_STATUS", request.referral_id(),
                                   WhyNot(Verb::kTransfer, referral->status()));
  }
  ASC_TRY_ASSIGN(const v1::Referral known, WithConcerns(*std::move(referral), reader));
  return GatesOf<v1::CheckTransferResponse>(
      call,
      DecideTransfer(known.details(), request.facts(), {}, call.PolicyAs<v1::ReferralPolicy>()));
}

absl::StatusOr<v1::CheckLongTermSupportResponse> CheckLongTermSupport(
    const ReferralStore& store, const rpc::Call& call,
    const v1::CheckLongTermSupportRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto referral,
                 store.FindReferral(reader, call.authority, request.referral_id()));
  if (!referral.has_value()) return rpc::NotFound("referral", request.referral_id());
  return GatesOf<v1::CheckLongTermSupportResponse>(
      call, DecideLongTermSupport(referral->details(), request.facts(), {},
                                  call.PolicyAs<v1::ReferralPolicy>()));
}

}  // namespace asc::referral
