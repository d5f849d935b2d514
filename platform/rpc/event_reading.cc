#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>

#include "platform/db/event_attributes.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/watch.h"
#include "platform/status/macros.h"

namespace asc::rpc {
namespace {

using asc::events::v1::Event;

// The first line of a cursor names its format.
constexpr char kCursorFormat[] = "asc-cursor-1";

constexpr std::int64_t kMicrosPerSecond = 1000000;

// A record's version: what an event is about.
using Place = std::tuple<std::string, std::string, std::int64_t>;

absl::StatusOr<Event> ToEvent(const db::Row& row) {
  Event event;
  event.set_writer(row.Text(0));
  event.set_sequence(row.Whole(1));
  event.set_record_type(row.Text(2));
  event.set_record_id(row.Text(3));
  event.set_record_version(row.Whole(4));
  event.set_type(row.Text(5));
  event.mutable_occurred_at()->set_seconds(row.Whole(6) / kMicrosPerSecond);
  event.mutable_occurred_at()->set_nanos(
      static_cast<std::int32_t>(row.Whole(6) % kMicrosPerSecond) * 1000);
  event.set_request_id(row.Text(7));
  ASC_TRY_ASSIGN(const auto attributes, db::DecodeEventAttributes(row.Text(8)));
  for (const auto& [key, value] : attributes) (*event.mutable_attributes())[key] = value;
  return event;
}

// True when the version before `event` has been delivered: it lies behind the cursor.
absl::StatusOr<bool> PredecessorDelivered(db::Reader& reader, const std::string& authority,
                                          const Event& event, const Cursor& cursor) {
  ASC_TRY_ASSIGN(const auto row,
                 reader.QueryOne("SELECT writer, sequence FROM event WHERE authority = ?"
                                 " AND record_type = ? AND record_id = ? AND record_version = ?",
                                 {authority, event.record_type(), event.record_id(),
                                  event.record_version() - 1}));
  // No such event: it was removed by retention, long delivered or beyond anybody's reach.
  if (!row.has_value()) return true;
  const auto at = cursor.find(row->Text(0));
  return at != cursor.end() && at->second >= row->Whole(1);
}

// The events of one writer after its place in the cursor.
absl::StatusOr<std::vector<Event>> EventsOf(db::Reader& reader, const std::string& authority,
                                            const std::string& writer, std::int64_t after,
                                            std::size_t limit) {
  ASC_TRY_ASSIGN(const auto rows,
                 reader.Query("SELECT writer, sequence, record_type, record_id, record_version,"
                              " type, occurred_at, request_id, attributes FROM event"
                              " WHERE authority = ? AND writer = ? AND sequence > ?"
                              " ORDER BY sequence LIMIT ?",
                              {authority, writer, after, static_cast<std::int64_t>(limit)}));
  std::vector<Event> events;
  events.reserve(rows.size());
  for (const auto& row : rows) {
    ASC_TRY_ASSIGN(auto event, ToEvent(row));
    events.push_back(std::move(event));
  }
  return events;
}

// What is ready of each writer, and how far each has been taken.
struct Queue {
  std::vector<Event> events;
  std::size_t next = 0;
};

}  // namespace

std::string EncodeCursor(const Cursor& cursor) {
  std::ostringstream out;
  out << kCursorFormat << '\n';
  for (const auto& [writer, sequence] : cursor) out << writer << ' ' << sequence << '\n';
  return out.str();
}

absl::StatusOr<Cursor> DecodeCursor(const std::string& bytes) {
  Cursor cursor;
  if (bytes.empty()) return cursor;
  Violations violations;
  violations.Add("cursor", "was not made by this server; start without one");
  std::istringstream in(bytes);
  std::string line;
  if (!std::getline(in, line) || line != kCursorFormat) return violations.ToStatus();
  while (std::getline(in, line)) {
    const auto space = line.find(' ');
    if (space == std::string::npos || space == 0) return violations.ToStatus();
    std::int64_t sequence = 0;
    const char* end = line.data() + line.size();
    const auto parsed = std::from_chars(line.data() + space + 1, end, sequence);
    if (parsed.ec != std::errc() || parsed.ptr != end) return violations.ToStatus();
    cursor[line.substr(0, space)] = sequence;
  }
  return cursor;
}

absl::StatusOr<EventPage> ReadEvents(db::Reader& reader, const std::string& authority,
                                     Cursor& cursor, std::size_t limit) {
  ASC_TRY_ASSIGN(const auto writers, reader.Query("SELECT writer FROM writer ORDER BY writer", {}));
  std::vector<Queue> queues;
  bool more = false;
  for (const auto& row : writers) {
    const auto at = cursor.find(row.Text(0));
    ASC_TRY_ASSIGN(auto events, EventsOf(reader, authority, row.Text(0),
                                         at == cursor.end() ? 0 : at->second, limit));
    more = more || events.size() == limit;
    if (!events.empty()) queues.push_back({std::move(events)});
  }
  EventPage page;
  std::set<Place> taken;
  // Takes from each writer in turn what may go; goes round until nobody can move.
  for (bool moved = true; moved && page.events.size() < limit;) {
    moved = false;
    for (Queue& queue : queues) {
      while (queue.next < queue.events.size() && page.events.size() < limit) {
        Event& event = queue.events[queue.next];
        const Place before{event.record_type(), event.record_id(), event.record_version() - 1};
        if (event.record_version() > 1 && !taken.contains(before)) {
          ASC_TRY_ASSIGN(const bool delivered,
                         PredecessorDelivered(reader, authority, event, cursor));
          if (!delivered) break;
        }
        taken.emplace(event.record_type(), event.record_id(), event.record_version());
        cursor[event.writer()] = event.sequence();
        page.events.push_back(std::move(event));
        ++queue.next;
        moved = true;
      }
    }
  }
  page.caught_up = !more && std::all_of(queues.begin(), queues.end(), [](const Queue& queue) {
    return queue.next == queue.events.size();
  });
  return page;
}

}  // namespace asc::rpc
