// What a method wants written: statements to run in one transaction, described before they run.

#ifndef ASC_PLATFORM_DB_WRITE_SET_H_
#define ASC_PLATFORM_DB_WRITE_SET_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "platform/db/value.h"

namespace asc::db {

// An append-only note that a record now has version `record_version`. Each version of a record has
// exactly one event; the first version is 1, each next is one more.
struct Event {
  std::string authority;
  std::string record_type;
  std::string record_id;
  std::int64_t record_version = 0;
  // For example "counter.opened".
  std::string type;
  std::int64_t occurred_at_us = 0;
  std::string request_id;
  // Details without personal content.
  std::map<std::string, std::string> attributes;
};

enum class StatementKind {
  // Must not meet an existing key: kDuplicate.
  kInsert,
  // Must change exactly one row, else kStale. Write it as `... SET version = ? WHERE ... AND
  // version = ?`, so that the row always changes when it matches.
  kUpdate,
  // A SELECT that must return a row, else kStale: a record the method relied on. The driver locks
  // the row for the rest of the transaction.
  kGuard,
  // May change any number of rows.
  kExecute,
};

struct Statement {
  StatementKind kind;
  Sql sql;
  std::vector<Value> parameters;
};

// Collects the statements of one unit of work, in order. A value: copying and running it again is
// fine, because nothing happens before Database::Write.
class WriteSet {
 public:
  WriteSet& Insert(Sql sql, std::vector<Value> parameters) {
    return Add(StatementKind::kInsert, sql, std::move(parameters));
  }
  WriteSet& Update(Sql sql, std::vector<Value> parameters) {
    return Add(StatementKind::kUpdate, sql, std::move(parameters));
  }
  WriteSet& Guard(Sql sql, std::vector<Value> parameters) {
    return Add(StatementKind::kGuard, sql, std::move(parameters));
  }
  WriteSet& Execute(Sql sql, std::vector<Value> parameters) {
    return Add(StatementKind::kExecute, sql, std::move(parameters));
  }
  WriteSet& Append(Event event) {
    events_.push_back(std::move(event));
    return *this;
  }
  // Puts `other` behind what is here.
  WriteSet& Join(WriteSet other) {
    for (auto& statement : other.statements_) statements_.push_back(std::move(statement));
    for (auto& event : other.events_) events_.push_back(std::move(event));
    return *this;
  }

  bool empty() const { return statements_.empty() && events_.empty(); }
  const std::vector<Statement>& statements() const { return statements_; }
  const std::vector<Event>& events() const { return events_; }
  std::vector<Event>& mutable_events() { return events_; }

 private:
  WriteSet& Add(StatementKind kind, Sql sql, std::vector<Value> parameters) {
    statements_.push_back({kind, sql, std::move(parameters)});
    return *this;
  }

  std::vector<Statement> statements_;
  std::vector<Event> events_;
};

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_WRITE_SET_H_
