// The life of a referral: what each verb does, as plain functions (see platform/rpc/method.h).

#ifndef ASC_REFERRAL_SVC_LIFE_METHODS_H_
#define ASC_REFERRAL_SVC_LIFE_METHODS_H_

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/call.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

// Every verb: NOT_FOUND, ABORTED with the current etag, FAILED_PRECONDITION from another status.

// INVALID_ARGUMENT: a path that is none, a contradiction, or details of another person. What is
// still to gather is told under the policy the referral was taken under.
absl::StatusOr<rpc::Result<v1::UpdateReferralResponse>> UpdateReferral(
    const ReferralStore& store, const policy::PolicySet& policies, const rpc::Call& call,
    const v1::UpdateReferralRequest& request, db::Reader& reader);

absl::StatusOr<rpc::Result<v1::AcceptReferralResponse>> AcceptReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::AcceptReferralRequest& request,
    db::Reader& reader);

absl::StatusOr<rpc::Result<v1::ReturnReferralResponse>> ReturnReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::ReturnReferralRequest& request,
    db::Reader& reader);

absl::StatusOr<rpc::Result<v1::WithdrawReferralResponse>> WithdrawReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::WithdrawReferralRequest& request,
    db::Reader& reader);

// A closed gate is an answer: the decision says which, and nothing changes.
absl::StatusOr<rpc::Result<v1::TransferReferralResponse>> TransferReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::TransferReferralRequest& request,
    db::Reader& reader);

absl::StatusOr<rpc::Result<v1::UndertakeLongTermSupportResponse>> UndertakeLongTermSupport(
    const ReferralStore& store, const rpc::Call& call,
    const v1::UndertakeLongTermSupportRequest& request, db::Reader& reader);

// FAILED_PRECONDITION: the person has no reference yet.
absl::StatusOr<rpc::Result<v1::AllocateReferralResponse>> AllocateReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::AllocateReferralRequest& request,
    db::Reader& reader);

absl::StatusOr<rpc::Result<v1::CompleteReferralResponse>> CompleteReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::CompleteReferralRequest& request,
    db::Reader& reader);

absl::StatusOr<rpc::Result<v1::ReopenReferralResponse>> ReopenReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::ReopenReferralRequest& request,
    db::Reader& reader);

absl::StatusOr<rpc::Result<v1::RecordDestinationResponse>> RecordDestination(
    const ReferralStore& store, const rpc::Call& call, const v1::RecordDestinationRequest& request,
    db::Reader& reader);

// FAILED_PRECONDITION: under the new policy the referral would not be lawful.
absl::StatusOr<rpc::Result<v1::RepinReferralResponse>> RepinReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::RepinReferralRequest& request,
    db::Reader& reader);

// FAILED_PRECONDITION: more references than one person can have.
absl::StatusOr<rpc::Result<v1::MergePeopleResponse>> MergePeople(
    const ReferralStore& store, const rpc::Call& call, const v1::MergePeopleRequest& request,
    db::Reader& reader);

absl::StatusOr<v1::FindOpenReferralsResponse> FindOpenReferrals(
    const ReferralStore& store, const rpc::Call& call, const v1::FindOpenReferralsRequest& request,
    db::Reader& reader);

absl::StatusOr<v1::ListAvailableActionsResponse> ListAvailableActions(
    const ReferralStore& store, const rpc::Call& call,
    const v1::ListAvailableActionsRequest& request, db::Reader& reader);

absl::StatusOr<v1::ListReferralVersionsResponse> ListReferralVersions(
    const ReferralStore& store, const rpc::Call& call,
    const v1::ListReferralVersionsRequest& request, db::Reader& reader);

// Under the policy the referral was taken under.
absl::StatusOr<v1::GetHandoverPackResponse> GetHandoverPack(
    const ReferralStore& store, const policy::PolicySet& policies, const rpc::Call& call,
    const v1::GetHandoverPackRequest& request, db::Reader& reader);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_LIFE_METHODS_H_
