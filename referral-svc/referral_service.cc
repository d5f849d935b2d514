#include "referral-svc/referral_service.h"

#include <string>

#include "asc/referral/v1/referral.grpc.pb.h"
#include "platform/log/log.h"
#include "platform/rpc/method.h"
#include "referral-svc/allocation_methods.h"
#include "referral-svc/decision_methods.h"
#include "referral-svc/referral_checks.h"
#include "referral-svc/referral_methods.h"
#include "referral-svc/referral_policy.h"
#include "referral-svc/review_methods.h"
#include "referral-svc/team_methods.h"

namespace asc::referral {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

std::string Name(const char* method) {
  return std::string("asc.referral.v1.ReferralService.") + method;
}

// Gives a method of the form (store, call, request, reader) its store.
template <class Response, class Request>
auto With(const ReferralStore& store,
          absl::StatusOr<Response> (*method)(const ReferralStore&, const rpc::Call&, const Request&,
                                             db::Reader&)) {
  return [&store, method](const rpc::Call& call, const Request& request, db::Reader& reader) {
    return method(store, call, request, reader);
  };
}

// The same for a list, which takes nothing from the call.
template <class Response, class Request>
auto With(const ReferralStore& store,
          absl::StatusOr<Response> (*method)(const ReferralStore&, const Request&, db::Reader&)) {
  return [&store, method](const rpc::Call&, const Request& request, db::Reader& reader) {
    return method(store, request, reader);
  };
}

// The same for a method that reads nothing.
template <class Response, class Request>
auto With(const ReferralStore& store,
          absl::StatusOr<Response> (*method)(const ReferralStore&, const rpc::Call&,
                                             const Request&)) {
  return [&store, method](const rpc::Call& call, const Request& request, db::Reader&) {
    return method(store, call, request);
  };
}

template <class Request>
void CheckDetailsOf(const rpc::Call& call, const Request& request, rpc::Violations& violations) {
  CheckDetails(request.details(), call.now, violations);
}

// Gives a check that needs no time the form of all checks.
template <class Request>
rpc::CheckOf<Request> Timeless(void (*check)(const Request&, rpc::Violations&)) {
  return [check](const rpc::Call&, const Request& request, rpc::Violations& violations) {
    check(request, violations);
  };
}

void CheckRoute(const rpc::Call& call, const v1::RouteContactRequest& request,
                rpc::Violations& violations) {
  CheckRouteContact(request, call.now, violations);
}

class ReferralService final : public v1::ReferralService::CallbackService {
 public:
  ReferralService(const ReferralStore& store, rpc::Adapter& adapter)
      : check_(adapter, Name("CheckReferral"), &referral::CheckReferral,
               &CheckDetailsOf<v1::CheckReferralRequest>),
        open_(adapter, Name("OpenReferral"), With(store, &referral::OpenReferral),
              &CheckDetailsOf<v1::OpenReferralRequest>),
        get_(adapter, Name("GetReferral"), With(store, &referral::GetReferral)),
        list_(adapter, Name("ListReferrals"), With(store, &referral::ListReferrals)),
        set_allocation_(adapter, Name("SetAllocation"), With(store, &referral::SetAllocation),
                        Timeless(&CheckSetAllocation)),
        get_allocation_(adapter, Name("GetAllocation"), With(store, &referral::GetAllocation)),
        list_allocations_(adapter, Name("ListAllocations"), With(store, &referral::ListAllocations),
                          Timeless(&CheckListAllocations)),
        end_allocation_(adapter, Name("EndAllocation"), With(store, &referral::EndAllocation)),
        set_availability_(adapter, Name("SetWorkerAvailability"),
                          With(store, &referral::SetWorkerAvailability),
                          Timeless(&CheckSetAvailability)),
        get_availability_(adapter, Name("GetWorkerAvailability"),
                          With(store, &referral::GetWorkerAvailability)),
        route_(adapter, Name("RouteContact"), With(store, &referral::RouteContact), &CheckRoute),
        check_residence_(adapter, Name("CheckOrdinaryResidence"),
                         &referral::CheckOrdinaryResidence),
        decide_review_(adapter, Name("DecideReview"), With(store, &referral::DecideReview)),
        check_transfer_(adapter, Name("CheckTransfer"), With(store, &referral::CheckTransfer)),
        check_support_(adapter, Name("CheckLongTermSupport"),
                       With(store, &referral::CheckLongTermSupport)),
        set_team_(adapter, Name("SetTeam"), &referral::SetTeam),
        get_team_(adapter, Name("GetTeam"), &referral::GetTeam),
        list_teams_(adapter, Name("ListTeams"), &referral::ListTeams),
        recommend_team_(adapter, Name("RecommendTeam"), With(store, &referral::RecommendTeam)),
        request_review_(adapter, Name("RequestReview"), With(store, &referral::RequestReview)),
        complete_review_(adapter, Name("CompleteReview"), &referral::CompleteReview),
        get_review_(adapter, Name("GetReview"), &referral::GetReview),
        list_reviews_(adapter, Name("ListReviews"), &referral::ListReviews),
        check_revision_(adapter, Name("CheckPlanRevision"), &referral::CheckPlanRevision),
        decide_case_(adapter, Name("DecideCaseTransfer"), &referral::DecideCaseTransfer),
        decide_equipment_(adapter, Name("DecideEquipment"), &referral::DecideEquipment),
        decide_maintenance_(adapter, Name("DecideMaintenance"), &referral::DecideMaintenance) {}

