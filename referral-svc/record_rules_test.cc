// The rules about a referral's life, who waits first, concerns, joint work and originals.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "google/protobuf/text_format.h"
#include "google/protobuf/util/time_util.h"
#include "referral-svc/communication_rules.h"
#include "referral-svc/concern_rules.h"
#include "referral-svc/due_rules.h"
#include "referral-svc/joint_rules.h"
#include "referral-svc/life_rules.h"
#include "referral-svc/referral_rules.h"
#include "referral-svc/testing/shipped_policies.h"
#include "referral-svc/waiting_rules.h"

namespace asc::referral {
namespace {

using google::protobuf::util::TimeUtil;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using type::v1::Answer;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_UNKNOWN;
using type::v1::ANSWER_YES;

constexpr Answer kAnswers[] = {ANSWER_YES, ANSWER_NO, ANSWER_UNKNOWN};

// ---- What an open referral stands on ----

v1::CheckReferralResponse CheckedAs(v1::Outcome outcome) {
  v1::CheckReferralResponse check;
  check.mutable_decision()->set_outcome(outcome);
  check.mutable_decision()->add_questions();
  for (const auto& [basis, holds] :
       {std::pair(v1::BASIS_CONSENT, ANSWER_YES), std::pair(v1::BASIS_RISK_OF_HARM, ANSWER_NO)}) {
    check.add_bases()->set_basis(basis);
    check.mutable_bases()->rbegin()->set_holds(holds);
  }
  check.add_items()->set_number(1);
  check.add_items()->set_number(2);
  check.mutable_items(1)->add_missing_fields("details.person_view.wish");
  return check;
}

TEST(KeepCheckTest, PutsWhatHoldsNowInThePlaceOfWhatHeld) {
  v1::Referral referral;
  referral.add_bases(v1::BASIS_RISK_OF_HARM);
  referral.add_still_to_gather()->set_number(9);
  v1::CheckReferralResponse check = CheckedAs(v1::OUTCOME_PERMITTED);
  KeepCheck(check, referral);
  EXPECT_THAT(referral.bases(), ElementsAre(v1::BASIS_CONSENT));
  EXPECT_FALSE(IsAboutRisk(referral));
  EXPECT_THAT(referral.decision().questions(), IsEmpty());
  ASSERT_EQ(referral.still_to_gather_size(), 1);
  EXPECT_EQ(referral.still_to_gather(0).number(), 2);
}

TEST(KeepCheckTest, KeepsARiskThatAnotherProcedureDoesNotKnow) {
  v1::Referral referral;
  referral.add_bases(v1::BASIS_RISK_OF_HARM);
  v1::CheckReferralResponse check = CheckedAs(v1::OUTCOME_REDIRECTED);
  check.mutable_bases(1)->set_holds(ANSWER_YES);
  KeepCheck(check, referral);
  EXPECT_THAT(referral.bases(), ElementsAre(v1::BASIS_RISK_OF_HARM, v1::BASIS_CONSENT));
  // What was once about a risk is answered for when it is withdrawn.
  referral.clear_bases();
  EXPECT_TRUE(IsAboutRisk(referral));
}

// Who is referred may be corrected together with the risk, or before anybody knows of it.
TEST(KeepCheckTest, KeepsARiskThatIsNoBasisForThisSubject) {
  for (const auto& [authority, subject] : {std::pair("standard", v1::SUBJECT_CARER),
                                           std::pair("hillingdon-carers", v1::SUBJECT_PERSON)}) {
    v1::Referral referral;
    v1::ReferralDetails& details = *referral.mutable_details();
    details.set_subject(subject);
    details.mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
    v1::CheckReferralResponse check = DecideOpenReferral(details, ShippedPolicy(authority));
    EXPECT_EQ(check.decision().outcome(), v1::OUTCOME_REDIRECTED);
    KeepCheck(check, referral);
    EXPECT_TRUE(referral.was_at_risk()) << authority;
    // Corrected since, and still answered for.
    details.mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_NO);
    EXPECT_EQ(DecideWithdrawal(referral, {}, ShippedPolicy(authority)).outcome(),
              v1::OUTCOME_REFUSED);
  }
}

TEST(IsAboutRiskTest, CountsWhateverTellsOfARiskAndNothingUnknown) {
  v1::Referral referral;
  EXPECT_FALSE(IsAboutRisk(referral));
  std::vector<v1::ReferralDetails> telling(5);
  telling[0].set_purpose(v1::PURPOSE_SAFEGUARDING);
  telling[1].mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
  telling[2].mutable_safeguarding()->set_adult_concern(ANSWER_YES);
  telling[3].mutable_safeguarding()->set_child_concern(ANSWER_YES);
  telling[4].mutable_safeguarding()->set_imminent_danger_or_crime(ANSWER_YES);
  for (const v1::ReferralDetails& details : telling) {
    *referral.mutable_details() = details;
    EXPECT_TRUE(IsAboutRisk(referral)) << details.ShortDebugString();
  }
  referral.mutable_details()->mutable_safeguarding()->set_imminent_danger_or_crime(ANSWER_UNKNOWN);
  EXPECT_FALSE(IsAboutRisk(referral));
}

// ---- The state machine ----

TEST(StateMachineTest, HasEachVerbOnceAndEveryStatusLeadsSomewhere) {
  std::set<std::string> names;
  std::set<int> left;
  for (const VerbRule& rule : StateMachine()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_FALSE(rule.from.empty()) << rule.name;
    if (rule.to != v1::REFERRAL_STATUS_UNSPECIFIED) left.insert(rule.from.begin(), rule.from.end());
    for (int status = 1; status <= v1::ReferralStatus_MAX; ++status) {
      const bool listed = std::find(rule.from.begin(), rule.from.end(), status) != rule.from.end();
      EXPECT_EQ(IsPossible(rule.verb, static_cast<v1::ReferralStatus>(status)), listed);
    }
  }
  EXPECT_EQ(left.size(), static_cast<std::size_t>(v1::ReferralStatus_MAX));
}

TEST(StateMachineTest, ChangesAFinalStatusByReopeningAlone) {
  for (const VerbRule& rule : StateMachine()) {
    for (const auto status : {v1::REFERRAL_STATUS_COMPLETED, v1::REFERRAL_STATUS_WITHDRAWN}) {
      EXPECT_TRUE(IsFinal(status));
      EXPECT_EQ(IsPossible(rule.verb, status), rule.verb == Verb::kReopen) << rule.name;
    }
  }
}

TEST(StateMachineTest, GivesOneReasonForEachThingThatIsMissing) {
  v1::Referral referral;
  referral.set_status(v1::REFERRAL_STATUS_ACCEPTED);
  const auto all = ListActions(referral, {"*"});
  const auto none = ListActions(referral, {});
  for (int i = 0; i < all.actions_size(); ++i) {
    EXPECT_EQ(none.actions(i).reasons_size(), all.actions(i).reasons_size() + 1);
    EXPECT_FALSE(none.actions(i).possible());
    // Nobody is allocated for somebody without a reference.
    if (all.actions(i).verb() == "allocate") {
      EXPECT_EQ(all.actions(i).reasons(0).rule_id(), "person");
    }
  }
}

TEST(StateMachineTest, SaysFromWhereAVerbIsPossible) {
  EXPECT_EQ(WhyNot(Verb::kAccept, v1::REFERRAL_STATUS_COMPLETED),
            "accept is possible while it is OPENED or TRANSFERRED; it is COMPLETED.");
}

// ---- Who is whom ----

type::v1::PersonRef Person(const char* id, const char* nhs, const char* name, const char* born) {
  type::v1::PersonRef person;
  person.set_person_id(id);
  person.set_nhs_number(nhs);
  person.set_full_name(name);
  person.set_born_on(born);
  return person;
}

TEST(PersonTest, IsNotOneWithAnotherNumberOrReference) {
  const auto both = [](const char* id_a, const char* nhs_a, const char* id_b, const char* nhs_b) {
    return MayBeOnePerson(Person(id_a, nhs_a, "", ""), Person(id_b, nhs_b, "", ""));
  };
  EXPECT_TRUE(both("", "", "", ""));
  EXPECT_TRUE(both("p", "", "p", ""));
  EXPECT_TRUE(both("p", "", "", "1"));
  EXPECT_FALSE(both("p", "", "q", ""));
  // The number tells people apart better than the council's own reference.
  EXPECT_TRUE(both("p", "1", "q", "1"));
  EXPECT_FALSE(both("p", "1", "p", "2"));
}

// ---- Withdrawal, destination, repinning ----

TEST(WithdrawalTest, NeedsAnOverrideOnlyAfterARiskOfHarm) {
  const auto& policy = ShippedPolicy("rotherham");
  v1::Referral referral;
  referral.add_bases(v1::BASIS_SELF);
  google::protobuf::RepeatedPtrField<v1::Override> overrides;
  EXPECT_EQ(DecideWithdrawal(referral, overrides, policy).outcome(), v1::OUTCOME_PERMITTED);
  referral.add_bases(v1::BASIS_RISK_OF_HARM);
  EXPECT_EQ(DecideWithdrawal(referral, overrides, policy).outcome(), v1::OUTCOME_REFUSED);
  overrides.Add()->set_rule_id("P1");
  EXPECT_EQ(DecideWithdrawal(referral, overrides, policy).outcome(), v1::OUTCOME_REFUSED);
  overrides.Add()->set_rule_id("R1");
  const auto decision = DecideWithdrawal(referral, overrides, policy);
  EXPECT_EQ(decision.outcome(), v1::OUTCOME_PERMITTED);
  EXPECT_EQ(decision.reasons(0).citations(0).provision(), "lines 67-72");
}

TEST(DestinationTest, WarnsAsksOrIsContent) {
  const auto& policy = ShippedPolicy("hillingdon-carers");
  v1::Destination destination;
  EXPECT_EQ(DecideDestination(destination, policy).questions_size(), 1);
  destination.set_waiting_adds_risk(ANSWER_YES);
  EXPECT_THAT(DecideDestination(destination, policy).reasons().rbegin()->text(),
              HasSubstr("do not wait"));
  destination.set_waiting_adds_risk(ANSWER_NO);
  EXPECT_EQ(DecideDestination(destination, policy).questions_size(), 0);
  EXPECT_GE(DecideDestination(destination, policy).reasons_size(), 1);
}

TEST(RepinTest, ListsEveryReasonBasisAndItemThatChanges) {
  v1::ReferralDetails details;
  details.set_subject(v1::SUBJECT_CARER);
  details.set_moving_to_adult_services(ANSWER_NO);
  details.mutable_lawful_basis()->mutable_capacity()->set_lacks_capacity(ANSWER_YES);
  details.mutable_lawful_basis()->mutable_best_interests()->set_decided(ANSWER_YES);
  details.mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(ANSWER_YES);
  v1::CheckReferralResponse before = DecideReferral(details, ShippedPolicy("wakefield"));
  v1::Referral referral;
  *referral.mutable_decision() = before.decision();
  referral.mutable_decision()->mutable_policy_version()->set_version("50");
  referral.mutable_decision()->mutable_policy_version()->set_hash("a");
  referral.add_bases(v1::BASIS_BEST_INTERESTS);
  referral.add_bases(v1::BASIS_RISK_OF_HARM);
  for (const auto& item : before.items()) {
    if (!item.missing_fields().empty()) *referral.add_still_to_gather() = item;
  }
  v1::CheckReferralResponse after = DecideReferral(details, ShippedPolicy("hillingdon-carers"));
  after.mutable_decision()->mutable_policy_version()->set_version("81");
  after.mutable_decision()->mutable_policy_version()->set_hash("b");
  const auto changes = RepinChanges(referral, after);
  EXPECT_EQ(changes[0], "The policy is version 81, no longer 50.");
  EXPECT_THAT(changes, ::testing::Contains("BASIS_BEST_INTERESTS no longer counts."));
  EXPECT_THAT(changes, ::testing::Contains(HasSubstr("Rule R1 has other words")));
  EXPECT_THAT(changes, ::testing::Contains(HasSubstr("ITEM_PERSON_VIEW, was item 5.")));
}

// ---- Who waits first (AL1), who is best placed (AL2, AL3) ----

v1::Referral WaitingReferral(const std::string& id, int since, const std::vector<int>& levels) {
  v1::Referral referral;
  referral.set_referral_id(id);
  *referral.mutable_opened_at() = TimeUtil::SecondsToTimestamp(since);
  v1::PriorityFactors& factors = *referral.mutable_priority();
  for (int i = 0; i < 6; ++i) {
    factors.GetReflection()->SetEnumValue(&factors, factors.GetDescriptor()->field(i), levels[i]);
  }
  return referral;
}

TEST(WaitingTest, RanksTheSameWhateverTheOrderTheyComeIn) {
  std::mt19937 random(20260105);
  const auto& policy = ShippedPolicy("standard");
  std::vector<v1::WaitingEntry> entries;
  for (int i = 0; i < 60; ++i) {
    std::vector<int> levels;
    for (int f = 0; f < 6; ++f) levels.push_back(static_cast<int>(random() % 5));
    entries.push_back(RankWaiting(
        WaitingReferral("r-" + std::to_string(i), static_cast<int>(random() % 5), levels), policy));
  }
  std::sort(entries.begin(), entries.end(), &WaitsBefore);
  for (int turn = 0; turn < 50; ++turn) {
    auto shuffled = entries;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    std::sort(shuffled.begin(), shuffled.end(), &WaitsBefore);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      EXPECT_EQ(shuffled[i].referral().referral_id(), entries[i].referral().referral_id());
    }
  }
}

