// The shipped policies: whole, as different as the documents are, and every field of them felt.

#include "referral-svc/referral_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/time_util.h"
#include "platform/facts/tri_state.h"
#include "platform/testing/field_changes.h"
#include "platform/testing/status_matchers.h"
#include "referral-svc/case_rules.h"
#include "referral-svc/equipment_rules.h"
#include "referral-svc/referral_rules.h"
#include "referral-svc/residence_rules.h"
#include "referral-svc/review_rules.h"
#include "referral-svc/route_rules.h"
#include "referral-svc/team_rules.h"
#include "referral-svc/testing/every_fact.h"
#include "referral-svc/testing/record_answers.h"
#include "referral-svc/testing/shipped_policies.h"
#include "referral-svc/transfer_rules.h"

namespace asc::referral {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;

using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;
using google::protobuf::util::TimeUtil;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1767607200);
constexpr Answer kAnswers[] = {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN};

// ---- What a policy does: every answer to a fixed set of requests ----

std::string Checked(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy) {
  v1::CheckReferralResponse answer = DecideReferral(details, policy);
  CiteItems(policy, answer);
  return answer.SerializeAsString();
}

void AppendReferrals(const v1::ReferralPolicy& policy, std::string& answers) {
  for (const v1::Subject subject : {v1::SUBJECT_PERSON, v1::SUBJECT_CARER}) {
    for (int kind = 0; kind < v1::ContactKind_ARRAYSIZE; ++kind) {
      for (int fact = 0; fact < 5; ++fact) {
        v1::ReferralDetails details;
        details.set_subject(subject);
        details.set_contact_kind(static_cast<v1::ContactKind>(kind));
        v1::LawfulBasis& basis = *details.mutable_lawful_basis();
        basis.set_made_by_the_person(fact == 1 ? ANSWER_YES : ANSWER_NO);
        basis.mutable_consent()->set_given(fact == 2 ? ANSWER_UNKNOWN : ANSWER_NO);
        basis.mutable_capacity()->set_lacks_capacity(fact == 3 ? ANSWER_UNKNOWN : ANSWER_NO);
        if (fact == 3) basis.mutable_best_interests()->set_decided(ANSWER_UNKNOWN);
        basis.set_at_risk_of_abuse_or_neglect(fact == 4 ? ANSWER_UNKNOWN : ANSWER_NO);
        if (fact == 0) basis.Clear();
        details.mutable_person_view()->set_issue("issue");
        if (fact != 1) details.mutable_person_view()->set_wish("wish");
        answers += Checked(details, policy);
        details.set_moving_to_adult_services(ANSWER_YES);
        answers += Checked(details, policy);
        // Lawful whatever is known of consent, so that each item's question is put.
        details.set_moving_to_adult_services(ANSWER_NO);
        basis.set_at_risk_of_abuse_or_neglect(ANSWER_YES);
        answers += Checked(details, policy);
      }
    }
  }
}

void AppendRoute(const v1::ReferralPolicy& policy, v1::RouteContactRequest& request,
                 std::string& answers) {
  answers += DecideRoute(request, {}, policy, kNow).SerializeAsString();
}

void AppendRoutesOf(const v1::ReferralPolicy& policy, v1::RouteContactRequest request,
                    std::string& answers) {
  v1::RouteFacts& facts = *request.mutable_facts();
  for (const Answer allocated : kAnswers) {
    facts.set_allocated_to_worker(allocated);
    facts.set_team_responsible(allocated);
    AppendRoute(policy, request, answers);
    for (const Answer available : kAnswers) {
      for (const Answer soon : kAnswers) {
        for (const Answer received : kAnswers) {
          for (const std::int64_t away_minutes : {-1, 0, 60, 181, 5000}) {
            facts.set_available_now(available);
            facts.set_available_soon_enough(soon);
            facts.set_service_can_receive(received);
            facts.set_manager_agreed(received == ANSWER_YES ? ANSWER_NO : ANSWER_UNKNOWN);
            facts.set_return_known(away_minutes < 0    ? ANSWER_UNKNOWN
                                   : away_minutes == 0 ? ANSWER_NO
                                                       : ANSWER_YES);
            facts.clear_available_from();
            if (away_minutes > 0) {
              *facts.mutable_available_from() = TimeUtil::MicrosecondsToTimestamp(
                  absl::ToUnixMicros(kNow + absl::Minutes(away_minutes)));
            }
            AppendRoute(policy, request, answers);
          }
        }
      }
    }
  }
}

