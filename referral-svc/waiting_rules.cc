#include "referral-svc/waiting_rules.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "platform/facts/tri_state.h"
#include "referral-svc/communication_rules.h"
#include "referral-svc/referral_policy.h"

namespace asc::referral {
namespace {

using facts::And;
using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::FromBool;
using google::protobuf::util::MessageDifferencer;
using google::protobuf::util::TimeUtil;

struct Factor {
  const char* field;
  v1::Level level;
  const char* question;
};

std::vector<Factor> FactorsOf(const v1::PriorityFactors& factors, v1::Deterioration deterioration) {
  const bool caring = deterioration == v1::DETERIORATION_CARING_ROLE;
  return {{"risk", factors.risk(), "How great is the risk?"},
          {"need", factors.need(), "How great is the need?"},
          {"support_fragility", factors.support_fragility(),
           "How far can the support there is now be relied on, and for how long?"},
          {"urgency", factors.urgency(), "How urgent is it?"},
          {"deterioration", factors.deterioration(),
           caring ? "How likely is it that the carer will be less able to carry out their role?"
                  : "How likely is it that the situation gets worse?"},
          {"fluctuation", factors.fluctuation(), "How much may the situation go up and down?"}};
}

// Where a level stands in the policy's points. Nothing said is the same as not known.
int PlaceOf(v1::Level level) {
  switch (level) {
    case v1::LEVEL_LOW:
      return 0;
    case v1::LEVEL_MEDIUM:
      return 1;
    case v1::LEVEL_HIGH:
      return 2;
    case v1::LEVEL_UNSPECIFIED:
    case v1::LEVEL_UNKNOWN:
    case v1::Level_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Level_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return 3;
}

// Spelling does not matter where people typed it.
std::set<std::string> Folded(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::set<std::string> folded;
  for (const std::string& text : texts) {
    folded.insert(absl::AsciiStrToLower(std::string(absl::StripAsciiWhitespace(text))));
  }
  return folded;
}

std::set<std::string> CommunicationNeedsOf(const v1::Referral& referral) {
  google::protobuf::RepeatedPtrField<std::string> needs;
  for (const auto& need : referral.details().communication().needs()) *needs.Add() = need.need();
  return Folded(needs);
}

// Needs that nobody told of may be there all the same, unless somebody said that there are none.
Answer Covers(const std::set<std::string>& skills, const std::set<std::string>& needs, bool none) {
  if (needs.empty()) return none ? ANSWER_YES : ANSWER_UNKNOWN;
  return FromBool(std::includes(skills.begin(), skills.end(), needs.begin(), needs.end()));
}

// The three criteria, in the procedure's order.
struct Criteria {
  bool function = false;
  Answer person = ANSWER_UNKNOWN;
  bool wished = false;
  int met() const { return int{function} + int{person == ANSWER_YES} + int{wished}; }
};

const char* PersonText(Answer covered) {
  if (covered == ANSWER_YES) return "Has the skills for this person's needs and communication.";
  return covered == ANSWER_NO ? "Not every skill for this person is recorded."
                              : "Which skills this person needs is not known.";
}

Criteria Judge(const v1::Referral& referral, const v1::WorkerSkills& skills,
               const std::string& wished_worker_id) {
  const auto& functions = skills.functions();
  Criteria criteria;
  criteria.function = std::find(functions.begin(), functions.end(), referral.details().purpose()) !=
                      functions.end();
  criteria.person =
      And(Covers(Folded(skills.needs()), Folded(referral.details().person_view().needs()), false),
          Covers(Folded(skills.communication_skills()), CommunicationNeedsOf(referral),
                 referral.details().communication().any() == ANSWER_NO));
  criteria.wished = !wished_worker_id.empty() && wished_worker_id == skills.worker_id();
  return criteria;
}

// What a procedure does not say is no reason of its own.
void AddCriterion(const v1::ReferralPolicy& policy, int index, const std::string& met,
                  v1::WorkerRank& rank) {
  type::v1::Reason& reason = *rank.add_reasons();
  reason.set_text(met);
  const auto& criteria = policy.waiting().worker_criteria();
  if (index >= criteria.size()) return;
  const v1::FindingPolicy& criterion = criteria[index];
  reason.set_rule_id("AL2");
  reason.set_strength(criterion.strength());
  reason.set_text(absl::StrCat(criterion.text(), " ", met));
  for (const std::string& lines : criterion.lines()) {
    *reason.add_citations() = CitationOf(policy, lines);
  }
}

}  // namespace

v1::ReferralSummary SummaryOfReferral(const v1::Referral& referral) {
  v1::ReferralSummary summary;
  summary.set_referral_id(referral.referral_id());
  summary.set_version(referral.version());
  summary.set_etag(referral.etag());
  summary.set_status(referral.status());
  summary.set_subject(referral.details().subject());
  summary.set_purpose(referral.details().purpose());
  summary.set_person_id(referral.details().person().person_id());
  summary.set_team_id(referral.team_id());
  summary.set_worker_id(referral.worker_id());
  *summary.mutable_opened_at() = referral.opened_at();
  *summary.mutable_updated_at() = referral.updated_at();
  summary.set_still_to_gather(referral.still_to_gather_size());
  summary.set_communication_needs(HasNeeds(referral.details().communication()));
  return summary;
}

v1::WaitingEntry RankWaiting(const v1::Referral& referral, const v1::ReferralPolicy& policy) {
  v1::WaitingEntry entry;
  *entry.mutable_referral() = SummaryOfReferral(referral);
  // From the beginning: nobody loses their place because a team passed the referral on.
  *entry.mutable_waiting_since() =
      referral.has_reopened_at() ? referral.reopened_at() : referral.opened_at();
  if (referral.has_monitor_at()) *entry.mutable_monitor_at() = referral.monitor_at();
  const v1::WaitingPolicy& waiting = policy.waiting();
  const auto factors = FactorsOf(referral.priority(), waiting.deterioration());
  for (int i = 0; i < waiting.factor_weights_size(); ++i) {
    const Factor& factor = factors[static_cast<std::size_t>(i)];
    v1::FactorShare& share = *entry.add_shares();
    share.set_factor(factor.field);
    share.set_points(waiting.factor_weights(i) * waiting.level_points(PlaceOf(factor.level)));
    entry.set_points(entry.points() + share.points());
  }
  return entry;
}

v1::RankingChange CompareRanking(const std::optional<v1::RankingChange>& last,
                                 const v1::PriorityFactors& factors,
                                 const v1::WaitingEntry& entry) {
  v1::RankingChange change;
  change.set_points(entry.points());
  *change.mutable_factors() = factors;
  *change.mutable_shares() = entry.shares();
  if (!last.has_value()) return change;
  change.set_points_before(last->points());
  *change.mutable_factors_before() = last->factors();
  for (const v1::FactorShare& share : entry.shares()) {
    for (const v1::FactorShare& was : last->shares()) {
      if (was.factor() != share.factor() || was.points() == share.points()) continue;
      v1::FactorShare& move = *change.add_moves();
      move.set_factor(share.factor());
      move.set_points(share.points() - was.points());
    }
  }
  return change;
}

bool IsRankedAnew(const v1::RankingChange& change) {
  return !change.has_points_before() || change.points() != change.points_before() ||
         !MessageDifferencer::Equals(change.factors(), change.factors_before());
}

v1::Decision DecidePriority(const v1::PriorityFactors& factors, const v1::ReferralPolicy& policy) {
  v1::Decision decision;
  const v1::RuleStatement* statement = FindStatement(policy, "AL1");
  if (statement == nullptr) {
    decision.set_outcome(v1::OUTCOME_NOT_COVERED);
    type::v1::Reason& reason = *decision.add_reasons();
    reason.set_rule_id("AL1");
    reason.set_text("The procedure ranks nobody; the list goes by waiting time.");
    return decision;
  }
  decision.set_outcome(v1::OUTCOME_PERMITTED);
  AddReason(policy, "AL1", decision);
  for (const Factor& factor : FactorsOf(factors, policy.waiting().deterioration())) {
    if (PlaceOf(factor.level) != PlaceOf(v1::LEVEL_UNKNOWN)) continue;
    type::v1::Question& question = *decision.add_questions();
    question.set_field(absl::StrCat("factors.", factor.field));
    question.set_rule_id(statement->rule_id());
    question.set_strength(statement->strength());
    question.set_text(factor.question);
  }
  return decision;
}

bool WaitsBefore(const v1::WaitingEntry& a, const v1::WaitingEntry& b) {
  const auto key = [](const v1::WaitingEntry& entry) {
    return std::make_tuple(-entry.points(),
                           TimeUtil::TimestampToMicroseconds(entry.waiting_since()),
                           entry.referral().referral_id());
  };
  return key(a) < key(b);
}

v1::RecommendWorkerResponse RankWorkers(const v1::Referral& referral,
                                        const std::vector<Candidate>& candidates,
                                        const std::string& wished_worker_id,
                                        const v1::ReferralPolicy& policy) {
  v1::RecommendWorkerResponse response;
  v1::Decision& decision = *response.mutable_decision();
  if (FindStatement(policy, "AL2") == nullptr) {
    SettleNotCovered("AL2", "who is best placed to be allocated", decision);
  } else {
    decision.set_outcome(candidates.empty() ? v1::OUTCOME_CANNOT_TELL : v1::OUTCOME_PERMITTED);
    AddReason(policy, "AL2", decision);
    AddReason(policy, "AL3", decision);
    if (candidates.empty()) AddQuestion(policy, "AL2", "team_id", decision);
  }
  std::vector<std::pair<Criteria, const Candidate*>> order;
  for (const Candidate& candidate : candidates) {
    order.emplace_back(Judge(referral, candidate.skills, wished_worker_id), &candidate);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    const auto key = [](const auto& one) {
      return std::make_tuple(-one.first.met(), one.second->allocated_now,
                             one.second->skills.worker_id());
    };
    return key(a) < key(b);
  });
  for (const auto& [criteria, candidate] : order) {
    v1::WorkerRank& rank = *response.add_workers();
    rank.set_worker_id(candidate->skills.worker_id());
    rank.set_allocated_now(candidate->allocated_now);
    AddCriterion(policy, 0,
                 criteria.function ? "Has the skills for what is to be done."
                                   : "Skills for what is to be done are not recorded.",
                 rank);
    AddCriterion(policy, 1, PersonText(criteria.person), rank);
    AddCriterion(policy, 2,
                 criteria.wished            ? "Is whom the person wishes for."
                 : wished_worker_id.empty() ? "The person's wishes are not known."
                                            : "Is not whom the person wishes for.",
                 rank);
  }
  return response;
}

}  // namespace asc::referral
