// Values, rows and statements: what goes into and comes out of SQL.

#ifndef ASC_PLATFORM_DB_VALUE_H_
#define ASC_PLATFORM_DB_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace asc::db {

// Binary content; text is std::string. The two are different in SQLite, where 'a' and x'61' differ.
struct Bytes {
  std::string data;
  friend bool operator==(const Bytes&, const Bytes&) = default;
};

// NULL, a whole number, text (UTF-8) or bytes. Moments are microseconds since 1970 UTC in a whole
// number. Columns of type $ID and $TEXT take text, $BYTES takes bytes, on both drivers.
using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;

// The text of a statement: a literal in the source, never built while running, so that no input can
// become SQL. `?` stands for each parameter.
class Sql {
 public:
  template <std::size_t N>
  consteval Sql(const char (&text)[N]) : text_(text) {}  // NOLINT: literals convert.

  const char* text() const { return text_; }

 private:
  const char* text_;
};

// One row of an answer. Asking a column for a type it does not hold gives the empty value of that
// type; stores name their columns and know their types.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}

  std::size_t size() const { return values_.size(); }
  bool IsNull(std::size_t column) const {
    return std::holds_alternative<std::monostate>(values_[column]);
  }
  std::int64_t Whole(std::size_t column) const {
    const auto* value = std::get_if<std::int64_t>(&values_[column]);
    return value == nullptr ? 0 : *value;
  }
  // The content of a text or bytes column.
  const std::string& Text(std::size_t column) const {
    static const std::string kEmpty;
    if (const auto* text = std::get_if<std::string>(&values_[column])) return *text;
    if (const auto* bytes = std::get_if<Bytes>(&values_[column])) return bytes->data;
    return kEmpty;
  }

 private:
  std::vector<Value> values_;
};

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_VALUE_H_
