// The contact files: reading them, and putting into the records what a contact finds there.

#ifndef ASC_TESTS_CONTACTS_CONTACT_CASES_H_
#define ASC_TESTS_CONTACTS_CONTACT_CASES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "tests/contacts/contact_case.pb.h"
#include "tests/support/caller.h"

namespace asc::tests::contacts {

// Where the contact files are, from the root of the tree.
inline constexpr char kContactsFolder[] = "tests/contacts";

// Every contact file of a folder, by name of file. INVALID_ARGUMENT: one cannot be read.
absl::StatusOr<std::vector<ContactCase>> LoadCases(const std::string& folder);

// Reads a proto text file.
absl::Status LoadFile(const std::string& path, google::protobuf::Message& message);

// The proto text files of a folder, sorted. NOT_FOUND: none.
absl::StatusOr<std::vector<std::string>> TextFiles(const std::string& folder);

// What is set up counts from now.
absl::Status PutIntoRecords(const Setup& setup, const std::string& authority,
                            testing::Caller& caller);

}  // namespace asc::tests::contacts

#endif  // ASC_TESTS_CONTACTS_CONTACT_CASES_H_
