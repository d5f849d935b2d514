// Every RPC served, each field of its request in turn broken: the field is named, all of them at
// once, and nothing is written. The requests come from the descriptors, so a new field is judged by
// itself.

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <future>
#include <iostream>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "asc/advocacy/v1/advocacy.pb.h"
#include "asc/directory/v1/directory.pb.h"
#include "asc/events/v1/events.grpc.pb.h"
#include "asc/funding/v1/funding.pb.h"
#include "asc/gateway/v1/contact.pb.h"
#include "asc/referral/v1/referral.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/support/request_maker.h"
#include "tests/support/samples.h"
#include "tests/support/suite_fixture.h"

namespace asc::testing {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr std::chrono::seconds kTimeout{20};

grpc::ByteBuffer BytesOf(const Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

// The fields a status names, in its order.
std::vector<std::string> FieldsNamed(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  std::vector<std::string> fields;
  for (const auto& detail : details.details()) {
    google::rpc::BadRequest bad_request;
    if (!detail.UnpackTo(&bad_request)) continue;
    for (const auto& violation : bad_request.field_violations()) {
      fields.push_back(violation.field());
    }
  }
  return fields;
}

// The one service of the file that declares a message.
template <class Request>
const ServiceDescriptor* ServiceOf() {
  return Request::descriptor()->file()->service(0);
}

class InvalidRequests : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    for (const Program program : kPrograms) {
      channels_[program] = suite().NewChannel(program);
      stubs_[program] = std::make_unique<grpc::GenericStub>(channels_[program]);
    }
  }

  grpc::Status Call(Program program, const MethodDescriptor& method, const Message& request) {
    if (method.server_streaming()) return Watch(program, request);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    const grpc::ByteBuffer bytes = BytesOf(request);
    grpc::ByteBuffer answer;
    std::promise<grpc::Status> done;
    stubs_[program]->UnaryCall(&context,
                               absl::StrCat("/", method.service()->full_name(), "/", method.name()),
                               grpc::StubOptions(), &bytes, &answer,
                               [&done](grpc::Status status) { done.set_value(std::move(status)); });
    return done.get_future().get();
  }

  // The only stream there is.
  grpc::Status Watch(Program program, const Message& request) {
    const auto stub = events::v1::EventsService::NewStub(channels_[program]);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    events::v1::WatchRequest typed;
    typed.ParseFromString(request.SerializeAsString());
    typed.set_until_caught_up(true);
    const auto stream = stub->Watch(&context, typed);
    for (events::v1::WatchResponse answer; stream->Read(&answer);) {
    }
    return stream->Finish();
  }

  // Whether this server answers the method at all.
  bool Serves(Program program, const MethodDescriptor& method) {
    const auto request = ValidRequest(*method.input_type());
    const grpc::Status status = Call(program, method, *request);
    // What is judged below must not already be wrong before it is broken.
    EXPECT_NE(status.error_code(), grpc::StatusCode::INTERNAL)
        << method.full_name() << ": " << status.error_message();
    return status.error_code() != grpc::StatusCode::UNIMPLEMENTED;
  }

  std::size_t EventCount(Program program) {
    const auto events = AllEvents(channels_[program], kAuthority);
    EXPECT_TRUE(events.ok()) << events.status();
    return events.ok() ? events->size() : 0;
  }

  void ExpectRefused(const grpc::Status& status, const std::vector<std::string>& fields,
                     const std::string& what, const Message& request) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << what << ": " << status.error_message() << "\n"
        << request.ShortDebugString().substr(0, 500);
    EXPECT_THAT(FieldsNamed(status), ::testing::IsSupersetOf(fields)) << what;
  }

  // Breaks every field of every method served; how many requests that took.
  int Judge(Program program, const ServiceDescriptor& service, int& methods) {
    int requests = 0;
    for (int index = 0; index < service.method_count(); ++index) {
      const MethodDescriptor& method = *service.method(index);
      if (!Serves(program, method)) continue;
      ++methods;
      const std::size_t events = EventCount(program);
      for (const SpoiltRequest& spoilt : SpoiltRequests(*method.input_type())) {
        const std::string what =
            absl::StrCat(method.full_name(), ": ", spoilt.field, " ", spoilt.fault);
        ExpectRefused(Call(program, method, *spoilt.request), {spoilt.field}, what,
                      *spoilt.request);
        ++requests;
      }
      const WhollySpoiltRequest wholly = SpoilEverything(*method.input_type());
      ExpectRefused(Call(program, method, *wholly.request), wholly.fields,
                    absl::StrCat(method.full_name(), ": everything"), *wholly.request);
      EXPECT_EQ(EventCount(program), events) << method.full_name() << " wrote something";
    }
    return requests;
  }

 private:
  std::map<Program, std::shared_ptr<grpc::Channel>> channels_;
  std::map<Program, std::unique_ptr<grpc::GenericStub>> stubs_;
};

TEST_P(InvalidRequests, NameEveryFieldAndWriteNothing) {
  int methods = 0;
  int requests = 0;

  const std::map<Program, const ServiceDescriptor*> contracts = {
      {Program::kReferral, ServiceOf<referral::v1::OpenReferralRequest>()},
      {Program::kAdvocacy, ServiceOf<advocacy::v1::CheckHoldRequest>()},
      {Program::kFunding, ServiceOf<funding::v1::GetFundingRequestRequest>()},
      {Program::kDirectory, ServiceOf<directory::v1::GetServiceRequest>()},
      {Program::kGateway, ServiceOf<gateway::v1::OpenContactRequest>()}};
  for (const auto& [program, contract] : contracts) {
    requests += Judge(program, *contract, methods);
    requests += Judge(program, *ServiceOf<events::v1::WatchRequest>(), methods);
  }

  // Guards against a run that judged nothing because nothing was found.
  EXPECT_GE(methods, 30);
  EXPECT_GE(requests, 1000);
  std::cout << "invalid requests: " << requests << " over " << methods << " methods refused\n";
}

INSTANTIATE_TEST_SUITE_P(OnBothDatabases, InvalidRequests,
                         ::testing::Values(SuiteDatabase::kSqlite, SuiteDatabase::kMariaDb),
                         SuiteDatabaseName);

}  // namespace
}  // namespace asc::testing
