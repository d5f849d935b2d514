#include "platform/rpc/errors.h"

#include <charconv>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace asc::rpc {
namespace {

constexpr char kDomain[] = "asc";
// A client of gRPC takes 8 KiB of headers, unless it was told otherwise; in base64 this is 6.
constexpr std::size_t kFieldViolationsBytesMax = 4608;

template <class Detail>
void Attach(absl::Status& status, const Detail& detail) {
  status.SetPayload(absl::StrCat("type.googleapis.com/", detail.GetDescriptor()->full_name()),
                    absl::Cord(detail.SerializeAsString()));
}

google::rpc::ErrorInfo Info(const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain(kDomain);
  return info;
}

}  // namespace

void Violations::Add(const std::string& field, const std::string& description) {
  auto& violation = violations_.emplace_back();
  violation.set_field(field);
  violation.set_description(description);
}

void Violations::JoinNew(Violations other) {
  std::set<std::string> known;
  for (const auto& violation : violations_) known.insert(violation.field());
  for (auto& violation : other.violations_) {
    if (!known.contains(violation.field())) violations_.push_back(std::move(violation));
  }
}

absl::Status Violations::ToStatus() const {
  if (violations_.empty()) return absl::OkStatus();
  const auto& first = violations_.front();
  std::string message = absl::StrCat(first.field(), ": ", first.description());
  if (violations_.size() > 1) absl::StrAppend(&message, " (and ", violations_.size() - 1, " more)");
  absl::Status status = absl::InvalidArgumentError(message);
  google::rpc::BadRequest bad_request;
  std::size_t bytes = 0;
  for (const auto& violation : violations_) {
    bytes += violation.ByteSizeLong();
    if (bytes > kFieldViolationsBytesMax) break;
    *bad_request.add_field_violations() = violation;
  }
  Attach(status, bad_request);
  google::rpc::ErrorInfo info = Info("FIELD_VIOLATION");
  const std::size_t left_out = violations_.size() - bad_request.field_violations().size();
  if (left_out > 0) (*info.mutable_metadata())["left_out"] = absl::StrCat(left_out);
  Attach(status, info);
  return status;
}

absl::Status NotFound(const std::string& resource_type, const std::string& resource_name) {
  absl::Status status = absl::NotFoundError(absl::StrCat(resource_type, ": not found"));
  google::rpc::ResourceInfo info;
  info.set_resource_type(resource_type);
  info.set_resource_name(resource_name);
  Attach(status, info);
  Attach(status, Info("NOT_FOUND"));
  return status;
}

absl::Status StaleEtag(const std::string& resource_type, const std::string& resource_name,
                       const std::string& current_etag) {
  absl::Status status = absl::AbortedError(absl::StrCat(
      resource_type, ": changed since this etag was given; read it again, then repeat"));
  google::rpc::ResourceInfo resource;
  resource.set_resource_type(resource_type);
  resource.set_resource_name(resource_name);
  Attach(status, resource);
  auto info = Info("STALE_ETAG");
  (*info.mutable_metadata())["current_etag"] = current_etag;
  Attach(status, info);
  return status;
}

absl::Status PreconditionFailed(const std::string& type, const std::string& subject,
                                const std::string& description) {
  absl::Status status = absl::FailedPreconditionError(description);
  google::rpc::PreconditionFailure failure;
  auto* violation = failure.add_violations();
  violation->set_type(type);
  violation->set_subject(subject);
  violation->set_description(description);
  Attach(status, failure);
  Attach(status, Info(type));
  return status;
}

absl::Status RequestIdReused() {
  return WithReason(
      absl::AlreadyExistsError("request_id: used before for a different request; take a new one"),
      "REQUEST_ID_REUSED");
}

absl::Status WithReason(absl::Status status, const std::string& reason) {
  if (!status.ok() && !status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo").has_value()) {
    Attach(status, Info(reason));
  }
  return status;
}

absl::Status WithRetryAfter(absl::Status status, int delay_ms) {
  if (status.ok()) return status;
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(delay_ms / 1000);
  retry.mutable_retry_delay()->set_nanos(delay_ms % 1000 * 1000000);
  Attach(status, retry);
  return status;
}

std::string EtagOf(std::int64_t version) { return absl::StrCat("\"", version, "\""); }

std::int64_t VersionOf(const std::string& etag) {
  if (etag.size() < 3 || etag.front() != '"' || etag.back() != '"') return -1;
  std::int64_t version = -1;
  const char* end = etag.data() + etag.size() - 1;
  const auto parsed = std::from_chars(etag.data() + 1, end, version);
  return parsed.ec == std::errc() && parsed.ptr == end && version > 0 ? version : -1;
}

}  // namespace asc::rpc
