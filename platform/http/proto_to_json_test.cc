// The JSON of messages means what protobuf's own means.

#include "platform/http/proto_to_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <limits>
#include <random>

#include "asc/counter/v1/counter.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace asc::http {
namespace {

using asc::counter::v1::EchoRequest;

void ExpectTheSameAsProtobuf(const google::protobuf::Message& message) {
  std::string theirs;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(message, &theirs).ok());
  const auto ours = ToJson(message);
  ASSERT_TRUE(ours.ok()) << ours.status();
  rapidjson::Document expected;
  rapidjson::Document actual;
  expected.Parse<rapidjson::kParseFullPrecisionFlag>(theirs.c_str());
  actual.Parse<rapidjson::kParseFullPrecisionFlag>(ours->c_str());
  ASSERT_FALSE(actual.HasParseError()) << *ours;
  EXPECT_TRUE(actual == expected) << *ours << "\n" << theirs;
}

EchoRequest Everything() {
  EchoRequest message;
  message.set_authority("north");
  message.set_text("\xc3\xa9 \"quoted\" \\ \n\t\x01 <b>&amp;</b> \xf0\x9f\x98\x80 \xe2\x80\xa8");
  message.mutable_item()->set_name("a");
  message.add_items()->set_name("b");
  message.add_items();
  message.set_colour(counter::v1::COLOUR_RED);
  message.add_colours(counter::v1::COLOUR_RED);
  message.add_colours(counter::v1::COLOUR_UNSPECIFIED);
  message.set_number(-3);
  message.mutable_at()->set_seconds(1739439000);
  message.mutable_at()->set_nanos(120000000);
  (*message.mutable_labels())["z"] = "1";
  (*message.mutable_labels())["a\""] = "";
  message.set_large(std::numeric_limits<std::int64_t>::min());
  message.set_data(std::string("\0\xff hi", 5));
  message.set_flag(true);
  message.set_fraction(0.1);
  message.mutable_mask()->add_paths("item.name");
  message.mutable_mask()->add_paths("large_item");
  return message;
}

TEST(ToJson, MeansWhatProtobufsOwnMeans) {
  ExpectTheSameAsProtobuf(EchoRequest());
  ExpectTheSameAsProtobuf(Everything());
}

TEST(ToJson, MeansTheSameForEveryNumber) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    EchoRequest message;
    const std::uint64_t bits = random();
    double fraction = 0;
    static_assert(sizeof fraction == sizeof bits);
    memcpy(&fraction, &bits, sizeof bits);
    message.set_fraction(fraction);
    message.set_large(static_cast<std::int64_t>(bits));
    message.set_number(static_cast<std::int32_t>(bits));
    message.mutable_at()->set_seconds(static_cast<std::int64_t>(bits % 253402300800));
    message.mutable_at()->set_nanos(static_cast<std::int32_t>(bits % 1000000000));
    ExpectTheSameAsProtobuf(message);
  }
}

TEST(ToJson, MeansTheSameForDetailsOfErrors) {
  google::rpc::BadRequest faults;
  faults.add_field_violations()->set_field("text");
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(2);
  google::rpc::Status status;
  status.set_code(3);
  status.add_details()->PackFrom(faults);
  status.add_details()->PackFrom(retry);
  ExpectTheSameAsProtobuf(status);
}

TEST(ToJson, TellsMapsInTheOrderOfTheirKeys) {
  EchoRequest message;
  for (const char* key : {"c", "a", "b"}) (*message.mutable_labels())[key] = "x";
  EXPECT_EQ(*ToJson(message), R"({"labels":{"a":"x","b":"x","c":"x"}})");
}

TEST(ToJson, TellsAnUnknownEnumByItsNumber) {
  EchoRequest message;
  message.set_colour(static_cast<counter::v1::Colour>(7));
  EXPECT_EQ(*ToJson(message), R"({"colour":7})");
}

TEST(ToJson, RefusesWhatHasNoJson) {
  EchoRequest message;
  message.mutable_at()->set_nanos(-1);
  EXPECT_FALSE(ToJson(message).ok());
}

}  // namespace
}  // namespace asc::http
