#include "funding-svc/decision_rules.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "funding-svc/urgent_rules.h"
#include "google/protobuf/descriptor.h"
#include "platform/facts/rules.h"
#include "platform/facts/tri_state.h"

namespace asc::funding {
namespace {

using facts::ANSWER_YES;
using facts::IsUnknown;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// ---- Facts that a ground may point to ----

bool IsKnownField(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated()) return reflection.FieldSize(message, &field) > 0;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    return !reflection.GetString(message, &field).empty();
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    const int value = reflection.GetEnumValue(message, &field);
    if (field.enum_type() != type::v1::Answer_descriptor()) return value != 0;
    return !IsUnknown(static_cast<type::v1::Answer>(value));
  }
  if (field.message_type() == v1::Consideration::descriptor()) {
    const auto& considered =
        static_cast<const v1::Consideration&>(reflection.GetMessage(message, &field));
    return !IsUnknown(considered.considered());
  }
  return reflection.HasField(message, &field);
}

// The facts that give a coded ground its case; for the codes that are not here, any fact may.
std::vector<std::string> FactsOf(v1::GroundCode code) {
  switch (code) {
    case v1::GROUND_CODE_WELLBEING:
      return {"urgent.wellbeing", "needs"};
    case v1::GROUND_CODE_PREVENTION:
      return {"urgent.prevention", "factors.prevention_explored"};
    case v1::GROUND_CODE_INFORMATION_AND_ADVICE:
      return {"urgent.information_and_advice", "factors.information_given"};
    case v1::GROUND_CODE_WISHES:
      return {"factors.wishes"};
    case v1::GROUND_CODE_OTHER_OPTIONS:
      return {"factors.other_options"};
    case v1::GROUND_CODE_COST_OF_SUITABLE_SERVICES:
      return {"factors.cost_of_suitable_services", "items"};
    case v1::GROUND_CODE_COMPLEXITY:
      return {"factors.complexity", "needs"};
    case v1::GROUND_CODE_RISK:
      return {"factors.risk", "emergency", "urgent.cannot_wait"};
    case v1::GROUND_CODE_OWN_STRENGTHS:
      return {"urgent.own_strengths"};
    case v1::GROUND_CODE_OWN_NETWORKS:
      return {"urgent.own_networks", "factors.networks_explored"};
    case v1::GROUND_CODE_SUPPORT_ELSEWHERE:
      return {"factors.support_elsewhere"};
    case v1::GROUND_CODE_NOT_URGENT:
      return {"urgent.appears_urgent", "urgent.cannot_wait"};
    case v1::GROUND_CODE_HARD_TO_STOP:
      return {"urgent.hard_to_stop"};
    case v1::GROUND_CODE_UNIVERSAL_SERVICES:
    case v1::GROUND_CODE_FINANCES:
    case v1::GROUND_CODE_FIXED_LIMIT:
    case v1::GROUND_CODE_UNSPECIFIED:
    case v1::GroundCode_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::GroundCode_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return {};
}

bool FitsFact(const v1::Ground& ground) {
  const std::vector<std::string> facts = FactsOf(ground.code());
  return facts.empty() || std::find(facts.begin(), facts.end(), ground.fact()) != facts.end();
}

bool IsMoney(v1::GroundCode code) {
  return code == v1::GROUND_CODE_FINANCES || code == v1::GROUND_CODE_UNIVERSAL_SERVICES;
}

// Finances are never alone; the cost of services beside them is money, too.
bool RestsOnFinancesAlone(const v1::DecisionMade& decision) {
  bool money = false;
  for (const v1::Ground& ground : decision.grounds()) {
    if (IsMoney(ground.code())) {
      money = true;
    } else if (ground.code() != v1::GROUND_CODE_COST_OF_SUITABLE_SERVICES) {
      return false;
    }
  }
  return money;
}

bool IsAgreed(const v1::DecisionMade& decision) {
  return decision.outcome() == v1::FUNDING_OUTCOME_AGREED ||
         decision.outcome() == v1::FUNDING_OUTCOME_AGREED_DIFFERENTLY;
}

// ---- The check ----

class Checking {
 public:
  Checking(const v1::FundingRequest& request, const v1::DecisionMade& decision,
           const v1::FundingPolicy& policy)
      : request_(request), decision_(decision), policy_(policy) {}

  v1::FundingAnswer Check(const Decider& decider, const v1::SupportRecord& record) {
    answer_.set_accepted(true);
    CheckDecider(decider);
    CheckRationale();
    // A request for more information decides nothing yet, so it need not have regarded all.
    if (decision_.outcome() != v1::FUNDING_OUTCOME_RETURNED) {
      CheckFactors();
      CheckGrounds();
    }
    if (IsAgreed(decision_)) CheckSufficiency();
    if (!answer_.accepted()) return std::move(answer_);
    for (const char* rule_id : {"FD2", "FD3", "FD4", "FD5", "FD9"}) Reason(rule_id);
    if (IsAgreed(decision_)) {
      CheckRecord(record);
      Reason("FD14");
    }
    if (answer_.reasons().empty()) {
      Finding("FD9", "This procedure has no rules on funding decisions; the decision is kept.");
    }
    return std::move(answer_);
  }

 private:
  void Reason(const char* rule_id) {
    facts::AddReason(policy_.rules(), rule_id, *answer_.mutable_reasons());
  }
  void Finding(const char* rule_id, const std::string& text) {
    facts::AddFinding(policy_.rules(), rule_id, text, *answer_.mutable_reasons());
  }
  void Refuse(const char* rule_id, const std::string& text) {
    answer_.set_accepted(false);
    Finding(rule_id, text);
  }
  void Ask(const char* rule_id, const std::string& field, const char* text) {
    facts::AddQuestion(policy_.rules(), rule_id, field, text, *answer_.mutable_questions());
  }

  void CheckDecider(const Decider& decider) {
    if (decider.subject == request_.requested_by() || decider.subject == request_.submitted_by()) {
      Refuse("FD1", "Not accepted: whoever asked for the support may not decide on it.");
    }
    if (decider.permissions.contains("*")) return;
    const auto& items = IsAgreed(decision_) && !decision_.items().empty()
                            ? decision_.items()
                            : request_.content().items();
    const std::string role = LevelFor(items, policy_).role();
    bool reached = false;
    for (const v1::DecisionLevel& level : policy_.decision_levels()) {
      reached = reached || level.role() == role;
      const std::string permission =
          absl::StrCat("fundingLevel.", absl::StrReplaceAll(level.role(), {{" ", "_"}}));
      if (reached && decider.permissions.contains(permission)) return;
    }
    Refuse("FD1", absl::StrCat("Not accepted: this is for a ", role, " to decide."));
  }

  void CheckRationale() {
    if (decision_.rationale().find_first_not_of(" \t\r\n") != std::string::npos) return;
    Refuse("FD9", "Not accepted: the rationale is missing.");
    Ask("FD9", "decision.rationale", "Why is it decided like this?");
  }

  void CheckFactor(const v1::Consideration& factor, const char* name, const char* text) {
    if (factor.considered() == ANSWER_YES) return;
    Refuse("FD3", absl::StrCat("Not accepted: ", name, " were not regarded."));
    Ask("FD3",
        absl::StrCat("content.factors.", absl::StrReplaceAll(name, {{" ", "_"}}), ".considered"),
        text);
  }

  void CheckFactors() {
    const v1::FundingFactors& factors = request_.content().factors();
    CheckFactor(factors.wishes(), "wishes",
                "What do they want, and how should their needs be met in their view?");
    CheckFactor(factors.other_options(), "other options", "Which other options can be had?");
    if (factors.cost_of_suitable_services().considered() == ANSWER_YES) return;
    Refuse("FD3", "Not accepted: the cost of suitable services was not regarded.");
    Ask("FD3", "content.factors.cost_of_suitable_services.considered",
        "What do suitable services cost that can be had?");
  }

  void CheckGrounds() {
    if (decision_.grounds().empty()) {
      Refuse("FD5", "Not accepted: no ground ties the decision to this case.");
      Ask("FD5", "decision.grounds", "Which facts of this request does the decision rest on?");
    }
    if (RestsOnFinancesAlone(decision_)) {
      Refuse("FD5", "Not accepted: it rests on finances alone.");
    }
    for (int i = 0; i < decision_.grounds_size(); ++i) {
      const v1::Ground& ground = decision_.grounds(i);
      const bool of_this_case = FitsFact(ground) && IsKnownFact(request_.content(), ground.fact());
      if (ground.code() == v1::GROUND_CODE_FIXED_LIMIT) {
        Refuse("FD5", "Not accepted: it rests on a fixed amount for a kind of need or service.");
        continue;
      }
      if (of_this_case) continue;
      Refuse("FD5", "Not accepted: a ground points to no known fact of this request.");
      Ask("FD5", absl::StrCat("decision.grounds[", i, "].fact"),
          "Which known fact of this request is the ground?");
    }
  }

  // The service does not judge the amount; the decider has to say.
  void CheckSufficiency() {
    if (!IsUnknown(decision_.meets_needs_now())) return;
    Refuse("FD2", "Not accepted: whether it meets the needs that are to be met now is not stated.");
    Ask("FD2", "decision.meets_needs_now",
        "In your judgement, does what is agreed meet the needs that are to be met now?");
  }

  void Want(bool there, const char* name, const char* text) {
    if (!there) Ask("FD9", absl::StrCat("record.", name), text);
  }

  // Seven items; none of them asks for a plan.
  void CheckRecord(const v1::SupportRecord& record) {
    Want(!record.support().empty(), "support", "Which support is provided?");
    Want(record.has_authority_contribution(), "authority_contribution",
         "What does the authority contribute?");
    Want(record.has_person_contribution(), "person_contribution",
         "What does the person contribute?");
    Want(!record.duration().empty(), "duration", "How long does the support last?");
    Want(!record.review().empty() || !record.review_by().empty(), "review",
         "How, and by when, is it reviewed?");
    Want(!record.outcomes().empty(), "outcomes", "What is the support to achieve?");
    const bool assessment = !record.assessment_by().empty() || record.no_assessment() == ANSWER_YES;
    Want(!record.next_steps().empty() && assessment, "next_steps",
         "What happens next, and when does any assessment take place?");
  }

  const v1::FundingRequest& request_;
  const v1::DecisionMade& decision_;
  const v1::FundingPolicy& policy_;
  v1::FundingAnswer answer_;
};

}  // namespace

