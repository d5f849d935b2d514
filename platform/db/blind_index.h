// Lookup of personal identifiers without storing them in the clear.

#ifndef ASC_PLATFORM_DB_BLIND_INDEX_H_
#define ASC_PLATFORM_DB_BLIND_INDEX_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace asc::db {

// Turns identifiers into values for an $ID column: equal identifiers of one authority and column
// give equal values, and nothing can be learnt or matched without the key. Thread-safe.
class BlindIndex {
 public:
  // INVALID_ARGUMENT: `key` has fewer than 32 bytes.
  static absl::StatusOr<BlindIndex> FromKey(const std::string& key);

  // The key that `file` holds, line ends at its end left out. Without a file: Development() when
  // `development`, else INVALID_ARGUMENT, as when the file cannot be read.
  static absl::StatusOr<BlindIndex> FromFile(const std::string& file, bool development);

  // A fixed key that everybody knows. Whoever starts a process with it says so in the log.
  static BlindIndex Development();

  // 32 hexadecimal digits: HMAC-SHA256 of the normalised `value`, under a key derived for
  // `authority`. `column` keeps equal values in two columns apart.
  std::string Of(const std::string& authority, const std::string& column,
                 const std::string& value) const;

  bool development() const { return development_; }

 private:
  struct Keys;
  BlindIndex(const std::string& key, bool development);

  // Shared by copies.
  std::shared_ptr<Keys> keys_;
  bool development_;
};

// What makes two spellings of an identifier equal: white space and hyphens left out, ASCII letters
// in lower case. "QQ 12-34 56 c" and "qq123456C" are the same.
std::string NormaliseIdentifier(const std::string& value);

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_BLIND_INDEX_H_
