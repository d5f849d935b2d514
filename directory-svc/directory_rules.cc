#include "directory-svc/directory_rules.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "platform/facts/tri_state.h"

namespace asc::directory {
namespace {

using facts::And;
using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::FromBool;
using facts::IsUnknown;
using facts::Known;
using facts::Or;

using google::protobuf::util::TimeUtil;

constexpr std::int64_t kSecondsOfDay = 86400;

Answer AgeFits(const v1::Eligibility& condition, const v1::Circumstances& person) {
  if (!person.has_age()) return ANSWER_UNKNOWN;
  const bool old_enough = person.age() >= condition.age_min();
  const bool young_enough = condition.age_max() == 0 || person.age() <= condition.age_max();
  return FromBool(old_enough && young_enough);
}

Answer Meets(const v1::Eligibility& condition, const v1::Circumstances& person) {
  if (condition.hint_only()) return ANSWER_YES;
  switch (condition.kind()) {
    case v1::ELIGIBILITY_KIND_AGE:
      return AgeFits(condition, person);
    case v1::ELIGIBILITY_KIND_LOCAL_GP:
      return Known(person.local_gp());
    case v1::ELIGIBILITY_KIND_RESIDENT:
      return Known(person.lives_in_area());
    case v1::ELIGIBILITY_KIND_LIVES_OR_WORKS:
      return Or(Known(person.lives_in_area()), Known(person.works_in_area()));
    case v1::ELIGIBILITY_KIND_CARER:
      return Known(person.carer());
    case v1::ELIGIBILITY_KIND_TENANT:
      return Known(person.tenant());
    case v1::ELIGIBILITY_KIND_UNSPECIFIED:
    case v1::ELIGIBILITY_KIND_OTHER:
    case v1::EligibilityKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::EligibilityKind_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return ANSWER_UNKNOWN;
}

struct Asking {
  const char* field;
  const char* text;
};

// The question that tells whether a condition of this kind is met.
Asking AskingOf(const v1::Eligibility& condition, const v1::Circumstances& person) {
  switch (condition.kind()) {
    case v1::ELIGIBILITY_KIND_AGE:
      return {"circumstances.age", "How old is the person?"};
    case v1::ELIGIBILITY_KIND_LOCAL_GP:
      return {"circumstances.local_gp", "Is the person registered with a GP here?"};
    case v1::ELIGIBILITY_KIND_RESIDENT:
      return {"circumstances.lives_in_area", "Does the person live here?"};
    case v1::ELIGIBILITY_KIND_LIVES_OR_WORKS:
      if (IsUnknown(person.lives_in_area())) {
        return {"circumstances.lives_in_area", "Does the person live or work here?"};
      }
      return {"circumstances.works_in_area", "Does the person work here?"};
    case v1::ELIGIBILITY_KIND_CARER:
      return {"circumstances.carer", "Is the person a carer?"};
    case v1::ELIGIBILITY_KIND_TENANT:
      return {"circumstances.tenant", "Is the person a tenant there?"};
    case v1::ELIGIBILITY_KIND_UNSPECIFIED:
    case v1::ELIGIBILITY_KIND_OTHER:
    case v1::EligibilityKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::EligibilityKind_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return {"circumstances", "Does this hold for the person?"};
}

// "HH:MM" as minutes since midnight; -1: not stated.
int MinuteOf(const std::string& time) {
  int hours = 0;
  int minutes = 0;
  if (time.size() != 5 || !absl::SimpleAtoi(time.substr(0, 2), &hours) ||
      !absl::SimpleAtoi(time.substr(3), &minutes)) {
    return -1;
  }
  return hours * 60 + minutes;
}

bool SettledByNo(v1::AccessStep step, const v1::AccessFacts& facts) {
  if (step == v1::ACCESS_STEP_SOMEONE_APPROPRIATE) return facts.someone_appropriate() == ANSWER_NO;
  if (step == v1::ACCESS_STEP_OWN_STEPS) return facts.steps_can_be_taken() == ANSWER_NO;
  return false;
}

void AskStep(v1::AccessStep step, const v1::AccessFacts& facts, const v1::DirectoryPolicy& policy,
             Questions& questions) {
  if (step == v1::ACCESS_STEP_ASK_THE_PERSON && facts.what_would_help().empty()) {
    AddQuestion(policy, "I5", "facts.what_would_help", "What would help the person to understand?",
                questions);
  }
  if (step == v1::ACCESS_STEP_SOMEONE_APPROPRIATE && IsUnknown(facts.someone_appropriate())) {
    AddQuestion(policy, "I5", "facts.someone_appropriate",
                "Is there somebody suitable who can help the person to understand?", questions);
  }
  if (step == v1::ACCESS_STEP_OWN_STEPS && IsUnknown(facts.steps_can_be_taken())) {
    AddQuestion(policy, "I5", "facts.steps_can_be_taken",
                "What can you do yourself: talk it through, or sum it up more simply?", questions);
  }
}

google::protobuf::Timestamp DaysAfter(const google::protobuf::Timestamp& from, std::int64_t days) {
  google::protobuf::Timestamp to = from;
  to.set_seconds(from.seconds() + days * kSecondsOfDay);
  return to;
}

// What holds while no time has been said, and on which local choice it rests.
std::string Meanwhile(const type::v1::LocalNumber& longest) {
  return absl::StrCat("Until that is said, the longest time set here stands. ",
                      longest.local_assumption());
}

void PlanFollowUp(const v1::AdviceContent& content, const v1::DirectoryPolicy& policy,
                  AdviceDecision& decision) {
  v1::FollowUpPlan& plan = decision.follow_up;
  AddReason(policy, "I6.agree", decision.reasons);
  AddReason(policy, "I6.time", decision.reasons);
  if (plan.risk() == v1::FOLLOW_UP_RISK_UNSPECIFIED) {
    AddQuestion(policy, "I6.time", "follow_up.risk",
                "How great is the risk if the advice does not help?", decision.questions);
  }
  const type::v1::LocalNumber& longest = FollowUpDaysMax(policy, plan.risk());
  const auto latest = DaysAfter(content.given_at(), longest.value());
  if (!plan.has_due_at()) {
    *plan.mutable_due_at() = latest;
    AddQuestion(policy, "I6", "follow_up.due_at",
                "When is it to be seen whether the advice helped? " + Meanwhile(longest),
                decision.questions);
  } else if (plan.due_at() > latest) {
    AddQuestion(policy, "I6.time", "follow_up.due_at",
                "The time is later than the longest one set here for this risk. Is that right for "
                "the person's circumstances?",
                decision.questions);
  }
  if (IsUnknown(plan.agreed())) {
    AddQuestion(policy, "I6.agree", "follow_up.agreed",
                "Has the follow-up been agreed with the person?", decision.questions);
  }
}

}  // namespace

Answer Eligible(const v1::ServiceContent& content, const v1::Circumstances& person) {
  Answer all = ANSWER_YES;
  for (const auto& condition : content.eligibility()) all = And(all, Meets(condition, person));
  return all;
}

void AskEligibility(const v1::ServiceContent& content, const v1::Circumstances& person,
                    const v1::DirectoryPolicy& policy, Questions& questions) {
  for (const auto& condition : content.eligibility()) {
    if (!IsUnknown(Meets(condition, person))) continue;
    const Asking asking = AskingOf(condition, person);
    const std::string text = condition.words().empty()
                                 ? asking.text
                                 : absl::StrCat(asking.text, " For: ", condition.words());
    AddQuestion(policy, "I2", asking.field, text, questions);
  }
}

bool StatedOpen(const v1::ServiceContent& content, v1::Weekday day, int minute) {
  for (const auto& opening : content.openings()) {
    if (std::find(opening.days().begin(), opening.days().end(), day) == opening.days().end()) {
      continue;
    }
    if (opening.always()) return true;
    const int opens = MinuteOf(opening.opens_at());
    const int closes = MinuteOf(opening.closes_at());
    if (opens >= 0 && opens <= minute && minute < closes) return true;
  }
  return false;
}

bool AnswersLater(const v1::ServiceContent& content) {
  return std::any_of(content.caveats().begin(), content.caveats().end(), [](const auto& caveat) {
    return caveat.kind() == v1::CAVEAT_KIND_NOT_LIVE_RESPONSE ||
           caveat.kind() == v1::CAVEAT_KIND_CALLS_BACK;
  });
}

v1::AccessDecision DecideAccess(const v1::AccessFacts& facts, const v1::DirectoryPolicy& policy) {
  v1::AccessDecision decision;
  *decision.mutable_facts() = facts;
  AddReason(policy, "I5", *decision.mutable_reasons());
  const bool needs_stated = !facts.needs().empty() || !facts.what_would_help().empty();
  if (facts.needs_support() == ANSWER_NO) {
    decision.set_outcome(v1::ACCESS_OUTCOME_NO_SUPPORT_NEEDED);
    return decision;
  }
  if (facts.needs_support() != ANSWER_YES && !needs_stated) {
    decision.set_outcome(v1::ACCESS_OUTCOME_CANNOT_TELL);
    AddQuestion(policy, "I5", "facts.needs_support",
                "Does the person need support to understand the information?",
                *decision.mutable_questions());
    return decision;
  }
  decision.set_outcome(v1::ACCESS_OUTCOME_SUPPORT_NEEDED);
  for (const int number : policy.access_steps()) {
    const auto step = static_cast<v1::AccessStep>(number);
    if (SettledByNo(step, facts)) continue;
    decision.add_steps(step);
    AskStep(step, facts, policy, *decision.mutable_questions());
  }
  return decision;
}

AdviceDecision DecideAdvice(const v1::RecordAdviceGivenRequest& request,
                            const v1::DirectoryPolicy& policy, const std::string& caller) {
  AdviceDecision decision;
  decision.follow_up = request.follow_up();
  if (policy.equal_for_all() && request.person().person_id().empty()) {
    AddReason(policy, "I1", decision.reasons);
  }
  if (request.content().accessible() == ANSWER_NO) AddReason(policy, "I5", decision.reasons);
  if (IsUnknown(request.content().accessible())) {
    AddQuestion(policy, "I5", "content.accessible",
                "Was the advice given in a way that the person could understand and use?",
                decision.questions);
  }
  AddReason(policy, "I6", decision.reasons);
  if (request.follow_up().declined() == ANSWER_YES) {
    decision.state = v1::ADVICE_STATE_NO_FOLLOW_UP;
    return decision;
  }
  PlanFollowUp(request.content(), policy, decision);
  if (decision.follow_up.by().empty()) decision.follow_up.set_by(caller);
  return decision;
}

FollowUpDecision DecideFollowUp(const v1::Advice& advice, const v1::FollowUp& follow_up,
                                const v1::DirectoryPolicy& policy, absl::Time now) {
  FollowUpDecision decision;
  AddReason(policy, "I6", decision.reasons);
  decision.due_at = advice.follow_up().due_at();
  // That it helped, or did not, can only be told by somebody who was reached.
  const Answer reached = IsUnknown(follow_up.effective()) ? Known(follow_up.reached()) : ANSWER_YES;
  if (reached == ANSWER_YES && follow_up.effective() == ANSWER_YES) {
    decision.state = v1::ADVICE_STATE_EFFECTIVE;
    return decision;
  }
  if (follow_up.effective() == ANSWER_NO && !follow_up.next_action().empty()) {
    decision.state = v1::ADVICE_STATE_NOT_EFFECTIVE;
    return decision;
  }
  if (follow_up.effective() == ANSWER_NO) {
    AddQuestion(policy, "I6", "follow_up.next_action",
                "The advice did not help. What is to be done next?", decision.questions);
    return decision;
  }
  if (reached == ANSWER_YES) {
    AddQuestion(policy, "I6", "follow_up.effective", "Did the advice help?", decision.questions);
    return decision;
  }
  if (follow_up.has_next_due_at()) {
    decision.due_at = follow_up.next_due_at();
    return decision;
  }
  const auto now_stamp = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(now));
  const auto& longest = FollowUpDaysMax(policy, advice.follow_up().risk());
  decision.due_at = DaysAfter(now_stamp, longest.value());
  AddQuestion(policy, "I6", "follow_up.next_due_at",
              "When is the person to be tried again? " + Meanwhile(longest), decision.questions);
  return decision;
}

}  // namespace asc::directory
