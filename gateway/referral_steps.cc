#include "gateway/referral_steps.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "asc/referral/v1/referral.pb.h"
#include "gateway/policy_rules.h"
#include "protos/checks/referral_checks.h"

namespace asc::gateway {
namespace {

namespace rv1 = asc::referral::v1;
using asc::type::v1::Answer;
using asc::type::v1::Question;

constexpr char kService[] = "referral";
constexpr char kRouteContact[] = "/asc.referral.v1.ReferralService/RouteContact";
constexpr char kCheckOrdinaryResidence[] =
    "/asc.referral.v1.ReferralService/CheckOrdinaryResidence";
constexpr char kCheckReferral[] = "/asc.referral.v1.ReferralService/CheckReferral";
constexpr char kOpenReferral[] = "/asc.referral.v1.ReferralService/OpenReferral";
constexpr char kDecideReview[] = "/asc.referral.v1.ReferralService/DecideReview";
constexpr char kRequestReview[] = "/asc.referral.v1.ReferralService/RequestReview";

// YES when one is, NO when both are not, otherwise not known.
Answer Either(Answer one, Answer other) {
  if (one == asc::type::v1::ANSWER_YES || other == asc::type::v1::ANSWER_YES) {
    return asc::type::v1::ANSWER_YES;
  }
  if (one == asc::type::v1::ANSWER_NO && other == asc::type::v1::ANSWER_NO) {
    return asc::type::v1::ANSWER_NO;
  }
  return asc::type::v1::ANSWER_UNKNOWN;
}

// The worker asked for; for a team, the one named because the procedure needs a name.
std::string WorkerAsked(const v1::Contact& contact) {
  const bool asked = AsksFor(contact, v1::ASK_NAMED_WORKER) || AsksFor(contact, v1::ASK_NAMED_TEAM);
  return asked ? contact.requested_worker() : "";
}

// Who makes contact is the referrer, unless the facts name another.
void FillReferrer(const v1::Contact& contact, rv1::ReferralDetails& details) {
  const v1::ContactingParty& party = contact.contacting();
  if (contact.facts().referral().has_referrer()) {
    *details.mutable_referrer() = contact.facts().referral().referrer();
    return;
  }
  if (party.role() == v1::CONTACTING_ROLE_SELF) return;
  rv1::Referrer& referrer = *details.mutable_referrer();
  referrer.set_full_name(party.full_name());
  referrer.set_relationship(party.relationship());
  referrer.set_organisation(party.organisation());
  if (!party.telephone().empty()) referrer.mutable_contact()->add_telephones(party.telephone());
  if (!party.email().empty()) referrer.mutable_contact()->set_email(party.email());
  if (party.role() == v1::CONTACTING_ROLE_CARER ||
      party.role() == v1::CONTACTING_ROLE_FAMILY_OR_FRIEND) {
    referrer.set_type(rv1::REQUESTER_TYPE_FAMILY_FRIEND_NEIGHBOUR);
  }
}

// Whoever makes contact about themselves makes the referral, unless the facts tell of another who
// refers, or of consent that is refused.
void FillLawfulBasis(const v1::Contact& contact, rv1::ReferralDetails& details) {
  const v1::ContactFacts& facts = contact.facts();
  if (facts.has_lawful_basis()) *details.mutable_lawful_basis() = facts.lawful_basis();
  const bool other = facts.referral().has_referrer() || facts.referral().has_referrer_view();
  const bool refused = facts.lawful_basis().consent().given() == asc::type::v1::ANSWER_NO;
  const bool said = facts.lawful_basis().made_by_the_person() == asc::type::v1::ANSWER_NO;
  if (contact.contacting().role() != v1::CONTACTING_ROLE_SELF || other || refused || said) return;
  details.mutable_lawful_basis()->set_made_by_the_person(asc::type::v1::ANSWER_YES);
}

void FillItems(const v1::ReferralItems& items, rv1::ReferralDetails& details) {
  details.set_purpose(items.purpose());
  details.set_moving_to_adult_services(items.moving_to_adult_services());
  if (items.has_personal()) *details.mutable_personal() = items.personal();
  if (items.has_person_view()) *details.mutable_person_view() = items.person_view();
  if (items.has_referrer_view()) *details.mutable_referrer_view() = items.referrer_view();
  if (items.has_prior_options()) *details.mutable_prior_options() = items.prior_options();
  if (items.has_information()) *details.mutable_information() = items.information();
  if (items.has_prevention()) *details.mutable_prevention() = items.prevention();
  if (items.has_communication()) *details.mutable_communication() = items.communication();
  if (items.has_advocacy()) *details.mutable_advocacy() = items.advocacy();
  if (items.has_services()) *details.mutable_services() = items.services();
  if (items.has_involve()) *details.mutable_involve() = items.involve();
  if (items.has_other()) *details.mutable_other() = items.other();
  if (items.has_residence()) *details.mutable_residence() = items.residence();
  if (items.has_statutory_return()) {
    *details.mutable_statutory_return() = items.statutory_return();
  }
  *details.mutable_statements() = items.statements();
}

// The items of a referral are gathered as far as they can be; none of them hinders a decision.
constexpr char kItemsRule[] = "R2";
// Where somebody lives is asked by a step of its own.
constexpr char kResidenceRule[] = "R0";
constexpr char kWouldBenefitField[] = "facts.would_benefit";

bool Asked(const journal::StoredStep& step, const std::string& field) {
  const auto has = [&field](const Question& question) { return question.field() == field; };
  const auto& blocking = step.decision().questions();
  return std::any_of(blocking.begin(), blocking.end(), has) ||
         std::any_of(step.still_to_gather().begin(), step.still_to_gather().end(), has);
}

// What the decision turns on is asked now; what merely completes the record is gathered in time.
void AddReferralQuestions(const rv1::Decision& decision, journal::StoredStep& step) {
  const bool undecided = decision.outcome() == rv1::OUTCOME_CANNOT_TELL;
  for (const Question& from : decision.questions()) {
    if (from.rule_id() == kResidenceRule) continue;
    const std::string field = ReferralField(from.field());
    const bool blocks = field == kWouldBenefitField || (undecided && from.rule_id() != kItemsRule);
    AddQuestion(from, field, blocks, step);
  }
}

// While it is not known whether a referral would help, only what is known was checked; the service
// need not ask.
void AskWhetherItWouldHelp(const rv1::Decision& decision, Answer would_benefit,
                           const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  const bool known = Yes(would_benefit) || would_benefit == asc::type::v1::ANSWER_NO;
  const bool settled =
      decision.outcome() == rv1::OUTCOME_REFUSED || decision.outcome() == rv1::OUTCOME_REDIRECTED;
  if (known || settled || Asked(step, kWouldBenefitField)) return;
  Question& question = *step.mutable_decision()->add_questions();
  question.set_field(kWouldBenefitField);
  question.set_rule_id(policy.would_benefit().rule_id());
  question.set_strength(policy.would_benefit().strength());
  question.set_text(policy.would_benefit().text());
}

// Items that the service reports as missing without asking for them.
template <class Items>
void AddMissingItems(const Items& items, journal::StoredStep& step) {
  for (const rv1::ItemState& item : items) {
    if (item.missing_fields().empty()) continue;
    const std::string field = ReferralField(item.missing_fields(0));
    const bool asked = std::any_of(
        item.missing_fields().begin(), item.missing_fields().end(),
        [&step](const std::string& missing) { return Asked(step, ReferralField(missing)); });
    if (asked) continue;
    Question& question = *step.add_still_to_gather();
    question.set_field(field);
    question.set_rule_id(kItemsRule);
    question.set_strength(item.strength());
    question.set_text(absl::StrCat("Still to gather: item ", item.number(), " of the referral."));
  }
}

// Two people, or one whose records are apart: people see which.
void AddLookalikes(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  if (step.lookalike_ids().empty()) return;
  const int others = step.actions_size();
  AddTriggered(v1::TRIGGER_REFERRAL_LOOKALIKE, policy, step);
  const std::string open = absl::StrJoin(step.lookalike_ids(), ", ");
  for (int i = others; i < step.actions_size(); ++i) {
    v1::Action& action = *step.mutable_actions(i);
    action.set_text(absl::StrCat(action.text(), " Open: ", open, "."));
  }
}

// What people do with a referral that this contact has opened, or with one that was open already:
// that is in hands, and lacks what is new.
void AddReferralActions(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  const auto& outcomes = step.outcomes();
  const auto has = [&outcomes](v1::Outcome outcome) {
    return std::find(outcomes.begin(), outcomes.end(), outcome) != outcomes.end();
  };
  if (has(v1::OUTCOME_REFERRAL_OPENED)) AddTriggered(v1::TRIGGER_REFERRAL_OPENED, policy, step);
  if (has(v1::OUTCOME_REFERRAL_ALREADY_OPEN)) {
    AddTriggered(v1::TRIGGER_REFERRAL_ALREADY_OPEN, policy, step);
  }
  AddLookalikes(policy, step);
}

void AddReferralOutcome(rv1::Outcome outcome, const v1::GatewayPolicy& policy,
                        journal::StoredStep& step) {
  if (outcome == rv1::OUTCOME_PERMITTED && !step.record_id().empty()) {
    step.add_outcomes(v1::OUTCOME_REFERRAL_OPENED);
    AddReferralActions(policy, step);
  } else if (outcome == rv1::OUTCOME_REFUSED) {
    step.add_outcomes(v1::OUTCOME_REFERRAL_NOT_TAKEN);
    AddTriggered(v1::TRIGGER_REFERRAL_NOT_TAKEN, policy, step);
  } else if (outcome == rv1::OUTCOME_REDIRECTED) {
    step.add_outcomes(v1::OUTCOME_OTHER_PROCEDURE);
    AddOtherProcedure(policy, step);
  }
}

// Places to look for somebody are alternatives, so they make one action. Other actions of one rule
// and kind are each to be done, and told apart by a number.
void AddListed(const rv1::Action& listed, const v1::GatewayPolicy& policy,
               journal::StoredStep& step) {
  v1::Action action = ActionOf(listed, policy, step);
  const std::string action_id = action.action_id();
  int number = 1;
  for (v1::Action& known : *step.mutable_actions()) {
    if (known.action_id() != action.action_id()) continue;
    if (listed.kind() == rv1::ACTION_KIND_FIND_AVAILABILITY) {
      known.set_text(absl::StrCat(known.text(), " Or: ", action.text()));
      return;
    }
    action.set_action_id(absl::StrCat(action_id, "-", ++number));
  }
  *step.add_actions() = std::move(action);
}

bool ReadOpened(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  rv1::OpenReferralResponse response;
  if (!response.ParseFromString(step.response())) return false;
  const rv1::Decision& decision = response.decision();
  CopyDecision(decision, NameOr(rv1::Outcome_Name(decision.outcome()), decision.outcome()),
               *step.mutable_decision());
  step.set_record_id(response.referral().referral_id());
  for (const rv1::ReferralSummary& lookalike : response.possible_duplicates()) {
    step.add_lookalike_ids(lookalike.referral_id());
  }
  AddReferralQuestions(decision, step);
  AddMissingItems(response.referral().still_to_gather(), step);
  if (response.already_open()) {
    step.add_outcomes(v1::OUTCOME_REFERRAL_ALREADY_OPEN);
    AddReferralActions(policy, step);
  } else {
    AddReferralOutcome(decision.outcome(), policy, step);
  }
  return true;
}

bool ReadChecked(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  rv1::CheckReferralResponse response;
  if (!response.ParseFromString(step.response())) return false;
  rv1::CheckReferralRequest asked;
  asked.ParseFromString(step.request());
  const Answer would_benefit = asked.details().would_benefit();
  const rv1::Decision& decision = response.decision();
  CopyDecision(decision, NameOr(rv1::Outcome_Name(decision.outcome()), decision.outcome()),
               *step.mutable_decision());
  AddReferralQuestions(decision, step);
  AskWhetherItWouldHelp(decision, would_benefit, policy, step);
  AddMissingItems(response.items(), step);
  const bool opened = !step.record_id().empty();
  const bool founded =
      decision.outcome() == rv1::OUTCOME_PERMITTED && would_benefit != asc::type::v1::ANSWER_NO;
  if (!opened) {
    AddReferralOutcome(decision.outcome(), policy, step);
    return true;
  }
  // One that was open already does not stand on what this contact tells.
  const auto& outcomes = step.outcomes();
  const bool opened_here =
      std::find(outcomes.begin(), outcomes.end(), v1::OUTCOME_REFERRAL_OPENED) != outcomes.end();
  if (!founded && opened_here) {
    AddTriggered(v1::TRIGGER_REFERRAL_UNFOUNDED, policy, step);
  } else if (step.triggers().empty()) {
    AddReferralActions(policy, step);
  }
  // The referral is there; whoever asks still belongs to another procedure.
  if (decision.outcome() == rv1::OUTCOME_REDIRECTED) {
    AddReferralOutcome(decision.outcome(), policy, step);
  }
  return true;
}

// Whether somebody asks for what a referral is for.
bool AsksForReferral(const v1::Contact& contact) {
  return AsksFor(contact, v1::ASK_NEW_NEED) || AsksFor(contact, v1::ASK_URGENT_NEED) ||
         contact.kind() == rv1::CONTACT_KIND_WRITTEN_REFERRAL;
}

// Whether a referral was thought of, and it is known that it would not help. What else is asked for
// has its own step, and so has what may be urgent; where neither is, a referral is what the contact
// was about.
bool KnownNotToHelp(const v1::Contact& contact) {
  if (contact.facts().would_benefit() != asc::type::v1::ANSWER_NO) return false;
  if (AsksFor(contact, v1::ASK_NEW_NEED) || contact.kind() == rv1::CONTACT_KIND_WRITTEN_REFERRAL) {
    return true;
  }
  return !MayBeUrgent(contact) && (AsksForReferral(contact) || contact.asks().empty());
}

// Whether the step on residence came to this; false where the procedure has no such step.
bool ResidenceIs(const StepGround& ground, rv1::Outcome outcome) {
  const journal::StoredStep* residence = DoneStep(ground, v1::STEP_KIND_ORDINARY_RESIDENCE);
  return residence != nullptr && residence->decision().outcome() == rv1::Outcome_Name(outcome);
}

// Who makes contact is the referrer, unless the facts name another.
std::string ReferrerField(const v1::Contact& contact, const std::string& sent) {
  static const std::map<std::string, std::string> kContacting = {
      {"details.referrer.full_name", "contacting.full_name"},
      {"details.referrer.relationship", "contacting.relationship"},
      {"details.referrer.organisation", "contacting.organisation"},
      {"details.referrer.type", "contacting.role"},
  };
  const auto found = kContacting.find(sent);
  const bool contacting = found != kContacting.end() && !contact.facts().referral().has_referrer();
  return contacting ? found->second : ReferralField(sent);
}

}  // namespace

rv1::ReferralDetails DetailsOf(const v1::Contact& contact) {
  const v1::ContactFacts& facts = contact.facts();
  rv1::ReferralDetails details;
  FillItems(facts.referral(), details);
  FillReferrer(contact, details);
  details.set_subject(contact.subject());
  details.set_contact_kind(contact.kind());
  details.set_channel(contact.channel());
  details.set_would_benefit(facts.would_benefit());
  FillLawfulBasis(contact, details);
  *details.mutable_person() = contact.person();
  rv1::SafeguardingFacts& safeguarding = *details.mutable_safeguarding();
  safeguarding.set_adult_concern(facts.adult_abuse_or_neglect());
  safeguarding.set_child_concern(facts.child_abuse_or_neglect());
  safeguarding.set_imminent_danger_or_crime(Either(facts.imminent_danger(), facts.crime()));
  details.set_contact_id(contact.contact_id());
  *details.mutable_received_at() = contact.received_at();
  return details;
}

std::string ReferralField(const std::string& sent) {
  static const std::map<std::string, std::string> kElsewhere = {
      {"would_benefit", kWouldBenefitField},
      {"received_at", "received_at"},
      {"team_id", "facts.referral.team_id"},
      {"subject", "subject"},
      {"channel", "channel"},
      {"contact_kind", "kind"},
      {"safeguarding.adult_concern", "facts.adult_abuse_or_neglect"},
      {"safeguarding.child_concern", "facts.child_abuse_or_neglect"},
      {"safeguarding.imminent_danger_or_crime", "facts.imminent_danger"},
  };
  const std::string field(absl::StripPrefix(sent, "details."));
  const auto found = kElsewhere.find(field);
  if (found != kElsewhere.end()) return found->second;
  if (absl::StartsWith(field, "person.")) return field;
  if (absl::StartsWith(field, "lawful_basis")) return absl::StrCat("facts.", field);
  return absl::StrCat("facts.referral.", field);
}

std::string RouteField(const std::string& sent) {
  if (sent == "person_id") return "person.person_id";
  if (sent == "worker_id") return "requested_worker";
  if (sent == "team_id") return "requested_team";
  if (absl::StartsWith(sent, "facts.")) {
    return absl::StrCat("facts.route.", std::string(absl::StripPrefix(sent, "facts.")));
  }
  return sent;
}

bool NeedsRoute(const StepGround& ground) {
  const v1::Contact& contact = ground.contact;
  return !WorkerAsked(contact).empty() ||
         (AsksFor(contact, v1::ASK_NAMED_TEAM) && !contact.requested_team().empty());
}

void AskRoute(const StepGround& ground, journal::StoredStep& step) {
  const v1::Contact& contact = ground.contact;
  rv1::RouteContactRequest request;
  request.set_subject(contact.subject());
  request.set_channel(contact.channel());
  request.set_person_id(contact.person().person_id());
  request.set_worker_id(WorkerAsked(contact));
  if (AsksFor(contact, v1::ASK_NAMED_TEAM)) request.set_team_id(contact.requested_team());
  if (contact.facts().has_route()) *request.mutable_facts() = contact.facts().route();
  Send(ground, kService, kRouteContact, request, step);
}

namespace {

// What is done for one worker is not done for another, and who was told of a return has not been
// told of a later one.
void AddRouteGrounds(const rv1::RouteContactResponse& response, journal::StoredStep& step) {
  rv1::RouteContactRequest asked;
  asked.ParseFromString(step.request());
  const std::string whom = absl::StrCat("worker ", asked.worker_id(), " team ", asked.team_id());
  static const std::string kInform = ActionIdOf("", rv1::ACTION_KIND_INFORM_PERSON);
  for (const v1::Action& action : step.actions()) {
    journal::Ground& ground = *step.add_grounds();
    ground.set_action_id(action.action_id());
    ground.set_fact(whom);
    if (!absl::StrContains(action.action_id(), kInform)) continue;
    absl::StrAppend(ground.mutable_fact(), " from ", response.available_from().seconds());
  }
}

}  // namespace

bool ReadRoute(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  rv1::RouteContactResponse response;
  if (!response.ParseFromString(step.response())) return false;
  CopyDecision(response.decision(),
               NameOr(rv1::RouteOutcome_Name(response.outcome()), response.outcome()),
               *step.mutable_decision());
  AddQuestions(response.decision().questions(), &RouteField,
               response.outcome() == rv1::ROUTE_OUTCOME_CANNOT_TELL, step);
  switch (response.outcome()) {
    case rv1::ROUTE_OUTCOME_TRANSFER:
      step.add_outcomes(v1::OUTCOME_PASSED_ON);
      AddTriggered(v1::TRIGGER_ROUTE_TRANSFER, policy, step);
      break;
    case rv1::ROUTE_OUTCOME_DO_NOT_TRANSFER:
      step.add_outcomes(v1::OUTCOME_DEALT_WITH_HERE);
      AddTriggered(v1::TRIGGER_ROUTE_DO_NOT_TRANSFER, policy, step);
      break;
    case rv1::ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL:
    case rv1::ROUTE_OUTCOME_NOT_AVAILABLE_UNKNOWN:
      step.add_outcomes(v1::OUTCOME_PASSED_ON);
      break;
    case rv1::ROUTE_OUTCOME_REDIRECTED:
      step.add_outcomes(v1::OUTCOME_OTHER_PROCEDURE);
      AddOtherProcedure(policy, step);
      break;
    default:  // Not told yet, or an outcome of a newer contract: shown by its name alone.
      break;
  }
  for (const rv1::Action& listed : response.actions()) AddListed(listed, policy, step);
  AddRouteGrounds(response, step);
  return true;
}

void AskResidence(const StepGround& ground, journal::StoredStep& step) {
  const v1::ContactFacts& facts = ground.contact.facts();
  rv1::CheckOrdinaryResidenceRequest request;
  rv1::Residence& residence = *request.mutable_residence();
  residence = facts.referral().residence();
  if (residence.ordinarily_resident_here() == asc::type::v1::ANSWER_UNSPECIFIED) {
    residence.set_ordinarily_resident_here(facts.urgent().ordinarily_resident());
  }
  // That further assessment or intervention would help is what an appearance of need means, unless
  // somebody has said otherwise of it.
  if (Yes(facts.would_benefit()) && residence.appearance_of_need() != asc::type::v1::ANSWER_NO) {
    residence.set_appearance_of_need(asc::type::v1::ANSWER_YES);
  }
  Send(ground, kService, kCheckOrdinaryResidence, request, step);
}

bool ReadResidence(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  rv1::CheckOrdinaryResidenceResponse response;
  if (!response.ParseFromString(step.response())) return false;
  const rv1::Decision& decision = response.decision();
  CopyDecision(decision, NameOr(rv1::Outcome_Name(decision.outcome()), decision.outcome()),
               *step.mutable_decision());
  AddQuestions(decision.questions(), &ReferralField, decision.outcome() == rv1::OUTCOME_CANNOT_TELL,
               step);
  if (decision.outcome() == rv1::OUTCOME_REDIRECTED) {
    step.add_outcomes(v1::OUTCOME_OTHER_AUTHORITY);
  }
  for (const rv1::Action& listed : response.actions()) AddListed(listed, policy, step);
  return true;
}

void CheckRoute(const v1::Contact& contact, absl::Time now, rpc::Violations& violations) {
  checks::CheckRouteFacts(contact.facts().route(), "facts.route", now, violations);
}

bool NeedsReferral(const StepGround& ground) {
  const v1::Contact& contact = ground.contact;
  const Answer would_benefit = contact.facts().would_benefit();
  if (would_benefit == asc::type::v1::ANSWER_YES) return true;
  if (would_benefit == asc::type::v1::ANSWER_NO) return false;
  return AsksForReferral(contact);
}

bool NeedsReferralHere(const StepGround& ground) {
  if (KnownNotToHelp(ground.contact)) return true;
  return NeedsReferral(ground) && !ResidenceIs(ground, rv1::OUTCOME_REDIRECTED);
}

void AskReferral(const StepGround& ground, journal::StoredStep& step) {
  const v1::Contact& contact = ground.contact;
  // Taking a referral is for when it is known that it would help, and where residence is looked at
  // first, when that is settled or may wait; until then only ask what is known.
  const auto recorded = ground.recorded.find(v1::STEP_KIND_REFERRAL);
  if (recorded != ground.recorded.end()) {
    step.set_record_id(recorded->second->record_id());
    // Whether it was opened here or was open already stays as it is.
    *step.mutable_outcomes() = recorded->second->outcomes();
    *step.mutable_lookalike_ids() = recorded->second->lookalike_ids();
    // Residence may be settled after the referral is taken (R0f).
    if (ResidenceIs(ground, rv1::OUTCOME_REDIRECTED)) {
      step.add_triggers(v1::TRIGGER_REFERRAL_ELSEWHERE);
    }
  } else if (Yes(contact.facts().would_benefit()) &&
             !ResidenceIs(ground, rv1::OUTCOME_CANNOT_TELL)) {
    rv1::OpenReferralRequest request;
    request.set_team_id(contact.facts().referral().team_id());
    *request.mutable_details() = DetailsOf(contact);
    return Send(ground, kService, kOpenReferral, request, step);
  } else if (KnownNotToHelp(contact)) {
    step.add_outcomes(v1::OUTCOME_REFERRAL_NOT_TAKEN);
    step.add_triggers(v1::TRIGGER_REFERRAL_NO_BENEFIT);
    return;
  }
  rv1::CheckReferralRequest request;
  *request.mutable_details() = DetailsOf(contact);
  Send(ground, kService, kCheckReferral, request, step);
}

bool ReadReferral(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  return step.method() == kOpenReferral ? ReadOpened(policy, step) : ReadChecked(policy, step);
}

void CheckReferral(const v1::Contact& contact, absl::Time now, rpc::Violations& violations) {
  rpc::Violations found;
  checks::CheckDetails(DetailsOf(contact), "details", now, found);
  found.Rename([&contact](const std::string& sent) { return ReferrerField(contact, sent); });
  violations.Join(std::move(found));
}

// What people do about a review, by where it goes. Of a route that is not here the service's own
// list says it, or another procedure.
void AddReviewActions(rv1::ReviewRoute route, const v1::GatewayPolicy& policy,
                      journal::StoredStep& step) {
  static const std::map<rv1::ReviewRoute, v1::Trigger> kTriggers = {
      {rv1::REVIEW_ROUTE_ALLOCATED_WORKER, v1::TRIGGER_ASKED},
      {rv1::REVIEW_ROUTE_RESPONSIBLE_TEAM, v1::TRIGGER_REVIEW_RESPONSIBLE_TEAM},
      {rv1::REVIEW_ROUTE_LIGHT_TOUCH_POSSIBLE, v1::TRIGGER_REVIEW_LIGHT_TOUCH},
      {rv1::REVIEW_ROUTE_REASSESSMENT_LIKELY, v1::TRIGGER_REVIEW_REASSESSMENT},
      {rv1::REVIEW_ROUTE_ALTERNATIVE, v1::TRIGGER_REVIEW_ALTERNATIVE},
  };
  const auto found = kTriggers.find(route);
  if (found != kTriggers.end()) AddTriggered(found->second, policy, step);
}

std::string ReviewField(const std::string& sent) { return InSlot(sent, "facts", "review"); }

void CheckReview(const v1::Contact& contact, absl::Time, rpc::Violations& violations) {
  checks::CheckReviewFacts(contact.facts().review(), "facts.review", violations);
}

bool NeedsReview(const StepGround& ground) {
  return AsksFor(ground.contact, v1::ASK_REVIEW) || ground.contact.facts().has_review();
}

// A review of somebody whom the authority knows is requested, with the words of the contact; of
// anybody else it is only said where the request goes. Once requested it is that review that is
// told what becomes known.
void AskReview(const StepGround& ground, journal::StoredStep& step) {
  const v1::Contact& contact = ground.contact;
  const auto recorded = ground.recorded.find(v1::STEP_KIND_REVIEW);
  const bool requested = recorded != ground.recorded.end();
  if (!contact.facts().has_review() && !requested) return;
  rv1::ReviewFacts facts = contact.facts().review();
  facts.set_subject(contact.subject());
  if (facts.person_id().empty()) facts.set_person_id(contact.person().person_id());
  if (!requested && (facts.person_id().empty() || contact.summary().empty())) {
    rv1::DecideReviewRequest request;
    *request.mutable_facts() = std::move(facts);
    return Send(ground, kService, kDecideReview, request, step);
  }
  rv1::RequestReviewRequest request;
  *request.mutable_facts() = std::move(facts);
  request.set_request(contact.summary());
  if (requested) {
    step.set_record_id(recorded->second->record_id());
    request.set_review_id(step.record_id());
  }
  Send(ground, kService, kRequestReview, request, step);
}

namespace {

// Of DecideReview and of RequestReview, which says the same of where the request goes.
template <class Response>
void ReadReviewRoute(const Response& response, const v1::GatewayPolicy& policy,
                     journal::StoredStep& step) {
  const rv1::Decision& decision = response.decision();
  const bool routed = response.route() != rv1::REVIEW_ROUTE_UNSPECIFIED;
  CopyDecision(decision,
               routed ? NameOr(rv1::ReviewRoute_Name(response.route()), response.route())
                      : NameOr(rv1::Outcome_Name(decision.outcome()), decision.outcome()),
               *step.mutable_decision());
  AddQuestions(decision.questions(), &ReviewField, decision.outcome() == rv1::OUTCOME_CANNOT_TELL,
               step);
  if (decision.outcome() == rv1::OUTCOME_REDIRECTED) {
    step.add_outcomes(v1::OUTCOME_OTHER_PROCEDURE);
    AddOtherProcedure(policy, step);
  } else if (decision.outcome() == rv1::OUTCOME_REFUSED) {
    step.add_outcomes(v1::OUTCOME_REVIEW_REFUSED);
    AddTriggered(v1::TRIGGER_REVIEW_REFUSED, policy, step);
  } else {
    step.add_outcomes(v1::OUTCOME_REVIEW_REQUESTED);
  }
  AddReviewActions(response.route(), policy, step);
  for (const rv1::Action& listed : response.actions()) AddListed(listed, policy, step);
}

}  // namespace

bool ReadReview(const v1::GatewayPolicy& policy, journal::StoredStep& step) {
  if (step.method() == kRequestReview) {
    rv1::RequestReviewResponse response;
    if (!response.ParseFromString(step.response())) return false;
    if (!response.review().review_id().empty()) {
      step.set_record_id(response.review().review_id());
    }
    ReadReviewRoute(response, policy, step);
    return true;
  }
  rv1::DecideReviewResponse response;
  if (!response.ParseFromString(step.response())) return false;
  ReadReviewRoute(response, policy, step);
  return true;
}

}  // namespace asc::gateway
