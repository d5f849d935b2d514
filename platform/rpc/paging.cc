#include "platform/rpc/paging.h"

#include <openssl/sha.h>

#include <algorithm>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/idempotency.h"

namespace asc::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::size_t kFilterBytes = 12;

// The request without its paging fields, condensed.
std::string FilterOf(const Message& request) {
  const std::unique_ptr<Message> filter(request.New());
  filter->CopyFrom(request);
  for (const char* name : {"page_size", "page_token"}) {
    if (const auto* field = filter->GetDescriptor()->FindFieldByName(name)) {
      filter->GetReflection()->ClearField(filter.get(), field);
    }
  }
  return RequestHash(filter->GetDescriptor()->full_name(), *filter).substr(0, kFilterBytes);
}

const FieldDescriptor* Field(const Message& request, const char* name) {
  return request.GetDescriptor()->FindFieldByName(name);
}

absl::Status TokenFault() {
  Violations violations;
  violations.Add("page_token", "not a token for this list and filter; start again without one");
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<Page> ReadPage(const Message& request) {
  Page page;
  const auto* reflection = request.GetReflection();
  if (const auto* field = Field(request, "page_size")) {
    const int asked = reflection->GetInt32(request, field);
    if (asked < 0) {
      Violations violations;
      violations.Add("page_size", "must not be negative");
      return violations.ToStatus();
    }
    if (asked > 0) page.size = std::min(asked, kPageSizeMax);
  }
  const auto* field = Field(request, "page_token");
  const std::string token = field == nullptr ? "" : reflection->GetString(request, field);
  if (token.empty()) return page;
  // Filter, then each key as a two-byte length and its bytes.
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || bytes.size() < kFilterBytes ||
      bytes.compare(0, kFilterBytes, FilterOf(request)) != 0) {
    return TokenFault();
  }
  for (std::size_t at = kFilterBytes; at < bytes.size();) {
    if (bytes.size() - at < 2) return TokenFault();
    const std::size_t length =
        static_cast<unsigned char>(bytes[at]) * 256U + static_cast<unsigned char>(bytes[at + 1]);
    at += 2;
    if (bytes.size() - at < length) return TokenFault();
    page.after.push_back(bytes.substr(at, length));
    at += length;
  }
  return page;
}

std::string PageToken(const Message& request, const std::vector<std::string>& last_sort_key) {
  std::string bytes = FilterOf(request);
  for (const auto& key : last_sort_key) {
    bytes.push_back(static_cast<char>(key.size() / 256));
    bytes.push_back(static_cast<char>(key.size() % 256));
    bytes += key;
  }
  return absl::WebSafeBase64Escape(bytes);
}

}  // namespace asc::rpc
