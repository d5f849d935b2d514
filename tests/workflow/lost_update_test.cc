// Eight writers on four records: every acknowledged change is built on the one before it.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <iostream>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "asc/referral/v1/referral.grpc.pb.h"
#include "tests/support/request_maker.h"
#include "tests/support/samples.h"
#include "tests/support/soak.h"
#include "tests/support/suite_fixture.h"

namespace asc::testing {
namespace {

using referral::v1::Allocation;
using referral::v1::ReferralService;

constexpr int kWriters = 8;
constexpr int kRecords = 4;
constexpr std::chrono::seconds kSlice{3};
constexpr std::chrono::seconds kTimeout{10};
constexpr char kCounter[] = "worker-";

class LostUpdate : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    channel_ = suite().NewChannel(Program::kReferral);
    stub_ = ReferralService::NewStub(channel_);
  }

  // The record carries a counter in its worker's id.
  grpc::Status Write(const Allocation& before, int counter, Allocation& after) {
    referral::v1::SetAllocationRequest request;
    request.set_authority(kAuthority);
    request.set_request_id(FreshRequestId());
    request.set_allocation_id(before.allocation_id());
    request.set_etag(before.etag());
    request.set_role(referral::v1::ALLOCATION_ROLE_WORKER);
    request.set_person_id(before.person_id());
    request.set_worker_id(absl::StrCat(kCounter, counter));
    referral::v1::SetAllocationResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    const grpc::Status status = stub_->SetAllocation(&context, request, &response);
    after = response.allocation();
    return status;
  }

  Allocation Read(const std::string& allocation_id) {
    referral::v1::GetAllocationRequest request;
    request.set_authority(kAuthority);
    request.set_allocation_id(allocation_id);
    referral::v1::GetAllocationResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    const grpc::Status status = stub_->GetAllocation(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.allocation();
  }

  static int CounterOf(const Allocation& allocation) {
    return std::atoi(allocation.worker_id().c_str() + sizeof(kCounter) - 1);
  }

  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<ReferralService::Stub> stub_;
};

TEST_P(LostUpdate, EveryAcknowledgedChangeStandsOnTheOneBefore) {
  std::array<Allocation, kRecords> records;
  for (int record = 0; record < kRecords; ++record) {
    Allocation fresh;
    fresh.set_person_id(absl::StrCat("person-", record));
    const grpc::Status status = Write(fresh, 0, records[record]);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  std::array<std::atomic<int>, kRecords> acknowledged{};
  std::atomic<int> refused{0};
  const auto until = std::chrono::steady_clock::now() + SoakSeconds(kSlice);
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int turn = writer; std::chrono::steady_clock::now() < until; ++turn) {
        const int record = turn % kRecords;
        const Allocation now = Read(records[record].allocation_id());
        Allocation after;
        const grpc::Status status = Write(now, CounterOf(now) + 1, after);
        if (status.ok()) {
          ++acknowledged[record];
        } else {
          // Somebody else was quicker, and said so before anything was lost.
          EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED) << status.error_message();
          ++refused;
        }
      }
    });
  }
  for (std::thread& writer : writers) writer.join();

  int changes = 0;
  for (int record = 0; record < kRecords; ++record) {
    const Allocation last = Read(records[record].allocation_id());
    EXPECT_EQ(CounterOf(last), acknowledged[record]);
    EXPECT_EQ(last.version(), acknowledged[record] + 1);
    EXPECT_GT(acknowledged[record], 0);
    changes += acknowledged[record];
  }
  const auto events = AllEvents(channel_, kAuthority);
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_EQ(FaultInVersions(*events, "allocation"), "");
  EXPECT_EQ(static_cast<int>(events->size()), changes + kRecords);
  std::cout << "lost update: " << changes << " changes acknowledged, " << refused
            << " refused as stale, none lost\n";
}

INSTANTIATE_TEST_SUITE_P(OnBothDatabases, LostUpdate,
                         ::testing::Values(SuiteDatabase::kSqlite, SuiteDatabase::kMariaDb),
                         SuiteDatabaseName);

}  // namespace
}  // namespace asc::testing
