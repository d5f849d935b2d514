#include "gateway/step_kinds.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_replace.h"
#include "gateway/advocacy_steps.h"
#include "gateway/asked_rules.h"
#include "gateway/directory_steps.h"
#include "gateway/funding_steps.h"
#include "gateway/policy_rules.h"
#include "gateway/referral_steps.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace asc::gateway {
namespace {

using google::protobuf::Message;

bool Always(const StepGround&) { return true; }
void AskNobody(const StepGround&, journal::StoredStep&) {}

// The bytes without what does not belong to the question itself.
std::string BareRequest(const journal::StoredStep& step) {
  std::string name = absl::StrReplaceAll(step.method(), {{"/", "."}});
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      name.empty() ? name : name.substr(1));
  if (method == nullptr) return step.request();
  const std::unique_ptr<Message> request(google::protobuf::MessageFactory::generated_factory()
                                             ->GetPrototype(method->input_type())
                                             ->New());
  if (!request->ParseFromString(step.request())) return step.request();
  for (const char* field : {"policy_hash", "request_id"}) {
    const auto* known = method->input_type()->FindFieldByName(field);
    if (known != nullptr) request->GetReflection()->ClearField(request.get(), known);
  }
  return request->SerializeAsString();
}

}  // namespace

const std::vector<StepKindRules>& StepKinds() {
  static const std::vector<StepKindRules> kKinds = {
      {v1::STEP_KIND_SAFEGUARDING, {}, &Always, &AskNobody, nullptr},
      {v1::STEP_KIND_ROUTE, {}, &NeedsRoute, &AskRoute, &ReadRoute},
      {v1::STEP_KIND_ORDINARY_RESIDENCE, {}, &NeedsReferral, &AskResidence, &ReadResidence},
      // Residence is looked at before a new referral is taken (R0).
      {v1::STEP_KIND_REFERRAL,
       {v1::STEP_KIND_ORDINARY_RESIDENCE},
       &NeedsReferralHere,
       &AskReferral,
       &ReadReferral,
       /*asks_again=*/false,
       /*checks_record=*/true},
      {v1::STEP_KIND_INFORMATION, {}, &NeedsInformation, &AskInformation, &ReadSearch},
      {v1::STEP_KIND_PREVENTION, {}, &NeedsPrevention, &AskPrevention, &ReadSearch},
      {v1::STEP_KIND_URGENT_SUPPORT,
       {},
       &NeedsUrgentSupport,
       &AskUrgentSupport,
       &ReadUrgentSupport},
      {v1::STEP_KIND_ADVOCACY, {}, &NeedsAdvocacy, &AskAdvocacy, &ReadAdvocacy},
      {v1::STEP_KIND_FINANCE_INFORMATION,
       {},
       &NeedsFinanceInformation,
       &AskFinanceInformation,
       &ReadCharging},
      {v1::STEP_KIND_REVIEW, {}, &NeedsReview, &AskReview, &ReadReview},
      {v1::STEP_KIND_ADVOCACY_NEED,
       {v1::STEP_KIND_ADVOCACY},
       &NeedsAdvocacyNeed,
       &AskAdvocacyNeed,
       &ReadAdvocacyNeed},
      {v1::STEP_KIND_ADVOCACY_HOLD,
       {v1::STEP_KIND_ADVOCACY, v1::STEP_KIND_ADVOCACY_NEED},
       &NeedsHold,
       &AskHold,
       &ReadHold,
       /*asks_again=*/true},
      {v1::STEP_KIND_ADVICE_RECORD, {}, &NeedsAdviceRecord, &AskAdviceRecord, &ReadAdviceRecord},
  };
  return kKinds;
}

const StepKindRules* RulesOf(v1::StepKind kind) {
  for (const StepKindRules& rules : StepKinds()) {
    if (rules.kind == kind) return &rules;
  }
  return nullptr;
}

bool Needs(const StepGround& ground, const StepKindRules& rules) {
  const auto& steps = ground.policy.steps();
  return std::find(steps.begin(), steps.end(), rules.kind) != steps.end() && rules.applies(ground);
}

void Ask(const StepGround& ground, const StepKindRules& rules, journal::StoredStep& step) {
  if (AsksFor(ground.contact, AskOf(rules.kind))) step.add_triggers(v1::TRIGGER_ASKED);
  rules.ask(ground, step);
  for (const int trigger : step.triggers()) {
    AddTriggered(static_cast<v1::Trigger>(trigger), ground.policy, step);
  }
}

bool AskTheSame(const journal::StoredStep& one, const journal::StoredStep& other) {
  return one.method() == other.method() && one.questions_wait() == other.questions_wait() &&
         std::equal(one.triggers().begin(), one.triggers().end(), other.triggers().begin(),
                    other.triggers().end()) &&
         BareRequest(one) == BareRequest(other);
}

}  // namespace asc::gateway
