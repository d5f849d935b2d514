// What a method knows about the call it answers, and what it gives back.

#ifndef ASC_PLATFORM_RPC_CALL_H_
#define ASC_PLATFORM_RPC_CALL_H_

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "asc/type/v1/decision.pb.h"
#include "platform/db/write_set.h"
#include "platform/policy/policy_files.h"

namespace asc::rpc {

// Who calls, as established by the identity stage.
struct Caller {
  std::string subject;
  // The authorities the caller may act for; "*" stands for all (development and services only).
  std::set<std::string> authorities;
  std::set<std::string> permissions;
  std::string purpose;
};

// A value: a method that is run again after a conflict gets an equal one, so it takes the same
// `now` and hands out the same ids.
class Call {
 public:
  std::shared_ptr<const Caller> caller;
  // The authority of the request; empty for methods without one.
  std::string authority;
  std::string request_id;
  // The policy this call is decided under; null where the service has none.
  std::shared_ptr<const policy::Policy> policy;
  absl::Time now;
  std::chrono::steady_clock::time_point deadline;
  // The caller's correlation id, or one made here; travels on to other services.
  std::string correlation_id;

  // The typed content of the policy.
  template <class Message>
  const Message& PolicyAs() const {
    return static_cast<const Message&>(*policy->content);
  }
  asc::type::v1::PolicyVersion PolicyVersion() const { return policy->version; }

  // The next fresh id (UUIDv7). The n-th id of a call stays the same when the method runs again.
  std::string NewId() const;
  void RewindIds() { next_id_ = 0; }

 private:
  mutable std::vector<std::string> ids_;
  mutable std::size_t next_id_ = 0;
};

// What a writing method returns: its answer, and what to write before the answer may leave.
template <class Response>
struct Result {
  Response response;
  db::WriteSet writes;
};

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_CALL_H_
