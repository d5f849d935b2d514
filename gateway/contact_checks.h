// What the parts of a contact must not say against each other. Each part is checked in itself by
// the checks of its own contract (protos/checks). Pure.
//
// Only what cannot both be so is refused. Parts may differ where they speak of different things:
// capacity is one of a decision, so it may be lacking for a process and not for a referral; and
// what is charged for may be for another than the contact is about, because care that takes a
// carer's place is charged to the person cared for. And no concern is refused for what else was
// said: in danger a slip of the pen must not delay the advice.

#ifndef ASC_GATEWAY_CONTACT_CHECKS_H_
#define ASC_GATEWAY_CONTACT_CHECKS_H_

#include "asc/gateway/v1/contact.pb.h"
#include "platform/rpc/errors.h"

namespace asc::gateway {

// One violation for every fact that contradicts another part, or the contact itself.
void CheckParts(const v1::Contact& contact, rpc::Violations& violations);

// The same for who makes contact. Said once and for all when a contact is opened, so it is not
// looked at again: the person's name may be corrected later.
void CheckContacting(const v1::OpenContactRequest& request, rpc::Violations& violations);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_CONTACT_CHECKS_H_
