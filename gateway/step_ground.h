// What the rules of a step may look at, and what they have in common. Pure.

#ifndef ASC_GATEWAY_STEP_GROUND_H_
#define ASC_GATEWAY_STEP_GROUND_H_

#include <algorithm>
#include <map>
#include <string>

#include "asc/funding/v1/funding.pb.h"
#include "asc/gateway/v1/policy.pb.h"
#include "gateway/journal.pb.h"

namespace asc::gateway {

// The facts, the policy, and what the steps before came to.
struct StepGround {
  const v1::Contact& contact;
  const v1::GatewayPolicy& policy;
  // The newest step of each kind that has come to something.
  std::map<v1::StepKind, const journal::StoredStep*> done;
  // By kind: the step that made a record.
  std::map<v1::StepKind, const journal::StoredStep*> recorded;
  // By service name: the policy that this contact is decided under there.
  std::map<std::string, asc::type::v1::PolicyVersion> service_policies;
};

inline bool Yes(asc::type::v1::Answer answer) { return answer == asc::type::v1::ANSWER_YES; }

// Whether it has been said who the contact is about; a postcode alone is nobody.
bool Identified(const v1::Contact& contact);

// Of a contact, or of the request that opens one.
template <class Asking>
bool AsksFor(const Asking& asking, v1::Ask ask) {
  return std::find(asking.asks().begin(), asking.asks().end(), ask) != asking.asks().end();
}

// What is known of the urgency, wherever it was said.
asc::funding::v1::UrgentFacts UrgentFactsOf(const v1::ContactFacts& facts);

// A need is said to be urgent, or seemed so and nobody has said yet that it is not.
bool MayBeUrgent(const v1::Contact& contact);

// As far as the facts tell, an assessment or a review may follow from this contact.
bool MayLeadToProcess(const v1::Contact& contact);

// The same, and no step has come to it that nothing will follow here: the referral is not taken, or
// another authority or procedure is the right one.
bool ProcessExpected(const StepGround& ground);

// The step that `kind` has come to; null: none.
const journal::StoredStep* DoneStep(const StepGround& ground, v1::StepKind kind);

// Makes `step` the call of a service: `method` is "/package.Service/Method".
template <class Request>
void Send(const StepGround& ground, const char* service, const char* method, Request request,
          journal::StoredStep& step) {
  request.set_authority(ground.contact.authority());
  if constexpr (requires { request.set_policy_hash(""); }) {
    const auto pinned = ground.service_policies.find(service);
    if (pinned != ground.service_policies.end()) request.set_policy_hash(pinned->second.hash());
  }
  if constexpr (requires { request.set_request_id(""); }) {
    request.set_request_id(step.request_id());
  }
  step.set_service(service);
  step.set_method(method);
  step.set_request(request.SerializeAsString());
}

// A name for an outcome of a newer contract: its number.
std::string NameOr(const std::string& name, int number);

// What a service decided, under the name of its outcome; its questions are taken over by
// AddQuestion, because each service names its fields in its own way.
template <class Decision>
void CopyDecision(const Decision& from, const std::string& outcome, v1::StepDecision& decision) {
  decision.set_outcome(outcome);
  *decision.mutable_reasons() = from.reasons();
  *decision.mutable_policy_version() = from.policy_version();
}

// `question` as the contact asks it. One that blocks hinders a decision; the others are gathered in
// time.
void AddQuestion(asc::type::v1::Question question, const std::string& field, bool blocks,
                 journal::StoredStep& step);

// Where a field stands that a service knows as `sent`, when the message it calls `name` stands in
// ContactFacts as `slot`. The person is the contact's own.
std::string InSlot(const std::string& sent, const std::string& name, const std::string& slot);

// The questions of a service, each put where `field_of` finds its field.
template <class Questions>
void AddQuestions(const Questions& questions, std::string (*field_of)(const std::string& sent),
                  bool blocks, journal::StoredStep& step) {
  for (const asc::type::v1::Question& question : questions) {
    AddQuestion(question, field_of(question.field()), blocks, step);
  }
}

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_STEP_GROUND_H_
