// The command line of a program: flags, and a --help that shows them.

#ifndef ASC_PLATFORM_RPC_COMMAND_LINE_H_
#define ASC_PLATFORM_RPC_COMMAND_LINE_H_

#include <cstddef>
#include <string>
#include <vector>

namespace asc::rpc {

// Reads the flags of main.cc and returns the words beside them; `what` says what the program is.
// --help shows the flags on standard output and ends the process with 0. Ends it with 2, naming it,
// at a flag that is unknown and at any word beyond `words_max`: "--flag false" would otherwise mean
// "--flag" and a stray word. A value that does not fit its flag ends it with 1.
std::vector<std::string> ParseFlags(int argc, char** argv, const char* what,
                                    std::size_t words_max = 0);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_COMMAND_LINE_H_
