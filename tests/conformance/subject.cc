#include "tests/conformance/subject.h"

#include <chrono>
#include <random>

#include "asc/identity/v1/identity.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace asc::conformance {
namespace {

// A stream from the first event kept may be long on a shared test environment.
constexpr int kStreamDeadlineMs = 60000;

Subject& Kept() {
  static Subject subject;
  return subject;
}

std::mt19937_64& Random() {
  thread_local std::mt19937_64 random(std::random_device{}());
  return random;
}

std::unique_ptr<grpc::ClientContext> ContextFor(const Subject& subject, int deadline_ms) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(deadline_ms));
  if (!subject.token.empty()) context->AddMetadata("authorization", "Bearer " + subject.token);
  return context;
}

// The first detail of the given type.
template <class Detail>
bool FindDetail(const grpc::Status& status, Detail& detail) {
  google::rpc::Status whole;
  if (!whole.ParseFromString(status.error_details())) return false;
  for (const auto& any : whole.details()) {
    if (any.UnpackTo(&detail)) return true;
  }
  return false;
}

}  // namespace

void SetSubject(const Subject& subject) { Kept() = subject; }

const Subject& TheSubject() { return Kept(); }

grpc::Status AskIdentity(Subject& subject) {
  const auto stub = asc::identity::v1::IdentityService::NewStub(subject.channel);
  asc::identity::v1::GetIdentityResponse identity;
  const grpc::Status status =
      stub->GetIdentity(ContextFor(subject, subject.deadline_ms).get(), {}, &identity);
  if (!status.ok()) return status;
  subject.abilities = {identity.abilities().begin(), identity.abilities().end()};
  subject.other_authority = "nowhere";
  for (const auto& policy : identity.policies()) {
    if (policy.authority() != subject.authority) subject.other_authority = policy.authority();
  }
  return status;
}

std::string FreshId(const std::string& stem) {
  static const char* const kDigits = "0123456789abcdef";
  std::string id = stem + "-";
  for (int i = 0; i < 16; ++i) id += kDigits[Random()() % 16];
  return id;
}

std::string FreshNhsNumber() {
  while (true) {
    std::string number;
    int sum = 0;
    for (int weight = 10; weight >= 2; --weight) {
      // Numbers that begin with 999 are kept for tests.
      const int digit = weight > 7 ? 9 : static_cast<int>(Random()() % 10);
      number += static_cast<char>('0' + digit);
      sum += weight * digit;
    }
    const int check = (11 - sum % 11) % 11;
    if (check != 10) return number + static_cast<char>('0' + check);
  }
}

std::unique_ptr<grpc::ClientContext> NewContext() {
  return ContextFor(TheSubject(), TheSubject().deadline_ms);
}

std::unique_ptr<grpc::ClientContext> NewOtherContext() {
  Subject other = TheSubject();
  other.token = other.other_token;
  auto context = ContextFor(other, other.deadline_ms);
  if (!other.token.empty()) return context;
  context->AddMetadata("asc-subject", "kit-second-caller");
  context->AddMetadata("asc-authorities", "*");
  context->AddMetadata("asc-permissions", "*");
  return context;
}

std::unique_ptr<grpc::ClientContext> NewStreamContext() {
  return ContextFor(TheSubject(), kStreamDeadlineMs);
}

bool Claims(const std::string& ability) { return TheSubject().abilities.count(ability) > 0; }

std::string NotClaimed(const std::string& ability) { return "not claimed: " + ability; }

std::set<std::string> FieldsAtFault(const grpc::Status& status) {
  std::set<std::string> fields;
  google::rpc::BadRequest bad_request;
  if (!FindDetail(status, bad_request)) return fields;
  for (const auto& violation : bad_request.field_violations()) fields.insert(violation.field());
  return fields;
}

std::string ErrorInfo(const grpc::Status& status, const std::string& key) {
  google::rpc::ErrorInfo info;
  if (!FindDetail(status, info)) return "";
  const auto found = info.metadata().find(key);
  return found == info.metadata().end() ? "" : found->second;
}

}  // namespace asc::conformance
