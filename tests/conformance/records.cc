#include "tests/conformance/records.h"

#include <gtest/gtest.h>

#include "asc/gateway/v1/contact.grpc.pb.h"
#include "asc/referral/v1/referral.grpc.pb.h"
#include "tests/conformance/directory_records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

bool JudgesGateway() { return TheSubject().service == "gateway"; }
bool JudgesDirectory() { return TheSubject().service == "directory"; }

referral::v1::OpenReferralRequest LawfulFor(referral::v1::Subject subject) {
  referral::v1::OpenReferralRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  referral::v1::ReferralDetails& details = *request.mutable_details();
  details.set_subject(subject);
  details.set_contact_kind(referral::v1::CONTACT_KIND_CONTACT);
  details.set_channel(referral::v1::CHANNEL_TELEPHONE);
  details.set_purpose(subject == referral::v1::SUBJECT_CARER
                          ? referral::v1::PURPOSE_CARER_ASSESSMENT
                          : referral::v1::PURPOSE_ASSESSMENT);
  details.set_moving_to_adult_services(ANSWER_NO);
  details.set_would_benefit(ANSWER_YES);
  *details.mutable_lawful_basis() = NoBasis();
  details.mutable_lawful_basis()->set_made_by_the_person(ANSWER_YES);
  details.mutable_person()->set_person_id(FreshId("person"));
  details.mutable_person()->set_full_name("Invented Person");
  return request;
}

std::string MakeReferral() {
  const auto stub = referral::v1::ReferralService::NewStub(TheSubject().channel);
  referral::v1::OpenReferralResponse response;
  const grpc::Status status = stub->OpenReferral(NewContext().get(), LawfulReferral(), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(response.has_referral()) << response.decision().ShortDebugString();
  return response.referral().referral_id();
}

gateway::v1::Contact MakeContact() {
  const auto stub = gateway::v1::ContactService::NewStub(TheSubject().channel);
  gateway::v1::OpenContactResponse response;
  const grpc::Status status = stub->OpenContact(NewContext().get(), PlainContact(), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.contact();
}

std::string MakeChangedContact() {
  const auto stub = gateway::v1::ContactService::NewStub(TheSubject().channel);
  gateway::v1::AddFactsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_contact_id(MakeContact().contact_id());
  request.mutable_facts()->set_crime(ANSWER_YES);
  gateway::v1::AddFactsResponse response;
  const grpc::Status status = stub->AddFacts(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return request.contact_id();
}

std::string MakeChangedAllocation() {
  const auto stub = referral::v1::ReferralService::NewStub(TheSubject().channel);
  referral::v1::SetAllocationRequest request;
  request.set_authority(TheSubject().authority);
  request.set_role(referral::v1::ALLOCATION_ROLE_WORKER);
  request.set_person_id(FreshId("person"));
  for (int i = 0; i < 3; ++i) {
    request.set_request_id(FreshId("kit"));
    request.set_worker_id(FreshId("worker"));
    referral::v1::SetAllocationResponse response;
    const grpc::Status status = stub->SetAllocation(NewContext().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    request.set_allocation_id(response.allocation().allocation_id());
    request.set_etag(response.allocation().etag());
  }
  return request.allocation_id();
}

}  // namespace

referral::v1::Subject CoveredSubject() {
  static const referral::v1::Subject covered = [] {
    const auto stub = referral::v1::ReferralService::NewStub(TheSubject().channel);
    referral::v1::CheckReferralRequest request;
    request.set_authority(TheSubject().authority);
    *request.mutable_details() = LawfulFor(referral::v1::SUBJECT_PERSON).details();
    referral::v1::CheckReferralResponse response;
    const grpc::Status status = stub->CheckReferral(NewContext().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.decision().outcome() == referral::v1::OUTCOME_REDIRECTED
               ? referral::v1::SUBJECT_CARER
               : referral::v1::SUBJECT_PERSON;
  }();
  return covered;
}

referral::v1::LawfulBasis NoBasis() {
  referral::v1::LawfulBasis basis;
  basis.set_made_by_the_person(ANSWER_NO);
  basis.mutable_consent()->set_given(ANSWER_NO);
  basis.mutable_capacity()->set_lacks_capacity(ANSWER_NO);
  basis.mutable_best_interests()->set_decided(ANSWER_NO);
  basis.set_at_risk_of_abuse_or_neglect(ANSWER_NO);
  return basis;
}

referral::v1::OpenReferralRequest LawfulReferral() { return LawfulFor(CoveredSubject()); }

gateway::v1::OpenContactRequest PlainContact() {
  gateway::v1::OpenContactRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_channel(referral::v1::CHANNEL_TELEPHONE);
  request.mutable_contacting()->set_role(gateway::v1::CONTACTING_ROLE_SELF);
  request.set_subject(referral::v1::SUBJECT_PERSON);
  request.mutable_person()->set_person_id(FreshId("person"));
  request.mutable_person()->set_full_name("Invented Person");
  return request;
}

std::string MakeRecord() {
  if (JudgesDirectory()) return RecordAdvice(PlainAdvice()).advice_id();
  return JudgesGateway() ? MakeContact().contact_id() : MakeReferral();
}

std::string MakeRecordOfSeveralVersions() {
  if (JudgesDirectory()) return MissedAdvice().advice_id();
  return JudgesGateway() ? MakeChangedContact() : MakeChangedAllocation();
}

}  // namespace asc::conformance
