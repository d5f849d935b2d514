// What each kind of step is: when a contact has it, what it asks of which service, and what the
// answer means. Pure.

#ifndef ASC_GATEWAY_STEP_KINDS_H_
#define ASC_GATEWAY_STEP_KINDS_H_

#include <vector>

#include "absl/time/time.h"
#include "gateway/step_ground.h"
#include "platform/rpc/errors.h"

namespace asc::gateway {

struct StepKindRules {
  v1::StepKind kind;
  // Those whose outcome this one looks at: it waits until they have ended.
  std::vector<v1::StepKind> after;
  // Whether the contact has this step, as the facts are.
  bool (*applies)(const StepGround& ground);
  // Fills in whom to ask what, and what the facts themselves trigger. The service stays empty where
  // the gateway decides alone.
  void (*ask)(const StepGround& ground, journal::StoredStep& step);
  // Reads the response and fills in decision, outcomes, actions, what is still to gather and the
  // record made. False: the bytes are no answer to the method. Null: no service is ever asked.
  bool (*read)(const v1::GatewayPolicy& policy, journal::StoredStep& step);
  // Where a field of what is sent stands in OpenContactRequest. Null: no service is ever asked.
  std::string (*field)(const std::string& sent) = nullptr;
  // Contradictions in the facts that this step passes on, named as the contact asks for them.
  // Whether the step applies does not matter: it may later.
  void (*check)(const v1::Contact& contact, absl::Time now, rpc::Violations& violations) = nullptr;
  // Asked again at each change of the facts, although the question is the same: the answer may have
  // changed at the service.
  bool asks_again = false;
  // Once it has made a record, a change of the facts is checked against it.
  bool checks_record = false;
  // The number of the field of ContactFacts that its record is made of, once: when it is made, the
  // facts no longer change. 0: they may.
  int record_field = 0;
  // The method that makes that record.
  const char* record_method = nullptr;
};

// Every kind, each behind those it waits for.
const std::vector<StepKindRules>& StepKinds();

// Null: a kind that this program does not know.
const StepKindRules* RulesOf(v1::StepKind kind);

// Whether the authority's procedure has the step and the facts ask for it.
bool Needs(const StepGround& ground, const StepKindRules& rules);

// Whom `step` asks what, and what the facts trigger.
void Ask(const StepGround& ground, const StepKindRules& rules, journal::StoredStep& step);

// Asks the same of the version of the record that `etag` names, under a key of its own.
void AskOfVersion(const std::string& etag, const std::string& request_id,
                  journal::StoredStep& step);

// Contradictions in the facts of a contact, each by the field of OpenContactRequest.
void CheckFacts(const v1::Contact& contact, absl::Time now, rpc::Violations& violations);

// Whether two steps of one kind ask for the same thing, apart from the key they are known by.
bool AskTheSame(const journal::StoredStep& one, const journal::StoredStep& other);

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_STEP_KINDS_H_
