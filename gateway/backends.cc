#include "gateway/backends.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "asc/gateway/v1/policy.pb.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "platform/status/macros.h"

namespace asc::gateway {
namespace {

namespace fs = std::filesystem;

// Keeps the first error with its place.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat(line + 1, ":", column + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

absl::StatusOr<v1::Authority> ReadAuthority(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  v1::Authority authority;
  FirstError errors;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  if (!file || !parser.ParseFromString(text.str(), &authority)) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ":", errors.text()));
  }
  if (authority.authority().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": authority: required"));
  }
  return authority;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Backends>> Backends::Load(
    const std::string& folder, const std::map<std::string, std::string>& overrides) {
  Clients clients;
  // One connection serves every authority that shares an endpoint.
  std::map<std::string, std::shared_ptr<rpc::Client>> by_endpoint;
  std::set<std::string> authorities;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".textproto") continue;
    ASC_TRY_ASSIGN(const v1::Authority authority, ReadAuthority(entry.path()));
    if (!authorities.insert(authority.authority()).second) {
      return absl::InvalidArgumentError(
          absl::StrCat(entry.path().string(), ": a second file for ", authority.authority()));
    }
    std::map<std::string, std::string> endpoints(authority.endpoints().begin(),
                                                 authority.endpoints().end());
    for (const auto& [service, endpoint] : overrides) endpoints[service] = endpoint;
    for (const auto& [service, endpoint] : endpoints) {
      auto& client = by_endpoint[endpoint];
      if (client == nullptr) client = rpc::NewClient(endpoint);
      clients[{authority.authority(), service}] = client;
    }
  }
  if (authorities.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(folder, ": no authority files there"));
  }
  return std::make_unique<Backends>(std::move(clients));
}

rpc::Client* Backends::Find(const std::string& authority, const std::string& service) const {
  const auto found = clients_.find({authority, service});
  return found == clients_.end() ? nullptr : found->second.get();
}

absl::StatusOr<std::map<std::string, std::string>> ParseEndpoints(const std::string& text) {
  std::map<std::string, std::string> endpoints;
  const std::vector<std::string> items = absl::StrSplit(text, ';', absl::SkipWhitespace());
  for (const std::string& item : items) {
    const std::vector<std::string> parts = absl::StrSplit(item, absl::MaxSplits('=', 1));
    if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("endpoints: expected service=host:port, got ", item));
    }
    static const std::set<std::string> kServices = {"referral", "advocacy", "funding", "directory"};
    if (!kServices.contains(parts[0])) {
      return absl::InvalidArgumentError(absl::StrCat(
          "endpoints: ", parts[0], ": must be referral, advocacy, funding or directory"));
    }
    endpoints[parts[0]] = parts[1];
  }
  return endpoints;
}

}  // namespace asc::gateway
