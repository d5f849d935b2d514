// Compares what was decided about a contact with what the procedure demands.

#ifndef ASC_TESTS_CONTACTS_DIFFERENCES_H_
#define ASC_TESTS_CONTACTS_DIFFERENCES_H_

#include <string>
#include <vector>

#include "asc/gateway/v1/contact.pb.h"
#include "tests/contacts/contact_case.pb.h"

namespace asc::tests::contacts {

// Every difference, each as one line; empty: the contact is as the file demands.
std::vector<std::string> Differences(const Expected& expected, const gateway::v1::Contact& contact);

}  // namespace asc::tests::contacts

#endif  // ASC_TESTS_CONTACTS_DIFFERENCES_H_
