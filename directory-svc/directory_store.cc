#include "directory-svc/directory_store.h"

#include <algorithm>

#include "google/protobuf/util/time_util.h"
#include "platform/db/payload.h"
#include "platform/status/macros.h"
#include "schema/directory_store.h"

namespace asc::directory {
namespace {

using google::protobuf::util::TimeUtil;
using Rows = absl::StatusOr<std::vector<db::Row>>;

std::int64_t Micros(const google::protobuf::Timestamp& at) {
  return TimeUtil::TimestampToMicroseconds(at);
}

db::Bytes Sealed(const v1::Advice& advice) { return db::payload::Seal(advice.SerializeAsString()); }

// When somebody has to come back to it; NULL, which no range finds, when nobody has to.
db::Value DueOf(const v1::Advice& advice) {
  if (advice.state() != v1::ADVICE_STATE_FOLLOW_UP_DUE) return std::monostate();
  return Micros(advice.follow_up().due_at());
}

absl::StatusOr<v1::Advice> Opened(const std::string& envelope) {
  ASC_TRY_ASSIGN(const std::string bytes, db::payload::Open(envelope));
  v1::Advice advice;
  if (!advice.ParseFromString(bytes)) {
    return absl::DataLossError("a stored record cannot be read");
  }
  return advice;
}

absl::StatusOr<std::vector<v1::Advice>> OpenedAll(const Rows& rows) {
  if (!rows.ok()) return rows.status();
  std::vector<v1::Advice> records;
  records.reserve(rows->size());
  for (const db::Row& row : *rows) {
    ASC_TRY_ASSIGN(v1::Advice advice, Opened(row.Text(0)));
    records.push_back(std::move(advice));
  }
  return records;
}

// A bit for each state asked for, all bits when none is.
std::int64_t StateBits(const v1::ListAdviceRequest& filter) {
  std::int64_t bits = 0;
  for (const int state : filter.states()) bits |= std::int64_t{1} << (state & 31);
  return filter.states().empty() ? -1 : bits;
}

Rows RowsOfPerson(db::Reader& reader, const v1::ListAdviceRequest& filter, const ListPlace& after,
                  int limit) {
  return reader.Query(
      "SELECT payload FROM advice WHERE authority = ? AND person_id = ?"
      " AND (? = 0 OR contact_id = ?) AND ((1 << state) & ?) <> 0"
      " AND created_at <= ? AND (created_at < ? OR advice_id < ?)"
      " ORDER BY created_at DESC, advice_id DESC LIMIT ?",
      {filter.authority(), filter.person_id(), std::int64_t{!filter.contact_id().empty()},
       filter.contact_id(), StateBits(filter), after.at_us, after.at_us, after.id,
       std::int64_t{limit}});
}

Rows RowsOfContact(db::Reader& reader, const v1::ListAdviceRequest& filter, const ListPlace& after,
                   int limit) {
  return reader.Query(
      "SELECT payload FROM advice WHERE authority = ? AND contact_id = ?"
      " AND ((1 << state) & ?) <> 0"
      " AND created_at <= ? AND (created_at < ? OR advice_id < ?)"
      " ORDER BY created_at DESC, advice_id DESC LIMIT ?",
      {filter.authority(), filter.contact_id(), StateBits(filter), after.at_us, after.at_us,
       after.id, std::int64_t{limit}});
}

Rows RowsOfState(db::Reader& reader, const std::string& authority, int state,
                 const ListPlace& after, int limit) {
  return reader.Query(
      "SELECT payload FROM advice WHERE authority = ? AND state = ?"
      " AND created_at <= ? AND (created_at < ? OR advice_id < ?)"
      " ORDER BY created_at DESC, advice_id DESC LIMIT ?",
      {authority, std::int64_t{state}, after.at_us, after.at_us, after.id, std::int64_t{limit}});
}

Rows RowsOfAll(db::Reader& reader, const std::string& authority, const ListPlace& after,
               int limit) {
  return reader.Query(
      "SELECT payload FROM advice WHERE authority = ?"
      " AND created_at <= ? AND (created_at < ? OR advice_id < ?)"
      " ORDER BY created_at DESC, advice_id DESC LIMIT ?",
      {authority, after.at_us, after.at_us, after.id, std::int64_t{limit}});
}

bool Newer(const v1::Advice& a, const v1::Advice& b) {
  const std::int64_t a_at = Micros(a.created_at());
  const std::int64_t b_at = Micros(b.created_at());
  return a_at != b_at ? a_at > b_at : a.advice_id() > b.advice_id();
}

// The index by state is ordered within each state, so a list of several is merged from one short
// range each.
absl::StatusOr<std::vector<v1::Advice>> ListOfStates(db::Reader& reader,
                                                     const v1::ListAdviceRequest& filter,
                                                     const ListPlace& after, int limit) {
  std::vector<v1::Advice> merged;
  const std::int64_t bits = StateBits(filter);
  for (int state = v1::ADVICE_STATE_FOLLOW_UP_DUE; state <= v1::AdviceState_MAX; ++state) {
    if ((bits & (std::int64_t{1} << state)) == 0) continue;
    ASC_TRY_ASSIGN(auto some,
                   OpenedAll(RowsOfState(reader, filter.authority(), state, after, limit)));
    for (auto& advice : some) merged.push_back(std::move(advice));
  }
  std::sort(merged.begin(), merged.end(), &Newer);
  if (merged.size() > static_cast<std::size_t>(limit)) merged.resize(limit);
  return merged;
}

}  // namespace

std::vector<db::Migration> DirectorySchema() { return schema::directory_store(); }

absl::StatusOr<std::optional<v1::Advice>> FindAdvice(db::Reader& reader,
                                                     const std::string& authority,
                                                     const std::string& advice_id) {
  ASC_TRY_ASSIGN(const auto row,
                 reader.QueryOne("SELECT payload FROM advice WHERE authority = ? AND advice_id = ?",
                                 {authority, advice_id}));
  if (!row.has_value()) return std::optional<v1::Advice>();
  ASC_TRY_ASSIGN(v1::Advice advice, Opened(row->Text(0)));
  return std::optional<v1::Advice>(std::move(advice));
}

absl::StatusOr<std::vector<v1::Advice>> ListAdvice(db::Reader& reader,
                                                   const v1::ListAdviceRequest& filter,
                                                   const ListPlace& after, int limit) {
  if (!filter.person_id().empty()) return OpenedAll(RowsOfPerson(reader, filter, after, limit));
  if (!filter.contact_id().empty()) return OpenedAll(RowsOfContact(reader, filter, after, limit));
  if (!filter.states().empty()) return ListOfStates(reader, filter, after, limit);
  return OpenedAll(RowsOfAll(reader, filter.authority(), after, limit));
}

absl::StatusOr<std::vector<v1::Advice>> ListDueAdvice(db::Reader& reader,
                                                      const std::string& authority,
                                                      std::int64_t until_us, const ListPlace& after,
                                                      int limit) {
  return OpenedAll(
      reader.Query("SELECT payload FROM advice WHERE authority = ? AND due_at <= ?"
                   " AND due_at >= ? AND (due_at > ? OR advice_id > ?)"
                   " ORDER BY due_at, advice_id LIMIT ?",
                   {authority, until_us, after.at_us, after.at_us, after.id, std::int64_t{limit}}));
}

void AddAdvice(const std::string& authority, const v1::Advice& advice, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO advice (authority, advice_id, version, state, person_id, contact_id,"
      " created_at, due_at, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {authority, advice.advice_id(), advice.version(), std::int64_t{advice.state()},
       advice.person().person_id(), advice.contact_id(), Micros(advice.created_at()), DueOf(advice),
       Sealed(advice)});
}

void ChangeAdvice(const std::string& authority, const v1::Advice& advice, db::WriteSet& writes) {
  writes.Update(
      "UPDATE advice SET version = ?, state = ?, due_at = ?, payload = ?"
      " WHERE authority = ? AND advice_id = ? AND version = ?",
      {advice.version(), std::int64_t{advice.state()}, DueOf(advice), Sealed(advice), authority,
       advice.advice_id(), advice.version() - 1});
}

}  // namespace asc::directory
