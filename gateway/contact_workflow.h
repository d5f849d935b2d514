// What to do next about a contact: pure functions of what the journal says, the policy and the
// time. No I/O, no clock, no other service.
//
// Why it recovers. A step's intention, with the exact bytes to send and the request_id the service
// knows it by, is on disk before the service hears of it; its outcome is written with what follows
// from it. After a crash the journal shows the intention without outcome, the same bytes are sent
// again, and the service's own idempotency gives the first answer. Nothing here depends on the
// order in which steps end: what is shown, what is due and what comes next follow from the set of
// outcomes alone.

#ifndef ASC_GATEWAY_CONTACT_WORKFLOW_H_
#define ASC_GATEWAY_CONTACT_WORKFLOW_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "asc/gateway/v1/policy.pb.h"
#include "gateway/journal.h"

namespace asc::gateway {

// The steps that may run now: intentions that wait for nothing, and steps that have none yet. Each
// is complete: what is sent, to whom, under which request_id. Steps of one contact have no mutual
// need and may run in parallel, except that a step waits until the same step of earlier facts has
// ended.
std::vector<journal::StoredStep> RunnableSteps(const Journal& journal,
                                               const v1::GatewayPolicy& policy, absl::Time now);

// The steps that nobody but the gateway answers are decided here.
journal::StoredStep Decided(const journal::StoredStep& step, const v1::Contact& contact,
                            const v1::GatewayPolicy& policy,
                            const asc::type::v1::PolicyVersion& version);

// `step` after the service answered with these bytes. A step is parked when they cannot be read.
journal::StoredStep Answered(const journal::StoredStep& step, const std::string& response,
                             const v1::GatewayPolicy& policy, absl::Time now);

// Puts `step` in the place of the one with its kind and revision, or adds it.
void Put(Journal& journal, journal::StoredStep step);

// Brings actions and status in line with the steps: adds what follows now, withdraws what no longer
// does, keeps what people have completed.
void Settle(Journal& journal, const v1::GatewayPolicy& policy, absl::Time now);

// The journal once people have completed an action of it, or put it aside: as settled, and with
// what services have to be asked again because of it.
void FollowCompletion(Journal& journal, const std::string& action_id,
                      const v1::GatewayPolicy& policy, absl::Time now);

// Whether nothing automatic is left to do until somebody acts or a fact changes.
bool Settled(const Journal& journal);

// When the next attempt is due; InfiniteFuture: none waits.
absl::Time NextAttempt(const Journal& journal);

// The contact as it is asked for, before anything follows from it.
v1::Contact ContactOf(const v1::OpenContactRequest& request, absl::Time now);

// The contact with what is given taken over, and what is taken back emptied before; what is left
// out stays.
v1::Contact WithAdded(const v1::Contact& before, const v1::AddFactsRequest& request);

// A fact that a record has been made of, or is being made of: then the identifier is empty.
struct FixedFact {
  std::string field;
  std::string record_id;
};
// Those that `contact` would change.
std::vector<FixedFact> FixedFactsChanged(const Journal& journal, const v1::Contact& contact);

// The journal of a contact that has just come in: its first steps intended, the gateway's own ones
// decided. The lease is the caller's to set.
Journal Opened(const v1::OpenContactRequest& request, const std::string& contact_id,
               const std::string& opened_by, const v1::GatewayPolicy& policy,
               const asc::type::v1::PolicyVersion& version, absl::Time now);

// The journal of the contact as facts were added to it: equal to `journal` when nothing changed,
// else with the next facts revision, its steps intended and the gateway's own ones decided.
Journal WithFacts(const Journal& journal, v1::Contact contact, const v1::GatewayPolicy& policy,
                  absl::Time now);

// Intends what may run now and has no intention yet; decides what the gateway decides itself.
void Intend(Journal& journal, const v1::GatewayPolicy& policy, absl::Time now);

// The request_id by which a service knows a step.
std::string RequestIdOf(const std::string& contact_id, v1::StepKind kind, int facts_revision);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_CONTACT_WORKFLOW_H_
