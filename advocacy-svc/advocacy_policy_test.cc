// The shipped policies: whole, as different as the documents are, and every field of them felt.

#include "advocacy-svc/advocacy_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "advocacy-svc/advocacy_rules.h"
#include "advocacy-svc/hold_rules.h"
#include "advocacy-svc/testing/shipped_policies.h"
#include "google/protobuf/descriptor.h"
#include "platform/facts/rules.h"
#include "platform/facts/tri_state.h"
#include "platform/testing/field_changes.h"
#include "platform/testing/status_matchers.h"

namespace asc::advocacy {
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

void AppendHolds(const v1::AdvocacyDecision& decision, const v1::AdvocacyPolicy& policy,
                 std::string& answers) {
  for (const auto state : {StateAfter(decision), v1::ADVOCACY_NEED_STATE_DECLINED}) {
    for (int placed = 0; placed < 2; ++placed) {
      v1::AdvocacyNeed need;
      *need.mutable_decision() = decision;
      need.set_state(state);
      if (placed == 1) {
        need.add_placements()->set_regime(v1::REGIME_CARE_ACT);
        need.mutable_placements(0)->set_appointed_for_process(ANSWER_YES);
      }
      for (int act = 1; act < v1::Act_ARRAYSIZE; ++act) {
        for (const auto process : {v1::PROCESS_UNSPECIFIED, v1::PROCESS_SUPPORT_PLANNING,
                                   v1::PROCESS_SAFEGUARDING_ENQUIRY}) {
          v1::CheckHoldRequest request;
          request.set_act(static_cast<v1::Act>(act));
          request.set_process(process);
          request.set_immediate_risk(ANSWER_YES);
          answers += DecideHold(need, {}, request, policy).SerializeAsString();
        }
      }
    }
  }
}

v1::AdvocacyFacts FactsOf(v1::Subject subject, Answer difficulty, Answer appropriate, int process) {
  v1::AdvocacyFacts facts;
  facts.set_subject(subject);
  facts.set_process_will_follow(ANSWER_YES);
  facts.set_process(static_cast<v1::Process>(process));
  for (int limb = 1; limb <= 4; ++limb) {
    facts.add_limbs()->set_limb(static_cast<v1::Limb>(limb));
    facts.mutable_limbs(limb - 1)->set_substantial_difficulty(difficulty);
  }
  v1::AppropriatePersonFacts& person = *facts.mutable_appropriate_person();
  person.set_exists(appropriate);
  person.set_willing_and_able(ANSWER_YES);
  person.set_person_lacks_capacity_to_consent(ANSWER_NO);
  person.set_person_consents(ANSWER_NO);
  person.set_paid_or_professional(process == 1 ? ANSWER_YES : ANSWER_NO);
  return facts;
}

std::string AnswersUnder(const v1::AdvocacyPolicy& policy) {
  std::string answers;
  for (const auto subject : {v1::SUBJECT_UNSPECIFIED, v1::SUBJECT_PERSON, v1::SUBJECT_CARER}) {
    for (const Answer difficulty : kAnswers) {
      for (const Answer appropriate : kAnswers) {
        for (int process = 0; process < v1::Process_ARRAYSIZE; ++process) {
          v1::AdvocacyFacts facts = FactsOf(subject, difficulty, appropriate, process);
          facts.set_power_purpose(v1::POWER_PURPOSE_OTHER);
          facts.set_plan_revision_expected(ANSWER_NO);
          facts.set_lacks_capacity(process % 2 == 0 ? ANSWER_YES : ANSWER_UNKNOWN);
          facts.set_imha_eligible(process % 2 == 0 ? ANSWER_YES : ANSWER_UNKNOWN);
          if (process == 4) {
            facts.set_material_disagreement(ANSWER_YES);
            facts.set_both_want_advocate(ANSWER_YES);
          }
          const v1::AdvocacyDecision decision = DecideAdvocacy(facts, policy);
          answers += decision.SerializeAsString();
          AppendHolds(decision, policy, answers);
          facts.mutable_appropriate_person()->set_person_consents(ANSWER_YES);
          answers += DecideAdvocacy(facts, policy).SerializeAsString();
          facts.mutable_appropriate_person()->clear_person_consents();
          facts.mutable_appropriate_person()->clear_paid_or_professional();
          answers += DecideAdvocacy(facts, policy).SerializeAsString();
        }
      }
    }
  }
  for (const auto& guidance : policy.guidance()) answers += guidance.SerializeAsString();
  return answers;
}

// ---- Every field is felt ----

// What only methods look at that are not served yet, and what says where a policy comes from.
const std::set<std::string>& NotServedYet() {
  static const std::set<std::string> kFields = {"authority",
                                                "version",
                                                "source",
                                                "providers",
                                                "refer_within_hours",
                                                "chase_after_days",
                                                "commissioner_role",
                                                "commissioner_within_hours",
                                                "discuss_before_referral"};
  return kFields;
}

bool IsNotServedYet(const google::protobuf::FieldDescriptor& field) {
  return field.containing_type() == v1::AdvocacyPolicy::descriptor() &&
         NotServedYet().contains(field.name());
}

class ShippedPolicyTest : public ::testing::TestWithParam<std::string> {
 protected:
  v1::AdvocacyPolicy policy_ = ShippedPolicy(GetParam());
};

TEST_P(ShippedPolicyTest, IsWhole) {
  EXPECT_EQ(policy_.authority(), GetParam());
  EXPECT_THAT(CheckPolicy(policy_), IsOk());
}

TEST_P(ShippedPolicyTest, HasNoServedFieldThatNothingFeels) {
  const std::string before = AnswersUnder(policy_);
  v1::AdvocacyPolicy changed = policy_;
  int fields = 0;
  asc::testing::EachFieldChange(changed, &IsNotServedYet, [&](const std::string& path) {
    ++fields;
    const bool felt = !CheckPolicy(changed).ok() || AnswersUnder(changed) != before;
    EXPECT_TRUE(felt) << GetParam() << path;
  });
  EXPECT_GT(fields, 50);
}

TEST_P(ShippedPolicyTest, StatesNoRuleThatNeverSpeaks) {
  const std::string answers = AnswersUnder(policy_);
  for (const auto& rule : policy_.rules()) EXPECT_THAT(answers, HasSubstr(rule.text()));
}

TEST_P(ShippedPolicyTest, MarksWhatTheDocumentLeavesOpen) {
  for (const auto& number : {policy_.refer_within_hours(), policy_.chase_after_days(),
                             policy_.commissioner_within_hours()}) {
    EXPECT_GT(number.value(), 0);
    EXPECT_FALSE(number.local_assumption().empty());
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
std::vector<Value> Across(const std::function<Value(const v1::AdvocacyPolicy&)>& read) {
  std::vector<Value> values;
  for (const std::string& authority : ShippedAuthorities()) {
    values.push_back(read(ShippedPolicy(authority)));
  }
  return values;
}

std::vector<bool> States(const char* rule_id) {
  return Across<bool>(
      [rule_id](const auto& p) { return facts::FindRule(p.rules(), rule_id) != nullptr; });
}

// Rotherham, Wakefield, the standard, Milton Keynes, Hillingdon's carers: in this order throughout.
TEST(Differences, InWhichRulesSpeak) {
  for (const char* rule_id : {"A1", "A1'", "A2", "A8"}) {
    EXPECT_THAT(States(rule_id), ElementsAre(true, true, true, true, true)) << rule_id;
  }
  for (const char* rule_id : {"A3", "A7", "A9", "A10", "A11", "SC2"}) {
    EXPECT_THAT(States(rule_id), ElementsAre(false, false, true, false, true)) << rule_id;
  }
  for (const char* rule_id : {"A4", "A5", "A6"}) {
    EXPECT_THAT(States(rule_id), ElementsAre(false, false, true, false, false)) << rule_id;
  }
  EXPECT_THAT(States("A12"), ElementsAre(false, false, false, false, true));
  EXPECT_THAT(States("A13"), ElementsAre(true, true, false, true, true));
}

TEST(Differences, InTheHold) {
  EXPECT_THAT(Across<int>([](const auto& p) { return p.hold_scope(); }),
              ElementsAre(v1::HOLD_SCOPE_BEFORE_FUNCTION, v1::HOLD_SCOPE_BEFORE_FUNCTION,
                          v1::HOLD_SCOPE_BEFORE_FUNCTION, v1::HOLD_SCOPE_BEFORE_FUNCTION,
                          v1::HOLD_SCOPE_ALL_PROCESSES));
  EXPECT_THAT(Across<bool>([](const auto& p) { return p.urgent_interim_exception(); }),
              ElementsAre(false, false, true, false, true));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.never_without_size(); }),
              ElementsAre(0, 0, 1, 0, 1));
}

