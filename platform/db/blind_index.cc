#include "platform/db/blind_index.h"

#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace asc::db {
namespace {

constexpr std::size_t kKeyBytesMin = 32;
// Half of the digest: a collision among 10^9 identifiers has a chance below 10^-20.
constexpr std::size_t kIndexBytes = 16;

struct FreeMac {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Mac = std::unique_ptr<EVP_MAC_CTX, FreeMac>;

// HMAC-SHA256 with its key in place. Finding the algorithm and setting the key cost ten times the
// digest itself, so contexts are kept and copied.
Mac MacWithKey(const std::string& key) {
  static EVP_MAC* const kHmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0),
                                   OSSL_PARAM_construct_end()};
  Mac context(EVP_MAC_CTX_new(kHmac));
  // Only a broken installation of the library fails here; a wrong index would lose records.
  if (context == nullptr ||
      EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                   parameters) != 1) {
    std::abort();
  }
  return context;
}

std::string Digest(const EVP_MAC_CTX* keyed, const std::string& message) {
  const Mac context(EVP_MAC_CTX_dup(keyed));
  unsigned char digest[EVP_MAX_MD_SIZE];
  std::size_t length = 0;
  if (context == nullptr ||
      EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(message.data()),
                     message.size()) != 1 ||
      EVP_MAC_final(context.get(), digest, &length, sizeof digest) != 1) {
    std::abort();
  }
  return std::string(reinterpret_cast<const char*>(digest), length);
}

}  // namespace

// One keyed context per authority. There are some hundred authorities, so none is ever dropped.
struct BlindIndex::Keys {
  explicit Keys(const std::string& key) : root(MacWithKey(key)) {}

  const EVP_MAC_CTX* Of(const std::string& authority) {
    const std::lock_guard lock(mutex);
    Mac& mac = by_authority[authority];
    if (mac == nullptr) {
      mac = MacWithKey(Digest(root.get(), absl::StrCat("blind index 1 ", authority)));
    }
    return mac.get();
  }

  const Mac root;
  std::mutex mutex;
  std::map<std::string, Mac> by_authority;
};

BlindIndex::BlindIndex(const std::string& key, bool development)
    : keys_(std::make_shared<Keys>(key)), development_(development) {}

absl::StatusOr<BlindIndex> BlindIndex::FromKey(const std::string& key) {
  if (key.size() < kKeyBytesMin) {
    return absl::InvalidArgumentError(
        absl::StrCat("blind index key: at least ", kKeyBytesMin, " bytes"));
  }
  return BlindIndex(key, false);
}

absl::StatusOr<BlindIndex> BlindIndex::FromFile(const std::string& file, bool development) {
  if (file.empty() && development) return Development();
  if (file.empty()) return absl::InvalidArgumentError("index_key: required outside development");
  std::ifstream stream(file, std::ios::binary);
  std::string key((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (!stream) return absl::InvalidArgumentError(absl::StrCat("index_key: cannot read ", file));
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  return FromKey(key);
}

BlindIndex BlindIndex::Development() {
  return BlindIndex("development key, known to everybody: not for live data", true);
}

std::string BlindIndex::Of(const std::string& authority, const std::string& column,
                           const std::string& value) const {
  std::string message = column;
  message.push_back('\0');  // So that ("ab", "c") and ("a", "bc") differ.
  message.append(NormaliseIdentifier(value));
  return absl::BytesToHexString(Digest(keys_->Of(authority), message).substr(0, kIndexBytes));
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
