#include "tests/demo/telling.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tests/demo/words.h"

namespace asc::demo {
namespace {

using gateway::v1::Contact;
using google::protobuf::RepeatedPtrField;

// Longer lists are told by their number.
constexpr int kQuestionsShown = 6;
constexpr char kHead[] = "  ";
constexpr char kItem[] = "    - ";
constexpr char kUnderItem[] = "        ";

// A headline with what stands below it; empty sections are not told.
struct Section {
  std::string head;
  std::string body;
  // The parts of the body, where a change of one part is told without the others.
  std::vector<std::string> parts = {};
};

std::string SourceOf(const type::v1::Citation& citation) {
  std::string source = citation.source();
  const std::string& version = citation.source_version();
  if (!version.empty()) {
    absl::StrAppend(&source, absl::ascii_isdigit(version[0]) ? ", version " : ", ", version);
  }
  return source;
}

// The document most of a contact is decided under: the first that is cited.
std::string MainSource(const Contact& contact) {
  for (const auto& step : contact.steps()) {
    for (const auto& reason : step.decision().reasons()) {
      for (const auto& citation : reason.citations()) return SourceOf(citation);
    }
  }
  for (const auto& action : contact.actions()) {
    for (const auto& citation : action.citations()) return SourceOf(citation);
  }
  return "";
}

// "should; R1, lines 67-72": the document is named only where it is not the one already named.
template <class RuleSaying>
std::string Place(const RuleSaying& saying, const std::string& main_source) {
  std::vector<std::string> parts = {saying.rule_id()};
  for (const auto& citation : saying.citations()) {
    std::string place = SourceOf(citation) == main_source ? "" : SourceOf(citation);
    if (!place.empty() && !citation.provision().empty()) place += ", ";
    parts.push_back(place + citation.provision());
  }
  const std::string strength = WordOf(saying.strength());
  return absl::StrCat(strength, strength.empty() ? "" : "; ", absl::StrJoin(parts, ", "));
}

template <class RuleSaying>
std::string Saying(const RuleSaying& saying, const std::string& main_source) {
  return absl::StrCat(saying.text(), " [", Place(saying, main_source), "]");
}

// From when the contact was taken.
std::int64_t DueAfter(const gateway::v1::Action& action, const Contact& contact) {
  return action.due_at().seconds() - contact.opened_at().seconds();
}

// Open actions, what is due first at the front, otherwise as the contact orders them.
std::vector<const gateway::v1::Action*> OpenActions(const Contact& contact) {
  std::vector<const gateway::v1::Action*> open;
  for (const auto& action : contact.actions()) {
    if (action.state() == gateway::v1::ACTION_STATE_OPEN) open.push_back(&action);
  }
  std::stable_sort(open.begin(), open.end(), [](const auto* one, const auto* other) {
    return one->due_at().seconds() < other->due_at().seconds();
  });
  return open;
}

// The advice first, then what people have to do at once.
Section DoNow(const Contact& contact, const std::string& source) {
  Section section{"DO NOW", ""};
  // What the advice says is an action too; it is told once, and where its time is.
  std::map<std::string, std::int64_t> advised;
  for (const auto* action : OpenActions(contact)) {
    if (action->step() != gateway::v1::STEP_KIND_SAFEGUARDING) continue;
    advised[action->rule_id()] = DueAfter(*action, contact);
  }
  for (const auto& advice : contact.advice()) {
    if (advised[advice.rule_id()] > 0) continue;
    section.body += Wrapped(kItem, Saying(advice, source));
  }
  for (const auto* action : OpenActions(contact)) {
    if (action->step() == gateway::v1::STEP_KIND_SAFEGUARDING) continue;
    if (DueAfter(*action, contact) > 0) continue;
    section.body += Wrapped(kItem, Saying(*action, source));
  }
  return section;
}

Section DueLater(const Contact& contact, const std::string& source) {
  Section section{"DUE", ""};
  for (const auto* action : OpenActions(contact)) {
    const std::int64_t seconds = DueAfter(*action, contact);
    if (seconds <= 0) continue;
    const std::string time =
        absl::StrCat(After(seconds), action->due_local_assumption().empty() ? "" : " *", ": ");
    section.body += Wrapped(kItem, time + Saying(*action, source));
  }
  if (absl::StrContains(section.body, " *: ")) {
    section.body += Wrapped(kUnderItem, "* the procedure names no time; this authority's own");
  }
  return section;
}

std::string StepTold(const gateway::v1::Step& step) {
  const std::string name = InWords(StepKind_Name(step.kind()));
  switch (step.state()) {
    case gateway::v1::STEP_STATE_DONE:
      return absl::StrCat(name, ": ", InWords(step.decision().outcome()));
    case gateway::v1::STEP_STATE_PARKED:
      return name + ": could not be asked for; somebody has to look";
    default:
      return name + ": being asked; contacts go on meanwhile";
  }
}

Section Decided(const Contact& contact, const std::string& source) {
  Section section{"DECIDED, AND WHY", ""};
  for (const auto& step : contact.steps()) {
    std::string part = Wrapped(kItem, StepTold(step));
    std::set<std::string> said;
    for (const auto& reason : step.decision().reasons()) {
      const std::string text = Saying(reason, source);
      if (said.insert(text).second) part += Wrapped(kUnderItem, text);
    }
    section.body += part;
    section.parts.push_back(part);
  }
  return section;
}

Section Asked(const std::string& head, const RepeatedPtrField<type::v1::Question>& questions) {
  Section section{head, ""};
  int shown = 0;
  for (const auto& question : questions) {
    if (shown++ == kQuestionsShown) {
      const int more = questions.size() - kQuestionsShown;
      section.body += Wrapped(kItem, absl::StrCat("and ", more, " more"));
      break;
    }
    const std::string strength = WordOf(question.strength());
    section.body +=
        Wrapped(kItem, absl::StrCat(question.text(), " [", strength, strength.empty() ? "" : "; ",
                                    question.rule_id(), "]"));
  }
  return section;
}

// Name, what reaches it, and what everybody has to be told with it.
Section Services(const Contact& contact) {
  Section section{"SERVICES FOUND", ""};
  for (const auto& hit : contact.services()) {
    const auto& content = hit.service().content();
    std::vector<std::string> ways;
    for (const auto& point : content.contact_points()) {
      std::string way = point.value();
      if (!point.only_for().empty()) absl::StrAppend(&way, " (only for ", point.only_for(), ")");
      if (!point.note().empty()) absl::StrAppend(&way, " (", point.note(), ")");
      ways.push_back(way);
    }
    std::string line = content.name();
    if (!ways.empty()) absl::StrAppend(&line, ": ", absl::StrJoin(ways, ", "));
    section.body += Wrapped(kItem, line);
    for (const auto& caveat : content.caveats()) {
      if (caveat.kind() == directory::v1::CAVEAT_KIND_OTHER) continue;
      section.body += Wrapped(kUnderItem, caveat.words());
    }
    if (hit.eligible() != type::v1::ANSWER_YES) {
      section.body += Wrapped(kUnderItem, "whether the person may use it is not known yet");
    }
  }
  return section;
}

Section Elsewhere(const Contact& contact) {
  Section section{"LOOK THERE", ""};
  for (const auto& guidance : contact.elsewhere()) {
    std::string line = guidance.title();
    if (!guidance.uri().empty()) absl::StrAppend(&line, ": ", guidance.uri());
    if (!guidance.caveat().empty()) absl::StrAppend(&line, " (", guidance.caveat(), ")");
    section.body += Wrapped(kItem, line);
  }
  return section;
}

std::string Pounds(const type::v1::Money& money) {
  return absl::StrFormat("%d.%02d pounds", money.pence() / 100, money.pence() % 100);
}

Section Charges(const Contact& contact) {
  Section section{"WHAT IT COSTS", ""};
  for (const auto& item : contact.charging().items()) {
    std::string line;
    for (const auto& support : contact.charging().facts().items()) {
      if (support.item_id() == item.item_id()) line = support.description();
    }
    absl::StrAppend(&line, ": ", InWords(ChargeOutcome_Name(item.outcome())));
    if (item.has_free_up_to()) {
      absl::StrAppend(&line, ", free up to ", Pounds(item.free_up_to()));
    }
    if (!item.free_until_on().empty())
      absl::StrAppend(&line, ", free until ", item.free_until_on());
    section.body += Wrapped(kItem, line);
  }
  return section;
}

Section Stands(const Contact& contact) {
  std::vector<std::string> outcomes;
  for (const int outcome : contact.outcomes()) {
    outcomes.push_back(InWords(Outcome_Name(static_cast<gateway::v1::Outcome>(outcome))));
  }
  std::string stands = InWords(ContactStatus_Name(contact.status()));
  if (!outcomes.empty()) absl::StrAppend(&stands, " (", absl::StrJoin(outcomes, "; "), ")");
  return {"HOW IT STANDS", Wrapped(kItem, stands)};
}

std::vector<Section> SectionsOf(const Contact& contact) {
  const std::string source = MainSource(contact);
  Section decided = Decided(contact, source);
  if (!source.empty()) absl::StrAppend(&decided.head, ", under ", source);
  return {DoNow(contact, source),
          std::move(decided),
          DueLater(contact, source),
          Services(contact),
          Elsewhere(contact),
          Charges(contact),
          Asked("ASK NEXT: the answer decides", contact.questions()),
          Asked("GOOD TO KNOW: nothing waits for it", contact.still_to_gather()),
          Stands(contact)};
}

std::string Told(const Section& section) {
  if (section.body.empty()) return "";
  return Wrapped(kHead, section.head) + section.body;
}

std::string TellQuotes(const RepeatedPtrField<tests::contacts::Quote>& quotes) {
  std::string told;
  for (const auto& quote : quotes) {
    const bool several = quote.lines().find_first_of("-,") != std::string::npos;
    told += Wrapped(kItem, absl::StrCat(quote.rule_id(), several ? ", lines " : ", line ",
                                        quote.lines(), ": ", quote.says()));
  }
  return told.empty() ? "" : Wrapped(kHead, "THE PROCEDURE SAYS") + told;
}

// "her neighbour, Ben Example"
std::string WhoMakesContact(const gateway::v1::OpenContactRequest& request) {
  const auto& contacting = request.contacting();
  if (contacting.role() == gateway::v1::CONTACTING_ROLE_SELF) {
    return request.subject() == referral::v1::SUBJECT_CARER ? "the carer" : "the person";
  }
  std::string who = contacting.relationship().empty()
                        ? InWords(ContactingRole_Name(contacting.role()))
                        : absl::StrCat("the ", contacting.relationship());
  if (!contacting.full_name().empty()) absl::StrAppend(&who, ", ", contacting.full_name());
  return who;
}

}  // namespace

std::string TellCase(const tests::contacts::ContactCase& contact_case,
                     const std::string& authority) {
  const auto& request = contact_case.request();
  std::string told = std::string(kColumns, '-') + "\n";
  told += Wrapped("", absl::StrCat(absl::AsciiStrToUpper(authority), ": ", contact_case.title()));
  std::string about = InWords(referral::v1::Subject_Name(request.subject()));
  if (!request.person().full_name().empty()) {
    absl::StrAppend(&about, ", ", request.person().full_name());
  }
  told += Wrapped(kHead, absl::StrCat("By ", InWords(referral::v1::Channel_Name(request.channel())),
                                      ", from ", WhoMakesContact(request), "; about ", about, "."));
  std::vector<std::string> asks;
  for (const int ask : request.asks()) {
    asks.push_back(InWords(Ask_Name(static_cast<gateway::v1::Ask>(ask))));
  }
  if (!asks.empty()) told += Wrapped(kHead, "Asks for: " + absl::StrJoin(asks, "; ") + ".");
  if (!request.summary().empty()) {
    told += Wrapped(kHead, absl::StrCat("\"", request.summary(), "\""));
  }
  return told + TellQuotes(contact_case.quotes());
}

std::string TellLater(const tests::contacts::Later& later) {
  return Wrapped("", "LATER: " + later.title()) + TellQuotes(later.quotes());
}

std::string TellContact(const Contact& contact) {
  std::string told;
  for (const Section& section : SectionsOf(contact)) told += Told(section);
  return told;
}

std::string TellChange(const Contact& before, const Contact& after) {
  const std::vector<Section> old = SectionsOf(before);
  std::vector<Section> now = SectionsOf(after);
  std::string told;
  for (std::size_t index = 0; index < now.size(); ++index) {
    if (now[index].body == old[index].body) continue;
    if (!now[index].parts.empty()) {
      now[index].body.clear();
      const std::set<std::string> known(old[index].parts.begin(), old[index].parts.end());
      for (const std::string& part : now[index].parts) {
        if (!known.contains(part)) now[index].body += part;
      }
    }
    if (now[index].body.empty()) now[index].body = Wrapped(kItem, "nothing any more");
    told += Told(now[index]);
  }
  return told.empty() ? Wrapped(kHead, "Nothing changes.") : told;
}

}  // namespace asc::demo
