#include "funding-svc/charging_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "platform/facts/parts.h"
#include "platform/facts/rules.h"
#include "platform/facts/tri_state.h"

namespace asc::funding {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::IsUnknown;
using facts::Known;
using facts::Or;

// Of `YYYY-MM-DD`, which the field's format has checked.
absl::CivilDay DayOf(const std::string& date) {
  absl::CivilDay day;
  absl::ParseCivilTime(date, &day);
  return day;
}

std::string DateOf(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", static_cast<int>(day.year()), day.month(), day.day());
}

std::string Pounds(const type::v1::Money& money) {
  return absl::StrFormat("£%d.%02d", money.pence() / 100, money.pence() % 100);
}

class Charging {
 public:
  Charging(const v1::ChargingFacts& facts, const v1::FundingPolicy& policy)
      : facts_(facts), policy_(policy) {}

  v1::ChargingDecision Decide() {
    *decision_.mutable_facts() = facts_;
    if (policy_.local_charging_policy_first()) Reason("I4");
    Reason("FD10");
    const auto& subjects = policy_.applies_to();
    const bool named = facts_.subject() != v1::SUBJECT_UNSPECIFIED;
    if (named && std::find(subjects.begin(), subjects.end(), facts_.subject()) == subjects.end()) {
      Reason("SC2");
    }
    for (int i = 0; i < facts_.items_size(); ++i) {
      place_ = "facts.items" + facts::ItemName(facts_.items(i), i) + ".";
      item_ = decision_.add_items();
      item_->set_item_id(facts_.items(i).item_id());
      DecideItem(facts_.items(i));
    }
    return std::move(decision_);
  }

 private:
  void Reason(const char* rule_id) {
    facts::AddReason(policy_.rules(), rule_id, *decision_.mutable_reasons());
  }
  void Set(v1::ChargeOutcome outcome, const char* rule_id, const std::string& text) {
    item_->set_outcome(outcome);
    facts::AddFinding(policy_.rules(), rule_id, text, *item_->mutable_reasons());
  }
  // One question per field, however many items need it.
  void Ask(const char* rule_id, const std::string& field, const char* text) {
    for (const auto& question : decision_.questions()) {
      if (question.field() == field) return;
    }
    facts::AddQuestion(policy_.rules(), rule_id, field, text, *decision_.mutable_questions());
  }

  // Whether all services to this subject are free here.
  Answer FreeForCarers(const v1::SupportItem& item) const {
    if (!policy_.carer_services_free()) return ANSWER_NO;
    if (item.kind() == v1::SUPPORT_KIND_SUPPORT_TO_CARER) return ANSWER_YES;
    if (facts_.subject() == v1::SUBJECT_UNSPECIFIED) return ANSWER_UNKNOWN;
    return facts::FromBool(facts_.subject() == v1::SUBJECT_CARER);
  }

  // What makes everything free, whatever it is.
  Answer FreeForThePerson() const {
    return Or(Known(facts_.insufficient_funds()), Known(facts_.authority_waives()));
  }

  void DecideItem(const v1::SupportItem& item) {
    const Answer carers = FreeForCarers(item);
    if (carers == ANSWER_YES) {
      return Set(v1::CHARGE_OUTCOME_NO_CHARGE, "FD10", "Services to carers are free here.");
    }
    if (facts_.insufficient_funds() == ANSWER_YES) {
      return Set(v1::CHARGE_OUTCOME_NO_CHARGE, "FD10",
                 "A financial assessment found too little to contribute.");
    }
    if (facts_.authority_waives() == ANSWER_YES) {
      return Set(v1::CHARGE_OUTCOME_NO_CHARGE, "FD10", "The authority has chosen not to charge.");
    }
    if (item.kind() == v1::SUPPORT_KIND_REABLEMENT) return DecideReablement(item, carers);
    if (item.kind() == v1::SUPPORT_KIND_MINOR_ADAPTATION) return DecideAdaptation(item, carers);
    if (item.kind() == v1::SUPPORT_KIND_AID) {
      if (!policy_.aids_always_free()) return DecideAdaptation(item, carers);
      Set(v1::CHARGE_OUTCOME_NO_CHARGE, "reg.3", "An aid is free, whatever it costs.");
      return facts::AddReason(policy_.rules(), "reg.3", *item_->mutable_reasons());
    }
    DecideChargeable(item, v1::CHARGE_OUTCOME_MAY_CHARGE, carers);
  }

