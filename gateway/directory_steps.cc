#include "gateway/directory_steps.h"

#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "asc/directory/v1/directory.pb.h"
#include "protos/checks/directory_checks.h"

namespace asc::gateway {
namespace {

namespace dv1 = asc::directory::v1;

constexpr char kService[] = "directory";
constexpr char kCircumstances[] = "circumstances";
constexpr char kSearchServices[] = "/asc.directory.v1.DirectoryService/SearchServices";

// As many as somebody reads out over the telephone; the directory itself holds the rest.
constexpr int kHitsMax = 10;

// Prevention comes before longer-term work (P1). Looking at a plan again is not such work, unless
// the change asked for makes a reassessment likely (V5).
bool MayLeadToLongerTermWork(const v1::Contact& contact) {
  if (Yes(contact.facts().would_benefit())) return true;
  const auto& review = contact.facts().review();
  return Yes(review.budget_change_required()) &&
         (Yes(review.needs_changed()) || Yes(review.circumstances_changed()));
}

// Whom the search is for, with what the contact tells already.
dv1::Circumstances CircumstancesOf(const v1::Contact& contact) {
  dv1::Circumstances circumstances = contact.facts().information().circumstances();
  if (circumstances.carer() == asc::type::v1::ANSWER_UNSPECIFIED &&
      contact.subject() == asc::referral::v1::SUBJECT_CARER) {
    circumstances.set_carer(asc::type::v1::ANSWER_YES);
  }
  if (const int age = AgeOf(contact); !circumstances.has_age() && age >= 0) {
    circumstances.set_age(age);
  }
  if (circumstances.lives_in_area() == asc::type::v1::ANSWER_UNSPECIFIED) {
    circumstances.set_lives_in_area(
        contact.facts().referral().residence().ordinarily_resident_here());
  }
  return circumstances;
}

// Whether it is recorded that somebody comes back to it, or that the person does not want that.
bool FollowUpSettled(const v1::ContactFacts& facts) {
  const dv1::FollowUpPlan& plan = facts.advice_given().follow_up();
  return plan.has_due_at() || Yes(plan.declined());
}

}  // namespace

int AgeOf(const v1::Contact& contact) {
  absl::CivilDay born;
  if (!absl::ParseCivilTime(contact.person().born_on(), &born)) return -1;
  const absl::CivilDay today(absl::ToCivilDay(
      absl::FromUnixSeconds(contact.received_at().seconds()), absl::UTCTimeZone()));
  const bool had_birthday =
      std::make_pair(today.month(), today.day()) >= std::make_pair(born.month(), born.day());
  return static_cast<int>(today.year() - born.year()) - (had_birthday ? 0 : 1);
}

std::string SearchField(const std::string& sent) { return InSlot(sent, "", "information"); }

bool NeedsInformation(const StepGround& ground) {
  return AsksFor(ground.contact, v1::ASK_INFORMATION) || ground.contact.facts().has_information();
}

void AskInformation(const StepGround& ground, journal::StoredStep& step) {
  if (!FollowUpSettled(ground.contact.facts())) step.add_triggers(v1::TRIGGER_FOLLOW_UP_DUE);
  if (!ground.contact.facts().has_information()) return;
  const v1::InformationWanted& wanted = ground.contact.facts().information();
  dv1::SearchServicesRequest request;
  request.set_page_size(kHitsMax);
  request.set_crisis(Yes(wanted.crisis()));
  if (!request.crisis()) request.set_words(wanted.words());
  *request.mutable_circumstances() = CircumstancesOf(ground.contact);
  *request.mutable_kinds() = wanted.kinds();
  *request.mutable_taxonomy_term_ids() = wanted.taxonomy_term_ids();
  Send(ground, kService, kSearchServices, request, step);
}

bool NeedsPrevention(const StepGround& ground) {
  return ProcessExpected(ground) && MayLeadToLongerTermWork(ground.contact) &&
         !Yes(ground.contact.facts().referral().prevention().all_explored());
}

void AskPrevention(const StepGround& ground, journal::StoredStep& step) {
  step.add_triggers(v1::TRIGGER_PREVENTION_TO_EXPLORE);
  dv1::SearchServicesRequest request;
  request.set_page_size(kHitsMax);
  request.add_kinds(dv1::RESOURCE_KIND_PREVENTION);
  *request.mutable_circumstances() = CircumstancesOf(ground.contact);
  Send(ground, kService, kSearchServices, request, step);
}

bool ReadSearch(const v1::GatewayPolicy&, journal::StoredStep& step) {
  dv1::SearchServicesResponse response;
  if (!response.ParseFromString(step.response())) return false;
  const bool elsewhere = response.source() == dv1::DIRECTORY_SOURCE_EXTERNAL_LINK;
  CopyDecision(response,
               !response.hits().empty() ? "SERVICES_FOUND"
               : elsewhere              ? "KEPT_ELSEWHERE"
                                        : "NOTHING_FOUND",
               *step.mutable_decision());
  for (const dv1::Hit& hit : response.hits()) {
    for (const asc::type::v1::Question& question : hit.questions()) {
      // What only the words of an entry tell ("people with dementia, their families") is no fact of
      // a contact: it stands with the entry, for people to read.
      if (question.field() == kCircumstances) continue;
      AddQuestion(question, SearchField(question.field()), false, step);
    }
  }
  if (step.kind() == v1::STEP_KIND_INFORMATION) step.add_outcomes(v1::OUTCOME_INFORMATION);
  return true;
}

std::string AdviceField(const std::string& sent) { return InSlot(sent, "", "advice_given"); }

void CheckAdvice(const v1::Contact& contact, absl::Time now, rpc::Violations& violations) {
  const v1::AdviceGiven& given = contact.facts().advice_given();
  checks::CheckAdvice(given.content(), "facts.advice_given.content", given.follow_up(),
                      "facts.advice_given.follow_up", now, violations);
}

bool NeedsAdviceRecord(const StepGround& ground) {
  return ground.contact.facts().has_advice_given();
}

void AskAdviceRecord(const StepGround& ground, journal::StoredStep& step) {
  // Where nobody asked for information, no other step tells of it (I6).
  if (!NeedsInformation(ground) && !FollowUpSettled(ground.contact.facts())) {
    step.add_triggers(v1::TRIGGER_FOLLOW_UP_DUE);
  }
  const v1::AdviceGiven& given = ground.contact.facts().advice_given();
  dv1::RecordAdviceGivenRequest request;
  if (ground.contact.has_person()) *request.mutable_person() = ground.contact.person();
  request.set_contact_id(ground.contact.contact_id());
  *request.mutable_content() = given.content();
  if (given.has_follow_up()) *request.mutable_follow_up() = given.follow_up();
  Send(ground, kService, kRecordAdviceGiven, request, step);
}

bool ReadAdviceRecord(const v1::GatewayPolicy&, journal::StoredStep& step) {
  dv1::RecordAdviceGivenResponse response;
  if (!response.ParseFromString(step.response())) return false;
  if (response.advice().advice_id().empty()) return false;
  step.mutable_decision()->set_outcome("ADVICE_RECORDED");
  *step.mutable_decision()->mutable_reasons() = response.advice().reasons();
  *step.mutable_decision()->mutable_policy_version() = response.advice().policy_version();
  step.set_record_id(response.advice().advice_id());
  AddQuestions(response.questions(), &AdviceField, false, step);
  step.add_outcomes(v1::OUTCOME_INFORMATION);
  return true;
}

}  // namespace asc::gateway
