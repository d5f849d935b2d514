// The cases of asc.gateway.v1: what every front door has to do, ours or another's.

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "asc/gateway/v1/contact.grpc.pb.h"
#include "tests/conformance/records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

namespace v1 = asc::gateway::v1;
using google::protobuf::util::MessageDifferencer;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;
using type::v1::STRENGTH_MUST;

// What a call may take beyond the time it is asked to wait, on a busy machine.
constexpr int kSlackMs = 3000;

v1::ContactService::Stub& Stub() {
  static const auto stub = v1::ContactService::NewStub(TheSubject().channel);
  return *stub;
}

grpc::Status TryOpen(const v1::OpenContactRequest& request, v1::Contact& contact) {
  v1::OpenContactResponse response;
  const grpc::Status status = Stub().OpenContact(NewContext().get(), request, &response);
  contact = response.contact();
  return status;
}

grpc::Status TryOpen(const v1::OpenContactRequest& request) {
  v1::Contact contact;
  return TryOpen(request, contact);
}

v1::Contact Open(const v1::OpenContactRequest& request) {
  v1::Contact contact;
  const grpc::Status status = TryOpen(request, contact);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return contact;
}

grpc::Status TryGet(const std::string& authority, const std::string& id, v1::Contact& contact) {
  v1::GetContactRequest request;
  request.set_authority(authority);
  request.set_contact_id(id);
  v1::GetContactResponse response;
  const grpc::Status status = Stub().GetContact(NewContext().get(), request, &response);
  contact = response.contact();
  return status;
}

v1::Contact Get(const std::string& id) {
  v1::Contact contact;
  const grpc::Status status = TryGet(TheSubject().authority, id, contact);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return contact;
}

// A contact that leads to actions for people: somebody is at risk, and a crime has taken place.
v1::OpenContactRequest ContactWithActions() {
  v1::OpenContactRequest request = PlainContact();
  request.mutable_facts()->set_adult_abuse_or_neglect(ANSWER_YES);
  request.mutable_facts()->set_crime(ANSWER_YES);
  request.mutable_facts()->set_imminent_danger(ANSWER_YES);
  return request;
}

// An open action that has to be done, or one that may be put aside; fails the case without one.
v1::Action OpenAction(const v1::Contact& contact, bool must) {
  for (const auto& action : contact.actions()) {
    const bool is_must = action.strength() == STRENGTH_MUST;
    if (action.state() == v1::ACTION_STATE_OPEN && is_must == must) return action;
  }
  ADD_FAILURE() << "no open action with strength " << (must ? "MUST" : "below MUST") << " in "
                << contact.ShortDebugString();
  return {};
}

v1::ActionState StateOf(const v1::Contact& contact, const std::string& action_id) {
  for (const auto& action : contact.actions()) {
    if (action.action_id() == action_id) return action.state();
  }
  return v1::ACTION_STATE_UNSPECIFIED;
}

v1::CompleteActionRequest Completing(const std::string& contact_id, const std::string& action_id,
                                     v1::ActionResult result) {
  v1::CompleteActionRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_contact_id(contact_id);
  request.set_action_id(action_id);
  request.set_result(result);
  request.set_note("noted by a conformance case");
  return request;
}

grpc::Status TryComplete(const v1::CompleteActionRequest& request,
                         v1::CompleteActionResponse& response) {
  return Stub().CompleteAction(NewContext().get(), request, &response);
}

