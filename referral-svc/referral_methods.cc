#include "referral-svc/referral_methods.h"

#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/paging.h"
#include "platform/status/macros.h"
#include "referral-svc/changing.h"
#include "referral-svc/concern_rules.h"
#include "referral-svc/due_rules.h"
#include "referral-svc/due_store.h"
#include "referral-svc/list_store.h"
#include "referral-svc/open_referral_store.h"
#include "referral-svc/person_store.h"
#include "referral-svc/referral_checks.h"
#include "referral-svc/referral_rules.h"
#include "referral-svc/stamp.h"

namespace asc::referral {
namespace {

using google::protobuf::util::MessageDifferencer;

void FillReferral(const rpc::Call& call, const v1::OpenReferralRequest& request,
                  v1::CheckReferralResponse& check, v1::Referral& referral) {
  referral.set_referral_id(call.NewId());
  referral.set_authority(call.authority);
  referral.set_version(1);
  referral.set_etag(rpc::EtagOf(1));
  referral.set_status(v1::REFERRAL_STATUS_OPENED);
  *referral.mutable_details() = request.details();
  KeepCheck(check, referral);
  referral.set_team_id(request.team_id());
  *referral.mutable_opened_at() = ToTimestamp(call.now);
  *referral.mutable_updated_at() = referral.opened_at();
  referral.set_opened_by(call.caller == nullptr ? "" : call.caller->subject);
  FillRequestedOn(referral);
  KeepAdvice(check.actions(), referral.opened_at(), referral);
}

// What a second taker tells of a risk counts for the referral that is open.
absl::Status KeepRisk(const ReferralStore& store, const rpc::Call& call,
                      const v1::OpenReferralRequest& request,
                      const v1::CheckReferralResponse& check, db::Reader& reader,
                      rpc::Result<v1::OpenReferralResponse>& result) {
  if (!TellsOfRisk(request.details())) return absl::OkStatus();
  v1::Referral& after = *result.response.mutable_referral();
  const v1::Referral before = after;
  after.set_was_at_risk(true);
  KeepAdvice(check.actions(), ToTimestamp(call.now), after);
  if (MessageDifferencer::Equals(before, after)) return absl::OkStatus();
  return Keep(store, call, before, "referral.risk_told", reader, after, result.writes);
}

absl::Status CheckTeamOf(const v1::OpenReferralRequest& request, db::Reader& reader) {
  rpc::Violations violations;
  ASC_TRY(CheckTeam(reader, request.authority(), "team_id", request.team_id(), violations));
  PutAdviceFirst(request.details(), violations);
  return violations.ToStatus();
}

// Keeps a new referral, or gives back the one that is open for this person and purpose.
absl::Status OpenOrOffer(const ReferralStore& store, const rpc::Call& call,
                         const v1::OpenReferralRequest& request, db::Reader& reader,
                         v1::CheckReferralResponse& check,
                         rpc::Result<v1::OpenReferralResponse>& result) {
  v1::Referral& referral = *result.response.mutable_referral();
  FillReferral(call, request, check, referral);
  ASC_TRY(NameKeptPeople(reader, call.authority, {}, *referral.mutable_details()));
  Recognition recognition = store.Recognise(call.authority, referral.details().person());
  ASC_TRY_ASSIGN(auto others, OpenBeside(store, referral, recognition, reader));
  for (v1::ReferralSummary& summary : others.lookalikes) {
    *result.response.add_possible_duplicates() = std::move(summary);
  }
  if (others.same.has_value()) {
    referral = *std::move(others.same);
    result.response.set_already_open(true);
    OfferOpenReferral(call.PolicyAs<v1::ReferralPolicy>(), *check.mutable_decision());
    return KeepRisk(store, call, request, check, reader, result);
  }
  ASC_TRY(CheckTeamOf(request, reader));
  store.AddReferral(referral, result.writes);
  TakeClaims(referral, recognition, result.writes);
  for (const type::v1::DueItem& item : DueOf(referral)) {
    SetDue(call.authority, item, result.writes);
  }
  result.writes.Append(EventOf(call, referral, "referral.opened"));
  return absl::OkStatus();
}

absl::StatusOr<ListKey> KeyAfter(const rpc::Page& page, ListOrder order) {
  ListKey key = BeginningOf(order);
  if (page.after.empty()) return key;
  if (page.after.size() != 3 || !absl::SimpleAtoi(page.after[0], &key.first) ||
      !absl::SimpleAtoi(page.after[1], &key.second)) {
    rpc::Violations violations;
    violations.Add("page_token", "not a token for this list; start again without one");
    return violations.ToStatus();
  }
  key.id = page.after[2];
  return key;
}

}  // namespace

absl::StatusOr<v1::CheckReferralResponse> CheckReferral(const rpc::Call& call,
                                                        const v1::CheckReferralRequest& request) {
  const auto& policy = call.PolicyAs<v1::ReferralPolicy>();
  v1::CheckReferralResponse response = DecideReferral(request.details(), policy);
  CiteItems(policy, response);
  *response.mutable_actions() = ActionsOnConcern(request.details(), policy);
  Stamp(call, *response.mutable_decision());
  return response;
}

absl::StatusOr<rpc::Result<v1::OpenReferralResponse>> OpenReferral(
    const ReferralStore& store, const rpc::Call& call, const v1::OpenReferralRequest& request,
    db::Reader& reader) {
  const auto& policy = call.PolicyAs<v1::ReferralPolicy>();
  v1::CheckReferralResponse check = DecideReferral(request.details(), policy);
  *check.mutable_actions() = ActionsOnConcern(request.details(), policy);
  Stamp(call, *check.mutable_decision());
  rpc::Result<v1::OpenReferralResponse> result;
  if (check.decision().outcome() == v1::OUTCOME_PERMITTED) {
    ASC_TRY(OpenOrOffer(store, call, request, reader, check, result));
  }
  result.response.set_should_be_taken(check.should_be_taken());
  *result.response.mutable_bases() = std::move(*check.mutable_bases());
  *result.response.mutable_actions() = std::move(*check.mutable_actions());
  *result.response.mutable_decision() = std::move(*check.mutable_decision());
  return result;
}

absl::StatusOr<v1::GetReferralResponse> GetReferral(const ReferralStore& store,
                                                    const rpc::Call& call,
                                                    const v1::GetReferralRequest& request,
                                                    db::Reader& reader) {
  ASC_TRY_ASSIGN(auto referral, store.FindReferral(reader, call.authority, request.referral_id()));
  if (!referral.has_value()) return rpc::NotFound("referral", request.referral_id());
  v1::GetReferralResponse response;
  *response.mutable_referral() = *std::move(referral);
  return response;
}

absl::StatusOr<v1::ListReferralsResponse> ListReferrals(const ReferralStore&,
                                                        const v1::ListReferralsRequest& request,
                                                        db::Reader& reader) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  ASC_TRY_ASSIGN(const ListKey after, KeyAfter(page, OrderOf(request)));
  ASC_TRY_ASSIGN(const Person person, PersonOf(reader, request.authority(), request.person_id()));
  // One row more than is shown tells whether there is another page.
  ASC_TRY_ASSIGN(auto rows, ListReferrals(reader, request, person, after, page.size + 1));
  v1::ListReferralsResponse response;
  if (rows.size() > static_cast<std::size_t>(page.size)) {
    rows.pop_back();
    const ListKey& last = rows.back().key;
    response.set_next_page_token(
        rpc::PageToken(request, {absl::StrCat(last.first), absl::StrCat(last.second), last.id}));
  }
  response.mutable_referrals()->Reserve(static_cast<int>(rows.size()));
  for (auto& row : rows) *response.add_referrals() = std::move(row.summary);
  return response;
}

}  // namespace asc::referral
