// The demo: flags, wiring, nothing else.

#include <string>

#include "absl/flags/flag.h"
#include "platform/rpc/command_line.h"
#include "tests/demo/demo.h"

ABSL_FLAG(std::string, database, "sqlite", "sqlite, or mysql for a private MariaDB");
ABSL_FLAG(std::string, contacts, "tests/contacts", "folder of contact files");
ABSL_FLAG(std::string, folder, "run/demo", "folder for databases and logs; emptied first");
ABSL_FLAG(std::string, binary_dir, "build/dev", "the build whose services are started");
ABSL_FLAG(bool, grpc, false, "play over gRPC, not over HTTP/JSON");
ABSL_FLAG(bool, keep, false, "leave everything running afterwards");
ABSL_FLAG(bool, brief, false, "tell only differences");

int main(int argc, char** argv) {
  asc::rpc::ParseFlags(
      argc, argv, "Plays contacts against a suite of its own, and tells what follows from each.");
  return asc::demo::RunDemo({.database = absl::GetFlag(FLAGS_database),
                             .contacts = absl::GetFlag(FLAGS_contacts),
                             .folder = absl::GetFlag(FLAGS_folder),
                             .binary_dir = absl::GetFlag(FLAGS_binary_dir),
                             .grpc = absl::GetFlag(FLAGS_grpc),
                             .keep = absl::GetFlag(FLAGS_keep),
                             .brief = absl::GetFlag(FLAGS_brief)});
}
