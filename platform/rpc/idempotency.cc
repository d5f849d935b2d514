#include "platform/rpc/idempotency.h"

#include <openssl/sha.h>

#include <utility>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "platform/rpc/errors.h"
#include "platform/status/macros.h"

namespace asc::rpc {

std::string RequestHash(const std::string& method, const google::protobuf::Message& request) {
  std::string bytes;
  bytes.reserve(method.size() + 1 + request.ByteSizeLong());
  bytes.append(method).push_back('\0');
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeWithCachedSizes(&coded);
  }
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

db::WriteSet RecordAnswer(const std::string& authority, const std::string& request_id,
                          const std::string& method, const std::string& request_hash,
                          std::string answer, absl::Time now) {
  db::WriteSet set;
  set.Insert(
      "INSERT INTO idempotency (authority, request_id, method, request_hash, answer, answered_at)"
      " VALUES (?, ?, ?, ?, ?, ?)",
      {authority, request_id, method, db::Bytes{request_hash}, db::Bytes{std::move(answer)},
       absl::ToUnixMicros(now)});
  return set;
}

absl::StatusOr<std::optional<std::string>> FindAnswer(db::Reader& reader,
                                                      const std::string& authority,
                                                      const std::string& request_id,
                                                      const std::string& request_hash) {
  ASC_TRY_ASSIGN(const auto row, reader.QueryOne("SELECT request_hash, answer FROM idempotency"
                                                 " WHERE authority = ? AND request_id = ?",
                                                 {authority, request_id}));
  if (!row.has_value()) return std::optional<std::string>();
  if (row->Text(0) != request_hash) return RequestIdReused();
  return std::optional<std::string>(row->Text(1));
}

}  // namespace asc::rpc
