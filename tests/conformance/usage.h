// How the kit is used, told before the libraries read the command line: their own usage ends with 1
// or goes on to run.

#ifndef ASC_TESTS_CONFORMANCE_USAGE_H_
#define ASC_TESTS_CONFORMANCE_USAGE_H_

#include <map>
#include <string>

namespace asc::conformance {

// What main ends with: 0 after --help, 2 after a word that is neither one of `flags` (name and what
// it is) nor GoogleTest's. -1: go on.
int TellUsage(int argc, char** argv, const std::map<std::string, std::string>& flags);

// The first word of the file; empty without a file.
std::string ReadToken(const std::string& file);

}  // namespace asc::conformance

#endif  // ASC_TESTS_CONFORMANCE_USAGE_H_
