// Whether what is changed about a person still speaks of the same person. The ground rules are
// those of referral_checks.h. Pure.
//
// What recognises somebody, the best first:
//   1. The council's identifier and the NHS number: each stays once it is known, also beside the
//      other. Otherwise whoever first added an identifier could then put another's number in the
//      place of the one known. While either stays, name and date of birth may be corrected.
//   2. Name and date of birth, where neither is known: each may have been misheard or given in
//      part, so one may change; where both were known and both change, it is somebody else. A name
//      that is only spelt otherwise has not changed (person_names.h).
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

}  // namespace asc::checks

#endif  // ASC_PROTOS_CHECKS_PERSON_CHECKS_H_
