#include "tests/bench/rows.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "asc/funding/v1/funding.pb.h"
#include "platform/status/macros.h"
#include "tests/bench/targets.h"

namespace asc::bench {
namespace {

using testing::Program;
using testing::SuiteDatabase;

constexpr std::chrono::seconds kStartTimeout{30};
constexpr char kDisk[] = "/var/tmp";
// Enough at once to fill a database quickly, few enough not to meet a limit.
constexpr int kFillCallers = 64;
constexpr char kNoOpOverHttp[] = "no-op, adapter, HTTP";

absl::Status Fill(const testing::Suite& suite, int records) {
  const Target target = OpenReferral(suite);
  const auto connections = Connect(target, kFillCallers, 1);
  std::atomic<std::uint64_t> next{0};
  Plan plan;
  plan.callers = kFillCallers;
  plan.warm_up = std::chrono::milliseconds(0);
  while (next < static_cast<std::uint64_t>(records)) {
    const Outcome outcome = Run(target, *connections, plan, next);
    if (outcome.failures > 0) return absl::InternalError(outcome.first_failure);
  }
  return absl::OkStatus();
}

// A refusal is an answer too, and would be measured as quickly.
absl::Status CheckDecided(const Target& target) {
  ASC_TRY_ASSIGN(const std::string answer, Once(target, 0));
  funding::v1::DecideFundingResponse decided;
  if (decided.ParseFromString(answer) && decided.answer().accepted()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("not decided: ", decided.answer().ShortDebugString()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Servers>> Servers::Start(const Options& options) {
  auto servers = std::make_unique<Servers>();
  ASC_TRY(servers->StartNoOp(options));
  if (options.sqlite) ASC_TRY(servers->StartSuite(options, SuiteDatabase::kSqlite));
  if (options.mariadb) ASC_TRY(servers->StartSuite(options, SuiteDatabase::kMariaDb));
  return servers;
}

std::vector<Row> Servers::Rows(const std::string& only) const {
  std::set<std::string> wanted = {rows_.front().name};
  for (const Row& row : rows_) {
    if (row.name.find(only) == std::string::npos) continue;
    wanted.insert(row.name);
    wanted.insert(row.bar.against);
  }
  std::vector<Row> rows;
  for (const Row& row : rows_) {
    if (wanted.contains(row.name)) rows.push_back(row);
  }
  return rows;
}

absl::Status Servers::StartNoOp(const Options& options) {
  std::filesystem::create_directories("run/bench");
  for (const bool bare : {true, false}) {
    testing::ChildProcess::Options child;
    child.command = {options.binary_dir + "/bin/bench-server",
                     bare ? "--bare" : "--http_listen=localhost:0"};
    child.log_file = bare ? "run/bench/bare.log" : "run/bench/adapter.log";
    ASC_TRY_ASSIGN(auto process, testing::ChildProcess::Start(child));
    const auto address = [&process](const char* told) -> absl::StatusOr<std::string> {
      ASC_TRY_ASSIGN(const std::string port, process->WaitForOutput(told, kStartTimeout));
      return absl::StrCat("localhost:", std::atoi(port.c_str()));
    };
    ASC_TRY_ASSIGN(const std::string grpc, address(" listening on port "));
    rows_.push_back({bare ? "no-op, gRPC alone" : "no-op, adapter",
                     NoOp(grpc),
                     {process->pid()},
                     {.ratio = bare ? 0 : 0.85}});
    if (!bare) {
      ASC_TRY_ASSIGN(const std::string http, address(" HTTP on port "));
      rows_.push_back({kNoOpOverHttp, NoOpOverHttp(http), {process->pid()}});
    }
    no_op_.push_back(std::move(process));
  }
  return absl::OkStatus();
}

absl::Status Servers::StartSuite(const Options& options, SuiteDatabase kind) {
  const std::string name = kind == SuiteDatabase::kSqlite ? "SQLite" : "MariaDB";
  testing::SuiteOptions suite_options;
  suite_options.binary_dir = options.binary_dir;
  suite_options.database = kind;
  // On a disk: in memory every write would look durable for nothing.
  suite_options.folder = absl::StrCat(kDisk, "/asc-bench-", name);
  suite_options.mariadb_base = kDisk;
  std::filesystem::remove_all(suite_options.folder);
  ASC_TRY_ASSIGN(auto suite, testing::Suite::Start(suite_options));
  std::cout << "filling " << name << " with " << options.records << " referrals" << std::endl;
  ASC_TRY(Fill(*suite, options.records));
  suites_.push_back(std::move(suite));
  return AddRows(*suites_.back(), name);
}

absl::Status Servers::AddRows(testing::Suite& suite, const std::string& database) {
  const bool sqlite = suite.mariadb() == nullptr;
  const auto name = [&database](const char* what) { return absl::StrCat(what, ", ", database); };
  const auto with_database = [&suite](const std::vector<Program>& programs) {
    std::vector<pid_t> pids;
    for (const Program program : programs) pids.push_back(suite.process(program).pid());
    if (suite.mariadb() != nullptr) pids.push_back(suite.mariadb()->pid());
    return pids;
  };
  const auto referral = with_database({Program::kReferral});
  const auto advocacy = with_database({Program::kAdvocacy});
  const auto funding = with_database({Program::kFunding});
  const auto all = with_database({testing::kPrograms.begin(), testing::kPrograms.end()});

  ASC_TRY_ASSIGN(auto get, GetReferral(suite));
  ASC_TRY_ASSIGN(auto hold, CheckHold(suite));
  ASC_TRY_ASSIGN(auto search, SearchServices(suite));
  const Target decide = DecideFunding(suite);
  ASC_TRY(CheckDecided(decide));
  rows_.push_back(
      {name("GetReferral"), std::move(get.grpc), referral, {.ratio = sqlite ? 0.5 : 0.2}});
  rows_.push_back({name("GetReferral, HTTP"),
                   std::move(get.http),
                   with_database({Program::kReferral, Program::kGateway}),
                   {.ratio = sqlite ? 0.5 : 0, .against = kNoOpOverHttp}});
  rows_.push_back({name("ListReferrals of 50"), ListReferrals(suite), referral});
  rows_.push_back(
      {name("OpenReferral"), OpenReferral(suite), referral, {.ratio = sqlite ? 0.3 : 0.2}});
  rows_.push_back(
      {name("SearchServices"), std::move(search), with_database({Program::kDirectory})});
  rows_.push_back({name("CheckAdvocacy"), CheckAdvocacy(suite), advocacy});
  rows_.push_back({name("CheckHold"), std::move(hold), advocacy});
  rows_.push_back({name("DecideFunding, opened and submitted"), decide, funding});
  rows_.push_back(
      {name("OpenContact"), OpenContact(suite), all, {.rate = sqlite ? 200.0 : 0, .callers = 16}});
  rows_.push_back({name("OpenContact, HTTP"),
                   OpenContactOverHttp(suite),
                   all,
                   {.ratio = 0.7, .against = name("OpenContact"), .callers = 16}});
  return absl::OkStatus();
}

}  // namespace asc::bench
