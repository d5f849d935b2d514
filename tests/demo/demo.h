// The whole demo: starts the suite, plays every contact, and may leave everything running.

#ifndef ASC_TESTS_DEMO_DEMO_H_
#define ASC_TESTS_DEMO_DEMO_H_

#include <string>

namespace asc::demo {

struct DemoOptions {
  // "sqlite", or "mysql" for a private MariaDB.
  std::string database;
  // Folder of contact files.
  std::string contacts;
  // For databases and logs; what an earlier demo left there is removed first.
  std::string folder;
  // The build whose services are started.
  std::string binary_dir;
  // Play over gRPC and not over HTTP/JSON.
  bool grpc = false;
  // Leave everything running afterwards, under a process of its own.
  bool keep = false;
  // Tell only differences.
  bool brief = false;
};

// The exit code: 0 when every contact came out as its file demands. Call it before there are
// threads.
int RunDemo(const DemoOptions& options);

}  // namespace asc::demo

#endif  // ASC_TESTS_DEMO_DEMO_H_
