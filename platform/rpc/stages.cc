#include "platform/rpc/stages.h"

#include <atomic>
#include <cstdint>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/rpc/formats.h"

namespace asc::rpc {
namespace {

std::string Value(const Metadata& metadata, const char* key) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return "";
  return std::string(found->second.data(), found->second.size());
}

std::set<std::string> Words(const std::string& text) {
  return absl::StrSplit(text, ',', absl::SkipWhitespace());
}

std::shared_ptr<const Caller> DeveloperCaller() {
  static const auto kDeveloper = [] {
    auto caller = std::make_shared<Caller>();
    caller->subject = "developer";
    caller->authorities = {"*"};
    caller->permissions = {"*"};
    caller->purpose = "development";
    return std::shared_ptr<const Caller>(std::move(caller));
  }();
  return kDeveloper;
}

std::shared_ptr<const Caller> CallerFromMetadata(const Metadata& metadata) {
  if (metadata.find("asc-subject") == metadata.end()) return DeveloperCaller();
  auto caller = std::make_shared<Caller>();
  caller->subject = Value(metadata, "asc-subject");
  caller->authorities = Words(Value(metadata, "asc-authorities"));
  caller->permissions = Words(Value(metadata, "asc-permissions"));
  caller->purpose = Value(metadata, "asc-purpose");
  return caller;
}

std::string StringOf(const google::protobuf::Message& request,
                     const google::protobuf::FieldDescriptor* field) {
  return field == nullptr ? "" : request.GetReflection()->GetString(request, field);
}

}  // namespace

absl::Status SetDeadline(const Ground&, Incoming& incoming) {
  const auto now = std::chrono::steady_clock::now();
  auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(kDeadlineDefault);
  if (incoming.deadline != std::chrono::system_clock::time_point::max()) {
    left = incoming.deadline - std::chrono::system_clock::now();
    if (left.count() <= 0) {
      return absl::DeadlineExceededError("the deadline had passed when the call arrived");
    }
    left = std::min<std::chrono::nanoseconds>(left, kDeadlineMax);
  }
  incoming.call.deadline = now + left;
  return absl::OkStatus();
}

absl::Status Correlate(const Ground&, Incoming& incoming) {
  static const std::string kBoot = absl::StrCat(absl::Hex(std::random_device()()), "-");
  static std::atomic<std::uint64_t> next{1};
  std::string given = Value(incoming.metadata, "x-correlation-id");
  if (given.size() <= kCorrelationIdMax &&
      FormatFault(asc::type::v1::FORMAT_ID, given) == nullptr) {
    incoming.call.correlation_id = std::move(given);
  } else {
    incoming.call.correlation_id = absl::StrCat(kBoot, next.fetch_add(1));
  }
  return absl::OkStatus();
}

absl::Status EstablishCaller(const Ground& ground, Incoming& incoming) {
  const auto& rules = incoming.method.rules;
  if (ground.options.identify) {
    auto caller = ground.options.identify(incoming.metadata);
    if (caller.ok()) {
      incoming.call.caller = *std::move(caller);
    } else if (rules.access() != asc::type::v1::ACCESS_PUBLIC) {
      return WithReason(std::move(caller).status(), "UNAUTHENTICATED");
    }
  } else if (ground.options.development_identity) {
    incoming.call.caller = CallerFromMetadata(incoming.metadata);
  }
  if (rules.access() == asc::type::v1::ACCESS_PUBLIC) {
    if (incoming.call.caller == nullptr) {
      static const auto kNobody = std::make_shared<const Caller>();
      incoming.call.caller = kNobody;
    }
    return absl::OkStatus();
  }
  if (incoming.call.caller == nullptr) {
    return WithReason(
        absl::UnauthenticatedError("no credentials: this server cannot tell who calls"),
        "UNAUTHENTICATED");
  }
  const auto& permissions = incoming.call.caller->permissions;
  if (!permissions.contains("*") && !permissions.contains(rules.permission())) {
    return WithReason(absl::PermissionDeniedError(absl::StrCat(
                          "the caller's roles lack the permission ", rules.permission())),
                      "PERMISSION_MISSING");
  }
  return absl::OkStatus();
}

absl::Status CheckAuthority(const Ground&, Incoming& incoming) {
  incoming.call.request_id = StringOf(incoming.request, incoming.method.request_id);
  if (incoming.method.authority == nullptr) return absl::OkStatus();
  std::string authority = StringOf(incoming.request, incoming.method.authority);
  if (FormatFault(asc::type::v1::FORMAT_AUTHORITY, authority) != nullptr) return absl::OkStatus();
  if (incoming.method.rules.access() != asc::type::v1::ACCESS_PUBLIC) {
    const auto& allowed = incoming.call.caller->authorities;
    if (!allowed.contains("*") && !allowed.contains(authority)) {
      return WithReason(
          absl::PermissionDeniedError("authority: the caller may not act for this authority"),
          "AUTHORITY_DENIED");
    }
  }
  incoming.call.authority = std::move(authority);
  return absl::OkStatus();
}

absl::Status PinPolicy(const Ground& ground, Incoming& incoming) {
  if (ground.policies == nullptr || incoming.call.authority.empty()) return absl::OkStatus();
  std::string hash = StringOf(incoming.request, incoming.method.policy_hash);
  if (!hash.empty() && FormatFault(asc::type::v1::FORMAT_POLICY_HASH, hash) != nullptr) hash = "";
  auto policy = ground.policies->Find(incoming.call.authority, hash);
  if (!policy.ok()) return std::move(policy).status();
  incoming.call.policy = *std::move(policy);
  return absl::OkStatus();
}

absl::Status CheckRequest(const Ground& ground, Incoming& incoming) {
  Violations violations;
  incoming.method.validator.Check(incoming.request, violations);
  const bool policy_known = ground.policies == nullptr || incoming.call.policy != nullptr;
  if (incoming.check && policy_known) {
    incoming.check(incoming.call, incoming.request, violations);
  }
  return violations.ToStatus();
}

absl::Status RunStages(const Ground& ground, Incoming& incoming) {
  for (const Stage stage : kStages) {
    if (absl::Status status = stage(ground, incoming); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace asc::rpc
