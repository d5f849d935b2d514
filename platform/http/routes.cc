#include "platform/http/routes.h"

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/api/annotations.pb.h"
#include "platform/status/macros.h"

namespace asc::http {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

bool IsVariable(const std::string& segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::string NameOf(const std::string& variable) { return variable.substr(1, variable.size() - 2); }

bool HasField(const Descriptor* type, const std::string& path) {
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(path, '.'))) {
    const FieldDescriptor* field = type == nullptr ? nullptr : type->FindFieldByName(name);
    if (field == nullptr || field->is_repeated()) return false;
    type = field->message_type();
  }
  return type == nullptr;
}

absl::Status Malformed(const MethodDescriptor* method, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat(method->full_name(), ": google.api.http: ", what));
}

absl::StatusOr<Route> ToRoute(const MethodDescriptor* method, const google::api::HttpRule& rule) {
  Route route;
  route.method = method;
  route.body = rule.body();
  std::string pattern;
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      route.verb = "GET";
      pattern = rule.get();
      break;
    case google::api::HttpRule::kPost:
      route.verb = "POST";
      pattern = rule.post();
      break;
    case google::api::HttpRule::kPut:
      route.verb = "PUT";
      pattern = rule.put();
      break;
    case google::api::HttpRule::kPatch:
      route.verb = "PATCH";
      pattern = rule.patch();
      break;
    case google::api::HttpRule::kDelete:
      route.verb = "DELETE";
      pattern = rule.delete_();
      break;
    default:
      return Malformed(method, "one of get, post, put, patch, delete is required");
  }
  if (pattern.empty() || pattern[0] != '/') return Malformed(method, "must begin with a slash");
  if (const auto colon = pattern.rfind(':'); colon != std::string::npos) {
    route.suffix = pattern.substr(colon + 1);
    pattern.resize(colon);
  }
  route.segments = absl::StrSplit(pattern.substr(1), '/');
  if (route.segments.size() == 1 && route.segments[0].empty()) route.segments.clear();
  for (const auto& segment : route.segments) {
    if (IsVariable(segment) && !HasField(method->input_type(), NameOf(segment))) {
      return Malformed(method, absl::StrCat(segment, " is not a scalar field of the request"));
    }
  }
  if (!route.body.empty() && route.body != "*") {
    return Malformed(method, "body must be \"*\" or left out");
  }
  return route;
}

std::string Shape(const Route& route) {
  std::string shape = route.verb;
  for (const auto& segment : route.segments) {
    absl::StrAppend(&shape, "/", IsVariable(segment) ? "{}" : segment);
  }
  return absl::StrCat(shape, ":", route.suffix);
}

// The path's segments, and its suffix when it has one. A colon ends the last segment only where a
// route with that suffix exists, so ids may hold colons of their own.
bool Takes(const Route& route, const std::vector<std::string>& segments, Match& match) {
  match.variables.clear();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    std::string segment = segments[i];
    if (i + 1 == segments.size() && !route.suffix.empty()) {
      const std::string ending = ":" + route.suffix;
      if (segment.size() <= ending.size() ||
          segment.compare(segment.size() - ending.size(), ending.size(), ending) != 0) {
        return false;
      }
      segment.resize(segment.size() - ending.size());
    }
    if (!IsVariable(route.segments[i])) {
      if (segment != route.segments[i]) return false;
      continue;
    }
    std::string decoded;
    if (segment.empty() || !PercentDecode(segment, false, decoded)) return false;
    match.variables.emplace_back(NameOf(route.segments[i]), std::move(decoded));
  }
  match.route = &route;
  return true;
}

}  // namespace

std::string Route::Template() const {
  return absl::StrCat("/", absl::StrJoin(segments, "/"), suffix.empty() ? "" : ":", suffix);
}

absl::StatusOr<Routes> Routes::Of(const std::vector<std::string>& services) {
  Routes routes;
  std::set<std::string> shapes;
  for (const auto& name : services) {
    const auto* service = DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) return absl::NotFoundError(absl::StrCat(name, ": is not linked in"));
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor* method = service->method(i);
      if (method->client_streaming() || method->server_streaming()) continue;
      if (!method->options().HasExtension(google::api::http)) continue;
      const auto& rule = method->options().GetExtension(google::api::http);
      ASC_TRY_ASSIGN(Route route, ToRoute(method, rule));
      if (!shapes.insert(Shape(route)).second) {
        return Malformed(method, "another method has this verb and path already");
      }
      routes.routes_.push_back(std::move(route));
      for (const auto& binding : rule.additional_bindings()) {
        ASC_TRY_ASSIGN(Route more, ToRoute(method, binding));
        if (!shapes.insert(Shape(more)).second) {
          return Malformed(method, "another method has this verb and path already");
        }
        routes.routes_.push_back(std::move(more));
      }
    }
  }
  for (std::size_t i = 0; i < routes.routes_.size(); ++i) {
    routes.by_length_[routes.routes_[i].segments.size()].push_back(i);
  }
  return routes;
}

std::optional<Match> Routes::Find(const std::string& verb, const std::string& path,
                                  std::vector<std::string>& allowed) const {
  allowed.clear();
  if (path.empty() || path[0] != '/') return std::nullopt;
  std::vector<std::string> segments = absl::StrSplit(path.substr(1), '/');
  if (segments.size() == 1 && segments[0].empty()) segments.clear();
  const auto candidates = by_length_.find(segments.size());
  if (candidates == by_length_.end()) return std::nullopt;
  std::optional<Match> best;
  std::set<std::string> verbs;
  for (const std::size_t i : candidates->second) {
    Match match;
    if (!Takes(routes_[i], segments, match)) continue;
    verbs.insert(routes_[i].verb);
    if (routes_[i].verb != verb) continue;
    // The route that spells more of the path out wins: a verb before a plain id, a word before a
    // variable.
    const bool better = !best.has_value() ||
                        (!match.route->suffix.empty() && best->route->suffix.empty()) ||
                        match.variables.size() < best->variables.size();
    if (better) best = std::move(match);
  }
  allowed.assign(verbs.begin(), verbs.end());
  return best;
}

bool PercentDecode(const std::string& text, bool plus_is_space, std::string& decoded) {
  decoded.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded.push_back(' ');
    } else if (text[i] != '%') {
      decoded.push_back(text[i]);
    } else {
      if (i + 2 >= text.size() || !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) ||
          !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]))) {
        return false;
      }
      const char byte = static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      if (byte == '\0') return false;
      decoded.push_back(byte);
      i += 2;
    }
  }
  return true;
}

}  // namespace asc::http
