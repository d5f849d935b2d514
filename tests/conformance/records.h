// Makes records in whatever service is judged, for cases that need some.

#ifndef ASC_TESTS_CONFORMANCE_RECORDS_H_
#define ASC_TESTS_CONFORMANCE_RECORDS_H_

#include <string>

#include "asc/advocacy/v1/advocacy.pb.h"
#include "asc/funding/v1/funding.pb.h"
#include "asc/gateway/v1/contact.pb.h"
#include "asc/referral/v1/referral.pb.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {

// Whom this authority's procedure on referrals is for: some are for adults, some for carers only.
referral::v1::Subject CoveredSubject();

// Facts under which no basis for a referral holds and none is unknown.
referral::v1::LawfulBasis NoBasis();

// A lawful referral of somebody new.
referral::v1::OpenReferralRequest LawfulReferral();

// A team that the authority has; where it keeps none here, any name will do.
std::string FreshTeam();

// A writing request of any type, nobody's repeat.
template <class Request>
Request New() {
  Request request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  return request;
}

// The same about this version of a referral.
template <class Request>
Request About(const referral::v1::Referral& referral) {
  auto request = New<Request>();
  request.set_referral_id(referral.referral_id());
  request.set_etag(referral.etag());
  return request;
}

// Somebody answers for passing what this rule demands.
template <class Request>
void AddOverride(const std::string& rule_id, Request& request) {
  referral::v1::Override& given = *request.add_overrides();
  given.set_rule_id(rule_id);
  given.set_decided_by("kit manager");
  given.set_reason("tried by the kit");
}

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
