#include "referral-svc/referral_checks.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "platform/facts/tri_state.h"

namespace asc::referral {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_YES;
using facts::Known;

// A caller's clock may run this much ahead of ours.
constexpr absl::Duration kClockSkewMax = absl::Minutes(5);

// Saturates, so that no value a caller may send overflows.
absl::Time ToTime(const google::protobuf::Timestamp& at) {
  return absl::FromUnixSeconds(at.seconds()) + absl::Nanoseconds(at.nanos());
}

void NotInFuture(bool present, const google::protobuf::Timestamp& at, absl::Time now,
                 const std::string& field, rpc::Violations& violations) {
  if (present && ToTime(at) > now + kClockSkewMax) violations.Add(field, "lies in the future");
}

// Dates are text, YYYY-MM-DD, and so in order. UTC is never behind the date in Britain by more than
// the hour of summer time, which the skew covers.
void NotInFuture(const std::string& date, absl::Time now, const std::string& field,
                 rpc::Violations& violations) {
  const std::string today = absl::FormatTime("%Y-%m-%d", now + absl::Hours(1), absl::UTCTimeZone());
  if (date > today) violations.Add(field, "lies in the future");
}

template <class List>
void NoneMeansNone(Answer any, const List& list, const std::string& field,
                   rpc::Violations& violations) {
  if (any == ANSWER_NO && !list.empty()) {
    violations.Add(field, "is NO, although something is listed");
  }
}

void CheckBasis(const v1::LawfulBasis& basis, absl::Time now, rpc::Violations& violations) {
  const v1::Consent& consent = basis.consent();
  NotInFuture(consent.has_given_at(), consent.given_at(), now,
              "details.lawful_basis.consent.given_at", violations);
  if (consent.given() == ANSWER_NO && consent.has_given_at()) {
    violations.Add("details.lawful_basis.consent.given_at", "there is no consent to date");
  }
  if (consent.given() == ANSWER_NO && consent.how() != v1::CONSENT_FORM_UNSPECIFIED) {
    violations.Add("details.lawful_basis.consent.how", "there is no consent to describe");
  }
  NotInFuture(basis.capacity().assessed_on(), now, "details.lawful_basis.capacity.assessed_on",
              violations);
  if (basis.capacity().assessed() == ANSWER_NO && !basis.capacity().assessed_on().empty()) {
    violations.Add("details.lawful_basis.capacity.assessed_on", "there is no assessment to date");
  }
  if (basis.capacity().lacks_capacity() == ANSWER_NO &&
      basis.best_interests().decided() == ANSWER_YES) {
    violations.Add("details.lawful_basis.best_interests.decided",
                   "nobody decides in the best interests of a person who has capacity");
  }
  NotInFuture(basis.best_interests().decided_on(), now,
              "details.lawful_basis.best_interests.decided_on", violations);
}

void CheckReferrerIsAnother(const v1::ReferralDetails& details, rpc::Violations& violations) {
  const v1::Referrer& referrer = details.referrer();
  const Answer self = Known(details.lawful_basis().made_by_the_person());
  const bool same_id =
      !referrer.person_id().empty() && referrer.person_id() == details.person().person_id();
  if (self == ANSWER_NO && same_id) {
    violations.Add("details.referrer.person_id", "is the person, who is said not to refer");
  }
  if (self == ANSWER_NO && referrer.type() == v1::REQUESTER_TYPE_SELF) {
    violations.Add("details.referrer.type", "is SELF, although the person is said not to refer");
  }
  if (self != ANSWER_YES || same_id) return;
  if (!referrer.full_name().empty() && referrer.full_name() != details.person().full_name()) {
    violations.Add("details.referrer.full_name",
                   "is another, although the person is said to refer");
  }
}

void CheckLists(const v1::ReferralDetails& details, rpc::Violations& violations) {
  NoneMeansNone(details.prior_options().any(), details.prior_options().options(),
                "details.prior_options.any", violations);
  NoneMeansNone(details.information().any(), details.information().given(),
                "details.information.any", violations);
  NoneMeansNone(details.prevention().any(), details.prevention().services(),
                "details.prevention.any", violations);
  NoneMeansNone(details.communication().any(), details.communication().needs(),
                "details.communication.any", violations);
  NoneMeansNone(details.services().any(), details.services().services(), "details.services.any",
                violations);
  NoneMeansNone(details.involve().any(), details.involve().people(), "details.involve.any",
                violations);
  NoneMeansNone(details.other().any(), details.other().matters(), "details.other.any", violations);
}

void CheckPeople(const v1::ReferralDetails& details, absl::Time now, rpc::Violations& violations) {
  for (int i = 0; i < details.involve().people_size(); ++i) {
    if (details.involve().people(i).consent() != ANSWER_NO) continue;
    violations.Add(absl::StrCat("details.involve.people[", i, "].consent"),
                   "is NO: nobody is named against the person's wish");
  }
  for (int i = 0; i < details.services().services_size(); ++i) {
    const v1::SupportService& service = details.services().services(i);
    if (!service.ended_on().empty() && service.ended_on() < service.started_on()) {
      violations.Add(absl::StrCat("details.services.services[", i, "].ended_on"),
                     "is before started_on");
    }
  }
  for (int i = 0; i < details.statements_size(); ++i) {
    const v1::Statement& statement = details.statements(i);
    const std::string field = absl::StrCat("details.statements[", i, "]");
    if (statement.said_by() == v1::SPEAKER_OTHER && statement.speaker_name().empty()) {
      violations.Add(field + ".speaker_name", "required with OTHER");
    }
    NotInFuture(statement.has_said_at(), statement.said_at(), now, field + ".said_at", violations);
  }
}

}  // namespace

