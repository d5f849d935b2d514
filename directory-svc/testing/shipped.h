// What ships with the service, read as the service reads it, for tests.

#ifndef ASC_DIRECTORY_SVC_TESTING_SHIPPED_H_
#define ASC_DIRECTORY_SVC_TESTING_SHIPPED_H_

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "asc/directory/v1/directory.pb.h"
#include "directory-svc/directory_index.h"
#include "google/protobuf/text_format.h"

namespace asc::directory {

inline const std::vector<std::string>& ShippedAuthorities() {
  static const std::vector<std::string> kAuthorities = {"rotherham", "wakefield", "standard",
                                                        "milton-keynes", "hillingdon-carers"};
  return kAuthorities;
}

// Reads a text-proto file below directory-svc/; the tests run in the source tree.
template <class Message>
bool ReadTextProto(const std::string& path, Message& message) {
  std::ifstream stream(path);
  const std::string text((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  return !text.empty() && google::protobuf::TextFormat::ParseFromString(text, &message);
}

inline v1::DirectoryPolicy ShippedPolicy(const std::string& authority) {
  v1::DirectoryPolicy policy;
  ReadTextProto("directory-svc/policy/" + authority + ".textproto", policy);
  return policy;
}

inline const Directory& ShippedDirectory() {
  static const Directory directory([] {
    auto entries = LoadEntries("directory-svc/data");
    return entries.ok() ? *std::move(entries) : Entries{};
  }());
  return directory;
}

// The entry of an authority, or an empty one.
inline const v1::Service& Shipped(const std::string& authority, const std::string& service_id) {
  const v1::Service* service = ShippedDirectory().Of(authority).Find(service_id);
  return service == nullptr ? v1::Service::default_instance() : *service;
}

}  // namespace asc::directory

#endif  // ASC_DIRECTORY_SVC_TESTING_SHIPPED_H_
