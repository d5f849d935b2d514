// Keeping referrals, allocations and availability: portable SQL, nothing else.
//
// Reads go through a borrowed Reader; writes are added to a WriteSet, and nothing happens before
// that is committed. Every function works on one authority only.

#ifndef ASC_REFERRAL_SVC_REFERRAL_STORE_H_
#define ASC_REFERRAL_SVC_REFERRAL_STORE_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/blind_index.h"
#include "platform/db/database.h"
#include "referral-svc/person_store.h"

namespace asc::referral {

// The tables of this service, to be given to Database::Migrate.
std::vector<db::Migration> ReferralSchema();

// A place in a list that is ordered newest first, then by id: the row after which it goes on.
struct ListPlace {
  std::int64_t at_us = std::numeric_limits<std::int64_t>::max();
  std::string id;
};

// Whether the one place comes before the other in such a list.
inline bool Newer(const ListPlace& a, const ListPlace& b) {
  return a.at_us != b.at_us ? a.at_us > b.at_us : a.id > b.id;
}

// What a person is found by without being named: the reference, and blind indexes of the NHS
// number, and of name, date of birth and postcode together.
struct Recognition {
  // Empty: there is none.
  std::string person_id;
  std::optional<std::string> nhs_index;
  std::optional<std::string> identity_index;
  // What only one open referral of a purpose and subject may have.
  std::vector<std::string> claims;
};

// A row of the columns referral_id, version, status, subject, purpose, person_id, team_id,
// worker_id, opened_at, updated_at, still_to_gather, communication_needs, and the reference that
// its person's was given up for, or NULL.
v1::ReferralSummary SummaryOfRow(const db::Row& row);

// Thread-safe.
class ReferralStore {
 public:
  explicit ReferralStore(db::BlindIndex blind_index) : blind_index_(std::move(blind_index)) {}

  // Whether identifiers are indexed under the key that everybody knows.
  bool development_index() const { return blind_index_.development(); }

  // Nothing when the authority has no such referral. One read by primary key.
  absl::StatusOr<std::optional<v1::Referral>> FindReferral(db::Reader& reader,
                                                           const std::string& authority,
                                                           const std::string& referral_id) const;

  Recognition Recognise(const std::string& authority, const type::v1::PersonRef& person) const;

  // One statement. The blind indexes are made from the details' person.
  void AddReferral(const v1::Referral& referral, db::WriteSet& writes) const;
  // `referral` is the new version; the one before it must still be there.
  void ChangeReferral(const v1::Referral& referral, db::WriteSet& writes) const;

  // The referral's versions after `after`, from its events: record_version, type, occurred_at,
  // request_id, attributes.
  absl::StatusOr<std::vector<db::Row>> VersionRows(db::Reader& reader, const std::string& authority,
                                                   const std::string& referral_id,
                                                   std::int64_t after, int limit) const;

  absl::StatusOr<std::optional<v1::Allocation>> FindAllocation(
      db::Reader& reader, const std::string& authority, const std::string& allocation_id) const;

  // The allocation that has not ended of this person and role to this worker or team.
  absl::StatusOr<std::optional<v1::Allocation>> FindLiveAllocation(
      db::Reader& reader, const v1::Allocation& like) const;

  // The person's allocations that have not ended, the newest first; kLiveAllocationsMax at most.
  absl::StatusOr<std::vector<v1::Allocation>> LiveAllocationsOf(db::Reader& reader,
                                                                const std::string& authority,
                                                                const std::string& person_id) const;

  // The referrals that stand on the allocation: ALLOCATED, and naming it.
  absl::StatusOr<std::vector<v1::Referral>> ReferralsOn(db::Reader& reader,
                                                        const v1::Allocation& allocation) const;

  // The referrals that were COMPLETED while they stood on the allocation.
  absl::StatusOr<std::vector<v1::Referral>> CompletedOn(db::Reader& reader,
                                                        const v1::Allocation& allocation) const;

  // By person, worker or team, whichever is set; the other two narrow. `person` is who the filter's
  // person_id stands for.
  absl::StatusOr<std::vector<v1::Allocation>> ListAllocations(
      db::Reader& reader, const v1::ListAllocationsRequest& filter, const Person& person,
      const ListPlace& after, int limit) const;

  void AddAllocation(const v1::Allocation& allocation, db::WriteSet& writes) const;
  // `allocation` is the new version; the one before it must still be there.
  void ChangeAllocation(const v1::Allocation& allocation, db::WriteSet& writes) const;

  absl::StatusOr<std::optional<v1::WorkerAvailability>> FindAvailability(
      db::Reader& reader, const std::string& authority, const std::string& worker_id) const;
  void AddAvailability(const v1::WorkerAvailability& availability, db::WriteSet& writes) const;
  void ChangeAvailability(const v1::WorkerAvailability& availability, db::WriteSet& writes) const;

 private:
  db::BlindIndex blind_index_;
};

// More people than this never look after one person; a list longer than it is a fault elsewhere.
inline constexpr int kLiveAllocationsMax = 100;

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_REFERRAL_STORE_H_
