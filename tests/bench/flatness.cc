#include "tests/bench/flatness.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "asc/referral/v1/referral.pb.h"
#include "google/protobuf/util/time_util.h"
#include "platform/status/macros.h"
#include "platform/testing/mariadb_server.h"
#include "tests/bench/fill.h"
#include "tests/bench/load.h"
#include "tests/support/child_process.h"
#include "tests/support/samples.h"

namespace asc::bench {
namespace {

using google::protobuf::Message;
using google::protobuf::util::TimeUtil;
using referral::v1::ListReferralsRequest;
using testing::kAuthority;

constexpr char kDisk[] = "/var/tmp";
constexpr std::chrono::seconds kStartTimeout{30};
constexpr int kPage = 50;
// Those asked for, all over the table: a day's callers, not everybody who ever called.
constexpr int kPersonsAsked = 1000;
constexpr int kPointsMin = 8;
// The same share waits in the small database, so that a page is full in both.
constexpr int kWaitingOfSmall = 2000;
constexpr int kWaitingOfLarge = 20000;
// A twentieth of the machine's memory and less than half of the large database.
constexpr char kBufferPool[] = "--innodb-buffer-pool-size=1G";

// One list, with the requests that are sent by turns.
struct List {
  std::string name;
  std::string method;
  std::vector<grpc::Slice> requests;
  std::vector<double> p50_us = {};
};

// A service on one database, with its lists.
struct Subject {
  std::unique_ptr<testing::ChildProcess> process;
  std::string address;
  std::vector<List> lists;
};

grpc::Slice SliceOf(const Message& message) { return grpc::Slice(message.SerializeAsString()); }

ListReferralsRequest Base() {
  ListReferralsRequest request;
  request.set_authority(kAuthority);
  request.set_page_size(kPage);
  return request;
}

// `change` makes the n-th of `count` requests.
template <class Change>
List ListBy(const std::string& name, int count, Change change) {
  List list{name, "/asc.referral.v1.ReferralService/ListReferrals", {}};
  for (int n = 0; n < count; ++n) {
    ListReferralsRequest request = Base();
    change(n, request);
    list.requests.push_back(SliceOf(request));
  }
  return list;
}

// Late enough for everything that is due.
google::protobuf::Timestamp DueBefore() { return TimeUtil::SecondsToTimestamp(4102444800); }

std::vector<List> ListsOf(int referrals) {
  const int persons = referrals / kReferralsOfAPerson;
  const auto team = [](int n, auto& request) { request.set_team_id(TeamId(n)); };
  const auto status = [](int n, auto& request) {
    request.set_status(static_cast<referral::v1::ReferralStatus>(n + 1));
  };
  const auto person = [persons](int n, auto& request) {
    request.set_person_id(PersonId(static_cast<int>(std::int64_t{n} * persons / kPersonsAsked)));
  };
  const auto priority = [](int, auto& request) { request.set_priority_points_min(kPointsMin); };
  const auto due = [](int, auto& request) { *request.mutable_due_before() = DueBefore(); };
  std::vector<List> lists;
  lists.push_back(ListBy("plain", 1, [](int, auto&) {}));
  lists.push_back(ListBy("by team", kFillTeams, team));
  lists.push_back(ListBy("by status", referral::v1::ReferralStatus_MAX, status));
  lists.push_back(ListBy("by person", kPersonsAsked, person));
  lists.push_back(ListBy("by priority", 1, priority));
  lists.push_back(ListBy("by due date", 1, due));
  // One that fills a page of each team in the small database too.
  lists.push_back(ListBy("by team and status", kFillTeams, [&](int n, auto& request) {
    team(n, request);
    request.set_status(referral::v1::REFERRAL_STATUS_COMPLETED);
  }));
  lists.push_back(ListBy("by team and priority", kFillTeams, [&](int n, auto& request) {
    team(n, request);
    priority(n, request);
  }));
  lists.push_back(ListBy("by team and due date", kFillTeams, [&](int n, auto& request) {
    team(n, request);
    due(n, request);
  }));
  referral::v1::ListWaitingRequest waiting;
  waiting.set_authority(kAuthority);
  waiting.set_page_size(kPage);
  lists.push_back({"ListWaiting, first page",
                   "/asc.referral.v1.ReferralService/ListWaiting",
                   {SliceOf(waiting)}});
  return lists;
}

Target TargetOf(const Subject& subject, const List& list) {
  const std::vector<grpc::Slice>& requests = list.requests;
  return {subject.address, {{list.method, [requests](std::uint64_t n, const std::string&) {
                               return requests[n % requests.size()];
                             }}}};
}

absl::StatusOr<std::unique_ptr<Subject>> Start(const FlatnessOptions& options,
                                               const std::string& name, const std::string& database,
                                               int referrals) {
  std::filesystem::create_directories("run/bench");
  testing::ChildProcess::Options child;
  child.command = {options.binary_dir + "/bin/referral-svc", "--listen=localhost:0",
                   "--development_identity", "--database=" + database};
  child.log_file = absl::StrCat("run/bench/flatness-", name, "-", referrals, ".log");
  auto subject = std::make_unique<Subject>();
  ASC_TRY_ASSIGN(subject->process, testing::ChildProcess::Start(child));
  ASC_TRY_ASSIGN(const std::string port,
                 subject->process->WaitForOutput(" listening on port ", kStartTimeout));
  subject->address = absl::StrCat("localhost:", std::atoi(port.c_str()));
  subject->lists = ListsOf(referrals);
  return subject;
}

absl::Status TakeTurn(Subject& subject, std::size_t list, const FlatnessOptions& options,
                      bool counts) {
  List& measured = subject.lists[list];
  const Target target = TargetOf(subject, measured);
  const auto connections = Connect(target, 1, 1);
  std::atomic<std::uint64_t> next{0};
  Plan plan;
  plan.warm_up = std::chrono::milliseconds(50);
  plan.measure = options.duration;
  const Outcome outcome = Run(target, *connections, plan, next);
  if (outcome.failures > 0) {
    return absl::InternalError(absl::StrCat(measured.name, ": ", outcome.first_failure));
  }
  if (counts) {
    measured.p50_us.push_back(std::chrono::duration<double, std::micro>(outcome.p50).count());
  }
  return absl::OkStatus();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// How many rows each request gives; the same in both databases, or the times say nothing.
absl::StatusOr<std::vector<int>> RowsOf(const Subject& subject, const List& list) {
  std::vector<int> rows;
  const Target target = TargetOf(subject, list);
  for (std::size_t n = 0; n < std::min<std::size_t>(list.requests.size(), kFillTeams); ++n) {
    ASC_TRY_ASSIGN(const std::string answer, Once(target, n));
    // Both responses have their rows in field 1.
    referral::v1::ListReferralsResponse referrals;
    referral::v1::ListWaitingResponse waiting;
    const bool read = list.method.ends_with("ListWaiting") ? waiting.ParseFromString(answer)
                                                           : referrals.ParseFromString(answer);
    if (!read) return absl::InternalError("not a list");
    rows.push_back(std::max(referrals.referrals_size(), waiting.entries_size()));
  }
  return rows;
}

absl::Status CheckRows(const Subject& small, const Subject& large) {
  for (std::size_t i = 0; i < small.lists.size(); ++i) {
    ASC_TRY_ASSIGN(const auto few, RowsOf(small, small.lists[i]));
    ASC_TRY_ASSIGN(const auto many, RowsOf(large, large.lists[i]));
    if (few == many && few.front() > 0) continue;
    return absl::InternalError(absl::StrCat(small.lists[i].name, ": not the same rows in both"));
  }
  return absl::OkStatus();
}

// A line of the table; false when it misses its bar.
bool PrintRow(const std::string& database, const std::string& list, double base_us, double us,
              double bar) {
  const double ratio = us / base_us;
  std::cout << absl::StrFormat("| %s | %s | %.0f | %.0f | %.2f | %.1f %s |\n", database, list,
                               base_us, us, ratio, bar, ratio <= bar ? "reached" : "MISSED");
  return ratio <= bar;
}

bool PrintTable(const std::string& database, const Subject& small, const Subject& large) {
  bool reached = true;
  for (std::size_t i = 0; i < small.lists.size(); ++i) {
    reached &= PrintRow(database, small.lists[i].name, Median(small.lists[i].p50_us),
                        Median(large.lists[i].p50_us), kFlatMax);
  }
  const List& plain = large.lists.front();
  const List& waiting = large.lists.back();
  reached &=
      PrintRow(database, absl::StrCat("plain list -> first of ", kWaitingOfLarge, " waiting"),
               Median(plain.p50_us), Median(waiting.p50_us), kWaitingMax);
  return reached;
}

// Both subjects take their turn at each list one after the other, so that what else the machine
// does falls on both.
absl::Status Measure(const FlatnessOptions& options, Subject& small, Subject& large) {
  ASC_TRY(CheckRows(small, large));
  for (int turn = 0; turn <= options.turns; ++turn) {
    // The first one only fills the caches.
    std::cout << (turn == 0 ? "warming up" : absl::StrCat("turn ", turn, " of ", options.turns))
              << std::endl;
    for (std::size_t list = 0; list < small.lists.size(); ++list) {
      ASC_TRY(TakeTurn(small, list, options, turn > 0));
      ASC_TRY(TakeTurn(large, list, options, turn > 0));
    }
  }
  return absl::OkStatus();
}

// Fills and starts both, then measures; `database_of` gives a new database for so many referrals.
template <class DatabaseOf>
absl::StatusOr<bool> MeasureOn(const std::string& name, const FlatnessOptions& options,
                               DatabaseOf database_of) {
  std::vector<std::unique_ptr<Subject>> subjects;
  for (const int referrals : {options.small, options.large}) {
    std::cout << "filling " << name << " with " << referrals << " referrals" << std::endl;
    ASC_TRY_ASSIGN(const std::string database, database_of(referrals));
    const int waiting = referrals == options.small ? kWaitingOfSmall : kWaitingOfLarge;
    ASC_TRY(FillReferrals(database, {referrals, waiting}));
    ASC_TRY_ASSIGN(auto subject, Start(options, name, database, referrals));
    subjects.push_back(std::move(subject));
  }
  ASC_TRY(Measure(options, *subjects[0], *subjects[1]));
  std::cout << absl::StrFormat(
      "\n| database | list | p50 us of %d | p50 us of %d | times | bar |\n"
      "|---|---|---:|---:|---:|---:|\n",
      options.small, options.large);
  return PrintTable(name, *subjects[0], *subjects[1]);
}

absl::StatusOr<bool> MeasureOnSqlite(const FlatnessOptions& options) {
  const std::string folder = absl::StrCat(kDisk, "/asc-bench-flatness");
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  auto reached = MeasureOn("SQLite", options, [&](int referrals) -> absl::StatusOr<std::string> {
    return absl::StrCat("sqlite:", folder, "/", referrals, ".db");
  });
  std::filesystem::remove_all(folder);
  return reached;
}

absl::StatusOr<bool> MeasureOnMariaDb(const FlatnessOptions& options) {
  ASC_TRY_ASSIGN(const auto server, testing::MariaDbServer::Start(
                                        {.base_folder = kDisk,
                                         .arguments = {kBufferPool, "--innodb-log-file-size=1G"}}));
  return MeasureOn("MariaDB", options, [&](int) -> absl::StatusOr<std::string> {
    ASC_TRY_ASSIGN(const std::string credentials, server->NewDatabase());
    return absl::StrCat("mysql:", credentials);
  });
}

}  // namespace

absl::Status MeasureFlatness(const FlatnessOptions& options) {
  bool reached = true;
  if (options.sqlite) {
    ASC_TRY_ASSIGN(const bool on_sqlite, MeasureOnSqlite(options));
    reached &= on_sqlite;
  }
  if (options.mariadb) {
    ASC_TRY_ASSIGN(const bool on_mariadb, MeasureOnMariaDb(options));
    reached &= on_mariadb;
  }
  return reached ? absl::OkStatus() : absl::FailedPreconditionError("a bar was missed");
}

}  // namespace asc::bench
