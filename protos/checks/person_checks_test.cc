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
