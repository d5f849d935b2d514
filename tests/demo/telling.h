// Tells a contact so that a practitioner would understand it: what was said, what to do now, what
// was decided and why, what is due when, and what to ask.

#ifndef ASC_TESTS_DEMO_TELLING_H_
#define ASC_TESTS_DEMO_TELLING_H_

#include <string>

#include "asc/gateway/v1/contact.pb.h"
#include "tests/contacts/contact_case.pb.h"

namespace asc::demo {

// What came in and what the procedure says about it. `authority` as people call it.
std::string TellCase(const tests::contacts::ContactCase& contact_case,
                     const std::string& authority);

// What happened later, and what the procedure says about that.
std::string TellLater(const tests::contacts::Later& later);

// What to do now, danger first; what was decided and why; what is due; what to ask.
std::string TellContact(const gateway::v1::Contact& contact);

// The same of a contact that was told before: only what is different now.
std::string TellChange(const gateway::v1::Contact& before, const gateway::v1::Contact& after);

}  // namespace asc::demo

#endif  // ASC_TESTS_DEMO_TELLING_H_