v1::CompleteActionResponse Complete(const v1::CompleteActionRequest& request) {
  v1::CompleteActionResponse response;
  const grpc::Status status = TryComplete(request, response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

// Of somebody known, who is owed an advocate.
v1::OpenContactRequest HeldContact() {
  v1::OpenContactRequest request = PlainContact();
  request.mutable_facts()->set_would_benefit(ANSWER_YES);
  *request.mutable_facts()->mutable_advocacy() = OwedNeedFor(advocacy::v1::SUBJECT_PERSON).facts();
  request.set_wait_ms(8000);
  return request;
}

// The contact once no step is under way any more, or as it stands after a while.
v1::Contact GetSettled(const std::string& contact_id) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  v1::Contact contact = Get(contact_id);
  while (contact.status() == v1::CONTACT_STATUS_IN_PROGRESS &&
         std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    contact = Get(contact_id);
  }
  return contact;
}

// The open action that says to wait for an advocate; empty: none.
std::string WaitingIn(const v1::Contact& contact) {
  for (const auto& action : contact.actions()) {
    if (action.rule_id() == "A8" && action.state() == v1::ACTION_STATE_OPEN) {
      return action.action_id();
    }
  }
  return "";
}

v1::AddFactsRequest Adding(const std::string& contact_id) {
  v1::AddFactsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_contact_id(contact_id);
  request.mutable_facts()->set_crime(ANSWER_YES);
  return request;
}

advocacy::v1::AdvocacyFacts TwiceTheSameLimb() {
  advocacy::v1::AdvocacyFacts facts;
  facts.add_limbs()->set_limb(advocacy::v1::LIMB_RETAINING);
  facts.add_limbs()->set_limb(advocacy::v1::LIMB_RETAINING);
  return facts;
}

v1::AdviceGiven AdviceOfAMinuteAgo() {
  v1::AdviceGiven given;
  given.mutable_content()->mutable_given_at()->set_seconds(std::chrono::system_clock::to_time_t(
      std::chrono::system_clock::now() - std::chrono::minutes(1)));
  given.mutable_content()->set_advice("where to ask about equipment");
  return given;
}

grpc::Status TryAdd(const v1::AddFactsRequest& request, v1::Contact& contact) {
  v1::AddFactsResponse response;
  const grpc::Status status = Stub().AddFacts(NewContext().get(), request, &response);
  contact = response.contact();
  return status;
}

v1::Contact Add(const v1::AddFactsRequest& request) {
  v1::Contact contact;
  const grpc::Status status = TryAdd(request, contact);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return contact;
}

v1::ListContactsRequest ListOf(const std::string& person_id) {
  v1::ListContactsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_person_id(person_id);
  return request;
}

// How often each contact comes when the list is followed to its end.
std::map<std::string, int> ListAll(v1::ListContactsRequest request) {
  std::map<std::string, int> seen;
  do {
    v1::ListContactsResponse page;
    const grpc::Status status = Stub().ListContacts(NewContext().get(), request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) break;
    for (const auto& contact : page.contacts()) ++seen[contact.contact_id()];
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return seen;
}

// The kinds of the due items of one contact, which are the ids of its actions.
std::set<std::string> DueOf(const std::string& contact_id) {
  v1::ListDueRequest request;
  request.set_authority(TheSubject().authority);
  request.set_page_size(200);
  // Far enough for every due time a procedure sets.
  request.mutable_due_by()->set_seconds(time(nullptr) + std::int64_t{366} * 86400);
  std::set<std::string> due;
  do {
    v1::ListDueResponse page;
    const grpc::Status status = Stub().ListDue(NewContext().get(), request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) break;
    for (const auto& item : page.items()) {
      if (item.record_id() == contact_id) due.insert(item.kind());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return due;
}

int MillisecondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(
                              std::chrono::steady_clock::now() - start)
                              .count());
}

// [gateway.any.tenancy]
TEST(GatewayAnyTenancy, AnswersAnotherAuthoritysContactLikeOneThatDoesNotExist) {
  const std::string id = Open(PlainContact()).contact_id();
  v1::Contact contact;

  const grpc::Status existing = TryGet(TheSubject().other_authority, id, contact);

  EXPECT_EQ(existing.error_code(), grpc::NOT_FOUND) << existing.error_message();
  EXPECT_TRUE(contact.contact_id().empty());
}

// [gateway.any.fields]
TEST(GatewayAnyFields, NamesEveryFieldAtFaultAtOnceAndKeepsNothing) {
  v1::OpenContactRequest request = PlainContact();
  const std::string person_id = request.person().person_id();
  request.set_request_id("");
  request.set_channel(referral::v1::CHANNEL_UNSPECIFIED);
  request.mutable_person()->set_postcode("not a postcode");

  const grpc::Status status = TryOpen(request);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
  const std::set<std::string> fields = FieldsAtFault(status);
  for (const char* const field : {"request_id", "channel", "person.postcode"}) {
    EXPECT_EQ(fields.count(field), 1u) << field;
  }
  EXPECT_TRUE(ListAll(ListOf(person_id)).empty());
}

// [gateway.open.durable]
TEST(GatewayOpenDurable, IsReadAtOnceWithItsAdvice) {
  v1::OpenContactRequest request = ContactWithActions();
  request.set_wait_ms(0);

  const v1::Contact contact = Get(Open(request).contact_id());

  EXPECT_EQ(contact.person().person_id(), request.person().person_id());
  EXPECT_GE(contact.advice_size(), 1);
}

// [gateway.open.safeguarding_first]
TEST(GatewayOpenSafeguardingFirst, AnswersWithTheStepAndItsAdvice) {
  v1::OpenContactRequest request = ContactWithActions();
  request.set_wait_ms(0);

  const v1::Contact contact = Open(request);

  EXPECT_GE(contact.advice_size(), 1);
  bool decided = false;
  for (const auto& step : contact.steps()) {
    decided |= step.kind() == v1::STEP_KIND_SAFEGUARDING && step.state() == v1::STEP_STATE_DONE;
  }
  EXPECT_TRUE(decided) << contact.ShortDebugString();
}

// [gateway.open.wait]
TEST(GatewayOpenWait, WaitsNoLongerThanItIsAskedTo) {
  for (const int wait_ms : {0, 300}) {
    v1::OpenContactRequest request = PlainContact();
    request.mutable_contacting()->set_role(v1::CONTACTING_ROLE_FAMILY_OR_FRIEND);
    request.add_asks(v1::ASK_NEW_NEED);
    *request.mutable_facts()->mutable_lawful_basis() = NoBasis();
    request.set_wait_ms(wait_ms);

    const int took = MillisecondsOf([&request] { Open(request); });

    EXPECT_LE(took, wait_ms + kSlackMs);
  }
}

// [gateway.open.repeat]
TEST(GatewayOpenRepeat, MakesOneContactOfEightCallsAtOnce) {
  const v1::OpenContactRequest request = PlainContact();
  std::vector<v1::Contact> answers(8);
  std::vector<std::thread> callers;

  for (auto& answer : answers) {
    callers.emplace_back([&request, &answer] { answer = Open(request); });
  }
  for (auto& caller : callers) caller.join();

  for (const auto& answer : answers) {
    EXPECT_EQ(answer.contact_id(), answers[0].contact_id());
  }
  EXPECT_EQ(ListAll(ListOf(request.person().person_id())).size(), 1u);
}

// [gateway.open.unknown_facts]
TEST(GatewayOpenUnknownFacts, AsksInsteadOfGuessing) {
  v1::OpenContactRequest request = PlainContact();
  request.add_asks(v1::ASK_NEW_NEED);

  const v1::Contact contact = Open(request);

  EXPECT_GE(contact.questions_size(), 1);
  EXPECT_TRUE(contact.referral_id().empty());
}

// [gateway.open.service_down]
TEST(GatewayOpenServiceDown, LeavesWhatCannotBeAskedWaiting) {
  v1::OpenContactRequest request = PlainContact();
  request.add_asks(v1::ASK_NEW_NEED);

  // Whether the other services are up or down, the call succeeds and no step is lost.
  const v1::Contact contact = Open(request);

  for (const auto& step : contact.steps()) {
    const bool waiting = step.state() == v1::STEP_STATE_WAITING;
    EXPECT_TRUE(!waiting || step.attempts() == 0 || step.has_next_attempt_at())
        << step.ShortDebugString();
    EXPECT_NE(step.state(), v1::STEP_STATE_UNSPECIFIED);
    EXPECT_NE(step.state(), v1::STEP_STATE_PARKED) << step.ShortDebugString();
  }
}

// [gateway.open.contradiction]
TEST(GatewayOpenContradiction, IsRefusedByTheFieldOfTheContact) {
  v1::OpenContactRequest request = PlainContact();
  *request.mutable_facts()->mutable_advocacy() = TwiceTheSameLimb();

  const grpc::Status status = TryOpen(request);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FieldsAtFault(status), std::set<std::string>{"facts.advocacy.limbs[1].limb"});
}

// [gateway.open.unidentified]
TEST(GatewayOpenUnidentified, HoldsTheProcessAndAsksWhoItIs) {
  v1::OpenContactRequest request = PlainContact();
  request.clear_person();
  request.mutable_facts()->set_would_benefit(ANSWER_YES);
  *request.mutable_facts()->mutable_advocacy() = OwedNeedFor(advocacy::v1::SUBJECT_PERSON).facts();
  request.set_wait_ms(8000);

  const v1::Contact contact = Open(request);

  bool asked = false;
  for (const auto& question : contact.questions()) {
    asked |= question.field() == "person.full_name";
  }
  bool held = false;
  for (const auto& action : contact.actions()) held |= action.rule_id() == "A8";
  EXPECT_TRUE(asked) << "is the advocacy service up?";
  EXPECT_TRUE(held);
  EXPECT_TRUE(contact.advocacy_need_id().empty());
}

// [gateway.open.left_to_people]
TEST(GatewayOpenLeftToPeople, LosesNothingThatNoStepIsFor) {
  v1::OpenContactRequest request = PlainContact();
  request.add_asks(v1::ASK_OTHER);

  const v1::Contact contact = Open(request);

  bool open = false;
  for (const auto& action : contact.actions()) open |= action.state() == v1::ACTION_STATE_OPEN;
  EXPECT_TRUE(open);
  EXPECT_NE(contact.status(), v1::CONTACT_STATUS_COMPLETED);
}

// [gateway.open.reused_request_id]
TEST(GatewayOpenReusedRequestId, RefusesOtherContent) {
  v1::OpenContactRequest request = PlainContact();
  Open(request);

  request.set_summary("something else");

  EXPECT_EQ(TryOpen(request).error_code(), grpc::ALREADY_EXISTS);
}

// [gateway.open.policy_unknown]
TEST(GatewayOpenPolicyUnknown, IsAFailedPrecondition) {
  v1::OpenContactRequest request = PlainContact();
  request.set_policy_hash(std::string(64, 'f'));

  EXPECT_EQ(TryOpen(request).error_code(), grpc::FAILED_PRECONDITION);
}

// [gateway.open.authority_unknown]
TEST(GatewayOpenAuthorityUnknown, IsNotFound) {
  v1::OpenContactRequest request = PlainContact();
  request.set_authority("nowhere-at-all");

  EXPECT_EQ(TryOpen(request).error_code(), grpc::NOT_FOUND);
}

// [gateway.open.worker_named]
TEST(GatewayOpenWorkerNamed, NeedsTheWorkerAskedFor) {
  v1::OpenContactRequest request = PlainContact();
  request.add_asks(v1::ASK_NAMED_WORKER);

  const grpc::Status status = TryOpen(request);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(FieldsAtFault(status).count("requested_worker"), 1u);
}

// [gateway.open.team_named]
TEST(GatewayOpenTeamNamed, NeedsTheTeamAskedFor) {
  v1::OpenContactRequest request = PlainContact();
  request.add_asks(v1::ASK_NAMED_TEAM);

  const grpc::Status status = TryOpen(request);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(FieldsAtFault(status).count("requested_team"), 1u);
}

// [gateway.open.received_at]
TEST(GatewayOpenReceivedAt, IsNotLaterThanNow) {
  v1::OpenContactRequest request = PlainContact();
  request.mutable_received_at()->set_seconds(time(nullptr) + 86400);

  const grpc::Status status = TryOpen(request);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(FieldsAtFault(status).count("received_at"), 1u);
}

// [gateway.get.current]
TEST(GatewayGetCurrent, ShowsWhatWasAcknowledged) {
  const std::string id = Open(PlainContact()).contact_id();
  const v1::Contact added = Add(Adding(id));

  const v1::Contact contact = Get(id);

  EXPECT_GE(contact.version(), added.version());
  EXPECT_EQ(contact.facts().crime(), ANSWER_YES);
}

// [gateway.get.unknown]
TEST(GatewayGetUnknown, IsNotFound) {
  v1::Contact contact;

  const grpc::Status status = TryGet(TheSubject().authority, FreshId("none"), contact);

  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND) << status.error_message();
}