void CheckDetails(const v1::ReferralDetails& details, absl::Time now, rpc::Violations& violations) {
  NotInFuture(details.person().born_on(), now, "details.person.born_on", violations);
  NotInFuture(details.has_received_at(), details.received_at(), now, "details.received_at",
              violations);
  CheckBasis(details.lawful_basis(), now, violations);
  CheckReferrerIsAnother(details, violations);
  CheckLists(details, violations);
  CheckPeople(details, now, violations);
}

void CheckSetAllocation(const v1::SetAllocationRequest& request, rpc::Violations& violations) {
  if (!request.allocation_id().empty() && request.etag().empty()) {
    violations.Add("etag", "required with allocation_id");
  }
  if (request.allocation_id().empty() && !request.etag().empty()) {
    violations.Add("allocation_id", "required with etag");
  }
  const bool to_worker = request.role() == v1::ALLOCATION_ROLE_WORKER;
  if (to_worker && request.worker_id().empty()) {
    violations.Add("worker_id", "required with role WORKER");
  }
  if (!to_worker && request.role() != v1::ALLOCATION_ROLE_UNSPECIFIED) {
    if (request.team_id().empty()) violations.Add("team_id", "required with this role");
    if (!request.worker_id().empty()) violations.Add("worker_id", "a team is responsible here");
  }
}

void CheckListAllocations(const v1::ListAllocationsRequest& request, rpc::Violations& violations) {
  if (request.person_id().empty() && request.worker_id().empty() && request.team_id().empty()) {
    violations.Add("person_id", "one of person_id, worker_id and team_id is required");
  }
}

void CheckSetAvailability(const v1::SetWorkerAvailabilityRequest& request,
                          rpc::Violations& violations) {
  for (int i = 0; i < request.absences_size(); ++i) {
    const v1::Absence& absence = request.absences(i);
    const std::string field = absl::StrCat("absences[", i, "]");
    if (absence.has_ends_at() && ToTime(absence.ends_at()) <= ToTime(absence.begins_at())) {
      violations.Add(field + ".ends_at", "is not after begins_at");
    }
    if (i == 0) continue;
    const v1::Absence& before = request.absences(i - 1);
    if (!before.has_ends_at() || ToTime(before.ends_at()) > ToTime(absence.begins_at())) {
      violations.Add(field + ".begins_at", "is before the end of the absence before it");
    }
  }
}

void CheckRouteContact(const v1::RouteContactRequest& request, absl::Time now,
                       rpc::Violations& violations) {
  if (request.worker_id().empty() && request.team_id().empty()) {
    violations.Add("worker_id", "one of worker_id and team_id is required");
  }
  const v1::RouteFacts& facts = request.facts();
  if (facts.available_now() == ANSWER_YES && facts.has_available_from()) {
    violations.Add("facts.available_from", "is given, although the worker is there now");
  }
  if (facts.return_known() == ANSWER_YES && !facts.has_available_from()) {
    violations.Add("facts.available_from", "required when the return is known");
  }
  if (facts.return_known() != ANSWER_YES && facts.has_available_from()) {
    violations.Add("facts.return_known", "must be YES with available_from");
  }
  if (facts.has_available_from() && ToTime(facts.available_from()) <= now) {
    violations.Add("facts.available_from", "must lie in the future");
  }
}

}  // namespace asc::referral