void AppendResidence(const v1::ReferralPolicy& policy, std::string& answers) {
  v1::Residence residence;
  EachCombination(
      residence,
      {"ordinarily_resident_here", "person_insists", "appearance_of_need", "disputed_or_refused"},
      [&] {
        residence.set_would_delay(residence.disputed_or_refused());
        residence.set_hard_to_make_contact(residence.person_insists());
        residence.set_contact_agreed(residence.appearance_of_need());
        answers += DecideResidence(residence, policy).SerializeAsString();
      });
}

void AppendReviews(const v1::ReferralPolicy& policy, std::string& answers) {
  v1::ReviewFacts facts;
  const auto append = [&](const ReviewRecords& records) {
    answers += DecideReviewRoute(facts, records, policy, kNow).SerializeAsString();
  };
  ReviewRecords away;
  away.allocations.emplace_back().set_role(v1::ALLOCATION_ROLE_WORKER);
  away.allocations.back().set_worker_id("worker-1");
  away.availability.emplace().add_absences();
  for (const v1::Subject subject : {v1::SUBJECT_PERSON, v1::SUBJECT_CARER}) {
    facts.Clear();
    facts.set_subject(subject);
    EachCombination(facts,
                    {"has_plan", "reablement_plan", "request_reasonable", "has_allocated_worker"},
                    [&] { append({}); });
    facts.set_has_plan(ANSWER_YES);
    facts.set_reablement_plan(ANSWER_NO);
    facts.set_request_reasonable(ANSWER_YES);
    EachCombination(facts, {"needs_changed", "circumstances_changed", "budget_change_required"},
                    [&] {
                      facts.set_has_allocated_worker(ANSWER_NO);
                      append({});
                    });
    EachCombination(facts, {"worker_can", "urgent", "review_planned"}, [&] {
      facts.set_has_allocated_worker(ANSWER_YES);
      append({});
      append(away);
    });
  }
}

void AppendGates(const v1::ReferralPolicy& policy, std::string& answers) {
  v1::ReferralDetails details;
  v1::TransferFacts facts;
  const auto append = [&](const GateDecision& made) {
    answers += made.decision.SerializeAsString();
    for (const v1::Gate& gate : made.gates) answers += gate.SerializeAsString();
  };
  EachCombination(facts, {"safeguarding_or_urgent", "longer_term_work", "may_lead_to_assessment"},
                  [&] {
                    for (const Answer answer : kAnswers) {
                      facts.set_advocacy_hold(answer);
                      details.mutable_prevention()->set_all_explored(answer);
                      details.mutable_information()->set_finance_information_given(answer);
                      details.mutable_residence()->set_ordinarily_resident_here(answer);
                      details.mutable_prevention()->set_found_unsuitable(ANSWER_UNKNOWN);
                      append(DecideTransfer(details, facts, {}, policy));
                      append(DecideLongTermSupport(details, facts, {}, policy));
                    }
                  });
}

void AppendTeams(const v1::ReferralPolicy& policy, std::string& answers) {
  std::vector<v1::Team> teams(2);
  teams[0].set_team_id("team-a");
  teams[0].add_functions(v1::PURPOSE_ASSESSMENT);
  teams[0].add_subjects(v1::SUBJECT_PERSON);
  teams[1].set_team_id("team-b");
  v1::ReferralDetails details;
  details.set_subject(v1::SUBJECT_PERSON);
  details.set_purpose(v1::PURPOSE_ASSESSMENT);
  answers += DecideTeamRanks(details, "", teams, policy).SerializeAsString();
  details.mutable_communication()->set_any(ANSWER_NO);
  details.mutable_person_view()->add_needs("falls");
  teams[0].add_needs_covered("falls");
  for (const char* wished : {"", "team-a", "team-b"}) {
    answers += DecideTeamRanks(details, wished, teams, policy).SerializeAsString();
  }
}

