// ContactService through a real server, with the real referral and advocacy services beside it.

#include "gateway/gateway_service.h"

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "advocacy-svc/advocacy_service.h"
#include "asc/advocacy/v1/advocacy.grpc.pb.h"
#include "asc/gateway/v1/contact.grpc.pb.h"
#include "asc/referral/v1/referral.grpc.pb.h"
#include "gateway/gateway_process.h"
#include "gateway/test_contacts.h"
#include "google/rpc/error_details.pb.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/status.h"
#include "platform/status/macros.h"
#include "platform/testing/refused_fields.h"
#include "platform/testing/status_matchers.h"
#include "referral-svc/referral_service.h"

namespace asc::gateway {
namespace {

using asc::testing::FieldsOf;
using asc::testing::IsOk;
using asc::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A real service with a database of its own, on a free port.
class ServiceSide {
 public:
  // What a service's own main does.
  struct Parts {
    std::string name;
    std::vector<db::Migration> schema;
    std::function<absl::StatusOr<std::unique_ptr<policy::PolicySet>>()> load_policies;
    std::function<std::unique_ptr<grpc::Service>(rpc::Adapter&, const policy::PolicySet&)> make;
  };
  explicit ServiceSide(Parts parts) : parts_(std::move(parts)) {}

  absl::Status Start(const std::string& listen) {
    if (database_ == nullptr) {
      ASC_TRY_ASSIGN(database_, db::Open("sqlite::memory:"));
      ASC_TRY(database_->Migrate(parts_.schema));
      ASC_TRY_ASSIGN(policies_, parts_.load_policies());
      ASC_TRY(policies_->Archive(*database_));
    }
    rpc::ServerOptions options{.listen = listen, .name = parts_.name};
    options.adapter.development_identity = true;
    ASC_TRY_ASSIGN(server_, rpc::Server::Start(options, database_.get(), policies_.get(),
                                               {[this](rpc::Adapter& adapter) {
                                                 return parts_.make(adapter, *policies_);
                                               }}));
    return absl::OkStatus();
  }
  void Stop() { server_.reset(); }
  std::string address() const { return "localhost:" + std::to_string(server_->port()); }

