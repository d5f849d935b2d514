#include "tests/mutants/spoiling_proxy.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/mutants/mutant_table.h"
#include "tests/mutants/spoil.h"

namespace asc::tests::mutants {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// The kit makes 8 calls at once; each has a thread to itself here.
constexpr int kThreads = 12;

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  const grpc::Status dumped = buffer.Dump(&slices);
  std::string bytes;
  if (!dumped.ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

// Waits for the one thing this thread has asked its queue for. False: it was not done.
bool Await(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool done = false;
  return queue.Next(&tag, &done) && done;
}

// A queue may only go when it is empty.
void Drain(grpc::CompletionQueue& queue) {
  queue.Shutdown();
  void* tag = nullptr;
  bool done = false;
  while (queue.Next(&tag, &done)) {
  }
}

// What a caller says about itself; the rest is the business of the two connections.
bool IsPassedOn(const std::string& key) {
  return key != "user-agent" && key != "content-type" && key != "te" &&
         !absl::StartsWith(key, "grpc-") && !absl::StartsWith(key, ":");
}

const MethodDescriptor* MethodOf(const std::string& path) {
  const std::string name = absl::StrReplaceAll(path.substr(1), {{"/", "."}});
  return DescriptorPool::generated_pool()->FindMethodByName(name);
}

// The bytes of a message with the edits made to it.
std::string Edited(const Descriptor* type, const std::string& bytes,
                   const google::protobuf::RepeatedPtrField<Edit>& edits) {
  if (edits.empty()) return bytes;
  const std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!message->ParseFromString(bytes)) return bytes;
  for (const Edit& edit : edits) Apply(edit, *message);
  return message->SerializeAsString();
}

bool Holds(const Descriptor* type, const std::string& bytes, const Set& condition) {
  const std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  return message->ParseFromString(bytes) && IsSet(condition, *message);
}

// The same status with one field at fault only.
grpc::Status WithFirstFaultOnly(const grpc::Status& status) {
  google::rpc::Status whole;
  if (!whole.ParseFromString(status.error_details())) return status;
  for (auto& any : *whole.mutable_details()) {
    google::rpc::BadRequest bad_request;
    if (!any.UnpackTo(&bad_request) || bad_request.field_violations_size() < 2) continue;
    bad_request.mutable_field_violations()->DeleteSubrange(1,
                                                           bad_request.field_violations_size() - 1);
    any.PackFrom(bad_request);
  }
  return {status.error_code(), status.error_message(), whole.SerializeAsString()};
}

void SpoilStatus(const Mutant& mutant, grpc::Status& status, std::vector<std::string>& answers) {
  if (mutant.has_status() && status.error_code() == CodeNamed(mutant.status().from())) {
    const grpc::StatusCode to = CodeNamed(mutant.status().to());
    status = grpc::Status(to, to == grpc::OK ? "" : "spoiled");
    answers.assign(to == grpc::OK ? 1 : 0, "");
  }
  if (mutant.no_details() && !status.ok()) {
    status = grpc::Status(status.error_code(), status.error_message());
  }
  if (mutant.first_fault_only() && !status.ok()) status = WithFirstFaultOnly(status);
}

// What only a broken way gives, and no case may take for the service's answer.
bool IsFault(grpc::StatusCode code) {
  return code == grpc::UNAVAILABLE || code == grpc::UNKNOWN || code == grpc::INTERNAL ||
         code == grpc::DEADLINE_EXCEEDED || code == grpc::CANCELLED || code == grpc::UNIMPLEMENTED;
}

bool Same(const grpc::Status& a, const grpc::Status& b) {
  return a.error_code() == b.error_code() && a.error_details() == b.error_details();
}

}  // namespace

struct SpoilingProxy::Exchange {
  // "/package.Service/Method"
  std::string path;
  const MethodDescriptor* method = nullptr;
  std::chrono::system_clock::time_point deadline;
  std::multimap<std::string, std::string> metadata;
  std::string request;
  std::vector<std::string> answers;
  grpc::Status status;
};

SpoilingProxy::SpoilingProxy(const std::string& target)
    : stub_(grpc::CreateChannel(target, grpc::InsecureChannelCredentials())) {}

absl::StatusOr<std::unique_ptr<SpoilingProxy>> SpoilingProxy::Start(const std::string& target) {
  std::unique_ptr<SpoilingProxy> proxy(new SpoilingProxy(target));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("localhost:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterAsyncGenericService(&proxy->service_);
  for (int i = 0; i < kThreads; ++i) proxy->queues_.push_back(builder.AddCompletionQueue());
  proxy->server_ = builder.BuildAndStart();
  if (proxy->server_ == nullptr) return absl::UnavailableError("no port for the proxy");
  proxy->address_ = absl::StrCat("localhost:", port);
  for (const auto& queue : proxy->queues_) {
    proxy->threads_.emplace_back([&proxy = *proxy, &queue = *queue] { proxy.Serve(queue); });
  }
  return proxy;
}

SpoilingProxy::~SpoilingProxy() {
  if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
  for (auto& thread : threads_) thread.join();
  for (const auto& queue : queues_) Drain(*queue);
}

void SpoilingProxy::Spoil(const Mutant& mutant) {
  const std::lock_guard<std::mutex> lock(mutex_);
  mutant_ = mutant;
  tally_ = {};
  matching_ = 0;
  first_answer_.clear();
}

SpoilingProxy::Tally SpoilingProxy::tally() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return tally_;
}

