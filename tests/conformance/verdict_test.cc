#include "tests/conformance/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace asc::conformance {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

struct Verdict {
  int status;
  std::string text;
};

Verdict JudgeThese(const std::vector<CaseOutcome>& outcomes, const KnownFailures& known = {}) {
  std::ostringstream out;
  const int status = Judge(outcomes, known, {"referral.route"}, "referral", out);
  return {status, out.str()};
}

const CaseOutcome kPassing{"ReferralOpenRepeat", CaseResult::kPassed, ""};
const CaseOutcome kFailing{"ReferralListPages", CaseResult::kFailed, ""};

TEST(SuiteOfCase, JoinsTheWordsOfTheId) {
  EXPECT_EQ(SuiteOf("referral.open.repeat"), "ReferralOpenRepeat");
  EXPECT_EQ(SuiteOf("gateway.open.service_down"), "GatewayOpenServiceDown");
}

TEST(Verdict, IsMetWhenEverythingPasses) {
  const Verdict verdict = JudgeThese({kPassing});
  EXPECT_EQ(verdict.status, 0) << verdict.text;
  EXPECT_THAT(verdict.text, EndsWith("1 passed, 0 failed, 0 known, 0 skipped\n"));
}

TEST(Verdict, FailsOnAnUnlistedFailure) { EXPECT_EQ(JudgeThese({kPassing, kFailing}).status, 1); }

TEST(Verdict, IsMetWhenTheFailureIsListed) {
  const Verdict verdict =
      JudgeThese({kPassing, kFailing}, {{"referral.list.pages", "keeps no order"}});
  EXPECT_EQ(verdict.status, 0) << verdict.text;
  EXPECT_THAT(verdict.text, HasSubstr("keeps no order"));
}

TEST(Verdict, FailsOnAListedCaseThatPasses) {
  EXPECT_EQ(JudgeThese({kPassing}, {{"referral.open.repeat", "not yet"}}).status, 1);
}

TEST(Verdict, FailsOnAListedCaseThatDoesNotExist) {
  const Verdict verdict = JudgeThese({kPassing}, {{"referral.open.nothing", "mistyped"}});
  EXPECT_EQ(verdict.status, 1);
  EXPECT_THAT(verdict.text, HasSubstr("there is no such case"));
}

TEST(Verdict, AcceptsASkipOnlyForAnAbilityThatIsNotClaimed) {
  const CaseOutcome honest{"ReferralDueOrder", CaseResult::kSkipped, "not claimed: referral.due"};
  const CaseOutcome claimed{"ReferralRouteUnknown", CaseResult::kSkipped,
                            "not claimed: referral.route"};
  const CaseOutcome silent{"ReferralRouteUnknown", CaseResult::kSkipped, "no time"};
  EXPECT_EQ(JudgeThese({kPassing, honest}).status, 0);
  EXPECT_EQ(JudgeThese({kPassing, claimed}).status, 1);
  EXPECT_EQ(JudgeThese({kPassing, silent}).status, 1);
}

TEST(Verdict, FailsOnAListedCaseThatIsSkipped) {
  const CaseOutcome skipped{"ReferralDueOrder", CaseResult::kSkipped, "not claimed: referral.due"};
  EXPECT_EQ(JudgeThese({kPassing, skipped}, {{"referral.due.order", "later"}}).status, 1);
}

TEST(Verdict, FailsWhenNoCaseOfTheServicePassed) {
  const CaseOutcome other{"IdentityGetContract", CaseResult::kPassed, ""};
  EXPECT_EQ(JudgeThese({other}).status, 1);
}

TEST(Verdict, IsNoCertificateWhenCasesWereLeftOut) {
  const Verdict verdict = JudgeThese({kPassing, {"ReferralListPages", CaseResult::kNotRun, ""}});
  EXPECT_EQ(verdict.status, 2);
  EXPECT_THAT(verdict.text, HasSubstr("partial: not a certificate"));
}

TEST(KnownFailuresFile, GivesEachIdItsReason) {
  const std::string path = testing::TempDir() + "/known_failures";
  std::ofstream(path) << "# a comment\n\nreferral.list.pages  keeps no order\n";
  std::string error;
  EXPECT_EQ(ReadKnownFailures(path, error),
            (KnownFailures{{"referral.list.pages", "keeps no order"}}));
  EXPECT_EQ(error, "");
}

TEST(KnownFailuresFile, RefusesALineWithoutReasonAndADoubleLine) {
  const std::string path = testing::TempDir() + "/known_failures_bad";
  std::string error;
  std::ofstream(path) << "referral.list.pages\n";
  ReadKnownFailures(path, error);
  EXPECT_THAT(error, HasSubstr("has no reason"));
  std::ofstream(path) << "a.b.c  one\na.b.c  two\n";
  ReadKnownFailures(path, error);
  EXPECT_THAT(error, HasSubstr("stands twice"));
}

TEST(KnownFailuresFile, SaysWhenItCannotBeRead) {
  std::string error;
  ReadKnownFailures("/nowhere/known", error);
  EXPECT_THAT(error, HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace asc::conformance
