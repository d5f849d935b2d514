// Checks a request against the options of its own fields (asc.type.v1.field).

#ifndef ASC_PLATFORM_RPC_VALIDATION_H_
#define ASC_PLATFORM_RPC_VALIDATION_H_

#include <memory>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "platform/rpc/errors.h"

namespace asc::rpc {

// Unless a field says otherwise.
inline constexpr std::uint32_t kTextCharactersMax = 500;
inline constexpr std::uint32_t kItemsMax = 100;
inline constexpr std::uint32_t kBytesMax = 65536;

// Made once per request type at start; walking a request then costs no look-up. Thread-safe.
class Validator {
 public:
  explicit Validator(const google::protobuf::Descriptor* type);
  ~Validator();

  // Adds every fault of `request`, nested messages included, with its path.
  void Check(const google::protobuf::Message& request, Violations& violations) const;

  struct Plan;

 private:
  std::shared_ptr<const Plan> plan_;
};

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_VALIDATION_H_
