// The workflow as a pure function: what may run, what follows, and that order does not matter.

#include "gateway/contact_workflow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "asc/funding/v1/funding.pb.h"
#include "gateway/contact_view.h"
#include "gateway/journal_steps.h"
#include "gateway/policy_rules.h"
#include "gateway/referral_steps.h"
#include "gateway/step_failures.h"
#include "gateway/step_kinds.h"
#include "gateway/test_contacts.h"
#include "platform/rpc/errors.h"
#include "platform/testing/refused_fields.h"
#include "platform/testing/status_matchers.h"

namespace asc::gateway {
namespace {

using ::asc::testing::FieldsOf;
using journal::StoredStep;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ContactWorkflowTest : public ::testing::Test {
 protected:
  ContactWorkflowTest() : policy_(ShippedPolicy("rotherham")) {}

  Journal Open(const v1::OpenContactRequest& request) const {
    return Opened(request, "contact-1", "somebody", policy_, asc::type::v1::PolicyVersion(),
                  TestNow());
  }

  // The step with its answer, and what follows from it.
  Journal After(const Journal& journal, const StoredStep& step) const {
    Journal after = journal;
    Put(after, Answered(step, TestAnswer(step.method(), step.request()), policy_, TestNow()));
    Intend(after, policy_, TestNow());
    Settle(after, policy_, TestNow());
    return after;
  }

  std::vector<v1::StepKind> RunnableKinds(const Journal& journal) const {
    std::vector<v1::StepKind> kinds;
    for (const auto& step : RunnableSteps(journal, policy_, TestNow())) {
      kinds.push_back(step.kind());
    }
    return kinds;
  }

  Journal RunAll(Journal journal) const {
    for (auto runnable = RunnableSteps(journal, policy_, TestNow()); !runnable.empty();
         runnable = RunnableSteps(journal, policy_, TestNow())) {
      journal = After(journal, runnable.front());
    }
    return journal;
  }

  // The same, where steps of this kind are answered with these bytes.
  Journal RunAll(Journal journal, v1::StepKind kind, const std::string& answer) const {
    for (auto runnable = RunnableSteps(journal, policy_, TestNow()); !runnable.empty();
         runnable = RunnableSteps(journal, policy_, TestNow())) {
      if (runnable.front().kind() != kind) {
        journal = After(journal, runnable.front());
        continue;
      }
      Put(journal, Answered(runnable.front(), answer, policy_, TestNow()));
      Intend(journal, policy_, TestNow());
      Settle(journal, policy_, TestNow());
    }
    return journal;
  }

  // Somebody has done these, or says so.
  Journal Done(Journal journal, const std::vector<std::string>& action_ids) const {
    for (const std::string& action_id : action_ids) {
      for (v1::Action& action : journal.actions) {
        if (action.action_id() != action_id) continue;
        EXPECT_EQ(action.state(), v1::ACTION_STATE_OPEN) << action_id;
        action.set_state(v1::ACTION_STATE_DONE);
        action.set_completed_by("somebody");
        action.mutable_completed_at()->set_seconds(absl::ToUnixSeconds(TestNow()));
      }
      FollowCompletion(journal, action_id, policy_, TestNow());
    }
    return journal;
  }

  // An advocate is due to somebody whose referral is taken.
  Journal Held() const {
    auto request = TestRequest();
    request.clear_asks();
    request.add_asks(v1::ASK_NEW_NEED);
    request.mutable_facts()->mutable_lawful_basis()->mutable_consent()->set_given(
        asc::type::v1::ANSWER_YES);
    request.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_YES);
    return RunAll(Open(request));
  }

