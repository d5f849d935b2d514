#include "gateway/journal_store.h"

#include <limits>
#include <map>
#include <utility>

#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "platform/db/payload.h"
#include "platform/rpc/errors.h"
#include "platform/status/macros.h"
#include "schema/gateway_store.h"

namespace asc::gateway {
namespace {

using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

std::int64_t MicrosOf(const Timestamp& moment) { return TimeUtil::TimestampToMicroseconds(moment); }

db::Value RunAt(const Lease& lease) {
  if (lease.run_at_us == 0) return std::monostate();
  return lease.run_at_us;
}

template <class Message>
absl::Status Parse(const std::string& envelope, Message& message) {
  ASC_TRY_ASSIGN(const std::string bytes, db::payload::Open(envelope));
  if (message.ParseFromString(bytes)) return absl::OkStatus();
  return absl::DataLossError("journal: a stored record cannot be read");
}

// The part of a contact that its own row keeps; the rest stands in columns or follows from the
// steps.
db::Bytes ContactPayload(v1::Contact contact) {
  contact.clear_version();
  contact.clear_etag();
  contact.clear_status();
  contact.clear_updated_at();
  return db::payload::Seal(contact.SerializeAsString());
}

void InsertStep(const v1::Contact& contact, const journal::StoredStep& step, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO contact_step (authority, contact_id, facts_revision, kind, state, payload) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      {contact.authority(), contact.contact_id(), std::int64_t{step.facts_revision()},
       std::int64_t{step.kind()}, std::int64_t{step.state()},
       db::payload::Seal(step.SerializeAsString())});
}

// Within a transaction whose contact row is already held, so no other writer is in between.
// Execute, not Update: MySQL may count a row that is rewritten with equal bytes as not changed.
void UpdateStep(const v1::Contact& contact, const journal::StoredStep& step, db::WriteSet& writes) {
  writes.Execute(
      "UPDATE contact_step SET state = ?, payload = ? "
      "WHERE authority = ? AND contact_id = ? AND facts_revision = ? AND kind = ?",
      {std::int64_t{step.state()}, db::payload::Seal(step.SerializeAsString()), contact.authority(),
       contact.contact_id(), std::int64_t{step.facts_revision()}, std::int64_t{step.kind()}});
}

void InsertAction(const v1::Contact& contact, const v1::Action& action, db::WriteSet& writes) {
  writes.Insert(
      "INSERT INTO contact_action (authority, contact_id, action_id, state, due_at, payload) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      {contact.authority(), contact.contact_id(), action.action_id(), std::int64_t{action.state()},
       MicrosOf(action.due_at()), db::payload::Seal(action.SerializeAsString())});
}

void UpdateAction(const v1::Contact& contact, const v1::Action& action, db::WriteSet& writes) {
  writes.Execute(
      "UPDATE contact_action SET state = ?, due_at = ?, payload = ? "
      "WHERE authority = ? AND contact_id = ? AND action_id = ?",
      {std::int64_t{action.state()}, MicrosOf(action.due_at()),
       db::payload::Seal(action.SerializeAsString()), contact.authority(), contact.contact_id(),
       action.action_id()});
}

db::Event EventOf(const Journal& journal, const std::string& type, const std::string& request_id) {
  db::Event event;
  event.authority = journal.contact.authority();
  event.record_type = "contact";
  event.record_id = journal.contact.contact_id();
  event.record_version = journal.contact.version();
  event.type = type;
  event.occurred_at_us = MicrosOf(journal.contact.updated_at());
  event.request_id = request_id;
  event.attributes["status"] = v1::ContactStatus_Name(journal.contact.status());
  return event;
}

using StepKey = std::pair<int, int>;
StepKey KeyOf(const journal::StoredStep& step) { return {step.facts_revision(), step.kind()}; }

void WriteSteps(const Journal& before, const Journal& after, db::WriteSet& writes) {
  std::map<StepKey, const journal::StoredStep*> known;
  for (const auto& step : before.steps) known[KeyOf(step)] = &step;
  for (const auto& step : after.steps) {
    const auto found = known.find(KeyOf(step));
    if (found == known.end()) {
      InsertStep(after.contact, step, writes);
    } else if (!google::protobuf::util::MessageDifferencer::Equals(*found->second, step)) {
      UpdateStep(after.contact, step, writes);
    }
  }
}

