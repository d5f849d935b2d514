#include "referral-svc/equipment_rules.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "referral-svc/testing/every_fact.h"
#include "referral-svc/testing/shipped_policies.h"

namespace asc::referral {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_YES;

const std::vector<std::string> kFacts = {"allocation_not_required", "most_proportionate",
                                         "in_local_scheme",         "safe_use_arranged",
                                         "monitoring_arranged",     "review_arranged"};

TEST(Equipment, UnknownFactsNeverGiveAStrongerOutcomeThanBothYesAndNo) {
  const v1::ReferralPolicy& policy = ShippedPolicy("standard");
  v1::EquipmentFacts facts;
  ExpectUnknownIsNeverStronger(facts, kFacts,
                               [&] { return VerdictOf(DecideWorks(facts, policy)); });
  v1::DecideMaintenanceRequest request;
  ExpectUnknownIsNeverStronger(request, {"our_job", "person_can_arrange", "need_met_meanwhile"},
                               [&] { return VerdictOf(DecideUpkeep(request, policy)); });
}

TEST(Equipment, IsPermittedOnlyWhenEverythingIsKnownToHold) {
  const v1::ReferralPolicy& policy = ShippedPolicy("standard");
  v1::EquipmentFacts facts;
  EachCombination(facts, kFacts, [&] {
    bool all = true;
    bool any_no = false;
    for (const std::string& name : kFacts) {
      const auto* field = facts.GetDescriptor()->FindFieldByName(name);
      const int answer = facts.GetReflection()->GetEnumValue(facts, field);
      all &= answer == ANSWER_YES;
      any_no |= answer == ANSWER_NO;
    }
    const v1::Decision decision = DecideWorks(facts, policy).decision();
    EXPECT_EQ(decision.outcome(), all      ? v1::OUTCOME_PERMITTED
                                  : any_no ? v1::OUTCOME_REFUSED
                                           : v1::OUTCOME_CANNOT_TELL);
    if (decision.outcome() == v1::OUTCOME_CANNOT_TELL) {
      EXPECT_GE(decision.questions_size(), 1) << facts.ShortDebugString();
    }
  });
}

TEST(Maintenance, LeavesTheDutyToMeetTheNeedWhoseverJobItIs) {
  const v1::ReferralPolicy& policy = ShippedPolicy("standard");
  for (const auto ours : kEveryAnswer) {
    v1::DecideMaintenanceRequest request;
    request.set_our_job(ours);
    request.set_need_met_meanwhile(ANSWER_NO);
    bool interim = false;
    const v1::DecideMaintenanceResponse answer = DecideUpkeep(request, policy);
    for (const v1::Action& action : answer.actions()) {
      interim |= action.kind() == v1::ACTION_KIND_INTERIM_MEASURE && action.due() == ANSWER_YES;
    }
    EXPECT_TRUE(interim);
  }
}

}  // namespace
}  // namespace asc::referral