  v1::GatewayPolicy policy_;
};

std::vector<std::string> OpenActions(const v1::Contact& contact) {
  std::vector<std::string> ids;
  for (const auto& action : contact.actions()) {
    if (action.state() == v1::ACTION_STATE_OPEN) ids.push_back(action.action_id());
  }
  return ids;
}

std::vector<std::string> Fields(
    const google::protobuf::RepeatedPtrField<asc::type::v1::Question>& questions) {
  std::vector<std::string> fields;
  for (const auto& question : questions) fields.push_back(question.field());
  return fields;
}

TEST_F(ContactWorkflowTest, EveryShippedPolicyIsWhole) {
  for (const char* authority :
       {"rotherham", "wakefield", "standard", "milton-keynes", "hillingdon-carers"}) {
    EXPECT_THAT(CheckPolicy(ShippedPolicy(authority)), testing::IsOk()) << authority;
    EXPECT_EQ(ShippedPolicy(authority).authority(), authority);
  }
}

TEST_F(ContactWorkflowTest, DecidesSafeguardingWithTheContactItself) {
  auto request = TestRequest();
  request.mutable_facts()->set_imminent_danger(asc::type::v1::ANSWER_YES);
  request.mutable_facts()->set_adult_abuse_or_neglect(asc::type::v1::ANSWER_YES);
  const v1::Contact contact = Present(Open(request));
  ASSERT_EQ(contact.advice_size(), 2);
  EXPECT_EQ(contact.advice(0).rule_id(), "S2");
  EXPECT_EQ(contact.advice(1).rule_id(), "S1");
  EXPECT_THAT(OpenActions(contact), ElementsAre("S2-call-police", "S1-raise-concern"));
}

TEST_F(ContactWorkflowTest, AsksAboutDangerOnlyWithAReason) {
  auto request = TestRequest();
  request.clear_facts();
  request.clear_asks();
  EXPECT_THAT(Present(Open(request)).questions(), IsEmpty());
  request.mutable_facts()->set_child_abuse_or_neglect(asc::type::v1::ANSWER_YES);
  EXPECT_THAT(Fields(Present(Open(request)).questions()),
              ElementsAre("facts.imminent_danger", "facts.crime"));
}

TEST_F(ContactWorkflowTest, TakesRiskToThePersonForAConcern) {
  auto request = TestRequest();
  request.mutable_facts()->mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(
      asc::type::v1::ANSWER_YES);
  EXPECT_THAT(OpenActions(Present(Open(request))), ElementsAre("S1-raise-concern"));
}

TEST_F(ContactWorkflowTest, LosesNoConcernThatEveryAnswerDenies) {
  for (const char* authority :
       {"rotherham", "wakefield", "standard", "milton-keynes", "hillingdon-carers"}) {
    SCOPED_TRACE(authority);
    const v1::GatewayPolicy policy = ShippedPolicy(authority);
    v1::OpenContactRequest request;
    request.set_authority(authority);
    request.add_asks(v1::ASK_SAFEGUARDING);
    for (auto set : {&v1::ContactFacts::set_imminent_danger, &v1::ContactFacts::set_crime,
                     &v1::ContactFacts::set_adult_abuse_or_neglect,
                     &v1::ContactFacts::set_child_abuse_or_neglect}) {
      (request.mutable_facts()->*set)(asc::type::v1::ANSWER_NO);
    }
    const Journal journal = Opened(request, "contact-1", "alice", policy, {}, TestNow());
    const v1::Contact contact = Present(journal);
    EXPECT_EQ(contact.status(), v1::CONTACT_STATUS_AWAITING_PEOPLE);
    EXPECT_THAT(OpenActions(contact), ElementsAre("S1-settle-concern"));
    EXPECT_EQ(contact.advice_size(), 1);

    v1::AddFactsRequest corrected;
    corrected.mutable_facts()->set_adult_abuse_or_neglect(asc::type::v1::ANSWER_YES);
    EXPECT_THAT(OpenActions(Present(WithFacts(journal, corrected, policy, TestNow()))),
                ElementsAre("S1-raise-concern"));
  }
}

// S1, S2: what was said once is not undone by not being known any more, nor by a bare no.
TEST_F(ContactWorkflowTest, AsksAgainAboutAConcernThatIsTakenBack) {
  for (const char* told :
       {"imminent_danger", "crime", "adult_abuse_or_neglect", "child_abuse_or_neglect",
        "lawful_basis { at_risk_of_abuse_or_neglect"}) {
    SCOPED_TRACE(told);
    const std::string close = absl::StrContains(told, '{') ? " } }" : " }";
    const Journal open = Open(FromText<v1::OpenContactRequest>(
        absl::StrCat("authority: 'rotherham' facts { ", told, ": ANSWER_YES", close)));
    const auto taken_back =
        FromText<v1::AddFactsRequest>(absl::StrCat("facts { ", told, ": ANSWER_UNKNOWN", close));
    const Journal unknown = WithFacts(open, taken_back, policy_, TestNow());
    EXPECT_EQ(unknown.contact.status(), v1::CONTACT_STATUS_AWAITING_FACTS);
    EXPECT_THAT(Fields(Present(unknown).questions()),
                ::testing::UnorderedElementsAre("facts.imminent_danger", "facts.crime",
                                                "facts.adult_abuse_or_neglect",
                                                "facts.child_abuse_or_neglect"));
    const auto denied = FromText<v1::AddFactsRequest>(
        "facts { imminent_danger: ANSWER_NO crime: ANSWER_NO adult_abuse_or_neglect: ANSWER_NO "
        "child_abuse_or_neglect: ANSWER_NO }");
    EXPECT_THAT(OpenActions(Present(WithFacts(unknown, denied, policy_, TestNow()))),
                ElementsAre("S1-settle-concern"));
  }
}

// F1, I6: what was told about money is told; the follow-up is still to be agreed.
TEST_F(ContactWorkflowTest, TellsOfWhatAdviceLeavesToDoWhoeverAskedForIt) {
  const v1::GatewayPolicy policy = ShippedPolicy("standard");
  const Journal journal = Opened(
      FromText<v1::OpenContactRequest>(
          "authority: 'standard' asks: ASK_MONEY facts { advice_given { content { advice: 'What it "
          "may cost.' financial: ANSWER_YES } } }"),
      "contact-1", "alice", policy, {}, TestNow());
  EXPECT_THAT(OpenActions(Present(journal)), ElementsAre("I6-agree-follow-up"));
}

// R0: what was said of residence with an urgent need is said of residence.
TEST_F(ContactWorkflowTest, LooksAtResidenceAsItWasSaidWithAnUrgentNeed) {
  const v1::GatewayPolicy policy = ShippedPolicy("milton-keynes");
  const Journal journal = Opened(
      FromText<v1::OpenContactRequest>("authority: 'milton-keynes' asks: ASK_URGENT_NEED "
                                       "facts { urgent { ordinarily_resident: ANSWER_NO } }"),
      "contact-1", "alice", policy, {}, TestNow());
  asc::referral::v1::CheckOrdinaryResidenceRequest asked;
  for (const StoredStep& step : RunnableSteps(journal, policy, TestNow())) {
    if (step.kind() == v1::STEP_KIND_ORDINARY_RESIDENCE) asked.ParseFromString(step.request());
  }
  EXPECT_EQ(asked.residence().ordinarily_resident_here(), asc::type::v1::ANSWER_NO);
}

TEST_F(ContactWorkflowTest, SaysWhatToDoAboutAnUrgentNeedWhereTheProcedureHasNoSectionOnIt) {
  for (const char* authority : {"milton-keynes", "hillingdon-carers"}) {
    SCOPED_TRACE(authority);
    const v1::GatewayPolicy policy = ShippedPolicy(authority);
    const auto open_actions = [&](const std::string& text) {
      auto request = FromText<v1::OpenContactRequest>(text);
      request.set_authority(authority);
      return OpenActions(Present(Opened(request, "contact-1", "alice", policy, {}, TestNow())));
    };
    // Before the funding service has said anything.
    EXPECT_THAT(open_actions("asks: ASK_URGENT_NEED"), ElementsAre("U1-urgent-support"));
    EXPECT_THAT(open_actions("facts { urgent { appears_urgent: ANSWER_YES } }"),
                ElementsAre("U1-urgent-support"));
    EXPECT_THAT(
        open_actions("facts { urgent { appears_urgent: ANSWER_NO cannot_wait: ANSWER_YES } }"),
        ElementsAre("U1-urgent-support"));
    EXPECT_THAT(open_actions("asks: ASK_URGENT_NEED facts { urgent { cannot_wait: ANSWER_NO } }"),
                IsEmpty());
    EXPECT_THAT(open_actions("facts { urgent { appears_urgent: ANSWER_NO } }"), IsEmpty());
  }
}

// While the funding service is down, people are told all the same; once it has said what is to be
// considered, that says more.
TEST_F(ContactWorkflowTest, SaysOfAnUrgentNeedThatItMayBeMetUntilItIsKnownWhatToConsider) {
  const std::string considered = FromText<asc::funding::v1::CheckUrgentSupportResponse>(
                                     "check { section: URGENT_SECTION_INLINE }")
                                     .SerializeAsString();
  const std::string opened = FromText<asc::funding::v1::OpenFundingRequestResponse>(
                                 "answer { accepted: true } funding_request {"
                                 " funding_request_id: 'f' }")
                                 .SerializeAsString();
  for (const char* authority : {"rotherham", "wakefield", "standard"}) {
    SCOPED_TRACE(authority);
    const v1::GatewayPolicy policy = ShippedPolicy(authority);
    for (const bool money : {false, true}) {
      auto request = FromText<v1::OpenContactRequest>(
          "asks: ASK_URGENT_NEED person { person_id: 'p' full_name: 'P' }");
      request.set_authority(authority);
      if (money) request.mutable_facts()->mutable_funding()->mutable_urgent();
      Journal journal = Opened(request, "contact-1", "alice", policy, {}, TestNow());
      EXPECT_THAT(OpenActions(Present(journal)), ::testing::Contains("U1-urgent-need"));
      for (const auto& step : RunnableSteps(journal, policy, TestNow())) {
        if (step.kind() != v1::STEP_KIND_URGENT_SUPPORT) continue;
        Put(journal, Answered(step, money ? opened : considered, policy, TestNow()));
      }
      Settle(journal, policy, TestNow());
      EXPECT_THAT(OpenActions(Present(journal)),
                  ::testing::Not(::testing::Contains("U1-urgent-need")));
    }
  }
}

TEST_F(ContactWorkflowTest, TakesOneNoForNotUrgent) {
  for (const char* urgent : {"appears_urgent: ANSWER_NO", "cannot_wait: ANSWER_NO"}) {
    const auto request = FromText<v1::OpenContactRequest>(
        absl::StrCat("authority: 'standard' facts { urgent { ", urgent, " } }"));
    Journal journal = Open(request);
    const auto runnable = RunnableSteps(journal, policy_, TestNow());
    ASSERT_EQ(runnable.size(), 1u);
    const std::string missing = FromText<asc::funding::v1::CheckUrgentSupportResponse>(
                                    "check { section: URGENT_SECTION_INLINE }")
                                    .SerializeAsString();
    EXPECT_EQ(Answered(runnable[0], missing, policy_, TestNow()).decision().outcome(),
              "NOT_URGENT");
  }
}

TEST_F(ContactWorkflowTest, IntendsIndependentStepsTogether) {
  EXPECT_THAT(RunnableKinds(Open(TestRequest())),
              ElementsAre(v1::STEP_KIND_ROUTE, v1::STEP_KIND_REFERRAL, v1::STEP_KIND_ADVOCACY));
}

TEST_F(ContactWorkflowTest, HasNothingToRunForAnEnquiry) {
  auto request = TestRequest();
  request.clear_facts();
  request.clear_asks();
  request.add_asks(v1::ASK_INFORMATION);
  const Journal journal = Open(request);
  EXPECT_TRUE(Settled(journal));
  EXPECT_THAT(RunnableKinds(journal), IsEmpty());
  EXPECT_THAT(Present(journal).outcomes(), ElementsAre(v1::OUTCOME_INFORMATION));
  EXPECT_THAT(OpenActions(Present(journal)),
              ElementsAre("I1-give-information", "I6-agree-follow-up"));
}

TEST_F(ContactWorkflowTest, OnlyRecordsAContactThatAsksForNothing) {
  auto request = TestRequest();
  request.clear_facts();
  request.clear_asks();
  const Journal journal = Open(request);
  EXPECT_EQ(journal.contact.status(), v1::CONTACT_STATUS_COMPLETED);
  EXPECT_THAT(Present(journal).outcomes(), ElementsAre(v1::OUTCOME_RECORDED));
}

TEST_F(ContactWorkflowTest, LeavesToPeopleWhatTheProcedureLeavesToThem) {
  auto request = TestRequest();
  request.clear_asks();
  request.add_asks(v1::ASK_REVIEW);
  request.add_asks(v1::ASK_MONEY);
  request.mutable_facts()->set_would_benefit(asc::type::v1::ANSWER_NO);
  const v1::Contact contact = Present(RunAll(Open(request)));
  EXPECT_EQ(contact.status(), v1::CONTACT_STATUS_AWAITING_PEOPLE);
  EXPECT_THAT(OpenActions(contact), ElementsAre("F1-give-finance-information", "V1-send-request"));
}

// SC2: what is left to people is left to those of the procedure that is for this person.
TEST_F(ContactWorkflowTest, SendsToTheOtherProcedureWhatIsAboutSomebodyElse) {
  const std::map<std::string, std::string> subject_of = {{"standard", "SUBJECT_PERSON"},
                                                         {"hillingdon-carers", "SUBJECT_CARER"}};
  for (const auto& [authority, own] : subject_of) {
    const v1::GatewayPolicy policy = ShippedPolicy(authority);
    for (const char* asked :
         {"asks: ASK_REVIEW", "asks: ASK_OTHER",
          "asks: ASK_NEW_NEED person { person_id: 'p' } facts { would_benefit: ANSWER_NO }"}) {
      for (const char* subject : {"SUBJECT_PERSON", "SUBJECT_CARER", "SUBJECT_UNSPECIFIED"}) {
        SCOPED_TRACE(absl::StrCat(authority, " ", asked, " ", subject));
        auto request = FromText<v1::OpenContactRequest>(absl::StrCat(asked, " subject: ", subject));
        request.set_authority(authority);
        const v1::Contact contact =
            Present(Opened(request, "contact-1", "alice", policy, {}, TestNow()));
        const bool elsewhere = subject != own && std::string(subject) != "SUBJECT_UNSPECIFIED";
        EXPECT_EQ(std::count(contact.outcomes().begin(), contact.outcomes().end(),
                             v1::OUTCOME_OTHER_PROCEDURE),
                  elsewhere ? 1 : 0);
        const auto open = OpenActions(contact);
        EXPECT_EQ(std::count(open.begin(), open.end(), "SC2-other-procedure"), elsewhere ? 1 : 0);
        EXPECT_EQ(std::count(open.begin(), open.end(), "V1-send-request"),
                  !elsewhere && std::string(asked) == "asks: ASK_REVIEW" ? 1 : 0);
      }
    }
  }
}

// Information is everybody's, whichever procedure goes on with the contact (I1).
TEST_F(ContactWorkflowTest, GivesInformationToWhomeverTheProcedureIsNotFor) {
  for (const char* asked : {"asks: ASK_INFORMATION", "asks: ASK_MONEY"}) {
    SCOPED_TRACE(asked);
    const auto request =
        FromText<v1::OpenContactRequest>(absl::StrCat(asked, " subject: SUBJECT_CARER"));
    const Journal journal =
        Opened(request, "contact-1", "alice", ShippedPolicy("standard"), {}, TestNow());
    EXPECT_THAT(Present(journal).outcomes(), ElementsAre(v1::OUTCOME_INFORMATION));
  }
}

v1::Action ActionIn(const Journal& journal, const std::string& action_id) {
  for (const v1::Action& action : journal.actions) {
    if (action.action_id() == action_id) return action;
  }
  return {};
}

// What people have to do about a review of which something is known, once the service has answered.
std::vector<std::string> ReviewActions(const std::string& authority, const std::string& answer) {
  const v1::GatewayPolicy policy = ShippedPolicy(authority);
  auto request = TestRequest(authority);
  request.clear_asks();
  request.add_asks(v1::ASK_REVIEW);
  request.mutable_facts()->set_would_benefit(asc::type::v1::ANSWER_NO);
  request.mutable_facts()->mutable_review()->set_has_plan(asc::type::v1::ANSWER_YES);
  Journal journal = Opened(request, "contact-1", "alice", policy, {}, TestNow());
  for (const StoredStep& step : RunnableSteps(journal, policy, TestNow())) {
    if (step.kind() != v1::STEP_KIND_REVIEW || answer.empty()) continue;
    Put(journal,
        Answered(step,
                 FromText<asc::referral::v1::RequestReviewResponse>(answer).SerializeAsString(),
                 policy, TestNow()));
  }
  Settle(journal, policy, TestNow());
  std::vector<std::string> of_review;
  for (const auto& action : journal.actions) {
    if (action.step() == v1::STEP_KIND_REVIEW && action.state() == v1::ACTION_STATE_OPEN) {
      of_review.push_back(action.action_id());
    }
  }
  return of_review;
}

TEST(ReviewActions, GoWhereTheDecisionPoints) {
  const std::string manager =
      "decision { outcome: OUTCOME_CANNOT_TELL } route: REVIEW_ROUTE_ASK_MANAGER "
      "actions { rule_id: 'V4' kind: ACTION_KIND_ASK_MANAGER }";
  const auto routed = [](const std::string& route) {
    return "decision { outcome: OUTCOME_PERMITTED } route: REVIEW_ROUTE_" + route;
  };
  for (const char* authority : {"rotherham", "wakefield", "milton-keynes"}) {
    EXPECT_THAT(ReviewActions(authority, routed("ALLOCATED_WORKER")),
                ElementsAre("V1-send-request"));
    EXPECT_THAT(ReviewActions(authority, routed("RESPONSIBLE_TEAM")),
                ElementsAre("V1-send-to-team"));
  }
  for (const char* authority : {"standard", "hillingdon-carers"}) {
    EXPECT_THAT(ReviewActions(authority, routed("ALLOCATED_WORKER")),
                ElementsAre("V1-send-request"));
    EXPECT_THAT(ReviewActions(authority, routed("ALTERNATIVE")), ElementsAre("V4-arrange-review"));
    EXPECT_THAT(ReviewActions(authority, manager), ElementsAre("V4-ask-manager"));
  }
  EXPECT_THAT(ReviewActions("standard", routed("LIGHT_TOUCH_POSSIBLE")),
              ElementsAre("V1-send-light-touch"));
  EXPECT_THAT(ReviewActions("standard", routed("REASSESSMENT_LIKELY")),
              ElementsAre("V1-send-reassessment"));
  EXPECT_THAT(ReviewActions("hillingdon-carers", routed("LIGHT_TOUCH_POSSIBLE")),
              ElementsAre("V2-review-light-touch", "V5-light-touch"));
  EXPECT_THAT(ReviewActions("hillingdon-carers", routed("REASSESSMENT_LIKELY")),
              ElementsAre("V2-review-reassessment"));
}

TEST(ReviewActions, AreToldOutrightOnceTheirConditionHolds) {
  const v1::GatewayPolicy policy = ShippedPolicy("standard");
  auto request = TestRequest();
  request.mutable_facts()->mutable_review()->set_has_plan(asc::type::v1::ANSWER_YES);
  Journal journal = Opened(request, "contact-1", "alice", policy, {}, TestNow());
  const auto answer = [&](const std::string& due) {
    for (const StoredStep& step : RunnableSteps(journal, policy, TestNow())) {
      if (step.kind() != v1::STEP_KIND_REVIEW) continue;
      const auto response = FromText<asc::referral::v1::RequestReviewResponse>(
          "decision { outcome: OUTCOME_CANNOT_TELL } actions { rule_id: 'V2' text: 'Consider one.' "
          "kind: ACTION_KIND_CONSIDER_REVIEW due: " +
          due + " }");
      Put(journal, Answered(step, response.SerializeAsString(), policy, TestNow()));
    }
    Settle(journal, policy, TestNow());
    return ActionIn(journal, "V2-consider-review").text();
  };
  EXPECT_EQ(answer("ANSWER_UNKNOWN"), "If it turns out so: Consider one.");
  v1::AddFactsRequest known;
  known.set_contact_id("contact-1");
  known.mutable_facts()->mutable_review()->set_review_planned(asc::type::v1::ANSWER_NO);
  journal = WithFacts(journal, known, policy, TestNow());
  EXPECT_EQ(answer("ANSWER_YES"), "Consider one.");
}

TEST(ReviewActions, SendNothingWhereTheWayIsNotKnownOrThereIsNone) {
  EXPECT_THAT(ReviewActions("standard", ""), IsEmpty());
  EXPECT_THAT(ReviewActions("standard", "decision { outcome: OUTCOME_CANNOT_TELL }"), IsEmpty());
  EXPECT_THAT(ReviewActions("standard",
                            "decision { outcome: OUTCOME_REDIRECTED reasons { rule_id: 'V7' } } "
                            "route: REVIEW_ROUTE_OTHER_PROCEDURE"),
              ElementsAre("V7-reablement-procedure"));
}

// The request that the newest step about a review has sent.
asc::referral::v1::RequestReviewRequest ReviewAsked(const Journal& journal) {
  asc::referral::v1::RequestReviewRequest request;
  for (const StoredStep& step : journal.steps) {
    if (step.kind() != v1::STEP_KIND_REVIEW) continue;
    EXPECT_THAT(step.method(), ::testing::EndsWith("/RequestReview"));
    request.ParseFromString(step.request());
  }
  return request;
}

TEST_F(ContactWorkflowTest, RequestsOneReviewAndTellsItWhatBecomesKnown) {
  auto request = TestRequest();
  request.clear_asks();
  request.add_asks(v1::ASK_REVIEW);
  request.mutable_facts()->set_would_benefit(asc::type::v1::ANSWER_NO);
  request.mutable_facts()->mutable_review()->set_has_plan(asc::type::v1::ANSWER_YES);
  Journal journal = RunAll(Open(request));
  EXPECT_EQ(ReviewAsked(journal).facts().person_id(), "person-1");
  EXPECT_EQ(ReviewAsked(journal).request(), "Invented.");
  EXPECT_EQ(ReviewAsked(journal).review_id(), "");
  EXPECT_EQ(Recorded(journal).at(v1::STEP_KIND_REVIEW)->record_id(), "review-1");
  // What says nothing about the review is nothing to tell it.
  v1::AddFactsRequest more;
  more.mutable_facts()->set_child_abuse_or_neglect(asc::type::v1::ANSWER_NO);
  journal = RunAll(WithFacts(journal, more, policy_, TestNow()));
  EXPECT_EQ(ReviewAsked(journal).review_id(), "");
  more.mutable_facts()->mutable_review()->set_urgent(asc::type::v1::ANSWER_YES);
  journal = RunAll(WithFacts(journal, more, policy_, TestNow()));
  EXPECT_EQ(ReviewAsked(journal).review_id(), "review-1");
  EXPECT_EQ(ReviewAsked(journal).facts().urgent(), asc::type::v1::ANSWER_YES);
  EXPECT_EQ(Recorded(journal).at(v1::STEP_KIND_REVIEW)->record_id(), "review-1");
}

TEST_F(ContactWorkflowTest, RequestsNoReviewOfSomebodyItDoesNotKnow) {
  auto request = TestRequest();
  request.clear_asks();
  request.add_asks(v1::ASK_REVIEW);
  request.mutable_person()->clear_person_id();
  request.mutable_facts()->set_would_benefit(asc::type::v1::ANSWER_NO);
  request.mutable_facts()->mutable_review()->set_has_plan(asc::type::v1::ANSWER_YES);
  const Journal journal = Open(request);
  for (const StoredStep& step : journal.steps) {
    if (step.kind() != v1::STEP_KIND_REVIEW) continue;
    EXPECT_THAT(step.method(), ::testing::EndsWith("/DecideReview"));
  }
}

TEST_F(ContactWorkflowTest, MakesOneActionOfThePlacesToLookForSomebody) {
  const StoredStep step = RunnableSteps(Open(TestRequest()), policy_, TestNow())[0];
  const auto answered =
      Answered(step,
               FromText<asc::referral::v1::RouteContactResponse>(R"pb(
                 outcome: ROUTE_OUTCOME_CANNOT_TELL
                 actions { rule_id: "T4" kind: ACTION_KIND_FIND_AVAILABILITY text: "A." }
                 actions { rule_id: "T4" kind: ACTION_KIND_FIND_AVAILABILITY text: "B." }
                 actions { rule_id: "W6" kind: ACTION_KIND_SECURE_CHANNEL text: "C." }
                 actions { rule_id: "W6" kind: ACTION_KIND_SECURE_CHANNEL text: "D." })pb")
                   .SerializeAsString(),
               policy_, TestNow());
  ASSERT_EQ(answered.actions_size(), 3);
  EXPECT_EQ(answered.actions(0).text(), "A. Or: B.");
  EXPECT_EQ(answered.actions(1).action_id(), "W6-secure-channel");
  EXPECT_EQ(answered.actions(2).action_id(), "W6-secure-channel-2");
}

TEST_F(ContactWorkflowTest, OnlyChecksWhileItIsNotKnownWhetherAReferralWouldHelp) {
  auto request = TestRequest();
  request.mutable_facts()->clear_would_benefit();
  const auto runnable = RunnableSteps(Open(request), policy_, TestNow());
  ASSERT_EQ(RunnableKinds(Open(request)),
            (std::vector{v1::STEP_KIND_ROUTE, v1::STEP_KIND_REFERRAL}));
  EXPECT_EQ(runnable[1].method(), "/asc.referral.v1.ReferralService/CheckReferral");
  auto answered = Answered(
      runnable[1],
      FromText<asc::referral::v1::CheckReferralResponse>("decision { outcome: OUTCOME_PERMITTED }")
          .SerializeAsString(),
      policy_, TestNow());
  EXPECT_THAT(Fields(answered.decision().questions()), ElementsAre("facts.would_benefit"));
}

TEST_F(ContactWorkflowTest, SendsTheSameBytesUnderTheSameKeyAgain) {
  const Journal journal = Open(TestRequest());
  const auto first = RunnableSteps(journal, policy_, TestNow());
  const auto again = RunnableSteps(journal, policy_, TestNow() + absl::Hours(3));
  ASSERT_EQ(first.size(), again.size());
  for (std::size_t at = 0; at < first.size(); ++at) {
    EXPECT_EQ(first[at].request(), again[at].request());
    EXPECT_EQ(first[at].request_id(), again[at].request_id());
  }
}

TEST_F(ContactWorkflowTest, PutsTheReferralTogetherFromTheContact) {
  const Journal journal = Open(TestRequest());
  asc::referral::v1::OpenReferralRequest request;
  ASSERT_TRUE(request.ParseFromString(RunnableSteps(journal, policy_, TestNow())[1].request()));
  EXPECT_EQ(request.request_id(), "contact-1.3.1");
  EXPECT_EQ(request.details().person().full_name(), "Walter Example");
  EXPECT_EQ(request.details().referrer().full_name(), "Alice Example");
  EXPECT_EQ(request.details().contact_id(), "contact-1");
  EXPECT_EQ(request.details().safeguarding().imminent_danger_or_crime(), asc::type::v1::ANSWER_NO);
}

TEST_F(ContactWorkflowTest, AsksWhatHindersApartFromWhatIsStillToGather) {
  const v1::Contact contact = Present(RunAll(Open(TestRequest())));
  EXPECT_EQ(contact.status(), v1::CONTACT_STATUS_AWAITING_FACTS);
  EXPECT_THAT(Fields(contact.questions()), ElementsAre("facts.lawful_basis.consent.given"));
  EXPECT_THAT(Fields(contact.still_to_gather()), ElementsAre("facts.referral.person_view.issue"));
}

TEST_F(ContactWorkflowTest, DecidesAgainWhenAFactArrives) {
  const Journal asked = RunAll(Open(TestRequest()));
  const Journal told = WithFacts(asked, ConsentGiven("contact-1"), policy_, TestNow());
  EXPECT_EQ(told.contact.facts_revision(), 2);
  // Nothing that the routing turns on has changed.
  EXPECT_THAT(RunnableKinds(told), ElementsAre(v1::STEP_KIND_REFERRAL));
  const v1::Contact contact = Present(RunAll(told));
  EXPECT_EQ(contact.referral_id(), "referral-1");
  EXPECT_EQ(contact.status(), v1::CONTACT_STATUS_AWAITING_PEOPLE);
  EXPECT_THAT(contact.questions(), IsEmpty());
  EXPECT_THAT(OpenActions(contact), ElementsAre("T8-best-placed", "R3-pass-on"));
}

TEST_F(ContactWorkflowTest, DecidesLaterStepsUnderThePolicyOfTheFirst) {
  const Journal told =
      WithFacts(RunAll(Open(TestRequest())), ConsentGiven("contact-1"), policy_, TestNow());
  asc::referral::v1::OpenReferralRequest request;
  ASSERT_TRUE(request.ParseFromString(RunnableSteps(told, policy_, TestNow())[0].request()));
  EXPECT_EQ(request.policy_hash(), "h1");
}

TEST_F(ContactWorkflowTest, OpensNoSecondReferral) {
  const Journal told =
      WithFacts(RunAll(Open(TestRequest())), ConsentGiven("contact-1"), policy_, TestNow());
  Journal opened = RunAll(told);
  auto more = ConsentGiven("contact-1");
  more.mutable_facts()->mutable_referral()->mutable_person_view()->set_issue("More is known.");
  const Journal after = WithFacts(opened, more, policy_, TestNow());
  // What is new is held against the referral; nothing is opened.
  const auto runnable = RunnableSteps(after, policy_, TestNow());
  ASSERT_EQ(runnable.size(), 1U);
  EXPECT_EQ(runnable[0].method(), "/asc.referral.v1.ReferralService/CheckReferral");
  const v1::Contact contact = Present(RunAll(after));
  EXPECT_EQ(contact.referral_id(), "referral-1");
  EXPECT_THAT(OpenActions(contact), ElementsAre("T8-best-placed", "R3-pass-on"));
}

// The request of the step that may run and adds to the referral.
asc::referral::v1::UpdateReferralRequest UpdateIn(const std::vector<StoredStep>& runnable) {
  asc::referral::v1::UpdateReferralRequest request;
  for (const StoredStep& step : runnable) {
    if (step.kind() == v1::STEP_KIND_REFERRAL_UPDATE) request.ParseFromString(step.request());
  }
  return request;
}

TEST_F(ContactWorkflowTest, AddsWhatBecomesKnownToTheReferralItOpened) {
  const Journal opened =
      RunAll(WithFacts(RunAll(Open(TestRequest())), ConsentGiven("contact-1"), policy_, TestNow()));
  EXPECT_THAT(UpdateIn(RunnableSteps(opened, policy_, TestNow())).update_paths(), IsEmpty());
  const auto add = [this](const Journal& journal, const std::string& facts) {
    auto more = ConsentGiven("contact-1");
    *more.mutable_facts() = FromText<v1::ContactFacts>(facts);
    Journal after = WithFacts(journal, more, policy_, TestNow());
    // First the facts are held against the referral.
    for (const StoredStep& step : RunnableSteps(after, policy_, TestNow())) {
      if (step.kind() != v1::STEP_KIND_REFERRAL_UPDATE) after = After(after, step);
    }
    return after;
  };
  Journal told = add(opened, "referral { person_view { issue: 'Stairs.' needs: 'Rails.' } }");
  const auto first = UpdateIn(RunnableSteps(told, policy_, TestNow()));
  EXPECT_EQ(first.referral_id(), "referral-1");
  EXPECT_EQ(first.etag(), "\"1\"");
  EXPECT_EQ(first.details().person_view().issue(), "Stairs.");
  EXPECT_THAT(first.update_paths(), ElementsAre("person_view.issue", "person_view.needs"));

  // Only what is newer than that, of the version that is there now.
  told = add(RunAll(told), "referral { person_view { issue: 'Stairs and bath.' } }");
  const auto second = UpdateIn(RunnableSteps(told, policy_, TestNow()));
  EXPECT_THAT(second.update_paths(), ElementsAre("person_view.issue"));
  EXPECT_EQ(second.etag(), "\"2\"");
  // What is taken back is taken out of the referral.
  auto less = ConsentGiven("contact-1");
  less.clear_facts();
  less.add_cleared_paths("facts.referral.person_view.needs");
  Journal without = WithFacts(RunAll(told), less, policy_, TestNow());
  without = After(without, RunnableSteps(without, policy_, TestNow())[0]);
  const auto third = UpdateIn(RunnableSteps(without, policy_, TestNow()));
  EXPECT_THAT(third.update_paths(), ElementsAre("person_view.needs"));
  EXPECT_THAT(third.details().person_view().needs(), IsEmpty());
  // A fact that is none of the referral's leaves it alone.
  told = add(RunAll(told), "provider_concern: ANSWER_NO");
  EXPECT_THAT(UpdateIn(RunnableSteps(told, policy_, TestNow())).update_paths(), IsEmpty());
  EXPECT_THAT(RunnableKinds(told), IsEmpty());
}

TEST_F(ContactWorkflowTest, AsksOfTheVersionThatIsThereWhenAnotherChangedTheRecord) {
  const Journal opened =
      RunAll(WithFacts(RunAll(Open(TestRequest())), ConsentGiven("contact-1"), policy_, TestNow()));
  auto more = ConsentGiven("contact-1");
  more.mutable_facts()->mutable_referral()->mutable_person_view()->set_issue("Stairs.");
  Journal after = WithFacts(opened, more, policy_, TestNow());
  after = After(after, RunnableSteps(after, policy_, TestNow())[0]);
  const StoredStep asked = RunnableSteps(after, policy_, TestNow())[0];
  ASSERT_EQ(asked.kind(), v1::STEP_KIND_REFERRAL_UPDATE);
  StoredStep again =
      Failed(asked, rpc::StaleEtag("referral", "referral-1", "\"7\""), TestNow(), 1.0);
  EXPECT_EQ(again.state(), v1::STEP_STATE_WAITING);
  EXPECT_EQ(UpdateIn({again}).etag(), "\"7\"");
  EXPECT_EQ(UpdateIn({again}).request_id(), again.request_id());
  EXPECT_EQ(again.request_id(), "contact-1.14.3.1");
  again = Failed(again, rpc::StaleEtag("referral", "referral-1", "\"8\""), TestNow(), 1.0);
  EXPECT_EQ(again.request_id(), "contact-1.14.3.2");
}

TEST_F(ContactWorkflowTest, SaysWhenAnOpenedReferralHasLostItsGround) {
  const Journal opened =
      RunAll(WithFacts(RunAll(Open(TestRequest())), ConsentGiven("contact-1"), policy_, TestNow()));
  auto withdrawn = ConsentGiven("contact-1");
  withdrawn.mutable_facts()->mutable_lawful_basis()->mutable_consent()->set_given(
      asc::type::v1::ANSWER_NO);
  const v1::Contact contact = Present(RunAll(WithFacts(opened, withdrawn, policy_, TestNow())));
  EXPECT_EQ(contact.referral_id(), "referral-1");
  EXPECT_THAT(OpenActions(contact), ElementsAre("T8-best-placed", "R1-reconsider"));
}

// A service that was down answers what it was asked; facts that came meanwhile are held against it.
TEST_F(ContactWorkflowTest, ChecksWhatWasOpenedWhileTheFactsChanged) {
  auto request = TestRequest();
  request.mutable_facts()->mutable_lawful_basis()->mutable_consent()->set_given(
      asc::type::v1::ANSWER_YES);
  auto withdrawn = ConsentGiven("contact-1");
  withdrawn.mutable_facts()->mutable_lawful_basis()->mutable_consent()->set_given(
      asc::type::v1::ANSWER_NO);
  const v1::Contact contact =
      Present(RunAll(WithFacts(Open(request), withdrawn, policy_, TestNow())));
  EXPECT_EQ(contact.referral_id(), "referral-1");
  EXPECT_THAT(OpenActions(contact), ElementsAre("T8-best-placed", "R1-reconsider"));
}

TEST_F(ContactWorkflowTest, WaitsForTheEarlierStepBeforeTakingItAgain) {
  const Journal journal = Open(TestRequest());
  const Journal told = WithFacts(journal, ConsentGiven("contact-1"), policy_, TestNow());
  for (const auto& step : RunnableSteps(told, policy_, TestNow())) {
    EXPECT_EQ(step.facts_revision(), 1);
  }
}

TEST_F(ContactWorkflowTest, SaysNothingNewWhenNoFactChanges) {
  const Journal journal = RunAll(Open(TestRequest()));
  auto request = ConsentGiven("contact-1");
  request.clear_facts();
  request.mutable_facts()->set_would_benefit(asc::type::v1::ANSWER_YES);
  const Journal same = WithFacts(journal, request, policy_, TestNow());
  EXPECT_EQ(same.contact.version(), journal.contact.version());
  EXPECT_EQ(same.contact.facts_revision(), 1);
}

TEST_F(ContactWorkflowTest, KeepsWhatPeopleHaveDoneAndWithdrawsWhatNoLongerFollows) {
  auto request = TestRequest();
  request.mutable_facts()->set_adult_abuse_or_neglect(asc::type::v1::ANSWER_YES);
  request.mutable_facts()->set_crime(asc::type::v1::ANSWER_YES);
  Journal journal = RunAll(Open(request));
  for (auto& action : journal.actions) {
    if (action.action_id() == "S2-call-police") action.set_state(v1::ACTION_STATE_DONE);
  }
  auto none = ConsentGiven("contact-1");
  none.mutable_facts()->set_adult_abuse_or_neglect(asc::type::v1::ANSWER_NO);
  none.mutable_facts()->set_crime(asc::type::v1::ANSWER_NO);
  const Journal after = WithFacts(journal, none, policy_, TestNow() + absl::Hours(1));
  std::map<std::string, v1::ActionState> states;
  for (const auto& action : after.actions) states[action.action_id()] = action.state();
  EXPECT_EQ(states["S2-call-police"], v1::ACTION_STATE_DONE);
  EXPECT_EQ(states["S1-raise-concern"], v1::ACTION_STATE_WITHDRAWN);
  EXPECT_EQ(states["T8-best-placed"], v1::ACTION_STATE_OPEN);
}

// Whether people did it or put it aside, what they dealt with was what was known then.
TEST_F(ContactWorkflowTest, AsksAgainForWhatHadGoneAndIsBack) {
  for (const auto closed : {v1::ACTION_STATE_DONE, v1::ACTION_STATE_PUT_ASIDE}) {
    Journal journal = RunAll(
        WithFacts(RunAll(Open(TestRequest())), ConsentGiven("contact-1"), policy_, TestNow()));
    absl::Time now = TestNow();
    const auto consent = [&](asc::type::v1::Answer given) {
      auto request = ConsentGiven("contact-1");
      request.mutable_facts()->mutable_lawful_basis()->mutable_consent()->set_given(given);
      now += absl::Hours(1);
      journal = RunAll(WithFacts(journal, request, policy_, now));
    };
    consent(asc::type::v1::ANSWER_NO);
    ASSERT_EQ(ActionIn(journal, "R1-reconsider").state(), v1::ACTION_STATE_OPEN);
    now += absl::Minutes(1);
    for (v1::Action& action : journal.actions) {
      if (action.action_id() != "R1-reconsider") continue;
      action.set_state(closed);
      action.mutable_completed_at()->set_seconds(absl::ToUnixSeconds(now));
    }
    FollowCompletion(journal, "R1-reconsider", policy_, now);
    consent(asc::type::v1::ANSWER_UNKNOWN);
    EXPECT_EQ(ActionIn(journal, "R1-reconsider").state(), closed);
    consent(asc::type::v1::ANSWER_YES);
    EXPECT_EQ(ActionIn(journal, "R1-reconsider").state(), closed);
    consent(asc::type::v1::ANSWER_NO);
    EXPECT_EQ(ActionIn(journal, "R1-reconsider").state(), v1::ACTION_STATE_OPEN);
    EXPECT_FALSE(ActionIn(journal, "R1-reconsider").has_completed_at());
  }
}

// A second concern is not the first one, and danger that is back is not the danger that has passed.
TEST_F(ContactWorkflowTest, AsksAgainForWhatWasDoneAboutAnotherDanger) {
  auto request = TestRequest();
  request.mutable_facts()->set_adult_abuse_or_neglect(asc::type::v1::ANSWER_YES);
  Journal journal = Open(request);
  const auto complete = [](Journal& any, absl::Duration after) {
    for (auto& action : any.actions) {
      if (action.action_id() != "S1-raise-concern") continue;
      action.set_state(v1::ACTION_STATE_DONE);
      action.mutable_completed_at()->set_seconds(absl::ToUnixSeconds(TestNow() + after));
    }
  };
  const auto add = [this](const Journal& any, const std::string& facts, absl::Duration after) {
    auto more = ConsentGiven("contact-1");
    *more.mutable_facts() = FromText<v1::ContactFacts>(facts);
    return WithFacts(any, more, policy_, TestNow() + after);
  };
  const auto state = [](const Journal& any) {
    for (const auto& action : any.actions) {
      if (action.action_id() == "S1-raise-concern") return action.state();
    }
    return v1::ACTION_STATE_UNSPECIFIED;
  };
  complete(journal, absl::Minutes(1));
  journal = add(journal, "provider_concern: ANSWER_NO", absl::Minutes(2));
  EXPECT_EQ(state(journal), v1::ACTION_STATE_DONE);
  journal = add(journal, "child_abuse_or_neglect: ANSWER_YES", absl::Minutes(3));
  EXPECT_EQ(state(journal), v1::ACTION_STATE_OPEN);
  complete(journal, absl::Minutes(4));
  journal = add(journal, "adult_abuse_or_neglect: ANSWER_NO", absl::Minutes(5));
  EXPECT_EQ(state(journal), v1::ACTION_STATE_DONE);
  journal = add(journal, "adult_abuse_or_neglect: ANSWER_YES", absl::Minutes(6));
  EXPECT_EQ(state(journal), v1::ACTION_STATE_OPEN);
}

TEST_F(ContactWorkflowTest, LooksForAWorkerWhoIsNamedLater) {
  auto request = TestRequest();
  request.clear_asks();
  request.clear_requested_worker();
  request.add_asks(v1::ASK_NAMED_TEAM);
  request.set_requested_team("team-1");
  auto named = ConsentGiven("contact-1");
  named.clear_facts();
  named.set_requested_worker("worker-7");
  const Journal told = WithFacts(RunAll(Open(request)), named, policy_, TestNow());
  asc::referral::v1::RouteContactRequest route;
  for (const StoredStep& step : RunnableSteps(told, policy_, TestNow())) {
    if (step.kind() == v1::STEP_KIND_ROUTE) route.ParseFromString(step.request());
  }
  EXPECT_EQ(route.worker_id(), "worker-7");
  EXPECT_EQ(route.team_id(), "team-1");
}

// Where a contact goes for a worker who is back at that time; 0: is there now.
std::string RouteAnswer(std::int64_t back_seconds) {
  if (back_seconds == 0) {
    return FromText<asc::referral::v1::RouteContactResponse>("outcome: ROUTE_OUTCOME_TRANSFER")
        .SerializeAsString();
  }
  auto answer = FromText<asc::referral::v1::RouteContactResponse>(R"pb(
    outcome: ROUTE_OUTCOME_NOT_AVAILABLE_UNTIL
    actions { rule_id: "T5" kind: ACTION_KIND_INFORM_PERSON text: "Tell them when." }
    actions { rule_id: "T5" kind: ACTION_KIND_LEAVE_MESSAGE text: "Leave a message." })pb");
  answer.mutable_available_from()->set_seconds(back_seconds);
  return answer.SerializeAsString();
}

// The steps of a contact run through at `now`, each ended as `end` says.
template <class End>
Journal RunWith(Journal journal, const v1::GatewayPolicy& policy, absl::Time now, End end) {
  while (!Settled(journal)) {
    for (const StoredStep& step : RunnableSteps(journal, policy, now)) Put(journal, end(step));
    Intend(journal, policy, now);
    Settle(journal, policy, now);
  }
  return journal;
}

// As for that worker.
Journal Routed(Journal journal, const v1::GatewayPolicy& policy, std::int64_t back_seconds,
               absl::Time now) {
  return RunWith(std::move(journal), policy, now, [&](const StoredStep& step) {
    const bool route = step.kind() == v1::STEP_KIND_ROUTE;
    return Answered(step,
                    route ? RouteAnswer(back_seconds) : TestAnswer(step.method(), step.request()),
                    policy, now);
  });
}

void Complete(const std::string& action_id, absl::Time now, Journal& journal) {
  for (v1::Action& action : journal.actions) {
    if (action.action_id() != action_id) continue;
    action.set_state(v1::ACTION_STATE_DONE);
    action.mutable_completed_at()->set_seconds(absl::ToUnixSeconds(now));
  }
}

TEST_F(ContactWorkflowTest, PassesOnAnewWhatIsForAnotherWorker) {
  auto request = TestRequest();
  request.mutable_facts()->mutable_route()->set_allocated_to_worker(asc::type::v1::ANSWER_YES);
  request.mutable_facts()->mutable_route()->set_original_wanted(asc::type::v1::ANSWER_YES);
  Journal journal = Routed(Open(request), policy_, 0, TestNow());
  Complete("T1-pass-on", TestNow() + absl::Minutes(1), journal);
  auto more = ConsentGiven("contact-1");
  journal = Routed(WithFacts(journal, more, policy_, TestNow() + absl::Hours(1)), policy_, 0,
                   TestNow() + absl::Hours(1));
  ASSERT_EQ(ActionIn(journal, "T1-pass-on").state(), v1::ACTION_STATE_DONE);
  more.clear_facts();
  more.set_requested_worker("worker-2");
  journal = Routed(WithFacts(journal, more, policy_, TestNow() + absl::Hours(2)), policy_, 0,
                   TestNow() + absl::Hours(2));
  EXPECT_EQ(ActionIn(journal, "T1-pass-on").state(), v1::ACTION_STATE_OPEN);
  // Whether the case is allocated was said of the other worker.
  const auto& route = journal.contact.facts().route();
  EXPECT_EQ(route.allocated_to_worker(), asc::type::v1::ANSWER_UNSPECIFIED);
  EXPECT_EQ(route.original_wanted(), asc::type::v1::ANSWER_YES);
}

TEST_F(ContactWorkflowTest, TellsOfALaterReturnAnew) {
  const std::int64_t friday = absl::ToUnixSeconds(TestNow() + absl::Hours(50));
  Journal journal = Routed(Open(TestRequest()), policy_, friday, TestNow());
  for (const char* done : {"T5-inform-person", "T5-leave-message"}) {
    Complete(done, TestNow() + absl::Minutes(1), journal);
  }
  const auto told = [&](std::int64_t back_seconds, int hours) {
    auto more = ConsentGiven("contact-1");
    more.mutable_facts()->mutable_route()->mutable_available_from()->set_seconds(back_seconds);
    const absl::Time now = TestNow() + absl::Hours(hours);
    journal = Routed(WithFacts(journal, more, policy_, now), policy_, back_seconds, now);
  };
  told(friday, 1);
  ASSERT_EQ(ActionIn(journal, "T5-inform-person").state(), v1::ACTION_STATE_DONE);
  told(friday + 1'000'000, 2);
  EXPECT_EQ(ActionIn(journal, "T5-inform-person").state(), v1::ACTION_STATE_OPEN);
  EXPECT_EQ(ActionIn(journal, "T5-leave-message").state(), v1::ACTION_STATE_DONE);
}

TEST_F(ContactWorkflowTest, ListsThatArriveReplaceTheEarlierLists) {
  auto request = TestRequest();
  request.mutable_facts()->mutable_referral()->mutable_person_view()->add_needs("Washing");
  auto facts = ConsentGiven("contact-1");
  facts.mutable_facts()->mutable_referral()->mutable_person_view()->add_needs("Company");
  const Journal after = WithFacts(Open(request), facts, policy_, TestNow());
  EXPECT_THAT(after.contact.facts().referral().person_view().needs(), ElementsAre("Company"));
  EXPECT_EQ(after.contact.facts().would_benefit(), asc::type::v1::ANSWER_YES);
}

TEST_F(ContactWorkflowTest, TriesAgainLaterAndLater) {
  StoredStep step = RunnableSteps(Open(TestRequest()), policy_, TestNow())[0];
  absl::Duration last = absl::ZeroDuration();
  for (int attempt = 1; attempt <= 40; ++attempt) {
    step = Failed(step, absl::UnavailableError("down"), TestNow(), 1.0);
    ASSERT_EQ(step.state(), v1::STEP_STATE_WAITING);
    Journal journal;
    Put(journal, step);
    const absl::Duration wait = NextAttempt(journal) - TestNow();
    EXPECT_GE(wait, last);
    EXPECT_LE(wait, kRetryMax);
    last = wait;
  }
  EXPECT_EQ(last, kRetryMax);
}

TEST_F(ContactWorkflowTest, WaitsWhileItIsNotKnownWhetherTheRiskIsImmediate) {
  const auto actions = [this](const std::string& hold) {
    StoredStep step;
    step.set_kind(v1::STEP_KIND_ADVOCACY_HOLD);
    step.set_response(FromText<asc::advocacy::v1::CheckHoldResponse>(hold).SerializeAsString());
    EXPECT_TRUE(RulesOf(v1::STEP_KIND_ADVOCACY_HOLD)->read(policy_, step));
    return step.actions_size();
  };
  // The waiting, and to find the advocate.
  EXPECT_EQ(actions("hold { outcome: HOLD_OUTCOME_HELD }"), 2);
  EXPECT_EQ(actions("hold { outcome: HOLD_OUTCOME_CANNOT_TELL"
                    " questions { field: 'immediate_risk' rule_id: 'A8' } }"),
            2);
  EXPECT_EQ(actions("hold { outcome: HOLD_OUTCOME_MAY_PROCEED_URGENTLY }"), 1);
  EXPECT_EQ(actions("hold { outcome: HOLD_OUTCOME_CANNOT_TELL"
                    " questions { field: 'facts.limbs' rule_id: 'A1' } }"),
            1);
  EXPECT_EQ(actions("hold { outcome: HOLD_OUTCOME_MAY_PROCEED }"), 0);
}

TEST_F(ContactWorkflowTest, ParksWhatIsRefusedForGood) {
  const StoredStep step = RunnableSteps(Open(TestRequest()), policy_, TestNow())[0];
  rpc::Violations violations;
  violations.Add("worker_id", "too long");
  const StoredStep parked = Failed(step, violations.ToStatus(), TestNow(), 0.5);
  EXPECT_EQ(parked.state(), v1::STEP_STATE_PARKED);
  EXPECT_EQ(parked.failure(), "INVALID_ARGUMENT worker_id");
  Journal journal = Open(TestRequest());
  Put(journal, parked);
  EXPECT_THAT(RunnableKinds(journal), ElementsAre(v1::STEP_KIND_REFERRAL, v1::STEP_KIND_ADVOCACY));
}

// What a service refuses is asked for where the contact asks for it, not where the service does.
TEST_F(ContactWorkflowTest, AsksAgainForWhatAServiceRefuses) {
  const auto runnable = RunnableSteps(Open(TestRequest()), policy_, TestNow());
  rpc::Violations violations;
  violations.Add("details.lawful_basis.consent.given", "somebody else's words");
  violations.Add("details.person_view.issue", "somebody else's words");
  const StoredStep parked = Failed(runnable[1], violations.ToStatus(), TestNow(), 0.5);
  ASSERT_EQ(parked.kind(), v1::STEP_KIND_REFERRAL);
  Journal journal = Open(TestRequest());
  Put(journal, parked);
  const v1::Contact contact = Present(journal);
  EXPECT_THAT(Fields(contact.questions()),
              ElementsAre("facts.lawful_basis.consent.given", "facts.referral.person_view.issue"));
  EXPECT_EQ(contact.questions(0).text().find("somebody"), std::string::npos);
}

// Each spoils one thing of facts that are good; the fields are those of the contact.
TEST_F(ContactWorkflowTest, RefusesFactsThatContradictEachOther) {
  const std::vector<std::pair<std::string, std::string>> kSpoiled = {
      {"contacting { role: CONTACTING_ROLE_OTHER } "
       "facts { lawful_basis { made_by_the_person: ANSWER_YES } }",
       "contacting.full_name"},
      {"facts { lawful_basis { consent { how: CONSENT_FORM_SPOKEN } } }",
       "facts.lawful_basis.consent.how"},
      {"facts { referral { prevention { any: ANSWER_NO services { name: 's' } } } }",
       "facts.referral.prevention.any"},
      {"facts { referral { referrer { type: REQUESTER_TYPE_SELF } } }",
       "facts.referral.referrer.type"},
      {"person { born_on: '1850-01-01' }", "person.born_on"},
      {"received_at { seconds: 4000000000 }", "received_at"},
      {"facts { route { available_now: ANSWER_YES return_known: ANSWER_YES "
       "available_from { seconds: 4000000000 } } }",
       "facts.route.available_from"},
      {"facts { charging { items { item_id: 'a' starts_on: '2025-02-01' ends_on: '2025-01-01' } } "
       "}",
       "facts.charging.items[item_id=a].ends_on"},
      {"facts { funding { emergency: ANSWER_YES urgent { cannot_wait: ANSWER_NO } } }",
       "facts.funding.urgent.cannot_wait"},
      {"facts { advocacy { appropriate_person { exists: ANSWER_NO willing_and_able: ANSWER_YES } } "
       "}",
       "facts.advocacy.appropriate_person.willing_and_able"},
      {"facts { review { has_plan: ANSWER_NO reablement_plan: ANSWER_YES } }",
       "facts.review.reablement_plan"},
      {"kind: CONTACT_KIND_WRITTEN_REFERRAL", "kind"},
      {"facts { advice_given { content { given_at { seconds: 4000000000 } } } }",
       "facts.advice_given.content.given_at"},
      {"facts { advice_given { content { given_at { seconds: 9 } } "
       "follow_up { due_at { seconds: 8 } } } }",
       "facts.advice_given.follow_up.due_at"},
  };
  for (const auto& [spoiling, field] : kSpoiled) {
    v1::OpenContactRequest request = TestRequest();
    rpc::Violations none;
    CheckFacts(ContactOf(request, TestNow()), TestNow(), none);
    ASSERT_TRUE(none.empty());
    ASSERT_TRUE(google::protobuf::TextFormat::Parser().MergeFromString(spoiling, &request))
        << spoiling;
    rpc::Violations found;
    CheckFacts(ContactOf(request, TestNow()), TestNow(), found);
    EXPECT_THAT(FieldsOf(found.ToStatus()), ElementsAre(field)) << spoiling;
  }
}

TEST_F(ContactWorkflowTest, HoldsTheProcessAndAsksWhoItIsWhileNobodyIsIdentified) {
  auto request = TestRequest();
  request.clear_person();
  request.mutable_person()->set_postcode("S60 1AA");
  request.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_YES);
  const Journal unknown = RunAll(Open(request));
  const v1::Contact asked = Present(unknown);
  EXPECT_THAT(asked.advocacy_need_id(), IsEmpty());
  EXPECT_THAT(Fields(asked.questions()),
              ElementsAre("facts.lawful_basis.consent.given", "person.full_name"));
  EXPECT_THAT(OpenActions(asked), ElementsAre("T8-best-placed", "A2-refer", "A8-wait"));
  auto named = ConsentGiven("contact-1");
  named.mutable_person()->set_full_name("Walter Example");
  const v1::Contact contact = Present(RunAll(WithFacts(unknown, named, policy_, TestNow())));
  EXPECT_EQ(contact.advocacy_need_id(), "need-1");
  EXPECT_THAT(contact.questions(), IsEmpty());
  EXPECT_THAT(OpenActions(contact),
              ElementsAre("T8-best-placed", "R3-pass-on", "A2-refer", "A8-wait"));
}

