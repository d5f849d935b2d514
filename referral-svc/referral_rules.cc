#include "referral-svc/referral_rules.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/facts/tri_state.h"
#include "referral-svc/referral_policy.h"
#include "referral-svc/residence_rules.h"

namespace asc::referral {
namespace {

using facts::And;
using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;
using facts::IsUnknown;
using facts::Known;
using facts::Or;

// A fact of R1 and where it stands in ReferralDetails.
struct Fact {
  Answer answer;
  const char* path;
};

constexpr char kMadeByThePerson[] = "lawful_basis.made_by_the_person";
constexpr char kConsentGiven[] = "lawful_basis.consent.given";

// Whoever lacks the capacity for it cannot have consented, so that is not asked either.
Answer ConsentOf(const v1::LawfulBasis& facts) {
  const Answer given = Known(facts.consent().given());
  const bool lacks = facts.capacity().lacks_capacity() == ANSWER_YES;
  return given == ANSWER_UNKNOWN && lacks ? ANSWER_NO : given;
}

// All of a basis's facts must be YES for it to hold.
std::vector<Fact> FactsOf(v1::Basis basis, const v1::LawfulBasis& facts) {
  switch (basis) {
    case v1::BASIS_SELF:
      return {{Known(facts.made_by_the_person()), kMadeByThePerson}};
    case v1::BASIS_CONSENT:
      return {{ConsentOf(facts), kConsentGiven}};
    case v1::BASIS_BEST_INTERESTS:
      return {{Known(facts.capacity().lacks_capacity()), "lawful_basis.capacity.lacks_capacity"},
              {Known(facts.best_interests().decided()), "lawful_basis.best_interests.decided"}};
    case v1::BASIS_RISK_OF_HARM:
      return {
          {Known(facts.at_risk_of_abuse_or_neglect()), "lawful_basis.at_risk_of_abuse_or_neglect"}};
    case v1::BASIS_UNSPECIFIED:
    case v1::Basis_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Basis_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return {{ANSWER_NO, ""}};
}

bool CountsFor(const v1::BasisPolicy& basis, v1::Subject subject) {
  return std::find(basis.subjects().begin(), basis.subjects().end(), subject) !=
         basis.subjects().end();
}

void AskForBasis(const v1::BasisPolicy& basis, const std::vector<Fact>& facts,
                 type::v1::Strength strength, v1::Decision& decision) {
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (facts[i].answer != ANSWER_UNKNOWN) continue;
    type::v1::Question& question = *decision.add_questions();
    question.set_field(absl::StrCat("details.", facts[i].path));
    question.set_rule_id("R1");
    question.set_strength(strength);
    question.set_text(basis.questions(static_cast<int>(i)));
  }
}

// R1: one basis that holds is enough; a referral is unlawful only when every basis is known not to.
Answer DecideBasis(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy,
                   v1::CheckReferralResponse& answer) {
  const v1::RuleStatement* rule = FindStatement(policy, "R1");
  const auto strength = rule == nullptr ? type::v1::STRENGTH_UNSPECIFIED : rule->strength();
  v1::Decision open_questions;
  Answer lawful = ANSWER_NO;
  for (const v1::BasisPolicy& basis : policy.lawful_basis().bases()) {
    if (!CountsFor(basis, details.subject())) continue;
    const std::vector<Fact> facts = FactsOf(basis.basis(), details.lawful_basis());
    Answer holds = ANSWER_YES;
    for (const Fact& fact : facts) holds = And(holds, fact.answer);
    if (holds == ANSWER_UNKNOWN) AskForBasis(basis, facts, strength, open_questions);
    lawful = Or(lawful, holds);
    v1::BasisState& state = *answer.add_bases();
    state.set_basis(basis.basis());
    state.set_holds(holds);
    for (const std::string& lines : basis.lines()) {
      *state.add_citations() = CitationOf(policy, lines);
    }
  }
  if (lawful == ANSWER_UNKNOWN) {
    answer.mutable_decision()->mutable_questions()->Swap(open_questions.mutable_questions());
  }
  return lawful;
}

// What R2 asks of one item: the paths it consists of, and which of them are empty.
class ItemCheck {
 public:
  void Want(bool present, const std::string& path) {
    ++wanted_;
    if (!present) missing_.push_back(path);
  }
  // A list together with the answer that there is nothing to list.
  template <class List>
  void WantListOrNone(Answer any, const List& list, const char* path) {
    Want(any == ANSWER_NO || !list.empty(), path);
  }
  void WantAnswer(Answer answer, const char* path) { Want(!IsUnknown(answer), path); }

