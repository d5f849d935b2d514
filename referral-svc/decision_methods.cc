#include "referral-svc/decision_methods.h"

#include <string>

#include "platform/status/macros.h"
#include "referral-svc/residence_rules.h"
#include "referral-svc/review_rules.h"
#include "referral-svc/stamp.h"

namespace asc::referral {

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

}  // namespace asc::referral
