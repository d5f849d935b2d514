// The cases of asc.directory.v1 about what is looked up: entries, access, guidance.

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "asc/directory/v1/directory.grpc.pb.h"
#include "tests/conformance/directory_records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

namespace v1 = asc::directory::v1;
using google::protobuf::util::MessageDifferencer;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_UNKNOWN;
using type::v1::ANSWER_YES;

// So many entries of a directory are looked at one by one; it may be large.
constexpr std::size_t kLookedAt = 60;

v1::DirectoryService::Stub& Stub() {
  static const auto stub = v1::DirectoryService::NewStub(TheSubject().channel);
  return *stub;
}

v1::SearchServicesResponse Search(const v1::SearchServicesRequest& request) {
  v1::SearchServicesResponse response;
  const grpc::Status status = Stub().SearchServices(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

v1::AccessDecision CheckAccess(const v1::AccessFacts& facts) {
  v1::CheckAccessRequest request;
  request.set_authority(TheSubject().authority);
  *request.mutable_facts() = facts;
  v1::CheckAccessResponse response;
  const grpc::Status status = Stub().CheckAccess(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.decision();
}

v1::ListGuidanceResponse Guidance() {
  v1::ListGuidanceRequest request;
  request.set_authority(TheSubject().authority);
  v1::ListGuidanceResponse response;
  const grpc::Status status = Stub().ListGuidance(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

bool Finds(const v1::SearchServicesRequest& request, const std::string& service_id) {
  const auto hits = AllHits(request);
  return std::any_of(hits.begin(), hits.end(), [&service_id](const v1::Hit& hit) {
    return hit.service().service_id() == service_id;
  });
}

bool IsShown(const v1::Service& service) {
  return service.state() == v1::SERVICE_STATE_PUBLISHED && !service.content().internal();
}

bool HasCaveat(const v1::Service& service, v1::CaveatKind kind) {
  const auto& caveats = service.content().caveats();
  return std::any_of(caveats.begin(), caveats.end(),
                     [kind](const v1::Caveat& caveat) { return caveat.kind() == kind; });
}

std::vector<v1::Service> SomeServices() {
  std::vector<v1::Service> services = AllServices();
  if (services.size() > kLookedAt) services.resize(kLookedAt);
  return services;
}

// [directory.every.policy]
TEST(DirectoryEveryPolicy, IsNeverADefault) {
  v1::SearchServicesRequest request;
  request.set_authority("kit-without-policy");
  v1::SearchServicesResponse response;
  const grpc::Status status = Stub().SearchServices(NewContext().get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
}

// [directory.every.reasons]
TEST(DirectoryEveryReasons, StandWithEveryDecision) {
  const auto found = Search(PlainSearch());
  EXPECT_GT(found.reasons_size(), 0);
  EXPECT_EQ(found.policy_version().authority(), TheSubject().authority);
  const auto access = CheckAccess({});
  EXPECT_GT(access.reasons_size(), 0);
  EXPECT_EQ(access.policy_version().authority(), TheSubject().authority);
  const auto advice = RecordAdvice(PlainAdvice());
  EXPECT_GT(advice.reasons_size(), 0);
  EXPECT_EQ(advice.policy_version().authority(), TheSubject().authority);
}

// [directory.every.unknown]
TEST(DirectoryEveryUnknown, LeadsToAQuestion) {
  v1::AccessFacts facts;
  facts.set_needs_support(ANSWER_UNKNOWN);
  const auto decision = CheckAccess(facts);
  EXPECT_EQ(decision.outcome(), v1::ACCESS_OUTCOME_CANNOT_TELL);
  EXPECT_GT(decision.questions_size(), 0);
}

// [directory.search.all_filters]
TEST(DirectorySearchAllFilters, HoldForEveryHit) {
  for (const v1::Service& service : SomeServices()) {
    if (!IsShown(service) || service.content().kinds().empty()) continue;
    auto request = PlainSearch();
    const int kind = service.content().kinds(0);
    request.add_kinds(static_cast<v1::ResourceKind>(kind));
    const auto& terms = service.content().taxonomy_term_ids();
    if (!terms.empty()) request.add_taxonomy_term_ids(terms[0]);
    EXPECT_TRUE(Finds(request, service.service_id()));
    for (const v1::Hit& hit : AllHits(request)) {
      const auto& kinds = hit.service().content().kinds();
      EXPECT_EQ(std::count(kinds.begin(), kinds.end(), kind), 1) << hit.service().service_id();
      const auto& held = hit.service().content().taxonomy_term_ids();
      EXPECT_TRUE(terms.empty() || std::count(held.begin(), held.end(), terms[0]) > 0);
    }
  }
}

// [directory.search.unknown]
TEST(DirectorySearchUnknown, LeavesNothingOutAndAsks) {
  std::set<std::string> found;
  for (const v1::Hit& hit : AllHits(PlainSearch())) {
    found.insert(hit.service().service_id());
    EXPECT_EQ(hit.eligible() == ANSWER_YES, hit.questions().empty()) << hit.service().service_id();
    EXPECT_NE(hit.eligible(), ANSWER_NO);
  }
  for (const v1::Service& service : AllServices()) {
    EXPECT_EQ(found.count(service.service_id()), IsShown(service) ? 1u : 0u)
        << service.service_id();
  }
}

// [directory.search.eligibility]
TEST(DirectorySearchEligibility, KeepsToTheStatedAges) {
  for (const v1::Service& service : SomeServices()) {
    for (const auto& condition : service.content().eligibility()) {
      if (!IsShown(service) || condition.kind() != v1::ELIGIBILITY_KIND_AGE) continue;
      if (condition.hint_only()) continue;
      auto request = PlainSearch();
      request.mutable_circumstances()->set_age(condition.age_min());
      EXPECT_TRUE(Finds(request, service.service_id())) << condition.words();
      if (condition.age_min() > 0) {
        request.mutable_circumstances()->set_age(condition.age_min() - 1);
        EXPECT_FALSE(Finds(request, service.service_id())) << condition.words();
      }
      if (condition.age_max() > 0 && condition.age_max() < 130) {
        request.mutable_circumstances()->set_age(condition.age_max() + 1);
        EXPECT_FALSE(Finds(request, service.service_id())) << condition.words();
      }
    }
  }
}

// [directory.search.equal]
TEST(DirectorySearchEqual, GivesTheSameToEverybody) {
  auto request = PlainSearch();
  request.mutable_circumstances()->set_carer(ANSWER_YES);
  EXPECT_TRUE(MessageDifferencer::Equals(Search(request), Search(request)));
}

// [directory.search.caveat]
TEST(DirectorySearchCaveat, ComesWithEveryHit) {
  for (const v1::Hit& hit : AllHits(PlainSearch())) {
    v1::GetServiceRequest request;
    request.set_authority(TheSubject().authority);
    request.set_service_id(hit.service().service_id());
    v1::GetServiceResponse response;
    const grpc::Status status = Stub().GetService(NewContext().get(), request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_TRUE(MessageDifferencer::Equals(response.service().content(), hit.service().content()));
  }
}

// [directory.search.crisis]
TEST(DirectorySearchCrisis, PutsLateAnswersLast) {
  auto request = PlainSearch();
  request.set_crisis(true);
  bool late = false;
  for (const v1::Hit& hit : AllHits(request)) {
    const bool not_live = HasCaveat(hit.service(), v1::CAVEAT_KIND_NOT_LIVE_RESPONSE);
    // Whether somebody who calls back responds late enough is left to the service.
    const bool at_once = !not_live && !HasCaveat(hit.service(), v1::CAVEAT_KIND_CALLS_BACK);
    EXPECT_FALSE(late && at_once) << hit.service().service_id();
    late = late || not_live;
  }
}

// [directory.search.published]
TEST(DirectorySearchPublished, ShowsOnlyWhatTheAuthorityPublishes) {
  std::set<std::string> listed;
  for (const v1::Service& service : AllServices()) listed.insert(service.service_id());
  for (const v1::Hit& hit : AllHits(PlainSearch())) {
    const v1::Service& service = hit.service();
    EXPECT_TRUE(IsShown(service)) << service.service_id();
    EXPECT_TRUE(service.owner() == TheSubject().authority || service.owner() == "national");
    EXPECT_TRUE(listed.count(service.service_id())) << service.service_id();
  }
}

// [directory.search.source]
TEST(DirectorySearchSource, IsSaidWithThePointer) {
  const auto found = Search(PlainSearch());
  EXPECT_NE(found.source(), v1::DIRECTORY_SOURCE_UNSPECIFIED);
  EXPECT_EQ(found.source() == v1::DIRECTORY_SOURCE_EXTERNAL_LINK, found.elsewhere_size() > 0);
}

// [directory.search.words]
TEST(DirectorySearchWords, AreFoundWhateverTheirCaseAndAccents) {
  for (const v1::Service& service : SomeServices()) {
    const std::string& name = service.content().name();
    if (!IsShown(service) || name.size() > 100) continue;
    std::string upper;
    std::string accented;
    for (const char letter : name) {
      upper += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
      accented += letter == 'e' ? "\xC3\xA9" : std::string(1, letter);
    }
    for (const std::string& words : {name, upper, accented}) {
      auto request = PlainSearch();
      request.set_words(words);
      EXPECT_TRUE(Finds(request, service.service_id())) << words;
    }
  }
}

// [directory.access.steps]
TEST(DirectoryAccessSteps, KeepTheOrderOfTheProcedure) {
  v1::AccessFacts facts;
  facts.set_needs_support(ANSWER_YES);
  const auto all = CheckAccess(facts);
  EXPECT_EQ(all.outcome(), v1::ACCESS_OUTCOME_SUPPORT_NEEDED);
  EXPECT_GT(all.steps_size(), 0);
  facts.set_someone_appropriate(ANSWER_NO);
  std::vector<int> left(all.steps().begin(), all.steps().end());
  left.erase(std::remove(left.begin(), left.end(), v1::ACCESS_STEP_SOMEONE_APPROPRIATE),
             left.end());
  const auto fewer = CheckAccess(facts);
  EXPECT_EQ(std::vector<int>(fewer.steps().begin(), fewer.steps().end()), left);
}

// [directory.access.unknown]
TEST(DirectoryAccessUnknown, IsNeverNoSupport) {
  const auto decision = CheckAccess({});
  EXPECT_EQ(decision.outcome(), v1::ACCESS_OUTCOME_CANNOT_TELL);
  EXPECT_GT(decision.questions_size(), 0);
}

// [directory.guidance.own]
TEST(DirectoryGuidanceOwn, CitesTheProcedureForEachTool) {
  std::set<std::string> ids;
  const auto guidance = Guidance();
  for (const auto& tool : guidance.guidance()) {
    EXPECT_TRUE(ids.insert(tool.guidance_id()).second) << tool.guidance_id();
    EXPECT_GT(tool.citations_size(), 0) << tool.guidance_id();
  }
}

// [directory.guidance.caveat]
TEST(DirectoryGuidanceCaveat, ComesEveryTime) {
  EXPECT_TRUE(MessageDifferencer::Equals(Guidance(), Guidance()));
}

}  // namespace
}  // namespace asc::conformance
