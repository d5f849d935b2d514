#include "tests/workflow/contact_traffic.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "asc/events/v1/events.pb.h"
#include "asc/gateway/v1/contact.grpc.pb.h"
#include "platform/status/macros.h"
#include "tests/contacts/contact_cases.h"
#include "tests/contacts/differences.h"
#include "tests/support/nhs_numbers.h"
#include "tests/support/request_maker.h"
#include "tests/support/samples.h"

namespace asc::testing {
namespace {

using gateway::v1::Contact;
using gateway::v1::ContactService;
using tests::contacts::ContactCase;
using tests::contacts::Later;

// Longer than a busy machine takes: a call that is not acknowledged is made again.
constexpr std::chrono::seconds kCallTimeout{20};
// Of what is wrong, enough to see what kind of fault it is.
constexpr std::size_t kFaultsTold = 10;

// A server that is being stopped may drop a call that has just come in, which shows as CANCELLED.
bool MayBeRepeated(grpc::StatusCode code) {
  return code == grpc::StatusCode::CANCELLED || code == grpc::StatusCode::UNAVAILABLE ||
         code == grpc::StatusCode::DEADLINE_EXCEEDED || code == grpc::StatusCode::ABORTED ||
         code == grpc::StatusCode::RESOURCE_EXHAUSTED;
}

bool HasSafeguarding(const Contact& contact) {
  return std::any_of(contact.steps().begin(), contact.steps().end(), [](const auto& step) {
    return step.kind() == gateway::v1::STEP_KIND_SAFEGUARDING &&
           step.state() == gateway::v1::STEP_STATE_DONE;
  });
}

absl::StatusOr<Contact> Get(ContactService::Stub& stub, const std::string& authority,
                            const std::string& contact_id) {
  gateway::v1::GetContactRequest request;
  request.set_authority(authority);
  request.set_contact_id(contact_id);
  gateway::v1::GetContactResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  context.set_wait_for_ready(true);
  const grpc::Status status = stub.GetContact(&context, request, &response);
  if (status.ok()) return response.contact();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

// Collects what is wrong.
class Judge {
 public:
  Judge(Suite& suite, const std::map<std::string, ContactTraffic::Taken>& taken)
      : suite_(suite), taken_(taken) {
    for (const auto& [contact_id, one] : taken) authorities_.insert(one.authority);
  }

  // Reads each contact until its automatic work is over.
  void ReadContacts(std::chrono::seconds timeout) {
    const auto until = std::chrono::steady_clock::now() + timeout;
    const auto stub = ContactService::NewStub(suite_.NewChannel(Program::kGateway));
    for (const auto& [contact_id, one] : taken_) {
      auto contact = Get(*stub, one.authority, contact_id);
      while (contact.ok() && contact->status() == gateway::v1::CONTACT_STATUS_IN_PROGRESS &&
             std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        contact = Get(*stub, one.authority, contact_id);
      }
      if (!contact.ok()) {
        Blame(absl::StrCat(contact_id, ": ", contact.status().ToString()));
        continue;
      }
      for (const auto& difference : tests::contacts::Differences(*one.expected, *contact)) {
        Blame(absl::StrCat(one.authority, " ", contact_id, ": ", difference));
      }
      CountRecord("referral", contact->referral_id());
      CountRecord("advocacy_need", contact->advocacy_need_id());
      CountRecord("funding_request", contact->funding_request_id());
      CountRecord("advice", contact->advice_id());
    }
  }

  void CompareLists() {
    std::size_t listed = 0;
    std::set<std::string> kept;
    for (const std::string& authority : authorities_) {
      const auto contacts = ListAllContacts(suite_.NewChannel(Program::kGateway), authority);
      if (!contacts.ok()) return Blame(contacts.status().ToString());
      listed += contacts->size();
      for (const auto& contact : *contacts) kept.insert(contact.contact_id());
    }
    if (kept.size() != listed) Blame("a contact was listed twice");
    for (const auto& [contact_id, one] : taken_) {
      if (!kept.contains(contact_id)) Blame(contact_id + " was acknowledged and is not listed");
      kept.erase(contact_id);
    }
    if (!kept.empty()) Blame(*kept.begin() + " is kept and was never acknowledged");
  }

  // Each record a service has made belongs to one contact, and each contact's record was made once.
  // The records with these events are those that contacts make; their versions have no gap.
  void CompareRecords(Program program, const std::string& record_type) {
    std::map<std::string, int> made;
    for (const std::string& authority : authorities_) {
      const auto events = AllEvents(suite_.NewChannel(program), authority);
      if (!events.ok()) return Blame(events.status().ToString());
      const std::string fault = FaultInVersions(*events, record_type);
      if (!fault.empty()) Blame(absl::StrCat(NameOf(program), ": ", fault));
      for (const auto& event : *events) {
        if (event.record_type() == record_type) made[event.record_id()] = 1;
      }
    }
    const std::map<std::string, int>& wanted =
        program == Program::kGateway ? ContactIds() : records_[record_type];
    if (made == wanted) return;
    for (const auto& [id, times] : wanted) {
      if (times > 1) Blame(absl::StrCat(record_type, " ", id, " belongs to several contacts"));
    }
    Blame(absl::StrCat(NameOf(program), " has made ", made.size(), " of ", record_type,
                       ", and contacts know ", wanted.size()));
  }

  const std::vector<std::string>& faults() const { return faults_; }

 private:
  void Blame(const std::string& fault) {
    if (faults_.size() < kFaultsTold) faults_.push_back(fault);
  }
  void CountRecord(const std::string& record_type, const std::string& id) {
    if (!id.empty()) ++records_[record_type][id];
  }
  const std::map<std::string, int>& ContactIds() {
    auto& ids = records_["contact"];
    for (const auto& [contact_id, one] : taken_) ids[contact_id] = 1;
    return ids;
  }

  Suite& suite_;
  const std::map<std::string, ContactTraffic::Taken>& taken_;
  std::set<std::string> authorities_;
  // By record type, how many contacts know the record with this id.
  std::map<std::string, std::map<std::string, int>> records_;
  std::vector<std::string> faults_;
};

// Somebody else each time: one person has one open referral for one purpose.
void BeSomebodyElse(type::v1::PersonRef& person) {
  static std::atomic<std::uint64_t> people{0};
  const std::uint64_t number = ++people;
  person.set_person_id(absl::StrCat("person-", number));
  if (!person.full_name().empty()) {
    person.set_full_name(absl::StrCat(person.full_name(), " the ", number, "th"));
  }
  if (!person.nhs_number().empty()) person.set_nhs_number(NhsNumberOf(number));
}

}  // namespace

class ContactTraffic::Player {
 public:
  Player(ContactTraffic& traffic, const std::shared_ptr<grpc::Channel>& channel)
      : traffic_(traffic), stub_(ContactService::NewStub(channel)) {}