  void DecideReablement(const v1::SupportItem& item, Answer carers) {
    const std::int64_t free_weeks = policy_.reablement_free_weeks().value();
    const std::string rule =
        absl::StrCat("Up to ", free_weeks, " weeks of ", policy_.reablement_label(), " are free.");
    if (!facts_.has_reablement_weeks_had()) {
      Set(v1::CHARGE_OUTCOME_CANNOT_TELL, "FD10", rule);
      return Ask("FD10", "facts.reablement_weeks_had",
                 "How many free weeks have they had in this spell?");
    }
    const std::int64_t left = free_weeks - facts_.reablement_weeks_had();
    if (left <= 0) {
      facts::AddFinding(policy_.rules(), "FD10", rule + " They have been had.",
                        *item_->mutable_reasons());
      return DecideChargeable(item, v1::CHARGE_OUTCOME_MAY_CHARGE, carers);
    }
    if (item.starts_on().empty()) {
      Set(v1::CHARGE_OUTCOME_CANNOT_TELL, "FD10", rule);
      return Ask("FD10", place_ + "starts_on", "When does this support begin?");
    }
    const absl::CivilDay free_until = DayOf(item.starts_on()) + left * 7 - 1;
    item_->set_free_until_on(DateOf(free_until));
    if (item.ends_on().empty()) {
      Set(v1::CHARGE_OUTCOME_CANNOT_TELL, "FD10", rule);
      return Ask("FD10", place_ + "ends_on", "When does this support end?");
    }
    if (DayOf(item.ends_on()) <= free_until) {
      return Set(v1::CHARGE_OUTCOME_NO_CHARGE, "FD10", rule);
    }
    facts::AddFinding(policy_.rules(), "FD10", rule, *item_->mutable_reasons());
    DecideChargeable(item, v1::CHARGE_OUTCOME_PARTLY_FREE, carers);
  }

  void DecideAdaptation(const v1::SupportItem& item, Answer carers) {
    const std::string rule = absl::StrCat("Equipment is free up to a cost of ",
                                          Pounds(policy_.adaptation_free_up_to()), ".");
    if (!item.has_cost()) {
      Set(v1::CHARGE_OUTCOME_CANNOT_TELL, "FD10", rule);
      return Ask("FD10", place_ + "cost", "What does it cost?");
    }
    if (item.cost().pence() <= policy_.adaptation_free_up_to().pence()) {
      return Set(v1::CHARGE_OUTCOME_NO_CHARGE, "FD10", rule);
    }
    *item_->mutable_free_up_to() = policy_.adaptation_free_up_to();
    facts::AddFinding(policy_.rules(), "FD10", rule, *item_->mutable_reasons());
    DecideChargeable(item, v1::CHARGE_OUTCOME_PARTLY_FREE, carers);
  }

  // I4: true when the local charging policy charges for the item; otherwise the item is settled, or
  // asked about.
  bool LocalPolicyCharges(const v1::SupportItem& item) {
    const Answer charges = Known(item.local_policy_charges());
    if (charges == ANSWER_YES) {
      facts::AddFinding(policy_.rules(), "I4", "The local charging policy charges for this.",
                        *item_->mutable_reasons());
      return true;
    }
    if (charges == ANSWER_NO) {
      Set(v1::CHARGE_OUTCOME_NO_CHARGE, "I4",
          "The local charging policy makes no charge for this.");
      return false;
    }
    Ask("I4", place_ + "local_policy_charges", "Does the local charging policy charge for this?");
    Set(v1::CHARGE_OUTCOME_CANNOT_TELL, "I4", "The local charging policy says; go by it.");
    facts::AddReason(policy_.rules(), "s.14(4)", *item_->mutable_reasons());
    return false;
  }

  // Nothing about the item itself makes (all of) it free.
  void DecideChargeable(const v1::SupportItem& item, v1::ChargeOutcome outcome, Answer carers) {
    if (IsUnknown(carers)) {
      Ask("FD10", "facts.subject", "Is the support for a carer?");
      return Set(v1::CHARGE_OUTCOME_CANNOT_TELL, "FD10", "Services to carers are free here.");
    }
    if (policy_.local_charging_policy_first() && !LocalPolicyCharges(item)) return;
    if (FreeForThePerson() == ANSWER_UNKNOWN) {
      if (IsUnknown(facts_.insufficient_funds())) {
        Ask("FD10", "facts.insufficient_funds",
            "Has a financial assessment found too little to contribute?");
      }
      if (IsUnknown(facts_.authority_waives())) {
        Ask("FD10", "facts.authority_waives", "Has the authority chosen not to charge here?");
      }
      return Set(v1::CHARGE_OUTCOME_CANNOT_TELL, "FD10",
                 "Whether they can contribute, or the charge is waived, is not known.");
    }
    Set(outcome, "FD10", "The authority may charge; it need not.");
    facts::AddReason(policy_.rules(), "s.14(4)", *item_->mutable_reasons());
  }

  const v1::ChargingFacts& facts_;
  const v1::FundingPolicy& policy_;
  std::string place_;
  v1::ItemCharge* item_ = nullptr;
  v1::ChargingDecision decision_;
};

}  // namespace

v1::ChargingDecision DecideCharging(const v1::ChargingFacts& facts,
                                    const v1::FundingPolicy& policy) {
  return Charging(facts, policy).Decide();
}

}  // namespace asc::funding
