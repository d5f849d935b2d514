#include "platform/rpc/client.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace asc::rpc {
namespace {

// Nobody listens there.
constexpr char kNowhere[] = "localhost:1";

// Makes a call and drops the client while the callback is still running.
absl::StatusCode CallAndDrop() {
  auto client = NewClient(kNowhere);
  std::promise<absl::StatusCode> answered;
  client->Call("/nobody/Answers", "", {}, [&](const absl::StatusOr<std::string>& answer) {
    answered.set_value(answer.status().code());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  });
  const absl::StatusCode code = answered.get_future().get();
  client.reset();
  // Until the callback is over, so that no other client keeps alive what gRPC's threads share.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return code;
}

// Found when a test's client went away while gRPC's thread still held the call: the thread then
// closed the channel it was working for, and itself with it. The fault shows in what comes next.
TEST(Client, MayGoAsSoonAsItsCallIsAnswered) {
  for (int round = 0; round < 20; ++round) {
    EXPECT_EQ(CallAndDrop(), absl::StatusCode::kUnavailable);
  }
}

}  // namespace
}  // namespace asc::rpc
