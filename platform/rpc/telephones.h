// Whether a text can be dialled, or can be sent a text message, from the United Kingdom.

#ifndef ASC_PLATFORM_RPC_TELEPHONES_H_
#define ASC_PLATFORM_RPC_TELEPHONES_H_

#include <string>

namespace asc::rpc {

// A number of a length its country can have, national or after a +, or a short number that can be
// dialled, such as 116 123. Not whether anybody has it: numbering plans change faster than releases
// of a library, and a number nobody may write down cannot be rung.
bool IsTelephone(const std::string& text);

// The same numbers, and the short codes that only take text messages, such as 85258. Short numbers
// that are only dialled do not count.
bool IsTextNumber(const std::string& text);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_TELEPHONES_H_
