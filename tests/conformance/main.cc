// Certify your service: runs the cases of one service against an endpoint and gives a verdict.

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "tests/conformance/subject.h"
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
  testing::InitGoogleTest(&argc, argv);
  absl::SetProgramUsageMessage("judges a service against its contract");
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
  if (!absl::GetFlag(FLAGS_token_file).empty()) {
    std::ifstream file(absl::GetFlag(FLAGS_token_file));
    file >> subject.token;
  }
  if (!absl::GetFlag(FLAGS_other_token_file).empty()) {
    std::ifstream file(absl::GetFlag(FLAGS_other_token_file));
    file >> subject.other_token;
  }
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
