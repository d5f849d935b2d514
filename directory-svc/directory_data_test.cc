// The shipped entries against a checklist of the procedures: every contact detail, age and hour,
// and nothing that the procedures do not give. Where the originals are at hand, each detail is also
// looked up in its line of them: name their folder in ASC_PROCEDURES, or keep it beside the project
// as shared/procedures.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "directory-svc/directory_words.h"
#include "directory-svc/testing/shipped.h"
#include "platform/testing/status_matchers.h"

namespace asc::directory {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr v1::ContactKind kTel = v1::CONTACT_KIND_TELEPHONE;
constexpr v1::ContactKind kText = v1::CONTACT_KIND_TEXT;
constexpr v1::ContactKind kMail = v1::CONTACT_KIND_EMAIL;
constexpr v1::ContactKind kWeb = v1::CONTACT_KIND_WEB;

struct Detail {
  const char* authority;
  const char* service_id;
  v1::ContactKind kind;
  const char* value;
  int line;
};

constexpr Detail kDetails[] = {
    {"rotherham", "rotherham-speakup", kWeb, "www.speakup.org.uk", 195},
    {"rotherham", "rotherham-employment-solutions", kTel, "01709 249 600", 223},
    {"rotherham", "rotherham-employment-solutions", kMail,
     "employmentsolutionsteam@rotherham.gov.uk", 223},
    {"rotherham", "rotherham-disabled-facilities-grant", kWeb,
     "www.rotherham.gov.uk/improvements-repairs/get-help-home-adaptations", 237},
    {"rotherham", "rotherham-absolute-advocacy", kTel, "01709 794294", 257},
    {"rotherham", "rotherham-absolute-advocacy", kWeb, "www.absoluteadvocacy.co.uk", 257},
    {"rotherham", "rotherham-amparo", kTel, "0330 088 9255", 265},
    {"rotherham", "rotherham-crisis-team", kTel, "0800 652 9571", 279},
    {"rotherham", "rotherham-crisis-team", kText, "07771933869", 281},
    {"rotherham", "rotherham-healthwave", kMail, "rotherham.healthwave@nhs.net", 292},
    {"rotherham", "rotherham-healthwave", kTel, "01709 850427", 293},
    {"rotherham", "rotherham-kooth", kWeb, "www.kooth.com", 306},
    {"rotherham", "rotherham-qwell", kWeb, "www.qwell.io", 312},
    {"rotherham", "rotherham-listening-ear", kTel, "0800 048 5224", 316},
    {"rotherham", "rotherham-listening-ear", kWeb, "www.listening-ear.co.uk/covid-19", 318},
    {"rotherham", "rotherham-rotherhive", kWeb, "www.rotherhive.co.uk/wellness-hive", 330},
    {"rotherham", "rotherham-talking-therapies", kTel, "03000 215108", 340},
    {"rotherham", "rotherham-voluntary-action", kWeb, "varotherham.org.uk", 357},
    {"rotherham", "rotherham-with-you", kWeb,
     "www.wearewithyou.org.uk/services/rotherham-roads-rotherham-alcohol-and-drug-service", 363},
    {"wakefield", "wakefield-age-uk", kTel, "01977 552 476", 165},
    {"wakefield", "wakefield-age-uk", kWeb, "www.ageuk.org.uk/wakefielddistrict", 166},
    {"wakefield", "wakefield-alzheimers-society", kTel, "01924 373 264", 172},
    {"wakefield", "wakefield-alzheimers-society", kMail, "wakefield@alzheimers.org.uk", 173},
    {"wakefield", "wakefield-carers", kTel, "01924 305 544", 181},
    {"wakefield", "wakefield-carers", kWeb, "carerswakefield.org.uk", 182},
    {"wakefield", "wakefield-live-well", kTel, "01924 255 363", 190},
    {"wakefield", "wakefield-live-well", kWeb, "www.livewellwakefield.nhs.uk/", 191},
    {"wakefield", "wakefield-wdh-care-link", kTel, "01977 788 000", 197},
    {"wakefield", "wakefield-wdh-care-link", kTel, "0345 8 507 507", 199},
    {"wakefield", "wakefield-housing-options", kTel, "01924 304 354", 205},
    {"wakefield", "wakefield-housing-options", kMail, "housingneedsservice@wakefield.gov.uk", 206},
    {"wakefield", "wakefield-turning-point", kTel, "01924 234 860", 214},
    {"wakefield", "wakefield-turning-point", kWeb, "www.talking.turning-point.co.uk", 215},
    {"wakefield", "wakefield-handyperson", kTel, "07960 055 733", 223},
    {"wakefield", "wakefield-handyperson", kMail, "Hrshomecare22@gmail.com", 224},
    {"hillingdon-carers", "hillingdon-citizens-advice", kTel, "0344 848 7903", 36},
    {"hillingdon-carers", "hillingdon-age-uk", kTel, "01895 544250", 44},
    {"hillingdon-carers", "hillingdon-age-uk", kMail, "enquiries@ageukhhb.org.uk", 45},
    {"hillingdon-carers", "hillingdon-carers", kTel, "01895 811206", 54},
    {"hillingdon-carers", "hillingdon-carers", kMail, "office@hillingdoncarers.org.uk", 55},
    {"hillingdon-carers", "hillingdon-single-point-of-access", kTel, "0800 0234 650", 62},
    {"hillingdon-carers", "hillingdon-single-point-of-access", kMail, "cnw-tr.spa@nhs.net", 63},
    {"hillingdon-carers", "hillingdon-financial-assessment-team", kTel, "01895 250597", 73},
    {"rotherham", "national-police-999", kTel, "999", 147},
    {"wakefield", "national-police-999", kTel, "999", 153},
    {"standard", "national-police-999", kTel, "999", 159},
    {"milton-keynes", "national-police-999", kTel, "999", 171},
    {"hillingdon-carers", "national-police-999", kTel, "999", 203},
};

struct Address {
  const char* service_id;
  std::vector<std::string> parts;
  // The line of the first part; each part has the next.
  int line;
};

const std::vector<Address>& Addresses() {
  static const std::vector<Address> kAddresses = {
      {"hillingdon-citizens-advice",
       {"Uxbridge Bureau", "The Colonnade", "Civic Centre", "Uxbridge", "UB8 1UW"},
       31},
      {"hillingdon-age-uk",
       {"Uxbridge Information and Advice Centre", "63a High Street", "Uxbridge", "UB8 1BJ"},
       40},
      {"hillingdon-carers", {"126 High Street", "Uxbridge", "UB8 1JT"}, 51},
  };
  return kAddresses;
}

std::vector<const v1::Service*> AllOf(const std::string& authority) {
  return ShippedDirectory().Of(authority).List({}, "", "", 100000);
}

std::vector<const v1::Service*> OwnOf(const std::string& authority) {
  v1::ListServicesRequest filter;
  filter.set_owner(authority);
  return ShippedDirectory().Of(authority).List(filter, "", "", 100000);
}

int Count(const std::string& authority, std::set<v1::ContactKind> kinds) {
  int count = 0;
  for (const v1::Service* service : OwnOf(authority)) {
    for (const auto& point : service->content().contact_points())
      count += kinds.count(point.kind());
  }
  return count;
}

std::set<std::string> WithCaveat(v1::CaveatKind kind) {
  std::set<std::string> ids;
  for (const std::string& authority : ShippedAuthorities()) {
    for (const v1::Service* service : OwnOf(authority)) {
      for (const auto& caveat : service->content().caveats()) {
        if (caveat.kind() == kind) ids.insert(service->service_id());
      }
    }
  }
  return ids;
}

// Id to "min-max", with a star where it is only a hint.
std::map<std::string, std::string> Ages() {
  std::map<std::string, std::string> ages;
  for (const std::string& authority : ShippedAuthorities()) {
    for (const v1::Service* service : OwnOf(authority)) {
      for (const auto& condition : service->content().eligibility()) {
        if (condition.kind() != v1::ELIGIBILITY_KIND_AGE) continue;
        ages[service->service_id()] = absl::StrCat(condition.age_min(), "-", condition.age_max(),
                                                   condition.hint_only() ? "*" : "");
      }
    }
  }
  return ages;
}

// The days, times and words of an entry's openings.
std::vector<std::string> Hours(const std::string& authority, const std::string& id) {
  std::vector<std::string> hours;
  for (const auto& opening : Shipped(authority, id).content().openings()) {
    hours.push_back(absl::StrCat(absl::StrJoin(opening.days(), ""), " ", opening.opens_at(), "-",
                                 opening.closes_at(), opening.always() ? " always" : "",
                                 opening.drop_in() ? " drop-in" : ""));
  }
  return hours;
}

TEST(ShippedEntries, AreReadAndChecked) {
  const auto entries = LoadEntries("directory-svc/data");
  ASSERT_THAT(entries, ::asc::testing::IsOk());
  for (const std::string& authority : ShippedAuthorities()) {
    EXPECT_THAT(CheckAgainstPolicy(*entries, ShippedPolicy(authority)), ::asc::testing::IsOk());
  }
}

TEST(ShippedEntries, AreAllThereAndNoOtherTwice) {
  EXPECT_EQ(OwnOf("rotherham").size(), 31U);
  EXPECT_EQ(OwnOf("wakefield").size(), 8U);
  EXPECT_EQ(OwnOf("standard").size(), 0U);
  EXPECT_EQ(OwnOf("milton-keynes").size(), 5U);
  EXPECT_EQ(OwnOf("hillingdon-carers").size(), 8U);
  for (const std::string& authority : ShippedAuthorities()) {
    std::set<std::string> names;
    for (const v1::Service* service : AllOf(authority)) {
      EXPECT_TRUE(names.insert(SortName(*service)).second) << service->content().name();
    }
    EXPECT_TRUE(names.count("police in an emergency")) << authority;
  }
}

TEST(ShippedEntries, HaveEveryContactDetailOfTheChecklist) {
  for (const Detail& detail : kDetails) {
    const v1::ServiceContent& content = Shipped(detail.authority, detail.service_id).content();
    int found = 0;
    for (const auto& point : content.contact_points()) {
      found += point.kind() == detail.kind && point.value() == detail.value ? 1 : 0;
    }
    EXPECT_EQ(found, 1) << detail.service_id << " " << detail.value;
  }
}

TEST(ShippedEntries, InventNoContactDetail) {
  std::set<std::string> known;
  for (const Detail& detail : kDetails) {
    known.insert(absl::StrCat(detail.authority, " ", detail.service_id, " ", detail.value));
  }
  for (const std::string& authority : ShippedAuthorities()) {
    for (const v1::Service* service : AllOf(authority)) {
      EXPECT_EQ(service->content().organization().uri(), "");
      for (const auto& point : service->content().contact_points()) {
        // An app has a name and no address.
        if (point.kind() == v1::CONTACT_KIND_APP) continue;
        EXPECT_TRUE(
            known.count(absl::StrCat(authority, " ", service->service_id(), " ", point.value())))
            << service->service_id() << " " << point.value();
      }
    }
  }
}

TEST(ShippedEntries, CountAsTheChecklistDoes) {
  const std::map<std::string, std::vector<int>> counts = {{"rotherham", {8, 2, 9, 0}},
                                                          {"wakefield", {9, 3, 4, 0}},
                                                          {"standard", {0, 0, 0, 0}},
                                                          {"milton-keynes", {0, 0, 0, 0}},
                                                          {"hillingdon-carers", {5, 3, 0, 3}}};
  for (const auto& [authority, expected] : counts) {
    int places = 0;
    for (const v1::Service* service : OwnOf(authority)) places += service->content().places_size();
    EXPECT_EQ((std::vector<int>{Count(authority, {kTel, kText}), Count(authority, {kMail}),
                                Count(authority, {kWeb}), places}),
              expected)
        << authority;
  }
}

TEST(ShippedEntries, HaveTheirAddresses) {
  for (const Address& address : Addresses()) {
    const v1::ServiceContent& content = Shipped("hillingdon-carers", address.service_id).content();
    ASSERT_EQ(content.places_size(), 1) << address.service_id;
    const v1::Place& place = content.places(0);
    std::vector<std::string> parts(place.address_lines().begin(), place.address_lines().end());
    // The procedure prints the name of the first two places above the street.
    if (place.name() != content.name()) parts.insert(parts.begin(), place.name());
    parts.push_back(place.city());
    parts.push_back(place.postcode());
    EXPECT_EQ(parts, address.parts);
  }
}

TEST(ShippedEntries, HaveTheirAges) {
  const std::map<std::string, std::string> expected = {
      {"rotherham-kooth", "11-25"},
      {"rotherham-qwell", "18-0"},
      {"rotherham-ranss", "18-0"},
      {"rotherham-link-workers", "19-0"},
      {"wakefield-age-uk", "51-0"},
      {"rotherham-send-local-offer", "0-25"},
      {"rotherham-raads", "18-0"},
      {"rotherham-my-front-door", "18-0"},
      {"rotherham-rotherhive", "18-0"},
      {"rotherham-talking-therapies", "18-0"},
      {"rotherham-parent-carers-forum", "0-25*"},
  };
  EXPECT_EQ(Ages(), expected);
}

// The kinds of conditions by their numbers in the contract, with a star where one is only a hint;
// an entry that is not here is for everybody.
TEST(ShippedEntries, SayWhoTheyAreFor) {
  const std::map<std::string, std::string> expected = {
      {"rotherham-age-uk", "7*"},
      {"rotherham-gismo", "4"},
      {"rotherham-my-front-door", "17"},
      {"rotherham-send-local-offer", "17"},
      {"rotherham-speakup", "7"},
      {"rotherham-raads", "13"},
      {"rotherham-parent-carers-forum", "1*7"},
      {"rotherham-ranss", "127"},
      {"rotherham-employment-solutions", "7"},
      {"rotherham-information-for-carers", "5*"},
      {"rotherham-money-matters", "7*"},
      {"rotherham-amparo", "7"},
      {"rotherham-kooth", "137*"},
      {"rotherham-qwell", "13"},
      {"rotherham-listening-ear", "7"},
      {"rotherham-rotherhive", "13"},
      {"rotherham-talking-therapies", "12"},
      {"rotherham-link-workers", "12"},
      {"rotherham-with-you", "3"},
      {"wakefield-age-uk", "1"},
      {"wakefield-alzheimers-society", "7"},
      {"wakefield-carers", "5"},
      {"wakefield-wdh-care-link", "3"},
      {"wakefield-housing-options", "7*"},
      {"wakefield-turning-point", "7*"},
      {"wakefield-handyperson", "37"},
      {"hillingdon-age-uk", "7"},
      {"hillingdon-carers", "5"},
  };
  std::map<std::string, std::string> found;
  for (const std::string& authority : ShippedAuthorities()) {
    for (const v1::Service* service : OwnOf(authority)) {
      for (const auto& condition : service->content().eligibility()) {
        absl::StrAppend(&found[service->service_id()], static_cast<int>(condition.kind()),
                        condition.hint_only() ? "*" : "");
      }
    }
  }
  EXPECT_EQ(found, expected);
}

TEST(ShippedEntries, SayWhatIsFreeAndWhatIsNot) {
  std::map<std::string, std::string> fees;
  for (const std::string& authority : ShippedAuthorities()) {
    for (const v1::Service* service : OwnOf(authority)) {
      const std::string& stated = service->content().fees();
      if (!stated.empty()) fees[service->service_id()] = stated.substr(0, stated.find(';'));
    }
  }
  const std::map<std::string, std::string> expected = {
      {"rotherham-citizens-advice", "free"},
      {"rotherham-age-uk", "information and advice are free"},
      {"rotherham-absolute-advocacy", "free"},
      {"rotherham-kooth", "free"},
      {"rotherham-qwell", "free"},
      {"rotherham-listening-ear", "the call is free"},
      {"wakefield-wdh-care-link", "charged"},
  };
  EXPECT_EQ(fees, expected);
}

TEST(ShippedEntries, SayWhoNeedsALocalGp) {
  std::set<std::string> ids;
  for (const v1::Service* service : OwnOf("rotherham")) {
    for (const auto& condition : service->content().eligibility()) {
      if (condition.kind() == v1::ELIGIBILITY_KIND_LOCAL_GP) ids.insert(service->service_id());
    }
  }
  EXPECT_THAT(ids, UnorderedElementsAre("rotherham-ranss", "rotherham-talking-therapies",
                                        "rotherham-link-workers"));
}

TEST(ShippedEntries, CarryTheirCaveats) {
  EXPECT_THAT(WithCaveat(v1::CAVEAT_KIND_NOT_LIVE_RESPONSE),
              UnorderedElementsAre("rotherham-be-the-one", "rotherham-rotherhive"));
  EXPECT_THAT(WithCaveat(v1::CAVEAT_KIND_NOT_WALK_IN),
              UnorderedElementsAre("rotherham-talking-therapies"));
  EXPECT_THAT(WithCaveat(v1::CAVEAT_KIND_CALLS_BACK), UnorderedElementsAre("rotherham-amparo"));
  EXPECT_THAT(WithCaveat(v1::CAVEAT_KIND_CHARGED), UnorderedElementsAre("wakefield-wdh-care-link"));
  EXPECT_THAT(WithCaveat(v1::CAVEAT_KIND_DOUBTFUL),
              UnorderedElementsAre("rotherham-listening-ear", "rotherham-voluntary-action",
                                   "hillingdon-citizens-advice"));
}

TEST(ShippedEntries, SayHowDeafPeopleReachTheCrisisTeam) {
  const v1::ServiceContent& content = Shipped("rotherham", "rotherham-crisis-team").content();
  ASSERT_EQ(content.contact_points_size(), 2);
  EXPECT_EQ(content.contact_points(0).free(), type::v1::ANSWER_YES);
  const v1::ContactPoint& text = content.contact_points(1);
  EXPECT_EQ(text.kind(), kText);
  EXPECT_EQ(text.free(), type::v1::ANSWER_NO);
  EXPECT_THAT(text.note(), ::testing::HasSubstr("word Deaf"));
  EXPECT_THAT(text.only_for(), ::testing::HasSubstr("deaf"));
}

TEST(ShippedEntries, KeepTheTenantsNumberForTenants) {
  const auto& content = Shipped("wakefield", "wakefield-wdh-care-link").content();
  EXPECT_EQ(content.contact_points(0).only_for(), "");
  EXPECT_THAT(content.contact_points(1).only_for(), ::testing::HasSubstr("WDH property"));
}

TEST(ShippedEntries, HaveTheirHours) {
  EXPECT_THAT(Hours("rotherham", "rotherham-crisis-team"),
              ::testing::ElementsAre("1234567 - always"));
  EXPECT_THAT(Hours("rotherham", "rotherham-qwell"), ::testing::ElementsAre("1234567 - always"));
  EXPECT_THAT(Hours("wakefield", "wakefield-alzheimers-society"),
              ::testing::ElementsAre("12345 09:00-17:00"));
  EXPECT_THAT(Hours("hillingdon-carers", "hillingdon-single-point-of-access"),
              ::testing::ElementsAre("1234567 - always"));
  EXPECT_THAT(Hours("hillingdon-carers", "hillingdon-age-uk"),
              ::testing::ElementsAre("2345 10:00-13:00 drop-in"));
  EXPECT_THAT(Hours("hillingdon-carers", "hillingdon-carers"),
              ::testing::ElementsAre("1 10:00-14:00 drop-in", "2345 10:00-16:00 drop-in"));
}

TEST(ShippedEntries, DoNotGuessAnUnclearOpeningTime) {
  EXPECT_THAT(Hours("hillingdon-carers", "hillingdon-citizens-advice"),
              ::testing::ElementsAre("1234 -16:00 drop-in"));
  const auto& content = Shipped("hillingdon-carers", "hillingdon-citizens-advice").content();
  EXPECT_THAT(content.openings(0).words(), ::testing::HasSubstr("not stated"));
}

TEST(ShippedEntries, LeaveOutWhatDoesNotBelong) {
  for (const std::string& authority : ShippedAuthorities()) {
    for (const v1::Service* service : AllOf(authority)) {
      const std::string text = service->content().ShortDebugString();
      for (const char* stray : {"Trix", "Rotheram", "E-mail:", "E-mailo", "E-mailc"}) {
        EXPECT_EQ(text.find(stray), std::string::npos) << service->service_id() << " " << stray;
      }
    }
  }
  EXPECT_EQ(Shipped("rotherham", "rotherham-kooth").content().sources_size(), 2);
  EXPECT_THAT(ShippedPolicy("hillingdon-carers").headings(),
              ::testing::Contains("Equipment and Adaptations"));
}

// ---- Against the originals, where they are at hand ----

class Originals : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* const named = std::getenv("ASC_PROCEDURES");
    folder_ = named != nullptr
                  ? std::filesystem::path(named)
                  : std::filesystem::current_path().parent_path() / "shared" / "procedures";
    if (std::filesystem::exists(folder_ / "rotherham.txt")) return;
    std::printf("the originals are not here, so nothing is compared with them\n");
    GTEST_SKIP() << "the originals are not here";
  }

  // The lines of a procedure; the first has the number 1.
  const std::vector<std::string>& Lines(const std::string& authority) {
    auto& lines = lines_[authority];
    if (!lines.empty()) return lines;
    std::ifstream stream(folder_ / (authority + ".txt"));
    lines.emplace_back();
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

  bool Stands(const std::string& authority, int line, const std::string& value) {
    const auto& lines = Lines(authority);
    return line < static_cast<int>(lines.size()) &&
           lines[static_cast<std::size_t>(line)].find(value) != std::string::npos;
  }

  std::filesystem::path folder_;
  std::map<std::string, std::vector<std::string>> lines_;
};

