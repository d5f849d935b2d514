// Calls any method of a suite, over gRPC or over HTTP/JSON: what is asked is the same.

#ifndef ASC_TESTS_SUPPORT_CALLER_H_
#define ASC_TESTS_SUPPORT_CALLER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "tests/support/suite.h"

namespace asc::testing {

enum class Transport { kGrpc, kHttp };

// For one thread at a time.
class Caller {
 public:
  virtual ~Caller() = default;

  // Calls a unary method of any of the five services and reads its answer. An error is the
  // server's own, its code with its message; UNAVAILABLE also when nobody answers.
  virtual absl::Status Call(const google::protobuf::MethodDescriptor& method,
                            const google::protobuf::Message& request,
                            google::protobuf::Message& response) = 0;

  // The same by name, of the contract that declares the request.
  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message& response);
};

// Over HTTP every call goes through the gateway's door, as a council's own software would make it;
// of what is only read, texts alone may be asked by. Over gRPC each service is called itself. The
// suite must outlive it.
std::unique_ptr<Caller> NewCaller(const Suite& suite, Transport transport);

}  // namespace asc::testing

#endif  // ASC_TESTS_SUPPORT_CALLER_H_
