// Requests spoiled by meaning, one thing each: the field is named and nothing is written.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "platform/testing/status_matchers.h"
#include "referral-svc/stamp.h"
#include "referral-svc/testing/service_harness.h"

namespace asc::referral {
namespace {

using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_UNKNOWN;
using type::v1::ANSWER_YES;

using Request = v1::OpenReferralRequest;

google::protobuf::Timestamp Tomorrow() { return ToTimestamp(kHarnessNow + absl::Hours(24)); }
google::protobuf::Timestamp LongAgo() { return ToTimestamp(absl::FromUnixSeconds(-1000000000)); }

v1::ReferralDetails& Details(Request& r) { return *r.mutable_details(); }
type::v1::PersonRef& Person(Request& r) { return *Details(r).mutable_person(); }
v1::PersonalDetails& Personal(Request& r) { return *Details(r).mutable_personal(); }
v1::ContactDetails& Contact(Request& r) { return *Personal(r).mutable_contact(); }
v1::LawfulBasis& BasisOf(Request& r) { return *Details(r).mutable_lawful_basis(); }
v1::Consent& Consent(Request& r) { return *BasisOf(r).mutable_consent(); }

v1::SupportService& Service(Request& r) {
  v1::SupportService& service = *Details(r).mutable_services()->add_services();
  service.set_what("Meals");
  return service;
}

v1::Statement& SaidBy(Request& r, v1::Speaker speaker) {
  v1::Statement& statement = *Details(r).add_statements();
  statement.set_text("She fell.");
  statement.set_said_by(speaker);
  return statement;
}

struct SpoiltCase {
  const char* name;
  // Below `details`.
  const char* field;
  void (*spoil)(Request&);
};

const SpoiltCase kSpoilt[] = {
    {"NhsNumberWrongDigit", "person.nhs_number",
     [](Request& r) { Person(r).set_nhs_number("9434765918"); }},
    {"NhsNumberAllZeros", "person.nhs_number",
     [](Request& r) { Person(r).set_nhs_number("0000000000"); }},
    {"NhsNumberOneDigitShort", "person.nhs_number",
     [](Request& r) { Person(r).set_nhs_number("943476591"); }},
    {"NhsNumberOneDigitLong", "person.nhs_number",
     [](Request& r) { Person(r).set_nhs_number("94347659190"); }},
    {"NhsNumberWithSpaces", "person.nhs_number",
     [](Request& r) { Person(r).set_nhs_number("943 476 5919"); }},
    {"NhsNumberWithALetter", "person.nhs_number",
     [](Request& r) { Person(r).set_nhs_number("943476591X"); }},
    {"NhsNumberCheckDigitTen", "person.nhs_number",
     [](Request& r) { Person(r).set_nhs_number("1000000050"); }},
    {"NationalInsuranceNumberOfHmrcsSample", "personal.national_insurance_number",
     [](Request& r) { Personal(r).set_national_insurance_number("QQ123456A"); }},
    {"NationalInsuranceNumberOfATaxCreditOffice", "personal.national_insurance_number",
     [](Request& r) { Personal(r).set_national_insurance_number("NT123456A"); }},
    {"NationalInsuranceNumberThatIsTemporary", "personal.national_insurance_number",
     [](Request& r) { Personal(r).set_national_insurance_number("TN123456A"); }},
    {"NationalInsuranceNumberWithAWrongSuffix", "personal.national_insurance_number",
     [](Request& r) { Personal(r).set_national_insurance_number("AB123456E"); }},
    {"NationalInsuranceNumberOneDigitShort", "personal.national_insurance_number",
     [](Request& r) { Personal(r).set_national_insurance_number("AB12345C"); }},
    {"NationalInsuranceNumberWithoutLetters", "personal.national_insurance_number",
     [](Request& r) { Personal(r).set_national_insurance_number("12345678C"); }},
    {"NationalInsuranceNumberInLowerCase", "personal.national_insurance_number",
     [](Request& r) { Personal(r).set_national_insurance_number("ab123456c"); }},
    {"PostcodeWithoutASpace", "person.postcode",
     [](Request& r) { Person(r).set_postcode("S601AE"); }},
    {"PostcodeInLowerCase", "person.postcode",
     [](Request& r) { Person(r).set_postcode("s60 1AE"); }},
    {"PostcodeWithALetterNobodyUses", "person.postcode",
     [](Request& r) { Person(r).set_postcode("S60 1AC"); }},
    {"PostcodeWithoutItsEnd", "person.postcode", [](Request& r) { Person(r).set_postcode("S60"); }},
    {"PostcodeOfAnotherCountry", "person.postcode",
     [](Request& r) { Person(r).set_postcode("10115"); }},
    {"UprnAllZeros", "personal.uprn", [](Request& r) { Personal(r).set_uprn("000"); }},
    {"UprnTooLong", "personal.uprn", [](Request& r) { Personal(r).set_uprn("1000123456789"); }},
    {"UprnWithALetter", "personal.uprn", [](Request& r) { Personal(r).set_uprn("12a"); }},
    {"BirthThatDoesNotExist", "person.born_on",
     [](Request& r) { Person(r).set_born_on("2023-02-29"); }},
    {"BirthInAnotherOrder", "person.born_on",
     [](Request& r) { Person(r).set_born_on("03-02-1941"); }},
    {"BirthWithoutADay", "person.born_on", [](Request& r) { Person(r).set_born_on("1941-02"); }},
    {"BirthInTheFuture", "person.born_on", [](Request& r) { Person(r).set_born_on("2026-01-06"); }},
    {"BirthOfNobodyAlive", "person.born_on",
     [](Request& r) { Person(r).set_born_on("1899-12-31"); }},
    {"EmailWithoutAnAt", "personal.contact.email",
     [](Request& r) { Contact(r).set_email("edna.example.org"); }},
    {"EmailWithTwoAts", "personal.contact.email",
     [](Request& r) { Contact(r).set_email("edna@@example.org"); }},
    {"EmailWithoutADot", "personal.contact.email",
     [](Request& r) { Contact(r).set_email("edna@example"); }},
    {"EmailWithASpace", "personal.contact.email",
     [](Request& r) { Contact(r).set_email("edna marsh@example.org"); }},
    {"TelephoneOneGroupShort", "personal.contact.telephones[0]",
     [](Request& r) { Contact(r).add_telephones("01709 38"); }},
    {"TelephoneAllZeros", "personal.contact.telephones[0]",
     [](Request& r) { Contact(r).add_telephones("0000000000"); }},
    {"TelephoneInWords", "personal.contact.telephones[0]",
     [](Request& r) { Contact(r).add_telephones("at her sisters"); }},
    {"TelephoneThatIsAShortNumberOfNobody", "personal.contact.telephones[0]",
     [](Request& r) { Contact(r).add_telephones("117 123"); }},
    {"TelephoneThatOnlyTakesTexts", "personal.contact.telephones[0]",
     [](Request& r) { Contact(r).add_telephones("85258"); }},
    {"TelephoneOfNoCountry", "personal.contact.telephones[0]",
     [](Request& r) { Contact(r).add_telephones("+999 30 123456"); }},
    {"TextNumberThatIsOnlyDialled", "personal.contact.text_numbers[0]",
     [](Request& r) { Contact(r).add_text_numbers("999"); }},
    {"TextNumberOfNobody", "personal.contact.text_numbers[0]",
     [](Request& r) { Contact(r).add_text_numbers("12345"); }},
    {"TextNumberTooShort", "personal.contact.text_numbers[0]",
     [](Request& r) { Contact(r).add_text_numbers("07700 9"); }},
    {"ReferrersTelephoneTooShort", "referrer.contact.telephones[0]",
     [](Request& r) { Details(r).mutable_referrer()->mutable_contact()->add_telephones("01709"); }},
    {"SubjectNotGiven", "subject", [](Request& r) { Details(r).clear_subject(); }},
    {"PersonMovingOnLikeACarer", "moving_to_adult_services",
     [](Request& r) { Details(r).set_moving_to_adult_services(ANSWER_YES); }},
    {"CarersAssessmentOfSomebodyElse", "purpose",
     [](Request& r) { Details(r).set_purpose(v1::PURPOSE_CARER_ASSESSMENT); }},
    {"ReceivedInTheFuture", "received_at",
     [](Request& r) { *Details(r).mutable_received_at() = Tomorrow(); }},
    {"ReceivedBeforeBirth", "received_at",
     [](Request& r) {
       Person(r).set_born_on("1941-02-03");
       *Details(r).mutable_received_at() = LongAgo();
     }},
    {"ConsentInTheFuture", "lawful_basis.consent.given_at",
     [](Request& r) {
       Consent(r).set_given(ANSWER_YES);
       *Consent(r).mutable_given_at() = Tomorrow();
     }},
    {"ConsentBeforeBirth", "lawful_basis.consent.given_at",
     [](Request& r) {
       Person(r).set_born_on("1941-02-03");
       Consent(r).set_given(ANSWER_YES);
       *Consent(r).mutable_given_at() = LongAgo();
     }},
    {"ConsentDatedButNotGiven", "lawful_basis.consent.given_at",
     [](Request& r) {
       Consent(r).set_given(ANSWER_NO);
       *Consent(r).mutable_given_at() = ToTimestamp(kHarnessNow);
     }},
    {"ConsentDatedButNotKnown", "lawful_basis.consent.given_at",
     [](Request& r) {
       Consent(r).set_given(ANSWER_UNKNOWN);
       *Consent(r).mutable_given_at() = ToTimestamp(kHarnessNow);
     }},
    {"ConsentDescribedButNotGiven", "lawful_basis.consent.how",
     [](Request& r) {
       Consent(r).set_given(ANSWER_NO);
       Consent(r).set_how(v1::CONSENT_FORM_SPOKEN);
     }},
    {"ConsentOfSomebodyWithoutCapacity", "lawful_basis.consent.given",
     [](Request& r) {
       Consent(r).set_given(ANSWER_YES);
       BasisOf(r).mutable_capacity()->set_lacks_capacity(ANSWER_YES);
     }},
    {"BestInterestsOfSomebodyWithCapacity", "lawful_basis.best_interests.decided",
     [](Request& r) {
       BasisOf(r).mutable_capacity()->set_lacks_capacity(ANSWER_NO);
       BasisOf(r).mutable_best_interests()->set_decided(ANSWER_YES);
     }},
    {"BestInterestsWithoutACapacityDecision", "lawful_basis.best_interests.decided",
     [](Request& r) {
       BasisOf(r).mutable_capacity()->set_assessed(ANSWER_NO);
       BasisOf(r).mutable_best_interests()->set_decided(ANSWER_YES);
     }},
    {"BestInterestsInTheFuture", "lawful_basis.best_interests.decided_on",
     [](Request& r) {
       BasisOf(r).mutable_best_interests()->set_decided(ANSWER_YES);
       BasisOf(r).mutable_best_interests()->set_decided_on("2026-01-06");
     }},
    {"BestInterestsBeforeCapacity", "lawful_basis.best_interests.decided_on",
     [](Request& r) {
       BasisOf(r).mutable_capacity()->set_lacks_capacity(ANSWER_YES);
       BasisOf(r).mutable_capacity()->set_assessed_on("2025-12-02");
       BasisOf(r).mutable_best_interests()->set_decided(ANSWER_YES);
       BasisOf(r).mutable_best_interests()->set_decided_on("2025-12-01");
     }},
    {"BestInterestsBeforeBirth", "lawful_basis.best_interests.decided_on",
     [](Request& r) {
       Person(r).set_born_on("1941-02-03");
       BasisOf(r).mutable_best_interests()->set_decided(ANSWER_YES);
       BasisOf(r).mutable_best_interests()->set_decided_on("1940-01-01");
     }},
    {"BestInterestsDatedButNotDecided", "lawful_basis.best_interests.decided_on",
     [](Request& r) {
       BasisOf(r).mutable_best_interests()->set_decided(ANSWER_NO);
       BasisOf(r).mutable_best_interests()->set_decided_on("2026-01-01");
     }},
    {"BestInterestsByNobody", "lawful_basis.best_interests.decided_by",
     [](Request& r) {
       BasisOf(r).mutable_best_interests()->set_decided(ANSWER_NO);
       BasisOf(r).mutable_best_interests()->set_decided_by("Dr Lee");
     }},
    {"AssessmentDatedButNotDone", "lawful_basis.capacity.assessed_on",
     [](Request& r) {
       BasisOf(r).mutable_capacity()->set_assessed(ANSWER_NO);
       BasisOf(r).mutable_capacity()->set_assessed_on("2026-01-01");
     }},
    {"AssessmentSignedButNotDone", "lawful_basis.capacity.assessed_by",
     [](Request& r) {
       BasisOf(r).mutable_capacity()->set_assessed(ANSWER_NO);
       BasisOf(r).mutable_capacity()->set_assessed_by("Dr Lee");
     }},
    {"AssessmentInTheFuture", "lawful_basis.capacity.assessed_on",
     [](Request& r) { BasisOf(r).mutable_capacity()->set_assessed_on("2026-01-06"); }},
    {"AssessmentBeforeBirth", "lawful_basis.capacity.assessed_on",
     [](Request& r) {
       Person(r).set_born_on("1941-02-03");
       BasisOf(r).mutable_capacity()->set_assessed_on("1940-01-01");
     }},
    {"ReferrerWhoIsThePerson", "referrer.person_id",
     [](Request& r) {
       BasisOf(r).set_made_by_the_person(ANSWER_NO);
       Details(r).mutable_referrer()->set_person_id("person-1");
     }},
    {"ReferrerWhoIsSelfButIsNot", "referrer.type",
     [](Request& r) {
       BasisOf(r).set_made_by_the_person(ANSWER_NO);
       Details(r).mutable_referrer()->set_type(v1::REQUESTER_TYPE_SELF);
     }},
    {"ReferrerOfAnOwnReferral", "referrer.full_name",
     [](Request& r) { Details(r).mutable_referrer()->set_full_name("Sam Wood"); }},
    {"ReferrersIdInAnOwnReferral", "referrer.person_id",
     [](Request& r) { Details(r).mutable_referrer()->set_person_id("person-2"); }},
    {"HousingReferringForTheirOwnReferral", "referrer.type",
     [](Request& r) { Details(r).mutable_referrer()->set_type(v1::REQUESTER_TYPE_HOUSING); }},
    {"AnonymousReferrerWithAName", "referrer.full_name",
     [](Request& r) {
       BasisOf(r).set_made_by_the_person(ANSWER_NO);
       Details(r).mutable_referrer()->set_type(v1::REQUESTER_TYPE_ANONYMOUS);
       Details(r).mutable_referrer()->set_full_name("Sam Wood");
     }},
    {"ReferrerWhoIsSelfByAnotherName", "referrer.full_name",
     [](Request& r) {
       BasisOf(r).set_made_by_the_person(ANSWER_UNKNOWN);
       Details(r).mutable_referrer()->set_type(v1::REQUESTER_TYPE_SELF);
       Details(r).mutable_referrer()->set_full_name("Sam Wood");
     }},
    {"ReferrersViewOfAnOwnReferral", "referrer_view",
     [](Request& r) { Details(r).mutable_referrer_view()->set_issue("He falls."); }},
    {"WrittenReferralByTelephone", "contact_kind",
     [](Request& r) {
       Details(r).set_channel(v1::CHANNEL_TELEPHONE);
       Details(r).set_contact_kind(v1::CONTACT_KIND_WRITTEN_REFERRAL);
     }},
    {"NoOptionsButOne", "prior_options.any",
     [](Request& r) {
       Details(r).mutable_prior_options()->set_any(ANSWER_NO);
       Details(r).mutable_prior_options()->add_options()->set_what("A rail");
     }},
    {"NoInformationButSome", "information.any",
     [](Request& r) {
       Details(r).mutable_information()->set_any(ANSWER_NO);
       Details(r).mutable_information()->add_given("A leaflet");
     }},
    {"NoInformationButAboutMoney", "information.finance_information_given",
     [](Request& r) {
       Details(r).mutable_information()->set_any(ANSWER_NO);
       Details(r).mutable_information()->set_finance_information_given(ANSWER_YES);
     }},
    {"NoPreventionButAClinic", "prevention.any",
     [](Request& r) {
       Details(r).mutable_prevention()->set_any(ANSWER_NO);
       v1::PreventionService& service = *Details(r).mutable_prevention()->add_services();
       service.set_name("Falls clinic");
       service.set_state(v1::PREVENTION_STATE_USED);
     }},
    {"UnsuitableButNotExplored", "prevention.found_unsuitable",
     [](Request& r) {
       Details(r).mutable_prevention()->set_all_explored(ANSWER_NO);
       Details(r).mutable_prevention()->set_found_unsuitable(ANSWER_YES);
     }},
    {"NoCommunicationNeedButOne", "communication.any",
     [](Request& r) {
       Details(r).mutable_communication()->set_any(ANSWER_NO);
       Details(r).mutable_communication()->add_needs()->set_need("Large print");
     }},
    {"NoServicesButMeals", "services.any",
     [](Request& r) {
       Details(r).mutable_services()->set_any(ANSWER_NO);
       Service(r);
     }},
    {"NobodyToInvolveButANiece", "involve.any",
     [](Request& r) {
       Details(r).mutable_involve()->set_any(ANSWER_NO);
       Details(r).mutable_involve()->add_people()->set_full_name("Ann Lowe");
     }},
    {"NoOtherMattersButADog", "other.any",
     [](Request& r) {
       Details(r).mutable_other()->set_any(ANSWER_NO);
       Details(r).mutable_other()->add_matters("A dog");
     }},
    {"NamedAgainstTheirWish", "involve.people[0].consent",
     [](Request& r) {
       v1::PersonToInvolve& person = *Details(r).mutable_involve()->add_people();
       person.set_full_name("Ann Lowe");
       person.set_consent(ANSWER_NO);
     }},
    {"ServiceEndedBeforeItBegan", "services.services[0].ended_on",
     [](Request& r) {
       v1::SupportService& service = Service(r);
       service.set_started_on("2025-02-02");
       service.set_ended_on("2025-02-01");
     }},
    {"CurrentServiceThatHasEnded", "services.services[0].current",
     [](Request& r) {
       v1::SupportService& service = Service(r);
       service.set_current(ANSWER_YES);
       service.set_ended_on("2025-02-01");
     }},
    {"FormerServiceThatGoesOn", "services.services[0].current",
     [](Request& r) {
       v1::SupportService& service = Service(r);
       service.set_current(ANSWER_NO);
       service.set_ended_on("2026-02-01");
     }},
    {"CurrentServiceThatHasNotBegun", "services.services[0].current",
     [](Request& r) {
       v1::SupportService& service = Service(r);
       service.set_current(ANSWER_YES);
       service.set_started_on("2026-02-01");
     }},
    {"ServiceBeforeBirth", "services.services[0].started_on",
     [](Request& r) {
       Person(r).set_born_on("1941-02-03");
       Service(r).set_started_on("1940-02-01");
     }},
    {"NobodySaidIt", "statements[0].speaker_name",
     [](Request& r) { SaidBy(r, v1::SPEAKER_OTHER); }},
    {"SaidInTheFuture", "statements[0].said_at",
     [](Request& r) { *SaidBy(r, v1::SPEAKER_PERSON).mutable_said_at() = Tomorrow(); }},
    {"SaidBeforeBirth", "statements[0].said_at",
     [](Request& r) {
       Person(r).set_born_on("1941-02-03");
       *SaidBy(r, v1::SPEAKER_PERSON).mutable_said_at() = LongAgo();
     }},
    {"ResidentHereAndElsewhere", "residence.other_authority",
     [](Request& r) {
       Details(r).mutable_residence()->set_ordinarily_resident_here(ANSWER_YES);
       Details(r).mutable_residence()->set_other_authority("Elsewhere");
     }},
    {"ReturnRequestedInTheFuture", "statutory_return.requested_on",
     [](Request& r) { Details(r).mutable_statutory_return()->set_requested_on("2026-01-06"); }},
    {"ReturnConcludedInTheFuture", "statutory_return.concluded_on",
     [](Request& r) { Details(r).mutable_statutory_return()->set_concluded_on("2026-01-06"); }},
    {"ReturnConcludedBeforeRequested", "statutory_return.concluded_on",
     [](Request& r) {
       Details(r).mutable_statutory_return()->set_requested_on("2025-12-02");
       Details(r).mutable_statutory_return()->set_concluded_on("2025-12-01");
     }},
};

class BadInputTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = db::Open("sqlite::memory:");
    ASSERT_THAT(database, IsOk());
    database_ = *std::move(database);
    service_.Start(*database_);
  }
  absl::StatusOr<v1::OpenReferralResponse> Open(const Request& request) {
    return service_.Call<v1::OpenReferralResponse>("OpenReferral", request);
  }
  void ExpectNothingWritten() {
    EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM referral"), 0);
    EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM event"), 0);
    EXPECT_EQ(service_.Rows("SELECT COUNT(*) FROM idempotency"), 0);
  }

