#include "gateway/funding_steps.h"

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "asc/funding/v1/funding.pb.h"
#include "gateway/policy_rules.h"
#include "protos/checks/funding_checks.h"
#include "protos/checks/urgency.h"

namespace asc::gateway {
namespace {

namespace fv1 = asc::funding::v1;
namespace rv1 = asc::referral::v1;

constexpr char kService[] = "funding";
constexpr char kCheckUrgentSupport[] = "/asc.funding.v1.FundingService/CheckUrgentSupport";
constexpr char kCheckCharging[] = "/asc.funding.v1.FundingService/CheckCharging";

fv1::Subject SubjectOf(const v1::Contact& contact) {
  return contact.subject() == rv1::SUBJECT_CARER ? fv1::SUBJECT_CARER : fv1::SUBJECT_PERSON;
}

// The procedure wants it known that money was spoken of before a transfer. By the facts alone, so
// that it does not matter which step ends first.
bool FinanceInformationDue(const StepGround& ground) {
  return HasTrigger(v1::TRIGGER_FINANCE_INFORMATION_DUE, ground.policy) &&
         MayLeadToProcess(ground.contact) &&
         !Yes(ground.contact.facts().referral().information().finance_information_given()) &&
         !Yes(ground.contact.facts().advice_given().content().financial());
}

// What the funding service answers says more than what was told while nothing was known of it.
// Where the procedure has no section on it that stays all there is.
void TakeOverFromUrgentNeed(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  if (!HasTrigger(v1::TRIGGER_URGENT_CONSIDERED, policy)) return;
  RemoveTriggered(v1::TRIGGER_URGENT_NEED, policy, step);
}

bool ReadConsiderations(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  fv1::CheckUrgentSupportResponse response;
  if (!response.ParseFromString(step.response())) return false;
  const fv1::UrgentSupportCheck& check = response.check();
  const bool inline_section = check.section() == fv1::URGENT_SECTION_INLINE;
  const bool complete = Yes(check.considerations_complete());
  fv1::CheckUrgentSupportRequest asked;
  const bool not_urgent =
      asked.ParseFromString(step.request()) && checks::SaidNotUrgent(asked.facts());
  CopyDecision(check,
               !inline_section ? "NOT_IN_PROCEDURE"
               : not_urgent    ? "NOT_URGENT"
               : complete      ? "CONSIDERATIONS_COMPLETE"
                               : "CONSIDERATIONS_MISSING",
               *step.mutable_decision());
  if (inline_section) TakeOverFromUrgentNeed(policy, step);
  if (not_urgent) return true;
  // What is asked beyond that hinders nothing.
  AddQuestions(check.questions(), &UrgentField, inline_section && !complete, step);
  if (!inline_section) return true;
  step.add_outcomes(v1::OUTCOME_URGENT_SUPPORT);
  if (complete) AddTriggered(v1::TRIGGER_URGENT_CONSIDERED, policy, step);
  return true;
}

bool ReadFundingRequest(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  fv1::OpenFundingRequestResponse response;
  if (!response.ParseFromString(step.response())) return false;
  CopyDecision(
      response.answer(),
      response.answer().accepted() ? "FUNDING_REQUEST_OPENED" : "FUNDING_REQUEST_NOT_OPENED",
      *step.mutable_decision());
  AddQuestions(response.answer().questions(), &UrgentField, !response.answer().accepted(), step);
  step.add_outcomes(v1::OUTCOME_URGENT_SUPPORT);
  if (!response.answer().accepted()) return true;
  step.set_record_id(response.funding_request().funding_request_id());
  TakeOverFromUrgentNeed(policy, step);
  AddTriggered(v1::TRIGGER_FUNDING_OPENED, policy, step);
  return true;
}

}  // namespace

std::string UrgentField(const std::string& sent) {
  return absl::StartsWith(sent, "content.") ? InSlot(sent, "content", "funding")
                                            : InSlot(sent, "facts", "urgent");
}

void CheckUrgentSupport(const v1::Contact& contact, absl::Time, rpc::Violations& violations) {
  checks::CheckContent(contact.facts().funding(), "facts.funding", violations);
}

bool NeedsUrgentSupport(const StepGround& ground) {
  const v1::ContactFacts& facts = ground.contact.facts();
  return AsksFor(ground.contact, v1::ASK_URGENT_NEED) || facts.has_urgent() || facts.has_funding();
}

void AskUrgentSupport(const StepGround& ground, journal::StoredStep& step) {
  const v1::ContactFacts& facts = ground.contact.facts();
  if (MayBeUrgent(ground.contact)) step.add_triggers(v1::TRIGGER_URGENT_NEED);
  // A request is about somebody; until it is known about whom, what to consider is said, and it is
  // asked who it is.
  if (facts.has_funding() && Identified(ground.contact)) {
    fv1::OpenFundingRequestRequest request;
    *request.mutable_person() = ground.contact.person();
    *request.mutable_content() = facts.funding();
    request.set_contact_id(ground.contact.contact_id());
    return Send(ground, kService, kOpenFundingRequest, request, step);
  }
  fv1::CheckUrgentSupportRequest request;
  if (facts.has_funding()) AskWhoItIs(ground, step);
  *request.mutable_facts() = UrgentFactsOf(facts);
  if (request.facts().subject() == fv1::SUBJECT_UNSPECIFIED) {
    request.mutable_facts()->set_subject(SubjectOf(ground.contact));
  }
  Send(ground, kService, kCheckUrgentSupport, request, step);
}

bool ReadUrgentSupport(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  return step.method() == kOpenFundingRequest ? ReadFundingRequest(policy, step)
                                              : ReadConsiderations(policy, step);
}

std::string ChargingField(const std::string& sent) { return InSlot(sent, "facts", "charging"); }

void CheckCharging(const v1::Contact& contact, absl::Time, rpc::Violations& violations) {
  checks::CheckItems(contact.facts().charging().items(), "facts.charging.items", violations);
}

bool NeedsFinanceInformation(const StepGround& ground) {
  return AsksFor(ground.contact, v1::ASK_MONEY) || ground.contact.facts().has_charging() ||
         (FinanceInformationDue(ground) && ProcessExpected(ground));
}

void AskFinanceInformation(const StepGround& ground, journal::StoredStep& step) {
  if (FinanceInformationDue(ground)) step.add_triggers(v1::TRIGGER_FINANCE_INFORMATION_DUE);
  if (!ground.contact.facts().has_charging()) return;
  fv1::CheckChargingRequest request;
  *request.mutable_facts() = ground.contact.facts().charging();
  if (request.facts().subject() == fv1::SUBJECT_UNSPECIFIED) {
    request.mutable_facts()->set_subject(SubjectOf(ground.contact));
  }
  Send(ground, kService, kCheckCharging, request, step);
}

bool ReadCharging(const v1::GatewayPolicy&, journal::StoredStep& step) {
  fv1::CheckChargingResponse response;
  if (!response.ParseFromString(step.response())) return false;
  const fv1::ChargingDecision& decision = response.decision();
  std::set<fv1::ChargeOutcome> outcomes;
  for (const fv1::ItemCharge& item : decision.items()) outcomes.insert(item.outcome());
  CopyDecision(decision,
               outcomes.size() == 1
                   ? NameOr(fv1::ChargeOutcome_Name(*outcomes.begin()), *outcomes.begin())
                   : "SEVERAL",
               *step.mutable_decision());
  for (const fv1::ItemCharge& item : decision.items()) {
    step.mutable_decision()->mutable_reasons()->MergeFrom(item.reasons());
  }
  AddQuestions(decision.questions(), &ChargingField,
               outcomes.contains(fv1::CHARGE_OUTCOME_CANNOT_TELL), step);
  step.add_outcomes(v1::OUTCOME_INFORMATION);
  return true;
}

}  // namespace asc::gateway