TEST_F(Originals, HaveEveryDetailInItsLine) {
  for (const Detail& detail : kDetails) {
    EXPECT_TRUE(Stands(detail.authority, detail.line, detail.value))
        << detail.authority << ":" << detail.line << " " << detail.value;
  }
  for (const Address& address : Addresses()) {
    for (std::size_t i = 0; i < address.parts.size(); ++i) {
      EXPECT_TRUE(Stands("hillingdon-carers", address.line + static_cast<int>(i), address.parts[i]))
          << address.parts[i];
    }
  }
}

TEST_F(Originals, HaveEachDetailWithinTheLinesItsEntryCites) {
  for (const Detail& detail : kDetails) {
    bool cited = false;
    for (const auto& source : Shipped(detail.authority, detail.service_id).content().sources()) {
      int first = 0;
      int last = 0;
      const int numbers = std::sscanf(source.provision().c_str() + source.provision().find(' '),
                                      "%d-%d", &first, &last);
      cited = cited || (detail.line >= first && detail.line <= (numbers == 2 ? last : first));
    }
    EXPECT_TRUE(cited) << detail.service_id << " line " << detail.line;
  }
}

// Facts carry over, sentences do not: seven words in a row are a sentence taken over.
TEST_F(Originals, DoNotLendTheirSentences) {
  constexpr std::size_t kRun = 7;
  for (const std::string& authority : ShippedAuthorities()) {
    std::string original = " ";
    for (const std::string& line : Lines(authority)) absl::StrAppend(&original, Folded(line), " ");
    for (const v1::Service* service : OwnOf(authority)) {
      const auto words = WordsOf(service->content().description());
      for (std::size_t i = 0; i + kRun <= words.size(); ++i) {
        const std::string run =
            absl::StrJoin(words.begin() + static_cast<std::ptrdiff_t>(i),
                          words.begin() + static_cast<std::ptrdiff_t>(i + kRun), " ");
        EXPECT_EQ(original.find(" " + run + " "), std::string::npos)
            << service->service_id() << ": " << run;
      }
    }
  }
}

}  // namespace
}  // namespace asc::directory