// An advocate is due in a process; without one there is nothing to refer for.
TEST_F(ContactWorkflowTest, DropsTheAdvocateWithTheProcess) {
  const auto actions = [this](const v1::OpenContactRequest& request) {
    Journal journal = Open(request);
    const StoredStep asked = RunnableSteps(journal, policy_, TestNow())[1];
    Put(journal, Answered(asked,
                          FromText<asc::referral::v1::OpenReferralResponse>(
                              "decision { outcome: OUTCOME_REFUSED }")
                              .SerializeAsString(),
                          policy_, TestNow()));
    Settle(journal, policy_, TestNow());
    return OpenActions(Present(RunAll(journal)));
  };
  auto request = TestRequest();
  request.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_YES);
  EXPECT_THAT(actions(request), ElementsAre("T8-best-placed", "I1-tell-not-taken"));
  request.mutable_facts()->mutable_advocacy()->set_process(
      asc::advocacy::v1::PROCESS_SAFEGUARDING_ENQUIRY);
  EXPECT_THAT(actions(request),
              ElementsAre("T8-best-placed", "I1-tell-not-taken", "A2-refer", "A8-wait"));
}

TEST_F(ContactWorkflowTest, GivesNobodyInformationTwice) {
  auto request = TestRequest();
  request.clear_asks();
  request.clear_facts();
  request.add_asks(v1::ASK_INFORMATION);
  const Journal open = Open(request);
  auto told = ConsentGiven("contact-1");
  told.clear_facts();
  told.mutable_facts()->mutable_advice_given()->mutable_content()->set_advice("Where to ask.");
  EXPECT_THAT(OpenActions(Present(WithFacts(open, told, policy_, TestNow()))),
              ElementsAre("I6-agree-follow-up"));
  told.mutable_facts()->mutable_advice_given()->mutable_follow_up()->set_declined(
      asc::type::v1::ANSWER_YES);
  EXPECT_THAT(OpenActions(Present(WithFacts(open, told, policy_, TestNow()))), IsEmpty());
}

