// The only thing a case knows of what it judges: a channel, fresh ids, a deadline.

#ifndef ASC_TESTS_CONFORMANCE_SUBJECT_H_
#define ASC_TESTS_CONFORMANCE_SUBJECT_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <set>
#include <string>

namespace asc::conformance {

// What is judged. It may be a shared test environment: cases make their own ids and leave the data
// of others alone.
struct Subject {
  std::shared_ptr<grpc::Channel> channel;
  // "referral", "advocacy", "funding", "directory", "gateway": whose cases are run.
  std::string service;
  // The authority the cases act for.
  std::string authority;
  // One that may not see what belongs to `authority`; need not be served.
  std::string other_authority;
  // The optional abilities it claims in GetIdentity.
  std::set<std::string> abilities;
  // A bearer token to send; empty: none.
  std::string token;
  // That of a second caller, for what one person may not do alone; empty: as with `token`.
  std::string other_token;
  int deadline_ms = 10000;
};

// Set once, before the first case runs.
void SetSubject(const Subject& subject);
const Subject& TheSubject();

// Fills `other_authority` and `abilities` from the subject's own GetIdentity. The status is that
// of the call.
grpc::Status AskIdentity(Subject& subject);

// An id nobody has used before, with `stem` in front.
std::string FreshId(const std::string& stem);
// A valid NHS number, invented.
std::string FreshNhsNumber();

// For one call: the deadline and the credentials.
std::unique_ptr<grpc::ClientContext> NewContext();
// The same for the second caller. Without a token the caller is named in metadata, which a subject
// in development believes.
std::unique_ptr<grpc::ClientContext> NewOtherContext();
// The same with more time, for a stream that is read to its end.
std::unique_ptr<grpc::ClientContext> NewStreamContext();

// Whether the subject claims the ability. A case that needs one that is not claimed ends with
//   if (!Claims("x")) GTEST_SKIP() << NotClaimed("x");
// and any other skip counts as a failure.
bool Claims(const std::string& ability);
std::string NotClaimed(const std::string& ability);

// The fields of the google.rpc.BadRequest in the details of `status`.
std::set<std::string> FieldsAtFault(const grpc::Status& status);
// The entry `key` of the google.rpc.ErrorInfo in the details; empty when there is none.
std::string ErrorInfo(const grpc::Status& status, const std::string& key);

}  // namespace asc::conformance

#endif  // ASC_TESTS_CONFORMANCE_SUBJECT_H_
