// What is due of promises, originals and referrals, and how an original may travel (W2-W7). Pure.

#ifndef ASC_REFERRAL_SVC_DUE_RULES_H_
#define ASC_REFERRAL_SVC_DUE_RULES_H_

#include <optional>
#include <vector>

#include "asc/referral/v1/referral.pb.h"

namespace asc::referral {

// Nothing once the promise is closed.
std::optional<type::v1::DueItem> DueOf(const v1::CallBack& callback);
// Nothing unless an acknowledgement is asked for and not sent.
std::optional<type::v1::DueItem> DueOf(const v1::Custody& custody);

// What is due of the referral: that somebody looks again at who waits (AL1), and that the person is
// asked again about the earliest communication need with a day of review. Nothing once it is
// closed.
std::vector<type::v1::DueItem> DueOf(const v1::Referral& referral);

// What to do with an original that has come in, in the procedure's order. A procedure without a
// list of its own for written contacts may speak of originals among what is done when nobody is
// available.
std::vector<v1::Action> CustodyActions(const v1::RecordCustodyRequest& request,
                                       const v1::ReferralPolicy& policy);

// Whether an original that came by `channel` may be sent on by `sent_by` (W6), or filed.
v1::Decision DecideCustody(v1::Channel channel, const v1::UpdateCustodyRequest& request,
                           const v1::ReferralPolicy& policy);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_DUE_RULES_H_
