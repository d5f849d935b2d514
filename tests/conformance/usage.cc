#include "tests/conformance/usage.h"

#include <fstream>
#include <iostream>

namespace asc::conformance {

int TellUsage(int argc, char** argv, const std::map<std::string, std::string>& flags) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::size_t start = word.find_first_not_of('-');
    const std::string name =
        start == std::string::npos ? "" : word.substr(start, word.find('=') - start);
    if (name == "help" || name == "h") {
      std::cout << "asc-conformance: judges a service against its contract\n";
      for (const auto& [flag, help] : flags) std::cout << "  --" << flag << " (" << help << ")\n";
      return 0;
    }
    if (start != 0 && (flags.count(name) > 0 || name.rfind("gtest_", 0) == 0)) continue;
    std::cerr << "asc-conformance: " << word << ": no such flag; write --flag=value, see --help\n";
    return 2;
  }
  return -1;
}

std::string ReadToken(const std::string& file) {
  std::ifstream in(file);
  std::string token;
  in >> token;
  return token;
}

}  // namespace asc::conformance
