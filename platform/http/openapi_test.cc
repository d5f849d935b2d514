#include "platform/http/openapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include "asc/counter/v1/counter.pb.h"
#include "platform/http/openapi_text.h"

namespace asc::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MarkdownOf, JoinsLinesToParagraphs) {
  EXPECT_EQ(MarkdownOf(" One\n two.\n\n Three.\n"), "One two.\n\nThree.");
}

TEST(MarkdownOf, MakesAListOfATableOfErrors) {
  EXPECT_EQ(MarkdownOf(" Errors:\n"
                       "   NOT_FOUND   no such record.\n"
                       "               [a.b.c]\n"
                       "   ABORTED, UNKNOWN  too late: read\n"
                       "               again.\n"),
            "Errors:\n\n- **NOT_FOUND**: no such record. [a.b.c]\n"
            "- **ABORTED, UNKNOWN**: too late: read again.");
}

TEST(MarkdownOf, GoesOnWithASentenceThatHasNotEnded) {
  EXPECT_EQ(MarkdownOf(" Rules:\n   First, all at\n   once.\n   Second.\n\n After.\n"),
            "Rules:\n\n- First, all at once.\n- Second.\n\nAfter.");
}

TEST(SummaryOf, IsTheFirstSentenceWithoutCaseIds) {
  EXPECT_EQ(SummaryOf("Opens it [a.open.once]. And more.\n\nMore still."), "Opens it");
  EXPECT_EQ(SummaryOf("Keeps [this] text."), "Keeps [this] text");
}

class OpenApiTest : public ::testing::Test {
 protected:
  void SetUp() override {
    counter::v1::EchoRequest::descriptor();
    const auto json = OpenApiOf(*google::protobuf::DescriptorPool::generated_pool(),
                                {"asc.counter.v1.CounterService"},
                                {.title = "Counting",
                                 .version = "1.0",
                                 .description = "",
                                 .documents = {{"/health", "health", "Whether it is well", ""}}});
    ASSERT_TRUE(json.ok()) << json.status();
    document_.Parse(json->c_str());
    ASSERT_FALSE(document_.HasParseError());
  }

  // What is at a path of keys; null when nothing is.
  const rapidjson::Value* At(const std::string& pointer) {
    return rapidjson::Pointer(pointer.c_str()).Get(document_);
  }
  std::string TextAt(const std::string& pointer) {
    const auto* value = At(pointer);
    return value != nullptr && value->IsString() ? value->GetString() : "nothing at " + pointer;
  }

  static constexpr char kAdd[] =
      "/paths/~1v1~1authorities~1{authority}~1counters~1{counter_id}:add";

  rapidjson::Document document_;
};

TEST_F(OpenApiTest, DescribesAMethodWithItsPathItsBodyAndItsErrors) {
  const std::string post = std::string(kAdd) + "/post";
  EXPECT_EQ(TextAt(post + "/operationId"), "CounterService_AddToCounter");
  EXPECT_EQ(TextAt(post + "/parameters/0/name"), "authority");
  EXPECT_EQ(TextAt(post + "/parameters/2/$ref"), "#/components/parameters/IdempotencyKey");
  EXPECT_EQ(TextAt(post + "/responses/412/$ref"), "#/components/responses/Stale");
  EXPECT_NE(At(post + "/requestBody/content/application~1json/example/requestId"), nullptr);
  EXPECT_NE(At("/paths/~1health/get"), nullptr);
}

TEST_F(OpenApiTest, LeavesOutOfABodyWhatThePathGives) {
  const std::string properties =
      "/components/schemas/asc.counter.v1.AddToCounterRequest/properties/";
  EXPECT_EQ(At(properties + "authority"), nullptr);
  EXPECT_EQ(At(properties + "counterId"), nullptr);
  EXPECT_NE(At(properties + "amount"), nullptr);
}

TEST_F(OpenApiTest, SaysWhatIsCheckedOfAField) {
  const std::string properties = "/components/schemas/asc.counter.v1.EchoRequest/properties/";
  const auto* number = At(properties + "number/maximum");
  ASSERT_NE(number, nullptr);
  EXPECT_EQ(TextAt("/components/schemas/asc.counter.v1.Item/properties/postcode/pattern"),
            "^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$");
  EXPECT_EQ(TextAt("/components/schemas/asc.counter.v1.Item/required/0"), "name");
}

TEST_F(OpenApiTest, SaysWhichListsHaveKeysAndThatAPartOfAnItemIsEnough) {
  const std::string box = "/components/schemas/asc.counter.v1.Box";
  EXPECT_EQ(TextAt(box + "/properties/tags/x-asc-list-key"), "tagId");
  EXPECT_EQ(At(box + "/properties/items/x-asc-list-key"), nullptr);
  EXPECT_THAT(TextAt(box + "/properties/tags/items/$ref"), Not(HasSubstr("Partial")));
  EXPECT_THAT(TextAt(box + ".Partial/properties/tags/items/$ref"), HasSubstr("Tag.Partial"));
  EXPECT_THAT(TextAt(box + ".Partial/properties/items/items/$ref"), Not(HasSubstr("Partial")));
  const auto* required = At("/components/schemas/asc.counter.v1.Tag.Partial/required");
  ASSERT_NE(required, nullptr);
  ASSERT_EQ(required->Size(), 1u);
  EXPECT_STREQ((*required)[0].GetString(), "tagId");
}

TEST_F(OpenApiTest, LeavesOutTheValueThatStandsForAbsence) {
  const auto* values = At("/components/schemas/asc.counter.v1.Colour/enum");
  ASSERT_NE(values, nullptr);
  for (const auto& value : values->GetArray()) {
    EXPECT_THAT(value.GetString(), Not(HasSubstr("UNSPECIFIED")));
  }
}

TEST(OpenApi, SaysWhichServiceIsNotThere) {
  const auto json =
      OpenApiOf(*google::protobuf::DescriptorPool::generated_pool(), {"no.Such"}, OpenApiInfo());
  EXPECT_EQ(json.status().message(), "no.Such: not in the pool");
}

}  // namespace
}  // namespace asc::http