void WriteActions(const Journal& before, const Journal& after, db::WriteSet& writes) {
  std::map<std::string, const v1::Action*> known;
  for (const auto& action : before.actions) known[action.action_id()] = &action;
  for (const auto& action : after.actions) {
    const auto found = known.find(action.action_id());
    if (found == known.end()) {
      InsertAction(after.contact, action, writes);
    } else if (!google::protobuf::util::MessageDifferencer::Equals(*found->second, action)) {
      UpdateAction(after.contact, action, writes);
    }
  }
}

absl::Status LoadSteps(db::Reader& reader, Journal& journal) {
  ASC_TRY_ASSIGN(
      const auto rows,
      reader.Query("SELECT payload FROM contact_step WHERE authority = ? AND contact_id = ? "
                   "ORDER BY facts_revision, kind",
                   {journal.contact.authority(), journal.contact.contact_id()}));
  for (const db::Row& row : rows) {
    ASC_TRY(Parse(row.Text(0), journal.steps.emplace_back()));
  }
  return absl::OkStatus();
}

absl::Status LoadActions(db::Reader& reader, Journal& journal) {
  ASC_TRY_ASSIGN(
      const auto rows,
      reader.Query("SELECT payload FROM contact_action WHERE authority = ? AND contact_id = ? "
                   "ORDER BY action_id",
                   {journal.contact.authority(), journal.contact.contact_id()}));
  for (const db::Row& row : rows) {
    ASC_TRY(Parse(row.Text(0), journal.actions.emplace_back()));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ContactSummary> SummaryOf(const db::Row& row) {
  v1::Contact contact;
  ASC_TRY(Parse(row.Text(4), contact));
  v1::ContactSummary summary;
  summary.set_contact_id(row.Text(0));
  summary.set_version(row.Whole(1));
  summary.set_etag(rpc::EtagOf(row.Whole(1)));
  summary.set_status(static_cast<v1::ContactStatus>(row.Whole(2)));
  *summary.mutable_updated_at() = TimeUtil::MicrosecondsToTimestamp(row.Whole(3));
  summary.set_channel(contact.channel());
  summary.set_subject(contact.subject());
  *summary.mutable_person() = contact.person();
  *summary.mutable_asks() = contact.asks();
  *summary.mutable_opened_at() = contact.opened_at();
  return summary;
}

std::vector<Work> WorkOf(const std::vector<db::Row>& rows) {
  std::vector<Work> work;
  for (const db::Row& row : rows) {
    work.push_back({row.Text(0), row.Text(1), Lease{row.Text(2), row.Whole(3), row.Whole(4)}});
  }
  return work;
}

}  // namespace

std::vector<db::Migration> JournalStore::Migrations() { return schema::gateway_store(); }

std::string JournalStore::PersonIndex(const std::string& authority,
                                      const std::string& person_id) const {
  return person_id.empty() ? "" : index_.Of(authority, "contact.person_id", person_id);
}

absl::StatusOr<Journal> JournalStore::Load(db::Reader& reader, const std::string& authority,
                                           const std::string& contact_id) const {
  ASC_TRY_ASSIGN(const auto row,
                 reader.QueryOne("SELECT payload, version, status, updated_at, lease_owner, "
                                 "lease_token, run_at FROM contact "
                                 "WHERE authority = ? AND contact_id = ?",
                                 {authority, contact_id}));
  if (!row.has_value()) return rpc::NotFound("contact", contact_id);
  Journal journal;
  ASC_TRY(Parse(row->Text(0), journal.contact));
  journal.contact.set_version(row->Whole(1));
  journal.contact.set_etag(rpc::EtagOf(row->Whole(1)));
  journal.contact.set_status(static_cast<v1::ContactStatus>(row->Whole(2)));
  *journal.contact.mutable_updated_at() = TimeUtil::MicrosecondsToTimestamp(row->Whole(3));
  journal.lease = Lease{row->Text(4), row->Whole(5), row->Whole(6)};
  ASC_TRY(LoadSteps(reader, journal));
  ASC_TRY(LoadActions(reader, journal));
  return journal;
}

db::WriteSet JournalStore::Add(const Journal& journal, const std::string& request_id) const {
  const v1::Contact& contact = journal.contact;
  db::WriteSet writes;
  writes.Insert(
      "INSERT INTO contact (authority, contact_id, version, status, facts_revision, opened_at, "
      "updated_at, person_index, policy_hash, lease_owner, lease_token, run_at, payload) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {contact.authority(), contact.contact_id(), contact.version(), std::int64_t{contact.status()},
       std::int64_t{contact.facts_revision()}, MicrosOf(contact.opened_at()),
       MicrosOf(contact.updated_at()),
       PersonIndex(contact.authority(), contact.person().person_id()),
       contact.policy_version().hash(), journal.lease.owner, journal.lease.token,
       RunAt(journal.lease), ContactPayload(contact)});
  Journal nothing;
  WriteSteps(nothing, journal, writes);
  WriteActions(nothing, journal, writes);
  writes.Append(EventOf(journal, "contact.opened", request_id));
  return writes;
}

