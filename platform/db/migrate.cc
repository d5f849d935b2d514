#include "platform/db/migrate.h"

#include <openssl/evp.h>

#include <cctype>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "platform/status/macros.h"
#include "schema/platform_db.h"

namespace asc::db {
namespace {

constexpr char kMigrationTable[] =
    "CREATE TABLE IF NOT EXISTS migration (\n"
    "  name $ID NOT NULL,\n  hash $ID NOT NULL,\n  applied_at $MOMENT NOT NULL,\n"
    "  PRIMARY KEY (name)\n);\n";

// SQLite knows no length limits; the checks make both drivers refuse the same values.
std::string SqliteType(const std::string& word, const std::string& column) {
  const auto limited = [&column](int bytes) {
    return absl::StrCat("TEXT CHECK (length(CAST(", column, " AS BLOB)) <= ", bytes, ")");
  };
  if (word == "ID") return limited(128);
  if (word == "INDEXED") return limited(255);
  if (word == "TEXT") return limited(65535);
  if (word == "WHOLE" || word == "MOMENT") return "INTEGER";
  if (word == "BYTES") return "BLOB";
  return "";
}

std::string MySqlType(const std::string& word, Dialect dialect) {
  if (word == "ID") return "VARBINARY(128)";
  if (word == "INDEXED") return "VARBINARY(255)";
  if (word == "WHOLE" || word == "MOMENT") return "BIGINT";
  if (word == "BYTES") return "LONGBLOB";
  if (word != "TEXT") return "";
  // utf8mb4_bin would ignore trailing spaces.
  return dialect == Dialect::kMariaDb ? "TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"
                                      : "TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin";
}

// The identifier that ends before `end`, spaces skipped: the column a type word belongs to.
std::string WordBefore(const std::string& text, std::size_t end) {
  while (end > 0 && absl::ascii_isspace(text[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && (absl::ascii_isalnum(text[begin - 1]) || text[begin - 1] == '_')) --begin;
  return text.substr(begin, end - begin);
}

absl::StatusOr<std::string> ExpandTypeWords(const std::string& statement, Dialect dialect) {
  std::string expanded;
  for (std::size_t at = 0; at < statement.size();) {
    if (statement[at] != '$') {
      expanded.push_back(statement[at++]);
      continue;
    }
    std::size_t end = at + 1;
    while (end < statement.size() && absl::ascii_isupper(statement[end])) ++end;
    const std::string word = statement.substr(at + 1, end - at - 1);
    const std::string type = dialect == Dialect::kSqlite
                                 ? SqliteType(word, WordBefore(statement, at))
                                 : MySqlType(word, dialect);
    if (type.empty()) return absl::InvalidArgumentError(absl::StrCat("no type word $", word));
    expanded.append(type);
    at = end;
  }
  return expanded;
}

// Strict tables make SQLite refuse text in a whole-number column, as the other driver does.
std::string Finish(const std::string& statement, Dialect dialect) {
  const bool table = absl::StartsWith(statement, "CREATE TABLE");
  if (dialect == Dialect::kSqlite && table) return absl::StrCat(statement, " STRICT");
  if (dialect == Dialect::kMySql && absl::StrContains(statement, " INDEX IF NOT EXISTS ")) {
    // Unknown to MySQL; its driver ignores "index exists" instead.
    return absl::StrReplaceAll(statement, {{" INDEX IF NOT EXISTS ", " INDEX "}});
  }
  return statement;
}

absl::Status ApplyOne(const Migration& migration, MigrationTarget& target) {
  ASC_TRY_ASSIGN(const auto applied, target.Applied());
  const std::string hash = MigrationHash(migration);
  if (const auto known = applied.find(migration.name); known != applied.end()) {
    if (known->second == hash) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat("migration ", migration.name, ": edited since it was applied"));
  }
  ASC_TRY_ASSIGN(const auto statements, ExpandMigration(migration, target.dialect()));
  for (const auto& statement : statements) ASC_TRY(target.Execute(statement));
  return target.Record(migration.name, hash);
}

absl::Status Locked(MigrationTarget& target, const std::vector<Migration>& migrations) {
  ASC_TRY_ASSIGN(const auto table,
                 ExpandMigration(Migration{"migration", kMigrationTable}, target.dialect()));
  for (const auto& statement : table) ASC_TRY(target.Execute(statement));
  for (const auto& migration : migrations) ASC_TRY(ApplyOne(migration, target));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ExpandMigration(const Migration& migration,
                                                         Dialect dialect) {
  std::vector<std::string> statements;
  std::string current;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(migration.sql, '\n'))) {
    const std::string trimmed(absl::StripAsciiWhitespace(line));
    if (trimmed.empty() || absl::StartsWith(trimmed, "--")) continue;
    if (!current.empty()) current.push_back('\n');
    current.append(trimmed);
    if (trimmed.back() != ';') continue;
    current.pop_back();
    ASC_TRY_ASSIGN(const std::string expanded, ExpandTypeWords(current, dialect));
    statements.push_back(Finish(expanded, dialect));
    current.clear();
  }
  if (!current.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("migration ", migration.name, ": the last statement has no `;`"));
  }
  return statements;
}

std::string MigrationHash(const Migration& migration) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_Digest(migration.sql.data(), migration.sql.size(), digest, &length, EVP_sha256(), nullptr);
  return absl::BytesToHexString(
      std::string(reinterpret_cast<const char*>(digest), static_cast<std::size_t>(length)));
}

std::vector<Migration> PlatformMigrations() { return schema::platform_db(); }

absl::Status ApplyMigrations(const std::vector<Migration>& migrations, MigrationTarget& target) {
  ASC_TRY(target.Lock());
  const absl::Status result = Locked(target, migrations);
  const absl::Status unlocked = target.Unlock(result.ok());
  return result.ok() ? unlocked : result;
}

}  // namespace asc::db
