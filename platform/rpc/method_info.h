// What the adapter has to know about a method, read once from its descriptor.

#ifndef ASC_PLATFORM_RPC_METHOD_INFO_H_
#define ASC_PLATFORM_RPC_METHOD_INFO_H_

#include <string>

#include "absl/status/statusor.h"
#include "asc/type/v1/options.pb.h"
#include "google/protobuf/descriptor.h"
#include "platform/rpc/validation.h"

namespace asc::rpc {

enum class MethodForm { kPure, kRead, kWrite };

struct MethodInfo {
  // "asc.counter.v1.CounterService.GetCounter" without its first segments is enough for people,
  // the whole is what metrics and log carry.
  std::string name;
  MethodForm form = MethodForm::kPure;
  asc::type::v1::MethodRules rules;
  const google::protobuf::Descriptor* request = nullptr;
  // Fields every contract spells alike; null where the request has none.
  const google::protobuf::FieldDescriptor* authority = nullptr;
  const google::protobuf::FieldDescriptor* request_id = nullptr;
  const google::protobuf::FieldDescriptor* policy_hash = nullptr;
  const google::protobuf::FieldDescriptor* validate_only = nullptr;
  Validator validator;
};

// NOT_FOUND: no such method is linked in. FAILED_PRECONDITION: the contract lacks what its form
// needs: an access rule, or, on a writing method, `authority` and `request_id`.
absl::StatusOr<MethodInfo> InspectMethod(const std::string& full_name, MethodForm form);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_METHOD_INFO_H_
