// Requests made from descriptors alone: valid ones, and every way to spoil one field of them.

#ifndef ASC_TESTS_SUPPORT_REQUEST_MAKER_H_
#define ASC_TESTS_SUPPORT_REQUEST_MAKER_H_

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace asc::testing {

// A request with exactly the required fields, all well formed, for authority "standard" and with a
// fresh request_id.
std::unique_ptr<google::protobuf::Message> ValidRequest(
    const google::protobuf::Descriptor& descriptor);

// One request that breaks the rules of one field.
struct SpoiltRequest {
  // The path of the field, as a violation must name it: "person.postcode", "asks[0]".
  std::string field;
  // "missing", "blank", "too long", "too many", "empty item", "malformed", "unknown enum",
  // "too small", "too great" or "holds NUL".
  std::string fault;
  std::unique_ptr<google::protobuf::Message> request;
};

// Every field of the request, nested ones too, with every fault its options and type allow.
std::vector<SpoiltRequest> SpoiltRequests(const google::protobuf::Descriptor& descriptor);

// One request in which every field of the top level that can be spoilt without being cleared is,
// and the required others are missing. `fields` names them all.
struct WhollySpoiltRequest {
  std::vector<std::string> fields;
  std::unique_ptr<google::protobuf::Message> request;
};
WhollySpoiltRequest SpoilEverything(const google::protobuf::Descriptor& descriptor);

// A key that no other call has used.
std::string FreshRequestId();

}  // namespace asc::testing

#endif  // ASC_TESTS_SUPPORT_REQUEST_MAKER_H_
