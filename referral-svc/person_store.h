// Which references are one person.
//
// A record stays under the reference it was written with. Whoever searches by one reference of a
// person searches by all of them, and whoever reads a record sees the reference that is kept. So a
// merge is one row, however many records follow it, and none that is written meanwhile is lost.

#ifndef ASC_REFERRAL_SVC_PERSON_STORE_H_
#define ASC_REFERRAL_SVC_PERSON_STORE_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "platform/db/database.h"
#include "platform/db/sealed_record.h"
#include "platform/status/macros.h"

namespace asc::referral {

// Every search by a person asks once for each; nobody has more.
inline constexpr int kReferencesMax = 50;

struct Person {
  // The reference that is kept.
  std::string id;
  // That one, and every one given up for it.
  std::vector<std::string> references;
};

// Who `person_id` stands for, itself where nothing was merged. An empty one stands for nobody, and
// has one reference, the empty one.
absl::StatusOr<Person> PersonOf(db::Reader& reader, const std::string& authority,
                                const std::string& person_id);

// The same without the other references.
absl::StatusOr<std::string> CurrentPersonId(db::Reader& reader, const std::string& authority,
                                            const std::string& person_id);

// How many merges there have been; to be read before the persons that are merged.
absl::StatusOr<std::int64_t> MergesUntilNow(db::Reader& reader, const std::string& authority);

// From now on `from_id`, and whatever stood for it, stands for `into_id`; both must be kept ones.
// kDuplicate or kStale when there was another merge after the `merges`.
void AddAlias(const std::string& authority, const std::string& from_id, const std::string& into_id,
              absl::Time now, std::int64_t merges, db::WriteSet& writes);

// What is decided from all the allocations of a person takes the person's turn: of two such writes
// at once the second looks again, because neither would see the row that the other adds. To be
// called before the allocations are read. Answers the reference that is kept.
absl::StatusOr<std::string> TakeTurn(db::Reader& reader, const std::string& authority,
                                     const std::string& person_id, db::WriteSet& writes);

// How many referrals and allocations stand under these references.
struct RecordCounts {
  int referrals = 0;
  int allocations = 0;
};
absl::StatusOr<RecordCounts> CountRecords(db::Reader& reader, const std::string& authority,
                                          const std::vector<std::string>& references);

// The records of a person in the order that `before` says, `limit` at most: `read` gives those of
// one reference, in that order, `limit` at most.
template <class Read, class Before>
auto OfEveryReference(const Person& person, int limit, Read read, Before before)
    -> decltype(read(person.id)) {
  auto records = read(person.references.front());
  if (!records.ok() || person.references.size() == 1) return records;
  for (std::size_t i = 1; i < person.references.size(); ++i) {
    auto others = read(person.references[i]);
    if (!others.ok()) return others;
    for (auto& other : *others) records->push_back(std::move(other));
  }
  std::sort(records->begin(), records->end(), before);
  if (records->size() > static_cast<std::size_t>(limit)) records->resize(limit);
  return records;
}

// ---- Reading records under the reference that is kept ----

// Every field of a record that has this name holds a person's reference, wherever it stands.
inline constexpr char kPersonField[] = "person_id";

// The references that are kept, by those that were asked for.
using KeptReferences = std::map<std::string, std::string>;

// Puts the reference that is kept in place of each that `record` holds. Those that `kept` does not
// know are looked up, once each.
absl::Status NameKeptPeople(db::Reader& reader, const std::string& authority, KeptReferences kept,
                            google::protobuf::Message& record);

// The record of a row: its payload, the reference it was written with, and the one that this was
// given up for, or NULL.
template <class Record>
absl::StatusOr<Record> RecordOfRow(db::Reader& reader, const std::string& authority,
                                   const db::Row& row) {
  ASC_TRY_ASSIGN(Record record, db::Opened<Record>(row.Text(0)));
  const std::string& own = row.Text(1);
  ASC_TRY(NameKeptPeople(reader, authority, {{own, row.IsNull(2) ? own : row.Text(2)}}, record));
  return record;
}

template <class Record>
absl::StatusOr<std::optional<Record>> RecordOf(db::Reader& reader, const std::string& authority,
                                               const absl::StatusOr<std::optional<db::Row>>& row) {
  if (!row.ok()) return row.status();
  if (!row->has_value()) return std::optional<Record>();
  ASC_TRY_ASSIGN(Record record, RecordOfRow<Record>(reader, authority, **row));
  return std::optional<Record>(std::move(record));
}

template <class Record>
absl::StatusOr<std::vector<Record>> RecordsOf(db::Reader& reader, const std::string& authority,
                                              const absl::StatusOr<std::vector<db::Row>>& rows) {
  if (!rows.ok()) return rows.status();
  std::vector<Record> records;
  records.reserve(rows->size());
  for (const db::Row& row : *rows) {
    ASC_TRY_ASSIGN(Record record, RecordOfRow<Record>(reader, authority, row));
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_PERSON_STORE_H_