  std::unique_ptr<db::Database> database_;
  ServiceHarness service_;
};

TEST_F(BadInputTest, IsNamedByItsFieldAloneAndWritesNothing) {
  for (const SpoiltCase& spoilt : kSpoilt) {
    SCOPED_TRACE(spoilt.name);
    Request request = OpeningOf(service_.FreshId(), "person-1");
    spoilt.spoil(request);
    const auto answer = Open(request);
    EXPECT_THAT(answer, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(FieldsAtFault(answer.status()),
                ElementsAre(std::string("details.") + spoilt.field));
  }
  EXPECT_GE(std::size(kSpoilt), 60u);
  ExpectNothingWritten();
}

TEST_F(BadInputTest, LeavesOutWhatIsNoContradiction) {
  Request request = OpeningOf(service_.FreshId(), "person-1");
  // Believed in before it is assessed.
  BasisOf(request).mutable_capacity()->set_assessed(ANSWER_NO);
  BasisOf(request).mutable_capacity()->set_lacks_capacity(ANSWER_YES);
  EXPECT_THAT(Open(request), IsOk());
}

TEST_F(BadInputTest, IsNamedInWhatDecidesAReview) {
  v1::RequestReviewRequest request;
  request.set_authority("rotherham");
  request.set_request_id(service_.FreshId());
  request.set_request("More help in the mornings.");
  request.mutable_facts()->set_subject(v1::SUBJECT_PERSON);
  request.mutable_facts()->set_person_id("person-1");
  request.mutable_facts()->set_has_plan(ANSWER_NO);
  request.mutable_facts()->set_has_allocated_worker(ANSWER_NO);
  v1::DecideReviewRequest question;
  question.set_authority("rotherham");
  *question.mutable_facts() = request.facts();
  EXPECT_THAT(service_.Call<v1::DecideReviewResponse>("DecideReview", question), IsOk());
  request.mutable_facts()->set_reablement_plan(ANSWER_YES);
  request.mutable_facts()->set_worker_can(ANSWER_YES);
  *question.mutable_facts() = request.facts();

  const auto asked = service_.Call<v1::RequestReviewResponse>("RequestReview", request);
  const auto decided = service_.Call<v1::DecideReviewResponse>("DecideReview", question);

  EXPECT_THAT(FieldsAtFault(asked.status()),
              ElementsAre("facts.reablement_plan", "facts.worker_can"));
  EXPECT_THAT(FieldsAtFault(decided.status()),
              ElementsAre("facts.reablement_plan", "facts.worker_can"));
  ExpectNothingWritten();
}

TEST_F(BadInputTest, IsNamedInAQuestionAboutResidence) {
  v1::CheckOrdinaryResidenceRequest request;
  request.set_authority("milton-keynes");
  request.mutable_residence()->set_ordinarily_resident_here(ANSWER_YES);
  const auto check = [&] {
    return service_.Call<v1::CheckOrdinaryResidenceResponse>("CheckOrdinaryResidence", request);
  };
  EXPECT_THAT(check(), IsOk());
  request.mutable_residence()->set_other_authority("Elsewhere");
  EXPECT_THAT(FieldsAtFault(check().status()), ElementsAre("residence.other_authority"));
}

TEST_F(BadInputTest, IsNamedAllAtOnce) {
  Request request = OpeningOf(service_.FreshId(), "person-1");
  BasisOf(request).set_made_by_the_person(ANSWER_NO);
  Details(request).mutable_referrer()->set_person_id("person-1");
  Consent(request).set_given(ANSWER_YES);
  *Consent(request).mutable_given_at() = Tomorrow();
  BasisOf(request).mutable_capacity()->set_assessed(ANSWER_NO);
  BasisOf(request).mutable_best_interests()->set_decided(ANSWER_YES);
  Contact(request).add_telephones("01709 38");
  Person(request).set_nhs_number("0000000000");

  const auto answer = Open(request);

  EXPECT_THAT(
      FieldsAtFault(answer.status()),
      IsSupersetOf({"details.person.nhs_number", "details.personal.contact.telephones[0]",
                    "details.lawful_basis.consent.given_at",
                    "details.lawful_basis.best_interests.decided", "details.referrer.person_id"}));
  ExpectNothingWritten();
}

TEST_F(BadInputTest, DoesNotRepeatWhatIsWrong) {
  Request request = OpeningOf(service_.FreshId(), "person-1");
  Person(request).set_nhs_number("9434765918");
  EXPECT_THAT(Open(request).status().ToString(), ::testing::Not(::testing::HasSubstr("943476")));
}

TEST_F(BadInputTest, IsNotWhatIsMerelyUnknown) {
  Request request = OpeningOf(service_.FreshId(), "person-1");
  BasisOf(request).Clear();
  BasisOf(request).mutable_best_interests()->set_decided(ANSWER_YES);
  const auto answer = Open(request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->decision().outcome(), v1::OUTCOME_CANNOT_TELL);
  std::vector<std::string> asked;
  for (const auto& question : answer->decision().questions()) asked.push_back(question.field());
  EXPECT_THAT(asked, Contains("details.lawful_basis.capacity.lacks_capacity"));
}

TEST_F(BadInputTest, IsNotAShortNumberOrACodeForTexts) {
  Request request = OpeningOf(service_.FreshId(), "person-1");
  Contact(request).add_telephones("116 123");
  Contact(request).add_telephones("+49 30 123456");
  Contact(request).add_text_numbers("85258");
  Contact(request).add_text_numbers("07700 900000");
  EXPECT_THAT(Open(request), IsOk());
}

}  // namespace
}  // namespace asc::referral
