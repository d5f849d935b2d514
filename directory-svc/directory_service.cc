#include "directory-svc/directory_service.h"

#include <set>

#include "absl/time/time.h"
#include "asc/directory/v1/directory.grpc.pb.h"
#include "directory-svc/advice_methods.h"
#include "directory-svc/directory_checks.h"
#include "directory-svc/directory_methods.h"
#include "directory-svc/directory_policy.h"
#include "platform/rpc/method.h"
#include "platform/status/macros.h"

namespace asc::directory {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

std::string Name(const char* method) {
  return std::string("asc.directory.v1.DirectoryService.") + method;
}

// Gives a method of the form (directory, call, request) its directory.
template <class Response, class Request>
auto With(const Directory& directory,
          absl::StatusOr<Response> (*method)(const Directory&, const rpc::Call&, const Request&)) {
  return [&directory, method](const rpc::Call& call, const Request& request) {
    return method(directory, call, request);
  };
}

// Gives a method that writes without reading the form of all that write.
template <class Response, class Request>
auto Unread(const Directory& directory,
            absl::StatusOr<Response> (*method)(const Directory&, const rpc::Call&,
                                               const Request&)) {
  return [&directory, method](const rpc::Call& call, const Request& request, db::Reader&) {
    return method(directory, call, request);
  };
}

class DirectoryService final : public v1::DirectoryService::CallbackService {
 public:
  DirectoryService(const Directory& directory, rpc::Adapter& adapter)
      : search_(adapter, Name("SearchServices"), With(directory, &directory::SearchServices),
                &CheckSearch),
        get_(adapter, Name("GetService"), With(directory, &directory::GetService)),
        list_(adapter, Name("ListServices"), With(directory, &directory::ListServices)),
        check_access_(adapter, Name("CheckAccess"), &directory::CheckAccess, &CheckAccessFacts),
        guidance_(adapter, Name("ListGuidance"), &directory::ListGuidance),
        record_(adapter, Name("RecordAdviceGiven"),
                Unread(directory, &directory::RecordAdviceGiven), &CheckAdviceGiven),
        get_advice_(adapter, Name("GetAdvice"), &directory::GetAdvice),
        list_advice_(adapter, Name("ListAdvice"), &ListAdvicePage),
        follow_up_(adapter, Name("RecordFollowUp"), &directory::RecordFollowUp, &CheckFollowUp),
        reschedule_(adapter, Name("RescheduleFollowUp"), &directory::RescheduleFollowUp),
        due_(adapter, Name("ListDue"), &directory::ListDue) {}

  ServerUnaryReactor* SearchServices(CallbackServerContext* context,
                                     const v1::SearchServicesRequest* request,
                                     v1::SearchServicesResponse* response) override {
    return search_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetService(CallbackServerContext* context,
                                 const v1::GetServiceRequest* request,
                                 v1::GetServiceResponse* response) override {
    return get_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListServices(CallbackServerContext* context,
                                   const v1::ListServicesRequest* request,
                                   v1::ListServicesResponse* response) override {
    return list_.Serve(context, request, response);
  }
  ServerUnaryReactor* CheckAccess(CallbackServerContext* context,
                                  const v1::CheckAccessRequest* request,
                                  v1::CheckAccessResponse* response) override {
    return check_access_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListGuidance(CallbackServerContext* context,
                                   const v1::ListGuidanceRequest* request,
                                   v1::ListGuidanceResponse* response) override {
    return guidance_.Serve(context, request, response);
  }
  ServerUnaryReactor* RecordAdviceGiven(CallbackServerContext* context,
                                        const v1::RecordAdviceGivenRequest* request,
                                        v1::RecordAdviceGivenResponse* response) override {
    return record_.Serve(context, request, response);
  }
  ServerUnaryReactor* GetAdvice(CallbackServerContext* context, const v1::GetAdviceRequest* request,
                                v1::GetAdviceResponse* response) override {
    return get_advice_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListAdvice(CallbackServerContext* context,
                                 const v1::ListAdviceRequest* request,
                                 v1::ListAdviceResponse* response) override {
    return list_advice_.Serve(context, request, response);
  }
  ServerUnaryReactor* RecordFollowUp(CallbackServerContext* context,
                                     const v1::RecordFollowUpRequest* request,
                                     v1::RecordFollowUpResponse* response) override {
    return follow_up_.Serve(context, request, response);
  }
  ServerUnaryReactor* RescheduleFollowUp(CallbackServerContext* context,
                                         const v1::RescheduleFollowUpRequest* request,
                                         v1::RescheduleFollowUpResponse* response) override {
    return reschedule_.Serve(context, request, response);
  }
  ServerUnaryReactor* ListDue(CallbackServerContext* context, const v1::ListDueRequest* request,
                              v1::ListDueResponse* response) override {
    return due_.Serve(context, request, response);
  }

 private:
  rpc::PureMethod<v1::SearchServicesRequest, v1::SearchServicesResponse> search_;
  rpc::PureMethod<v1::GetServiceRequest, v1::GetServiceResponse> get_;
  rpc::PureMethod<v1::ListServicesRequest, v1::ListServicesResponse> list_;
  rpc::PureMethod<v1::CheckAccessRequest, v1::CheckAccessResponse> check_access_;
  rpc::PureMethod<v1::ListGuidanceRequest, v1::ListGuidanceResponse> guidance_;
  rpc::WriteMethod<v1::RecordAdviceGivenRequest, v1::RecordAdviceGivenResponse> record_;
  rpc::ReadMethod<v1::GetAdviceRequest, v1::GetAdviceResponse> get_advice_;
  rpc::ReadMethod<v1::ListAdviceRequest, v1::ListAdviceResponse> list_advice_;
  rpc::WriteMethod<v1::RecordFollowUpRequest, v1::RecordFollowUpResponse> follow_up_;
  rpc::WriteMethod<v1::RescheduleFollowUpRequest, v1::RescheduleFollowUpResponse> reschedule_;
  rpc::ReadMethod<v1::ListDueRequest, v1::ListDueResponse> due_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewDirectoryService(const Directory& directory,
                                                   rpc::Adapter& adapter) {
  return std::make_unique<DirectoryService>(directory, adapter);
}

absl::StatusOr<std::unique_ptr<policy::PolicySet>> LoadPolicies(const std::string& folder) {
  return policy::PolicySet::Load(
      folder, v1::DirectoryPolicy::default_instance(),
      [](const google::protobuf::Message& content) {
        return CheckPolicy(static_cast<const v1::DirectoryPolicy&>(content));
      });
}

absl::StatusOr<std::unique_ptr<Directory>> LoadDirectory(const std::string& folder,
                                                         const policy::PolicySet& policies) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone("Europe/London", &zone)) {
    return absl::FailedPreconditionError("the time zone Europe/London is not installed");
  }
  ASC_TRY_ASSIGN(Entries entries, LoadEntries(folder));
  std::set<std::string> authorities;
  for (const auto& version : policies.Versions()) {
    authorities.insert(version.authority());
    ASC_TRY_ASSIGN(const auto policy, policies.Find(version.authority()));
    ASC_TRY(CheckAgainstPolicy(entries, static_cast<const v1::DirectoryPolicy&>(*policy->content)));
  }
  for (const Entry& entry : entries.entries) {
    for (const std::string& authority : entry.shown_by) {
      if (authorities.contains(authority)) continue;
      return absl::InvalidArgumentError(entry.service.service_id() +
                                        ": shown by an authority without a policy: " + authority);
    }
  }
  return std::make_unique<Directory>(std::move(entries));
}

}  // namespace asc::directory
