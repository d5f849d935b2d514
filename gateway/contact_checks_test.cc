#include "gateway/contact_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "gateway/contact_workflow.h"
#include "gateway/step_kinds.h"
#include "gateway/test_contacts.h"
#include "platform/testing/refused_fields.h"

namespace asc::gateway {
namespace {

using asc::testing::FieldsOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// `change` is text that is merged into a request that is good.
v1::OpenContactRequest With(const std::string& change) {
  v1::OpenContactRequest request = TestRequest();
  EXPECT_TRUE(google::protobuf::TextFormat::Parser().MergeFromString(change, &request)) << change;
  return request;
}

std::vector<std::string> FactsAtFault(const v1::OpenContactRequest& request) {
  rpc::Violations violations;
  CheckFacts(ContactOf(request, TestNow()), TestNow(), violations);
  return FieldsOf(violations.ToStatus());
}

std::vector<std::string> ContactingAtFault(const v1::OpenContactRequest& request) {
  rpc::Violations violations;
  CheckContacting(request, violations);
  return FieldsOf(violations.ToStatus());
}

// Two parts that agree, what makes them disagree, and the field that is then named.
struct SpoiledParts {
  std::string good;
  std::string spoiling;
  std::string field;
};

const SpoiledParts kSpoiled[] = {
    {"facts { review { subject: SUBJECT_PERSON } }", "facts { review { subject: SUBJECT_CARER } }",
     "facts.review.subject"},
    {"facts { review { person_id: 'person-1' } }", "facts { review { person_id: 'person-2' } }",
     "facts.review.person_id"},
    {"facts { advocacy { subject: SUBJECT_PERSON } }",
     "facts { advocacy { subject: SUBJECT_CARER } }", "facts.advocacy.subject"},
    {"facts { urgent { subject: SUBJECT_PERSON } }", "facts { urgent { subject: SUBJECT_CARER } }",
     "facts.urgent.subject"},
    {"facts { funding { urgent { subject: SUBJECT_PERSON } } }",
     "facts { funding { urgent { subject: SUBJECT_CARER } } }", "facts.funding.urgent.subject"},
    {"facts { referral { residence { ordinarily_resident_here: ANSWER_YES } } "
     "urgent { ordinarily_resident: ANSWER_YES } }",
     "facts { urgent { ordinarily_resident: ANSWER_NO } }", "facts.urgent.ordinarily_resident"},
    {"facts { referral { residence { ordinarily_resident_here: ANSWER_NO } } "
     "funding { urgent { ordinarily_resident: ANSWER_NO } } }",
     "facts { funding { urgent { ordinarily_resident: ANSWER_YES } } }",
     "facts.funding.urgent.ordinarily_resident"},
    {"facts { urgent { appears_urgent: ANSWER_YES } "
     "funding { urgent { appears_urgent: ANSWER_YES } } }",
     "facts { funding { urgent { appears_urgent: ANSWER_NO } } }",
     "facts.funding.urgent.appears_urgent"},
    {"facts { urgent { wellbeing { considered: ANSWER_NO words: 'Not yet.' } } "
     "funding { urgent { wellbeing { considered: ANSWER_UNKNOWN words: 'Later.' } } } }",
     "facts { funding { urgent { wellbeing { considered: ANSWER_YES } } } }",
     "facts.funding.urgent.wellbeing.considered"},
    {"contacting { role: CONTACTING_ROLE_SELF } "
     "facts { lawful_basis { made_by_the_person: ANSWER_YES } }",
     "facts { lawful_basis { made_by_the_person: ANSWER_NO } }",
     "facts.lawful_basis.made_by_the_person"},
    {"facts { referral { information { any: ANSWER_YES } } "
     "advice_given { content { advice: 'Where to ask.' } } }",
     "facts { referral { information { any: ANSWER_NO finance_information_given: ANSWER_UNKNOWN } "
     "} }",
     "facts.referral.information.any"},
    {"facts { advice_given { content { financial: ANSWER_YES } } }",
     "facts { referral { information { finance_information_given: ANSWER_NO } } }",
     "facts.referral.information.finance_information_given"},
    // On 9 October 2025.
    {"person { born_on: '1941-10-10' } "
     "facts { information { circumstances { age: 84 } } }",
     "facts { information { circumstances { age: 48 } } }", "facts.information.circumstances.age"},
    {"facts { route { allocated_to_worker: ANSWER_YES } "
     "review { has_allocated_worker: ANSWER_UNKNOWN } }",
     "facts { review { has_allocated_worker: ANSWER_NO } }", "facts.review.has_allocated_worker"},
    {"facts { review { has_plan: ANSWER_YES } }",
     "facts { referral { services { any: ANSWER_NO } } }", "facts.referral.services.any"},
};

TEST(PartsTest, AreRefusedWhereTheyContradictEachOther) {
  for (const SpoiledParts& parts : kSpoiled) {
    EXPECT_THAT(FactsAtFault(With(parts.good)), IsEmpty()) << parts.good;
    EXPECT_THAT(FactsAtFault(With(parts.good + " " + parts.spoiling)), ElementsAre(parts.field))
        << parts.spoiling;
  }
}

TEST(PartsTest, AreAllNamedAtOnce) {
  EXPECT_THAT(
      FactsAtFault(With("facts { review { subject: SUBJECT_CARER person_id: 'person-2' } "
                        "urgent { subject: SUBJECT_CARER ordinarily_resident: ANSWER_NO } "
                        "referral { residence { ordinarily_resident_here: ANSWER_YES } } }")),
      ElementsAre("facts.review.subject", "facts.urgent.subject", "facts.review.person_id",
                  "facts.urgent.ordinarily_resident"));
}

// What looks alike but speaks of different things, and what is not known.
TEST(PartsTest, MayDifferWhereBothCanBeSo) {
  const std::vector<std::string> kGood = {
      // Care that takes a carer's place is charged to the person cared for.
      "facts { charging { subject: SUBJECT_CARER } }",
      // Capacity is one of a decision.
      "facts { lawful_basis { capacity { lacks_capacity: ANSWER_NO } } "
      "advocacy { lacks_capacity: ANSWER_YES } }",
      // Believed in before it is assessed.
      "facts { lawful_basis { capacity { assessed: ANSWER_NO lacks_capacity: ANSWER_YES } } }",
      // In danger a slip of the pen must not delay the advice.
      "facts { imminent_danger: ANSWER_YES adult_abuse_or_neglect: ANSWER_NO "
      "child_abuse_or_neglect: ANSWER_NO }",
      // The person rings to say that somebody else refers them.
      "contacting { role: CONTACTING_ROLE_SELF } "
      "facts { referral { referrer { full_name: 'Dr Lee' } } }",
      "facts { urgent { ordinarily_resident: ANSWER_UNKNOWN } "
      "referral { residence { ordinarily_resident_here: ANSWER_YES } } }",
      // The carer asks for the mother.
      "subject: SUBJECT_CARER person { born_on: '1980-01-01' } "
      "facts { information { circumstances { age: 84 } } }",
      "person { born_on: '1941-10-10' } "
      "facts { information { circumstances { age: 83 } } }",
  };
  for (const std::string& good : kGood) {
    EXPECT_THAT(FactsAtFault(With(good)), IsEmpty()) << good;
  }
  auto unknown = With("facts { review { person_id: 'person-2' } }");
  unknown.clear_person();
  EXPECT_THAT(FactsAtFault(unknown), IsEmpty());
}

TEST(ContactingTest, IsThePersonWhereThePersonMakesContact) {
  const std::string self =
      "contacting { role: CONTACTING_ROLE_SELF full_name: 'Walter Example' telephone: '0' } ";
  const std::vector<std::pair<std::string, std::string>> kSpoiledContacting = {
      {"contacting { full_name: 'Alice Example' }", "contacting.full_name"},
      {"contacting { relationship: 'daughter' }", "contacting.relationship"},
      {"contacting { organisation: 'Housing' }", "contacting.organisation"},
  };
  EXPECT_THAT(ContactingAtFault(With(self)), IsEmpty());
  for (const auto& [spoiling, field] : kSpoiledContacting) {
    EXPECT_THAT(ContactingAtFault(With(self + spoiling)), ElementsAre(field)) << spoiling;
    // The same is good of anybody else.
    EXPECT_THAT(ContactingAtFault(With(spoiling)), IsEmpty()) << spoiling;
  }
  // The carer the contact is about may say whose daughter she is.
  EXPECT_THAT(ContactingAtFault(
                  With(self + "subject: SUBJECT_CARER contacting { relationship: 'daughter' }")),
              IsEmpty());
  // Who it is may not be known yet.
  auto unknown = With(self);
  unknown.clear_person();
  EXPECT_THAT(ContactingAtFault(unknown), IsEmpty());
}

}  // namespace
}  // namespace asc::gateway
