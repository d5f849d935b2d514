#include "platform/db/payload.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

namespace asc::db::payload {
namespace {
constexpr std::size_t kHeadBytes = 2;
}  // namespace

Bytes Seal(const std::string& message) {
  Bytes envelope;
  envelope.data.reserve(kHeadBytes + message.size());
  envelope.data.push_back(static_cast<char>(Codec::kPlain));
  envelope.data.push_back('\0');
  envelope.data.append(message);
  return envelope;
}

absl::StatusOr<std::string> Open(const std::string& envelope) {
  if (envelope.size() < kHeadBytes) return absl::DataLossError("payload: the envelope is cut");
  const auto codec = static_cast<unsigned char>(envelope[0]);
  if (codec != static_cast<unsigned char>(Codec::kPlain)) {
    return absl::DataLossError(absl::StrCat("payload: unknown codec ", codec));
  }
  const std::size_t key_id_bytes = static_cast<unsigned char>(envelope[1]);
  if (envelope.size() < kHeadBytes + key_id_bytes) {
    return absl::DataLossError("payload: the envelope is cut");
  }
  return envelope.substr(kHeadBytes + key_id_bytes);
}

}  // namespace asc::db::payload
