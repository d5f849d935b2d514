// The stored form of an event's attributes.

#ifndef ASC_PLATFORM_DB_EVENT_ATTRIBUTES_H_
#define ASC_PLATFORM_DB_EVENT_ATTRIBUTES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "platform/db/value.h"

namespace asc::db {

// Equal maps give equal bytes: a serialised asc.events.v1.Event that holds nothing but attributes,
// in the order of their keys.
Bytes EncodeEventAttributes(const std::map<std::string, std::string>& attributes);

// DATA_LOSS: the bytes are not what EncodeEventAttributes writes.
absl::StatusOr<std::map<std::string, std::string>> DecodeEventAttributes(const std::string& bytes);

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_EVENT_ATTRIBUTES_H_