void AppendCases(const v1::ReferralPolicy& policy, std::string& answers) {
  const auto append = [&](const v1::CaseFacts& facts) {
    answers += DecideCase(facts, policy).SerializeAsString();
  };
  for (const v1::Subject subject : {v1::SUBJECT_PERSON, v1::SUBJECT_CARER}) {
    v1::CaseFacts facts;
    facts.set_subject(subject);
    EachCombination(facts, {"circumstances_complex", "joint_assessment_needed", "carer_agrees"},
                    [&] { append(facts); });
    facts.set_circumstances_complex(ANSWER_YES);
    EachCombination(facts,
                    {"other_service_better", "receiving_team_appropriate", "transfer_would_harm"},
                    [&] { append(facts); });
  }
}

void AppendEquipment(const v1::ReferralPolicy& policy, std::string& answers) {
  v1::EquipmentFacts facts;
  EachCombination(
      facts, {"allocation_not_required", "in_local_scheme", "safe_use_arranged", "through_partner"},
      [&] {
        facts.set_most_proportionate(facts.allocation_not_required());
        facts.set_monitoring_arranged(facts.safe_use_arranged());
        facts.set_review_arranged(facts.safe_use_arranged());
        answers += DecideWorks(facts, policy).SerializeAsString();
      });
  v1::DecideMaintenanceRequest request;
  EachCombination(request, {"our_job", "person_can_arrange", "need_met_meanwhile"},
                  [&] { answers += DecideUpkeep(request, policy).SerializeAsString(); });
}

std::string AnswersUnder(const v1::ReferralPolicy& policy) {
  std::string answers;
  AppendReferrals(policy, answers);
  AppendResidence(policy, answers);
  AppendReviews(policy, answers);
  AppendGates(policy, answers);
  AppendTeams(policy, answers);
  AppendCases(policy, answers);
  AppendEquipment(policy, answers);
  for (const v1::Subject subject : {v1::SUBJECT_PERSON, v1::SUBJECT_CARER}) {
    for (const v1::Channel channel :
         {v1::CHANNEL_TELEPHONE, v1::CHANNEL_LETTER, v1::CHANNEL_EMAIL}) {
      v1::RouteContactRequest request;
      request.set_subject(subject);
      request.set_channel(channel);
      request.set_worker_id("worker-1");
      AppendRoutesOf(policy, request, answers);
      request.clear_worker_id();
      request.set_team_id("team-1");
      AppendRoute(policy, request, answers);
      request.mutable_facts()->set_team_responsible(ANSWER_YES);
      AppendRoute(policy, request, answers);
    }
  }
  AppendRecords(policy, answers);
  return answers;
}

// ---- Changing one field ----

// Parts of a policy that later work serves, and notes for people.
const std::set<std::string>& NotServedYet() {
  static const std::set<std::string> kNames = {"source", "local_assumptions", "authority"};
  return kNames;
}

bool IsNotServedYet(const google::protobuf::FieldDescriptor& field) {
  // Joint work serves these two of `cases`.
  if (field.containing_type() == v1::CasePolicy::descriptor()) {
    return field.name() == "joint_work" || field.name() == "specialist_procedures";
  }
  return field.containing_type() == v1::ReferralPolicy::descriptor() &&
         NotServedYet().contains(field.name());
}

class ShippedPolicyTest : public ::testing::TestWithParam<std::string> {
 protected:
  v1::ReferralPolicy policy_ = ShippedPolicy(GetParam());
};