bool IsKnownFact(const v1::FundingContent& content, const std::string& path) {
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  const Message* message = &content;
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(names[i]);
    const bool goes_on =
        field != nullptr && field->message_type() != nullptr && !field->is_repeated();
    if (!goes_on) return false;
    message = &message->GetReflection()->GetMessage(*message, field);
  }
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(names.back());
  return field != nullptr && IsKnownField(*message, *field);
}

v1::FundingAnswer CheckDecision(const v1::FundingRequest& request, const v1::DecisionMade& decision,
                                const v1::SupportRecord& record, const Decider& decider,
                                const v1::FundingPolicy& policy) {
  return Checking(request, decision, policy).Check(decider, record);
}

v1::FundingRequestState StateAfter(v1::FundingOutcome outcome) {
  switch (outcome) {
    case v1::FUNDING_OUTCOME_AGREED:
    case v1::FUNDING_OUTCOME_AGREED_DIFFERENTLY:
      return v1::FUNDING_REQUEST_STATE_AGREED;
    case v1::FUNDING_OUTCOME_NOT_AGREED:
      return v1::FUNDING_REQUEST_STATE_NOT_AGREED;
    case v1::FUNDING_OUTCOME_RETURNED:
    case v1::FUNDING_OUTCOME_UNSPECIFIED:
    case v1::FundingOutcome_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::FundingOutcome_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return v1::FUNDING_REQUEST_STATE_RETURNED;
}

}  // namespace asc::funding
