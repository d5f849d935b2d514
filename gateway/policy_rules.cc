#include "gateway/policy_rules.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gateway/asked_rules.h"
#include "google/protobuf/util/time_util.h"
#include "platform/status/macros.h"

namespace asc::gateway {
namespace {

constexpr char kIfSo[] = "If it turns out so: ";

using asc::type::v1::PolicyRule;
using google::protobuf::util::TimeUtil;

constexpr std::int64_t kMicrosPerMinute = 60'000'000;

void SetDue(const std::string& due, const v1::GatewayPolicy& policy,
            const journal::StoredStep& step, v1::Action& action) {
  std::int64_t minutes = 0;
  const auto found = policy.due_minutes().find(due);
  if (found != policy.due_minutes().end()) {
    minutes = found->second.value();
    action.set_due_basis(due);
    action.set_due_local_assumption(found->second.local_assumption());
  }
  *action.mutable_due_at() = TimeUtil::MicrosecondsToTimestamp(
      TimeUtil::TimestampToMicroseconds(step.intended_at()) + minutes * kMicrosPerMinute);
}

// With the local choice it rests on, if there is one.
std::string TextOf(const PolicyRule& rule) {
  return rule.local_assumption().empty()
             ? rule.text()
             : absl::StrCat(rule.text(), " (", rule.local_assumption(), ")");
}

// "ACTION_KIND_LEAVE_MESSAGE" becomes "leave-message".
std::string WordOf(asc::referral::v1::ActionKind kind) {
  static const std::string kPrefix = "ACTION_KIND_";
  const std::string name = asc::referral::v1::ActionKind_Name(kind);
  // A kind that this program does not know yet keeps its number.
  if (name.size() <= kPrefix.size()) return absl::StrCat("kind-", static_cast<int>(kind));
  return absl::StrReplaceAll(absl::AsciiStrToLower(name.substr(kPrefix.size())), {{"_", "-"}});
}

std::string DueOf(const asc::referral::v1::Action& listed, const v1::GatewayPolicy& policy) {
  for (const v1::DueRule& rule : policy.due_rules()) {
    if (!rule.rule_id().empty() && rule.rule_id() != listed.rule_id()) continue;
    if (rule.kind() != asc::referral::v1::ACTION_KIND_UNSPECIFIED && rule.kind() != listed.kind()) {
      continue;
    }
    return rule.due();
  }
  return "";
}

absl::Status CheckRule(const std::string& field, const PolicyRule& rule) {
  if (rule.rule_id().empty()) return absl::InvalidArgumentError(field + ".rule_id: required");
  if (rule.text().empty()) return absl::InvalidArgumentError(field + ".text: required");
  if (rule.citations().empty()) return absl::InvalidArgumentError(field + ".citations: required");
  if (rule.strength() == asc::type::v1::STRENGTH_UNSPECIFIED) {
    return absl::InvalidArgumentError(field + ".strength: required");
  }
  return absl::OkStatus();
}

absl::Status CheckDue(const std::string& field, const std::string& due,
                      const v1::GatewayPolicy& policy) {
  if (due.empty() || policy.due_minutes().contains(due)) return absl::OkStatus();
  return absl::InvalidArgumentError(field + ": no such entry of due_minutes");
}

}  // namespace

asc::type::v1::Reason ReasonOf(const PolicyRule& rule) {
  asc::type::v1::Reason reason;
  reason.set_rule_id(rule.rule_id());
  reason.set_strength(rule.strength());
  reason.set_text(TextOf(rule));
  *reason.mutable_citations() = rule.citations();
  return reason;
}

v1::Action ActionOf(const std::string& action_id, const PolicyRule& rule, const std::string& due,
                    const v1::GatewayPolicy& policy, const journal::StoredStep& step) {
  v1::Action action;
  action.set_action_id(action_id);
  action.set_rule_id(rule.rule_id());
  action.set_strength(rule.strength());
  action.set_text(TextOf(rule));
  *action.mutable_citations() = rule.citations();
  action.set_state(v1::ACTION_STATE_OPEN);
  action.set_step(step.kind());
  SetDue(due, policy, step, action);
  return action;
}

std::string ActionIdOf(const std::string& rule_id, asc::referral::v1::ActionKind kind) {
  return absl::StrCat(rule_id, "-", WordOf(kind));
}

bool IsConditional(const v1::Action& action) { return absl::StartsWith(action.text(), kIfSo); }

v1::Action ActionOf(const asc::referral::v1::Action& listed, const v1::GatewayPolicy& policy,
                    const journal::StoredStep& step) {
  v1::Action action;
  action.set_action_id(ActionIdOf(listed.rule_id(), listed.kind()));
  action.set_rule_id(listed.rule_id());
  action.set_strength(listed.strength());
  // Nothing is said to be so that is not known to be.
  action.set_text(listed.due() == asc::type::v1::ANSWER_UNKNOWN ? absl::StrCat(kIfSo, listed.text())
                                                                : listed.text());
  *action.mutable_citations() = listed.citations();
  action.set_state(v1::ACTION_STATE_OPEN);
  action.set_step(step.kind());
  SetDue(DueOf(listed, policy), policy, step, action);
  return action;
}

void AddTriggered(v1::Trigger trigger, const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  for (const v1::ActionRule& rule : policy.actions()) {
    if (rule.trigger() != trigger) continue;
    if (trigger == v1::TRIGGER_ASKED && rule.ask() != AskOf(step.kind())) continue;
    *step.add_actions() = ActionOf(rule.action_id(), rule.rule(), rule.due(), policy, step);
  }
}

void RemoveTriggered(v1::Trigger trigger, const v1::GatewayPolicy& policy,
                     journal::StoredStep& step) {
  auto& actions = *step.mutable_actions();
  actions.erase(std::remove_if(actions.begin(), actions.end(),
                               [&](const v1::Action& action) {
                                 return Follows(action.action_id(), trigger, policy);
                               }),
                actions.end());
}

bool HasTrigger(v1::Trigger trigger, const v1::GatewayPolicy& policy) {
  return std::any_of(policy.actions().begin(), policy.actions().end(),
                     [trigger](const v1::ActionRule& rule) { return rule.trigger() == trigger; });
}

bool Follows(const std::string& action_id, v1::Trigger trigger, const v1::GatewayPolicy& policy) {
  return std::any_of(policy.actions().begin(), policy.actions().end(),
                     [&](const v1::ActionRule& rule) {
                       return rule.trigger() == trigger && rule.action_id() == action_id;
                     });
}

void AddOtherProcedure(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  journal::StoredStep all;
  all.set_kind(step.kind());
  *all.mutable_intended_at() = step.intended_at();
  AddTriggered(v1::TRIGGER_OTHER_PROCEDURE, policy, all);
  const auto& reasons = step.decision().reasons();
  const auto named = [&reasons](const v1::Action& action) {
    return std::any_of(reasons.begin(), reasons.end(), [&action](const auto& reason) {
      return reason.rule_id() == action.rule_id();
    });
  };
  const bool any = std::any_of(all.actions().begin(), all.actions().end(), named);
  for (const v1::Action& action : all.actions()) {
    if (!any || named(action)) *step.add_actions() = action;
  }
}

void AskWhoItIs(const StepGround& ground, journal::StoredStep& step) {
  const PolicyRule& rule = ground.policy.identify();
  asc::type::v1::Question question;
  question.set_rule_id(rule.rule_id());
  question.set_strength(rule.strength());
  question.set_text(rule.text());
  AddQuestion(std::move(question), "person.full_name", /*blocks=*/true, step);
}

absl::Status CheckPolicy(const v1::GatewayPolicy& policy) {
  if (policy.steps().empty()) return absl::InvalidArgumentError("steps: required");
  const v1::SafeguardingPolicy& safeguarding = policy.safeguarding();
  ASC_TRY(CheckRule("safeguarding.concern", safeguarding.concern()));
  ASC_TRY(CheckRule("safeguarding.danger", safeguarding.danger()));
  ASC_TRY(CheckRule("safeguarding.unexplained", safeguarding.unexplained()));
  ASC_TRY(CheckDue("safeguarding.concern_due", safeguarding.concern_due(), policy));
  ASC_TRY(CheckRule("safeguarding.provider", safeguarding.provider()));
  ASC_TRY(CheckDue("safeguarding.provider_due", safeguarding.provider_due(), policy));
  ASC_TRY(CheckRule("would_benefit", policy.would_benefit()));
  ASC_TRY(CheckRule("identify", policy.identify()));
  std::set<std::string> ids;
  for (const v1::ActionRule& action : policy.actions()) {
    const std::string field = absl::StrCat("actions[", action.action_id(), "]");
    ASC_TRY(CheckRule(field + ".rule", action.rule()));
    ASC_TRY(CheckDue(field + ".due", action.due(), policy));
    if (action.trigger() == v1::TRIGGER_ADVOCACY_HELD &&
        action.rule().strength() != asc::type::v1::STRENGTH_MUST) {
      return absl::InvalidArgumentError(field + ".rule.strength: a hold is not put aside");
    }
    if ((action.trigger() == v1::TRIGGER_ASKED) != (action.ask() != v1::ASK_UNSPECIFIED)) {
      return absl::InvalidArgumentError(field + ".ask: goes with TRIGGER_ASKED and nothing else");
    }
    if (!ids.insert(action.action_id()).second) {
      return absl::InvalidArgumentError(field + ": stands twice");
    }
  }
  const bool names_other =
      std::any_of(policy.actions().begin(), policy.actions().end(), [&policy](const auto& action) {
        return action.trigger() == v1::TRIGGER_OTHER_PROCEDURE &&
               action.rule().rule_id() == policy.other_subject_rule_id();
      });
  if (!policy.subjects().empty() && !names_other) {
    return absl::InvalidArgumentError(
        "other_subject_rule_id: no action of TRIGGER_OTHER_PROCEDURE has this rule");
  }
  for (const v1::DueRule& rule : policy.due_rules()) {
    ASC_TRY(CheckDue("due_rules.due", rule.due(), policy));
  }
  return absl::OkStatus();
}

}  // namespace asc::gateway
