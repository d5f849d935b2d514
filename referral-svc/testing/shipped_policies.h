// The shipped policies, read as the service reads them, for tests.

#ifndef ASC_REFERRAL_SVC_TESTING_SHIPPED_POLICIES_H_
#define ASC_REFERRAL_SVC_TESTING_SHIPPED_POLICIES_H_

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "asc/referral/v1/referral.pb.h"
#include "google/protobuf/text_format.h"

namespace asc::referral {

// Their codes, which are the files' names, in the order of the alphabet.
inline const std::vector<std::string>& ShippedAuthorities() {
  static const std::vector<std::string> kAuthorities = [] {
    std::vector<std::string> codes;
    for (const auto& file : std::filesystem::directory_iterator("referral-svc/policy")) {
      codes.push_back(file.path().stem().string());
    }
    std::sort(codes.begin(), codes.end());
    return codes;
  }();
  return kAuthorities;
}

// Reads a text-proto file below referral-svc/; the tests run in the source tree.
template <class Message>
bool ReadTextProto(const std::string& path, Message& message) {
  std::ifstream stream(path);
  const std::string text((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  return !text.empty() && google::protobuf::TextFormat::ParseFromString(text, &message);
}

// Read once; tests that change a policy take a copy.
inline const v1::ReferralPolicy& ShippedPolicy(const std::string& authority) {
  static std::map<std::string, v1::ReferralPolicy> policies;
  const auto [place, fresh] = policies.try_emplace(authority);
  if (fresh) ReadTextProto("referral-svc/policy/" + authority + ".textproto", place->second);
  return place->second;
}

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_TESTING_SHIPPED_POLICIES_H_
