#include "tests/demo/player.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "asc/gateway/v1/contact.grpc.pb.h"
#include "asc/referral/v1/referral.grpc.pb.h"
#include "google/protobuf/text_format.h"
#include "platform/status/macros.h"
#include "tests/contacts/contact_case.pb.h"
#include "tests/demo/expectation.h"
#include "tests/demo/telling.h"
#include "tests/support/request_maker.h"
#include "tests/support/suite.h"

namespace asc::demo {
namespace {

using testing::Program;
using testing::Suite;
using tests::contacts::ContactCase;
namespace fs = std::filesystem;

constexpr std::chrono::seconds kTimeout{30};
// Time for the automatic steps.
constexpr int kWaitMs = 15000;

absl::Status FromGrpc(const std::string& what, const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::StrCat(what, ": ", status.error_message()));
}

absl::StatusOr<std::vector<ContactCase>> LoadCases(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() == ".textproto") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<ContactCase> cases;
  for (const fs::path& file : files) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    if (!google::protobuf::TextFormat::ParseFromString(text.str(), &cases.emplace_back())) {
      return absl::InvalidArgumentError(absl::StrCat(file.string(), ": cannot be read"));
    }
  }
  if (cases.empty()) return absl::NotFoundError(absl::StrCat(folder, ": no contact files"));
  return cases;
}

google::protobuf::Timestamp InMinutes(std::int64_t minutes) {
  google::protobuf::Timestamp moment;
  moment.set_seconds(std::time(nullptr) + minutes * 60);
  return moment;
}

// Puts into the authority's records what the contact finds there.
absl::Status SetUp(const ContactCase& contact_case, referral::v1::ReferralService::Stub& stub) {
  for (const auto& allocation : contact_case.setup().allocations()) {
    referral::v1::SetAllocationRequest request;
    request.set_authority(contact_case.request().authority());
    request.set_request_id(testing::FreshRequestId());
    request.set_role(allocation.role());
    request.set_person_id(allocation.person_id());
    request.set_worker_id(allocation.worker_id());
    request.set_team_id(allocation.team_id());
    referral::v1::SetAllocationResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    ASC_TRY(FromGrpc("SetAllocation", stub.SetAllocation(&context, request, &response)));
  }
  for (const auto& absence : contact_case.setup().absences()) {
    referral::v1::SetWorkerAvailabilityRequest request;
    request.set_authority(contact_case.request().authority());
    request.set_request_id(testing::FreshRequestId());
    request.set_worker_id(absence.worker_id());
    request.set_team_id(absence.team_id());
    auto& away = *request.add_absences();
    *away.mutable_begins_at() = InMinutes(-absence.began_minutes_ago());
    if (absence.returns_in_minutes() > 0) {
      *away.mutable_ends_at() = InMinutes(absence.returns_in_minutes());
    }
    referral::v1::SetWorkerAvailabilityResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    ASC_TRY(FromGrpc("SetWorkerAvailability",
                     stub.SetWorkerAvailability(&context, request, &response)));
  }
  return absl::OkStatus();
}

// Plays one contact and tells it; how many differences there were.
absl::StatusOr<int> Play(const ContactCase& contact_case, const Suite& suite, bool brief) {
  const auto referral =
      referral::v1::ReferralService::NewStub(suite.NewChannel(Program::kReferral));
  const auto gateway = gateway::v1::ContactService::NewStub(suite.NewChannel(Program::kGateway));
  ASC_TRY(SetUp(contact_case, *referral));
  auto request = contact_case.request();
  request.set_request_id(testing::FreshRequestId());
  request.set_wait_ms(kWaitMs);
  gateway::v1::OpenContactResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  ASC_TRY(FromGrpc("OpenContact", gateway->OpenContact(&context, request, &response)));

  const auto differences = Differences(contact_case.expected(), response.contact());
  if (!brief || !differences.empty()) {
    std::cout << "\n" << TellCase(contact_case) << TellContact(response.contact());
  }
  for (const std::string& difference : differences) {
    std::cout << "  DIFFERENT FROM THE PROCEDURE: " << difference << "\n";
  }
  return static_cast<int>(differences.size());
}

