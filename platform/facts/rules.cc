#include "platform/facts/rules.h"

#include <set>

#include "absl/strings/str_cat.h"

namespace asc::facts {
namespace {

bool Holds(const Reasons& reasons, const std::string& rule_id, const std::string& text) {
  for (const type::v1::Reason& reason : reasons) {
    if (reason.rule_id() == rule_id && reason.text() == text) return true;
  }
  return false;
}

absl::Status Wrong(int index, const char* field, const char* what) {
  return absl::InvalidArgumentError(absl::StrCat("rules[", index, "].", field, ": ", what));
}

}  // namespace

const type::v1::PolicyRule* FindRule(const Rules& rules, const char* rule_id) {
  for (const type::v1::PolicyRule& rule : rules) {
    if (rule.rule_id() == rule_id) return &rule;
  }
  return nullptr;
}

void AddReason(const Rules& rules, const char* rule_id, Reasons& reasons) {
  const type::v1::PolicyRule* rule = FindRule(rules, rule_id);
  if (rule == nullptr) return;
  std::string text = rule->text();
  if (!rule->local_assumption().empty()) absl::StrAppend(&text, " ", rule->local_assumption());
  if (!Holds(reasons, rule_id, text)) AddFinding(rules, rule_id, text, reasons);
}

void AddFinding(const Rules& rules, const char* rule_id, const std::string& text,
                Reasons& reasons) {
  type::v1::Reason& reason = *reasons.Add();
  reason.set_rule_id(rule_id);
  reason.set_text(text);
  const type::v1::PolicyRule* rule = FindRule(rules, rule_id);
  if (rule == nullptr) return;
  reason.set_strength(rule->strength());
  *reason.mutable_citations() = rule->citations();
}

void AddQuestion(const Rules& rules, const char* rule_id, const std::string& field,
                 const std::string& text, Questions& questions) {
  type::v1::Question& question = *questions.Add();
  question.set_field(field);
  question.set_rule_id(rule_id);
  question.set_text(text);
  const type::v1::PolicyRule* rule = FindRule(rules, rule_id);
  if (rule != nullptr) question.set_strength(rule->strength());
}

absl::Status CheckRules(const Rules& rules) {
  std::set<std::string> seen;
  for (int i = 0; i < rules.size(); ++i) {
    const type::v1::PolicyRule& rule = rules[i];
    if (rule.rule_id().empty()) return Wrong(i, "rule_id", "required");
    if (!seen.insert(rule.rule_id()).second) return Wrong(i, "rule_id", "listed twice");
    if (rule.text().empty()) return Wrong(i, "text", "required");
    if (rule.citations().empty()) return Wrong(i, "citations", "required");
    for (const type::v1::Citation& citation : rule.citations()) {
      if (citation.source().empty()) return Wrong(i, "citations.source", "required");
      if (citation.provision().empty()) return Wrong(i, "citations.provision", "required");
    }
  }
  return absl::OkStatus();
}

}  // namespace asc::facts
