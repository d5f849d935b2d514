// Keeping requests for funding: portable SQL, nothing else.
//
// Reads go through a borrowed Reader; writes are added to a WriteSet, and nothing happens before
// that is committed. Every function works on one authority only.

#ifndef ASC_FUNDING_SVC_FUNDING_STORE_H_
#define ASC_FUNDING_SVC_FUNDING_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/funding/v1/funding.pb.h"
#include "platform/db/database.h"

namespace asc::funding {

// The tables of this service, to be given to Database::Migrate.
std::vector<db::Migration> FundingSchema();

// Thread-safe: it holds nothing.
class FundingStore {
 public:
  // Nothing when the authority has no such request. One read by primary key.
  absl::StatusOr<std::optional<v1::FundingRequest>> FindRequest(
      db::Reader& reader, const std::string& authority, const std::string& request_id) const;

  void AddRequest(const std::string& authority, const v1::FundingRequest& request,
                  db::WriteSet& writes) const;
  // `request` is the new version; the one before it must still be there.
  void ChangeRequest(const std::string& authority, const v1::FundingRequest& request,
                     db::WriteSet& writes) const;
};

}  // namespace asc::funding

#endif  // ASC_FUNDING_SVC_FUNDING_STORE_H_
