#include "funding-svc/funding_service.h"

#include "asc/funding/v1/funding.grpc.pb.h"
#include "funding-svc/funding_methods.h"
#include "funding-svc/funding_policy.h"
#include "platform/rpc/method.h"
#include "protos/checks/funding_checks.h"

namespace asc::funding {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

std::string Name(const char* method) {
  return std::string("asc.funding.v1.FundingService.") + method;
}

// Gives a method of the form (ground, call, request, reader) its ground.
template <class Response, class Request>
auto With(const Ground& ground, absl::StatusOr<Response> (*method)(const Ground&, const rpc::Call&,
                                                                   const Request&, db::Reader&)) {
  return [ground, method](const rpc::Call& call, const Request& request, db::Reader& reader) {
    return method(ground, call, request, reader);
  };
}

template <class Request>
void CheckContentOf(const rpc::Call&, const Request& request, rpc::Violations& violations) {
  checks::CheckContent(request.content(), "content", violations);
}

template <class Request>
void CheckDecisionOf(const rpc::Call&, const Request& request, rpc::Violations& violations) {
  checks::CheckItems(request.decision().items(), "decision.items", violations);
}

template <class Request>
void CheckFactsOf(const rpc::Call&, const Request& request, rpc::Violations& violations) {
  checks::CheckItems(request.facts().items(), "facts.items", violations);
}

class FundingService final : public v1::FundingService::CallbackService {
 public:
  FundingService(const Ground& ground, rpc::Adapter& adapter)
      : check_urgent_(adapter, Name("CheckUrgentSupport"), &funding::CheckUrgentSupport),
        open_(adapter, Name("OpenFundingRequest"), With(ground, &funding::OpenFundingRequest),
              &CheckContentOf<v1::OpenFundingRequestRequest>),
        get_(adapter, Name("GetFundingRequest"), With(ground, &funding::GetFundingRequest)),
        revise_(adapter, Name("ReviseFundingRequest"), With(ground, &funding::ReviseFundingRequest),
                &CheckContentOf<v1::ReviseFundingRequestRequest>),
        submit_(adapter, Name("SubmitFundingRequest"),
                With(ground, &funding::SubmitFundingRequest)),
        check_decision_(adapter, Name("CheckFundingDecision"),
                        With(ground, &funding::CheckFundingDecision),
                        &CheckDecisionOf<v1::CheckFundingDecisionRequest>),
        decide_(adapter, Name("DecideFunding"), With(ground, &funding::DecideFunding),
                &CheckDecisionOf<v1::DecideFundingRequest>),
        check_charging_(adapter, Name("CheckCharging"), &funding::CheckCharging,
                        &CheckFactsOf<v1::CheckChargingRequest>),
        guidance_(adapter, Name("ListGuidance"), &funding::ListGuidance) {}

  ServerUnaryReactor* CheckUrgentSupport(CallbackServerContext* context,
                                         const v1::CheckUrgentSupportRequest* request,
                                         v1::CheckUrgentSupportResponse* response) override {
    return check_urgent_.Serve(context, request, response);
  }
  ServerUnaryReactor* OpenFundingRequest(CallbackServerContext* context,
                                         const v1::OpenFundingRequestRequest* request,
                                         v1::OpenFundingRequestResponse* response) override {
    return open_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetFundingRequest(CallbackServerContext* context,
                                        const v1::GetFundingRequestRequest* request,
                                        v1::GetFundingRequestResponse* response) override {
    return get_.Serve(context, request, response);
  }
  ServerUnaryReactor* ReviseFundingRequest(CallbackServerContext* context,
                                           const v1::ReviseFundingRequestRequest* request,
                                           v1::ReviseFundingRequestResponse* response) override {
    return revise_.Serve(context, request, response);
  }
  ServerUnaryReactor* SubmitFundingRequest(CallbackServerContext* context,
                                           const v1::SubmitFundingRequestRequest* request,
                                           v1::SubmitFundingRequestResponse* response) override {
    return submit_.Serve(context, request, response);
  }
  ServerUnaryReactor* CheckFundingDecision(CallbackServerContext* context,
                                           const v1::CheckFundingDecisionRequest* request,
                                           v1::CheckFundingDecisionResponse* response) override {
    return check_decision_.Serve(context, request, response);
  }
  ServerUnaryReactor* DecideFunding(CallbackServerContext* context,
                                    const v1::DecideFundingRequest* request,
                                    v1::DecideFundingResponse* response) override {
    return decide_.Serve(context, request, response);
  }
  ServerUnaryReactor* CheckCharging(CallbackServerContext* context,
                                    const v1::CheckChargingRequest* request,
                                    v1::CheckChargingResponse* response) override {
    return check_charging_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListGuidance(CallbackServerContext* context,
                                   const v1::ListGuidanceRequest* request,
                                   v1::ListGuidanceResponse* response) override {
    return guidance_.Serve(context, request, response);
  }

 private:
  rpc::PureMethod<v1::CheckUrgentSupportRequest, v1::CheckUrgentSupportResponse> check_urgent_;
  rpc::WriteMethod<v1::OpenFundingRequestRequest, v1::OpenFundingRequestResponse> open_;
  rpc::ReadMethod<v1::GetFundingRequestRequest, v1::GetFundingRequestResponse> get_;
  rpc::WriteMethod<v1::ReviseFundingRequestRequest, v1::ReviseFundingRequestResponse> revise_;
  rpc::WriteMethod<v1::SubmitFundingRequestRequest, v1::SubmitFundingRequestResponse> submit_;
  rpc::ReadMethod<v1::CheckFundingDecisionRequest, v1::CheckFundingDecisionResponse>
      check_decision_;
  rpc::WriteMethod<v1::DecideFundingRequest, v1::DecideFundingResponse> decide_;
  rpc::PureMethod<v1::CheckChargingRequest, v1::CheckChargingResponse> check_charging_;
  rpc::PureMethod<v1::ListGuidanceRequest, v1::ListGuidanceResponse> guidance_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewFundingService(const FundingStore& store,
                                                 const policy::PolicySet& policies,
                                                 rpc::Adapter& adapter) {
  return std::make_unique<FundingService>(Ground{store, policies}, adapter);
}

absl::StatusOr<std::unique_ptr<policy::PolicySet>> LoadPolicies(const std::string& folder) {
  return policy::PolicySet::Load(
      folder, v1::FundingPolicy::default_instance(), [](const google::protobuf::Message& content) {
        return CheckPolicy(static_cast<const v1::FundingPolicy&>(content));
      });
}

}  // namespace asc::funding