TEST(WaitingTest, ExplainsThePointsFactorByFactor) {
  const auto entry =
      RankWaiting(WaitingReferral("r", 1, {3, 2, 1, 4, 0, 3}), ShippedPolicy("hillingdon-carers"));
  ASSERT_EQ(entry.shares_size(), 6);
  int sum = 0;
  for (const auto& share : entry.shares()) sum += share.points();
  EXPECT_EQ(entry.points(), sum);
  EXPECT_EQ(entry.points(), 3 + 2 + 1 + 2 + 2 + 3);
  EXPECT_EQ(entry.shares(2).factor(), "support_fragility");
}

TEST(WaitingTest, PutsNobodyFirstOrLastForWhatIsNotKnown) {
  for (const char* authority : {"standard", "hillingdon-carers"}) {
    const auto points = [&](int factor, int level) {
      std::vector<int> levels(6, 2);
      levels[factor] = level;
      return RankWaiting(WaitingReferral("r", 1, levels), ShippedPolicy(authority)).points();
    };
    for (int factor = 0; factor < 6; ++factor) {
      EXPECT_LE(points(factor, v1::LEVEL_UNKNOWN), points(factor, v1::LEVEL_HIGH));
      EXPECT_GE(points(factor, v1::LEVEL_UNKNOWN), points(factor, v1::LEVEL_LOW));
      EXPECT_EQ(points(factor, v1::LEVEL_UNSPECIFIED), points(factor, v1::LEVEL_UNKNOWN));
    }
  }
}