  void Run(int caller, const Options& options) {
    for (int number = 0; !traffic_.stopping_; ++number) {
      const auto next = std::chrono::steady_clock::now() + options.pause;
      ++traffic_.begun_;
      const std::size_t index = static_cast<std::size_t>(number) * options.callers + caller;
      // Some callers wait for the end, so that kills also hit calls that are being answered.
      PlayOne(traffic_.cases_[index % traffic_.cases_.size()], number % 2 == 0 ? 0 : 500);
      std::this_thread::sleep_until(next);
    }
  }

 private:
  void PlayOne(const ContactCase& played, int wait_ms) {
    auto request = played.request();
    request.set_request_id(FreshRequestId());
    request.set_wait_ms(wait_ms);
    // Whom the records know keeps the name they know.
    if (!played.has_setup() && !request.person().person_id().empty()) {
      BeSomebodyElse(*request.mutable_person());
    }
    gateway::v1::OpenContactResponse opened;
    if (!Repeat(&ContactService::Stub::OpenContact, request, opened)) return;
    const std::string contact_id = opened.contact().contact_id();
    Taken taken{request.authority(), &played.expected()};
    for (const Later& later : played.later()) {
      // An action can be completed only once its step is done, an advocate found only for a need
      // that is kept, and records change for all contacts.
      if (later.event_case() != Later::kFacts || later.has_setup() || later.has_advocate() ||
          later.once_all_is_done()) {
        break;
      }
      auto facts = later.facts();
      facts.set_authority(request.authority());
      facts.set_contact_id(contact_id);
      facts.set_request_id(FreshRequestId());
      facts.set_wait_ms(wait_ms);
      gateway::v1::AddFactsResponse added;
      if (!Repeat(&ContactService::Stub::AddFacts, facts, added)) break;
      taken.expected = &later.expected();
    }
    std::lock_guard lock(traffic_.mutex_);
    traffic_.taken_[contact_id] = taken;
    if (!HasSafeguarding(opened.contact())) ++traffic_.without_safeguarding_;
  }

  // Makes the call until it is acknowledged or refused for good; whether it was acknowledged.
  template <class Method, class Request, class Response>
  bool Repeat(Method method, const Request& request, Response& response) {
    while (true) {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
      // While the gateway is down a call waits for it; otherwise this loop would spin.
      context.set_wait_for_ready(true);
      const grpc::Status status = (*stub_.*method)(&context, request, &response);
      if (status.ok()) return true;
      std::lock_guard lock(traffic_.mutex_);
      if (!MayBeRepeated(status.error_code())) {
        traffic_.wrong_.push_back(absl::StrCat(status.error_code(), ": ", status.error_message()));
        return false;
      }
      ++traffic_.repeated_;
    }
  }

  ContactTraffic& traffic_;
  std::unique_ptr<ContactService::Stub> stub_;
};

absl::StatusOr<std::unique_ptr<ContactTraffic>> ContactTraffic::Start(
    Suite& suite, const std::vector<ContactCase>& cases, const Options& options) {
  const auto caller = NewCaller(suite, Transport::kGrpc);
  for (const ContactCase& played : cases) {
    ASC_TRY(tests::contacts::PutIntoRecords(played.setup(), played.request().authority(), *caller));
  }
  std::unique_ptr<ContactTraffic> traffic(new ContactTraffic(cases));
  for (int number = 0; number < options.callers; ++number) {
    traffic->callers_.emplace_back(
        [&traffic = *traffic, number, options, channel = suite.NewChannel(Program::kGateway)] {
          Player(traffic, channel).Run(number, options);
        });
  }
  return traffic;
}

void ContactTraffic::Stop() {
  stopping_ = true;
  for (std::thread& caller : callers_) caller.join();
  callers_.clear();
}

std::vector<std::string> FaultsAfter(Suite& suite,
                                     const std::map<std::string, ContactTraffic::Taken>& taken,
                                     std::chrono::seconds timeout) {
  Judge judge(suite, taken);
  judge.ReadContacts(timeout);
  judge.CompareLists();
  judge.CompareRecords(Program::kGateway, "contact");
  judge.CompareRecords(Program::kReferral, "referral");
  judge.CompareRecords(Program::kAdvocacy, "advocacy_need");
  judge.CompareRecords(Program::kFunding, "funding_request");
  judge.CompareRecords(Program::kDirectory, "advice");
  return judge.faults();
}

}  // namespace asc::testing
