#include "directory-svc/directory_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "directory-svc/directory_words.h"
#include "directory-svc/testing/shipped.h"
#include "platform/facts/tri_state.h"
#include "platform/testing/status_matchers.h"

namespace asc::directory {
namespace {

using facts::ANSWER_NO;
using facts::ANSWER_YES;

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> IdsOf(const std::vector<Found>& found) {
  std::vector<std::string> ids;
  for (const Found& one : found) ids.push_back(one.service->service_id());
  return ids;
}

std::vector<std::string> Search(const std::string& authority,
                                const v1::SearchServicesRequest& request) {
  return IdsOf(ShippedDirectory().Of(authority).Search(request, std::nullopt, 1000));
}

v1::SearchServicesRequest Words(const std::string& words) {
  v1::SearchServicesRequest request;
  request.set_words(words);
  return request;
}

TEST(Words, LeaveOutCaseAccentsAndApostrophes) {
  EXPECT_THAT(WordsOf("Café Zürich's  ÉCOLE, œuvre & straße"),
              ElementsAre("cafe", "zurichs", "ecole", "oeuvre", "strasse"));
  EXPECT_THAT(WordsOf("Alzheimer’s 24/7 e\xCC\x81"), ElementsAre("alzheimers", "24", "7", "e"));
  EXPECT_THAT(WordsOf(" -- \xC3"), IsEmpty());
}

TEST(Search, FindsWordsWhateverTheirCaseAndAccents) {
  for (const char* words : {"kooth", "KOOTH", "Köóth", "koo"}) {
    EXPECT_THAT(Search("rotherham", Words(words)), Contains("rotherham-kooth")) << words;
  }
  EXPECT_THAT(Search("wakefield", Words("alzheimers soc")),
              ElementsAre("wakefield-alzheimers-society"));
}

TEST(Search, NeedsEveryWordAndOnlyTheLastMayBeABeginning) {
  EXPECT_THAT(Search("rotherham", Words("credit uni")),
              ElementsAre("rotherham-laser-credit-union"));
  EXPECT_THAT(Search("rotherham", Words("cred union")), IsEmpty());
  EXPECT_THAT(Search("rotherham", Words("credit therapy")), IsEmpty());
  EXPECT_THAT(Search("rotherham", Words("deaf crisis")), ElementsAre("rotherham-crisis-team"));
}

TEST(Search, PutsNamesBeforeText) {
  const auto ids = Search("rotherham", Words("advocacy"));
  ASSERT_GE(ids.size(), 3U);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.begin() + 2),
            (std::set<std::string>{"rotherham-absolute-advocacy", "rotherham-speakup"}));
}

TEST(Search, LeavesNobodyOutForWhatIsNotKnown) { EXPECT_EQ(Search("rotherham", {}).size(), 32U); }

TEST(Search, LeavesOutWhatThePersonCannotUse) {
  v1::SearchServicesRequest request;
  request.mutable_circumstances()->set_age(18);
  auto ids = Search("rotherham", request);
  EXPECT_THAT(ids, Contains("rotherham-qwell"));
  EXPECT_THAT(ids, Not(Contains("rotherham-link-workers")));
  request.mutable_circumstances()->set_age(19);
  EXPECT_THAT(Search("rotherham", request), Contains("rotherham-link-workers"));
  request.mutable_circumstances()->set_local_gp(ANSWER_NO);
  ids = Search("rotherham", request);
  for (const char* id :
       {"rotherham-link-workers", "rotherham-ranss", "rotherham-talking-therapies"}) {
    EXPECT_THAT(ids, Not(Contains(id)));
  }
}

TEST(Search, PutsWhoAnswersAtOnceFirstInACrisis) {
  v1::SearchServicesRequest request;
  request.set_crisis(true);
  const auto ids = Search("rotherham", request);
  EXPECT_THAT((std::set<std::string>{ids[0], ids[1]}),
              ::testing::UnorderedElementsAre("rotherham-crisis-team", "national-police-999"));
  EXPECT_THAT(std::vector<std::string>(ids.end() - 3, ids.end()),
              ::testing::UnorderedElementsAre("rotherham-amparo", "rotherham-be-the-one",
                                              "rotherham-rotherhive"));
}