TEST_F(ContactWorkflowTest, KnowsWhatARecordIsMadeOf) {
  auto request = TestRequest();
  request.mutable_facts()->mutable_advice_given()->mutable_content()->set_advice("Where to ask.");
  Journal journal = Open(request);
  v1::Contact same = journal.contact;
  EXPECT_THAT(FixedFactsChanged(journal, same), IsEmpty());
  v1::Contact other = journal.contact;
  other.mutable_facts()->mutable_advice_given()->mutable_content()->set_advice("Whom to ask.");
  // Already while it is being made.
  ASSERT_THAT(FixedFactsChanged(journal, other), ::testing::SizeIs(1));
  EXPECT_EQ(FixedFactsChanged(journal, other)[0].field, "facts.advice_given");
  // What was refused may be said in another way.
  for (const StoredStep& step : RunnableSteps(journal, policy_, TestNow())) {
    if (step.kind() != v1::STEP_KIND_ADVICE_RECORD) continue;
    Put(journal, Failed(step, absl::InvalidArgumentError("no"), TestNow(), 0.5));
  }
  EXPECT_THAT(FixedFactsChanged(journal, other), IsEmpty());
}

TEST_F(ContactWorkflowTest, KeepsAReferralThatWasOpenAlreadyAsThat) {
  auto request = TestRequest();
  Journal journal = Open(request);
  const StoredStep asked = RunnableSteps(journal, policy_, TestNow())[1];
  Put(journal, Answered(asked,
                        FromText<asc::referral::v1::OpenReferralResponse>(
                            "decision { outcome: OUTCOME_PERMITTED } already_open: true "
                            "referral { referral_id: 'referral-9' }")
                            .SerializeAsString(),
                        policy_, TestNow()));
  Settle(journal, policy_, TestNow());
  const v1::Contact contact =
      Present(RunAll(WithFacts(RunAll(journal), ConsentGiven("contact-1"), policy_, TestNow())));
  EXPECT_THAT(contact.outcomes(), ::testing::Contains(v1::OUTCOME_REFERRAL_ALREADY_OPEN));
  EXPECT_THAT(contact.outcomes(), ::testing::Not(::testing::Contains(v1::OUTCOME_REFERRAL_OPENED)));
  EXPECT_THAT(OpenActions(contact), ElementsAre("T8-best-placed", "R6-add-to-referral"));
}

