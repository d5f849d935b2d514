// Records kept whole in a `payload` column: a message in its envelope, out and back.

#ifndef ASC_PLATFORM_DB_SEALED_RECORD_H_
#define ASC_PLATFORM_DB_SEALED_RECORD_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/database.h"
#include "platform/db/payload.h"
#include "platform/status/macros.h"

namespace asc::db {

template <class Message>
Bytes Sealed(const Message& message) {
  return payload::Seal(message.SerializeAsString());
}

// DATA_LOSS: the bytes are no such message.
template <class Message>
absl::StatusOr<Message> Opened(const std::string& envelope) {
  ASC_TRY_ASSIGN(const std::string bytes, payload::Open(envelope));
  Message message;
  if (!message.ParseFromString(bytes)) {
    return absl::DataLossError("a stored record cannot be read");
  }
  return message;
}

// The record whose payload is the first column of `row`; nothing when there is no row.
template <class Message>
absl::StatusOr<std::optional<Message>> OpenedOne(const absl::StatusOr<std::optional<Row>>& row) {
  if (!row.ok()) return row.status();
  if (!row->has_value()) return std::optional<Message>();
  ASC_TRY_ASSIGN(Message message, Opened<Message>((*row)->Text(0)));
  return std::optional<Message>(std::move(message));
}

// The same for every row.
template <class Message>
absl::StatusOr<std::vector<Message>> OpenedAll(const absl::StatusOr<std::vector<Row>>& rows) {
  if (!rows.ok()) return rows.status();
  std::vector<Message> messages;
  messages.reserve(rows->size());
  for (const Row& row : *rows) {
    ASC_TRY_ASSIGN(Message message, Opened<Message>(row.Text(0)));
    messages.push_back(std::move(message));
  }
  return messages;
}

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_SEALED_RECORD_H_
