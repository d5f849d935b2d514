#include "advocacy-svc/advocacy_policy.h"

#include "absl/strings/str_cat.h"
#include "platform/facts/rules.h"
#include "platform/status/macros.h"

namespace asc::advocacy {
namespace {

absl::Status Wrong(const char* field, const char* what) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", what));
}

// A field that switches a rule on needs the rule's words.
absl::Status Demand(const v1::AdvocacyPolicy& policy, bool on, const char* field,
                    const char* rule_id) {
  if (on == (facts::FindRule(policy.rules(), rule_id) != nullptr)) return absl::OkStatus();
  return Wrong(field, on ? "its rule is not listed" : "its rule is listed, but it is not set");
}

}  // namespace

absl::Status CheckPolicy(const v1::AdvocacyPolicy& policy) {
  if (policy.source().title().empty()) return Wrong("source.title", "required");
  if (policy.source().state() == type::v1::POLICY_STATE_UNSPECIFIED) {
    return Wrong("source.state", "required");
  }
  ASC_TRY(facts::CheckRules(policy.rules()));
  for (const char* rule_id : {"A1", "A2", "A8"}) {
    if (facts::FindRule(policy.rules(), rule_id) == nullptr) {
      return Wrong("rules", "A1, A2 and A8 are what every decision rests on");
    }
  }
  if (policy.applies_to().empty()) return Wrong("applies_to", "required");
  if (policy.processes().empty()) return Wrong("processes", "required");
  if (policy.hold_scope() == v1::HOLD_SCOPE_UNSPECIFIED) return Wrong("hold_scope", "required");
  if (policy.referral_timing() == v1::REFERRAL_TIMING_UNSPECIFIED) {
    return Wrong("referral_timing", "required");
  }
  ASC_TRY(Demand(policy, policy.power_available(), "power_available", "A3"));
  ASC_TRY(Demand(policy, policy.urgent_interim_exception(), "urgent_interim_exception", "A9"));
  ASC_TRY(Demand(policy, policy.urgent_enquiry_exception(), "urgent_enquiry_exception", "s.68(6)"));
  ASC_TRY(Demand(policy, policy.regime_choice(), "regime_choice", "A4"));
  return Demand(policy, policy.applies_to_size() == 1, "applies_to", "SC2");
}

}  // namespace asc::advocacy
