#include "funding-svc/funding_policy.h"

#include "absl/strings/str_cat.h"
#include "platform/facts/rules.h"
#include "platform/status/macros.h"

namespace asc::funding {
namespace {

absl::Status Wrong(const char* field, const char* what) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", what));
}

bool States(const v1::FundingPolicy& policy, const char* rule_id) {
  return facts::FindRule(policy.rules(), rule_id) != nullptr;
}

absl::Status CheckUrgent(const v1::FundingPolicy& policy) {
  if (policy.urgent_section() == v1::URGENT_SECTION_UNSPECIFIED) {
    return Wrong("urgent_section", "required");
  }
  const bool has_it = policy.urgent_section() == v1::URGENT_SECTION_INLINE;
  for (const char* rule_id : {"U1", "U3", "U4", "U5", "FD2", "FD3", "FD4", "FD5", "FD9"}) {
    if (States(policy, rule_id) != has_it) {
      return Wrong("urgent_section", "its rules are listed where it stands here, and only there");
    }
  }
  const bool elsewhere = policy.urgent_section() == v1::URGENT_SECTION_INCLUDED_BY_REFERENCE;
  if (elsewhere != policy.has_urgent_elsewhere()) {
    return Wrong("urgent_elsewhere", "belongs to a section that stands elsewhere, and only to it");
  }
  return absl::OkStatus();
}

// The first level whose amount is not exceeded decides; the last decides any amount.
absl::Status CheckLevels(const v1::FundingPolicy& policy) {
  if (policy.decision_levels().empty()) return Wrong("decision_levels", "required");
  std::int64_t before = -1;
  for (int i = 0; i < policy.decision_levels_size(); ++i) {
    const v1::DecisionLevel& level = policy.decision_levels(i);
    const bool last = i + 1 == policy.decision_levels_size();
    if (level.role().empty()) return Wrong("decision_levels.role", "required");
    if (level.has_decides_up_to() == last) {
      return Wrong("decision_levels.decides_up_to", "every level but the last needs one");
    }
    if (!last && level.decides_up_to().pence() <= before) {
      return Wrong("decision_levels.decides_up_to", "each has to be more than the one before");
    }
    before = level.decides_up_to().pence();
  }
  return absl::OkStatus();
}

absl::Status CheckCharging(const v1::FundingPolicy& policy) {
  if (policy.reablement_label().empty()) return Wrong("reablement_label", "required");
  const std::int64_t weeks = policy.reablement_free_weeks().value();
  // The regulations know no longer time.
  if (weeks < 1 || weeks > 6) return Wrong("reablement_free_weeks", "from 1 to 6");
  if (!policy.has_adaptation_free_up_to()) return Wrong("adaptation_free_up_to", "required");
  for (const char* rule_id : {"FD10", "s.14(4)", "reg.3"}) {
    if (!States(policy, rule_id)) return Wrong("rules", "FD10, s.14(4) and reg.3 are required");
  }
  if (policy.local_charging_policy_first() != States(policy, "I4")) {
    return Wrong("local_charging_policy_first", "belongs to rule I4, and only to it");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckPolicy(const v1::FundingPolicy& policy) {
  if (policy.source().title().empty()) return Wrong("source.title", "required");
  if (policy.source().state() == type::v1::POLICY_STATE_UNSPECIFIED) {
    return Wrong("source.state", "required");
  }
  ASC_TRY(facts::CheckRules(policy.rules()));
  if (!States(policy, "s.19(3)")) return Wrong("rules", "s.19(3) is required");
  if (policy.applies_to().empty()) return Wrong("applies_to", "required");
  if ((policy.applies_to_size() == 1) != States(policy, "SC2")) {
    return Wrong("applies_to", "rule SC2 belongs to a procedure for one kind of person");
  }
  ASC_TRY(CheckUrgent(policy));
  ASC_TRY(CheckLevels(policy));
  return CheckCharging(policy);
}

}  // namespace asc::funding
