#include "tests/conformance/directory_records.h"

#include <gtest/gtest.h>

#include <ctime>

#include "asc/directory/v1/directory.grpc.pb.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

directory::v1::DirectoryService::Stub& Stub() {
  static const auto stub = directory::v1::DirectoryService::NewStub(TheSubject().channel);
  return *stub;
}

}  // namespace

directory::v1::RecordAdviceGivenRequest PlainAdvice() {
  directory::v1::RecordAdviceGivenRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.mutable_person()->set_person_id(FreshId("person"));
  request.mutable_content()->mutable_given_at()->set_seconds(time(nullptr) - 60);
  request.mutable_content()->set_advice("told of what there is nearby");
  request.mutable_content()->set_accessible(ANSWER_YES);
  directory::v1::FollowUpPlan& plan = *request.mutable_follow_up();
  plan.mutable_due_at()->set_seconds(time(nullptr) + 7 * 86400);
  plan.set_by("kit team");
  plan.set_risk(directory::v1::FOLLOW_UP_RISK_LOW);
  plan.set_agreed(ANSWER_YES);
  return request;
}

directory::v1::Advice RecordAdvice(const directory::v1::RecordAdviceGivenRequest& request) {
  directory::v1::RecordAdviceGivenResponse response;
  const grpc::Status status = Stub().RecordAdviceGiven(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.advice();
}

directory::v1::RecordFollowUpRequest MissedFollowUp(const directory::v1::Advice& advice) {
  directory::v1::RecordFollowUpRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_advice_id(advice.advice_id());
  request.set_etag(advice.etag());
  request.mutable_follow_up()->mutable_held_at()->set_seconds(time(nullptr) - 5);
  request.mutable_follow_up()->set_reached(ANSWER_NO);
  return request;
}

directory::v1::Advice MissedAdvice() {
  directory::v1::RecordFollowUpResponse response;
  const grpc::Status status = Stub().RecordFollowUp(
      NewContext().get(), MissedFollowUp(RecordAdvice(PlainAdvice())), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.advice();
}

std::vector<directory::v1::Hit> AllHits(directory::v1::SearchServicesRequest request) {
  std::vector<directory::v1::Hit> hits;
  request.set_page_size(200);
  do {
    directory::v1::SearchServicesResponse page;
    const grpc::Status status = Stub().SearchServices(NewContext().get(), request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) break;
    hits.insert(hits.end(), page.hits().begin(), page.hits().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return hits;
}

std::vector<directory::v1::Service> AllServices() {
  std::vector<directory::v1::Service> services;
  directory::v1::ListServicesRequest request;
  request.set_authority(TheSubject().authority);
  do {
    directory::v1::ListServicesResponse page;
    const grpc::Status status = Stub().ListServices(NewContext().get(), request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) break;
    services.insert(services.end(), page.services().begin(), page.services().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return services;
}

directory::v1::SearchServicesRequest PlainSearch() {
  directory::v1::SearchServicesRequest request;
  request.set_authority(TheSubject().authority);
  return request;
}

}  // namespace asc::conformance
