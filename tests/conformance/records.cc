#include "tests/conformance/records.h"

#include <gtest/gtest.h>

#include "asc/advocacy/v1/advocacy.grpc.pb.h"
#include "asc/funding/v1/funding.grpc.pb.h"
#include "asc/gateway/v1/contact.grpc.pb.h"
#include "asc/referral/v1/referral.grpc.pb.h"
#include "tests/conformance/directory_records.h"
#include "tests/conformance/subject.h"

namespace asc::conformance {
namespace {

using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

bool Judges(const char* service) { return TheSubject().service == service; }

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

// Whom this authority's procedure on advocacy is for.
advocacy::v1::Subject AdvocacySubject() {
  static const advocacy::v1::Subject covered = [] {
    const auto stub = advocacy::v1::AdvocacyService::NewStub(TheSubject().channel);
    advocacy::v1::CheckAdvocacyRequest request;
    request.set_authority(TheSubject().authority);
    *request.mutable_facts() = OwedNeedFor(advocacy::v1::SUBJECT_PERSON).facts();
    advocacy::v1::CheckAdvocacyResponse response;
    const grpc::Status status = stub->CheckAdvocacy(NewContext().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.decision().outcome() == advocacy::v1::ADVOCACY_OUTCOME_NOT_COVERED
               ? advocacy::v1::SUBJECT_CARER
               : advocacy::v1::SUBJECT_PERSON;
  }();
  return covered;
}

advocacy::v1::AdvocacyNeed MakeNeed() {
  const auto stub = advocacy::v1::AdvocacyService::NewStub(TheSubject().channel);
  advocacy::v1::OpenAdvocacyNeedResponse response;
  const grpc::Status status = stub->OpenAdvocacyNeed(NewContext().get(), OwedNeed(), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.advocacy_need();
}

std::string MakeChangedNeed() {
  const auto stub = advocacy::v1::AdvocacyService::NewStub(TheSubject().channel);
  const advocacy::v1::AdvocacyNeed need = MakeNeed();
  advocacy::v1::ReviseAdvocacyFactsRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_advocacy_need_id(need.advocacy_need_id());
  request.set_etag(need.etag());
  *request.mutable_facts() = need.decision().facts();
  advocacy::v1::ReviseAdvocacyFactsResponse response;
  const grpc::Status status = stub->ReviseAdvocacyFacts(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return need.advocacy_need_id();
}

funding::v1::FundingRequest MakeFundingRequest() {
  const auto stub = funding::v1::FundingService::NewStub(TheSubject().channel);
  funding::v1::OpenFundingRequestResponse response;
  const grpc::Status status =
      stub->OpenFundingRequest(NewContext().get(), WholeFundingRequest(), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.funding_request();
}

std::string MakeSubmittedFundingRequest() {
  const auto stub = funding::v1::FundingService::NewStub(TheSubject().channel);
  const funding::v1::FundingRequest draft = MakeFundingRequest();
  funding::v1::SubmitFundingRequestRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_funding_request_id(draft.funding_request_id());
  request.set_etag(draft.etag());
  funding::v1::SubmitFundingRequestResponse response;
  const grpc::Status status = stub->SubmitFundingRequest(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return draft.funding_request_id();
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

advocacy::v1::OpenAdvocacyNeedRequest OwedNeedFor(advocacy::v1::Subject subject) {
  advocacy::v1::OpenAdvocacyNeedRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.mutable_person()->set_person_id(FreshId("person"));
  request.mutable_person()->set_full_name("Invented Person");
  advocacy::v1::AdvocacyFacts& facts = *request.mutable_facts();
  facts.set_subject(subject);
  facts.set_process_will_follow(ANSWER_YES);
  facts.set_process(advocacy::v1::PROCESS_REVIEW);
  facts.set_plan_revision_expected(ANSWER_YES);
  facts.add_limbs()->set_limb(advocacy::v1::LIMB_RETAINING);
  facts.mutable_limbs(0)->set_substantial_difficulty(ANSWER_YES);
  facts.mutable_appropriate_person()->set_exists(ANSWER_NO);
  return request;
}

advocacy::v1::OpenAdvocacyNeedRequest OwedNeed() { return OwedNeedFor(AdvocacySubject()); }

funding::v1::OpenFundingRequestRequest WholeFundingRequest() {
  funding::v1::OpenFundingRequestRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.mutable_person()->set_person_id(FreshId("person"));
  funding::v1::FundingContent& content = *request.mutable_content();
  content.mutable_urgent()->set_appears_urgent(ANSWER_YES);
  content.set_needs("Invented: cannot get up alone since this morning");
  funding::v1::FundingFactors& factors = *content.mutable_factors();
  factors.mutable_wishes()->set_considered(ANSWER_YES);
  factors.mutable_other_options()->set_considered(ANSWER_YES);
  factors.mutable_cost_of_suitable_services()->set_considered(ANSWER_YES);
  factors.mutable_risk()->set_considered(ANSWER_YES);
  funding::v1::SupportItem& item = *content.add_items();
  item.set_item_id("1");
  item.set_kind(funding::v1::SUPPORT_KIND_HOME_CARE);
  item.set_description("Visits tonight");
  item.mutable_cost()->set_pence(20000);
  return request;
}

std::string FreshTeam() {
  const std::string team_id = FreshId("team");
  if (!Claims("referral.work")) return team_id;
  const auto stub = referral::v1::ReferralService::NewStub(TheSubject().channel);
  referral::v1::SetTeamRequest request;
  request.set_authority(TheSubject().authority);
  request.set_request_id(FreshId("kit"));
  request.set_team_id(team_id);
  request.set_name("Team of the kit");
  referral::v1::SetTeamResponse response;
  const grpc::Status status = stub->SetTeam(NewContext().get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return team_id;
}

std::string MakeRecord() {
  if (Judges("gateway")) return MakeContact().contact_id();
  if (Judges("advocacy")) return MakeNeed().advocacy_need_id();
  if (Judges("funding")) return MakeFundingRequest().funding_request_id();
  if (Judges("directory")) return RecordAdvice(PlainAdvice()).advice_id();
  return MakeReferral();
}

std::string MakeRecordOfSeveralVersions() {
  if (Judges("gateway")) return MakeChangedContact();
  if (Judges("advocacy")) return MakeChangedNeed();
  if (Judges("funding")) return MakeSubmittedFundingRequest();
  if (Judges("directory")) return MissedAdvice().advice_id();
  return MakeChangedAllocation();
}

}  // namespace asc::conformance
