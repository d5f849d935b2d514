#include "tests/demo/telling.h"

#include <cstdint>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace asc::demo {
namespace {

using gateway::v1::Contact;

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
// Longer lists are told by their number.
constexpr int kQuestionsShown = 6;

std::string WordOf(type::v1::Strength strength) {
  switch (strength) {
    case type::v1::STRENGTH_MUST:
      return "must";
    case type::v1::STRENGTH_SHOULD:
      return "should";
    case type::v1::STRENGTH_IF_POSSIBLE:
      return "if possible";
    case type::v1::STRENGTH_PRUDENT:
      return "wise";
    case type::v1::STRENGTH_POWER:
      return "may";
    default:
      return "";
  }
}

// "OUTCOME_REFERRAL_OPENED" without "OUTCOME_" as "referral opened".
std::string Plain(const std::string& name, const std::string& prefix) {
  const std::string rest = name.rfind(prefix, 0) == 0 ? name.substr(prefix.size()) : name;
  return absl::StrReplaceAll(absl::AsciiStrToLower(rest), {{"_", " "}});
}

std::string Cited(const google::protobuf::RepeatedPtrField<type::v1::Citation>& citations) {
  std::string text;
  for (const auto& citation : citations) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", citation.source());
    if (!citation.source_version().empty()) absl::StrAppend(&text, " ", citation.source_version());
    if (!citation.provision().empty()) absl::StrAppend(&text, ", ", citation.provision());
  }
  return text;
}

// "R1 (should; Actions and Next Steps 53, lines 67-72): text"
template <class RuleSaying>
std::string Rule(const RuleSaying& saying) {
  std::string aside = WordOf(saying.strength());
  const std::string cited = Cited(saying.citations());
  if (!aside.empty() && !cited.empty()) aside += "; ";
  aside += cited;
  if (!aside.empty()) aside = absl::StrCat(" (", aside, ")");
  return absl::StrCat(saying.rule_id(), aside, ": ", saying.text());
}

std::string After(std::int64_t seconds) {
  if (seconds <= 0) return "now";
  if (seconds < 2 * kHour) return absl::StrCat("within ", seconds / kMinute, " minutes");
  if (seconds < 2 * kDay) return absl::StrCat("within ", seconds / kHour, " hours");
  return absl::StrCat("within ", seconds / kDay, " days");
}

void TellQuestions(const std::string& head,
                   const google::protobuf::RepeatedPtrField<type::v1::Question>& questions,
                   std::string& told) {
  if (questions.empty()) return;
  absl::StrAppend(&told, "  ", head, "\n");
  int shown = 0;
  for (const auto& question : questions) {
    if (shown++ == kQuestionsShown) {
      absl::StrAppend(&told, "    - and ", questions.size() - kQuestionsShown, " more\n");
      break;
    }
    absl::StrAppend(&told, "    - ", question.text(), " [", question.rule_id(), ", ",
                    WordOf(question.strength()), "]\n");
  }
}

void TellReasons(const Contact& contact, std::string& told) {
  std::set<std::string> said;
  for (const auto& step : contact.steps()) {
    for (const auto& reason : step.decision().reasons()) {
      const std::string text = Rule(reason);
      if (!said.insert(text).second) continue;
      absl::StrAppend(&told, said.size() == 1 ? "  why:\n" : "", "    - ", text, "\n");
    }
  }
}

void TellActions(const Contact& contact, std::string& told) {
  bool first = true;
  for (const auto& action : contact.actions()) {
    if (action.state() != gateway::v1::ACTION_STATE_OPEN) continue;
    absl::StrAppend(&told, first ? "  next, for people:\n" : "", "    - ",
                    After(action.due_at().seconds() - contact.opened_at().seconds()), ", ",
                    Rule(action), "\n");
    first = false;
  }
  if (first) absl::StrAppend(&told, "  next, for people: nothing\n");
}

}  // namespace

std::string TellCase(const tests::contacts::ContactCase& contact_case) {
  const auto& request = contact_case.request();
  std::string told = absl::StrCat(
      contact_case.title(), "  [", request.authority(), "]\n", "  came by ",
      Plain(referral::v1::Channel_Name(request.channel()), "CHANNEL_"), ", from ",
      Plain(ContactingRole_Name(request.contacting().role()), "CONTACTING_ROLE_"), ", about a ",
      Plain(referral::v1::Subject_Name(request.subject()), "SUBJECT_"), "\n");
  if (!request.summary().empty()) absl::StrAppend(&told, "  \"", request.summary(), "\"\n");
  absl::StrAppend(&told, "  the procedure says:\n");
  for (const auto& quote : contact_case.quotes()) {
    absl::StrAppend(&told, "    - ", quote.rule_id(), ", lines ", quote.lines(), ": ", quote.says(),
                    "\n");
  }
  return told;
}

std::string TellContact(const Contact& contact) {
  std::string told;
  for (const auto& advice : contact.advice()) {
    absl::StrAppend(&told, "  AT ONCE: ", Rule(advice), "\n");
  }
  absl::StrAppend(&told, "  decided:");
  for (int index = 0; index < contact.outcomes_size(); ++index) {
    absl::StrAppend(&told, index == 0 ? " " : "; ",
                    Plain(Outcome_Name(contact.outcomes(index)), "OUTCOME_"));
  }
  absl::StrAppend(&told, " (", Plain(ContactStatus_Name(contact.status()), "CONTACT_STATUS_"),
                  ", policy ", contact.policy_version().version(), ")\n");
  if (!contact.referral_id().empty()) {
    absl::StrAppend(&told, "  referral: ", contact.referral_id(), "\n");
  }
  TellReasons(contact, told);
  TellActions(contact, told);
  TellQuestions("to ask before it can be decided:", contact.questions(), told);
  TellQuestions("still to gather, nothing waits for it:", contact.still_to_gather(), told);
  return told;
}

}  // namespace asc::demo