db::WriteSet JournalStore::Change(const Journal& before, const Journal& after,
                                  const std::string& event_type,
                                  const std::string& request_id) const {
  const v1::Contact& contact = after.contact;
  db::WriteSet writes;
  if (before.contact.facts_revision() == contact.facts_revision()) {
    writes.Update(
        "UPDATE contact SET version = ?, status = ?, updated_at = ?, lease_owner = ?, "
        "lease_token = ?, run_at = ? "
        "WHERE authority = ? AND contact_id = ? AND version = ? AND lease_token = ?",
        {contact.version(), std::int64_t{contact.status()}, MicrosOf(contact.updated_at()),
         after.lease.owner, after.lease.token, RunAt(after.lease), contact.authority(),
         contact.contact_id(), before.contact.version(), before.lease.token});
  } else {
    writes.Update(
        "UPDATE contact SET version = ?, status = ?, updated_at = ?, lease_owner = ?, "
        "lease_token = ?, run_at = ?, facts_revision = ?, payload = ? "
        "WHERE authority = ? AND contact_id = ? AND version = ? AND lease_token = ?",
        {contact.version(), std::int64_t{contact.status()}, MicrosOf(contact.updated_at()),
         after.lease.owner, after.lease.token, RunAt(after.lease),
         std::int64_t{contact.facts_revision()}, ContactPayload(contact), contact.authority(),
         contact.contact_id(), before.contact.version(), before.lease.token});
  }
  WriteSteps(before, after, writes);
  WriteActions(before, after, writes);
  writes.Append(EventOf(after, event_type, request_id));
  return writes;
}

db::WriteSet JournalStore::Retry(const Journal& before, const Journal& after) const {
  db::WriteSet writes;
  writes.Update(
      "UPDATE contact SET lease_owner = ?, lease_token = ?, run_at = ? "
      "WHERE authority = ? AND contact_id = ? AND lease_token = ? AND version = ?",
      {after.lease.owner, after.lease.token, RunAt(after.lease), after.contact.authority(),
       after.contact.contact_id(), before.lease.token, before.contact.version()});
  WriteSteps(before, after, writes);
  return writes;
}

db::WriteSet JournalStore::Take(const Work& work, const Lease& taken) {
  db::WriteSet writes;
  writes.Update(
      "UPDATE contact SET lease_owner = ?, lease_token = ?, run_at = ? "
      "WHERE authority = ? AND contact_id = ? AND lease_token = ?",
      {taken.owner, taken.token, RunAt(taken), work.authority, work.contact_id, work.lease.token});
  return writes;
}

absl::StatusOr<std::vector<Work>> JournalStore::Due(db::Reader& reader, absl::Time now, int limit) {
  ASC_TRY_ASSIGN(const auto rows,
                 reader.Query("SELECT authority, contact_id, lease_owner, lease_token, run_at "
                              "FROM contact WHERE run_at <= ? ORDER BY run_at LIMIT ?",
                              {absl::ToUnixMicros(now), std::int64_t{limit}}));
  return WorkOf(rows);
}

