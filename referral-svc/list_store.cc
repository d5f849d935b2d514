#include "referral-svc/list_store.h"

#include <limits>
#include <tuple>

#include "google/protobuf/util/time_util.h"
#include "referral-svc/referral_store.h"
#include "referral-svc/waiting_store.h"

namespace asc::referral {
namespace {

using google::protobuf::util::TimeUtil;
using Rows = absl::StatusOr<std::vector<db::Row>>;
using Listed = absl::StatusOr<std::vector<ListedReferral>>;

std::int64_t Given(const std::string& text) { return text.empty() ? 0 : 1; }

// ---- Newest first. `opened_at <= ?` gives the range; the rest cuts its first moment. ----

Rows RowsOfTeam(db::Reader& reader, const v1::ListReferralsRequest& filter, const ListKey& after,
                int limit) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id, r.opened_at"
      " FROM referral r"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE r.authority = ? AND r.team_id = ?"
      " AND r.opened_at <= ? AND (r.opened_at < ? OR r.referral_id < ?)"
      " ORDER BY r.opened_at DESC, r.referral_id DESC LIMIT ?",
      {filter.authority(), filter.team_id(), after.first, after.first, after.id,
       std::int64_t{limit}});
}

Rows RowsOfTeamInStatus(db::Reader& reader, const v1::ListReferralsRequest& filter,
                        const ListKey& after, int limit) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id, r.opened_at"
      " FROM referral r"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE r.authority = ? AND r.team_id = ? AND r.status = ?"
      " AND r.opened_at <= ? AND (r.opened_at < ? OR r.referral_id < ?)"
      " ORDER BY r.opened_at DESC, r.referral_id DESC LIMIT ?",
      {filter.authority(), filter.team_id(), std::int64_t{filter.status()}, after.first,
       after.first, after.id, std::int64_t{limit}});
}

Rows RowsOfPerson(db::Reader& reader, const v1::ListReferralsRequest& filter, const ListKey& after,
                  int limit) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id, r.opened_at"
      " FROM referral r"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE r.authority = ? AND r.person_id = ?"
      " AND (? = 0 OR r.status = ?) AND (? = 0 OR r.team_id = ?) AND (? = 0 OR r.worker_id = ?)"
      " AND r.opened_at <= ? AND (r.opened_at < ? OR r.referral_id < ?)"
      " ORDER BY r.opened_at DESC, r.referral_id DESC LIMIT ?",
      {filter.authority(), filter.person_id(), std::int64_t{filter.status()},
       std::int64_t{filter.status()}, Given(filter.team_id()), filter.team_id(),
       Given(filter.worker_id()), filter.worker_id(), after.first, after.first, after.id,
       std::int64_t{limit}});
}

Rows RowsOfWorker(db::Reader& reader, const v1::ListReferralsRequest& filter, const ListKey& after,
                  int limit) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id, r.opened_at"
      " FROM referral r"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE r.authority = ? AND r.worker_id = ?"
      " AND (? = 0 OR r.status = ?) AND (? = 0 OR r.team_id = ?)"
      " AND r.opened_at <= ? AND (r.opened_at < ? OR r.referral_id < ?)"
      " ORDER BY r.opened_at DESC, r.referral_id DESC LIMIT ?",
      {filter.authority(), filter.worker_id(), std::int64_t{filter.status()},
       std::int64_t{filter.status()}, Given(filter.team_id()), filter.team_id(), after.first,
       after.first, after.id, std::int64_t{limit}});
}

Rows RowsOfStatus(db::Reader& reader, const v1::ListReferralsRequest& filter, const ListKey& after,
                  int limit) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id, r.opened_at"
      " FROM referral r"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE r.authority = ? AND r.status = ?"
      " AND r.opened_at <= ? AND (r.opened_at < ? OR r.referral_id < ?)"
      " ORDER BY r.opened_at DESC, r.referral_id DESC LIMIT ?",
      {filter.authority(), std::int64_t{filter.status()}, after.first, after.first, after.id,
       std::int64_t{limit}});
}

Rows RowsOfAll(db::Reader& reader, const v1::ListReferralsRequest& filter, const ListKey& after,
               int limit) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id, r.opened_at"
      " FROM referral r"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE r.authority = ?"
      " AND r.opened_at <= ? AND (r.opened_at < ? OR r.referral_id < ?)"
      " ORDER BY r.opened_at DESC, r.referral_id DESC LIMIT ?",
      {filter.authority(), after.first, after.first, after.id, std::int64_t{limit}});
}

