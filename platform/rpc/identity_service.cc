#include "platform/rpc/identity_service.h"

#include <utility>

#include "asc/identity/v1/identity.grpc.pb.h"
#include "platform/rpc/method.h"

namespace asc::rpc {
namespace {

namespace v1 = asc::identity::v1;

class IdentityService final : public v1::IdentityService::CallbackService {
 public:
  IdentityService(Adapter& adapter, v1::GetIdentityResponse answer)
      : get_(adapter, "asc.identity.v1.IdentityService.GetIdentity",
             [answer = std::move(answer)](const Call&, const v1::GetIdentityRequest&)
                 -> absl::StatusOr<v1::GetIdentityResponse> { return answer; }) {}

  grpc::ServerUnaryReactor* GetIdentity(grpc::CallbackServerContext* context,
                                        const v1::GetIdentityRequest* request,
                                        v1::GetIdentityResponse* response) override {
    return get_.Serve(context, request, response);
  }

 private:
  PureMethod<v1::GetIdentityRequest, v1::GetIdentityResponse> get_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewIdentityService(Adapter& adapter, const std::string& name,
                                                  const std::vector<std::string>& services,
                                                  const std::vector<std::string>& abilities,
                                                  const policy::PolicySet* policies) {
  v1::GetIdentityResponse answer;
  answer.set_name(name);
  answer.set_build(__VERSION__);
  answer.set_contract_version(kContractVersion);
  for (const auto& service : services) answer.add_services(service);
  for (const auto& ability : abilities) answer.add_abilities(ability);
  if (policies != nullptr) {
    for (const auto& version : policies->Versions()) *answer.add_policies() = version;
  }
  return std::make_unique<IdentityService>(adapter, std::move(answer));
}

}  // namespace asc::rpc
