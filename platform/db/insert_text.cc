#include "platform/db/insert_text.h"

namespace asc::db {
namespace {

constexpr char kInsertInto[] = "INSERT INTO ";
constexpr char kValues[] = " VALUES (";

// Where the row begins, or npos when something else follows the row or there is none.
std::size_t RowBegin(const std::string& text) {
  const std::size_t values = text.find(kValues);
  if (values == std::string::npos) return std::string::npos;
  const std::size_t begin = values + sizeof(kValues) - 2;
  int depth = 0;
  for (std::size_t at = begin; at < text.size(); ++at) {
    // A quoted bracket would confuse the count; such a literal goes row by row.
    if (text[at] == '\'') return std::string::npos;
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) {
      return at + 1 == text.size() ? begin : std::string::npos;
    }
  }
  return std::string::npos;
}

}  // namespace

InsertShape ShapeOfInsert(const char* literal) {
  const std::string text = literal;
  if (text.rfind(kInsertInto, 0) != 0 || RowBegin(text) == std::string::npos) return {};
  const std::size_t begin = sizeof(kInsertInto) - 1;
  return {true, text.substr(begin, text.find_first_of(" (", begin) - begin)};
}

std::string InsertOfRows(const char* literal, std::size_t rows) {
  std::string text = literal;
  const std::string row = text.substr(RowBegin(text));
  text.reserve(text.size() + (rows - 1) * (row.size() + 1));
  for (std::size_t i = 1; i < rows; ++i) {
    text.push_back(',');
    text.append(row);
  }
  return text;
}

}  // namespace asc::db
