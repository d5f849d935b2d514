#include "platform/rpc/command_line.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace asc::rpc {
namespace {

constexpr int kUsageError = 2;

// Abseil's own usage ends with 1, as if something had gone wrong, and tells of its own flags too.
[[noreturn]] void TellUsage(const char* program, const char* what) {
  std::printf("%s: %s\n", program, what);
  std::map<std::string, absl::CommandLineFlag*> own;
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    if (!absl::StrContains(flag->Filename(), "absl/")) own[std::string(name)] = flag;
  }
  for (const auto& [name, flag] : own) {
    std::printf("  --%s (%s); default: %s\n", name.c_str(), flag->Help().c_str(),
                flag->IsOfType<std::string>() ? ("\"" + flag->DefaultValue() + "\"").c_str()
                                              : flag->DefaultValue().c_str());
  }
  std::exit(std::fflush(stdout) == 0 ? 0 : 1);
}

bool IsFlag(const std::string& name) {
  if (absl::FindCommandLineFlag(name) != nullptr) return true;
  // "--noname" is how a flag of two values is put off.
  const auto* flag =
      absl::StartsWith(name, "no") ? absl::FindCommandLineFlag(name.substr(2)) : nullptr;
  return flag != nullptr && flag->IsOfType<bool>();
}

[[noreturn]] void Refuse(const char* program, const std::string& word, const char* why) {
  std::fprintf(stderr, "%s: %s: %s, see --help\n", program, word.c_str(), why);
  std::exit(kUsageError);
}

}  // namespace

std::vector<std::string> ParseFlags(int argc, char** argv, const char* what,
                                    std::size_t words_max) {
  const std::string path = argv[0];
  const std::string program = path.substr(path.rfind('/') + 1);
  for (int i = 1; i < argc && std::string(argv[i]) != "--"; ++i) {
    const std::string word = argv[i];
    if (!absl::StartsWith(word, "-") || word == "-") continue;
    std::string name(absl::StripPrefix(absl::StripPrefix(word, "-"), "-"));
    name = name.substr(0, name.find('='));
    if (name == "help" || name == "h") TellUsage(program.c_str(), what);
    if (!IsFlag(name)) Refuse(program.c_str(), word, "no such flag");
  }
  const auto rest = absl::ParseCommandLine(argc, argv);
  std::vector<std::string> words(rest.begin() + 1, rest.end());
  if (words.size() > words_max) {
    Refuse(program.c_str(), words[words_max], "not a flag; write --flag=value");
  }
  return words;
}

}  // namespace asc::rpc