// R6: of somebody who may be the same people see whether they are, also once more is known.
TEST_F(ContactWorkflowTest, HasPeopleSeeWhetherALookalikeIsThePerson) {
  Journal journal = RunAll(Open(TestRequest()), v1::STEP_KIND_REFERRAL,
                           FromText<asc::referral::v1::OpenReferralResponse>(
                               "decision { outcome: OUTCOME_PERMITTED } "
                               "referral { referral_id: 'referral-9' } "
                               "possible_duplicates { referral_id: 'referral-7' } "
                               "possible_duplicates { referral_id: 'referral-8' }")
                               .SerializeAsString());
  for (const bool more : {false, true}) {
    if (more) journal = RunAll(WithFacts(journal, ConsentGiven("contact-1"), policy_, TestNow()));
    const v1::Contact contact = Present(journal);
    EXPECT_THAT(OpenActions(contact), ::testing::Contains("R6-see-who-it-is"));
    for (const v1::Action& action : contact.actions()) {
      if (action.action_id() != "R6-see-who-it-is") continue;
      EXPECT_THAT(action.text(), ::testing::EndsWith(" Open: referral-7, referral-8."));
    }
  }
}

// R6: a referral that was open already stands on what others told, not on this contact.
TEST_F(ContactWorkflowTest, LeavesAReferralAloneThatStandsOnAnotherContact) {
  Journal journal = Open(TestRequest());
  Put(journal, Answered(RunnableSteps(journal, policy_, TestNow())[1],
                        FromText<asc::referral::v1::OpenReferralResponse>(
                            "decision { outcome: OUTCOME_PERMITTED } already_open: true "
                            "referral { referral_id: 'referral-9' }")
                            .SerializeAsString(),
                        policy_, TestNow()));
  auto refused = ConsentGiven("contact-1");
  refused.mutable_facts()->mutable_lawful_basis()->mutable_consent()->set_given(
      asc::type::v1::ANSWER_NO);
  const Journal told = RunAll(
      WithFacts(RunAll(journal), refused, policy_, TestNow()), v1::STEP_KIND_REFERRAL,
      FromText<asc::referral::v1::CheckReferralResponse>("decision { outcome: OUTCOME_REFUSED }")
          .SerializeAsString());
  EXPECT_THAT(OpenActions(Present(told)), ElementsAre("T8-best-placed", "R6-add-to-referral"));
}

