// Every error a caller can meet, with its google.rpc details, built in one place.
//
// An absl::Status carries the details as payloads, keyed by their type URL; status.h turns both
// into a grpc::Status whose trailer holds the whole google.rpc.Status.

#ifndef ASC_PLATFORM_RPC_ERRORS_H_
#define ASC_PLATFORM_RPC_ERRORS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "google/rpc/error_details.pb.h"

namespace asc::rpc {

// Collects what is wrong with a request, field by field. Texts never repeat the field's content.
class Violations {
 public:
  // `field` is the path in the request, for example "person.postcode" or "needs[2].text".
  void Add(const std::string& field, const std::string& description);
  // Puts `other`'s behind these.
  void Join(Violations other) {
    for (auto& violation : other.violations_) violations_.push_back(std::move(violation));
  }
  // The same, but only for fields that have none yet.
  void JoinNew(Violations other);
  // Gives each field the name that `name` makes of its own.
  template <class Name>
  void Rename(Name name) {
    for (auto& violation : violations_) violation.set_field(name(violation.field()));
  }
  bool empty() const { return violations_.empty(); }
  // INVALID_ARGUMENT with one FieldViolation each, in the order found; OK when there are none.
  // About fifty fit into the headers of an answer; of more, the ErrorInfo says in its metadata how
  // many were left out (`left_out`).
  absl::Status ToStatus() const;

 private:
  std::vector<google::rpc::BadRequest::FieldViolation> violations_;
};

// NOT_FOUND, the same whether the record does not exist or belongs to another authority.
absl::Status NotFound(const std::string& resource_type, const std::string& resource_name);

// ABORTED: the etag sent is not the record's. The details carry the current one
// (ErrorInfo reason STALE_ETAG, metadata `current_etag`).
absl::Status StaleEtag(const std::string& resource_type, const std::string& resource_name,
                       const std::string& current_etag);

// FAILED_PRECONDITION with a PreconditionFailure: `type` is a constant such as POLICY_UNKNOWN.
absl::Status PreconditionFailed(const std::string& type, const std::string& subject,
                                const std::string& description);

// ALREADY_EXISTS: this request_id was used for another request.
absl::Status RequestIdReused();

// Adds an ErrorInfo (reason in UPPER_SNAKE_CASE, domain "asc") to a status that has none.
absl::Status WithReason(absl::Status status, const std::string& reason);

// Adds a RetryInfo: the caller may try again after `delay_ms`.
absl::Status WithRetryAfter(absl::Status status, int delay_ms);

// The etag of version `version` of a record: a quoted string, opaque to callers.
std::string EtagOf(std::int64_t version);
// The version an etag names, or -1 when it was not made here.
std::int64_t VersionOf(const std::string& etag);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_ERRORS_H_
