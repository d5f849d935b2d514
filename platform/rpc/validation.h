// Checks a request against the options of its own fields (asc.type.v1.field).

#ifndef ASC_PLATFORM_RPC_VALIDATION_H_
#define ASC_PLATFORM_RPC_VALIDATION_H_

#include <memory>
#include <string>
#include <utility>

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

// The same for a message that was put together from parts: each fault is named by `path`, a dot and
// its place.
template <class Whole>
void CheckWhole(const Whole& message, const std::string& path, Violations& violations) {
  static const Validator kValidator(Whole::descriptor());
  Violations found;
  kValidator.Check(message, found);
  found.Rename([&path](const std::string& field) { return path + "." + field; });
  violations.Join(std::move(found));
}

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_VALIDATION_H_
