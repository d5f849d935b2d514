#include "gateway/step_kinds.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_replace.h"
#include "gateway/advocacy_steps.h"
#include "gateway/asked_rules.h"
#include "gateway/contact_checks.h"
#include "gateway/directory_steps.h"
#include "gateway/funding_steps.h"
#include "gateway/policy_rules.h"
#include "gateway/referral_steps.h"
#include "gateway/referral_update_step.h"
#include "gateway/safeguarding_rules.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace asc::gateway {
namespace {

using google::protobuf::Message;

// Whether what is asked for is left to people as it was asked: not when the facts tell that it has
// been done already, or when the answer of a service says what to do about it.
bool AsAsked(const StepGround& ground, v1::StepKind kind) {
  const v1::ContactFacts& facts = ground.contact.facts();
  if (kind == v1::STEP_KIND_INFORMATION) return !facts.has_advice_given();
  if (kind == v1::STEP_KIND_FINANCE_INFORMATION) {
    return !Yes(facts.advice_given().content().financial());
  }
  return kind != v1::STEP_KIND_REVIEW || !facts.has_review();
}

bool Always(const StepGround&) { return true; }
bool AsksForAnythingElse(const StepGround& ground) {
  return AsksFor(ground.contact, v1::ASK_OTHER);
}
void AskNobody(const StepGround&, journal::StoredStep&) {}

// What is sent; null: not a message of a contract that this program knows.
std::unique_ptr<Message> RequestOf(const journal::StoredStep& step) {
  std::string name = absl::StrReplaceAll(step.method(), {{"/", "."}});
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      name.empty() ? name : name.substr(1));
  if (method == nullptr) return nullptr;
  std::unique_ptr<Message> request(google::protobuf::MessageFactory::generated_factory()
                                       ->GetPrototype(method->input_type())
                                       ->New());
  return request->ParseFromString(step.request()) ? std::move(request) : nullptr;
}

// The bytes without what does not belong to the question itself: the review that the first answer
// made is among it.
std::string BareRequest(const journal::StoredStep& step) {
  const std::unique_ptr<Message> request = RequestOf(step);
  if (request == nullptr) return step.request();
  for (const char* field : {"policy_hash", "request_id", "etag", "review_id"}) {
    const auto* known = request->GetDescriptor()->FindFieldByName(field);
    if (known != nullptr) request->GetReflection()->ClearField(request.get(), known);
  }
  return request->SerializeAsString();
}

std::vector<StepKindRules> OfReferral() {
  return {
      {.kind = v1::STEP_KIND_ROUTE,
       .applies = &NeedsRoute,
       .ask = &AskRoute,
       .read = &ReadRoute,
       .field = &RouteField,
       .check = &CheckRoute},
      {.kind = v1::STEP_KIND_ORDINARY_RESIDENCE,
       .applies = &NeedsReferral,
       .ask = &AskResidence,
       .read = &ReadResidence,
       .field = &ReferralField},
      // Residence is looked at before a new referral is taken (R0).
      {.kind = v1::STEP_KIND_REFERRAL,
       .after = {v1::STEP_KIND_ORDINARY_RESIDENCE},
       .applies = &NeedsReferralHere,
       .ask = &AskReferral,
       .read = &ReadReferral,
       .field = &ReferralField,
       .check = &CheckReferral,
       .checks_record = true},
      {.kind = v1::STEP_KIND_REFERRAL_UPDATE,
       .after = {v1::STEP_KIND_REFERRAL},
       .applies = &NeedsReferralUpdate,
       .ask = &AskReferralUpdate,
       .read = &ReadReferralUpdate,
       .field = &ReferralField},
      {.kind = v1::STEP_KIND_REVIEW,
       .applies = &NeedsReview,
       .ask = &AskReview,
       .read = &ReadReview,
       .field = &ReviewField,
       .check = &CheckReview,
       .checks_record = true},
  };
}

std::vector<StepKindRules> OfDirectory() {
  return {
      {.kind = v1::STEP_KIND_INFORMATION,
       .applies = &NeedsInformation,
       .ask = &AskInformation,
       .read = &ReadSearch,
       .field = &SearchField},
      {.kind = v1::STEP_KIND_PREVENTION,
       .applies = &NeedsPrevention,
       .ask = &AskPrevention,
       .read = &ReadSearch,
       .field = &SearchField},
      {.kind = v1::STEP_KIND_ADVICE_RECORD,
       .applies = &NeedsAdviceRecord,
       .ask = &AskAdviceRecord,
       .read = &ReadAdviceRecord,
       .field = &AdviceField,
       .check = &CheckAdvice,
       .record_field = v1::ContactFacts::kAdviceGivenFieldNumber,
       .record_method = kRecordAdviceGiven},
  };
}

