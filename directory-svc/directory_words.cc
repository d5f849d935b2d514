#include "directory-svc/directory_words.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"

namespace asc::directory {
namespace {

// U+00C0 to U+017F, three places each: the letters without accents, padded with spaces; "   " is
// no letter.
constexpr char kLatin[] =
    // U+00C0
    "a  a  a  a  a  a  ae c  e  e  e  e  i  i  i  i  "
    "d  n  o  o  o  o  o     o  u  u  u  u  y  th ss "
    "a  a  a  a  a  a  ae c  e  e  e  e  i  i  i  i  "
    "d  n  o  o  o  o  o     o  u  u  u  u  y  th y  "
    // U+0100
    "a  a  a  a  a  a  c  c  c  c  c  c  c  c  d  d  "
    "d  d  e  e  e  e  e  e  e  e  e  e  g  g  g  g  "
    "g  g  g  g  h  h  h  h  i  i  i  i  i  i  i  i  "
    "i  i  ij ij j  j  k  k  k  l  l  l  l  l  l  l  "
    "l  l  l  n  n  n  n  n  n  n  n  n  o  o  o  o  "
    "o  o  oe oe r  r  r  r  r  r  s  s  s  s  s  s  "
    "s  s  t  t  t  t  t  t  u  u  u  u  u  u  u  u  "
    "u  u  u  u  w  w  y  y  y  z  z  z  z  z  z  s  ";
static_assert(sizeof(kLatin) == (0x180 - 0xC0) * 3 + 1);

// The next code point of UTF-8; a broken byte is 0, which divides words.
char32_t Next(const std::string& text, std::size_t& at) {
  const auto byte = [&text](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t first = byte(at);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (length == 1 || at + length > text.size()) {
    ++at;
    return length == 1 ? first : 0;
  }
  char32_t point = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) point = (point << 6U) | (byte(at + i) & 0x3FU);
  at += length;
  return point;
}

bool IsApostrophe(char32_t point) { return point == U'\'' || point == 0x2019 || point == 0x2018; }

// Combining accents, which follow the letter they belong to.
bool IsCombining(char32_t point) { return point >= 0x300 && point < 0x370; }

// Adds what `point`, `raw` in UTF-8, is in a folded word; false when it divides words.
bool Fold(char32_t point, const std::string& raw, std::string& word) {
  if (point < 0x80) {
    const auto letter = static_cast<unsigned char>(point);
    if (!absl::ascii_isalnum(letter)) return false;
    word.push_back(absl::ascii_tolower(letter));
    return true;
  }
  if (point >= 0xC0 && point < 0x180) {
    const std::string folded(kLatin + (point - 0xC0) * 3, 3);
    if (folded == "   ") return false;
    word += folded.substr(0, folded.find(' '));
    return true;
  }
  // Latin-1 signs and general punctuation divide words; what is left are other scripts.
  if (point < 0xC0 || (point >= 0x2000 && point < 0x2070)) return false;
  word += raw;
  return true;
}

}  // namespace

std::vector<std::string> WordsOf(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t point = Next(text, at);
    if (IsApostrophe(point) || IsCombining(point)) continue;
    if (Fold(point, text.substr(begin, at - begin), word) || word.empty()) continue;
    words.push_back(std::move(word));
    word.clear();
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::string Folded(const std::string& text) { return absl::StrJoin(WordsOf(text), " "); }

}  // namespace asc::directory
