// Reading the entries that ship with the service, strictly: a fault in one stops the start.

#ifndef ASC_DIRECTORY_SVC_DIRECTORY_ENTRIES_H_
#define ASC_DIRECTORY_SVC_DIRECTORY_ENTRIES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "asc/directory/v1/directory.pb.h"

namespace asc::directory {

// The owner of what is the same everywhere.
inline constexpr char kNationalOwner[] = "national";

struct Entry {
  v1::Service service;
  // The authorities whose directory shows it: its owner, or for "national" those that publish it.
  std::vector<std::string> shown_by;
};

struct Entries {
  std::vector<Entry> entries;
  // Topic id to name.
  std::map<std::string, std::string> topics;
};

// Every *.textproto of `folder` as an EntryFile, and topics.textproto as the TopicFile.
// INVALID_ARGUMENT, naming file and field: an unknown or misspelt field, what the field options of
// ServiceContent refuse, an id given twice, an unknown topic, a secret place or personal contact,
// an opening that is neither certain nor explained, a line that is none. An empty folder is
// refused.
absl::StatusOr<Entries> LoadEntries(const std::string& folder);

// INVALID_ARGUMENT: the entries that one authority shows do not agree with its policy (a heading
// that its procedure does not have, entries of its own where the procedure leaves them to be
// written, none where it has some).
absl::Status CheckAgainstPolicy(const Entries& entries, const v1::DirectoryPolicy& policy);

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_DIRECTORY_ENTRIES_H_
