#include "tests/tidy/house_rules.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <regex>
#include <set>

namespace asc::tidy {
namespace {

constexpr std::size_t kLineMax = 100;
constexpr std::size_t kFunctionMax = 70;
constexpr std::size_t kMainMax = 60;

std::string At(const std::string& path, std::size_t line) {
  return path + ":" + std::to_string(line) + ": ";
}

bool IsCpp(const std::string& path) { return EndsWith(path, ".cc") || EndsWith(path, ".h"); }

bool IsScript(const std::string& path) {
  return StartsWith(path, "scripts/") && ExtensionOf(path).empty();
}

bool IsCode(const std::string& path) {
  static const std::set<std::string> code = {".cc", ".h", ".proto", ".sql", ".cmake"};
  return code.count(ExtensionOf(path)) > 0 || IsScript(path);
}

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// Characters, not bytes: the bytes that continue a character do not count.
std::size_t CharactersIn(const std::string& line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool IsProtoOption(const std::string& path, const std::string& line) {
  return ExtensionOf(path) == ".proto" &&
         (line.find("option (") != std::string::npos ||
          line.find("field) =") != std::string::npos || line.find("privacy:") != std::string::npos);
}

std::size_t IndentOf(const std::string& line) {
  const std::size_t indent = line.find_first_not_of(' ');
  return indent == std::string::npos ? 0 : indent;
}

// Whether a line that ends with '{' begins something other than a function.
bool OpensNoFunction(const std::string& line) {
  static const std::regex other(
      R"(^\s*(inline )?(namespace|class|struct|enum|union|extern|switch|if|for|while|do|else)\b.*|)"
      R"(^\s*(try|return|case|public|private)\b.*)");
  return std::regex_match(line, other) || EndsWith(line, "= {") || EndsWith(line, "({") ||
         EndsWith(line, ", {");
}

// The first line of the declaration whose last line is `last`.
std::size_t StartOfDeclaration(const std::vector<std::string>& lines, std::size_t last) {
  std::size_t first = last;
  while (first > 0) {
    const std::string& above = lines[first - 1];
    const bool ends = above.empty() || EndsWith(above, ";") || EndsWith(above, "}") ||
                      EndsWith(above, "{") || EndsWith(above, ":") ||
                      above.find("//") != std::string::npos || StartsWith(above, "#") ||
                      StartsWith(above, "template <");
    if (ends) break;
    --first;
  }
  return first;
}

// Calls `found` for every line of every file that `wanted` accepts.
void EachLine(const SourceTree& tree, const std::function<bool(const std::string&)>& wanted,
              const std::function<void(const std::string& path, std::size_t number,
                                       const std::string& line)>& found) {
  for (const auto& [path, text] : tree) {
    if (!wanted(path)) continue;
    std::size_t number = 0;
    for (const std::string& line : LinesOf(text)) found(path, ++number, line);
  }
}

// The rules themselves and their tests have to spell what they forbid.
bool IsTidyItself(const std::string& path) { return StartsWith(path, "tests/tidy/"); }

bool IsMain(const std::string& path) { return NameOf(path) == "main.cc"; }

// Whether a list file anywhere names the file from the root of the project.
bool IsNamedFromTheRoot(const SourceTree& tree, const std::string& path) {
  for (const auto& [list, text] : tree) {
    if (NameOf(list) != "CMakeLists.txt") continue;
    if (FolderOf(path) != "" && text.find(" " + path) != std::string::npos) return true;
  }
  return false;
}

// Whether some CMakeLists.txt at or above the folder of `path` names the file.
bool IsNamedInCMake(const SourceTree& tree, const std::string& path) {
  std::string folder = FolderOf(path);
  while (true) {
    const std::string list = folder.empty() ? "CMakeLists.txt" : folder + "/CMakeLists.txt";
    const std::string named = folder.empty() ? path : path.substr(folder.size() + 1);
    const auto found = tree.find(list);
    if (found != tree.end() && found->second.find(named) != std::string::npos) return true;
    // Some lists name a file without its ending, in a loop over names.
    const std::string stem = named.substr(0, named.rfind('.'));
    if (found != tree.end() && found->second.find("(" + stem + " ") != std::string::npos) {
      return true;
    }
    // A contract may be named from the root of its imports, "asc/...".
    const std::size_t import = path.find("/asc/");
    if (found != tree.end() && EndsWith(path, ".proto") && import != std::string::npos &&
        found->second.find(path.substr(import + 1)) != std::string::npos) {
      return true;
    }
    if (folder.empty()) return false;
    folder = FolderOf(folder);
  }
}

}  // namespace

Findings LongLines(const SourceTree& tree) {
  Findings findings;
  EachLine(tree, IsCode,
           [&findings](const std::string& path, std::size_t number, const std::string& line) {
             const std::size_t length = CharactersIn(line);
             if (length <= kLineMax || IsProtoOption(path, line)) return;
             findings.push_back(At(path, number) + std::to_string(length) +
                                " characters: break the line at 100 (C++: scripts/format)");
           });
  return findings;
}

Findings LongFunctions(const SourceTree& tree) {
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!IsCpp(path)) continue;
    const std::vector<std::string> lines = LinesOf(text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!EndsWith(lines[i], "{") || OpensNoFunction(lines[i])) continue;
      const std::size_t first = StartOfDeclaration(lines, i);
      // Deeper than a method of a class in a namespace stand only blocks of a function.
      const std::size_t indent = IndentOf(lines[first]);
      if (indent > 2 || OpensNoFunction(lines[first])) continue;
      std::size_t last = i + 1;
      while (last < lines.size() &&
             !(IndentOf(lines[last]) == indent && StartsWith(lines[last].substr(indent), "}"))) {
        ++last;
      }
      const std::size_t length = last - first + 1;
      if (length > kFunctionMax) {
        findings.push_back(At(path, first + 1) + "a function of " + std::to_string(length) +
                           " lines: take parts of it out, 70 at most");
      }
    }
  }
  return findings;
}

