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
    std::string outcome = step.outcome();
    for (const auto& other : contact.steps()) {
      if (outcome.empty() && other.kind() == step.kind()) outcome = other.decision().outcome();
    }
    wanted.push_back(absl::StrCat(StepKind_Name(step.kind()), "=", outcome));
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
  for (const auto& whole : expected.still_to_gather()) {
    bool found = false;
    for (const auto& question : contact.still_to_gather()) {
      const std::string& field = question.field();
      if (field != whole.field() && field.rfind(whole.field() + ".", 0) != 0) continue;
      found = true;
      if (question.strength() == whole.strength()) continue;
      differences.push_back(absl::StrCat("still to gather: ", field, " has ",
                                         type::v1::Strength_Name(question.strength())));
    }
    if (!found) {
      differences.push_back(absl::StrCat("still to gather: ", whole.field(), " is not listed"));
    }
  }
}

void CompareServices(const Expected& expected, const Contact& contact, Lines& differences) {
  Lines found;
  for (const auto& hit : contact.services()) found.push_back(hit.service().content().name());
  const auto has = [](const Lines& lines, const std::string& wanted) {
    return std::find(lines.begin(), lines.end(), wanted) != lines.end();
  };
  for (const std::string& name : expected.services()) {
    if (!has(found, name)) {
      differences.push_back(absl::StrCat(name, " is not found; found ", Joined(found)));
    }
  }
  for (const std::string& name : expected.not_services()) {
    if (has(found, name)) differences.push_back(absl::StrCat(name, " must not be found"));
  }
  Lines elsewhere;
  for (const auto& guidance : contact.elsewhere()) elsewhere.push_back(guidance.title());
  for (const std::string& title : expected.elsewhere()) {
    const bool named =
        std::any_of(elsewhere.begin(), elsewhere.end(),
                    [&title](const std::string& other) { return other.rfind(title, 0) == 0; });
    if (!named) {
      differences.push_back(
          absl::StrCat(title, " is not pointed to; pointed to ", Joined(elsewhere)));
    }
  }
}

void CompareCharges(const Expected& expected, const Contact& contact, Lines& differences) {
  const auto line = [](const std::string& item_id, funding::v1::ChargeOutcome outcome,
                       std::int64_t pence) {
    return absl::StrCat(item_id, "=", ChargeOutcome_Name(outcome), ", free up to ", pence);
  };
  Lines wanted;
  Lines found;
  for (const auto& charge : expected.charges()) {
    wanted.push_back(line(charge.item_id(), charge.outcome(), charge.free_up_to_pence()));
  }
  for (const auto& item : contact.charging().items()) {
    found.push_back(line(item.item_id(), item.outcome(), item.free_up_to().pence()));
  }
  Compare("charges", wanted, found, differences);
}

void CompareRecord(const std::string& what, bool wanted, const std::string& id,
                   Lines& differences) {
  if (wanted == !id.empty()) return;
  differences.push_back(absl::StrCat(wanted ? "nothing was opened: " : "was opened: ", what));
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
  CompareServices(expected, contact, differences);
  CompareCharges(expected, contact, differences);
  CompareRecord("referral", expected.referral_opened(), contact.referral_id(), differences);
  CompareRecord("need for an advocate", expected.advocacy_need_opened(), contact.advocacy_need_id(),
                differences);
  CompareRecord("request for urgent support", expected.funding_request_opened(),
                contact.funding_request_id(), differences);
  CompareRecord("record of advice", expected.advice_recorded(), contact.advice_id(), differences);
  return differences;
}

}  // namespace asc::tests::contacts
