// What happens to a call before its method runs: small stages in one visible list, each a function
// that can be tested alone. A stage that returns an error ends the call with it.

#ifndef ASC_PLATFORM_RPC_STAGES_H_
#define ASC_PLATFORM_RPC_STAGES_H_

#include <chrono>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/string_ref.h"
#include "platform/rpc/adapter.h"
#include "platform/rpc/call.h"
#include "platform/rpc/method_info.h"

namespace asc::rpc {

// A caller who gave no deadline gets this one.
inline constexpr std::chrono::seconds kDeadlineDefault{10};
// Nobody waits longer for one answer; later deadlines are cut to it.
inline constexpr std::chrono::seconds kDeadlineMax{30};
// What a correlation id may have at most; longer ones are replaced.
inline constexpr std::size_t kCorrelationIdMax = 64;

using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

// A call on its way through the stages.
struct Incoming {
  const MethodInfo& method;
  const ErasedCheck& check;
  const Metadata& metadata;
  // As the caller gave it; time_point::max() when he gave none.
  std::chrono::system_clock::time_point deadline;
  const google::protobuf::Message& request;
  Call& call;
};

// What the stages stand on.
struct Ground {
  const AdapterOptions& options;
  const policy::PolicySet* policies;
};

using Stage = absl::Status (*)(const Ground&, Incoming&);

// Caps the deadline; DEADLINE_EXCEEDED when it has passed.
absl::Status SetDeadline(const Ground& ground, Incoming& incoming);
// Takes or makes the correlation id.
absl::Status Correlate(const Ground& ground, Incoming& incoming);
// UNAUTHENTICATED: who calls cannot be told. PERMISSION_DENIED: they may not call this method.
absl::Status EstablishCaller(const Ground& ground, Incoming& incoming);
// PERMISSION_DENIED: the caller may not act for this authority. A malformed one is left to
// CheckRequest, so that it is named beside the other faults.
absl::Status CheckAuthority(const Ground& ground, Incoming& incoming);
// NOT_FOUND: the authority has no policy here. FAILED_PRECONDITION: unknown policy_hash.
absl::Status PinPolicy(const Ground& ground, Incoming& incoming);
// INVALID_ARGUMENT naming every field that breaks its options or the method's own check.
absl::Status CheckRequest(const Ground& ground, Incoming& incoming);

inline constexpr Stage kStages[] = {SetDeadline,    Correlate, EstablishCaller,
                                    CheckAuthority, PinPolicy, CheckRequest};

// Runs the list.
absl::Status RunStages(const Ground& ground, Incoming& incoming);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_STAGES_H_
