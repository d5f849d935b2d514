// Compares what was decided about a contact with what the procedure demands.

#ifndef ASC_TESTS_DEMO_EXPECTATION_H_
#define ASC_TESTS_DEMO_EXPECTATION_H_

#include <string>
#include <vector>

#include "asc/gateway/v1/contact.pb.h"
#include "tests/contacts/contact_case.pb.h"

namespace asc::demo {

// Every difference, each as one line; empty: the contact is as the file demands.
std::vector<std::string> Differences(const tests::contacts::Expected& expected,
                                     const gateway::v1::Contact& contact);

}  // namespace asc::demo

#endif  // ASC_TESTS_DEMO_EXPECTATION_H_