// [gateway.list.pages]
TEST(GatewayListPages, GivesEachContactOnceWhileOthersAreOpened) {
  v1::OpenContactRequest opening = PlainContact();
  std::set<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    opening.set_request_id(FreshId("kit"));
    ids.insert(Open(opening).contact_id());
  }
  v1::ListContactsRequest request = ListOf(opening.person().person_id());
  request.set_page_size(2);
  std::map<std::string, int> seen;

  for (int page = 0; page < 20; ++page) {
    v1::ListContactsResponse response;
    const grpc::Status status = Stub().ListContacts(NewContext().get(), request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_LE(response.contacts_size(), 2);
    for (const auto& contact : response.contacts()) ++seen[contact.contact_id()];
    request.set_page_token(response.next_page_token());
    if (request.page_token().empty()) break;
    opening.set_request_id(FreshId("kit"));
    Open(opening);
  }

  for (const std::string& id : ids) EXPECT_EQ(seen[id], 1) << id;
}

// [gateway.list.page_size]
TEST(GatewayListPageSize, HoldsAtMostTwoHundred) {
  v1::ListContactsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_page_size(100000);
  v1::ListContactsResponse response;

  const grpc::Status status = Stub().ListContacts(NewContext().get(), request, &response);

  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_LE(response.contacts_size(), 200);
}

