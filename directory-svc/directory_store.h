// Keeping records of advice: portable SQL, nothing else.
//
// Reads go through a borrowed Reader; writes are added to a WriteSet, and nothing happens before
// that is committed. Every function works on one authority only.

#ifndef ASC_DIRECTORY_SVC_DIRECTORY_STORE_H_
#define ASC_DIRECTORY_SVC_DIRECTORY_STORE_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/directory/v1/directory.pb.h"
#include "platform/db/database.h"

namespace asc::directory {

// The tables of this service, to be given to Database::Migrate.
std::vector<db::Migration> DirectorySchema();

// The row after which a list goes on.
struct ListPlace {
  std::int64_t at_us = 0;
  std::string id;
};

// Before the first row of a list that is newest first.
inline ListPlace FromTheNewest() { return {std::numeric_limits<std::int64_t>::max(), ""}; }

// Nothing when the authority has no such record. One read by primary key.
absl::StatusOr<std::optional<v1::Advice>> FindAdvice(db::Reader& reader,
                                                     const std::string& authority,
                                                     const std::string& advice_id);

// At most `limit` records that match every set field of `filter`, newest first, from `after` on.
// Person, contact and state have an index each.
absl::StatusOr<std::vector<v1::Advice>> ListAdvice(db::Reader& reader,
                                                   const v1::ListAdviceRequest& filter,
                                                   const ListPlace& after, int limit);

// At most `limit` records whose follow-up is due at `until_us` or before, earliest first.
absl::StatusOr<std::vector<v1::Advice>> ListDueAdvice(db::Reader& reader,
                                                      const std::string& authority,
                                                      std::int64_t until_us, const ListPlace& after,
                                                      int limit);

void AddAdvice(const std::string& authority, const v1::Advice& advice, db::WriteSet& writes);
// `advice` is the new version; the one before it must still be there.
void ChangeAdvice(const std::string& authority, const v1::Advice& advice, db::WriteSet& writes);

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_DIRECTORY_STORE_H_
