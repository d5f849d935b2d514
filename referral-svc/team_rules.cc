#include "referral-svc/team_rules.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/facts/tri_state.h"
#include "referral-svc/referral_policy.h"

namespace asc::referral {
namespace {

using facts::And;
using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::FromBool;

// How a team meets the three criteria.
struct Fit {
  const v1::Team* team;
  Answer wish;
  Answer work;
  Answer person;
};

int Points(Answer answer) {
  if (answer == ANSWER_YES) return 2;
  return answer == ANSWER_NO ? 0 : 1;
}

// In small letters, without what stands between them.
std::set<std::string> WordsOf(const std::string& text) {
  std::set<std::string> words;
  std::string word;
  for (const char letter : text + " ") {
    // Bytes of letters beyond ASCII belong to a word.
    if (absl::ascii_isalnum(static_cast<unsigned char>(letter)) ||
        !absl::ascii_isascii(static_cast<unsigned char>(letter))) {
      word += absl::ascii_tolower(static_cast<unsigned char>(letter));
    } else if (!word.empty()) {
      words.insert(std::exchange(word, {}));
    }
  }
  return words;
}

// Whether the words of one are all in the other: "British Sign Language interpreting" covers
// "British Sign Language", and "managing" has nothing to do with "aging".
bool Names(const std::string& a, const std::string& b) {
  const std::set<std::string> words_a = WordsOf(a);
  const std::set<std::string> words_b = WordsOf(b);
  if (words_a.empty() || words_b.empty()) return false;
  return std::includes(words_a.begin(), words_a.end(), words_b.begin(), words_b.end()) ||
         std::includes(words_b.begin(), words_b.end(), words_a.begin(), words_a.end());
}

template <class Covered>
bool IsCovered(const std::string& need, const Covered& covered) {
  return std::any_of(covered.begin(), covered.end(),
                     [&need](const std::string& one) { return Names(need, one); });
}

Answer CanCommunicate(const v1::ReferralDetails& details, const v1::Team& team) {
  const v1::Communication& communication = details.communication();
  if (communication.needs().empty()) {
    return communication.any() == ANSWER_NO ? ANSWER_YES : ANSWER_UNKNOWN;
  }
  if (team.communication_skills().empty()) return ANSWER_UNKNOWN;
  for (const v1::CommunicationNeed& need : communication.needs()) {
    if (!IsCovered(need.need(), team.communication_skills())) return ANSWER_NO;
  }
  return ANSWER_YES;
}

// Needs are told in the person's own words, so that a list without them rules nothing out. Where
// nobody told of any, nobody may have asked.
Answer CoversNeeds(const v1::ReferralDetails& details, const v1::Team& team) {
  if (details.person_view().needs().empty()) return ANSWER_UNKNOWN;
  for (const std::string& need : details.person_view().needs()) {
    if (!IsCovered(need, team.needs_covered())) return ANSWER_UNKNOWN;
  }
  return ANSWER_YES;
}

template <class List, class Value>
Answer Lists(const List& list, Value value, Value unspecified) {
  if (list.empty() || value == unspecified) return ANSWER_UNKNOWN;
  return FromBool(std::find(list.begin(), list.end(), value) != list.end());
}

Fit FitOf(const v1::ReferralDetails& details, const std::string& wished, const v1::Team& team) {
  Fit fit{&team, ANSWER_UNKNOWN, ANSWER_UNKNOWN, ANSWER_UNKNOWN};
  if (!wished.empty()) fit.wish = FromBool(team.team_id() == wished);
  fit.work =
      Lists(team.functions(), static_cast<int>(details.purpose()), int{v1::PURPOSE_UNSPECIFIED});
  const Answer subject =
      Lists(team.subjects(), static_cast<int>(details.subject()), int{v1::SUBJECT_UNSPECIFIED});
  fit.person = And(subject, And(CanCommunicate(details, team), CoversNeeds(details, team)));
  return fit;
}

std::tuple<int, int> StandingOf(const Fit& fit, v1::TeamOrder order) {
  const int skills = Points(fit.work) + Points(fit.person);
  const int wish = Points(fit.wish);
  if (order == v1::TEAM_ORDER_WISH_FIRST) return {wish, skills};
  return {skills, wish};
}

bool Better(const Fit& a, const Fit& b, v1::TeamOrder order) {
  const auto standing_a = StandingOf(a, order);
  const auto standing_b = StandingOf(b, order);
  if (standing_a != standing_b) return standing_a > standing_b;
  return a.team->team_id() < b.team->team_id();
}

void AddCriterion(const v1::ReferralPolicy& policy, int index, Answer met, v1::TeamRank& rank) {
  if (index >= policy.teams().criteria_size()) return;
  const v1::FindingPolicy& criterion = policy.teams().criteria(index);
  type::v1::Reason& reason = *rank.add_reasons();
  reason.set_rule_id("R5");
  reason.set_strength(criterion.strength());
  const char* answer = met == ANSWER_YES ? "Yes." : met == ANSWER_NO ? "No." : "Not known.";
  reason.set_text(absl::StrCat(criterion.text(), " ", answer));
  for (const std::string& lines : criterion.lines()) {
    *reason.add_citations() = CitationOf(policy, lines);
  }
}

bool IsClear(const std::vector<Fit>& fits, v1::TeamOrder order) {
  if (fits.empty()) return false;
  const Fit& best = fits.front();
  const bool able = best.work == ANSWER_YES && best.person == ANSWER_YES;
  const bool alone = fits.size() == 1 || StandingOf(fits[1], order) < StandingOf(best, order);
  return able && alone && best.wish != ANSWER_NO;
}

}  // namespace

v1::RecommendTeamResponse DecideTeamRanks(const v1::ReferralDetails& details,
                                          const std::string& wished_team_id,
                                          const std::vector<v1::Team>& teams,
                                          const v1::ReferralPolicy& policy) {
  std::vector<Fit> fits;
  fits.reserve(teams.size());
  for (const v1::Team& team : teams) fits.push_back(FitOf(details, wished_team_id, team));
  const v1::TeamOrder order = policy.teams().order();
  std::sort(fits.begin(), fits.end(),
            [order](const Fit& a, const Fit& b) { return Better(a, b, order); });
  v1::RecommendTeamResponse answer;
  v1::Decision& decision = *answer.mutable_decision();
  const bool clear = IsClear(fits, order);
  // Where a procedure has no rule on unclear referrals, it has one on unclear cases.
  const char* unclear = FindStatement(policy, "R4") != nullptr ? "R4" : "C2";
  decision.set_outcome(clear ? v1::OUTCOME_PERMITTED : v1::OUTCOME_CANNOT_TELL);
  AddReason(policy, clear ? "R3" : unclear, decision);
  AddReason(policy, "R5", decision);
  if (wished_team_id.empty()) AddQuestion(policy, "R5", "wished_team_id", decision);
  if (details.person_view().needs().empty()) {
    AddQuestion(policy, "R5", "details.person_view.needs", decision);
  }
  const v1::Communication& communication = details.communication();
  if (communication.needs().empty() && communication.any() != ANSWER_NO) {
    AddQuestion(policy, "R5", "details.communication.any", decision);
  }
  if (!clear) AddQuestion(policy, unclear, "destination", decision);
  for (const Fit& fit : fits) {
    v1::TeamRank& rank = *answer.add_teams();
    rank.set_team_id(fit.team->team_id());
    AddCriterion(policy, 0, fit.wish, rank);
    AddCriterion(policy, 1, fit.work, rank);
    AddCriterion(policy, 2, fit.person, rank);
  }
  return answer;
}

}  // namespace asc::referral
