// Which RPC answers a request line, read from the google.api.http annotations of the contracts.

#ifndef ASC_PLATFORM_HTTP_ROUTES_H_
#define ASC_PLATFORM_HTTP_ROUTES_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"

namespace asc::http {

// One binding of a method: "POST /v1/authorities/{authority}/things/{thing_id}:verb".
struct Route {
  std::string verb;
  // The segments between slashes; a variable is its field's path in braces.
  std::vector<std::string> segments;
  // What follows the last colon of the template, or nothing.
  std::string suffix;
  // The field that the body fills: "*" all of them, empty none.
  std::string body;
  const google::protobuf::MethodDescriptor* method = nullptr;

  std::string Template() const;
};

struct Match {
  const Route* route = nullptr;
  // Field path and text, percent-decoded.
  std::vector<std::pair<std::string, std::string>> variables;
};

class Routes {
 public:
  // Routes of all unary methods of these services (full names) that have an annotation.
  // NOT_FOUND: a service is not linked in. INVALID_ARGUMENT: an annotation is malformed, names a
  // field that is not there, or two routes take the same requests.
  static absl::StatusOr<Routes> Of(const std::vector<std::string>& services);

  // The route for a path (without query). With `verb` unknown for a known path, `allowed` lists
  // what would be; nothing and an empty `allowed` means that no path matches.
  std::optional<Match> Find(const std::string& verb, const std::string& path,
                            std::vector<std::string>& allowed) const;

  const std::vector<Route>& all() const { return routes_; }

 private:
  std::vector<Route> routes_;
  // By number of segments, so that a look-up compares few.
  std::map<std::size_t, std::vector<std::size_t>> by_length_;
};

// "%20" and the like; false when malformed, or when it hides a NUL.
bool PercentDecode(const std::string& text, bool plus_is_space, std::string& decoded);

}  // namespace asc::http

#endif  // ASC_PLATFORM_HTTP_ROUTES_H_