TEST(WaitingTest, GoesByWaitingTimeWhereTheDocumentHasNoFactors) {
  for (const char* authority : {"rotherham", "wakefield", "milton-keynes"}) {
    const auto& policy = ShippedPolicy(authority);
    const auto first = RankWaiting(WaitingReferral("b", 1, {1, 1, 1, 1, 1, 1}), policy);
    const auto second = RankWaiting(WaitingReferral("a", 2, {3, 3, 3, 3, 3, 3}), policy);
    EXPECT_TRUE(WaitsBefore(first, second));
    EXPECT_EQ(second.shares_size(), 0);
    EXPECT_EQ(DecidePriority({}, policy).outcome(), v1::OUTCOME_NOT_COVERED);
  }
}

TEST(WaitingTest, TellsWhatMovedAReferralAndWhenNothingDid) {
  v1::ReferralPolicy policy = ShippedPolicy("standard");
  const v1::Referral low = WaitingReferral("r", 1, {1, 1, 1, 1, 1, 1});
  const auto first = CompareRanking(std::nullopt, low.priority(), RankWaiting(low, policy));
  EXPECT_FALSE(first.has_points_before());
  EXPECT_EQ(first.moves_size(), 0);
  EXPECT_TRUE(IsRankedAnew(first));
  EXPECT_FALSE(IsRankedAnew(CompareRanking(first, low.priority(), RankWaiting(low, policy))));
  // One factor up and one down: other facts, the same points.
  const v1::Referral level = WaitingReferral("r", 1, {1, 1, 1, 1, 1, 1});
  v1::Referral other = level;
  other.mutable_priority()->set_risk(v1::LEVEL_UNKNOWN);
  other.mutable_priority()->set_need(v1::LEVEL_UNSPECIFIED);
  const auto moved = CompareRanking(first, other.priority(), RankWaiting(other, policy));
  EXPECT_EQ(moved.points_before(), 6);
  EXPECT_EQ(moved.points(), 8);
  ASSERT_EQ(moved.moves_size(), 2);
  EXPECT_EQ(moved.moves(1).factor(), "need");
  EXPECT_EQ(moved.moves(1).points(), 1);
  // The same facts under another policy.
  policy.mutable_waiting()->set_factor_weights(0, 3);
  const auto reweighed = CompareRanking(first, low.priority(), RankWaiting(low, policy));
  EXPECT_TRUE(IsRankedAnew(reweighed));
  EXPECT_EQ(reweighed.moves(0).points(), 2);
}

TEST(WaitingTest, AsksACarerAboutTheirRole) {
  const auto fifth = [](const char* authority) {
    return DecidePriority({}, ShippedPolicy(authority)).questions(4).text();
  };
  EXPECT_THAT(fifth("hillingdon-carers"), HasSubstr("carry out their role"));
  EXPECT_THAT(fifth("standard"), HasSubstr("situation"));
}

Candidate Worker(const std::string& id, v1::Purpose function, const std::string& need,
                 int allocated) {
  Candidate candidate;
  candidate.skills.set_worker_id(id);
  if (function != v1::PURPOSE_UNSPECIFIED) candidate.skills.add_functions(function);
  if (!need.empty()) candidate.skills.add_needs(need);
  candidate.allocated_now = allocated;
  return candidate;
}

TEST(RecommendWorkerTest, RanksTheSameWhateverTheOrderAndLeavesNobodyOut) {
  v1::Referral referral;
  referral.mutable_details()->set_purpose(v1::PURPOSE_ASSESSMENT);
  referral.mutable_details()->mutable_person_view()->add_needs("Dementia");
  referral.mutable_details()->mutable_communication()->set_any(ANSWER_NO);
  std::vector<Candidate> candidates = {
      Worker("w-1", v1::PURPOSE_ASSESSMENT, "", 0),
      Worker("w-2", v1::PURPOSE_ASSESSMENT, " dementia", 9),
      Worker("w-3", v1::PURPOSE_UNSPECIFIED, "", 0),
      Worker("w-4", v1::PURPOSE_ASSESSMENT, "", 0),
      Worker("w-5", v1::PURPOSE_ASSESSMENT, "", 3),
  };
  std::mt19937 random(20260105);
  for (int turn = 0; turn < 50; ++turn) {
    std::shuffle(candidates.begin(), candidates.end(), random);
    const auto ranks = RankWorkers(referral, candidates, "w-3", ShippedPolicy("standard"));
    std::vector<std::string> order;
    for (const auto& rank : ranks.workers()) order.push_back(rank.worker_id());
    EXPECT_THAT(order, ElementsAre("w-2", "w-1", "w-3", "w-4", "w-5"));
    EXPECT_EQ(ranks.workers(0).reasons_size(), 3);
    EXPECT_EQ(ranks.workers(0).allocated_now(), 9);
  }
}

TEST(RecommendWorkerTest, SaysThatADocumentIsSilentAndRanksAllTheSame) {
  for (const char* authority : {"rotherham", "wakefield", "milton-keynes"}) {
    const auto& policy = ShippedPolicy(authority);
    const auto ranks = RankWorkers({}, {Worker("w-1", v1::PURPOSE_ASSESSMENT, "", 0)}, "", policy);
    EXPECT_EQ(ranks.decision().outcome(), v1::OUTCOME_NOT_COVERED) << authority;
    EXPECT_EQ(ranks.decision().reasons_size(), 1);
    EXPECT_EQ(ranks.workers_size(), 1);
    EXPECT_EQ(RankWorkers({}, {}, "", policy).decision().outcome(), v1::OUTCOME_NOT_COVERED);
  }
}

TEST(RecommendWorkerTest, KnowsOfAPersonsNeedsOnlyWhatWasTold) {
  const auto& policy = ShippedPolicy("standard");
  v1::Referral referral;
  const auto second = [&] {
    return RankWorkers(referral, {Worker("w-1", v1::PURPOSE_ASSESSMENT, "dementia", 0)}, "", policy)
        .workers(0)
        .reasons(1)
        .text();
  };
  EXPECT_THAT(second(), EndsWith("Which skills this person needs is not known."));
  referral.mutable_details()->mutable_person_view()->add_needs("Dementia");
  EXPECT_THAT(second(), EndsWith("Which skills this person needs is not known."));
  referral.mutable_details()->mutable_communication()->set_any(ANSWER_NO);
  EXPECT_THAT(second(), EndsWith("Has the skills for this person's needs and communication."));
  referral.mutable_details()->mutable_person_view()->add_needs("epilepsy");
  referral.mutable_details()->mutable_communication()->set_any(ANSWER_UNKNOWN);
  EXPECT_THAT(second(), EndsWith("Not every skill for this person is recorded."));
}

TEST(RankingHistoryTest, HasOnlyWhatChangedARank) {
  v1::RankingChange change;
  change.set_points(3);
  EXPECT_TRUE(IsRankedAnew(change));
  change.set_points_before(3);
  EXPECT_FALSE(IsRankedAnew(change));
  change.mutable_factors()->set_risk(v1::Level_MAX);
  EXPECT_TRUE(IsRankedAnew(change));
  *change.mutable_factors_before() = change.factors();
  change.set_points(4);
  EXPECT_TRUE(IsRankedAnew(change));
}

