// What is told of a contact at once, or piece by piece in any order, also after a slip that is
// corrected, comes to the same in the end: what is decided, what people have to do, what is asked.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "asc/gateway/v1/contact.grpc.pb.h"
#include "platform/testing/every_answer.h"
#include "tests/support/request_maker.h"
#include "tests/support/suite_fixture.h"

namespace asc::testing {
namespace {

using gateway::v1::Contact;
using gateway::v1::ContactFacts;
using gateway::v1::ContactService;

constexpr int kContactsOfEach = 25;
constexpr std::size_t kFactsMax = 8;
constexpr int kWaitMs = 20000;
constexpr absl::Duration kPatience = absl::Seconds(60);

constexpr const char* kSafeguarding[] = {"imminent_danger", "crime", "adult_abuse_or_neglect",
                                         "child_abuse_or_neglect"};

// The part of the facts in which a path stands: "review" of "review.has_plan".
std::string PartOf(const std::string& path) { return path.substr(0, path.find('.')); }

// Every other answer that can be told by itself: three parts are of records that need more.
std::vector<std::string> Answers() {
  std::vector<std::string> all = AnswerPaths(ContactFacts());
  const auto needs_more = [](const std::string& path) {
    const std::string part = PartOf(path);
    return part == "advice_given" || part == "funding" || part == "charging" ||
           std::find(std::begin(kSafeguarding), std::end(kSafeguarding), part) !=
               std::end(kSafeguarding);
  };
  all.erase(std::remove_if(all.begin(), all.end(), needs_more), all.end());
  return all;
}

ContactFacts FactOf(const std::string& path, bool yes) {
  ContactFacts facts;
  SetAnswer(facts, path, yes ? type::v1::ANSWER_YES : type::v1::ANSWER_NO);
  return facts;
}

// One contact, as it is told.
struct Telling {
  gateway::v1::OpenContactRequest opening;
  // One fact each, in the order in which they are told.
  std::vector<ContactFacts> facts;
  // The opposite of the last of them, told before.
  ContactFacts slip;
};

class Teller {
 public:
  explicit Teller(int seed) : random_(seed), answers_(Answers()) {}

  Telling Tell(const std::string& authority) {
    Telling telling;
    auto& opening = telling.opening;
    opening.set_authority(authority);
    opening.set_channel(referral::v1::CHANNEL_TELEPHONE);
    opening.set_subject(authority == "hillingdon-carers" ? referral::v1::SUBJECT_CARER
                                                         : referral::v1::SUBJECT_PERSON);
    opening.mutable_contacting()->set_role(Below(2) == 0
                                               ? gateway::v1::CONTACTING_ROLE_SELF
                                               : gateway::v1::CONTACTING_ROLE_FAMILY_OR_FRIEND);
    opening.set_summary("told in a random order");
    opening.set_wait_ms(kWaitMs);
    opening.set_requested_worker("worker-1");
    opening.add_asks(static_cast<gateway::v1::Ask>(1 + Below(gateway::v1::Ask_MAX)));
    if (Below(2) == 0) opening.add_asks(gateway::v1::ASK_NEW_NEED);
    for (const char* path : kSafeguarding) telling.facts.push_back(FactOf(path, Below(8) == 0));
    // Of one part or two, so that they have to do with each other; each once, for what is told
    // twice depends on the order after all.
    std::vector<std::string> chosen = OfPart(answers_[Below(Size(answers_))]);
    if (Below(2) == 0) {
      const std::vector<std::string> others = OfPart(answers_[Below(Size(answers_))]);
      if (PartOf(others.front()) != PartOf(chosen.front())) {
        chosen.insert(chosen.end(), others.begin(), others.end());
      }
    }
    Shuffle(chosen);
    if (chosen.size() > kFactsMax) chosen.resize(kFactsMax);
    for (const std::string& path : chosen) {
      const bool yes = Below(2) == 0;
      telling.facts.push_back(FactOf(path, yes));
      telling.slip = FactOf(path, !yes);
    }
    return telling;
  }

