// The cases of asc.identity.v1, which every service has to meet.

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include "asc/identity/v1/identity.grpc.pb.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

namespace v1 = asc::identity::v1;

v1::GetIdentityResponse Identity() {
  const auto stub = v1::IdentityService::NewStub(TheSubject().channel);
  v1::GetIdentityResponse identity;
  const grpc::Status status = stub->GetIdentity(NewContext().get(), {}, &identity);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return identity;
}

// [identity.get.contract]
TEST(IdentityGetContract, NamesTheContractVersionAndEveryContractServed) {
  const v1::GetIdentityResponse identity = Identity();

  EXPECT_FALSE(identity.name().empty());
  EXPECT_TRUE(std::regex_match(identity.contract_version(), std::regex("[0-9]+\\.[0-9]+")))
      << identity.contract_version();
  const std::vector<std::string> services(identity.services().begin(), identity.services().end());
  EXPECT_TRUE(std::is_sorted(services.begin(), services.end()));
  for (const char* const always :
       {"asc.identity.v1.IdentityService", "asc.events.v1.EventsService"}) {
    EXPECT_EQ(std::count(services.begin(), services.end(), always), 1) << always;
  }
  const std::string own = "asc." + TheSubject().service + ".v1.";
  EXPECT_TRUE(std::any_of(
      services.begin(), services.end(),
      [&own](const std::string& service) { return service.compare(0, own.size(), own) == 0; }))
      << "no service of " << own;
}

// [identity.get.policies]
TEST(IdentityGetPolicies, ListsTheCurrentPolicyOfEachAuthorityOnce) {
  const v1::GetIdentityResponse identity = Identity();

  std::set<std::string> authorities;
  for (const auto& policy : identity.policies()) {
    EXPECT_TRUE(authorities.insert(policy.authority()).second) << policy.authority();
    EXPECT_FALSE(policy.version().empty()) << policy.authority();
    EXPECT_TRUE(std::regex_match(policy.hash(), std::regex("[0-9a-f]{64}"))) << policy.hash();
  }
  EXPECT_EQ(authorities.count(TheSubject().authority), 1u);
}

}  // namespace
}  // namespace asc::conformance