TEST(RecommendWorkerTest, AsksWhereThereIsNobodyToChooseFrom) {
  const auto ranks = RankWorkers({}, {}, "", ShippedPolicy("standard"));
  EXPECT_EQ(ranks.decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  EXPECT_EQ(ranks.decision().questions(0).field(), "team_id");
}

// ---- Concerns (S1-S3) ----

// What is told of whom, and what it demands, whatever the procedure.
TEST(ConcernTest, IsActedOnByWhatAReferralTells) {
  struct Told {
    const char* facts;
    std::vector<v1::ActionKind> kinds;
    std::vector<const char*> words;
  };
  const auto raise = v1::ACTION_KIND_RAISE_CONCERN;
  const auto call = v1::ACTION_KIND_CALL_999;
  const std::vector<Told> cases = {
      {"", {}, {}},
      {"safeguarding { adult_concern: ANSWER_NO imminent_danger_or_crime: ANSWER_UNKNOWN }",
       {},
       {}},
      {"safeguarding { adult_concern: ANSWER_YES }", {raise}, {"safeguarding"}},
      {"lawful_basis { at_risk_of_abuse_or_neglect: ANSWER_YES }", {raise}, {"safeguarding"}},
      {"purpose: PURPOSE_SAFEGUARDING", {raise}, {"safeguarding"}},
      {"safeguarding { child_concern: ANSWER_YES }", {raise}, {"children"}},
      {"safeguarding { child_concern: ANSWER_YES adult_concern: ANSWER_YES }",
       {raise, raise},
       {"safeguarding", "children"}},
      {"safeguarding { imminent_danger_or_crime: ANSWER_YES }", {call, raise}, {"999", "safeg"}},
      {"safeguarding { child_concern: ANSWER_YES imminent_danger_or_crime: ANSWER_YES }",
       {call, raise},
       {"999", "children"}},
  };
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy policy = ShippedPolicy(authority);
    for (const Told& told : cases) {
      v1::ReferralDetails details;
      ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(told.facts, &details));
      const Actions actions = ActionsOnConcern(details, policy);
      ASSERT_EQ(actions.size(), static_cast<int>(told.kinds.size())) << authority << told.facts;
      for (int i = 0; i < actions.size(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        EXPECT_EQ(actions[i].kind(), told.kinds[at]) << told.facts;
        EXPECT_THAT(actions[i].text(), ::testing::HasSubstr(told.words[at])) << told.facts;
        EXPECT_EQ(actions[i].rule_id(), told.kinds[at] == call ? "S2" : "S1");
        EXPECT_FALSE(actions[i].citations().empty());
      }
    }
  }
}

// Asked before all else, also of a referral that is refused.
TEST(ConcernTest, AsksWhetherThereIsDangerFirst) {
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::ReferralPolicy policy = ShippedPolicy(authority);
    v1::ReferralDetails details;
    details.set_subject(policy.scope().subjects(0));
    details.mutable_safeguarding()->set_adult_concern(ANSWER_YES);
    for (const Answer self : kAnswers) {
      v1::LawfulBasis& basis = *details.mutable_lawful_basis();
      basis.set_made_by_the_person(self);
      basis.mutable_consent()->set_given(self);
      basis.mutable_capacity()->set_lacks_capacity(ANSWER_NO);
      basis.set_at_risk_of_abuse_or_neglect(ANSWER_NO);
      details.mutable_safeguarding()->set_imminent_danger_or_crime(ANSWER_UNKNOWN);
      const auto asked = DecideReferral(details, policy).decision();
      ASSERT_GE(asked.questions_size(), 1) << authority;
      EXPECT_EQ(asked.questions(0).field(), "details.safeguarding.imminent_danger_or_crime");
      EXPECT_EQ(asked.questions(0).rule_id(), "S2");
      details.mutable_safeguarding()->set_imminent_danger_or_crime(ANSWER_NO);
      EXPECT_EQ(DecideReferral(details, policy).decision().questions_size(),
                asked.questions_size() - 1);
      EXPECT_EQ(DecideOpenReferral(details, policy).decision().outcome(), asked.outcome());
    }
  }
}

TEST(Closing, NeedsAnAnswerForARiskOnlyWhereNothingFollows) {
  const v1::ReferralPolicy policy = ShippedPolicy("rotherham");
  v1::Referral referral;
  v1::Override manager;
  manager.set_rule_id("R1");
  Overrides answered;
  *answered.Add() = manager;
  int follows = 0;
  for (int code = 1; v1::RequestOutcome_IsValid(code); ++code) {
    const auto outcome = static_cast<v1::RequestOutcome>(code);
    referral.set_was_at_risk(false);
    EXPECT_EQ(DecideCompletion(referral, outcome, {}, policy).outcome(), v1::OUTCOME_PERMITTED);
    referral.set_was_at_risk(true);
    EXPECT_EQ(DecideCompletion(referral, outcome, {}, policy).outcome(),
              SomethingFollows(outcome) ? v1::OUTCOME_PERMITTED : v1::OUTCOME_REFUSED);
    const auto decision = DecideCompletion(referral, outcome, answered, policy);
    EXPECT_EQ(decision.outcome(), v1::OUTCOME_PERMITTED);
    EXPECT_EQ(decision.reasons_size(), 1);
    follows += SomethingFollows(outcome) ? 1 : 0;
  }
  EXPECT_EQ(follows, 7);
}

TEST(Closing, KeepsOfTheOverridesThoseThatAnswerForTheRisk) {
  Overrides given;
  for (const char* rule_id : {"R1", "P2", "R1"}) given.Add()->set_rule_id(rule_id);
  v1::Referral referral;
  KeepAnswers(given, referral);
  ASSERT_EQ(referral.overrides_size(), 2);
  EXPECT_EQ(referral.overrides(0).rule_id(), "R1");
  EXPECT_EQ(referral.overrides(1).rule_id(), "R1");
}

TEST(Closing, IsSaidToNeedAnAnswerWhereThereIsARiskAndNothingElseIs) {
  v1::Referral referral;
  referral.set_status(v1::REFERRAL_STATUS_ACCEPTED);
  for (const bool risk : {true, false}) {
    referral.set_was_at_risk(risk);
    const auto listed = ListActions(referral, {});
    for (const auto& action : listed.actions()) {
      const bool closes = action.verb() == "withdraw" || action.verb() == "complete";
      EXPECT_EQ(action.override_rule_ids_size(), risk && closes ? 1 : 0) << action.verb();
    }
  }
}

// S2: the first time counts, and no advice is no time.
TEST(EmergencyAdvice, IsKeptWithTheTimeItWasFirstGiven) {
  Actions advice;
  const auto at = [](int seconds) { return TimeUtil::SecondsToTimestamp(seconds); };
  v1::Referral referral;
  KeepAdvice(advice, at(1), referral);
  EXPECT_FALSE(referral.has_emergency_advised_at());
  advice.Add()->set_kind(v1::ACTION_KIND_CALL_999);
  KeepAdvice(advice, at(2), referral);
  KeepAdvice(advice, at(3), referral);
  EXPECT_EQ(referral.emergency_advised_at().seconds(), 2);
}

