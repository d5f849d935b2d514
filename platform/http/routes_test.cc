// Paths to methods.

#include "platform/http/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asc/counter/v1/counter.pb.h"

namespace asc::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class RoutesTest : public ::testing::Test {
 protected:
  RoutesTest() : routes_(*Routes::Of({"asc.counter.v1.CounterService"})) {}
  std::string Find(const std::string& verb, const std::string& path) {
    const auto match = routes_.Find(verb, path, allowed_);
    if (!match.has_value()) return "";
    variables_ = match->variables;
    return match->route->method->name();
  }
  // Links the messages in.
  asc::counter::v1::EchoRequest linked_;
  Routes routes_;
  std::vector<std::string> allowed_;
  std::vector<std::pair<std::string, std::string>> variables_;
};

TEST_F(RoutesTest, FindsByVerbPathAndSuffix) {
  EXPECT_EQ(Find("GET", "/v1/authorities/north/counters/a%20b%2Fc"), "GetCounter");
  EXPECT_THAT(variables_, ElementsAre(Pair("authority", "north"), Pair("counter_id", "a b/c")));
  EXPECT_EQ(Find("POST", "/v1/authorities/north/counters/c1:add"), "AddToCounter");
  EXPECT_THAT(variables_, ElementsAre(Pair("authority", "north"), Pair("counter_id", "c1")));
  EXPECT_EQ(Find("POST", "/v1/authorities/north:echo"), "Echo");
}

TEST_F(RoutesTest, SaysWhatAPathWouldTake) {
  EXPECT_EQ(Find("DELETE", "/v1/authorities/north/counters/c1"), "");
  EXPECT_THAT(allowed_, ElementsAre("GET"));
  EXPECT_EQ(Find("GET", "/v1/nothing"), "");
  EXPECT_THAT(allowed_, IsEmpty());
}

TEST_F(RoutesTest, RefusesOddPaths) {
  for (const char* path :
       {"", "v1", "//", "/v1/authorities//counters/c1", "/v1/authorities/north/counters/",
        "/v1/authorities/north/counters/%zz", "/v1/authorities/north/counters/%00",
        "/v1/authorities/north/counters/%4", "/v1/authorities/../counters/c1/x"}) {
    EXPECT_EQ(Find("GET", path), "") << path;
  }
}

TEST(Routes, RefusesAServiceThatIsNotThere) {
  EXPECT_FALSE(Routes::Of({"asc.nothing.v1.Nothing"}).ok());
}

}  // namespace
}  // namespace asc::http
