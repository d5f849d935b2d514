// The shipped policies, read as the service reads them, for tests.

#ifndef ASC_FUNDING_SVC_TESTING_SHIPPED_POLICIES_H_
#define ASC_FUNDING_SVC_TESTING_SHIPPED_POLICIES_H_

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "asc/funding/v1/funding.pb.h"
#include "google/protobuf/text_format.h"

namespace asc::funding {

inline const std::vector<std::string>& ShippedAuthorities() {
  static const std::vector<std::string> kAuthorities = {"rotherham", "wakefield", "standard",
                                                        "milton-keynes", "hillingdon-carers"};
  return kAuthorities;
}

// Reads a text-proto file; the tests run in the source tree.
template <class Message>
bool ReadTextProto(const std::string& path, Message& message) {
  std::ifstream stream(path);
  const std::string text((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  return !text.empty() && google::protobuf::TextFormat::ParseFromString(text, &message);
}

inline v1::FundingPolicy ShippedPolicy(const std::string& authority) {
  v1::FundingPolicy policy;
  ReadTextProto("funding-svc/policy/" + authority + ".textproto", policy);
  return policy;
}

// Whom the procedure is for; either, where it is for both.
inline v1::Subject CoveredSubject(const v1::FundingPolicy& policy) { return policy.applies_to(0); }

}  // namespace asc::funding

#endif  // ASC_FUNDING_SVC_TESTING_SHIPPED_POLICIES_H_