TEST(ConcernTest, AdvisesToRing999FirstWhenThereIsDangerAndAsksWhenThatIsNotKnown) {
  for (const std::string& authority : ShippedAuthorities()) {
    for (const Answer danger : kAnswers) {
      v1::RaiseConcernRequest request;
      request.set_kind(v1::CONCERN_KIND_CHILD);
      request.set_imminent_danger_or_crime(danger);
      const auto answer = DecideConcern(request, ShippedPolicy(authority));
      EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_PERMITTED);
      EXPECT_EQ(AdvisesEmergency(answer.actions()), danger == ANSWER_YES);
      EXPECT_EQ(answer.decision().questions_size(), danger == ANSWER_UNKNOWN ? 1 : 0);
      EXPECT_EQ(answer.actions(0).kind(),
                danger == ANSWER_YES ? v1::ACTION_KIND_CALL_999 : v1::ACTION_KIND_RAISE_CONCERN);
    }
  }
}

TEST(ConcernTest, AsksForTheFormOnlyWhereTheDocumentHasOne) {
  for (const std::string& authority : ShippedAuthorities()) {
    v1::RaiseConcernRequest request;
    request.set_kind(v1::CONCERN_KIND_PROVIDER);
    const auto answer = DecideConcern(request, ShippedPolicy(authority));
    const bool form = answer.actions().rbegin()->kind() == v1::ACTION_KIND_COMPLETE_FORM;
    EXPECT_EQ(form, authority == "hillingdon-carers") << authority;
    request.set_kind(v1::CONCERN_KIND_ADULT);
    EXPECT_EQ(DecideConcern(request, ShippedPolicy(authority)).actions_size(), 1) << authority;
    request.set_provider(" ");
    EXPECT_EQ(DecideConcern(request, ShippedPolicy(authority)).actions_size(), 1) << authority;
    request.set_provider("a care home");
    EXPECT_EQ(DecideConcern(request, ShippedPolicy(authority)).actions_size(), form ? 2 : 1);
  }
}

// ---- Joint work (J1, J2) ----

TEST(JointWorkTest, IsAgreedOrInBestInterestsOrNot) {
  for (const Answer agreed : kAnswers) {
    for (const Answer best : kAnswers) {
      v1::RequestJointWorkRequest request;
      request.set_agreed(agreed);
      request.set_unable_to_consent(ANSWER_YES);
      request.set_best_interests(best);
      const auto decision = DecideJointRequest(request, ShippedPolicy("standard"));
      const bool yes = agreed == ANSWER_YES || best == ANSWER_YES;
      const bool no = agreed == ANSWER_NO && best == ANSWER_NO;
      EXPECT_EQ(decision.outcome(), yes  ? v1::OUTCOME_PERMITTED
                                    : no ? v1::OUTCOME_REFUSED
                                         : v1::OUTCOME_CANNOT_TELL);
      EXPECT_EQ(decision.questions().empty(), yes || no);
      EXPECT_EQ(decision.reasons(0).rule_id(), "J1");
    }
  }
}

TEST(JointWorkTest, OfASpecialistKindHasAProcedureOfItsOwnWhereTheDocumentSaysSo) {
  v1::RequestJointWorkRequest request;
  request.set_agreed(ANSWER_YES);
  request.set_specialist(v1::SPECIALIST_WORK_CROSS_BORDER_PLACEMENT);
  const auto decision = DecideJointRequest(request, ShippedPolicy("standard"));
  EXPECT_EQ(decision.outcome(), v1::OUTCOME_REDIRECTED);
  EXPECT_EQ(decision.redirect(), "Cross Border Placements");
  EXPECT_EQ(DecideJointRequest(request, ShippedPolicy("rotherham")).outcome(),
            v1::OUTCOME_NOT_COVERED);
}

TEST(JointWorkTest, AsksOnlyForWhatCouldStillDecideIt) {
  for (const Answer unable : kAnswers) {
    for (const Answer best : kAnswers) {
      v1::RequestJointWorkRequest request;
      request.set_agreed(ANSWER_NO);
      request.set_unable_to_consent(unable);
      request.set_best_interests(best);
      const auto decision = DecideJointRequest(request, ShippedPolicy("standard"));
      const bool open = unable != ANSWER_NO && best != ANSWER_NO;
      EXPECT_EQ(decision.outcome() == v1::OUTCOME_REFUSED, !open);
      EXPECT_EQ(decision.questions_size(),
                open ? int{unable == ANSWER_UNKNOWN} + int{best == ANSWER_UNKNOWN} : 0);
    }
  }
}

// To work jointly is a power; how it is done is what should be.
TEST(JointWorkTest, HasTheStrengthAndTheLinesOfEachPart) {
  const v1::ReferralPolicy& policy = ShippedPolicy("standard");
  const auto answer = DecideJointResponse({}, ANSWER_YES, policy);
  ASSERT_EQ(answer.reasons_size(), 3);
  EXPECT_EQ(answer.reasons(0).citations(0).provision(), "lines 256-264");
  EXPECT_EQ(answer.reasons(0).strength(), type::v1::STRENGTH_SHOULD);
  EXPECT_EQ(answer.reasons(1).citations(0).provision(), "line 237");
  EXPECT_EQ(answer.reasons(1).strength(), type::v1::STRENGTH_POWER);
  EXPECT_EQ(answer.reasons(2).citations(0).provision(), "lines 239-242");
  for (const auto& question : answer.questions()) {
    EXPECT_EQ(question.strength(), type::v1::STRENGTH_SHOULD);
  }
  for (const char* authority : {"rotherham", "wakefield", "milton-keynes", "hillingdon-carers"}) {
    const auto silent = DecideJointResponse({}, ANSWER_YES, ShippedPolicy(authority));
    EXPECT_EQ(silent.outcome(), v1::OUTCOME_NOT_COVERED);
    EXPECT_EQ(silent.reasons_size(), 1);
    EXPECT_EQ(silent.questions_size(), 7);
  }
}

TEST(JointWorkTest, AsksForEachOfTheSevenThingsThatIsNotEstablished) {
  v1::JointTerms terms;
  const auto* type = terms.GetDescriptor();
  ASSERT_EQ(type->field_count(), 7);
  for (int i = 0; i < type->field_count(); ++i) {
    EXPECT_EQ(DecideJointResponse(terms, ANSWER_NO, ShippedPolicy("standard")).questions(0).field(),
              "terms." + type->field(i)->name());
    terms.GetReflection()->SetString(&terms, type->field(i), "settled");
  }
  EXPECT_EQ(DecideJointResponse(terms, ANSWER_NO, ShippedPolicy("standard")).questions_size(), 0);
  EXPECT_EQ(DecideJointResponse(terms, ANSWER_YES, ShippedPolicy("standard")).reasons_size(), 3);
}

// ---- Originals (W6) ----

TEST(CustodyTest, AllowsExactlyThePolicysChannels) {
  for (const std::string& authority : ShippedAuthorities()) {
    const auto& policy = ShippedPolicy(authority);
    for (const auto channel : {v1::CHANNEL_LETTER, v1::CHANNEL_EMAIL}) {
      const auto& allowed = channel == v1::CHANNEL_EMAIL ? policy.written().email_channels()
                                                         : policy.written().letter_channels();
      for (int by = 1; by <= v1::SecureChannel_MAX; ++by) {
        v1::UpdateCustodyRequest request;
        request.set_state(v1::CUSTODY_STATE_SENT_ON);
        request.set_sent_by(static_cast<v1::SecureChannel>(by));
        const bool ok = std::find(allowed.begin(), allowed.end(), by) != allowed.end();
        const auto decision = DecideCustody(channel, request, policy);
        EXPECT_EQ(decision.outcome() == v1::OUTCOME_PERMITTED, ok) << authority << " " << by;
        EXPECT_EQ(decision.reasons(0).rule_id(), "W6");
      }
    }
  }
}

