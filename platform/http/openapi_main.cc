// Writes the OpenAPI description of a descriptor set as a C++ source file. Run by the build.
//
//   asc-openapi DESCRIPTOR_SET OUT.cc SERVICE...

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "platform/http/openapi.h"

namespace {

// A compiler takes string literals up to some length; pieces beside each other are one.
constexpr std::size_t kPieceBytes = 8000;

void WriteSource(const std::string& json, std::ostream& out) {
  out << "// Generated from the contracts; do not edit.\n#include "
         "\"platform/http/openapi_description.h\"\n\n"
      << "namespace asc::openapi {\nconst std::string& Description() {\n"
      << "  static const std::string kText =\n      std::string()";
  for (std::size_t at = 0; at < json.size(); at += kPieceBytes) {
    out << "\n      .append(R\"asc_json(" << json.substr(at, kPieceBytes) << ")asc_json\")";
  }
  out << ";\n  return kText;\n}\n}  // namespace asc::openapi\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: asc-openapi DESCRIPTOR_SET OUT.cc SERVICE..." << std::endl;
    return 2;
  }
  std::ifstream in(argv[1], std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  google::protobuf::FileDescriptorSet files;
  if (!files.ParseFromString(bytes)) {
    std::cerr << argv[1] << ": not a descriptor set" << std::endl;
    return 1;
  }
  google::protobuf::DescriptorPool pool;
  for (const auto& file : files.file()) {
    if (pool.BuildFile(file) == nullptr) {
      std::cerr << file.name() << ": cannot be built" << std::endl;
      return 1;
    }
  }
  const std::vector<std::string> services(argv + 3, argv + argc);
  const auto json = asc::http::OpenApiOf(
      pool, services,
      {.title = "Front Door",
       .version = "1.0",
       .description = "Contact handling for the front door of adult social care. The same RPCs are "
                      "served over gRPC; names here are the contracts' own in lowerCamelCase."});
  if (!json.ok()) {
    std::cerr << json.status().ToString() << std::endl;
    return 1;
  }
  std::ofstream out(argv[2], std::ios::binary);
  WriteSource(*json, out);
  return out.good() ? 0 : 1;
}
