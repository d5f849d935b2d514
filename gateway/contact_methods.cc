#include "gateway/contact_methods.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gateway/contact_checks.h"
#include "gateway/contact_view.h"
#include "gateway/contact_workflow.h"
#include "gateway/facts.h"
#include "gateway/step_ground.h"
#include "gateway/step_kinds.h"
#include "google/protobuf/util/time_util.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/validation.h"
#include "platform/status/macros.h"
#include "protos/checks/person_checks.h"

namespace asc::gateway {
namespace {

using google::protobuf::util::TimeUtil;

absl::Status CheckEtag(const Journal& journal, const std::string& etag) {
  if (etag.empty() || rpc::VersionOf(etag) == journal.contact.version()) return absl::OkStatus();
  return rpc::StaleEtag("contact", journal.contact.contact_id(),
                        rpc::EtagOf(journal.contact.version()));
}

absl::StatusOr<std::shared_ptr<const policy::Policy>> PinnedPolicy(const ContactGround& ground,
                                                                   const Journal& journal) {
  return ground.policies.Find(journal.contact.authority(), journal.contact.policy_version().hash());
}

const v1::GatewayPolicy& ContentOf(const policy::Policy& policy) {
  return static_cast<const v1::GatewayPolicy&>(*policy.content);
}

// The contact's own key in an answer that is filled in when the call is answered.
void Refer(const v1::Contact& contact, v1::Contact& to) {
  to.set_authority(contact.authority());
  to.set_contact_id(contact.contact_id());
}

absl::StatusOr<ListPosition> PositionOf(const rpc::Page& page, std::size_t keys) {
  ListPosition position;
  if (page.after.empty()) return position;
  if (page.after.size() != keys || !absl::SimpleAtoi(page.after[0], &position.at_us)) {
    return absl::InvalidArgumentError("page_token: not made for this list");
  }
  position.contact_id = page.after[1];
  if (keys > 2) position.action_id = page.after[2];
  return position;
}

v1::Action* FindAction(Journal& journal, const std::string& action_id) {
  for (v1::Action& action : journal.actions) {
    if (action.action_id() == action_id) return &action;
  }
  return nullptr;
}

// What is added must not contradict what is known, nor change what a record has been made of.
absl::Status CheckAdded(const Journal& before, const v1::Contact& after, absl::Time now) {
  rpc::Violations violations;
  checks::CheckSamePerson(before.contact.person(), after.person(), "person", violations);
  rpc::CheckWhole(after.facts(), "facts", violations);
  CheckFacts(after, now, violations);
  ASC_TRY(violations.ToStatus());
  const std::vector<FixedFact> fixed = FixedFactsChanged(before, after);
  if (fixed.empty()) return absl::OkStatus();
  const FixedFact& fact = fixed.front();
  return rpc::PreconditionFailed(
      "RECORD_MADE", fact.field,
      fact.record_id.empty()
          ? "a record is being made of this; change it with the service that keeps it"
          : absl::StrCat("record ", fact.record_id,
                         " was made of this; change it with the service that keeps it"));
}

}  // namespace

void CheckOpenContact(const rpc::Call& call, const v1::OpenContactRequest& request,
                      rpc::Violations& violations) {
  if (AsksFor(request, v1::ASK_NAMED_WORKER) && request.requested_worker().empty()) {
    violations.Add("requested_worker", "required when a worker is asked for");
  }
  if (AsksFor(request, v1::ASK_NAMED_TEAM) && request.requested_team().empty()) {
    violations.Add("requested_team", "required when a team is asked for");
  }
  std::set<int> asked;
  for (int at = 0; at < request.asks_size(); ++at) {
    // One that is unspecified is named already by the field's own options.
    const int ask = request.asks(at);
    if (ask == v1::ASK_UNSPECIFIED || asked.insert(ask).second) continue;
    violations.Add(absl::StrCat("asks[", at, "]"), "is asked for twice");
  }
  CheckContacting(request, violations);
  CheckFacts(ContactOf(request, call.now), call.now, violations);
}

void CheckCompleteAction(const rpc::Call&, const v1::CompleteActionRequest& request,
                         rpc::Violations& violations) {
  if (request.result() == v1::ACTION_RESULT_NOT_DONE &&
      absl::StripAsciiWhitespace(request.note()).empty()) {
    violations.Add("note", "required when the action is not done: give the reason");
  }
}

void CheckAddFacts(const rpc::Call&, const v1::AddFactsRequest& request,
                   rpc::Violations& violations) {
  if (!request.has_facts() && !request.has_person() && request.requested_worker().empty() &&
      request.cleared_paths().empty()) {
    violations.Add("facts", "required unless person, requested_worker or cleared_paths is given");
  }
  for (int at = 0; at < request.cleared_paths_size(); ++at) {
    const std::string& path = request.cleared_paths(at);
    if (absl::StartsWith(path, "facts.") && HasPath(*v1::Contact::descriptor(), path)) continue;
    violations.Add(absl::StrCat("cleared_paths[", at, "]"),
                   "names no field below facts, such as facts.urgent.cannot_wait");
  }
}

absl::StatusOr<rpc::Result<v1::OpenContactResponse>> OpenContact(
    const ContactGround& ground, const rpc::Call& call, const v1::OpenContactRequest& request,
    db::Reader&) {
  Journal journal = Opened(request, call.NewId(), call.caller->subject,
                           call.PolicyAs<v1::GatewayPolicy>(), call.PolicyVersion(), call.now);
  journal.lease = ground.runner.LeaseFor(Lease(), Settled(journal));
  rpc::Result<v1::OpenContactResponse> result;
  Refer(journal.contact, *result.response.mutable_contact());
  result.writes = ground.store.Add(journal, call.request_id);
  ground.runner.Remember(journal);
  return result;
}

absl::StatusOr<rpc::Result<v1::AddFactsResponse>> AddFacts(const ContactGround& ground,
                                                           const rpc::Call& call,
                                                           const v1::AddFactsRequest& request,
                                                           db::Reader& reader) {
  ASC_TRY_ASSIGN(const Journal before,
                 ground.store.Load(reader, call.authority, request.contact_id()));
  ASC_TRY(CheckEtag(before, request.etag()));
  v1::Contact contact = WithAdded(before.contact, request);
  ASC_TRY(CheckAdded(before, contact, call.now));
  ASC_TRY_ASSIGN(const auto policy, PinnedPolicy(ground, before));
  Journal after = WithFacts(before, std::move(contact), ContentOf(*policy), call.now);
  rpc::Result<v1::AddFactsResponse> result;
  Refer(after.contact, *result.response.mutable_contact());
  if (after.contact.version() == before.contact.version()) return result;
  after.lease = ground.runner.LeaseFor(before.lease, Settled(after));
  result.writes = ground.store.Change(before, after, "contact.facts_added", call.request_id);
  return result;
}

absl::StatusOr<rpc::Result<v1::CompleteActionResponse>> CompleteAction(
    const ContactGround& ground, const rpc::Call& call, const v1::CompleteActionRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const Journal before,
                 ground.store.Load(reader, call.authority, request.contact_id()));
  Journal after = before;
  v1::Action* action = FindAction(after, request.action_id());
  if (action == nullptr) return rpc::NotFound("action", request.action_id());
  ASC_TRY(CheckEtag(before, request.etag()));
  if (action->state() != v1::ACTION_STATE_OPEN) {
    return rpc::PreconditionFailed("ACTION_NOT_OPEN", request.action_id(),
                                   "the action is no longer open");
  }
  rpc::Result<v1::CompleteActionResponse> result;
  const bool not_done = request.result() == v1::ACTION_RESULT_NOT_DONE;
  if (not_done && action->strength() == asc::type::v1::STRENGTH_MUST) {
    result.response.set_outcome(v1::COMPLETION_OUTCOME_REFUSED);
    asc::type::v1::Reason& reason = *result.response.add_reasons();
    reason.set_rule_id(action->rule_id());
    reason.set_strength(action->strength());
    reason.set_text(action->text());
    *reason.mutable_citations() = action->citations();
    *result.response.mutable_contact() = Present(before);
    return result;
  }
  action->set_state(not_done ? v1::ACTION_STATE_PUT_ASIDE : v1::ACTION_STATE_DONE);
  action->set_completed_by(call.caller->subject);
  *action->mutable_completed_at() = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(call.now));
  action->set_note(request.note());
  after.contact.set_version(before.contact.version() + 1);
  ASC_TRY_ASSIGN(const auto policy, PinnedPolicy(ground, before));
  FollowCompletion(after, request.action_id(), ContentOf(*policy), call.now);
  result.response.set_outcome(v1::COMPLETION_OUTCOME_RECORDED);
  if (after.contact.facts_revision() == before.contact.facts_revision()) {
    *result.response.mutable_contact() = Present(after);
  } else {
    after.lease = ground.runner.LeaseFor(before.lease, Settled(after));
    Refer(after.contact, *result.response.mutable_contact());
  }
  result.writes = ground.store.Change(before, after, "contact.action_completed", call.request_id);
  return result;
}

