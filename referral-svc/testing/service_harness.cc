#include "referral-svc/testing/service_harness.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <future>

#include "google/rpc/error_details.pb.h"
#include "platform/rpc/status.h"
#include "platform/testing/status_matchers.h"

namespace asc::referral {

using ::asc::testing::IsOk;

void ServiceHarness::Start(db::Database& database) {
  database_ = &database;
  ASSERT_THAT(database.Migrate(ReferralSchema()), IsOk());
  auto policies = LoadPolicies("referral-svc/policy");
  ASSERT_THAT(policies, IsOk());
  policies_ = *std::move(policies);
  ASSERT_THAT(policies_->Archive(database), IsOk());
  rpc::ServerOptions options{.name = "referral-svc"};
  options.adapter.development_identity = true;
  options.adapter.now = [this] { return now; };
  auto server = rpc::Server::Start(
      options, &database, policies_.get(),
      {[this](rpc::Adapter& adapter) { return NewReferralService(store_, adapter); }});
  ASSERT_THAT(server, IsOk());
  server_ = *std::move(server);
  channel_ = grpc::CreateChannel("localhost:" + std::to_string(server_->port()),
                                 grpc::InsecureChannelCredentials());
}

absl::StatusOr<std::string> ServiceHarness::CallBytes(const char* method,
                                                      const std::string& request,
                                                      const std::string& permissions) {
  grpc::ClientContext context;
  if (!permissions.empty()) {
    context.AddMetadata("asc-subject", "limited");
    context.AddMetadata("asc-authorities", "*");
    context.AddMetadata("asc-permissions", permissions);
  }
  const grpc::Slice sent(request);
  const grpc::ByteBuffer bytes(&sent, 1);
  grpc::ByteBuffer answer;
  std::promise<grpc::Status> done;
  grpc::GenericStub(channel_).UnaryCall(
      &context, std::string("/asc.referral.v1.ReferralService/") + method, grpc::StubOptions(),
      &bytes, &answer, [&done](grpc::Status status) { done.set_value(std::move(status)); });
  const absl::Status status = rpc::FromGrpc(done.get_future().get());
  if (!status.ok()) return status;
  grpc::Slice received;
  if (!answer.DumpToSingleSlice(&received).ok()) return absl::DataLossError(method);
  return std::string(reinterpret_cast<const char*>(received.begin()), received.size());
}

std::vector<std::string> FieldsAtFault(const absl::Status& status) {
  std::vector<std::string> fields;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  google::rpc::BadRequest bad_request;
  if (payload.has_value()) bad_request.ParseFromString(std::string(*payload));
  for (const auto& violation : bad_request.field_violations()) fields.push_back(violation.field());
  return fields;
}

std::string CurrentEtag(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  google::rpc::ErrorInfo info;
  if (payload.has_value()) info.ParseFromString(std::string(*payload));
  return info.metadata().contains("current_etag") ? info.metadata().at("current_etag") : "";
}

v1::OpenReferralRequest OpeningOf(const std::string& request_id, const std::string& person_id) {
  v1::OpenReferralRequest request;
  request.set_authority("rotherham");
  request.set_request_id(request_id);
  v1::ReferralDetails& details = *request.mutable_details();
  details.set_subject(v1::SUBJECT_PERSON);
  details.set_purpose(v1::PURPOSE_ASSESSMENT);
  details.set_would_benefit(type::v1::ANSWER_YES);
  details.mutable_lawful_basis()->set_made_by_the_person(type::v1::ANSWER_YES);
  details.mutable_person()->set_person_id(person_id);
  details.mutable_person()->set_full_name("Edna Marsh");
  return request;
}

}  // namespace asc::referral