TEST_F(ContactWorkflowTest, TellsWhyAServiceRefusesAndWhatToDoAboutIt) {
  const Journal opened =
      RunAll(WithFacts(RunAll(Open(TestRequest())), ConsentGiven("contact-1"), policy_, TestNow()));
  auto more = ConsentGiven("contact-1");
  more.mutable_facts()->mutable_referral()->mutable_person_view()->set_issue("Stairs.");
  Journal journal = WithFacts(opened, more, policy_, TestNow());
  for (const StoredStep& step : RunnableSteps(journal, policy_, TestNow())) {
    if (step.kind() != v1::STEP_KIND_REFERRAL_UPDATE) journal = After(journal, step);
  }
  for (const StoredStep& step : RunnableSteps(journal, policy_, TestNow())) {
    ASSERT_EQ(step.kind(), v1::STEP_KIND_REFERRAL_UPDATE);
    Put(journal, Failed(step,
                        rpc::PreconditionFailed("REFERRAL_STATUS", "referral-1",
                                                "a completed referral is not updated"),
                        TestNow(), 0.5));
  }
  Settle(journal, policy_, TestNow());
  const v1::Contact contact = Present(journal);

  EXPECT_EQ(contact.status(), v1::CONTACT_STATUS_NEEDS_ATTENTION);
  const v1::Step& parked = *contact.steps().rbegin();
  EXPECT_EQ(parked.failure(), "FAILED_PRECONDITION REFERRAL_STATUS");
  ASSERT_EQ(parked.decision().reasons_size(), 1);
  EXPECT_EQ(parked.decision().reasons(0).text(),
            "The referral service refuses this: a completed referral is not updated.");
  const auto& actions = contact.actions();
  const auto told = std::find_if(actions.begin(), actions.end(), [](const v1::Action& action) {
    return action.step() == v1::STEP_KIND_REFERRAL_UPDATE;
  });
  ASSERT_NE(told, actions.end());
  EXPECT_EQ(told->state(), v1::ACTION_STATE_OPEN);
  EXPECT_THAT(told->text(), ::testing::HasSubstr("a completed referral is not updated. Tell"));
}

// What has been withdrawn stays withdrawn: once people have settled what the contact had to add,
// nothing is left of it, until there is more to add.
TEST_F(ContactWorkflowTest, IsDoneWithARefusalThatPeopleHaveSettled) {
  Journal journal =
      RunAll(WithFacts(RunAll(Open(TestRequest())), ConsentGiven("contact-1"), policy_, TestNow()));
  absl::Time now = TestNow();
  const auto refused = [&](const char* issue) {
    auto more = ConsentGiven("contact-1");
    more.mutable_facts()->mutable_referral()->mutable_person_view()->set_issue(issue);
    now += absl::Hours(1);
    journal = RunWith(WithFacts(journal, more, policy_, now), policy_, now, [&](const auto& step) {
      return step.kind() == v1::STEP_KIND_REFERRAL_UPDATE
                 ? Failed(step, rpc::PreconditionFailed("STATUS", "r", "withdrawn"), now, 0.5)
                 : Answered(step, TestAnswer(step.method(), step.request()), policy_, now);
    });
  };
  refused("Stairs.");
  ASSERT_EQ(journal.contact.status(), v1::CONTACT_STATUS_NEEDS_ATTENTION);
  EXPECT_EQ(ActionIn(journal, "refused-14").due_at().seconds(), absl::ToUnixSeconds(now));
  for (v1::Action& action : journal.actions) {
    action.set_state(v1::ACTION_STATE_DONE);
    action.mutable_completed_at()->set_seconds(absl::ToUnixSeconds(now) + 60);
  }
  Settle(journal, policy_, now + absl::Minutes(1));
  EXPECT_EQ(journal.contact.status(), v1::CONTACT_STATUS_COMPLETED);
  refused("The bath.");
  EXPECT_EQ(ActionIn(journal, "refused-14").state(), v1::ACTION_STATE_OPEN);
  EXPECT_EQ(journal.contact.status(), v1::CONTACT_STATUS_NEEDS_ATTENTION);
}

// Another's server may fill a status with anything.
TEST_F(ContactWorkflowTest, TellsNoWordsThatAreNoText) {
  const StoredStep step = RunnableSteps(Open(TestRequest()), policy_, TestNow())[0];
  const auto failed = [&step](const char* reason, const std::string& words) {
    return Failed(step, rpc::PreconditionFailed(reason, "subject", words), TestNow(), 0.5);
  };
  EXPECT_THAT(failed("A_REASON", "\x01\xff").decision().reasons(0).text(),
              ::testing::EndsWith(": A_REASON."));
  EXPECT_THAT(failed("A_REASON", std::string(301, 'x')).decision().reasons(0).text(),
              ::testing::EndsWith(": A_REASON."));
  for (const char* reason : {"", "Edna Example", "lower"}) {
    EXPECT_EQ(failed(reason, "words").failure(), "FAILED_PRECONDITION");
    EXPECT_THAT(failed(reason, "words").decision().reasons(), IsEmpty());
  }
}

