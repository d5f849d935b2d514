#include "referral-svc/team_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "platform/facts/tri_state.h"
#include "referral-svc/testing/shipped_policies.h"

namespace asc::referral {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_YES;
using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::EndsWith;

v1::Team NewTeam(const std::string& id, v1::Purpose purpose) {
  v1::Team team;
  team.set_team_id(id);
  team.set_name(id);
  team.add_functions(purpose);
  team.add_subjects(v1::SUBJECT_PERSON);
  team.add_needs_covered("Mobility, falls");
  return team;
}

v1::ReferralDetails Assessment() {
  v1::ReferralDetails details;
  details.set_subject(v1::SUBJECT_PERSON);
  details.set_purpose(v1::PURPOSE_ASSESSMENT);
  details.mutable_communication()->set_any(ANSWER_NO);
  details.mutable_person_view()->add_needs("mobility");
  return details;
}

std::vector<std::string> Order(const v1::RecommendTeamResponse& answer) {
  std::vector<std::string> ids;
  for (const v1::TeamRank& rank : answer.teams()) ids.push_back(rank.team_id());
  return ids;
}

v1::RecommendTeamResponse Rank(const v1::ReferralDetails& details, const std::string& wished,
                               const std::vector<v1::Team>& teams) {
  return DecideTeamRanks(details, wished, teams, ShippedPolicy("wakefield"));
}

template <class List>
void Shuffle(List& list, std::minstd_rand& random) {
  std::shuffle(list.begin(), list.end(), random);
}

TEST(TeamRanks, AreTheSameInWhateverOrderAnythingComes) {
  const std::vector<std::string> kSkills = {"British Sign Language", "Makaton", "Polish",
                                            "braille"};
  std::minstd_rand random(7);
  for (int round = 0; round < 300; ++round) {
    v1::ReferralDetails details = Assessment();
    std::vector<v1::Team> teams;
    for (int i = 0; i < 6; ++i) {
      v1::Team& team = teams.emplace_back();
      team.set_team_id("team-" + std::to_string(i));
      for (int purpose = 1; purpose <= 3; ++purpose) {
        if (random() % 2 == 0) team.add_functions(static_cast<v1::Purpose>(purpose));
      }
      for (const std::string& skill : kSkills) {
        if (random() % 2 == 0) team.add_communication_skills(skill);
        if (random() % 2 == 0) team.add_needs_covered(skill + " need");
      }
      if (random() % 2 == 0) team.add_subjects(v1::SUBJECT_PERSON);
      if (random() % 2 == 0) team.add_subjects(v1::SUBJECT_CARER);
    }
    for (const std::string& skill : kSkills) {
      if (random() % 3 == 0) details.mutable_communication()->add_needs()->set_need(skill);
      if (random() % 3 == 0) details.mutable_person_view()->add_needs(skill + " need");
    }
    const std::string wished = random() % 2 == 0 ? "" : teams[random() % 6].team_id();
    const v1::RecommendTeamResponse before = Rank(details, wished, teams);
    Shuffle(teams, random);
    for (v1::Team& team : teams) {
      Shuffle(*team.mutable_functions(), random);
      Shuffle(*team.mutable_communication_skills(), random);
      Shuffle(*team.mutable_needs_covered(), random);
      Shuffle(*team.mutable_subjects(), random);
    }
    Shuffle(*details.mutable_communication()->mutable_needs(), random);
    Shuffle(*details.mutable_person_view()->mutable_needs(), random);
    EXPECT_TRUE(MessageDifferencer::Equals(before, Rank(details, wished, teams)));
  }
}

TEST(TeamRanks, PutWhoCanDoTheWorkFirst) {
  const auto answer =
      Rank(Assessment(), "team-a",
           {NewTeam("team-a", v1::PURPOSE_REVIEW), NewTeam("team-b", v1::PURPOSE_ASSESSMENT)});
  EXPECT_THAT(Order(answer), ElementsAre("team-b", "team-a"));
  EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_CANNOT_TELL);
}

TEST(TeamRanks, DoNotTakeAnEmptyRecordForALack) {
  v1::Team silent;
  silent.set_team_id("team-a");
  const auto answer = Rank(
      Assessment(), "",
      {silent, NewTeam("team-b", v1::PURPOSE_REVIEW), NewTeam("team-c", v1::PURPOSE_ASSESSMENT)});
  EXPECT_THAT(Order(answer), ElementsAre("team-c", "team-a", "team-b"));
  EXPECT_EQ(answer.teams(1).reasons(1).text().rfind("Not known."),
            answer.teams(1).reasons(1).text().size() - 10);
}

TEST(TeamRanks, ExplainEachCriterionInTheProceduresOrder) {
  const auto answer = Rank(Assessment(), "team-a", {NewTeam("team-a", v1::PURPOSE_ASSESSMENT)});
  ASSERT_EQ(answer.teams_size(), 1);
  ASSERT_EQ(answer.teams(0).reasons_size(), 3);
  EXPECT_EQ(answer.teams(0).reasons(0).citations(0).provision(), "line 105");
  EXPECT_EQ(answer.teams(0).reasons(2).citations(0).provision(), "line 107");
  EXPECT_EQ(answer.teams(0).reasons(0).strength(), type::v1::STRENGTH_PRUDENT);
  EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_PERMITTED);
}

