// A write is done once per request_id: the row that says so stands in the write's own transaction.

#ifndef ASC_PLATFORM_RPC_IDEMPOTENCY_H_
#define ASC_PLATFORM_RPC_IDEMPOTENCY_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "platform/db/database.h"

namespace asc::rpc {

// SHA-256 over the method's name and the request's deterministic bytes.
std::string RequestHash(const std::string& method, const google::protobuf::Message& request);

// The write set that records the answer; it belongs in front of the method's own statements, so
// that a repeat fails on its first statement.
db::WriteSet RecordAnswer(const std::string& authority, const std::string& request_id,
                          const std::string& method, const std::string& request_hash,
                          std::string answer, absl::Time now);

// The answer recorded for this request, or nothing when there is none yet.
// ALREADY_EXISTS (REQUEST_ID_REUSED): the id belongs to a different request.
absl::StatusOr<std::optional<std::string>> FindAnswer(db::Reader& reader,
                                                      const std::string& authority,
                                                      const std::string& request_id,
                                                      const std::string& request_hash);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_IDEMPOTENCY_H_