TEST_F(ContactWorkflowTest, KnowsWhoRefersWhenThePersonMakesContact) {
  const auto sent = [](const std::string& facts) {
    auto request = TestRequest();
    request.mutable_contacting()->set_role(v1::CONTACTING_ROLE_SELF);
    *request.mutable_facts() = FromText<v1::ContactFacts>(facts);
    return DetailsOf(ContactOf(request, TestNow())).lawful_basis().made_by_the_person();
  };
  EXPECT_EQ(sent(""), asc::type::v1::ANSWER_YES);
  EXPECT_EQ(sent("lawful_basis { made_by_the_person: ANSWER_UNKNOWN }"), asc::type::v1::ANSWER_YES);
  // Another refers, or the person will not have it.
  EXPECT_EQ(sent("referral { referrer { full_name: 'N' } }"), asc::type::v1::ANSWER_UNSPECIFIED);
  EXPECT_EQ(sent("referral { referrer_view { issue: 'i' } }"), asc::type::v1::ANSWER_UNSPECIFIED);
  EXPECT_EQ(sent("lawful_basis { consent { given: ANSWER_NO } }"),
            asc::type::v1::ANSWER_UNSPECIFIED);
  EXPECT_EQ(sent("lawful_basis { made_by_the_person: ANSWER_NO } referral { referrer {} }"),
            asc::type::v1::ANSWER_NO);
}

TEST_F(ContactWorkflowTest, AsksNothingThatNoFactOfAContactAnswers) {
  auto request = TestRequest();
  request.add_asks(v1::ASK_INFORMATION);
  request.mutable_facts()->mutable_information()->set_words("memory");
  Journal journal = Open(request);
  for (const StoredStep& step : RunnableSteps(journal, policy_, TestNow())) {
    if (step.kind() != v1::STEP_KIND_INFORMATION) continue;
    const auto found = FromText<asc::directory::v1::SearchServicesResponse>(
        "hits { service { service_id: 's' } questions { field: 'circumstances' text: 'For: them' }"
        "       questions { field: 'circumstances.tenant' text: 'A tenant?' } }");
    Put(journal, Answered(step, found.SerializeAsString(), policy_, TestNow()));
  }
  EXPECT_THAT(
      Fields(Present(journal).still_to_gather()),
      ::testing::AllOf(::testing::Contains("facts.information.circumstances.tenant"),
                       ::testing::Not(::testing::Contains("facts.information.circumstances"))));
}

TEST_F(ContactWorkflowTest, ParksAFaultThatStays) {
  StoredStep step = RunnableSteps(Open(TestRequest()), policy_, TestNow())[0];
  for (int attempt = 1; attempt < kFaultAttemptsMax; ++attempt) {
    step = Failed(step, absl::InternalError("broken"), TestNow(), 0.5);
    EXPECT_EQ(step.state(), v1::STEP_STATE_WAITING);
  }
  EXPECT_EQ(Failed(step, absl::InternalError("broken"), TestNow(), 0.5).state(),
            v1::STEP_STATE_PARKED);
}

TEST_F(ContactWorkflowTest, ParksAnAnswerThatCannotBeRead) {
  const StoredStep step = RunnableSteps(Open(TestRequest()), policy_, TestNow())[0];
  EXPECT_EQ(Answered(step, "\xff\xff not a message", policy_, TestNow()).state(),
            v1::STEP_STATE_PARKED);
}

// What a caller sees, without what depends on how often and when it was written.
std::string Seen(const Journal& journal) {
  v1::Contact contact = Present(journal);
  contact.clear_version();
  contact.clear_etag();
  for (auto& step : *contact.mutable_steps()) {
    step.clear_attempts();
    step.clear_facts_revision();
    step.clear_next_attempt_at();
  }
  std::string text;
  google::protobuf::TextFormat::PrintToString(contact, &text);
  return text;
}

// Every fact that makes a step of its own: residence, an advocate, prevention, money.
v1::OpenContactRequest ManyStepsRequest() {
  auto request = TestRequest("milton-keynes");
  request.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_YES);
  request.mutable_facts()->mutable_referral()->clear_prevention();
  request.mutable_facts()->mutable_referral()->clear_information();
  // Without it the referral would not wait for residence.
  request.mutable_facts()->mutable_referral()->mutable_residence()->set_appearance_of_need(
      asc::type::v1::ANSWER_NO);
  return request;
}

v1::AddFactsRequest ConsentAndResidence() {
  auto request = ConsentGiven("contact-1");
  request.mutable_facts()->mutable_referral()->mutable_residence()->set_ordinarily_resident_here(
      asc::type::v1::ANSWER_YES);
  return request;
}

// Walks through every order in which steps can end, each may fail once on the way, and facts may
// arrive at any moment; collects what is seen at every end.
class EveryOrder {
 public:
  EveryOrder(const v1::GatewayPolicy& policy, v1::AddFactsRequest late)
      : policy_(policy), late_(std::move(late)) {}

  void Walk(const Journal& journal, bool facts_to_come, int failures_left) {
    // What follows depends on nothing but this.
    if (!seen_.insert(StateOf(journal, facts_to_come, failures_left)).second) return;
    const auto runnable = RunnableSteps(journal, policy_, TestNow() + absl::Hours(1));
    if (runnable.empty() && !facts_to_come) {
      EXPECT_TRUE(Settled(journal));
      ends_.insert(Seen(journal));
      return;
    }
    if (facts_to_come) {
      Walk(WithFacts(journal, late_, policy_, TestNow()), false, failures_left);
    }
    for (const auto& step : runnable) {
      Journal answered = journal;
      Put(answered, Answered(step, TestAnswer(step.method(), step.request()), policy_, TestNow()));
      Intend(answered, policy_, TestNow());
      Settle(answered, policy_, TestNow());
      Walk(answered, facts_to_come, failures_left);
      if (failures_left == 0) continue;
      Journal failed = journal;
      Put(failed, Failed(step, absl::UnavailableError("down"), TestNow(), 0.5));
      Settle(failed, policy_, TestNow());
      Walk(failed, facts_to_come, failures_left - 1);
    }
  }

  const std::set<std::string>& ends() const { return ends_; }
  std::size_t states() const { return seen_.size(); }

 private:
  static std::string StateOf(const Journal& journal, bool facts_to_come, int failures_left) {
    std::string state = std::to_string(failures_left) + (facts_to_come ? "f" : "");
    for (const auto& step : journal.steps) state += step.SerializeAsString() + "\n";
    for (const auto& action : journal.actions) state += action.SerializeAsString() + "\n";
    return state;
  }

  const v1::GatewayPolicy& policy_;
  const v1::AddFactsRequest late_;
  std::set<std::string> ends_;
  std::set<std::string> seen_;
};

TEST_F(ContactWorkflowTest, EveryOrderOfCompletionEndsTheSame) {
  policy_ = ShippedPolicy("milton-keynes");
  EveryOrder orders(policy_, ConsentAndResidence());
  orders.Walk(Open(ManyStepsRequest()), /*facts_to_come=*/true, /*failures_left=*/1);
  EXPECT_GT(orders.states(), 200U);
  EXPECT_EQ(orders.ends().size(), 1U) << *orders.ends().begin() << "\n---\n"
                                      << *orders.ends().rbegin();
}

TEST_F(ContactWorkflowTest, EveryOrderEndsTheSameWhenItIsSaidLateWhoThePersonIs) {
  policy_ = ShippedPolicy("milton-keynes");
  auto unknown = ManyStepsRequest();
  unknown.clear_person();
  auto named = ConsentAndResidence();
  named.mutable_person()->set_full_name("Walter Example");
  EveryOrder orders(policy_, named);
  orders.Walk(Open(unknown), /*facts_to_come=*/true, /*failures_left=*/1);
  EXPECT_GT(orders.states(), 200U);
  EXPECT_EQ(orders.ends().size(), 1U) << *orders.ends().begin() << "\n---\n"
                                      << *orders.ends().rbegin();
}

TEST_F(ContactWorkflowTest, LooksAtResidenceBeforeANewReferral) {
  policy_ = ShippedPolicy("milton-keynes");
  const Journal opened = Open(ManyStepsRequest());
  EXPECT_THAT(RunnableKinds(opened),
              ElementsAre(v1::STEP_KIND_ROUTE, v1::STEP_KIND_ORDINARY_RESIDENCE,
                          v1::STEP_KIND_PREVENTION, v1::STEP_KIND_ADVOCACY));
  const v1::Contact asked = Present(RunAll(opened));
  EXPECT_THAT(Fields(asked.questions()),
              ElementsAre("facts.referral.residence.ordinarily_resident_here"));
  EXPECT_THAT(asked.referral_id(), IsEmpty());
  const v1::Contact told =
      Present(RunAll(WithFacts(RunAll(opened), ConsentAndResidence(), policy_, TestNow())));
  EXPECT_EQ(told.referral_id(), "referral-1");
}

TEST_F(ContactWorkflowTest, WaitsForNoResidenceWhereHelpWouldBenefit) {
  policy_ = ShippedPolicy("milton-keynes");
  auto request = TestRequest("milton-keynes");
  request.mutable_facts()->mutable_lawful_basis()->set_made_by_the_person(asc::type::v1::ANSWER_NO);
  request.mutable_facts()->mutable_lawful_basis()->mutable_consent()->set_given(
      asc::type::v1::ANSWER_YES);
  auto& residence = *request.mutable_facts()->mutable_referral()->mutable_residence();
  // Left out; asked, and nobody knows.
  for (const auto here : {asc::type::v1::ANSWER_UNSPECIFIED, asc::type::v1::ANSWER_UNKNOWN}) {
    for (const auto need : {asc::type::v1::ANSWER_UNSPECIFIED, asc::type::v1::ANSWER_UNKNOWN}) {
      residence.set_ordinarily_resident_here(here);
      residence.set_appearance_of_need(need);
      const v1::Contact contact = Present(RunAll(Open(request)));
      EXPECT_EQ(contact.referral_id(), "referral-1") << residence.ShortDebugString();
      EXPECT_THAT(Fields(contact.questions()), IsEmpty());
      EXPECT_THAT(Fields(contact.still_to_gather()),
                  ::testing::Contains("facts.referral.residence.ordinarily_resident_here"));
    }
  }
}

TEST_F(ContactWorkflowTest, TakesNoNeedForGrantedWhereNobodySaysThatHelpWouldBenefit) {
  policy_ = ShippedPolicy("milton-keynes");
  const auto need_sent = [&](asc::type::v1::Answer would_benefit, asc::type::v1::Answer said) {
    auto request = TestRequest("milton-keynes");
    request.mutable_facts()->set_would_benefit(would_benefit);
    request.mutable_facts()->mutable_referral()->mutable_residence()->set_appearance_of_need(said);
    asc::referral::v1::CheckOrdinaryResidenceRequest sent;
    for (const StoredStep& step : RunnableSteps(Open(request), policy_, TestNow())) {
      if (step.kind() == v1::STEP_KIND_ORDINARY_RESIDENCE) sent.ParseFromString(step.request());
    }
    return sent.residence().appearance_of_need();
  };
  using asc::type::v1::ANSWER_NO;
  using asc::type::v1::ANSWER_UNKNOWN;
  using asc::type::v1::ANSWER_YES;
  EXPECT_EQ(need_sent(ANSWER_UNKNOWN, ANSWER_UNKNOWN), ANSWER_UNKNOWN);
  EXPECT_EQ(need_sent(ANSWER_UNKNOWN, ANSWER_YES), ANSWER_YES);
  EXPECT_EQ(need_sent(ANSWER_YES, ANSWER_UNKNOWN), ANSWER_YES);
  EXPECT_EQ(need_sent(ANSWER_YES, ANSWER_NO), ANSWER_NO);
}

TEST_F(ContactWorkflowTest, TellsPeopleOfAReferralForSomebodyWhoTurnsOutToBelongElsewhere) {
  policy_ = ShippedPolicy("milton-keynes");
  auto request = TestRequest("milton-keynes");
  request.mutable_facts()->mutable_lawful_basis()->mutable_consent()->set_given(
      asc::type::v1::ANSWER_YES);
  const Journal opened = RunAll(Open(request));
  EXPECT_THAT(OpenActions(Present(opened)), ::testing::Contains("R3-pass-on"));

  auto elsewhere = ConsentGiven("contact-1", "milton-keynes");
  elsewhere.mutable_facts()->mutable_referral()->mutable_residence()->set_ordinarily_resident_here(
      asc::type::v1::ANSWER_NO);
  const v1::Contact contact = Present(RunAll(WithFacts(opened, elsewhere, policy_, TestNow())));

  EXPECT_EQ(contact.referral_id(), "referral-1");
  EXPECT_THAT(OpenActions(contact), ::testing::Contains("R0a-reconsider"));
  EXPECT_THAT(OpenActions(contact), ::testing::Not(::testing::Contains("R3-pass-on")));
}

