// The shipped policies: whole, as different as the documents are, and every field of them felt.

#include "funding-svc/funding_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "funding-svc/charging_rules.h"
#include "funding-svc/decision_rules.h"
#include "funding-svc/testing/shipped_policies.h"
#include "funding-svc/urgent_rules.h"
#include "google/protobuf/descriptor.h"
#include "platform/facts/rules.h"
#include "platform/facts/tri_state.h"
#include "platform/testing/field_changes.h"
#include "platform/testing/status_matchers.h"

namespace asc::funding {
namespace {

using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;
using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Answer kAnswers[] = {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN};

// ---- What a policy does: every answer to a fixed set of facts ----

void AppendUrgent(const v1::FundingPolicy& policy, std::string& answers) {
  for (const auto subject : {v1::SUBJECT_UNSPECIFIED, v1::SUBJECT_PERSON, v1::SUBJECT_CARER}) {
    for (const Answer answer : kAnswers) {
      v1::FundingContent content;
      v1::UrgentFacts& facts = *content.mutable_urgent();
      facts.set_subject(subject);
      facts.set_ordinarily_resident(answer);
      facts.set_needs_assessed(answer);
      facts.set_appears_urgent(answer);
      content.mutable_factors()->set_has_personal_budget(answer);
      answers += CheckUrgent(facts, policy).SerializeAsString();
      answers += CheckCompleteness(content, policy).SerializeAsString();
    }
  }
}

void AppendDecisions(const v1::FundingPolicy& policy, std::string& answers) {
  for (const std::int64_t pence : {49999, 50000, 50001}) {
    v1::FundingRequest request;
    request.mutable_content()->add_items()->mutable_cost()->set_pence(pence);
    v1::FundingFactors& factors = *request.mutable_content()->mutable_factors();
    for (const Answer answer : kAnswers) {
      factors.mutable_wishes()->set_considered(answer);
      factors.mutable_other_options()->set_considered(ANSWER_YES);
      factors.mutable_cost_of_suitable_services()->set_considered(ANSWER_YES);
      v1::DecisionMade decision;
      decision.set_outcome(v1::FUNDING_OUTCOME_AGREED);
      decision.set_rationale("rationale");
      decision.set_meets_needs_now(ANSWER_YES);
      decision.add_grounds()->set_code(v1::GROUND_CODE_WISHES);
      decision.mutable_grounds(0)->set_fact("factors.wishes");
      for (const auto& level : policy.decision_levels()) {
        const Decider decider{"manager", {"fundingLevel." + level.role()}};
        answers += CheckDecision(request, decision, {}, decider, policy).SerializeAsString();
      }
      const Decider all{"manager", {"*"}};
      answers += CheckDecision(request, decision, {}, all, policy).SerializeAsString();
      answers += LevelFor(request.content().items(), policy).SerializeAsString();
    }
  }
}

void AppendCharges(const v1::FundingPolicy& policy, std::string& answers) {
  for (const auto subject : {v1::SUBJECT_UNSPECIFIED, v1::SUBJECT_PERSON, v1::SUBJECT_CARER}) {
    for (const Answer poor : kAnswers) {
      for (int kind = 1; kind < v1::SupportKind_ARRAYSIZE; ++kind) {
        for (const std::int64_t pence : {99999, 100000, 100001}) {
          v1::ChargingFacts facts;
          facts.set_subject(subject);
          facts.set_insufficient_funds(poor);
          facts.set_authority_waives(ANSWER_NO);
          facts.set_reablement_weeks_had(0);
          v1::SupportItem& item = *facts.add_items();
          item.set_kind(static_cast<v1::SupportKind>(kind));
          item.set_starts_on("2026-11-23");
          item.set_ends_on("2027-01-03");
          item.mutable_cost()->set_pence(pence);
          answers += DecideCharging(facts, policy).SerializeAsString();
        }
      }
    }
  }
}

std::string AnswersUnder(const v1::FundingPolicy& policy) {
  std::string answers;
  AppendUrgent(policy, answers);
  AppendDecisions(policy, answers);
  AppendCharges(policy, answers);
  for (const auto& guidance : policy.guidance()) answers += guidance.SerializeAsString();
  return answers;
}

// ---- Every field is felt ----

// What only methods look at that are not served yet, and what says where a policy comes from.
const std::set<std::string>& NotServedYet() {
  static const std::set<std::string> kFields = {"authority",
                                                "version",
                                                "source",
                                                "phone_confirmation",
                                                "carers_assessment_position",
                                                "early_finance_information",
                                                "finance_information_on_transfer",
                                                "money_contacts",
                                                "letter_texts",
                                                "decide_within_hours",
                                                "decide_emergency_within_hours",
                                                "tell_within_hours",
                                                "confirm_within_days",
                                                "notify_within_hours",
                                                "record_within_hours"};
  return kFields;
}

// The same for rules: telling, the assessment of carers, finance information.
bool SpeaksLater(const std::string& rule_id) {
  static const std::set<std::string> kRules = {"FD6", "FD7", "FD8", "FD11", "F1", "F2"};
  return kRules.contains(rule_id);
}

void LeaveOutWhatSpeaksLater(v1::FundingPolicy& policy) {
  google::protobuf::RepeatedPtrField<type::v1::PolicyRule> rules;
  for (const auto& rule : policy.rules()) {
    if (!SpeaksLater(rule.rule_id())) *rules.Add() = rule;
  }
  policy.mutable_rules()->Swap(&rules);
}

bool IsNotServedYet(const google::protobuf::FieldDescriptor& field) {
  return field.containing_type() == v1::FundingPolicy::descriptor() &&
         NotServedYet().contains(field.name());
}

class ShippedPolicyTest : public ::testing::TestWithParam<std::string> {
 protected:
  v1::FundingPolicy policy_ = ShippedPolicy(GetParam());
};

TEST_P(ShippedPolicyTest, IsWhole) {
  EXPECT_EQ(policy_.authority(), GetParam());
  EXPECT_THAT(CheckPolicy(policy_), IsOk());
}

TEST_P(ShippedPolicyTest, HasNoServedFieldThatNothingFeels) {
  LeaveOutWhatSpeaksLater(policy_);
  const std::string before = AnswersUnder(policy_);
  v1::FundingPolicy changed = policy_;
  int fields = 0;
  asc::testing::EachFieldChange(changed, &IsNotServedYet, [&](const std::string& path) {
    // Why a figure was chosen is said with the figure; a source may not need it.
    if (path.find("local_assumption") != std::string::npos) return;
    ++fields;
    const bool felt = !CheckPolicy(changed).ok() || AnswersUnder(changed) != before;
    EXPECT_TRUE(felt) << GetParam() << path;
  });
  EXPECT_GT(fields, 40);
}

TEST_P(ShippedPolicyTest, StatesNoRuleThatNeverSpeaks) {
  const std::string answers = AnswersUnder(policy_);
  for (const auto& rule : policy_.rules()) {
    if (SpeaksLater(rule.rule_id())) continue;
    EXPECT_THAT(answers, HasSubstr(rule.text()));
  }
}

TEST_P(ShippedPolicyTest, MarksWhatTheDocumentLeavesOpen) {
  for (const auto& number : {policy_.decide_within_hours(), policy_.decide_emergency_within_hours(),
                             policy_.tell_within_hours(), policy_.confirm_within_days(),
                             policy_.notify_within_hours(), policy_.record_within_hours()}) {
    EXPECT_GT(number.value(), 0);
    EXPECT_FALSE(number.local_assumption().empty());
  }
  for (const auto& level : policy_.decision_levels()) {
    EXPECT_FALSE(level.local_assumption().empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Authorities, ShippedPolicyTest, ::testing::ValuesIn(ShippedAuthorities()),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

// ---- The differences between the documents, pinned ----

template <class Value>
std::vector<Value> Across(const std::function<Value(const v1::FundingPolicy&)>& read) {
  std::vector<Value> values;
  for (const std::string& authority : ShippedAuthorities()) {
    values.push_back(read(ShippedPolicy(authority)));
  }
  return values;
}

std::vector<bool> States(const std::string& rule_id) {
  return Across<bool>(
      [&rule_id](const auto& p) { return facts::FindRule(p.rules(), rule_id.c_str()) != nullptr; });
}

// Rotherham, Wakefield, the standard, Milton Keynes, Hillingdon's carers: in this order throughout.
TEST(Differences, InWhichRulesSpeak) {
  for (const char* rule_id : {"U1", "U2", "U3", "U4", "U5", "U6", "FD1", "FD2", "FD3", "FD4", "FD5",
                              "FD6", "FD7", "FD8", "FD9", "FD12", "FD13", "FD14"}) {
    EXPECT_THAT(States(rule_id), ElementsAre(true, true, true, false, false)) << rule_id;
  }
  EXPECT_THAT(States("FD10"), ElementsAre(true, true, true, true, true));
  EXPECT_THAT(States("FD11"), ElementsAre(true, true, false, false, false));
  EXPECT_THAT(States("F1"), ElementsAre(true, true, true, true, false));
  EXPECT_THAT(States("F2"), ElementsAre(false, false, false, true, true));
  EXPECT_THAT(States("I4"), ElementsAre(false, false, false, true, true));
}

TEST(Differences, InUrgentSupportAndTelling) {
  EXPECT_THAT(
      Across<int>([](const auto& p) { return p.urgent_section(); }),
      ElementsAre(v1::URGENT_SECTION_INLINE, v1::URGENT_SECTION_INLINE, v1::URGENT_SECTION_INLINE,
                  v1::URGENT_SECTION_ABSENT, v1::URGENT_SECTION_INCLUDED_BY_REFERENCE));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.phone_confirmation_size(); }),
              ElementsAre(1, 1, 2, 0, 0));
}

TEST(Differences, InCharging) {
  EXPECT_THAT(Across<std::string>([](const auto& p) { return p.reablement_label(); }),
              ElementsAre("enablement", "reablement", "reablement", "reablement", "reablement"));
  EXPECT_THAT(Across<bool>([](const auto& p) { return p.carer_services_free(); }),
              ElementsAre(false, false, false, false, true));
  EXPECT_THAT(Across<bool>([](const auto& p) { return p.local_charging_policy_first(); }),
              ElementsAre(false, false, false, true, true));
}

TEST(Differences, InFinanceInformation) {
  EXPECT_THAT(Across<bool>([](const auto& p) { return p.early_finance_information(); }),
              ElementsAre(true, true, true, true, false));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.finance_information_on_transfer(); }),
              ElementsAre(v1::FINANCE_INFORMATION_ON_TRANSFER_MAKE_SURE,
                          v1::FINANCE_INFORMATION_ON_TRANSFER_MAKE_SURE,
                          v1::FINANCE_INFORMATION_ON_TRANSFER_EMPHASIS,
                          v1::FINANCE_INFORMATION_ON_TRANSFER_MAKE_SURE,
                          v1::FINANCE_INFORMATION_ON_TRANSFER_ABSENT));
}

TEST(CheckPolicyTest, NamesTheFieldThatIsWrong) {
  const auto expect = [](const v1::FundingPolicy& policy, const char* field) {
    EXPECT_THAT(CheckPolicy(policy),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(field)));
  };
  v1::FundingPolicy policy = ShippedPolicy("milton-keynes");
  policy.set_urgent_section(v1::URGENT_SECTION_INLINE);
  expect(policy, "urgent_section");
  policy = ShippedPolicy("rotherham");
  policy.mutable_reablement_free_weeks()->set_value(7);
  expect(policy, "reablement_free_weeks");
  policy = ShippedPolicy("rotherham");
  policy.mutable_decision_levels(0)->clear_decides_up_to();
  expect(policy, "decision_levels");
  policy = ShippedPolicy("hillingdon-carers");
  policy.clear_urgent_elsewhere();
  expect(policy, "urgent_elsewhere");
}

}  // namespace
}  // namespace asc::funding
