#include "referral-svc/life_methods.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/util/field_mask_util.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/validation.h"
#include "platform/status/macros.h"
#include "protos/checks/moments.h"
#include "protos/checks/person_checks.h"
#include "protos/checks/referral_checks.h"
#include "referral-svc/changing.h"
#include "referral-svc/communication_store.h"
#include "referral-svc/concern_rules.h"
#include "referral-svc/joint_store.h"
#include "referral-svc/note_store.h"
#include "referral-svc/open_referral_store.h"
#include "referral-svc/person_store.h"
#include "referral-svc/referral_checks.h"
#include "referral-svc/referral_rules.h"
#include "referral-svc/stamp.h"
#include "referral-svc/standing.h"
#include "referral-svc/transfer_rules.h"

namespace asc::referral {
namespace {

using google::protobuf::util::FieldMaskUtil;

// Of what was said with the verbs a handover holds no more.
constexpr int kNotesMax = 100;

// Puts the fields that `request` names into `details`. Adds a violation for every path that is
// none.
void Apply(const v1::UpdateReferralRequest& request, v1::ReferralDetails& details,
           rpc::Violations& violations) {
  google::protobuf::FieldMask mask;
  for (int i = 0; i < request.update_paths_size(); ++i) {
    if (FieldMaskUtil::IsValidPath<v1::ReferralDetails>(request.update_paths(i))) {
      mask.add_paths(request.update_paths(i));
    } else {
      violations.Add("update_paths[" + std::to_string(i) + "]", "no field of the details");
    }
  }
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(request.details(), mask, options, &details);
}

// What an update itself tells, whatever was known before.
v1::ReferralDetails ToldBy(const v1::UpdateReferralRequest& request) {
  v1::ReferralDetails told;
  rpc::Violations named_before;
  Apply(request, told, named_before);
  return told;
}

// `after` as it is to be held against itself. A referrer who became the person by a merge was
// somebody else when they were named, so that is no fault of whoever corrects something now.
v1::ReferralDetails AsSaid(const v1::Referral& known, const v1::ReferralDetails& after) {
  const v1::ReferralDetails& before = known.details();
  v1::ReferralDetails said = after;
  // Nor is a day that nobody stated.
  v1::Referral filled = known;
  filled.mutable_details()->mutable_statutory_return()->clear_requested_on();
  FillRequestedOn(filled);
  if (after.statutory_return().requested_on() ==
      filled.details().statutory_return().requested_on()) {
    said.mutable_statutory_return()->clear_requested_on();
  }
  const std::string& referrer = before.referrer().person_id();
  if (referrer == before.person().person_id() && referrer == after.referrer().person_id() &&
      before.lawful_basis().made_by_the_person() == type::v1::ANSWER_NO) {
    said.mutable_referrer()->clear_person_id();
  }
  return said;
}

// What the statutory return says of a referral that is closed.
void Conclude(const rpc::Call& call, v1::RequestOutcome outcome, v1::Referral& referral) {
  v1::StatutoryReturn& statutory = *referral.mutable_details()->mutable_statutory_return();
  statutory.set_request_outcome(outcome);
  statutory.set_concluded_on(checks::BritishDay(call.now));
  *referral.mutable_closed_at() = ToTimestamp(call.now);
}

// What is left out stays as it was recorded before; a service has one view, its latest.
void TakeDestination(const v1::Destination& said, v1::Destination& known) {
  auto views = known.service_views();
  for (const v1::ServiceView& view : said.service_views()) {
    const auto same = std::find_if(views.begin(), views.end(), [&view](const auto& one) {
      return one.team_id() == view.team_id();
    });
    (same == views.end() ? *views.Add() : *same) = view;
  }
  known.MergeFrom(said);
  known.mutable_service_views()->Swap(&views);
}

// All that was said of it: what is said later takes its place in the referral.
std::string WordsOf(const v1::Destination& said) {
  std::vector<std::string> lines;
  const auto add = [&lines](const std::string& of, const std::string& words) {
    if (!words.empty()) lines.push_back(absl::StrCat(of, ": ", words));
  };
  add("The person's view", said.person_view());
  for (const v1::ServiceView& view : said.service_views()) {
    add(absl::StrCat("The view of ", view.team_id()), view.view());
  }
  add("Agreed", said.agreement());
  add("Agreed team", said.agreed_team_id());
  add("Decided by", said.decided_by());
  return absl::StrJoin(lines, "\n");
}

}  // namespace

absl::StatusOr<rpc::Result<v1::UpdateReferralResponse>> UpdateReferral(
    const ReferralStore& store, const policy::PolicySet& policies, const rpc::Call& call,
    const v1::UpdateReferralRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(
      const v1::Referral before,
      ReferralToChange(store, call, request.referral_id(), request.etag(), Verb::kUpdate, reader));
  rpc::Result<v1::UpdateReferralResponse> result;
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  rpc::Violations violations;
  Apply(request, *after.mutable_details(), violations);
  ASC_TRY(NameKeptPeople(reader, call.authority, {}, *after.mutable_details()));
  checks::CheckSamePerson(before.details().person(), after.details().person(), "details.person",
                          violations);
  rpc::CheckWhole(after.details(), "details", violations);
  checks::CheckDetails(AsSaid(before, after.details()), "details", call.now, violations);
  PutAdviceFirst(request.details(), violations);
  ASC_TRY(violations.ToStatus());
  FillRequestedOn(after);
  ASC_TRY_ASSIGN(const auto pinned, PinnedPolicy(policies, before));
  const auto& policy = static_cast<const v1::ReferralPolicy&>(*pinned->content);
  v1::CheckReferralResponse check = DecideOpenReferral(after.details(), policy);
  *result.response.mutable_actions() = ActionsOnConcern(ToldBy(request), policy);
  KeepAdvice(result.response.actions(), ToTimestamp(call.now), after);
  *check.mutable_decision()->mutable_policy_version() = before.decision().policy_version();
  *check.mutable_decision()->mutable_decided_at() = ToTimestamp(call.now);
  KeepCheck(check, after);
  ASC_TRY(Keep(store, call, before, "referral.updated", reader, after, result.writes,
               {.update_paths = {request.update_paths().begin(), request.update_paths().end()}}));
  return result;
}

absl::StatusOr<rpc::Result<v1::AcceptReferralResponse>> AcceptReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::AcceptReferralRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(
      const v1::Referral before,
      ReferralToChange(store, call, request.referral_id(), request.etag(), Verb::kAccept, reader));
  rpc::Result<v1::AcceptReferralResponse> result;
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  after.set_status(RuleOf(Verb::kAccept).to);
  *after.mutable_accepted_at() = ToTimestamp(call.now);
  ASC_TRY(Keep(store, call, before, "referral.accepted", reader, after, result.writes));
  return result;
}

