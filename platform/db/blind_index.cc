#include "platform/db/blind_index.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstddef>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace asc::db {
namespace {

constexpr std::size_t kKeyBytesMin = 32;
// Half of the digest: a collision among 10^9 identifiers has a chance below 10^-20.
constexpr std::size_t kIndexBytes = 16;

std::string HmacSha256(const std::string& key, const std::string& message) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  const auto* result =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest, &length);
  // Only a broken installation of the library fails here; a wrong index would lose records.
  if (result == nullptr) std::abort();
  return std::string(reinterpret_cast<const char*>(digest), length);
}

}  // namespace

absl::StatusOr<BlindIndex> BlindIndex::FromKey(std::string key) {
  if (key.size() < kKeyBytesMin) {
    return absl::InvalidArgumentError(
        absl::StrCat("blind index key: at least ", kKeyBytesMin, " bytes"));
  }
  return BlindIndex(std::move(key), false);
}

BlindIndex BlindIndex::Development() {
  return BlindIndex("development key, known to everybody: not for live data", true);
}

std::string BlindIndex::Of(const std::string& authority, const std::string& column,
                           const std::string& value) const {
  const std::string authority_key = HmacSha256(key_, absl::StrCat("blind index 1 ", authority));
  std::string message = column;
  message.push_back('\0');  // So that ("ab", "c") and ("a", "bc") differ.
  message.append(NormaliseIdentifier(value));
  return absl::BytesToHexString(HmacSha256(authority_key, message).substr(0, kIndexBytes));
}

std::string NormaliseIdentifier(const std::string& value) {
  std::string normal;
  normal.reserve(value.size());
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isspace(byte) || c == '-') continue;
    normal.push_back(absl::ascii_tolower(byte));
  }
  return normal;
}

}  // namespace asc::db
