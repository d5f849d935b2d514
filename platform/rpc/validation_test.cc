// The shapes of fields, one good value and its spoiled neighbours each.

#include <gtest/gtest.h>

#include "platform/rpc/errors.h"
#include "platform/rpc/formats.h"

namespace asc::rpc {
namespace {

using asc::type::v1::Format;

struct Case {
  Format format;
  const char* good;
  std::vector<const char*> bad;
};

class FormatTest : public ::testing::TestWithParam<Case> {};

TEST_P(FormatTest, TakesTheGoodAndNamesTheBad) {
  EXPECT_EQ(FormatFault(GetParam().format, GetParam().good), nullptr) << GetParam().good;
  for (const char* bad : GetParam().bad) {
    EXPECT_NE(FormatFault(GetParam().format, bad), nullptr) << bad;
  }
}

// Whoever follows the example of a message must not be refused again.
TEST(FormatFault, GivesExamplesThatItTakes) {
  const auto& formats = *asc::type::v1::Format_descriptor();
  const std::string such_as = "such as ";
  int examples = 0;
  for (int i = 0; i < formats.value_count(); ++i) {
    const auto format = static_cast<Format>(formats.value(i)->number());
    const char* fault = FormatFault(format, "?");
    const std::string text = fault == nullptr ? "" : fault;
    const auto at = text.find(such_as);
    if (at == std::string::npos) continue;
    ++examples;
    EXPECT_EQ(FormatFault(format, text.substr(at + such_as.size())), nullptr) << text;
  }
  EXPECT_EQ(examples, 2);
}

INSTANTIATE_TEST_SUITE_P(
    All, FormatTest,
    ::testing::Values(
        Case{asc::type::v1::FORMAT_ID, "a-1", {"", "a b", "\xc3\xa9", "a\n"}},
        Case{asc::type::v1::FORMAT_AUTHORITY, "north-east", {"n", "North", "1north", "a_b", "a "}},
        Case{asc::type::v1::FORMAT_REQUEST_ID, "12345678", {"1234567", "1234 5678"}},
        Case{asc::type::v1::FORMAT_DATE,
             "2024-02-29",
             {"2023-02-29", "2024-13-01", "2024-00-10", "2024-1-01", "1849-12-31", "2024-04-31",
              "2024/04/30"}},
        Case{asc::type::v1::FORMAT_POSTCODE,
             "S60 1AE",
             {"S601AE", "s60 1AE", "S60 1AC", "S60  1AE"}},
        Case{asc::type::v1::FORMAT_NHS_NUMBER,
             "9434765919",
             {"9434765918", "0000000000", "943476591", "943 476 5919"}},
        Case{asc::type::v1::FORMAT_NATIONAL_INSURANCE_NUMBER,
             "AB123456C",
             {"QQ123456A", "BG123456A", "AB123456E", "AB12345C", "AO123456A"}},
        Case{asc::type::v1::FORMAT_EMAIL,
             "a@b.example",
             {"a", "a@b", "@b.example", "a@@b.example", "a b@c.example", "a@b..c", "a@.b"}},
        Case{asc::type::v1::FORMAT_TELEPHONE,
             "0345 8 507 507",
             {"12", "1234567890123456", "12+34", "call me", "0000000000", "12345", "85258",
              "01709 38", "+44 1709"}},
        Case{asc::type::v1::FORMAT_TELEPHONE, "116 123", {"117 123"}},
        Case{asc::type::v1::FORMAT_TELEPHONE, "+49 30 123456", {"+49 3", "+999 30 123456"}},
        Case{asc::type::v1::FORMAT_TEXT_NUMBER, "85258", {"999", "116 123", "12345", "00000"}},
        Case{asc::type::v1::FORMAT_TEXT_NUMBER, "07700 900000", {"07700 9", "text me"}},
        Case{asc::type::v1::FORMAT_UPRN, "100012345678", {"", "1000123456789", "12a", "000"}},
        Case{asc::type::v1::FORMAT_POLICY_HASH,
             "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
             {"0123", "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"}},
        Case{asc::type::v1::FORMAT_ETAG, "\"12\"", {"12", "\"12", "\"\"", "\"1 2\""}}));

TEST(Etag, ComesBackAsItsVersion) {
  EXPECT_EQ(VersionOf(EtagOf(12)), 12);
  EXPECT_EQ(VersionOf("12"), -1);
  EXPECT_EQ(VersionOf("\"0\""), -1);
  EXPECT_EQ(VersionOf("\"x\""), -1);
}

}  // namespace
}  // namespace asc::rpc
