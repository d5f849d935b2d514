// A contact as the gateway works on it: what is known, what was intended, what came of it.

#ifndef ASC_GATEWAY_JOURNAL_H_
#define ASC_GATEWAY_JOURNAL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "asc/gateway/v1/contact.pb.h"
#include "gateway/journal.pb.h"

namespace asc::gateway {

// Who works on a contact, and until when nobody else may.
struct Lease {
  // The replica that took it.
  std::string owner;
  // Grows with every taking and every giving back, so that a write under an old one finds no row.
  std::int64_t token = 0;
  // When somebody should look at the contact, in microseconds since 1970; 0: never by itself.
  std::int64_t run_at_us = 0;

  friend bool operator==(const Lease&, const Lease&) = default;
};

// A value. Everything that is shown of a contact follows from it (contact_workflow.h).
struct Journal {
  // As it was opened, with the facts of now. Whatever follows from steps and actions is left empty.
  v1::Contact contact;
  // Every step of every facts revision, in the order (revision, kind).
  std::vector<journal::StoredStep> steps;
  // Every action that ever followed, in the order of their ids.
  std::vector<v1::Action> actions;
  Lease lease;
};

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_JOURNAL_H_
