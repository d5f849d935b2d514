// Several rows in one INSERT.

#ifndef ASC_PLATFORM_DB_INSERT_TEXT_H_
#define ASC_PLATFORM_DB_INSERT_TEXT_H_

#include <cstddef>
#include <string>

namespace asc::db {

// What an INSERT literal is made of.
struct InsertShape {
  // It ends in `VALUES (...)`, so that further rows can follow.
  bool takes_rows = false;
  // The table it goes into; empty unless takes_rows.
  std::string table;
};

InsertShape ShapeOfInsert(const char* literal);

// `literal`, which takes rows, with its row `rows` times. Made of the literal's own text only.
std::string InsertOfRows(const char* literal, std::size_t rows);

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_INSERT_TEXT_H_