absl::StatusOr<std::vector<Work>> JournalStore::LeftBehind(db::Reader& reader,
                                                           const std::string& owner, int limit) {
  ASC_TRY_ASSIGN(const auto rows,
                 reader.Query("SELECT authority, contact_id, lease_owner, lease_token, run_at "
                              "FROM contact WHERE run_at > 0 AND lease_owner = ? "
                              "ORDER BY run_at LIMIT ?",
                              {owner, std::int64_t{limit}}));
  return WorkOf(rows);
}

absl::StatusOr<std::vector<v1::ContactSummary>> JournalStore::List(db::Reader& reader,
                                                                   const std::string& authority,
                                                                   const ContactFilter& filter,
                                                                   const ListPosition& after,
                                                                   int limit) const {
  const std::int64_t before_us =
      after.at_us < 0 ? std::numeric_limits<std::int64_t>::max() : after.at_us;
  const std::int64_t status = filter.status;
  absl::StatusOr<std::vector<db::Row>> rows;
  if (!filter.person_id.empty()) {
    rows = reader.Query(
        "SELECT contact_id, version, status, updated_at, payload FROM contact "
        "WHERE authority = ? AND person_index = ? AND opened_at <= ? "
        "AND (opened_at < ? OR contact_id < ?) AND (? = 0 OR status = ?) "
        "ORDER BY opened_at DESC, contact_id DESC LIMIT ?",
        {authority, PersonIndex(authority, filter.person_id), before_us, before_us,
         after.contact_id, status, status, std::int64_t{limit}});
  } else if (status != 0) {
    rows = reader.Query(
        "SELECT contact_id, version, status, updated_at, payload FROM contact "
        "WHERE authority = ? AND status = ? AND opened_at <= ? "
        "AND (opened_at < ? OR contact_id < ?) ORDER BY opened_at DESC, contact_id DESC LIMIT ?",
        {authority, status, before_us, before_us, after.contact_id, std::int64_t{limit}});
  } else {
    rows = reader.Query(
        "SELECT contact_id, version, status, updated_at, payload FROM contact "
        "WHERE authority = ? AND opened_at <= ? "
        "AND (opened_at < ? OR contact_id < ?) ORDER BY opened_at DESC, contact_id DESC LIMIT ?",
        {authority, before_us, before_us, after.contact_id, std::int64_t{limit}});
  }
  if (!rows.ok()) return rows.status();
  std::vector<v1::ContactSummary> list;
  for (const db::Row& row : *rows) {
    ASC_TRY_ASSIGN(auto summary, SummaryOf(row));
    list.push_back(std::move(summary));
  }
  return list;
}

absl::StatusOr<std::vector<DueAction>> JournalStore::ListDue(db::Reader& reader,
                                                             const std::string& authority,
                                                             absl::Time due_by,
                                                             const ListPosition& after, int limit) {
  ASC_TRY_ASSIGN(
      const auto rows,
      reader.Query(
          "SELECT a.contact_id, a.action_id, a.due_at, a.payload, c.version "
          "FROM contact_action a JOIN contact c "
          "ON c.authority = a.authority AND c.contact_id = a.contact_id "
          "WHERE a.authority = ? AND a.state = ? AND a.due_at <= ? AND a.due_at >= ? "
          "AND (a.due_at > ? OR a.contact_id > ? "
          "OR (a.contact_id = ? AND a.action_id > ?)) "
          "ORDER BY a.due_at, a.contact_id, a.action_id LIMIT ?",
          {authority, std::int64_t{v1::ACTION_STATE_OPEN}, absl::ToUnixMicros(due_by), after.at_us,
           after.at_us, after.contact_id, after.contact_id, after.action_id, std::int64_t{limit}}));
  std::vector<DueAction> list;
  for (const db::Row& row : rows) {
    v1::Action action;
    ASC_TRY(Parse(row.Text(3), action));
    DueAction due;
    due.position = {row.Whole(2), row.Text(0), row.Text(1)};
    due.item.set_record_type("contact");
    due.item.set_record_id(row.Text(0));
    due.item.set_kind(row.Text(1));
    *due.item.mutable_due_at() = action.due_at();
    due.item.set_rule_id(action.rule_id());
    due.item.set_text(action.text());
    due.item.set_record_version(row.Whole(4));
    list.push_back(std::move(due));
  }
  return list;
}

}  // namespace asc::gateway
