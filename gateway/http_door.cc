#include "gateway/http_door.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "asc/advocacy/v1/advocacy.pb.h"
#include "asc/directory/v1/directory.pb.h"
#include "asc/funding/v1/funding.pb.h"
#include "asc/gateway/v1/contact.pb.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/http/openapi_description.h"

namespace asc::gateway {
namespace {

constexpr char kOwnService[] = "gateway";

// Through a message of each contract, so that the linker keeps its descriptors.
std::vector<std::string> ServiceNames() {
  const google::protobuf::Descriptor* const messages[] = {
      v1::OpenContactRequest::descriptor(), referral::v1::GetReferralRequest::descriptor(),
      advocacy::v1::CheckHoldRequest::descriptor(),
      funding::v1::GetFundingRequestRequest::descriptor(),
      directory::v1::GetServiceRequest::descriptor()};
  std::vector<std::string> names;
  for (const auto* message : messages) names.push_back(message->file()->service(0)->full_name());
  return names;
}

// "referral" of "/asc.referral.v1.ReferralService/GetReferral".
std::string ServiceOf(const std::string& method) {
  const std::vector<std::string> parts = absl::StrSplit(method, '.');
  return parts.size() > 1 ? parts[1] : "";
}

}  // namespace

absl::StatusOr<std::unique_ptr<http::Door>> OpenHttpDoor(const std::string& listen,
                                                         rpc::Client& own,
                                                         const Backends& backends) {
  auto door = http::Door::Start(
      {.listen = listen,
       .services = ServiceNames(),
       .client = [&own, &backends](const http::Outgoing& outgoing) -> rpc::Client* {
         const std::string service = ServiceOf(outgoing.method);
         return service == kOwnService ? &own : backends.Find(outgoing.authority, service);
       },
       .documents = {{"/openapi.json", openapi::Description()},
                     {"/health", R"({"status":"SERVING"})"}}});
  if (door.ok()) return door;
  return absl::Status(door.status().code(),
                      absl::StrCat("--http_listen=", door.status().message()));
}

}  // namespace asc::gateway