std::vector<StepKindRules> OfFunding() {
  return {
      {.kind = v1::STEP_KIND_URGENT_SUPPORT,
       .applies = &NeedsUrgentSupport,
       .ask = &AskUrgentSupport,
       .read = &ReadUrgentSupport,
       .field = &UrgentField,
       .check = &CheckUrgentSupport,
       .record_field = v1::ContactFacts::kFundingFieldNumber,
       .record_method = kOpenFundingRequest},
      {.kind = v1::STEP_KIND_FINANCE_INFORMATION,
       .applies = &NeedsFinanceInformation,
       .ask = &AskFinanceInformation,
       .read = &ReadCharging,
       .field = &ChargingField,
       .check = &CheckCharging},
  };
}

std::vector<StepKindRules> OfAdvocacy() {
  return {
      {.kind = v1::STEP_KIND_ADVOCACY,
       .applies = &NeedsAdvocacy,
       .ask = &AskAdvocacy,
       .read = &ReadAdvocacy,
       .field = &AdvocacyField,
       .check = &CheckAdvocacy},
      {.kind = v1::STEP_KIND_ADVOCACY_NEED,
       // Whether a process follows is known once these have answered: nobody is put on record with
       // an advocate due for a process that is not to be.
       .after = {v1::STEP_KIND_ADVOCACY, v1::STEP_KIND_ORDINARY_RESIDENCE, v1::STEP_KIND_REFERRAL,
                 v1::STEP_KIND_REVIEW},
       .applies = &NeedsAdvocacyNeed,
       .ask = &AskAdvocacyNeed,
       .read = &ReadAdvocacyNeed,
       .field = &AdvocacyField},
      {.kind = v1::STEP_KIND_ADVOCACY_HOLD,
       .after = {v1::STEP_KIND_ADVOCACY, v1::STEP_KIND_ADVOCACY_NEED},
       .applies = &NeedsHold,
       .ask = &AskHold,
       .read = &ReadHold,
       .field = &AdvocacyField,
       .asks_again = true},
      {.kind = v1::STEP_KIND_ADVOCACY_RECONSIDER,
       .after = {v1::STEP_KIND_ADVOCACY, v1::STEP_KIND_ADVOCACY_NEED},
       .applies = &NeedsReconsidering,
       .ask = &AskReconsidering},
  };
}

}  // namespace

const std::vector<StepKindRules>& StepKinds() {
  static const std::vector<StepKindRules> kKinds = [] {
    std::vector<StepKindRules> kinds = {
        {.kind = v1::STEP_KIND_SAFEGUARDING, .applies = &Always, .ask = &AskSafeguarding},
        {.kind = v1::STEP_KIND_OTHER, .applies = &AsksForAnythingElse, .ask = &AskNobody}};
    for (auto of_service : {&OfReferral, &OfDirectory, &OfFunding, &OfAdvocacy}) {
      for (StepKindRules& rules : of_service()) kinds.push_back(std::move(rules));
    }
    return kinds;
  }();
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
  if (AsksFor(ground.contact, AskOf(rules.kind)) && AsAsked(ground, rules.kind)) {
    step.add_triggers(v1::TRIGGER_ASKED);
  }
  rules.ask(ground, step);
  for (const int trigger : step.triggers()) {
    AddTriggered(static_cast<v1::Trigger>(trigger), ground.policy, step);
  }
}

void CheckFacts(const v1::Contact& contact, absl::Time now, rpc::Violations& violations) {
  for (const StepKindRules& rules : StepKinds()) {
    if (rules.check != nullptr) rules.check(contact, now, violations);
  }
  CheckParts(contact, violations);
}

void AskOfVersion(const std::string& etag, const std::string& request_id,
                  journal::StoredStep& step) {
  const std::unique_ptr<Message> request = RequestOf(step);
  if (request == nullptr) return;
  const auto* of_version = request->GetDescriptor()->FindFieldByName("etag");
  const auto* key = request->GetDescriptor()->FindFieldByName("request_id");
  if (of_version == nullptr || key == nullptr) return;
  request->GetReflection()->SetString(request.get(), of_version, etag);
  request->GetReflection()->SetString(request.get(), key, request_id);
  step.set_request_id(request_id);
  step.set_request(request->SerializeAsString());
}

bool AskTheSame(const journal::StoredStep& one, const journal::StoredStep& other) {
  return one.method() == other.method() && one.questions_wait() == other.questions_wait() &&
         std::equal(one.triggers().begin(), one.triggers().end(), other.triggers().begin(),
                    other.triggers().end()) &&
         BareRequest(one) == BareRequest(other);
}

}  // namespace asc::gateway
