// The adapter around every method: one visible list of small stages.

#ifndef ASC_PLATFORM_RPC_ADAPTER_H_
#define ASC_PLATFORM_RPC_ADAPTER_H_

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "platform/db/database.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/call.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/method_info.h"

namespace asc::rpc {

// What a method produced, without its types.
struct ErasedResult {
  db::WriteSet writes;
};

using ErasedFunction = std::function<absl::Status(
    const Call&, const google::protobuf::Message& request, db::Reader* reader,
    google::protobuf::Message& response, ErasedResult& result)>;
using ErasedCheck =
    std::function<void(const Call&, const google::protobuf::Message& request, Violations&)>;
using ErasedThen = std::function<void(const Call&, const google::protobuf::Message& request,
                                      google::protobuf::Message& response,
                                      std::function<void(absl::Status)> finish)>;

template <class Request>
ErasedCheck EraseCheck(std::function<void(const Call&, const Request&, Violations&)> check) {
  if (!check) return nullptr;
  return [check = std::move(check)](const Call& call, const google::protobuf::Message& request,
                                    Violations& violations) {
    check(call, static_cast<const Request&>(request), violations);
  };
}

class Metrics;

// One method, bound to its RPC.
class Binding {
 public:
  virtual ~Binding() = default;
  virtual grpc::ServerUnaryReactor* Serve(grpc::CallbackServerContext* context,
                                          const google::protobuf::Message* request,
                                          google::protobuf::Message* response) = 0;
  virtual void SetThen(ErasedThen then) = 0;
};

struct AdapterOptions {
  // The seam for bearer tokens and client certificates: tells who calls from the call's metadata.
  std::function<absl::StatusOr<std::shared_ptr<const Caller>>(
      const std::multimap<grpc::string_ref, grpc::string_ref>& metadata)>
      identify;
  // Accept callers who say who they are in metadata (asc-subject, asc-authorities, asc-permissions,
  // asc-purpose), and callers who say nothing as "developer" with every permission. Only ever by an
  // explicit flag; without it every call that is not PUBLIC is refused until a verifier is set.
  bool development_identity = false;
  // Threads that run reading and writing methods. Reads never wait behind writes.
  int read_threads = 4;
  int write_threads = 2;
  // Calls that may wait for a thread, per pool; past it RESOURCE_EXHAUSTED at once.
  int queue_max = 1024;
  // Time, replaceable by tests.
  std::function<absl::Time()> now = [] { return absl::Now(); };
};

// Owns the pools and bindings of one server. Outlives the gRPC server that uses it.
class Adapter {
 public:
  // `database` may be null for a server of pure methods; `policies` for one without policies.
  Adapter(db::Database* database, const policy::PolicySet* policies, AdapterOptions options);
  ~Adapter();

  // Binds the method with this full name ("asc.counter.v1.CounterService.GetCounter"). Its
  // descriptor must be linked in; a missing one, or a writing method without `request_id`, ends the
  // process at start with a message.
  Binding* Bind(const std::string& name, MethodForm form, ErasedCheck check,
                ErasedFunction function);

  // For streams: runs the stages of the method with this full name on a stream's request.
  absl::Status Admit(const std::string& name, grpc::CallbackServerContext& context,
                     const google::protobuf::Message& request, Call& call);
  // For streams: runs `task` on the reading pool; false when its queue is full.
  bool RunRead(std::function<void()> task);
  // Called after every write that was committed through this adapter; must be quick.
  void SetAfterCommit(std::function<void()> after_commit);
  Metrics& metrics();
  // The full names of the services whose methods are bound.
  std::vector<std::string> Services() const;
  db::Database* database() const;

  // Waits until every accepted call is answered.
  void Drain();

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_ADAPTER_H_
