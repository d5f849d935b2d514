// A test of the service on every database: the harness, started, and requests for it.

#ifndef ASC_REFERRAL_SVC_TESTING_SERVICE_TEST_H_
#define ASC_REFERRAL_SVC_TESTING_SERVICE_TEST_H_

#include "asc/referral/v1/referral.pb.h"
#include "platform/testing/databases.h"
#include "referral-svc/testing/service_harness.h"

namespace asc::referral {

class ServiceTest : public ::asc::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    service_.Start(database());
  }

  // A request of any type for Rotherham, with a fresh request_id.
  template <class Request>
  Request New() {
    Request request;
    request.set_authority("rotherham");
    request.set_request_id(service_.FreshId());
    return request;
  }

  // The same about this version of a referral.
  template <class Request>
  Request About(const v1::Referral& referral) {
    auto request = New<Request>();
    request.set_referral_id(referral.referral_id());
    request.set_etag(referral.etag());
    return request;
  }

  ServiceHarness service_;
};

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_TESTING_SERVICE_TEST_H_