absl::StatusOr<std::unique_ptr<Suite>> StartSuite(const DemoOptions& demo) {
  if (demo.database != "sqlite" && demo.database != "mysql") {
    return absl::InvalidArgumentError("--database: sqlite or mysql");
  }
  testing::SuiteOptions options;
  options.folder = demo.folder;
  options.binary_dir = demo.binary_dir;
  options.database =
      demo.database == "mysql" ? testing::SuiteDatabase::kMariaDb : testing::SuiteDatabase::kSqlite;
  // Only what an earlier demo left is removed, never a folder that was meant for something else.
  if (fs::exists(options.folder) && !fs::is_empty(options.folder) &&
      !fs::exists(options.folder + "/referral-svc.log")) {
    return absl::FailedPreconditionError(
        absl::StrCat("--folder=", options.folder, ": not empty, and not a demo's"));
  }
  fs::remove_all(options.folder);
  return Suite::Start(options);
}

// Plays everything; not OK when anything differs.
absl::Status PlayAll(const DemoOptions& demo, const Suite& suite) {
  ASC_TRY_ASSIGN(const auto cases, LoadCases(demo.contacts));
  int different = 0;
  for (const ContactCase& contact_case : cases) {
    ASC_TRY_ASSIGN(const int differences, Play(contact_case, suite, demo.brief));
    if (differences > 0) ++different;
  }
  std::cout << "\n"
            << cases.size() << " contacts played on " << demo.database << ", "
            << cases.size() - static_cast<std::size_t>(different) << " as the procedures demand, "
            << different << " different\n";
  if (different > 0) return absl::InternalError("not as the procedures demand");
  return absl::OkStatus();
}

void TellHowToTry(const DemoOptions& demo, const Suite& suite) {
  const std::string call = demo.binary_dir + "/bin/asc-call ";
  const std::string contacts = suite.address(Program::kGateway) + " asc.gateway.v1.ContactService/";
  std::cout
      << "\nEverything goes on running. Three commands to try:\n"
      << call << contacts << "ListContacts 'authority: \"standard\"'\n"
      << call << contacts
      << "OpenContact 'authority: \"standard\" request_id: \"my-first-contact\" channel: "
         "CHANNEL_TELEPHONE subject: SUBJECT_PERSON contacting { role: CONTACTING_ROLE_SELF } "
         "asks: ASK_NEW_NEED facts { imminent_danger: ANSWER_YES }'\n"
      << call << suite.address(Program::kReferral)
      << " asc.referral.v1.ReferralService/ListReferrals 'authority: \"standard\"'\n"
      << "Logs and databases are in " << suite.folder() << ". To stop: kill " << getpid() << "\n";
}

absl::Status Run(const DemoOptions& demo, int done) {
  ASC_TRY_ASSIGN(const auto suite, StartSuite(demo));
  ASC_TRY(PlayAll(demo, *suite));
  if (!demo.keep) return absl::OkStatus();

  TellHowToTry(demo, *suite);
  std::cout.flush();
  // Whoever reads our output must not wait for us.
  const int null = open("/dev/null", O_RDWR);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, standard);
  const char ok = 0;
  if (write(done, &ok, 1) != 1) return absl::AbortedError("nobody waits for the demo any more");
  close(done);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  int signal = 0;
  sigwait(&stop, &signal);
  return absl::OkStatus();
}

int RunAndTell(const DemoOptions& demo, int done) {
  const absl::Status status = Run(demo, done);
  if (status.ok()) return 0;
  std::cerr << "demo: " << status.message() << "\n";
  return 1;
}

// The services end with their parent, so to leave them running a child of ours stays behind with
// them.
int RunAndStayBehind(const DemoOptions& demo) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  int done[2];
  if (pipe(done) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    setsid();
    close(done[0]);
    // Before there are threads, so that all of them leave these two to sigwait.
    sigprocmask(SIG_BLOCK, &stop, nullptr);
    return RunAndTell(demo, done[1]);
  }
  close(done[1]);
  char ok = 1;
  return read(done[0], &ok, 1) == 1 ? ok : 1;
}

}  // namespace

int RunDemo(const DemoOptions& options) {
  return options.keep ? RunAndStayBehind(options) : RunAndTell(options, -1);
}

}  // namespace asc::demo