TEST(Differences, InTheReferral) {
  EXPECT_THAT(Across<int>([](const auto& p) { return p.referral_timing(); }),
              ElementsAre(v1::REFERRAL_TIMING_WITH_TRANSFER, v1::REFERRAL_TIMING_WITH_TRANSFER,
                          v1::REFERRAL_TIMING_EARLIEST, v1::REFERRAL_TIMING_WITH_TRANSFER,
                          v1::REFERRAL_TIMING_IMMEDIATE));
  EXPECT_THAT(Across<bool>([](const auto& p) { return p.discuss_before_referral(); }),
              ElementsAre(true, true, true, true, false));
  EXPECT_THAT(Across<bool>([](const auto& p) {
                return facts::FindRule(p.rules(), "A2")->strength() == type::v1::STRENGTH_MUST;
              }),
              ElementsAre(true, true, true, true, false));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.applies_to_size(); }),
              ElementsAre(2, 2, 1, 2, 1));
}

TEST(CheckPolicyTest, NamesTheFieldThatIsWrong) {
  const auto expect = [](const v1::AdvocacyPolicy& policy, const char* field) {
    EXPECT_THAT(CheckPolicy(policy),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(field)));
  };
  v1::AdvocacyPolicy policy = ShippedPolicy("standard");
  policy.clear_hold_scope();
  expect(policy, "hold_scope");
  policy = ShippedPolicy("standard");
  policy.set_power_available(false);
  expect(policy, "power_available");
  policy = ShippedPolicy("rotherham");
  policy.set_urgent_interim_exception(true);
  expect(policy, "urgent_interim_exception");
  policy = ShippedPolicy("rotherham");
  policy.mutable_applies_to()->RemoveLast();
  expect(policy, "applies_to");
  policy = ShippedPolicy("rotherham");
  policy.mutable_rules(0)->set_rule_id("Z1");
  expect(policy, "rules");
}

}  // namespace
}  // namespace asc::advocacy
