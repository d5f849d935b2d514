#include "platform/db/mysql_credentials.h"

#include <sys/stat.h>

#include <fstream>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/status/macros.h"

namespace asc::db {
namespace {

using Lines = std::map<std::string, std::string>;

absl::StatusOr<Lines> ReadLines(const std::string& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": no such file"));
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": holds a password; make it readable by its owner only (chmod 600)"));
  }
  std::ifstream stream(file);
  if (!stream) return absl::InvalidArgumentError(absl::StrCat(file, ": cannot be read"));
  const std::set<std::string> known = {"host",     "port",     "socket", "user",
                                       "password", "database", "ssl_ca"};
  Lines lines;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const std::string text(absl::StripAsciiWhitespace(line));
    if (text.empty() || text[0] == '#') continue;
    const auto equals = text.find('=');
    const std::string key(absl::StripAsciiWhitespace(text.substr(0, equals)));
    // The line itself is not shown: it may be the password.
    if (equals == std::string::npos || known.count(key) == 0) {
      return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": no known key"));
    }
    const std::string value(absl::StripAsciiWhitespace(text.substr(equals + 1)));
    if (!lines.emplace(key, value).second) {
      return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": ", key, " repeated"));
    }
  }
  return lines;
}

bool IsThisMachine(const std::string& host) {
  return host == "localhost" || host == "::1" || absl::StartsWith(host, "127.");
}

}  // namespace

absl::StatusOr<MySqlCredentials> ReadMySqlCredentials(const std::string& file) {
  ASC_TRY_ASSIGN(Lines lines, ReadLines(file));
  MySqlCredentials credentials;
  credentials.host = lines["host"];
  credentials.socket = lines["socket"];
  credentials.user = lines["user"];
  credentials.password = lines["password"];
  credentials.database = lines["database"];
  credentials.ssl_ca = lines["ssl_ca"];
  const std::string port = lines["port"];
  if (!port.empty() && (!absl::SimpleAtoi(port, &credentials.port) || credentials.port < 1 ||
                        credentials.port > 65535)) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": port: not a port number"));
  }
  if (credentials.host.empty() == credentials.socket.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": either host or socket"));
  }
  if (credentials.user.empty()) return absl::InvalidArgumentError(absl::StrCat(file, ": no user"));
  if (credentials.database.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": no database"));
  }
  if (credentials.socket.empty() && !IsThisMachine(credentials.host) &&
      credentials.ssl_ca.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": ssl_ca: required, because the host is not this machine"));
  }
  return credentials;
}

}  // namespace asc::db
