#include "platform/db/database.h"

#include <gtest/gtest.h>

#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"

namespace asc::db {
namespace {

class Smoke : public testing::DatabaseTest {};
INSTANTIATE_TEST_SUITE_P(Databases, Smoke, testing::AllDatabases(), testing::DatabaseName);

TEST_P(Smoke, WritesAndReads) {
  auto* database = &database_;
  ASSERT_THAT(
      (*database)->Migrate(
          {{"0001_thing",
            "CREATE TABLE IF NOT EXISTS thing (\n id $ID NOT NULL,\n PRIMARY KEY (id)\n);"}}),
      testing::IsOk());
  WriteSet set;
  set.Insert("INSERT INTO thing (id) VALUES (?)", {"a"});
  set.Append({"x", "thing", "a", 1, "thing.made", 5, "r1", {{"k", "v"}}});
  const auto result = (*database)->WriteAndWait(set);
  EXPECT_EQ(result.outcome, WriteOutcome::kCommitted) << result.message;
  EXPECT_EQ((*database)->WriteAndWait(set).outcome, WriteOutcome::kDuplicate);
  auto reader = (*database)->Read();
  ASSERT_THAT(reader, testing::IsOk());
  auto rows = (*reader)->Query(
      "SELECT id, sequence, COUNT(*), SUM(sequence) FROM thing JOIN event ON record_id = id GROUP "
      "BY id, sequence LIMIT ?",
      {5});
  ASSERT_THAT(rows, testing::IsOk());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].Text(0), "a");
  EXPECT_EQ((*rows)[0].Whole(1), 1);
  EXPECT_EQ((*rows)[0].Whole(2), 1);
  EXPECT_EQ((*rows)[0].Whole(3), 1);
}

}  // namespace
}  // namespace asc::db
