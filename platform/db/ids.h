// Identifiers for new records.

#ifndef ASC_PLATFORM_DB_IDS_H_
#define ASC_PLATFORM_DB_IDS_H_

#include <cstdint>
#include <string>

namespace asc::db {

// A fresh UUIDv7 as 36 characters of lower-case text. Within one process each is greater than every
// one made before it, so that new rows land at the end of an index; across processes they are
// unique by 62 random bits. Thread-safe, also after fork().
std::string NewId();

// Microseconds since 1970 UTC, from the system clock.
std::int64_t NowMicros();

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_IDS_H_
