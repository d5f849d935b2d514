// Keeps journals: reads them whole, and writes down the difference between two states of one.

#ifndef ASC_GATEWAY_JOURNAL_STORE_H_
#define ASC_GATEWAY_JOURNAL_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "asc/type/v1/due.pb.h"
#include "gateway/journal.h"
#include "platform/db/blind_index.h"
#include "platform/db/database.h"
#include "platform/db/migration.h"

namespace asc::gateway {

// A contact that somebody should look at.
struct Work {
  std::string authority;
  std::string contact_id;
  Lease lease;
};

struct ContactFilter {
  v1::ContactStatus status = v1::CONTACT_STATUS_UNSPECIFIED;
  std::string person_id;
};

// Where a listing continues: the sort key of the last row given; `at_us` -1: from the start.
struct ListPosition {
  std::int64_t at_us = -1;
  std::string contact_id;
  std::string action_id;
};

struct DueAction {
  asc::type::v1::DueItem item;
  ListPosition position;
};

// Stateless apart from the key of the blind index; thread-safe.
class JournalStore {
 public:
  explicit JournalStore(db::BlindIndex index) : index_(std::move(index)) {}

  static std::vector<db::Migration> Migrations();

  // NOT_FOUND when this authority has no such contact. DATA_LOSS: a record cannot be read.
  absl::StatusOr<Journal> Load(db::Reader& reader, const std::string& authority,
                               const std::string& contact_id) const;

  // The statements that write a contact that is not there yet, with its event.
  db::WriteSet Add(const Journal& journal, const std::string& request_id) const;

  // The statements that turn the stored `before` into `after`, which has the next version. They
  // find no row (kStale) when the contact has changed since `before` was read, or when its lease
  // has. The event of the new version has this type; `request_id` is empty when no caller asked for
  // it.
  db::WriteSet Change(const Journal& before, const Journal& after, const std::string& event_type,
                      const std::string& request_id) const;

  // The statements that change nothing but attempts and lease, and so make no new version. kStale
  // when the lease is no longer the one in `before`.
  db::WriteSet Retry(const Journal& before, const Journal& after) const;

  // The statement that takes the lease `work` was seen with. kStale when another was quicker.
  static db::WriteSet Take(const Work& work, const Lease& taken);

  // Contacts whose `run_at` is not after `now`, the longest waiting first.
  static absl::StatusOr<std::vector<Work>> Due(db::Reader& reader, absl::Time now, int limit);

  // Contacts that were being worked on by this owner; at start, what its last run left.
  static absl::StatusOr<std::vector<Work>> LeftBehind(db::Reader& reader, const std::string& owner,
                                                      int limit);

  // Newest first.
  absl::StatusOr<std::vector<v1::ContactSummary>> List(db::Reader& reader,
                                                       const std::string& authority,
                                                       const ContactFilter& filter,
                                                       const ListPosition& after, int limit) const;

  // Open actions due by a moment, the first due first.
  static absl::StatusOr<std::vector<DueAction>> ListDue(db::Reader& reader,
                                                        const std::string& authority,
                                                        absl::Time due_by,
                                                        const ListPosition& after, int limit);

 private:
  std::string PersonIndex(const std::string& authority, const std::string& person_id) const;

  db::BlindIndex index_;
};

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_JOURNAL_STORE_H_
