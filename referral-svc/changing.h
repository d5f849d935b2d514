// What every change of a referral has in common: who may, from which version, and what follows it.

#ifndef ASC_REFERRAL_SVC_CHANGING_H_
#define ASC_REFERRAL_SVC_CHANGING_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"
#include "platform/policy/policy_files.h"
#include "platform/rpc/call.h"
#include "platform/rpc/validation.h"
#include "referral-svc/life_rules.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

// The referral as it stands. NOT_FOUND.
absl::StatusOr<v1::Referral> ReferralOf(const ReferralStore& store, const rpc::Call& call,
                                        const std::string& referral_id, db::Reader& reader);

// What the gates and a withdrawal look at: the referral, and what concerns raised with its id tell
// of it. Not to be kept.
absl::StatusOr<v1::Referral> WithConcerns(v1::Referral referral, db::Reader& reader);

// The referral, when `verb` may change it: NOT_FOUND, ABORTED with the current etag,
// FAILED_PRECONDITION when its status does not allow the verb.
absl::StatusOr<v1::Referral> ReferralToChange(const ReferralStore& store, const rpc::Call& call,
                                              const std::string& referral_id,
                                              const std::string& etag, Verb verb,
                                              db::Reader& reader);

// Of one referral's concerns more are not looked at; each tells of a risk.
constexpr int kConcernsMax = 100;

// What goes with a version of a referral beside the referral itself.
struct Words {
  // What was said with the verb.
  std::string note = {};
  // Why it is ranked anew.
  std::string ranking_reason = {};
  // Of an update: the fields it named.
  std::vector<std::string> update_paths = {};
};

// Makes `after` the next version of `before` and writes it with its event, its place among open
// referrals, in the waiting list and among what is due, how it is ranked where that changes, and
// the words that go with it. FAILED_PRECONDITION: another referral of the person for the same
// purpose is open.
absl::Status Keep(const ReferralStore& store, const rpc::Call& call, const v1::Referral& before,
                  const char* event_type, db::Reader& reader, v1::Referral& after,
                  db::WriteSet& writes, const Words& words = {});

// Open referrals of a subject and purpose beside one.
struct OtherOpenReferrals {
  // Of the same person.
  std::optional<v1::Referral> same;
  // Of somebody who looks the same and is known by another reference or number.
  std::vector<v1::ReferralSummary> lookalikes;
};

// What is open beside `referral`, itself left out. What is left of `recognition` when nothing of
// the same person is can be claimed: claims of a lookalike are dropped from it.
absl::StatusOr<OtherOpenReferrals> OpenBeside(const ReferralStore& store,
                                              const v1::Referral& referral,
                                              Recognition& recognition, db::Reader& reader);

// Adds a violation when the authority keeps teams here and `team_id` is none of them. An empty one
// is none that was meant.
absl::Status CheckTeam(db::Reader& reader, const std::string& authority, const char* field,
                       const std::string& team_id, rpc::Violations& violations);

// The policy that the referral was taken under, or put under since.
absl::StatusOr<std::shared_ptr<const policy::Policy>> PinnedPolicy(
    const policy::PolicySet& policies, const v1::Referral& referral);

// The event of this version of the referral: who made it, and where the referral stands from then
// on.
db::Event EventOf(const rpc::Call& call, const v1::Referral& referral, const char* type);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_CHANGING_H_
