// What stands before a transfer, and before longer-term support (P1, P2, F1, R0, A8).
//
// Pure: the same referral, facts, overrides and policy always give the same answer.

#ifndef ASC_REFERRAL_SVC_TRANSFER_RULES_H_
#define ASC_REFERRAL_SVC_TRANSFER_RULES_H_

#include <vector>

#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// PERMITTED: every gate that holds is open, or passed by an override that its strength allows.
// REFUSED: one is closed. CANNOT_TELL: one may be. Nothing holds up a transfer for safeguarding,
// urgent support or an assessment that appearance of need requires: then there are no gates. What
// the referral says of safeguarding goes before what the caller says. An advocate who is missing,
// or may be, is among the reasons also where that holds nothing up. The caller puts in policy
// version and time of decision.
struct GateDecision {
  v1::Decision decision;
  // Those that apply or may apply, in the order P1, P2, F1, R0, A8.
  std::vector<v1::Gate> gates;
  // The overrides that passed a gate, as they are to be kept. One that names a gate of strength
  // MUST, an open gate or none at all is not among them, and changes nothing.
  std::vector<v1::Override> used;
};

// For CheckTransfer, without overrides, and TransferReferral.
GateDecision DecideTransfer(const v1::ReferralDetails& details, const v1::TransferFacts& facts,
                            const std::vector<v1::Override>& overrides,
                            const v1::ReferralPolicy& policy);

// For CheckLongTermSupport, without overrides, and UndertakeLongTermSupport. It does not bar urgent
// support that is not longer-term; no urgency lifts the gates of longer-term support.
GateDecision DecideLongTermSupport(const v1::ReferralDetails& details,
                                   const v1::TransferFacts& facts,
                                   const std::vector<v1::Override>& overrides,
                                   const v1::ReferralPolicy& policy);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_TRANSFER_RULES_H_
