// The cases of asc.directory.v1 about advice that was given and followed up.

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <ctime>
#include <map>
#include <string>

#include "asc/directory/v1/directory.grpc.pb.h"
#include "tests/conformance/directory_records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

namespace v1 = asc::directory::v1;
using google::protobuf::util::MessageDifferencer;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

v1::DirectoryService::Stub& Stub() {
  static const auto stub = v1::DirectoryService::NewStub(TheSubject().channel);
  return *stub;
}

grpc::Status Try(const v1::RecordAdviceGivenRequest& request,
                 v1::RecordAdviceGivenResponse& response) {
  return Stub().RecordAdviceGiven(NewContext().get(), request, &response);
}

grpc::Status Get(const std::string& authority, const std::string& id) {
  v1::GetAdviceRequest request;
  request.set_authority(authority);
  request.set_advice_id(id);
  v1::GetAdviceResponse response;
  const grpc::Status status = Stub().GetAdvice(NewContext().get(), request, &response);
  EXPECT_EQ(status.ok(), response.has_advice());
  return status;
}

// How often each record of the person comes when the list is followed to its end.
template <class Between>
std::map<std::string, int> ListAll(const std::string& person_id, int page_size, Between between) {
  std::map<std::string, int> seen;
  v1::ListAdviceRequest request;
  request.set_authority(TheSubject().authority);
  request.set_person_id(person_id);
  request.set_page_size(page_size);
  do {
    v1::ListAdviceResponse page;
    const grpc::Status status = Stub().ListAdvice(NewContext().get(), request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) break;
    for (const auto& advice : page.advice()) ++seen[advice.advice_id()];
    request.set_page_token(page.next_page_token());
    between();
  } while (!request.page_token().empty());
  return seen;
}

std::size_t CountOf(const std::string& person_id) {
  return ListAll(person_id, 100, [] {}).size();
}