 private:
  const Parts parts_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<policy::PolicySet> policies_;
  std::unique_ptr<rpc::Server> server_;
};

class GatewayServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(referral_.Start("localhost:0"), IsOk());
    ASSERT_THAT(advocacy_.Start("localhost:0"), IsOk());
    address_ = referral_.address();
    auto database = db::Open("sqlite::memory:");
    ASSERT_THAT(database, IsOk());
    database_ = *std::move(database);
    ASSERT_THAT(database_->Migrate(JournalStore::Migrations()), IsOk());
    auto policies = LoadPolicies("gateway/policy");
    ASSERT_THAT(policies, IsOk());
    policies_ = *std::move(policies);
    ASSERT_THAT(policies_->Archive(*database_), IsOk());
    auto backends = Backends::Load("gateway/authorities",
                                   {{"referral", address_}, {"advocacy", advocacy_.address()}});
    ASSERT_THAT(backends, IsOk());
    backends_ = *std::move(backends);
    RunnerOptions runner;
    runner.poll = std::chrono::milliseconds(100);
    runner_ = std::make_unique<WorkflowRunner>(*database_, store_, *policies_, *backends_, runner);
    runner_->Start();
    rpc::ServerOptions options{.name = "gateway"};
    options.adapter.development_identity = true;
    auto server = rpc::Server::Start(options, database_.get(), policies_.get(),
                                     {NewContactService(store_, *policies_, *runner_)});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    stub_ = v1::ContactService::NewStub(grpc::CreateChannel(
        "localhost:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }

  void TearDown() override {
    if (runner_ != nullptr) runner_->ReleaseWaiters();
    if (server_ != nullptr) server_->Stop();
    if (runner_ != nullptr) runner_->Stop();
  }

  template <class Response, class Request>
  absl::StatusOr<Response> Call(grpc::Status (v1::ContactService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(25));
    Response response;
    const auto status = rpc::FromGrpc((*stub_.*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }
  absl::StatusOr<v1::Contact> Open(const v1::OpenContactRequest& request) {
    auto response = Call(&v1::ContactService::Stub::OpenContact, request);
    if (!response.ok()) return response.status();
    return response->contact();
  }
  absl::StatusOr<v1::Contact> Add(const v1::AddFactsRequest& request) {
    auto response = Call(&v1::ContactService::Stub::AddFacts, request);
    if (!response.ok()) return response.status();
    return response->contact();
  }
  absl::StatusOr<v1::Contact> Get(const std::string& authority, const std::string& contact_id) {
    v1::GetContactRequest request;
    request.set_authority(authority);
    request.set_contact_id(contact_id);
    auto response = Call(&v1::ContactService::Stub::GetContact, request);
    if (!response.ok()) return response.status();
    return response->contact();
  }
  absl::StatusOr<v1::CompleteActionResponse> Complete(const v1::Contact& contact,
                                                      const std::string& action_id,
                                                      v1::ActionResult result,
                                                      const std::string& note = "") {
    v1::CompleteActionRequest request;
    request.set_authority(contact.authority());
    request.set_request_id("complete-" + action_id + std::to_string(++completions_));
    request.set_contact_id(contact.contact_id());
    request.set_action_id(action_id);
    request.set_result(result);
    request.set_note(note);
    return Call(&v1::ContactService::Stub::CompleteAction, request);
  }

  // The contact once no step is under way any more.
  v1::Contact Settled(const v1::Contact& contact) {
    auto read = Get(contact.authority(), contact.contact_id());
    while (read.ok() && read->status() == v1::CONTACT_STATUS_IN_PROGRESS) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      read = Get(contact.authority(), contact.contact_id());
    }
    EXPECT_THAT(read, IsOk());
    return read.ok() ? *read : v1::Contact();
  }

  // Names a worker who is not the person's, and says that consent is given.
  static v1::OpenContactRequest ValidRequest() {
    auto request = TestRequest("rotherham");
    request.mutable_facts()->mutable_lawful_basis()->mutable_consent()->set_given(
        asc::type::v1::ANSWER_YES);
    request.mutable_facts()->mutable_route()->set_allocated_to_worker(asc::type::v1::ANSWER_NO);
    request.set_wait_ms(15000);
    return request;
  }

  const referral::ReferralStore referral_store_{db::BlindIndex::Development()};
  const advocacy::AdvocacyStore advocacy_store_{};
  ServiceSide referral_{{"referral-svc", referral::ReferralSchema(),
                         [] { return referral::LoadPolicies("referral-svc/policy"); },
                         [this](rpc::Adapter& adapter, const policy::PolicySet& policies) {
                           return referral::NewReferralService(referral_store_, policies, adapter);
                         }}};
  ServiceSide advocacy_{{"advocacy-svc", advocacy::AdvocacySchema(),
                         [] { return advocacy::LoadPolicies("advocacy-svc/policy"); },
                         [this](rpc::Adapter& adapter, const policy::PolicySet& policies) {
                           return advocacy::NewAdvocacyService(advocacy_store_, policies, adapter);
                         }}};
  std::string address_;
  JournalStore store_{db::BlindIndex::Development()};
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<policy::PolicySet> policies_;
  std::unique_ptr<Backends> backends_;
  std::unique_ptr<WorkflowRunner> runner_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::ContactService::Stub> stub_;
  int completions_ = 0;
};

TEST_F(GatewayServiceTest, WorksAContactThrough) {
  const auto contact = Open(ValidRequest());
  ASSERT_THAT(contact, IsOk());
  EXPECT_EQ(contact->status(), v1::CONTACT_STATUS_AWAITING_PEOPLE);
  EXPECT_THAT(contact->outcomes(),
              ElementsAre(v1::OUTCOME_DEALT_WITH_HERE, v1::OUTCOME_REFERRAL_OPENED));
  EXPECT_THAT(contact->referral_id(), ::testing::Not(IsEmpty()));
  EXPECT_EQ(contact->policy_version().version(), "53.1");
  EXPECT_EQ(contact->service_policies().at("referral").version(), "53");
  const auto read = Get("rotherham", contact->contact_id());
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->DebugString(), contact->DebugString());
}

TEST_F(GatewayServiceTest, ARepeatGivesTheSameContactAsItNowStands) {
  const auto first = Open(ValidRequest());
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(Complete(*first, "R3-pass-on", v1::ACTION_RESULT_DONE), IsOk());
  const auto again = Open(ValidRequest());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->contact_id(), first->contact_id());
  EXPECT_EQ(again->version(), first->version() + 1);
  auto other = ValidRequest();
  other.set_summary("Something else.");
  EXPECT_THAT(Open(other), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(GatewayServiceTest, ManyCallersWithOneRequestMakeOneContact) {
  std::vector<std::future<absl::StatusOr<v1::Contact>>> answers;
  for (int caller = 0; caller < 20; ++caller) {
    answers.push_back(std::async(std::launch::async, [this] { return Open(ValidRequest()); }));
  }
  std::set<std::string> contacts;
  std::set<std::string> referrals;
  for (auto& answer : answers) {
    const auto contact = answer.get();
    ASSERT_THAT(contact, IsOk());
    contacts.insert(contact->contact_id());
    referrals.insert(contact->referral_id());
  }
  EXPECT_THAT(contacts, SizeIs(1));
  EXPECT_THAT(referrals, SizeIs(1));
}

TEST_F(GatewayServiceTest, NamesEveryFieldThatIsWrong) {
  auto request = ValidRequest();
  request.clear_contacting();
  request.clear_requested_worker();
  request.set_wait_ms(-1);
  request.mutable_person()->set_born_on("yesterday");
  request.mutable_received_at()->set_seconds(4'000'000'000);
  const auto refused = Open(request);
  ASSERT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FieldsOf(refused.status()),
              ::testing::UnorderedElementsAre("contacting", "requested_worker", "wait_ms",
                                              "person.born_on", "received_at"));
}

TEST_F(GatewayServiceTest, TakesEachAskOnceAndNamesEachFaultOnce) {
  auto unspecified = ValidRequest();
  unspecified.add_asks(v1::ASK_UNSPECIFIED);
  EXPECT_THAT(FieldsOf(Open(unspecified).status()), ElementsAre("asks[2]"));
  auto twice = ValidRequest();
  twice.add_asks(v1::ASK_NEW_NEED);
  EXPECT_THAT(FieldsOf(Open(twice).status()), ElementsAre("asks[2]"));
}

// Two names that are heard one after the other are one person; another number is not.
TEST_F(GatewayServiceTest, CorrectsThePersonAndTakesNobodyElse) {
  auto request = ValidRequest();
  request.clear_person();
  request.mutable_person()->set_full_name("Walter Example");
  request.mutable_person()->set_born_on("1941-02-03");
  const auto contact = Open(request);
  ASSERT_THAT(contact, IsOk());
  v1::AddFactsRequest more;
  more.set_authority(contact->authority());
  more.set_contact_id(contact->contact_id());
  more.set_request_id("request-another");
  more.mutable_person()->set_full_name("Ada Sample");
  more.mutable_person()->set_born_on("1950-01-01");
  EXPECT_THAT(FieldsOf(Add(more).status()), ElementsAre("person.full_name", "person.born_on"));
  more.set_request_id("request-identified");
  more.mutable_person()->set_full_name("Walter Exemplar");
  more.mutable_person()->clear_born_on();
  more.mutable_person()->set_person_id("person-1");
  ASSERT_THAT(Add(more), IsOk());
  more.set_request_id("request-corrected");
  more.mutable_person()->set_full_name("Walther Exemplar");
  more.mutable_person()->set_born_on("1942-02-03");
  EXPECT_THAT(Add(more), IsOk());
  more.set_request_id("request-renumbered");
  more.mutable_person()->set_person_id("person-2");
  EXPECT_THAT(FieldsOf(Add(more).status()), ElementsAre("person.person_id"));
}

TEST_F(GatewayServiceTest, RefusesContradictionsAtOnce) {
  auto request = ValidRequest();
  request.mutable_facts()->mutable_route()->set_return_known(asc::type::v1::ANSWER_YES);
  const auto refused = Open(request);
  ASSERT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FieldsOf(refused.status()), ::testing::ElementsAre("facts.route.available_from"));

  const auto contact = Open(ValidRequest());
  ASSERT_THAT(contact, IsOk());
  v1::AddFactsRequest more;
  more.set_authority(contact->authority());
  more.set_request_id("request-contradicts");
  more.set_contact_id(contact->contact_id());
  *more.mutable_facts() = request.facts();
  const auto added = Call(&v1::ContactService::Stub::AddFacts, more);
  ASSERT_THAT(added, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FieldsOf(added.status()), ::testing::ElementsAre("facts.route.available_from"));
}

// Held for an advocate, with nothing else to do than to find one.
v1::OpenContactRequest HeldRequest() {
  return FromText<v1::OpenContactRequest>(R"pb(
    authority: "rotherham"
    request_id: "request-held"
    channel: CHANNEL_TELEPHONE
    contacting { role: CONTACTING_ROLE_SELF }
    subject: SUBJECT_PERSON
    person { person_id: "person-1" }
    facts {
      advocacy {
        process: PROCESS_SAFEGUARDING_ENQUIRY
        process_will_follow: ANSWER_YES
        limbs { limb: LIMB_RETAINING substantial_difficulty: ANSWER_YES }
        appropriate_person { exists: ANSWER_NO }
      }
    }
    wait_ms: 15000
  )pb");
}

v1::ActionState StateOf(const v1::Contact& contact, const std::string& action_id) {
  for (const auto& action : contact.actions()) {
    if (action.action_id() == action_id) return action.state();
  }
  return v1::ACTION_STATE_UNSPECIFIED;
}

// Records in the advocacy service that an advocate is in place.
grpc::Status PlaceAdvocate(const std::string& address, const std::string& advocacy_need_id) {
  advocacy::v1::RecordAdvocateRequest request;
  request.set_authority("rotherham");
  request.set_request_id("request-advocate");
  auto& placement = *request.mutable_placement();
  placement.set_regime(advocacy::v1::REGIME_CARE_ACT);
  placement.set_provider("A charity");
  placement.set_appointed_for_process(asc::type::v1::ANSWER_YES);
  placement.mutable_in_place_at()->set_seconds(1'760'000'000);
  request.set_advocacy_need_id(advocacy_need_id);
  request.set_etag(rpc::EtagOf(1));
  grpc::ClientContext context;
  context.AddMetadata("asc-subject", "alice");
  context.AddMetadata("asc-authorities", "rotherham");
  context.AddMetadata("asc-permissions", "advocacyNeed.place");
  advocacy::v1::RecordAdvocateResponse response;
  return advocacy::v1::AdvocacyService::NewStub(
             grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))
      ->RecordAdvocate(&context, request, &response);
}

TEST_F(GatewayServiceTest, EndsAHeldContactOnlyWhenTheAdvocateIsThere) {
  const auto contact = Open(HeldRequest());
  ASSERT_THAT(contact, IsOk());
  ASSERT_EQ(contact->status(), v1::CONTACT_STATUS_AWAITING_PEOPLE);

  const auto ticked = Complete(*contact, "A8-wait", v1::ACTION_RESULT_DONE);

  ASSERT_THAT(ticked, IsOk());
  EXPECT_EQ(ticked->outcome(), v1::COMPLETION_OUTCOME_RECORDED);
  EXPECT_EQ(ticked->contact().contact_id(), contact->contact_id());
  EXPECT_EQ(StateOf(Settled(*contact), "A8-wait"), v1::ACTION_STATE_OPEN);

  const grpc::Status placed = PlaceAdvocate(advocacy_.address(), contact->advocacy_need_id());
  ASSERT_TRUE(placed.ok()) << placed.error_message();
  ASSERT_THAT(Complete(*contact, "A2-refer", v1::ACTION_RESULT_DONE), IsOk());

  const v1::Contact found = Settled(*contact);
  EXPECT_EQ(found.status(), v1::CONTACT_STATUS_COMPLETED) << found.DebugString();
  // Somebody had ticked it off before; now it is true.
  EXPECT_EQ(StateOf(found, "A8-wait"), v1::ACTION_STATE_DONE);
}

// A risk that is told later outweighs what was denied before.
TEST_F(GatewayServiceTest, RefusesNoRiskForWhatElseWasSaid) {
  auto request = ValidRequest();
  request.mutable_facts()->set_adult_abuse_or_neglect(asc::type::v1::ANSWER_NO);
  request.mutable_facts()->set_child_abuse_or_neglect(asc::type::v1::ANSWER_NO);
  const auto contact = Open(request);
  ASSERT_THAT(contact, IsOk());
  v1::AddFactsRequest more;
  more.set_authority(contact->authority());
  more.set_request_id("request-at-risk");
  more.set_contact_id(contact->contact_id());
  more.mutable_facts()->mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(
      asc::type::v1::ANSWER_YES);
  const auto added = Add(more);
  ASSERT_THAT(added, IsOk());
  EXPECT_THAT(added->outcomes(), ::testing::Contains(v1::OUTCOME_SAFEGUARDING));
}

TEST_F(GatewayServiceTest, HoldsWhatIsAddedAgainstAllThatIsKnown) {
  auto request = ValidRequest();
  request.add_asks(v1::ASK_REVIEW);
  request.mutable_facts()->mutable_review()->set_has_plan(asc::type::v1::ANSWER_YES);
  request.mutable_facts()->mutable_charging()->add_items()->set_kind(
      asc::funding::v1::SUPPORT_KIND_AID);
  asc::funding::v1::SupportItem& item =
      *request.mutable_facts()->mutable_charging()->mutable_items(0);
  item.set_item_id("item-1");
  item.set_description("A grab rail.");
  const auto contact = Open(request);
  ASSERT_THAT(contact, IsOk());
  v1::AddFactsRequest more;
  more.set_authority(contact->authority());
  more.set_request_id("request-one-answer");
  more.set_contact_id(contact->contact_id());
  more.mutable_facts()->mutable_review()->set_request_reasonable(asc::type::v1::ANSWER_YES);
  more.mutable_facts()->mutable_charging()->set_authority_waives(asc::type::v1::ANSWER_NO);
  const auto added = Add(more);
  ASSERT_THAT(added, IsOk());
  EXPECT_EQ(added->facts().charging().items_size(), 1);

  more.set_request_id("request-taken-back");
  more.clear_facts();
  more.add_cleared_paths("facts.charging.items");
  const auto refused = Call(&v1::ContactService::Stub::AddFacts, more);
  EXPECT_EQ(FieldsOf(refused.status()), std::vector<std::string>{"facts.charging.items"});

  more.add_cleared_paths("facts.charging.items[item-1]");
  more.add_cleared_paths("facts.received_at.seconds");
  more.add_cleared_paths("facts");
  more.add_cleared_paths("person.person_id");
  const auto unknown = Call(&v1::ContactService::Stub::AddFacts, more);
  EXPECT_THAT(FieldsOf(unknown.status()),
              ::testing::ElementsAre("cleared_paths[1]", "cleared_paths[2]", "cleared_paths[3]",
                                     "cleared_paths[4]"));

  more.clear_cleared_paths();
  more.add_cleared_paths("facts.charging.items[item_id=item-1].description");
  const auto required = Call(&v1::ContactService::Stub::AddFacts, more);
  EXPECT_EQ(FieldsOf(required.status()),
            std::vector<std::string>{"facts.charging.items[item_id=item-1].description"});

  more.clear_cleared_paths();
  more.add_cleared_paths("facts.charging");
  more.add_cleared_paths("facts.review.reablement_plan");
  const auto cleared = Add(more);
  ASSERT_THAT(cleared, IsOk());
  EXPECT_FALSE(cleared->facts().has_charging());
  EXPECT_EQ(cleared->facts().review().request_reasonable(), asc::type::v1::ANSWER_YES);
}

TEST_F(GatewayServiceTest, LaysAnItemOverTheItemWithItsKey) {
  auto request = ValidRequest();
  *request.mutable_facts() = FromText<v1::ContactFacts>(
      "charging { items { item_id: '1' kind: SUPPORT_KIND_AID description: 'A rail.' } "
      "           items { item_id: '2' kind: SUPPORT_KIND_AID description: 'A seat.' } } "
      "advocacy { limbs { limb: LIMB_RETAINING evidence: 'Asks again.' } }");
  const auto contact = Open(request);
  ASSERT_THAT(contact, IsOk());
  v1::AddFactsRequest more;
  more.set_authority(contact->authority());
  more.set_request_id("request-one-item");
  more.set_contact_id(contact->contact_id());
  *more.mutable_facts() = FromText<v1::ContactFacts>(
      "charging { items { item_id: '2' ends_on: '2025-03-01' } } "
      "advocacy { limbs { limb: LIMB_RETAINING substantial_difficulty: ANSWER_YES } "
      "           limbs { limb: LIMB_UNDERSTANDING } }");
  const auto added = Add(more);
  ASSERT_THAT(added, IsOk());
  EXPECT_EQ(added->facts().charging().items_size(), 2);
  EXPECT_EQ(added->facts().charging().items(1).description(), "A seat.");
  EXPECT_EQ(added->facts().charging().items(1).ends_on(), "2025-03-01");
  ASSERT_EQ(added->facts().advocacy().limbs_size(), 2);
  EXPECT_EQ(added->facts().advocacy().limbs(0).evidence(), "Asks again.");

  more.set_request_id("request-a-new-item");
  *more.mutable_facts() = FromText<v1::ContactFacts>("charging { items { item_id: '3' } }");
  const auto refused = Call(&v1::ContactService::Stub::AddFacts, more);
  EXPECT_THAT(FieldsOf(refused.status()),
              ::testing::ElementsAre("facts.charging.items[item_id=3].kind",
                                     "facts.charging.items[item_id=3].description"));

  more.set_request_id("request-take-out");
  more.clear_facts();
  more.add_cleared_paths("facts.charging.items[item_id=1]");
  more.add_cleared_paths("facts.advocacy.limbs[limb=LIMB_RETAINING].evidence");
  const auto without = Add(more);
  ASSERT_THAT(without, IsOk());
  ASSERT_EQ(without->facts().charging().items_size(), 1);
  EXPECT_EQ(without->facts().charging().items(0).item_id(), "2");
  EXPECT_EQ(without->facts().advocacy().limbs(0).evidence(), "");
}

TEST_F(GatewayServiceTest, SaysThatARecordWasMadeBeforeWhatTheRestLacks) {
  auto request = ValidRequest();
  *request.mutable_facts() = FromText<v1::ContactFacts>(
      "funding { urgent {} needs: 'Meals.' items { item_id: '1' kind: SUPPORT_KIND_HOME_CARE "
      "description: 'Visits.' } }");
  request.set_wait_ms(0);
  const auto contact = Open(request);
  ASSERT_THAT(contact, IsOk());
  v1::AddFactsRequest less;
  less.set_authority(contact->authority());
  less.set_request_id("request-taken-back");
  less.set_contact_id(contact->contact_id());
  less.add_cleared_paths("facts.funding.items[item_id=1].description");
  const auto refused = Call(&v1::ContactService::Stub::AddFacts, less);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition) << refused.status();
}

// The receiving team has changed the referral meanwhile: its version is another, and what it wrote
// stays.
TEST_F(GatewayServiceTest, AddsToTheReferralBesideWhatOthersWrote) {
  const auto contact = Open(ValidRequest());
  ASSERT_THAT(contact, IsOk());
  const auto referrals = asc::referral::v1::ReferralService::NewStub(
      grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
  const auto read = [&] {
    grpc::ClientContext context;
    asc::referral::v1::GetReferralRequest request;
    request.set_authority(contact->authority());
    request.set_referral_id(contact->referral_id());
    asc::referral::v1::GetReferralResponse response;
    EXPECT_THAT(rpc::FromGrpc(referrals->GetReferral(&context, request, &response)), IsOk());
    return response.referral();
  };
  asc::referral::v1::UpdateReferralRequest change;
  change.set_authority(contact->authority());
  change.set_request_id("request-of-the-team");
  change.set_referral_id(contact->referral_id());
  change.set_etag(read().etag());
  *change.mutable_details() = read().details();
  change.mutable_details()->mutable_person_view()->set_wish("To stay at home.");
  change.add_update_paths("person_view.wish");
  grpc::ClientContext context;
  asc::referral::v1::UpdateReferralResponse changed;
  ASSERT_THAT(rpc::FromGrpc(referrals->UpdateReferral(&context, change, &changed)), IsOk());

  v1::AddFactsRequest more;
  more.set_authority(contact->authority());
  more.set_request_id("request-more-is-known");
  more.set_contact_id(contact->contact_id());
  more.set_wait_ms(20000);
  more.mutable_facts()->mutable_referral()->mutable_person_view()->set_issue("The stairs.");
  ASSERT_THAT(Call(&v1::ContactService::Stub::AddFacts, more), IsOk());

  const auto referral = read();
  EXPECT_EQ(referral.details().person_view().issue(), "The stairs.");
  EXPECT_EQ(referral.details().person_view().wish(), "To stay at home.");
}

TEST_F(GatewayServiceTest, AsksAndGoesOnWhenTheFactArrives) {
  auto request = ValidRequest();
  request.mutable_facts()->mutable_lawful_basis()->clear_consent();
  request.mutable_facts()->mutable_lawful_basis()->set_at_risk_of_abuse_or_neglect(
      asc::type::v1::ANSWER_NO);
  request.mutable_facts()->mutable_lawful_basis()->mutable_capacity()->set_lacks_capacity(
      asc::type::v1::ANSWER_NO);
  const auto asked = Open(request);
  ASSERT_THAT(asked, IsOk());
  EXPECT_EQ(asked->status(), v1::CONTACT_STATUS_AWAITING_FACTS);
  ASSERT_THAT(asked->questions(), SizeIs(1));
  EXPECT_EQ(asked->questions(0).field(), "facts.lawful_basis.consent.given");
  auto facts = ConsentGiven(asked->contact_id(), "rotherham");
  facts.set_wait_ms(15000);
  facts.set_etag(asked->etag());
  const auto told = Add(facts);
  ASSERT_THAT(told, IsOk());
  EXPECT_EQ(told->facts_revision(), 2);
  EXPECT_THAT(told->referral_id(), ::testing::Not(IsEmpty()));
  EXPECT_EQ(told->status(), v1::CONTACT_STATUS_AWAITING_PEOPLE);
  const auto repeated = Add(facts);
  ASSERT_THAT(repeated, IsOk());
  EXPECT_EQ(repeated->version(), told->version());
  facts.set_request_id("request-0003");
  EXPECT_THAT(Add(facts), StatusIs(absl::StatusCode::kAborted));
}

TEST_F(GatewayServiceTest, KeepsTheContactWhileAServiceIsDown) {
  referral_.Stop();
  auto request = ValidRequest();
  request.mutable_facts()->set_adult_abuse_or_neglect(asc::type::v1::ANSWER_YES);
  request.set_wait_ms(300);
  const auto contact = Open(request);
  ASSERT_THAT(contact, IsOk());
  EXPECT_EQ(contact->status(), v1::CONTACT_STATUS_IN_PROGRESS);
  ASSERT_THAT(contact->advice(), SizeIs(1));
  EXPECT_EQ(contact->advice(0).rule_id(), "S1");
  ASSERT_THAT(referral_.Start(address_), IsOk());
  for (int turn = 0; turn < 200; ++turn) {
    const auto now = Get("rotherham", contact->contact_id());
    ASSERT_THAT(now, IsOk());
    if (now->status() == v1::CONTACT_STATUS_AWAITING_PEOPLE) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  FAIL() << Get("rotherham", contact->contact_id())->ShortDebugString();
}

TEST_F(GatewayServiceTest, ShowsAContactToItsOwnAuthorityOnly) {
  const auto contact = Open(ValidRequest());
  ASSERT_THAT(contact, IsOk());
  EXPECT_THAT(Get("wakefield", contact->contact_id()), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Get("rotherham", "nobody"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GatewayServiceTest, CompletesActionsOnceAndSaysWho) {
  auto request = ValidRequest();
  request.mutable_facts()->set_adult_abuse_or_neglect(asc::type::v1::ANSWER_YES);
  const auto contact = Open(request);
  ASSERT_THAT(contact, IsOk());
  const auto refused = Complete(*contact, "S1-raise-concern", v1::ACTION_RESULT_NOT_DONE, "busy");
  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->outcome(), v1::COMPLETION_OUTCOME_REFUSED);
  EXPECT_EQ(refused->contact().version(), contact->version());
  EXPECT_THAT(Complete(*contact, "R3-pass-on", v1::ACTION_RESULT_NOT_DONE),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("note")));
  const auto aside = Complete(*contact, "R3-pass-on", v1::ACTION_RESULT_NOT_DONE, "Done by hand.");
  ASSERT_THAT(aside, IsOk());
  const auto done = Complete(*contact, "S1-raise-concern", v1::ACTION_RESULT_DONE);
  ASSERT_THAT(done, IsOk());
  ASSERT_THAT(done->contact().actions(), ::testing::Not(IsEmpty()));
  EXPECT_EQ(done->contact().actions(0).completed_by(), "developer");
  EXPECT_EQ(done->contact().actions(0).state(), v1::ACTION_STATE_DONE);
  EXPECT_THAT(Complete(*contact, "S1-raise-concern", v1::ACTION_RESULT_DONE),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Complete(*contact, "none", v1::ACTION_RESULT_DONE),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GatewayServiceTest, ListsContactsByPageAndDueActions) {
  std::set<std::string> opened;
  for (int at = 0; at < 5; ++at) {
    auto request = ValidRequest();
    request.set_request_id("list-request-" + std::to_string(at));
    const auto contact = Open(request);
    ASSERT_THAT(contact, IsOk());
    opened.insert(contact->contact_id());
  }
  std::set<std::string> listed;
  v1::ListContactsRequest list;
  list.set_authority("rotherham");
  list.set_page_size(2);
  int pages = 0;
  do {
    const auto page = Call(&v1::ContactService::Stub::ListContacts, list);
    ASSERT_THAT(page, IsOk());
    for (const auto& contact : page->contacts()) {
      EXPECT_TRUE(listed.insert(contact.contact_id()).second);
    }
    list.set_page_token(page->next_page_token());
    ++pages;
  } while (!list.page_token().empty());
  EXPECT_EQ(listed, opened);
  EXPECT_EQ(pages, 3);

  v1::ListDueRequest due;
  due.set_authority("rotherham");
  due.set_page_size(3);
  const auto now = Call(&v1::ContactService::Stub::ListDue, due);
  ASSERT_THAT(now, IsOk());
  EXPECT_THAT(now->items(), SizeIs(3));
  EXPECT_EQ(now->items(0).rule_id(), "T8");
  EXPECT_THAT(now->next_page_token(), ::testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace asc::gateway