// [gateway.list.token]
TEST(GatewayListToken, RefusesANegativeSizeAndATokenOfAnotherFilter) {
  v1::OpenContactRequest opening = PlainContact();
  Open(opening);
  opening.set_request_id(FreshId("kit"));
  Open(opening);
  v1::ListContactsRequest request = ListOf(opening.person().person_id());
  request.set_page_size(-1);
  v1::ListContactsResponse response;
  EXPECT_EQ(Stub().ListContacts(NewContext().get(), request, &response).error_code(),
            grpc::INVALID_ARGUMENT);
  request.set_page_size(1);
  ASSERT_TRUE(Stub().ListContacts(NewContext().get(), request, &response).ok());
  ASSERT_FALSE(response.next_page_token().empty());

  request.set_page_token(response.next_page_token());
  request.set_person_id(FreshId("person"));
  const grpc::Status status = Stub().ListContacts(NewContext().get(), request, &response);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
}

// [gateway.complete.who]
TEST(GatewayCompleteWho, RecordsWhoAndWhen) {
  const v1::Contact contact = Open(ContactWithActions());
  const v1::Action action = OpenAction(contact, true);

  const v1::CompleteActionResponse response =
      Complete(Completing(contact.contact_id(), action.action_id(), v1::ACTION_RESULT_DONE));

  EXPECT_EQ(response.outcome(), v1::COMPLETION_OUTCOME_RECORDED);
  for (const auto& done : response.contact().actions()) {
    if (done.action_id() != action.action_id()) continue;
    EXPECT_EQ(done.state(), v1::ACTION_STATE_DONE);
    EXPECT_FALSE(done.completed_by().empty());
    EXPECT_TRUE(done.has_completed_at());
  }
}

