#include "platform/http/openapi_text.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace asc::http {
namespace {

// "**NOT_FOUND**: no such record" of "NOT_FOUND      no such record"; other text as it is.
std::string Entry(const std::string& line) {
  const auto gap = line.find("  ");
  if (gap == std::string::npos || gap < 2) return line;
  const std::string codes = line.substr(0, gap);
  const bool capitals = std::all_of(codes.begin(), codes.end(), [](unsigned char c) {
    return std::isupper(c) != 0 || c == '_' || c == ',' || c == ' ';
  });
  if (!capitals) return line;
  const std::string rest = line.substr(gap);
  return absl::StrCat("**", codes, "**: ", std::string(absl::StripAsciiWhitespace(rest)));
}

// Puts lines together as they come.
class Markdown {
 public:
  void Add(const std::string& raw) {
    const std::string line(absl::StripAsciiWhitespace(raw));
    if (line.empty()) {
      state_ = State::kBreak;
      return;
    }
    // protoc keeps the space behind the slashes.
    const std::size_t indent = raw.find_first_not_of(' ');
    if (indent > 1) {
      AddIndented(line, indent);
    } else {
      if (!text_.empty()) text_ += state_ == State::kParagraph ? " " : "\n\n";
      text_ += line;
      state_ = State::kParagraph;
    }
  }

  std::string text() const { return text_; }

 private:
  enum class State { kBreak, kParagraph, kList };

  void AddIndented(const std::string& line, std::size_t indent) {
    const bool first = state_ != State::kList;
    if (first) list_indent_ = indent;
    const bool sentence_ended = first || text_.find_last_of(".:]") == text_.size() - 1;
    if (indent > list_indent_ || line[0] == '[' || !sentence_ended) {
      absl::StrAppend(&text_, " ", line);
      return;
    }
    absl::StrAppend(&text_, text_.empty() ? "- " : first ? "\n\n- " : "\n- ", Entry(line));
    state_ = State::kList;
  }

  std::string text_;
  State state_ = State::kBreak;
  std::size_t list_indent_ = 0;
};

// Without " [area.method.case]", by which the conformance kit refers to a sentence.
std::string WithoutCaseIds(std::string text) {
  for (std::size_t at = 0; (at = text.find('[', at)) != std::string::npos;) {
    const auto end = text.find(']', at);
    if (end == std::string::npos) break;
    const std::string inside = text.substr(at + 1, end - at - 1);
    if (inside.find('.') == std::string::npos || inside.find(' ') != std::string::npos) {
      at = end;
      continue;
    }
    const std::size_t from = at > 0 && text[at - 1] == ' ' ? at - 1 : at;
    text.erase(from, end + 1 - from);
    at = from;
  }
  return text;
}

// Fields that mean the same in every contract, so that the contracts need not say it each time.
const std::map<std::string, std::string>& Conventions() {
  static const std::map<std::string, std::string> kByName = {
      {"authority", "The short code of the authority, for example `standard`."},
      {"request_id",
       "The caller's key of this write: sent again with the same content, it gets the first "
       "answer. "
       "A new UUID is best. May be given by the header `Idempotency-Key` instead."},
      {"etag",
       "Names the version of the record as a server gave it out, quotes included. In a request it "
       "may be given by the header `If-Match` instead."},
      {"policy_hash", "Decide under the policy with this content hash; absent: the current one."},
      {"page_size", "How many rows at most; absent: the server's choice; above 200 counts as 200."},
      {"page_token", "`nextPageToken` of the page before; absent: the first page."},
      {"next_page_token", "Absent on the last page."},
      {"version", "Counts the changes of the record."}};
  return kByName;
}

}  // namespace

std::string MarkdownOf(const std::string& comment) {
  Markdown markdown;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(comment, '\n'))) {
    markdown.Add(line);
  }
  return markdown.text();
}

std::string SummaryOf(const std::string& markdown) {
  std::string text = WithoutCaseIds(markdown.substr(0, markdown.find("\n\n")));
  text = text.substr(0, text.find(". "));
  while (!text.empty() && (text.back() == '.' || text.back() == ':')) text.pop_back();
  return text;
}

std::string WordsOf(const std::string& name) { return absl::StrReplaceAll(name, {{"_", " "}}); }

std::string DescriptionOf(const google::protobuf::FieldDescriptor* field) {
  std::string comment = CommentOf(field);
  if (!comment.empty()) return comment;
  const std::string& name = field->name();
  if (const auto known = Conventions().find(name); known != Conventions().end()) {
    return known->second;
  }
  if (absl::EndsWith(name, "_id")) {
    return absl::StrCat("The identifier of the ", WordsOf(name.substr(0, name.size() - 3)), ".");
  }
  return "";
}

}  // namespace asc::http
