#include "tests/demo/player.h"

#include "absl/strings/str_cat.h"
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

// The contact after what happened later.
absl::StatusOr<Contact> GoOn(const Later& later, const Contact& before, Caller& caller,
                             std::vector<std::string>& differences) {
  ASC_TRY(tests::contacts::PutIntoRecords(later.setup(), before.authority(), caller));
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