TEST_P(ShippedPolicyTest, IsWhole) {
  EXPECT_EQ(policy_.authority(), GetParam());
  EXPECT_THAT(CheckPolicy(policy_), IsOk());
}

TEST_P(ShippedPolicyTest, HasNoServedFieldThatNothingFeels) {
  const std::string before = AnswersUnder(policy_);
  v1::ReferralPolicy changed = policy_;
  int fields = 0;
  asc::testing::EachFieldChange(changed, &IsNotServedYet, [&](const std::string& path) {
    ++fields;
    const bool felt = !CheckPolicy(changed).ok() || AnswersUnder(changed) != before;
    EXPECT_TRUE(felt) << GetParam() << path;
  });
  EXPECT_GT(fields, 200);
}

TEST_P(ShippedPolicyTest, StatesNoRuleThatNeverSpeaks) {
  const std::string answers = AnswersUnder(policy_);
  for (const v1::RuleStatement& statement : policy_.statements()) {
    EXPECT_THAT(answers, HasSubstr(statement.rule_id()));
  }
}

TEST_P(ShippedPolicyTest, AsksEveryQuestionItHolds) {
  const std::string answers = AnswersUnder(policy_);
  for (const v1::RuleStatement& statement : policy_.statements()) {
    if (!statement.question().empty()) {
      EXPECT_THAT(answers, HasSubstr(statement.question()));
    }
    for (const v1::FactQuestion& question : statement.questions()) {
      EXPECT_THAT(answers, HasSubstr(question.text()));
    }
  }
}

std::string NameOf(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Authorities, ShippedPolicyTest, ::testing::ValuesIn(ShippedAuthorities()),
                         NameOf);

// ---- The differences between the documents, pinned ----

// The order of the columns in every comparison below.
constexpr const char* kDocuments[] = {"rotherham", "wakefield", "standard", "milton-keynes",
                                      "hillingdon-carers"};

template <class Value>
std::vector<Value> Across(const std::function<Value(const v1::ReferralPolicy&)>& read) {
  std::vector<Value> values;
  for (const char* authority : kDocuments) {
    values.push_back(read(ShippedPolicy(authority)));
  }
  return values;
}

std::vector<bool> States(const char* rule_id) {
  return Across<bool>([rule_id](const auto& p) { return FindStatement(p, rule_id) != nullptr; });
}

bool IsIfPossible(const v1::ReferralPolicy& p) {
  return p.items().items(0).strength() == type::v1::STRENGTH_IF_POSSIBLE;
}

bool AcceptsAManagersAgreement(const v1::ReferralPolicy& p) {
  return p.written().receipt_alternative() == v1::RECEIPT_ALTERNATIVE_MANAGER_AGREEMENT;
}

bool BindsOriginals(const v1::ReferralPolicy& p) {
  return FindStatement(p, "W6")->strength() == type::v1::STRENGTH_MUST;
}

bool GatesTheTransfer(const v1::ReferralPolicy& p) {
  return p.prevention().explore_before() == v1::EXPLORE_BEFORE_TRANSFER &&
         p.prevention().long_term_barred_until_satisfied();
}

TEST(Differences, InWhoIsCovered) {
  EXPECT_THAT(Across<int>([](const auto& p) { return p.scope().subjects_size(); }),
              ElementsAre(2, 2, 1, 2, 1));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.scope().contact_kinds_size(); }),
              ElementsAre(0, 0, 3, 0, 2));
  EXPECT_THAT(States("SC1"), ElementsAre(false, false, true, false, true));
  EXPECT_THAT(States("SC2"), ElementsAre(false, false, true, false, true));
  EXPECT_THAT(States("SC3"), ElementsAre(false, false, false, false, true));
  EXPECT_THAT(States("SC4"), ElementsAre(false, false, true, false, false));
}

TEST(Differences, InReferrals) {
  EXPECT_THAT(Across<int>([](const auto& p) { return p.lawful_basis().bases_size(); }),
              ElementsAre(4, 4, 4, 4, 3));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.items().items_size(); }),
              ElementsAre(14, 14, 14, 14, 13));
  EXPECT_THAT(Across<bool>(&IsIfPossible), ElementsAre(false, false, true, false, false));
}

