#include "gateway/contact_checks.h"

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "gateway/directory_steps.h"
#include "gateway/step_ground.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace asc::gateway {
namespace {

namespace av1 = asc::advocacy::v1;
namespace fv1 = asc::funding::v1;
namespace rv1 = asc::referral::v1;

using asc::type::v1::Answer;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool No(Answer answer) { return answer == asc::type::v1::ANSWER_NO; }

bool Opposite(Answer one, Answer other) {
  return (Yes(one) && No(other)) || (No(one) && Yes(other));
}

void Fault(bool wrong, const std::string& field, const char* what, rpc::Violations& violations) {
  if (wrong) violations.Add(field, what);
}

// The contracts number their subjects alike, so that one can be held against another.
static_assert(int{rv1::SUBJECT_PERSON} == int{av1::SUBJECT_PERSON});
static_assert(int{rv1::SUBJECT_PERSON} == int{fv1::SUBJECT_PERSON});
static_assert(int{rv1::SUBJECT_CARER} == int{av1::SUBJECT_CARER});
static_assert(int{rv1::SUBJECT_CARER} == int{fv1::SUBJECT_CARER});

// Whom it is about is said with the contact; a part may leave it out, and then it is filled in.
void CheckSubjects(const v1::Contact& contact, rpc::Violations& violations) {
  const auto check = [&contact, &violations](int subject, const char* field) {
    Fault(subject != rv1::SUBJECT_UNSPECIFIED && subject != contact.subject(), field,
          "is not whom the contact is about", violations);
  };
  const v1::ContactFacts& facts = contact.facts();
  check(facts.review().subject(), "facts.review.subject");
  check(facts.advocacy().subject(), "facts.advocacy.subject");
  check(facts.urgent().subject(), "facts.urgent.subject");
  check(facts.funding().urgent().subject(), "facts.funding.urgent.subject");
  const std::string& person_id = contact.person().person_id();
  const std::string& reviewed = facts.review().person_id();
  Fault(!person_id.empty() && !reviewed.empty() && reviewed != person_id, "facts.review.person_id",
        "is not the person whom the contact is about", violations);
}

void CheckResidence(const v1::ContactFacts& facts, rpc::Violations& violations) {
  const Answer here = facts.referral().residence().ordinarily_resident_here();
  constexpr char kWhat[] = "contradicts facts.referral.residence.ordinarily_resident_here";
  Fault(Opposite(here, facts.urgent().ordinarily_resident()), "facts.urgent.ordinarily_resident",
        kWhat, violations);
  Fault(Opposite(here, facts.funding().urgent().ordinarily_resident()),
        "facts.funding.urgent.ordinarily_resident", kWhat, violations);
}

// One violation for every answer that is yes in one of two messages of one type and no in the
// other.
void CheckSameAnswers(const Message& one, const Message& other, const std::string& other_path,
                      rpc::Violations& violations) {
  const auto* reflection = one.GetReflection();
  for (int i = 0; i < one.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = one.GetDescriptor()->field(i);
    if (field->is_repeated()) continue;
    const std::string path = absl::StrCat(other_path, ".", field->name());
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      CheckSameAnswers(reflection->GetMessage(one, field), reflection->GetMessage(other, field),
                       path, violations);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM &&
               field->enum_type() == asc::type::v1::Answer_descriptor()) {
      Fault(Opposite(static_cast<Answer>(reflection->GetEnumValue(one, field)),
                     static_cast<Answer>(reflection->GetEnumValue(other, field))),
            path, "contradicts the same fact in facts.urgent", violations);
    }
  }
}

// A referral of one's own may be passed on by another, who is then named as its referrer.
void CheckReferredBySelf(const v1::Contact& contact, rpc::Violations& violations) {
  Fault(contact.contacting().role() == v1::CONTACTING_ROLE_SELF &&
            No(contact.facts().lawful_basis().made_by_the_person()) &&
            !contact.facts().referral().has_referrer(),
        "facts.lawful_basis.made_by_the_person",
        "is NO, although the person makes contact and nobody else is named as the referrer",
        violations);
}

void CheckInformation(const v1::Contact& contact, rpc::Violations& violations) {
  const v1::ContactFacts& facts = contact.facts();
  const rv1::InformationAndAdvice& known = facts.referral().information();
  Fault(No(known.any()) && facts.has_advice_given(), "facts.referral.information.any",
        "is NO, although advice was given", violations);
  Fault(No(known.finance_information_given()) && Yes(facts.advice_given().content().financial()),
        "facts.referral.information.finance_information_given",
        "is NO, although the advice given was about money", violations);
  // A carer may ask on behalf of the person they care for, who is of another age.
  if (contact.subject() != rv1::SUBJECT_PERSON) return;
  const asc::directory::v1::Circumstances& circumstances = facts.information().circumstances();
  const int age = AgeOf(contact);
  // The birthday may lie between the day it was said and the day it came in.
  Fault(circumstances.has_age() && age >= 0 && std::abs(circumstances.age() - age) > 1,
        "facts.information.circumstances.age", "is not the age of somebody born on person.born_on",
        violations);
}

void CheckPlan(const v1::ContactFacts& facts, rpc::Violations& violations) {
  Fault(Yes(facts.route().allocated_to_worker()) && No(facts.review().has_allocated_worker()),
        "facts.review.has_allocated_worker",
        "is NO, although the worker asked for is said to be allocated", violations);
  Fault(No(facts.referral().services().any()) && Yes(facts.review().has_plan()),
        "facts.referral.services.any", "is NO, although there is support under a plan", violations);
}

}  // namespace

void CheckParts(const v1::Contact& contact, rpc::Violations& violations) {
  const v1::ContactFacts& facts = contact.facts();
  CheckSubjects(contact, violations);
  CheckResidence(facts, violations);
  // What is asked for is decided on both together.
  CheckSameAnswers(facts.urgent(), facts.funding().urgent(), "facts.funding.urgent", violations);
  CheckReferredBySelf(contact, violations);
  CheckInformation(contact, violations);
  CheckPlan(facts, violations);
}

void CheckContacting(const v1::OpenContactRequest& request, rpc::Violations& violations) {
  const v1::ContactingParty& party = request.contacting();
  if (party.role() != v1::CONTACTING_ROLE_SELF) return;
  const std::string& name = request.person().full_name();
  Fault(!party.full_name().empty() && !name.empty() && party.full_name() != name,
        "contacting.full_name", "is another, although the person makes contact", violations);
  // A carer may well be somebody's daughter.
  Fault(!party.relationship().empty() && request.subject() == rv1::SUBJECT_PERSON,
        "contacting.relationship", "is given, although the person makes contact", violations);
  Fault(!party.organisation().empty(), "contacting.organisation",
        "is given, although the person makes contact", violations);
}

}  // namespace asc::gateway
