// The house rules as a test of the source tree. What fails says how to mend it.

#include <gtest/gtest.h>

#include <sstream>

#include "tests/tidy/case_rules.h"
#include "tests/tidy/house_rules.h"

namespace asc::tidy {
namespace {

const SourceTree& Tree() {
  // Tests run with the source tree as working folder.
  static const SourceTree tree = ReadSourceTree(".");
  return tree;
}

std::string Join(const Findings& findings) {
  std::ostringstream text;
  for (const std::string& finding : findings) text << "\n  " << finding;
  return text.str();
}

void ExpectNone(const Findings& findings) {
  EXPECT_TRUE(findings.empty()) << findings.size() << " findings:" << Join(findings);
}

TEST(SourceTreeOfTheProject, IsTheWholeTree) {
  for (const char* const path : {"CMakeLists.txt", "protos/README.md", "tests/tidy/tidy_test.cc"}) {
    EXPECT_EQ(Tree().count(path), 1u) << path << ": run the test from the root of the project";
  }
}

TEST(Tidy, LinesAreShort) { ExpectNone(LongLines(Tree())); }
TEST(Tidy, FunctionsAreShort) { ExpectNone(LongFunctions(Tree())); }
TEST(Tidy, MainsAreShort) { ExpectNone(LongMains(Tree())); }
TEST(Tidy, HeadersIncludeNoStubs) { ExpectNone(StubsInHeaders(Tree())); }
TEST(Tidy, PlatformKnowsNoDomain) { ExpectNone(DomainWordsInPlatform(Tree())); }
TEST(Tidy, CodeNamesNoCouncil) { ExpectNone(CouncilNamesInCode(Tree())); }
TEST(Tidy, TheKitStandsAlone) { ExpectNone(ForeignIncludesInKit(Tree())); }
TEST(Tidy, FlagsAreExplained) { ExpectNone(UnexplainedFlags(Tree())); }
TEST(Tidy, NoNotesToSelf) { ExpectNone(NotesToSelf(Tree())); }
TEST(Tidy, EveryFileIsBuilt) { ExpectNone(FilesOutsideCMake(Tree())); }
TEST(Tidy, NoMachinePaths) { ExpectNone(MachinePaths(Tree())); }
TEST(Tidy, CaseIdsAreUnique) { ExpectNone(RepeatedCaseIds(Tree())); }
TEST(Tidy, EveryMustHasACaseId) { ExpectNone(SentencesWithoutCaseId(Tree())); }
TEST(Tidy, CasesMatchTheContracts) { ExpectNone(UnmatchedCases(Tree())); }
TEST(Tidy, CasesAreCatalogued) { ExpectNone(UncataloguedCases(Tree())); }
TEST(Tidy, NotYetServedIsTrue) { ExpectNone(StaleNotYetServed(Tree())); }

}  // namespace
}  // namespace asc::tidy
