#include "tests/contacts/differences.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace asc::tests::contacts {
namespace {

using gateway::v1::Contact;
using Lines = std::vector<std::string>;

constexpr std::int64_t kSecondsPerMinute = 60;

std::string Joined(const Lines& lines) {
  return lines.empty() ? "none" : absl::StrJoin(lines, ", ");
}

void Compare(const std::string& what, const Lines& expected, const Lines& found,
             Lines& differences) {
  if (expected == found) return;
  differences.push_back(
      absl::StrCat(what, ": expected ", Joined(expected), "; found ", Joined(found)));
}

Lines Sorted(Lines lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

// "R1 STRENGTH_SHOULD", of anything that has both.
template <class RuleSaying>
std::string RuleOf(const RuleSaying& saying) {
  return absl::StrCat(saying.rule_id(), " ", type::v1::Strength_Name(saying.strength()));
}

void CompareSteps(const Expected& expected, const Contact& contact, Lines& differences) {
  Lines wanted;
  Lines found;
  for (const auto& step : expected.steps()) {
    wanted.push_back(absl::StrCat(StepKind_Name(step.kind()), "=", step.outcome()));
  }
  for (const auto& step : contact.steps()) {
    found.push_back(absl::StrCat(StepKind_Name(step.kind()), "=", step.decision().outcome()));
  }
  Compare("steps", Sorted(wanted), Sorted(found), differences);
  for (const auto& step : expected.steps()) {
    const auto same = std::find_if(contact.steps().begin(), contact.steps().end(),
                                   [&](const auto& other) { return other.kind() == step.kind(); });
    if (same == contact.steps().end()) continue;
    std::set<std::string> reasons;
    for (const auto& reason : same->decision().reasons()) reasons.insert(RuleOf(reason));
    for (const auto& reason : step.reasons()) {
      if (reasons.count(RuleOf(reason)) != 0) continue;
      differences.push_back(absl::StrCat(StepKind_Name(step.kind()), ": expected a reason ",
                                         RuleOf(reason), "; found ",
                                         Joined({reasons.begin(), reasons.end()})));
    }
  }
}

void CompareActions(const Expected& expected, const Contact& contact, Lines& differences) {
  Lines wanted;
  Lines found;
  for (const auto& action : expected.actions()) {
    wanted.push_back(absl::StrCat(action.action_id(), " (", RuleOf(action), ", due after ",
                                  action.due_minutes(), " min)"));
  }
  for (const auto& action : contact.actions()) {
    if (action.state() != gateway::v1::ACTION_STATE_OPEN) continue;
    const std::int64_t seconds = action.due_at().seconds() - contact.opened_at().seconds();
    found.push_back(absl::StrCat(action.action_id(), " (", RuleOf(action), ", due after ",
                                 seconds / kSecondsPerMinute, " min)"));
  }
  Compare("actions", wanted, found, differences);
}

void CompareQuestions(const Expected& expected, const Contact& contact, Lines& differences) {
  Lines wanted;
  Lines found;
  for (const auto& question : expected.questions()) {
    wanted.push_back(absl::StrCat(question.field(), " (", question.rule_id(), ")"));
  }
  for (const auto& question : contact.questions()) {
    found.push_back(absl::StrCat(question.field(), " (", question.rule_id(), ")"));
  }
  Compare("questions", Sorted(wanted), Sorted(found), differences);
}

void CompareStillToGather(const Expected& expected, const Contact& contact, Lines& differences) {
  const auto within = [](const std::string& field, const std::string& whole) {
    return field == whole || field.rfind(whole + ".", 0) == 0;
  };
  for (const std::string& whole : expected.still_to_gather()) {
    const bool found =
        std::any_of(contact.still_to_gather().begin(), contact.still_to_gather().end(),
                    [&](const auto& question) { return within(question.field(), whole); });
    if (!found) differences.push_back(absl::StrCat("still to gather: ", whole, " is not listed"));
  }
  // A file that names no strength demands none.
  if (expected.still_to_gather_strength() == type::v1::STRENGTH_UNSPECIFIED) return;
  for (const auto& question : contact.still_to_gather()) {
    if (question.strength() == expected.still_to_gather_strength()) continue;
    differences.push_back(absl::StrCat("still to gather: ", question.field(), " has ",
                                       type::v1::Strength_Name(question.strength())));
  }
}

}  // namespace

std::vector<std::string> Differences(const Expected& expected, const Contact& contact) {
  Lines differences;
  Compare("status", {ContactStatus_Name(expected.status())}, {ContactStatus_Name(contact.status())},
          differences);
  Lines wanted;
  Lines found;
  for (const int outcome : expected.outcomes()) {
    wanted.push_back(gateway::v1::Outcome_Name(static_cast<gateway::v1::Outcome>(outcome)));
  }
  for (const int outcome : contact.outcomes()) {
    found.push_back(gateway::v1::Outcome_Name(static_cast<gateway::v1::Outcome>(outcome)));
  }
  Compare("outcomes", Sorted(wanted), Sorted(found), differences);

  wanted.clear();
  found.clear();
  for (const auto& reason : expected.advice()) wanted.push_back(RuleOf(reason));
  for (const auto& reason : contact.advice()) found.push_back(RuleOf(reason));
  Compare("advice", wanted, found, differences);

  CompareSteps(expected, contact, differences);
  CompareActions(expected, contact, differences);
  CompareQuestions(expected, contact, differences);
  CompareStillToGather(expected, contact, differences);
  if (expected.referral_opened() == contact.referral_id().empty()) {
    differences.push_back(expected.referral_opened() ? "no referral was opened"
                                                     : "a referral was opened");
  }
  return differences;
}

}  // namespace asc::tests::contacts
