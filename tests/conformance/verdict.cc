#include "tests/conformance/verdict.h"

#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <sstream>

namespace asc::conformance {
namespace {

const char* const kNotClaimed = "not claimed: ";

bool StartsWith(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

// Whether the skip names an ability that is really not claimed.
bool IsHonestSkip(const std::string& message, const std::set<std::string>& abilities) {
  const std::size_t at = message.find(kNotClaimed);
  if (at == std::string::npos) return false;
  std::istringstream rest(message.substr(at + std::string(kNotClaimed).size()));
  std::string ability;
  rest >> ability;
  return !ability.empty() && abilities.count(ability) == 0;
}

struct Tally {
  int passed = 0;
  int failed = 0;
  int known = 0;
  int skipped = 0;
  int not_run = 0;
  int own_passed = 0;
};

void Breach(Tally& tally, std::ostream& out, const std::string& text) {
  ++tally.failed;
  out << "FAIL " << text << "\n";
}

void JudgeCase(const CaseOutcome& outcome, const std::string& reason,
               const std::set<std::string>& abilities, Tally& tally, std::ostream& out) {
  switch (outcome.result) {
    case CaseResult::kPassed:
      if (reason.empty()) {
        ++tally.passed;
        return;
      }
      return Breach(tally, out, outcome.suite + ": listed as a known failure, but it passes");
    case CaseResult::kFailed:
      if (reason.empty()) return Breach(tally, out, outcome.suite);
      ++tally.known;
      out << "KNOWN " << outcome.suite << ": " << reason << "\n";
      return;
    case CaseResult::kSkipped:
      if (!reason.empty()) {
        return Breach(tally, out, outcome.suite + ": listed as a known failure, but skipped");
      }
      if (!IsHonestSkip(outcome.skip_message, abilities)) {
        return Breach(tally, out, outcome.suite + ": skipped without an undeclared ability");
      }
      ++tally.skipped;
      out << "SKIP " << outcome.suite << ": " << outcome.skip_message << "\n";
      return;
    case CaseResult::kNotRun:
      ++tally.not_run;
      return;
  }
}

CaseResult ResultOf(const testing::TestInfo& info) {
  if (!info.should_run()) return CaseResult::kNotRun;
  if (info.result()->Skipped()) return CaseResult::kSkipped;
  return info.result()->Passed() ? CaseResult::kPassed : CaseResult::kFailed;
}

std::string SkipMessage(const testing::TestResult& result) {
  for (int i = 0; i < result.total_part_count(); ++i) {
    if (result.GetTestPartResult(i).skipped()) return result.GetTestPartResult(i).message();
  }
  return "";
}

bool Concerns(const std::string& suite, const std::string& service) {
  return StartsWith(suite, "Identity") || StartsWith(suite, "Events") ||
         StartsWith(suite, SuiteOf(service));
}

}  // namespace

std::string SuiteOf(const std::string& case_id) {
  std::string suite;
  bool first = true;
  for (const char c : case_id) {
    if (c == '.' || c == '_') {
      first = true;
      continue;
    }
    suite += first ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    first = false;
  }
  return suite;
}

KnownFailures ReadKnownFailures(const std::string& path, std::string& error) {
  KnownFailures known;
  if (path.empty()) return known;
  std::ifstream file(path);
  if (!file) {
    error = path + ": cannot be read";
    return known;
  }
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    std::istringstream words(line);
    std::string id;
    if (!(words >> id) || id[0] == '#') continue;
    std::string reason;
    std::getline(words >> std::ws, reason);
    const std::string where = path + ":" + std::to_string(number) + ": ";
    if (reason.empty()) error = where + id + " has no reason: write one behind it";
    if (!known.emplace(id, reason).second) error = where + id + " stands twice";
  }
  return known;
}

int Judge(const std::vector<CaseOutcome>& outcomes, const KnownFailures& known,
          const std::set<std::string>& abilities, const std::string& service, std::ostream& out) {
  Tally tally;
  std::map<std::string, std::string> reasons;
  for (const auto& [id, reason] : known) reasons[SuiteOf(id)] = reason;
  std::set<std::string> suites;
  for (const CaseOutcome& outcome : outcomes) {
    suites.insert(outcome.suite);
    const auto found = reasons.find(outcome.suite);
    JudgeCase(outcome, found == reasons.end() ? "" : found->second, abilities, tally, out);
    const bool own = StartsWith(outcome.suite, SuiteOf(service));
    if (own && outcome.result == CaseResult::kPassed) ++tally.own_passed;
  }
  for (const auto& [id, reason] : known) {
    if (suites.count(SuiteOf(id)) == 0) {
      Breach(tally, out, id + ": listed as a known failure, but there is no such case");
    }
  }
  const bool partial = tally.not_run > 0;
  if (!partial && tally.own_passed == 0) Breach(tally, out, service + ": no case of it passed");
  if (partial) out << "partial: not a certificate (" << tally.not_run << " cases left out)\n";
  out << tally.passed << " passed, " << tally.failed << " failed, " << tally.known << " known, "
      << tally.skipped << " skipped\n";
  if (tally.failed > 0) return 1;
  return partial ? 2 : 0;
}

std::vector<CaseOutcome> RunCases(const std::string& service) {
  const std::string mine = "Identity*:Events*:" + SuiteOf(service) + "*";
  const std::string asked = testing::GTEST_FLAG(filter);
  // A filter somebody gave stands, and makes the run partial.
  if (asked == "*") testing::GTEST_FLAG(filter) = mine;
  // The outcomes are read below, one by one; the summary value says nothing about known failures.
  const int ignored = RUN_ALL_TESTS();
  static_cast<void>(ignored);
  std::vector<CaseOutcome> outcomes;
  const testing::UnitTest& unit = *testing::UnitTest::GetInstance();
  for (int s = 0; s < unit.total_test_suite_count(); ++s) {
    const testing::TestSuite& suite = *unit.GetTestSuite(s);
    if (!Concerns(suite.name(), service)) continue;
    for (int t = 0; t < suite.total_test_count(); ++t) {
      const testing::TestInfo& info = *suite.GetTestInfo(t);
      outcomes.push_back({suite.name(), ResultOf(info), SkipMessage(*info.result())});
    }
  }
  return outcomes;
}

}  // namespace asc::conformance
