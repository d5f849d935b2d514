#include "platform/db/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace asc::db {
namespace {

// The length of the well-formed sequence at `at`, or 0.
std::size_t SequenceLength(const unsigned char* at, std::size_t left) {
  const unsigned char lead = at[0];
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) length = 2;
  if (lead >= 0xe0 && lead <= 0xef) length = 3;
  if (lead >= 0xf0 && lead <= 0xf4) length = 4;
  if (lead == 0xe0) low = 0xa0;   // Overlong below.
  if (lead == 0xed) high = 0x9f;  // Surrogates above.
  if (lead == 0xf0) low = 0x90;   // Overlong below.
  if (lead == 0xf4) high = 0x8f;  // Beyond U+10FFFF above.
  if (length == 0 || left < length) return 0;
  if (at[1] < low || at[1] > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((at[i] & 0xc0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

bool IsUtf8(const std::string& text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t left = text.size();
  while (left > 0) {
    // Most text is ASCII: eight bytes at a time.
    if (left >= 8) {
      std::uint64_t chunk = 0;
      std::memcpy(&chunk, at, 8);
      if ((chunk & 0x8080808080808080u) == 0) {
        at += 8;
        left -= 8;
        continue;
      }
    }
    const std::size_t length = SequenceLength(at, left);
    if (length == 0) return false;
    at += length;
    left -= length;
  }
  return true;
}

bool AllTextIsUtf8(const std::vector<Value>& values) {
  for (const Value& value : values) {
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr && !IsUtf8(*text)) return false;
  }
  return true;
}

}  // namespace asc::db
