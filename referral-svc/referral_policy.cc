#include "referral-svc/referral_policy.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/status/macros.h"

namespace asc::referral {
namespace {

// The factors of AL1, and the levels each may have: low, medium, high and not known.
constexpr int kFactors = 6;
constexpr int kLevels = 4;
constexpr int kWorkerCriteria = 3;

absl::Status Wrong(const std::string& field, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", what));
}

absl::Status Unstated(const char* rule_id) {
  return Wrong("statements", absl::StrCat("says nothing of ", rule_id));
}

bool IsLineRange(const std::string& lines) {
  const std::vector<std::string> ends = absl::StrSplit(lines, '-');
  return !ends.empty() && ends.size() <= 2 &&
         std::all_of(ends.begin(), ends.end(), [](const std::string& end) {
           return !end.empty() && std::all_of(end.begin(), end.end(), absl::ascii_isdigit);
         });
}

template <class Lines>
absl::Status CheckLines(const std::string& field, const Lines& lines) {
  if (lines.empty()) return Wrong(field, "required");
  for (const std::string& range : lines) {
    if (!IsLineRange(range)) return Wrong(field, "not a line or a range of lines");
  }
  return absl::OkStatus();
}

const std::string& QuestionText(const v1::RuleStatement& statement, const std::string& field) {
  const std::string name = field.substr(field.rfind('.') + 1);
  for (const v1::FactQuestion& question : statement.questions()) {
    if (question.fact() == name) return question.text();
  }
  return statement.question();
}

absl::Status CheckStatements(const v1::ReferralPolicy& policy) {
  std::set<std::string> seen;
  for (const v1::RuleStatement& statement : policy.statements()) {
    const std::string field = absl::StrCat("statements[", statement.rule_id(), "]");
    if (statement.rule_id().empty()) return Wrong(field, "has no rule_id");
    if (!seen.insert(statement.rule_id()).second) return Wrong(field, "stated twice");
    if (statement.text().empty()) return Wrong(field, "has no text");
    ASC_TRY(CheckLines(field + ".lines", statement.lines()));
  }
  const v1::ScopePolicy& scope = policy.scope();
  if (!scope.contact_kinds().empty() && !seen.contains("SC1")) return Unstated("SC1");
  if (!scope.other_subject_procedure().empty() && !seen.contains("SC2")) return Unstated("SC2");
  if (!scope.transition_procedure().empty() && !seen.contains("SC3")) return Unstated("SC3");
  if (scope.every_team() && !seen.contains("SC4")) return Unstated("SC4");
  for (const char* rule : {"R1", "R2", "T1", "T2", "T3", "T5", "W1", "W6"}) {
    if (!seen.contains(rule)) return Unstated(rule);
  }
  return absl::OkStatus();
}

absl::Status CheckBases(const v1::ReferralPolicy& policy) {
  if (policy.lawful_basis().bases().empty()) return Wrong("lawful_basis.bases", "required");
  std::set<int> seen;
  for (const v1::BasisPolicy& basis : policy.lawful_basis().bases()) {
    const std::string field =
        absl::StrCat("lawful_basis.bases[", v1::Basis_Name(basis.basis()), "]");
    if (basis.basis() == v1::BASIS_UNSPECIFIED) return Wrong(field, "required");
    if (!seen.insert(basis.basis()).second) return Wrong(field, "given twice");
    if (basis.subjects().empty()) return Wrong(field + ".subjects", "required");
    const int facts = basis.basis() == v1::BASIS_BEST_INTERESTS ? 2 : 1;
    if (basis.questions_size() != facts) return Wrong(field + ".questions", "one per fact");
    ASC_TRY(CheckLines(field + ".lines", basis.lines()));
  }
  return absl::OkStatus();
}

absl::Status CheckItems(const v1::ReferralPolicy& policy) {
  std::set<int> seen;
  int number = 0;
  for (const v1::ItemPolicy& item : policy.items().items()) {
    const std::string field = absl::StrCat("items[", v1::Item_Name(item.item()), "]");
    if (item.item() == v1::ITEM_UNSPECIFIED) return Wrong(field, "required");
    if (!seen.insert(item.item()).second) return Wrong(field, "given twice");
    if (item.number() != ++number) return Wrong(field + ".number", "not in the document's order");
    if (item.strength() == type::v1::STRENGTH_UNSPECIFIED) {
      return Wrong(field + ".strength", "required");
    }
    if (item.question().empty()) return Wrong(field + ".question", "required");
    if (item.asks_needs() && item.item() != v1::ITEM_PERSON_VIEW) {
      return Wrong(field + ".asks_needs", "belongs to the person's view only");
    }
    ASC_TRY(CheckLines(field + ".lines", item.lines()));
  }
  if (number == 0) return Wrong("items", "required");
  return absl::OkStatus();
}

template <class Actions>
absl::Status CheckActions(const v1::ReferralPolicy& policy, const std::string& field,
                          const Actions& actions) {
  for (const v1::ActionPolicy& action : actions) {
    const std::string place = absl::StrCat(field, "[", v1::ActionKind_Name(action.kind()), "]");
    if (action.kind() == v1::ACTION_KIND_UNSPECIFIED) return Wrong(place, "required");
    if (action.text().empty()) return Wrong(place + ".text", "required");
    if (FindStatement(policy, action.rule_id().c_str()) == nullptr) {
      return Wrong(place + ".rule_id", "not among the statements");
    }
    ASC_TRY(CheckLines(place + ".lines", action.lines()));
  }
  return absl::OkStatus();
}

absl::Status CheckTransfer(const v1::ReferralPolicy& policy) {
  const v1::TransferPolicy& transfer = policy.transfer();
  if (transfer.unavailable_model() == v1::UNAVAILABLE_MODEL_UNSPECIFIED) {
    return Wrong("transfer.unavailable_model", "required");
  }
  if (transfer.known_actions().empty()) return Wrong("transfer.known_actions", "required");
  const bool split = transfer.unavailable_model() == v1::UNAVAILABLE_MODEL_SPLIT;
  if (split != !transfer.unknown_actions().empty()) {
    return Wrong("transfer.unknown_actions", "belongs to the split model, and only to it");
  }
  for (const v1::ActionPolicy& action : transfer.known_actions()) {
    if (action.urgent() == v1::URGENT_WHEN_LONG_ABSENCE && transfer.urgent_after_minutes() <= 0) {
      return Wrong("transfer.urgent_after_minutes", "required");
    }
  }
  ASC_TRY(CheckActions(policy, "transfer.known_actions", transfer.known_actions()));
  ASC_TRY(CheckActions(policy, "transfer.unknown_actions", transfer.unknown_actions()));
  if (transfer.escalate_to_line_manager() && FindStatement(policy, "T7") == nullptr) {
    return Unstated("T7");
  }
  return absl::OkStatus();
}

absl::Status CheckWritten(const v1::ReferralPolicy& policy) {
  const v1::WrittenPolicy& written = policy.written();
  ASC_TRY(CheckActions(policy, "written.transfer_actions", written.transfer_actions()));
  ASC_TRY(CheckActions(policy, "written.unavailable_actions", written.unavailable_actions()));
  for (const v1::ActionPolicy& action : written.unavailable_actions()) {
    if (action.inform() == v1::INFORM_WHEN_LATE && written.inform_after_days() <= 0) {
      return Wrong("written.inform_after_days", "required");
    }
  }
  if (written.letter_channels().empty()) return Wrong("written.letter_channels", "required");
  if (written.email_channels().empty()) return Wrong("written.email_channels", "required");
  if (written.pre_transfer_checks() &&
      written.receipt_alternative() == v1::RECEIPT_ALTERNATIVE_UNSPECIFIED) {
    return Wrong("written.receipt_alternative", "required");
  }
  return absl::OkStatus();
}

absl::Status CheckFinding(const char* field, const v1::FindingPolicy& finding) {
  if (finding.text().empty()) return Wrong(field, "required");
  return CheckLines(field, finding.lines());
}

// A list of the factors' weights and points, or none: then nothing of it may be stated.
absl::Status CheckWaiting(const v1::ReferralPolicy& policy) {
  const v1::WaitingPolicy& waiting = policy.waiting();
  const bool ranked = !waiting.factor_weights().empty();
  if (ranked && waiting.factor_weights_size() != kFactors) {
    return Wrong("waiting.factor_weights", "one for each of the six factors, or none");
  }
  if (waiting.level_points_size() != (ranked ? kLevels : 0)) {
    return Wrong("waiting.level_points", "four with factor_weights, else none");
  }
  if (ranked && waiting.deterioration() == v1::DETERIORATION_UNSPECIFIED) {
    return Wrong("waiting.deterioration", "required with factor_weights");
  }
  if (ranked != (FindStatement(policy, "AL1") != nullptr)) {
    return Wrong("waiting.factor_weights", "belong to AL1, and AL1 to them");
  }
  const bool chosen = FindStatement(policy, "AL2") != nullptr;
  if (waiting.worker_criteria_size() != (chosen ? kWorkerCriteria : 0)) {
    return Wrong("waiting.worker_criteria", "three, as AL2 has, or none without it");
  }
  for (const v1::FindingPolicy& criterion : waiting.worker_criteria()) {
    ASC_TRY(CheckFinding("waiting.worker_criteria", criterion));
  }
  return absl::OkStatus();
}

absl::Status CheckConcerns(const v1::ReferralPolicy& policy) {
  if (FindStatement(policy, "S1") == nullptr) return Unstated("S1");
  if (FindStatement(policy, "S2") == nullptr) return Unstated("S2");
  const bool form = !policy.safeguarding().provider_concern_form().empty();
  if (form != (FindStatement(policy, "S3") != nullptr)) {
    return Wrong("safeguarding.provider_concern_form", "belongs to S3, and S3 to it");
  }
  const v1::CasePolicy& cases = policy.cases();
  if (cases.joint_work() != (FindStatement(policy, "J1") != nullptr)) {
    return Wrong("cases.joint_work", "belongs to J1, and J1 to it");
  }
  if (cases.joint_work()) {
    ASC_TRY(CheckFinding("cases.joint_request", cases.joint_request()));
    ASC_TRY(CheckFinding("cases.joint_answer", cases.joint_answer()));
    ASC_TRY(CheckFinding("cases.joint_delay", cases.joint_delay()));
  }
  if (cases.specialist_procedures().empty() != (FindStatement(policy, "J2") == nullptr)) {
    return Wrong("cases.specialist_procedures", "belong to J2, and J2 to them");
  }
  return absl::OkStatus();
}

absl::Status CheckResidence(const v1::ReferralPolicy& policy) {
  const v1::ResidencePolicy& residence = policy.residence();
  if (!residence.established_first()) {
    if (residence.actions().empty() && !residence.never_delays()) return absl::OkStatus();
    return Wrong("residence.established_first", "the rest says something about it");
  }
  for (const char* rule : {"R0", "R0a", "R0d", "R0e", "R0f"}) {
    if (FindStatement(policy, rule) == nullptr) return Unstated(rule);
  }
  if (residence.home_procedure().empty()) return Wrong("residence.home_procedure", "required");
  return CheckActions(policy, "residence.actions", residence.actions());
}

// P1, P2, F1 and A8, and the rule that no delay may do harm.
absl::Status CheckGates(const v1::ReferralPolicy& policy) {
  for (const char* rule : {"P1", "P2", "A8"}) {
    if (FindStatement(policy, rule) == nullptr) return Unstated(rule);
  }
  if (FindStatement(policy, "R4") == nullptr && FindStatement(policy, "C2") == nullptr) {
    return Unstated("R4 or C2");
  }
  if (policy.prevention().explore_before() == v1::EXPLORE_BEFORE_UNSPECIFIED) {
    return Wrong("prevention.explore_before", "required");
  }
  if (policy.advocacy().has_with_transfer()) {
    ASC_TRY(CheckFinding("advocacy.with_transfer", policy.advocacy().with_transfer()));
  }
  const v1::FinanceInformationPolicy& finance = policy.finance_information();
  if (finance.early_duty() != (FindStatement(policy, "F1") != nullptr)) return Unstated("F1");
  if (finance.on_transfer() == v1::FINANCE_ON_TRANSFER_UNSPECIFIED) {
    return Wrong("finance_information.on_transfer", "required");
  }
  const bool absent = finance.on_transfer() == v1::FINANCE_ON_TRANSFER_ABSENT;
  if (absent != !finance.has_transfer_words()) {
    return Wrong("finance_information.transfer_words", "belongs to what is said of a transfer");
  }
  return absent ? absl::OkStatus()
                : CheckFinding("finance_information.transfer_words", finance.transfer_words());
}

absl::Status CheckTeams(const v1::ReferralPolicy& policy) {
  if (FindStatement(policy, "R5") == nullptr) return Unstated("R5");
  if (policy.teams().criteria_size() != 3) return Wrong("teams.criteria", "three, as R5 has");
  for (const v1::FindingPolicy& criterion : policy.teams().criteria()) {
    ASC_TRY(CheckFinding("teams.criteria", criterion));
  }
  if (policy.teams().order() == v1::TEAM_ORDER_UNSPECIFIED) return Wrong("teams.order", "required");
  return absl::OkStatus();
}

absl::Status CheckCases(const v1::ReferralPolicy& policy) {
  const v1::CasePolicy& cases = policy.cases();
  if (cases.case_transfer() != (FindStatement(policy, "C1") != nullptr)) return Unstated("C1");
  if (cases.case_transfer() && FindStatement(policy, "C2") == nullptr) return Unstated("C2");
  if (cases.case_transfer() != (cases.transfer_when() != v1::CASE_TRANSFER_WHEN_UNSPECIFIED)) {
    return Wrong("cases.transfer_when", "belongs to case_transfer");
  }
  const bool assessor = !cases.outsourced_assessor().empty();
  if (assessor == cases.assessor_conditions().empty() ||
      assessor != (FindStatement(policy, "HC") != nullptr)) {
    return Wrong("cases.outsourced_assessor", "belongs to its conditions and to HC");
  }
  for (const char* rule : {"E1", "E2", "E3"}) {
    if (cases.equipment() != (FindStatement(policy, rule) != nullptr)) return Unstated(rule);
  }
  if (!cases.equipment()) return absl::OkStatus();
  ASC_TRY(CheckActions(policy, "cases.equipment_actions", cases.equipment_actions()));
  ASC_TRY(CheckActions(policy, "cases.maintenance_actions", cases.maintenance_actions()));
  return CheckFinding("cases.through_partner", cases.through_partner());
}

absl::Status CheckReview(const v1::ReferralPolicy& policy) {
  const v1::ReviewPolicy& review = policy.review();
  if (FindStatement(policy, "V1") == nullptr) return Unstated("V1");
  ASC_TRY(CheckActions(policy, "review.actions", review.actions()));
  if (review.confirm() != v1::REVIEW_CONFIRM_UNSPECIFIED) {
    if (FindStatement(policy, "V3") == nullptr) return Unstated("V3");
    if (FindStatement(policy, "V4") == nullptr) return Unstated("V4");
  }
  if (review.done_by_allocated_worker()) {
    ASC_TRY(CheckFinding("review.urgent_exception", review.urgent_exception()));
  }
  if (!review.reablement_procedure().empty() && FindStatement(policy, "V7") == nullptr) {
    return Unstated("V7");
  }
  if (!review.light_touch()) return absl::OkStatus();
  if (FindStatement(policy, "V5") == nullptr) return Unstated("V5");
  ASC_TRY(CheckFinding("review.light_touch_possible", review.light_touch_possible()));
  ASC_TRY(CheckFinding("review.reassessment_likely", review.reassessment_likely()));
  return CheckFinding("review.left_open", review.left_open());
}

}  // namespace

const v1::RuleStatement* FindStatement(const v1::ReferralPolicy& policy, const char* rule_id) {
  for (const v1::RuleStatement& statement : policy.statements()) {
    if (statement.rule_id() == rule_id) return &statement;
  }
  return nullptr;
}

type::v1::Citation CitationOf(const v1::ReferralPolicy& policy, const std::string& lines) {
  type::v1::Citation citation;
  citation.set_source(policy.source().title());
  citation.set_source_version(policy.version());
  citation.set_provision(absl::StrCat(absl::StrContains(lines, "-") ? "lines " : "line ", lines));
  return citation;
}

void AddReason(const v1::ReferralPolicy& policy, const char* rule_id, v1::Decision& decision) {
  const v1::RuleStatement* statement = FindStatement(policy, rule_id);
  if (statement == nullptr) return;
  type::v1::Reason& reason = *decision.add_reasons();
  reason.set_rule_id(statement->rule_id());
  reason.set_strength(statement->strength());
  reason.set_text(statement->text());
  for (const std::string& lines : statement->lines()) {
    *reason.add_citations() = CitationOf(policy, lines);
  }
}

void AddReasonOnce(const v1::ReferralPolicy& policy, const std::string& rule_id,
                   v1::Decision& decision) {
  for (const type::v1::Reason& reason : decision.reasons()) {
    if (reason.rule_id() == rule_id) return;
  }
  AddReason(policy, rule_id.c_str(), decision);
}

void AddFinding(const v1::ReferralPolicy& policy, const char* rule_id,
                const v1::FindingPolicy& finding, v1::Decision& decision) {
  type::v1::Reason& reason = *decision.add_reasons();
  reason.set_rule_id(rule_id);
  reason.set_strength(finding.strength());
  reason.set_text(finding.text());
  for (const std::string& lines : finding.lines()) {
    *reason.add_citations() = CitationOf(policy, lines);
  }
}

void SettleNotCovered(const char* rule_id, const char* matter, v1::Decision& decision) {
  decision.set_outcome(v1::OUTCOME_NOT_COVERED);
  type::v1::Reason& reason = *decision.add_reasons();
  reason.set_rule_id(rule_id);
  reason.set_text(absl::StrCat("This procedure has no rule about ", matter,
                               ": it asks for nothing and stands in the way of nothing."));
}

void AddQuestion(const v1::ReferralPolicy& policy, const char* rule_id, const char* field,
                 v1::Decision& decision) {
  const v1::RuleStatement* statement = FindStatement(policy, rule_id);
  if (statement == nullptr) return;
  type::v1::Question& question = *decision.add_questions();
  question.set_field(field);
  question.set_rule_id(statement->rule_id());
  question.set_strength(statement->strength());
  question.set_text(QuestionText(*statement, field));
}

v1::Action ActionOf(const v1::ReferralPolicy& policy, const v1::ActionPolicy& action,
                    type::v1::Answer due) {
  v1::Action made;
  made.set_rule_id(action.rule_id());
  made.set_kind(action.kind());
  made.set_text(action.text());
  made.set_strength(action.strength());
  const v1::RuleStatement* rule = FindStatement(policy, action.rule_id().c_str());
  if (action.strength() == type::v1::STRENGTH_UNSPECIFIED && rule != nullptr) {
    made.set_strength(rule->strength());
  }
  made.set_due(due);
  for (const std::string& lines : action.lines()) *made.add_citations() = CitationOf(policy, lines);
  return made;
}

absl::Status CheckPolicy(const v1::ReferralPolicy& policy) {
  if (policy.source().title().empty()) return Wrong("source.title", "required");
  if (policy.scope().subjects().empty()) return Wrong("scope.subjects", "required");
  ASC_TRY(CheckStatements(policy));
  ASC_TRY(CheckBases(policy));
  ASC_TRY(CheckItems(policy));
  ASC_TRY(CheckTransfer(policy));
  ASC_TRY(CheckWritten(policy));
  ASC_TRY(CheckResidence(policy));
  ASC_TRY(CheckGates(policy));
  ASC_TRY(CheckTeams(policy));
  ASC_TRY(CheckCases(policy));
  ASC_TRY(CheckReview(policy));
  ASC_TRY(CheckWaiting(policy));
  return CheckConcerns(policy);
}

bool Redirect(const v1::ReferralPolicy& policy, v1::Subject subject, v1::Decision& decision) {
  const auto& subjects = policy.scope().subjects();
  if (std::find(subjects.begin(), subjects.end(), subject) != subjects.end()) return false;
  decision.set_outcome(v1::OUTCOME_REDIRECTED);
  decision.set_redirect(policy.scope().other_subject_procedure());
  AddReason(policy, "SC2", decision);
  return true;
}

}  // namespace asc::referral
