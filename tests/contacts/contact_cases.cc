#include "tests/contacts/contact_cases.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "asc/referral/v1/referral.pb.h"
#include "google/protobuf/text_format.h"
#include "platform/status/macros.h"
#include "tests/support/request_maker.h"

namespace asc::tests::contacts {
namespace {

namespace fs = std::filesystem;

google::protobuf::Timestamp InMinutes(std::int64_t minutes) {
  google::protobuf::Timestamp moment;
  moment.set_seconds(std::time(nullptr) + minutes * 60);
  return moment;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> TextFiles(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(folder, error)) {
    if (file.path().extension() == ".textproto") files.push_back(file.path().string());
  }
  if (files.empty()) return absl::NotFoundError(absl::StrCat(folder, ": no files there"));
  std::sort(files.begin(), files.end());
  return files;
}

absl::Status LoadFile(const std::string& path, google::protobuf::Message& message) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  if (google::protobuf::TextFormat::ParseFromString(text.str(), &message)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
}

absl::StatusOr<std::vector<ContactCase>> LoadCases(const std::string& folder) {
  ASC_TRY_ASSIGN(const auto files, TextFiles(folder));
  std::vector<ContactCase> cases;
  for (const std::string& file : files) ASC_TRY(LoadFile(file, cases.emplace_back()));
  return cases;
}

absl::Status PutIntoRecords(const Setup& setup, const std::string& authority,
                            testing::Caller& caller) {
  for (const auto& allocation : setup.allocations()) {
    referral::v1::SetAllocationRequest request;
    request.set_authority(authority);
    request.set_request_id(testing::FreshRequestId());
    request.set_role(allocation.role());
    request.set_person_id(allocation.person_id());
    request.set_worker_id(allocation.worker_id());
    request.set_team_id(allocation.team_id());
    referral::v1::SetAllocationResponse response;
    ASC_TRY(caller.Call("SetAllocation", request, response));
  }
  for (const auto& absence : setup.absences()) {
    referral::v1::SetWorkerAvailabilityRequest request;
    request.set_authority(authority);
    request.set_request_id(testing::FreshRequestId());
    request.set_worker_id(absence.worker_id());
    request.set_team_id(absence.team_id());
    auto& away = *request.add_absences();
    *away.mutable_begins_at() = InMinutes(-absence.began_minutes_ago());
    if (absence.returns_in_minutes() > 0) {
      *away.mutable_ends_at() = InMinutes(absence.returns_in_minutes());
    }
    referral::v1::SetWorkerAvailabilityResponse response;
    ASC_TRY(caller.Call("SetWorkerAvailability", request, response));
  }
  return absl::OkStatus();
}

}  // namespace asc::tests::contacts
