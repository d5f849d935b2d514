// The shipped workflow policies: each field of them is felt by somebody who makes contact.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "asc/funding/v1/funding.pb.h"
#include "gateway/contact_view.h"
#include "gateway/contact_workflow.h"
#include "gateway/policy_rules.h"
#include "gateway/test_contacts.h"
#include "platform/testing/field_changes.h"

namespace asc::gateway {
namespace {

namespace av1 = asc::advocacy::v1;
namespace dv1 = asc::directory::v1;
namespace fv1 = asc::funding::v1;
namespace rv1 = asc::referral::v1;
using journal::StoredStep;

// More than any contact takes: a policy that was changed must not make one run for ever.
constexpr int kStepsMax = 50;

// What the services answer, by the end of the method's name.
using Answers = std::map<std::string, std::string>;

struct Situation {
  std::string request;
  Answers answers;
  // Facts that are added when nothing is left to ask; empty: none.
  std::string later;
  // What is answered otherwise from then on.
  Answers later_answers;
};

template <class Message>
std::string Bytes(const std::string& text) {
  return FromText<Message>(text).SerializeAsString();
}

std::string Route(const std::string& outcome, const std::string& actions = "") {
  return Bytes<rv1::RouteContactResponse>(absl::StrCat(
      "outcome: ROUTE_OUTCOME_", outcome, " decision { policy_version { hash: 'r' } } ", actions));
}

std::string Referral(const std::string& outcome, const std::string& more = "") {
  return Bytes<rv1::OpenReferralResponse>(absl::StrCat("decision { outcome: OUTCOME_", outcome,
                                                       " policy_version { hash: 'r' } } ", more));
}

std::string Review(const std::string& outcome, const std::string& reasons,
                   const std::string& more = "") {
  return Bytes<rv1::RequestReviewResponse>(
      absl::StrCat("decision { outcome: OUTCOME_", outcome, " ", reasons, " } ", more));
}

// An action of each kind there is, so that each rule about when something is due speaks.
std::string ActionsOfEveryKind() {
  std::string actions;
  for (int kind = 1; kind < rv1::ActionKind_ARRAYSIZE; ++kind) {
    if (!rv1::ActionKind_IsValid(kind)) continue;
    absl::StrAppend(&actions, "actions { kind: ", rv1::ActionKind_Name(rv1::ActionKind(kind)),
                    " rule_id: 'T5' strength: STRENGTH_SHOULD text: 'Do it.' } ");
  }
  return actions;
}

std::vector<Situation> SafeguardingSituations() {
  return {
      {"facts { imminent_danger: ANSWER_YES provider_concern: ANSWER_YES }", {}},
      {"facts { crime: ANSWER_YES }", {}},
      {"facts { adult_abuse_or_neglect: ANSWER_YES }", {}},
      {"asks: ASK_SAFEGUARDING", {}},
      {"asks: ASK_SAFEGUARDING facts { imminent_danger: ANSWER_NO crime: ANSWER_NO "
       "adult_abuse_or_neglect: ANSWER_NO child_abuse_or_neglect: ANSWER_NO }",
       {}},
  };
}

std::vector<Situation> RouteSituations() {
  const std::string asked = "asks: ASK_NAMED_WORKER requested_worker: 'worker-1'";
  return {
      {asked, {{"RouteContact", Route("TRANSFER")}}},
      {asked, {{"RouteContact", Route("DO_NOT_TRANSFER")}}},
      {asked, {{"RouteContact", Route("REDIRECTED")}}},
      {asked, {{"RouteContact", Route("NOT_AVAILABLE_UNTIL", ActionsOfEveryKind())}}},
  };
}

std::vector<Situation> ReferralSituations() {
  const std::string found =
      Bytes<dv1::SearchServicesResponse>("hits { service { service_id: 's' } }");
  const std::string advocate =
      Bytes<av1::CheckAdvocacyResponse>("decision { outcome: ADVOCACY_OUTCOME_DUTY }");
  const std::string need =
      Bytes<av1::OpenAdvocacyNeedResponse>("advocacy_need { advocacy_need_id: 'n' }");
  const std::string here =
      Bytes<rv1::CheckOrdinaryResidenceResponse>("decision { outcome: OUTCOME_PERMITTED }");
  Answers taken = {
      {"CheckOrdinaryResidence", here},
      {"OpenReferral", Referral("PERMITTED", "referral { referral_id: 'r' }")},
      {"SearchServices", found},
      {"CheckAdvocacy", advocate},
      {"OpenAdvocacyNeed", need},
      {"CheckHold", Bytes<av1::CheckHoldResponse>("hold { outcome: HOLD_OUTCOME_HELD }")}};
  Answers unfounded = taken;
  unfounded["CheckReferral"] =
      Bytes<rv1::CheckReferralResponse>("decision { outcome: OUTCOME_REFUSED }");
  unfounded["UpdateReferral"] = Bytes<rv1::UpdateReferralResponse>("referral { referral_id: 'r' }");
  Answers still_founded = taken;
  still_founded["CheckReferral"] =
      Bytes<rv1::CheckReferralResponse>("decision { outcome: OUTCOME_PERMITTED }");
  const Answers not_due = {
      {"CheckAdvocacy",
       Bytes<av1::CheckAdvocacyResponse>("decision { outcome: ADVOCACY_OUTCOME_NO_DUTY }")}};
  Answers refused = taken;
  refused["OpenReferral"] = Referral("REFUSED");
  Answers open_already = taken;
  open_already["OpenReferral"] =
      Referral("PERMITTED", "already_open: true referral { referral_id: 'r' }");
  Answers lookalike = taken;
  lookalike["OpenReferral"] = Referral("PERMITTED",
                                       "referral { referral_id: 'r' } "
                                       "possible_duplicates { referral_id: 'r-9' }");
  const Answers elsewhere = {
      {"CheckOrdinaryResidence",
       Bytes<rv1::CheckOrdinaryResidenceResponse>("decision { outcome: OUTCOME_REDIRECTED }")}};
  Answers redirected = taken;
  redirected["OpenReferral"] = Referral("REDIRECTED");
  Answers adulthood = taken;
  adulthood["OpenReferral"] = Bytes<rv1::OpenReferralResponse>(
      "decision { outcome: OUTCOME_REDIRECTED reasons { rule_id: 'SC3' } }");
  const std::string asked = "asks: ASK_NEW_NEED person { person_id: 'p' } ";
  return {
      {asked + "facts { would_benefit: ANSWER_YES }", taken},
      {asked + "facts { would_benefit: ANSWER_YES }", redirected},
      {asked + "facts { would_benefit: ANSWER_YES }", adulthood},
      {asked + "facts { would_benefit: ANSWER_YES }", refused},
      {asked + "facts { would_benefit: ANSWER_YES }", open_already},
      {asked + "facts { would_benefit: ANSWER_YES }", lookalike},
      {asked + "facts { would_benefit: ANSWER_NO }", {}},
      {asked + "facts { would_benefit: ANSWER_YES }", still_founded,
       "facts { advocacy { lacks_capacity: ANSWER_NO } }", not_due},
      {asked + "facts { would_benefit: ANSWER_YES }", unfounded,
       "facts { lawful_basis { made_by_the_person: ANSWER_NO } }"},
      {asked + "facts { would_benefit: ANSWER_YES }", still_founded,
       "facts { referral { residence { ordinarily_resident_here: ANSWER_NO } } }", elsewhere},
      {asked,
       {{"CheckOrdinaryResidence", here},
        {"CheckReferral",
         Bytes<rv1::CheckReferralResponse>("decision { outcome: OUTCOME_PERMITTED }")}}},
  };
}

std::vector<Situation> ReviewSituations() {
  const std::string asked =
      "asks: ASK_REVIEW person { person_id: 'p' } summary: 'Asks for it.' "
      "facts { review { has_plan: ANSWER_YES } }";
  std::vector<Situation> all = {
      {"asks: ASK_REVIEW",
       {{"CheckAdvocacy",
         Bytes<av1::CheckAdvocacyResponse>("decision { outcome: ADVOCACY_OUTCOME_NO_DUTY }")}}},
      {asked, {{"RequestReview", Review("REDIRECTED", "reasons { rule_id: 'V7' }")}}},
      {asked, {{"RequestReview", Review("REFUSED", "")}}}};
  for (int route = 1; route < rv1::ReviewRoute_ARRAYSIZE; ++route) {
    const std::string routed =
        absl::StrCat("route: ", rv1::ReviewRoute_Name(rv1::ReviewRoute(route)));
    all.push_back({asked, {{"RequestReview", Review("PERMITTED", "", routed)}}});
  }
  return all;
}

std::vector<Situation> OtherSituations() {
  const std::string considered = Bytes<fv1::CheckUrgentSupportResponse>(
      "check { section: URGENT_SECTION_INLINE considerations_complete: ANSWER_YES }");
  const std::string opened = Bytes<fv1::OpenFundingRequestResponse>(
      "answer { accepted: true } funding_request { funding_request_id: 'f' }");
  return {
      {"asks: ASK_INFORMATION", {}},
      {"asks: ASK_MONEY", {}},
      {"asks: ASK_OTHER", {}},
      {"subject: SUBJECT_PERSON asks: ASK_OTHER", {}},
      {"subject: SUBJECT_CARER asks: ASK_OTHER", {}},
      {"asks: ASK_URGENT_NEED", {}},
      {"facts { urgent { appears_urgent: ANSWER_YES } }", {{"CheckUrgentSupport", considered}}},
      {"person { person_id: 'p' } facts { funding { needs: 'visits' } }",
       {{"OpenFundingRequest", opened}}},
      {"facts { advice_given { content { advice: 'told' } } }",
       {{"RecordAdviceGiven", Bytes<dv1::RecordAdviceGivenResponse>("advice { advice_id: 'a' }")}}},
  };
}

std::vector<Situation> Situations() {
  std::vector<Situation> all;
  for (const auto& some : {SafeguardingSituations(), RouteSituations(), ReferralSituations(),
                           ReviewSituations(), OtherSituations()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

// Asks until nothing is left to ask.
void RunAll(const Answers& answers, const v1::GatewayPolicy& policy, Journal& journal) {
  for (int step = 0; step < kStepsMax; ++step) {
    const std::vector<StoredStep> runnable = RunnableSteps(journal, policy, TestNow());
    if (runnable.empty()) break;
    const std::string& method = runnable.front().method();
    const auto answer = answers.find(method.substr(method.rfind('/') + 1));
    Put(journal, Answered(runnable.front(), answer == answers.end() ? "\xff" : answer->second,
                          policy, TestNow()));
    Intend(journal, policy, TestNow());
    Settle(journal, policy, TestNow());
  }
}

// The contact as it stands when nothing is left to ask, in text.
std::string CameTo(const Situation& situation, const v1::GatewayPolicy& policy) {
  auto request = FromText<v1::OpenContactRequest>(situation.request);
  request.set_authority(policy.authority());
  Journal journal = Opened(request, "contact-1", "somebody", policy, {}, TestNow());
  RunAll(situation.answers, policy, journal);
  if (!situation.later.empty()) {
    journal = WithFacts(journal, FromText<v1::AddFactsRequest>(situation.later), policy, TestNow());
    Answers answers = situation.later_answers;
    answers.insert(situation.answers.begin(), situation.answers.end());
    RunAll(answers, policy, journal);
  }
  return Present(journal).ShortDebugString();
}

std::string CameToAll(const v1::GatewayPolicy& policy) {
  static const std::vector<Situation> kSituations = Situations();
  std::string all;
  for (const Situation& situation : kSituations) all += CameTo(situation, policy) + "\n";
  return all;
}

// Where a policy comes from; who reads a contact finds it by the policy's hash.
bool SaysWhereItIsFrom(const google::protobuf::FieldDescriptor& field) {
  return field.containing_type() == v1::GatewayPolicy::descriptor() &&
         (field.name() == "authority" || field.name() == "version" || field.name() == "source");
}

class ShippedPolicyTest : public ::testing::TestWithParam<const char*> {};

TEST_P(ShippedPolicyTest, HasNoFieldThatNothingFeels) {
  v1::GatewayPolicy policy = ShippedPolicy(GetParam());
  const std::string before = CameToAll(policy);
  int changes = 0;
  testing::EachFieldChange(policy, &SaysWhereItIsFrom, [&](const std::string& path) {
    ++changes;
    EXPECT_TRUE(!CheckPolicy(policy).ok() || CameToAll(policy) != before) << path;
  });
  EXPECT_GT(changes, 100);
}

// What the services say when they let everything happen that can, or nothing.
Answers AllOf(bool taken) {
  const std::string outcome = taken ? "OUTCOME_PERMITTED" : "OUTCOME_REFUSED";
  const std::string decision = "decision { outcome: " + outcome + " } ";
  return {{"RouteContact", Route(taken ? "TRANSFER" : "DO_NOT_TRANSFER")},
          {"CheckOrdinaryResidence",
           Bytes<rv1::CheckOrdinaryResidenceResponse>("decision { outcome: OUTCOME_PERMITTED }")},
          {"CheckReferral", Bytes<rv1::CheckReferralResponse>(decision)},
          {"OpenReferral", Bytes<rv1::OpenReferralResponse>(
                               decision + (taken ? "referral { referral_id: 'r' }" : ""))},
          {"DecideReview", Bytes<rv1::DecideReviewResponse>(
                               decision + (taken ? "route: REVIEW_ROUTE_ALLOCATED_WORKER" : ""))},
          {"SearchServices", Bytes<dv1::SearchServicesResponse>("policy_version { hash: 'd' }")},
          {"CheckUrgentSupport",
           Bytes<fv1::CheckUrgentSupportResponse>(
               "check { section: URGENT_SECTION_INLINE considerations_complete: ANSWER_YES }")},
          {"CheckAdvocacy",
           Bytes<av1::CheckAdvocacyResponse>("decision { outcome: ADVOCACY_OUTCOME_NO_DUTY }")}};
}

// Each combination of what may be known of a contact that asks for one thing.
std::vector<std::string> FactsToAskWith() {
  std::vector<std::string> all;
  for (const char* would_benefit : {"", "would_benefit: ANSWER_YES", "would_benefit: ANSWER_NO",
                                    "would_benefit: "
                                    "ANSWER_UNKNOWN"}) {
    for (const char* more :
         {"", " review { has_plan: ANSWER_NO }", " urgent { appears_urgent: ANSWER_NO }",
          " urgent { appears_urgent: ANSWER_YES }"}) {
      all.push_back(absl::StrCat("facts { ", would_benefit, more, " }"));
    }
  }
  return all;
}

TEST_P(ShippedPolicyTest, LeavesNothingThatIsAskedForToNobody) {
  const v1::GatewayPolicy policy = ShippedPolicy(GetParam());
  for (int ask = 1; ask < v1::Ask_ARRAYSIZE; ++ask) {
    if (!v1::Ask_IsValid(ask)) continue;
    for (const std::string& facts : FactsToAskWith()) {
      for (const bool taken : {true, false}) {
        auto request = FromText<v1::OpenContactRequest>(facts);
        request.set_authority(policy.authority());
        request.mutable_person()->set_person_id("p");
        request.add_asks(static_cast<v1::Ask>(ask));
        request.set_requested_worker("worker-1");
        request.set_requested_team("team-1");
        Journal journal = Opened(request, "contact-1", "somebody", policy, {}, TestNow());
        RunAll(AllOf(taken), policy, journal);
        const v1::ContactStatus status = journal.contact.status();
        EXPECT_TRUE(status == v1::CONTACT_STATUS_AWAITING_PEOPLE ||
                    status == v1::CONTACT_STATUS_AWAITING_FACTS)
            << v1::Ask_Name(ask) << " " << facts << " " << taken << "\n"
            << Present(journal).DebugString();
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Authorities, ShippedPolicyTest,
                         ::testing::Values("rotherham", "wakefield", "standard", "milton-keynes",
                                           "hillingdon-carers"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace asc::gateway