TEST(CustodyTest, SaysWhatIsToBeDoneWithAnOriginalUnderEveryDocument) {
  for (const std::string& authority : ShippedAuthorities()) {
    const auto& policy = ShippedPolicy(authority);
    for (const auto channel : {v1::CHANNEL_LETTER, v1::CHANNEL_EMAIL}) {
      v1::RecordCustodyRequest request;
      request.set_channel(channel);
      const auto& allowed = channel == v1::CHANNEL_EMAIL ? policy.written().email_channels()
                                                         : policy.written().letter_channels();
      const auto actions = CustodyActions(request, policy);
      ASSERT_FALSE(actions.empty()) << authority;
      // W6 comes last in every list.
      EXPECT_EQ(actions.back().rule_id(), "W6") << authority;
      EXPECT_THAT(actions.back().channels(),
                  ::testing::ElementsAreArray(allowed.begin(), allowed.end()));
      EXPECT_EQ(actions.back().citations_size(), 1);
    }
  }
}

TEST(CustodyTest, LeavesNobodyToBeFoundWhoAcknowledgesOnceSomebodyIs) {
  const auto due = [](const std::string& by) {
    v1::RecordCustodyRequest request;
    request.set_channel(v1::CHANNEL_LETTER);
    request.set_acknowledged_by(by);
    for (const auto& action : CustodyActions(request, ShippedPolicy("rotherham"))) {
      if (action.kind() == v1::ACTION_KIND_SETTLE_ACKNOWLEDGEMENT) return action.due();
    }
    return type::v1::ANSWER_UNSPECIFIED;
  };
  EXPECT_EQ(due("worker-1"), ANSWER_NO);
  EXPECT_EQ(due(""), ANSWER_UNKNOWN);
}

TEST(CustodyTest, IsDueUntilItIsAcknowledged) {
  v1::Custody custody;
  EXPECT_FALSE(DueOf(custody).has_value());
  custody.mutable_acknowledge_by_at()->set_seconds(5);
  EXPECT_EQ(DueOf(custody)->rule_id(), "W4");
  custody.mutable_acknowledged_at()->set_seconds(4);
  EXPECT_FALSE(DueOf(custody).has_value());
}

TEST(StateMachineTest, KnowsWhatIsFinal) {
  for (int status = 1; status <= v1::ReferralStatus_MAX; ++status) {
    EXPECT_EQ(IsFinal(static_cast<v1::ReferralStatus>(status)),
              status == v1::REFERRAL_STATUS_COMPLETED || status == v1::REFERRAL_STATUS_WITHDRAWN);
  }
}

TEST(StateMachineTest, OffersAVerbToWhoHasItsPermissionAlone) {
  v1::Referral referral;
  referral.set_status(v1::REFERRAL_STATUS_ACCEPTED);
  referral.mutable_details()->mutable_person()->set_person_id("p");
  const auto answer = ListActions(referral, {"referral.allocate"});
  for (const auto& action : answer.actions()) {
    EXPECT_EQ(action.possible(), action.verb() == "allocate") << action.ShortDebugString();
  }
}

TEST(PersonTest, WithoutANumberIsToldByTheReference) {
  EXPECT_FALSE(MayBeOnePerson(Person("p", "1", "", ""), Person("q", "", "", "")));
  EXPECT_TRUE(MayBeOnePerson(Person("p", "1", "", ""), Person("p", "", "", "")));
  EXPECT_TRUE(MayBeOnePerson(Person("p", "", "", ""), Person("", "1", "", "")));
}

// ---- What repinning changes, one thing at a time ----

v1::CheckReferralResponse SomeCheck() {
  v1::CheckReferralResponse check;
  check.mutable_decision()->mutable_policy_version()->set_version("50");
  check.mutable_decision()->mutable_policy_version()->set_hash("a");
  type::v1::Reason& reason = *check.mutable_decision()->add_reasons();
  reason.set_rule_id("R1");
  reason.set_strength(type::v1::STRENGTH_MUST);
  reason.set_text("words");
  v1::BasisState& basis = *check.add_bases();
  basis.set_basis(v1::BASIS_SELF);
  basis.set_holds(ANSWER_YES);
  v1::ItemState& item = *check.add_items();
  item.set_item(v1::ITEM_CONSENT);
  item.set_number(3);
  item.set_strength(type::v1::STRENGTH_MUST);
  item.add_missing_fields("lawful_basis.consent.given");
  return check;
}

// The referral as it stands after `check`.
v1::Referral KeptUnder(const v1::CheckReferralResponse& check) {
  v1::Referral referral;
  *referral.mutable_decision() = check.decision();
  for (const auto& basis : check.bases()) referral.add_bases(basis.basis());
  for (const auto& item : check.items()) *referral.add_still_to_gather() = item;
  return referral;
}

std::vector<std::string> ChangesTo(const v1::CheckReferralResponse& after) {
  return RepinChanges(KeptUnder(SomeCheck()), after);
}

TEST(RepinTest, ListsNothingWhenNothingChanges) { EXPECT_THAT(ChangesTo(SomeCheck()), IsEmpty()); }

TEST(RepinTest, ListsAPolicyOrAReasonThatChanges) {
  v1::CheckReferralResponse after = SomeCheck();
  after.mutable_decision()->mutable_policy_version()->set_hash("b");
  EXPECT_THAT(ChangesTo(after),
              ElementsAre("The policy is version 50, no longer 50, with other content."));
  after = SomeCheck();
  after.mutable_decision()->clear_reasons();
  EXPECT_THAT(ChangesTo(after), ElementsAre("Rule R1 no longer speaks."));
  after = SomeCheck();
  after.mutable_decision()->add_reasons()->set_rule_id("R2");
  EXPECT_THAT(ChangesTo(after), ElementsAre("Rule R2 speaks now: "));
  after = SomeCheck();
  after.mutable_decision()->mutable_reasons(0)->set_strength(type::v1::STRENGTH_SHOULD);
  EXPECT_THAT(ChangesTo(after), ElementsAre("Rule R1 is now SHOULD, no longer MUST."));
}

TEST(RepinTest, ListsABasisOrAnItemThatChanges) {
  v1::CheckReferralResponse after = SomeCheck();
  after.mutable_bases(0)->set_basis(v1::BASIS_CONSENT);
  EXPECT_THAT(ChangesTo(after),
              ElementsAre("BASIS_CONSENT counts now.", "BASIS_SELF no longer counts."));
  after = SomeCheck();
  after.mutable_items(0)->set_item(v1::ITEM_ADVOCACY);
  EXPECT_THAT(ChangesTo(after), ElementsAre("Item 3, ITEM_ADVOCACY, is to be gathered now.",
                                            "Item 3, ITEM_CONSENT, is no longer to be gathered."));
  after = SomeCheck();
  after.mutable_items(0)->set_strength(type::v1::STRENGTH_SHOULD);
  EXPECT_THAT(ChangesTo(after),
              ElementsAre("Item 3, ITEM_CONSENT, is now SHOULD, no longer MUST."));
  after = SomeCheck();
  after.mutable_items(0)->clear_missing_fields();
  EXPECT_THAT(ChangesTo(after), ElementsAre("Item 3, ITEM_CONSENT, is no longer to be gathered."));
  after = SomeCheck();
  after.mutable_items(0)->set_number(4);
  EXPECT_THAT(ChangesTo(after), ElementsAre("Item 4, ITEM_CONSENT, was item 3."));
}