Findings LongMains(const SourceTree& tree) {
  Findings findings;
  for (const auto& [path, text] : tree) {
    const std::size_t length = LinesOf(text).size();
    if (!IsMain(path) || length <= kMainMax) continue;
    findings.push_back(path + ": " + std::to_string(length) +
                       " lines: move what is not flags or wiring elsewhere, 60 at most");
  }
  return findings;
}

Findings StubsInHeaders(const SourceTree& tree) {
  Findings findings;
  EachLine(
      tree, [](const std::string& path) { return EndsWith(path, ".h"); },
      [&findings](const std::string& path, std::size_t number, const std::string& line) {
        if (!StartsWith(line, "#include") || line.find(".grpc.pb.h") == std::string::npos) return;
        findings.push_back(At(path, number) +
                           "a stub header in a header: include it in the .cc and give a factory");
      });
  return findings;
}

Findings DomainWordsInPlatform(const SourceTree& tree) {
  static const std::regex words("referral|advocacy|funding|council|carer|safeguarding");
  Findings findings;
  EachLine(
      tree, [](const std::string& path) { return StartsWith(path, "platform/"); },
      [&findings](const std::string& path, std::size_t number, const std::string& line) {
        std::smatch found;
        const std::string lower = Lower(line);
        if (!std::regex_search(lower, found, words)) return;
        findings.push_back(At(path, number) + "'" + found.str() +
                           "' in platform/: say it without the domain, or move it to a service");
      });
  return findings;
}

Findings CouncilNamesInCode(const SourceTree& tree) {
  static const std::regex names("rotherham|wakefield|milton.?keynes|hillingdon");
  const auto is_judged = [](const std::string& path) {
    return IsCode(path) && !IsTidyItself(path) && !EndsWith(path, "_test.cc") &&
           path.find("/golden/") == std::string::npos &&
           path.find("/testing/") == std::string::npos;
  };
  Findings findings;
  EachLine(tree, is_judged,
           [&findings](const std::string& path, std::size_t number, const std::string& line) {
             std::smatch found;
             const std::string lower = Lower(line);
             if (!std::regex_search(lower, found, names)) return;
             findings.push_back(At(path, number) + "'" + found.str() +
                                "' in code: make it a value of the policy files");
           });
  return findings;
}

Findings ForeignIncludesInKit(const SourceTree& tree) {
  static const std::regex ours(R"re(^#include "(.*)")re");
  static const std::regex allowed(R"(asc/.*\.pb\.h|google/.*|tests/conformance/.*)");
  const auto in_kit = [](const std::string& path) {
    return StartsWith(path, "tests/conformance/") && IsCpp(path) &&
           NameOf(path) != "reference_test.cc";
  };
  Findings findings;
  EachLine(tree, in_kit,
           [&findings](const std::string& path, std::size_t number, const std::string& line) {
             std::smatch found;
             if (!std::regex_search(line, found, ours)) return;
             if (std::regex_match(found[1].str(), allowed)) return;
             if (IsMain(path) && StartsWith(found[1].str(), "absl/")) return;
             findings.push_back(At(path, number) + found[1].str() +
                                ": the kit is handed out alone; use protos, gRPC and subject.h");
           });
  return findings;
}

Findings UnexplainedFlags(const SourceTree& tree) {
  static const std::regex flag(R"(ABSL_FLAG\([^,]+,\s*(\w+))");
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!IsMain(path)) continue;
    const std::string readme = FolderOf(path) + "/README.md";
    const auto found = tree.find(readme);
    for (auto it = std::sregex_iterator(text.begin(), text.end(), flag);
         it != std::sregex_iterator(); ++it) {
      const std::regex named("--" + (*it)[1].str() + "\\b");
      if (found != tree.end() && std::regex_search(found->second, named)) continue;
      findings.push_back(path + ": --" + (*it)[1].str() + ": explain it in " + readme);
    }
  }
  return findings;
}

Findings NotesToSelf(const SourceTree& tree) {
  static const std::regex note("\\b(TODO|FIXME)\\b");
  Findings findings;
  EachLine(
      tree,
      [](const std::string& path) { return !IsTidyItself(path) && ExtensionOf(path) != ".md"; },
      [&findings](const std::string& path, std::size_t number, const std::string& line) {
        if (!std::regex_search(line, note)) return;
        findings.push_back(At(path, number) + "a note to self: do it now, or open an issue");
      });
  return findings;
}

Findings FilesOutsideCMake(const SourceTree& tree) {
  static const std::set<std::string> listed = {".cc", ".proto", ".sql"};
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (listed.count(ExtensionOf(path)) == 0 || IsNamedInCMake(tree, path)) continue;
    if (IsNamedFromTheRoot(tree, path)) continue;
    findings.push_back(path + ": in no CMakeLists.txt: add it to that of its folder, or delete it");
  }
  return findings;
}

Findings MachinePaths(const SourceTree& tree) {
  static const std::regex path_of_machine(R"((^|[^\w.])/(work|home/\w+)/|\.library\b|\.\./shared)");
  Findings findings;
  EachLine(
      tree, [](const std::string& path) { return !IsTidyItself(path); },
      [&findings](const std::string& path, std::size_t number, const std::string& line) {
        if (!std::regex_search(line, path_of_machine)) return;
        findings.push_back(At(path, number) +
                           "a path of one machine: use a path from the root of the project");
      });
  return findings;
}

}  // namespace asc::tidy
