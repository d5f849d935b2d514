#include "protos/checks/person_names.h"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

namespace asc::checks {
namespace {

void ExpectOneName(const std::vector<std::string>& spellings) {
  for (const std::string& one : spellings) {
    EXPECT_TRUE(SameName(spellings.front(), one)) << one;
    EXPECT_EQ(NameKey(spellings.front()), NameKey(one)) << one;
  }
}

TEST(PersonNameTest, IsTheSameHoweverItWasTyped) {
  ExpectOneName({"Zoë O'Neil", "ZOË O’NEIL", "Zoe O'Neil", "Zoe\u0308 O'Neil", "zoe  oneil",
                 " Zoë O\u02BCNeil", "Zoë O`Neil", "Zoë O\u00B4Neil", "Zo\u00ADë O'Neil",
                 "ＺＯＥ Ｏ＇ＮＥＩＬ"});
  ExpectOneName(
      {"José-María López", "jose maria lopez", "JOSÉ\u2011MARÍA LÓPEZ", "Josémaría López"});
  ExpectOneName({"Łukasz Żółć", "Lukasz Zolc", "LUKASZ ŻÓŁĆ"});
  ExpectOneName({"Straße", "STRASSE", "strasse"});
  ExpectOneName({"İpek Işık", "ipek isik", "IPEK ISIK", "ipek ışık"});
  ExpectOneName({"St. John", "St John", "ST JOHN"});
  ExpectOneName({"Nguyễn", "nguyen", "NGUYÊN"});
  ExpectOneName({"\uFB01nn", "Finn"});
}

TEST(PersonNameTest, IsAnotherWhereItsLettersAre) {
  EXPECT_FALSE(SameName("Zoë O'Neil", "Zoë O'Neal"));
  EXPECT_FALSE(SameName("Marsh Edna", "Edna Marsh"));
  EXPECT_FALSE(SameName("Edna Marsh", "E. Marsh"));
  EXPECT_FALSE(SameName("Edna Marsh 1", "Edna Marsh 2"));
  EXPECT_FALSE(SameName("Edna Marsh", ""));
}

// There a mark is a letter of its own, and twins have one date of birth and one postcode.
TEST(PersonNameTest, KeepsTheMarksOfOtherScripts) {
  EXPECT_FALSE(SameName("राम", "रमा"));
  EXPECT_FALSE(SameName("Сергей", "Сергеи"));
  EXPECT_FALSE(SameName("か", "が"));
  ExpectOneName({"Сергей", "СЕРГЕЙ", "Серге\u0438\u0306"});
  ExpectOneName({"محمد", "مُحَمَّد"});
}

TEST(PersonNameTest, WithoutALetterIsNobodysKey) {
  EXPECT_EQ(NameKey(""), "");
  EXPECT_EQ(NameKey(" ?-'"), "");
  EXPECT_EQ(NameKey("’"), "");
  EXPECT_TRUE(SameName("?", "?"));
  EXPECT_FALSE(SameName("?", "-"));
}

TEST(PersonNameTest, MayBeAskedForByManyAtOnce) {
  std::vector<std::future<std::string>> keys;
  for (int i = 0; i < 8; ++i) {
    keys.push_back(std::async(std::launch::async, [] {
      std::string key;
      for (int turn = 0; turn < 200; ++turn) key = NameKey("Zoë O’Neil");
      return key;
    }));
  }
  for (auto& key : keys) EXPECT_EQ(key.get(), "zoeoneil");
}

TEST(IsPartOfNameTest, LooksAtWholeWords) {
  EXPECT_TRUE(IsPartOfName("edna", "Edna Marsh"));
  EXPECT_TRUE(IsPartOfName("Edna Marsh", "Marsh"));
  EXPECT_TRUE(IsPartOfName("Zoë Smith", "Zoe Anne Smith"));
  EXPECT_FALSE(IsPartOfName("Ed", "Edna Marsh"));
  EXPECT_FALSE(IsPartOfName("Ann Lee", "Ann Ray"));
  EXPECT_FALSE(IsPartOfName("", "Ann Ray"));
  EXPECT_FALSE(IsPartOfName("-", "Ann Ray"));
}

}  // namespace
}  // namespace asc::checks
