// One numbered step of a schema.

#ifndef ASC_PLATFORM_DB_MIGRATION_H_
#define ASC_PLATFORM_DB_MIGRATION_H_

#include <string>
#include <vector>

namespace asc::db {

// `name` is the file's stem, for example "0001_counter"; `sql` is portable SQL with type words:
//   $ID      an identifier: compared byte by byte, at most 128 bytes   TEXT    | VARBINARY(128)
//   $TEXT    text, compared byte by byte                               TEXT    | TEXT utf8mb4_bin
//   $WHOLE   a 64-bit whole number                                     INTEGER | BIGINT
//   $MOMENT  microseconds since 1970 UTC                               INTEGER | BIGINT
//   $BYTES   binary content                                            BLOB    | LONGBLOB
//   $INDEXED text that stands in an index, at most 255 bytes           TEXT    | VARBINARY(255)
// Statements end with `;` at the end of a line. Every statement must be repeatable
// (CREATE TABLE IF NOT EXISTS ...), because a migration can be killed between two and run again.
// ALTER TABLE that adds or drops one column is repeatable on both drivers as it stands.
// A released migration is never edited.
struct Migration {
  std::string name;
  std::string sql;
};

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_MIGRATION_H_