// When a record is due, of all that is due up to a time; 0: it is not.
std::int64_t DueAt(const std::string& advice_id, std::int64_t until) {
  v1::ListDueRequest request;
  request.set_authority(TheSubject().authority);
  request.mutable_due_until()->set_seconds(until);
  request.set_page_size(200);
  std::int64_t due_at = 0;
  do {
    v1::ListDueResponse page;
    const grpc::Status status = Stub().ListDue(NewContext().get(), request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) break;
    for (const auto& item : page.items()) {
      if (item.record_id() == advice_id) due_at = item.due_at().seconds();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return due_at;
}

template <class Response>
bool Asks(const Response& response, const std::string& field) {
  for (const auto& question : response.questions()) {
    if (question.field() == field) return true;
  }
  return false;
}

v1::RecordFollowUpResponse FollowUp(const v1::RecordFollowUpRequest& request) {
  v1::RecordFollowUpResponse response;
  const grpc::Status status = Stub().RecordFollowUp(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

// [directory.every.fields]
TEST(DirectoryEveryFields, AreNamedAllAtOnce) {
  auto request = PlainAdvice();
  request.set_request_id("short");
  request.set_contact_id("with space");
  request.mutable_content()->clear_advice();
  v1::RecordAdviceGivenResponse response;
  const grpc::Status status = Try(request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  for (const char* field : {"request_id", "contact_id", "content.advice"}) {
    EXPECT_EQ(FieldsAtFault(status).count(field), 1u) << field;
  }
  EXPECT_EQ(CountOf(request.person().person_id()), 0u);
}

// [directory.every.authority]
TEST(DirectoryEveryAuthority, SeesNothingOfAnother) {
  const v1::Advice advice = RecordAdvice(PlainAdvice());
  EXPECT_TRUE(Get(TheSubject().authority, advice.advice_id()).ok());
  const grpc::Status other = Get(TheSubject().other_authority, advice.advice_id());
  const grpc::Status unknown = Get(TheSubject().other_authority, FreshId("nothing"));
  EXPECT_FALSE(other.ok());
  EXPECT_EQ(other.error_code(), unknown.error_code());
}

// [directory.every.repeat]
TEST(DirectoryEveryRepeat, GetsTheFirstAnswer) {
  const auto request = PlainAdvice();
  v1::RecordAdviceGivenResponse first;
  v1::RecordAdviceGivenResponse again;
  EXPECT_TRUE(Try(request, first).ok());
  EXPECT_TRUE(Try(request, again).ok());
  EXPECT_TRUE(MessageDifferencer::Equals(first, again));
  EXPECT_EQ(CountOf(request.person().person_id()), 1u);
}

// [directory.every.reuse]
TEST(DirectoryEveryReuse, IsRefused) {
  auto request = PlainAdvice();
  RecordAdvice(request);
  request.mutable_content()->set_advice("told of something else");
  v1::RecordAdviceGivenResponse response;
  EXPECT_EQ(Try(request, response).error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

// [directory.every.etag]
TEST(DirectoryEveryEtag, MustBeTheCurrentOne) {
  const v1::Advice advice = RecordAdvice(PlainAdvice());
  const v1::Advice changed = FollowUp(MissedFollowUp(advice)).advice();
  v1::RecordFollowUpResponse response;
  const grpc::Status status =
      Stub().RecordFollowUp(NewContext().get(), MissedFollowUp(advice), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(ErrorInfo(status, "current_etag"), changed.etag());
}

// [directory.every.pages]
TEST(DirectoryEveryPages, NeitherLoseNorRepeat) {
  auto request = PlainAdvice();
  std::map<std::string, int> made;
  for (int i = 0; i < 5; ++i) {
    request.set_request_id(FreshId("kit"));
    made[RecordAdvice(request).advice_id()] = 1;
  }
  const auto seen = ListAll(request.person().person_id(), 2, [&request] {
    request.set_request_id(FreshId("kit"));
    RecordAdvice(request);
  });
  for (const auto& [id, times] : made) EXPECT_EQ(seen.count(id) ? seen.at(id) : 0, times) << id;
}

// [directory.advice.follow_up]
TEST(DirectoryAdviceFollowUp, HasATimeAndIsAskedForIt) {
  auto request = PlainAdvice();
  request.mutable_follow_up()->clear_due_at();
  v1::RecordAdviceGivenResponse response;
  EXPECT_TRUE(Try(request, response).ok());
  EXPECT_GT(response.advice().follow_up().due_at().seconds(),
            request.content().given_at().seconds());
  EXPECT_TRUE(Asks(response, "follow_up.due_at"));
}

// [directory.advice.due]
TEST(DirectoryAdviceDue, SaysWhoAndWhen) {
  auto request = PlainAdvice();
  request.mutable_follow_up()->clear_by();
  const v1::Advice advice = RecordAdvice(request);
  EXPECT_NE(advice.follow_up().by(), "");
  const std::int64_t due_at = request.follow_up().due_at().seconds();
  EXPECT_EQ(DueAt(advice.advice_id(), due_at), due_at);
  EXPECT_EQ(DueAt(advice.advice_id(), due_at - 1), 0);
}

// [directory.advice.snapshot]
TEST(DirectoryAdviceSnapshot, KeepsWhatTheEntrySaid) {
  for (const v1::Service& service : AllServices()) {
    auto request = PlainAdvice();
    request.mutable_content()->add_service_ids(service.service_id());
    const v1::Advice advice = RecordAdvice(request);
    ASSERT_EQ(advice.services_size(), 1);
    EXPECT_TRUE(MessageDifferencer::Equals(advice.services(0).content(), service.content()));
    break;
  }
  auto request = PlainAdvice();
  request.mutable_content()->add_service_ids(FreshId("no-entry"));
  v1::RecordAdviceGivenResponse response;
  EXPECT_EQ(Try(request, response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

// [directory.advice.accessible]
TEST(DirectoryAdviceAccessible, IsNamedWhenItWasNot) {
  auto request = PlainAdvice();
  request.mutable_content()->set_accessible(ANSWER_NO);
  int named = 0;
  const v1::Advice advice = RecordAdvice(request);
  for (const auto& reason : advice.reasons()) named += reason.rule_id() == "I5";
  EXPECT_EQ(named, 1);
}

// [directory.follow_up.not_effective]
TEST(DirectoryFollowUpNotEffective, LeadsToWhatIsNext) {
  auto request = MissedFollowUp(RecordAdvice(PlainAdvice()));
  request.mutable_follow_up()->set_reached(ANSWER_YES);
  request.mutable_follow_up()->set_effective(ANSWER_NO);
  const auto response = FollowUp(request);
  EXPECT_TRUE(Asks(response, "follow_up.next_action"));
}

// [directory.follow_up.not_reached]
TEST(DirectoryFollowUpNotReached, StaysDueAtANewTime) {
  const v1::Advice advice = RecordAdvice(PlainAdvice());
  auto request = MissedFollowUp(advice);
  const std::int64_t next = advice.follow_up().due_at().seconds() + 86400;
  request.mutable_follow_up()->mutable_next_due_at()->set_seconds(next);
  EXPECT_EQ(FollowUp(request).advice().state(), v1::ADVICE_STATE_FOLLOW_UP_DUE);
  EXPECT_EQ(DueAt(advice.advice_id(), next), next);
}

// [directory.reschedule.reason]
TEST(DirectoryRescheduleReason, IsNeededForALaterTime) {
  const v1::Advice advice = RecordAdvice(PlainAdvice());
  v1::RescheduleFollowUpRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_advice_id(advice.advice_id());
  request.set_etag(advice.etag());
  request.mutable_due_at()->set_seconds(advice.follow_up().due_at().seconds() + 3600);
  v1::RescheduleFollowUpResponse response;
  const grpc::Status status = Stub().RescheduleFollowUp(NewContext().get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FieldsAtFault(status).count("reason"), 1u);
  request.set_request_id(FreshId("kit"));
  request.set_reason("the person is away");
  EXPECT_TRUE(Stub().RescheduleFollowUp(NewContext().get(), request, &response).ok());
}

// [directory.due.all]
TEST(DirectoryDueAll, ListsUntilItIsDone) {
  const v1::Advice advice = RecordAdvice(PlainAdvice());
  const std::int64_t due_at = advice.follow_up().due_at().seconds();
  EXPECT_EQ(DueAt(advice.advice_id(), due_at), due_at);
  auto request = MissedFollowUp(advice);
  request.mutable_follow_up()->set_reached(ANSWER_YES);
  request.mutable_follow_up()->set_effective(ANSWER_YES);
  FollowUp(request);
  EXPECT_EQ(DueAt(advice.advice_id(), due_at + 366 * 86400), 0);
}

}  // namespace
}  // namespace asc::conformance
