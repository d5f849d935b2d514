#include "tests/demo/words.h"

#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace asc::demo {
namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

using Words = std::map<std::string, std::string>;

const Words& OfTheContact() {
  static const Words kWords = {
      {"CHANNEL_TELEPHONE", "telephone"},
      {"CHANNEL_LETTER", "letter"},
      {"CHANNEL_EMAIL", "e-mail"},
      {"CHANNEL_IN_PERSON", "visit"},
      {"CHANNEL_ONLINE_FORM", "online form"},
      {"CONTACTING_ROLE_CARER", "the carer"},
      {"CONTACTING_ROLE_FAMILY_OR_FRIEND", "family or a friend"},
      {"CONTACTING_ROLE_PROFESSIONAL", "a professional"},
      {"CONTACTING_ROLE_OTHER", "somebody else"},
      {"SUBJECT_PERSON", "an adult"},
      {"SUBJECT_CARER", "a carer"},
      {"ASK_NAMED_WORKER", "to reach a worker by name"},
      {"ASK_NAMED_TEAM", "to reach a team by name"},
      {"ASK_REVIEW", "a review of, or a change to, a plan"},
      {"ASK_NEW_NEED", "help with a new or changed need"},
      {"ASK_URGENT_NEED", "help that seems unable to wait"},
      {"ASK_INFORMATION", "information or advice"},
      {"ASK_MONEY", "an answer about money"},
      {"ASK_SAFEGUARDING", "somebody to look into a worry about abuse or neglect"},
      {"ASK_OTHER", "something else"},
      {"CONTACT_STATUS_IN_PROGRESS", "still being worked on"},
      {"CONTACT_STATUS_AWAITING_FACTS", "waiting for answers"},
      {"CONTACT_STATUS_AWAITING_PEOPLE", "decided; people have things to do"},
      {"CONTACT_STATUS_COMPLETED", "done"},
      {"CONTACT_STATUS_NEEDS_ATTENTION", "stuck: somebody has to look"},
      {"OUTCOME_RECORDED", "recorded"},
      {"OUTCOME_SAFEGUARDING", "safeguarding"},
      {"OUTCOME_PASSED_ON", "passed on, or a message left"},
      {"OUTCOME_DEALT_WITH_HERE", "dealt with here"},
      {"OUTCOME_REFERRAL_OPENED", "referral taken"},
      {"OUTCOME_REFERRAL_NOT_TAKEN", "no referral"},
      {"OUTCOME_OTHER_PROCEDURE", "belongs to another procedure"},
      {"OUTCOME_INFORMATION", "information and advice"},
      {"OUTCOME_REVIEW_REQUESTED", "review asked for"},
      {"OUTCOME_URGENT_SUPPORT", "urgent support"},
      {"OUTCOME_OTHER_AUTHORITY", "better served by the authority they live in"},
      {"OUTCOME_ADVOCACY", "advocate due"},
      {"OUTCOME_REFERRAL_ALREADY_OPEN", "a referral is open already"},
      {"OUTCOME_FOR_PEOPLE", "for people to settle"},
      {"OUTCOME_PROVIDER_CONCERN", "a concern about a care home or home care"},
      {"OUTCOME_REVIEW_REFUSED", "no review"},
  };
  return kWords;
}