absl::StatusOr<rpc::Result<v1::ReturnReferralResponse>> ReturnReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::ReturnReferralRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(
      const v1::Referral before,
      ReferralToChange(store, call, request.referral_id(), request.etag(), Verb::kReturn, reader));
  rpc::Result<v1::ReturnReferralResponse> result;
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  after.set_status(RuleOf(Verb::kReturn).to);
  after.set_return_reason(request.reason());
  after.set_status_note(request.note());
  after.set_team_id(before.from_team_id());
  after.clear_from_team_id();
  ASC_TRY(Keep(store, call, before, "referral.returned", reader, after, result.writes,
               {.note = request.note()}));
  return result;
}

absl::StatusOr<rpc::Result<v1::WithdrawReferralResponse>> WithdrawReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::WithdrawReferralRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral before,
                 ReferralToChange(store, call, request.referral_id(), request.etag(),
                                  Verb::kWithdraw, reader));
  rpc::Result<v1::WithdrawReferralResponse> result;
  v1::Decision& decision = *result.response.mutable_decision();
  ASC_TRY_ASSIGN(const v1::Referral known, WithConcerns(before, reader));
  decision = DecideWithdrawal(known, request.overrides(), call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, decision);
  if (decision.outcome() != v1::OUTCOME_PERMITTED) return result;
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  after.set_status(RuleOf(Verb::kWithdraw).to);
  after.set_status_note(request.reason());
  Conclude(call,
           request.request_outcome() == v1::REQUEST_OUTCOME_UNSPECIFIED ? v1::REQUEST_OUTCOME_OTHER
                                                                        : request.request_outcome(),
           after);
  if (IsAboutRisk(known)) KeepAnswers(request.overrides(), after);
  ASC_TRY(Leave(store, call, before, "", reader, result.writes));
  ASC_TRY(Keep(store, call, before, "referral.withdrawn", reader, after, result.writes,
               {.note = request.reason()}));
  return result;
}

absl::StatusOr<rpc::Result<v1::TransferReferralResponse>> TransferReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::TransferReferralRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral before,
                 ReferralToChange(store, call, request.referral_id(), request.etag(),
                                  Verb::kTransfer, reader));
  rpc::Violations violations;
  ASC_TRY(CheckTeam(reader, call.authority, "to_team_id", request.to_team_id(), violations));
  ASC_TRY(violations.ToStatus());
  ASC_TRY_ASSIGN(const v1::Referral known, WithConcerns(before, reader));
  GateDecision gates = DecideTransfer(known.details(), request.facts(),
                                      {request.overrides().begin(), request.overrides().end()},
                                      call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, gates.decision);
  rpc::Result<v1::TransferReferralResponse> result;
  for (v1::Gate& gate : gates.gates) *result.response.add_gates() = std::move(gate);
  *result.response.mutable_decision() = gates.decision;
  if (gates.decision.outcome() != v1::OUTCOME_PERMITTED) return result;
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  after.set_status(RuleOf(Verb::kTransfer).to);
  after.set_from_team_id(before.team_id());
  after.set_team_id(request.to_team_id());
  after.clear_return_reason();
  *after.mutable_transferred_at() = ToTimestamp(call.now);
  for (v1::Override& used : gates.used) *after.add_overrides() = std::move(used);
  ASC_TRY(Keep(store, call, before, "referral.transferred", reader, after, result.writes));
  return result;
}

