#include "protos/checks/person_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "platform/testing/refused_fields.h"

namespace asc::checks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using type::v1::PersonRef;

PersonRef Person(const char* id, const char* nhs, const char* name, const char* born) {
  PersonRef person;
  person.set_person_id(id);
  person.set_nhs_number(nhs);
  person.set_full_name(name);
  person.set_born_on(born);
  return person;
}

std::vector<std::string> Another(const PersonRef& before, const PersonRef& after) {
  rpc::Violations violations;
  CheckSamePerson(before, after, "person", violations);
  return testing::FieldsOf(violations.ToStatus());
}

TEST(SamePersonTest, KeepsTheNhsNumberWhenAnIdentifierIsAddedFirst) {
  const PersonRef before = Person("", "1", "Edna", "1941-02-03");
  const PersonRef with_id = Person("p", "1", "Edna", "1941-02-03");
  EXPECT_THAT(Another(before, with_id), IsEmpty());
  EXPECT_THAT(Another(with_id, Person("p", "2", "Edna", "1941-02-03")),
              ElementsAre("person.nhs_number"));
  EXPECT_THAT(Another(with_id, Person("p", "", "Edna", "1941-02-03")),
              ElementsAre("person.nhs_number"));
}

TEST(SamePersonTest, IsWhoeverHasTheCouncilsIdentifier) {
  const PersonRef before = Person("p", "1", "Edna", "1941-02-03");
  EXPECT_THAT(Another(before, before), IsEmpty());
  EXPECT_THAT(Another(before, Person("p", "1", "Ada", "1950-01-01")), IsEmpty());
  EXPECT_THAT(Another(before, Person("q", "1", "Edna", "1941-02-03")),
              ElementsAre("person.person_id"));
  EXPECT_THAT(Another(before, Person("", "1", "Edna", "1941-02-03")),
              ElementsAre("person.person_id"));
  EXPECT_THAT(
      Another(before, Person("q", "2", "Ada", "1950-01-01")),
      ElementsAre("person.person_id", "person.nhs_number", "person.full_name", "person.born_on"));
}

TEST(SamePersonTest, IsWhoeverHasTheNhsNumberWhereNoIdentifierIsKnown) {
  const PersonRef before = Person("", "1", "Edna", "1941-02-03");
  EXPECT_THAT(Another(before, Person("p", "1", "Ada", "1950-01-01")), IsEmpty());
  EXPECT_THAT(Another(before, Person("", "2", "Edna", "1941-02-03")),
              ElementsAre("person.nhs_number"));
  // An identifier that was not known recognises nobody yet.
  EXPECT_THAT(Another(before, Person("p", "2", "Edna", "1941-02-03")),
              ElementsAre("person.nhs_number"));
  EXPECT_THAT(Another(before, Person("p", "", "Edna", "1941-02-03")),
              ElementsAre("person.nhs_number"));
}

TEST(SamePersonTest, MayHaveBeenMisheardInNameOrDateOfBirth) {
  const PersonRef before = Person("", "", "Edna", "1941-02-03");
  EXPECT_THAT(Another(before, Person("p", "1", "Edna", "1942-02-03")), IsEmpty());
  EXPECT_THAT(Another(before, Person("p", "1", "Ada", "1941-02-03")), IsEmpty());
  EXPECT_THAT(Another(before, Person("p", "1", "Ada", "1950-01-01")),
              ElementsAre("person.full_name", "person.born_on"));
  EXPECT_THAT(Another(before, Person("", "", "Ada", "")),
              ElementsAre("person.full_name", "person.born_on"));
}

PersonRef At(PersonRef person, const std::string& postcode) {
  person.set_postcode(postcode);
  return person;
}

TEST(SamePersonTest, DoesNotChangeNameAndHomeAtOnce) {
  const PersonRef before = At(Person("", "", "Ann Lee", "1941-02-03"), "S60 1AE");
  EXPECT_THAT(Another(before, At(Person("", "", "Ann Lee", "1941-02-03"), "UB8 1UW")), IsEmpty());
  EXPECT_THAT(Another(before, At(Person("", "", "Ann Ray", "1941-02-03"), "S60 1AE")), IsEmpty());
  EXPECT_THAT(Another(before, At(Person("", "", "Ann Ray", "1941-02-03"), "UB8 1UW")),
              ElementsAre("person.full_name", "person.postcode"));
  EXPECT_THAT(Another(before, At(Person("", "", "Ann Lee", "1950-02-03"), "UB8 1UW")),
              ElementsAre("person.born_on", "person.postcode"));
  EXPECT_THAT(Another(At(Person("p", "", "Ann Lee", ""), "S60 1AE"),
                      At(Person("p", "", "Ann Ray", ""), "UB8 1UW")),
              IsEmpty());
}

TEST(SamePersonTest, GetsNoIdentifierWithADetailThatAloneWasKnown) {
  const PersonRef before = Person("", "", "Ann Lee", "");
  EXPECT_THAT(Another(before, Person("", "", "Bob Ray", "")), IsEmpty());
  EXPECT_THAT(Another(before, Person("p", "", "Bob Ray", "")), ElementsAre("person.full_name"));
  EXPECT_THAT(Another(before, Person("", "1", "Bob Ray", "")), ElementsAre("person.full_name"));
  EXPECT_THAT(Another(before, Person("p", "1", "Ann Lee", "1941-02-03")), IsEmpty());
}

TEST(MayBeAnotherTest, CountsTheNameWhereNothingElseIsKnown) {
  const PersonRef before = Person("", "", "Ann Lee", "");
  EXPECT_TRUE(MayBeAnother(before, Person("", "", "Bob Ray", "")));
  EXPECT_FALSE(MayBeAnother(before, Person("", "", "Ann", "1941-02-03")));
  EXPECT_FALSE(MayBeAnother(PersonRef(), Person("p", "1", "Ann", "1941-02-03")));
  const PersonRef known = Person("p", "", "Ann Lee", "");
  EXPECT_FALSE(MayBeAnother(known, Person("p", "", "Bob Ray", "")));
  EXPECT_TRUE(MayBeAnother(known, Person("q", "", "Ann Lee", "")));
}

TEST(SamePersonTest, KeepsTheNameThatIsOnlySpeltOtherwise) {
  const PersonRef before = Person("", "", "Zoë O'Neil", "1941-02-03");
  EXPECT_THAT(Another(before, Person("", "", "ZOE O’NEIL", "1942-02-03")), IsEmpty());
  EXPECT_THAT(Another(before, Person("", "", "Zoe O’Neal", "1942-02-03")),
              ElementsAre("person.full_name", "person.born_on"));
}

TEST(SamePersonTest, MayHaveGivenOnlyPartOfAName) {
  EXPECT_THAT(Another(Person("", "", "Edna", ""), Person("p", "1", "Edna Marsh", "1941-02-03")),
              IsEmpty());
  EXPECT_THAT(Another(PersonRef(), Person("p", "1", "Edna Marsh", "1941-02-03")), IsEmpty());
}

}  // namespace
}  // namespace asc::checks
