// Keeping records of needs for an advocate: portable SQL, nothing else.
//
// Reads go through a borrowed Reader; writes are added to a WriteSet, and nothing happens before
// that is committed. Every function works on one authority only.

#ifndef ASC_ADVOCACY_SVC_ADVOCACY_STORE_H_
#define ASC_ADVOCACY_SVC_ADVOCACY_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/advocacy/v1/advocacy.pb.h"
#include "platform/db/database.h"

namespace asc::advocacy {

// The tables of this service, to be given to Database::Migrate.
std::vector<db::Migration> AdvocacySchema();

// More processes than this never run for one person at a time; older ones are not looked at.
inline constexpr int kNeedsOfPersonMax = 100;

// Thread-safe: it holds nothing.
class AdvocacyStore {
 public:
  // Nothing when the authority has no such record. One read by primary key.
  absl::StatusOr<std::optional<v1::AdvocacyNeed>> FindNeed(db::Reader& reader,
                                                           const std::string& authority,
                                                           const std::string& need_id) const;

  // The person's records that are not closed, the newest first; kNeedsOfPersonMax at most. None for
  // an empty `person_id`.
  absl::StatusOr<std::vector<v1::AdvocacyNeed>> OpenNeedsOf(db::Reader& reader,
                                                            const std::string& authority,
                                                            const std::string& person_id) const;

  void AddNeed(const std::string& authority, const v1::AdvocacyNeed& need,
               db::WriteSet& writes) const;
  // `need` is the new version; the one before it must still be there.
  void ChangeNeed(const std::string& authority, const v1::AdvocacyNeed& need,
                  db::WriteSet& writes) const;
};

}  // namespace asc::advocacy

#endif  // ASC_ADVOCACY_SVC_ADVOCACY_STORE_H_
