// The store, on every database.

#include "directory-svc/directory_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"

namespace asc::directory {
namespace {

using ::asc::testing::AllDatabases;
using ::asc::testing::DatabaseName;
using ::asc::testing::IsOk;
using google::protobuf::util::MessageDifferencer;
using google::protobuf::util::TimeUtil;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Advice NewAdvice(const std::string& id, std::int64_t created_us, std::int64_t due_us) {
  v1::Advice advice;
  advice.set_advice_id(id);
  advice.set_version(1);
  advice.set_state(due_us == 0 ? v1::ADVICE_STATE_EFFECTIVE : v1::ADVICE_STATE_FOLLOW_UP_DUE);
  advice.mutable_person()->set_person_id("person-1");
  advice.set_contact_id("contact-1");
  *advice.mutable_created_at() = TimeUtil::MicrosecondsToTimestamp(created_us);
  *advice.mutable_follow_up()->mutable_due_at() = TimeUtil::MicrosecondsToTimestamp(due_us);
  advice.mutable_content()->set_advice("told of the lunch club");
  return advice;
}

class DirectoryStoreTest : public ::asc::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_THAT(database().Migrate(DirectorySchema()), IsOk());
  }

  std::unique_ptr<db::Reader> Reader() { return *database().Read(); }

  db::WriteOutcome Add(const v1::Advice& advice, const std::string& authority = "rotherham") {
    db::WriteSet writes;
    AddAdvice(authority, advice, writes);
    return database().WriteAndWait(std::move(writes)).outcome;
  }
  db::WriteOutcome Change(const v1::Advice& advice) {
    db::WriteSet writes;
    ChangeAdvice("rotherham", advice, writes);
    return database().WriteAndWait(std::move(writes)).outcome;
  }

  std::vector<std::string> List(v1::ListAdviceRequest filter, int page_size = 100) {
    filter.set_authority("rotherham");
    std::vector<std::string> ids;
    ListPlace place = FromTheNewest();
    while (true) {
      const auto page = ListAdvice(*Reader(), filter, place, page_size);
      EXPECT_THAT(page, IsOk());
      if (!page.ok() || page->empty()) return ids;
      for (const auto& row : *page) ids.push_back(row.advice_id());
      place = {TimeUtil::TimestampToMicroseconds(page->back().created_at()),
               page->back().advice_id()};
    }
  }

  std::vector<std::string> Due(std::int64_t until_us, int page_size = 100) {
    std::vector<std::string> ids;
    ListPlace place;
    while (true) {
      const auto page = ListDueAdvice(*Reader(), "rotherham", until_us, place, page_size);
      EXPECT_THAT(page, IsOk());
      if (!page.ok() || page->empty()) return ids;
      for (const auto& row : *page) ids.push_back(row.advice_id());
      place = {TimeUtil::TimestampToMicroseconds(page->back().follow_up().due_at()),
               page->back().advice_id()};
    }
  }
};

TEST_P(DirectoryStoreTest, GivesBackWhatWasAdded) {
  const v1::Advice advice = NewAdvice("a-1", 1000, 5000);
  ASSERT_EQ(Add(advice), db::WriteOutcome::kCommitted);
  const auto found = FindAdvice(*Reader(), "rotherham", "a-1");
  ASSERT_THAT(found, IsOk());
  ASSERT_TRUE(found->has_value());
  EXPECT_TRUE(MessageDifferencer::Equals(**found, advice));
}

TEST_P(DirectoryStoreTest, KnowsIdsByteByByteAndWithinTheirAuthority) {
  ASSERT_EQ(Add(NewAdvice("a-1", 1000, 5000)), db::WriteOutcome::kCommitted);
  for (const char* id : {"A-1", "a-1 ", "a-"}) {
    EXPECT_FALSE(FindAdvice(*Reader(), "rotherham", id)->has_value()) << id;
  }
  EXPECT_FALSE(FindAdvice(*Reader(), "wakefield", "a-1")->has_value());
  EXPECT_EQ(Add(NewAdvice("a-1", 1000, 5000)), db::WriteOutcome::kDuplicate);
  EXPECT_EQ(Add(NewAdvice("a-1", 1000, 5000), "wakefield"), db::WriteOutcome::kCommitted);
}

TEST_P(DirectoryStoreTest, ChangesOnlyTheVersionBefore) {
  v1::Advice advice = NewAdvice("a-1", 1000, 5000);
  ASSERT_EQ(Add(advice), db::WriteOutcome::kCommitted);
  advice.set_version(2);
  EXPECT_EQ(Change(advice), db::WriteOutcome::kCommitted);
  EXPECT_EQ(Change(advice), db::WriteOutcome::kStale);
}

TEST_P(DirectoryStoreTest, ListsNewestFirstByEveryFilter) {
  for (int i = 0; i < 4; ++i) {
    const std::string id = "a-" + std::to_string(i);
    ASSERT_EQ(Add(NewAdvice(id, 1000, i % 2 == 0 ? 0 : 7000)), db::WriteOutcome::kCommitted);
  }
  v1::Advice other = NewAdvice("a-4", 2000, 0);
  other.mutable_person()->set_person_id("person-2");
  other.set_contact_id("contact-2");
  ASSERT_EQ(Add(other), db::WriteOutcome::kCommitted);

  v1::ListAdviceRequest filter;
  EXPECT_THAT(List(filter, 2), ElementsAre("a-4", "a-3", "a-2", "a-1", "a-0"));
  filter.add_states(v1::ADVICE_STATE_EFFECTIVE);
  EXPECT_THAT(List(filter, 2), ElementsAre("a-4", "a-2", "a-0"));
  filter.set_person_id("person-1");
  EXPECT_THAT(List(filter, 1), ElementsAre("a-2", "a-0"));
  filter.set_contact_id("contact-2");
  EXPECT_THAT(List(filter), IsEmpty());
  filter.clear_person_id();
  EXPECT_THAT(List(filter), ElementsAre("a-4"));
  filter.clear_states();
  filter.set_contact_id("contact-1");
  EXPECT_THAT(List(filter, 3), ElementsAre("a-3", "a-2", "a-1", "a-0"));
}

TEST_P(DirectoryStoreTest, ListsWhatIsDueEarliestFirstUntilItIsDone) {
  ASSERT_EQ(Add(NewAdvice("a-1", 1000, 7000)), db::WriteOutcome::kCommitted);
  ASSERT_EQ(Add(NewAdvice("a-2", 1000, 5000)), db::WriteOutcome::kCommitted);
  ASSERT_EQ(Add(NewAdvice("a-3", 1000, 5000)), db::WriteOutcome::kCommitted);
  ASSERT_EQ(Add(NewAdvice("a-4", 1000, 0)), db::WriteOutcome::kCommitted);
  EXPECT_THAT(Due(7000, 1), ElementsAre("a-2", "a-3", "a-1"));
  EXPECT_THAT(Due(6999), ElementsAre("a-2", "a-3"));
  v1::Advice done = NewAdvice("a-2", 1000, 0);
  done.set_version(2);
  ASSERT_EQ(Change(done), db::WriteOutcome::kCommitted);
  EXPECT_THAT(Due(7000), ElementsAre("a-3", "a-1"));
}

INSTANTIATE_TEST_SUITE_P(Databases, DirectoryStoreTest, AllDatabases(), DatabaseName);

}  // namespace
}  // namespace asc::directory