// ---- Who is best placed, criterion by criterion ----

TEST(RecommendWorkerTest, SaysOfEachCriterionWhetherItIsMet) {
  v1::Referral referral;
  referral.mutable_details()->set_purpose(v1::PURPOSE_ASSESSMENT);
  referral.mutable_details()->mutable_communication()->add_needs()->set_need("Makaton ");
  referral.mutable_details()->mutable_person_view()->add_needs("dementia");
  Candidate signs = Worker("w-1", v1::PURPOSE_ASSESSMENT, "Dementia", 0);
  signs.skills.add_communication_skills("makaton");
  const std::vector<Candidate> candidates = {signs, Worker("w-2", v1::PURPOSE_UNSPECIFIED, "", 0)};

  const auto ranks = RankWorkers(referral, candidates, "w-1", ShippedPolicy("standard"));

  const auto& met = ranks.workers(0).reasons();
  EXPECT_THAT(met[0].text(), EndsWith("Has the skills for what is to be done."));
  EXPECT_THAT(met[1].text(), EndsWith("Has the skills for this person's needs and communication."));
  EXPECT_THAT(met[2].text(), EndsWith("Is whom the person wishes for."));
  const auto& missed = ranks.workers(1).reasons();
  EXPECT_THAT(missed[0].text(), EndsWith("Skills for what is to be done are not recorded."));
  EXPECT_THAT(missed[1].text(), EndsWith("Not every skill for this person is recorded."));
  EXPECT_THAT(missed[2].text(), EndsWith("Is not whom the person wishes for."));
  EXPECT_THAT(
      RankWorkers(referral, candidates, "", ShippedPolicy("standard")).workers(0).reasons(2).text(),
      EndsWith("The person's wishes are not known."));
}

TEST(RecommendWorkerTest, CitesTheLineOfEachCriterion) {
  const std::vector<Candidate> candidates = {Worker("w-1", v1::PURPOSE_ASSESSMENT, "", 0)};
  const auto places = [&](const char* authority) {
    std::vector<std::string> cited;
    const auto ranks = RankWorkers({}, candidates, "", ShippedPolicy(authority));
    for (const type::v1::Reason& reason : ranks.workers(0).reasons()) {
      EXPECT_EQ(reason.rule_id(), "AL2");
      EXPECT_EQ(reason.strength(), type::v1::STRENGTH_SHOULD);
      for (const auto& citation : reason.citations()) cited.push_back(citation.provision());
    }
    return cited;
  };
  EXPECT_THAT(places("standard"), ElementsAre("line 492", "line 493", "line 494"));
  EXPECT_THAT(places("hillingdon-carers"), ElementsAre("line 328", "line 329", "line 330"));
}

// A rule that the procedure does not have is not named as the ground of anything.
TEST(RecommendWorkerTest, NamesNoRuleWhereTheProcedureHasNone) {
  const std::vector<Candidate> candidates = {Worker("w-1", v1::PURPOSE_ASSESSMENT, "", 0)};
  const auto ranks = RankWorkers({}, candidates, "", ShippedPolicy("rotherham"));
  EXPECT_EQ(ranks.decision().outcome(), v1::OUTCOME_NOT_COVERED);
  ASSERT_EQ(ranks.workers(0).reasons_size(), 3);
  for (const type::v1::Reason& reason : ranks.workers(0).reasons()) {
    EXPECT_EQ(reason.rule_id(), "");
    EXPECT_EQ(reason.citations_size(), 0);
    EXPECT_NE(reason.text(), "");
  }
}

TEST(WaitingTest, BeginsAnewForWhatIsOpenedAgain) {
  v1::Referral referral = WaitingReferral("r", 1, {1, 1, 1, 1, 1, 1});
  EXPECT_EQ(RankWaiting(referral, ShippedPolicy("standard")).waiting_since().seconds(), 1);
  referral.mutable_reopened_at()->set_seconds(7);
  EXPECT_EQ(RankWaiting(referral, ShippedPolicy("standard")).waiting_since().seconds(), 7);
}

TEST(WaitingTest, TellsWhenToLookAgain) {
  v1::Referral referral = WaitingReferral("r", 1, {1, 1, 1, 1, 1, 1});
  EXPECT_FALSE(RankWaiting(referral, ShippedPolicy("standard")).has_monitor_at());
  referral.mutable_monitor_at()->set_seconds(9);
  referral.set_team_id("team-1");
  referral.set_version(4);
  EXPECT_EQ(RankWaiting(referral, ShippedPolicy("standard")).monitor_at().seconds(), 9);
  referral.set_status(v1::REFERRAL_STATUS_ACCEPTED);
  const auto due = DueOf(referral);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].kind(), "monitoring");
  EXPECT_EQ(due[0].due_at().seconds(), 9);
  EXPECT_EQ(due[0].record_id(), "r");
  EXPECT_EQ(due[0].assigned_to(), "team-1");
  EXPECT_EQ(due[0].record_version(), 4);
  for (const auto status : {v1::REFERRAL_STATUS_ALLOCATED, v1::REFERRAL_STATUS_COMPLETED}) {
    referral.set_status(status);
    EXPECT_TRUE(DueOf(referral).empty());
  }
}

// ---- What the yearly return codes ----

TEST(StatutoryReturnTest, FillsTheDayOfTheContactInBritainElseOfTheOpening) {
  const auto filled = [](const char* text) {
    v1::Referral referral;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &referral));
    FillRequestedOn(referral);
    return referral.details().statutory_return().requested_on();
  };
  // 1 July 2026, 23:30 UTC: in Britain the next day has begun.
  EXPECT_EQ(filled("opened_at { seconds: 1782948600 }"), "2026-07-02");
  EXPECT_EQ(filled("opened_at { seconds: 1782948600 } details {"
                   " received_at { seconds: 1782862200 } }"),
            "2026-07-01");
  EXPECT_EQ(filled("opened_at { seconds: 1782948600 } details {"
                   " received_at { seconds: 1782862200 }"
                   " statutory_return { requested_on: '2026-06-02' } }"),
            "2026-06-02");
}

// Name the folder of the standards in ASC_STANDARDS, or keep it beside the project.
TEST(StatutoryReturnTest, HasEveryContactReasonOfTheStandard) {
  const char* const named = std::getenv("ASC_STANDARDS");
  const auto folder = named != nullptr
                          ? std::filesystem::path(named)
                          : std::filesystem::current_path().parent_path() / "shared" / "standards";
  std::ifstream file(folder / "interweave" / "InterweaveCodesSocialCareContactReason.fsh");
  if (!file) {
    std::printf("the standard is not here, so nothing is compared with it\n");
    GTEST_SKIP() << "the standard is not here";
  }
  std::set<std::string> standard;
  const std::string begin = "* #";
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(begin, 0) != 0) continue;
    standard.insert(line.substr(begin.size(), line.find(' ', begin.size()) - begin.size()));
  }
  std::set<std::string> ours;
  const auto& values = *google::protobuf::GetEnumDescriptor<v1::ContactReason>();
  // After the unspecified one.
  for (int i = 1; i < values.value_count(); ++i) {
    std::string code = values.value(i)->name().substr(std::string("CONTACT_REASON_").size());
    std::replace(code.begin(), code.end(), '_', '-');
    ours.insert(code);
  }
  EXPECT_EQ(standard.size(), 40u);
  EXPECT_EQ(ours, standard);
}

