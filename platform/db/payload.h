// The envelope around the stored bytes of a record, so that encryption comes without a migration.

#ifndef ASC_PLATFORM_DB_PAYLOAD_H_
#define ASC_PLATFORM_DB_PAYLOAD_H_

#include <string>

#include "absl/status/statusor.h"
#include "platform/db/value.h"

namespace asc::db::payload {

// The way the content is written; the first byte of an envelope. A number is never used again.
enum class Codec : unsigned char { kPlain = 1 };

// The envelope of a serialised message: codec byte, length of the key id, key id, content. Today
// every envelope is plain and its key id empty.
Bytes Seal(const std::string& message);

// The message inside. DATA_LOSS: the envelope is cut or its codec is not known to this program.
absl::StatusOr<std::string> Open(const std::string& envelope);

}  // namespace asc::db::payload

#endif  // ASC_PLATFORM_DB_PAYLOAD_H_
