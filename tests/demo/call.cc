// Calls any method of the suite with a request in proto text and prints the answer the same way.

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <future>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "asc/advocacy/v1/advocacy.pb.h"
#include "asc/directory/v1/directory.pb.h"
#include "asc/funding/v1/funding.pb.h"
#include "asc/gateway/v1/contact.pb.h"
#include "asc/identity/v1/identity.pb.h"
#include "asc/referral/v1/referral.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "platform/rpc/command_line.h"

namespace asc::demo {
namespace {

using google::protobuf::Message;
using google::protobuf::TextFormat;

constexpr std::chrono::seconds kTimeout{30};

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor* descriptor) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
}

grpc::Status Call(const std::string& address, const std::string& path, const Message& request,
                  std::string& answer) {
  grpc::GenericStub stub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  const grpc::Slice slice(request.SerializeAsString());
  const grpc::ByteBuffer bytes(&slice, 1);
  grpc::ByteBuffer received;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, path, grpc::StubOptions(), &bytes, &received,
                 [&done](grpc::Status status) { done.set_value(std::move(status)); });
  grpc::Status status = done.get_future().get();
  std::vector<grpc::Slice> slices;
  if (status.ok()) status = received.Dump(&slices);
  for (const grpc::Slice& part : slices) {
    answer.append(reinterpret_cast<const char*>(part.begin()), part.size());
  }
  return status;
}

void TellError(const grpc::Status& status) {
  std::cerr << "error " << status.error_code() << ": " << status.error_message() << "\n";
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details())) std::cerr << details.DebugString();
}

int Main(const std::string& address, const std::string& method, const std::string& text) {
  // Linked in for the descriptors they carry.
  gateway::v1::Contact::descriptor();
  referral::v1::Referral::descriptor();
  advocacy::v1::CheckHoldRequest::descriptor();
  funding::v1::GetFundingRequestRequest::descriptor();
  directory::v1::GetServiceRequest::descriptor();
  identity::v1::GetIdentityRequest::descriptor();
  google::rpc::BadRequest::descriptor();
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(method, {{"/", "."}}));
  if (descriptor == nullptr || descriptor->server_streaming()) {
    std::cerr << method << ": no such method, or one that streams\n";
    return 2;
  }
  const auto request = NewMessage(descriptor->input_type());
  // It says itself what is wrong, with line and column.
  if (!TextFormat::ParseFromString(text, request.get())) return 2;
  std::string answer;
  const grpc::Status status = Call(address, "/" + method, *request, answer);
  if (!status.ok()) {
    TellError(status);
    return 1;
  }
  const auto response = NewMessage(descriptor->output_type());
  response->ParseFromString(answer);
  std::cout << response->DebugString();
  return 0;
}

}  // namespace
}  // namespace asc::demo

int main(int argc, char** argv) {
  const char* const usage =
      "calls one method. HOST:PORT PACKAGE.SERVICE/METHOD 'REQUEST IN PROTO TEXT'";
  const std::vector<std::string> words = asc::rpc::ParseFlags(argc, argv, usage, 3);
  if (words.size() != 3) {
    std::cerr << "asc-call: " << usage << "\n";
    return 2;
  }
  return asc::demo::Main(words[0], words[1], words[2]);
}
