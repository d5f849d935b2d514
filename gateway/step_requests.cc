#include "gateway/step_requests.h"

#include <algorithm>

#include "asc/referral/v1/referral.pb.h"
#include "gateway/asked_rules.h"

namespace asc::gateway {
namespace {

namespace rv1 = asc::referral::v1;
using asc::type::v1::Answer;

constexpr char kRouteContact[] = "/asc.referral.v1.ReferralService/RouteContact";
constexpr char kCheckReferral[] = "/asc.referral.v1.ReferralService/CheckReferral";
constexpr char kOpenReferral[] = "/asc.referral.v1.ReferralService/OpenReferral";

bool AsksFor(const v1::Contact& contact, v1::Ask ask) {
  return std::find(contact.asks().begin(), contact.asks().end(), ask) != contact.asks().end();
}

bool NeedsRoute(const v1::Contact& contact) {
  return (AsksFor(contact, v1::ASK_NAMED_WORKER) && !contact.requested_worker().empty()) ||
         (AsksFor(contact, v1::ASK_NAMED_TEAM) && !contact.requested_team().empty());
}

bool NeedsReferral(const v1::Contact& contact) {
  const Answer would_benefit = contact.facts().would_benefit();
  if (would_benefit == asc::type::v1::ANSWER_YES) return true;
  if (would_benefit == asc::type::v1::ANSWER_NO) return false;
  return AsksFor(contact, v1::ASK_NEW_NEED) || AsksFor(contact, v1::ASK_URGENT_NEED) ||
         contact.kind() == rv1::CONTACT_KIND_WRITTEN_REFERRAL;
}

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

rv1::ReferralDetails DetailsOf(const v1::Contact& contact) {
  const v1::ContactFacts& facts = contact.facts();
  rv1::ReferralDetails details;
  FillItems(facts.referral(), details);
  FillReferrer(contact, details);
  details.set_subject(contact.subject());
  details.set_contact_kind(contact.kind());
  details.set_channel(contact.channel());
  details.set_would_benefit(facts.would_benefit());
  if (facts.has_lawful_basis()) *details.mutable_lawful_basis() = facts.lawful_basis();
  *details.mutable_person() = contact.person();
  rv1::SafeguardingFacts& safeguarding = *details.mutable_safeguarding();
  safeguarding.set_adult_concern(facts.adult_abuse_or_neglect());
  safeguarding.set_child_concern(facts.child_abuse_or_neglect());
  safeguarding.set_imminent_danger_or_crime(Either(facts.imminent_danger(), facts.crime()));
  details.set_contact_id(contact.contact_id());
  *details.mutable_received_at() = contact.received_at();
  return details;
}

std::string RouteRequest(const v1::Contact& contact, const std::string& policy_hash) {
  rv1::RouteContactRequest request;
  request.set_authority(contact.authority());
  request.set_policy_hash(policy_hash);
  request.set_subject(contact.subject());
  request.set_channel(contact.channel());
  request.set_person_id(contact.person().person_id());
  if (AsksFor(contact, v1::ASK_NAMED_WORKER)) request.set_worker_id(contact.requested_worker());
  if (AsksFor(contact, v1::ASK_NAMED_TEAM)) request.set_team_id(contact.requested_team());
  if (contact.facts().has_route()) *request.mutable_facts() = contact.facts().route();
  return request.SerializeAsString();
}

std::string OpenRequest(const v1::Contact& contact, const std::string& policy_hash,
                        const std::string& request_id) {
  rv1::OpenReferralRequest request;
  request.set_authority(contact.authority());
  request.set_request_id(request_id);
  request.set_policy_hash(policy_hash);
  request.set_team_id(contact.facts().referral().team_id());
  *request.mutable_details() = DetailsOf(contact);
  return request.SerializeAsString();
}

std::string CheckRequest(const v1::Contact& contact, const std::string& policy_hash) {
  rv1::CheckReferralRequest request;
  request.set_authority(contact.authority());
  request.set_policy_hash(policy_hash);
  *request.mutable_details() = DetailsOf(contact);
  return request.SerializeAsString();
}

// The bytes without what does not belong to the question itself.
template <class Request>
std::string Bare(const std::string& bytes) {
  Request request;
  if (!request.ParseFromString(bytes)) return bytes;
  request.clear_policy_hash();
  if constexpr (requires { request.clear_request_id(); }) request.clear_request_id();
  return request.SerializeAsString();
}

std::string BareRequest(const journal::StoredStep& step) {
  if (step.method() == kRouteContact) return Bare<rv1::RouteContactRequest>(step.request());
  if (step.method() == kCheckReferral) return Bare<rv1::CheckReferralRequest>(step.request());
  if (step.method() == kOpenReferral) return Bare<rv1::OpenReferralRequest>(step.request());
  return step.request();
}

}  // namespace

bool Needs(const v1::Contact& contact, v1::StepKind kind, const v1::GatewayPolicy& policy) {
  const auto& steps = policy.steps();
  if (std::find(steps.begin(), steps.end(), kind) == steps.end()) return false;
  if (kind == v1::STEP_KIND_SAFEGUARDING) return true;
  if (kind == v1::STEP_KIND_ROUTE) return NeedsRoute(contact);
  if (kind == v1::STEP_KIND_REFERRAL) return NeedsReferral(contact);
  const v1::Ask ask = AskOf(kind);
  return ask != v1::ASK_UNSPECIFIED && AsksFor(contact, ask);
}

void FillRequest(const v1::Contact& contact, const std::string& policy_hash,
                 journal::StoredStep& step) {
  if (step.kind() == v1::STEP_KIND_ROUTE) {
    step.set_service("referral");
    step.set_method(kRouteContact);
    step.set_request(RouteRequest(contact, policy_hash));
  } else if (step.kind() == v1::STEP_KIND_REFERRAL) {
    step.set_service("referral");
    // Taking a referral is for when it is known that it would help; until then only ask what is
    // known.
    if (contact.facts().would_benefit() == asc::type::v1::ANSWER_YES) {
      step.set_method(kOpenReferral);
      step.set_request(OpenRequest(contact, policy_hash, step.request_id()));
    } else {
      step.set_method(kCheckReferral);
      step.set_request(CheckRequest(contact, policy_hash));
    }
  }
}

bool AskTheSame(const journal::StoredStep& one, const journal::StoredStep& other) {
  return one.method() == other.method() && BareRequest(one) == BareRequest(other);
}

}  // namespace asc::gateway
