// Tells in plain English what happened to a contact.

#ifndef ASC_TESTS_DEMO_TELLING_H_
#define ASC_TESTS_DEMO_TELLING_H_

#include <string>

#include "asc/gateway/v1/contact.pb.h"
#include "tests/contacts/contact_case.pb.h"

namespace asc::demo {

// What came in and what the procedure says about it, as lines.
std::string TellCase(const tests::contacts::ContactCase& contact_case);

// What was decided, why, and what is next, as lines.
std::string TellContact(const gateway::v1::Contact& contact);

}  // namespace asc::demo

#endif  // ASC_TESTS_DEMO_TELLING_H_
