// Contacts and answers that the gateway's tests start from. Not linked into anything else.

#ifndef ASC_GATEWAY_TEST_CONTACTS_H_
#define ASC_GATEWAY_TEST_CONTACTS_H_

#include <fstream>
#include <sstream>
#include <string>

#include "absl/time/time.h"
#include "asc/advocacy/v1/advocacy.pb.h"
#include "asc/directory/v1/directory.pb.h"
#include "asc/gateway/v1/policy.pb.h"
#include "asc/referral/v1/referral.pb.h"
#include "gateway/contact_workflow.h"
#include "gateway/journal.pb.h"
#include "google/protobuf/text_format.h"

namespace asc::gateway {

template <class Message>
Message FromText(const std::string& text) {
  Message message;
  if (!google::protobuf::TextFormat::ParseFromString(text, &message)) message.Clear();
  return message;
}

// A policy as it is shipped; tests run in the root of the tree.
inline v1::GatewayPolicy ShippedPolicy(const std::string& authority) {
  std::ifstream file("gateway/policy/" + authority + ".textproto");
  std::stringstream text;
  text << file.rdbuf();
  return FromText<v1::GatewayPolicy>(text.str());
}

inline absl::Time TestNow() { return absl::FromUnixSeconds(1'760'000'000); }

// As AddFacts does it.
inline Journal WithFacts(const Journal& journal, const v1::AddFactsRequest& request,
                         const v1::GatewayPolicy& policy, absl::Time now) {
  return WithFacts(journal, WithAdded(journal.contact, request), policy, now);
}

// Asks for a worker and for help with a new need; consent is not known.
inline v1::OpenContactRequest TestRequest(const std::string& authority = "standard") {
  auto request = FromText<v1::OpenContactRequest>(R"pb(
    request_id: "request-0001"
    channel: CHANNEL_TELEPHONE
    contacting { role: CONTACTING_ROLE_FAMILY_OR_FRIEND full_name: "Alice Example" }
    subject: SUBJECT_PERSON
    person { person_id: "person-1" full_name: "Walter Example" }
    asks: ASK_NAMED_WORKER
    asks: ASK_NEW_NEED
    requested_worker: "worker-1"
    facts {
      imminent_danger: ANSWER_NO
      crime: ANSWER_NO
      would_benefit: ANSWER_YES
      lawful_basis { made_by_the_person: ANSWER_NO }
      referral {
        information { finance_information_given: ANSWER_YES }
        prevention { all_explored: ANSWER_YES }
      }
    }
    summary: "Invented."
  )pb");
  request.set_authority(authority);
  return request;
}

// A referral once consent is given.
inline std::string TestOpenedReferral(const std::string& request) {
  namespace rv1 = asc::referral::v1;
  rv1::OpenReferralRequest open;
  open.ParseFromString(request);
  if (open.details().lawful_basis().consent().given() == asc::type::v1::ANSWER_YES) {
    return FromText<rv1::OpenReferralResponse>(R"pb(
             decision {
               outcome: OUTCOME_PERMITTED
               reasons { rule_id: "R1" strength: STRENGTH_SHOULD text: "Consent." }
               policy_version { hash: "h1" }
             }
             referral { referral_id: "referral-1" etag: "\"1\"" })pb")
        .SerializeAsString();
  }
  return FromText<rv1::OpenReferralResponse>(R"pb(
           decision {
             outcome: OUTCOME_CANNOT_TELL
             reasons { rule_id: "R1" strength: STRENGTH_SHOULD text: "Not known." }
             questions {
               field: "details.lawful_basis.consent.given"
               rule_id: "R1"
               strength: STRENGTH_SHOULD
               text: "Has the person agreed?"
             }
             questions {
               field: "details.person_view.issue"
               rule_id: "R2"
               strength: STRENGTH_SHOULD
               text: "What is it about?"
             }
             policy_version { hash: "h1" }
           })pb")
      .SerializeAsString();
}

// Services that answer from their requests alone: no transfer; residence once it is said, or where
// there is an appearance of need; a referral once consent is given; an advocate for somebody who
// lacks capacity, which holds the process.
inline std::string TestReferralAnswer(const std::string& method, const std::string& request) {
  namespace rv1 = asc::referral::v1;
  if (method.find("/RouteContact") != std::string::npos) {
    return FromText<rv1::RouteContactResponse>(R"pb(
             outcome: ROUTE_OUTCOME_DO_NOT_TRANSFER
             decision {
               outcome: OUTCOME_REFUSED
               reasons { rule_id: "T3" strength: STRENGTH_SHOULD text: "Not allocated." }
               policy_version { hash: "h1" }
             })pb")
        .SerializeAsString();
  }
  if (method.find("/CheckOrdinaryResidence") != std::string::npos) {
    rv1::CheckOrdinaryResidenceRequest check;
    check.ParseFromString(request);
    const auto here = check.residence().ordinarily_resident_here();
    const bool need = check.residence().appearance_of_need() == asc::type::v1::ANSWER_YES;
    auto answer = FromText<rv1::CheckOrdinaryResidenceResponse>(
        "decision { outcome: OUTCOME_PERMITTED policy_version { hash: 'h1' } }");
    if (here == asc::type::v1::ANSWER_NO) {
      answer.mutable_decision()->set_outcome(rv1::OUTCOME_REDIRECTED);
    } else if (here != asc::type::v1::ANSWER_YES) {
      if (!need) answer.mutable_decision()->set_outcome(rv1::OUTCOME_CANNOT_TELL);
      *answer.mutable_decision()->add_questions() = FromText<asc::type::v1::Question>(
          "field: 'residence.ordinarily_resident_here' rule_id: 'R0'");
    }
    return answer.SerializeAsString();
  }
  if (method.find("/CheckReferral") != std::string::npos) {
    rv1::CheckReferralRequest check;
    check.ParseFromString(request);
    const bool refused =
        check.details().lawful_basis().consent().given() == asc::type::v1::ANSWER_NO;
    return FromText<rv1::CheckReferralResponse>(
               refused ? "decision { outcome: OUTCOME_REFUSED policy_version { hash: 'h1' } }"
                       : "decision { outcome: OUTCOME_PERMITTED policy_version { hash: 'h1' } }")
        .SerializeAsString();
  }
  if (method.find("/UpdateReferral") != std::string::npos) {
    return FromText<rv1::UpdateReferralResponse>(
               "referral { referral_id: 'referral-1' etag: '\"2\"' }")
        .SerializeAsString();
  }
  if (method.find("/RequestReview") != std::string::npos) {
    return FromText<rv1::RequestReviewResponse>(R"pb(
             decision {
               outcome: OUTCOME_PERMITTED
               policy_version { hash: "h1" }
             }
             review { review_id: "review-1" }
             route: REVIEW_ROUTE_ALLOCATED_WORKER)pb")
        .SerializeAsString();
  }
  const bool opens = method.find("/OpenReferral") != std::string::npos;
  return opens ? TestOpenedReferral(request) : "\xff";
}

inline std::string TestAdvocacyAnswer(const std::string& method, const std::string& request) {
  if (method.find("/CheckAdvocacy") != std::string::npos) {
    asc::advocacy::v1::CheckAdvocacyRequest check;
    check.ParseFromString(request);
    const bool due = check.facts().lacks_capacity() == asc::type::v1::ANSWER_YES;
    auto answer = FromText<asc::advocacy::v1::CheckAdvocacyResponse>(
        due ? "decision { outcome: ADVOCACY_OUTCOME_DUTY policy_version { hash: 'a1' } }"
            : "decision { outcome: ADVOCACY_OUTCOME_NO_DUTY policy_version { hash: 'a1' } }");
    if (check.act() != asc::advocacy::v1::ACT_UNSPECIFIED) {
      answer.mutable_hold()->set_outcome(due ? asc::advocacy::v1::HOLD_OUTCOME_HELD
                                             : asc::advocacy::v1::HOLD_OUTCOME_MAY_PROCEED);
    }
    return answer.SerializeAsString();
  }
  if (method.find("/OpenAdvocacyNeed") != std::string::npos) {
    return FromText<asc::advocacy::v1::OpenAdvocacyNeedResponse>(
               "advocacy_need { advocacy_need_id: 'need-1' "
               "decision { policy_version { hash: 'a1' } } }")
        .SerializeAsString();
  }
  if (method.find("/CheckHold") != std::string::npos) {
    return FromText<asc::advocacy::v1::CheckHoldResponse>(
               "hold { outcome: HOLD_OUTCOME_HELD policy_version { hash: 'a1' } }")
        .SerializeAsString();
  }
  return "\xff";
}

inline std::string TestAnswer(const std::string& method, const std::string& request) {
  if (method.find("/SearchServices") != std::string::npos) {
    return FromText<asc::directory::v1::SearchServicesResponse>(
               "hits { service { service_id: 'service-1' } } policy_version { hash: 'd1' }")
        .SerializeAsString();
  }
  return method.find("/asc.advocacy.") == 0 ? TestAdvocacyAnswer(method, request)
                                            : TestReferralAnswer(method, request);
}

inline v1::AddFactsRequest ConsentGiven(const std::string& contact_id,
                                        const std::string& authority = "standard") {
  auto request = FromText<v1::AddFactsRequest>(R"pb(
    request_id: "request-0002"
    facts { lawful_basis { consent { given: ANSWER_YES } } }
  )pb");
  request.set_authority(authority);
  request.set_contact_id(contact_id);
  return request;
}

}  // namespace asc::gateway

#endif  // ASC_GATEWAY_TEST_CONTACTS_H_
