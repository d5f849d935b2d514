#include "platform/db/mysql_errors.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace asc::db {
namespace {

enum class Kind {
  kDuplicate,
  kConflict,
  kNotWritable,  // This server refuses writes; another one may not.
  kCannotConnect,
  kLost,
  kFull,
  kOther,
};

Kind KindOf(const MySqlError& error) {
  switch (error.code) {
    case 1062:  // Duplicate entry.
    case 1586:  // Duplicate entry, key named.
      return Kind::kDuplicate;
    case 1213:  // Deadlock, or a cluster's certification.
    case 1020:  // Row changed since the snapshot.
    case 1205:  // Lock wait; the statement alone was rolled back.
    case 1412:  // The table's definition changed since the snapshot.
    case 1614:  // Rolled back by the XA manager.
    case 1615:  // The prepared statement must be prepared again.
    case 3101:  // Group Replication rolled back at COMMIT.
    case 3572:  // NOWAIT met a lock.
    case 8022:  // TiDB: commit failed, to be retried.
    case 8028:  // TiDB: the schema changed.
    case 9007:  // TiDB: write conflict.
      return Kind::kConflict;
    case 1047:  // Galera: the node is not ready.
    case 1290:  // --read-only.
    case 1792:  // The transaction is read-only.
    case 1836:  // Running in read-only mode.
    case 3100:  // Group Replication: a hook failed, the member is leaving.
      return Kind::kNotWritable;
    case 1040:  // Too many connections.
    case 1045:  // Access denied.
    case 1129:  // Host blocked.
    case 1130:  // Host not allowed.
    case 1203:  // Too many connections of this user.
    case 1226:  // A resource of this user is used up.
    case 2001:
    case 2002:  // Cannot connect through the socket.
    case 2003:  // Cannot connect.
    case 2005:  // Unknown host.
    case 2026:  // TLS.
      return Kind::kCannotConnect;
    case 1053:  // The server shuts down.
    case 1077:
    case 1158:  // Network errors, as the server saw them.
    case 1159:
    case 1160:
    case 1161:
    case 1180:  // An error during COMMIT.
    case 1317:  // Interrupted.
    case 1927:  // The connection was killed.
    case 1969:  // The statement took too long.
    case 2006:  // The server has gone away.
    case 2013:  // Lost during the query.
    case 2014:  // Out of step.
    case 2027:  // Malformed packet.
    case 2055:  // Lost at a system call.
    case 4031:  // Disconnected for idling.
    case 5014:  // libmariadb: lost during a bulk operation.
      return Kind::kLost;
    case 1021:  // Disk full.
    case 1114:  // The table is full.
      return Kind::kFull;
    default:
      break;
  }
  if (absl::StrContains(error.message, "rrcode: 28") ||
      absl::StrContains(error.message, "No space left") ||
      absl::StrContains(error.message, "Got error 28")) {
    return Kind::kFull;
  }
  return error.sql_state == "40001" ? Kind::kConflict : Kind::kOther;
}

}  // namespace

MySqlVerdict JudgeMySqlError(const MySqlError& error, bool in_commit) {
  switch (KindOf(error)) {
    case Kind::kDuplicate:
      if (!in_commit) return {WriteOutcome::kDuplicate, false};
      break;
    case Kind::kConflict:
      return {WriteOutcome::kConflict, false};
    case Kind::kNotWritable:
      // A cluster node that drops out during COMMIT may have passed the transaction on.
      if (in_commit && (error.code == 1047 || error.code == 3100)) break;
      return {WriteOutcome::kUnavailable, true};
    case Kind::kCannotConnect:
    case Kind::kLost:
      if (!in_commit) return {WriteOutcome::kUnavailable, true};
      break;
    case Kind::kFull:
      if (!in_commit) return {WriteOutcome::kFull, false};
      break;
    case Kind::kOther:
      if (!in_commit) return {WriteOutcome::kFault, false};
      break;
  }
  return {WriteOutcome::kUnknown, true};
}

std::string LoggableMySqlMessage(const MySqlError& error) {
  const std::string end = absl::StrCat(" (mysql ", error.code, ")");
  switch (error.code) {
    case 1048:  // These quote names of the schema or the text of the statement.
    case 1054:
    case 1064:
    case 1146:
    case 1364:
    case 1406:
      return error.message + end;
    default:
      break;
  }
  // What follows the first quote may be a value.
  return error.message.substr(0, error.message.find('\'')) + end;
}

absl::Status MySqlStatus(const MySqlError& error) {
  const std::string text = LoggableMySqlMessage(error);
  switch (KindOf(error)) {
    case Kind::kConflict:
    case Kind::kNotWritable:
    case Kind::kCannotConnect:
    case Kind::kLost:
      return absl::UnavailableError(text);
    case Kind::kFull:
      return absl::ResourceExhaustedError(text);
    case Kind::kDuplicate:
    case Kind::kOther:
      break;
  }
  return absl::InternalError(text);
}

}  // namespace asc::db