// [gateway.complete.must_stays]
TEST(GatewayCompleteMustStays, CannotBePutAside) {
  const v1::Contact contact = Open(ContactWithActions());
  const std::string action_id = OpenAction(contact, true).action_id();

  const v1::CompleteActionResponse response =
      Complete(Completing(contact.contact_id(), action_id, v1::ACTION_RESULT_NOT_DONE));

  EXPECT_EQ(response.outcome(), v1::COMPLETION_OUTCOME_REFUSED);
  EXPECT_GE(response.reasons_size(), 1);
  EXPECT_EQ(StateOf(Get(contact.contact_id()), action_id), v1::ACTION_STATE_OPEN);
}

// [gateway.complete.put_aside]
TEST(GatewayCompletePutAside, IsPossibleBelowMust) {
  const v1::Contact contact = Open(ContactWithActions());
  const std::string action_id = OpenAction(contact, false).action_id();

  const v1::CompleteActionResponse response =
      Complete(Completing(contact.contact_id(), action_id, v1::ACTION_RESULT_NOT_DONE));

  EXPECT_EQ(response.outcome(), v1::COMPLETION_OUTCOME_RECORDED);
  EXPECT_EQ(StateOf(response.contact(), action_id), v1::ACTION_STATE_PUT_ASIDE);
}

// [gateway.complete.repeat]
TEST(GatewayCompleteRepeat, ChangesNothingMore) {
  const v1::Contact contact = Open(ContactWithActions());
  const auto request = Completing(contact.contact_id(), OpenAction(contact, true).action_id(),
                                  v1::ACTION_RESULT_DONE);
  Complete(request);
  const v1::Contact before = Get(contact.contact_id());

  EXPECT_EQ(Complete(request).outcome(), v1::COMPLETION_OUTCOME_RECORDED);

  EXPECT_EQ(Get(contact.contact_id()).actions_size(), before.actions_size());
  EXPECT_EQ(StateOf(Get(contact.contact_id()), request.action_id()), v1::ACTION_STATE_DONE);
}

// [gateway.complete.hold_stays]
TEST(GatewayCompleteHoldStays, KeepsTheWaitingOpenUntilAnAdvocateIsThere) {
  const v1::Contact contact = Open(HeldContact());
  const std::string waiting = WaitingIn(contact);
  ASSERT_NE(waiting, "") << "is the advocacy service up?";

  const v1::CompleteActionResponse response =
      Complete(Completing(contact.contact_id(), waiting, v1::ACTION_RESULT_DONE));

  EXPECT_EQ(response.outcome(), v1::COMPLETION_OUTCOME_RECORDED);
  const v1::Contact settled = GetSettled(contact.contact_id());
  EXPECT_EQ(WaitingIn(settled), waiting);
  EXPECT_NE(settled.status(), v1::CONTACT_STATUS_COMPLETED);
}

// [gateway.complete.note]
TEST(GatewayCompleteNote, IsNeededToPutSomethingAside) {
  const v1::Contact contact = Open(ContactWithActions());
  auto request = Completing(contact.contact_id(), OpenAction(contact, false).action_id(),
                            v1::ACTION_RESULT_NOT_DONE);
  request.clear_note();
  v1::CompleteActionResponse response;

  const grpc::Status status = TryComplete(request, response);

  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
  EXPECT_EQ(FieldsAtFault(status).count("note"), 1u);
}

// [gateway.complete.unknown]
TEST(GatewayCompleteUnknown, IsNotFound) {
  const v1::Contact contact = Open(PlainContact());
  v1::CompleteActionResponse response;

  const grpc::Status no_action = TryComplete(
      Completing(contact.contact_id(), "no-such-action", v1::ACTION_RESULT_DONE), response);
  const grpc::Status no_contact =
      TryComplete(Completing(FreshId("none"), "no-such-action", v1::ACTION_RESULT_DONE), response);

  EXPECT_EQ(no_action.error_code(), grpc::NOT_FOUND) << no_action.error_message();
  EXPECT_EQ(no_contact.error_code(), grpc::NOT_FOUND) << no_contact.error_message();
}

// [gateway.complete.not_open]
TEST(GatewayCompleteNotOpen, IsAFailedPrecondition) {
  const v1::Contact contact = Open(ContactWithActions());
  auto request = Completing(contact.contact_id(), OpenAction(contact, true).action_id(),
                            v1::ACTION_RESULT_DONE);
  Complete(request);
  request.set_request_id(FreshId("kit"));
  v1::CompleteActionResponse response;

  const grpc::Status status = TryComplete(request, response);

  EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION) << status.error_message();
}

