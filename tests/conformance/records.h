// Makes records in whatever service is judged, for cases that need some.

#ifndef ASC_TESTS_CONFORMANCE_RECORDS_H_
#define ASC_TESTS_CONFORMANCE_RECORDS_H_

#include <string>

#include "asc/advocacy/v1/advocacy.pb.h"
#include "asc/funding/v1/funding.pb.h"
#include "asc/gateway/v1/contact.pb.h"
#include "asc/referral/v1/referral.pb.h"

namespace asc::conformance {

// Whom this authority's procedure on referrals is for: some are for adults, some for carers only.
referral::v1::Subject CoveredSubject();

// Facts under which no basis for a referral holds and none is unknown.
referral::v1::LawfulBasis NoBasis();

// A lawful referral of somebody new.
referral::v1::OpenReferralRequest LawfulReferral();

// A contact by telephone of somebody new, who asks for nothing and of whom nothing is known.
gateway::v1::OpenContactRequest PlainContact();

// A need for an advocate of somebody new, with facts that make the duty at any authority.
advocacy::v1::OpenAdvocacyNeedRequest OwedNeed();
// The same about somebody of this kind, whether or not the authority's procedure is for them.
advocacy::v1::OpenAdvocacyNeedRequest OwedNeedFor(advocacy::v1::Subject subject);

// A request for visits of somebody new, with every factor that a decision must regard.
funding::v1::OpenFundingRequestRequest WholeFundingRequest();

// Makes one record of the service's main type and gives its id; a failed call fails the case.
std::string MakeRecord();

// Makes one record and changes it at least once. Empty, and the case is failed, when it cannot.
std::string MakeRecordOfSeveralVersions();

}  // namespace asc::conformance

#endif  // ASC_TESTS_CONFORMANCE_RECORDS_H_
