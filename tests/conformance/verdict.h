// Turns what the cases did into a verdict that cannot look better than it is.

#ifndef ASC_TESTS_CONFORMANCE_VERDICT_H_
#define ASC_TESTS_CONFORMANCE_VERDICT_H_

#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace asc::conformance {

enum class CaseResult { kPassed, kFailed, kSkipped, kNotRun };

struct CaseOutcome {
  // The suite's name, for example "ReferralOpenRepeat".
  std::string suite;
  CaseResult result = CaseResult::kNotRun;
  // With kSkipped: what the case said.
  std::string skip_message;
};

// Case id to reason.
using KnownFailures = std::map<std::string, std::string>;

// The name of the suite that judges a case id: "referral.open.repeat" is "ReferralOpenRepeat".
std::string SuiteOf(const std::string& case_id);

// Reads a file of lines "case.id  reason"; '#' begins a comment. `error` says what is wrong with
// it: a line without a reason, a case listed twice, a file that cannot be read. Empty path: none.
KnownFailures ReadKnownFailures(const std::string& path, std::string& error);

// The rules of the verdict, all of which have to hold:
//   a case that fails is listed as a known failure;
//   a listed case fails: one that passes, is skipped or does not exist is struck off the list
//   first; a skipped case named an ability that the subject does not claim; at least one case of
//   the service passed.
// Writes each breach on a line of its own, then "N passed, N failed, N known, N skipped". A run in
// which some case was filtered out writes "partial: not a certificate".
// 0: met. 1: not met. 2: nothing against it, but partial.
int Judge(const std::vector<CaseOutcome>& outcomes, const KnownFailures& known,
          const std::set<std::string>& abilities, const std::string& service, std::ostream& out);

// Runs the registered cases of `service`, and those every service has to meet, and gives their
// outcomes. Cases that a gtest filter leaves out are kNotRun.
std::vector<CaseOutcome> RunCases(const std::string& service);

}  // namespace asc::conformance

#endif  // ASC_TESTS_CONFORMANCE_VERDICT_H_
