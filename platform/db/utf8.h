// Whether text may go into a text column.

#ifndef ASC_PLATFORM_DB_UTF8_H_
#define ASC_PLATFORM_DB_UTF8_H_

#include <string>
#include <vector>

#include "platform/db/value.h"

namespace asc::db {

// True for well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(const std::string& text);

// IsUtf8 of every text among `values`; bytes may hold anything.
bool AllTextIsUtf8(const std::vector<Value>& values);

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_UTF8_H_