TEST(Search, AddsFiltersUp) {
  v1::SearchServicesRequest request;
  request.add_kinds(v1::RESOURCE_KIND_DROP_IN);
  request.add_kinds(v1::RESOURCE_KIND_CRISIS);
  EXPECT_EQ(Search("hillingdon-carers", request).size(), 5U);
  request.add_taxonomy_term_ids("topic-carers");
  EXPECT_THAT(Search("hillingdon-carers", request), ElementsAre("hillingdon-carers"));
  // 2026-01-05 is a Monday; at 15:00 the Monday hours are over.
  request.mutable_open_at()->set_seconds(1767625200);
  EXPECT_THAT(Search("hillingdon-carers", request), IsEmpty());
  request.mutable_open_at()->set_seconds(1767625200 - 3 * 3600);
  EXPECT_THAT(Search("hillingdon-carers", request), ElementsAre("hillingdon-carers"));
}

TEST(Search, KnowsSummerTime) {
  v1::SearchServicesRequest request;
  request.set_words("alzheimer");
  // Tuesday 2026-07-07 08:30 UTC is 09:30 in summer.
  request.mutable_open_at()->set_seconds(1783413000);
  EXPECT_THAT(Search("wakefield", request), ElementsAre("wakefield-alzheimers-society"));
}

TEST(Search, ShowsOnlyWhatTheAuthorityPublishes) {
  EXPECT_THAT(Search("standard", {}), ElementsAre("national-police-999"));
  EXPECT_THAT(Search("nobody", {}), IsEmpty());
  EXPECT_THAT(Search("wakefield", Words("kooth")), IsEmpty());
}

TEST(Search, WalksPagesWithoutLossOrRepetition) {
  std::vector<std::string> walked;
  std::optional<Rank> after;
  while (true) {
    const auto page = ShippedDirectory().Of("rotherham").Search({}, after, 7);
    if (page.empty()) break;
    for (const Found& found : page) walked.push_back(found.service->service_id());
    after = page.back().rank;
  }
  EXPECT_EQ(walked, Search("rotherham", {}));
}

TEST(List, IsByNameAndWalksWithoutLossOrRepetition) {
  std::vector<std::string> names;
  std::string name;
  std::string id;
  while (true) {
    const auto page = ShippedDirectory().Of("rotherham").List({}, name, id, 5);
    if (page.empty()) break;
    for (const auto* service : page) names.push_back(SortName(*service));
    name = SortName(*page.back());
    id = page.back()->service_id();
  }
  EXPECT_EQ(names.size(), 32U);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

// The largest directory an authority is expected to have.
TEST(Directory, HoldsTenThousandEntries) {
  Entries entries;
  for (int i = 0; i < 10000; ++i) {
    Entry entry;
    entry.service.set_service_id(absl::StrCat("id-", i));
    entry.service.set_state(v1::SERVICE_STATE_PUBLISHED);
    entry.service.mutable_content()->set_name(absl::StrCat("Club ", i));
    entry.service.mutable_content()->set_description("meets in the hall on a weekday");
    entry.shown_by = {"rotherham"};
    entries.entries.push_back(std::move(entry));
  }
  const Directory directory(std::move(entries));
  EXPECT_THAT(IdsOf(directory.Of("rotherham").Search(Words("club 7777"), std::nullopt, 20)),
              ElementsAre("id-7777"));
  EXPECT_EQ(directory.Of("rotherham").Search(Words("hall"), std::nullopt, 20).size(), 20U);
}

TEST(Entries, AreRefusedFromAnEmptyFolder) {
  EXPECT_THAT(LoadEntries("directory-svc/schema"),
              ::asc::testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace asc::directory