TEST(CommunicationTest, HasNeedsWhereSomeAreNamedAndNoneOnlyWhereSomebodyAsked) {
  v1::Communication communication;
  for (const Answer any : kAnswers) {
    communication.clear_needs();
    communication.set_any(any);
    EXPECT_EQ(HasNeeds(communication), any == ANSWER_NO ? ANSWER_NO : ANSWER_UNKNOWN);
    communication.add_needs()->set_need("large print");
    EXPECT_EQ(HasNeeds(communication), ANSWER_YES);
  }
}

TEST(CommunicationTest, TellsOthersNothingThatThePersonWantsKept) {
  v1::Communication communication;
  communication.set_any(ANSWER_NO);
  EXPECT_EQ(ForOthers(communication).any(), ANSWER_NO);
  communication.set_any(ANSWER_YES);
  communication.add_needs()->set_need("large print");
  communication.mutable_needs(0)->set_may_be_shared(ANSWER_NO);
  // Not even that there are some.
  EXPECT_EQ(ForOthers(communication).ByteSizeLong(), 0u);
  for (const Answer shared : {ANSWER_YES, ANSWER_UNKNOWN}) {
    auto& need = *communication.add_needs();
    need.set_need("slow speech");
    need.set_may_be_shared(shared);
  }
  const v1::Communication told = ForOthers(communication);
  EXPECT_EQ(told.any(), ANSWER_YES);
  ASSERT_EQ(told.needs_size(), 2);
  EXPECT_EQ(told.needs(0).need(), "slow speech");
}

TEST(CommunicationTest, IsAskedAboutAgainOnTheEarliestDay) {
  v1::Referral referral;
  referral.set_referral_id("r");
  referral.set_status(v1::REFERRAL_STATUS_OPENED);
  referral.set_team_id("team-1");
  v1::Communication& communication = *referral.mutable_details()->mutable_communication();
  communication.add_needs()->set_need("large print");
  EXPECT_TRUE(DueOf(referral).empty());
  communication.add_needs()->set_review_on("2026-07-10");
  communication.add_needs()->set_review_on("2026-02-03");
  const auto due = DueOf(referral);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].record_type(), "referral");
  EXPECT_EQ(due[0].record_id(), "r");
  EXPECT_EQ(due[0].kind(), "communication_review");
  EXPECT_EQ(due[0].rule_id(), "R2");
  EXPECT_EQ(due[0].assigned_to(), "team-1");
  EXPECT_EQ(TimeUtil::ToString(due[0].due_at()), "2026-02-03T00:00:00Z");
  // In summer the day begins an hour earlier.
  communication.mutable_needs(2)->set_review_on("2026-08-03");
  EXPECT_EQ(TimeUtil::ToString(DueOf(referral)[0].due_at()), "2026-07-09T23:00:00Z");
  referral.set_status(v1::REFERRAL_STATUS_ALLOCATED);
  referral.set_worker_id("worker-1");
  EXPECT_EQ(DueOf(referral)[0].assigned_to(), "worker-1");
  referral.set_status(v1::REFERRAL_STATUS_WITHDRAWN);
  EXPECT_TRUE(DueOf(referral).empty());
}

TEST(UnclearIdentifiersTest, AreEachAskedForAgainOnce) {
  v1::Concern concern;
  for (const char* told : {"123", "456"}) {
    v1::UnclearIdentifier& one = *concern.add_unclear();
    one.set_field("person.nhs_number");
    one.set_told(told);
  }
  v1::Decision decision;
  AskAgain(concern, ShippedPolicy("rotherham"), decision);
  ASSERT_EQ(decision.questions_size(), 1);
  EXPECT_EQ(decision.questions(0).field(), "person.nhs_number");
  EXPECT_EQ(decision.questions(0).strength(), type::v1::STRENGTH_MUST);
  // A procedure from before there was a rule for it asks all the same.
  v1::Decision bare;
  AskAgain(concern, v1::ReferralPolicy(), bare);
  ASSERT_EQ(bare.questions_size(), 1);
  EXPECT_EQ(bare.questions(0).strength(), type::v1::STRENGTH_UNSPECIFIED);
}

TEST(ConcernsOfAReferralTest, TellOfARiskButForAComplaintAboutAHome) {
  const auto with = [](v1::ConcernKind kind, type::v1::Answer danger) {
    v1::Concern concern;
    concern.set_kind(kind);
    concern.set_imminent_danger_or_crime(danger);
    v1::Referral referral;
    TakeConcerns({concern}, referral);
    return referral;
  };
  using type::v1::ANSWER_NO;
  using type::v1::ANSWER_YES;
  EXPECT_EQ(with(v1::CONCERN_KIND_ADULT, ANSWER_NO).details().safeguarding().adult_concern(),
            ANSWER_YES);
  EXPECT_EQ(with(v1::CONCERN_KIND_CHILD, ANSWER_NO).details().safeguarding().child_concern(),
            ANSWER_YES);
  EXPECT_FALSE(IsAboutRisk(with(v1::CONCERN_KIND_PROVIDER, ANSWER_NO)));
  EXPECT_TRUE(IsAboutRisk(with(v1::CONCERN_KIND_PROVIDER, ANSWER_YES)));
  v1::Referral none;
  TakeConcerns({}, none);
  EXPECT_FALSE(IsAboutRisk(none));
}

TEST(ActionsTest, SayThatAnotherReferralStandsInTheWayOfReopening) {
  v1::Referral referral;
  referral.set_status(v1::REFERRAL_STATUS_WITHDRAWN);
  auto response = ListActions(referral, {"*"});
  AddAlreadyOpen(response);
  int told = 0;
  for (const v1::AvailableAction& action : response.actions()) {
    if (action.verb() != "reopen") continue;
    EXPECT_FALSE(action.possible());
    EXPECT_EQ(action.reasons(0).rule_id(), "R6");
    ++told;
  }
  EXPECT_EQ(told, 1);
}

TEST(CallBackTest, IsDueUntilItIsClosed) {
  v1::CallBack callback;
  callback.set_callback_id("c");
  callback.mutable_due_at()->set_seconds(5);
  EXPECT_EQ(DueOf(callback)->rule_id(), "T5");
  EXPECT_EQ(DueOf(callback)->due_at().seconds(), 5);
  callback.set_closed(true);
  EXPECT_FALSE(DueOf(callback).has_value());
}

TEST(HandoverTest, HandsOverTheNeedsFirstAndWhatIsStillToBeAsked) {
  v1::Referral referral;
  referral.set_referral_id("r");
  referral.mutable_details()->set_subject(v1::SUBJECT_PERSON);
  referral.mutable_details()->mutable_communication()->add_needs()->set_need("large print");
  const auto pack = HandoverPack(referral, ShippedPolicy("rotherham"));
  EXPECT_EQ(pack.communication().needs(0).need(), "large print");
  EXPECT_EQ(pack.referral().referral_id(), "r");
  EXPECT_GE(pack.questions_size(), 1);
}

TEST(OpenReferralTest, IsOfferedInTheWordsOfTheProcedureOrInOurs) {
  const auto first = [](const char* authority) {
    v1::Decision decision;
    OfferOpenReferral(ShippedPolicy(authority), decision);
    EXPECT_EQ(decision.reasons_size(), 1) << authority;
    return decision.reasons(0);
  };
  for (const std::string& authority : ShippedAuthorities()) {
    EXPECT_EQ(first(authority.c_str()).rule_id(), "R6");
    EXPECT_FALSE(first(authority.c_str()).text().empty());
  }
}

}  // namespace
}  // namespace asc::referral