  ServerUnaryReactor* CheckReferral(CallbackServerContext* context,
                                    const v1::CheckReferralRequest* request,
                                    v1::CheckReferralResponse* response) override {
    return check_.Serve(context, request, response);
  }
  ServerUnaryReactor* OpenReferral(CallbackServerContext* context,
                                   const v1::OpenReferralRequest* request,
                                   v1::OpenReferralResponse* response) override {
    return open_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetReferral(CallbackServerContext* context,
                                  const v1::GetReferralRequest* request,
                                  v1::GetReferralResponse* response) override {
    return get_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListReferrals(CallbackServerContext* context,
                                    const v1::ListReferralsRequest* request,
                                    v1::ListReferralsResponse* response) override {
    return list_.Serve(context, request, response);
  }
  ServerUnaryReactor* SetAllocation(CallbackServerContext* context,
                                    const v1::SetAllocationRequest* request,
                                    v1::SetAllocationResponse* response) override {
    return set_allocation_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetAllocation(CallbackServerContext* context,
                                    const v1::GetAllocationRequest* request,
                                    v1::GetAllocationResponse* response) override {
    return get_allocation_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListAllocations(CallbackServerContext* context,
                                      const v1::ListAllocationsRequest* request,
                                      v1::ListAllocationsResponse* response) override {
    return list_allocations_.Serve(context, request, response);
  }
  ServerUnaryReactor* EndAllocation(CallbackServerContext* context,
                                    const v1::EndAllocationRequest* request,
                                    v1::EndAllocationResponse* response) override {
    return end_allocation_.Serve(context, request, response);
  }
  ServerUnaryReactor* SetWorkerAvailability(CallbackServerContext* context,
                                            const v1::SetWorkerAvailabilityRequest* request,
                                            v1::SetWorkerAvailabilityResponse* response) override {
    return set_availability_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetWorkerAvailability(CallbackServerContext* context,
                                            const v1::GetWorkerAvailabilityRequest* request,
                                            v1::GetWorkerAvailabilityResponse* response) override {
    return get_availability_.Serve(context, request, response);
  }
  ServerUnaryReactor* RouteContact(CallbackServerContext* context,
                                   const v1::RouteContactRequest* request,
                                   v1::RouteContactResponse* response) override {
    return route_.Serve(context, request, response);
  }
  ServerUnaryReactor* CheckOrdinaryResidence(
      CallbackServerContext* context, const v1::CheckOrdinaryResidenceRequest* request,
      v1::CheckOrdinaryResidenceResponse* response) override {
    return check_residence_.Serve(context, request, response);
  }
  ServerUnaryReactor* DecideReview(CallbackServerContext* context,
                                   const v1::DecideReviewRequest* request,
                                   v1::DecideReviewResponse* response) override {
    return decide_review_.Serve(context, request, response);
  }
  ServerUnaryReactor* CheckTransfer(CallbackServerContext* context,
                                    const v1::CheckTransferRequest* request,
                                    v1::CheckTransferResponse* response) override {
    return check_transfer_.Serve(context, request, response);
  }
  ServerUnaryReactor* CheckLongTermSupport(CallbackServerContext* context,
                                           const v1::CheckLongTermSupportRequest* request,
                                           v1::CheckLongTermSupportResponse* response) override {
    return check_support_.Serve(context, request, response);
  }
  ServerUnaryReactor* SetTeam(CallbackServerContext* context, const v1::SetTeamRequest* request,
                              v1::SetTeamResponse* response) override {
    return set_team_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetTeam(CallbackServerContext* context, const v1::GetTeamRequest* request,
                              v1::GetTeamResponse* response) override {
    return get_team_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListTeams(CallbackServerContext* context, const v1::ListTeamsRequest* request,
                                v1::ListTeamsResponse* response) override {
    return list_teams_.Serve(context, request, response);
  }
  ServerUnaryReactor* RecommendTeam(CallbackServerContext* context,
                                    const v1::RecommendTeamRequest* request,
                                    v1::RecommendTeamResponse* response) override {
    return recommend_team_.Serve(context, request, response);
  }
  ServerUnaryReactor* RequestReview(CallbackServerContext* context,
                                    const v1::RequestReviewRequest* request,
                                    v1::RequestReviewResponse* response) override {
    return request_review_.Serve(context, request, response);
  }
  ServerUnaryReactor* CompleteReview(CallbackServerContext* context,
                                     const v1::CompleteReviewRequest* request,
                                     v1::CompleteReviewResponse* response) override {
    return complete_review_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetReview(CallbackServerContext* context, const v1::GetReviewRequest* request,
                                v1::GetReviewResponse* response) override {
    return get_review_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListReviews(CallbackServerContext* context,
                                  const v1::ListReviewsRequest* request,
                                  v1::ListReviewsResponse* response) override {
    return list_reviews_.Serve(context, request, response);
  }
  ServerUnaryReactor* CheckPlanRevision(CallbackServerContext* context,
                                        const v1::CheckPlanRevisionRequest* request,
                                        v1::CheckPlanRevisionResponse* response) override {
    return check_revision_.Serve(context, request, response);
  }
  ServerUnaryReactor* DecideCaseTransfer(CallbackServerContext* context,
                                         const v1::DecideCaseTransferRequest* request,
                                         v1::DecideCaseTransferResponse* response) override {
    return decide_case_.Serve(context, request, response);
  }
  ServerUnaryReactor* DecideEquipment(CallbackServerContext* context,
                                      const v1::DecideEquipmentRequest* request,
                                      v1::DecideEquipmentResponse* response) override {
    return decide_equipment_.Serve(context, request, response);
  }
  ServerUnaryReactor* DecideMaintenance(CallbackServerContext* context,
                                        const v1::DecideMaintenanceRequest* request,
                                        v1::DecideMaintenanceResponse* response) override {
    return decide_maintenance_.Serve(context, request, response);
  }

 private:
  rpc::PureMethod<v1::CheckReferralRequest, v1::CheckReferralResponse> check_;
  rpc::WriteMethod<v1::OpenReferralRequest, v1::OpenReferralResponse> open_;
  rpc::ReadMethod<v1::GetReferralRequest, v1::GetReferralResponse> get_;
  rpc::ReadMethod<v1::ListReferralsRequest, v1::ListReferralsResponse> list_;
  rpc::WriteMethod<v1::SetAllocationRequest, v1::SetAllocationResponse> set_allocation_;
  rpc::ReadMethod<v1::GetAllocationRequest, v1::GetAllocationResponse> get_allocation_;
  rpc::ReadMethod<v1::ListAllocationsRequest, v1::ListAllocationsResponse> list_allocations_;
  rpc::WriteMethod<v1::EndAllocationRequest, v1::EndAllocationResponse> end_allocation_;
  rpc::WriteMethod<v1::SetWorkerAvailabilityRequest, v1::SetWorkerAvailabilityResponse>
      set_availability_;
  rpc::ReadMethod<v1::GetWorkerAvailabilityRequest, v1::GetWorkerAvailabilityResponse>
      get_availability_;
  rpc::ReadMethod<v1::RouteContactRequest, v1::RouteContactResponse> route_;
  rpc::PureMethod<v1::CheckOrdinaryResidenceRequest, v1::CheckOrdinaryResidenceResponse>
      check_residence_;
  rpc::ReadMethod<v1::DecideReviewRequest, v1::DecideReviewResponse> decide_review_;
  rpc::ReadMethod<v1::CheckTransferRequest, v1::CheckTransferResponse> check_transfer_;
  rpc::ReadMethod<v1::CheckLongTermSupportRequest, v1::CheckLongTermSupportResponse> check_support_;
  rpc::WriteMethod<v1::SetTeamRequest, v1::SetTeamResponse> set_team_;
  rpc::ReadMethod<v1::GetTeamRequest, v1::GetTeamResponse> get_team_;
  rpc::ReadMethod<v1::ListTeamsRequest, v1::ListTeamsResponse> list_teams_;
  rpc::ReadMethod<v1::RecommendTeamRequest, v1::RecommendTeamResponse> recommend_team_;
  rpc::WriteMethod<v1::RequestReviewRequest, v1::RequestReviewResponse> request_review_;
  rpc::WriteMethod<v1::CompleteReviewRequest, v1::CompleteReviewResponse> complete_review_;
  rpc::ReadMethod<v1::GetReviewRequest, v1::GetReviewResponse> get_review_;
  rpc::ReadMethod<v1::ListReviewsRequest, v1::ListReviewsResponse> list_reviews_;
  rpc::ReadMethod<v1::CheckPlanRevisionRequest, v1::CheckPlanRevisionResponse> check_revision_;
  rpc::PureMethod<v1::DecideCaseTransferRequest, v1::DecideCaseTransferResponse> decide_case_;
  rpc::PureMethod<v1::DecideEquipmentRequest, v1::DecideEquipmentResponse> decide_equipment_;
  rpc::PureMethod<v1::DecideMaintenanceRequest, v1::DecideMaintenanceResponse> decide_maintenance_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewReferralService(const ReferralStore& store,
                                                  rpc::Adapter& adapter) {
  if (store.development_index()) log::Line(log::Level::kWarning, "development_index_key");
  return std::make_unique<ReferralService>(store, adapter);
}

absl::StatusOr<std::unique_ptr<policy::PolicySet>> LoadPolicies(const std::string& folder) {
  return policy::PolicySet::Load(
      folder, v1::ReferralPolicy::default_instance(), [](const google::protobuf::Message& content) {
        return CheckPolicy(static_cast<const v1::ReferralPolicy&>(content));
      });
}

}  // namespace asc::referral
