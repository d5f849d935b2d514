// The shapes a string field may be asked to have (asc.type.v1.Format).

#ifndef ASC_PLATFORM_RPC_FORMATS_H_
#define ASC_PLATFORM_RPC_FORMATS_H_

#include <string>

#include "asc/type/v1/options.pb.h"

namespace asc::rpc {

// Null when `text` has the format, else what is wrong, without repeating the text.
const char* FormatFault(asc::type::v1::Format format, const std::string& text);

}  // namespace asc::rpc

#endif  // ASC_PLATFORM_RPC_FORMATS_H_
