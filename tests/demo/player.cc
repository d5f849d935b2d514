#include "tests/demo/player.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "asc/gateway/v1/policy.pb.h"
#include "asc/referral/v1/referral.pb.h"
#include "google/protobuf/text_format.h"
#include "platform/status/macros.h"
#include "tests/demo/expectation.h"
#include "tests/demo/telling.h"
#include "tests/demo/words.h"
#include "tests/support/request_maker.h"

namespace asc::demo {
namespace {

using gateway::v1::Contact;
using testing::Caller;
using tests::contacts::ContactCase;
using tests::contacts::Later;
namespace fs = std::filesystem;

// Time for the automatic steps.
constexpr int kWaitMs = 15000;

// The messages in a folder's proto text files, by name of file.
template <class Message>
absl::StatusOr<std::vector<Message>> LoadAll(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(folder, error)) {
    if (file.path().extension() == ".textproto") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Message> messages;
  for (const fs::path& file : files) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    if (!google::protobuf::TextFormat::ParseFromString(text.str(), &messages.emplace_back())) {
      return absl::InvalidArgumentError(absl::StrCat(file.string(), ": cannot be read"));
    }
  }
  if (messages.empty()) return absl::NotFoundError(absl::StrCat(folder, ": no files there"));
  return messages;
}

google::protobuf::Timestamp InMinutes(std::int64_t minutes) {
  google::protobuf::Timestamp moment;
  moment.set_seconds(std::time(nullptr) + minutes * 60);
  return moment;
}

// Puts into the authority's records what the contact finds there.
absl::Status SetUp(const tests::contacts::Setup& setup, const std::string& authority,
                   Caller& caller) {
  for (const auto& allocation : setup.allocations()) {
    referral::v1::SetAllocationRequest request;
    request.set_authority(authority);
    request.set_request_id(testing::FreshRequestId());
    request.set_role(allocation.role());
    request.set_person_id(allocation.person_id());
    request.set_worker_id(allocation.worker_id());
    request.set_team_id(allocation.team_id());
    referral::v1::SetAllocationResponse response;
    ASC_TRY(caller.Call("SetAllocation", request, response));
  }
  for (const auto& absence : setup.absences()) {
    referral::v1::SetWorkerAvailabilityRequest request;
    request.set_authority(authority);
    request.set_request_id(testing::FreshRequestId());
    request.set_worker_id(absence.worker_id());
    request.set_team_id(absence.team_id());
    auto& away = *request.add_absences();
    *away.mutable_begins_at() = InMinutes(-absence.began_minutes_ago());
    if (absence.returns_in_minutes() > 0) {
      *away.mutable_ends_at() = InMinutes(absence.returns_in_minutes());
    }
    referral::v1::SetWorkerAvailabilityResponse response;
    ASC_TRY(caller.Call("SetWorkerAvailability", request, response));
  }
  return absl::OkStatus();
}

absl::StatusOr<Contact> Open(const ContactCase& contact_case, Caller& caller) {
  ASC_TRY(SetUp(contact_case.setup(), contact_case.request().authority(), caller));
  auto request = contact_case.request();
  request.set_request_id(testing::FreshRequestId());
  request.set_wait_ms(kWaitMs);
  gateway::v1::OpenContactResponse response;
  ASC_TRY(caller.Call("OpenContact", request, response));
  return response.contact();
}

absl::StatusOr<Contact> Complete(const Later& later, const Contact& before, Caller& caller,
                                 std::vector<std::string>& differences) {
  auto request = later.completion();
  request.set_authority(before.authority());
  request.set_contact_id(before.contact_id());
  request.set_request_id(testing::FreshRequestId());
  gateway::v1::CompleteActionResponse response;
  ASC_TRY(caller.Call("CompleteAction", request, response));
  const auto expected = later.completion_outcome() == gateway::v1::COMPLETION_OUTCOME_UNSPECIFIED
                            ? gateway::v1::COMPLETION_OUTCOME_RECORDED
                            : later.completion_outcome();
  if (response.outcome() != expected) {
    differences.push_back(absl::StrCat(request.action_id(), ": expected ",
                                       CompletionOutcome_Name(expected), "; found ",
                                       CompletionOutcome_Name(response.outcome())));
  }
  return response.contact();
}

absl::StatusOr<Contact> AddFacts(const Later& later, const Contact& before, Caller& caller) {
  auto request = later.facts();
  request.set_authority(before.authority());
  request.set_contact_id(before.contact_id());
  request.set_request_id(testing::FreshRequestId());
  request.set_wait_ms(kWaitMs);
  gateway::v1::AddFactsResponse response;
  ASC_TRY(caller.Call("AddFacts", request, response));
  return response.contact();
}

// The contact after what happened later.
absl::StatusOr<Contact> GoOn(const Later& later, const Contact& before, Caller& caller,
                             std::vector<std::string>& differences) {
  ASC_TRY(SetUp(later.setup(), before.authority(), caller));
  switch (later.event_case()) {
    case Later::kFacts:
      return AddFacts(later, before, caller);
    case Later::kCompletion:
      return Complete(later, before, caller, differences);
    case Later::EVENT_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(absl::StrCat(later.title(), ": nothing happens"));
}

// Adds what is told of one stage, with what differs there from what is demanded.
void Judge(const tests::contacts::Expected& expected, const Contact& contact,
           const std::string& told, Played& played) {
  played.told += told;
  for (const auto& difference : Differences(expected, contact)) {
    played.differences.push_back(difference);
  }
  for (const auto& fault : Unreadable(told)) played.differences.push_back(fault);
}

}  // namespace

absl::StatusOr<std::vector<ContactCase>> LoadCases(const std::string& folder) {
  return LoadAll<ContactCase>(folder);
}

absl::StatusOr<std::map<std::string, std::string>> LoadNames(const std::string& folder) {
  ASC_TRY_ASSIGN(const auto authorities, LoadAll<gateway::v1::Authority>(folder));
  std::map<std::string, std::string> names;
  for (const auto& authority : authorities) names[authority.authority()] = authority.display_name();
  return names;
}

absl::StatusOr<Played> Play(const ContactCase& contact_case, const std::string& authority,
                            Caller& caller) {
  Played played;
  ASC_TRY_ASSIGN(Contact contact, Open(contact_case, caller));
  Judge(contact_case.expected(), contact, TellCase(contact_case, authority) + TellContact(contact),
        played);
  for (const Later& later : contact_case.later()) {
    std::vector<std::string> refused;
    ASC_TRY_ASSIGN(Contact after, GoOn(later, contact, caller, refused));
    Judge(later.expected(), after, TellLater(later) + TellChange(contact, after), played);
    played.differences.insert(played.differences.end(), refused.begin(), refused.end());
    contact = std::move(after);
  }
  return played;
}

}  // namespace asc::demo
