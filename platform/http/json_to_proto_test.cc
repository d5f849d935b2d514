// JSON into messages: what is taken, and what is named when it is not.

#include "platform/http/json_to_proto.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asc/counter/v1/counter.pb.h"
#include "google/rpc/error_details.pb.h"

namespace asc::http {
namespace {

using asc::counter::v1::EchoRequest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "field: description" of every fault.
std::vector<std::string> Faults(const std::string& json, EchoRequest* message = nullptr) {
  EchoRequest own;
  rpc::Violations violations;
  MergeJson(json, message == nullptr ? own : *message, violations);
  const auto status = violations.ToStatus();
  google::rpc::BadRequest bad_request;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  if (payload.has_value()) bad_request.ParseFromString(std::string(*payload));
  std::vector<std::string> faults;
  for (const auto& violation : bad_request.field_violations()) {
    faults.push_back(violation.field() + ": " + violation.description());
  }
  return faults;
}

TEST(MergeJson, TakesEveryKindOfField) {
  EchoRequest message;
  EXPECT_THAT(Faults(R"({"authority":"north","text":"\u00e9\n","item":{"name":"a"},
                        "items":[{"name":"b"},{"postcode":"S60 1AE"}],"colour":"COLOUR_RED",
                        "number":-3,"at":"2025-02-13T09:30:00Z","colours":["COLOUR_RED"],
                        "labels":{"x":"y"},"large":"9007199254740993","data":"aGk=","flag":true,
                        "fraction":0.5,"mask":"text,item.name,largeItem"})",
                     &message),
              IsEmpty());
  EXPECT_EQ(message.text(), "\xc3\xa9\n");
  EXPECT_EQ(message.items(1).postcode(), "S60 1AE");
  EXPECT_EQ(message.colour(), asc::counter::v1::COLOUR_RED);
  EXPECT_EQ(message.number(), -3);
  EXPECT_EQ(message.at().seconds(), 1739439000);
  EXPECT_EQ(message.labels().at("x"), "y");
  EXPECT_EQ(message.large(), 9007199254740993);
  EXPECT_EQ(message.data(), "hi");
  EXPECT_TRUE(message.flag());
  EXPECT_EQ(message.fraction(), 0.5);
  EXPECT_THAT(message.mask().paths(), ElementsAre("text", "item.name", "large_item"));
}

TEST(MergeJson, TakesNullAsLeftOut) {
  EXPECT_THAT(Faults(R"({"text":null,"item":null})"), IsEmpty());
}

TEST(MergeJson, NamesEveryFaultAtOnceWithItsPath) {
  EXPECT_THAT(
      Faults(R"({"text":5,"item":{"name":true,"what":{"deep":[1,2]}},"items":[{"name":1},7,null],
                 "colour":"BLUE","number":1.5,"at":"yesterday","flag":"true","labels":{"a":1},
                 "large":99999999999999999999,"data":"*","number":3})"),
      ElementsAre("text: must be a string", "item.name: must be a string",
                  "item: holds a name that this contract does not know, as number 2",
                  "items[0].name: must be a string", "items[1]: must be an object",
                  "items[2]: must not be null", "colour: not a value this contract knows",
                  "number: must be a whole number",
                  "at: must be a moment such as 2025-02-13T09:30:00Z",
                  "flag: must be true or false", "labels: must be a string",
                  "large: is a number out of range", "data: must be a string in base64",
                  "number: must not stand twice"));
}

TEST(MergeJson, RefusesTheWrongShape) {
  EXPECT_THAT(Faults(R"({"item":[]})"), ElementsAre("item: must not be a list"));
  EXPECT_THAT(Faults(R"({"items":{}})"), ElementsAre("items: must be a list"));
  EXPECT_THAT(Faults(R"({"items":[[]]})"), ElementsAre("items[0]: must not be a list"));
  EXPECT_THAT(Faults(R"({"text":{}})"), ElementsAre("text: must not be an object"));
  EXPECT_THAT(Faults(R"({"at":{}})"), ElementsAre("at: must not be an object"));
  EXPECT_THAT(Faults(R"({"labels":[]})"), ElementsAre("labels: must not be a list"));
  EXPECT_THAT(Faults("[]"), ElementsAre("body: must be a JSON object"));
  EXPECT_THAT(Faults("5"), ElementsAre("body: must be a JSON object"));
  EXPECT_THAT(Faults(""), ElementsAre("body: is empty; must be a JSON object"));
}

TEST(MergeJson, RefusesWhatIsNotJson) {
  for (const char* text : {"{",
                           "{}{}",
                           "{} x",
                           "{'text':'a'}",
                           "{text:\"a\"}",
                           "{\"text\":\"a\",}",
                           "{\"text\":}",
                           "{\"text\":\"a\"",
                           "{\"number\":01}",
                           "{\"number\":NaN}",
                           "{\"number\":+1}",
                           "{\"number\":.5}",
                           "{\"text\":\"\\x\"}",
                           "{\"text\":\"a\nb\"}",
                           "// no\n{}",
                           "\xef\xbb\xbf{}",
                           "{\"text\":tru}",
                           "{\"text\":\"\\ud800\"}",
                           "{\"text\":\"\xc3\x28\"}",
                           "{\"text\":\"\xc0\xaf\"}",
                           "{\"text\":\"\xed\xa0\x80\"}"}) {
    const auto faults = Faults(text);
    ASSERT_EQ(faults.size(), 1U) << text;
    EXPECT_EQ(faults[0].substr(0, 9), "body: is ") << text;
  }
  EXPECT_EQ(Faults(std::string("{}\0{}", 5)).size(), 1U);
}

TEST(MergeJson, StopsAtThirtyTwoLevels) {
  std::string deep = "{\"what\":";
  for (int i = 0; i < 100000; ++i) deep += '[';
  EXPECT_THAT(Faults(deep), ElementsAre("body: more than 32 objects and lists inside one another"));
}

TEST(MergeJson, NeverRepeatsWhatWasSent) {
  for (const auto& fault : Faults(R"({"SECRET":1,"colour":"SECRET","item":{"SECRET":{}}})")) {
    EXPECT_EQ(fault.find("SECRET"), std::string::npos) << fault;
  }
}

}  // namespace
}  // namespace asc::http