// ---- Soonest due first. A referral has one item of this kind at most, so that it comes once. The
// cross joins keep SQLite, which has no statistics, from taking another table first. ----

Rows DueOfAll(db::Reader& reader, const v1::ListReferralsRequest& filter, std::int64_t before_us,
              const ListKey& after, int limit) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id, d.due_at"
      " FROM due d"
      " CROSS JOIN referral r ON r.authority = d.authority AND r.referral_id = d.record_id"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE d.authority = ? AND d.record_type = 'referral' AND d.kind = 'monitoring'"
      " AND (? = 0 OR r.status = ?)"
      " AND d.due_at < ? AND d.due_at >= ? AND (d.due_at > ? OR d.record_id > ?)"
      " ORDER BY d.due_at, d.record_id LIMIT ?",
      {filter.authority(), std::int64_t{filter.status()}, std::int64_t{filter.status()}, before_us,
       after.first, after.first, after.id, std::int64_t{limit}});
}

Rows DueOfTeam(db::Reader& reader, const v1::ListReferralsRequest& filter, std::int64_t before_us,
               const ListKey& after, int limit) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id, d.due_at"
      " FROM due d"
      " CROSS JOIN referral r ON r.authority = d.authority AND r.referral_id = d.record_id"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE d.authority = ? AND d.record_type = 'referral' AND d.kind = 'monitoring'"
      " AND d.assigned_to = ?"
      " AND (? = 0 OR r.status = ?)"
      " AND d.due_at < ? AND d.due_at >= ? AND (d.due_at > ? OR d.record_id > ?)"
      " ORDER BY d.due_at, d.record_id LIMIT ?",
      {filter.authority(), filter.team_id(), std::int64_t{filter.status()},
       std::int64_t{filter.status()}, before_us, after.first, after.first, after.id,
       std::int64_t{limit}});
}

// The kind makes the key whole: without it SQLite looks through all that is due for one item.
Rows DueOfPerson(db::Reader& reader, const v1::ListReferralsRequest& filter, std::int64_t before_us,
                 const ListKey& after, int limit) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id, d.due_at"
      " FROM referral r"
      " CROSS JOIN due d ON d.authority = r.authority AND d.record_type = 'referral'"
      " AND d.record_id = r.referral_id AND d.kind = 'monitoring'"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE r.authority = ? AND r.person_id = ?"
      " AND (? = 0 OR r.status = ?) AND (? = 0 OR r.team_id = ?) AND (? = 0 OR r.worker_id = ?)"
      " AND d.due_at < ? AND d.due_at >= ? AND (d.due_at > ? OR r.referral_id > ?)"
      " ORDER BY d.due_at, r.referral_id LIMIT ?",
      {filter.authority(), filter.person_id(), std::int64_t{filter.status()},
       std::int64_t{filter.status()}, Given(filter.team_id()), filter.team_id(),
       Given(filter.worker_id()), filter.worker_id(), before_us, after.first, after.first, after.id,
       std::int64_t{limit}});
}

Rows DueOfWorker(db::Reader& reader, const v1::ListReferralsRequest& filter, std::int64_t before_us,
                 const ListKey& after, int limit) {
  return reader.Query(
      "SELECT r.referral_id, r.version, r.status, r.subject, r.purpose, r.person_id, r.team_id,"
      " r.worker_id, r.opened_at, r.updated_at, r.still_to_gather,"
      " r.communication_needs, a.into_id, d.due_at"
      " FROM referral r"
      " CROSS JOIN due d ON d.authority = r.authority AND d.record_type = 'referral'"
      " AND d.record_id = r.referral_id AND d.kind = 'monitoring'"
      " LEFT JOIN person_alias a ON a.authority = r.authority AND a.from_id = r.person_id"
      " WHERE r.authority = ? AND r.worker_id = ?"
      " AND (? = 0 OR r.status = ?) AND (? = 0 OR r.team_id = ?)"
      " AND d.due_at < ? AND d.due_at >= ? AND (d.due_at > ? OR r.referral_id > ?)"
      " ORDER BY d.due_at, r.referral_id LIMIT ?",
      {filter.authority(), filter.worker_id(), std::int64_t{filter.status()},
       std::int64_t{filter.status()}, Given(filter.team_id()), filter.team_id(), before_us,
       after.first, after.first, after.id, std::int64_t{limit}});
}

// ---- All orders ----

bool Before(ListOrder order, const ListedReferral& a, const ListedReferral& b) {
  const auto place = [](const ListKey& key) { return std::tie(key.first, key.second, key.id); };
  return order == ListOrder::kNewest ? place(a.key) > place(b.key) : place(a.key) < place(b.key);
}