absl::StatusOr<v1::GetContactResponse> GetContact(const ContactGround& ground,
                                                  const rpc::Call& call,
                                                  const v1::GetContactRequest& request,
                                                  db::Reader& reader) {
  ASC_TRY_ASSIGN(const Journal journal,
                 ground.store.Load(reader, call.authority, request.contact_id()));
  v1::GetContactResponse response;
  *response.mutable_contact() = Present(journal);
  return response;
}

absl::StatusOr<v1::ListContactsResponse> ListContacts(const ContactGround& ground,
                                                      const rpc::Call& call,
                                                      const v1::ListContactsRequest& request,
                                                      db::Reader& reader) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  ASC_TRY_ASSIGN(const ListPosition after, PositionOf(page, 2));
  const ContactFilter filter{request.status(), request.person_id()};
  // One row more than asked for tells whether there is a next page.
  ASC_TRY_ASSIGN(auto rows,
                 ground.store.List(reader, call.authority, filter, after, page.size + 1));
  v1::ListContactsResponse response;
  const bool more = rows.size() > static_cast<std::size_t>(page.size);
  if (more) rows.pop_back();
  for (auto& row : rows) *response.add_contacts() = std::move(row);
  if (more) {
    const v1::ContactSummary& last = *response.contacts().rbegin();
    response.set_next_page_token(rpc::PageToken(
        request,
        {absl::StrCat(TimeUtil::TimestampToMicroseconds(last.opened_at())), last.contact_id()}));
  }
  return response;
}

absl::StatusOr<v1::ListDueResponse> ListDue(const ContactGround&, const rpc::Call& call,
                                            const v1::ListDueRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  ASC_TRY_ASSIGN(const ListPosition after, PositionOf(page, 3));
  const absl::Time due_by =
      request.has_due_by()
          ? absl::FromUnixMicros(TimeUtil::TimestampToMicroseconds(request.due_by()))
          : call.now;
  ASC_TRY_ASSIGN(auto rows,
                 JournalStore::ListDue(reader, call.authority, due_by, after, page.size + 1));
  v1::ListDueResponse response;
  const bool more = rows.size() > static_cast<std::size_t>(page.size);
  if (more) rows.pop_back();
  for (auto& row : rows) *response.add_items() = std::move(row.item);
  if (more) {
    const ListPosition& last = rows.back().position;
    response.set_next_page_token(
        rpc::PageToken(request, {absl::StrCat(last.at_us), last.contact_id, last.action_id}));
  }
  return response;
}

}  // namespace asc::gateway
