#include "referral-svc/changing.h"

#include <utility>

#include "google/protobuf/util/message_differencer.h"
#include "platform/rpc/errors.h"
#include "platform/status/macros.h"
#include "referral-svc/concern_rules.h"
#include "referral-svc/due_rules.h"
#include "referral-svc/due_store.h"
#include "referral-svc/joint_store.h"
#include "referral-svc/note_store.h"
#include "referral-svc/open_referral_store.h"
#include "referral-svc/stamp.h"
#include "referral-svc/team_store.h"
#include "referral-svc/waiting_rules.h"
#include "referral-svc/waiting_store.h"

namespace asc::referral {
namespace {

using google::protobuf::util::MessageDifferencer;

// Whether the two may not hold the same place among open referrals.
bool ChangesPlace(const v1::Referral& before, const v1::Referral& after) {
  return IsFinal(before.status()) != IsFinal(after.status()) ||
         before.details().purpose() != after.details().purpose() ||
         before.details().subject() != after.details().subject() ||
         !MessageDifferencer::Equals(before.details().person(), after.details().person());
}

// The referral with this id, when it is open and may be of the same person as `referral`.
absl::StatusOr<std::optional<v1::Referral>> SamePersonsOpen(const ReferralStore& store,
                                                            const v1::Referral& referral,
                                                            const std::string& other_id,
                                                            db::Reader& reader) {
  ASC_TRY_ASSIGN(auto other, store.FindReferral(reader, referral.authority(), other_id));
  if (!other.has_value() || IsFinal(other->status())) return std::optional<v1::Referral>();
  if (!MayBeOnePerson(other->details().person(), referral.details().person())) {
    return std::optional<v1::Referral>();
  }
  return other;
}

// Whether the two were open beside each other before this change: after a merge each stays, and can
// still be corrected.
absl::StatusOr<bool> StoodBesideBefore(const ReferralStore& store, const v1::Referral& before,
                                       const v1::Referral& other, db::Reader& reader) {
  const bool alike = before.details().purpose() == other.details().purpose() &&
                     before.details().subject() == other.details().subject();
  if (IsFinal(before.status()) || !alike) return false;
  Recognition recognition = store.Recognise(before.authority(), before.details().person());
  ASC_TRY_ASSIGN(const auto known, OpenBeside(store, before, recognition, reader));
  return known.same.has_value() && known.same->referral_id() == other.referral_id();
}

absl::Status KeepPlace(const ReferralStore& store, const v1::Referral& before,
                       const v1::Referral& after, db::Reader& reader, db::WriteSet& writes) {
  GiveUpClaims(after, writes);
  if (IsFinal(after.status())) return absl::OkStatus();
  Recognition recognition = store.Recognise(after.authority(), after.details().person());
  ASC_TRY_ASSIGN(const auto others, OpenBeside(store, after, recognition, reader));
  if (others.same.has_value()) {
    ASC_TRY_ASSIGN(const bool stays, StoodBesideBefore(store, before, *others.same, reader));
    if (!stays) {
      return rpc::PreconditionFailed("REFERRAL_ALREADY_OPEN", others.same->referral_id(),
                                     kAlreadyOpen);
    }
  }
  TakeClaims(after, recognition, writes);
  return absl::OkStatus();
}

bool Waits(const v1::Referral& referral) {
  return referral.status() == v1::REFERRAL_STATUS_ACCEPTED;
}

absl::Status KeepWaiting(const rpc::Call& call, const v1::Referral& before,
                         const v1::Referral& after, const std::string& reason, db::Reader& reader,
                         db::WriteSet& writes) {
  if (Waits(before)) RemoveWaiting(after, writes);
  const bool factors_set = !MessageDifferencer::Equals(before.priority(), after.priority());
  if (!Waits(after) && !factors_set) return absl::OkStatus();
  const v1::WaitingEntry entry = RankWaiting(after, call.PolicyAs<v1::ReferralPolicy>());
  if (Waits(after)) AddWaiting(after, entry, writes);
  ASC_TRY_ASSIGN(const auto last, LastRanking(reader, after.authority(), after.referral_id()));
  v1::RankingChange change = CompareRanking(last, after.priority(), entry);
  if (last.has_value() && !IsRankedAnew(change)) return absl::OkStatus();
  change.set_reason(reason);
  *change.mutable_policy_version() = call.PolicyVersion();
  AddRanking(after, change, writes);
  return absl::OkStatus();
}

void KeepWords(const rpc::Call& call, const v1::Referral& after, const char* event_type,
               const Words& words, db::WriteSet& writes) {
  if (words.note.empty() && words.update_paths.empty()) return;
  v1::ReferralNote note;
  note.set_version(after.version());
  note.set_type(event_type);
  note.set_text(words.note);
  note.set_said_by(call.caller == nullptr ? "" : call.caller->subject);
  *note.mutable_said_at() = ToTimestamp(call.now);
  note.mutable_update_paths()->Assign(words.update_paths.begin(), words.update_paths.end());
  AddNote(after, note, writes);
}

void KeepDue(const v1::Referral& before, const v1::Referral& after, db::WriteSet& writes) {
  if (!DueOf(before).empty()) {
    ClearDue(after.authority(), "referral", after.referral_id(), writes);
  }
  for (const type::v1::DueItem& item : DueOf(after)) SetDue(after.authority(), item, writes);
}

}  // namespace

db::Event EventOf(const rpc::Call& call, const v1::Referral& referral, const char* type) {
  db::Event event{.record_type = "referral",
                  .record_id = referral.referral_id(),
                  .record_version = referral.version(),
                  .type = type};
  if (call.caller != nullptr) event.attributes["by"] = call.caller->subject;
  const auto say = [&event](const char* key, const std::string& value) {
    if (!value.empty()) event.attributes[key] = value;
  };
  say("status", v1::ReferralStatus_Name(referral.status()));
  say("team_id", referral.team_id());
  say("worker_id", referral.worker_id());
  if (referral.return_reason() != v1::RETURN_REASON_UNSPECIFIED) {
    say("return_reason", v1::ReturnReason_Name(referral.return_reason()));
  }
  const auto outcome = referral.details().statutory_return().request_outcome();
  if (outcome != v1::REQUEST_OUTCOME_UNSPECIFIED) {
    say("request_outcome", v1::RequestOutcome_Name(outcome));
  }
  return event;
}

absl::StatusOr<std::shared_ptr<const policy::Policy>> PinnedPolicy(
    const policy::PolicySet& policies, const v1::Referral& referral) {
  return policies.Find(referral.authority(), referral.decision().policy_version().hash());
}

absl::StatusOr<v1::Referral> ReferralOf(const ReferralStore& store, const rpc::Call& call,
                                        const std::string& referral_id, db::Reader& reader) {
  ASC_TRY_ASSIGN(auto referral, store.FindReferral(reader, call.authority, referral_id));
  if (!referral.has_value()) return rpc::NotFound("referral", referral_id);
  return *std::move(referral);
}

absl::StatusOr<v1::Referral> WithConcerns(v1::Referral referral, db::Reader& reader) {
  ASC_TRY_ASSIGN(const auto concerns, ConcernsOfReferral(reader, referral.authority(),
                                                         referral.referral_id(), kConcernsMax));
  TakeConcerns(concerns, referral);
  return referral;
}

absl::StatusOr<v1::Referral> ReferralToChange(const ReferralStore& store, const rpc::Call& call,
                                              const std::string& referral_id,
                                              const std::string& etag, Verb verb,
                                              db::Reader& reader) {
  ASC_TRY_ASSIGN(v1::Referral referral, ReferralOf(store, call, referral_id, reader));
  if (rpc::VersionOf(etag) != referral.version()) {
    return rpc::StaleEtag("referral", referral_id, referral.etag());
  }
  if (!IsPossible(verb, referral.status())) {
    return rpc::PreconditionFailed("REFERRAL_STATUS", referral_id, WhyNot(verb, referral.status()));
  }
  return referral;
}

absl::StatusOr<OtherOpenReferrals> OpenBeside(const ReferralStore& store,
                                              const v1::Referral& referral,
                                              Recognition& recognition, db::Reader& reader) {
  const OpenFilter like{referral.details().purpose(), referral.details().subject()};
  // First the claims: whoever takes one from here on is met by its key when this is written.
  ASC_TRY_ASSIGN(const auto holders,
                 HoldersOfClaims(reader, referral.authority(), like, recognition.claims));
  OtherOpenReferrals others;
  std::vector<std::string> free;
  for (std::size_t i = 0; i < holders.size(); ++i) {
    if (holders[i].empty() || holders[i] == referral.referral_id()) {
      free.push_back(recognition.claims[i]);
      continue;
    }
    ASC_TRY_ASSIGN(auto other, store.FindReferral(reader, referral.authority(), holders[i]));
    if (!other.has_value() || IsFinal(other->status())) {
      // It has just been closed and gives its claims up.
      free.push_back(recognition.claims[i]);
    } else if (MayBeOnePerson(other->details().person(), referral.details().person())) {
      if (!others.same.has_value()) others.same = std::move(other);
    }
  }
  recognition.claims = std::move(free);
  ASC_TRY_ASSIGN(auto found, FindOpenReferrals(reader, recognition, referral.authority(), like));
  for (v1::ReferralSummary& summary : found) {
    if (summary.referral_id() == referral.referral_id()) continue;
    ASC_TRY_ASSIGN(auto other, SamePersonsOpen(store, referral, summary.referral_id(), reader));
    if (!other.has_value()) {
      others.lookalikes.push_back(std::move(summary));
    } else if (!others.same.has_value()) {
      others.same = std::move(other);
    }
  }
  return others;
}

absl::Status CheckTeam(db::Reader& reader, const std::string& authority, const char* field,
                       const std::string& team_id, rpc::Violations& violations) {
  if (team_id.empty()) return absl::OkStatus();
  ASC_TRY_ASSIGN(const auto team, FindTeam(reader, authority, team_id));
  if (team.has_value()) return absl::OkStatus();
  // An authority that keeps its teams elsewhere names them as they are named there.
  ASC_TRY_ASSIGN(const auto any, ListTeamRows(reader, authority, {}, 1));
  if (!any.empty()) violations.Add(field, "there is no such team; ListTeams gives those there are");
  return absl::OkStatus();
}

absl::Status Keep(const ReferralStore& store, const rpc::Call& call, const v1::Referral& before,
                  const char* event_type, db::Reader& reader, v1::Referral& after,
                  db::WriteSet& writes, const Words& words) {
  after.set_version(before.version() + 1);
  after.set_etag(rpc::EtagOf(after.version()));
  *after.mutable_updated_at() = ToTimestamp(call.now);
  store.ChangeReferral(after, writes);
  if (ChangesPlace(before, after)) ASC_TRY(KeepPlace(store, before, after, reader, writes));
  ASC_TRY(KeepWaiting(call, before, after, words.ranking_reason, reader, writes));
  KeepDue(before, after, writes);
  KeepWords(call, after, event_type, words, writes);
  writes.Append(EventOf(call, after, event_type));
  return absl::OkStatus();
}

}  // namespace asc::referral
