// The tables of mutants beside the catalogue of cases, and what a mutant does to a message.

#include "tests/mutants/mutant_table.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "asc/referral/v1/referral.pb.h"
#include "tests/mutants/spoil.h"

namespace asc::tests::mutants {
namespace {

using ::testing::HasSubstr;

const char* const kTables[] = {"every", "referral", "advocacy", "funding", "directory", "gateway"};

template <class Proto>
Proto FromText(const std::string& text) {
  Proto message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

referral::v1::Decision Spoiled(const std::string& edit_text) {
  auto decision = FromText<referral::v1::Decision>(
      "reasons { rule_id: 'R1' text: ' one ' } reasons { rule_id: 'R2' text: 'two' }");
  const Edit edit = FromText<Edit>(edit_text);
  EXPECT_TRUE(CheckEdit(*decision.descriptor(), edit).ok()) << edit_text;
  Apply(edit, decision);
  return decision;
}

TEST(MutantTables, HoldOneMutantForEachCaseOfTheCatalogue) {
  std::map<std::string, int> rows;
  for (const char* const table : kTables) {
    const auto mutants = LoadMutants(table);
    ASSERT_TRUE(mutants.ok()) << mutants.status();
    for (const Mutant& mutant : *mutants) ++rows[mutant.case_id()];
  }
  const std::vector<std::string> cases = CataloguedCases();
  EXPECT_GE(cases.size(), 150u);

  for (const std::string& id : cases) {
    EXPECT_EQ(rows[id], 1) << "[" << id << "] needs a row in tests/mutants";
  }
  for (const auto& [id, count] : rows) {
    EXPECT_EQ(std::count(cases.begin(), cases.end(), id), 1)
        << "[" << id << "] is no case of CASES.md: strike its mutant off";
  }
}

TEST(Spoil, ReachesEveryElementOnTheWayOrOne) {
  EXPECT_EQ(Spoiled("clear: 'reasons.rule_id'").reasons(0).rule_id(), "");
  EXPECT_EQ(Spoiled("clear: 'reasons.rule_id'").reasons(1).rule_id(), "");
  EXPECT_EQ(Spoiled("clear: 'reasons[1].rule_id'").reasons(0).rule_id(), "R1");
  EXPECT_EQ(Spoiled("clear: 'reasons[1].rule_id'").reasons(1).rule_id(), "");
}

TEST(Spoil, ChangesTheElementsOfARepeatedField) {
  EXPECT_EQ(Spoiled("reverse: 'reasons'").reasons(0).rule_id(), "R2");
  EXPECT_EQ(Spoiled("drop_first: 'reasons'").reasons(0).rule_id(), "R2");
  EXPECT_EQ(Spoiled("drop_last: 'reasons'").reasons_size(), 1);
  EXPECT_EQ(Spoiled("repeat_last: 'reasons'").reasons(2).rule_id(), "R2");
  EXPECT_EQ(Spoiled("overfill: 'reasons'").reasons_size(), 201);
  EXPECT_EQ(Spoiled("set { path: 'questions' to: '{ field: \"a\" }' }").questions_size(), 1);
}

TEST(Spoil, ChangesValues) {
  EXPECT_EQ(Spoiled("trim: 'reasons.text'").reasons(0).text(), "one");
  EXPECT_NE(Spoiled("fresh: 'reasons.text'").reasons(1).text(), "two");
  EXPECT_EQ(Spoiled("set { path: 'outcome' to: 'OUTCOME_REFUSED' }").outcome(),
            referral::v1::OUTCOME_REFUSED);
  EXPECT_EQ(Spoiled("set { path: 'policy_version.hash' to: \"'x'\" }").policy_version().hash(),
            "x");
}

TEST(Spoil, KnowsWhatTheContractsDoNotHave) {
  const auto check = [](const std::string& edit) {
    return std::string(
        CheckEdit(*referral::v1::Decision::descriptor(), FromText<Edit>(edit)).message());
  };
  EXPECT_THAT(check("clear: 'reasons.nothing'"), HasSubstr("reasons.nothing"));
  EXPECT_THAT(check("reverse: 'outcome'"), HasSubstr("not for"));
  EXPECT_THAT(check("set { path: 'outcome' to: 'PERHAPS' }"), HasSubstr("cannot be PERHAPS"));
}

TEST(Spoil, SaysWhetherAValueIsThere) {
  const auto decision = FromText<referral::v1::Decision>("outcome: OUTCOME_REFUSED");
  EXPECT_TRUE(IsSet(FromText<Set>("path: 'outcome' to: 'OUTCOME_REFUSED'"), decision));
  EXPECT_FALSE(IsSet(FromText<Set>("path: 'outcome' to: 'OUTCOME_PERMITTED'"), decision));
}

}  // namespace
}  // namespace asc::tests::mutants