// [gateway.complete.stale]
TEST(GatewayCompleteStale, IsAborted) {
  const v1::Contact contact = Open(ContactWithActions());
  Add(Adding(contact.contact_id()));
  v1::AddFactsRequest change = Adding(contact.contact_id());
  change.mutable_facts()->set_crime(ANSWER_NO);
  Add(change);
  auto request = Completing(contact.contact_id(), OpenAction(contact, true).action_id(),
                            v1::ACTION_RESULT_DONE);
  request.set_etag(contact.etag());
  v1::CompleteActionResponse response;

  const grpc::Status status = TryComplete(request, response);

  EXPECT_EQ(status.error_code(), grpc::ABORTED) << status.error_message();
  EXPECT_FALSE(ErrorInfo(status, "current_etag").empty());
}

// [gateway.facts.revision]
TEST(GatewayFactsRevision, GoesUpAndDecidesAgain) {
  const v1::Contact contact = Open(PlainContact());

  const v1::Contact added = Add(Adding(contact.contact_id()));

  EXPECT_EQ(added.facts_revision(), contact.facts_revision() + 1);
  EXPECT_GE(added.advice_size(), 1);
}

// [gateway.facts.done_stays]
TEST(GatewayFactsDoneStays, KeepsTheReferralThatWasOpened) {
  v1::OpenContactRequest request = PlainContact();
  request.add_asks(v1::ASK_NEW_NEED);
  request.mutable_facts()->set_would_benefit(ANSWER_YES);
  *request.mutable_facts()->mutable_lawful_basis() = NoBasis();
  request.mutable_facts()->mutable_lawful_basis()->set_made_by_the_person(ANSWER_YES);
  request.mutable_facts()->mutable_referral()->mutable_residence()->set_ordinarily_resident_here(
      ANSWER_YES);
  request.set_wait_ms(8000);
  const v1::Contact contact = Open(request);

  const v1::Contact added = Add(Adding(contact.contact_id()));

  EXPECT_FALSE(contact.referral_id().empty()) << "is the referral service up?";
  EXPECT_EQ(added.referral_id(), contact.referral_id());
}

// [gateway.facts.referral_follows]
TEST(GatewayFactsReferralFollows, AddsToTheReferralWhatIsAdded) {
  v1::OpenContactRequest request = PlainContact();
  request.mutable_facts()->set_would_benefit(ANSWER_YES);
  request.mutable_facts()->mutable_lawful_basis()->set_made_by_the_person(ANSWER_YES);
  request.mutable_facts()->mutable_referral()->mutable_residence()->set_ordinarily_resident_here(
      ANSWER_YES);
  request.set_wait_ms(8000);
  const v1::Contact contact = Open(request);
  ASSERT_FALSE(contact.referral_id().empty()) << "is the referral service up?";
  v1::AddFactsRequest more = Adding(contact.contact_id());
  more.clear_facts();
  more.mutable_facts()->mutable_referral()->mutable_person_view()->set_issue("the stairs");
  more.set_wait_ms(8000);

  const v1::Contact added = Add(more);

  v1::StepState state = v1::STEP_STATE_UNSPECIFIED;
  for (const auto& step : added.steps()) {
    if (step.kind() == v1::STEP_KIND_REFERRAL_UPDATE) state = step.state();
  }
  EXPECT_EQ(state, v1::STEP_STATE_DONE);
}

// [gateway.facts.actions]
TEST(GatewayFactsActions, WithdrawsWhatNoLongerFollowsAndKeepsTheRest) {
  const v1::Contact contact = Open(ContactWithActions());
  const v1::Action concern = OpenAction(contact, true);
  v1::AddFactsRequest request = Adding(contact.contact_id());
  request.mutable_facts()->set_crime(ANSWER_NO);
  request.mutable_facts()->set_imminent_danger(ANSWER_NO);

  const v1::Contact added = Add(request);

  int withdrawn = 0;
  bool kept = false;
  for (const auto& action : added.actions()) {
    withdrawn += action.state() == v1::ACTION_STATE_WITHDRAWN ? 1 : 0;
    if (action.action_id() != concern.action_id()) continue;
    kept = action.state() == v1::ACTION_STATE_OPEN &&
           MessageDifferencer::Equals(action.due_at(), concern.due_at());
  }
  EXPECT_GE(withdrawn, 1) << added.ShortDebugString();
  EXPECT_TRUE(kept) << added.ShortDebugString();
}

// [gateway.facts.wait]
TEST(GatewayFactsWait, WaitsNoLongerThanItIsAskedTo) {
  v1::AddFactsRequest request = Adding(Open(PlainContact()).contact_id());
  request.set_wait_ms(0);

  const int took = MillisecondsOf([&request] { Add(request); });

  EXPECT_LE(took, kSlackMs);
}

