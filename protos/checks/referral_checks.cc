#include "protos/checks/referral_checks.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "platform/facts/tri_state.h"
#include "platform/rpc/formats.h"
#include "protos/checks/moments.h"
#include "protos/checks/person_names.h"

namespace asc::checks {
namespace {

namespace v1 = asc::referral::v1;

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_YES;
using facts::Known;
using rpc::Violations;

// Nobody is older; a year of birth before that is a slip of the keyboard.
constexpr int kAgeMaxYears = 125;

// A malformed date is named by the field's own options.
bool IsDate(const std::string& text) {
  return !text.empty() && rpc::FormatFault(type::v1::FORMAT_DATE, text) == nullptr;
}

// What every part of the details is checked against.
struct Check {
  const v1::ReferralDetails& details;
  const std::string& path;
  const absl::Time now;
  Violations& violations;

  void Fault(bool wrong, const std::string& field, const char* what) {
    if (wrong) violations.Add(absl::StrCat(path, ".", field), what);
  }
  void NotInFuture(bool present, const google::protobuf::Timestamp& at, const std::string& field) {
    Fault(present && LiesInFuture(at, now), field, "lies in the future");
  }
  // Dates are text, YYYY-MM-DD, and so in order.
  void NotInFuture(const std::string& date, const std::string& field) {
    Fault(IsDate(date) && date > BritishDay(now + kClockSkewMax), field, "lies in the future");
  }
  void NotBeforeBirth(const std::string& date, const std::string& field) {
    const std::string& born_on = details.person().born_on();
    Fault(IsDate(date) && IsDate(born_on) && date < born_on, field,
          "lies before the person was born");
  }
  void NotBeforeBirth(bool present, const google::protobuf::Timestamp& at,
                      const std::string& field) {
    if (present) NotBeforeBirth(BritishDay(ToTime(at)), field);
  }
  template <class List>
  void NoneMeansNone(Answer any, const List& list, const std::string& field) {
    Fault(any == ANSWER_NO && !list.empty(), field, "is NO, although something is listed");
  }
};

void CheckPerson(Check& check) {
  const std::string& born_on = check.details.person().born_on();
  check.NotInFuture(born_on, "person.born_on");
  const absl::CivilYear oldest = absl::ToCivilYear(check.now, absl::UTCTimeZone()) - kAgeMaxYears;
  check.Fault(IsDate(born_on) && born_on < absl::StrCat(oldest.year(), "-01-01"), "person.born_on",
              "lies further back than anybody lives");
  const bool received = check.details.has_received_at();
  check.NotInFuture(received, check.details.received_at(), "received_at");
  check.NotBeforeBirth(received, check.details.received_at(), "received_at");
}

void CheckScope(Check& check) {
  const v1::ReferralDetails& details = check.details;
  const bool about_a_person = details.subject() == v1::SUBJECT_PERSON;
  check.Fault(about_a_person && details.moving_to_adult_services() == ANSWER_YES,
              "moving_to_adult_services", "is said of a carer only");
  check.Fault(about_a_person && details.purpose() == v1::PURPOSE_CARER_ASSESSMENT, "purpose",
              "is an assessment of a carer, although the referral is not about a carer");
}

void CheckHowItCame(Check& check) {
  const v1::ReferralDetails& details = check.details;
  check.Fault(details.contact_kind() == v1::CONTACT_KIND_WRITTEN_REFERRAL &&
                  details.channel() == v1::CHANNEL_TELEPHONE,
              "contact_kind", "is a written referral, although it came by telephone");
}

void CheckConsent(Check& check) {
  const v1::LawfulBasis& basis = check.details.lawful_basis();
  const v1::Consent& consent = basis.consent();
  const std::string field = "lawful_basis.consent";
  const bool given = consent.given() == ANSWER_YES;
  check.NotInFuture(consent.has_given_at(), consent.given_at(), field + ".given_at");
  check.NotBeforeBirth(consent.has_given_at(), consent.given_at(), field + ".given_at");
  check.Fault(!given && consent.has_given_at(), field + ".given_at", "there is no consent to date");
  check.Fault(!given && consent.how() != v1::CONSENT_FORM_UNSPECIFIED, field + ".how",
              "there is no consent to describe");
  check.Fault(given && basis.capacity().lacks_capacity() == ANSWER_YES, field + ".given",
              "nobody who lacks the capacity for it has consented");
}

// A decision in somebody's best interests stands on a decision that they lack capacity. While that
// is merely not known it is asked for; once it is known that nobody has decided it, the claim is
// wrong.
void CheckBestInterests(Check& check) {
  const v1::Capacity& capacity = check.details.lawful_basis().capacity();
  const v1::BestInterests& best = check.details.lawful_basis().best_interests();
  const std::string field = "lawful_basis.best_interests";
  const bool decided = best.decided() == ANSWER_YES;
  check.Fault(decided && capacity.lacks_capacity() == ANSWER_NO, field + ".decided",
              "nobody decides in the best interests of a person who has capacity");
  check.Fault(
      decided && capacity.assessed() == ANSWER_NO && facts::IsUnknown(capacity.lacks_capacity()),
      field + ".decided", "is claimed, although nobody has decided about capacity");
  check.Fault(!decided && !best.decided_on().empty(), field + ".decided_on",
              "there is no decision to date");
  check.Fault(!decided && !best.decided_by().empty(), field + ".decided_by",
              "there is no decision that somebody made");
  check.NotInFuture(best.decided_on(), field + ".decided_on");
  check.NotBeforeBirth(best.decided_on(), field + ".decided_on");
  check.Fault(!best.decided_on().empty() && best.decided_on() < capacity.assessed_on(),
              field + ".decided_on", "is before capacity was assessed");
}

// A lack of capacity without an assessment is no contradiction: whoever acts may reasonably believe
// in it before anybody has assessed it (Mental Capacity Act 2005 s.5), and item 4 asks for the
// assessment as a question of its own. Nor is capacity without one: it is presumed (s.1).
void CheckCapacity(Check& check) {
  const v1::Capacity& capacity = check.details.lawful_basis().capacity();
  const std::string field = "lawful_basis.capacity";
  const bool assessed = capacity.assessed() != ANSWER_NO;
  check.NotInFuture(capacity.assessed_on(), field + ".assessed_on");
  check.NotBeforeBirth(capacity.assessed_on(), field + ".assessed_on");
  check.Fault(!assessed && !capacity.assessed_on().empty(), field + ".assessed_on",
              "there is no assessment to date");
  check.Fault(!assessed && !capacity.assessed_by().empty(), field + ".assessed_by",
              "there is no assessment that somebody made");
}

constexpr char kSelfRefers[] = "is another, although the person is said to refer";

void CheckReferrer(Check& check) {
  const v1::ReferralDetails& details = check.details;
  const v1::Referrer& referrer = details.referrer();
  const Answer self = Known(details.lawful_basis().made_by_the_person());
  const bool same_id =
      !referrer.person_id().empty() && referrer.person_id() == details.person().person_id();
  const bool said_self = referrer.type() == v1::REQUESTER_TYPE_SELF;
  check.Fault(self == ANSWER_NO && same_id, "referrer.person_id",
              "is the person, who is said not to refer");
  check.Fault(self == ANSWER_NO && said_self, "referrer.type",
              "is SELF, although the person is said not to refer");
  check.Fault(referrer.type() == v1::REQUESTER_TYPE_ANONYMOUS && !referrer.full_name().empty(),
              "referrer.full_name", "is given, although the referrer is anonymous");
  if (self == ANSWER_NO || (self != ANSWER_YES && !said_self)) return;
  check.Fault(!same_id && !referrer.person_id().empty(), "referrer.person_id", kSelfRefers);
  check.Fault(!said_self && referrer.type() != v1::REQUESTER_TYPE_UNSPECIFIED, "referrer.type",
              kSelfRefers);
  check.Fault(!same_id && !referrer.full_name().empty() &&
                  !SameName(referrer.full_name(), details.person().full_name()),
              "referrer.full_name", kSelfRefers);
  const v1::ReferrerView& view = details.referrer_view();
  check.Fault(!view.issue().empty() || !view.recommended_action().empty(), "referrer_view",
              "is another's view, although the person is said to refer");
}

void CheckLists(Check& check) {
  const v1::ReferralDetails& details = check.details;
  check.NoneMeansNone(details.prior_options().any(), details.prior_options().options(),
                      "prior_options.any");
  const v1::InformationAndAdvice& information = details.information();
  check.NoneMeansNone(information.any(), information.given(), "information.any");
  check.Fault(
      information.any() == ANSWER_NO && information.finance_information_given() == ANSWER_YES,
      "information.finance_information_given", "is YES, although no information was given");
  const v1::Prevention& prevention = details.prevention();
  check.NoneMeansNone(prevention.any(), prevention.services(), "prevention.any");
  check.Fault(prevention.all_explored() == ANSWER_NO && prevention.found_unsuitable() == ANSWER_YES,
              "prevention.found_unsuitable", "is YES, although they have not been explored");
  check.NoneMeansNone(details.communication().any(), details.communication().needs(),
                      "communication.any");
  check.NoneMeansNone(details.services().any(), details.services().services(), "services.any");
  check.NoneMeansNone(details.involve().any(), details.involve().people(), "involve.any");
  check.NoneMeansNone(details.other().any(), details.other().matters(), "other.any");
}

void CheckServices(Check& check) {
  const std::string today = BritishDay(check.now);
  // What was current when the referral came in may have ended before it is taken.
  const std::string received =
      check.details.has_received_at() ? BritishDay(ToTime(check.details.received_at())) : today;
  for (int i = 0; i < check.details.services().services_size(); ++i) {
    const v1::SupportService& service = check.details.services().services(i);
    const std::string field = absl::StrCat("services.services[", i, "]");
    const bool ended = !service.ended_on().empty();
    check.Fault(ended && service.ended_on() < service.started_on(), field + ".ended_on",
                "is before started_on");
    check.Fault(service.current() == ANSWER_YES && ended && service.ended_on() < received,
                field + ".current", "is YES, although the service has ended");
    check.Fault(service.current() == ANSWER_NO && service.ended_on() > today, field + ".current",
                "is NO, although the service has not ended");
    check.Fault(service.current() == ANSWER_YES && service.started_on() > today, field + ".current",
                "is YES, although the service has not begun");
    check.NotBeforeBirth(service.started_on(), field + ".started_on");
  }
}

void CheckPeople(Check& check) {
  for (int i = 0; i < check.details.involve().people_size(); ++i) {
    check.Fault(check.details.involve().people(i).consent() == ANSWER_NO,
                absl::StrCat("involve.people[", i, "].consent"),
                "is NO: nobody is named against the person's wish");
  }
  for (int i = 0; i < check.details.statements_size(); ++i) {
    const v1::Statement& statement = check.details.statements(i);
    const std::string field = absl::StrCat("statements[", i, "]");
    const bool by_other = statement.said_by() == v1::SPEAKER_OTHER;
    check.Fault(by_other && statement.speaker_name().empty(), field + ".speaker_name",
                "required with OTHER");
    check.NotInFuture(statement.has_said_at(), statement.said_at(), field + ".said_at");
    check.NotBeforeBirth(statement.has_said_at(), statement.said_at(), field + ".said_at");
  }
}

constexpr char kOnCompletion[] = "is set when the referral is completed";

void CheckReturn(Check& check) {
  const v1::StatutoryReturn& statutory = check.details.statutory_return();
  const std::string field = "statutory_return";
  check.NotInFuture(statutory.requested_on(), field + ".requested_on");
  check.NotBeforeBirth(statutory.requested_on(), field + ".requested_on");
  check.Fault(statutory.request_outcome() != v1::REQUEST_OUTCOME_UNSPECIFIED,
              field + ".request_outcome", kOnCompletion);
  check.Fault(!statutory.concluded_on().empty(), field + ".concluded_on", kOnCompletion);
}

}  // namespace

void CheckDetails(const v1::ReferralDetails& details, const std::string& path, absl::Time now,
                  Violations& violations) {
  Check check{details, path, now, violations};
  CheckPerson(check);
  CheckScope(check);
  CheckHowItCame(check);
  CheckConsent(check);
  CheckCapacity(check);
  CheckBestInterests(check);
  CheckReferrer(check);
  CheckLists(check);
  CheckServices(check);
  CheckPeople(check);
  CheckResidence(details.residence(), path + ".residence", violations);
  CheckReturn(check);
}

void CheckRouteFacts(const v1::RouteFacts& facts, const std::string& path, absl::Time now,
                     Violations& violations) {
  if (facts.available_now() == ANSWER_YES && facts.has_available_from() &&
      LiesInFuture(facts.available_from(), now)) {
    violations.Add(path + ".available_from", "is given, although the worker is there now");
  }
  if (facts.return_known() == ANSWER_YES && !facts.has_available_from()) {
    violations.Add(path + ".available_from", "required when the return is known");
  }
  if (facts.return_known() != ANSWER_YES && facts.has_available_from()) {
    violations.Add(path + ".return_known", "must be YES with available_from");
  }
}

void CheckResidence(const v1::Residence& residence, const std::string& path,
                    Violations& violations) {
  if (residence.ordinarily_resident_here() == ANSWER_YES && !residence.other_authority().empty()) {
    violations.Add(path + ".other_authority", "is given, although the person is resident here");
  }
}

void CheckReviewFacts(const v1::ReviewFacts& facts, const std::string& path,
                      Violations& violations) {
  if (facts.has_plan() == ANSWER_NO && facts.reablement_plan() == ANSWER_YES) {
    violations.Add(path + ".reablement_plan", "is YES, although there is no plan");
  }
  if (facts.has_allocated_worker() == ANSWER_NO && facts.worker_can() == ANSWER_YES) {
    violations.Add(path + ".worker_can", "is YES, although no worker is allocated");
  }
}

}  // namespace asc::checks