TEST(TeamRanks, ComeInThePolicysOrder) {
  const std::vector<v1::Team> teams = {NewTeam("able", v1::PURPOSE_ASSESSMENT),
                                       NewTeam("wished", v1::PURPOSE_REVIEW)};
  v1::ReferralPolicy policy = ShippedPolicy("wakefield");
  EXPECT_THAT(Order(DecideTeamRanks(Assessment(), "wished", teams, policy)),
              ElementsAre("able", "wished"));
  policy.mutable_teams()->set_order(v1::TEAM_ORDER_WISH_FIRST);
  EXPECT_THAT(Order(DecideTeamRanks(Assessment(), "wished", teams, policy)),
              ElementsAre("wished", "able"));
}

// A team that lacks what somebody needs to communicate is not the clear one.
TEST(TeamRanks, LookAtCommunicationAndNeeds) {
  v1::ReferralDetails details = Assessment();
  details.mutable_communication()->set_any(ANSWER_YES);
  details.mutable_communication()->add_needs()->set_need("Makaton");
  v1::Team team = NewTeam("team-a", v1::PURPOSE_ASSESSMENT);
  team.add_communication_skills("Polish");
  EXPECT_EQ(Rank(details, "team-a", {team}).decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  team.add_communication_skills("makaton signing");
  EXPECT_EQ(Rank(details, "team-a", {team}).decision().outcome(), v1::OUTCOME_PERMITTED);
  details.mutable_person_view()->add_needs("dementia");
  EXPECT_EQ(Rank(details, "team-a", {team}).decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  team.add_needs_covered("Dementia");
  EXPECT_EQ(Rank(details, "team-a", {team}).decision().outcome(), v1::OUTCOME_PERMITTED);
}

// The third criterion of the one team there is.
std::string ForThePerson(const v1::ReferralDetails& details, const v1::Team& team) {
  return Rank(details, "", {team}).teams(0).reasons(2).text();
}

TEST(TeamRanks, KnowOfASkillOnlyWhatIsSaid) {
  const v1::Team plain = NewTeam("team-a", v1::PURPOSE_ASSESSMENT);
  v1::Team blank = plain;
  blank.add_communication_skills(" ");
  v1::ReferralDetails details = Assessment();
  EXPECT_THAT(ForThePerson(details, plain), EndsWith("Yes."));
  details.mutable_communication()->clear_any();
  EXPECT_THAT(ForThePerson(details, plain), EndsWith("Not known."));
  details.mutable_communication()->add_needs()->set_need("Polish");
  EXPECT_THAT(ForThePerson(details, plain), EndsWith("Not known."));
  EXPECT_THAT(ForThePerson(details, blank), EndsWith("No."));
  details.mutable_communication()->mutable_needs(0)->set_need(" ");
  EXPECT_THAT(ForThePerson(details, blank), EndsWith("No."));
}

TEST(TeamRanks, CannotTellOfNeedsThatNobodyAskedFor) {
  v1::ReferralDetails details = Assessment();
  details.mutable_person_view()->clear_needs();
  details.mutable_communication()->clear_any();
  const auto answer = Rank(details, "team-a", {NewTeam("team-a", v1::PURPOSE_ASSESSMENT)});
  EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  EXPECT_THAT(answer.teams(0).reasons(2).text(), EndsWith("Not known."));
  EXPECT_EQ(answer.decision().questions(0).field(), "details.person_view.needs");
  EXPECT_EQ(answer.decision().questions(1).field(), "details.communication.any");
}

// By their words: "managing" says nothing of "aging", nor "fearful" of "ear".
TEST(TeamRanks, CompareNeedsWordByWord) {
  const auto covers = [](const std::string& need, const std::string& covered) {
    v1::ReferralDetails details = Assessment();
    details.mutable_person_view()->set_needs(0, need);
    v1::Team team = NewTeam("team-a", v1::PURPOSE_ASSESSMENT);
    team.set_needs_covered(0, covered);
    return Rank(details, "team-a", {team}).decision().outcome() == v1::OUTCOME_PERMITTED;
  };
  EXPECT_FALSE(covers("aging", "managing money"));
  EXPECT_FALSE(covers("fearful", "ear"));
  EXPECT_FALSE(covers("!", "ear"));
  EXPECT_FALSE(covers("ear", "-"));
  EXPECT_TRUE(covers("ear", "Eye, ear and nose"));
  EXPECT_TRUE(covers("needs Autism support", "autism"));
  EXPECT_TRUE(covers("d\xC3\xA9mence", "D\xC3\xA9mence"));
  EXPECT_FALSE(covers("d\xC3\xA9mence", "mence"));
}

TEST(TeamRanks, CannotTellWithoutAPurpose) {
  v1::ReferralDetails details = Assessment();
  details.clear_purpose();
  const auto answer = Rank(details, "", {NewTeam("team-a", v1::PURPOSE_ASSESSMENT)});
  EXPECT_EQ(answer.decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  EXPECT_THAT(answer.teams(0).reasons(1).text(), EndsWith("Not known."));
}

}  // namespace
}  // namespace asc::referral