  // Not the library's shuffle and distributions: those differ between implementations.
  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }

  template <class List>
  void Shuffle(List& list) {
    for (int i = Size(list); i > 1; --i) std::swap(list[i - 1], list[Below(i)]);
  }

 private:
  template <class List>
  static int Size(const List& list) {
    return static_cast<int>(list.size());
  }

  // All answers of the part of the facts in which this one stands.
  std::vector<std::string> OfPart(const std::string& path) const {
    std::vector<std::string> part;
    for (const std::string& one : answers_) {
      if (PartOf(one) == PartOf(path)) part.push_back(one);
    }
    return part;
  }

  std::mt19937 random_;
  std::vector<std::string> answers_;
};

template <class Questions>
void AddQuestions(const char* of, const Questions& questions, std::vector<std::string>& lines) {
  for (const type::v1::Question& one : questions) {
    lines.push_back(absl::StrCat(of, " ", one.rule_id(), " ", one.field(), " ", one.text()));
  }
}

// What a contact comes to, a line each. What was made on the way stays on the way.
std::vector<std::string> Upshot(const Contact& contact) {
  std::vector<std::string> lines = {gateway::v1::ContactStatus_Name(contact.status())};
  for (const int outcome : contact.outcomes()) {
    lines.push_back(gateway::v1::Outcome_Name(static_cast<gateway::v1::Outcome>(outcome)));
  }
  for (const auto& advice : contact.advice()) lines.push_back("advice " + advice.text());
  for (const auto& step : contact.steps()) {
    if (step.kind() == gateway::v1::STEP_KIND_REFERRAL_UPDATE) continue;
    std::string line =
        absl::StrCat("step ", gateway::v1::StepKind_Name(step.kind()), " ",
                     gateway::v1::StepState_Name(step.state()), " ", step.decision().outcome());
    for (const auto& reason : step.decision().reasons())
      absl::StrAppend(&line, "; ", reason.text());
    lines.push_back(std::move(line));
  }
  for (const auto& action : contact.actions()) {
    if (action.state() != gateway::v1::ACTION_STATE_OPEN) continue;
    lines.push_back(absl::StrCat("action ", action.action_id(), " ",
                                 type::v1::Strength_Name(action.strength()), " ", action.text()));
  }
  AddQuestions("question", contact.questions(), lines);
  AddQuestions("to gather", contact.still_to_gather(), lines);
  std::sort(lines.begin(), lines.end());
  return lines;
}

bool IsUnfinished(const gateway::v1::Step& step) {
  return step.state() == gateway::v1::STEP_STATE_WAITING ||
         step.state() == gateway::v1::STEP_STATE_RUNNING;
}

class FactOrder : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    stub_ = ContactService::NewStub(suite().NewChannel(Program::kGateway));
  }

  grpc::Status Open(gateway::v1::OpenContactRequest request, Contact& contact) {
    request.set_request_id(FreshRequestId());
    // Each is of somebody new: nothing is open for them yet.
    request.mutable_person()->set_person_id(absl::StrCat("person-", ++people_));
    grpc::ClientContext context;
    gateway::v1::OpenContactResponse response;
    const grpc::Status status = stub_->OpenContact(&context, request, &response);
    contact = response.contact();
    return status;
  }

  grpc::Status Add(const ContactFacts& facts, Contact& contact) {
    gateway::v1::AddFactsRequest request;
    request.set_authority(contact.authority());
    request.set_contact_id(contact.contact_id());
    request.set_request_id(FreshRequestId());
    request.set_wait_ms(kWaitMs);
    *request.mutable_facts() = facts;
    grpc::ClientContext context;
    gateway::v1::AddFactsResponse response;
    const grpc::Status status = stub_->AddFacts(&context, request, &response);
    if (status.ok()) contact = response.contact();
    return status;
  }

  Contact Settled(const Contact& contact) {
    gateway::v1::GetContactRequest request;
    request.set_authority(contact.authority());
    request.set_contact_id(contact.contact_id());
    for (const absl::Time limit = absl::Now() + kPatience; absl::Now() < limit;) {
      grpc::ClientContext context;
      gateway::v1::GetContactResponse response;
      if (stub_->GetContact(&context, request, &response).ok() &&
          std::none_of(response.contact().steps().begin(), response.contact().steps().end(),
                       &IsUnfinished)) {
        return response.contact();
      }
      absl::SleepFor(absl::Milliseconds(20));
    }
    ADD_FAILURE() << contact.contact_id() << " does not settle";
    return contact;
  }

  // A few facts at a time.
  void TellInPieces(const Telling& telling, Teller& teller, Contact& contact) {
    EXPECT_TRUE(Open(telling.opening, contact).ok());
    for (std::size_t next = 0; next < telling.facts.size();) {
      ContactFacts piece;
      for (int size = 1 + teller.Below(3); size > 0 && next < telling.facts.size(); --size) {
        piece.MergeFrom(telling.facts[next++]);
      }
      const grpc::Status added = Add(piece, contact);
      ASSERT_TRUE(added.ok()) << piece.ShortDebugString() << ": " << added.error_message();
      contact = Settled(contact);
    }
  }

 private:
  std::unique_ptr<ContactService::Stub> stub_;
  int people_ = 0;
};

