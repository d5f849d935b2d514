#include "tests/demo/player.h"

#include <ctime>

#include "absl/strings/str_cat.h"
#include "asc/advocacy/v1/advocacy.pb.h"
#include "asc/gateway/v1/policy.pb.h"
#include "platform/status/macros.h"
#include "tests/contacts/contact_cases.h"
#include "tests/contacts/differences.h"
#include "tests/demo/telling.h"
#include "tests/demo/words.h"
#include "tests/support/request_maker.h"

namespace asc::demo {
namespace {

using gateway::v1::Contact;
using testing::Caller;
using tests::contacts::ContactCase;
using tests::contacts::Later;

// Time for the automatic steps.
constexpr int kWaitMs = 15000;

absl::StatusOr<Contact> Open(const ContactCase& contact_case, Caller& caller) {
  ASC_TRY(tests::contacts::PutIntoRecords(contact_case.setup(), contact_case.request().authority(),
                                          caller));
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

// Records in the advocacy service that an advocate is in place for this contact.
absl::Status FindAdvocate(const Later& later, const Contact& before, Caller& caller) {
  advocacy::v1::GetAdvocacyNeedRequest get;
  get.set_authority(before.authority());
  get.set_advocacy_need_id(before.advocacy_need_id());
  advocacy::v1::GetAdvocacyNeedResponse kept;
  ASC_TRY(caller.Call("GetAdvocacyNeed", get, kept));
  advocacy::v1::RecordAdvocateRequest request;
  request.set_authority(before.authority());
  request.set_request_id(testing::FreshRequestId());
  request.set_advocacy_need_id(before.advocacy_need_id());
  request.set_etag(kept.advocacy_need().etag());
  *request.mutable_placement() = later.advocate();
  request.mutable_placement()->mutable_in_place_at()->set_seconds(std::time(nullptr));
  advocacy::v1::RecordAdvocateResponse response;
  return caller.Call("RecordAdvocate", request, response);
}

// The contact after what happened later.
absl::StatusOr<Contact> GoOn(const Later& later, const Contact& before, Caller& caller,
                             std::vector<std::string>& differences) {
  ASC_TRY(tests::contacts::PutIntoRecords(later.setup(), before.authority(), caller));
  if (later.has_advocate()) ASC_TRY(FindAdvocate(later, before, caller));
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

absl::StatusOr<std::map<std::string, std::string>> LoadNames(const std::string& folder) {
  ASC_TRY_ASSIGN(const auto files, tests::contacts::TextFiles(folder));
  std::map<std::string, std::string> names;
  for (const std::string& file : files) {
    gateway::v1::Authority authority;
    ASC_TRY(tests::contacts::LoadFile(file, authority));
    names[authority.authority()] = authority.display_name();
  }
  return names;
}

Played Play(const ContactCase& contact_case, const std::string& authority, Caller& caller) {
  Played played{TellCase(contact_case, authority), {}};
  auto contact = Open(contact_case, caller);
  if (!contact.ok()) {
    played.differences.push_back(contact.status().ToString());
    return played;
  }
  Judge(contact_case.expected(), *contact, TellContact(*contact), played);
  for (const Later& later : contact_case.later()) {
    played.told += TellLater(later);
    auto after = GoOn(later, *contact, caller, played.differences);
    if (!after.ok()) {
      played.differences.push_back(absl::StrCat(later.title(), ": ", after.status().ToString()));
      return played;
    }
    Judge(later.expected(), *after, TellChange(*contact, *after), played);
    contact = std::move(after);
  }
  return played;
}

}  // namespace asc::demo