void SpoilingProxy::Serve(grpc::ServerCompletionQueue& queue) {
  grpc::CompletionQueue onward;
  while (ServeOne(queue, onward)) {
  }
  Drain(onward);
}

// False: the server has been shut down.
bool SpoilingProxy::ServeOne(grpc::ServerCompletionQueue& queue, grpc::CompletionQueue& onward) {
  grpc::GenericServerContext context;
  grpc::GenericServerAsyncReaderWriter stream(&context);
  service_.RequestCall(&context, &stream, &queue, &queue, this);
  if (!Await(queue)) return false;
  Exchange exchange;
  exchange.path = context.method();
  exchange.method = MethodOf(context.method());
  exchange.deadline = context.deadline();
  for (const auto& [key, value] : context.client_metadata()) {
    const std::string name(key.data(), key.size());
    if (IsPassedOn(name)) exchange.metadata.emplace(name, std::string(value.data(), value.size()));
  }
  grpc::ByteBuffer request;
  stream.Read(&request, this);
  if (!Await(queue)) {
    exchange.status = grpc::Status(grpc::INTERNAL, "no request");
    NoteFault(exchange);
  } else {
    exchange.request = BytesOf(request);
    Pass(exchange, onward);
  }
  if (exchange.status.ok() || exchange.answers.size() > 1) {
    for (const std::string& answer : exchange.answers) {
      stream.Write(BufferOf(answer), this);
      // A caller that has gone away hears nothing more; the rest only ends the call.
      if (!Await(queue)) break;
    }
  }
  stream.Finish(exchange.status, this);
  Await(queue);
  return true;
}

void SpoilingProxy::Pass(Exchange& exchange, grpc::CompletionQueue& onward) {
  Mutant mutant;
  int number = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++tally_.calls;
    if (exchange.method != nullptr && exchange.method->name() == mutant_.method()) {
      number = ++matching_;
      mutant = mutant_;
    }
  }
  const bool spoils =
      number >= std::max(mutant.from_call(), 1) &&
      (mutant.only_call() == 0 || mutant.only_call() == number) &&
      (!mutant.has_when() || Holds(exchange.method->input_type(), exchange.request, mutant.when()));
  if (!spoils) return Forward(exchange, onward);

  const std::string asked = exchange.request;
  Ask(mutant, exchange, number, onward);
  const std::vector<std::string> answers = exchange.answers;
  const grpc::Status status = exchange.status;
  for (std::string& answer : exchange.answers) {
    answer = Edited(exchange.method->output_type(), answer, mutant.answer());
  }
  if (mutant.every_message_twice()) {
    exchange.answers.clear();
    for (const std::string& answer : answers)
      exchange.answers.insert(exchange.answers.end(), 2, answer);
  }
  SpoilStatus(mutant, exchange.status, exchange.answers);
  std::this_thread::sleep_for(std::chrono::milliseconds(mutant.delay_ms()));
  const bool changed = asked != exchange.request || answers != exchange.answers ||
                       !Same(status, exchange.status) || mutant.swallow() ||
                       (mutant.first_answer_again() && number > 1) || !mutant.caller().empty() ||
                       mutant.delay_ms() > 0;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (changed) ++tally_.spoiled;
}

// Gets the answer, from the service or not.
void SpoilingProxy::Ask(const Mutant& mutant, Exchange& exchange, int number,
                        grpc::CompletionQueue& onward) {
  exchange.request = Edited(exchange.method->input_type(), exchange.request, mutant.request());
  if (mutant.own_authority()) {
    google::protobuf::RepeatedPtrField<Edit> edits;
    Set& set = *edits.Add()->mutable_set();
    set.set_path("authority");
    set.set_to(absl::StrCat("'", mutant.authority(), "'"));
    exchange.request = Edited(exchange.method->input_type(), exchange.request, edits);
  }
  if (!mutant.caller().empty()) {
    exchange.metadata.erase("asc-subject");
    exchange.metadata.emplace("asc-subject", mutant.caller());
    exchange.metadata.emplace("asc-authorities", "*");
    exchange.metadata.emplace("asc-permissions", "*");
  }
  if (mutant.swallow()) {
    exchange.answers.assign(1, "");
    return;
  }
  if (mutant.first_answer_again() && number > 1) {
    const std::lock_guard<std::mutex> lock(mutex_);
    exchange.answers = first_answer_;
    return;
  }
  Forward(exchange, onward);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (number == 1) first_answer_ = exchange.answers;
}

void SpoilingProxy::Forward(Exchange& exchange, grpc::CompletionQueue& onward) {
  grpc::ClientContext context;
  context.set_deadline(exchange.deadline);
  for (const auto& [key, value] : exchange.metadata) context.AddMetadata(key, value);
  const auto call = stub_.PrepareCall(&context, exchange.path, &onward);
  call->StartCall(this);
  bool under_way = Await(onward);
  if (under_way) {
    call->WriteLast(BufferOf(exchange.request), grpc::WriteOptions(), this);
    under_way = Await(onward);
  }
  while (under_way) {
    grpc::ByteBuffer answer;
    call->Read(&answer, this);
    under_way = Await(onward);
    if (under_way) exchange.answers.push_back(BytesOf(answer));
  }
  call->Finish(&exchange.status, this);
  Await(onward);
  if (IsFault(exchange.status.error_code())) NoteFault(exchange);
}

void SpoilingProxy::NoteFault(const Exchange& exchange) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!tally_.fault.empty()) return;
  tally_.fault = absl::StrCat(exchange.path, ": ", exchange.status.error_code(), " ",
                              exchange.status.error_message());
}

}  // namespace asc::tests::mutants