absl::StatusOr<rpc::Result<v1::UndertakeLongTermSupportResponse>> UndertakeLongTermSupport(
    const ReferralStore& store, const rpc::Call& call,
    const v1::UndertakeLongTermSupportRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral before,
                 ReferralToChange(store, call, request.referral_id(), request.etag(),
                                  Verb::kUndertakeLongTermSupport, reader));
  v1::TransferFacts facts = request.facts();
  facts.set_longer_term_work(type::v1::ANSWER_YES);
  GateDecision gates = DecideLongTermSupport(
      before.details(), facts, {request.overrides().begin(), request.overrides().end()},
      call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, gates.decision);
  rpc::Result<v1::UndertakeLongTermSupportResponse> result;
  for (v1::Gate& gate : gates.gates) *result.response.add_gates() = std::move(gate);
  *result.response.mutable_decision() = gates.decision;
  if (gates.decision.outcome() != v1::OUTCOME_PERMITTED) return result;
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  *after.mutable_long_term_support_at() = ToTimestamp(call.now);
  for (v1::Override& used : gates.used) *after.add_overrides() = std::move(used);
  ASC_TRY(Keep(store, call, before, "referral.long_term_support_undertaken", reader, after,
               result.writes));
  return result;
}

absl::StatusOr<rpc::Result<v1::AllocateReferralResponse>> AllocateReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::AllocateReferralRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral before,
                 ReferralToChange(store, call, request.referral_id(), request.etag(),
                                  Verb::kAllocate, reader));
  if (before.details().person().person_id().empty()) {
    return rpc::PreconditionFailed("PERSON_WITHOUT_REFERENCE", request.referral_id(), kNoReference);
  }
  rpc::Result<v1::AllocateReferralResponse> result;
  v1::Allocation& allocation = *result.response.mutable_allocation();
  ASC_TRY_ASSIGN(allocation,
                 StandOn(store, call, before, request.worker_id(), reader, result.writes));
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  after.set_status(RuleOf(Verb::kAllocate).to);
  after.set_worker_id(request.worker_id());
  after.set_allocation_id(allocation.allocation_id());
  after.set_status_note(request.reason());
  *after.mutable_allocated_at() = ToTimestamp(call.now);
  ASC_TRY(Keep(store, call, before, "referral.allocated", reader, after, result.writes,
               {.note = request.reason()}));
  ASC_TRY(AddCommunication(call, allocation.person_id(), reader, allocation));
  return result;
}

absl::StatusOr<rpc::Result<v1::CompleteReferralResponse>> CompleteReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::CompleteReferralRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral before,
                 ReferralToChange(store, call, request.referral_id(), request.etag(),
                                  Verb::kComplete, reader));
  rpc::Result<v1::CompleteReferralResponse> result;
  v1::Decision& decision = *result.response.mutable_decision();
  ASC_TRY_ASSIGN(const v1::Referral known, WithConcerns(before, reader));
  decision = DecideCompletion(known, request.request_outcome(), request.overrides(),
                              call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, decision);
  if (decision.outcome() != v1::OUTCOME_PERMITTED) return result;
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  after.set_status(RuleOf(Verb::kComplete).to);
  after.set_status_note(request.note());
  Conclude(call, request.request_outcome(), after);
  if (IsAboutRisk(known) && !SomethingFollows(request.request_outcome())) {
    KeepAnswers(request.overrides(), after);
  }
  ASC_TRY(PassOn(store, before, reader, result.writes));
  ASC_TRY(Keep(store, call, before, "referral.completed", reader, after, result.writes,
               {.note = request.note()}));
  return result;
}

absl::StatusOr<rpc::Result<v1::ReopenReferralResponse>> ReopenReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::ReopenReferralRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(
      const v1::Referral before,
      ReferralToChange(store, call, request.referral_id(), request.etag(), Verb::kReopen, reader));
  rpc::Result<v1::ReopenReferralResponse> result;
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  after.set_status(RuleOf(Verb::kReopen).to);
  after.set_status_note(request.reason());
  *after.mutable_reopened_at() = ToTimestamp(call.now);
  // Nothing has been concluded after all, and whoever works with it is settled anew.
  after.clear_closed_at();
  after.clear_worker_id();
  after.clear_allocation_id();
  v1::StatutoryReturn& statutory = *after.mutable_details()->mutable_statutory_return();
  statutory.clear_request_outcome();
  statutory.clear_concluded_on();
  ASC_TRY(Keep(store, call, before, "referral.reopened", reader, after, result.writes,
               {.note = request.reason()}));
  return result;
}

