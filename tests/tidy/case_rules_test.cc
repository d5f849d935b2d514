// Every rule on case ids is shown a tree that breaks it and one that keeps it.

#include "tests/tidy/case_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace asc::tidy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const kContract = "protos/asc/a/v1/a.proto";
const char* const kCases = "tests/conformance/a_cases.cc";
const char* const kList = "tests/conformance/not_yet_served";
const char* const kTable = "tests/conformance/CASES.md";

SourceTree Matching() {
  return {{kContract, "// It MUST hold. [a.open.one]\n// It MUST stay\n// so. [a.open.two_more]\n"},
          {kCases, "// [a.open.one]\nTEST(AOpenOne, Holds) {}\n"},
          {kList, "# later\ncount 1\na.open.two_more  not served\n"},
          {kTable, "| `a.open.one` | sentence |\n"}};
}

Findings AllOf(const SourceTree& tree) {
  Findings all;
  for (const auto& rule : {RepeatedCaseIds, SentencesWithoutCaseId, UnmatchedCases,
                           UncataloguedCases, StaleNotYetServed}) {
    const Findings some = rule(tree);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

TEST(CaseRules, AreKeptByAMatchingTree) { EXPECT_THAT(AllOf(Matching()), IsEmpty()); }

TEST(CaseRules, FindAnIdThatStandsTwice) {
  SourceTree tree = Matching();
  tree[kContract] += "// again [a.open.one]\n";
  EXPECT_THAT(RepeatedCaseIds(tree), ElementsAre(HasSubstr("stands also at")));
}

TEST(CaseRules, FindIdsThatWouldBeOneSuite) {
  SourceTree tree = Matching();
  tree[kContract] += "// more [a.open_two.more]\n";
  EXPECT_THAT(RepeatedCaseIds(tree), ElementsAre(HasSubstr("would be one suite")));
}

TEST(CaseRules, FindAMustWithoutId) {
  SourceTree tree = Matching();
  tree[kContract] = "// It MUST hold.\nrpc A(B) returns (C);\n";
  EXPECT_THAT(SentencesWithoutCaseId(tree), ElementsAre(HasSubstr("MUST without a case id")));
}

TEST(CaseRules, FindASentenceWithoutCase) {
  SourceTree tree = Matching();
  tree[kCases] = "";
  EXPECT_THAT(UnmatchedCases(tree), ElementsAre(HasSubstr("[a.open.one] has no case")));
}

TEST(CaseRules, FindACaseWithoutSentence) {
  SourceTree tree = Matching();
  tree[kContract] = "// It MUST stay so. [a.open.two_more]\n";
  EXPECT_THAT(UnmatchedCases(tree), ElementsAre(HasSubstr("is in no contract")));
}

TEST(CaseRules, FindACaseWithoutIdAndOneWithAnotherName) {
  SourceTree tree = Matching();
  tree[kCases] += "TEST(AOpenElse, Holds) {}\n// [a.open.one]\nTEST(AOpenUno, Holds) {}\n";
  EXPECT_THAT(UnmatchedCases(tree),
              ElementsAre(HasSubstr("put its case id in a comment"),
                          HasSubstr("name the suite AOpenOne"), HasSubstr("has a case already")));
}

TEST(CaseRules, FindACaseOutsideTheCatalogueAndARowWithoutCase) {
  SourceTree tree = Matching();
  tree[kTable] = "| `a.open.other` | sentence |\n| `a.open.other` | sentence |\n";
  EXPECT_THAT(UncataloguedCases(tree), ElementsAre(HasSubstr("two rows"), HasSubstr("has no row"),
                                                   HasSubstr("has no case")));
}

TEST(CaseRules, FindAListThatIsOutOfDate) {
  SourceTree tree = Matching();
  tree[kList] = "count 1\na.open.two_more\na.gone\n";
  EXPECT_THAT(StaleNotYetServed(tree), ElementsAre(HasSubstr("a.gone covers no id")));
  tree[kList] = "count 7\na.open.two_more\n";
  EXPECT_THAT(StaleNotYetServed(tree), ElementsAre(HasSubstr("covers 1 ids")));
  tree[kList] = "count 2\na.open\n";
  EXPECT_THAT(StaleNotYetServed(tree), ElementsAre(HasSubstr("a.open.one has a case")));
}

}  // namespace
}  // namespace asc::tidy