// [gateway.facts.repeat]
TEST(GatewayFactsRepeat, ChangesNothingMore) {
  const v1::AddFactsRequest request = Adding(Open(PlainContact()).contact_id());
  const v1::Contact first = Add(request);

  const v1::Contact second = Add(request);

  EXPECT_EQ(second.facts_revision(), first.facts_revision());
}

// [gateway.facts.unknown]
TEST(GatewayFactsUnknown, IsNotFound) {
  v1::Contact contact;

  const grpc::Status status = TryAdd(Adding(FreshId("none")), contact);

  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND) << status.error_message();
}

// [gateway.facts.stale]
TEST(GatewayFactsStale, IsAborted) {
  const v1::Contact contact = Open(PlainContact());
  Add(Adding(contact.contact_id()));
  v1::AddFactsRequest request = Adding(contact.contact_id());
  request.mutable_facts()->set_crime(ANSWER_NO);
  request.set_etag(contact.etag());
  v1::Contact unused;

  const grpc::Status status = TryAdd(request, unused);

  EXPECT_EQ(status.error_code(), grpc::ABORTED) << status.error_message();
  EXPECT_FALSE(ErrorInfo(status, "current_etag").empty());
}

// [gateway.facts.funding_once]
TEST(GatewayFactsFundingOnce, MakesOneDraftRequest) {
  v1::OpenContactRequest request = PlainContact();
  auto& funding = *request.mutable_facts()->mutable_funding();
  funding.mutable_urgent()->set_appears_urgent(ANSWER_YES);
  funding.set_needs("help with meals until an assessment");
  auto& item = *funding.add_items();
  item.set_item_id("1");
  item.set_kind(funding::v1::SUPPORT_KIND_HOME_CARE);
  item.set_description("visits at midday");
  request.set_wait_ms(8000);
  const v1::Contact contact = Open(request);
  v1::AddFactsRequest more = Adding(contact.contact_id());
  *more.mutable_facts()->mutable_funding() = funding;
  more.mutable_facts()->mutable_funding()->set_needs("help with meals and washing");

  v1::Contact refused;
  EXPECT_EQ(TryAdd(more, refused).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  const v1::Contact added = Add(Adding(contact.contact_id()));

  EXPECT_FALSE(contact.funding_request_id().empty()) << "is the funding service up?";
  EXPECT_EQ(added.funding_request_id(), contact.funding_request_id());
}

// [gateway.facts.advice_once]
TEST(GatewayFactsAdviceOnce, RecordsItOnce) {
  v1::OpenContactRequest request = PlainContact();
  *request.mutable_facts()->mutable_advice_given() = AdviceOfAMinuteAgo();
  request.set_wait_ms(8000);
  const v1::Contact contact = Open(request);
  v1::AddFactsRequest more = Adding(contact.contact_id());
  *more.mutable_facts()->mutable_advice_given() = request.facts().advice_given();
  more.mutable_facts()->mutable_advice_given()->mutable_content()->set_advice("something else");

  v1::Contact refused;
  EXPECT_EQ(TryAdd(more, refused).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  const v1::Contact added = Add(Adding(contact.contact_id()));

  EXPECT_FALSE(contact.advice_id().empty()) << "is the directory service up?";
  EXPECT_EQ(added.advice_id(), contact.advice_id());
}

// [gateway.facts.contradiction]
TEST(GatewayFactsContradiction, IsRefusedAndChangesNothing) {
  const v1::Contact contact = Open(PlainContact());
  v1::AddFactsRequest request = Adding(contact.contact_id());
  *request.mutable_facts()->mutable_advocacy() = TwiceTheSameLimb();
  v1::Contact added;

  const grpc::Status status = TryAdd(request, added);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FieldsAtFault(status), std::set<std::string>{"facts.advocacy.limbs[1].limb"});
  EXPECT_EQ(Get(contact.contact_id()).facts_revision(), contact.facts_revision());
}

// What was asked about charges, with the one answer that is added to it.
v1::ContactFacts WaivesNothing() {
  v1::ContactFacts facts;
  facts.mutable_charging()->set_authority_waives(ANSWER_NO);
  return facts;
}

// [gateway.facts.part]
TEST(GatewayFactsPart, HoldsOneAnswerAgainstAllThatIsKnown) {
  v1::OpenContactRequest request = PlainContact();
  auto& item = *request.mutable_facts()->mutable_charging()->add_items();
  item.set_item_id("item-1");
  item.set_kind(funding::v1::SUPPORT_KIND_AID);
  item.set_description("a grab rail");
  const v1::Contact contact = Open(request);
  v1::AddFactsRequest more = Adding(contact.contact_id());
  *more.mutable_facts() = WaivesNothing();
  v1::AddFactsRequest alone = Adding(Open(PlainContact()).contact_id());
  *alone.mutable_facts() = WaivesNothing();
  v1::Contact refused;

  const v1::Contact added = Add(more);
  const grpc::Status status = TryAdd(alone, refused);

  EXPECT_EQ(added.facts().charging().items_size(), 1);
  EXPECT_EQ(added.facts().charging().authority_waives(), ANSWER_NO);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FieldsAtFault(status), std::set<std::string>{"facts.charging.items"});
}

