// Concerns and joint work: what each RPC does, as plain functions.

#ifndef ASC_REFERRAL_SVC_JOINT_METHODS_H_
#define ASC_REFERRAL_SVC_JOINT_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/rpc/call.h"
#include "platform/rpc/errors.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

// Keeps the concern whatever else is missing or cannot be looked up.
absl::StatusOr<rpc::Result<v1::RaiseConcernResponse>> RaiseConcern(
    const ReferralStore& store, const rpc::Call& call, const v1::RaiseConcernRequest& request,
    db::Reader& reader);
// A request that is refused although somebody is in danger is told to ring 999 first.
void CheckRaiseConcern(const v1::RaiseConcernRequest& request, rpc::Violations& violations);
absl::StatusOr<v1::GetConcernResponse> GetConcern(const ReferralStore& store, const rpc::Call& call,
                                                  const v1::GetConcernRequest& request,
                                                  db::Reader& reader);
absl::StatusOr<v1::ListConcernsResponse> ListConcerns(const ReferralStore& store,
                                                      const rpc::Call& call,
                                                      const v1::ListConcernsRequest& request,
                                                      db::Reader& reader);

// NOT_FOUND: no such referral. Only PERMITTED work is kept.
absl::StatusOr<rpc::Result<v1::RequestJointWorkResponse>> RequestJointWork(
    const ReferralStore& store, const rpc::Call& call, const v1::RequestJointWorkRequest& request,
    db::Reader& reader);
absl::StatusOr<rpc::Result<v1::RespondToJointWorkResponse>> RespondToJointWork(
    const ReferralStore& store, const rpc::Call& call, const v1::RespondToJointWorkRequest& request,
    db::Reader& reader);
absl::StatusOr<v1::GetJointWorkResponse> GetJointWork(const ReferralStore& store,
                                                      const rpc::Call& call,
                                                      const v1::GetJointWorkRequest& request,
                                                      db::Reader& reader);
// FAILED_PRECONDITION: there is no delay to choose on.
absl::StatusOr<rpc::Result<v1::ChooseOnDelayResponse>> ChooseOnDelay(
    const ReferralStore& store, const rpc::Call& call, const v1::ChooseOnDelayRequest& request,
    db::Reader& reader);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_JOINT_METHODS_H_