  v1::ItemProgress progress() const {
    if (wanted_ == 0) return v1::ITEM_PROGRESS_NOT_ASKED;
    if (missing_.empty()) return v1::ITEM_PROGRESS_COMPLETE;
    const bool nothing = missing_.size() == static_cast<std::size_t>(wanted_);
    return nothing ? v1::ITEM_PROGRESS_MISSING : v1::ITEM_PROGRESS_PARTIAL;
  }
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  int wanted_ = 0;
  std::vector<std::string> missing_;
};

bool CanBeReached(const v1::ContactDetails& contact) {
  return !contact.telephones().empty() || !contact.text_numbers().empty() ||
         !contact.email().empty() || !contact.postal_address().empty();
}

void CheckPersonalDetails(const v1::ReferralDetails& details, ItemCheck& check) {
  const v1::PersonalDetails& personal = details.personal();
  check.Want(!details.person().full_name().empty(), "person.full_name");
  check.Want(!personal.preferred_name().empty() || !personal.previous_surname().empty(),
             "personal.preferred_name");
  check.Want(!personal.address_lines().empty(), "personal.address_lines");
  check.Want(!details.person().postcode().empty(), "person.postcode");
  check.Want(CanBeReached(personal.contact()), "personal.contact");
  check.Want(!details.person().born_on().empty(), "person.born_on");
  check.Want(!personal.national_insurance_number().empty(), "personal.national_insurance_number");
  check.Want(!details.person().nhs_number().empty(), "person.nhs_number");
}

// Items about the referrer fall away when the person refers themselves. While nobody knows and
// nothing of them is there, that is the thing to ask.
bool ReferrerIsAsked(const v1::ReferralDetails& details, bool something_there, ItemCheck& check) {
  const Answer self = Known(details.lawful_basis().made_by_the_person());
  if (self == ANSWER_YES) return false;
  if (self == ANSWER_NO || something_there) return true;
  check.Want(false, kMadeByThePerson);
  return false;
}

void CheckReferrer(const v1::ReferralDetails& details, ItemCheck& check) {
  const v1::Referrer& referrer = details.referrer();
  if (!ReferrerIsAsked(details, !referrer.full_name().empty(), check)) return;
  check.Want(!referrer.full_name().empty(), "referrer.full_name");
  check.Want(!referrer.relationship().empty(), "referrer.relationship");
  check.Want(CanBeReached(referrer.contact()), "referrer.contact");
}

void CheckConsent(const v1::LawfulBasis& basis, ItemCheck& check) {
  const Answer given = ConsentOf(basis);
  if (given == ANSWER_NO) return;
  check.WantAnswer(given, kConsentGiven);
  if (given == ANSWER_UNKNOWN) return;
  check.Want(basis.consent().has_given_at(), "lawful_basis.consent.given_at");
  check.Want(basis.consent().how() != v1::CONSENT_FORM_UNSPECIFIED, "lawful_basis.consent.how");
}

// Asked only without consent; while that is open, consent is the thing to ask.
void CheckCapacity(const v1::LawfulBasis& basis, ItemCheck& check) {
  const Answer given = ConsentOf(basis);
  if (given == ANSWER_YES) return;
  if (given == ANSWER_UNKNOWN) return check.Want(false, kConsentGiven);
  check.WantAnswer(basis.capacity().assessed(), "lawful_basis.capacity.assessed");
  check.WantAnswer(basis.best_interests().decided(), "lawful_basis.best_interests.decided");
}

void CheckPersonView(const v1::ReferralDetails& details, bool asks_needs, ItemCheck& check) {
  check.Want(!details.person_view().issue().empty(), "person_view.issue");
  if (asks_needs) check.Want(!details.person_view().needs().empty(), "person_view.needs");
  check.Want(!details.person_view().wish().empty(), "person_view.wish");
}

// What the referrer recommends is welcome, not wanted: the documents say "may".
void CheckReferrerView(const v1::ReferralDetails& details, ItemCheck& check) {
  const bool there = !details.referrer_view().issue().empty();
  if (!ReferrerIsAsked(details, there, check)) return;
  check.Want(there, "referrer_view.issue");
}

void CheckPriorOptions(const v1::PriorOptions& prior, ItemCheck& check) {
  check.WantListOrNone(prior.any(), prior.options(), "prior_options.options");
  check.Want(prior.any() == ANSWER_NO || !prior.family_and_community().empty(),
             "prior_options.family_and_community");
}

void CheckInformation(const v1::InformationAndAdvice& information, ItemCheck& check) {
  check.Want(information.any() == ANSWER_NO || !information.given().empty() ||
                 !information.needed().empty(),
             "information.given");
}

void CheckAdvocacy(const v1::AdvocacyFacts& advocacy, ItemCheck& check) {
  check.WantAnswer(advocacy.substantial_difficulty_likely(),
                   "advocacy.substantial_difficulty_likely");
  if (advocacy.substantial_difficulty_likely() == ANSWER_YES) {
    check.WantAnswer(advocacy.advocate_considered(), "advocacy.advocate_considered");
  }
}

void CheckPeopleToInvolve(const v1::PeopleToInvolve& involve, ItemCheck& check) {
  check.WantListOrNone(involve.any(), involve.people(), "involve.people");
  for (int i = 0; i < involve.people_size(); ++i) {
    const std::string place = absl::StrCat("involve.people[", i, "].");
    check.Want(involve.people(i).consent() == ANSWER_YES, place + "consent");
    check.Want(CanBeReached(involve.people(i).contact()), place + "contact");
  }
}

ItemCheck CheckItem(const v1::ItemPolicy& item, const v1::ReferralDetails& details) {
  ItemCheck check;
  switch (item.item()) {
    case v1::ITEM_PERSONAL_DETAILS:
      CheckPersonalDetails(details, check);
      break;
    case v1::ITEM_REFERRER:
      CheckReferrer(details, check);
      break;
    case v1::ITEM_CONSENT:
      CheckConsent(details.lawful_basis(), check);
      break;
    case v1::ITEM_CAPACITY:
      CheckCapacity(details.lawful_basis(), check);
      break;
    case v1::ITEM_PERSON_VIEW:
      CheckPersonView(details, item.asks_needs(), check);
      break;
    case v1::ITEM_REFERRER_VIEW:
      CheckReferrerView(details, check);
      break;
    case v1::ITEM_PRIOR_OPTIONS:
      CheckPriorOptions(details.prior_options(), check);
      break;
    case v1::ITEM_INFORMATION:
      CheckInformation(details.information(), check);
      break;
    case v1::ITEM_PREVENTION:
      check.WantListOrNone(details.prevention().any(), details.prevention().services(),
                           "prevention.services");
      break;
    case v1::ITEM_COMMUNICATION:
      check.WantListOrNone(details.communication().any(), details.communication().needs(),
                           "communication.needs");
      break;
    case v1::ITEM_ADVOCACY:
      CheckAdvocacy(details.advocacy(), check);
      break;
    case v1::ITEM_SERVICES:
      check.WantListOrNone(details.services().any(), details.services().services(),
                           "services.services");
      break;
    case v1::ITEM_PEOPLE_TO_INVOLVE:
      CheckPeopleToInvolve(details.involve(), check);
      break;
    case v1::ITEM_OTHER:
      check.WantListOrNone(details.other().any(), details.other().matters(), "other.matters");
      break;
    case v1::ITEM_UNSPECIFIED:
    case v1::Item_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Item_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return check;
}

// One question per item, about the first thing missing of it; nothing is asked twice.
void AskForItem(const v1::ItemPolicy& item, const std::string& path, v1::Decision& decision) {
  const std::string field = absl::StrCat("details.", path);
  for (const type::v1::Question& asked : decision.questions()) {
    if (asked.field() == field) return;
  }
  type::v1::Question& question = *decision.add_questions();
  question.set_field(field);
  question.set_rule_id("R2");
  question.set_strength(item.strength());
  question.set_text(item.question());
}

// R2, item by item in the procedure's order. True when anything is still to gather.
bool DecideItems(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy,
                 v1::CheckReferralResponse& answer) {
  bool incomplete = false;
  for (const v1::ItemPolicy& item : policy.items().items()) {
    const ItemCheck check = CheckItem(item, details);
    v1::ItemState& state = *answer.add_items();
    state.set_item(item.item());
    state.set_number(item.number());
    state.set_strength(item.strength());
    state.set_progress(check.progress());
    for (const std::string& path : check.missing()) state.add_missing_fields(path);
    if (check.missing().empty()) continue;
    incomplete = true;
    AskForItem(item, check.missing().front(), *answer.mutable_decision());
  }
  return incomplete;
}

// SC3. Only a known move redirects; an open question about it never holds a referral up.
bool RedirectTransition(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy,
                        v1::Decision& decision) {
  const std::string& procedure = policy.scope().transition_procedure();
  if (procedure.empty() || details.subject() != v1::SUBJECT_CARER) return false;
  if (details.moving_to_adult_services() != ANSWER_YES) return false;
  decision.set_outcome(v1::OUTCOME_REDIRECTED);
  decision.set_redirect(procedure);
  AddReason(policy, "SC3", decision);
  return true;
}

void AskForTransition(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy,
                      v1::Decision& decision) {
  if (policy.scope().transition_procedure().empty()) return;
  if (details.subject() != v1::SUBJECT_CARER) return;
  if (!IsUnknown(details.moving_to_adult_services())) return;
  AddQuestion(policy, "SC3", "details.moving_to_adult_services", decision);
}

// SC1 and SC4: that this is the procedure for such a contact, where the document says so.
void AddScopeReasons(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy,
                     v1::Decision& decision) {
  const auto& kinds = policy.scope().contact_kinds();
  if (std::find(kinds.begin(), kinds.end(), details.contact_kind()) != kinds.end()) {
    AddReason(policy, "SC1", decision);
  }
  if (policy.scope().every_team()) AddReason(policy, "SC4", decision);
}

// R0: ordinary residence comes first where the procedure says so. It never holds a referral up.
void ConsiderResidence(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy,
                       v1::Decision& decision) {
  if (!policy.residence().established_first()) return;
  AddReason(policy, "R0", decision);
  const v1::Decision residence = DecideResidence(details.residence(), policy).decision();
  // What settles it, or what keeps it open; what to do about it is CheckOrdinaryResidence's.
  if (!residence.reasons().empty()) {
    AddReasonOnce(policy, residence.reasons(0).rule_id(), decision);
  }
  for (const type::v1::Question& question : residence.questions()) {
    if (question.field() != "residence.ordinarily_resident_here") continue;
    type::v1::Question& asked = *decision.add_questions();
    asked = question;
    asked.set_field(absl::StrCat("details.", question.field()));
  }
}

v1::Outcome OutcomeOf(Answer lawful) {
  if (lawful == ANSWER_YES) return v1::OUTCOME_PERMITTED;
  return lawful == ANSWER_NO ? v1::OUTCOME_REFUSED : v1::OUTCOME_CANNOT_TELL;
}

bool RedirectElsewhere(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy,
                       v1::Decision& decision) {
  return Redirect(policy, details.subject(), decision) ||
         RedirectTransition(details, policy, decision);
}

// S2. Whoever may be harmed may be in danger now: asked before anything else, and whatever becomes
// of the referral.
void AskForDangerFirst(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy,
                       v1::Decision& decision) {
  if (!TellsOfRisk(details)) return;
  if (!IsUnknown(details.safeguarding().imminent_danger_or_crime())) return;
  v1::Decision first;
  AddQuestion(policy, "S2", "details.safeguarding.imminent_danger_or_crime", first);
  first.mutable_questions()->MergeFrom(decision.questions());
  decision.mutable_questions()->Swap(first.mutable_questions());
}

// As though no other procedure were meant. The answer is whether it is lawful.
Answer DecideHere(const v1::ReferralDetails& details, const v1::ReferralPolicy& policy,
                  v1::CheckReferralResponse& answer) {
  v1::Decision& decision = *answer.mutable_decision();
  const Answer lawful = DecideBasis(details, policy, answer);
  decision.set_outcome(OutcomeOf(lawful));
  AddReason(policy, "R1", decision);
  AddScopeReasons(details, policy, decision);
  answer.set_should_be_taken(And(lawful, Known(details.would_benefit())));
  if (IsUnknown(details.would_benefit())) {
    AddQuestion(policy, "R1", "details.would_benefit", decision);
  }
  AskForTransition(details, policy, decision);
  if (lawful != ANSWER_NO) ConsiderResidence(details, policy, decision);
  const bool incomplete = DecideItems(details, policy, answer);
  if (incomplete && lawful != ANSWER_NO) AddReason(policy, "R2", decision);
  return lawful;
}

}  // namespace

v1::CheckReferralResponse DecideReferral(const v1::ReferralDetails& details,
                                         const v1::ReferralPolicy& policy) {
  v1::CheckReferralResponse answer;
  if (RedirectElsewhere(details, policy, *answer.mutable_decision())) {
    answer.set_should_be_taken(ANSWER_NO);
  } else if (DecideHere(details, policy, answer) == ANSWER_NO) {
    // Nothing more is gathered about somebody who is not referred.
    answer.mutable_decision()->clear_questions();
  }
  AskForDangerFirst(details, policy, *answer.mutable_decision());
  return answer;
}

v1::CheckReferralResponse DecideOpenReferral(const v1::ReferralDetails& details,
                                             const v1::ReferralPolicy& policy) {
  v1::Decision elsewhere;
  if (!RedirectElsewhere(details, policy, elsewhere)) return DecideReferral(details, policy);
  v1::CheckReferralResponse answer;
  DecideHere(details, policy, answer);
  elsewhere.mutable_questions()->Swap(answer.mutable_decision()->mutable_questions());
  answer.mutable_decision()->Swap(&elsewhere);
  answer.set_should_be_taken(ANSWER_NO);
  AskForDangerFirst(details, policy, *answer.mutable_decision());
  return answer;
}

bool TellsOfRisk(const v1::ReferralDetails& details) {
  const v1::SafeguardingFacts& concern = details.safeguarding();
  return details.purpose() == v1::PURPOSE_SAFEGUARDING ||
         details.lawful_basis().at_risk_of_abuse_or_neglect() == ANSWER_YES ||
         concern.adult_concern() == ANSWER_YES || concern.child_concern() == ANSWER_YES ||
         concern.imminent_danger_or_crime() == ANSWER_YES;
}

void CiteItems(const v1::ReferralPolicy& policy, v1::CheckReferralResponse& answer) {
  for (int i = 0; i < answer.items_size(); ++i) {
    for (const std::string& lines : policy.items().items(i).lines()) {
      *answer.mutable_items(i)->add_citations() = CitationOf(policy, lines);
    }
  }
}

}  // namespace asc::referral