absl::StatusOr<rpc::Result<v1::RecordDestinationResponse>> RecordDestination(
    const ReferralStore& store, const rpc::Call& call, const v1::RecordDestinationRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral before,
                 ReferralToChange(store, call, request.referral_id(), request.etag(),
                                  Verb::kRecordDestination, reader));
  rpc::Result<v1::RecordDestinationResponse> result;
  v1::Decision& decision = *result.response.mutable_decision();
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  TakeDestination(request.destination(), *after.mutable_destination());
  const v1::Destination& destination = after.destination();
  rpc::Violations violations;
  rpc::CheckWhole(destination, "destination", violations);
  ASC_TRY(violations.ToStatus());
  decision = DecideDestination(destination, call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, decision);
  ASC_TRY(Keep(store, call, before, "referral.destination_recorded", reader, after, result.writes,
               {.note = WordsOf(request.destination())}));
  return result;
}

absl::StatusOr<rpc::Result<v1::RepinReferralResponse>> RepinReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::RepinReferralRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral before, ReferralToChange(store, call, request.referral_id(),
                                                             request.etag(), Verb::kRepin, reader));
  v1::CheckReferralResponse check =
      DecideOpenReferral(before.details(), call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, *check.mutable_decision());
  if (check.decision().outcome() != v1::OUTCOME_PERMITTED &&
      check.decision().outcome() != before.decision().outcome()) {
    return rpc::PreconditionFailed("POLICY_DOES_NOT_PERMIT", request.referral_id(),
                                   "under that policy the referral would not be permitted");
  }
  rpc::Result<v1::RepinReferralResponse> result;
  for (std::string& change : RepinChanges(before, check)) {
    result.response.add_changes(std::move(change));
  }
  v1::Referral& after = *result.response.mutable_referral();
  after = before;
  if (result.response.changes().empty()) return result;
  KeepCheck(check, after);
  ASC_TRY(Keep(store, call, before, "referral.repinned", reader, after, result.writes));
  return result;
}

absl::StatusOr<v1::FindOpenReferralsResponse> FindOpenReferrals(
    const ReferralStore& store, const rpc::Call& call, const v1::FindOpenReferralsRequest& request,
    db::Reader& reader) {
  const Recognition recognition = store.Recognise(call.authority, request.person());
  ASC_TRY_ASSIGN(auto found, FindOpenReferrals(reader, recognition, call.authority,
                                               {request.purpose(), request.subject()}));
  v1::FindOpenReferralsResponse response;
  for (auto& summary : found) *response.add_referrals() = std::move(summary);
  return response;
}

absl::StatusOr<v1::ListAvailableActionsResponse> ListAvailableActions(
    const ReferralStore& store, const rpc::Call& call,
    const v1::ListAvailableActionsRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral referral,
                 ReferralOf(store, call, request.referral_id(), reader));
  ASC_TRY_ASSIGN(const v1::Referral known, WithConcerns(referral, reader));
  v1::ListAvailableActionsResponse response = ListActions(known, call.caller->permissions);
  if (!IsFinal(referral.status())) return response;
  Recognition recognition = store.Recognise(call.authority, referral.details().person());
  ASC_TRY_ASSIGN(const auto others, OpenBeside(store, referral, recognition, reader));
  if (others.same.has_value()) AddAlreadyOpen(response);
  return response;
}

absl::StatusOr<v1::GetHandoverPackResponse> GetHandoverPack(
    const ReferralStore& store, const policy::PolicySet& policies, const rpc::Call& call,
    const v1::GetHandoverPackRequest& request, db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral referral,
                 ReferralOf(store, call, request.referral_id(), reader));
  ASC_TRY_ASSIGN(const auto pinned, PinnedPolicy(policies, referral));
  v1::GetHandoverPackResponse pack =
      HandoverPack(referral, static_cast<const v1::ReferralPolicy&>(*pinned->content));
  ASC_TRY_ASSIGN(auto notes,
                 LatestWords(reader, call.authority, referral.referral_id(), kNotesMax));
  for (v1::ReferralNote& note : notes) *pack.add_notes() = std::move(note);
  ASC_TRY_ASSIGN(auto concerns,
                 ConcernsOfReferral(reader, call.authority, referral.referral_id(), kConcernsMax));
  for (v1::Concern& concern : concerns) *pack.add_concerns() = std::move(concern);
  return pack;
}

}  // namespace asc::referral
