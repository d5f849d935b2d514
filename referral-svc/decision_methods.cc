#include "referral-svc/decision_methods.h"

#include <string>
#include <utility>

#include "platform/rpc/errors.h"
#include "platform/status/macros.h"
#include "referral-svc/residence_rules.h"
#include "referral-svc/review_rules.h"
#include "referral-svc/stamp.h"
#include "referral-svc/transfer_rules.h"

namespace asc::referral {
namespace {

template <class Response>
Response GatesOf(const rpc::Call& call, GateDecision made) {
  Response response;
  *response.mutable_decision() = std::move(made.decision);
  for (v1::Gate& gate : made.gates) *response.add_gates() = std::move(gate);
  Stamp(call, *response.mutable_decision());
  return response;
}

}  // namespace

absl::StatusOr<v1::CheckOrdinaryResidenceResponse> CheckOrdinaryResidence(
    const rpc::Call& call, const v1::CheckOrdinaryResidenceRequest& request) {
  v1::CheckOrdinaryResidenceResponse response =
      DecideResidence(request.residence(), call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, *response.mutable_decision());
  return response;
}

absl::StatusOr<v1::DecideReviewResponse> DecideReview(const ReferralStore& store,
                                                      const rpc::Call& call,
                                                      const v1::DecideReviewRequest& request,
                                                      db::Reader& reader) {
  ReviewRecords records;
  const std::string& person_id = request.facts().person_id();
  if (!person_id.empty()) {
    ASC_TRY_ASSIGN(records.allocations, store.LiveAllocationsOf(reader, call.authority, person_id));
  }
  const std::string worker_id = AllocatedWorker(records.allocations);
  if (!worker_id.empty()) {
    ASC_TRY_ASSIGN(records.availability, store.FindAvailability(reader, call.authority, worker_id));
  }
  v1::DecideReviewResponse response =
      DecideReviewRoute(request.facts(), records, call.PolicyAs<v1::ReferralPolicy>(), call.now);
  Stamp(call, *response.mutable_decision());
  return response;
}

absl::StatusOr<v1::CheckTransferResponse> CheckTransfer(const ReferralStore& store,
                                                        const rpc::Call& call,
                                                        const v1::CheckTransferRequest& request,
                                                        db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto referral,
                 store.FindReferral(reader, call.authority, request.referral_id()));
  if (!referral.has_value()) return rpc::NotFound("referral", request.referral_id());
  return GatesOf<v1::CheckTransferResponse>(call,
                                            DecideTransfer(referral->details(), request.facts(), {},
                                                           call.PolicyAs<v1::ReferralPolicy>()));
}

absl::StatusOr<v1::CheckLongTermSupportResponse> CheckLongTermSupport(
    const ReferralStore& store, const rpc::Call& call,
    const v1::CheckLongTermSupportRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto referral,
                 store.FindReferral(reader, call.authority, request.referral_id()));
  if (!referral.has_value()) return rpc::NotFound("referral", request.referral_id());
  return GatesOf<v1::CheckLongTermSupportResponse>(
      call, DecideLongTermSupport(referral->details(), request.facts(),
                                  call.PolicyAs<v1::ReferralPolicy>()));
}

}  // namespace asc::referral
