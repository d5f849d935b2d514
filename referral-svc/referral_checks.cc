#include "referral-svc/referral_checks.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protos/checks/moments.h"
#include "protos/checks/referral_checks.h"

namespace asc::referral {

using checks::ToTime;

void PutAdviceFirst(const char* field, rpc::Violations& violations) {
  if (violations.empty()) return;
  rpc::Violations advice;
  advice.Add(field, "call 999 now, whatever else is wrong here; then correct the other fields");
  advice.Join(std::move(violations));
  violations = std::move(advice);
}

void PutAdviceFirst(const v1::ReferralDetails& details, rpc::Violations& violations) {
  if (details.safeguarding().imminent_danger_or_crime() != type::v1::ANSWER_YES) return;
  PutAdviceFirst("details.safeguarding.imminent_danger_or_crime", violations);
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
  if (to_worker && request.allocation_id().empty() && !request.referral_id().empty()) {
    violations.Add("referral_id", "AllocateReferral gives a referral to a worker");
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

void CheckRouteContact(const rpc::Call& call, const v1::RouteContactRequest& request,
                       rpc::Violations& violations) {
  if (request.worker_id().empty() && request.team_id().empty()) {
    violations.Add("worker_id", "one of worker_id and team_id is required");
  }
  checks::CheckRouteFacts(request.facts(), "facts", call.now, violations);
}

void CheckFind(const v1::FindOpenReferralsRequest& request, rpc::Violations& violations) {
  const type::v1::PersonRef& person = request.person();
  const bool named =
      !person.full_name().empty() && !person.born_on().empty() && !person.postcode().empty();
  const bool known = !person.person_id().empty() || !person.nhs_number().empty();
  if (request.has_person() && !known && !named) {
    violations.Add("person.nhs_number",
                   "required, unless person_id, or full_name, born_on and postcode, are given");
  }
}

void CheckUndertake(const v1::UndertakeLongTermSupportRequest& request,
                    rpc::Violations& violations) {
  if (request.facts().longer_term_work() == type::v1::ANSWER_NO) {
    violations.Add("facts.longer_term_work", "NO, while longer-term work is undertaken");
  }
}

void CheckMonitoring(const rpc::Call& call, const v1::RecordMonitoringRequest& request,
                     rpc::Violations& violations) {
  if (request.has_monitor_at() && ToTime(request.monitor_at()) < call.now - checks::kClockSkewMax) {
    violations.Add("monitor_at", "lies in the past");
  }
}

void CheckMerge(const v1::MergePeopleRequest& request, rpc::Violations& violations) {
  if (!request.from_person_id().empty() && request.from_person_id() == request.into_person_id()) {
    violations.Add("into_person_id", "is the reference that is given up");
  }
}

}  // namespace asc::referral
