#include "platform/rpc/telephones.h"

#include <phonenumbers/phonenumberutil.h>
#include <phonenumbers/shortnumberinfo.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace asc::rpc {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;
using i18n::phonenumbers::ShortNumberInfo;

constexpr char kRegion[] = "GB";
constexpr int kCountry = 44;
// The longest of ITU-T E.164, and room for how people write it.
constexpr std::size_t kCharactersMax = 32;
constexpr int kDigitsMin = 3;
constexpr int kDigitsMax = 15;
// Short codes for text messages begin with these; dialled short numbers with 1 or 9.
constexpr char kTextCodes[] = "678";
constexpr std::uint64_t kTextCodeMin = 10000;

bool Digit(char c) { return c >= '0' && c <= '9'; }

// Digits, and the marks people group them with; nothing that could name an extension.
bool IsWritten(const std::string& text) {
  if (text.size() > kCharactersMax) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' ? i != 0 : !Digit(text[i]) && !std::strchr(" ()-", text[i])) return false;
  }
  const auto digits = std::count_if(text.begin(), text.end(), Digit);
  return digits >= kDigitsMin && digits <= kDigitsMax;
}

bool Parse(const std::string& text, PhoneNumber& number) {
  return IsWritten(text) && PhoneNumberUtil::GetInstance()->Parse(text, kRegion, &number) ==
                                PhoneNumberUtil::NO_PARSING_ERROR;
}

bool IsLong(const PhoneNumber& number) {
  const auto length = PhoneNumberUtil::GetInstance()->IsPossibleNumberWithReason(number);
  if (length != PhoneNumberUtil::IS_POSSIBLE) return false;
  // What follows the 0 of a national number is never another 0.
  return number.country_code() != kCountry || !number.italian_leading_zero();
}

bool IsShort(const std::string& text, const PhoneNumber& number) {
  // Short numbers belong to their country and cannot be dialled into it.
  if (text.find('+') != std::string::npos) return false;
  static const ShortNumberInfo kShortNumbers;
  return kShortNumbers.IsValidShortNumberForRegion(number, kRegion);
}

bool IsTextCode(const PhoneNumber& number) {
  const std::string digits = std::to_string(number.national_number());
  return number.national_number() >= kTextCodeMin && std::strchr(kTextCodes, digits[0]) != nullptr;
}

}  // namespace

bool IsTelephone(const std::string& text) {
  PhoneNumber number;
  if (!Parse(text, number)) return false;
  return IsLong(number) || (IsShort(text, number) && !IsTextCode(number));
}

bool IsTextNumber(const std::string& text) {
  PhoneNumber number;
  if (!Parse(text, number)) return false;
  return IsLong(number) || (IsShort(text, number) && IsTextCode(number));
}

}  // namespace asc::rpc
