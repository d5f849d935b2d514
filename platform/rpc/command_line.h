// The command line of a server: flags only, and a --help that shows them.

#ifndef ASC_PLATFORM_RPC_COMMAND_LINE_H_
#define ASC_PLATFORM_RPC_COMMAND_LINE_H_

namespace asc::rpc {

// Reads the flags of main.cc; `what` says what the program is. Ends the process with 1, naming it,
// at any word that is not a flag: "--flag false" would otherwise mean "--flag" and a stray word.
void ParseFlags(int argc, char** argv, const char* what);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_COMMAND_LINE_H_
