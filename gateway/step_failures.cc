#include "gateway/step_failures.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gateway/journal_steps.h"
#include "gateway/step_kinds.h"
#include "google/rpc/error_details.pb.h"

namespace asc::gateway {
namespace {

using journal::StoredStep;

// Fields of one refusal that are passed on.
constexpr std::size_t kRefusedFieldsMax = 50;
// Characters of a reason, as google.rpc.ErrorInfo limits it.
constexpr std::size_t kReasonMax = 63;

const std::string& CodeName(absl::StatusCode code) {
  static const std::map<absl::StatusCode, std::string> kNames = {
      {absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT"},
      {absl::StatusCode::kNotFound, "NOT_FOUND"},
      {absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS"},
      {absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED"},
      {absl::StatusCode::kUnauthenticated, "UNAUTHENTICATED"},
      {absl::StatusCode::kFailedPrecondition, "FAILED_PRECONDITION"},
      {absl::StatusCode::kUnimplemented, "UNIMPLEMENTED"},
      {absl::StatusCode::kUnavailable, "UNAVAILABLE"},
      {absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"},
      {absl::StatusCode::kResourceExhausted, "RESOURCE_EXHAUSTED"},
      {absl::StatusCode::kAborted, "ABORTED"},
      {absl::StatusCode::kInternal, "INTERNAL"},
  };
  static const std::string kOther = "OTHER";
  const auto found = kNames.find(code);
  return found == kNames.end() ? kOther : found->second;
}

// Characters of a service's words that are passed on.
constexpr std::size_t kWordsMax = 300;

// The fields that a service refuses.
std::vector<std::string> RefusedFields(const absl::Status& status) {
  std::vector<std::string> fields;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  google::rpc::BadRequest bad;
  if (payload.has_value() && bad.ParseFromString(std::string(*payload))) {
    for (const auto& violation : bad.field_violations()) {
      if (fields.size() < kRefusedFieldsMax) fields.push_back(violation.field().substr(0, 200));
    }
  }
  return fields;
}

// Why a service refuses the state of things; without a reason it refuses something else, or
// nothing.
struct Refusal {
  std::string reason;
  std::string words;
};

// The reason is a name, and nothing else is taken for one. The words are those that the service
// gives with it for people to read; what it says with any other failure, another's server may have
// filled with anything.
Refusal RefusalOf(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  google::rpc::ErrorInfo info;
  if (status.code() != absl::StatusCode::kFailedPrecondition || !payload.has_value() ||
      !info.ParseFromString(std::string(*payload)) || info.reason().empty() ||
      info.reason().size() > kReasonMax) {
    return {};
  }
  const bool named = std::all_of(info.reason().begin(), info.reason().end(), [](char c) {
    return absl::ascii_isupper(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '_';
  });
  if (!named) return {};
  const std::string words(status.message());
  const bool plain = std::all_of(words.begin(), words.end(), [](char c) {
    return absl::ascii_isprint(static_cast<unsigned char>(c));
  });
  return {info.reason(), plain && words.size() <= kWordsMax ? words : ""};
}

std::string FailureOf(const absl::Status& status, const std::vector<std::string>& refused) {
  std::string failure = CodeName(status.code());
  if (const Refusal refusal = RefusalOf(status); !refusal.reason.empty()) {
    absl::StrAppend(&failure, " ", refusal.reason);
  }
  for (const std::string& field : refused) absl::StrAppend(&failure, " ", field);
  return failure.substr(0, 500);
}

// What a service refuses is asked for again, where the contact asks for it.
void AskAgain(const std::vector<std::string>& refused, StoredStep& step) {
  const StepKindRules* rules = RulesOf(step.kind());
  if (rules == nullptr || rules->field == nullptr) return;
  for (const std::string& field : refused) {
    asc::type::v1::Question question;
    question.set_strength(asc::type::v1::STRENGTH_MUST);
    question.set_text(
        "The service that decides on this refuses what is said here. Please correct it.");
    AddQuestion(std::move(question), rules->field(field), /*blocks=*/true, step);
  }
}

// What a service refuses as things stand with it cannot be mended in the contact: the reason is
// shown, and somebody settles it where the record is kept.
void TellRefusal(const Refusal& refusal, StoredStep& step) {
  if (refusal.reason.empty()) return;
  const std::string service = step.service();
  const std::string why = refusal.words.empty() ? refusal.reason : refusal.words;
  asc::type::v1::Reason& reason = *step.mutable_decision()->add_reasons();
  reason.set_rule_id(refusal.reason);
  reason.set_strength(asc::type::v1::STRENGTH_MUST);
  reason.set_text(absl::StrCat("The ", service, " service refuses this: ", why, "."));
  v1::Action& action = *step.add_actions();
  action.set_action_id(RefusedActionId(step.kind()));
  action.set_rule_id(refusal.reason);
  action.set_strength(asc::type::v1::STRENGTH_SHOULD);
  action.set_text(absl::StrCat("The ", service, " service refuses this: ", why,
                               ". Tell whoever keeps the record what the contact has to add, or "
                               "settle it there."));
  action.set_state(v1::ACTION_STATE_OPEN);
  action.set_step(step.kind());
  *action.mutable_due_at() = step.intended_at();
  // What was settled of one refusal is not settled of the next.
  journal::Ground& ground = *step.add_grounds();
  ground.set_action_id(action.action_id());
  ground.set_fact(absl::StrCat("facts revision ", step.facts_revision()));
}

// The etag that a record has now, when the one sent was stale; empty: another failure.
std::string CurrentEtag(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  google::rpc::ErrorInfo info;
  if (status.code() != absl::StatusCode::kAborted || !payload.has_value() ||
      !info.ParseFromString(std::string(*payload)) || info.reason() != "STALE_ETAG") {
    return "";
  }
  const auto etag = info.metadata().find("current_etag");
  return etag == info.metadata().end() ? "" : etag->second;
}

// The key of a request that is asked anew: the step's own, and the attempt.
std::string KeyOfAttempt(const StoredStep& step) {
  const std::vector<std::string> parts = absl::StrSplit(step.request_id(), '.');
  return absl::StrCat(parts[0], ".", static_cast<int>(step.kind()), ".", step.facts_revision(), ".",
                      step.attempts());
}

enum class Failure { kPassing, kFault, kForGood };

// A service that is busy says so with a reason. Without one it is the transport that refuses: the
// request is larger than it takes, and will be each time.
bool SaysItIsBusy(const absl::Status& status) {
  return status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo").has_value();
}

Failure KindOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kResourceExhausted:
      return SaysItIsBusy(status) ? Failure::kPassing : Failure::kForGood;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnimplemented:
      return Failure::kForGood;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return Failure::kFault;
    default:
      return Failure::kPassing;
  }
}

absl::Duration BackOff(int attempts, double jitter) {
  const double factor = std::pow(2.0, std::min(attempts - 1, 20));
  const absl::Duration whole = std::min(kRetryMax, kRetryFirst * factor);
  return whole * (0.5 + 0.5 * jitter);
}

}  // namespace

std::string RefusedActionId(v1::StepKind kind) {
  return absl::StrCat("refused-", static_cast<int>(kind));
}

StoredStep Failed(const StoredStep& step, const absl::Status& status, absl::Time now,
                  double jitter) {
  StoredStep failed = step;
  failed.set_attempts(step.attempts() + 1);
  const std::vector<std::string> refused = RefusedFields(status);
  failed.set_failure(FailureOf(status, refused));
  // Nothing was done, so the same is asked of the record as it is now, under a key of its own.
  if (const std::string etag = CurrentEtag(status); !etag.empty()) {
    AskOfVersion(etag, KeyOfAttempt(failed), failed);
  }
  const Failure kind = KindOf(status);
  if (kind == Failure::kForGood ||
      (kind == Failure::kFault && failed.attempts() >= kFaultAttemptsMax)) {
    failed.set_state(v1::STEP_STATE_PARKED);
    failed.clear_next_attempt_at();
    AskAgain(refused, failed);
    TellRefusal(RefusalOf(status), failed);
    *failed.mutable_recorded_at() = StampOf(now);
    return failed;
  }
  failed.set_state(v1::STEP_STATE_WAITING);
  *failed.mutable_next_attempt_at() = StampOf(now + BackOff(failed.attempts(), jitter));
  return failed;
}

}  // namespace asc::gateway