TEST_F(ContactWorkflowTest, HoldsTheProcessOnceAnAdvocateIsDue) {
  auto request = TestRequest();
  request.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_YES);
  const Journal journal = RunAll(Open(request));
  const v1::Contact contact = Present(journal);
  EXPECT_EQ(contact.advocacy_need_id(), "need-1");
  EXPECT_THAT(OpenActions(contact), ::testing::IsSupersetOf({"A2-refer", "A8-wait"}));
  // An advocate may have been found meanwhile, so the hold is asked about again with any fact.
  auto more = ConsentGiven("contact-1");
  EXPECT_THAT(RunnableKinds(WithFacts(journal, more, policy_, TestNow())),
              ::testing::Contains(v1::STEP_KIND_ADVOCACY_HOLD));
}

// A1: nobody is put on record with an advocate due before it is known whether a process follows.
TEST_F(ContactWorkflowTest, PutsNobodyOnRecordWhileItIsAskedWhetherAProcessFollows) {
  auto request = TestRequest();
  request.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_YES);
  Journal journal = Open(request);
  for (const StoredStep& step : RunnableSteps(journal, policy_, TestNow())) {
    if (step.kind() == v1::STEP_KIND_ADVOCACY) journal = After(journal, step);
  }
  EXPECT_THAT(OpenActions(Present(journal)), ::testing::Contains("A2-refer"));
  EXPECT_THAT(RunnableKinds(journal),
              ::testing::Not(::testing::Contains(v1::STEP_KIND_ADVOCACY_NEED)));
  for (const StoredStep& step : RunnableSteps(journal, policy_, TestNow())) {
    if (step.kind() == v1::STEP_KIND_REFERRAL) journal = After(journal, step);
  }
  EXPECT_THAT(RunnableKinds(journal), ::testing::Contains(v1::STEP_KIND_ADVOCACY_NEED));
}

TEST_F(ContactWorkflowTest, HoldsNothingOnceTheDutyHasFallenAway) {
  auto request = TestRequest();
  request.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_YES);
  const Journal held = RunAll(Open(request));
  auto less = ConsentGiven("contact-1");
  less.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_NO);
  const v1::Contact contact = Present(RunAll(WithFacts(held, less, policy_, TestNow())));
  EXPECT_EQ(contact.advocacy_need_id(), "need-1");
  EXPECT_THAT(OpenActions(contact), ElementsAre("T8-best-placed", "R3-pass-on", "A1-reconsider"));
}

std::string HoldAnswer(const std::string& outcome) {
  return FromText<asc::advocacy::v1::CheckHoldResponse>(
             absl::StrCat("hold { outcome: HOLD_OUTCOME_", outcome, " }"))
      .SerializeAsString();
}

TEST_F(ContactWorkflowTest, IsNotCompletedByWhoeverTicksOffTheWaiting) {
  const Journal held = Held();
  const Journal ticked = Done(held, {"R3-pass-on", "A2-refer", "A8-wait"});
  EXPECT_EQ(ActionIn(ticked, "A8-wait").state(), v1::ACTION_STATE_DONE);
  EXPECT_EQ(ticked.contact.status(), v1::CONTACT_STATUS_IN_PROGRESS);
  for (const char* still : {"HELD", "CANNOT_TELL"}) {
    const Journal asked = RunAll(ticked, v1::STEP_KIND_ADVOCACY_HOLD, HoldAnswer(still));
    EXPECT_EQ(asked.contact.status(), v1::CONTACT_STATUS_AWAITING_PEOPLE) << still;
    EXPECT_THAT(OpenActions(Present(asked)), ElementsAre("A8-wait")) << still;
    EXPECT_EQ(ActionIn(asked, "A8-wait").due_at().DebugString(),
              ActionIn(held, "A8-wait").due_at().DebugString());
  }
  const Journal found = RunAll(ticked, v1::STEP_KIND_ADVOCACY_HOLD, HoldAnswer("MAY_PROCEED"));
  EXPECT_EQ(found.contact.status(), v1::CONTACT_STATUS_COMPLETED);
  EXPECT_EQ(ActionIn(found, "A8-wait").state(), v1::ACTION_STATE_DONE);
  EXPECT_EQ(ActionIn(found, "A8-wait").completed_by(), "somebody");
}

TEST_F(ContactWorkflowTest, AsksAboutTheHoldAgainOnceAnAdvocateWasReferredTo) {
  const Journal referred = Done(Held(), {"R3-pass-on", "A2-refer"});
  EXPECT_THAT(RunnableKinds(referred), ::testing::Contains(v1::STEP_KIND_ADVOCACY_HOLD));
  const Journal found = RunAll(referred, v1::STEP_KIND_ADVOCACY_HOLD, HoldAnswer("MAY_PROCEED"));
  EXPECT_EQ(found.contact.status(), v1::CONTACT_STATUS_COMPLETED);
  EXPECT_EQ(ActionIn(found, "A8-wait").state(), v1::ACTION_STATE_WITHDRAWN);
  // Any other action asks nobody anything.
  EXPECT_TRUE(Settled(Done(Held(), {"R3-pass-on"})));
}

TEST_F(ContactWorkflowTest, KeepsTheWaitingOpenWhereNothingIsOnRecordThatCouldHaveChanged) {
  auto request = TestRequest();
  request.clear_person();
  request.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_YES);
  const Journal ticked = Done(RunAll(Open(request)), {"A8-wait"});
  EXPECT_TRUE(Settled(ticked));
  EXPECT_EQ(ActionIn(ticked, "A8-wait").state(), v1::ACTION_STATE_OPEN);
}

TEST_F(ContactWorkflowTest, KeepsTellingPeopleToFindTheAdvocateWhomTheProcessWaitsFor) {
  const Journal held = Held();
  auto taken_back = ConsentGiven("contact-1");
  taken_back.clear_facts();
  taken_back.add_cleared_paths("facts.advocacy");
  const std::string not_known = FromText<asc::advocacy::v1::CheckAdvocacyResponse>(
                                    "decision { outcome: ADVOCACY_OUTCOME_CANNOT_TELL }")
                                    .SerializeAsString();
  const Journal after =
      RunAll(WithFacts(held, taken_back, policy_, TestNow()), v1::STEP_KIND_ADVOCACY, not_known);
  EXPECT_THAT(OpenActions(Present(after)), ElementsAre("R3-pass-on", "A2-refer", "A8-wait"));
  EXPECT_THAT(Present(after).outcomes(), ::testing::Contains(v1::OUTCOME_ADVOCACY));
}

TEST_F(ContactWorkflowTest, TellsPeopleToSettleARecordWhoseDutyHasFallenAway) {
  const std::string base = "decision { outcome: ADVOCACY_OUTCOME_";
  for (const char* outcome : {"NO_DUTY", "POWER"}) {
    auto less = ConsentGiven("contact-1");
    less.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_NO);
    const std::string answer =
        FromText<asc::advocacy::v1::CheckAdvocacyResponse>(base + outcome + " }")
            .SerializeAsString();
    const Journal away =
        RunAll(WithFacts(Held(), less, policy_, TestNow()), v1::STEP_KIND_ADVOCACY, answer);
    EXPECT_THAT(OpenActions(Present(away)), ElementsAre("R3-pass-on", "A1-reconsider"));
    // It holds again.
    auto more = ConsentGiven("contact-1");
    more.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_YES);
    const Journal back = RunAll(WithFacts(away, more, policy_, TestNow()));
    EXPECT_THAT(OpenActions(Present(back)), ElementsAre("R3-pass-on", "A2-refer", "A8-wait"));
  }
}

TEST_F(ContactWorkflowTest, EveryOrderEndsTheSameWhereAHoldIsAskedAboutAgain) {
  const Journal ticked = Done(Held(), {"A2-refer", "A8-wait"});
  auto less = ConsentGiven("contact-1");
  less.mutable_facts()->mutable_advocacy()->set_lacks_capacity(asc::type::v1::ANSWER_NO);
  for (const Journal& begun : {ticked, WithFacts(ticked, less, policy_, TestNow())}) {
    EveryOrder orders(policy_, less);
    orders.Walk(begun, /*facts_to_come=*/false, /*failures_left=*/2);
    EXPECT_GT(orders.states(), 5U);
    EXPECT_EQ(orders.ends().size(), 1U) << *orders.ends().begin() << "\n---\n"
                                        << *orders.ends().rbegin();
  }
}

TEST_F(ContactWorkflowTest, TellsThePersonWhatWasDecidedWhereNothingFollows) {
  for (const char* authority :
       {"rotherham", "wakefield", "standard", "milton-keynes", "hillingdon-carers"}) {
    SCOPED_TRACE(authority);
    policy_ = ShippedPolicy(authority);
    auto request =
        FromText<v1::OpenContactRequest>("asks: ASK_NEW_NEED facts { would_benefit: ANSWER_NO }");
    request.set_authority(authority);
    v1::Contact contact = Present(Open(request));
    EXPECT_EQ(contact.status(), v1::CONTACT_STATUS_AWAITING_PEOPLE);
    EXPECT_THAT(OpenActions(contact), ElementsAre("I1-tell-no-referral"));
    EXPECT_THAT(contact.outcomes(), ElementsAre(v1::OUTCOME_REFERRAL_NOT_TAKEN));
    // A referral was not what it was about.
    request.clear_asks();
    request.add_asks(v1::ASK_MONEY);
    EXPECT_THAT(OpenActions(Present(Open(request))),
                ::testing::Not(::testing::Contains("I1-tell-no-referral")));

    request = FromText<v1::OpenContactRequest>("facts { provider_concern: ANSWER_YES }");
    request.set_authority(authority);
    contact = Present(Open(request));
    EXPECT_THAT(OpenActions(contact), ElementsAre("S3-provider-concern"));
    EXPECT_EQ(contact.steps(0).decision().outcome(), "PROVIDER_CONCERN");
    EXPECT_THAT(contact.outcomes(), ElementsAre(v1::OUTCOME_PROVIDER_CONCERN));

    request = FromText<v1::OpenContactRequest>("asks: ASK_OTHER");
    request.set_authority(authority);
    contact = Present(Open(request));
    EXPECT_THAT(OpenActions(contact), ElementsAre("T8-settle-request"));
    EXPECT_THAT(contact.outcomes(), ElementsAre(v1::OUTCOME_FOR_PEOPLE));

    EXPECT_THAT(ReviewActions(authority, "decision { outcome: OUTCOME_REFUSED }"),
                ElementsAre("I1-tell-not-reviewed"));
  }
}

TEST_F(ContactWorkflowTest, ExpectsNoProcessWhereTheReferralIsNotTaken) {
  auto request = TestRequest();
  request.mutable_facts()->mutable_referral()->clear_prevention();
  Journal journal = Open(request);
  EXPECT_THAT(OpenActions(Present(journal)), ElementsAre("P1-explore-prevention"));
  for (const auto& step : RunnableSteps(journal, policy_, TestNow())) {
    if (step.kind() != v1::STEP_KIND_REFERRAL) continue;
    Put(journal, Answered(step,
                          FromText<asc::referral::v1::OpenReferralResponse>(
                              "decision { outcome: OUTCOME_REFUSED }")
                              .SerializeAsString(),
                          policy_, TestNow()));
  }
  const v1::Contact contact = Present(RunAll(journal));
  EXPECT_THAT(contact.outcomes(), ::testing::Contains(v1::OUTCOME_REFERRAL_NOT_TAKEN));
  EXPECT_THAT(OpenActions(contact), ElementsAre("T8-best-placed", "I1-tell-not-taken"));
}

}  // namespace
}  // namespace asc::gateway
