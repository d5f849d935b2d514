#include "tests/support/samples.h"

#include <grpcpp/client_context.h>

#include <chrono>
#include <cstdint>
#include <map>

#include "absl/strings/str_cat.h"
#include "asc/events/v1/events.grpc.pb.h"
#include "asc/gateway/v1/contact.grpc.pb.h"
#include "asc/referral/v1/referral.grpc.pb.h"

namespace asc::testing {
namespace {

// The most a page may hold.
constexpr int kPageSize = 200;
// A listing of thousands of rows in a debug build on a busy machine.
constexpr std::chrono::seconds kTimeout{30};

void SetPerson(const std::string& person_id, type::v1::PersonRef& person) {
  person.set_person_id(person_id);
  // Nobody is taken for somebody else.
  person.set_full_name("Ada Invented " + person_id);
  person.set_born_on("1950-01-31");
  person.set_postcode("S99 9ZZ");
}

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace

referral::v1::OpenReferralRequest OpenReferralSample(const std::string& request_id,
                                                     const std::string& person_id) {
  referral::v1::OpenReferralRequest request;
  request.set_authority(kAuthority);
  request.set_request_id(request_id);
  auto& details = *request.mutable_details();
  details.set_subject(referral::v1::SUBJECT_PERSON);
  details.set_contact_kind(referral::v1::CONTACT_KIND_CONTACT);
  details.set_channel(referral::v1::CHANNEL_TELEPHONE);
  details.set_purpose(referral::v1::PURPOSE_ASSESSMENT);
  details.set_would_benefit(type::v1::ANSWER_YES);
  details.mutable_lawful_basis()->set_made_by_the_person(type::v1::ANSWER_YES);
  SetPerson(person_id, *details.mutable_person());
  details.mutable_person_view()->set_issue(
      "Since the fall in spring the stairs and the bath have become hard, and shopping is left to "
      "a "
      "neighbour who is often away. Getting up takes an hour and somebody to lean on. Cooking "
      "stands "
      "still since the stove was left on twice in one week, and meals now come cold from tins. ");
  details.mutable_person_view()->set_wish(
      "Wants to stay at home, wash alone again, see the choir on Thursdays and not be a burden to "
      "anybody. Would accept help in the mornings, a rail at the bath and somebody to go to the "
      "shops "
      "with once a week. Does not want to move, and would like to be rung in the afternoon only. ");
  details.mutable_prior_options()->set_family_and_community(
      "The neighbour helped until May. A niece comes every second Sunday and cannot come more "
      "often. "
      "The surgery has looked at the hip and found nothing that an operation would mend. The day "
      "centre was tried for three weeks and given up because of the journey. ");
  details.mutable_communication()->add_needs()->set_need(
      "Hears little on the left side; speak slowly, and write down times and names.");
  return request;
}

gateway::v1::OpenContactRequest OpenContactSample(const std::string& request_id,
                                                  const std::string& person_id) {
  gateway::v1::OpenContactRequest request;
  request.set_authority(kAuthority);
  request.set_request_id(request_id);
  request.set_channel(referral::v1::CHANNEL_TELEPHONE);
  request.mutable_contacting()->set_role(gateway::v1::CONTACTING_ROLE_SELF);
  request.set_subject(referral::v1::SUBJECT_PERSON);
  SetPerson(person_id, *request.mutable_person());
  request.add_asks(gateway::v1::ASK_NEW_NEED);
  request.set_summary("Asks for help in the mornings since a fall in spring.");
  auto& facts = *request.mutable_facts();
  facts.set_imminent_danger(type::v1::ANSWER_NO);
  facts.set_crime(type::v1::ANSWER_NO);
  facts.set_adult_abuse_or_neglect(type::v1::ANSWER_NO);
  facts.set_child_abuse_or_neglect(type::v1::ANSWER_NO);
  facts.set_provider_concern(type::v1::ANSWER_NO);
  facts.set_would_benefit(type::v1::ANSWER_YES);
  facts.mutable_lawful_basis()->set_made_by_the_person(type::v1::ANSWER_YES);
  return request;
}

absl::StatusOr<std::vector<referral::v1::ReferralSummary>> ListAllReferrals(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& authority) {
  const auto stub = referral::v1::ReferralService::NewStub(channel);
  referral::v1::ListReferralsRequest request;
  request.set_authority(authority);
  request.set_page_size(kPageSize);
  std::vector<referral::v1::ReferralSummary> all;
  do {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    referral::v1::ListReferralsResponse page;
    const grpc::Status status = stub->ListReferrals(&context, request, &page);
    if (!status.ok()) return FromGrpc(status);
    all.insert(all.end(), page.referrals().begin(), page.referrals().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

absl::StatusOr<std::vector<gateway::v1::ContactSummary>> ListAllContacts(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& authority) {
  const auto stub = gateway::v1::ContactService::NewStub(channel);
  gateway::v1::ListContactsRequest request;
  request.set_authority(authority);
  request.set_page_size(kPageSize);
  std::vector<gateway::v1::ContactSummary> all;
  do {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    gateway::v1::ListContactsResponse page;
    const grpc::Status status = stub->ListContacts(&context, request, &page);
    if (!status.ok()) return FromGrpc(status);
    all.insert(all.end(), page.contacts().begin(), page.contacts().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

absl::StatusOr<std::vector<events::v1::Event>> AllEvents(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& authority) {
  const auto stub = events::v1::EventsService::NewStub(channel);
  events::v1::WatchRequest request;
  request.set_authority(authority);
  request.set_until_caught_up(true);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  const auto stream = stub->Watch(&context, request);
  std::vector<events::v1::Event> all;
  for (events::v1::WatchResponse answer; stream->Read(&answer);) {
    all.insert(all.end(), answer.events().begin(), answer.events().end());
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return FromGrpc(status);
  return all;
}

std::string FaultInVersions(const std::vector<events::v1::Event>& events,
                            const std::string& record_type) {
  std::map<std::string, std::int64_t> last;
  for (const events::v1::Event& event : events) {
    if (event.record_type() != record_type) continue;
    std::int64_t& version = last[event.record_id()];
    if (event.record_version() != version + 1) {
      return absl::StrCat(record_type, " ", event.record_id(), ": version ", event.record_version(),
                          " follows ", version);
    }
    ++version;
  }
  return "";
}

}  // namespace asc::testing
