// The service behind a real server and a real client in one process, on any database, for tests.

#ifndef ASC_REFERRAL_SVC_TESTING_SERVICE_HARNESS_H_
#define ASC_REFERRAL_SVC_TESTING_SERVICE_HARNESS_H_

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "asc/referral/v1/referral.pb.h"
#include "platform/rpc/server.h"
#include "referral-svc/referral_service.h"

namespace grpc {
class Channel;
}

namespace asc::referral {

// 5 January 2026, 10:00 UTC.
inline const absl::Time kHarnessNow = absl::FromUnixSeconds(1767607200);

// Started once per test. `now` may be moved by the test between calls.
class ServiceHarness {
 public:
  // `database` must outlive the harness.
  void Start(db::Database& database);

  // Calls as somebody who may do everything; with `permissions`, as somebody who may do no more.
  template <class Response>
  absl::StatusOr<Response> Call(const char* method, const google::protobuf::Message& request,
                                const std::string& permissions = "") {
    auto bytes = CallBytes(method, request.SerializeAsString(), permissions);
    if (!bytes.ok()) return bytes.status();
    Response response;
    if (!response.ParseFromString(*bytes)) return absl::DataLossError(method);
    return response;
  }

  // The first number of a SELECT.
  std::int64_t Rows(db::Sql count) {
    const auto reader = database_->Read();
    return (*(*reader)->QueryOne(count, {}))->Whole(0);
  }

  // A request_id nobody has used in this test.
  std::string FreshId() { return "request-" + std::to_string(++ids_); }

  absl::Time now = kHarnessNow;

 private:
  absl::StatusOr<std::string> CallBytes(const char* method, const std::string& request,
                                        const std::string& permissions);

  std::atomic<int> ids_ = 0;
  db::Database* database_ = nullptr;
  std::unique_ptr<policy::PolicySet> policies_;
  ReferralStore store_{db::BlindIndex::Development()};
  std::unique_ptr<rpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// The fields that a refused request's details name, in their order.
std::vector<std::string> FieldsAtFault(const absl::Status& status);

// The current etag that an ABORTED call's details carry.
std::string CurrentEtag(const absl::Status& status);

// A lawful referral of the person with this id, at Rotherham, with little else known.
v1::OpenReferralRequest OpeningOf(const std::string& request_id, const std::string& person_id);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_TESTING_SERVICE_HARNESS_H_
