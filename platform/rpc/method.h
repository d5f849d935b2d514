// Binds a plain function to an RPC. A handler is one line:
//
//   class Service final : public v1::CounterService::CallbackService {
//     grpc::ServerUnaryReactor* GetCounter(grpc::CallbackServerContext* context,
//                                           const v1::GetCounterRequest* request,
//                                           v1::GetCounterResponse* response) override {
//       return get_.Serve(context, request, response);
//     }
//     rpc::ReadMethod<v1::GetCounterRequest, v1::GetCounterResponse> get_;
//   };
//
// with get_(adapter, "asc.counter.v1.CounterService.GetCounter", &GetCounter). Everything
// around the function (deadline, limits, caller, authority, validation, idempotency, read, write,
// event, status, metrics, log) happens in the adapter's stages: platform/rpc/stages.h lists them.

#ifndef ASC_PLATFORM_RPC_METHOD_H_
#define ASC_PLATFORM_RPC_METHOD_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/db/database.h"
#include "platform/rpc/adapter.h"
#include "platform/rpc/call.h"
#include "platform/rpc/errors.h"

namespace asc::rpc {

// A method's own check of its request, beyond the field options. Pure; adds what it finds.
template <class Request>
using CheckOf = std::function<void(const Call&, const Request&, Violations&)>;

// Decides from the request and the policy alone; runs where the call arrives. Must be quick.
template <class Request, class Response>
class PureMethod {
 public:
  using Function = std::function<absl::StatusOr<Response>(const Call&, const Request&)>;
  PureMethod(Adapter& adapter, const std::string& name, Function function,
             CheckOf<Request> check = nullptr)
      : binding_(adapter.Bind(
            name, MethodForm::kPure, EraseCheck<Request>(std::move(check)),
            [function = std::move(function)](
                const Call& call, const google::protobuf::Message& request, db::Reader*,
                google::protobuf::Message& response, ErasedResult&) -> absl::Status {
              auto answer = function(call, static_cast<const Request&>(request));
              if (!answer.ok()) return std::move(answer).status();
              static_cast<Response&>(response) = *std::move(answer);
              return absl::OkStatus();
            })) {}
  grpc::ServerUnaryReactor* Serve(grpc::CallbackServerContext* context, const Request* request,
                                  Response* response) {
    return binding_->Serve(context, request, response);
  }

 private:
  Binding* binding_;
};

// Reads and answers; writes nothing.
template <class Request, class Response>
class ReadMethod {
 public:
  using Function =
      std::function<absl::StatusOr<Response>(const Call&, const Request&, db::Reader&)>;
  ReadMethod(Adapter& adapter, const std::string& name, Function function,
             CheckOf<Request> check = nullptr)
      : binding_(adapter.Bind(
            name, MethodForm::kRead, EraseCheck<Request>(std::move(check)),
            [function = std::move(function)](
                const Call& call, const google::protobuf::Message& request, db::Reader* reader,
                google::protobuf::Message& response, ErasedResult&) -> absl::Status {
              auto answer = function(call, static_cast<const Request&>(request), *reader);
              if (!answer.ok()) return std::move(answer).status();
              static_cast<Response&>(response) = *std::move(answer);
              return absl::OkStatus();
            })) {}
  grpc::ServerUnaryReactor* Serve(grpc::CallbackServerContext* context, const Request* request,
                                  Response* response) {
    return binding_->Serve(context, request, response);
  }

 private:
  Binding* binding_;
};

// Reads, decides, and returns what to write. May be run again, so it must depend on nothing but its
// arguments. Its request has a `request_id`; a repeat gets the first answer.
template <class Request, class Response>
class WriteMethod {
 public:
  using Function =
      std::function<absl::StatusOr<Result<Response>>(const Call&, const Request&, db::Reader&)>;
  WriteMethod(Adapter& adapter, const std::string& name, Function function,
              CheckOf<Request> check = nullptr)
      : binding_(adapter.Bind(
            name, MethodForm::kWrite, EraseCheck<Request>(std::move(check)),
            [function = std::move(function)](
                const Call& call, const google::protobuf::Message& request, db::Reader* reader,
                google::protobuf::Message& response, ErasedResult& erased) -> absl::Status {
              auto result = function(call, static_cast<const Request&>(request), *reader);
              if (!result.ok()) return std::move(result).status();
              static_cast<Response&>(response) = std::move(result->response);
              erased.writes = std::move(result->writes);
              return absl::OkStatus();
            })) {}

  // After the writes are on disk, or a repeat's stored answer was found, `then` decides when and
  // with what the call is answered. It runs on a lane's or a pool's thread and must not block.
  using Then = std::function<void(const Call&, const Request&, const Response& recorded,
                                  std::function<void(absl::StatusOr<Response>)> answer)>;
  void SetThen(Then then) {
    binding_->SetThen([then = std::move(then)](const Call& call,
                                               const google::protobuf::Message& request,
                                               google::protobuf::Message& response,
                                               std::function<void(absl::Status)> finish) {
      auto& typed = static_cast<Response&>(response);
      then(call, static_cast<const Request&>(request), typed,
           [&typed, finish = std::move(finish)](absl::StatusOr<Response> answer) {
             if (answer.ok()) typed = *std::move(answer);
             finish(answer.status());
           });
    });
  }

  grpc::ServerUnaryReactor* Serve(grpc::CallbackServerContext* context, const Request* request,
                                  Response* response) {
    return binding_->Serve(context, request, response);
  }

 private:
  Binding* binding_;
};

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_METHOD_H_
