#include "gateway/step_ground.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "protos/checks/urgency.h"

namespace asc::gateway {

asc::funding::v1::UrgentFacts UrgentFactsOf(const v1::ContactFacts& facts) {
  asc::funding::v1::UrgentFacts urgent = facts.urgent();
  urgent.MergeFrom(facts.funding().urgent());
  return urgent;
}

bool MayBeUrgent(const v1::Contact& contact) {
  const v1::ContactFacts& facts = contact.facts();
  const bool thought_of =
      AsksFor(contact, v1::ASK_URGENT_NEED) || facts.has_urgent() || facts.has_funding();
  return thought_of && !checks::SaidNotUrgent(UrgentFactsOf(facts));
}

bool MayLeadToProcess(const v1::Contact& contact) {
  return Yes(contact.facts().would_benefit()) || AsksFor(contact, v1::ASK_REVIEW) ||
         contact.facts().has_review();
}

bool ProcessExpected(const StepGround& ground) {
  if (!MayLeadToProcess(ground.contact)) return false;
  const auto ended = [&ground](v1::StepKind kind) {
    const journal::StoredStep* step = DoneStep(ground, kind);
    if (step == nullptr) return false;
    const auto& outcomes = step->outcomes();
    return std::any_of(outcomes.begin(), outcomes.end(), [](int outcome) {
      return outcome == v1::OUTCOME_REFERRAL_NOT_TAKEN || outcome == v1::OUTCOME_OTHER_PROCEDURE ||
             outcome == v1::OUTCOME_OTHER_AUTHORITY;
    });
  };
  if (AsksFor(ground.contact, v1::ASK_REVIEW) || ground.contact.facts().has_review()) {
    const journal::StoredStep* review = DoneStep(ground, v1::STEP_KIND_REVIEW);
    const bool refused = review != nullptr && review->decision().outcome() == "OUTCOME_REFUSED";
    return !refused && !ended(v1::STEP_KIND_REVIEW);
  }
  return !ended(v1::STEP_KIND_ORDINARY_RESIDENCE) && !ended(v1::STEP_KIND_REFERRAL);
}

bool Identified(const v1::Contact& contact) {
  const asc::type::v1::PersonRef& person = contact.person();
  return !person.person_id().empty() || !person.full_name().empty() || !person.nhs_number().empty();
}

std::string InSlot(const std::string& sent, const std::string& name, const std::string& slot) {
  if (absl::StartsWith(sent, "person.") || sent == "person") return sent;
  return absl::StrCat("facts.", slot, ".",
                      std::string(absl::StripPrefix(sent, absl::StrCat(name, "."))));
}

const journal::StoredStep* DoneStep(const StepGround& ground, v1::StepKind kind) {
  const auto found = ground.done.find(kind);
  return found == ground.done.end() ? nullptr : found->second;
}

std::string NameOr(const std::string& name, int number) {
  return name.empty() ? absl::StrCat("OUTCOME_", number) : name;
}

void AddQuestion(asc::type::v1::Question question, const std::string& field, bool blocks,
                 journal::StoredStep& step) {
  question.set_field(field);
  *(blocks ? step.mutable_decision()->add_questions() : step.add_still_to_gather()) =
      std::move(question);
}

}  // namespace asc::gateway
