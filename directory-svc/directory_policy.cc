#include "directory-svc/directory_policy.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "platform/status/macros.h"

namespace asc::directory {
namespace {

// A follow-up later than a year helps nobody; a greater number is a slip.
constexpr int kFollowUpDaysMost = 366;

absl::Status Wrong(const std::string& field, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", what));
}

absl::Status CheckCitations(
    const std::string& field,
    const google::protobuf::RepeatedPtrField<type::v1::Citation>& citations) {
  if (citations.empty()) return Wrong(field + ".citations", "required");
  for (const auto& citation : citations) {
    if (citation.source().empty()) return Wrong(field + ".citations.source", "required");
    if (citation.provision().empty()) return Wrong(field + ".citations.provision", "required");
  }
  return absl::OkStatus();
}

absl::Status CheckRules(const v1::DirectoryPolicy& policy) {
  std::set<std::string> seen;
  for (const auto& rule : policy.rules()) {
    const std::string field = absl::StrCat("rules[", rule.rule_id(), "]");
    if (rule.rule_id().empty()) return Wrong(field, "has no rule_id");
    if (!seen.insert(rule.rule_id()).second) return Wrong(field, "stated twice");
    if (rule.text().empty()) return Wrong(field + ".text", "required");
    if (rule.strength() == type::v1::STRENGTH_UNSPECIFIED) {
      return Wrong(field + ".strength", "required");
    }
    ASC_TRY(CheckCitations(field, rule.citations()));
  }
  for (const char* rule : {"I1", "I2", "I5", "I6", "I6.agree", "I6.time"}) {
    if (!seen.contains(rule)) return Wrong("rules", absl::StrCat("says nothing of ", rule));
  }
  return absl::OkStatus();
}

absl::Status CheckGuidance(const std::string& field,
                           const google::protobuf::RepeatedPtrField<type::v1::Guidance>& guidance) {
  std::set<std::string> seen;
  for (const auto& item : guidance) {
    const std::string place = absl::StrCat(field, "[", item.guidance_id(), "]");
    if (item.guidance_id().empty()) return Wrong(place, "has no guidance_id");
    if (!seen.insert(item.guidance_id()).second) return Wrong(place, "given twice");
    if (item.title().empty()) return Wrong(place + ".title", "required");
    ASC_TRY(CheckCitations(place, item.citations()));
  }
  return absl::OkStatus();
}

absl::Status CheckSteps(const v1::DirectoryPolicy& policy) {
  std::set<int> seen;
  for (const int step : policy.access_steps()) {
    if (step == v1::ACCESS_STEP_UNSPECIFIED) return Wrong("access_steps", "a step is not named");
    if (!seen.insert(step).second) return Wrong("access_steps", "a step stands twice");
  }
  if (seen.empty()) return Wrong("access_steps", "required");
  return absl::OkStatus();
}

absl::Status CheckTimes(const v1::DirectoryPolicy& policy) {
  std::set<int> seen;
  for (const auto& time : policy.follow_up_times()) {
    const std::string field =
        absl::StrCat("follow_up_times[", v1::FollowUpRisk_Name(time.risk()), "]");
    if (time.risk() == v1::FOLLOW_UP_RISK_UNSPECIFIED) return Wrong(field, "names no risk");
    if (!seen.insert(time.risk()).second) return Wrong(field, "given twice");
    if (time.days_max().value() < 1 || time.days_max().value() > kFollowUpDaysMost) {
      return Wrong(field + ".days_max.value", "must be from 1 to 366");
    }
    if (time.days_max().local_assumption().empty()) {
      return Wrong(field + ".days_max.local_assumption", "required: no procedure states a time");
    }
  }
  if (seen.size() != 3) return Wrong("follow_up_times", "one for each risk");
  return absl::OkStatus();
}

}  // namespace

const type::v1::PolicyRule* FindRule(const v1::DirectoryPolicy& policy, const char* rule_id) {
  for (const auto& rule : policy.rules()) {
    if (rule.rule_id() == rule_id) return &rule;
  }
  return nullptr;
}

void AddReason(const v1::DirectoryPolicy& policy, const char* rule_id, Reasons& reasons) {
  const type::v1::PolicyRule* rule = FindRule(policy, rule_id);
  if (rule == nullptr) return;
  type::v1::Reason& reason = *reasons.Add();
  reason.set_rule_id(rule->rule_id());
  reason.set_strength(rule->strength());
  reason.set_text(rule->text());
  *reason.mutable_citations() = rule->citations();
}

void AddQuestion(const v1::DirectoryPolicy& policy, const char* rule_id, const std::string& field,
                 const std::string& text, Questions& questions) {
  const type::v1::PolicyRule* rule = FindRule(policy, rule_id);
  if (rule == nullptr) return;
  type::v1::Question& question = *questions.Add();
  question.set_field(field);
  question.set_rule_id(rule->rule_id());
  question.set_strength(rule->strength());
  question.set_text(text);
}

const type::v1::LocalNumber& FollowUpDaysMax(const v1::DirectoryPolicy& policy,
                                             v1::FollowUpRisk risk) {
  const type::v1::LocalNumber* longest = &type::v1::LocalNumber::default_instance();
  for (const auto& time : policy.follow_up_times()) {
    if (time.risk() == risk) return time.days_max();
    if (time.days_max().value() > longest->value()) longest = &time.days_max();
  }
  return *longest;
}

absl::Status CheckPolicy(const v1::DirectoryPolicy& policy) {
  if (policy.source().title().empty()) return Wrong("source.title", "required");
  ASC_TRY(CheckRules(policy));
  if (policy.directory_source() == v1::DIRECTORY_SOURCE_UNSPECIFIED) {
    return Wrong("directory_source", "required");
  }
  const bool linked = policy.directory_source() == v1::DIRECTORY_SOURCE_EXTERNAL_LINK;
  if (linked != !policy.elsewhere().empty()) {
    return Wrong("elsewhere", "belongs to a directory kept elsewhere, and only to it");
  }
  ASC_TRY(CheckGuidance("elsewhere", policy.elsewhere()));
  ASC_TRY(CheckGuidance("guidance", policy.guidance()));
  ASC_TRY(CheckSteps(policy));
  return CheckTimes(policy);
}

}  // namespace asc::directory
