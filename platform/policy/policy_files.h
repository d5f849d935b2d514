// Policies: one whole text-proto file per authority, typed, checked at start, archived by hash.

#ifndef ASC_PLATFORM_POLICY_POLICY_FILES_H_
#define ASC_PLATFORM_POLICY_POLICY_FILES_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "asc/type/v1/decision.pb.h"
#include "google/protobuf/message.h"

namespace asc::db {
class Database;
}

namespace asc::policy {

struct Policy {
  asc::type::v1::PolicyVersion version;
  std::unique_ptr<const google::protobuf::Message> content;
};

// A service's own check of a policy beyond its types; the message names the field that is wrong.
using Check = std::function<absl::Status(const google::protobuf::Message& content)>;

// The policies of one service. Thread-safe once loaded.
class PolicySet {
 public:
  // Reads every *.textproto of `folder` as a message like `prototype`, which must have the fields
  // `string authority` and `string version`. INVALID_ARGUMENT, naming file, line and column: an
  // unknown, misspelt or repeated field, a field without value that `check` wants, two files for
  // one authority, an empty folder.
  static absl::StatusOr<std::unique_ptr<PolicySet>> Load(const std::string& folder,
                                                         const google::protobuf::Message& prototype,
                                                         const Check& check = nullptr);

  // Puts every loaded policy into the archive and reads back the earlier ones, so that requests may
  // name any policy this database has ever decided under.
  absl::Status Archive(db::Database& database);

  // The current policy of an authority, or with `hash` the archived one.
  // PERMISSION_DENIED is not for here: NOT_FOUND when the authority has no policy,
  // FAILED_PRECONDITION (POLICY_UNKNOWN) when the hash is not in the archive.
  absl::StatusOr<std::shared_ptr<const Policy>> Find(const std::string& authority,
                                                     const std::string& hash = "") const;

  // Of all authorities, sorted.
  std::vector<asc::type::v1::PolicyVersion> Versions() const;

 private:
  explicit PolicySet(const google::protobuf::Message& prototype);
  absl::Status Add(const std::string& file, const std::string& text, const Check& check);

  std::unique_ptr<google::protobuf::Message> prototype_;
  std::map<std::string, std::shared_ptr<const Policy>> current_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const Policy>> archive_;
};

}  // namespace asc::policy

#endif  // ASC_PLATFORM_POLICY_POLICY_FILES_H_