Listed ListedOf(const Rows& rows) {
  if (!rows.ok()) return rows.status();
  constexpr std::size_t kKeyColumn = 13;
  std::vector<ListedReferral> listed;
  listed.reserve(rows->size());
  for (const db::Row& row : *rows) {
    listed.push_back({SummaryOfRow(row), {row.Whole(kKeyColumn), 0, row.Text(0)}});
  }
  return listed;
}

Listed Newest(db::Reader& reader, const v1::ListReferralsRequest& filter, const ListKey& after,
              int limit) {
  if (!filter.person_id().empty()) return ListedOf(RowsOfPerson(reader, filter, after, limit));
  if (!filter.worker_id().empty()) return ListedOf(RowsOfWorker(reader, filter, after, limit));
  const bool any_status = filter.status() == v1::REFERRAL_STATUS_UNSPECIFIED;
  if (!filter.team_id().empty()) {
    return ListedOf(any_status ? RowsOfTeam(reader, filter, after, limit)
                               : RowsOfTeamInStatus(reader, filter, after, limit));
  }
  return ListedOf(any_status ? RowsOfAll(reader, filter, after, limit)
                             : RowsOfStatus(reader, filter, after, limit));
}

Listed Soonest(db::Reader& reader, const v1::ListReferralsRequest& filter, const ListKey& after,
               int limit) {
  const std::int64_t before_us = TimeUtil::TimestampToMicroseconds(filter.due_before());
  if (!filter.person_id().empty()) {
    return ListedOf(DueOfPerson(reader, filter, before_us, after, limit));
  }
  if (!filter.worker_id().empty()) {
    return ListedOf(DueOfWorker(reader, filter, before_us, after, limit));
  }
  return ListedOf(filter.team_id().empty() ? DueOfAll(reader, filter, before_us, after, limit)
                                           : DueOfTeam(reader, filter, before_us, after, limit));
}

Listed Pressing(db::Reader& reader, const v1::ListReferralsRequest& filter, const ListKey& after,
                int limit) {
  const bool other_status = filter.status() != v1::REFERRAL_STATUS_UNSPECIFIED &&
                            filter.status() != v1::REFERRAL_STATUS_ACCEPTED;
  // Nobody else waits for allocation.
  if (other_status) return std::vector<ListedReferral>();
  WaitingFilter waiting{.authority = filter.authority(),
                        .team_id = filter.team_id(),
                        .person_id = filter.person_id(),
                        .worker_id = filter.worker_id(),
                        .points_min = filter.priority_points_min()};
  if (filter.has_due_before()) {
    waiting.due_before_us = TimeUtil::TimestampToMicroseconds(filter.due_before());
  }
  ASC_TRY_ASSIGN(auto entries,
                 ListWaiting(reader, waiting, {after.first, after.second, after.id}, limit));
  std::vector<ListedReferral> listed;
  listed.reserve(entries.size());
  for (v1::WaitingEntry& entry : entries) {
    const WaitingPlace place = PlaceOf(entry);
    listed.push_back({std::move(*entry.mutable_referral()),
                      {place.order_points, place.since_us, place.referral_id}});
  }
  return listed;
}

}  // namespace

ListOrder OrderOf(const v1::ListReferralsRequest& filter) {
  if (filter.has_priority_points_min()) return ListOrder::kPressing;
  return filter.has_due_before() ? ListOrder::kSoonest : ListOrder::kNewest;
}

ListKey BeginningOf(ListOrder order) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (order == ListOrder::kNewest) return {Limits::max(), 0, ""};
  return {Limits::min(), Limits::min(), ""};
}

absl::StatusOr<std::vector<ListedReferral>> ListReferrals(db::Reader& reader,
                                                          const v1::ListReferralsRequest& filter,
                                                          const Person& person,
                                                          const ListKey& after, int limit) {
  const ListOrder order = OrderOf(filter);
  v1::ListReferralsRequest one = filter;
  return OfEveryReference(
      person, limit,
      [&](const std::string& reference) -> Listed {
        one.set_person_id(reference);
        switch (order) {
          case ListOrder::kNewest:
            return Newest(reader, one, after, limit);
          case ListOrder::kPressing:
            return Pressing(reader, one, after, limit);
          case ListOrder::kSoonest:
            return Soonest(reader, one, after, limit);
        }
        return std::vector<ListedReferral>();
      },
      [order](const ListedReferral& a, const ListedReferral& b) { return Before(order, a, b); });
}

}  // namespace asc::referral
