#include "tests/bench/rows.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "asc/bench/v1/bench.pb.h"
#include "asc/gateway/v1/contact.pb.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/status/macros.h"
#include "tests/support/request_maker.h"
#include "tests/support/samples.h"

namespace asc::bench {
namespace {

using testing::Program;
using testing::SuiteDatabase;

constexpr std::chrono::seconds kStartTimeout{30};
constexpr char kDisk[] = "/var/tmp";
// What a record with its notes is like.
constexpr std::size_t kMessageBytes = 1200;
constexpr int kListPage = 50;
// Enough at once to fill a database quickly, few enough not to meet a limit.
constexpr int kFillCallers = 64;

grpc::ByteBuffer Buffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

// The same bytes each time.
std::function<grpc::ByteBuffer(std::uint64_t)> Always(const google::protobuf::Message& message) {
  return [buffer = Buffer(message.SerializeAsString())](std::uint64_t) { return buffer; };
}

// The bytes of a writing request with a fresh key in it each time: put together once, patched
// after, so that the client does not pay for what it does not measure.
std::function<grpc::ByteBuffer(std::uint64_t)> WithFreshKey(
    const std::function<std::string(const std::string& key)>& serialize) {
  // A key of this length is found again in the bytes, and nothing else looks like it.
  const std::string mark = "bench-key-0000000000000000";
  const std::string bytes = serialize(mark);
  const std::size_t at = bytes.find(mark);
  const std::string boot = testing::FreshRequestId();
  const std::size_t hash = std::hash<std::string>()(boot);
  return [bytes, at, hash](std::uint64_t number) {
    std::string copy = bytes;
    const std::string key = absl::StrCat("bench-", absl::Hex(hash & 0xffffffff, absl::kZeroPad8),
                                         absl::Hex(number, absl::kZeroPad12));
    copy.replace(at, key.size(), key);
    return Buffer(copy);
  };
}

Target NoOpTarget(const std::string& address) {
  v1::NoOpRequest request;
  request.set_authority(testing::kAuthority);
  request.set_text(std::string(kMessageBytes, 'x'));
  return {address, "/asc.bench.v1.BenchService/NoOp", Always(request)};
}

Target OpenReferralTarget(const std::string& address) {
  return {address, "/asc.referral.v1.ReferralService/OpenReferral",
          WithFreshKey([](const std::string& key) {
            return testing::OpenReferralSample(key, key).SerializeAsString();
          })};
}

Target OpenContactTarget(const std::string& address) {
  return {address, "/asc.gateway.v1.ContactService/OpenContact",
          WithFreshKey([](const std::string& key) {
            return testing::OpenContactSample(key, key).SerializeAsString();
          })};
}

Target ListTarget(const std::string& address) {
  referral::v1::ListReferralsRequest request;
  request.set_authority(testing::kAuthority);
  request.set_page_size(kListPage);
  return {address, "/asc.referral.v1.ReferralService/ListReferrals", Always(request)};
}

// Reads the records there are, all over the table.
absl::StatusOr<Target> GetTarget(const testing::Suite& suite) {
  ASC_TRY_ASSIGN(const auto all, testing::ListAllReferrals(suite.NewChannel(Program::kReferral),
                                                           testing::kAuthority));
  if (all.empty()) return absl::NotFoundError("nothing to read");
  std::vector<grpc::ByteBuffer> requests;
  for (const auto& summary : all) {
    referral::v1::GetReferralRequest request;
    request.set_authority(testing::kAuthority);
    request.set_referral_id(summary.referral_id());
    requests.push_back(Buffer(request.SerializeAsString()));
  }
  // A step without a common divisor visits every record in an order that no cache expects.
  constexpr std::uint64_t kStep = 7919;
  return Target{suite.address(Program::kReferral), "/asc.referral.v1.ReferralService/GetReferral",
                [requests = std::move(requests)](std::uint64_t number) {
                  return requests[number * kStep % requests.size()];
                }};
}

absl::Status Fill(const testing::Suite& suite, int records) {
  const Target target = OpenReferralTarget(suite.address(Program::kReferral));
  Channels channels(target.address, 1);
  std::atomic<std::uint64_t> next{0};
  Plan plan;
  plan.callers = kFillCallers;
  plan.warm_up = std::chrono::milliseconds(0);
  while (next < static_cast<std::uint64_t>(records)) {
    const Outcome outcome = Run(target, channels, plan, next);
    if (outcome.failures > 0) return absl::InternalError(outcome.first_failure);
  }
  return absl::OkStatus();
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
  std::vector<Row> rows;
  for (const Row& row : rows_) {
    if (rows.empty() || row.name.find(only) != std::string::npos) rows.push_back(row);
  }
  return rows;
}

absl::Status Servers::StartNoOp(const Options& options) {
  std::filesystem::create_directories("run/bench");
  for (const bool bare : {true, false}) {
    testing::ChildProcess::Options child;
    child.command = {options.binary_dir + "/bin/bench-server"};
    if (bare) child.command.emplace_back("--bare");
    child.log_file = bare ? "run/bench/bare.log" : "run/bench/adapter.log";
    ASC_TRY_ASSIGN(auto process, testing::ChildProcess::Start(child));
    ASC_TRY_ASSIGN(const std::string port,
                   process->WaitForOutput(" listening on port ", kStartTimeout));
    Row row;
    row.name = bare ? "no-op, gRPC alone" : "no-op, adapter";
    row.target = NoOpTarget(absl::StrCat("localhost:", std::atoi(port.c_str())));
    row.servers = {process->pid()};
    row.ratio_min = bare ? 0 : 0.85;
    rows_.push_back(std::move(row));
    no_op_.push_back(std::move(process));
  }
  return absl::OkStatus();
}

absl::Status Servers::StartSuite(const Options& options, SuiteDatabase kind) {
  const bool sqlite = kind == SuiteDatabase::kSqlite;
  const std::string name = sqlite ? "SQLite" : "MariaDB";
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

  std::vector<pid_t> referral = {suite->process(Program::kReferral).pid()};
  if (!sqlite) referral.push_back(suite->mariadb()->pid());
  std::vector<pid_t> both = referral;
  both.push_back(suite->process(Program::kGateway).pid());
  const std::string& address = suite->address(Program::kReferral);
  ASC_TRY_ASSIGN(Target get, GetTarget(*suite));
  rows_.push_back({"GetReferral, " + name, std::move(get), referral, sqlite ? 0.5 : 0.2});
  rows_.push_back({"ListReferrals of 50, " + name, ListTarget(address), referral, 0});
  rows_.push_back(
      {"OpenReferral, " + name, OpenReferralTarget(address), referral, sqlite ? 0.3 : 0.2});
  rows_.push_back(
      {"OpenContact, " + name, OpenContactTarget(suite->address(Program::kGateway)), both, 0});
  suites_.push_back(std::move(suite));
  return absl::OkStatus();
}

}  // namespace asc::bench
