// Writes the OpenAPI description of a descriptor set, as it is and as a C++ source file. Run by the
// build.
//
//   asc-openapi DESCRIPTOR_SET OUT.json OUT.cc SERVICE...

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "platform/http/openapi.h"
#include "platform/rpc/command_line.h"

namespace {

// A compiler takes string literals up to some length; pieces beside each other are one.
constexpr std::size_t kPieceBytes = 8000;
// Three files and more services than there will be.
constexpr std::size_t kWordsMax = 100;

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

asc::http::OpenApiInfo Info() {
  return {.title = "Front Door",
          .version = "1.0",
          .description =
              "Contact handling for the front door of adult social care. The same methods are "
              "served over gRPC; names here are the contracts' own in lowerCamelCase, and what a "
              "comment says of `request_id` holds for `requestId`. Absent fields are empty. "
              "Words in brackets such as [gateway.open.repeat] name the case of the conformance "
              "kit that judges the sentence before them.",
          .documents = {{.path = "/health",
                         .name = "health",
                         .summary = "Whether this server takes calls",
                         .description = "Answers as soon as calls are taken, and says nothing of "
                                        "the services behind."},
                        {.path = "/openapi.json",
                         .name = "openapi",
                         .summary = "This description",
                         .description = "OpenAPI 3.1, made from the contracts and their "
                                        "comments."}}};
}

}  // namespace

int main(int argc, char** argv) {
  const char* const usage =
      "writes the OpenAPI description. DESCRIPTOR_SET OUT.json OUT.cc SERVICE...";
  const std::vector<std::string> words = asc::rpc::ParseFlags(argc, argv, usage, kWordsMax);
  if (words.size() < 4) {
    std::cerr << "asc-openapi: " << usage << std::endl;
    return 2;
  }
  std::ifstream in(words[0], std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  google::protobuf::FileDescriptorSet files;
  if (!files.ParseFromString(bytes)) {
    std::cerr << words[0] << ": not a descriptor set" << std::endl;
    return 1;
  }
  google::protobuf::DescriptorPool pool;
  for (const auto& file : files.file()) {
    if (pool.BuildFile(file) == nullptr) {
      std::cerr << file.name() << ": cannot be built" << std::endl;
      return 1;
    }
  }
  const std::vector<std::string> services(words.begin() + 3, words.end());
  const auto json = asc::http::OpenApiOf(pool, services, Info());
  if (!json.ok()) {
    std::cerr << json.status().ToString() << std::endl;
    return 1;
  }
  std::ofstream document(words[1], std::ios::binary);
  document << *json << "\n";
  std::ofstream source(words[2], std::ios::binary);
  WriteSource(*json, source);
  return document.good() && source.good() ? 0 : 1;
}
