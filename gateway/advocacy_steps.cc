#include "gateway/advocacy_steps.h"

#include <algorithm>

#include "asc/advocacy/v1/advocacy.pb.h"
#include "gateway/policy_rules.h"
#include "protos/checks/advocacy_checks.h"

namespace asc::gateway {
namespace {

namespace av1 = asc::advocacy::v1;
namespace rv1 = asc::referral::v1;

constexpr char kService[] = "advocacy";
constexpr char kCheckAdvocacy[] = "/asc.advocacy.v1.AdvocacyService/CheckAdvocacy";
constexpr char kOpenAdvocacyNeed[] = "/asc.advocacy.v1.AdvocacyService/OpenAdvocacyNeed";
constexpr char kCheckHold[] = "/asc.advocacy.v1.AdvocacyService/CheckHold";

// The process that the contact itself points to.
av1::Process ProcessOf(const v1::Contact& contact) {
  if (!Yes(contact.facts().would_benefit())) {
    return MayLeadToProcess(contact) ? av1::PROCESS_REVIEW : av1::PROCESS_UNSPECIFIED;
  }
  return contact.subject() == rv1::SUBJECT_CARER ? av1::PROCESS_CARERS_ASSESSMENT
                                                 : av1::PROCESS_NEEDS_ASSESSMENT;
}

// What somebody is about to do.
av1::Act ActOf(const v1::Contact& contact) {
  return contact.facts().intended_act() == av1::ACT_UNSPECIFIED ? av1::ACT_PROCESS_STEP
                                                                : contact.facts().intended_act();
}

bool IsAboutRisk(const asc::type::v1::Question& question) {
  return question.field() == "immediate_risk";
}

// Whether the duty stands and is not met. The exception for a risk is asked about only then.
bool Owed(const av1::HoldDecision& hold) {
  return hold.outcome() == av1::HOLD_OUTCOME_HELD ||
         hold.outcome() == av1::HOLD_OUTCOME_MAY_PROCEED_URGENTLY ||
         std::any_of(hold.questions().begin(), hold.questions().end(), &IsAboutRisk);
}

void ReadHoldOf(const av1::HoldDecision& hold, const v1::GatewayPolicy& policy,
                journal::StoredStep& step) {
  const bool blocks = hold.outcome() == av1::HOLD_OUTCOME_CANNOT_TELL;
  for (const asc::type::v1::Question& question : hold.questions()) {
    // What is not known of the need itself is asked for by the step that looks at it.
    if (IsAboutRisk(question)) AddQuestion(question, AdvocacyField(question.field()), blocks, step);
  }
  // What cannot be told yet does not let the process begin.
  if (blocks || hold.outcome() == av1::HOLD_OUTCOME_HELD) {
    AddTriggered(v1::TRIGGER_ADVOCACY_HELD, policy, step);
  }
}

bool CameTo(const journal::StoredStep& checked, av1::AdvocacyOutcome outcome) {
  return checked.decision().outcome() == av1::AdvocacyOutcome_Name(outcome);
}

// Whether this contact has put a need on record.
bool OnRecord(const StepGround& ground) {
  return ground.recorded.contains(v1::STEP_KIND_ADVOCACY_NEED);
}

// Whether the duty is known not to hold: no process follows, or none is due in the one that does.
// What is merely not known any more lets no duty lapse.
bool KnownNotDue(const StepGround& ground) {
  if (!NeedsAdvocacy(ground)) return true;
  const journal::StoredStep* checked = DoneStep(ground, v1::STEP_KIND_ADVOCACY);
  return checked != nullptr && (CameTo(*checked, av1::ADVOCACY_OUTCOME_NO_DUTY) ||
                                CameTo(*checked, av1::ADVOCACY_OUTCOME_POWER));
}

// What was said about advocacy, with what the contact tells already.
av1::AdvocacyFacts FactsOf(const v1::Contact& contact) {
  av1::AdvocacyFacts facts = contact.facts().advocacy();
  // Whom the contact is about is said once, with the contact.
  facts.set_subject(contact.subject() == rv1::SUBJECT_CARER ? av1::SUBJECT_CARER
                                                            : av1::SUBJECT_PERSON);
  if (facts.process() == av1::PROCESS_UNSPECIFIED) facts.set_process(ProcessOf(contact));
  if (facts.process_will_follow() == asc::type::v1::ANSWER_UNSPECIFIED &&
      MayLeadToProcess(contact)) {
    facts.set_process_will_follow(asc::type::v1::ANSWER_YES);
  }
  return facts;
}

}  // namespace

std::string AdvocacyField(const std::string& sent) {
  if (sent == "immediate_risk") return "facts.immediate_risk";
  if (sent == "act") return "facts.intended_act";
  return InSlot(sent, "facts", "advocacy");
}

// Facts about advocacy that name no process speak of the one the contact points to: once that is
// known not to follow, nothing is due.
bool NeedsAdvocacy(const StepGround& ground) {
  if (ProcessExpected(ground)) return true;
  const v1::ContactFacts& facts = ground.contact.facts();
  const bool of_another = facts.advocacy().process() != av1::PROCESS_UNSPECIFIED ||
                          Yes(facts.advocacy().process_will_follow());
  return facts.has_advocacy() && (of_another || !MayLeadToProcess(ground.contact));
}

void CheckAdvocacy(const v1::Contact& contact, absl::Time, rpc::Violations& violations) {
  checks::CheckAdvocacyFacts(contact.facts().advocacy(), "facts.advocacy", violations);
}

void AskAdvocacy(const StepGround& ground, journal::StoredStep& step) {
  av1::CheckAdvocacyRequest request;
  *request.mutable_facts() = FactsOf(ground.contact);
  // Nothing is on record of somebody who is not identified, so what has to wait is asked here.
  if (!Identified(ground.contact)) {
    request.set_act(ActOf(ground.contact));
    request.set_immediate_risk(ground.contact.facts().immediate_risk());
  }
  // Where nobody has spoken of advocacy yet, its questions hinder nothing that is being decided.
  step.set_questions_wait(!ground.contact.facts().has_advocacy());
  Send(ground, kService, kCheckAdvocacy, request, step);
}

bool ReadAdvocacy(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  av1::CheckAdvocacyResponse response;
  if (!response.ParseFromString(step.response())) return false;
  const av1::AdvocacyDecision& decision = response.decision();
  CopyDecision(decision, NameOr(av1::AdvocacyOutcome_Name(decision.outcome()), decision.outcome()),
               *step.mutable_decision());
  AddQuestions(decision.questions(), &AdvocacyField,
               decision.outcome() == av1::ADVOCACY_OUTCOME_CANNOT_TELL && !step.questions_wait(),
               step);
  if (decision.outcome() == av1::ADVOCACY_OUTCOME_DUTY) step.add_outcomes(v1::OUTCOME_ADVOCACY);
  if (decision.outcome() == av1::ADVOCACY_OUTCOME_DUTY || Yes(decision.refer_early())) {
    AddTriggered(v1::TRIGGER_ADVOCACY_DUE, policy, step);
  }
  if (decision.outcome() == av1::ADVOCACY_OUTCOME_DUTY && response.has_hold()) {
    step.mutable_decision()->mutable_reasons()->MergeFrom(response.hold().reasons());
    ReadHoldOf(response.hold(), policy, step);
  }
  return true;
}

bool NeedsAdvocacyNeed(const StepGround& ground) {
  const journal::StoredStep* checked = DoneStep(ground, v1::STEP_KIND_ADVOCACY);
  return checked != nullptr && CameTo(*checked, av1::ADVOCACY_OUTCOME_DUTY);
}

void AskAdvocacyNeed(const StepGround& ground, journal::StoredStep& step) {
  if (!Identified(ground.contact)) return AskWhoItIs(ground, step);
  av1::OpenAdvocacyNeedRequest request;
  *request.mutable_person() = ground.contact.person();
  *request.mutable_facts() = FactsOf(ground.contact);
  request.set_contact_id(ground.contact.contact_id());
  Send(ground, kService, kOpenAdvocacyNeed, request, step);
}

bool ReadAdvocacyNeed(const v1::GatewayPolicy&, journal::StoredStep& step) {
  av1::OpenAdvocacyNeedResponse response;
  if (!response.ParseFromString(step.response())) return false;
  const av1::AdvocacyNeed& need = response.advocacy_need();
  if (need.advocacy_need_id().empty()) return false;
  step.mutable_decision()->set_outcome("ADVOCACY_NEED_OPENED");
  *step.mutable_decision()->mutable_policy_version() = need.decision().policy_version();
  step.set_record_id(need.advocacy_need_id());
  return true;
}

// A duty that has fallen away holds nothing, although the need is still on record.
bool NeedsHold(const StepGround& ground) { return OnRecord(ground) && !KnownNotDue(ground); }

void AskHold(const StepGround& ground, journal::StoredStep& step) {
  av1::CheckHoldRequest request;
  request.set_advocacy_need_id(ground.recorded.at(v1::STEP_KIND_ADVOCACY_NEED)->record_id());
  request.set_act(ActOf(ground.contact));
  request.set_immediate_risk(ground.contact.facts().immediate_risk());
  Send(ground, kService, kCheckHold, request, step);
}

bool ReadHold(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  av1::CheckHoldResponse response;
  if (!response.ParseFromString(step.response())) return false;
  const av1::HoldDecision& hold = response.hold();
  CopyDecision(hold, NameOr(av1::HoldOutcome_Name(hold.outcome()), hold.outcome()),
               *step.mutable_decision());
  // Also when the facts of the contact no longer tell that an advocate is due.
  if (Owed(hold)) {
    step.add_outcomes(v1::OUTCOME_ADVOCACY);
    AddTriggered(v1::TRIGGER_ADVOCACY_DUE, policy, step);
  }
  ReadHoldOf(hold, policy, step);
  return true;
}

bool NeedsReconsidering(const StepGround& ground) {
  return OnRecord(ground) && KnownNotDue(ground);
}

void AskReconsidering(const StepGround&, journal::StoredStep& step) {
  step.add_triggers(v1::TRIGGER_ADVOCACY_FALLEN_AWAY);
}

}  // namespace asc::gateway
