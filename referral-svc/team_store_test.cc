// Teams and reviews as they are kept, on every database.

#include "referral-svc/team_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "platform/testing/databases.h"
#include "platform/testing/status_matchers.h"
#include "referral-svc/referral_store.h"
#include "referral-svc/review_store.h"

namespace asc::referral {
namespace {

using ::asc::testing::AllDatabases;
using ::asc::testing::DatabaseName;
using ::asc::testing::IsOk;
using google::protobuf::util::MessageDifferencer;
using google::protobuf::util::TimeUtil;
using ::testing::ElementsAre;

v1::Team NewTeam(const std::string& id, const std::string& name) {
  v1::Team team;
  team.set_authority("rotherham");
  team.set_team_id(id);
  team.set_version(1);
  team.set_name(name);
  team.add_needs_covered("Zo\xC3\xAB");
  return team;
}

v1::Review NewReview(const std::string& id, std::int64_t requested_us) {
  v1::Review review;
  review.set_authority("rotherham");
  review.set_review_id(id);
  review.set_version(1);
  review.set_status(v1::REVIEW_STATUS_REQUESTED);
  review.mutable_facts()->set_person_id("person-1");
  *review.mutable_requested_at() = TimeUtil::MicrosecondsToTimestamp(requested_us);
  return review;
}

class TeamStoreTest : public ::asc::testing::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_THAT(database().Migrate(ReferralSchema()), IsOk());
  }

  std::unique_ptr<db::Reader> Reader() { return *database().Read(); }

  template <class Record>
  db::WriteOutcome Write(void (*write)(const Record&, db::WriteSet&), const Record& record) {
    db::WriteSet writes;
    write(record, writes);
    return database().WriteAndWait(std::move(writes)).outcome;
  }

  // The ids of all teams, read in pages.
  std::vector<std::string> TeamIds(int page_size) {
    std::vector<std::string> ids;
    TeamPlace after;
    while (true) {
      const auto page = ListTeamRows(*Reader(), "rotherham", after, page_size);
      EXPECT_THAT(page, IsOk());
      if (!page.ok() || page->empty()) return ids;
      for (const v1::Team& team : *page) ids.push_back(team.team_id());
      after = {SortNameOf(page->back()), page->back().team_id()};
    }
  }
};

TEST_P(TeamStoreTest, GivesBackTheWholeTeamAndItsNewestVersion) {
  v1::Team team = NewTeam("team-1", "Hospital team");
  ASSERT_EQ(Write(&AddTeam, team), db::WriteOutcome::kCommitted);
  team.set_version(2);
  team.set_name("Community team");
  ASSERT_EQ(Write(&ChangeTeam, team), db::WriteOutcome::kCommitted);
  const auto found = FindTeam(*Reader(), "rotherham", "team-1");
  ASSERT_THAT(found, IsOk());
  ASSERT_TRUE(found->has_value());
  EXPECT_TRUE(MessageDifferencer::Equals(**found, team));
  EXPECT_NE(Write(&ChangeTeam, team), db::WriteOutcome::kCommitted);
}

TEST_P(TeamStoreTest, TellsTeamsApartByCaseSpaceAndAuthority) {
  ASSERT_EQ(Write(&AddTeam, NewTeam("Team-1", "One")), db::WriteOutcome::kCommitted);
  for (const char* other : {"team-1", "Team-1 ", "Team-"}) {
    const auto found = FindTeam(*Reader(), "rotherham", other);
    ASSERT_THAT(found, IsOk());
    EXPECT_FALSE(found->has_value()) << other;
  }
  const auto elsewhere = FindTeam(*Reader(), "wakefield", "Team-1");
  ASSERT_THAT(elsewhere, IsOk());
  EXPECT_FALSE(elsewhere->has_value());
}

TEST_P(TeamStoreTest, ListsByNameThenById) {
  const std::string long_name(199, 'm');
  for (const auto& [id, name] :
       std::vector<std::pair<std::string, std::string>>{{"t-3", "Beta"},
                                                        {"t-2", "alpha"},
                                                        {"t-1", "beta"},
                                                        {"t-5", long_name + "\xC3\xA9 b"},
                                                        {"t-4", long_name + "\xC3\xA9 a"}}) {
    ASSERT_EQ(Write(&AddTeam, NewTeam(id, name)), db::WriteOutcome::kCommitted) << id;
  }
  for (const int page_size : {1, 2, 10}) {
    EXPECT_THAT(TeamIds(page_size), ElementsAre("t-2", "t-1", "t-3", "t-4", "t-5"));
  }
}

TEST_P(TeamStoreTest, ListsReviewsOfAPersonNewestFirst) {
  v1::Review other = NewReview("r-9", 5000);
  other.mutable_facts()->set_person_id("person-2");
  for (const v1::Review& review :
       {NewReview("r-1", 1000), NewReview("r-3", 2000), NewReview("r-2", 2000), other}) {
    ASSERT_EQ(Write(&AddReview, review), db::WriteOutcome::kCommitted);
  }
  std::vector<std::string> ids;
  ListPlace after;
  while (true) {
    const auto page = ListReviewRows(*Reader(), "rotherham", {"person-1", {"person-1"}}, after, 2);
    ASSERT_THAT(page, IsOk());
    if (page->empty()) break;
    for (const v1::Review& review : *page) ids.push_back(review.review_id());
    after = {TimeUtil::TimestampToMicroseconds(page->back().requested_at()),
             page->back().review_id()};
  }
  EXPECT_THAT(ids, ElementsAre("r-3", "r-2", "r-1"));
}

TEST_P(TeamStoreTest, ChangesAReviewFromTheVersionBeforeOnly) {
  v1::Review review = NewReview("r-1", 1000);
  ASSERT_EQ(Write(&AddReview, review), db::WriteOutcome::kCommitted);
  review.set_version(2);
  review.set_status(v1::REVIEW_STATUS_COMPLETED);
  review.set_findings("fits");
  ASSERT_EQ(Write(&ChangeReview, review), db::WriteOutcome::kCommitted);
  EXPECT_NE(Write(&ChangeReview, review), db::WriteOutcome::kCommitted);
  const auto found = FindReview(*Reader(), "rotherham", "r-1");
  ASSERT_THAT(found, IsOk());
  ASSERT_TRUE(found->has_value());
  EXPECT_TRUE(MessageDifferencer::Equals(**found, review));
}

INSTANTIATE_TEST_SUITE_P(AllDatabases, TeamStoreTest, AllDatabases(), DatabaseName);

}  // namespace
}  // namespace asc::referral
