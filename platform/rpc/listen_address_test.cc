#include "platform/rpc/listen_address.h"

#include <gtest/gtest.h>

namespace asc::rpc {
namespace {

TEST(ParseListenAddress, TakesNamesAndNumbers) {
  const auto name = ParseListenAddress("localhost:7100");
  ASSERT_TRUE(name.ok());
  EXPECT_EQ(name->host, "localhost");
  EXPECT_EQ(name->port, 7100);

  const auto number = ParseListenAddress("[::1]:0");
  ASSERT_TRUE(number.ok());
  EXPECT_EQ(number->host, "::1");
  EXPECT_EQ(number->port, 0);

  EXPECT_TRUE(ParseListenAddress("0.0.0.0:65535").ok());
}

TEST(ParseListenAddress, RefusesWhatIsNoPort) {
  for (const char* text : {"localhost", ":7100", "localhost:", "localhost:65536", "localhost:70000",
                           "localhost:-1", "localhost:+1", "localhost: 1", "localhost:http",
                           "localhost:99999999999", "::1:7100", ""}) {
    EXPECT_FALSE(ParseListenAddress(text).ok()) << text;
  }
}

}  // namespace
}  // namespace asc::rpc