TEST(Differences, InTelephoneRouting) {
  EXPECT_THAT(Across<bool>([](const auto& p) { return p.transfer().check_team_responsible(); }),
              ElementsAre(true, true, false, true, false));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.transfer().availability_sources_size(); }),
              ElementsAre(2, 2, 0, 2, 3));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.transfer().known_actions_size(); }),
              ElementsAre(5, 5, 6, 5, 5));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.transfer().unknown_actions_size(); }),
              ElementsAre(5, 5, 0, 5, 5));
  EXPECT_THAT(Across<bool>([](const auto& p) { return p.transfer().escalate_to_line_manager(); }),
              ElementsAre(false, false, true, false, false));
  EXPECT_THAT(States("T4"), ElementsAre(true, true, false, true, true));
  EXPECT_THAT(States("T6"), ElementsAre(true, true, false, true, true));
  EXPECT_THAT(States("T7"), ElementsAre(false, false, true, false, false));
}

TEST(Differences, InWrittenContacts) {
  EXPECT_THAT(Across<bool>([](const auto& p) { return p.written().pre_transfer_checks(); }),
              ElementsAre(true, true, false, true, true));
  EXPECT_THAT(Across<bool>(&AcceptsAManagersAgreement),
              ElementsAre(false, false, false, false, true));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.written().unavailable_actions_size(); }),
              ElementsAre(5, 5, 0, 5, 5));
  EXPECT_THAT(Across<bool>(&BindsOriginals), ElementsAre(true, true, false, true, true));
}

TEST(Differences, InWhatLaterWorkServes) {
  EXPECT_THAT(Across<bool>([](const auto& p) { return p.residence().established_first(); }),
              ElementsAre(false, false, false, true, false));
  EXPECT_THAT(Across<bool>(&GatesTheTransfer), ElementsAre(true, true, false, false, false));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.finance_information().on_transfer(); }),
              ElementsAre(v1::FINANCE_ON_TRANSFER_MAKE_SURE, v1::FINANCE_ON_TRANSFER_MAKE_SURE,
                          v1::FINANCE_ON_TRANSFER_EMPHASIS_ONLY, v1::FINANCE_ON_TRANSFER_MAKE_SURE,
                          v1::FINANCE_ON_TRANSFER_ABSENT));
  EXPECT_THAT(Across<bool>([](const auto& p) { return p.advocacy().has_with_transfer(); }),
              ElementsAre(true, true, false, true, false));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.review().confirm(); }),
              ElementsAre(0, 0, v1::REVIEW_CONFIRM_ABLE, 0, v1::REVIEW_CONFIRM_AVAILABLE));
  EXPECT_THAT(Across<bool>([](const auto& p) { return p.review().route_to_team(); }),
              ElementsAre(true, true, true, true, false));
  EXPECT_THAT(Across<bool>([](const auto& p) { return !p.cases().outsourced_assessor().empty(); }),
              ElementsAre(false, false, false, false, true));
  EXPECT_THAT(Across<int>([](const auto& p) { return p.waiting().factor_weights_size(); }),
              ElementsAre(0, 0, 6, 0, 6));
}

TEST(CheckPolicyTest, NamesTheFieldThatIsWrong) {
  v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  policy.mutable_items()->mutable_items(3)->set_number(9);
  EXPECT_THAT(CheckPolicy(policy),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("items[ITEM_CAPACITY]")));
  policy = ShippedPolicy("rotherham");
  *policy.add_statements() = policy.statements(0);
  EXPECT_THAT(CheckPolicy(policy),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("stated twice")));
  policy = ShippedPolicy("rotherham");
  policy.mutable_transfer()->set_escalate_to_line_manager(true);
  EXPECT_THAT(CheckPolicy(policy),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("says nothing of T7")));
}

}  // namespace
}  // namespace asc::referral
