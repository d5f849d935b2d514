// The life of a referral: which verb is possible when, and what a change may not do. Pure.

#ifndef ASC_REFERRAL_SVC_LIFE_RULES_H_
#define ASC_REFERRAL_SVC_LIFE_RULES_H_

#include <set>
#include <string>
#include <vector>

#include "asc/referral/v1/referral.pb.h"
#include "asc/type/v1/person_ref.pb.h"
#include "google/protobuf/repeated_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "referral-svc/concern_rules.h"

namespace asc::referral {

using Overrides = google::protobuf::RepeatedPtrField<v1::Override>;

// What can be done to a referral that exists.
enum class Verb {
  kUpdate,
  kAccept,
  kReturn,
  kWithdraw,
  kTransfer,
  kAllocate,
  kEndAllocation,
  kComplete,
  kReopen,
  kUndertakeLongTermSupport,
  kRecordDestination,
  kSetPriority,
  kRecordMonitoring,
  kRepin,
};

// One row of the state machine.
struct VerbRule {
  Verb verb;
  // As ListAvailableActions names it.
  const char* name;
  // The permission its method demands.
  const char* permission;
  std::vector<v1::ReferralStatus> from;
  // UNSPECIFIED: the status stays.
  v1::ReferralStatus to;
};

// The whole state machine, each verb once; used by the verbs and by ListAvailableActions.
const std::vector<VerbRule>& StateMachine();
const VerbRule& RuleOf(Verb verb);

bool IsFinal(v1::ReferralStatus status);
bool IsPossible(Verb verb, v1::ReferralStatus status);
// Why `verb` is not possible from `status`, in plain words.
std::string WhyNot(Verb verb, v1::ReferralStatus status);

// What a caller with these permissions may do now, and why not the rest.
v1::ListAvailableActionsResponse ListActions(const v1::Referral& referral,
                                             const std::set<std::string>& permissions);

// Says of the verb that would open the referral again that the person has an open one already.
void AddAlreadyOpen(v1::ListAvailableActionsResponse& response);

// Why a verb is not possible, where the answer to the verb says the same.
inline constexpr char kNoReference[] =
    "the person has no reference of the council's; add person_id with UpdateReferral, then call "
    "again";
inline constexpr char kAlreadyOpen[] =
    "the person has an open referral for this purpose already; go on with that one";

// Whether two references that share an NHS number, a reference, or name, date of birth and
// postcode, may be the same person: another number, or another identifier of the council, says no.
bool MayBeOnePerson(const type::v1::PersonRef& a, const type::v1::PersonRef& b);

// Makes what `check` found the referral's decision, without questions, its bases and what is still
// to gather. Takes the items out of `check`.
void KeepCheck(v1::CheckReferralResponse& check, v1::Referral& referral);

// The day the request was made, where nobody said it: that of the contact, else of the opening.
void FillRequestedOn(v1::Referral& referral);

// That 999 was advised, and when that was first.
void KeepAdvice(const Actions& actions, const google::protobuf::Timestamp& now,
                v1::Referral& referral);

// Whether the referral tells of abuse, neglect or danger, or did once, in whichever field.
bool IsAboutRisk(const v1::Referral& referral);

// Whether anything goes on after a referral that is completed with this outcome.
bool SomethingFollows(v1::RequestOutcome outcome);

// Whether this is the override that closing a referral about a risk needs.
bool AnswersForRisk(const v1::Override& given);

// REFUSED while a referral about a risk of abuse or neglect is withdrawn, or completed so that
// nothing follows, and nobody answers for it.
v1::Decision DecideWithdrawal(const v1::Referral& referral, const Overrides& overrides,
                              const v1::ReferralPolicy& policy);
v1::Decision DecideCompletion(const v1::Referral& referral, v1::RequestOutcome outcome,
                              const Overrides& overrides, const v1::ReferralPolicy& policy);

// Keeps, of `overrides`, what a referral about a risk was closed with.
void KeepAnswers(const Overrides& overrides, v1::Referral& referral);

// R4: that the way to an agreement is recorded, and a warning when waiting adds risk.
v1::Decision DecideDestination(const v1::Destination& destination,
                               const v1::ReferralPolicy& policy);

// R6: that the referral which is open already is given back.
void OfferOpenReferral(const v1::ReferralPolicy& policy, v1::Decision& decision);

// R6: what still has to be asked, and nothing else.
v1::GetHandoverPackResponse HandoverPack(const v1::Referral& referral,
                                         const v1::ReferralPolicy& policy);

// What changes when `referral` is put under the policy that decided `after`: one plain sentence for
// each reason, basis and item.
std::vector<std::string> RepinChanges(const v1::Referral& referral,
                                      const v1::CheckReferralResponse& after);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_LIFE_RULES_H_
