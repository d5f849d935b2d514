#include "gateway/gateway_service.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "asc/gateway/v1/contact.grpc.pb.h"
#include "gateway/contact_methods.h"
#include "platform/rpc/method.h"

namespace asc::gateway {
namespace {

constexpr int kWaitDefaultMs = 2000;
// Longer than any step that goes well, and shorter than any deadline that is allowed.
constexpr int kWaitMaxMs = 20000;
// Left of the caller's deadline for the answer itself.
constexpr std::chrono::milliseconds kAnswerTime{200};

// Until when a call waits, within its deadline.
std::chrono::steady_clock::time_point WaitUntil(const rpc::Call& call, bool given, int wait_ms) {
  const int wanted = given ? std::clamp(wait_ms, 0, kWaitMaxMs) : kWaitDefaultMs;
  return std::min(std::chrono::steady_clock::now() + std::chrono::milliseconds(wanted),
                  call.deadline - kAnswerTime);
}

class Service final : public v1::ContactService::CallbackService {
 private:
  // Gives a method what it stands on.
  template <class Answer, class Request>
  auto With(Answer (*method)(const ContactGround&, const rpc::Call&, const Request&, db::Reader&)) {
    return [this, method](const rpc::Call& call, const Request& request, db::Reader& reader) {
      return method(ground_, call, request, reader);
    };
  }

 public:
  Service(ContactGround ground, rpc::Adapter& adapter)
      : ground_(ground),
        open_(adapter, "asc.gateway.v1.ContactService.OpenContact", With(&gateway::OpenContact),
              &CheckOpenContact),
        get_(adapter, "asc.gateway.v1.ContactService.GetContact", With(&gateway::GetContact)),
        list_(adapter, "asc.gateway.v1.ContactService.ListContacts", With(&gateway::ListContacts)),
        complete_(adapter, "asc.gateway.v1.ContactService.CompleteAction",
                  With(&gateway::CompleteAction), &CheckCompleteAction),
        add_facts_(adapter, "asc.gateway.v1.ContactService.AddFacts", With(&gateway::AddFacts),
                   &CheckAddFacts),
        list_due_(adapter, "asc.gateway.v1.ContactService.ListDue", With(&gateway::ListDue)) {
    AnswerWhenSettled<v1::OpenContactRequest>(open_);
    AnswerWhenSettled<v1::AddFactsRequest>(add_facts_);
    AnswerCompletion();
  }

  grpc::ServerUnaryReactor* OpenContact(grpc::CallbackServerContext* context,
                                        const v1::OpenContactRequest* request,
                                        v1::OpenContactResponse* response) override {
    return open_.Serve(context, request, response);
  }
  grpc::ServerUnaryReactor* GetContact(grpc::CallbackServerContext* context,
                                       const v1::GetContactRequest* request,
                                       v1::GetContactResponse* response) override {
    return get_.Serve(context, request, response);
  }
  grpc::ServerUnaryReactor* ListContacts(grpc::CallbackServerContext* context,
                                         const v1::ListContactsRequest* request,
                                         v1::ListContactsResponse* response) override {
    return list_.Serve(context, request, response);
  }
  grpc::ServerUnaryReactor* CompleteAction(grpc::CallbackServerContext* context,
                                           const v1::CompleteActionRequest* request,
                                           v1::CompleteActionResponse* response) override {
    return complete_.Serve(context, request, response);
  }
  grpc::ServerUnaryReactor* AddFacts(grpc::CallbackServerContext* context,
                                     const v1::AddFactsRequest* request,
                                     v1::AddFactsResponse* response) override {
    return add_facts_.Serve(context, request, response);
  }
  grpc::ServerUnaryReactor* ListDue(grpc::CallbackServerContext* context,
                                    const v1::ListDueRequest* request,
                                    v1::ListDueResponse* response) override {
    return list_due_.Serve(context, request, response);
  }

 private:
  // The contact is on disk: works on it, and gives `response` with the contact to `answer` when it
  // has settled or the wait is over.
  template <class Response>
  void AnswerLater(const v1::Contact& contact, std::chrono::steady_clock::time_point until,
                   Response response, std::function<void(absl::StatusOr<Response>)> answer) {
    const std::string authority = contact.authority();
    const std::string contact_id = contact.contact_id();
    ground_.runner.Await(authority, contact_id, until,
                         [answer = std::move(answer), response = std::move(response)](
                             absl::StatusOr<v1::Contact> settled) mutable {
                           if (!settled.ok()) return answer(std::move(settled).status());
                           *response.mutable_contact() = *std::move(settled);
                           answer(std::move(response));
                         });
    ground_.runner.Continue(authority, contact_id);
  }

  template <class Request, class Response>
  void AnswerWhenSettled(rpc::WriteMethod<Request, Response>& method) {
    method.SetThen([this](const rpc::Call& call, const Request& request, const Response& recorded,
                          std::function<void(absl::StatusOr<Response>)> answer) {
      AnswerLater(recorded.contact(), WaitUntil(call, request.has_wait_ms(), request.wait_ms()),
                  Response(), std::move(answer));
    });
  }

  // Only a completion after which a service is asked again has anything to wait for.
  void AnswerCompletion() {
    using Response = v1::CompleteActionResponse;
    complete_.SetThen([this](const rpc::Call& call, const v1::CompleteActionRequest&,
                             const Response& recorded,
                             std::function<void(absl::StatusOr<Response>)> answer) {
      if (recorded.contact().version() != 0) return answer(recorded);
      AnswerLater(recorded.contact(), WaitUntil(call, /*given=*/false, 0), recorded,
                  std::move(answer));
    });
  }

  const ContactGround ground_;
  rpc::WriteMethod<v1::OpenContactRequest, v1::OpenContactResponse> open_;
  rpc::ReadMethod<v1::GetContactRequest, v1::GetContactResponse> get_;
  rpc::ReadMethod<v1::ListContactsRequest, v1::ListContactsResponse> list_;
  rpc::WriteMethod<v1::CompleteActionRequest, v1::CompleteActionResponse> complete_;
  rpc::WriteMethod<v1::AddFactsRequest, v1::AddFactsResponse> add_facts_;
  rpc::ReadMethod<v1::ListDueRequest, v1::ListDueResponse> list_due_;
};

}  // namespace

rpc::Server::MakeService NewContactService(const JournalStore& store,
                                           const policy::PolicySet& policies,
                                           WorkflowRunner& runner) {
  return [ground = ContactGround{store, policies, runner}](rpc::Adapter& adapter) {
    return std::make_unique<Service>(ground, adapter);
  };
}

}  // namespace asc::gateway