TEST_P(FactOrder, ComesToTheSame) {
  Teller teller(20251009);
  int told = 0;
  for (const char* authority :
       {"standard", "rotherham", "wakefield", "milton-keynes", "hillingdon-carers"}) {
    for (int i = 0; i < kContactsOfEach; ++i) {
      Telling telling = teller.Tell(authority);
      gateway::v1::OpenContactRequest whole = telling.opening;
      for (const ContactFacts& fact : telling.facts) whole.mutable_facts()->MergeFrom(fact);
      Contact at_once;
      teller.Shuffle(telling.facts);
      // What contradicts itself is refused, however it is told.
      if (!Open(whole, at_once).ok()) continue;
      SCOPED_TRACE(whole.ShortDebugString());
      Contact in_pieces;
      ASSERT_NO_FATAL_FAILURE(TellInPieces(telling, teller, in_pieces));
      EXPECT_EQ(Upshot(Settled(at_once)), Upshot(in_pieces));
      ++told;
    }
  }
  EXPECT_GE(told, 3 * kContactsOfEach);
}

// A slip may have opened a referral, which stays: such a contact ends otherwise, and says so.
TEST_P(FactOrder, ForgetsASlipThatMadeNoRecord) {
  Teller teller(19480705);
  int told = 0;
  for (const char* authority :
       {"standard", "rotherham", "wakefield", "milton-keynes", "hillingdon-carers"}) {
    for (int i = 0; i < kContactsOfEach; ++i) {
      const Telling telling = teller.Tell(authority);
      gateway::v1::OpenContactRequest whole = telling.opening;
      for (const ContactFacts& fact : telling.facts) whole.mutable_facts()->MergeFrom(fact);
      Contact right;
      if (!Open(whole, right).ok()) continue;
      right = Settled(right);
      SCOPED_TRACE(whole.ShortDebugString() + " slip " + telling.slip.ShortDebugString());
      Contact slipped;
      gateway::v1::OpenContactRequest wrong = whole;
      wrong.mutable_facts()->MergeFrom(telling.slip);
      if (!Open(wrong, slipped).ok()) continue;
      slipped = Settled(slipped);
      if (slipped.referral_id().empty() != right.referral_id().empty()) continue;
      ASSERT_TRUE(Add(telling.facts.back(), slipped).ok());
      EXPECT_EQ(Upshot(right), Upshot(Settled(slipped)));
      ++told;
    }
  }
  EXPECT_GE(told, 3 * kContactsOfEach);
}

INSTANTIATE_TEST_SUITE_P(OnBothDatabases, FactOrder,
                         ::testing::Values(SuiteDatabase::kSqlite, SuiteDatabase::kMariaDb),
                         SuiteDatabaseName);

}  // namespace
}  // namespace asc::testing
