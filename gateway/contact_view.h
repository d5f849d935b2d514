// A contact as a caller sees it. Pure.

#ifndef ASC_GATEWAY_CONTACT_VIEW_H_
#define ASC_GATEWAY_CONTACT_VIEW_H_

#include "gateway/journal.h"

namespace asc::gateway {

v1::Contact Present(const Journal& journal);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_CONTACT_VIEW_H_
