#include "platform/facts/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asc/counter/v1/counter.pb.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"

namespace asc::facts {
namespace {

namespace v1 = asc::counter::v1;
v1::Box Parse(const std::string& text) {
  v1::Box box;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &box));
  return box;
}

MATCHER_P(EqualsProto, other, other.ShortDebugString()) {
  return google::protobuf::util::MessageDifferencer::Equals(arg, other);
}

v1::Box After(const std::string& known, const std::string& given) {
  v1::Box box = Parse(known);
  Replace(Parse(given), box);
  return box;
}

v1::Box Cleared(const std::string& known, const std::vector<std::string>& paths) {
  v1::Box box = Parse(known);
  for (const std::string& path : paths) EXPECT_TRUE(HasPath(*v1::Box::descriptor(), path)) << path;
  Clear(paths, box);
  return box;
}

TEST(Replace, LaysAnItemOverTheKnownItemWithItsKey) {
  EXPECT_THAT(After("tags { tag_id: 'a' text: 'old' at { seconds: 5 nanos: 7 } words: 'x' }"
                    "tags { tag_id: 'b' text: 'stays' }",
                    "tags { tag_id: 'a' at { seconds: 6 } item { name: 'n' } words: 'y' }"),
              EqualsProto(Parse("tags { tag_id: 'a' text: 'old' at { seconds: 6 } words: 'y'"
                                "       item { name: 'n' } }"
                                "tags { tag_id: 'b' text: 'stays' }")));
}

TEST(Replace, AddsAnItemWithAnotherKeyBehindTheOthers) {
  EXPECT_THAT(After("tags { tag_id: 'b' text: 'stays' }", "tags { tag_id: 'a' }"),
              EqualsProto(Parse("tags { tag_id: 'b' text: 'stays' } tags { tag_id: 'a' }")));
  EXPECT_THAT(After("tints { colour: COLOUR_RED strength: 1 }",
                    "tints { colour: COLOUR_BLUE } tints { colour: COLOUR_RED strength: 2 }"),
              EqualsProto(Parse("tints { colour: COLOUR_RED strength: 2 }"
                                "tints { colour: COLOUR_BLUE }")));
}

TEST(Replace, TakesAListWithoutKeysWhole) {
  EXPECT_THAT(
      After("items { name: 'a' } items { name: 'b' } label: 'l'", "items { postcode: 'p' }"),
      EqualsProto(Parse("items { postcode: 'p' } label: 'l'")));
}

TEST(Path, NamesAnItemByItsKeyOrItsPlace) {
  const auto& type = *v1::Box::descriptor();
  for (const char* path : {"label", "item.name", "items", "items[0]", "items[12].name", "tags",
                           "tags[tag_id=a.b:c-_1]", "tags[tag_id=a.b].item.name", "tags[0].text",
                           "tags[tag_id=a].words[1]", "tints[colour=COLOUR_RED].strength"}) {
    EXPECT_TRUE(HasPath(type, path)) << path;
  }
  for (const char* path : {"",
                           ".",
                           "label.",
                           ".label",
                           "labels",
                           "label.name",
                           "items.name",
                           "item[0]",
                           "items[]",
                           "items[-1]",
                           "items[a]",
                           "items[99999999999]",
                           "items[0",
                           "items[0]x",
                           "items[0]]",
                           "items[0][0]",
                           "items[name=a]",
                           "tags[a]",
                           "tags[tag_id=]",
                           "tags[tag_id=a/b]",
                           "tags[text=a]",
                           "tags[tag_id=a].at.seconds",
                           "tags[tag_id=a].",
                           "tints[colour=COLOUR_PINK]",
                           "tints[colour=1]"}) {
    EXPECT_FALSE(HasPath(type, path)) << path;
  }
}

TEST(ItemName, IsTheKeyWhereAPathCanHoldIt) {
  EXPECT_EQ(ItemName(Parse("tags { tag_id: 'a.b' }").tags(0), 3), "[tag_id=a.b]");
  EXPECT_EQ(ItemName(Parse("tints { colour: COLOUR_BLUE }").tints(0), 3), "[colour=COLOUR_BLUE]");
  EXPECT_EQ(ItemName(Parse("tags { tag_id: 'a]b' }").tags(0), 3), "[3]");
  const std::string longest(128, 'a');
  EXPECT_EQ(ItemName(Parse("tags { tag_id: '" + longest + "' }").tags(0), 3),
            "[tag_id=" + longest + "]");
  EXPECT_EQ(ItemName(Parse("tags { tag_id: '" + longest + "a' }").tags(0), 3), "[3]");
  EXPECT_EQ(ItemName(Parse("tags { text: 'a' }").tags(0), 3), "[3]");
  EXPECT_EQ(ItemName(Parse("tints { strength: 1 }").tints(0), 3), "[3]");
  EXPECT_EQ(ItemName(Parse("items { name: 'a' }").items(0), 3), "[3]");
}

TEST(Clear, TakesAnItemOrAFieldOfIt) {
  const std::string known =
      "tags { tag_id: 'a' text: 't' words: 'x' words: 'y' } tags { tag_id: 'b' text: 'u' }"
      "items { name: 'n' } items { name: 'm' } items { name: 'o' }";
  EXPECT_THAT(Cleared(known, {"tags[tag_id=b].text", "tags[tag_id=a].words[0]", "items[1]"}),
              EqualsProto(Parse("tags { tag_id: 'a' text: 't' words: 'y' } tags { tag_id: 'b' }"
                                "items { name: 'n' } items { name: 'o' }")));
}

TEST(Clear, ReadsPlacesAsTheyAreBeforeAnythingIsTaken) {
  const std::string known =
      "tags { tag_id: 'a' words: 'x' words: 'y' } tags { tag_id: 'b' words: 'z' }"
      "items { name: 'n' } items { name: 'm' } items { name: 'o' }";
  EXPECT_THAT(Cleared(known, {"items[0]", "items[1]", "items[0]", "tags[0]", "tags[tag_id=a]",
                              "tags[0].words[0]", "tags[1].words[0]"}),
              EqualsProto(Parse("tags { tag_id: 'b' } items { name: 'o' }")));
}

TEST(Clear, LeavesWhatIsNotThere) {
  const std::string known = "tags { tag_id: 'a' } label: 'l'";
  EXPECT_THAT(Cleared(known, {"tags[tag_id=c]", "tags[1].text", "items[0]", "item.name",
                              "tags[tag_id=c].words[0]", "tints[colour=COLOUR_RED].strength"}),
              EqualsProto(Parse(known)));
}

}  // namespace
}  // namespace asc::facts
