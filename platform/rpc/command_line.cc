#include "platform/rpc/command_line.h"

#include <cstdio>
#include <cstdlib>

#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/match.h"

namespace asc::rpc {

void ParseFlags(int argc, char** argv, const char* what) {
  absl::SetProgramUsageMessage(what);
  absl::FlagsUsageConfig config;
  config.contains_help_flags = [](absl::string_view file) {
    return absl::EndsWith(file, "main.cc");
  };
  absl::SetFlagsUsageConfig(config);
  const auto rest = absl::ParseCommandLine(argc, argv);
  if (rest.size() <= 1) return;
  std::fprintf(stderr, "%s: not a flag; write --flag=value, or see --help\n", rest[1]);
  std::exit(1);
}

}  // namespace asc::rpc
