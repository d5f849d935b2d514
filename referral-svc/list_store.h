// Lists of referrals: portable SQL, nothing else.

#ifndef ASC_REFERRAL_SVC_LIST_STORE_H_
#define ASC_REFERRAL_SVC_LIST_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "referral-svc/person_store.h"

namespace asc::referral {

enum class ListOrder {
  // By the time of opening and the id, both backwards.
  kNewest,
  // The waiting list's: points, the most first, waiting time, id.
  kPressing,
  // By due time and id.
  kSoonest,
};

ListOrder OrderOf(const v1::ListReferralsRequest& filter);

// Where a row stands in its list: what it is ordered by, and its id.
struct ListKey {
  std::int64_t first = 0;
  std::int64_t second = 0;
  std::string id;
};

// Before every row.
ListKey BeginningOf(ListOrder order);

struct ListedReferral {
  v1::ReferralSummary summary;
  ListKey key;
};

// At most `limit` referrals that match every set field of `filter`, behind `after`, in the order of
// the filter. `person` is who the filter's person_id stands for. Each kind of filter, and a team
// with any of them, is one range of an index, so that the cost does not grow with the table; what a
// worker or a person has is sorted in other orders.
absl::StatusOr<std::vector<ListedReferral>> ListReferrals(db::Reader& reader,
                                                          const v1::ListReferralsRequest& filter,
                                                          const Person& person,
                                                          const ListKey& after, int limit);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_LIST_STORE_H_
