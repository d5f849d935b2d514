// Certify your service: runs the cases of one service against an endpoint and gives a verdict.

#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "tests/conformance/subject.h"
#include "tests/conformance/usage.h"
#include "tests/conformance/verdict.h"

ABSL_FLAG(std::string, target, "localhost:7101", "host:port of the service to judge");
ABSL_FLAG(std::string, service, "referral",
          "whose contract: referral, advocacy, funding, directory or gateway");
ABSL_FLAG(std::string, authority, "standard", "the authority the cases act for");
ABSL_FLAG(std::string, known_failures, "", "file of case ids that may fail, each with its reason");
ABSL_FLAG(std::string, token_file, "", "file with a bearer token to send with each call");
ABSL_FLAG(std::string, other_token_file, "", "file with the token of a second caller");

int main(int argc, char** argv) {
  namespace kit = asc::conformance;
  std::map<std::string, std::string> flags;
  for (const auto& [name, flag] : absl::GetAllFlags()) flags[std::string(name)] = flag->Help();
  if (const int code = kit::TellUsage(argc, argv, flags); code >= 0) return code;
  testing::InitGoogleTest(&argc, argv);
  absl::ParseCommandLine(argc, argv);
  std::string error;
  const auto known = kit::ReadKnownFailures(absl::GetFlag(FLAGS_known_failures), error);
  if (!error.empty()) {
    std::cerr << "asc-conformance: " << error << "\n";
    return 1;
  }
  kit::Subject subject;
  subject.service = absl::GetFlag(FLAGS_service);
  subject.authority = absl::GetFlag(FLAGS_authority);
  subject.token = kit::ReadToken(absl::GetFlag(FLAGS_token_file));
  subject.other_token = kit::ReadToken(absl::GetFlag(FLAGS_other_token_file));
  subject.channel =
      grpc::CreateChannel(absl::GetFlag(FLAGS_target), grpc::InsecureChannelCredentials());
  const grpc::Status status = kit::AskIdentity(subject);
  if (!status.ok()) {
    std::cerr << "asc-conformance: GetIdentity at " << absl::GetFlag(FLAGS_target)
              << " failed: " << status.error_message() << "\n";
    return 1;
  }
  kit::SetSubject(subject);
  const auto outcomes = kit::RunCases(subject.service);
  return kit::Judge(outcomes, known, subject.abilities, subject.service, std::cout);
}
