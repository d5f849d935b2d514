#include "advocacy-svc/advocacy_service.h"

#include "advocacy-svc/advocacy_methods.h"
#include "advocacy-svc/advocacy_policy.h"
#include "advocacy-svc/need_methods.h"
#include "asc/advocacy/v1/advocacy.grpc.pb.h"
#include "platform/rpc/method.h"
#include "protos/checks/advocacy_checks.h"

namespace asc::advocacy {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

std::string Name(const char* method) {
  return std::string("asc.advocacy.v1.AdvocacyService.") + method;
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
void CheckFactsOf(const rpc::Call&, const Request& request, rpc::Violations& violations) {
  checks::CheckAdvocacyFacts(request.facts(), "facts", violations);
}

class AdvocacyService final : public v1::AdvocacyService::CallbackService {
 public:
  AdvocacyService(const Ground& ground, rpc::Adapter& adapter)
      : check_(adapter, Name("CheckAdvocacy"), &advocacy::CheckAdvocacy,
               &CheckFactsOf<v1::CheckAdvocacyRequest>),
        open_(adapter, Name("OpenAdvocacyNeed"), With(ground, &advocacy::OpenAdvocacyNeed),
              &CheckFactsOf<v1::OpenAdvocacyNeedRequest>),
        get_(adapter, Name("GetAdvocacyNeed"), With(ground, &advocacy::GetAdvocacyNeed)),
        revise_(adapter, Name("ReviseAdvocacyFacts"), With(ground, &advocacy::ReviseAdvocacyFacts),
                &CheckFactsOf<v1::ReviseAdvocacyFactsRequest>),
        place_(adapter, Name("RecordAdvocate"), With(ground, &advocacy::RecordAdvocate),
               &CheckPlacement),
        end_(adapter, Name("EndAdvocate"), With(ground, &advocacy::EndAdvocate)),
        hold_(adapter, Name("CheckHold"), With(ground, &advocacy::CheckHold)),
        guidance_(adapter, Name("ListGuidance"), &advocacy::ListGuidance) {}

  ServerUnaryReactor* CheckAdvocacy(CallbackServerContext* context,
                                    const v1::CheckAdvocacyRequest* request,
                                    v1::CheckAdvocacyResponse* response) override {
    return check_.Serve(context, request, response);
  }
  ServerUnaryReactor* OpenAdvocacyNeed(CallbackServerContext* context,
                                       const v1::OpenAdvocacyNeedRequest* request,
                                       v1::OpenAdvocacyNeedResponse* response) override {
    return open_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetAdvocacyNeed(CallbackServerContext* context,
                                      const v1::GetAdvocacyNeedRequest* request,
                                      v1::GetAdvocacyNeedResponse* response) override {
    return get_.Serve(context, request, response);
  }
  ServerUnaryReactor* ReviseAdvocacyFacts(CallbackServerContext* context,
                                          const v1::ReviseAdvocacyFactsRequest* request,
                                          v1::ReviseAdvocacyFactsResponse* response) override {
    return revise_.Serve(context, request, response);
  }
  ServerUnaryReactor* RecordAdvocate(CallbackServerContext* context,
                                     const v1::RecordAdvocateRequest* request,
                                     v1::RecordAdvocateResponse* response) override {
    return place_.Serve(context, request, response);
  }
  ServerUnaryReactor* EndAdvocate(CallbackServerContext* context,
                                  const v1::EndAdvocateRequest* request,
                                  v1::EndAdvocateResponse* response) override {
    return end_.Serve(context, request, response);
  }
  ServerUnaryReactor* CheckHold(CallbackServerContext* context, const v1::CheckHoldRequest* request,
                                v1::CheckHoldResponse* response) override {
    return hold_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListGuidance(CallbackServerContext* context,
                                   const v1::ListGuidanceRequest* request,
                                   v1::ListGuidanceResponse* response) override {
    return guidance_.Serve(context, request, response);
  }

 private:
  rpc::PureMethod<v1::CheckAdvocacyRequest, v1::CheckAdvocacyResponse> check_;
  rpc::WriteMethod<v1::OpenAdvocacyNeedRequest, v1::OpenAdvocacyNeedResponse> open_;
  rpc::ReadMethod<v1::GetAdvocacyNeedRequest, v1::GetAdvocacyNeedResponse> get_;
  rpc::WriteMethod<v1::ReviseAdvocacyFactsRequest, v1::ReviseAdvocacyFactsResponse> revise_;
  rpc::WriteMethod<v1::RecordAdvocateRequest, v1::RecordAdvocateResponse> place_;
  rpc::WriteMethod<v1::EndAdvocateRequest, v1::EndAdvocateResponse> end_;
  rpc::ReadMethod<v1::CheckHoldRequest, v1::CheckHoldResponse> hold_;
  rpc::PureMethod<v1::ListGuidanceRequest, v1::ListGuidanceResponse> guidance_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewAdvocacyService(const AdvocacyStore& store,
                                                  const policy::PolicySet& policies,
                                                  rpc::Adapter& adapter) {
  return std::make_unique<AdvocacyService>(Ground{store, policies}, adapter);
}

absl::StatusOr<std::unique_ptr<policy::PolicySet>> LoadPolicies(const std::string& folder) {
  return policy::PolicySet::Load(
      folder, v1::AdvocacyPolicy::default_instance(), [](const google::protobuf::Message& content) {
        return CheckPolicy(static_cast<const v1::AdvocacyPolicy&>(content));
      });
}

}  // namespace asc::advocacy
