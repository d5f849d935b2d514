#include "platform/rpc/formats.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstring>
#include <regex>
#include <set>

#include "platform/rpc/telephones.h"

namespace asc::rpc {
namespace {

using asc::type::v1::Format;

bool Digit(char c) { return c >= '0' && c <= '9'; }

bool AllDigits(const std::string& text) { return std::all_of(text.begin(), text.end(), Digit); }

bool VisibleAscii(const std::string& text, std::size_t shortest, std::size_t longest) {
  return text.size() >= shortest && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool IsAuthority(const std::string& text) {
  if (text.size() < 2 || text.size() > 32 || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || Digit(c) || c == '-'; });
}

bool IsDate(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const int i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!Digit(text[static_cast<std::size_t>(i)])) return false;
  }
  const int year = std::stoi(text.substr(0, 4));
  const int month = std::stoi(text.substr(5, 2));
  const int day = std::stoi(text.substr(8, 2));
  if (year < 1850 || year > 2199 || month < 1 || month > 12 || day < 1) return false;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool IsNhsNumber(const std::string& text) {
  // Zeros pass the arithmetic and belong to nobody.
  if (text.size() != 10 || !AllDigits(text) || text == "0000000000") return false;
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (text[static_cast<std::size_t>(i)] - '0') * (10 - i);
  const int check = (11 - sum % 11) % 11;
  return check != 10 && check == text[9] - '0';
}

// HMRC manual NIM39110.
bool IsNationalInsuranceNumber(const std::string& text) {
  if (text.size() != 9 || !AllDigits(text.substr(2, 6))) return false;
  if (text[8] < 'A' || text[8] > 'D') return false;
  const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!letter(text[0]) || !letter(text[1])) return false;
  if (std::strchr("DFIQUV", text[0]) || std::strchr("DFIOQUV", text[1])) return false;
  static const std::set<std::string> kNeverGiven = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"};
  return !kNeverGiven.contains(text.substr(0, 2));
}

// BS 7666. The text is short (at most 8 characters), so the expression cannot run away.
bool IsPostcode(const std::string& text) {
  static const std::regex kShape(
      "(GIR 0AA|(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}"
      "|[A-PR-UWYZ][0-9][A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY])"
      " [0-9][ABD-HJLNP-UW-Z]{2})");
  return text.size() <= 8 && std::regex_match(text, kShape);
}

bool IsEmail(const std::string& text) {
  const auto at = text.find('@');
  if (at == std::string::npos || at == 0 || text.find('@', at + 1) != std::string::npos) {
    return false;
  }
  const std::string domain = text.substr(at + 1);
  const auto dot = domain.find('.');
  if (dot == std::string::npos || dot == 0 || domain.back() == '.') return false;
  if (text.size() > 254 || domain.find("..") != std::string::npos) return false;
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return c <= ' ' || c == 0x7f || c == ','; });
}

bool IsUprn(const std::string& text) {
  return text.size() <= 12 && AllDigits(text) && text.find_first_not_of('0') != std::string::npos;
}

bool IsPolicyHash(const std::string& text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return Digit(c) || (c >= 'a' && c <= 'f');
         });
}

bool IsEtag(const std::string& text) {
  return text.size() >= 3 && text.size() <= 64 && text.front() == '"' && text.back() == '"' &&
         VisibleAscii(text, 3, 64);
}

}  // namespace

const char* FormatFault(Format format, const std::string& text) {
  switch (format) {
    case asc::type::v1::FORMAT_ID:
      return VisibleAscii(text, 1, 128) ? nullptr
                                        : "must be 1 to 128 visible ASCII characters, no spaces";
    case asc::type::v1::FORMAT_AUTHORITY:
      return IsAuthority(text)
                 ? nullptr
                 : "must be an authority's short code: 2 to 32 of a-z, 0-9 and hyphen";
    case asc::type::v1::FORMAT_REQUEST_ID:
      return VisibleAscii(text, 8, 64)
                 ? nullptr
                 : "must be 8 to 64 visible ASCII characters; a new UUID is best";
    case asc::type::v1::FORMAT_DATE:
      return IsDate(text) ? nullptr : "must be a real date written YYYY-MM-DD";
    case asc::type::v1::FORMAT_POSTCODE:
      return IsPostcode(text)
                 ? nullptr
                 : "must be a UK postcode in capitals with one space, such as AB10 1XG";
    case asc::type::v1::FORMAT_NHS_NUMBER:
      return IsNhsNumber(text) ? nullptr
                               : "must be an NHS number: 10 digits with a valid check digit";
    case asc::type::v1::FORMAT_NATIONAL_INSURANCE_NUMBER:
      return IsNationalInsuranceNumber(text)
                 ? nullptr
                 : "must be a National Insurance number: 2 letters, 6 digits, 1 letter A to D";
    case asc::type::v1::FORMAT_EMAIL:
      return IsEmail(text) ? nullptr : "must be an e-mail address, such as name@example.org";
    case asc::type::v1::FORMAT_TELEPHONE:
      return IsTelephone(text) ? nullptr
                               : "must be a telephone number that can be dialled from here";
    case asc::type::v1::FORMAT_TEXT_NUMBER:
      return IsTextNumber(text) ? nullptr : "must be a number that takes text messages";
    case asc::type::v1::FORMAT_UPRN:
      return IsUprn(text) ? nullptr : "must be 1 to 12 digits, not all of them zero";
    case asc::type::v1::FORMAT_POLICY_HASH:
      return IsPolicyHash(text) ? nullptr : "must be 64 hexadecimal digits in lower case";
    case asc::type::v1::FORMAT_ETAG:
      return IsEtag(text) ? nullptr : "must be an etag as it was given out, quotes included";
    default:
      return nullptr;
  }
}

}  // namespace asc::rpc
