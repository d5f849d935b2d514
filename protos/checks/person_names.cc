#include "protos/checks/person_names.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace asc::checks {
namespace {

// The tables come with the library. Without them people would not be found again, and nobody would
// be told.
template <class Table>
Table* Required(Table* table, UErrorCode error) {
  if (U_FAILURE(error) || table == nullptr) std::abort();
  return table;
}

const icu::Normalizer2& CaseFolding() {
  UErrorCode error = U_ZERO_ERROR;
  static const icu::Normalizer2* const kFolding =
      Required(icu::Normalizer2::getNFKCCasefoldInstance(error), error);
  return *kFolding;
}

const icu::Transliterator& PlainLatin() {
  UErrorCode error = U_ZERO_ERROR;
  static const icu::Transliterator* const kPlain = Required(
      icu::Transliterator::createInstance("NFD; Latin-ASCII; NFC", UTRANS_FORWARD, error), error);
  return *kPlain;
}

bool IsAscii(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isascii(static_cast<unsigned char>(c)); });
}

// What the long way comes to, for most names.
std::string AsciiKey(const std::string& name) {
  std::string key;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) key.push_back(absl::ascii_tolower(byte));
  }
  return key;
}

// A mark that may stand on the letters of any script, and is part of none, is only an accent.
bool TellsNamesApart(UChar32 c) {
  if (u_isalnum(c)) return true;
  const bool mark = (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
  return mark && u_getIntPropertyValue(c, UCHAR_SCRIPT) != USCRIPT_INHERITED;
}

}  // namespace

std::string NameKey(const std::string& name) {
  if (IsAscii(name)) return AsciiKey(name);
  UErrorCode error = U_ZERO_ERROR;
  icu::UnicodeString folded = CaseFolding().normalize(icu::UnicodeString::fromUTF8(name), error);
  if (U_FAILURE(error)) std::abort();
  PlainLatin().transliterate(folded);
  icu::UnicodeString key;
  for (int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const UChar32 c = folded.char32At(i);
    if (TellsNamesApart(c)) key.append(c);
  }
  std::string text;
  key.toUTF8String(text);
  return text;
}

bool SameName(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const std::string key = NameKey(a);
  return !key.empty() && key == NameKey(b);
}

bool IsPartOfName(const std::string& a, const std::string& b) {
  const auto keys_of = [](const std::string& name) {
    std::set<std::string> keys;
    const std::vector<std::string> words = absl::StrSplit(name, ' ', absl::SkipWhitespace());
    for (const std::string& word : words) {
      std::string key = NameKey(word);
      if (!key.empty()) keys.insert(std::move(key));
    }
    return keys;
  };
  const std::set<std::string> keys_a = keys_of(a);
  const std::set<std::string> keys_b = keys_of(b);
  if (keys_a.empty() || keys_b.empty()) return false;
  return std::includes(keys_a.begin(), keys_a.end(), keys_b.begin(), keys_b.end()) ||
         std::includes(keys_b.begin(), keys_b.end(), keys_a.begin(), keys_a.end());
}

}  // namespace asc::checks
