#include "tests/tidy/case_rules.h"

#include <cctype>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

namespace asc::tidy {
namespace {

const char* const kKit = "tests/conformance/";
const char* const kCatalogue = "tests/conformance/CASES.md";
const char* const kNotYetServed = "tests/conformance/not_yet_served";

const std::regex& Tag() {
  static const std::regex tag(R"(\[([a-z]+\.[a-z_]+\.[a-z_]+)\])");
  return tag;
}

std::string At(const std::string& path, std::size_t line) {
  return path + ":" + std::to_string(line) + ": ";
}

bool IsContract(const std::string& path) {
  return StartsWith(path, "protos/") && EndsWith(path, ".proto");
}

// Case id to the places it stands in, in files that `wanted` accepts.
template <class Wanted>
std::map<std::string, std::vector<std::string>> TagsIn(const SourceTree& tree, Wanted wanted) {
  std::map<std::string, std::vector<std::string>> tags;
  for (const auto& [path, text] : tree) {
    if (!wanted(path)) continue;
    std::size_t number = 0;
    for (const std::string& line : LinesOf(text)) {
      ++number;
      for (auto it = std::sregex_iterator(line.begin(), line.end(), Tag());
           it != std::sregex_iterator(); ++it) {
        tags[(*it)[1].str()].push_back(At(path, number));
      }
    }
  }
  return tags;
}

std::string SuiteOf(const std::string& case_id) {
  std::string suite;
  bool first = true;
  for (const char c : case_id) {
    if (c == '.' || c == '_') {
      first = true;
      continue;
    }
    suite += first ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    first = false;
  }
  return suite;
}

struct Case {
  std::string id;
  std::string suite;
  std::string where;
};

// The cases of the kit: TEST(Suite, ...) with "// [id]" in the line above.
std::vector<Case> CasesOf(const SourceTree& tree) {
  static const std::regex test(R"(^TEST(?:_F)?\((\w+),)");
  std::vector<Case> cases;
  for (const auto& [path, text] : tree) {
    if (!StartsWith(path, kKit) || !EndsWith(path, "_cases.cc")) continue;
    const std::vector<std::string> lines = LinesOf(text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::smatch found;
      if (!std::regex_search(lines[i], found, test)) continue;
      std::smatch tag;
      const bool tagged = i > 0 && std::regex_search(lines[i - 1], tag, Tag());
      cases.push_back({tagged ? tag[1].str() : "", found[1].str(), At(path, i + 1)});
    }
  }
  return cases;
}

// The lines of not_yet_served: an id, or the beginning of ids up to a dot.
struct NotYetServed {
  std::vector<std::string> entries;
  std::optional<std::size_t> count;
};

NotYetServed ReadNotYetServed(const SourceTree& tree) {
  NotYetServed list;
  const auto file = tree.find(kNotYetServed);
  if (file == tree.end()) return list;
  for (const std::string& line : LinesOf(file->second)) {
    std::istringstream words(line);
    std::string first;
    if (!(words >> first) || first[0] == '#') continue;
    std::size_t count = 0;
    if (first == "count" && words >> count) {
      list.count = count;
    } else {
      list.entries.push_back(first);
    }
  }
  return list;
}

bool Covers(const std::string& entry, const std::string& id) {
  return id == entry || StartsWith(id, entry + ".");
}

bool IsCovered(const NotYetServed& list, const std::string& id) {
  for (const std::string& entry : list.entries) {
    if (Covers(entry, id)) return true;
  }
  return false;
}

}  // namespace

Findings RepeatedCaseIds(const SourceTree& tree) {
  Findings findings;
  std::map<std::string, std::string> suites;
  for (const auto& [id, places] : TagsIn(tree, IsContract)) {
    if (places.size() > 1) {
      findings.push_back(places[1] + "[" + id + "] stands also at " + places[0] +
                         "give each sentence an id of its own");
    }
    const auto [same, is_new] = suites.emplace(SuiteOf(id), id);
    if (!is_new) {
      findings.push_back(places[0] + "[" + id + "] and [" + same->second +
                         "] would be one suite: rename one");
    }
  }
  return findings;
}

Findings SentencesWithoutCaseId(const SourceTree& tree) {
  static const std::regex must(R"(\bMUST\b)");
  Findings findings;
  for (const auto& [path, text] : tree) {
    // The shared types say what holds for every contract; the contracts carry the ids.
    if (!IsContract(path) || StartsWith(path, "protos/asc/type/")) continue;
    const std::vector<std::string> lines = LinesOf(text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].find("//") == std::string::npos || !std::regex_search(lines[i], must)) continue;
      // The id follows before the comment ends, at most a long sentence later.
      bool tagged = false;
      for (std::size_t j = i; j < lines.size() && j < i + 5 && !tagged; ++j) {
        if (lines[j].find("//") == std::string::npos) break;
        tagged = std::regex_search(lines[j], Tag());
      }
      if (!tagged) {
        findings.push_back(At(path, i + 1) +
                           "MUST without a case id: add one in brackets, or say it without MUST");
      }
    }
  }
  return findings;
}

