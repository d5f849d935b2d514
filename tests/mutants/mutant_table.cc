#include "tests/mutants/mutant_table.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "asc/advocacy/v1/advocacy.pb.h"
#include "asc/directory/v1/directory.pb.h"
#include "asc/events/v1/events.pb.h"
#include "asc/funding/v1/funding.pb.h"
#include "asc/gateway/v1/contact.pb.h"
#include "asc/identity/v1/identity.pb.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/status/macros.h"
#include "tests/mutants/spoil.h"

namespace asc::tests::mutants {
namespace {

using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

// Named here, so that the linker keeps the descriptors.
std::vector<const FileDescriptor*> ContractsOf(const std::string& name) {
  if (name == "every") {
    return {identity::v1::GetIdentityRequest::descriptor()->file(),
            events::v1::WatchRequest::descriptor()->file()};
  }
  const std::map<std::string, const FileDescriptor*> contracts = {
      {"referral", referral::v1::OpenReferralRequest::descriptor()->file()},
      {"advocacy", advocacy::v1::OpenAdvocacyNeedRequest::descriptor()->file()},
      {"funding", funding::v1::OpenFundingRequestRequest::descriptor()->file()},
      {"directory", directory::v1::SearchServicesRequest::descriptor()->file()},
      {"gateway", gateway::v1::OpenContactRequest::descriptor()->file()}};
  const auto found = contracts.find(name);
  if (found == contracts.end()) return {};
  return {found->second};
}

const MethodDescriptor* FindMethod(const std::string& contracts, const std::string& name) {
  for (const FileDescriptor* const file : ContractsOf(contracts)) {
    for (int i = 0; i < file->service_count(); ++i) {
      const MethodDescriptor* const method = file->service(i)->FindMethodByName(name);
      if (method != nullptr) return method;
    }
  }
  return nullptr;
}

absl::Status CheckMutant(const std::string& contracts, const Mutant& mutant) {
  const MethodDescriptor* const method = FindMethod(contracts, mutant.method());
  if (method == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("no method ", mutant.method()));
  }
  for (const Edit& edit : mutant.request()) ASC_TRY(CheckEdit(*method->input_type(), edit));
  for (const Edit& edit : mutant.answer()) ASC_TRY(CheckEdit(*method->output_type(), edit));
  if (mutant.has_when()) ASC_TRY(CheckSet(*method->input_type(), mutant.when()));
  for (const std::string& code : {mutant.status().from(), mutant.status().to()}) {
    if (mutant.has_status() && CodeNamed(code) == grpc::StatusCode::DO_NOT_USE) {
      return absl::InvalidArgumentError(absl::StrCat("no status ", code));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Mutant>> LoadMutants(const std::string& name) {
  const std::string path = absl::StrCat("tests/mutants/", name, ".textproto");
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  MutantTable table;
  if (text.str().empty() || !google::protobuf::TextFormat::ParseFromString(text.str(), &table)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
  }
  for (Mutant& mutant : *table.mutable_mutant()) {
    if (mutant.authority().empty()) mutant.set_authority("standard");
    const absl::Status status = CheckMutant(name, mutant);
    if (!status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": ", mutant.case_id(), ": ", std::string(status.message())));
    }
  }
  return std::vector<Mutant>(table.mutant().begin(), table.mutant().end());
}

std::vector<std::string> CataloguedCases() {
  static const std::regex row(R"(^\| `([a-z_.]+)` \|.*)");
  std::vector<std::string> ids;
  std::ifstream file("tests/conformance/CASES.md");
  std::string line;
  while (std::getline(file, line)) {
    std::smatch found;
    if (std::regex_match(line, found, row)) ids.push_back(found[1].str());
  }
  return ids;
}

grpc::StatusCode CodeNamed(const std::string& name) {
  static const std::map<std::string, grpc::StatusCode> codes = {
      {"OK", grpc::OK},
      {"INVALID_ARGUMENT", grpc::INVALID_ARGUMENT},
      {"NOT_FOUND", grpc::NOT_FOUND},
      {"ALREADY_EXISTS", grpc::ALREADY_EXISTS},
      {"FAILED_PRECONDITION", grpc::FAILED_PRECONDITION},
      {"ABORTED", grpc::ABORTED}};
  const auto found = codes.find(name);
  return found == codes.end() ? grpc::StatusCode::DO_NOT_USE : found->second;
}

}  // namespace asc::tests::mutants