// [gateway.facts.cleared]
TEST(GatewayFactsCleared, TakesBackWhatTurnedOutWrong) {
  v1::OpenContactRequest request = PlainContact();
  request.mutable_facts()->set_crime(ANSWER_YES);
  request.mutable_facts()->set_provider_concern(ANSWER_NO);
  const v1::Contact contact = Open(request);
  v1::AddFactsRequest less = Adding(contact.contact_id());
  less.clear_facts();
  less.add_cleared_paths("facts.crime");
  v1::AddFactsRequest unknown = Adding(contact.contact_id());
  unknown.add_cleared_paths("facts.no_such_fact");
  v1::Contact refused;

  const v1::Contact added = Add(less);
  const grpc::Status status = TryAdd(unknown, refused);

  EXPECT_EQ(added.facts().crime(), type::v1::ANSWER_UNSPECIFIED);
  EXPECT_EQ(added.facts().provider_concern(), ANSWER_NO);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FieldsAtFault(status), std::set<std::string>{"cleared_paths[0]"});
}

// [gateway.facts.duty_fallen_away]
TEST(GatewayFactsDutyFallenAway, TellsPeopleToSettleTheRecord) {
  const v1::Contact contact = Open(HeldContact());
  ASSERT_FALSE(contact.advocacy_need_id().empty()) << "is the advocacy service up?";
  v1::AddFactsRequest less = Adding(contact.contact_id());
  less.clear_facts();
  less.mutable_facts()->mutable_advocacy()->set_process_will_follow(ANSWER_NO);

  Add(less);

  const v1::Contact settled = GetSettled(contact.contact_id());
  bool told = false;
  for (const auto& action : settled.actions()) {
    told |= action.step() == v1::STEP_KIND_ADVOCACY_RECONSIDER &&
            action.state() == v1::ACTION_STATE_OPEN;
  }
  EXPECT_TRUE(told);
  EXPECT_EQ(WaitingIn(settled), "");
}

// [gateway.facts.record_made]
TEST(GatewayFactsRecordMade, RefusesToChangeWhatARecordIsMadeOf) {
  v1::OpenContactRequest request = PlainContact();
  *request.mutable_facts()->mutable_advice_given() = AdviceOfAMinuteAgo();
  request.set_wait_ms(8000);
  const v1::Contact contact = Open(request);
  v1::AddFactsRequest more = Adding(contact.contact_id());
  *more.mutable_facts()->mutable_advice_given() = request.facts().advice_given();
  more.mutable_facts()->mutable_advice_given()->mutable_content()->set_advice("something else");
  v1::Contact added;

  const grpc::Status status = TryAdd(more, added);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Get(contact.contact_id()).facts_revision(), contact.facts_revision());
}

// [gateway.facts.person]
TEST(GatewayFactsPerson, AddsWhoItIsAndTakesNobodyElse) {
  const v1::Contact contact = Open(PlainContact());
  v1::AddFactsRequest request = Adding(contact.contact_id());
  request.mutable_person()->set_nhs_number(FreshNhsNumber());
  const v1::Contact added = Add(request);
  v1::AddFactsRequest another = Adding(contact.contact_id());
  another.mutable_person()->set_person_id(FreshId("person"));
  another.mutable_person()->set_nhs_number(FreshNhsNumber());
  v1::Contact refused;

  const grpc::Status status = TryAdd(another, refused);

  EXPECT_EQ(added.person().person_id(), contact.person().person_id());
  EXPECT_EQ(added.person().nhs_number(), request.person().nhs_number());
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(FieldsAtFault(status),
            (std::set<std::string>{"person.person_id", "person.nhs_number"}));
}

// [gateway.due.complete]
TEST(GatewayDueComplete, ListsEveryOpenActionOfAContact) {
  const v1::Contact contact = Open(ContactWithActions());
  OpenAction(contact, true);

  const std::set<std::string> due = DueOf(contact.contact_id());

  for (const auto& action : contact.actions()) {
    if (action.state() != v1::ACTION_STATE_OPEN) continue;
    EXPECT_EQ(due.count(action.action_id()), 1u) << action.ShortDebugString();
  }
}

// [gateway.due.open_only]
TEST(GatewayDueOpenOnly, LeavesOutWhatIsDone) {
  const v1::Contact contact = Open(ContactWithActions());
  const std::string action_id = OpenAction(contact, true).action_id();
  Complete(Completing(contact.contact_id(), action_id, v1::ACTION_RESULT_DONE));

  EXPECT_EQ(DueOf(contact.contact_id()).count(action_id), 0u);
}

}  // namespace
}  // namespace asc::conformance
