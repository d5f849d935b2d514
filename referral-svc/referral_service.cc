#include "referral-svc/referral_service.h"

#include <string>

#include "asc/referral/v1/referral.grpc.pb.h"
#include "platform/log/log.h"
#include "platform/rpc/method.h"
#include "protos/checks/referral_checks.h"
#include "referral-svc/allocation_methods.h"
#include "referral-svc/decision_methods.h"
#include "referral-svc/due_methods.h"
#include "referral-svc/joint_methods.h"
#include "referral-svc/life_methods.h"
#include "referral-svc/referral_checks.h"
#include "referral-svc/referral_methods.h"
#include "referral-svc/referral_policy.h"
#include "referral-svc/review_methods.h"
#include "referral-svc/team_methods.h"
#include "referral-svc/waiting_methods.h"

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

// The same for one that looks up the policy a record was made under.
template <class Response, class Request>
auto With(const ReferralStore& store, const policy::PolicySet& policies,
          absl::StatusOr<Response> (*method)(const ReferralStore&, const policy::PolicySet&,
                                             const rpc::Call&, const Request&, db::Reader&)) {
  return [&store, &policies, method](const rpc::Call& call, const Request& request,
                                     db::Reader& reader) {
    return method(store, policies, call, request, reader);
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

template <class Request>
void CheckDetailsOf(const rpc::Call& call, const Request& request, rpc::Violations& violations) {
  checks::CheckDetails(request.details(), "details", call.now, violations);
  PutAdviceFirst(request.details(), violations);
}

void CheckUpdate(const v1::UpdateReferralRequest& request, rpc::Violations& violations) {
  PutAdviceFirst(request.details(), violations);
}

template <class Request>
void CheckReviewOf(const Request& request, rpc::Violations& violations) {
  checks::CheckReviewFacts(request.facts(), "facts", violations);
}

// A review that belongs to nobody would be found by nobody.
void CheckRequestReview(const v1::RequestReviewRequest& request, rpc::Violations& violations) {
  if (request.has_facts() && request.facts().person_id().empty()) {
    violations.Add("facts.person_id", "required");
  }
  CheckReviewOf(request, violations);
}

void CheckResidenceOf(const v1::CheckOrdinaryResidenceRequest& request,
                      rpc::Violations& violations) {
  checks::CheckResidence(request.residence(), "residence", violations);
}

// Gives a check that needs no time the form of all checks.
template <class Request>
rpc::CheckOf<Request> Timeless(void (*check)(const Request&, rpc::Violations&)) {
  return [check](const rpc::Call&, const Request& request, rpc::Violations& violations) {
    check(request, violations);
  };
}

// The life of a referral.
class LifeService : public v1::ReferralService::CallbackService {
 public:
  LifeService(const ReferralStore& store, const policy::PolicySet& policies, rpc::Adapter& adapter)
      : find_open_referrals_(adapter, Name("FindOpenReferrals"),
                             With<v1::FindOpenReferralsResponse, v1::FindOpenReferralsRequest>(
                                 store, &referral::FindOpenReferrals),
                             Timeless(&CheckFind)),
        update_referral_(adapter, Name("UpdateReferral"),
                         With(store, policies, &referral::UpdateReferral), Timeless(&CheckUpdate)),
        accept_referral_(adapter, Name("AcceptReferral"), With(store, &referral::AcceptReferral)),
        return_referral_(adapter, Name("ReturnReferral"), With(store, &referral::ReturnReferral)),
        withdraw_referral_(adapter, Name("WithdrawReferral"),
                           With(store, &referral::WithdrawReferral)),
        transfer_referral_(adapter, Name("TransferReferral"),
                           With(store, &referral::TransferReferral)),
        undertake_support_(adapter, Name("UndertakeLongTermSupport"),
                           With(store, &referral::UndertakeLongTermSupport),
                           Timeless(&CheckUndertake)),
        allocate_referral_(adapter, Name("AllocateReferral"),
                           With(store, &referral::AllocateReferral)),
        complete_referral_(adapter, Name("CompleteReferral"),
                           With(store, &referral::CompleteReferral)),
        reopen_referral_(adapter, Name("ReopenReferral"), With(store, &referral::ReopenReferral)),
        record_destination_(adapter, Name("RecordDestination"),
                            With(store, &referral::RecordDestination)),
        repin_referral_(adapter, Name("RepinReferral"), With(store, &referral::RepinReferral)),
        merge_people_(adapter, Name("MergePeople"), With(store, &referral::MergePeople),
                      Timeless(&CheckMerge)),
        list_available_actions_(adapter, Name("ListAvailableActions"),
                                With(store, &referral::ListAvailableActions)),
        list_referral_versions_(adapter, Name("ListReferralVersions"),
                                With(store, &referral::ListReferralVersions)),
        get_handover_pack_(adapter, Name("GetHandoverPack"),
                           With(store, policies, &referral::GetHandoverPack)) {}

  ServerUnaryReactor* FindOpenReferrals(CallbackServerContext* context,
                                        const v1::FindOpenReferralsRequest* request,
                                        v1::FindOpenReferralsResponse* response) override {
    return find_open_referrals_.Serve(context, request, response);
  }
  ServerUnaryReactor* UpdateReferral(CallbackServerContext* context,
                                     const v1::UpdateReferralRequest* request,
                                     v1::UpdateReferralResponse* response) override {
    return update_referral_.Serve(context, request, response);
  }
  ServerUnaryReactor* AcceptReferral(CallbackServerContext* context,
                                     const v1::AcceptReferralRequest* request,
                                     v1::AcceptReferralResponse* response) override {
    return accept_referral_.Serve(context, request, response);
  }
  ServerUnaryReactor* ReturnReferral(CallbackServerContext* context,
                                     const v1::ReturnReferralRequest* request,
                                     v1::ReturnReferralResponse* response) override {
    return return_referral_.Serve(context, request, response);
  }
  ServerUnaryReactor* WithdrawReferral(CallbackServerContext* context,
                                       const v1::WithdrawReferralRequest* request,
                                       v1::WithdrawReferralResponse* response) override {
    return withdraw_referral_.Serve(context, request, response);
  }
  ServerUnaryReactor* TransferReferral(CallbackServerContext* context,
                                       const v1::TransferReferralRequest* request,
                                       v1::TransferReferralResponse* response) override {
    return transfer_referral_.Serve(context, request, response);
  }
  ServerUnaryReactor* UndertakeLongTermSupport(
      CallbackServerContext* context, const v1::UndertakeLongTermSupportRequest* request,
      v1::UndertakeLongTermSupportResponse* response) override {
    return undertake_support_.Serve(context, request, response);
  }
  ServerUnaryReactor* AllocateReferral(CallbackServerContext* context,
                                       const v1::AllocateReferralRequest* request,
                                       v1::AllocateReferralResponse* response) override {
    return allocate_referral_.Serve(context, request, response);
  }
  ServerUnaryReactor* CompleteReferral(CallbackServerContext* context,
                                       const v1::CompleteReferralRequest* request,
                                       v1::CompleteReferralResponse* response) override {
    return complete_referral_.Serve(context, request, response);
  }
  ServerUnaryReactor* ReopenReferral(CallbackServerContext* context,
                                     const v1::ReopenReferralRequest* request,
                                     v1::ReopenReferralResponse* response) override {
    return reopen_referral_.Serve(context, request, response);
  }
  ServerUnaryReactor* RecordDestination(CallbackServerContext* context,
                                        const v1::RecordDestinationRequest* request,
                                        v1::RecordDestinationResponse* response) override {
    return record_destination_.Serve(context, request, response);
  }
  ServerUnaryReactor* RepinReferral(CallbackServerContext* context,
                                    const v1::RepinReferralRequest* request,
                                    v1::RepinReferralResponse* response) override {
    return repin_referral_.Serve(context, request, response);
  }
  ServerUnaryReactor* MergePeople(CallbackServerContext* context,
                                  const v1::MergePeopleRequest* request,
                                  v1::MergePeopleResponse* response) override {
    return merge_people_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListAvailableActions(CallbackServerContext* context,
                                           const v1::ListAvailableActionsRequest* request,
                                           v1::ListAvailableActionsResponse* response) override {
    return list_available_actions_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListReferralVersions(CallbackServerContext* context,
                                           const v1::ListReferralVersionsRequest* request,
                                           v1::ListReferralVersionsResponse* response) override {
    return list_referral_versions_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetHandoverPack(CallbackServerContext* context,
                                      const v1::GetHandoverPackRequest* request,
                                      v1::GetHandoverPackResponse* response) override {
    return get_handover_pack_.Serve(context, request, response);
  }

 private:
  rpc::ReadMethod<v1::FindOpenReferralsRequest, v1::FindOpenReferralsResponse> find_open_referrals_;
  rpc::WriteMethod<v1::UpdateReferralRequest, v1::UpdateReferralResponse> update_referral_;
  rpc::WriteMethod<v1::AcceptReferralRequest, v1::AcceptReferralResponse> accept_referral_;
  rpc::WriteMethod<v1::ReturnReferralRequest, v1::ReturnReferralResponse> return_referral_;
  rpc::WriteMethod<v1::WithdrawReferralRequest, v1::WithdrawReferralResponse> withdraw_referral_;
  rpc::WriteMethod<v1::TransferReferralRequest, v1::TransferReferralResponse> transfer_referral_;
  rpc::WriteMethod<v1::UndertakeLongTermSupportRequest, v1::UndertakeLongTermSupportResponse>
      undertake_support_;
  rpc::WriteMethod<v1::AllocateReferralRequest, v1::AllocateReferralResponse> allocate_referral_;
  rpc::WriteMethod<v1::CompleteReferralRequest, v1::CompleteReferralResponse> complete_referral_;
  rpc::WriteMethod<v1::ReopenReferralRequest, v1::ReopenReferralResponse> reopen_referral_;
  rpc::WriteMethod<v1::RecordDestinationRequest, v1::RecordDestinationResponse> record_destination_;
  rpc::WriteMethod<v1::RepinReferralRequest, v1::RepinReferralResponse> repin_referral_;
  rpc::WriteMethod<v1::MergePeopleRequest, v1::MergePeopleResponse> merge_people_;
  rpc::ReadMethod<v1::ListAvailableActionsRequest, v1::ListAvailableActionsResponse>
      list_available_actions_;
  rpc::ReadMethod<v1::ListReferralVersionsRequest, v1::ListReferralVersionsResponse>
      list_referral_versions_;
  rpc::ReadMethod<v1::GetHandoverPackRequest, v1::GetHandoverPackResponse> get_handover_pack_;
};

// Promises, originals, what is due, and who waits.
class WaitingService : public LifeService {
 public:
  WaitingService(const ReferralStore& store, const policy::PolicySet& policies,
                 rpc::Adapter& adapter)
      : LifeService(store, policies, adapter),
        create_callback_(adapter, Name("CreateCallBack"), With(store, &referral::CreateCallBack)),
        get_callback_(adapter, Name("GetCallBack"), With(store, &referral::GetCallBack)),
        close_callback_(adapter, Name("CloseCallBack"), With(store, &referral::CloseCallBack)),
        record_custody_(adapter, Name("RecordCustody"), With(store, &referral::RecordCustody),
                        Timeless(&CheckRecordCustody)),
        get_custody_(adapter, Name("GetCustody"), With(store, &referral::GetCustody)),
        update_custody_(adapter, Name("UpdateCustody"), With(store, &referral::UpdateCustody),
                        Timeless(&CheckUpdateCustody)),
        list_due_(adapter, Name("ListDue"),
                  With<v1::ListDueResponse, v1::ListDueRequest>(store, &referral::ListDue)),
        set_priority_factors_(adapter, Name("SetPriorityFactors"),
                              With(store, &referral::SetPriorityFactors)),
        record_monitoring_(adapter, Name("RecordMonitoring"),
                           With(store, &referral::RecordMonitoring), &CheckMonitoring),
        set_worker_skills_(adapter, Name("SetWorkerSkills"),
                           With(store, &referral::SetWorkerSkills)),
        list_waiting_(
            adapter, Name("ListWaiting"),
            With<v1::ListWaitingResponse, v1::ListWaitingRequest>(store, &referral::ListWaiting)),
        recommend_worker_(adapter, Name("RecommendWorker"),
                          With(store, &referral::RecommendWorker)),
        list_workload_(adapter, Name("ListWorkload"), With(store, &referral::ListWorkload)) {}

  ServerUnaryReactor* CreateCallBack(CallbackServerContext* context,
                                     const v1::CreateCallBackRequest* request,
                                     v1::CreateCallBackResponse* response) override {
    return create_callback_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetCallBack(CallbackServerContext* context,
                                  const v1::GetCallBackRequest* request,
                                  v1::GetCallBackResponse* response) override {
    return get_callback_.Serve(context, request, response);
  }
  ServerUnaryReactor* CloseCallBack(CallbackServerContext* context,
                                    const v1::CloseCallBackRequest* request,
                                    v1::CloseCallBackResponse* response) override {
    return close_callback_.Serve(context, request, response);
  }
  ServerUnaryReactor* RecordCustody(CallbackServerContext* context,
                                    const v1::RecordCustodyRequest* request,
                                    v1::RecordCustodyResponse* response) override {
    return record_custody_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetCustody(CallbackServerContext* context,
                                 const v1::GetCustodyRequest* request,
                                 v1::GetCustodyResponse* response) override {
    return get_custody_.Serve(context, request, response);
  }
  ServerUnaryReactor* UpdateCustody(CallbackServerContext* context,
                                    const v1::UpdateCustodyRequest* request,
                                    v1::UpdateCustodyResponse* response) override {
    return update_custody_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListDue(CallbackServerContext* context, const v1::ListDueRequest* request,
                              v1::ListDueResponse* response) override {
    return list_due_.Serve(context, request, response);
  }
  ServerUnaryReactor* SetPriorityFactors(CallbackServerContext* context,
                                         const v1::SetPriorityFactorsRequest* request,
                                         v1::SetPriorityFactorsResponse* response) override {
    return set_priority_factors_.Serve(context, request, response);
  }
  ServerUnaryReactor* RecordMonitoring(CallbackServerContext* context,
                                       const v1::RecordMonitoringRequest* request,
                                       v1::RecordMonitoringResponse* response) override {
    return record_monitoring_.Serve(context, request, response);
  }
  ServerUnaryReactor* SetWorkerSkills(CallbackServerContext* context,
                                      const v1::SetWorkerSkillsRequest* request,
                                      v1::SetWorkerSkillsResponse* response) override {
    return set_worker_skills_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListWaiting(CallbackServerContext* context,
                                  const v1::ListWaitingRequest* request,
                                  v1::ListWaitingResponse* response) override {
    return list_waiting_.Serve(context, request, response);
  }
  ServerUnaryReactor* RecommendWorker(CallbackServerContext* context,
                                      const v1::RecommendWorkerRequest* request,
                                      v1::RecommendWorkerResponse* response) override {
    return recommend_worker_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListWorkload(CallbackServerContext* context,
                                   const v1::ListWorkloadRequest* request,
                                   v1::ListWorkloadResponse* response) override {
    return list_workload_.Serve(context, request, response);
  }

 private:
  rpc::WriteMethod<v1::CreateCallBackRequest, v1::CreateCallBackResponse> create_callback_;
  rpc::ReadMethod<v1::GetCallBackRequest, v1::GetCallBackResponse> get_callback_;
  rpc::WriteMethod<v1::CloseCallBackRequest, v1::CloseCallBackResponse> close_callback_;
  rpc::WriteMethod<v1::RecordCustodyRequest, v1::RecordCustodyResponse> record_custody_;
  rpc::ReadMethod<v1::GetCustodyRequest, v1::GetCustodyResponse> get_custody_;
  rpc::WriteMethod<v1::UpdateCustodyRequest, v1::UpdateCustodyResponse> update_custody_;
  rpc::ReadMethod<v1::ListDueRequest, v1::ListDueResponse> list_due_;
  rpc::WriteMethod<v1::SetPriorityFactorsRequest, v1::SetPriorityFactorsResponse>
      set_priority_factors_;
  rpc::WriteMethod<v1::RecordMonitoringRequest, v1::RecordMonitoringResponse> record_monitoring_;
  rpc::WriteMethod<v1::SetWorkerSkillsRequest, v1::SetWorkerSkillsResponse> set_worker_skills_;
  rpc::ReadMethod<v1::ListWaitingRequest, v1::ListWaitingResponse> list_waiting_;
  rpc::ReadMethod<v1::RecommendWorkerRequest, v1::RecommendWorkerResponse> recommend_worker_;
  rpc::ReadMethod<v1::ListWorkloadRequest, v1::ListWorkloadResponse> list_workload_;
};

// Concerns and joint work.
class JointService : public WaitingService {
 public:
  JointService(const ReferralStore& store, const policy::PolicySet& policies, rpc::Adapter& adapter)
      : WaitingService(store, policies, adapter),
        raise_concern_(adapter, Name("RaiseConcern"), With(store, &referral::RaiseConcern),
                       Timeless(&CheckRaiseConcern)),
        get_concern_(adapter, Name("GetConcern"), With(store, &referral::GetConcern)),
        list_concerns_(adapter, Name("ListConcerns"),
                       With<v1::ListConcernsResponse, v1::ListConcernsRequest>(
                           store, &referral::ListConcerns)),
        request_joint_work_(adapter, Name("RequestJointWork"),
                            With(store, &referral::RequestJointWork)),
        respond_to_joint_work_(adapter, Name("RespondToJointWork"),
                               With(store, &referral::RespondToJointWork)),
        get_joint_work_(adapter, Name("GetJointWork"), With(store, &referral::GetJointWork)),
        choose_on_delay_(adapter, Name("ChooseOnDelay"), With(store, &referral::ChooseOnDelay)) {}

  ServerUnaryReactor* RaiseConcern(CallbackServerContext* context,
                                   const v1::RaiseConcernRequest* request,
                                   v1::RaiseConcernResponse* response) override {
    return raise_concern_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetConcern(CallbackServerContext* context,
                                 const v1::GetConcernRequest* request,
                                 v1::GetConcernResponse* response) override {
    return get_concern_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListConcerns(CallbackServerContext* context,
                                   const v1::ListConcernsRequest* request,
                                   v1::ListConcernsResponse* response) override {
    return list_concerns_.Serve(context, request, response);
  }
  ServerUnaryReactor* RequestJointWork(CallbackServerContext* context,
                                       const v1::RequestJointWorkRequest* request,
                                       v1::RequestJointWorkResponse* response) override {
    return request_joint_work_.Serve(context, request, response);
  }
  ServerUnaryReactor* RespondToJointWork(CallbackServerContext* context,
                                         const v1::RespondToJointWorkRequest* request,
                                         v1::RespondToJointWorkResponse* response) override {
    return respond_to_joint_work_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetJointWork(CallbackServerContext* context,
                                   const v1::GetJointWorkRequest* request,
                                   v1::GetJointWorkResponse* response) override {
    return get_joint_work_.Serve(context, request, response);
  }
  ServerUnaryReactor* ChooseOnDelay(CallbackServerContext* context,
                                    const v1::ChooseOnDelayRequest* request,
                                    v1::ChooseOnDelayResponse* response) override {
    return choose_on_delay_.Serve(context, request, response);
  }

 private:
  rpc::WriteMethod<v1::RaiseConcernRequest, v1::RaiseConcernResponse> raise_concern_;
  rpc::ReadMethod<v1::GetConcernRequest, v1::GetConcernResponse> get_concern_;
  rpc::ReadMethod<v1::ListConcernsRequest, v1::ListConcernsResponse> list_concerns_;
  rpc::WriteMethod<v1::RequestJointWorkRequest, v1::RequestJointWorkResponse> request_joint_work_;
  rpc::WriteMethod<v1::RespondToJointWorkRequest, v1::RespondToJointWorkResponse>
      respond_to_joint_work_;
  rpc::ReadMethod<v1::GetJointWorkRequest, v1::GetJointWorkResponse> get_joint_work_;
  rpc::WriteMethod<v1::ChooseOnDelayRequest, v1::ChooseOnDelayResponse> choose_on_delay_;
};

class ReferralService final : public JointService {
 public:
  ReferralService(const ReferralStore& store, const policy::PolicySet& policies,
                  rpc::Adapter& adapter)
      : JointService(store, policies, adapter),
        check_(adapter, Name("CheckReferral"), &referral::CheckReferral,
               &CheckDetailsOf<v1::CheckReferralRequest>),
        open_(adapter, Name("OpenReferral"), With(store, &referral::OpenReferral),
              &CheckDetailsOf<v1::OpenReferralRequest>),
        get_(adapter, Name("GetReferral"), With(store, &referral::GetReferral)),
        list_(adapter, Name("ListReferrals"),
              With<v1::ListReferralsResponse, v1::ListReferralsRequest>(store,
                                                                        &referral::ListReferrals)),
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
        route_(adapter, Name("RouteContact"), With(store, &referral::RouteContact),
               &CheckRouteContact),
        check_residence_(adapter, Name("CheckOrdinaryResidence"), &referral::CheckOrdinaryResidence,
                         Timeless(&CheckResidenceOf)),
        decide_review_(adapter, Name("DecideReview"), With(store, &referral::DecideReview),
                       Timeless(&CheckReviewOf<v1::DecideReviewRequest>)),
        check_transfer_(adapter, Name("CheckTransfer"), With(store, &referral::CheckTransfer)),
        check_support_(adapter, Name("CheckLongTermSupport"),
                       With(store, &referral::CheckLongTermSupport)),
        set_team_(adapter, Name("SetTeam"), &referral::SetTeam),
        get_team_(adapter, Name("GetTeam"), &referral::GetTeam),
        list_teams_(adapter, Name("ListTeams"), &referral::ListTeams),
        recommend_team_(adapter, Name("RecommendTeam"), With(store, &referral::RecommendTeam)),
        request_review_(adapter, Name("RequestReview"), With(store, &referral::RequestReview),
                        Timeless(&CheckRequestReview)),
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
                                                  const policy::PolicySet& policies,
                                                  rpc::Adapter& adapter) {
  if (store.development_index()) log::Line(log::Level::kWarning, "development_index_key");
  return std::make_unique<ReferralService>(store, policies, adapter);
}

absl::StatusOr<std::unique_ptr<policy::PolicySet>> LoadPolicies(const std::string& folder) {
  return policy::PolicySet::Load(
      folder, v1::ReferralPolicy::default_instance(), [](const google::protobuf::Message& content) {
        return CheckPolicy(static_cast<const v1::ReferralPolicy&>(content));
      });
}

}  // namespace asc::referral
