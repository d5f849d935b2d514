// Every rule is shown a tree that breaks it and one that keeps it.

#include "tests/tidy/house_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace asc::tidy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::string Repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(LongLinesRule, CountsCharactersNotBytes) {
  EXPECT_THAT(LongLines({{"a.cc", std::string(101, 'x') + "\n"}}),
              ElementsAre(StartsWith("a.cc:1: 101 characters")));
  EXPECT_THAT(LongLines({{"a.cc", Repeat("é", 100) + "\n"}}), IsEmpty());
  EXPECT_THAT(LongLines({{"a.md", std::string(200, 'x')}}), IsEmpty());
}

TEST(LongLinesRule, LetsOptionsOfProtosRunOver) {
  const std::string option = "  string a = 1 [(asc.type.v1.field) = {" + std::string(90, 'x');
  EXPECT_THAT(LongLines({{"a.proto", option}}), IsEmpty());
  EXPECT_THAT(LongLines({{"a.proto", "// " + std::string(100, 'x')}}),
              ElementsAre(StartsWith("a.proto:1: ")));
}

TEST(LongFunctionsRule, FindsFunctionsAndMethodsWithTheirSignature) {
  const std::string body = Repeat("  work();\n", 70);
  EXPECT_THAT(LongFunctions({{"a.cc", "int F(int a,\n      int b) {\n" + body + "}\n"}}),
              ElementsAre(StartsWith("a.cc:1: a function of 73 lines")));
  EXPECT_THAT(LongFunctions({{"a.h", "template <class A>\nvoid F(A a) {\n" + body + "}\n"}}),
              ElementsAre(StartsWith("a.h:2: a function of 72 lines")));
  EXPECT_THAT(LongFunctions({{"a.h", "class A {\n public:\n  void F() {\n" + body + "  }\n};\n"}}),
              ElementsAre(StartsWith("a.h:3: a function of 72 lines")));
  EXPECT_THAT(LongFunctions({{"a.cc", "TEST(A, B) {\n" + Repeat("  work();\n", 68) + "}\n"}}),
              IsEmpty());
}

TEST(LongFunctionsRule, LeavesNamespacesClassesAndTablesAlone) {
  const std::string body = Repeat("  int a;\n", 100);
  for (const char* const opening :
       {"namespace a {\n", "class A final : public B {\n", "constexpr int kTable[] = {\n",
        "enum class E {\n", "template <class A>\nstruct B {\n"}) {
    EXPECT_THAT(LongFunctions({{"a.cc", opening + body + "}\n"}}), IsEmpty()) << opening;
  }
}

TEST(LongMainsRule, AllowsSixtyLines) {
  EXPECT_THAT(LongMains({{"a-svc/main.cc", Repeat("x\n", 61)}}),
              ElementsAre(StartsWith("a-svc/main.cc: 61 lines")));
  EXPECT_THAT(LongMains({{"a-svc/main.cc", Repeat("x\n", 60)}}), IsEmpty());
}

TEST(StubsInHeadersRule, AllowsThemInSources) {
  const std::string include = "#include \"asc/a/v1/a.grpc.pb.h\"\n";
  EXPECT_THAT(StubsInHeaders({{"a.h", include}}), ElementsAre(StartsWith("a.h:1: ")));
  EXPECT_THAT(StubsInHeaders({{"a.cc", include}}), IsEmpty());
}

TEST(DomainWordsRule, LooksAtPlatformOnlyWhateverTheCase) {
  EXPECT_THAT(DomainWordsInPlatform({{"platform/README.md", "x\nReferrals\n"}}),
              ElementsAre(StartsWith("platform/README.md:2: 'referral'")));
  EXPECT_THAT(DomainWordsInPlatform({{"gateway/a.cc", "referral"}}), IsEmpty());
}

TEST(CouncilNamesRule, AllowsThemInDataAndTests) {
  EXPECT_THAT(CouncilNamesInCode({{"a/a.cc", "if (a == \"Milton-Keynes\")"}}),
              ElementsAre(StartsWith("a/a.cc:1: 'milton-keynes'")));
  EXPECT_THAT(CouncilNamesInCode({{"scripts/demo", "wakefield"}}),
              ElementsAre(StartsWith("scripts/demo:1: ")));
  EXPECT_THAT(CouncilNamesInCode({{"a/policy/wakefield.textproto", "wakefield"},
                                  {"a/a_rules_test.cc", "wakefield"},
                                  {"a/testing/b.h", "wakefield"}}),
              IsEmpty());
}

TEST(KitIncludesRule, AllowsContractsAndItself) {
  EXPECT_THAT(ForeignIncludesInKit({{"tests/conformance/a.cc", "#include \"platform/db/a.h\"\n"}}),
              ElementsAre(StartsWith("tests/conformance/a.cc:1: platform/db/a.h")));
  EXPECT_THAT(ForeignIncludesInKit({{"tests/conformance/a_cases.cc", "#include \"absl/a.h\"\n"}}),
              ElementsAre(StartsWith("tests/conformance/a_cases.cc:1: ")));
  EXPECT_THAT(
      ForeignIncludesInKit({{"tests/conformance/main.cc", "#include \"absl/flags/flag.h\"\n"},
                            {"tests/conformance/a_cases.cc",
                             "#include <gtest/gtest.h>\n#include \"asc/a/v1/a.grpc.pb.h\"\n"
                             "#include \"tests/conformance/subject.h\"\n"}}),
      IsEmpty());
}

TEST(FlagsRule, WantsTheWholeNameInTheReadme) {
  const std::string main = "ABSL_FLAG(std::string, listen, \"\", \"\");\n";
  EXPECT_THAT(UnexplainedFlags({{"a/main.cc", main}}),
              ElementsAre(StartsWith("a/main.cc: --listen")));
  EXPECT_THAT(UnexplainedFlags({{"a/main.cc", main}, {"a/README.md", "`--listening`"}}),
              ElementsAre(StartsWith("a/main.cc: --listen")));
  EXPECT_THAT(UnexplainedFlags({{"a/main.cc", main}, {"a/README.md", "`--listen=host`"}}),
              IsEmpty());
}

TEST(NotesRule, FindsBothWords) {
  EXPECT_THAT(NotesToSelf({{"a.cc", "// TODO: later\n"}, {"b.cc", "x\n// FIXME\n"}}),
              ElementsAre(StartsWith("a.cc:1: "), StartsWith("b.cc:2: ")));
  EXPECT_THAT(NotesToSelf({{"a.cc", "kTODOS\n"}}), IsEmpty());
}

TEST(FilesRule, LooksInTheFolderAndAbove) {
  EXPECT_THAT(FilesOutsideCMake({{"a/b.cc", ""}, {"a/CMakeLists.txt", "SRCS c.cc"}}),
              ElementsAre(StartsWith("a/b.cc: in no CMakeLists.txt")));
  EXPECT_THAT(FilesOutsideCMake(
                  {{"a/schema/0001_b.sql", ""}, {"a/CMakeLists.txt", "SCHEMA schema/0001_b.sql"}}),
              IsEmpty());
}

TEST(MachinePathsRule, FindsThemEverywhere) {
  EXPECT_THAT(MachinePaths({{"a.md", "see /work/notes\n"}}), ElementsAre(StartsWith("a.md:1: ")));
  EXPECT_THAT(MachinePaths({{"a.cc", "x\n// as ../shared/a says\n"}}),
              ElementsAre(StartsWith("a.cc:2: ")));
  EXPECT_THAT(MachinePaths({{"a.cc", "// joint/work/plan, asc.library_x\n"}}), IsEmpty());
}

}  // namespace
}  // namespace asc::tidy