const Words& OfTheSteps() {
  static const Words kWords = {
      {"STEP_KIND_SAFEGUARDING", "Danger and abuse"},
      {"STEP_KIND_ROUTE", "Whom it goes to"},
      {"STEP_KIND_REFERRAL", "Referral"},
      {"STEP_KIND_ORDINARY_RESIDENCE", "Where the person lives"},
      {"STEP_KIND_INFORMATION", "Information and advice"},
      {"STEP_KIND_PREVENTION", "Prevention"},
      {"STEP_KIND_URGENT_SUPPORT", "Urgent support"},
      {"STEP_KIND_ADVOCACY", "Advocate"},
      {"STEP_KIND_FINANCE_INFORMATION", "Money"},
      {"STEP_KIND_REVIEW", "Review of the plan"},
      {"STEP_KIND_ADVOCACY_NEED", "Record of the need for an advocate"},
      {"STEP_KIND_ADVOCACY_HOLD", "May the process begin?"},
      {"STEP_KIND_ADVICE_RECORD", "Record of the advice"},
      {"STEP_KIND_REFERRAL_UPDATE", "Referral, what is known since"},
      {"STEP_KIND_OTHER", "Something else"},
      {"STEP_KIND_ADVOCACY_RECONSIDER", "The recorded need for an advocate"},
      {"IMMINENT_DANGER", "imminent danger, or a crime"},
      {"CONCERN", "a concern about abuse or neglect"},
      {"PROVIDER_CONCERN", "a concern about a care home or home care"},
      {"CONCERN_UNEXPLAINED", "a concern was to be raised, and every answer is no"},
      {"NO_CONCERN_KNOWN", "no concern is known"},
      {"FOR_PEOPLE", "for people to do"},
      {"ROUTE_OUTCOME_TRANSFER", "pass it on to whom it asks for"},
      {"ROUTE_OUTCOME_DO_NOT_TRANSFER", "do not pass it on"},
      {"ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL", "not available; the return is known"},
      {"ROUTE_OUTCOME_NOT_AVAILABLE_UNKNOWN", "not available; nobody knows until when"},
      {"ROUTE_OUTCOME_CANNOT_TELL", "cannot tell yet"},
      {"ROUTE_OUTCOME_REDIRECTED", "belongs to another procedure"},
      {"OUTCOME_PERMITTED", "may be taken, and has been"},
      {"OUTCOME_REFUSED", "may not be taken"},
      {"OUTCOME_CANNOT_TELL", "cannot tell yet"},
      {"OUTCOME_REDIRECTED", "belongs somewhere else"},
      {"SERVICES_FOUND", "services were found"},
      {"NOTHING_FOUND", "the directory holds nothing on it"},
      {"KEPT_ELSEWHERE", "the authority keeps its directory elsewhere"},
      {"ADVICE_RECORDED", "recorded, with what was agreed about coming back"},
      {"CONSIDERATIONS_COMPLETE", "everything that has to be considered is there"},
      {"CONSIDERATIONS_MISSING", "not everything has been considered yet"},
      {"NOT_URGENT", "not urgent, as far as is said"},
      {"NOT_IN_PROCEDURE", "this procedure does not deal with it"},
      {"FUNDING_REQUEST_OPENED", "a draft request for funding is made"},
      {"FUNDING_REQUEST_NOT_OPENED", "no request could be made of it yet"},
      {"ADVOCACY_OUTCOME_DUTY", "one must be made available"},
      {"ADVOCACY_OUTCOME_NO_DUTY", "none is due"},
      {"ADVOCACY_OUTCOME_POWER", "not due, but the authority may provide one"},
      {"ADVOCACY_OUTCOME_CANNOT_TELL", "cannot tell yet"},
      {"ADVOCACY_OUTCOME_NOT_COVERED", "this procedure does not cover it"},
      {"ADVOCACY_NEED_OPENED", "kept"},
      {"HOLD_OUTCOME_MAY_PROCEED", "yes"},
      {"HOLD_OUTCOME_HELD", "no, not before the advocate is in place"},
      {"HOLD_OUTCOME_MAY_PROCEED_URGENTLY", "only the urgent measure; the advocate is still due"},
      {"HOLD_OUTCOME_CANNOT_TELL", "cannot tell yet"},
      {"CHARGE_OUTCOME_MAY_CHARGE", "may be charged for"},
      {"CHARGE_OUTCOME_NO_CHARGE", "free"},
      {"CHARGE_OUTCOME_PARTLY_FREE", "partly free"},
      {"CHARGE_OUTCOME_CANNOT_TELL", "cannot tell yet"},
      {"SEVERAL", "differs from item to item"},
      {"REVIEW_ROUTE_ALLOCATED_WORKER", "goes to the allocated worker"},
      {"REVIEW_ROUTE_RESPONSIBLE_TEAM", "goes to the team responsible"},
      {"REVIEW_ROUTE_ASK_MANAGER", "a manager has to choose"},
      {"REVIEW_ROUTE_LIGHT_TOUCH_POSSIBLE", "a light-touch review may be possible"},
      {"REVIEW_ROUTE_REASSESSMENT_LIKELY", "a reassessment is likely"},
      {"REVIEW_ROUTE_OTHER_PROCEDURE", "belongs to another procedure"},
      {"REVIEW_ROUTE_ALTERNATIVE", "arranged in another way"},
  };
  return kWords;
}

}  // namespace

std::string InWords(const std::string& enum_name) {
  for (const Words* words : {&OfTheContact(), &OfTheSteps()}) {
    const auto found = words->find(enum_name);
    if (found != words->end()) return found->second;
  }
  return absl::StrReplaceAll(absl::AsciiStrToLower(enum_name), {{"_", " "}});
}

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

std::string After(std::int64_t seconds) {
  if (seconds <= 0) return "now";
  if (seconds < 2 * kHour) return absl::StrCat("within ", seconds / kMinute, " minutes");
  if (seconds < 2 * kDay) return absl::StrCat("within ", seconds / kHour, " hours");
  return absl::StrCat("within ", seconds / kDay, " days");
}

std::string Wrapped(const std::string& mark, const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
  std::string told;
  std::string line = mark;
  bool first = true;
  for (const std::string& word : words) {
    if (!first && line.size() + 1 + word.size() > kColumns) {
      absl::StrAppend(&told, line, "\n");
      line = std::string(mark.size(), ' ');
      first = true;
    }
    absl::StrAppend(&line, first ? "" : " ", word);
    first = false;
  }
  return absl::StrCat(told, line, "\n");
}

std::vector<std::string> Unreadable(const std::string& told) {
  std::vector<std::string> faults;
  const std::vector<std::string> lines = absl::StrSplit(told, '\n');
  for (const std::string& line : lines) {
    if (line.size() > kColumns) faults.push_back("a line that is too long: " + line);
    for (std::size_t at = line.find('_'); at != std::string::npos; at = line.find('_', at + 1)) {
      const bool code = at > 0 && at + 1 < line.size() && absl::ascii_isupper(line[at - 1]) &&
                        absl::ascii_isupper(line[at + 1]);
      if (!code) continue;
      faults.push_back("a code in place of words: " + line);
      break;
    }
  }
  return faults;
}

}  // namespace asc::demo
