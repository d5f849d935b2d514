// An OpenAPI 3.1 description of contracts, from their descriptors and comments.

#ifndef ASC_PLATFORM_HTTP_OPENAPI_H_
#define ASC_PLATFORM_HTTP_OPENAPI_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"

namespace asc::http {

// A JSON document that is served without credentials.
struct OpenApiDocument {
  std::string path;
  // In lowerCamelCase.
  std::string name;
  std::string summary;
  std::string description;
};

struct OpenApiInfo {
  std::string title;
  std::string version;
  std::string description;
  std::vector<OpenApiDocument> documents;
};

// The description of every annotated unary method of `services` (full names) in `pool`, which must
// have been built with source information for the comments to appear. Deterministic.
// NOT_FOUND: a service is not in the pool.
absl::StatusOr<std::string> OpenApiOf(const google::protobuf::DescriptorPool& pool,
                                      const std::vector<std::string>& services,
                                      const OpenApiInfo& info);

}  // namespace asc::http

#endif  // ASC_PLATFORM_HTTP_OPENAPI_H_