Findings UnmatchedCases(const SourceTree& tree) {
  Findings findings;
  const auto tags = TagsIn(tree, IsContract);
  const NotYetServed later = ReadNotYetServed(tree);
  std::map<std::string, std::string> judged;
  for (const Case& one : CasesOf(tree)) {
    if (one.id.empty()) {
      findings.push_back(one.where + one.suite + ": put its case id in a comment line above");
      continue;
    }
    if (SuiteOf(one.id) != one.suite) {
      findings.push_back(one.where + "[" + one.id + "]: name the suite " + SuiteOf(one.id));
    }
    if (tags.count(one.id) == 0) {
      findings.push_back(one.where + "[" + one.id +
                         "] is in no contract: write its sentence there, or delete the case");
    }
    if (!judged.emplace(one.id, one.where).second) {
      findings.push_back(one.where + "[" + one.id + "] has a case already at " + judged[one.id] +
                         "make one of the two");
    }
  }
  for (const auto& [id, places] : tags) {
    if (judged.count(id) > 0 || IsCovered(later, id)) continue;
    findings.push_back(places[0] + "[" + id + "] has no case: write one in tests/conformance");
  }
  return findings;
}

Findings UncataloguedCases(const SourceTree& tree) {
  static const std::regex row(R"(^\| `([a-z]+\.[a-z_]+\.[a-z_]+)` \|)");
  Findings findings;
  std::set<std::string> rows;
  const auto catalogue = tree.find(kCatalogue);
  if (catalogue != tree.end()) {
    for (const std::string& line : LinesOf(catalogue->second)) {
      std::smatch found;
      if (!std::regex_search(line, found, row)) continue;
      if (!rows.insert(found[1].str()).second) {
        findings.push_back(std::string(kCatalogue) + ": two rows for " + found[1].str() +
                           ": delete one");
      }
    }
  }
  std::set<std::string> cases;
  for (const Case& one : CasesOf(tree)) {
    cases.insert(one.id);
    if (rows.count(one.id) > 0) continue;
    findings.push_back(one.where + "[" + one.id + "] has no row: add it to " + kCatalogue);
  }
  for (const std::string& id : rows) {
    if (cases.count(id) > 0) continue;
    findings.push_back(std::string(kCatalogue) + ": " + id + " has no case: delete the row");
  }
  return findings;
}

Findings StaleNotYetServed(const SourceTree& tree) {
  Findings findings;
  const std::string where = std::string(kNotYetServed) + ": ";
  const auto tags = TagsIn(tree, IsContract);
  const NotYetServed later = ReadNotYetServed(tree);
  std::set<std::string> judged;
  for (const Case& one : CasesOf(tree)) judged.insert(one.id);
  std::size_t covered = 0;
  for (const auto& [id, places] : tags) covered += IsCovered(later, id) ? 1 : 0;
  for (const std::string& entry : later.entries) {
    bool used = false;
    for (const auto& [id, places] : tags) used |= Covers(entry, id);
    if (!used) findings.push_back(where + entry + " covers no id of a contract: delete the line");
  }
  for (const std::string& id : judged) {
    if (IsCovered(later, id)) {
      findings.push_back(where + id + " has a case: take it out of the list");
    }
  }
  if (!later.entries.empty() && later.count != covered) {
    findings.push_back(where + "covers " + std::to_string(covered) +
                       " ids: say so in its line 'count' (it may only shrink)");
  }
  return findings;
}

}  // namespace asc::tidy
