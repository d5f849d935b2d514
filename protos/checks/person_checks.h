// Whether what is changed about a person still speaks of the same person. The ground rules are
// those of referral_checks.h. Pure.
//
// What recognises somebody, the best first:
//   1. The council's identifier and the NHS number: each stays once it is known, also beside the
//      other. Otherwise whoever first added an identifier could then put another's number in the
//      place of the one known. While either stays, name and date of birth may be corrected.
//   2. Name, date of birth and postcode, where neither is known: each may have been misheard or
//      given in part, so one of those known may change, beside an identifier that is added only
//      while another of them stays. Where more change at once, it is somebody else. A name that is
//      only spelt otherwise, or given in part, has not changed (person_names.h).
// What was not known may always be added. A value that is taken away counts as changed: whoever
// could first take it away and then put another in its place would have exchanged the person.

#ifndef ASC_PROTOS_CHECKS_PERSON_CHECKS_H_
#define ASC_PROTOS_CHECKS_PERSON_CHECKS_H_

#include <string>

#include "asc/type/v1/person_ref.pb.h"
#include "platform/rpc/errors.h"

namespace asc::checks {

// `after` is the whole person as the change would leave them, not only what is changed. One
// violation for every field that makes them another.
void CheckSamePerson(const type::v1::PersonRef& before, const type::v1::PersonRef& after,
                     const std::string& path, rpc::Violations& violations);

// Whether `after` may be somebody else, where nobody can be asked: also when all that was known was
// a name, and it is another now.
bool MayBeAnother(const type::v1::PersonRef& before, const type::v1::PersonRef& after);

}  // namespace asc::checks

#endif  // ASC_PROTOS_CHECKS_PERSON_CHECKS_H_
